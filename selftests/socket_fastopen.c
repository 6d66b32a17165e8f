// SPDX-License-Identifier: GPL-2.0
/*
 * Fast Open's calls beside TCP's: MSG_FASTOPEN in every state, the socket options and
 * their values, sysctls, and what can be seen of a connection that begins with data in
 * its SYN: results, errors, events.
 */
#include "lib/socktest.h"

#include <netinet/tcp.h>

#ifndef TCP_FASTOPEN_KEY
#define TCP_FASTOPEN_KEY 33
#endif
#ifndef TCP_FASTOPEN_NO_COOKIE
#define TCP_FASTOPEN_NO_COOKIE 34
#endif

static const char *sysctl_path(struct ctx *c, const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "/proc/sys/net/%s%s", c->kind->tcp ? "ipv4/tcp_" : "xtcp/",
		 name);
	return path;
}

static void rec_sysctl(struct ctx *c, const char *name)
{
	int fd = open(sysctl_path(c, name), O_RDONLY);
	char buf[200] = "";
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	rec(c, "%s: %s '%s'", name, n < 0 ? errno_text(errno) : "0", buf);
	close(fd);
}

static void try_sysctl(struct ctx *c, const char *name, const char *value)
{
	int fd = open(sysctl_path(c, name), O_WRONLY);
	char line[160];

	snprintf(line, sizeof(line), "%s '%.100s'", name, value);
	rc(c, line, fd < 0 ? -1 : write(fd, value, strlen(value)));
	close(fd);
	rec_sysctl(c, name);
}

/* A namespace whose servers and clients have Fast Open. */
static void enter(struct ctx *c)
{
	int fd;

	netns_enter();
	fd = open(sysctl_path(c, "fastopen"), O_WRONLY);
	must(c, write(fd, "3", 1));
	close(fd);
}

static void rec_info(struct ctx *c, const char *what, int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	must(c, getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len));
	rec(c, "%s: state %d, SYN data %d, %u sent again", what, info.tcpi_state,
	    !!(info.tcpi_options & 32), info.tcpi_total_retrans);
}

static int fast_listener(struct ctx *c)
{
	int ls = sk_listener(c);

	must(c, set_int(ls, IPPROTO_TCP, TCP_FASTOPEN, 5));
	return ls;
}

static long fast(int fd, struct addr *to, const char *text, int flags)
{
	return sendto(fd, text, strlen(text), MSG_FASTOPEN | MSG_NOSIGNAL | flags, &to->sa, to->len);
}

/* The cookie, by a connection that is closed again. */
static void learn(struct ctx *c, int ls)
{
	struct addr to = addr_local(ls);
	int cl = must(c, sk_settled(c)), sv;

	must(c, fast(cl, &to, "x", 0));
	sv = must(c, accept(ls, NULL, NULL));
	close(cl);
	close(sv);
}

SCENARIO(first_time)
{
	struct addr to;
	int ls, cl, sv;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	cl = must(c, sk_settled(c));
	rc(c, "blocking", fast(cl, &to, "hello", 0));
	sv = must(c, accept(ls, NULL, NULL));
	rec_recv(c, "server", sv, 10, 0);
	rec_info(c, "client", cl);
	rec_info(c, "server", sv);
	rc(c, "again", fast(cl, &to, "hello", 0));
	rc(c, "from the server", fast(sv, &to, "hello", 0));
	rec_peername(c, "peer", cl);
}

SCENARIO(first_time_without_waiting)
{
	struct addr to;
	int ls, cl, sv;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	cl = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	rc(c, "nothing is taken", fast(cl, &to, "hello", 0));
	wait_poll(c, cl, POLLOUT);
	rec_poll(c, "connected", cl);
	rc(c, "connect", connect(cl, &to.sa, to.len));
	rc(c, "again", fast(cl, &to, "hello", 0));
	rc(c, "send", send(cl, "hello", 5, 0));
	sv = must(c, accept(ls, NULL, NULL));
	rec_recv(c, "server", sv, 10, 0);
	rec_info(c, "client", cl);
}

