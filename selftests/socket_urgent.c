// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data beside TCP: MSG_OOB in all calls, SO_OOBINLINE, SIOCATMARK, SIGURG,
 * POLLPRI, and where ordinary reading stops and what it passes over.
 */
#include "lib/socktest.h"

#include <sys/select.h>

static volatile sig_atomic_t sigurgs;

static void count_sigurg(int sig)
{
	sigurgs++;
}

static void own_sigurg(struct ctx *c, int fd)
{
	struct sigaction sa = { .sa_handler = count_sigurg };

	sigaction(SIGURG, &sa, NULL);
	must(c, fcntl(fd, F_SETOWN, getpid()));
}

static int at_mark(int fd)
{
	int v = -1;

	return ioctl(fd, SIOCATMARK, &v) ? -1 : v;
}

static void rec_urgent(struct ctx *c, const char *what, int fd)
{
	char buf[120];

	rec(c, "%s: %s, %d to read, at mark %d", what,
	    events_text(poll_now(fd), buf, sizeof(buf)), queued_in(fd), at_mark(fd));
}

/* Everything that was sent has arrived: nothing is on its way any more. */
static void settled(struct ctx *c, int from)
{
	wait_until(c, queued_out(from) == 0);
}

static void give(struct ctx *c, int from, const char *text, int flags)
{
	must(c, (int)send(from, text, strlen(text), flags));
	settled(c, from);
}

SCENARIO(sent_and_read)
{
	struct pair p = pair_new(c);

	proves(c, "MUST-30 MUST-33");
	rec_urgent(c, "before", p.sv);
	rec_recv(c, "oob before", p.sv, 10, MSG_OOB);
	give(c, p.cl, "abc", MSG_OOB);
	rec_urgent(c, "it came", p.sv);
	rec_recv(c, "peek", p.sv, 10, MSG_OOB | MSG_PEEK);
	rec_urgent(c, "peeked", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_urgent(c, "read", p.sv);
	rec_recv(c, "oob again", p.sv, 10, MSG_OOB);
	rec_recv(c, "peek again", p.sv, 10, MSG_OOB | MSG_PEEK);
	rec_recv(c, "what is before", p.sv, 10, 0);
	rec_urgent(c, "at the mark", p.sv);
	rec_recv(c, "nothing else", p.sv, 10, MSG_DONTWAIT);
	rec_urgent(c, "past the mark", p.sv);
	give(c, p.cl, "def", 0);
	rec_recv(c, "what is behind", p.sv, 10, 0);
	rec_urgent(c, "end", p.sv);
}

SCENARIO(reading_stops)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "abc", MSG_OOB);
	give(c, p.cl, "def", 0);
	rec_urgent(c, "all there", p.sv);
	rec_recv(c, "peek", p.sv, 10, MSG_PEEK);
	rec_recv(c, "all, though it waits for more", p.sv, 5, MSG_WAITALL);
	rec_urgent(c, "at the mark", p.sv);
	rec_recv(c, "none", p.sv, 0, MSG_DONTWAIT);
	rec_urgent(c, "still at the mark", p.sv);
	rec_recv(c, "peek over it", p.sv, 10, MSG_PEEK);
	rec_urgent(c, "still there", p.sv);
	rec_recv(c, "over it", p.sv, 1, 0);
	rec_urgent(c, "behind", p.sv);
	rec_recv(c, "the octet is gone", p.sv, 1, MSG_OOB);
	rec_recv(c, "rest", p.sv, 10, 0);
}

SCENARIO(octet_first)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "a", MSG_OOB);
	rec_urgent(c, "at the mark", p.sv);
	rec_recv(c, "peek", p.sv, 10, MSG_PEEK | MSG_DONTWAIT);
	rec_urgent(c, "peeked", p.sv);
	give(c, p.cl, "b", 0);
	rec_urgent(c, "one behind it", p.sv);
	rec_recv(c, "over it", p.sv, 10, 0);
	rec_urgent(c, "empty", p.sv);
}

