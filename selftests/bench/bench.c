// SPDX-License-Identifier: GPL-2.0
/*
 * bench TRANSPORT CLIENT-NETNS SERVER-NETNS ADDRESS MSS CASE...: time XTCP or
 * Linux TCP between two network namespaces.  This file is the command line and
 * the two processes of a case; the cases are in bench_cases.c.  Meant for a
 * machine whose clock counts instructions: what it prints is CLOCK_MONOTONIC.
 */
#include "bench.h"

#include <err.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Above the connections that the memory case holds, for both of its ends. */
#define MAX_FILES	16384

static void enter(const char *netns)
{
	int fd = open(netns, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", netns);
	close(fd);
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

/**
 * bench_dial() - connect to the server of the case
 * @bench: the transport
 *
 * Return: the descriptor; a failure ends the program.
 */
int bench_dial(const struct bench *bench)
{
	int fd = open_socket(bench);

	if (connect(fd, &bench->addr.sa, bench->addr.len))
		err(1, "connect");
	return fd;
}

static int bench_listen(const struct bench *bench)
{
	int fd = open_socket(bench);
	int on = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, &bench->addr.sa, bench->addr.len) || listen(fd, 128))
		err(1, "listen");
	return fd;
}

/**
 * bench_run() - run both ends of a case, and wait for the server's
 * @bench: the transport
 * @ends: the case
 */
void bench_run(const struct bench *bench, const struct ends *ends)
{
	int ready[2];
	int status;
	char byte;
	pid_t pid;

	if (pipe(ready))
		err(1, "pipe");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		int listener;

		enter(bench->server);
		listener = bench_listen(bench);
		if (write(ready[1], "", 1) != 1)
			err(1, "write");
		close(ready[0]);
		close(ready[1]);
		ends->serve(ends, listener);
		exit(0);
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		errx(1, "the server did not get to listen");
	close(ready[0]);
	ends->call(ends, bench);
	if (waitpid(pid, &status, 0) != pid || status)
		errx(1, "the server's end failed");
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
	bench.client = argv[2];
	bench.server = argv[3];
	if (xtcp_parse(&bench.addr, argv[4]))
		err(2, "%s", argv[4]);
	bench.mss = atoi(argv[5]);
	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "RLIMIT_NOFILE");
	signal(SIGPIPE, SIG_IGN);
	enter(bench.client);
	for (int i = 6; i < argc; i++)
		if (cases_run(&bench, argv[i]))
			errx(2, "no case '%s'", argv[i]);
	return 0;
}
