/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two ends of 'xtcp echo' are told on the command line (echo.c); the
 * ends themselves are echo_server.c and echo_client.c.
 */
#ifndef XTCP_ECHO_H
#define XTCP_ECHO_H

#include "libxtcp.h"

#define ECHO_BUFFER	65536

/**
 * struct echo_plan - the command line of 'xtcp echo'
 * @over: XTCP or Linux TCP
 * @addr: where to listen or what to connect to
 * @file: client: send this; server: keep here what arrives; or NULL
 * @output: client: write the answer here, NULL for stdout
 * @upper: server: answer line by line, in capitals
 * @conns: server: connections to serve before it ends, 0 for no end
 * @pause_ms: how long to hesitate before an answer and before closing
 */
struct echo_plan {
	enum xtcp_transport over;
	struct xtcp_addr addr;
	const char *file;
	const char *output;
	int upper;
	long conns;
	int pause_ms;
};

int echo_serve(const struct echo_plan *plan);
int echo_call(const struct echo_plan *plan);
void echo_hesitate(int ms);
int echo_failed(const char *what);

#endif /* XTCP_ECHO_H */