static void second(struct ctx *c, int flags, int msg_flags)
{
	struct addr to;
	int ls, cl, sv;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	learn(c, ls);
	cl = must(c, sk_settled_flags(c, flags));
	rc(c, "data in the SYN", fast(cl, &to, "hello", msg_flags));
	wait_poll(c, ls, POLLIN);
	sv = must(c, accept(ls, NULL, NULL));
	rec_poll(c, "server", sv);
	rec_recv(c, "server", sv, 10, 0);
	rec_info(c, "server", sv);
	wait_poll(c, cl, POLLOUT);
	rec_info(c, "client", cl);
	rec_poll(c, "client", cl);
	rc(c, "answer", send(sv, "world!", 6, 0));
	wait_poll(c, cl, POLLIN);
	rec_recv(c, "client", cl, 10, 0);
	rc(c, "connect", connect(cl, &to.sa, to.len));
	rc(c, "close", close(sv));
	wait_poll(c, cl, POLLRDHUP);
	rec_recv(c, "client", cl, 10, 0);
}

SCENARIO(second_time)
{
	second(c, 0, 0);
}

SCENARIO(second_time_without_waiting)
{
	second(c, SOCK_NONBLOCK, 0);
}

SCENARIO(second_time_with_dontwait)
{
	second(c, 0, MSG_DONTWAIT);
}

/* Beyond what a SYN has room for, the call waits, or takes less. */
SCENARIO(a_lot_of_data)
{
	static char buf[20000];
	int ls, cl, sv, mss = 1000;
	struct addr to;
	long n = 0, got;

	enter(c);
	ls = fast_listener(c);
	must(c, set_int(ls, IPPROTO_TCP, TCP_MAXSEG, mss));
	to = addr_local(ls);
	learn(c, ls);
	cl = must(c, sk_settled(c));
	rc(c, "blocking", sendto(cl, buf, sizeof(buf), MSG_FASTOPEN, &to.sa, to.len));
	sv = must(c, accept(ls, NULL, NULL));
	while (n < (long)sizeof(buf) && (got = recv(sv, buf, sizeof(buf), 0)) > 0)
		n += got;
	rec(c, "server: %ld", n);
	rec_info(c, "server", sv);
	close(cl);
	close(sv);
	cl = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	rc(c, "not blocking", sendto(cl, buf, sizeof(buf), MSG_FASTOPEN, &to.sa, to.len));
}

SCENARIO(addresses)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int ls, fd, i;
	struct addr to, closed;
	char line[60];

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	closed = addr_closed(c);
	fd = must(c, sk_settled(c));
	rc(c, "none", sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, NULL, 0));
	rc(c, "AF_UNSPEC", sendto(fd, "x", 1, MSG_FASTOPEN, &unspec, sizeof(unspec)));
	for (i = 1; i < (int)to.len; i += 3) {
		snprintf(line, sizeof(line), "of %d octets", i);
		rc(c, line, sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, &to.sa, i));
	}
	rc(c, "bad memory", sendto(fd, "x", 1, MSG_FASTOPEN, (void *)8, to.len));
	rc(c, "nobody listens", fast(fd, &closed, "x", 0));
	rec_poll(c, "refused", fd);
	rc(c, "then somebody", fast(fd, &to, "x", 0));
	fd = must(c, sk_settled(c));
	rc(c, "bad data", sendto(fd, (void *)8, 5, MSG_FASTOPEN | MSG_NOSIGNAL, &to.sa, to.len));
	rc(c, "and then good", fast(fd, &to, "x", 0));
}

/* AF_XTCP learns its family by it. */
SCENARIO(undecided)
{
	struct addr to;
	int ls, fd;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	fd = must(c, sk_new(c));
	rc(c, "blocking", fast(fd, &to, "x", 0));
	rec_sockname(c, "name", fd);
	rec_peername(c, "peer", fd);
}

SCENARIO(bad_data_with_a_cookie)
{
	struct addr to;
	int ls, fd, sv;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	learn(c, ls);
	fd = must(c, sk_settled(c));
	rc(c, "bad data", sendto(fd, (void *)8, 5, MSG_FASTOPEN | MSG_NOSIGNAL, &to.sa, to.len));
	sv = must(c, accept(ls, NULL, NULL));
	rc(c, "send", send(fd, "ok", 2, 0));
	rec_recv(c, "server", sv, 10, 0);
	fd = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	rc(c, "bad, not blocking", sendto(fd, (void *)8, 5, MSG_FASTOPEN, &to.sa, to.len));
	wait_poll(c, ls, POLLIN);
	sv = must(c, accept(ls, NULL, NULL));
	wait_poll(c, fd, POLLOUT);
	rc(c, "send", send(fd, "ok", 2, 0));
	rec_recv(c, "server", sv, 10, 0);
}

