// SPDX-License-Identifier: GPL-2.0
/*
 * MSG_ flags of the send and receive calls, beside TCP.
 */
#include "lib/socktest.h"
#include "lib/data.h"

static void give(struct ctx *c, int from, int to, const char *text)
{
	int before = queued_in(to);

	must(c, (int)send(from, text, strlen(text), 0));
	wait_until(c, queued_in(to) == before + (int)strlen(text));
}

SCENARIO(dontwait)
{
	struct pair p = pair_new(c);

	rec_recv(c, "nothing there", p.cl, 10, MSG_DONTWAIT);
	give(c, p.sv, p.cl, "abc");
	rec_recv(c, "something there", p.cl, 10, MSG_DONTWAIT);
	rec_recv(c, "nothing more", p.cl, 10, MSG_DONTWAIT);
	sk_nonblock(p.cl, true);
	rec_recv(c, "O_NONBLOCK", p.cl, 10, 0);
	rec_recv(c, "O_NONBLOCK and WAITALL", p.cl, 10, MSG_WAITALL);
	give(c, p.sv, p.cl, "abc");
	rec_recv(c, "WAITALL with some there", p.cl, 10, MSG_WAITALL);
	give(c, p.sv, p.cl, "abc");
	sk_nonblock(p.cl, false);
	rec_recv(c, "DONTWAIT and WAITALL", p.cl, 10, MSG_WAITALL | MSG_DONTWAIT);
}

SCENARIO(peek)
{
	struct pair p = pair_new(c);

	give(c, p.sv, p.cl, "abcdefgh");
	rec_recv(c, "peek 3", p.cl, 3, MSG_PEEK);
	rec_recv(c, "peek 3 again", p.cl, 3, MSG_PEEK);
	rec_recv(c, "peek all", p.cl, 20, MSG_PEEK);
	rec_poll(c, "peeked", p.cl);
	rec_recv(c, "recv 3", p.cl, 3, 0);
	rec_recv(c, "peek the rest", p.cl, 20, MSG_PEEK);
	give(c, p.sv, p.cl, "XYZ");
	rec_recv(c, "peek over two", p.cl, 20, MSG_PEEK);
	rec_recv(c, "recv over two", p.cl, 20, 0);
	rec_recv(c, "peek nothing", p.cl, 20, MSG_PEEK | MSG_DONTWAIT);
	shutdown(p.sv, SHUT_WR);
	wait_poll(c, p.cl, POLLRDHUP);
	rec_recv(c, "peek the end", p.cl, 20, MSG_PEEK);
	rec_recv(c, "peek the end again", p.cl, 20, MSG_PEEK);
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rec_recv(c, "peek a reset", p.cl, 20, MSG_PEEK);
	rec_recv(c, "peek a reset again", p.cl, 20, MSG_PEEK);
}

static long waitall_flags;

static long do_waitall(int fd)
{
	char buf[16];

	return recv(fd, buf, 10, MSG_WAITALL | waitall_flags);
}

SCENARIO(waitall)
{
	struct pair p = pair_new(c);
	struct async t;

	give(c, p.sv, p.cl, "0123456789ab");
	rec_recv(c, "enough there", p.cl, 10, MSG_WAITALL);
	async_start(c, &t, p.cl, do_waitall);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "345", 3, 0));
	wait_until(c, queued_out(p.sv) == 0);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "6789012", 7, 0));
	async_join(c, &t, "ten in three pieces");
	rec_recv(c, "the rest", p.cl, 20, MSG_DONTWAIT);
	async_start(c, &t, p.cl, do_waitall);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "four", 4, 0));
	shutdown(p.sv, SHUT_WR);
	async_join(c, &t, "cut short by the end");
	async_start(c, &t, p.cl, do_waitall);
	async_join(c, &t, "at the end");
}

SCENARIO(waitall_interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	struct pair p = pair_new(c);
	struct async t;

	sigaction(SIGUSR1, &sa, NULL);
	async_start(c, &t, p.cl, do_waitall);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "345", 3, 0));
	wait_until(c, queued_in(p.cl) == 0 && queued_out(p.sv) == 0);
	async_blocked(c, &t, SYS_recvfrom);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "by a signal");
	async_start(c, &t, p.cl, do_waitall);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "345", 3, 0));
	wait_until(c, queued_in(p.cl) == 0 && queued_out(p.sv) == 0);
	async_blocked(c, &t, SYS_recvfrom);
	sk_abort(p.sv);
	async_join(c, &t, "by a reset");
	rec_recv(c, "then", p.cl, 10, 0);
	rec_recv(c, "then", p.cl, 10, 0);
}

