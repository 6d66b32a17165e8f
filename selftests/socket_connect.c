// SPDX-License-Identifier: GPL-2.0
/*
 * connect() beside TCP: blocking and not, refused, interrupted, timed out, to
 * addresses of every sort, in every state, and undone by AF_UNSPEC.
 */
#include "lib/socktest.h"

static long connect_unspec(int fd)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };

	return connect(fd, &sa, sizeof(sa));
}

SCENARIO(blocking)
{
	int ls = sk_listener(c), fd = must(c, sk_new(c));
	struct addr a = addr_local(ls);

	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_state(c, "connected", fd);
	rec_sockname(c, "connected", fd);
	rec_peername(c, "connected", fd);
	rec_opt(c, "SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	rc(c, "again", connect(fd, &a.sa, a.len));
	rec_so_error(c, "again", fd);
	rec_state(c, "connected still", fd);
}

SCENARIO(refused)
{
	struct addr a = addr_closed(c), b = addr_local(sk_listener(c));
	int fd = must(c, sk_settled(c));

	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_so_error(c, "refused", fd);
	rec_state(c, "refused", fd);
	rec_poll(c, "refused", fd);
	rec_sockname(c, "refused", fd);
	rec_peername(c, "refused", fd);
	rec_recv(c, "recv", fd, 10, 0);
	rc(c, "send", send(fd, "x", 1, 0));
	rec_sigpipes(c, "send");
	rc(c, "shutdown", shutdown(fd, SHUT_RDWR));
	rc(c, "connect again", connect(fd, &a.sa, a.len));
	rc(c, "connect to a listener", connect(fd, &b.sa, b.len));
	rec_peername(c, "connected", fd);
}

SCENARIO(nonblocking)
{
	int ls = sk_listener(c), fd = must(c, sk_flags(c, SOCK_NONBLOCK));
	struct addr a = addr_local(ls);

	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_poll(c, fd, POLLOUT);
	rec_so_error(c, "connected", fd);
	rec_poll(c, "connected", fd);
	rc(c, "connect to learn the outcome", connect(fd, &a.sa, a.len));
	rc(c, "and again", connect(fd, &a.sa, a.len));
	rec_peername(c, "connected", fd);
}

SCENARIO(nonblocking_refused)
{
	struct addr a = addr_closed(c);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_state(c, fd, TCP_CLOSE);
	rec_poll(c, "refused", fd);
	rec_so_error(c, "refused", fd);
	rec_so_error(c, "refused, read twice", fd);
	rec_poll(c, "error read", fd);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_state(c, fd, TCP_CLOSE);
	rc(c, "connect to learn the outcome", connect(fd, &a.sa, a.len));
	rec_so_error(c, "then", fd);
}

SCENARIO(refused_learnt_by_recv)
{
	struct addr a = addr_closed(c);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_state(c, fd, TCP_CLOSE);
	rec_recv(c, "recv", fd, 10, 0);
	rec_recv(c, "recv", fd, 10, 0);
	rec_so_error(c, "then", fd);
	rec_poll(c, "then", fd);
}

SCENARIO(refused_learnt_by_send)
{
	struct addr a = addr_closed(c);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_state(c, fd, TCP_CLOSE);
	rc(c, "send", send(fd, "x", 1, 0));
	rec_sigpipes(c, "send");
	rc(c, "send", send(fd, "x", 1, 0));
	rec_sigpipes(c, "send");
	rec_so_error(c, "then", fd);
}

SCENARIO(into_silence)
{
	struct addr a = addr_at(c, SILENT, 7), b = addr_local(sk_listener(c));
	int fd = sk_syn_sent(c);

	rec_state(c, "waiting", fd);
	rec_poll(c, "waiting", fd);
	rc(c, "again", connect(fd, &a.sa, a.len));
	rc(c, "elsewhere", connect(fd, &b.sa, b.len));
	rec_so_error(c, "waiting", fd);
	rec_sockname(c, "waiting", fd);
	rec_peername(c, "waiting", fd);
	rec_recv(c, "recv", fd, 10, 0);
	rc(c, "send", send(fd, "x", 1, 0));
	rec_sigpipes(c, "send");
	rc(c, "bind", bind(fd, &b.sa, b.len));
	rc(c, "unspec", connect_unspec(fd));
	rec_state(c, "let go", fd);
	rec_so_error(c, "let go", fd);
	rc(c, "elsewhere", connect(fd, &b.sa, b.len));
	wait_poll(c, fd, POLLOUT);
	rec_state(c, "connected", fd);
	rec_peername(c, "connected", fd);
}

SCENARIO(shutdown_in_syn_sent)
{
	int how;

	netns_silent();
	for (how = SHUT_RD; how <= SHUT_RDWR; how++) {
		struct addr a = addr_at(c, SILENT, 7);
		int fd = must(c, sk_flags(c, SOCK_NONBLOCK));
		char what[20];

		snprintf(what, sizeof(what), "shutdown %d", how);
		rc(c, "connect", connect(fd, &a.sa, a.len));
		rc(c, what, shutdown(fd, how));
		rec_state(c, what, fd);
		rec_poll(c, what, fd);
		rec_so_error(c, what, fd);
		rec_recv(c, "recv", fd, 10, 0);
		rc(c, "connect", connect(fd, &a.sa, a.len));
	}
}

static struct addr async_to;

static long do_connect(int fd)
{
	return connect(fd, &async_to.sa, async_to.len);
}

SCENARIO(interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	int fd = must(c, sk_new(c));
	struct async t;

	netns_silent();
	sigaction(SIGUSR1, &sa, NULL);
	async_to = addr_at(c, SILENT, 7);
	async_start(c, &t, fd, do_connect);
	async_blocked(c, &t, SYS_connect);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "connect");
	rec_state(c, "interrupted", fd);
	rec_so_error(c, "interrupted", fd);
	rec_poll(c, "interrupted", fd);
	/* The attempt goes on. */
	sk_nonblock(fd, true);
	rc(c, "again", do_connect(fd));
}

