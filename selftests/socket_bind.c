// SPDX-License-Identifier: GPL-2.0
/*
 * bind() beside TCP: which addresses, lengths and families it takes, and who may
 * share a port with whom (SO_REUSEADDR, IPV6_V6ONLY, listeners, TIME-WAIT).
 */
#include "lib/socktest.h"

static void bind_to(struct ctx *c, const char *what, enum where where, unsigned short port)
{
	struct addr a = addr_at(c, where, port);
	int fd = must(c, sk_settled(c));

	forget_ports(c);
	rc(c, what, bind(fd, &a.sa, a.len));
	rec_sockname(c, what, fd);
	rec_peername(c, what, fd);
	rec_state(c, what, fd);
	rec_poll(c, what, fd);
	close(fd);
}

SCENARIO(addresses)
{
	proves(c, "MUST-43");
	bind_to(c, "any", ANY, 0);
	bind_to(c, "loopback", LOOP, 0);
	bind_to(c, "second loopback", LOOP2, 0);
	bind_to(c, "a port of our choice", LOOP, 20404);
	bind_to(c, "the last port", LOOP, 65535);
	bind_to(c, "not ours", NONLOCAL, 0);
	bind_to(c, "not ours, with a port", NONLOCAL, 40404);
	bind_to(c, "multicast", MULTICAST, 40404);
	bind_to(c, "broadcast", BROADCAST, 40404);
	bind_to(c, "a privileged port", LOOP, 80);
}

SCENARIO(first_address_decides)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_new(c));

	rc(c, "bind", bind(fd, &a.sa, a.len));
	rec_opt(c, "SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	rec_sockname(c, "bound", fd);
}

SCENARIO(without_privilege)
{
	struct addr a = addr_at(c, LOOP, 80);
	struct addr b = addr_at(c, LOOP, 1023);
	struct addr d = addr_at(c, LOOP, 1024);

	/* Sockets take their privilege from the process, not from who opened them. */
	must(c, syscall(SYS_setresuid, 65534, 65534, 65534));
	rc(c, "port 80", bind(must(c, sk_new(c)), &a.sa, a.len));
	rc(c, "port 1023", bind(must(c, sk_new(c)), &b.sa, b.len));
	rc(c, "port 1024", bind(must(c, sk_new(c)), &d.sa, d.len));
}

SCENARIO(lengths)
{
	static const int lens[] = { -1, 0, 1, 2, 4, 8, 15, 16, 17, 23, 24, 27, 28, 29, 64, 127,
				    128, 129, 1 << 20 };
	struct {
		struct addr a;
		char more[64];
	} big = { .a = addr_at(c, LOOP, 0) };
	unsigned int i;
	char what[32];
	int fd;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		fd = must(c, sk_settled(c));
		forget_ports(c);
		snprintf(what, sizeof(what), "length %d", lens[i]);
		rc(c, what, bind(fd, &big.a.sa, lens[i]));
		rec_sockname(c, what, fd);
		close(fd);
	}
	fd = must(c, sk_settled(c));
	rc(c, "no memory there", bind(fd, (void *)8, big.a.len));
	rc(c, "no pointer", bind(fd, NULL, big.a.len));
	rc(c, "no pointer, no length", bind(fd, NULL, 0));
	rc(c, "no such descriptor", bind(-1, &big.a.sa, big.a.len));
	rc(c, "not a socket", bind(must(c, open("/dev/null", O_RDWR)), &big.a.sa, big.a.len));
	rc(c, "and then well", bind(fd, &big.a.sa, big.a.len));
}

SCENARIO(families)
{
	static const int families[] = { AF_UNSPEC, AF_UNIX, AF_INET, AF_INET6, AF_PACKET, 18, 255,
					65535 };
	unsigned int i;
	char what[40];
	int where, fd;

	for (where = 0; where < 2; where++) {
		for (i = 0; i < ARRAY_SIZE(families); i++) {
			struct addr a = addr_at(c, where ? LOOP : ANY, 0);

			fd = must(c, sk_settled(c));
			/* A fresh AF_XTCP socket takes an IPv6 address, by design. */
			if (c->kind->family == AF_INET && families[i] == AF_INET6)
				continue;
			/* And one that is IPv6 and not bound has no less sense of IPv4. */
			a.sa.sa_family = families[i];
			forget_ports(c);
			snprintf(what, sizeof(what), "%s as family %d",
				 where ? "loopback" : "any", families[i]);
			rc(c, what, bind(fd, &a.sa, a.len));
			rec_sockname(c, what, fd);
			close(fd);
		}
	}
}

