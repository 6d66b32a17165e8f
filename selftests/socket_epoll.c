// SPDX-License-Identifier: GPL-2.0
/*
 * epoll beside TCP: level, edge and one-shot, how many events each step brings,
 * and that none comes twice or is lost.
 */
#include "lib/socktest.h"

#define ALL_EVENTS (EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLPRI)

static int ep_with(struct ctx *c, int fd, unsigned int events)
{
	struct epoll_event ev = { .events = events, .data.u64 = 0x1234 };
	int ep = must(c, epoll_create1(0));

	must(c, epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev));
	return ep;
}

static void rec_epoll(struct ctx *c, const char *what, int ep)
{
	struct epoll_event ev[4];
	char text[120];
	int n = epoll_wait(ep, ev, 4, 0);

	if (n == 1 && ev[0].data.u64 != 0x1234)
		rec(c, "%s: not our data", what);
	/* EPOLL and POLL bits agree, all but EPOLLRDHUP's neighbours. */
	rec(c, "%s: epoll %d %s", what, n,
	    events_text(n == 1 ? (int)ev[0].events : 0, text, sizeof(text)));
}

/* Ask twice: an edge comes once, a level each time. */
static void rec_twice(struct ctx *c, const char *what, int ep)
{
	rec_epoll(c, what, ep);
	rec_epoll(c, "asked again", ep);
}

static void life(struct ctx *c, unsigned int extra)
{
	int ls = sk_listener(c), fd = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	int ep = ep_with(c, fd, ALL_EVENTS | extra), lep = ep_with(c, ls, ALL_EVENTS | extra);
	struct addr a = addr_local(ls);
	int sv, sep;

	rec_twice(c, "fresh", ep);
	rec_twice(c, "listening", lep);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_poll(c, ls, POLLIN);
	wait_poll(c, fd, POLLOUT);
	rec_twice(c, "connected", ep);
	rec_twice(c, "a client", lep);
	sv = must(c, accept(ls, NULL, NULL));
	rec_twice(c, "accepted", lep);
	sep = ep_with(c, sv, ALL_EVENTS | extra);
	rec_twice(c, "new server", sep);
	must(c, (int)send(fd, "ab", 2, 0));
	wait_until(c, queued_in(sv) == 2 && queued_out(fd) == 0);
	rec_twice(c, "data", sep);
	rec_twice(c, "the sender", ep);
	must(c, (int)send(fd, "cd", 2, 0));
	wait_until(c, queued_in(sv) == 4);
	rec_twice(c, "more data", sep);
	rec_recv(c, "recv", sv, 3, 0);
	rec_twice(c, "not all was read", sep);
	rec_recv(c, "recv", sv, 3, 0);
	rec_twice(c, "all was read", sep);
	shutdown(fd, SHUT_WR);
	wait_poll(c, sv, POLLRDHUP);
	wait_state(c, fd, TCP_FIN_WAIT2);
	rec_twice(c, "the peer's end", sep);
	rec_twice(c, "own end", ep);
	shutdown(sv, SHUT_WR);
	wait_state(c, sv, TCP_CLOSE);
	wait_state(c, fd, TCP_CLOSE);
	rec_twice(c, "both ends, server", sep);
	rec_twice(c, "both ends, client", ep);
	close(sv);
	rec_twice(c, "gone by close", sep);
}

SCENARIO(life_level)
{
	life(c, 0);
}

SCENARIO(life_edge)
{
	life(c, EPOLLET);
}

SCENARIO(life_oneshot)
{
	life(c, EPOLLONESHOT);
}

static void refused(struct ctx *c, unsigned int extra)
{
	struct addr a = addr_closed(c);
	int fd = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	int ep = ep_with(c, fd, ALL_EVENTS | extra);

	rec_twice(c, "fresh", ep);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	wait_poll(c, fd, POLLERR);
	rec_twice(c, "refused", ep);
	rec_so_error(c, "refused", fd);
	rec_twice(c, "error read", ep);
}

SCENARIO(refused_level)
{
	refused(c, 0);
}

SCENARIO(refused_edge)
{
	refused(c, EPOLLET);
}