SCENARIO(inline_)
{
	struct pair p = pair_new(c);

	rc(c, "SO_OOBINLINE", set_int(p.sv, SOL_SOCKET, SO_OOBINLINE, 1));
	give(c, p.cl, "abc", MSG_OOB);
	give(c, p.cl, "def", 0);
	rec_urgent(c, "all there", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "peek", p.sv, 10, MSG_PEEK);
	rec_recv(c, "up to it", p.sv, 10, 0);
	rec_urgent(c, "at the mark", p.sv);
	rec_recv(c, "it and more", p.sv, 2, 0);
	rec_urgent(c, "behind", p.sv);
	rec_recv(c, "rest", p.sv, 10, 0);
	give(c, p.cl, "g", MSG_OOB);
	rec_urgent(c, "at once at the mark", p.sv);
	rec_recv(c, "it", p.sv, 10, 0);
	rec_urgent(c, "empty", p.sv);
}

/* The option may change while the octet is there. */
SCENARIO(inline_later)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "abc", MSG_OOB);
	rc(c, "on", set_int(p.sv, SOL_SOCKET, SO_OOBINLINE, 1));
	rec_urgent(c, "on", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rc(c, "off", set_int(p.sv, SOL_SOCKET, SO_OOBINLINE, 0));
	rec_urgent(c, "off", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rc(c, "on", set_int(p.sv, SOL_SOCKET, SO_OOBINLINE, 1));
	rec_recv(c, "up to it", p.sv, 10, 0);
	rec_recv(c, "it", p.sv, 10, 0);
	rec_urgent(c, "empty", p.sv);
}

SCENARIO(several)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "ab", MSG_OOB);
	give(c, p.cl, "cd", MSG_OOB);
	rec_urgent(c, "two", p.sv);
	rec_recv(c, "the last", p.sv, 10, MSG_OOB);
	rec_recv(c, "all before", p.sv, 10, 0);
	give(c, p.cl, "ef", MSG_OOB);
	rec_urgent(c, "at the former", p.sv);
	rec_recv(c, "up to the next", p.sv, 10, 0);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	give(c, p.cl, "g", MSG_OOB);
	rec_urgent(c, "one after the other", p.sv);
	give(c, p.cl, "h", MSG_OOB);
	rec_urgent(c, "and another", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	give(c, p.cl, "i", 0);
	rec_recv(c, "rest", p.sv, 10, 0);
	rec_urgent(c, "empty", p.sv);
}

SCENARIO(signals)
{
	struct pair p = pair_new(c);

	proves(c, "MUST-32");
	give(c, p.cl, "a", MSG_OOB);
	rec(c, "nobody owns it: %d", (int)sigurgs);
	own_sigurg(c, p.sv);
	rec(c, "owned now: %d", (int)sigurgs);
	give(c, p.cl, "b", MSG_OOB);
	wait_until(c, sigurgs == 1);
	give(c, p.cl, "c", 0);
	rec(c, "ordinary data: %d", (int)sigurgs);
	give(c, p.cl, "d", MSG_OOB);
	wait_until(c, sigurgs == 2);
	rec_urgent(c, "end", p.sv);
	rc(c, "no owner", fcntl(p.sv, F_SETOWN, 0));
	give(c, p.cl, "e", MSG_OOB);
	rec(c, "nobody owns it: %d", (int)sigurgs);
}

/* The signal ends a wait, or a reader goes by it that it is at the mark. */
static long read_some(int fd)
{
	char buf[10];

	return recv(fd, buf, sizeof(buf), 0);
}

SCENARIO(reader_waits)
{
	struct pair p = pair_new(c);
	struct async a;

	async_start(c, &a, p.sv, read_some);
	async_blocked(c, &a, SYS_recvfrom);
	give(c, p.cl, "a", MSG_OOB);
	give(c, p.cl, "bc", 0);
	async_join(c, &a, "reader");
	rec_urgent(c, "end", p.sv);
}

static long poll_pri(int fd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLPRI };

	return poll(&pfd, 1, -1) < 0 ? -1 : pfd.revents;
}

static long select_except(int fd)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	return pselect(fd + 1, NULL, NULL, &set, NULL, NULL);
}