SCENARIO(twice)
{
	struct addr a = addr_at(c, LOOP, 0), b = addr_at(c, LOOP2, 0), got;
	int fd = must(c, sk_settled(c)), other = must(c, sk_settled(c));
	struct pair p;

	rc(c, "first", bind(fd, &a.sa, a.len));
	got = addr_local(fd);
	rc(c, "again", bind(fd, &a.sa, a.len));
	rc(c, "again, the same port", bind(fd, &got.sa, got.len));
	rc(c, "again, elsewhere", bind(fd, &b.sa, b.len));
	rec_sockname(c, "still", fd);
	rc(c, "another, same port", bind(other, &got.sa, got.len));
	rec_sockname(c, "the other", other);
	rc(c, "the other, a free port", bind(other, &a.sa, a.len));
	p = pair_new(c);
	rc(c, "connected", bind(p.cl, &a.sa, a.len));
	rc(c, "accepted", bind(p.sv, &a.sa, a.len));
	rc(c, "listening", bind(sk_listener(c), &a.sa, a.len));
}

SCENARIO(after_a_failed_bind)
{
	struct addr taken, a = addr_at(c, NONLOCAL, 0), ok = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));

	taken = addr_local(sk_listener(c));
	rc(c, "not ours", bind(fd, &a.sa, a.len));
	rc(c, "taken", bind(fd, &taken.sa, taken.len));
	rec_sockname(c, "unbound still", fd);
	rc(c, "free", bind(fd, &ok.sa, ok.len));
	rec_sockname(c, "bound", fd);
	rc(c, "listen", listen(fd, 1));
}

/* A port that nobody has at any address, nor a connection of an earlier case in TIME-WAIT. */
static int unheld_port(struct ctx *c)
{
	struct addr a = addr_at(c, ANY, 0);
	int fd = must(c, sk_settled(c));

	must(c, bind(fd, &a.sa, a.len));
	a = addr_local(fd);
	close(fd);
	return addr_port(&a);
}

/*
 * Two sockets on one port: every combination of SO_REUSEADDR on either, of
 * listening on either, and of addresses that overlap or don't.
 */
static void two(struct ctx *c, int bits, enum where w1, enum where w2)
{
	bool reuse1 = bits & 1, reuse2 = bits & 2, listen1 = bits & 4;
	struct addr a = addr_at(c, w1, unheld_port(c)), b;
	int one = must(c, sk_settled(c)), two = must(c, sk_settled(c));
	char what[100];

	forget_ports(c);
	set_int(one, SOL_SOCKET, SO_REUSEADDR, reuse1);
	set_int(two, SOL_SOCKET, SO_REUSEADDR, reuse2);
	must(c, bind(one, &a.sa, a.len));
	if (listen1)
		must(c, listen(one, 4));
	b = addr_local(one);
	b = addr_at(c, w2, addr_port(&b));
	snprintf(what, sizeof(what), "%s%s%s then %s%s", where_text(c, w1),
		 reuse1 ? " reuse" : "", listen1 ? " listening" : "", where_text(c, w2),
		 reuse2 ? " reuse" : "");
	rc(c, what, bind(two, &b.sa, b.len));
	rec_sockname(c, what, two);
	rc(c, "listen on the second", listen(two, 4));
	rec_sockname(c, "the second now", two);
	rc(c, "listen on the first", listen(one, 4));
	close(one);
	close(two);
}

SCENARIO(sharing_same_address)
{
	int bits;

	for (bits = 0; bits < 8; bits++)
		two(c, bits, LOOP, LOOP);
}

SCENARIO(sharing_any_then_specific)
{
	int bits;

	for (bits = 0; bits < 8; bits++)
		two(c, bits, ANY, LOOP);
}