static void reset(struct ctx *c, unsigned int extra)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, ALL_EVENTS | extra);

	rec_twice(c, "established", ep);
	must(c, (int)send(p.cl, "ab", 2, 0));
	wait_until(c, queued_in(p.sv) == 2);
	rec_twice(c, "data", ep);
	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_twice(c, "reset", ep);
	rec_recv(c, "recv", p.sv, 10, 0);
	rec_twice(c, "data read", ep);
	rec_recv(c, "recv", p.sv, 10, 0);
	rec_twice(c, "error read", ep);
}

SCENARIO(reset_level)
{
	reset(c, 0);
}

SCENARIO(reset_edge)
{
	reset(c, EPOLLET);
}

static void connecting(struct ctx *c, unsigned int extra)
{
	int fd = sk_syn_sent(c);
	int ep = ep_with(c, fd, ALL_EVENTS | extra);

	rec_twice(c, "SYN-SENT", ep);
	shutdown(fd, SHUT_RDWR);
	rec_twice(c, "given up", ep);
	rec_so_error(c, "given up", fd);
	rec_twice(c, "error read", ep);
}

SCENARIO(connecting_level)
{
	connecting(c, 0);
}

SCENARIO(connecting_edge)
{
	connecting(c, EPOLLET);
}

static void own_shutdown(struct ctx *c, int how)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.cl, ALL_EVENTS | EPOLLET);

	rec(c, "how %d", how);
	rec_twice(c, "established", ep);
	rc(c, "shutdown", shutdown(p.cl, how));
	if (how != SHUT_RD) {
		wait_poll(c, p.sv, POLLRDHUP);
		wait_state(c, p.cl, TCP_FIN_WAIT2);
	}
	rec_twice(c, "shut", ep);
	rc(c, "shutdown again", shutdown(p.cl, how));
	rec_twice(c, "shut again", ep);
}

SCENARIO(own_shutdown_edge)
{
	own_shutdown(c, SHUT_RD);
	own_shutdown(c, SHUT_WR);
	own_shutdown(c, SHUT_RDWR);
}

/* Read until nothing is left, all the sender has included. */
static void drain(struct ctx *c, struct pair *p)
{
	static char buf[65536];

	while (queued_out(p->cl) > 0 || queued_in(p->sv) > 0)
		if (recv(p->sv, buf, sizeof(buf), MSG_DONTWAIT) == 0)
			give_up(c, "an end where none was expected");
}

static void write_space(struct ctx *c, unsigned int extra)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.cl, EPOLLOUT | extra), i;

	rec_twice(c, "empty", ep);
	for (i = 0; i < 3; i++) {
		fill(c, p.cl);
		/* Events on the way to full have come and been overtaken. */
		(void)!epoll_wait(ep, &(struct epoll_event){ 0 }, 1, 0);
		rec_twice(c, "full", ep);
		rec_twice(c, "full still", ep);
		drain(c, &p);
		rec_twice(c, "empty again", ep);
	}
	/* Who did not try in vain to send is told nothing. */
	must(c, (int)send(p.cl, "x", 1, 0));
	drain(c, &p);
	rec_twice(c, "one byte came and went", ep);
}

SCENARIO(write_space_level)
{
	write_space(c, 0);
}

SCENARIO(write_space_edge)
{
	write_space(c, EPOLLET);
}

SCENARIO(one_event_for_each_arrival)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, EPOLLIN | EPOLLET), i;

	for (i = 1; i <= 5; i++) {
		must(c, (int)send(p.cl, "x", 1, 0));
		wait_until(c, queued_in(p.sv) == i);
		rec_twice(c, "arrived", ep);
	}
	rec_recv(c, "recv", p.sv, 10, 0);
	rec_twice(c, "read", ep);
}