SCENARIO(waiters)
{
	struct pair p = pair_new(c);
	struct async a;

	proves(c, "MUST-32");
	async_start(c, &a, p.sv, poll_pri);
	async_blocked(c, &a, SYS_poll);
	give(c, p.cl, "a", 0);
	give(c, p.cl, "b", MSG_OOB);
	async_join(c, &a, "poll");
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	async_start(c, &a, p.sv, select_except);
	async_blocked(c, &a, SYS_pselect6);
	give(c, p.cl, "c", MSG_OOB);
	async_join(c, &a, "select");
}

static void rec_epoll(struct ctx *c, const char *what, int ep)
{
	struct epoll_event ev = { 0 };
	char buf[120];
	int n = epoll_wait(ep, &ev, 1, 0);

	rec(c, "%s: %d %s", what, n,
	    events_text(n > 0 ? (int)ev.events : 0, buf, sizeof(buf)));
}

SCENARIO(epoll)
{
	struct pair p = pair_new(c);
	struct epoll_event ev = { .events = EPOLLPRI };
	int level = must(c, epoll_create1(0)), edge = must(c, epoll_create1(0));

	must(c, epoll_ctl(level, EPOLL_CTL_ADD, p.sv, &ev));
	ev.events = EPOLLPRI | EPOLLIN | EPOLLET;
	must(c, epoll_ctl(edge, EPOLL_CTL_ADD, p.sv, &ev));
	give(c, p.cl, "a", 0);
	rec_epoll(c, "ordinary, level", level);
	rec_epoll(c, "ordinary, edge", edge);
	give(c, p.cl, "b", MSG_OOB);
	rec_epoll(c, "urgent, level", level);
	rec_epoll(c, "again, level", level);
	rec_epoll(c, "urgent, edge", edge);
	rec_epoll(c, "again, edge", edge);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_epoll(c, "read, level", level);
	give(c, p.cl, "c", MSG_OOB);
	rec_epoll(c, "another, edge", edge);
	rec_epoll(c, "another, level", level);
}

SCENARIO(with_the_end)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "abc", 3, MSG_OOB));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rec_urgent(c, "all there", p.sv);
	rec_recv(c, "before", p.sv, 10, 0);
	rec_urgent(c, "at the mark", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "end", p.sv, 10, 0);
	rec_recv(c, "oob at the end", p.sv, 10, MSG_OOB);
	rec_recv(c, "end", p.sv, 10, 0);
}

SCENARIO(after_the_connection)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "abc", 3, MSG_OOB));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_urgent(c, "closed", p.sv);
	rec_recv(c, "peek", p.sv, 10, MSG_OOB | MSG_PEEK);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "before", p.sv, 10, 0);
	rec_recv(c, "end", p.sv, 10, 0);
}

SCENARIO(after_a_reset)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "abc", MSG_OOB);
	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_urgent(c, "reset", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "before", p.sv, 10, 0);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
}

SCENARIO(shut_for_reading)
{
	struct pair p = pair_new(c);

	give(c, p.cl, "abc", MSG_OOB);
	shutdown(p.sv, SHUT_RD);
	rec_urgent(c, "shut", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "before", p.sv, 10, 0);
	rec_recv(c, "end", p.sv, 10, 0);
	give(c, p.cl, "def", MSG_OOB);
	rec_recv(c, "oob, later", p.sv, 10, MSG_OOB);
}

SCENARIO(without_a_connection)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c)), syn = sk_syn_sent(c);

	rec_recv(c, "fresh", fd, 10, MSG_OOB);
	rc(c, "fresh, send", send(fd, "a", 1, MSG_OOB));
	rec_sigpipes(c, "fresh");
	must(c, bind(fd, &a.sa, a.len));
	must(c, listen(fd, 1));
	rec_recv(c, "listening", fd, 10, MSG_OOB);
	rc(c, "listening, send", send(fd, "a", 1, MSG_OOB | MSG_NOSIGNAL));
	rec_urgent(c, "listening", fd);
	rec_recv(c, "connecting", syn, 10, MSG_OOB);
	rc(c, "connecting, send", send(syn, "a", 1, MSG_OOB));
}

