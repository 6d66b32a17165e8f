// SPDX-License-Identifier: GPL-2.0
/*
 * Options at level IPPROTO_TCP beside TCP: TCP_NODELAY, TCP_MAXSEG, TCP_INFO, and
 * those that XTCP takes over with TCP's numbers.
 */
#include "lib/socktest.h"

#include <stddef.h>

/* glibc's struct tcp_info is older than the kernel's: room for more. */
struct info {
	struct tcp_info i;
	char more[512];
};

static struct info info_of(int fd, socklen_t *len)
{
	struct info info;

	memset(&info, 0, sizeof(info));
	*len = sizeof(info);
	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, len))
		*len = 0;
	return info;
}

static void try_values(struct ctx *c, int fd, int opt, const char *name, const int *values,
		       int n)
{
	char what[60];
	int i;

	rec_opt(c, name, fd, IPPROTO_TCP, opt);
	for (i = 0; i < n; i++) {
		snprintf(what, sizeof(what), "%s = %d", name, values[i]);
		rc(c, what, set_int(fd, IPPROTO_TCP, opt, values[i]));
		rec_opt(c, what, fd, IPPROTO_TCP, opt);
	}
}

static void try_lengths(struct ctx *c, int fd, int opt, const char *name)
{
	static const int lens[] = { 0, 1, 2, 3, 4, 5, 8, -1, -4 };
	unsigned char buf[64];
	unsigned int i;
	long ret;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];

		memset(buf, 0, sizeof(buf));
		buf[1] = 2;
		ret = setsockopt(fd, IPPROTO_TCP, opt, buf, lens[i]);
		rec(c, "set %s length %d: %s", name, lens[i], ret ? errno_text(errno) : "0");
		memset(buf, 0xee, sizeof(buf));
		ret = getsockopt(fd, IPPROTO_TCP, opt, buf, &len);
		rec(c, "get %s length %d: %s len %d, bytes %02x %02x %02x %02x %02x", name,
		    lens[i], ret ? errno_text(errno) : "0", (int)len, buf[0], buf[1], buf[2],
		    buf[3], buf[4]);
	}
	rc(c, "set, bad memory", setsockopt(fd, IPPROTO_TCP, opt, (void *)8, 4));
	rc(c, "set, no memory", setsockopt(fd, IPPROTO_TCP, opt, NULL, 4));
	rc(c, "get, bad memory", getsockopt(fd, IPPROTO_TCP, opt, (void *)8, &(socklen_t){ 4 }));
	rc(c, "get, bad length", getsockopt(fd, IPPROTO_TCP, opt, buf, (void *)8));
}

SCENARIO(nodelay)
{
	static const int values[] = { 1, 0, 2, -1, 0, 1 << 30 };
	struct pair p = pair_new(c);

	try_values(c, must(c, sk_settled(c)), TCP_NODELAY, "fresh", values, 6);
	try_values(c, p.cl, TCP_NODELAY, "connected", values, 6);
	try_values(c, sk_listener(c), TCP_NODELAY, "listening", values, 6);
	try_lengths(c, must(c, sk_settled(c)), TCP_NODELAY, "NODELAY");
}

/* Nagle's algorithm is the peer's to see: two small writes, one or two segments. */
SCENARIO(nodelay_sends_at_once)
{
	struct pair p = pair_new(c);
	int i;

	set_int(p.cl, IPPROTO_TCP, TCP_NODELAY, 1);
	for (i = 0; i < 20; i++)
		must(c, (int)send(p.cl, "x", 1, 0));
	rec(c, "held back: %d", unsent(p.cl));
	wait_until(c, queued_in(p.sv) == 20);
	rec_recv(c, "arrived", p.sv, 30, 0);
}