SCENARIO(other_states)
{
	struct pair p = pair_new(c);
	int ls = sk_listener(c), syn = sk_syn_sent(c);
	struct addr to = addr_local(ls);

	rc(c, "listening", fast(ls, &to, "x", MSG_DONTWAIT));
	rc(c, "connecting", fast(syn, &to, "x", MSG_DONTWAIT));
	rc(c, "connected", fast(p.cl, &to, "x", MSG_DONTWAIT));
	shutdown(p.cl, SHUT_WR);
	rc(c, "shut", fast(p.cl, &to, "x", MSG_DONTWAIT));
	rc(c, "urgent", sendto(p.sv, "x", 1, MSG_FASTOPEN | MSG_OOB | MSG_DONTWAIT, &to.sa, to.len)
	   < 0);
}

SCENARIO(switched_off)
{
	struct addr to;
	int fd;

	netns_enter();
	to = addr_local(sk_listener(c));
	rec_sysctl(c, "fastopen");
	fd = must(c, sk_settled(c));
	try_sysctl(c, "fastopen", "0");
	rc(c, "MSG_FASTOPEN", fast(fd, &to, "x", 0));
	rc(c, "TCP_FASTOPEN_CONNECT", set_int(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1));
	rc(c, "out of range", set_int(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 2));
	rc(c, "TCP_FASTOPEN", set_int(fd, IPPROTO_TCP, TCP_FASTOPEN, 1));
}

SCENARIO(sysctls)
{
	static const char *const values[] = { "0", "1", "3", "1027", "515", "-1", "4096", "x", "" };
	static const char *const keys[] = {
		"00010203-04050607-08090a0b-0c0d0e0f", "1-2-3-4",
		"1-2-3-4,f0000000-2-3-fffffff4", "1-2-3", "1-2-3-4,", "1-2-3-4,5", "x", "",
		"1-2-3-4,5-6-7-8,9-a-b-c", "ffffffff-ffffffff-ffffffff-ffffffff\n",
	};
	unsigned int i;

	netns_enter();
	rec_sysctl(c, "fastopen_key");
	rec_sysctl(c, "fastopen_blackhole_timeout_sec");
	for (i = 0; i < ARRAY_SIZE(values); i++)
		try_sysctl(c, "fastopen", values[i]);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		try_sysctl(c, "fastopen_key", keys[i]);
	try_sysctl(c, "fastopen_blackhole_timeout_sec", "5");
	try_sysctl(c, "fastopen_blackhole_timeout_sec", "-1");
}

static void try_option(struct ctx *c, const char *what, int fd, int opt)
{
	static const int values[] = { 1, 0, 5, 1, 2, -1, 70000, 0 };
	unsigned int i;
	char line[80];
	int val;

	for (i = 0; i < ARRAY_SIZE(values); i++) {
		socklen_t len = sizeof(val);

		snprintf(line, sizeof(line), "%s, option %d, set %d", what, opt, values[i]);
		rc(c, line, set_int(fd, IPPROTO_TCP, opt, values[i]));
		val = -7;
		must(c, getsockopt(fd, IPPROTO_TCP, opt, &val, &len));
		rec(c, "%s: is %d len %u", line, val, len);
	}
}

SCENARIO(options)
{
	static const int opts[] = { TCP_FASTOPEN, TCP_FASTOPEN_CONNECT, TCP_FASTOPEN_NO_COOKIE };
	struct pair p = pair_new(c);
	int syn = sk_syn_sent(c);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(opts); i++) {
		try_option(c, "fresh", must(c, sk_settled(c)), opts[i]);
		try_option(c, "listening", sk_listener(c), opts[i]);
		try_option(c, "connecting", syn, opts[i]);
		try_option(c, "client", p.cl, opts[i]);
		try_option(c, "server", p.sv, opts[i]);
		rc(c, "short", setsockopt(p.cl, IPPROTO_TCP, opts[i], &i, 3));
		rc(c, "bad memory", setsockopt(p.cl, IPPROTO_TCP, opts[i], (void *)8, 4));
	}
}

