// SPDX-License-Identifier: GPL-2.0
/*
 * close() beside TCP: with and without SO_LINGER, with data unread or unsent,
 * and what the peer learns of it.
 */
#include "lib/socktest.h"

static int set_linger(int fd, int on, int seconds)
{
	struct linger l = { .l_onoff = on, .l_linger = seconds };

	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
}

/* What the one who stays sees, call by call. */
static void rec_left(struct ctx *c, int fd)
{
	rec_state(c, "left", fd);
	rec_poll(c, "left", fd);
	rec_recv(c, "left, recv", fd, 10, MSG_DONTWAIT);
	rec_recv(c, "left, recv", fd, 10, MSG_DONTWAIT);
	rec_poll(c, "left", fd);
	/* If it can still be sent, it comes back as a reset. */
	if (rc(c, "left, send", send(fd, "x", 1, 0)) == 1)
		wait_state(c, fd, TCP_CLOSE);
	rec_sigpipes(c, "left, send");
	rec_so_error(c, "left", fd);
}

SCENARIO(plain)
{
	struct pair p = pair_new(c);

	rc(c, "close", close(p.cl));
	wait_poll(c, p.sv, POLLRDHUP);
	rec_state(c, "left", p.sv);
	rec_poll(c, "left", p.sv);
	rec_recv(c, "left", p.sv, 10, 0);
	/* Nobody reads this: it comes back as a reset. */
	rc(c, "send", send(p.sv, "x", 1, 0));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_poll(c, "reset", p.sv);
	rc(c, "send", send(p.sv, "x", 1, 0));
	rec_sigpipes(c, "send");
	rc(c, "send", send(p.sv, "x", 1, 0));
	rec_sigpipes(c, "send");
	rec_recv(c, "reset", p.sv, 10, 0);
	rec_so_error(c, "reset", p.sv);
	rc(c, "close", close(p.sv));
}

SCENARIO(data_before_close)
{
	struct pair p = pair_new(c);

	rc(c, "send", send(p.cl, "last words", 10, 0));
	rc(c, "close", close(p.cl));
	wait_poll(c, p.sv, POLLRDHUP);
	rec_left(c, p.sv);
}

SCENARIO(both_sides)
{
	struct pair p = pair_new(c);

	rc(c, "client", close(p.cl));
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "server", close(p.sv));
}

SCENARIO(unread_data)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.sv, "unread", 6, 0));
	wait_until(c, queued_in(p.cl) == 6);
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(unread_data_and_data_of_its_own)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.sv, "unread", 6, 0));
	wait_until(c, queued_in(p.cl) == 6);
	must(c, (int)send(p.cl, "mine", 4, 0));
	wait_until(c, queued_in(p.sv) == 4);
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(unread_after_shutdown)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.sv, "unread", 6, 0));
	wait_until(c, queued_in(p.cl) == 6);
	rc(c, "shutdown", shutdown(p.cl, SHUT_WR));
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(unread_end_only)
{
	struct pair p = pair_new(c);

	shutdown(p.sv, SHUT_WR);
	wait_poll(c, p.cl, POLLRDHUP);
	rc(c, "close with an end unread", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(linger_zero)
{
	struct pair p = pair_new(c);

	rc(c, "SO_LINGER", set_linger(p.cl, 1, 0));
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
	rec_peername(c, "left", p.sv);
}

SCENARIO(linger_zero_with_data)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "delivered", 9, 0));
	wait_until(c, queued_in(p.sv) == 9);
	set_linger(p.cl, 1, 0);
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(linger_zero_in_each_state)
{
	struct pair p;
	int fd;

	fd = must(c, sk_settled(c));
	set_linger(fd, 1, 0);
	rc(c, "fresh", close(fd));
	fd = sk_listener(c);
	set_linger(fd, 1, 0);
	rc(c, "listening", close(fd));
	fd = sk_syn_sent(c);
	set_linger(fd, 1, 0);
	rc(c, "SYN-SENT", close(fd));

	p = pair_new(c);
	set_linger(p.sv, 1, 0);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "CLOSE-WAIT", close(p.sv));
	wait_state(c, p.cl, TCP_CLOSE);
	rec_left(c, p.cl);

	p = pair_new(c);
	set_linger(p.sv, 1, 0);
	shutdown(p.sv, SHUT_WR);
	wait_poll(c, p.cl, POLLRDHUP);
	wait_state(c, p.sv, TCP_FIN_WAIT2);
	rc(c, "FIN-WAIT-2", close(p.sv));
	wait_state(c, p.cl, TCP_CLOSE);
	rec_left(c, p.cl);
}

SCENARIO(linger_some)
{
	struct pair p = pair_new(c);

	rc(c, "SO_LINGER", set_linger(p.cl, 1, 5));
	must(c, (int)send(p.cl, "slow", 4, 0));
	/* All of it is acknowledged, so that close need not wait its time out. */
	rc(c, "close", close(p.cl));
	wait_poll(c, p.sv, POLLRDHUP);
	rec_left(c, p.sv);
}