SCENARIO(sharing_specific_then_any)
{
	int bits;

	for (bits = 0; bits < 8; bits++)
		two(c, bits, LOOP, ANY);
}

SCENARIO(sharing_different_addresses)
{
	int bits;

	for (bits = 0; bits < 8; bits++)
		two(c, bits, LOOP, LOOP2);
}

SCENARIO(reuse_changed_after_bind)
{
	int one = must(c, sk_settled(c)), two = must(c, sk_settled(c));
	struct addr a = addr_at(c, LOOP, 0);

	set_int(one, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(two, SOL_SOCKET, SO_REUSEADDR, 1);
	must(c, bind(one, &a.sa, a.len));
	a = addr_local(one);
	rc(c, "second", bind(two, &a.sa, a.len));
	rc(c, "first listens", listen(one, 1));
	rc(c, "second listens", listen(two, 1));
	rc(c, "reuse off on the second", set_int(two, SOL_SOCKET, SO_REUSEADDR, 0));
	close(one);
	rc(c, "second listens, first gone", listen(two, 1));
}

/* A server dies with a connection open; its port, for the next server. */
static void after_server(struct ctx *c, bool reuse, bool old_reuse)
{
	struct addr a = addr_at(c, LOOP, 0);
	int ls = must(c, sk_new(c)), next = must(c, sk_settled(c));
	struct pair p;

	set_int(ls, SOL_SOCKET, SO_REUSEADDR, old_reuse);
	must(c, bind(ls, &a.sa, a.len));
	must(c, listen(ls, 4));
	a = addr_local(ls);
	p = pair_to(c, ls, must(c, sk_new(c)));
	close(ls);
	set_int(next, SOL_SOCKET, SO_REUSEADDR, reuse);
	rec(c, "old server %s reuse, new %s", old_reuse ? "with" : "without",
	    reuse ? "with" : "without");
	rc(c, "connection open", bind(next, &a.sa, a.len));
	close(next);
	next = must(c, sk_settled(c));
	set_int(next, SOL_SOCKET, SO_REUSEADDR, reuse);
	/* The server's end closes first: its is the TIME-WAIT. */
	close(p.sv);
	wait_poll(c, p.cl, POLLIN | POLLRDHUP);
	rc(c, "FIN-WAIT-2", bind(next, &a.sa, a.len));
	close(next);
	next = must(c, sk_settled(c));
	set_int(next, SOL_SOCKET, SO_REUSEADDR, reuse);
	rc(c, "the client's close", shutdown(p.cl, SHUT_WR));
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "TIME-WAIT", bind(next, &a.sa, a.len));
	rc(c, "listen there", listen(next, 4));
	rec_sockname(c, "the next server", next);
}

SCENARIO(time_wait_without_reuse)
{
	after_server(c, false, false);
}

SCENARIO(time_wait_with_reuse)
{
	after_server(c, true, true);
}

SCENARIO(time_wait_new_reuse_only)
{
	after_server(c, true, false);
}

SCENARIO(time_wait_old_reuse_only)
{
	after_server(c, false, true);
}

SCENARIO(port_free_after_reset)
{
	struct addr a = addr_at(c, LOOP, 0);
	int ls = sk_listener(c), next = must(c, sk_settled(c));
	struct pair p = pair_to(c, ls, must(c, sk_new(c)));

	a = addr_local(ls);
	close(ls);
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "after a reset", bind(next, &a.sa, a.len));
}

SCENARIO(port_free_after_close)
{
	struct addr a = addr_at(c, ANY, 0), b;
	int fd = must(c, sk_new(c)), i;

	must(c, bind(fd, &a.sa, a.len));
	b = addr_local(fd);
	for (i = 0; i < 20; i++) {
		close(fd);
		fd = must(c, sk_new(c));
		rc(c, "again", bind(fd, &b.sa, b.len));
		if (i & 1)
			rc(c, "listen", listen(fd, 1));
	}
}

