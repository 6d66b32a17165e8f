// SPDX-License-Identifier: GPL-2.0
/*
 * listen() and accept() beside TCP: states, backlog, flags, addresses, and what
 * becomes of connections that nobody has accepted.
 */
#include "lib/socktest.h"

SCENARIO(unbound)
{
	int fd = must(c, sk_settled(c));
	struct addr a;

	rc(c, "listen", listen(fd, 5));
	rec_state(c, "listening", fd);
	rec_sockname(c, "listening", fd);
	rec_peername(c, "listening", fd);
	rec_opt(c, "SO_ACCEPTCONN", fd, SOL_SOCKET, SO_ACCEPTCONN);
	a = addr_local(fd);
	a = addr_at(c, LOOP, addr_port(&a));
	rc(c, "connect to it", connect(must(c, sk_new(c)), &a.sa, a.len));
}

SCENARIO(twice)
{
	int fd = sk_listener(c);

	rc(c, "a larger backlog", listen(fd, 100));
	rc(c, "a smaller one", listen(fd, 1));
	rc(c, "none", listen(fd, 0));
	rc(c, "less than none", listen(fd, -1));
	rc(c, "the most", listen(fd, 0x7fffffff));
	rec_state(c, "listening", fd);
}

SCENARIO(in_other_states)
{
	struct pair p = pair_new(c);
	int fd;

	rc(c, "client", listen(p.cl, 1));
	rc(c, "accepted", listen(p.sv, 1));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "FIN-WAIT-2", listen(p.cl, 1));
	rc(c, "CLOSE-WAIT", listen(p.sv, 1));
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "reset", listen(p.cl, 1));
	rec_state(c, "reset", p.cl);
	fd = sk_syn_sent(c);
	rc(c, "SYN-SENT", listen(fd, 1));
	rec_state(c, "SYN-SENT", fd);
	rc(c, "no such descriptor", listen(-1, 1));
	rc(c, "not a socket", listen(must(c, open("/dev/null", O_RDWR)), 1));
}

/* A listener comes and goes on a port where connections are open, and being opened. */
SCENARIO(beside_connections)
{
	struct addr any = addr_at(c, ANY, 0), silent = addr_at(c, SILENT, 7), to;
	int half = must(c, sk_flags(c, SOCK_NONBLOCK)), ls, cl, i, sv = -1;

	proves(c, "MUST-41 MUST-42");
	netns_silent();
	set_int(half, SOL_SOCKET, SO_REUSEADDR, 1);
	must(c, bind(half, &any.sa, any.len));
	any = addr_local(half);
	rc(c, "into silence", connect(half, &silent.sa, silent.len));
	to = addr_at(c, LOOP, addr_port(&any));
	any = addr_at(c, ANY, addr_port(&any));
	for (i = 0; i < 2; i++) {
		ls = must(c, sk_new(c));
		set_int(ls, SOL_SOCKET, SO_REUSEADDR, 1);
		rc(c, "bind", bind(ls, &any.sa, any.len));
		rc(c, "listen", listen(ls, 4));
		rec_state(c, "the one that opens", half);
		if (i)
			break;
		cl = must(c, sk_new(c));
		rc(c, "connect", connect(cl, &to.sa, to.len));
		sv = must(c, accept(ls, NULL, NULL));
		close(ls);
	}
	rec_state(c, "the one that is open", sv);
	rc(c, "send", send(cl, "still there", 11, 0));
	rec_recv(c, "recv", sv, 20, 0);
	rc(c, "send", send(sv, "and back", 8, 0));
	rec_recv(c, "recv", cl, 20, 0);
	rec_so_error(c, "the one that opens", half);
}

SCENARIO(shutdown_listener)
{
	int fd = sk_listener(c), cl = must(c, sk_new(c));
	struct addr a = addr_local(fd);

	rc(c, "SHUT_WR", shutdown(fd, SHUT_WR));
	rec_state(c, "SHUT_WR", fd);
	rec_poll(c, "SHUT_WR", fd);
	rc(c, "connect", connect(cl, &a.sa, a.len));
	rc(c, "SHUT_RD", shutdown(fd, SHUT_RD));
	rec_state(c, "SHUT_RD", fd);
	rec_poll(c, "SHUT_RD", fd);
	wait_state(c, cl, TCP_CLOSE);
	rec_so_error(c, "the one in the queue", cl);
	rc(c, "connect", connect(sk_below(c), &a.sa, a.len));
	rc_fd(c, "accept", accept(fd, NULL, NULL));
	rc(c, "again", shutdown(fd, SHUT_RDWR));
	rec_sockname(c, "name", fd);
	forget_ports(c);
	rc(c, "listen again", listen(fd, 1));
	rec_sockname(c, "name", fd);
	a = addr_local(fd);
	rc(c, "connect", connect(must(c, sk_new(c)), &a.sa, a.len));
	rc_fd(c, "accept", accept(fd, NULL, NULL));
}

