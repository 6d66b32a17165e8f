// SPDX-License-Identifier: GPL-2.0
/*
 * poll() and select() beside TCP: which events each state shows, and who is
 * woken by what. Level-triggered only; socket_epoll.c has the edges.
 */
#include "lib/socktest.h"

#include <sys/select.h>

/* Both calls' views of one descriptor. */
static void rec_ready(struct ctx *c, const char *what, int fd)
{
	struct timeval zero = { 0 };
	fd_set r, w, e;
	int n;

	rec_poll(c, what, fd);
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(fd, &r);
	FD_SET(fd, &w);
	FD_SET(fd, &e);
	n = select(fd + 1, &r, &w, &e, &zero);
	rec(c, "%s: select %d: %s%s%s", what, n, FD_ISSET(fd, &r) ? "r" : "",
	    FD_ISSET(fd, &w) ? "w" : "", FD_ISSET(fd, &e) ? "e" : "");
}

SCENARIO(unconnected)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));

	rec_ready(c, "fresh", fd);
	must(c, bind(fd, &a.sa, a.len));
	rec_ready(c, "bound", fd);
	must(c, listen(fd, 4));
	rec_ready(c, "listening", fd);
	close(fd);
	rec_poll(c, "closed", fd);
}

SCENARIO(listener)
{
	int ls = sk_listener(c), cl[2] = { must(c, sk_new(c)), must(c, sk_new(c)) };
	struct addr a = addr_local(ls);

	rec_ready(c, "nobody", ls);
	must(c, connect(cl[0], &a.sa, a.len));
	wait_poll(c, ls, POLLIN);
	rec_ready(c, "one", ls);
	must(c, connect(cl[1], &a.sa, a.len));
	must(c, accept(ls, NULL, NULL));
	wait_poll(c, ls, POLLIN);
	rec_ready(c, "one left", ls);
	must(c, accept(ls, NULL, NULL));
	rec_ready(c, "none left", ls);
	shutdown(ls, SHUT_RD);
	rec_ready(c, "shut", ls);
}

SCENARIO(connecting)
{
	int fd = sk_syn_sent(c);

	rec_ready(c, "SYN-SENT", fd);
	shutdown(fd, SHUT_WR);
	rec_ready(c, "given up", fd);
	rec_so_error(c, "given up", fd);
	rec_ready(c, "error read", fd);
}

SCENARIO(refused)
{
	struct addr a = addr_closed(c);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_poll(c, fd, POLLERR);
	rec_ready(c, "refused", fd);
	rec_so_error(c, "refused", fd);
	rec_ready(c, "error read", fd);
}

SCENARIO(established)
{
	struct pair p = pair_new(c);

	rec_ready(c, "client", p.cl);
	rec_ready(c, "server", p.sv);
	must(c, (int)send(p.cl, "ab", 2, 0));
	wait_until(c, queued_in(p.sv) == 2);
	rec_ready(c, "data", p.sv);
	rec_recv(c, "half of it", p.sv, 1, 0);
	rec_ready(c, "half of it left", p.sv);
	rec_recv(c, "the rest", p.sv, 1, 0);
	rec_ready(c, "none left", p.sv);
}

SCENARIO(peer_shut)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "ab", 2, 0));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rec_ready(c, "data and the end", p.sv);
	rec_ready(c, "who shut", p.cl);
	rec_recv(c, "data", p.sv, 10, 0);
	rec_ready(c, "the end", p.sv);
	rec_recv(c, "end", p.sv, 10, 0);
	rec_ready(c, "the end read", p.sv);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_ready(c, "both shut", p.sv);
	rec_ready(c, "both shut", p.cl);
}

SCENARIO(own_shut)
{
	static const char *const text[] = { "RD", "WR", "RDWR" };
	int how;

	for (how = 0; how < 3; how++) {
		struct pair p = pair_new(c);

		shutdown(p.cl, how);
		if (how != SHUT_RD)
			wait_poll(c, p.sv, POLLRDHUP);
		rec_ready(c, text[how], p.cl);
		rec_ready(c, "the peer", p.sv);
	}
}

SCENARIO(reset)
{
	struct pair p = pair_new(c);

	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_ready(c, "reset", p.sv);
	rec_so_error(c, "reset", p.sv);
	rec_ready(c, "error read", p.sv);
	p = pair_new(c);
	must(c, (int)send(p.cl, "ab", 2, 0));
	wait_until(c, queued_in(p.sv) == 2);
	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_ready(c, "reset with data", p.sv);
	rec_recv(c, "data", p.sv, 10, 0);
	rec_ready(c, "reset, data read", p.sv);
}

SCENARIO(write_space)
{
	static char buf[65536];
	struct pair p = pair_new(c);

	fill(c, p.cl);
	rec_ready(c, "full", p.cl);
	rc(c, "send", send(p.cl, "x", 1, MSG_DONTWAIT) > 0);
	/* A little room is not announced: a third of the buffer has to be free. */
	while (!(poll_now(p.cl) & POLLOUT))
		(void)!recv(p.sv, buf, sizeof(buf), MSG_DONTWAIT);
	rec_ready(c, "room", p.cl);
	fill(c, p.cl);
	rec_ready(c, "full again", p.cl);
	shutdown(p.cl, SHUT_WR);
	rec_ready(c, "full and shut", p.cl);
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rec_ready(c, "full and reset", p.cl);
}

