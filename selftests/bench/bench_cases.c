// SPDX-License-Identifier: GPL-2.0
/*
 * What the benchmark times.  Each case prints one line, "name value unit", and
 * checks every byte that arrives; the check is memcmp() against a pattern made
 * beforehand, which costs both transports the same tenth of a cycle a byte.
 */
#include "bench.h"

#include <err.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

/*
 * The stream repeats with a period that divides neither a segment nor a page
 * nor a write, so that bytes lost, doubled or moved show.  The array goes on
 * past a period for the longest single read or write.
 */
#define PERIOD		65521
#define CHUNK		65536

static char pattern[PERIOD + CHUNK];

/* How much of a case: bytes of a write, request or response, and how many. */
struct load {
	size_t size;
	long count;
};

static void make_pattern(void)
{
	unsigned int x = 1;

	for (size_t i = 0; i < sizeof(pattern); i++) {
		x = x * 1103515245 + 12345;
		pattern[i] = i < PERIOD ? (char)(x >> 16) : pattern[i - PERIOD];
	}
}

/* What selftests/bench/profile looks for: no-ops to anything else. */
static void mark_start(void)
{
#ifdef __x86_64__
	asm volatile("xchg %%bx, %%bx" ::: "memory");
#endif
}

static void mark_stop(void)
{
#ifdef __x86_64__
	asm volatile("xchg %%cx, %%cx" ::: "memory");
#endif
}

static double clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double start_ns(void)
{
	mark_start();
	return clock_ns();
}

static double elapsed_ns(double start)
{
	double now = clock_ns();

	mark_stop();
	return now - start;
}

/* Return: the bytes sent, 0 if nothing can be sent without waiting. */
static size_t send_at(int fd, size_t at, size_t len, int flags)
{
	ssize_t n = send(fd, pattern + at % PERIOD, len, flags | MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN)
		err(1, "send");
	return n < 0 ? 0 : (size_t)n;
}

/* Return: the bytes read, checked; 0 if none came without waiting. */
static size_t recv_at(int fd, size_t at, size_t max, int flags)
{
	static char buf[CHUNK];
	ssize_t n = recv(fd, buf, max < CHUNK ? max : CHUNK, flags);

	if (n < 0 && errno != EAGAIN)
		err(1, "recv");
	if (n == 0)
		errx(1, "the stream ended at %zu", at);
	if (n > 0 && memcmp(buf, pattern + at % PERIOD, (size_t)n))
		errx(1, "wrong bytes at %zu", at);
	return n < 0 ? 0 : (size_t)n;
}

static void expect_end(int fd)
{
	char byte;

	if (recv(fd, &byte, 1, 0))
		errx(1, "more arrived than was sent");
}

static void hang_up(struct pair pair)
{
	close(pair.client);
	expect_end(pair.server);
	close(pair.server);
}

/* Both ends wait for their input in epoll_wait(), as a server would. */
static void watch(int poller, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event))
		err(1, "epoll_ctl");
}

static int make_poller(void)
{
	int poller = epoll_create1(EPOLL_CLOEXEC);

	if (poller < 0)
		err(1, "epoll_create1");
	return poller;
}

static void wait_readable(int poller, int fd)
{
	struct epoll_event event;

	do {
		if (epoll_wait(poller, &event, 1, -1) < 0)
			err(1, "epoll_wait");
	} while (event.data.fd != fd);
}

static struct pair connect_watched(const struct bench *bench, int poller)
{
	struct pair pair = bench_connect(bench);

	watch(poller, pair.client);
	watch(poller, pair.server);
	return pair;
}

static void wait_for(struct pair pair, int sending)
{
	struct pollfd ready[2] = {
		{ .fd = sending ? pair.client : -1, .events = POLLOUT },
		{ .fd = pair.server, .events = POLLIN },
	};

	if (poll(ready, 2, -1) < 0)
		err(1, "poll");
}

/*
 * One way, in writes of one size.  The reader gets a turn when the writer has
 * written a chunk or cannot go on, as a scheduler would give it one.
 */
static void bulk(const struct bench *bench, const struct load *load)
{
	struct pair pair = bench_connect(bench);
	size_t total = load->size * (size_t)load->count;
	double start = start_ns();
	size_t sent = 0;
	size_t got = 0;

	while (got < total) {
		size_t turn = sent + CHUNK < total ? sent + CHUNK : total;
		size_t s = 1;
		size_t r;

		while (sent < turn && s) {
			s = send_at(pair.client, sent,
				    load->size - sent % load->size,
				    MSG_DONTWAIT);
			sent += s;
		}
		r = recv_at(pair.server, got, CHUNK, MSG_DONTWAIT);
		got += r;
		if (!r && (!s || sent == total))
			wait_for(pair, sent < total);
	}
	printf("%.4f ns/byte\n", elapsed_ns(start) / (double)total);
	hang_up(pair);
}

/* A message one way, whole. */
static void pass(int poller, int from, int to, size_t at, size_t size)
{
	size_t got = 0;

	if (send_at(from, at, size, 0) != size)
		errx(1, "a blocking send was cut short");
	while (got < size) {
		wait_readable(poller, to);
		got += recv_at(to, at + got, size - got, 0);
	}
}