static void rec_key(struct ctx *c, const char *what, int fd, int room)
{
	unsigned char key[40];
	socklen_t len = room;
	long ret;

	memset(key, 0xee, sizeof(key));
	ret = getsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, &len);
	rec(c, "%s, room %d: %s len %d: %02x %02x .. %02x %02x", what, room,
	    ret ? errno_text(errno) : "0", (int)len, key[0], key[15], key[16], key[31]);
}

static void try_keys(struct ctx *c, const char *what, int fd)
{
	static const int lens[] = { 0, 4, 15, 16, 17, 31, 33, 32, 16, -1 };
	unsigned char key[40];
	unsigned int i;
	char line[60];

	rec_key(c, what, fd, 32);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		unsigned int k;

		for (k = 0; k < sizeof(key); k++)
			key[k] = k + 16 * i;
		snprintf(line, sizeof(line), "%s, length %d", what, lens[i]);
		rc(c, line, setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, lens[i]));
		rec_key(c, line, fd, 32);
		rec_key(c, line, fd, 16);
		rec_key(c, line, fd, 5);
		rec_key(c, line, fd, 0);
	}
	rc(c, "bad memory", setsockopt(fd, IPPROTO_TCP, TCP_FASTOPEN_KEY, (void *)8, 16));
}

SCENARIO(keys)
{
	struct pair p = pair_new(c);
	int ls = sk_listener(c), cl = must(c, sk_settled(c));

	try_keys(c, "fresh", must(c, sk_settled(c)));
	try_keys(c, "listening", ls);
	try_keys(c, "client", p.cl);
	try_keys(c, "server", p.sv);
	p = pair_to(c, ls, cl);
	rec_key(c, "child of a listener with keys", p.sv, 32);
}

SCENARIO(children_do_not_inherit)
{
	int ls, cl, sv, val = -1;
	socklen_t len = sizeof(val);

	enter(c);
	ls = fast_listener(c);
	cl = must(c, sk_settled(c));
	sv = pair_to(c, ls, cl).sv;
	must(c, getsockopt(sv, IPPROTO_TCP, TCP_FASTOPEN, &val, &len));
	rec(c, "child: %d", val);
	val = -1;
	must(c, getsockopt(ls, IPPROTO_TCP, TCP_FASTOPEN, &val, &len));
	rec(c, "listener: %d", val);
}

static int deferring(struct ctx *c, int flags)
{
	int fd = must(c, sk_settled_flags(c, flags));

	must(c, set_int(fd, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1));
	return fd;
}

SCENARIO(connect_waits_for_data)
{
	int ls, cl, sv;
	struct addr to;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	cl = deferring(c, 0);
	rc(c, "without a cookie", connect(cl, &to.sa, to.len));
	rec_info(c, "client", cl);
	rec_poll(c, "client", cl);
	sv = must(c, accept(ls, NULL, NULL));
	close(cl);
	close(sv);
	cl = deferring(c, 0);
	rc(c, "with a cookie", connect(cl, &to.sa, to.len));
	rec_info(c, "client", cl);
	rec_poll(c, "client", cl);
	rec_poll(c, "listener", ls);
	rec_sockname(c, "name", cl);
	rec_peername(c, "peer", cl);
	rc(c, "SIOCOUTQ", queued_out(cl));
	rc(c, "SIOCINQ", queued_in(cl));
	sk_nonblock(cl, true);		/* else it waits for the other end */
	rc(c, "connect again", connect(cl, &to.sa, to.len));
	rec_recv(c, "client", cl, 1, 0);
	sk_nonblock(cl, false);
	rc(c, "send", send(cl, "hello", 5, 0));
	rec_info(c, "client", cl);
	rec_poll(c, "client", cl);
	rec_peername(c, "peer", cl);
	rc(c, "connect again", connect(cl, &to.sa, to.len));
	sv = must(c, accept(ls, NULL, NULL));
	rec_recv(c, "server", sv, 10, 0);
	rec_info(c, "server", sv);
	rc(c, "the option in this state", set_int(cl, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 0));
}