SCENARIO(interrupted_again_blocking)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	int fd = must(c, sk_new(c)), i;
	struct async t;

	netns_silent();
	sigaction(SIGUSR1, &sa, NULL);
	async_to = addr_at(c, SILENT, 7);
	for (i = 0; i < 2; i++) {
		async_start(c, &t, fd, do_connect);
		async_blocked(c, &t, SYS_connect);
		pthread_kill(t.thread, SIGUSR1);
		async_join(c, &t, "connect");
	}
}

SCENARIO(timeout)
{
	struct timeval tv = { .tv_usec = 50000 };
	struct addr a = addr_at(c, SILENT, 7);
	int fd = must(c, sk_new(c));

	netns_silent();
	rc(c, "SO_SNDTIMEO", setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_state(c, "then", fd);
	rec_so_error(c, "then", fd);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_state(c, "then", fd);
}

SCENARIO(woken_by_shutdown)
{
	int fd = must(c, sk_new(c));
	struct async t;

	netns_silent();
	async_to = addr_at(c, SILENT, 7);
	async_start(c, &t, fd, do_connect);
	async_blocked(c, &t, SYS_connect);
	rc(c, "shutdown", shutdown(fd, SHUT_RDWR));
	async_join(c, &t, "connect");
	rec_so_error(c, "then", fd);
	rec_state(c, "then", fd);
}

static void connect_to(struct ctx *c, const char *what, enum where where, unsigned short port)
{
	struct addr a = addr_at(c, where, port);
	int fd = must(c, sk_settled_flags(c, SOCK_NONBLOCK));

	forget_ports(c);
	rc(c, what, connect(fd, &a.sa, a.len));
	rec_state(c, what, fd);
	rec_so_error(c, what, fd);
	rec_sockname(c, what, fd);
	rec_peername(c, what, fd);
	rec_poll(c, what, fd);
	close(fd);
}

SCENARIO(addresses)
{
	proves(c, "MUST-46");
	connect_to(c, "no route", NONLOCAL, 7);
	connect_to(c, "multicast", MULTICAST, 7);
	connect_to(c, "broadcast", BROADCAST, 7);
	netns_silent();
	connect_to(c, "silent", SILENT, 7);
	connect_to(c, "multicast, with an interface", MULTICAST, 7);
	connect_to(c, "broadcast, with an interface", BROADCAST, 7);
	connect_to(c, "port 0, silent", SILENT, 0);
}

SCENARIO(any_is_loopback)
{
	int ls = sk_listener_at(c, ANY, 4), fd = must(c, sk_new(c));
	struct addr a = addr_local(ls);

	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_sockname(c, "client", fd);
	rec_peername(c, "client", fd);
}

SCENARIO(port_zero)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));

	rc(c, "port 0", connect(fd, &a.sa, a.len));
	rec_so_error(c, "port 0", fd);
	rec_sockname(c, "port 0", fd);
}

