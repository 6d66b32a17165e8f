/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The benchmark program in three parts: bench.c (command line and the two
 * ends), bench_cases.c (what is timed) and bench_slab.c (what is weighed).
 */
#ifndef XTCP_BENCH_H
#define XTCP_BENCH_H

#include <stddef.h>

#include "../../userspace/libxtcp.h"

/**
 * struct bench - one transport between two network namespaces
 * @over: the transport
 * @client: path of the namespace that connects
 * @server: path of the namespace that listens
 * @addr: where in it
 * @mss: TCP_MAXSEG to set on both ends before connecting, 0 for none
 */
struct bench {
	enum xtcp_transport over;
	const char *client;
	const char *server;
	struct xtcp_addr addr;
	int mss;
};

/**
 * struct ends - what the two processes of a case run
 * @serve: in the server's namespace; returns when its part is over
 * @call: in the client's; prints the result
 * @size: bytes of a write, request or response
 * @count: writes, transactions or connections
 */
struct ends {
	void (*serve)(const struct ends *ends, int listener);
	void (*call)(const struct ends *ends, const struct bench *bench);
	size_t size;
	long count;
};

int bench_dial(const struct bench *bench);
void bench_run(const struct bench *bench, const struct ends *ends);

int cases_run(const struct bench *bench, const char *name);

/**
 * struct slab_use - bytes in use in the kernel's object caches
 * @total: all of them
 * @tcp: of these, in the caches of Linux TCP
 */
struct slab_use {
	long long total;
	long long tcp;
};

struct slab_use slab_read(void);

#endif /* XTCP_BENCH_H */
