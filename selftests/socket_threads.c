// SPDX-License-Identifier: GPL-2.0
/*
 * One socket, several threads, beside TCP: one sends while another receives, many
 * accept, and one waits while another takes the socket away.
 */
#include "lib/socktest.h"
#include "lib/data.h"

static long do_recv(int fd)
{
	char buf[64];

	return recv(fd, buf, sizeof(buf), 0);
}

static long do_send(int fd)
{
	static char buf[1 << 16];

	return send(fd, buf, sizeof(buf), MSG_NOSIGNAL);
}

static long do_accept(int fd)
{
	return accept(fd, NULL, NULL) < 0 ? -1 : 0;
}

static void recv_meets_shutdown(struct ctx *c, int how)
{
	struct pair p = pair_new(c);
	struct async t;

	rec(c, "how %d", how);
	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	rc(c, "shutdown", shutdown(p.cl, how));
	if (how == SHUT_WR) {
		/* That ends nothing for the receiver: data does. */
		async_blocked(c, &t, SYS_recvfrom);
		must(c, (int)send(p.sv, "data", 4, 0));
	}
	async_join(c, &t, "recv");
}

SCENARIO(recv_and_shutdown)
{
	recv_meets_shutdown(c, SHUT_RD);
	recv_meets_shutdown(c, SHUT_WR);
	recv_meets_shutdown(c, SHUT_RDWR);
}

static void send_meets_shutdown(struct ctx *c, int how)
{
	struct pair p = pair_new(c);
	static char buf[65536];
	struct async t;

	rec(c, "how %d", how);
	fill(c, p.cl);
	async_start(c, &t, p.cl, do_send);
	async_blocked(c, &t, SYS_sendto);
	rc(c, "shutdown", shutdown(p.cl, how));
	if (how == SHUT_RD)
		while (!t.done)
			(void)!recv(p.sv, buf, sizeof(buf), MSG_DONTWAIT);
	async_join(c, &t, "send");
}

SCENARIO(send_and_shutdown)
{
	send_meets_shutdown(c, SHUT_RD);
	send_meets_shutdown(c, SHUT_WR);
	send_meets_shutdown(c, SHUT_RDWR);
}

/* close() does not take the socket from a thread inside a call: the call holds it. */
SCENARIO(recv_and_close)
{
	struct pair p = pair_new(c);
	struct async t;

	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	rc(c, "close", close(p.cl));
	async_blocked(c, &t, SYS_recvfrom);
	rec_poll(c, "the peer knows nothing", p.sv);
	rc(c, "send", send(p.sv, "still", 5, 0));
	async_join(c, &t, "recv");
	/* With the call goes the socket. */
	wait_poll(c, p.sv, POLLRDHUP);
	rec_recv(c, "the peer", p.sv, 10, 0);
}

SCENARIO(send_and_close)
{
	struct pair p = pair_new(c);
	static char buf[65536];
	struct async t;
	long n;

	fill(c, p.cl);
	async_start(c, &t, p.cl, do_send);
	async_blocked(c, &t, SYS_sendto);
	rc(c, "close", close(p.cl));
	while ((n = recv(p.sv, buf, sizeof(buf), 0)) > 0)
		;
	rec(c, "the peer's end: %ld", n);
	async_join(c, &t, "send");
}

SCENARIO(accept_and_close)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct addr a = addr_local(ls);
	struct async t;

	async_start(c, &t, ls, do_accept);
	async_blocked(c, &t, SYS_accept);
	rc(c, "close", close(ls));
	async_blocked(c, &t, SYS_accept);
	rc(c, "connect", connect(cl, &a.sa, a.len));
	async_join(c, &t, "accept");
	wait_until(c, connect(must(c, sk_new(c)), &a.sa, a.len) < 0);
	rec(c, "then: %s", errno_text(errno));
}

SCENARIO(recv_and_unspec)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };
	struct pair p = pair_new(c);
	struct async t;

	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	rec(c, "disconnect under a reader: %s",
	    connect(p.cl, &sa, sizeof(sa)) ? errno_text(errno) : "0");
	if (tcp_state(p.cl) == TCP_ESTABLISHED)
		must(c, (int)send(p.sv, "data", 4, 0));
	async_join(c, &t, "recv");
}