static const struct {
	const char *name;
	int opt;
} numbers[] = {
	{ "KEEPIDLE", TCP_KEEPIDLE }, { "KEEPINTVL", TCP_KEEPINTVL },
	{ "KEEPCNT", TCP_KEEPCNT }, { "USER_TIMEOUT", TCP_USER_TIMEOUT },
	{ "LINGER2", TCP_LINGER2 }, { "CORK", TCP_CORK },
	{ "DEFER_ACCEPT", TCP_DEFER_ACCEPT }, { "QUICKACK", TCP_QUICKACK },
	{ "NOTSENT_LOWAT", TCP_NOTSENT_LOWAT },
};

/* Options that hold a number: the same values, wherever the socket stands. */
SCENARIO(numbers_by_state)
{
	static const int values[] = { 1, 0, -1, 2, 5, 100, 120, 121, 127, 128, 255, 256, 1000,
				      32767, 32768, 65535, 65536, 1 << 30, 3 };
	struct pair p = pair_new(c);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		int o = numbers[i].opt;

		rec(c, "%s", numbers[i].name);
		try_values(c, must(c, sk_settled(c)), o, "fresh", values, ARRAY_SIZE(values));
		try_values(c, p.cl, o, "connected", values, ARRAY_SIZE(values));
		try_values(c, sk_listener(c), o, "listening", values, ARRAY_SIZE(values));
		try_lengths(c, must(c, sk_settled(c)), o, numbers[i].name);
	}
}

/* What it is without being set differs: MUST-23. */
SCENARIO(syncnt)
{
	static const int values[] = { 1, 0, -1, 6, 127, 128, 255, 1 << 30, 3 };
	int fd = must(c, sk_settled(c)), v = get_int(fd, IPPROTO_TCP, TCP_SYNCNT);
	struct pair p = pair_new(c);

	rec_differs(c, "default", "7", "%d", v);
	set_int(fd, IPPROTO_TCP, TCP_SYNCNT, 5);
	try_values(c, fd, TCP_SYNCNT, "fresh", values, ARRAY_SIZE(values));
	set_int(p.cl, IPPROTO_TCP, TCP_SYNCNT, 5);
	try_values(c, p.cl, TCP_SYNCNT, "connected", values, ARRAY_SIZE(values));
	fd = must(c, sk_settled(c));
	set_int(fd, IPPROTO_TCP, TCP_SYNCNT, 5);
	try_lengths(c, fd, TCP_SYNCNT, "SYNCNT");
}

/* What it is without being set is the kernel's own affair. */
SCENARIO(window_clamp)
{
	static const int values[] = { 1, 1000, 5000, 65535, 1 << 30, 3, 0 };
	int fd = must(c, sk_settled(c));
	struct pair p = pair_new(c);

	try_values(c, fd, TCP_WINDOW_CLAMP, "fresh", values, ARRAY_SIZE(values));
	rc(c, "connected", set_int(p.cl, IPPROTO_TCP, TCP_WINDOW_CLAMP, 2000));
	try_values(c, p.cl, TCP_WINDOW_CLAMP, "connected", values, ARRAY_SIZE(values));
}

SCENARIO(numbers_inherited)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	unsigned int i;
	struct pair p;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		rc(c, numbers[i].name, set_int(ls, IPPROTO_TCP, numbers[i].opt, 7 + i));
	p = pair_to(c, ls, cl);
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		rec_opt(c, numbers[i].name, p.sv, IPPROTO_TCP, numbers[i].opt);
		rec_opt(c, numbers[i].name, p.cl, IPPROTO_TCP, numbers[i].opt);
	}
}

/* They stay with a socket from one connection to the next. */
SCENARIO(numbers_kept)
{
	struct pair p = pair_new(c), q = pair_new(c);
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct addr a;
	unsigned int i;
	int ls;

	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		rc(c, numbers[i].name, set_int(p.cl, IPPROTO_TCP, numbers[i].opt, 7 + i));
	rc(c, "undone", connect(p.cl, &none, sizeof(none)));
	ls = sk_listener(c);
	a = addr_local(ls);
	rc(c, "again", connect(p.cl, &a.sa, a.len));
	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		rec_opt(c, numbers[i].name, p.cl, IPPROTO_TCP, numbers[i].opt);
		rec_opt(c, numbers[i].name, q.cl, IPPROTO_TCP, numbers[i].opt);
	}
}

