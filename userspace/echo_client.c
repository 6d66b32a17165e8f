// SPDX-License-Identifier: GPL-2.0
/*
 * xtcp echo --client: sends and receives at once, since an echo server that
 * nobody reads from stops reading; closes its half at the end of the input and
 * ends when the server has closed the other.
 */
#include "echo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/**
 * struct call - one connection of the client
 * @fd: the connected socket
 * @in: what to send
 * @out: where the answer goes
 * @pause_ms: quiet time to wait for between end of input and closing
 * @eof: the input has ended
 * @closed: our half is closed
 * @fill: bytes in @buf
 * @sent: of these, bytes sent
 * @buf: read from @in, and not all sent yet
 */
struct call {
	int fd;
	int in;
	int out;
	int pause_ms;
	int eof;
	int closed;
	size_t fill;
	size_t sent;
	char buf[ECHO_BUFFER];
};

static int read_input(struct call *call)
{
	ssize_t n = read(call->in, call->buf, sizeof(call->buf));

	if (n < 0)
		return errno == EINTR ? 0 : echo_failed("input");
	call->eof = !n;
	call->fill = (size_t)n;
	call->sent = 0;
	return EXIT_SUCCESS;
}

static int send_some(struct call *call)
{
	ssize_t n = send(call->fd, call->buf + call->sent,
			 call->fill - call->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ?
			EXIT_SUCCESS : echo_failed("send");
	call->sent += (size_t)n;
	return EXIT_SUCCESS;
}

/* @over is set when the server has closed its half. */
static int receive_some(struct call *call, int *over)
{
	static char buf[ECHO_BUFFER];
	ssize_t n = recv(call->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ?
			EXIT_SUCCESS : echo_failed("recv");
	*over = !n;
	if (xtcp_write_all(call->out, buf, (size_t)n))
		return echo_failed("output");
	return EXIT_SUCCESS;
}

static int close_half(struct call *call)
{
	call->closed = 1;
	if (shutdown(call->fd, SHUT_WR))
		return echo_failed("shutdown");
	return EXIT_SUCCESS;
}

static int run(struct call *call)
{
	int result = EXIT_SUCCESS;
	int over = 0;

	while (!over && result == EXIT_SUCCESS) {
		int pending = call->sent < call->fill;
		int ending = call->eof && !call->closed;
		struct pollfd ready[2] = {
			{ .fd = call->fd,
			  .events = (short)(POLLIN | (pending ? POLLOUT : 0)) },
			{ .fd = pending || call->eof ? -1 : call->in,
			  .events = POLLIN },
		};
		int n = poll(ready, 2, ending ? call->pause_ms : -1);

		if (n < 0 && errno != EINTR)
			return echo_failed("poll");
		if (n < 0)
			continue;
		if (!n)
			result = close_half(call);
		if (ready[0].revents & ~POLLOUT)
			result |= receive_some(call, &over);
		if (!over && ready[0].revents & POLLOUT)
			result |= send_some(call);
		if (ready[1].revents)
			result |= read_input(call);
	}
	if (over && !call->closed) {
		fprintf(stderr, "xtcp: the server closed before the input ended\n");
		result = EXIT_FAILURE;
	}
	return result;
}

/**
 * echo_call() - connect, send the input, take the answer
 * @plan: the command line
 *
 * Return: the exit status.
 */
int echo_call(const struct echo_plan *plan)
{
	static struct call call;

	call.in = STDIN_FILENO;
	call.out = STDOUT_FILENO;
	call.pause_ms = plan->pause_ms;
	if (plan->file) {
		call.in = open(plan->file, O_RDONLY | O_CLOEXEC);
		if (call.in < 0)
			return echo_failed(plan->file);
	}
	if (plan->output) {
		call.out = open(plan->output,
				O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		if (call.out < 0)
			return echo_failed(plan->output);
	}
	call.fd = xtcp_dial(plan->over, &plan->addr);
	if (call.fd < 0)
		return echo_failed("connect");
	if (run(&call) != EXIT_SUCCESS)
		return EXIT_FAILURE;
	if (close(call.fd))
		return echo_failed("close");
	if (close(call.out))
		return echo_failed("output");
	return EXIT_SUCCESS;
}