SCENARIO(two_receivers)
{
	struct pair p = pair_new(c);
	struct async a, b;

	async_start(c, &a, p.cl, do_recv);
	async_blocked(c, &a, SYS_recvfrom);
	async_start(c, &b, p.cl, do_recv);
	async_blocked(c, &b, SYS_recvfrom);
	must(c, (int)send(p.sv, "one", 3, 0));
	wait_until(c, a.done || b.done);
	wait_until(c, queued_in(p.cl) == 0);
	must(c, (int)send(p.sv, "one", 3, 0));
	async_join(c, &a, "first");
	async_join(c, &b, "second");
	/* And both learn of the end. */
	async_start(c, &a, p.cl, do_recv);
	async_blocked(c, &a, SYS_recvfrom);
	async_start(c, &b, p.cl, do_recv);
	async_blocked(c, &b, SYS_recvfrom);
	shutdown(p.sv, SHUT_WR);
	async_join(c, &a, "first at the end");
	async_join(c, &b, "second at the end");
}

SCENARIO(many_accept)
{
	int ls = sk_listener(c), i;
	struct addr a = addr_local(ls);
	struct async t[8];

	for (i = 0; i < 8; i++) {
		async_start(c, &t[i], ls, do_accept);
		async_blocked(c, &t[i], SYS_accept);
	}
	for (i = 0; i < 7; i++)
		must(c, connect(must(c, sk_new(c)), &a.sa, a.len));
	wait_until(c, t[0].done + t[1].done + t[2].done + t[3].done + t[4].done + t[5].done +
		      t[6].done + t[7].done == 7);
	shutdown(ls, SHUT_RD);
	for (i = 0; i < 8; i++) {
		wait_until(c, t[i].done);
		pthread_join(t[i].thread, NULL);
	}
	rec(c, "%ld refused", -(t[0].ret + t[1].ret + t[2].ret + t[3].ret + t[4].ret + t[5].ret +
				t[6].ret + t[7].ret));
}

#define STREAM_BYTES 400000

static void *sender(void *arg)
{
	static unsigned char buf[STREAM_BYTES];
	int fd = *(int *)arg;
	long n, off;

	data_fill(buf, 0, sizeof(buf));
	for (off = 0; off < STREAM_BYTES; off += n) {
		n = send(fd, buf + off, off % 3000 + 1 < STREAM_BYTES - off ? off % 3000 + 1 :
			 STREAM_BYTES - off, 0);
		if (n <= 0)
			break;
	}
	return NULL;
}

/* An echo by the far end; here one thread only sends, and this one only receives. */
SCENARIO(send_and_recv_at_once)
{
	static unsigned char buf[8192];
	struct pair p = pair_new(c);
	long n, got = 0;
	pthread_t t;
	bool ok = true;
	int pid, status;

	pid = fork();
	if (!pid) {
		while ((n = recv(p.sv, buf, sizeof(buf), 0)) > 0)
			if (send(p.sv, buf, n, 0) != n)
				_exit(1);
		_exit(n != 0);
	}
	must(c, -pthread_create(&t, NULL, sender, &p.cl));
	while (got < STREAM_BYTES && (n = recv(p.cl, buf, sizeof(buf), 0)) > 0) {
		ok = ok && data_ok(buf, got, n);
		got += n;
	}
	pthread_join(t, NULL);
	rec(c, "%ld back, %s", got, ok ? "intact" : "broken");
	shutdown(p.cl, SHUT_WR);
	waitpid(pid, &status, 0);
	rec(c, "echo ended with %d", status);
}

struct part {
	int fd;
	char letter;
	bool ok;
};

static void *send_part(void *arg)
{
	struct part *p = arg;
	char buf[1000];
	int i;

	memset(buf, p->letter, sizeof(buf));
	p->ok = true;
	for (i = 0; i < 50; i++)
		p->ok = p->ok && send(p->fd, buf, sizeof(buf), 0) == sizeof(buf);
	return NULL;
}

/* Four senders on one socket: all bytes of each arrive, in whatever order. */
SCENARIO(four_senders)
{
	struct pair p = pair_new(c);
	struct part part[4];
	long n, i, count[4] = { 0 };
	pthread_t t[4];
	char buf[4096];

	for (i = 0; i < 4; i++) {
		part[i] = (struct part){ p.cl, 'a' + i, false };
		must(c, -pthread_create(&t[i], NULL, send_part, &part[i]));
	}
	while (count[0] + count[1] + count[2] + count[3] < 200000 &&
	       (n = recv(p.sv, buf, sizeof(buf), 0)) > 0)
		while (n--)
			count[(buf[n] - 'a') & 3]++;
	for (i = 0; i < 4; i++) {
		pthread_join(t[i], NULL);
		rec(c, "%c: %ld sent %d", (char)('a' + i), count[i], part[i].ok);
	}
}

TEST_HARNESS_MAIN
