// SPDX-License-Identifier: GPL-2.0
/*
 * loss CLIENT-NETNS SERVER-NETNS ADDRESS BYTES SECONDS[,GAP] FLOW...: goodput of flows
 * from one network namespace to another, every byte compared.  A flow is
 * TRANSPORT/ALGORITHM, as in xtcp/cubic, with /SIZE behind it if the buffers are
 * to be set by hand, and its port is that of ADDRESS or the next.  All begin at once,
 * and each ends when it has sent BYTES, or after SECONDS if that is not 0.  With a GAP,
 * in seconds, each begins so much after the one before, and what arrives in the first
 * quarter does not count.  Prints a line a flow: "TRANSPORT ALGORITHM BYTES-A-SECOND
 * SO_SNDBUF SO_RCVBUF", from connect(), or that quarter's end, to the last byte received.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "../../userspace/libxtcp.h"

#define MAX_FLOWS	8
#define PIECE		(64 * 1024)
/* Prime, so that no size of a segment or a buffer divides it */
#define PATTERN		262139

static unsigned char pattern[PATTERN + PIECE];

struct flow {
	const char *transport;
	const char *algorithm;
	int size;		/* of the buffers, 0 to leave that to the kernel */
	int listener;
	int client;
	int server;		/* -1 before it is accepted */
	long long sent;
	long long got;
	long long before;	/* octets that had arrived before it counted */
	double start;		/* when it is to begin */
	double begun;		/* since when it counts */
	double ended;
	int sndbuf;
	int rcvbuf;
	bool closed;		/* nothing more will be sent */
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void enter(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s", path);
	close(fd);
}

/* Octets that only their place in the stream gives. */
static void make_pattern(void)
{
	unsigned long long x = 88172645463325252ULL;

	for (int i = 0; i < PATTERN; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		pattern[i] = x >> 32;
	}
	memcpy(pattern + PATTERN, pattern, PIECE);
}

static int open_socket(const struct flow *flow, int family)
{
	enum xtcp_transport over = strcmp(flow->transport, "xtcp") ?
				   XTCP_OVER_TCP : XTCP_OVER_XTCP;
	int fd = xtcp_socket(over, family);

	if (fd < 0)
		err(1, "socket of %s", flow->transport);
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, flow->algorithm,
		       strlen(flow->algorithm)))
		err(1, "%s of %s", flow->algorithm, flow->transport);
	if (flow->size &&
	    (setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &flow->size, sizeof(int)) ||
	     setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &flow->size, sizeof(int))))
		err(1, "size %d", flow->size);
	return fd;
}

static void parse_flow(struct flow *flow, char *word)
{
	char *slash = strchr(word, '/');

	if (!slash)
		errx(2, "%s is not TRANSPORT/ALGORITHM", word);
	*slash = 0;
	flow->transport = word;
	flow->algorithm = slash + 1;
	slash = strchr(slash + 1, '/');
	if (slash) {
		*slash = 0;
		flow->size = atoi(slash + 1);
	}
	flow->client = -1;
	flow->server = -1;
}

static void start_listening(struct flow *flow, const struct xtcp_addr *addr)
{
	int on = 1;

	flow->listener = open_socket(flow, addr->sa.sa_family);
	if (setsockopt(flow->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(flow->listener, &addr->sa, addr->len) ||
	    listen(flow->listener, 8))
		err(1, "listen");
}

static void start_connecting(struct flow *flow, const struct xtcp_addr *addr)
{
	flow->client = open_socket(flow, addr->sa.sa_family);
	if (fcntl(flow->client, F_SETFL, O_NONBLOCK))
		err(1, "O_NONBLOCK");
	flow->begun = now();
	if (connect(flow->client, &addr->sa, addr->len) && errno != EINPROGRESS)
		err(1, "connect");
}

/* What a buffer has grown to, or was given. */
static int size_of(int fd, int option)
{
	int size = 0;
	socklen_t len = sizeof(size);

	getsockopt(fd, SOL_SOCKET, option, &size, &len);
	return size;
}

static void do_send(struct flow *flow, long long bytes)
{
	while (flow->sent < bytes) {
		long long left = bytes - flow->sent;
		ssize_t n = send(flow->client, pattern + flow->sent % PATTERN,
				 left < PIECE ? left : PIECE, MSG_NOSIGNAL);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0)
			err(1, "send over %s", flow->transport);
		flow->sent += n;
	}
}

static void end_sending(struct flow *flow)
{
	flow->sndbuf = size_of(flow->client, SO_SNDBUF);
	flow->closed = true;
	if (shutdown(flow->client, SHUT_WR))
		err(1, "shutdown");
}