static long do_close(int fd)
{
	return close(fd);
}

SCENARIO(linger_waits_for_the_peer)
{
	struct pair p = pair_new(c);
	static char buf[65536];
	struct async t;
	long n;

	set_linger(p.cl, 1, 60);
	fill(c, p.cl);
	async_start(c, &t, p.cl, do_close);
	async_blocked(c, &t, SYS_close);
	while ((n = recv(p.sv, buf, sizeof(buf), 0)) > 0)
		;
	rec(c, "the peer reads to the end: %ld", n);
	shutdown(p.sv, SHUT_WR);
	async_join(c, &t, "close");
}

SCENARIO(linger_time_runs_out)
{
	struct pair p = pair_new(c);
	static char buf[65536];
	long long start;
	long n, got = 0;

	set_linger(p.cl, 1, 1);
	fill(c, p.cl);
	start = now_ms();
	rc(c, "close", close(p.cl));
	rec(c, "waited a second %d", now_ms() - start >= 990);
	/* The data was not thrown away. */
	while ((n = recv(p.sv, buf, sizeof(buf), 0)) > 0)
		got += n;
	rec(c, "then it all arrived: %d, end %ld", got > 20000, n);
}

SCENARIO(linger_interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	struct pair p = pair_new(c);
	struct async t;

	sigaction(SIGUSR1, &sa, NULL);
	set_linger(p.cl, 1, 60);
	fill(c, p.cl);
	async_start(c, &t, p.cl, do_close);
	async_blocked(c, &t, SYS_close);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "close");
	rc(c, "closed it is", close(t.fd));
}

SCENARIO(linger_nonblocking)
{
	struct pair p = pair_new(c);

	set_linger(p.cl, 1, 60);
	fill(c, p.cl);
	sk_nonblock(p.cl, true);
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "close after a reset", close(p.cl));
}

SCENARIO(linger_values)
{
	static const int set[][2] = { { 0, 0 }, { 1, 0 }, { 1, 5 }, { 0, 5 }, { 2, 7 }, { -1, 3 },
				      { 1, -1 }, { 1, 65536 }, { 1, 0x7fffffff } };
	struct linger l = { 1, 1 };
	int fd = must(c, sk_settled(c));
	socklen_t len;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(set); i++) {
		rc(c, "set", set_linger(fd, set[i][0], set[i][1]));
		memset(&l, 0, sizeof(l));
		len = sizeof(l);
		rc(c, "get", getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
		rec(c, "%d %d: %d %d len %u", set[i][0], set[i][1], l.l_onoff, l.l_linger, len);
	}
	rc(c, "short", setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, 4));
	len = 4;
	rc(c, "get short", getsockopt(fd, SOL_SOCKET, SO_LINGER, &l, &len));
	rec(c, "len %u", len);
}

SCENARIO(shutdown_then_linger_zero)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "data", 4, 0));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	shutdown(p.sv, SHUT_WR);
	/* TIME-WAIT begins; a reset now has no one to tell. */
	wait_state(c, p.cl, TCP_CLOSE);
	set_linger(p.cl, 1, 0);
	rc(c, "close", close(p.cl));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

SCENARIO(peer_still_sending)
{
	struct pair p = pair_new(c);

	rc(c, "close", close(p.cl));
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "send into it", send(p.sv, "one", 3, 0));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_left(c, p.sv);
}

/* Reset while the other has data of ours it has not read. */
SCENARIO(reset_with_data_waiting)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "0123456789", 10, 0));
	wait_until(c, queued_in(p.sv) == 10);
	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec(c, "FIONREAD %d", queued_in(p.sv));
	rec_recv(c, "peek", p.sv, 4, MSG_PEEK);
	rec_recv(c, "recv", p.sv, 4, 0);
	rec_recv(c, "recv", p.sv, 4, 0);
	rec_recv(c, "recv", p.sv, 4, 0);
	rec_recv(c, "recv", p.sv, 4, 0);
}

SCENARIO(so_error_first)
{
	struct pair p = pair_new(c);

	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_so_error(c, "reset", p.sv);
	rec_so_error(c, "read twice", p.sv);
	rec_poll(c, "then", p.sv);
	rec_recv(c, "recv", p.sv, 4, 0);
	rc(c, "send", send(p.sv, "x", 1, 0));
	rec_sigpipes(c, "send");
}

SCENARIO(process_ends)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c)), pid;
	struct addr a = addr_local(ls);

	pid = fork();
	if (!pid) {
		int sv = accept(ls, NULL, NULL);

		(void)!write(sv, "bye", 3);
		pause();
	}
	rc(c, "connect", connect(cl, &a.sa, a.len));
	rec_recv(c, "recv", cl, 3, MSG_WAITALL);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	wait_poll(c, cl, POLLRDHUP);
	rec_state(c, "killed", cl);
	rec_recv(c, "recv", cl, 3, 0);
}

TEST_HARNESS_MAIN
