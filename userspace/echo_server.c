// SPDX-License-Identifier: GPL-2.0
/*
 * xtcp echo --server: a child for each connection, which answers what arrives
 * until the peer closes its half, then closes its own.
 */
#include "echo.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * How much of what has arrived is answered now.  In capitals it is whole
 * lines, so that a line typed slowly still gets one answer; a line longer
 * than the buffer, or the last one without its newline, is answered as it is.
 */
static size_t answerable(const struct echo_plan *plan, const char *buf,
			 size_t fill, int ended)
{
	const char *newline;

	if (!plan->upper || ended || fill == ECHO_BUFFER)
		return fill;
	newline = memrchr(buf, '\n', fill);
	return newline ? (size_t)(newline + 1 - buf) : 0;
}

static int answer(const struct echo_plan *plan, int fd, char *buf, size_t len)
{
	if (!len)
		return 0;
	if (plan->upper)
		for (size_t i = 0; i < len; i++)
			buf[i] = (char)toupper((unsigned char)buf[i]);
	echo_hesitate(plan->pause_ms);
	return xtcp_write_all(fd, buf, len);
}

static int serve_one(const struct echo_plan *plan, int fd, int keep)
{
	static char buf[ECHO_BUFFER];
	size_t fill = 0;
	size_t done;
	ssize_t n;

	do {
		n = recv(fd, buf + fill, sizeof(buf) - fill, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return echo_failed("recv");
		if (keep >= 0 && xtcp_write_all(keep, buf + fill, (size_t)n))
			return echo_failed(plan->file);
		fill += (size_t)n;
		done = answerable(plan, buf, fill, !n);
		if (answer(plan, fd, buf, done))
			return echo_failed("send");
		fill -= done;
		memmove(buf, buf + done, fill);
	} while (n);

	echo_hesitate(plan->pause_ms);
	if (close(fd))
		return echo_failed("close");
	if (keep >= 0 && close(keep))
		return echo_failed(plan->file);
	return EXIT_SUCCESS;
}

static int child(const struct echo_plan *plan, int fd)
{
	int keep = -1;

	if (plan->file) {
		keep = open(plan->file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			    0666);
		if (keep < 0)
			return echo_failed(plan->file);
	}
	return serve_one(plan, fd, keep);
}

/* Collect children that have ended; with @wait_all, those still at it too. */
static int reap(int wait_all)
{
	int result = EXIT_SUCCESS;
	int status;

	while (waitpid(-1, &status, wait_all ? 0 : WNOHANG) > 0)
		if (status)
			result = EXIT_FAILURE;
	return result;
}

static int announce(int listener)
{
	struct xtcp_addr at = { .len = sizeof(at.in6) };
	char text[XTCP_ADDR_TEXT];

	if (getsockname(listener, &at.sa, &at.len))
		return echo_failed("getsockname");
	fprintf(stderr, "listening on %s\n", xtcp_format(&at, text));
	return EXIT_SUCCESS;
}

/**
 * echo_serve() - listen and answer
 * @plan: the command line
 *
 * Return: the exit status: failure if any connection failed.
 */
int echo_serve(const struct echo_plan *plan)
{
	int listener = xtcp_listen(plan->over, &plan->addr, SOMAXCONN);
	int result;

	if (listener < 0)
		return echo_failed("listen");
	result = announce(listener);
	for (long served = 0; !plan->conns || served < plan->conns; ) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		pid_t pid;

		result |= reap(0);
		if (fd < 0) {
			/* The peer may give up before accept() gets to it. */
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return echo_failed("accept");
		}
		served++;
		pid = fork();
		if (!pid) {
			close(listener);
			_exit(child(plan, fd));
		}
		close(fd);
		if (pid < 0)
			result = echo_failed("fork");
	}
	close(listener);
	return result | reap(1);
}
