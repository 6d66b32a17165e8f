// SPDX-License-Identifier: GPL-2.0
/*
 * shutdown() beside TCP: in three ways, in each state, and what either end can
 * still do afterwards.
 */
#include "lib/socktest.h"

static const char *const how_text[] = { "SHUT_RD", "SHUT_WR", "SHUT_RDWR" };

/* All that one end says of itself. */
static void rec_end(struct ctx *c, const char *who, int fd)
{
	rec_state(c, who, fd);
	rec_poll(c, who, fd);
	rec_so_error(c, who, fd);
	rec_peername(c, who, fd);
	rec_recv(c, who, fd, 10, MSG_DONTWAIT);
	rec_recv(c, who, fd, 10, MSG_DONTWAIT | MSG_PEEK);
	rc(c, who, send(fd, "x", 1, MSG_DONTWAIT));
	rec_sigpipes(c, who);
}

SCENARIO(unconnected)
{
	struct addr a = addr_at(c, LOOP, 0);
	int how, fd;

	for (how = 0; how < 3; how++) {
		fd = must(c, sk_settled(c));
		rec(c, "%s", how_text[how]);
		rc(c, "fresh", shutdown(fd, how));
		rec_end(c, "fresh", fd);
		must(c, bind(fd, &a.sa, a.len));
		rc(c, "bound", shutdown(fd, how));
		rec_end(c, "bound", fd);
		/* Still good for a connection? */
		a = addr_local(sk_listener(c));
		rc(c, "connect", connect(fd, &a.sa, a.len));
		rec_end(c, "connected", fd);
		a = addr_at(c, LOOP, 0);
	}
}

SCENARIO(bad_arguments)
{
	struct pair p = pair_new(c);

	rc(c, "3", shutdown(p.cl, 3));
	rc(c, "-1", shutdown(p.cl, -1));
	rc(c, "99", shutdown(p.cl, 99));
	rc(c, "bad descriptor", shutdown(-1, SHUT_WR));
	rc(c, "not a socket", shutdown(must(c, open("/dev/null", O_RDWR)), SHUT_WR));
	rc(c, "3 on a fresh one", shutdown(sk_settled(c), 3));
	rec_end(c, "unharmed", p.cl);
}

SCENARIO(established_rd)
{
	struct pair p = pair_new(c);

	rc(c, "shutdown", shutdown(p.cl, SHUT_RD));
	rec_end(c, "client", p.cl);
	wait_until(c, queued_in(p.sv) == 1);
	rec_end(c, "server", p.sv);
	/* What the peer sends then is acknowledged, and can even be read. */
	wait_until(c, queued_out(p.sv) == 0);
	rec_recv(c, "data that came later", p.cl, 10, MSG_DONTWAIT);
	rec_recv(c, "the end", p.cl, 10, 0);
	rc(c, "again", shutdown(p.cl, SHUT_RD));
}

SCENARIO(established_wr)
{
	struct pair p = pair_new(c);

	rc(c, "shutdown", shutdown(p.cl, SHUT_WR));
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	rec_end(c, "client", p.cl);
	rec_end(c, "server", p.sv);
	wait_until(c, queued_in(p.cl) == 1);
	rec_end(c, "client with data", p.cl);
	rc(c, "again", shutdown(p.cl, SHUT_WR));
	rc(c, "RD too", shutdown(p.cl, SHUT_RD));
	rec_end(c, "client", p.cl);
	rc(c, "the server", shutdown(p.sv, SHUT_WR));
	wait_state(c, p.sv, TCP_CLOSE);
	rec_end(c, "client", p.cl);
	rec_end(c, "server", p.sv);
	rc(c, "the client, closed", shutdown(p.cl, SHUT_RDWR));
	rc(c, "the server, closed", shutdown(p.sv, SHUT_RDWR));
}

SCENARIO(established_rdwr)
{
	struct pair p = pair_new(c);

	rc(c, "shutdown", shutdown(p.cl, SHUT_RDWR));
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	rec_end(c, "client", p.cl);
	rec_end(c, "server", p.sv);
	/* Data that nobody will ever read: it comes back as a reset. */
	wait_state(c, p.sv, TCP_CLOSE);
	rec_state(c, "client, after the server's data", p.cl);
	rc(c, "the server", shutdown(p.sv, SHUT_RDWR));
	rec_end(c, "client", p.cl);
	rec_end(c, "server", p.sv);
}

SCENARIO(close_wait_each_way)
{
	int how;

	for (how = 0; how < 3; how++) {
		struct pair p = pair_new(c);

		rec(c, "%s", how_text[how]);
		shutdown(p.cl, SHUT_WR);
		wait_poll(c, p.sv, POLLRDHUP);
		rc(c, "shutdown", shutdown(p.sv, how));
		if (how != SHUT_RD)
			wait_state(c, p.sv, TCP_CLOSE);
		rec_end(c, "server", p.sv);
		if (how == SHUT_RD)
			wait_until(c, queued_in(p.cl) == 1);
		rec_end(c, "client", p.cl);
	}
}