SCENARIO(waitall_and_peek)
{
	struct pair p = pair_new(c);
	struct async t;

	waitall_flags = MSG_PEEK;
	give(c, p.sv, p.cl, "01234");
	async_start(c, &t, p.cl, do_waitall);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "56789", 5, 0));
	async_join(c, &t, "peek ten");
	rec(c, "still there: %d", queued_in(p.cl));
	waitall_flags = 0;
}

/* More than the receive buffer holds: WAITALL must keep opening the window. */
SCENARIO(waitall_beyond_the_buffer)
{
	static unsigned char out[400000], in[400000];
	struct pair p = pair_new(c);
	long n;
	int pid;

	set_int(p.sv, SOL_SOCKET, SO_RCVBUF, 80000);
	data_fill(out, 0, sizeof(out));
	pid = fork();
	if (!pid) {
		n = send(p.cl, out, sizeof(out), 0);
		_exit(n != (long)sizeof(out));
	}
	n = rc(c, "recv", recv(p.sv, in, sizeof(in), MSG_WAITALL));
	rec(c, "%s", n == (long)sizeof(in) && data_ok(in, 0, n) ? "intact" : "broken");
	waitpid(pid, NULL, 0);
}

SCENARIO(truncating)
{
	struct pair p = pair_new(c);
	char buf[8] = "-------";

	give(c, p.sv, p.cl, "abcdefgh");
	rc(c, "throw 3 away", recv(p.cl, buf, 3, MSG_TRUNC));
	rec(c, "buffer '%s'", buf);
	rec(c, "still there: %d", queued_in(p.cl));
	rc(c, "peek and trunc", recv(p.cl, buf, 2, MSG_PEEK | MSG_TRUNC));
	rec(c, "buffer '%s'", buf);
	rec_recv(c, "the rest", p.cl, 20, 0);
	give(c, p.sv, p.cl, "abcdefgh");
	rc(c, "no buffer", recv(p.cl, NULL, 5, MSG_TRUNC));
	rc(c, "more than there is", recv(p.cl, NULL, 5000, MSG_TRUNC));
	rc(c, "nothing there", recv(p.cl, NULL, 5000, MSG_TRUNC | MSG_DONTWAIT));
}

SCENARIO(nosignal)
{
	struct pair p = pair_new(c);
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	shutdown(p.cl, SHUT_WR);
	rc(c, "send", send(p.cl, "x", 1, 0));
	rec_sigpipes(c, "send");
	rc(c, "send NOSIGNAL", send(p.cl, "x", 1, MSG_NOSIGNAL));
	rec_sigpipes(c, "send NOSIGNAL");
	rc(c, "write", write(p.cl, "x", 1));
	rec_sigpipes(c, "write");
	rc(c, "sendmsg", sendmsg(p.cl, &msg, 0));
	rec_sigpipes(c, "sendmsg");
	rc(c, "sendmsg NOSIGNAL", sendmsg(p.cl, &msg, MSG_NOSIGNAL));
	rec_sigpipes(c, "sendmsg NOSIGNAL");
	give(c, p.sv, p.cl, "abc");
	rec_recv(c, "recv NOSIGNAL", p.cl, 10, MSG_NOSIGNAL);
}

SCENARIO(more)
{
	struct pair p = pair_new(c);

	rc(c, "MORE", send(p.cl, "one ", 4, MSG_MORE));
	rc(c, "MORE", send(p.cl, "two ", 4, MSG_MORE));
	rc(c, "end", send(p.cl, "three", 5, 0));
	wait_until(c, queued_in(p.sv) == 13);
	rec_recv(c, "all", p.sv, 30, 0);
	/* Left hanging, it goes out in the end. */
	rc(c, "MORE and no end", send(p.cl, "four", 4, MSG_MORE));
	wait_until(c, queued_in(p.sv) == 4);
	rec_recv(c, "all", p.sv, 30, 0);
	rc(c, "MORE and close", send(p.cl, "five", 4, MSG_MORE));
	rc(c, "close", close(p.cl));
	rec_recv(c, "all", p.sv, 4, MSG_WAITALL);
	rec_recv(c, "end", p.sv, 4, 0);
}