SCENARIO(connect_waits_without_blocking)
{
	int ls, cl, sv;
	struct addr to;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	learn(c, ls);
	cl = deferring(c, SOCK_NONBLOCK);
	rc(c, "connect", connect(cl, &to.sa, to.len));
	rc(c, "write", write(cl, "hello", 5));
	wait_poll(c, ls, POLLIN);
	sv = must(c, accept(ls, NULL, NULL));
	rec_recv(c, "server", sv, 10, 0);
	wait_poll(c, cl, POLLOUT);
	rc(c, "connect again", connect(cl, &to.sa, to.len));
	rec_info(c, "client", cl);
}

static void give_up_waiting(struct ctx *c, int ls, int how)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct addr to = addr_local(ls);
	int cl = deferring(c, SOCK_NONBLOCK);

	rc(c, "connect", connect(cl, &to.sa, to.len));
	if (how < 3)
		rc(c, "shutdown", shutdown(cl, how));
	else
		rc(c, "disconnect", connect(cl, &unspec, sizeof(unspec)));
	rec_info(c, "client", cl);
	rec_poll(c, "client", cl);
	rec_poll(c, "listener", ls);
	rc(c, "write", send(cl, "x", 1, MSG_NOSIGNAL));
	rc(c, "connect again", connect(cl, &to.sa, to.len));
	rec_info(c, "client", cl);
	rc(c, "close", close(cl));
}

SCENARIO(waiting_is_given_up)
{
	int ls, how;

	enter(c);
	ls = fast_listener(c);
	learn(c, ls);
	for (how = SHUT_RD; how <= 3; how++)
		give_up_waiting(c, ls, how);
}

static long blocking_fast(int fd)
{
	return send(fd, "hello", 5, MSG_FASTOPEN | MSG_NOSIGNAL);
}

/* While one thread waits for its handshake, another tries the same. */
SCENARIO(two_at_once)
{
	struct addr a = addr_at(c, SILENT, 7);
	struct async one;
	int fd;

	enter(c);
	netns_silent();
	fd = must(c, sk_settled(c));
	must(c, set_int(fd, IPPROTO_TCP, TCP_FASTOPEN_NO_COOKIE, 1));
	rc(c, "not waiting", fast(fd, &a, "hello", MSG_DONTWAIT));
	rec_poll(c, "connecting", fd);
	rc(c, "SIOCOUTQ", queued_out(fd));
	async_start(c, &one, fd, blocking_fast);
	async_blocked(c, &one, SYS_sendto);
	rc(c, "another", fast(fd, &a, "hello", MSG_DONTWAIT));
	rc(c, "shutdown", shutdown(fd, SHUT_RDWR));
	async_join(c, &one, "the first");
	rec_poll(c, "shut", fd);
}

/* Reset while it waits to be accepted, with data. */
SCENARIO(child_is_reset)
{
	int ls, cl, sv;
	struct addr to;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	learn(c, ls);
	cl = must(c, sk_settled(c));
	rc(c, "data in the SYN", fast(cl, &to, "hello", 0));
	sk_abort(cl);
	sv = must(c, accept(ls, NULL, NULL));
	wait_state(c, sv, TCP_CLOSE);
	rec_poll(c, "server", sv);
	rec_recv(c, "server", sv, 10, 0);
	rec_recv(c, "server", sv, 10, 0);
	rec_recv(c, "server", sv, 10, 0);
}

/* Used again after a disconnect. */
SCENARIO(again_with_the_same_socket)
{
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int ls, cl, sv, i;
	struct addr to;

	enter(c);
	ls = fast_listener(c);
	to = addr_local(ls);
	cl = must(c, sk_settled(c));
	for (i = 0; i < 3; i++) {
		rc(c, "send", fast(cl, &to, "hello", 0));
		sv = must(c, accept(ls, NULL, NULL));
		rec_recv(c, "server", sv, 10, 0);
		rec_info(c, "client", cl);
		rec_info(c, "server", sv);
		rc(c, "disconnect", connect(cl, &unspec, sizeof(unspec)));
		rec_info(c, "client", cl);
		close(sv);
	}
}

TEST_HARNESS_MAIN