/* IPv6 and IPv4 on one port: V6ONLY or not, in either order. */
static void both_families(struct ctx *c, bool v6only, bool four_first)
{
	int port = unheld_port(c);
	struct addr a4 = addr_of(AF_INET, "0.0.0.0", port), a6 = addr_of(AF_INET6, "::", port);
	int d4 = c->kind->domain == AF_INET6 ? AF_INET : c->kind->domain;
	int f4 = must(c, socket(d4, SOCK_STREAM, c->kind->protocol));
	int f6 = must(c, sk_new(c));

	forget_ports(c);
	rc(c, "V6ONLY", set_int(f6, IPPROTO_IPV6, IPV6_V6ONLY, v6only));
	rec(c, "V6ONLY %d, IPv4 %s", v6only, four_first ? "first" : "second");
	if (four_first) {
		rc(c, "IPv4", bind(f4, &a4.sa, a4.len));
		rc(c, "IPv6", bind(f6, &a6.sa, a6.len));
	} else {
		rc(c, "IPv6", bind(f6, &a6.sa, a6.len));
		rc(c, "IPv4", bind(f4, &a4.sa, a4.len));
	}
	rec_sockname(c, "IPv4", f4);
	rec_sockname(c, "IPv6", f6);
	rc(c, "V6ONLY after bind", set_int(f6, IPPROTO_IPV6, IPV6_V6ONLY, !v6only));
	close(f4);
	close(f6);
}

SCENARIO6(v6only)
{
	both_families(c, false, false);
	both_families(c, false, true);
	both_families(c, true, false);
	both_families(c, true, true);
}

SCENARIO6(v4_mapped)
{
	struct addr a = addr_of(AF_INET6, "::ffff:127.0.0.1", 0), got;
	int fd = must(c, sk_settled(c)), other = must(c, sk_settled(c));

	rc(c, "mapped", bind(fd, &a.sa, a.len));
	rec_sockname(c, "mapped", fd);
	got = addr_local(fd);
	rc(c, "mapped again", bind(other, &got.sa, got.len));
	close(fd);
	forget_ports(c);
	fd = must(c, sk_settled(c));
	set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	rc(c, "mapped with V6ONLY", bind(fd, &a.sa, a.len));
	a = addr_of(AF_INET6, "::ffff:192.0.2.1", 0);
	rc(c, "mapped, not ours", bind(other, &a.sa, a.len));
	a = addr_of(AF_INET6, "::ffff:0.0.0.0", 0);
	rc(c, "mapped any", bind(other, &a.sa, a.len));
	rec_sockname(c, "mapped any", other);
}

SCENARIO6(scoped_without_interface)
{
	struct addr a = addr_of(AF_INET6, "fe80::1", 0);
	int fd = must(c, sk_settled(c));

	rc(c, "link-local, no scope", bind(fd, &a.sa, a.len));
	a.v6.sin6_scope_id = 1;
	rc(c, "link-local, not ours", bind(fd, &a.sa, a.len));
	a.v6.sin6_scope_id = 99;
	rc(c, "link-local, no such interface", bind(fd, &a.sa, a.len));
	a = addr_of(AF_INET6, "::1", 0);
	a.v6.sin6_scope_id = 99;
	a.v6.sin6_flowinfo = htonl(0x12345);
	rc(c, "scope where none is needed", bind(fd, &a.sa, a.len));
	rec_sockname(c, "bound", fd);
}

SCENARIO(freebind_and_transparent)
{
	struct addr a = addr_at(c, NONLOCAL, 40404);
	int fd = must(c, sk_settled(c));

	rc(c, "IP_FREEBIND", set_int(fd, IPPROTO_IP, IP_FREEBIND, 1));
	rc(c, "bind", bind(fd, &a.sa, a.len));
	rec_sockname(c, "bound", fd);
	rc(c, "listen", listen(fd, 1));
}

/* Ports run out: a range of two has two ports. */
SCENARIO(ephemeral_range)
{
	struct addr a = addr_at(c, LOOP, 0), b = addr_at(c, LOOP2, 0);
	int f, i;

	netns_enter();
	f = must(c, open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY));
	must(c, (int)write(f, "50000 50001\n", 12));
	for (i = 0; i < 4; i++)
		rc(c, "bind", bind(must(c, sk_new(c)), &a.sa, a.len));
	for (i = 0; i < 4; i++)
		rc(c, "bind elsewhere", bind(must(c, sk_new(c)), &b.sa, b.len));
	rc(c, "listen without bind", listen(must(c, sk_settled(c)), 1));
}