SCENARIO(low_water)
{
	struct pair p = pair_new(c);

	proves(c, "RFC9293-A.4");
	rc(c, "SO_RCVLOWAT", set_int(p.sv, SOL_SOCKET, SO_RCVLOWAT, 5));
	rec_opt(c, "SO_RCVLOWAT", p.sv, SOL_SOCKET, SO_RCVLOWAT);
	must(c, (int)send(p.cl, "abc", 3, 0));
	wait_until(c, queued_in(p.sv) == 3);
	rec_ready(c, "three of five", p.sv);
	must(c, (int)send(p.cl, "de", 2, 0));
	wait_until(c, queued_in(p.sv) == 5);
	rec_ready(c, "five of five", p.sv);
	rec_recv(c, "recv", p.sv, 3, 0);
	rec_ready(c, "two of five", p.sv);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rec_ready(c, "two and the end", p.sv);
	rc(c, "SO_SNDLOWAT", set_int(p.sv, SOL_SOCKET, SO_SNDLOWAT, 5));
	rec_opt(c, "SO_SNDLOWAT", p.sv, SOL_SOCKET, SO_SNDLOWAT);
}

/* More asked for than the buffer would hold: it has to grow, or say so. */
SCENARIO(low_water_beyond_the_buffer)
{
	static char buf[300000];
	struct pair p = pair_new(c);
	int pid;

	rc(c, "SO_RCVLOWAT", set_int(p.sv, SOL_SOCKET, SO_RCVLOWAT, sizeof(buf)));
	pid = fork();
	if (!pid)
		_exit(send(p.cl, buf, sizeof(buf), 0) != sizeof(buf));
	wait_poll(c, p.sv, POLLIN);
	rec(c, "enough of it %d", queued_in(p.sv) > 20000);
	rc(c, "recv", recv(p.sv, buf, sizeof(buf), MSG_WAITALL));
	waitpid(pid, NULL, 0);
}

static short async_mask;
static short async_revents;

static long do_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = async_mask };
	long n = poll(&p, 1, WAIT_LIMIT_MS);

	async_revents = p.revents;
	return n;
}

enum cause { DATA, PEER_SHUT, RESET, OWN_SHUT_RD, CONNECTED, CLIENT, ROOM };

static void woken(struct ctx *c, const char *what, int fd, short mask, enum cause cause,
		  struct pair p)
{
	struct addr a = addr_local(fd);
	static char room[65536];
	struct async t;
	char text[120];

	async_mask = mask;
	async_start(c, &t, fd, do_poll);
	async_blocked(c, &t, SYS_poll);
	if (cause == DATA)
		must(c, (int)send(p.cl, "x", 1, 0));
	else if (cause == PEER_SHUT)
		shutdown(p.cl, SHUT_WR);
	else if (cause == RESET)
		sk_abort(p.cl);
	else if (cause == OWN_SHUT_RD)
		shutdown(p.sv, SHUT_RD);
	else if (cause == CLIENT)
		must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
	else
		while (!t.done)
			(void)!recv(p.sv, room, sizeof(room), MSG_DONTWAIT);
	async_join(c, &t, what);
	rec(c, "%s: %s", what, events_text(async_revents, text, sizeof(text)));
}

SCENARIO(woken_by)
{
	struct pair p = pair_new(c);
	int ls = sk_listener(c);

	woken(c, "data", p.sv, POLLIN, DATA, p);
	rec_recv(c, "data", p.sv, 10, 0);
	woken(c, "the peer's end", p.sv, POLLIN, PEER_SHUT, p);
	p = pair_new(c);
	woken(c, "the peer's end, RDHUP asked", p.sv, POLLRDHUP, PEER_SHUT, p);
	p = pair_new(c);
	woken(c, "a reset", p.sv, POLLIN, RESET, p);
	p = pair_new(c);
	woken(c, "a reset, nothing asked", p.sv, 0, RESET, p);
	p = pair_new(c);
	woken(c, "own SHUT_RD", p.sv, POLLIN, OWN_SHUT_RD, p);
	woken(c, "a client", ls, POLLIN, CLIENT, p);
	p = pair_new(c);
	fill(c, p.cl);
	woken(c, "room", p.cl, POLLOUT, ROOM, p);
}

SCENARIO(interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	struct pair p = pair_new(c);
	struct async t;

	sigaction(SIGUSR1, &sa, NULL);
	async_mask = POLLIN;
	async_start(c, &t, p.cl, do_poll);
	async_blocked(c, &t, SYS_poll);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "poll");
}

SCENARIO(several)
{
	struct pair p = pair_new(c);
	struct pollfd f[4] = {
		{ .fd = p.cl, .events = POLLIN | POLLOUT }, { .fd = p.sv, .events = POLLIN },
		{ .fd = -1, .events = POLLIN }, { .fd = 999, .events = POLLIN },
	};
	char text[120];
	int i;

	rc(c, "poll", poll(f, 4, 0));
	for (i = 0; i < 4; i++)
		rec(c, "%d: %s", i, events_text(f[i].revents, text, sizeof(text)));
	rc(c, "time runs out", poll(&f[1], 1, 20));
}

/* The same events in a child that inherited the socket. */
SCENARIO(in_a_child)
{
	struct pair p = pair_new(c);
	int pid, status;

	pid = fork();
	if (!pid) {
		struct pollfd f = { .fd = p.sv, .events = POLLIN | POLLRDHUP };

		_exit(poll(&f, 1, WAIT_LIMIT_MS) == 1 ? f.revents & 0xff : 0xff);
	}
	must(c, (int)send(p.cl, "x", 1, 0));
	waitpid(pid, &status, 0);
	rec(c, "child saw %x", WEXITSTATUS(status));
	rec_ready(c, "and we", p.sv);
}

TEST_HARNESS_MAIN