SCENARIO(lengths)
{
	static const int lens[] = { -1, 0, 1, 2, 8, 15, 16, 17, 23, 24, 28, 127, 128, 129 };
	struct {
		struct addr a;
		char more[64];
	} big = { .a = addr_local(sk_listener(c)) };
	char what[32];
	unsigned int i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		fd = must(c, sk_settled(c));
		snprintf(what, sizeof(what), "length %d", lens[i]);
		rc(c, what, connect(fd, &big.a.sa, lens[i]));
		rec_state(c, what, fd);
		close(fd);
	}
	fd = must(c, sk_settled(c));
	rc(c, "no memory there", connect(fd, (void *)8, big.a.len));
	rc(c, "no pointer", connect(fd, NULL, big.a.len));
	rc(c, "no such descriptor", connect(-1, &big.a.sa, big.a.len));
	rc(c, "not a socket", connect(must(c, open("/dev/null", O_RDWR)), &big.a.sa, big.a.len));
	rec_state(c, "then", fd);
}

SCENARIO(families)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_PACKET, 18, 255 };
	struct addr to = addr_local(sk_listener(c));
	unsigned int i;
	char what[32];
	int fd;

	for (i = 0; i < ARRAY_SIZE(families); i++) {
		struct addr a = to;

		/* A fresh AF_XTCP socket takes either, by design. */
		if (c->kind->family == AF_INET && families[i] == AF_INET6)
			continue;
		fd = must(c, sk_settled(c));
		a.sa.sa_family = families[i];
		snprintf(what, sizeof(what), "family %d", families[i]);
		rc(c, what, connect(fd, &a.sa, a.len));
		rec_state(c, what, fd);
		close(fd);
	}
}

/* Bound to one family, then asked for the other. */
SCENARIO(other_family_once_bound)
{
	struct addr a = addr_at(c, LOOP, 0), b;
	int fd = must(c, sk_new(c));

	must(c, bind(fd, &a.sa, a.len));
	b = addr_of(is6(c) ? AF_INET : AF_INET6, is6(c) ? "127.0.0.1" : "::1", 7);
	b.len = sizeof(b.v6);
	rc(c, "connect to the other family", connect(fd, &b.sa, b.len));
	rec_state(c, "then", fd);
}