/* A peer that is there answers its kernel's probes without knowing of them. */
SCENARIO(keepalive_of_a_living_peer)
{
	struct pair p = pair_new(c);
	struct info i;
	socklen_t len;

	set_int(p.cl, IPPROTO_TCP, TCP_KEEPIDLE, 1);
	set_int(p.cl, IPPROTO_TCP, TCP_KEEPINTVL, 1);
	set_int(p.cl, IPPROTO_TCP, TCP_KEEPCNT, 1);
	rec_opt(c, "off", p.cl, SOL_SOCKET, SO_KEEPALIVE);
	rc(c, "on", set_int(p.cl, SOL_SOCKET, SO_KEEPALIVE, 5));
	rec_opt(c, "on", p.cl, SOL_SOCKET, SO_KEEPALIVE);
	rec_opt(c, "the peer's", p.sv, SOL_SOCKET, SO_KEEPALIVE);
	poll(NULL, 0, 7500);
	i = info_of(p.cl, &len);
	rec(c, "probes %u, state %u, heard lately: %d", i.i.tcpi_probes, i.i.tcpi_state,
	    i.i.tcpi_last_ack_recv < 3000);
	rec_poll(c, "server", p.sv);
	rc(c, "off", set_int(p.cl, SOL_SOCKET, SO_KEEPALIVE, 0));
	poll(NULL, 0, 7500);
	i = info_of(p.cl, &len);
	rec(c, "probes %u, heard lately: %d", i.i.tcpi_probes, i.i.tcpi_last_ack_recv < 3000);
}

SCENARIO(maxseg_values)
{
	static const int values[] = { 0, 1, 47, 48, 87, 88, 89, 500, 535, 536, 1000, 1460, 1461,
				      8960, 16384, 32767, 32768, 65535, 65536, -1, 0 };

	try_values(c, must(c, sk_settled(c)), TCP_MAXSEG, "fresh", values, ARRAY_SIZE(values));
	try_values(c, sk_listener(c), TCP_MAXSEG, "listening", values, ARRAY_SIZE(values));
	try_lengths(c, must(c, sk_settled(c)), TCP_MAXSEG, "MAXSEG");
}

SCENARIO(maxseg_connected)
{
	static const int values[] = { 100, 1000, 0, 40000 };
	struct pair p = pair_new(c);

	rec_opt(c, "server", p.sv, IPPROTO_TCP, TCP_MAXSEG);
	try_values(c, p.cl, TCP_MAXSEG, "client", values, 4);
	shutdown(p.cl, SHUT_WR);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.cl, TCP_CLOSE);
	rec_opt(c, "closed", p.cl, IPPROTO_TCP, TCP_MAXSEG);
}

static void maxseg_agreed(struct ctx *c, int client, int server)
{
	int ls = must(c, sk_new(c)), cl = must(c, sk_new(c));
	struct addr a = addr_at(c, LOOP, 0);
	struct info i;
	socklen_t len;
	struct pair p;

	rec(c, "client %d server %d", client, server);
	if (server)
		rc(c, "server's", set_int(ls, IPPROTO_TCP, TCP_MAXSEG, server));
	if (client)
		rc(c, "client's", set_int(cl, IPPROTO_TCP, TCP_MAXSEG, client));
	must(c, bind(ls, &a.sa, a.len));
	must(c, listen(ls, 1));
	p = pair_to(c, ls, cl);
	rec_opt(c, "client", p.cl, IPPROTO_TCP, TCP_MAXSEG);
	rec_opt(c, "server", p.sv, IPPROTO_TCP, TCP_MAXSEG);
	i = info_of(p.cl, &len);
	rec(c, "client advmss %u", i.i.tcpi_advmss);
	i = info_of(p.sv, &len);
	rec(c, "server advmss %u", i.i.tcpi_advmss);
	close(ls);
}