SCENARIO(rearmed)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, EPOLLIN | EPOLLONESHOT);
	struct epoll_event ev = { .events = EPOLLIN | EPOLLONESHOT, .data.u64 = 0x1234 };

	must(c, (int)send(p.cl, "x", 1, 0));
	wait_until(c, queued_in(p.sv) == 1);
	rec_twice(c, "data", ep);
	rc(c, "rearm", epoll_ctl(ep, EPOLL_CTL_MOD, p.sv, &ev));
	rec_twice(c, "data still", ep);
	ev.events = EPOLLOUT | EPOLLET;
	rc(c, "for sending", epoll_ctl(ep, EPOLL_CTL_MOD, p.sv, &ev));
	rec_twice(c, "room", ep);
	rc(c, "once more", epoll_ctl(ep, EPOLL_CTL_MOD, p.sv, &ev));
	rec_twice(c, "room", ep);
	rc(c, "out", epoll_ctl(ep, EPOLL_CTL_DEL, p.sv, NULL));
	rec_twice(c, "nothing", ep);
}

/* Two descriptors of one socket, and two epolls on one descriptor. */
SCENARIO(shared)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, EPOLLIN | EPOLLET), other = ep_with(c, p.sv, EPOLLIN | EPOLLET);
	int twin = must(c, dup(p.sv));

	must(c, (int)send(p.cl, "x", 1, 0));
	wait_until(c, queued_in(p.sv) == 1);
	rec_twice(c, "one epoll", ep);
	rec_twice(c, "the other", other);
	close(p.sv);
	must(c, (int)send(p.cl, "y", 1, 0));
	wait_until(c, queued_in(twin) == 2);
	rec_twice(c, "closed, but its twin lives", ep);
	rec_recv(c, "recv", twin, 10, 0);
}

SCENARIO(refusals)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, EPOLLIN);
	struct epoll_event ev = { .events = EPOLLIN };

	rc(c, "twice", epoll_ctl(ep, EPOLL_CTL_ADD, p.sv, &ev));
	rc(c, "MOD of another", epoll_ctl(ep, EPOLL_CTL_MOD, p.cl, &ev));
	rc(c, "DEL of another", epoll_ctl(ep, EPOLL_CTL_DEL, p.cl, &ev));
	ev.events |= EPOLLEXCLUSIVE;
	rc(c, "exclusive", epoll_ctl(ep, EPOLL_CTL_ADD, p.cl, &ev));
	close(p.sv);
	rc(c, "closed", epoll_ctl(ep, EPOLL_CTL_ADD, p.sv, &ev));
}

static long do_epoll(int ep)
{
	struct epoll_event ev;

	return epoll_wait(ep, &ev, 1, WAIT_LIMIT_MS) == 1 ? (long)ev.events : -1;
}

SCENARIO(waits)
{
	struct pair p = pair_new(c);
	int ep = ep_with(c, p.sv, EPOLLIN | EPOLLRDHUP | EPOLLET);
	struct async t;

	async_start(c, &t, ep, do_epoll);
	async_blocked(c, &t, SYS_epoll_wait);
	must(c, (int)send(p.cl, "x", 1, 0));
	async_join(c, &t, "data");
	async_start(c, &t, ep, do_epoll);
	async_blocked(c, &t, SYS_epoll_wait);
	shutdown(p.cl, SHUT_WR);
	async_join(c, &t, "the end");
	/* TCP wakes twice for a FIN, and another processor may take the first alone */
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	epoll_wait(ep, &(struct epoll_event){}, 1, 0);
	async_start(c, &t, ep, do_epoll);
	async_blocked(c, &t, SYS_epoll_wait);
	sk_abort(p.cl);
	async_join(c, &t, "a reset");
}

/* A listener shared by two epolls, one to be woken by each client. */
SCENARIO(exclusive_listener)
{
	int ls = sk_listener(c), i, n = 0;
	int a = ep_with(c, ls, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET);
	int b = ep_with(c, ls, EPOLLIN | EPOLLEXCLUSIVE | EPOLLET);
	struct addr to = addr_local(ls);
	struct epoll_event ev;

	for (i = 0; i < 3; i++) {
		must(c, connect(must(c, sk_new(c)), &to.sa, to.len));
		wait_poll(c, ls, POLLIN);
		n = epoll_wait(a, &ev, 1, 0) + epoll_wait(b, &ev, 1, 0);
		rec(c, "client %d: at least one was told %d", i, n >= 1);
		must(c, accept(ls, NULL, NULL));
	}
}

TEST_HARNESS_MAIN