/*
 * With backlog N, how many connections complete, on either side; one more waits.
 */
static void backlog(struct ctx *c, int n)
{
	int ls = sk_listener_at(c, LOOP, n), cl[12], i, sv, done = 0;
	struct addr a = addr_local(ls);

	rec(c, "backlog %d", n);
	for (i = 0; i < n + 1; i++) {
		cl[i] = must(c, sk_flags(c, SOCK_NONBLOCK));
		if (connect(cl[i], &a.sa, a.len))
			must(c, errno == EINPROGRESS ? 0 : -1);
		/* One at a time: the listener decides at the last ACK. */
		wait_poll(c, cl[i], POLLOUT);
		rec_state(c, "connected", cl[i]);
		rec_so_error(c, "connected", cl[i]);
	}
	cl[i] = must(c, sk_flags(c, SOCK_NONBLOCK));
	rc(c, "one too many", connect(cl[i], &a.sa, a.len));
	rec_state(c, "one too many", cl[i]);
	rec_poll(c, "one too many", cl[i]);
	sk_nonblock(ls, true);
	while ((sv = accept(ls, NULL, NULL)) >= 0)
		done++;
	rec(c, "accepted %d, then %s", done, errno_text(errno));
	/* There is room now, and the SYN comes again. */
	wait_poll(c, cl[i], POLLOUT);
	rec_so_error(c, "the last", cl[i]);
	wait_poll(c, ls, POLLIN);
	rc_fd(c, "the last", accept(ls, NULL, NULL));
}

SCENARIO(backlog_0)
{
	backlog(c, 0);
}

SCENARIO(backlog_1)
{
	backlog(c, 1);
}

SCENARIO(backlog_5)
{
	backlog(c, 5);
}

SCENARIO(backlog_capped_by_somaxconn)
{
	int f, ls, i, n = 0;
	struct addr a;

	netns_enter();
	f = must(c, open("/proc/sys/net/core/somaxconn", O_WRONLY));
	must(c, (int)write(f, "2\n", 2));
	ls = sk_listener_at(c, LOOP, 100);
	a = addr_local(ls);
	for (i = 0; i < 6; i++) {
		int cl = must(c, sk_flags(c, SOCK_NONBLOCK));

		if (connect(cl, &a.sa, a.len))
			must(c, errno == EINPROGRESS ? 0 : -1);
		if (i < 3)
			wait_poll(c, cl, POLLOUT);
		n += tcp_state(cl) == TCP_ESTABLISHED;
	}
	rec(c, "%d complete", n);
}

SCENARIO(accept_order_and_address)
{
	int ls = sk_listener_at(c, ANY, 16), i, sv, cl[4];
	struct addr a = addr_local(ls), got;

	a = addr_at(c, LOOP, addr_port(&a));
	for (i = 0; i < 4; i++) {
		cl[i] = must(c, sk_new(c));
		must(c, connect(cl[i], &a.sa, a.len));
		rec_sockname(c, "client", cl[i]);
		rec_peername(c, "client", cl[i]);
	}
	for (i = 0; i < 4; i++) {
		memset(&got, 0, sizeof(got));
		got.len = sizeof(got.room);
		sv = accept(ls, &got.sa, &got.len);
		rec_addr(c, "accept", sv, &got.sa, got.len);
		rec_sockname(c, "accepted", sv);
		rec_peername(c, "accepted", sv);
		rec_state(c, "accepted", sv);
	}
	rec_sockname(c, "listener", ls);
}

