/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The benchmark program: bench.c (command line and sockets), bench_cases.c (what
 * is timed), bench_slab.c (what is weighed) and bench_syn.c (SYNs of nobody).
 */
#ifndef XTCP_BENCH_H
#define XTCP_BENCH_H

#include "../../userspace/libxtcp.h"

/* An address in the client's network that guest has the server believe in. */
#define BENCH_NOBODY	"10.0.0.3"

/**
 * struct bench - one transport between two network namespaces
 * @over: the transport
 * @client: the namespace that connects, as a descriptor
 * @server: the namespace that listens, likewise
 * @addr: where in it
 * @mss: TCP_MAXSEG to set on both ends before connecting, 0 for none
 * @listener: in the server's namespace
 */
struct bench {
	enum xtcp_transport over;
	int client;
	int server;
	struct xtcp_addr addr;
	int mss;
	int listener;
};

/**
 * struct pair - both ends of a connection
 * @client: the end that connected
 * @server: the end that was accepted
 */
struct pair {
	int client;
	int server;
};

struct pair bench_connect(const struct bench *bench);

/**
 * enum bench_state - states of connections that have no socket
 * @BENCH_SYN_RECEIVED: half open, at the server
 * @BENCH_TIME_WAIT: closed, at the client, which closes first
 */
enum bench_state {
	BENCH_SYN_RECEIVED,
	BENCH_TIME_WAIT,
};

size_t bench_count(const struct bench *bench, enum bench_state state);
void syn_send(const struct bench *bench, const char *from, size_t count);

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