SCENARIO(maxseg_agreed_by_both)
{
	maxseg_agreed(c, 0, 0);
	maxseg_agreed(c, 600, 0);
	maxseg_agreed(c, 0, 700);
	maxseg_agreed(c, 600, 700);
	maxseg_agreed(c, 88, 0);
	maxseg_agreed(c, 9000, 9000);
}

SCENARIO(info_by_state)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));
	struct pair p = pair_new(c);

	rec_state(c, "fresh", fd);
	must(c, bind(fd, &a.sa, a.len));
	rec_state(c, "bound", fd);
	must(c, listen(fd, 1));
	rec_state(c, "listening", fd);
	rec_state(c, "connecting", sk_syn_sent(c));
	rec_state(c, "client", p.cl);
	rec_state(c, "server", p.sv);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	rec_state(c, "shut", p.cl);
	rec_state(c, "shut by the peer", p.sv);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_state(c, "both shut", p.cl);
	rec_state(c, "both shut", p.sv);
}

SCENARIO(info_lengths)
{
	static const int lens[] = { 0, 1, 4, 7, 8, 50, 104, 105, -1 };
	struct pair p = pair_new(c);
	unsigned char buf[1024];
	unsigned int i;
	long ret;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];

		memset(buf, 0xee, sizeof(buf));
		ret = getsockopt(p.cl, IPPROTO_TCP, TCP_INFO, buf, &len);
		rec(c, "length %d: %s len %d first %02x", lens[i], ret ? errno_text(errno) : "0",
		    (int)len, buf[0]);
		if (lens[i] >= 0)
			rec(c, "nothing beyond: %d", buf[lens[i]] == 0xee);
	}
	rc(c, "bad memory", getsockopt(p.cl, IPPROTO_TCP, TCP_INFO, (void *)8, &(socklen_t){ 104 }));
	rc(c, "bad length", getsockopt(p.cl, IPPROTO_TCP, TCP_INFO, buf, (void *)8));
	rc(c, "set", set_int(p.cl, IPPROTO_TCP, TCP_INFO, 1));
	/* All of it: at least what the first kernels had. */
	{
		socklen_t len = sizeof(buf);

		rc(c, "all", getsockopt(p.cl, IPPROTO_TCP, TCP_INFO, buf, &len));
		rec(c, "104 at least: %d", len >= 104);
	}
}

/* Of the kernel's struct, behind what glibc has */
static unsigned long long info_at(const struct info *info, size_t at, size_t size)
{
	unsigned long long v = 0;

	memcpy(&v, (const char *)info + at, size);
	return v;
}

static void rec_counts(struct ctx *c, const char *what, int fd)
{
	socklen_t len;
	struct info i = info_of(fd, &len);

	rec(c, "%s: state %u, acked %llu, received %llu, sent %llu, again %llu", what,
	    i.i.tcpi_state, info_at(&i, 120, 8), info_at(&i, 128, 8), info_at(&i, 200, 8),
	    info_at(&i, 208, 8));
	rec(c, "%s: any segments in %d out %d, with data in %llu out %llu, delivered %llu", what,
	    info_at(&i, 140, 4) > 0, info_at(&i, 136, 4) > 0, info_at(&i, 152, 4),
	    info_at(&i, 156, 4), info_at(&i, 192, 4));
}