/* A socket that is used again has forgotten. */
SCENARIO(disconnected)
{
	struct sockaddr none = { .sa_family = AF_UNSPEC };
	struct pair p = pair_new(c);

	give(c, p.cl, "abc", MSG_OOB);
	rc(c, "disconnect", connect(p.sv, &none, sizeof(none)));
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_urgent(c, "disconnected", p.sv);
}

SCENARIO(ways_to_send)
{
	struct pair p = pair_new(c);
	struct iovec iov[2] = { { "ab", 2 }, { "cd", 2 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };

	rc(c, "nothing", send(p.cl, "", 0, MSG_OOB));
	rec_urgent(c, "nothing came", p.sv);
	rc(c, "two pieces", sendmsg(p.cl, &msg, MSG_OOB));
	settled(c, p.cl);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "before", p.sv, 10, 0);
	rc(c, "with more to come", send(p.cl, "ef", 2, MSG_OOB | MSG_MORE));
	settled(c, p.cl);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	rec_recv(c, "before", p.sv, 10, 0);
	rc(c, "bad memory", send(p.cl, (void *)8, 2, MSG_OOB));
	give(c, p.cl, "g", 0);
	rec_urgent(c, "nothing urgent", p.sv);
	shutdown(p.cl, SHUT_WR);
	rc(c, "shut", send(p.cl, "h", 1, MSG_OOB | MSG_NOSIGNAL));
}

SCENARIO(ways_to_read)
{
	struct pair p = pair_new(c);
	char buf[10] = "";
	struct iovec iov = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	long n;

	give(c, p.cl, "abc", MSG_OOB);
	n = recvmsg(p.sv, &msg, MSG_OOB | MSG_PEEK);
	rec(c, "recvmsg: %ld '%s' flags %x", n, buf, msg.msg_flags);
	iov.iov_len = 0;
	n = recvmsg(p.sv, &msg, MSG_OOB | MSG_PEEK);
	rec(c, "no room: %ld flags %x", n, msg.msg_flags);
	rec_recv(c, "cut", p.sv, 10, MSG_OOB | MSG_TRUNC | MSG_PEEK);
	rec_recv(c, "all of it", p.sv, 10, MSG_OOB | MSG_WAITALL | MSG_PEEK);
	rc(c, "bad memory", recv(p.sv, (void *)8, 1, MSG_OOB));
	rec_recv(c, "gone with it", p.sv, 10, MSG_OOB);
	iov.iov_len = sizeof(buf);
	n = recvmsg(p.sv, &msg, 0);
	rec(c, "ordinary: %ld flags %x", n, msg.msg_flags);
	give(c, p.cl, "d", MSG_OOB);
	rec_recv(c, "ordinary octets dropped", p.sv, 10, MSG_TRUNC | MSG_DONTWAIT);
	rec_urgent(c, "end", p.sv);
}

SCENARIO(low_water)
{
	struct pair p = pair_new(c);

	rc(c, "SO_RCVLOWAT", set_int(p.sv, SOL_SOCKET, SO_RCVLOWAT, 3));
	give(c, p.cl, "abcd", MSG_OOB);
	rec_urgent(c, "three and one", p.sv);
	rec_recv(c, "up to it", p.sv, 3, 0);
	give(c, p.cl, "ef", 0);
	rec_urgent(c, "one and two", p.sv);
	give(c, p.cl, "g", 0);
	rec_urgent(c, "one and three", p.sv);
}

/* Much of it, of which the last octet counts; the reader is there when all came. */
SCENARIO(much)
{
	struct pair p = pair_new(c);
	static char buf[20000];
	long n, all = 0;

	proves(c, "MUST-31");
	memset(buf, 'a', sizeof(buf));
	buf[sizeof(buf) - 1] = 'z';
	must(c, set_int(p.cl, SOL_SOCKET, SO_SNDBUF, 200000));
	rc(c, "send", send(p.cl, buf, sizeof(buf), MSG_OOB));
	settled(c, p.cl);
	rec_urgent(c, "all there", p.sv);
	rec_recv(c, "oob", p.sv, 10, MSG_OOB);
	while ((n = recv(p.sv, buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		all += n;
	rec(c, "%ld before it", all);
}

TEST_HARNESS_MAIN
