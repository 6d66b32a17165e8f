// SPDX-License-Identifier: GPL-2.0
/*
 * SO_MAX_PACING_RATE beside TCP: its values, its way to children, how long a transfer
 * takes with it, by the stack itself and by fq; the rates in TCP_INFO; and BBR by
 * TCP_CONGESTION.
 */
#include "lib/socktest.h"

#include <stdint.h>

#define NO_LIMIT	UINT64_MAX
#define RATE		1000000
#define BYTES		1500000

/* Of the kernel's struct tcp_info, which glibc's is a part of */
#define AT_PACING_RATE		104
#define AT_MAX_PACING_RATE	112
#define AT_DELIVERY_RATE	160
#define AT_APP_LIMITED		7

struct rates {
	uint64_t pacing, max, delivery;
	int limited;
};

static struct rates rates_of(struct ctx *c, int fd)
{
	unsigned char info[256] = {};
	socklen_t len = sizeof(info);
	struct rates r;

	must(c, getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &len));
	memcpy(&r.pacing, info + AT_PACING_RATE, 8);
	memcpy(&r.max, info + AT_MAX_PACING_RATE, 8);
	memcpy(&r.delivery, info + AT_DELIVERY_RATE, 8);
	r.limited = info[AT_APP_LIMITED] & 1;
	return r;
}

static void rec_rates(struct ctx *c, const char *what, int fd)
{
	struct rates r = rates_of(c, fd);
	uint64_t max = 0;
	socklen_t len = sizeof(max);

	rec(c, "%s: at most %llu", what, (unsigned long long)r.max);
	rec(c, "%s: paced at %s", what, r.pacing == NO_LIMIT ? "no limit" :
	    r.pacing == r.max ? "the limit" : r.pacing ? "less" : "nothing");
	rec(c, "%s: %s", what, r.delivery ? "delivers" : "has delivered nothing");
	must(c, getsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &max, &len));
	rec(c, "%s: the option is %llu, len %u", what, (unsigned long long)max, len);
	len = 4;
	rec(c, "%s: as an int %d", what, get_int(fd, SOL_SOCKET, SO_MAX_PACING_RATE));
}

static int set_rate(int fd, uint64_t rate)
{
	return setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate));
}

SCENARIO(values)
{
	int fd = must(c, sk_settled(c));

	rec_rates(c, "fresh", fd);
	rc(c, "8 octets", set_rate(fd, RATE));
	rec_rates(c, "limited", fd);
	rc(c, "an int", set_int(fd, SOL_SOCKET, SO_MAX_PACING_RATE, 5000));
	rec_rates(c, "less", fd);
	rc(c, "-1", set_int(fd, SOL_SOCKET, SO_MAX_PACING_RATE, -1));
	rec_rates(c, "no more", fd);
	rc(c, "2 octets", setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &fd, 2));
}

SCENARIO(inherited)
{
	int ls = sk_listener(c);
	struct pair p;

	must(c, set_rate(ls, 20000));
	rec_rates(c, "listener", ls);
	p = pair_to(c, ls, must(c, sk_new(c)));
	rec(c, "child: at most %llu", (unsigned long long)rates_of(c, p.sv).max);
	rec(c, "client: at most %llu", (unsigned long long)rates_of(c, p.cl).max);
}

/* So many octets through a pair; returns how long that took, ms */
static long long carry(struct ctx *c, struct pair *p, long bytes)
{
	static char data[65536];
	long long start = now_ms();
	long n, got = 0;
	int pid = fork();

	if (!pid) {
		for (n = 0; n < bytes; n += sizeof(data))
			if (send(p->cl, data, sizeof(data), 0) < 0)
				_exit(1);
		shutdown(p->cl, SHUT_WR);
		_exit(0);
	}
	while ((n = recv(p->sv, data, sizeof(data), 0)) > 0)
		got += n;
	must(c, n);
	must(c, pid);
	waitpid(pid, NULL, 0);
	rec(c, "all arrived: %d", got >= bytes);
	return now_ms() - start;
}

/* The last burst needs no time after it, and a little credit is given */
static void rec_time(struct ctx *c, const char *what, long long ms)
{
	long long want = BYTES * 1000LL / RATE;

	rec(c, "%s: not too fast %d, not too slow %d", what, ms > want * 3 / 4,
	    ms < want * 3 / 2);
}

static void limited(struct ctx *c, const char *name)
{
	struct pair p = pair_new(c);

	must(c, setsockopt(p.cl, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)));
	must(c, set_rate(p.cl, RATE));
	rec_time(c, name, carry(c, &p, BYTES));
	rec_rates(c, name, p.cl);
}

SCENARIO(limit_with_cubic)
{
	limited(c, "cubic");
}

SCENARIO(limit_with_reno)
{
	limited(c, "reno");
}

SCENARIO(limit_with_bbr)
{
	limited(c, "bbr");
}

/* What was sent goes out though the user has closed, at its rate */
SCENARIO(close_does_not_wait)
{
	static char data[300000];
	struct pair p = pair_new(c);
	long long start = now_ms();
	long n, got = 0;

	must(c, set_int(p.cl, SOL_SOCKET, SO_SNDBUF, 1 << 20));
	must(c, set_rate(p.cl, RATE / 4));
	rec(c, "send %ld", (long)send(p.cl, data, sizeof(data), 0));
	close(p.cl);
	rec(c, "closed at once: %d", now_ms() - start < 500);
	while ((n = recv(p.sv, data, sizeof(data), 0)) > 0)
		got += n;
	rec(c, "got %ld, %s, slowly %d", got, n ? errno_text(errno) : "end of file",
	    now_ms() - start > 500);
}

/* A reset does not wait for what is paced */
SCENARIO(abort_does_not_wait)
{
	static char data[300000];
	struct pair p = pair_new(c);
	long long start = now_ms();

	must(c, set_int(p.cl, SOL_SOCKET, SO_SNDBUF, 1 << 20));
	must(c, set_rate(p.cl, 10000));
	rec(c, "send %ld", (long)send(p.cl, data, sizeof(data), 0));
	sk_abort(p.cl);
	wait_poll(c, p.sv, POLLERR | POLLHUP);
	rec(c, "at once: %d", now_ms() - start < 1000);
}

SCENARIO(bbr_by_name)
{
	char name[32] = "";
	socklen_t len = sizeof(name);
	struct pair p;
	int ls = sk_listener(c), cl = must(c, sk_new(c));

	rc(c, "set", setsockopt(cl, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3));
	must(c, getsockopt(cl, IPPROTO_TCP, TCP_CONGESTION, name, &len));
	rec(c, "it is '%s', len %u", name, len);
	p = pair_to(c, ls, cl);
	rec(c, "paced before any limit: %d", rates_of(c, p.cl).pacing != NO_LIMIT);
	carry(c, &p, BYTES);
	rec(c, "delivers: %d, paced: %d", rates_of(c, p.cl).delivery > 0,
	    rates_of(c, p.cl).pacing != NO_LIMIT);
	/* in the midst of a connection, and back */
	p = pair_new(c);
	rc(c, "to bbr", setsockopt(p.cl, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3));
	rc(c, "to reno", setsockopt(p.cl, IPPROTO_TCP, TCP_CONGESTION, "reno", 4));
	rc(c, "to bbr", setsockopt(p.cl, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3));
	carry(c, &p, BYTES);
}

TEST_HARNESS_MAIN