/* Nothing of a connection is left once the socket is another's, or a listener's */
SCENARIO(info_counts)
{
	struct pair p = pair_new(c);
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	char data[1000] = "";

	rec_counts(c, "fresh", p.cl);
	must(c, send(p.cl, data, 300, 0));
	must(c, recv(p.sv, data, 300, MSG_WAITALL));
	must(c, send(p.sv, data, 500, 0));
	must(c, recv(p.cl, data, 500, MSG_WAITALL));
	rec_counts(c, "used", p.cl);
	must(c, connect(p.cl, &none, sizeof(none)));
	rec_counts(c, "disconnected", p.cl);
	must(c, listen(p.cl, 5));
	rec_counts(c, "listening", p.cl);
	must(c, shutdown(p.cl, SHUT_RD));
	rec_counts(c, "no longer", p.cl);
}

SCENARIO(info_values)
{
	static char data[200000];
	struct pair p = pair_new(c);
	struct info i;
	socklen_t len;
	long n, got = 0;
	int pid;

	i = info_of(p.cl, &len);
	rec(c, "fresh: rtt %d rto %d cwnd %u retransmits %u unacked %u", i.i.tcpi_rtt > 0,
	    i.i.tcpi_rto >= 200000, i.i.tcpi_snd_cwnd, i.i.tcpi_retransmits, i.i.tcpi_unacked);
	rec(c, "mss %u rcv_mss %d pmtu %u ca_state %u probes %u backoff %u", i.i.tcpi_snd_mss,
	    i.i.tcpi_rcv_mss > 0, i.i.tcpi_pmtu, i.i.tcpi_ca_state, i.i.tcpi_probes,
	    i.i.tcpi_backoff);
	pid = fork();
	if (!pid)
		_exit(send(p.cl, data, sizeof(data), 0) != sizeof(data));
	while (got < (long)sizeof(data) && (n = recv(p.sv, data, sizeof(data), 0)) > 0)
		got += n;
	waitpid(pid, NULL, 0);
	wait_until(c, queued_out(p.cl) == 0);
	i = info_of(p.cl, &len);
	rec(c, "then: rtt %d cwnd %d unacked %u lost %u retrans %u total %u", i.i.tcpi_rtt > 0,
	    i.i.tcpi_snd_cwnd >= 10, i.i.tcpi_unacked, i.i.tcpi_lost, i.i.tcpi_retrans,
	    i.i.tcpi_total_retrans);
	i = info_of(p.sv, &len);
	rec(c, "receiver: rtt %d rcv_space %d", i.i.tcpi_rtt > 0, i.i.tcpi_rcv_space > 0);
	i = info_of(sk_listener_at(c, LOOP2, 7), &len);
	rec(c, "listener: backlog used %u of %u", i.i.tcpi_unacked, i.i.tcpi_sacked);
}

SCENARIO(info_of_a_listener)
{
	int ls = sk_listener_at(c, LOOP, 5), i;
	struct addr a = addr_local(ls);
	struct info info;
	socklen_t len;

	for (i = 0; i < 3; i++) {
		must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
		info = info_of(ls, &len);
		rec(c, "waiting %u of %u", info.i.tcpi_unacked, info.i.tcpi_sacked);
	}
	must(c, accept(ls, NULL, NULL));
	info = info_of(ls, &len);
	rec(c, "waiting %u of %u", info.i.tcpi_unacked, info.i.tcpi_sacked);
}

/* A SYN into silence is sent again, and counted. */
SCENARIO(info_retransmits)
{
	int fd = sk_syn_sent(c);
	struct info i;
	socklen_t len;

	i = info_of(fd, &len);
	rec(c, "at first: retransmits %u total %u", i.i.tcpi_retransmits, i.i.tcpi_total_retrans);
	do {
		poll(NULL, 0, 1);
		i = info_of(fd, &len);
	} while (i.i.tcpi_state == TCP_SYN_SENT && !i.i.tcpi_total_retrans);
	rec(c, "after one: retransmits %u total %u backoff %u rto %u", i.i.tcpi_retransmits,
	    i.i.tcpi_total_retrans, i.i.tcpi_backoff, i.i.tcpi_rto / 1000);
}

TEST_HARNESS_MAIN
