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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static void make_pattern(void)
{
	unsigned int x = 1;

	for (size_t i = 0; i < sizeof(pattern); i++) {
		x = x * 1103515245 + 12345;
		pattern[i] = i < PERIOD ? (char)(x >> 16) : pattern[i - PERIOD];
	}
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int take(int listener)
{
	int fd = accept(listener, NULL, NULL);

	if (fd < 0)
		err(1, "accept");
	return fd;
}

static void send_at(int fd, size_t at, size_t len)
{
	if (xtcp_write_all(fd, pattern + at % PERIOD, len))
		err(1, "send");
}

/* Return: the bytes read, checked; 0 at the end of the stream. */
static size_t recv_at(int fd, size_t at, size_t max)
{
	static char buf[CHUNK];
	ssize_t n = recv(fd, buf, max < CHUNK ? max : CHUNK, 0);

	if (n < 0)
		err(1, "recv");
	if (memcmp(buf, pattern + at % PERIOD, (size_t)n))
		errx(1, "wrong bytes at %zu", at);
	return (size_t)n;
}

static void recv_all_at(int fd, size_t at, size_t len)
{
	size_t end = at + len;

	while (at < end) {
		size_t n = recv_at(fd, at, end - at);

		if (!n)
			errx(1, "the stream ended at %zu of %zu", at, end);
		at += n;
	}
}

static void expect_end(int fd)
{
	if (recv_at(fd, 0, 1))
		errx(1, "more arrived than was sent");
}

/* Bulk: one way until the end of the stream, then one byte back as receipt. */

static void bulk_serve(const struct ends *ends, int listener)
{
	int fd = take(listener);

	recv_all_at(fd, 0, ends->size * (size_t)ends->count);
	expect_end(fd);
	send_at(fd, 0, 1);
	close(fd);
}

static void bulk_call(const struct ends *ends, const struct bench *bench)
{
	int fd = bench_dial(bench);
	double start = now_ns();
	size_t at = 0;

	for (long i = 0; i < ends->count; i++, at += ends->size)
		send_at(fd, at, ends->size);
	if (shutdown(fd, SHUT_WR))
		err(1, "shutdown");
	recv_all_at(fd, 0, 1);
	printf("%.4f ns/byte\n", (now_ns() - start) / (double)at);
	close(fd);
}

/* Request and response of the same size, one connection. */

static void rr_serve(const struct ends *ends, int listener)
{
	int fd = take(listener);

	for (long i = 0; i < ends->count; i++) {
		recv_all_at(fd, (size_t)i, ends->size);
		send_at(fd, (size_t)i + 1, ends->size);
	}
	expect_end(fd);
	close(fd);
}

static void rr_call(const struct ends *ends, const struct bench *bench)
{
	int fd = bench_dial(bench);
	double start = now_ns();

	for (long i = 0; i < ends->count; i++) {
		send_at(fd, (size_t)i, ends->size);
		recv_all_at(fd, (size_t)i + 1, ends->size);
	}
	printf("%.0f ns/transaction\n",
	       (now_ns() - start) / (double)ends->count);
	close(fd);
}

/* Connect, request, response, close: a connection for each transaction. */

static void crr_serve(const struct ends *ends, int listener)
{
	for (long i = 0; i < ends->count; i++) {
		int fd = take(listener);

		recv_all_at(fd, (size_t)i, ends->size);
		send_at(fd, (size_t)i + 1, ends->size);
		expect_end(fd);
		close(fd);
	}
}

static void crr_call(const struct ends *ends, const struct bench *bench)
{
	double start = now_ns();

	for (long i = 0; i < ends->count; i++) {
		int fd = bench_dial(bench);

		send_at(fd, (size_t)i, ends->size);
		recv_all_at(fd, (size_t)i + 1, ends->size);
		close(fd);
	}
	printf("%.0f ns/transaction\n",
	       (now_ns() - start) / (double)ends->count);
}

/* Idle connections: both ends hold them all while the client weighs. */

static void hold_serve(const struct ends *ends, int listener)
{
	int *fds = calloc((size_t)ends->count, sizeof(*fds));

	if (!fds)
		err(1, "calloc");
	for (long i = 0; i < ends->count; i++) {
		fds[i] = take(listener);
		send_at(fds[i], 0, 1);
	}
	for (long i = 0; i < ends->count; i++)
		expect_end(fds[i]);
}

static void hold_call(const struct ends *ends, const struct bench *bench)
{
	int *fds = calloc((size_t)ends->count, sizeof(*fds));
	struct slab_use before = slab_read();
	struct slab_use after;

	if (!fds)
		err(1, "calloc");
	for (long i = 0; i < ends->count; i++) {
		fds[i] = bench_dial(bench);
		recv_all_at(fds[i], 0, 1);
	}
	after = slab_read();
	printf("%.0f bytes/pair %.0f of Linux TCP's caches\n",
	       (double)(after.total - before.total) / (double)ends->count,
	       (double)(after.tcp - before.tcp) / (double)ends->count);
	for (long i = 0; i < ends->count; i++)
		close(fds[i]);
}

/* What segment size two ends agree on. */

static void mss_serve(const struct ends *ends, int listener)
{
	int fd = take(listener);

	(void)ends;
	expect_end(fd);
	close(fd);
}

static void mss_call(const struct ends *ends, const struct bench *bench)
{
	int fd = bench_dial(bench);
	socklen_t len = sizeof(int);
	int mss;

	(void)ends;
	if (getsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &mss, &len))
		err(1, "TCP_MAXSEG");
	printf("%d bytes\n", mss);
	close(fd);
}

#define MIB		(1024 * 1024)

static const struct {
	const char *name;
	struct ends ends;
} cases[] = {
	{ "mss", { mss_serve, mss_call, 0, 0 } },
	{ "bulk_64k", { bulk_serve, bulk_call, 65536, 48 * MIB / 65536 } },
	{ "bulk_1k", { bulk_serve, bulk_call, 1024, 16 * MIB / 1024 } },
	{ "rr_1", { rr_serve, rr_call, 1, 2000 } },
	{ "rr_8k", { rr_serve, rr_call, 8192, 1000 } },
	{ "connect_rr_close", { crr_serve, crr_call, 1, 1000 } },
	{ "idle_memory", { hold_serve, hold_call, 0, 5000 } },
	{ NULL, { NULL, NULL, 0, 0 } },
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
		bench_run(bench, &cases[i].ends);
		fflush(stdout);
		return 0;
	}
	return -1;
}