SCENARIO(accept_address_lengths)
{
	static const int lens[] = { 0, 1, 2, 8, 15, 16, 17, 27, 28, 29, 128, 1000, -1 };
	int ls = sk_listener(c), sv;
	struct addr a = addr_local(ls);
	unsigned char buf[256];
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];

		must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
		memset(buf, 0xee, sizeof(buf));
		sv = accept(ls, (void *)buf, &len);
		for (j = sizeof(buf); j && buf[j - 1] == 0xee; j--)
			;
		rec(c, "length %d: %s, length %d, %u bytes written", lens[i],
		    sv < 0 ? errno_text(errno) : "accepted", (int)len, j);
	}
	must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
	rc_fd(c, "a length but no room", accept(ls, (void *)8, &(socklen_t){ 16 }));
	must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
	rc_fd(c, "room but no length", accept(ls, (void *)buf, NULL));
	must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
	rc_fd(c, "no room, a length", accept(ls, NULL, &(socklen_t){ 16 }));
	/* Those that failed took their connection with them, or not: */
	sk_nonblock(ls, true);
	rc_fd(c, "what is left", accept(ls, NULL, NULL));
	rc_fd(c, "what is left", accept(ls, NULL, NULL));
}

SCENARIO(accept4_flags)
{
	static const int flags[] = { 0, SOCK_NONBLOCK, SOCK_CLOEXEC, SOCK_NONBLOCK | SOCK_CLOEXEC };
	int ls = sk_listener(c), sv;
	struct addr a = addr_local(ls);
	unsigned int i;

	for (i = 0; i < 8; i++) {
		sk_nonblock(ls, i >= 4);
		must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
		wait_poll(c, ls, POLLIN);
		sv = accept4(ls, NULL, NULL, flags[i & 3]);
		rec(c, "flags %x: F_GETFL %x F_GETFD %x", flags[i & 3], fcntl(sv, F_GETFL),
		    fcntl(sv, F_GETFD));
	}
	rc_fd(c, "unknown flag", accept4(ls, NULL, NULL, 0x100000));
	rc_fd(c, "nobody there", accept4(ls, NULL, NULL, SOCK_CLOEXEC));
}

SCENARIO(accept_on_others)
{
	struct pair p = pair_new(c);
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));

	rc_fd(c, "fresh", accept(fd, NULL, NULL));
	must(c, bind(fd, &a.sa, a.len));
	rc_fd(c, "bound", accept(fd, NULL, NULL));
	rc_fd(c, "client", accept(p.cl, NULL, NULL));
	rc_fd(c, "accepted", accept(p.sv, NULL, NULL));
	rc_fd(c, "SYN-SENT", accept(sk_syn_sent(c), NULL, NULL));
	rc_fd(c, "no such descriptor", accept(-1, NULL, NULL));
	rc_fd(c, "not a socket", accept(must(c, open("/dev/null", O_RDWR)), NULL, NULL));
}

static long do_accept(int fd)
{
	return accept(fd, NULL, NULL) < 0 ? -1 : 0;
}

SCENARIO(accept_waits)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct addr a = addr_local(ls);
	struct async t;

	async_start(c, &t, ls, do_accept);
	async_blocked(c, &t, SYS_accept);
	rc(c, "connect", connect(cl, &a.sa, a.len));
	async_join(c, &t, "accept");
}

SCENARIO(accept_interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	int ls = sk_listener(c);
	struct async t;

	/* Without SA_RESTART. */
	sigaction(SIGUSR1, &sa, NULL);
	async_start(c, &t, ls, do_accept);
	async_blocked(c, &t, SYS_accept);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "accept");
	set_int(ls, SOL_SOCKET, SO_REUSEADDR, 1);
	rec_state(c, "still listening", ls);
}

SCENARIO(accept_restarted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe, .sa_flags = SA_RESTART };
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct addr a = addr_local(ls);
	struct async t;

	sigaction(SIGUSR1, &sa, NULL);
	async_start(c, &t, ls, do_accept);
	async_blocked(c, &t, SYS_accept);
	pthread_kill(t.thread, SIGUSR1);
	wait_until(c, sigpipes == 1);
	async_blocked(c, &t, SYS_accept);
	rc(c, "connect", connect(cl, &a.sa, a.len));
	async_join(c, &t, "accept");
}