/* Return: whether the stream has ended. */
static bool do_receive(struct flow *flow)
{
	static unsigned char data[PIECE];

	for (;;) {
		ssize_t n = recv(flow->server, data, sizeof(data), MSG_DONTWAIT);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (n < 0)
			err(1, "receive over %s", flow->transport);
		if (!n)
			return true;
		if (memcmp(data, pattern + flow->got % PATTERN, n))
			errx(1, "wrong bytes over %s behind %lld", flow->transport,
			     flow->got);
		flow->got += n;
		flow->ended = now();
		flow->rcvbuf = size_of(flow->server, SO_RCVBUF);
	}
}

/* Which flows begin now, and from when on what arrives counts */
static void begin(struct flow *flows, int count, struct xtcp_addr *addr, double from)
{
	for (int i = 0; i < count; i++) {
		struct flow *flow = &flows[i];

		if (flow->client < 0 && now() >= flow->start) {
			start_connecting(flow, addr);
			addr->in.sin_port = htons(ntohs(addr->in.sin_port) + 1);
		}
		if (flow->begun < from && now() >= from) {
			flow->begun = now();
			flow->before = flow->got;
		}
	}
}

/* Whatever the flow has to send or to receive. Return: whether it has ended. */
static bool serve(struct flow *flow, const struct pollfd *fds, long long bytes)
{
	if (fds[0].fd >= 0 && fds[0].revents)
		do_send(flow, bytes);
	if (!fds[1].revents)
		return false;
	if (flow->server < 0) {
		flow->server = accept(flow->listener, NULL, NULL);
		if (flow->server < 0)
			err(1, "accept");
		return false;
	}
	if (!do_receive(flow))
		return false;
	close(flow->server);
	close(flow->listener);
	flow->server = -1;
	flow->listener = -1;
	return true;
}

static void run(struct flow *flows, int count, long long bytes, double seconds,
		double gap, struct xtcp_addr *addr)
{
	struct pollfd fds[2 * MAX_FLOWS];
	double start = now();
	double end = seconds ? start + seconds : 0;
	int left = count;

	for (int i = 0; i < count; i++)
		flows[i].start = start + i * gap;
	while (left) {
		bool late = end && now() >= end;

		begin(flows, count, addr, gap ? start + seconds / 4 : 0);
		for (int i = 0; i < count; i++) {
			struct flow *flow = &flows[i];

			if (!flow->closed && (late || flow->sent == bytes))
				end_sending(flow);
			fds[2 * i].fd = flow->closed ? -1 : flow->client;
			fds[2 * i].events = POLLOUT;
			fds[2 * i + 1].fd = flow->server < 0 ? flow->listener :
					    flow->server;
			fds[2 * i + 1].events = POLLIN;
		}
		if (poll(fds, 2 * count, end && !late ? 100 : -1) < 0)
			err(1, "poll");
		for (int i = 0; i < count; i++)
			left -= serve(&flows[i], &fds[2 * i], bytes);
	}
}

int main(int argc, char **argv)
{
	struct flow flows[MAX_FLOWS] = { };
	int count = argc - 6, status = 0;
	struct xtcp_addr addr;
	const char *comma;
	long long bytes;

	if (count < 1 || count > MAX_FLOWS)
		errx(2, "usage: loss CLIENT-NETNS SERVER-NETNS ADDRESS BYTES SECONDS[,GAP] TRANSPORT/ALGORITHM...");
	if (xtcp_parse(&addr, argv[3]) || addr.sa.sa_family != AF_INET)
		errx(2, "%s is no IPv4 address with a port", argv[3]);
	bytes = atoll(argv[4]);
	make_pattern();
	for (int i = 0; i < count; i++)
		parse_flow(&flows[i], argv[6 + i]);
	enter(argv[2]);
	for (int i = 0; i < count; i++) {
		start_listening(&flows[i], &addr);
		addr.in.sin_port = htons(ntohs(addr.in.sin_port) + 1);
	}
	enter(argv[1]);
	addr.in.sin_port = htons(ntohs(addr.in.sin_port) - count);
	comma = strchr(argv[5], ',');
	run(flows, count, bytes, atof(argv[5]), comma ? atof(comma + 1) : 0, &addr);
	for (int i = 0; i < count; i++) {
		struct flow *flow = &flows[i];

		if (flow->got != flow->sent) {
			warnx("%s: %lld bytes sent and %lld received",
			      flow->transport, flow->sent, flow->got);
			status = 1;
		}
		printf("%s %s %.0f %d %d\n", flow->transport, flow->algorithm,
		       (flow->got - flow->before) / (flow->ended - flow->begun), flow->sndbuf,
		       flow->rcvbuf);
	}
	return status;
}