SCENARIO(harmless)
{
	static const int flags[] = { MSG_DONTROUTE, MSG_CONFIRM, MSG_EOR, MSG_TRUNC, MSG_CTRUNC,
				     MSG_WAITALL, MSG_RST, MSG_SYN, 0x100, 0x2000000 };
	struct pair p = pair_new(c);
	unsigned int i;
	char what[30];

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		snprintf(what, sizeof(what), "send with %x", flags[i]);
		rc(c, what, send(p.cl, "x", 1, flags[i]));
	}
	wait_until(c, queued_out(p.cl) == 0);
	rec_recv(c, "arrived", p.sv, 30, MSG_DONTWAIT);
	give(c, p.cl, p.sv, "abcdefghijkl");
	rec_recv(c, "recv with EOR", p.sv, 1, MSG_EOR);
	rec_recv(c, "recv with CTRUNC", p.sv, 1, MSG_CTRUNC);
	rec_recv(c, "recv with CONFIRM", p.sv, 1, MSG_CONFIRM);
	rec_recv(c, "recv with MORE", p.sv, 1, MSG_MORE);
	rec_recv(c, "recv with DONTROUTE", p.sv, 1, MSG_DONTROUTE);
	rec_recv(c, "error queue", p.sv, 1, MSG_ERRQUEUE);
	rec_recv(c, "error queue DONTWAIT", p.sv, 1, MSG_ERRQUEUE | MSG_DONTWAIT);
	rec_recv(c, "no urgent data", p.sv, 1, MSG_OOB);
	rec_recv(c, "the rest", p.sv, 30, 0);
}

SCENARIO(control_messages)
{
	struct pair p = pair_new(c);
	char ctl[CMSG_SPACE(sizeof(int))] = "", room[128];
	struct iovec iov = { "x", 1 }, in = { room, sizeof(room) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl,
			      .msg_controllen = sizeof(ctl) };
	struct cmsghdr *cm = CMSG_FIRSTHDR(&msg);
	char back[256];

	cm->cmsg_len = CMSG_LEN(sizeof(int));
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	rc(c, "SCM_RIGHTS", sendmsg(p.cl, &msg, 0));
	cm->cmsg_type = 999;
	rc(c, "an unknown type", sendmsg(p.cl, &msg, 0));
	cm->cmsg_level = IPPROTO_IP;
	rc(c, "another level", sendmsg(p.cl, &msg, 0));
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_len = 3;
	rc(c, "a short one", sendmsg(p.cl, &msg, 0));
	cm->cmsg_len = 1000;
	rc(c, "a long one", sendmsg(p.cl, &msg, 0));
	wait_until(c, queued_out(p.cl) == 0);
	msg.msg_iov = &in;
	msg.msg_control = back;
	msg.msg_controllen = sizeof(back);
	rc(c, "recvmsg", recvmsg(p.sv, &msg, MSG_DONTWAIT));
	rec(c, "controllen %zu flags %x", (size_t)msg.msg_controllen, msg.msg_flags);
}

SCENARIO(several_messages)
{
	struct pair p = pair_new(c);
	struct iovec iov[3] = { { "a", 1 }, { "bb", 2 }, { "ccc", 3 } };
	struct mmsghdr mm[3] = { 0 };
	char room[3][8] = { "" };
	int i, n;

	for (i = 0; i < 3; i++) {
		mm[i].msg_hdr.msg_iov = &iov[i];
		mm[i].msg_hdr.msg_iovlen = 1;
	}
	n = rc(c, "sendmmsg", sendmmsg(p.cl, mm, 3, 0));
	for (i = 0; i < n; i++)
		rec(c, "length %u", mm[i].msg_len);
	wait_until(c, queued_in(p.sv) == 6);
	for (i = 0; i < 3; i++) {
		iov[i].iov_base = room[i];
		iov[i].iov_len = 4;
	}
	n = rc(c, "recvmmsg", recvmmsg(p.sv, mm, 3, MSG_DONTWAIT, NULL));
	for (i = 0; i < n; i++)
		rec(c, "length %u '%.4s'", mm[i].msg_len, room[i]);
}

SCENARIO(fastopen)
{
	struct addr a = addr_closed(c), to = addr_local(sk_listener(c));
	int fd = must(c, sk_settled(c));

	rc(c, "MSG_FASTOPEN", sendto(fd, "x", 1, MSG_FASTOPEN, &to.sa, to.len));
	(void)a;
}

TEST_HARNESS_MAIN