SCENARIO6(v4_mapped)
{
	struct addr a4 = addr_of(AF_INET, "127.0.0.1", 0), a6;
	int d4 = c->kind->domain == AF_INET6 ? AF_INET : c->kind->domain;
	int ls = must(c, socket(d4, SOCK_STREAM, c->kind->protocol)), fd, sv;

	must(c, bind(ls, &a4.sa, a4.len));
	must(c, listen(ls, 4));
	a4 = addr_local(ls);
	a6 = addr_of(AF_INET6, "::ffff:127.0.0.1", addr_port(&a4));
	fd = must(c, sk_new(c));
	rc(c, "to an IPv4 listener", connect(fd, &a6.sa, a6.len));
	rec_sockname(c, "client", fd);
	rec_peername(c, "client", fd);
	sv = must(c, accept(ls, NULL, NULL));
	rec_peername(c, "server", sv);
	rec_opt(c, "client's SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	rc(c, "send", send(fd, "mapped", 6, 0));
	rec_recv(c, "recv", sv, 6, MSG_WAITALL);
	fd = must(c, sk_settled(c));
	set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	rc(c, "with V6ONLY", connect(fd, &a6.sa, a6.len));
}

SCENARIO6(dual_stack_listener)
{
	struct addr a, got = { .len = sizeof(got.room) };
	int d4 = c->kind->domain == AF_INET6 ? AF_INET : c->kind->domain;
	int ls, cl, sv;

	ls = sk_listener_at(c, ANY, 4);
	a = addr_local(ls);
	a = addr_of(AF_INET, "127.0.0.1", addr_port(&a));
	cl = must(c, socket(d4, SOCK_STREAM, c->kind->protocol));
	rc(c, "connect by IPv4", connect(cl, &a.sa, a.len));
	sv = accept(ls, &got.sa, &got.len);
	rec_addr(c, "accept", sv, &got.sa, got.len);
	rec_sockname(c, "server", sv);
	rec_opt(c, "server's SO_DOMAIN", sv, SOL_SOCKET, SO_DOMAIN);
	rc(c, "send", send(sv, "both", 4, 0));
	rec_recv(c, "recv", cl, 4, MSG_WAITALL);
	close(ls);
	ls = must(c, sk_settled(c));
	set_int(ls, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	a = addr_at(c, ANY, 0);
	must(c, bind(ls, &a.sa, a.len));
	must(c, listen(ls, 4));
	a = addr_local(ls);
	a = addr_of(AF_INET, "127.0.0.1", addr_port(&a));
	cl = must(c, socket(d4, SOCK_STREAM, c->kind->protocol));
	rc(c, "V6ONLY, connect by IPv4", connect(cl, &a.sa, a.len));
}

SCENARIO(on_listener)
{
	int ls = sk_listener(c), other = sk_listener(c);
	struct addr a = addr_local(other);

	rc(c, "connect", connect(ls, &a.sa, a.len));
	rec_state(c, "listener", ls);
	rec_so_error(c, "listener", ls);
	rc(c, "unspec", connect_unspec(ls));
	rec_state(c, "listener", ls);
	rec_sockname(c, "listener", ls);
	rc_fd(c, "accept", accept(ls, NULL, NULL));
}

/* One socket, both ends: a simultaneous open with itself. */
SCENARIO(with_itself)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_new(c));

	proves(c, "RFC9293-A.2");
	must(c, bind(fd, &a.sa, a.len));
	a = addr_local(fd);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	rec_state(c, "connected", fd);
	rec_sockname(c, "name", fd);
	rec_peername(c, "name", fd);
	rec_poll(c, "connected", fd);
	rc(c, "send", send(fd, "myself", 6, 0));
	rec_recv(c, "recv", fd, 6, MSG_WAITALL);
	rc(c, "shutdown", shutdown(fd, SHUT_WR));
	wait_poll(c, fd, POLLRDHUP);
	rec_recv(c, "recv", fd, 6, 0);
	rec_poll(c, "shut", fd);
	rc(c, "close", close(fd));
}

SCENARIO(from_a_bound_port)
{
	int ls = sk_listener(c), fd = must(c, sk_new(c)), other = must(c, sk_new(c));
	struct addr a = addr_at(c, LOOP2, 0), to = addr_local(ls);

	proves(c, "MUST-43");
	must(c, bind(fd, &a.sa, a.len));
	rec_sockname(c, "bound", fd);
	rc(c, "connect", connect(fd, &to.sa, to.len));
	rec_sockname(c, "connected", fd);
	a = addr_local(fd);
	/* The same four numbers again. */
	set_int(other, SOL_SOCKET, SO_REUSEADDR, 1);
	rc(c, "bind the same", bind(other, &a.sa, a.len));
	close(fd);
}

