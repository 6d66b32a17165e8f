// SPDX-License-Identifier: GPL-2.0
/*
 * getsockname() and getpeername() beside TCP: in every state, and into room of
 * every size.
 */
#include "lib/cross.h"

static void rec_names(struct ctx *c, const char *what, int fd)
{
	char text[60];

	snprintf(text, sizeof(text), "%s, own", what);
	rec_sockname(c, text, fd);
	snprintf(text, sizeof(text), "%s, peer", what);
	rec_peername(c, text, fd);
}

SCENARIO(by_state)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));
	struct pair p = pair_new(c);

	rec_names(c, "fresh", fd);
	must(c, bind(fd, &a.sa, a.len));
	rec_names(c, "bound", fd);
	must(c, listen(fd, 1));
	rec_names(c, "listening", fd);
	rec_names(c, "connecting", sk_syn_sent(c));
	forget_ports(c);
	rec_names(c, "client", p.cl);
	rec_names(c, "server", p.sv);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	rec_names(c, "FIN-WAIT-2", p.cl);
	rec_names(c, "CLOSE-WAIT", p.sv);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.cl, TCP_CLOSE);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_names(c, "after TIME-WAIT began", p.cl);
	rec_names(c, "after LAST-ACK", p.sv);
}

SCENARIO(after_reset)
{
	struct pair p = pair_new(c);

	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_names(c, "reset", p.sv);
	rec_so_error(c, "reset", p.sv);
	rec_names(c, "error read", p.sv);
}

SCENARIO(after_reset_of_a_bound_client)
{
	struct addr a = addr_at(c, LOOP2, 0);
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct pair p;

	must(c, bind(cl, &a.sa, a.len));
	p = pair_to(c, ls, cl);
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rec_names(c, "reset", p.cl);
}

SCENARIO(after_refusal)
{
	struct addr to = addr_closed(c), a = addr_at(c, LOOP, 0), any = addr_at(c, ANY, 0);
	int fd = must(c, sk_settled(c));

	rc(c, "unbound", connect(fd, &to.sa, to.len));
	rec_names(c, "unbound", fd);
	fd = must(c, sk_settled(c));
	must(c, bind(fd, &a.sa, a.len));
	rc(c, "bound", connect(fd, &to.sa, to.len));
	rec_names(c, "bound", fd);
	fd = must(c, sk_settled(c));
	must(c, bind(fd, &any.sa, any.len));
	rc(c, "bound to any", connect(fd, &to.sa, to.len));
	rec_names(c, "bound to any", fd);
}

/* Bound to any address, the connection chooses one; the listener keeps any. */
SCENARIO(any_becomes_specific)
{
	int ls = sk_listener_at(c, ANY, 4), cl = must(c, sk_new(c));
	struct addr any = addr_at(c, ANY, 0), to = addr_local(ls);
	int sv;

	proves(c, "MUST-44");
	must(c, bind(cl, &any.sa, any.len));
	rec_names(c, "client", cl);
	to = addr_at(c, LOOP2, addr_port(&to));
	rc(c, "connect", connect(cl, &to.sa, to.len));
	rec_names(c, "client", cl);
	sv = must(c, accept(ls, NULL, NULL));
	rec_names(c, "server", sv);
	rec_names(c, "listener", ls);
}

/*
 * Another address, with a nearer route, is what new connections get; an open one keeps
 * its own.
 */
SCENARIO(address_stays)
{
	struct cross x = cross_established(c);
	struct addr to = cross_addr(c, 0);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	proves(c, "MUST-45");
	rec_names(c, "before", x.sk[1]);
	netns_add4("wire:1", "198.51.100.3", "255.255.255.248");
	netns_add6("wire", "2001:db8:1::3", 64);
	rc(c, "a new one", connect(fd, &to.sa, to.len));
	rec_sockname(c, "a new one", fd);
	rc(c, "send", send(x.sk[1], "as before", 9, 0));
	cross_settle(&x);
	rec_recv(c, "recv", x.sk[0], 20, 0);
	rc(c, "send", send(x.sk[0], "and back", 8, 0));
	cross_until(c, &x, queued_in(x.sk[1]) == 8);
	rec_recv(c, "recv", x.sk[1], 20, 0);
	rec_names(c, "after", x.sk[1]);
}

typedef int (*name_fn)(int fd, struct sockaddr *sa, socklen_t *len);

/* How many bytes FN writes: the last may by chance be what was there before. */
static unsigned int written(name_fn fn, int fd, int len)
{
	unsigned int most = 0, i, fill;

	for (fill = 0x11; fill <= 0xee; fill += 0xdd) {
		unsigned char buf[256];
		socklen_t room = len;

		memset(buf, fill, sizeof(buf));
		fn(fd, (struct sockaddr *)buf, &room);
		for (i = sizeof(buf); i && buf[i - 1] == fill; i--)
			;
		most = i > most ? i : most;
	}
	return most;
}

static void by_length(struct ctx *c, const char *what, name_fn fn, int fd)
{
	static const int lens[] = { 0, 1, 2, 3, 4, 8, 15, 16, 17, 24, 27, 28, 29, 128, 4096, -1 };
	unsigned char buf[256];
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];

		ret = fn(fd, (struct sockaddr *)buf, &len);
		rec(c, "%s length %d: %s, length %d, %u bytes written", what, lens[i],
		    ret ? errno_text(errno) : "0", (int)len, written(fn, fd, lens[i]));
	}
	rc(c, "no memory there", fn(fd, (void *)8, &(socklen_t){ 28 }));
	rc(c, "no length there", fn(fd, (struct sockaddr *)buf, (void *)8));
	rc(c, "neither", fn(fd, NULL, NULL));
}

static int sockname(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getsockname(fd, sa, len);
}

static int peername(int fd, struct sockaddr *sa, socklen_t *len)
{
	return getpeername(fd, sa, len);
}

SCENARIO(lengths)
{
	struct pair p = pair_new(c);

	by_length(c, "own", sockname, p.cl);
	by_length(c, "peer", peername, p.cl);
	by_length(c, "own, fresh", sockname, must(c, sk_settled(c)));
	by_length(c, "peer, fresh", peername, must(c, sk_settled(c)));
	by_length(c, "no such descriptor", sockname, -1);
	by_length(c, "not a socket", peername, must(c, open("/dev/null", O_RDWR)));
}

/* The bytes after the address are zero. */
SCENARIO(padding)
{
	unsigned char buf[64];
	struct pair p = pair_new(c);
	socklen_t len = sizeof(buf);
	unsigned int i, sum = 0;

	memset(buf, 0xee, sizeof(buf));
	must(c, getpeername(p.cl, (struct sockaddr *)buf, &len));
	for (i = is6(c) ? 24 : 8; i < len; i++)
		sum += buf[i];
	rec(c, "length %u padding %u", len, sum);
	if (is6(c)) {
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)buf;

		rec(c, "flowinfo %x scope %u", six->sin6_flowinfo, six->sin6_scope_id);
	}
}

TEST_HARNESS_MAIN