static void write_sysctl(struct ctx *c, const char *path, const char *value)
{
	int f = must(c, open(path, O_WRONLY));

	must(c, (int)write(f, value, strlen(value)));
	close(f);
}

/* Ports that are set aside for others are in no one's range. */
SCENARIO(reserved_ports)
{
	struct addr a = addr_at(c, LOOP, 0), to = addr_at(c, LOOP, 20000);
	int ls, i, bad = 0;

	proves(c, "RFC6056-3.2-excl");
	netns_enter();
	ls = must(c, sk_new(c));
	must(c, bind(ls, &to.sa, to.len));
	must(c, listen(ls, 16));
	write_sysctl(c, "/proc/sys/net/ipv4/ip_local_port_range", "50000 50005\n");
	write_sysctl(c, "/proc/sys/net/ipv4/ip_local_reserved_ports", "50001-50003\n");
	for (i = 0; i < 3; i++) {
		int cl = must(c, sk_new(c));
		struct addr own;

		rc(c, "connect", connect(cl, &to.sa, to.len));
		own = addr_local(cl);
		bad += addr_port(&own) >= 50001 && addr_port(&own) <= 50003;
		sk_abort(cl);
	}
	for (i = 0; i < 3; i++) {
		int fd = must(c, sk_new(c));
		struct addr own;

		rc(c, "bind", bind(fd, &a.sa, a.len));
		own = addr_local(fd);
		bad += addr_port(&own) >= 50001 && addr_port(&own) <= 50003;
	}
	rc(c, "one more", bind(must(c, sk_new(c)), &a.sa, a.len));
	rec(c, "reserved ones: %d", bad);
}

/* A peer that has seen one port cannot tell the next: they are in no line. */
SCENARIO(ephemeral_ports_are_hidden)
{
	int i, close_by = 0, last = 0;

	proves(c, "RFC6056-3.3");
	for (i = 0; i < 21; i++) {
		int ls = sk_listener(c), cl = must(c, sk_new(c)), port;
		struct addr to = addr_local(ls), own;

		must(c, connect(cl, &to.sa, to.len));
		own = addr_local(cl);
		port = addr_port(&own);
		close_by += i && abs(port - last) <= 8;
		last = port;
	}
	/* By chance one is: 21 times 16 of 28232. */
	rec(c, "of 20 neighbours %s in a line", close_by > 4 ? "many are" : "few are, if any,");
}

/* The port of a connection, which is over then and leaves nothing on its port. */
static int port_of_connect(struct ctx *c, const struct addr *to)
{
	int fd = must(c, sk_new(c));
	struct addr own;

	must(c, connect(fd, &to->sa, to->len));
	own = addr_local(fd);
	sk_abort(fd);
	return addr_port(&own);
}

/*
 * Peers see the whole range: 96 of them, of which each quarter has 24, give or take. That
 * chance alone leaves one with three or less is 2 in a hundred million.
 */
SCENARIO(ephemeral_ports_use_the_range)
{
	int i, quarter[4] = { 0 }, few = 0;

	proves(c, "RFC6056-3.3");
	for (i = 0; i < 96; i++) {
		struct addr to = addr_local(sk_listener(c));
		int port = port_of_connect(c, &to);

		quarter[(port - 32768) * 4 / (61000 - 32768) & 3]++;
	}
	for (i = 0; i < 4; i++)
		few += quarter[i] < 4;
	rec(c, "quarters with few: %d", few);
}

/*
 * Every ten seconds of uptime the kernel takes another hash of the destination, for both
 * transports, and the ports go on from another place. What a row of connections shows that
 * goes on from one hash to the next says nothing; of so many rows one has its hash alone.
 */
#define HASHES 3

/* A row of ports to one peer; returns how many had been there before. */
#define ROW 64
static int row_of_ports(struct ctx *c, const struct addr *to, int *port)
{
	int i, j, again = 0;

	for (i = 0; i < ROW; i++) {
		port[i] = port_of_connect(c, to);
		for (j = 0; j < i; j++)
			again += port[i] == port[j];
	}
	return again;
}