SCENARIO(same_four_numbers)
{
	int ls = sk_listener(c), one = must(c, sk_new(c)), two = must(c, sk_new(c));
	struct addr a = addr_at(c, LOOP, 0), to = addr_local(ls);

	set_int(one, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(two, SOL_SOCKET, SO_REUSEADDR, 1);
	must(c, bind(one, &a.sa, a.len));
	a = addr_local(one);
	rc(c, "bind the second", bind(two, &a.sa, a.len));
	rc(c, "connect the first", connect(one, &to.sa, to.len));
	rc(c, "connect the second", connect(two, &to.sa, to.len));
	rec_state(c, "the second", two);
	rec_sockname(c, "the second", two);
	to = addr_local(sk_listener(c));
	rc(c, "the second elsewhere", connect(two, &to.sa, to.len));
}

SCENARIO(undone)
{
	int ls = sk_listener(c), fd = must(c, sk_settled(c));
	struct addr to = addr_local(ls);
	struct pair p;

	rc(c, "fresh", connect_unspec(fd));
	rec_state(c, "fresh", fd);
	p = pair_to(c, ls, fd);
	rc(c, "unspec", connect_unspec(fd));
	rec_state(c, "then", fd);
	rec_sockname(c, "then", fd);
	rec_peername(c, "then", fd);
	rec_poll(c, "then", fd);
	rec_recv(c, "recv", fd, 10, MSG_DONTWAIT);
	rc(c, "send", send(fd, "x", 1, 0));
	rec_sigpipes(c, "send");
	rec_so_error(c, "then", fd);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_so_error(c, "the peer", p.sv);
	rc(c, "connect once more", connect(fd, &to.sa, to.len));
	p.sv = must(c, accept(ls, NULL, NULL));
	rc(c, "send", send(fd, "again", 5, 0));
	rec_recv(c, "recv", p.sv, 5, MSG_WAITALL);
}

SCENARIO(undone_keeps_what_was_bound)
{
	int ls = sk_listener(c), fd = must(c, sk_new(c));
	struct addr a = addr_at(c, LOOP, 0);
	struct pair p;

	must(c, bind(fd, &a.sa, a.len));
	p = pair_to(c, ls, fd);
	rec_sockname(c, "connected", fd);
	rc(c, "unspec", connect_unspec(fd));
	rec_sockname(c, "then", fd);
	rc(c, "bind", bind(fd, &a.sa, a.len));
	rc(c, "listen", listen(fd, 1));
	rec_state(c, "then", fd);
	(void)p;
}

SCENARIO(undone_with_data)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.sv, "unread", 6, 0));
	wait_until(c, queued_in(p.cl) == 6);
	rc(c, "unspec", connect_unspec(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_so_error(c, "the peer", p.sv);
	rec(c, "FIONREAD %d", queued_in(p.cl));
	rec_recv(c, "recv", p.cl, 10, MSG_DONTWAIT);
}

SCENARIO(client_then_server_then_client)
{
	int ls = sk_listener(c), fd = must(c, sk_new(c)), cl = must(c, sk_new(c));
	struct addr a = addr_at(c, LOOP, 0), to = addr_local(ls), own;
	struct pair p = pair_to(c, ls, fd);

	rc(c, "unspec", connect_unspec(fd));
	rc(c, "bind", bind(fd, &a.sa, a.len));
	rc(c, "listen", listen(fd, 2));
	own = addr_local(fd);
	rc(c, "a client of it", connect(cl, &own.sa, own.len));
	rc_fd(c, "accept", accept(fd, NULL, NULL));
	rc(c, "unspec", connect_unspec(fd));
	rec_state(c, "no more a listener", fd);
	rc(c, "connect", connect(fd, &to.sa, to.len));
	rec_peername(c, "a client again", fd);
	(void)p;
}

SCENARIO(in_closing_states)
{
	struct addr to = addr_local(sk_listener(c));
	struct pair p = pair_new(c);

	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "FIN-WAIT-2", connect(p.cl, &to.sa, to.len));
	rc(c, "CLOSE-WAIT", connect(p.sv, &to.sa, to.len));
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "after TIME-WAIT began", connect(p.cl, &to.sa, to.len));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_state(c, "closed", p.sv);
	rc(c, "closed", connect(p.sv, &to.sa, to.len));
	rc(c, "closed, unspec", connect_unspec(p.sv));
	rc(c, "closed, then", connect(p.sv, &to.sa, to.len));
}

TEST_HARNESS_MAIN
