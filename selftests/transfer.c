// SPDX-License-Identifier: GPL-2.0
/*
 * Sends and receives a seeded stream on each of many connections at once, both ways,
 * and compares every byte. Tests run it at both ends:
 *
 *   transfer [OPTIONS] -l [ADDRESS]    takes -n connections, then ends
 *   transfer [OPTIONS] ADDRESS         opens them
 *
 *   -d xtcp|tcp   which transport (xtcp)      -p PORT       (7000)
 *   -n COUNT      connections (1)             -b BYTES      each way on each (65536)
 *   -s SEED       of the streams (1)          -w BYTES      in one write (65536)
 *   -t            a thread for each connection with blocking calls; else epoll
 *   -r            may fail: errors of the connection are no failure, wrong bytes are;
 *                 and SIGTERM ends it in order (without -t)
 *   -c            connect and accept in order: the next when the last one is done
 *   -N            TCP_NODELAY
 *   -L            close() waits until all is acknowledged (SO_LINGER), with -t
 *   -i NETNS      in this network namespace, of ip-netns(8)
 *   -g SECONDS    give up after so many       -m WORDS      before what it says last
 *
 * The server says "listening" on stdout when it is. Exit status 0: all arrived.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <xtcp.h>

#define BUF 65536

/*
 * All streams are parts of one pattern, each from another place on. It repeats, with a
 * period (a prime) in which no write, segment or page is contained, so that bytes that
 * were lost, doubled or moved show; and goes on behind it for the longest of reads.
 */
#define PERIOD 200003
static uint8_t pattern[PERIOD + BUF];

static struct {
	int domain_xtcp, port, count, threads, may_fail, server, one_by_one, nodelay, linger;
	uint64_t bytes, seed;
	size_t write_size;
	const char *mark;
	struct sockaddr_storage addr;
	socklen_t addrlen;
} o = {
	.domain_xtcp = 1, .port = 7000, .count = 1, .bytes = 65536, .seed = 1,
	.write_size = BUF, .mark = "",
};

struct conn {
	int fd;
	uint64_t id;		/* said in the first 8 bytes by the client */
	bool have_id;
	uint8_t idbuf[8];
	uint64_t sent, got;	/* with the client's 8 bytes of id before its stream */
	bool shut, done, connecting;
	pthread_t thread;
};