SCENARIO(with_data_unread)
{
	int how;

	for (how = 0; how < 3; how++) {
		struct pair p = pair_new(c);

		forget_ports(c);
		rec(c, "%s", how_text[how]);
		must(c, (int)send(p.cl, "unread", 6, 0));
		wait_until(c, queued_in(p.sv) == 6);
		rc(c, "shutdown", shutdown(p.sv, how));
		if (how != SHUT_RD) {
			wait_poll(c, p.cl, POLLRDHUP);
			wait_state(c, p.sv, TCP_FIN_WAIT2);
		}
		rec(c, "FIONREAD %d", queued_in(p.sv));
		rec_end(c, "server", p.sv);
		if (how == SHUT_RD)
			wait_until(c, queued_in(p.cl) == 1);
		rec_end(c, "client", p.cl);
	}
}

/* What was written before shutdown arrives before the end. */
SCENARIO(data_then_end)
{
	static char buf[100000];
	struct pair p = pair_new(c);
	long n, got = 0, sent;

	sent = must(c, (int)send(p.cl, buf, sizeof(buf), MSG_DONTWAIT));
	rc(c, "shutdown", shutdown(p.cl, SHUT_WR));
	while ((n = recv(p.sv, buf, 5000, 0)) > 0)
		got += n;
	rec(c, "all arrived %d, then %ld", got == sent, n);
	rc(c, "the other way", send(p.sv, "reply", 5, 0));
	rec_recv(c, "reply", p.cl, 5, MSG_WAITALL);
}

SCENARIO(reset_each_way)
{
	int how;

	for (how = 0; how < 3; how++) {
		struct pair p = pair_new(c);

		rec(c, "%s", how_text[how]);
		sk_abort(p.cl);
		wait_state(c, p.sv, TCP_CLOSE);
		rc(c, "shutdown", shutdown(p.sv, how));
		rec_end(c, "server", p.sv);
	}
}

SCENARIO(both_at_once)
{
	struct pair p = pair_new(c);

	/* As near to a simultaneous close as two calls in a row come. */
	rc(c, "client", shutdown(p.cl, SHUT_WR));
	rc(c, "server", shutdown(p.sv, SHUT_WR));
	wait_state(c, p.cl, TCP_CLOSE);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_end(c, "client", p.cl);
	rec_end(c, "server", p.sv);
}

/* Seen through another descriptor of the same socket, and by a child. */
SCENARIO(dup_and_fork)
{
	struct pair p = pair_new(c);
	int other = must(c, dup(p.cl)), pid, status;

	rc(c, "close one of two", close(p.cl));
	rec_state(c, "open still", other);
	rc(c, "send", send(other, "abc", 3, 0));
	rec_recv(c, "recv", p.sv, 3, MSG_WAITALL);
	pid = fork();
	if (!pid)
		_exit(shutdown(other, SHUT_WR) ? errno : 0);
	waitpid(pid, &status, 0);
	rec(c, "child's shutdown: %d", WEXITSTATUS(status));
	wait_poll(c, p.sv, POLLRDHUP);
	rec_end(c, "server", p.sv);
	wait_until(c, queued_in(other) == 1);
	rec_end(c, "client", other);
}

SCENARIO(fork_shares)
{
	struct pair p = pair_new(c);
	char buf[8] = "";
	int pid, status;

	pid = fork();
	if (!pid) {
		close(p.cl);
		if (recv(p.sv, buf, 5, MSG_WAITALL) != 5 || memcmp(buf, "to me", 5))
			_exit(1);
		_exit(send(p.sv, "yours", 5, 0) != 5);
	}
	rc(c, "close ours", close(p.sv));
	rc(c, "send", send(p.cl, "to me", 5, 0));
	rec_recv(c, "the child's answer", p.cl, 5, MSG_WAITALL);
	waitpid(pid, &status, 0);
	rec(c, "child %d", status);
	/* The child was the last to hold it. */
	wait_poll(c, p.cl, POLLRDHUP);
	rec_recv(c, "the end", p.cl, 5, 0);
}

SCENARIO(fork_shares_listener)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c)), pid, status;
	struct addr a = addr_local(ls);

	pid = fork();
	if (!pid) {
		int sv = accept(ls, NULL, NULL);

		_exit(sv < 0 || send(sv, "child", 5, 0) != 5);
	}
	rc(c, "close ours", close(ls));
	rc(c, "connect", connect(cl, &a.sa, a.len));
	rec_recv(c, "from the child", cl, 5, MSG_WAITALL);
	waitpid(pid, &status, 0);
	rec(c, "child %d", status);
	rc(c, "no more", connect(must(c, sk_new(c)), &a.sa, a.len));
}

TEST_HARNESS_MAIN
