// SPDX-License-Identifier: GPL-2.0
/*
 * bench TRANSPORT CLIENT-NETNS SERVER-NETNS ADDRESS MSS CASE...: time XTCP or
 * Linux TCP between two network namespaces.  One process holds both ends, so
 * that what is counted is the transport and not the scheduler.  Meant for a
 * machine whose clock counts instructions: what it prints is CLOCK_MONOTONIC.
 */
#include "bench.h"

#include <err.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Above the connections that the memory case holds, both ends of each. */
#define MAX_FILES	16384

static int open_netns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		err(1, "%s", path);
	return fd;
}

static void enter(int netns)
{
	if (setns(netns, CLONE_NEWNET))
		err(1, "setns");
}

/* Before connect() or listen(): the segment size is agreed on the SYN. */
static int open_socket(const struct bench *bench)
{
	int fd = xtcp_socket(bench->over, bench->addr.sa.sa_family);

	if (fd < 0)
		err(1, "socket");
	if (bench->mss && setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &bench->mss,
				     sizeof(bench->mss)))
		err(1, "TCP_MAXSEG");
	return fd;
}

static void start_listening(struct bench *bench)
{
	int on = 1;

	enter(bench->server);
	bench->listener = open_socket(bench);
	if (setsockopt(bench->listener, SOL_SOCKET, SO_REUSEADDR, &on,
		       sizeof(on)) ||
	    bind(bench->listener, &bench->addr.sa, bench->addr.len) ||
	    listen(bench->listener, 128))
		err(1, "listen");
	enter(bench->client);
}

/**
 * bench_connect() - a connection and both its ends
 * @bench: the transport
 *
 * Return: the ends; a failure ends the program.
 */
struct pair bench_connect(const struct bench *bench)
{
	struct pair pair = { .client = open_socket(bench) };

	if (connect(pair.client, &bench->addr.sa, bench->addr.len))
		err(1, "connect");
	pair.server = accept(bench->listener, NULL, NULL);
	if (pair.server < 0)
		err(1, "accept");
	return pair;
}

/**
 * bench_count() - how many connections are in a state
 * @bench: the transport
 * @state: the state
 *
 * Return: how many; a failure ends the program.
 */
size_t bench_count(const struct bench *bench, enum bench_state state)
{
	static const char *const words[][2] = {
		[XTCP_OVER_XTCP] = { " SYN-RECEIVED\n", " TIME-WAIT\n" },
		[XTCP_OVER_TCP] = { " 03 ", " 06 " },
	};
	size_t count = 0;
	char line[512];
	FILE *file;

	enter(state == BENCH_SYN_RECEIVED ? bench->server : bench->client);
	file = fopen(bench->over == XTCP_OVER_TCP ? "/proc/self/net/tcp" :
		     "/proc/self/net/xtcp", "re");
	if (!file)
		err(1, "/proc/self/net");
	while (fgets(line, sizeof(line), file))
		count += !!strstr(line, words[bench->over][state]);
	fclose(file);
	enter(bench->client);
	return count;
}

int main(int argc, char **argv)
{
	struct rlimit files = { MAX_FILES, MAX_FILES };
	struct bench bench = { .over = XTCP_OVER_XTCP };

	if (argc < 7)
		errx(2, "usage: bench xtcp|tcp CLIENT-NETNS SERVER-NETNS ADDRESS MSS CASE...");
	if (!strcmp(argv[1], "tcp"))
		bench.over = XTCP_OVER_TCP;
	else if (strcmp(argv[1], "xtcp"))
		errx(2, "no transport '%s'", argv[1]);
	bench.client = open_netns(argv[2]);
	bench.server = open_netns(argv[3]);
	if (xtcp_parse(&bench.addr, argv[4]))
		err(2, "%s", argv[4]);
	bench.mss = atoi(argv[5]);
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "RLIMIT_NOFILE");
	start_listening(&bench);
	for (int i = 6; i < argc; i++)
		if (cases_run(&bench, argv[i]))
			errx(2, "no case '%s'", argv[i]);
	return 0;
}