/* Request and response of the same size, one connection. */
static void request_response(const struct bench *bench, const struct load *load)
{
	int poller = make_poller();
	struct pair pair = connect_watched(bench, poller);
	double start = start_ns();

	for (long i = 0; i < load->count; i++) {
		pass(poller, pair.client, pair.server, (size_t)i, load->size);
		pass(poller, pair.server, pair.client, (size_t)i + 1, load->size);
	}
	printf("%.0f ns/transaction\n",
	       elapsed_ns(start) / (double)load->count);
	hang_up(pair);
	close(poller);
}

/* The same with a connection for each. */
static void connections(const struct bench *bench, const struct load *load)
{
	int poller = make_poller();
	double start = start_ns();

	for (long i = 0; i < load->count; i++) {
		struct pair pair = connect_watched(bench, poller);

		pass(poller, pair.client, pair.server, (size_t)i, load->size);
		pass(poller, pair.server, pair.client, (size_t)i + 1, load->size);
		hang_up(pair);
	}
	printf("%.0f ns/transaction\n",
	       elapsed_ns(start) / (double)load->count);
	close(poller);
}

/* All that was taken since @before, and what of it is in Linux TCP's caches. */
static void print_growth(struct slab_use before, size_t count, const char *unit)
{
	struct slab_use after = slab_read();

	printf("%.0f %s %.0f\n",
	       (double)(after.total - before.total) / (double)count, unit,
	       (double)(after.tcp - before.tcp) / (double)count);
}

/* Connections that have carried a byte each way and then hold still. */
static void idle_memory(const struct bench *bench, const struct load *load)
{
	size_t count = (size_t)load->count;
	struct pair *pairs = calloc(count, sizeof(*pairs));
	struct slab_use before;

	if (!pairs)
		err(1, "calloc");
	/* Touched before weighing, whatever they cost is not a connection's. */
	memset(pairs, -1, count * sizeof(*pairs));
	before = slab_read();
	mark_start();
	for (size_t i = 0; i < count; i++) {
		pairs[i] = bench_connect(bench);
		send_at(pairs[i].client, i, load->size, 0);
		recv_at(pairs[i].server, i, load->size, 0);
		send_at(pairs[i].server, i, load->size, 0);
		recv_at(pairs[i].client, i, load->size, 0);
	}
	mark_stop();
	print_growth(before, count, "bytes/pair");
	for (size_t i = 0; i < count; i++)
		hang_up(pairs[i]);
}

/* What cases before this one have left, TIME-WAIT for one, is gone by then. */
static struct slab_use slab_settled(void)
{
	sleep(2 * 60);
	return slab_read();
}

static void expect_state(const struct bench *bench, enum bench_state state, size_t count)
{
	size_t got = bench_count(bench, state);

	if (got != count)
		errx(1, "%zu connections are there to be weighed, not %zu", got, count);
}

/* Connections whose handshake nobody ends. */
static void half_open_memory(const struct bench *bench, const struct load *load)
{
	size_t count = (size_t)load->count;
	struct slab_use before;

	if (listen(bench->listener, (int)count))
		err(1, "listen");
	before = slab_settled();
	syn_send(bench, BENCH_NOBODY, count);
	expect_state(bench, BENCH_SYN_RECEIVED, count);
	print_growth(before, count, "bytes/connection");
}

/* Connections that both ends have closed. */
static void time_wait_memory(const struct bench *bench, const struct load *load)
{
	size_t count = (size_t)load->count;
	struct slab_use before = slab_settled();

	for (size_t i = 0; i < count; i++)
		hang_up(bench_connect(bench));
	/* RCU frees sockets and files when it comes to it. */
	sleep(1);
	expect_state(bench, BENCH_TIME_WAIT, count);
	print_growth(before, count, "bytes/connection");
}

/* What segment size two ends agree on. */
static void segment_size(const struct bench *bench, const struct load *load)
{
	struct pair pair = bench_connect(bench);
	socklen_t len = sizeof(int);
	int mss;

	(void)load;
	if (getsockopt(pair.client, IPPROTO_TCP, TCP_MAXSEG, &mss, &len))
		err(1, "TCP_MAXSEG");
	printf("%d bytes\n", mss);
	hang_up(pair);
}

#define MIB		(1024 * 1024)

static const struct {
	const char *name;
	void (*run)(const struct bench *bench, const struct load *load);
	struct load load;
} cases[] = {
	{ "mss", segment_size, { 0, 0 } },
	{ "bulk_64k", bulk, { 65536, 64 * MIB / 65536 } },
	{ "bulk_1k", bulk, { 1024, 32 * MIB / 1024 } },
	{ "rr_1", request_response, { 1, 4000 } },
	{ "rr_8k", request_response, { 8192, 2000 } },
	{ "connect_rr_close", connections, { 1, 2000 } },
	{ "idle_memory", idle_memory, { 1, 5000 } },
	{ "half_open_memory", half_open_memory, { 0, 2000 } },
	{ "time_wait_memory", time_wait_memory, { 0, 2000 } },
	{ NULL, NULL, { 0, 0 } },
};

/**
 * cases_run() - run a case and print its line
 * @bench: the transport
 * @name: of the case
 *
 * Return: 0, or -1 if there is none of that name.
 */
int cases_run(const struct bench *bench, const char *name)
{
	make_pattern();
	for (size_t i = 0; cases[i].name; i++) {
		if (strcmp(cases[i].name, name))
			continue;
		printf("%s ", name);
		cases[i].run(bench, &cases[i].load);
		fflush(stdout);
		return 0;
	}
	return -1;
}