static int failures, failed_connections;
static volatile sig_atomic_t stop;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t mix(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9ULL;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static void make_pattern(void)
{
	uint64_t at, w;

	for (at = 0; at < PERIOD; at += sizeof(w)) {
		w = mix(at + 1);
		memcpy(pattern + at, &w, sizeof(w));
	}
	memcpy(pattern + PERIOD, pattern, BUF);
}

/* The stream of connection @id and direction @dir from place @at on, BUF bytes at least */
static const uint8_t *stream(uint64_t id, int dir, uint64_t at)
{
	uint64_t from = mix(o.seed * 0x9e3779b97f4a7c15ULL + id * 0xc2b2ae3d27d4eb4fULL +
			    dir * 0x165667b19e3779f9ULL);

	return pattern + (from % PERIOD + at) % PERIOD;
}

static void complain(struct conn *c, const char *what, int err)
{
	pthread_mutex_lock(&lock);
	failures++;
	fprintf(stderr, "# connection %llu: %s: %s (%llu sent, %llu received)\n",
		(unsigned long long)c->id, what, strerror(err),
		(unsigned long long)c->sent, (unsigned long long)c->got);
	pthread_mutex_unlock(&lock);
}

/* The connection failed: an error of the run unless -r allows it. */
static void lost(struct conn *c, const char *what, int err)
{
	failed_connections++;
	if (!o.may_fail)
		complain(c, what, err);
	c->done = true;
}

static uint64_t to_send(void)
{
	return o.bytes + (o.server ? 0 : 8);
}

static uint64_t to_get(void)
{
	return o.bytes + (o.server ? 8 : 0);
}

/* What the next write has: a full socket may have left a part of the last one */
static size_t to_write(uint64_t at)
{
	uint64_t end = (at / o.write_size + 1) * o.write_size;

	return (end < o.bytes ? end : o.bytes) - at;
}

/* 1: more may go at once, 0: not now. */
static int do_send(struct conn *c)
{
	size_t idlen = o.server ? 0 : 8;
	ssize_t rc;

	if (c->shut || !c->have_id)
		return 0;
	if (c->sent == to_send()) {
		if (shutdown(c->fd, SHUT_WR))
			lost(c, "shutdown", errno);
		c->shut = true;
		return 0;
	}
	if (c->sent < idlen) {
		rc = send(c->fd, (uint8_t *)&c->id + c->sent, idlen - c->sent, MSG_NOSIGNAL);
	} else {
		uint64_t at = c->sent - idlen;

		rc = send(c->fd, stream(c->id, o.server, at), to_write(at), MSG_NOSIGNAL);
	}
	if (rc < 0 && (errno == EAGAIN || errno == EINTR))
		return errno == EINTR;
	if (rc < 0) {
		lost(c, "send", errno);
		return 0;
	}
	c->sent += rc;
	return 1;
}

static void take(struct conn *c, const uint8_t *p, size_t n)
{
	uint64_t at;

	while (n && o.server && c->got < 8) {
		c->idbuf[c->got++] = *p++;
		n--;
		if (c->got == 8) {
			memcpy(&c->id, c->idbuf, 8);
			c->have_id = true;
			if (c->id >= (uint64_t)o.count) {
				complain(c, "wrong bytes in the id", 0);
				c->done = true;
				return;
			}
		}
	}
	if (!n)
		return;
	at = c->got - (o.server ? 8 : 0);
	if (at + n > o.bytes) {
		complain(c, "more bytes than were sent", 0);
		c->done = true;
		return;
	}
	if (memcmp(stream(c->id, !o.server, at), p, n)) {
		complain(c, "wrong bytes", 0);
		c->done = true;
		return;
	}
	c->got += n;
}

static int do_recv(struct conn *c)
{
	uint8_t buf[BUF];
	ssize_t rc;

	if (c->done)
		return 0;
	rc = recv(c->fd, buf, sizeof(buf), 0);
	if (rc < 0 && (errno == EAGAIN || errno == EINTR))
		return errno == EINTR;
	if (rc < 0) {
		lost(c, "recv", errno);
		return 0;
	}
	if (rc > 0) {
		take(c, buf, rc);
		return !c->done;
	}
	if (c->got != to_get())
		lost(c, "end of file too early", 0);
	else if (!c->shut)
		return 0;	/* ours is not all out yet: finish after that */
	else
		c->done = true;
	return 0;
}

static int make_socket(bool nonblock)
{
	int type = SOCK_STREAM | (nonblock ? SOCK_NONBLOCK : 0), one = 1, fd;

	do {
		fd = o.domain_xtcp ? socket(AF_XTCP, type, 0) :
				     socket(o.addr.ss_family, type, IPPROTO_TCP);
	} while (fd < 0 && o.may_fail);
	if (fd < 0) {
		perror("# socket");
		exit(2);
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (o.nodelay)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* Threads: one sends, one receives. */
static void *sender(void *arg)
{
	struct conn *c = arg;

	while (!c->shut && !c->done)
		if (!do_send(c) && !c->shut && !c->done && !c->have_id)
			return NULL;
	return NULL;
}

static void *both(void *arg)
{
	struct linger patience = { .l_onoff = 1, .l_linger = 3600 };
	struct conn *c = arg;
	pthread_t t;

	if (o.linger)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &patience, sizeof(patience));
	if (c->connecting && connect(c->fd, (struct sockaddr *)&o.addr, o.addrlen)) {
		lost(c, "connect", errno);
		close(c->fd);
		return NULL;
	}
	while (!c->have_id && !c->done && do_recv(c))
		;
	if (!c->have_id && !c->done)
		lost(c, "no id", 0);
	if (!c->done) {
		if (pthread_create(&t, NULL, sender, c))
			exit(2);
		while (!c->done && do_recv(c))
			;
		pthread_join(t, NULL);
		if (!c->done) {
			if (c->shut && c->got == to_get())
				c->done = true;
			else
				lost(c, "ended early", 0);
		}
	}
	close(c->fd);
	return NULL;
}

static void run_threads(struct conn *conns, int lfd)
{
	int i;

	for (i = 0; i < o.count; i++) {
		struct conn *c = &conns[i];

		c->fd = o.server ? accept(lfd, NULL, NULL) : make_socket(false);
		if (c->fd < 0) {
			perror("# accept");
			exit(2);
		}
		c->connecting = !o.server;
		if (pthread_create(&c->thread, NULL, both, c))
			exit(2);
		if (o.one_by_one)
			pthread_join(c->thread, NULL);
	}
	for (i = 0; i < o.count && !o.one_by_one; i++)
		pthread_join(conns[i].thread, NULL);
}

/* It has been said by then that we listen, and allocations may fail */
static int new_epoll(void)
{
	int ep;

	while ((ep = epoll_create1(0)) < 0) {
		if (errno == ENOMEM && o.may_fail)
			continue;
		perror("# epoll_create1");
		exit(2);
	}
	return ep;
}

static void watch(int ep, struct conn *c, int fd)
{
	struct epoll_event ev = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = c,
	};

	if (!c)
		ev.events = EPOLLIN;
	while (epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev)) {
		if (errno == ENOMEM && o.may_fail)
			continue;
		perror("# epoll_ctl");
		exit(2);
	}
}

/* Returns whether the connection has just ended. */
static bool service(struct conn *c)
{
	int err = 0;
	socklen_t len = sizeof(err);
	bool more;

	if (c->done)
		return false;
	if (c->connecting) {
		getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &err, &len);
		if (err)
			lost(c, "connect", err);
		c->connecting = false;
	}
	do {
		more = do_recv(c);
		if (!c->done)
			more |= do_send(c);
	} while (more && !c->done);
	/* The last recv may have seen the end before our own was sent. */
	if (!c->done && c->shut && c->got == to_get())
		do_recv(c);
	if (c->done)
		close(c->fd);
	return c->done;
}