SCENARIO(accept_timeout)
{
	struct timeval tv = { .tv_usec = 50000 };
	int ls = sk_listener(c);

	rc(c, "SO_RCVTIMEO", setsockopt(ls, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	rc_fd(c, "accept", accept(ls, NULL, NULL));
	tv.tv_usec = 0;
	setsockopt(ls, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	sk_nonblock(ls, true);
	rc_fd(c, "non-blocking", accept(ls, NULL, NULL));
}

SCENARIO(accept_woken_by_shutdown)
{
	int ls = sk_listener(c);
	struct async t;

	async_start(c, &t, ls, do_accept);
	async_blocked(c, &t, SYS_accept);
	rc(c, "shutdown", shutdown(ls, SHUT_RD));
	async_join(c, &t, "accept");
}

/* The peer is gone, with data or by reset, before anyone accepts. */
SCENARIO(accept_after_peer_left)
{
	int ls = sk_listener(c), cl, sv;
	struct addr a = addr_local(ls);

	cl = must(c, sk_new(c));
	must(c, connect(cl, &a.sa, a.len));
	must(c, (int)send(cl, "hello", 5, 0));
	close(cl);
	wait_poll(c, ls, POLLIN);
	sv = rc_fd(c, "closed", accept(ls, NULL, NULL));
	wait_poll(c, sv, POLLRDHUP);
	rec_state(c, "closed", sv);
	rec_recv(c, "recv", sv, 20, 0);
	rec_recv(c, "recv", sv, 20, 0);

	cl = must(c, sk_new(c));
	must(c, connect(cl, &a.sa, a.len));
	wait_poll(c, ls, POLLIN);
	sk_abort(cl);
	rec_poll(c, "listener with a reset connection", ls);
	sv = rc_fd(c, "reset", accept(ls, NULL, NULL));
	wait_state(c, sv, TCP_CLOSE);
	rec_poll(c, "reset", sv);
	rec_peername(c, "reset", sv);
	rec_recv(c, "recv", sv, 20, 0);
	rec_recv(c, "recv", sv, 20, 0);
}

SCENARIO(listener_closed_with_queue)
{
	int ls = sk_listener(c), cl[3], i;
	struct addr a = addr_local(ls);

	for (i = 0; i < 3; i++) {
		cl[i] = must(c, sk_new(c));
		must(c, connect(cl[i], &a.sa, a.len));
	}
	must(c, (int)send(cl[1], "x", 1, 0));
	wait_until(c, queued_out(cl[1]) == 0);
	close(ls);
	for (i = 0; i < 3; i++) {
		wait_state(c, cl[i], TCP_CLOSE);
		rec_poll(c, "left alone", cl[i]);
		rec_recv(c, "left alone", cl[i], 10, 0);
		rec_recv(c, "left alone", cl[i], 10, 0);
	}
	rc(c, "connect", connect(sk_below(c), &a.sa, a.len));
}

/* What an accepted socket has from its listener. */
SCENARIO(inherited_options)
{
	static const struct { int level, opt, value; const char *name; } opts[] = {
		{ SOL_SOCKET, SO_KEEPALIVE, 1, "SO_KEEPALIVE" },
		{ SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR" },
		{ SOL_SOCKET, SO_OOBINLINE, 1, "SO_OOBINLINE" },
		{ SOL_SOCKET, SO_PRIORITY, 3, "SO_PRIORITY" },
		{ SOL_SOCKET, SO_MARK, 7, "SO_MARK" },
		{ SOL_SOCKET, SO_SNDBUF, 30000, "SO_SNDBUF" },
		{ SOL_SOCKET, SO_RCVBUF, 30000, "SO_RCVBUF" },
		{ SOL_SOCKET, SO_RCVLOWAT, 5, "SO_RCVLOWAT" },
		{ SOL_SOCKET, SO_BROADCAST, 1, "SO_BROADCAST" },
		{ SOL_SOCKET, SO_DONTROUTE, 1, "SO_DONTROUTE" },
		{ IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY" },
		{ IPPROTO_TCP, TCP_MAXSEG, 700, "TCP_MAXSEG" },
		{ IPPROTO_IP, IP_TOS, 0x10, "IP_TOS" },
		{ IPPROTO_IP, IP_TTL, 33, "IP_TTL" },
	};
	struct addr a = addr_at(c, LOOP, 0);
	struct linger l = { 1, 5 };
	int ls = must(c, sk_settled(c));
	socklen_t len = sizeof(l);
	struct pair p;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opts); i++)
		rc(c, opts[i].name, set_int(ls, opts[i].level, opts[i].opt, opts[i].value));
	setsockopt(ls, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	must(c, bind(ls, &a.sa, a.len));
	must(c, listen(ls, 1));
	p = pair_to(c, ls, must(c, sk_new(c)));
	for (i = 0; i < ARRAY_SIZE(opts); i++)
		rec_opt(c, opts[i].name, p.sv, opts[i].level, opts[i].opt);
	memset(&l, 0, sizeof(l));
	getsockopt(p.sv, SOL_SOCKET, SO_LINGER, &l, &len);
	rec(c, "SO_LINGER %d %d", l.l_onoff, l.l_linger);
}

TEST_HARNESS_MAIN