/*
 * To one peer a port comes again as late as can be, no two steps tell the third, and
 * what goes to others meanwhile does not show.
 */
SCENARIO(ephemeral_ports_to_one_peer)
{
	struct addr to = addr_local(sk_listener_at(c, LOOP, 1000));
	int i, j, go, again, most = 0, step[ROW - 1] = { 0 }, port[ROW];

	proves(c, "RFC6056-3.3");
	for (go = 0, again = 1; go < HASHES && again; go++)
		again = row_of_ports(c, &to, port);
	rec(c, "of %d ports %d had been there", ROW, again);
	for (i = 0; i < ROW - 1; i++) {
		int same = 0;

		step[i] = port[i + 1] - port[i];
		for (j = 0; j <= i; j++)
			same += step[j] == step[i];
		most = same > most ? same : most;
	}
	/* One of eight at random: 8 of 63 each. TCP's is 2 in 15 of 16 cases. */
	if (!c->kind->tcp && most > 31)
		rec(c, "%d of %d steps are the same", most, ROW - 1);
	for (i = -1, go = 0; go < HASHES && (i <= 0 || i > 32); go++) {
		struct addr other = addr_local(sk_listener_at(c, LOOP, 100));
		int last = port_of_connect(c, &to);

		for (j = 0; j < 32; j++)
			port_of_connect(c, &other);
		i = port_of_connect(c, &to) - last;
		if (i < 0)
			i += 61000 - 32768;
	}
	rec(c, "32 elsewhere %s", i > 0 && i <= 32 ? "do not show" : "show");
}

/*
 * With a random place to begin and the next free port from there, which one it is would
 * be told by the ports before it that are taken. Here those that are free take turns.
 */
SCENARIO(ephemeral_ports_when_crowded)
{
	static const int left[] = { 61008, 61024, 61044 };
	struct addr to;
	int i, go, fd[64], taken = 0, port[9], turns = 0, others = 0;

	proves(c, "RFC6056-5");
	netns_enter();
	to = addr_local(sk_listener_at(c, LOOP, 100));
	write_sysctl(c, "/proc/sys/net/ipv4/ip_local_port_range", "61000 61063\n");
	for (i = 61000; i < 61064; i++) {
		struct addr a = addr_at(c, ANY, i);

		fd[i - 61000] = must(c, sk_settled(c));
		if (i != left[0] && i != left[1] && i != left[2])
			taken += !bind(fd[i - 61000], &a.sa, a.len);
	}
	for (go = 0; go < HASHES && turns < 9; go++) {
		for (i = turns = 0; i < 9; i++) {
			port[i] = port_of_connect(c, &to);
			others += port[i] != left[0] && port[i] != left[1] && port[i] != left[2];
			turns += i >= 3 ? port[i] == port[i - 3] : !i || port[i] != port[0];
		}
	}
	rec(c, "%d taken: of 9 ports %d are others, and %d in turn", taken, others, turns);
	for (i = 0; i < 3; i++) {
		struct addr a = addr_at(c, ANY, left[i]);

		must(c, bind(fd[left[i] - 61000], &a.sa, a.len));
	}
	for (i = 0; i < 3; i++)
		rc(c, "none is free", connect(must(c, sk_new(c)), &to.sa, to.len));
	close(fd[31]);
	rec(c, "the one that is free: %d", port_of_connect(c, &to));
}

SCENARIO(ports_differ)
{
	struct addr a = addr_at(c, ANY, 0), got;
	int i, j, same = 0, low = 0;
	unsigned short port[100];

	for (i = 0; i < 100; i++) {
		int fd = must(c, sk_new(c));

		must(c, bind(fd, &a.sa, a.len));
		got = addr_local(fd);
		port[i] = addr_port(&got);
		low += port[i] < 32768 || port[i] > 60999;
		for (j = 0; j < i; j++)
			same += port[i] == port[j];
	}
	rec(c, "of 100 ports %d the same, %d out of range", same, low);
}

TEST_HARNESS_MAIN