static struct conn *start(struct conn *c, int ep)
{
	c->fd = make_socket(true);
	c->connecting = true;
	if (connect(c->fd, (struct sockaddr *)&o.addr, o.addrlen) &&
	    errno != EINPROGRESS) {
		lost(c, "connect", errno);
		close(c->fd);
		return c;
	}
	watch(ep, c, c->fd);
	return c;
}

static void run_epoll(struct conn *conns, int lfd)
{
	int ep = new_epoll(), begun = 0, ended = 0, n, i;
	struct epoll_event ev[64];

	if (o.server)
		watch(ep, NULL, lfd);
	while (ended < o.count && !stop) {
		while (!o.server && begun < o.count &&
		       (!o.one_by_one || begun == ended))
			ended += start(&conns[begun++], ep)->done;
		if (ended == o.count)
			break;
		/* A tick now and then, so that no signal is missed. */
		n = epoll_wait(ep, ev, 64, o.may_fail ? 500 : -1);
		for (i = 0; i < n; i++) {
			struct conn *c = ev[i].data.ptr;

			if (c) {
				ended += service(c);
				continue;
			}
			c = &conns[begun];
			if (begun == o.count)
				continue;
			c->fd = accept4(lfd, NULL, NULL, SOCK_NONBLOCK);
			if (c->fd < 0)
				continue;
			begun++;
			watch(ep, c, c->fd);
		}
	}
	close(ep);
}

static void set_address(const char *name)
{
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)&o.addr;
	struct sockaddr_in *sin = (struct sockaddr_in *)&o.addr;

	if (inet_pton(AF_INET, name, &sin->sin_addr) == 1) {
		sin->sin_family = AF_INET;
		sin->sin_port = htons(o.port);
		o.addrlen = sizeof(*sin);
	} else if (inet_pton(AF_INET6, name, &sin6->sin6_addr) == 1) {
		sin6->sin6_family = AF_INET6;
		sin6->sin6_port = htons(o.port);
		o.addrlen = sizeof(*sin6);
	} else {
		fprintf(stderr, "transfer: %s is no address\n", name);
		exit(2);
	}
}

/* As nsenter, but a program less, of which each takes its time on a debug kernel */
static void enter(const char *netns)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		perror(path);
		exit(2);
	}
	close(fd);
}

static void on_alarm(int sig)
{
	static const char words[] = "# transfer: it takes too long\n";

	(void)sig;
	if (write(STDERR_FILENO, words, sizeof(words) - 1) >= 0)
		_exit(124);
	_exit(125);
}

static void parse(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "d:p:n:b:s:w:i:g:m:trlcNL")) != -1) {
		switch (c) {
		case 'd':
			o.domain_xtcp = strcmp(optarg, "tcp") != 0;
			break;
		case 'p':
			o.port = atoi(optarg);
			break;
		case 'n':
			o.count = atoi(optarg);
			break;
		case 'b':
			o.bytes = strtoull(optarg, NULL, 0);
			break;
		case 's':
			o.seed = strtoull(optarg, NULL, 0);
			break;
		case 'w':
			o.write_size = strtoul(optarg, NULL, 0);
			break;
		case 'i':
			enter(optarg);
			break;
		case 'g':
			signal(SIGALRM, on_alarm);
			alarm(strtoul(optarg, NULL, 0));
			break;
		case 'm':
			o.mark = optarg;
			break;
		case 't':
			o.threads = 1;
			break;
		case 'r':
			o.may_fail = 1;
			break;
		case 'l':
			o.server = 1;
			break;
		case 'c':
			o.one_by_one = 1;
			break;
		case 'N':
			o.nodelay = 1;
			break;
		case 'L':
			o.linger = 1;
			break;
		default:
			exit(2);
		}
	}
	if (o.write_size < 1 || o.write_size > BUF)
		o.write_size = BUF;
	if (!o.server && optind == argc) {
		fprintf(stderr, "transfer: an address is missing\n");
		exit(2);
	}
	set_address(optind < argc ? argv[optind] : "::");
}

static void on_term(int sig)
{
	stop = sig;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_term };
	struct conn *conns;
	int lfd = -1, i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	parse(argc, argv);
	make_pattern();
	if (o.may_fail && !o.threads)
		sigaction(SIGTERM, &sa, NULL);
	conns = calloc(o.count, sizeof(*conns));
	for (i = 0; i < o.count; i++) {
		conns[i].id = i;
		conns[i].have_id = !o.server;
	}
	if (o.server) {
		lfd = make_socket(!o.threads);
		if (bind(lfd, (struct sockaddr *)&o.addr, o.addrlen) ||
		    listen(lfd, 1024)) {
			perror("# listen");
			return 2;
		}
		printf("listening\n");
	}
	if (o.threads)
		run_threads(conns, lfd);
	else
		run_epoll(conns, lfd);
	printf("%s%s: %d connections, %d lost, %llu bytes each way\n",
	       o.mark, failures ? "FAILED" : "intact", o.count, failed_connections,
	       (unsigned long long)o.bytes);
	return failures ? 1 : 0;
}
