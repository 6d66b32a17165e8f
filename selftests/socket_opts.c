// SPDX-License-Identifier: GPL-2.0
/*
 * Socket options beside TCP: defaults, what setting gives back, ranges, lengths
 * and bad memory, unknown ones; SOL_SOCKET and IP levels. The options of
 * IPPROTO_TCP are in socket_tcp_opts.c.
 */
#include "lib/socktest.h"

struct opt {
	int level;
	int opt;
	const char *name;
};

#define O(level, opt) { level, opt, #opt }

static const struct opt sol_socket[] = {
	O(SOL_SOCKET, SO_KEEPALIVE), O(SOL_SOCKET, SO_BROADCAST), O(SOL_SOCKET, SO_REUSEADDR),
	O(SOL_SOCKET, SO_REUSEPORT), O(SOL_SOCKET, SO_OOBINLINE), O(SOL_SOCKET, SO_DONTROUTE),
	O(SOL_SOCKET, SO_PRIORITY), O(SOL_SOCKET, SO_MARK), O(SOL_SOCKET, SO_RCVLOWAT),
	O(SOL_SOCKET, SO_SNDLOWAT), O(SOL_SOCKET, SO_TIMESTAMP), O(SOL_SOCKET, SO_PASSCRED),
	O(SOL_SOCKET, SO_NO_CHECK), O(SOL_SOCKET, SO_DEBUG), O(SOL_SOCKET, SO_RXQ_OVFL),
	O(SOL_SOCKET, SO_LOCK_FILTER), O(SOL_SOCKET, SO_SELECT_ERR_QUEUE),
	O(SOL_SOCKET, SO_BUSY_POLL), O(SOL_SOCKET, SO_INCOMING_CPU), O(SOL_SOCKET, SO_BUF_LOCK),
	O(SOL_SOCKET, SO_WIFI_STATUS),
};

static const struct opt ip_level[] = {
	O(IPPROTO_IP, IP_TOS), O(IPPROTO_IP, IP_TTL), O(IPPROTO_IP, IP_MINTTL),
	O(IPPROTO_IP, IP_MTU_DISCOVER), O(IPPROTO_IP, IP_RECVERR), O(IPPROTO_IP, IP_RECVTOS),
	O(IPPROTO_IP, IP_RECVTTL), O(IPPROTO_IP, IP_PKTINFO), O(IPPROTO_IP, IP_FREEBIND),
	O(IPPROTO_IP, IP_TRANSPARENT), O(IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT),
	O(IPPROTO_IP, IP_MTU), O(IPPROTO_IP, IP_MULTICAST_TTL), O(IPPROTO_IP, IP_MULTICAST_LOOP),
	O(IPPROTO_IP, IP_HDRINCL), O(IPPROTO_IP, IP_NODEFRAG), O(IPPROTO_IP, IP_CHECKSUM),
	O(IPPROTO_IP, IP_UNICAST_IF), { IPPROTO_IP, 200, "unknown at IPPROTO_IP" },
};

static const struct opt ip6_level[] = {
	O(IPPROTO_IPV6, IPV6_V6ONLY), O(IPPROTO_IPV6, IPV6_TCLASS),
	O(IPPROTO_IPV6, IPV6_UNICAST_HOPS), O(IPPROTO_IPV6, IPV6_MTU_DISCOVER),
	O(IPPROTO_IPV6, IPV6_RECVPKTINFO), O(IPPROTO_IPV6, IPV6_RECVHOPLIMIT),
	O(IPPROTO_IPV6, IPV6_RECVTCLASS), O(IPPROTO_IPV6, IPV6_RECVERR),
	O(IPPROTO_IPV6, IPV6_MULTICAST_HOPS), O(IPPROTO_IPV6, IPV6_MTU),
	O(IPPROTO_IPV6, IPV6_DONTFRAG), O(IPPROTO_IPV6, IPV6_AUTOFLOWLABEL),
	O(IPPROTO_IPV6, IPV6_MINHOPCOUNT), O(IPPROTO_IPV6, IPV6_FREEBIND),
	{ IPPROTO_IPV6, 200, "unknown at IPPROTO_IPV6" },
};

static void try_values(struct ctx *c, int fd, const struct opt *o)
{
	static const int values[] = { 0, 1, 2, 3, 7, 63, 255, 256, 65535, 65536, -1, -2, 1 << 30 };
	char what[60];
	unsigned int i;

	rec_opt(c, o->name, fd, o->level, o->opt);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		long ret = set_int(fd, o->level, o->opt, values[i]);

		snprintf(what, sizeof(what), "%s = %d", o->name, values[i]);
		rc(c, what, ret);
		rec_opt(c, what, fd, o->level, o->opt);
	}
}

static void try_lengths(struct ctx *c, int fd, const struct opt *o)
{
	static const int lens[] = { 0, 1, 2, 3, 4, 5, 8, 64, -1, -4 };
	unsigned char buf[64];
	char what[60];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];
		long ret;

		memset(buf, 0, sizeof(buf));
		buf[0] = 1;
		ret = setsockopt(fd, o->level, o->opt, buf, lens[i]);
		snprintf(what, sizeof(what), "set %s length %d", o->name, lens[i]);
		rc(c, what, ret);
		memset(buf, 0xee, sizeof(buf));
		ret = getsockopt(fd, o->level, o->opt, buf, &len);
		rec(c, "get %s length %d: %s len %d, bytes %02x %02x %02x %02x %02x", o->name,
		    lens[i], ret ? errno_text(errno) : "0", (int)len, buf[0], buf[1], buf[2],
		    buf[3], buf[4]);
	}
	snprintf(what, sizeof(what), "%s bad memory", o->name);
	rc(c, what, setsockopt(fd, o->level, o->opt, (void *)8, 4));
	rc(c, what, getsockopt(fd, o->level, o->opt, (void *)8, &(socklen_t){ 4 }));
	rc(c, what, getsockopt(fd, o->level, o->opt, buf, (void *)8));
	rc(c, what, getsockopt(fd, o->level, o->opt, buf, NULL));
}

static void values_fresh(struct ctx *c, const struct opt *o, unsigned int n)
{
	for (; n; n--, o++) {
		int fd = must(c, sk_settled(c));

		try_values(c, fd, o);
		close(fd);
	}
}

SCENARIO(sol_socket_values)
{
	values_fresh(c, sol_socket, 12);
}

SCENARIO(sol_socket_values_more)
{
	values_fresh(c, sol_socket + 12, ARRAY_SIZE(sol_socket) - 12);
}

SCENARIO(ip_values)
{
	values_fresh(c, ip_level, ARRAY_SIZE(ip_level));
}

SCENARIO6(ip6_values)
{
	values_fresh(c, ip6_level, ARRAY_SIZE(ip6_level));
}

static void values_connected(struct ctx *c, const struct opt *o, unsigned int n)
{
	static const int values[] = { 0, 1, 255 };
	struct pair p = pair_new(c);
	unsigned int i;

	for (; n; n--, o++) {
		rec_opt(c, o->name, p.cl, o->level, o->opt);
		/* TCP puts the TTL of the client's SYN there, to no purpose. */
		if (!strcmp(o->name, "IP_MULTICAST_TTL") || !strcmp(o->name, "IPV6_MULTICAST_HOPS"))
			rec_differs(c, o->name, "1", "%d", get_int(p.sv, o->level, o->opt));
		else
			rec_opt(c, o->name, p.sv, o->level, o->opt);
		for (i = 0; i < ARRAY_SIZE(values); i++)
			rc(c, o->name, set_int(p.cl, o->level, o->opt, values[i]));
		rec_opt(c, o->name, p.cl, o->level, o->opt);
		set_int(p.cl, SOL_SOCKET, SO_DONTROUTE, 0);
	}
}

SCENARIO(sol_socket_connected)
{
	values_connected(c, sol_socket, 15);
}

SCENARIO(ip_connected)
{
	values_connected(c, ip_level, ARRAY_SIZE(ip_level));
}

SCENARIO6(ip6_connected)
{
	values_connected(c, ip6_level, ARRAY_SIZE(ip6_level));
}

/* What TCP has and XTCP has not, says so. */
SCENARIO(not_there)
{
	int fd = must(c, sk_settled(c));

	rec_differs(c, "SO_ZEROCOPY", "EOPNOTSUPP", "%s",
		    set_int(fd, SOL_SOCKET, SO_ZEROCOPY, 1) ? errno_text(errno) : "0");
	rec_differs(c, "SO_PEEK_OFF", "EOPNOTSUPP", "%s",
		    set_int(fd, SOL_SOCKET, SO_PEEK_OFF, 1) ? errno_text(errno) : "0");
}

SCENARIO(read_only)
{
	static const struct opt o[] = {
		O(SOL_SOCKET, SO_TYPE), O(SOL_SOCKET, SO_ERROR), O(SOL_SOCKET, SO_DOMAIN),
		O(SOL_SOCKET, SO_ACCEPTCONN),
	};
	int fd = must(c, sk_settled(c));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(o); i++) {
		rc(c, o[i].name, set_int(fd, o[i].level, o[i].opt, 1));
		rec_opt(c, o[i].name, fd, o[i].level, o[i].opt);
	}
	rc(c, "SO_PROTOCOL", set_int(fd, SOL_SOCKET, SO_PROTOCOL, 1));
	rc(c, "SO_PEERNAME", set_int(fd, SOL_SOCKET, SO_PEERNAME, 1));
}

SCENARIO(lengths)
{
	static const struct opt o[] = {
		O(SOL_SOCKET, SO_KEEPALIVE), O(SOL_SOCKET, SO_ERROR), O(SOL_SOCKET, SO_TYPE),
		O(IPPROTO_IP, IP_TOS), O(IPPROTO_IP, IP_TTL),
	};
	unsigned int i;
	int fd;

	for (i = 0; i < ARRAY_SIZE(o); i++) {
		fd = must(c, sk_settled(c));
		try_lengths(c, fd, &o[i]);
		close(fd);
	}
}

SCENARIO6(lengths_ip6)
{
	static const struct opt o[] = { O(IPPROTO_IPV6, IPV6_V6ONLY), O(IPPROTO_IPV6, IPV6_TCLASS) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(o); i++)
		try_lengths(c, must(c, sk_settled(c)), &o[i]);
}

SCENARIO(unknown)
{
	static const struct opt o[] = {
		{ SOL_SOCKET, 9999, "SOL_SOCKET 9999" }, { SOL_SOCKET, -1, "SOL_SOCKET -1" },
		{ IPPROTO_TCP, 9999, "IPPROTO_TCP 9999" }, { IPPROTO_TCP, 0, "IPPROTO_TCP 0" },
		{ IPPROTO_TCP, -1, "IPPROTO_TCP -1" }, { IPPROTO_UDP, 1, "IPPROTO_UDP 1" },
		{ SOL_RAW, 1, "SOL_RAW 1" }, { SOL_PACKET, 1, "SOL_PACKET 1" },
		{ 7777, 1, "level 7777" }, { -1, 1, "level -1" },
	};
	int fd = must(c, sk_settled(c));
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(o); i++) {
		rc(c, o[i].name, set_int(fd, o[i].level, o[i].opt, 1));
		rec_opt(c, o[i].name, fd, o[i].level, o[i].opt);
	}
	rc(c, "no such descriptor", set_int(-1, SOL_SOCKET, SO_KEEPALIVE, 1));
	rec_opt(c, "no such descriptor", -1, SOL_SOCKET, SO_KEEPALIVE);
	rec_opt(c, "not a socket", must(c, open("/dev/null", O_RDWR)), SOL_SOCKET, SO_TYPE);
}

/* XTCP's own level has nothing in it so far, as an unknown TCP option has not. */
TEST(own_level)
{
	int fd = socket(AF_XTCP, SOCK_STREAM, 0), v = 0;
	socklen_t len = sizeof(v);

	ASSERT_LE(0, fd);
	EXPECT_EQ(-1, setsockopt(fd, SOL_XTCP, 9999, &v, sizeof(v)));
	EXPECT_EQ(ENOPROTOOPT, errno);
	EXPECT_EQ(-1, getsockopt(fd, SOL_XTCP, 9999, &v, &len));
	EXPECT_EQ(ENOPROTOOPT, errno);
	close(fd);
}

SCENARIO(buffers)
{
	static const int sizes[] = { 0, 1, 100, 2303, 2304, 4607, 4608, 5000, 65536, 100000,
				     212992, 212993, 425984, 10000000, -1, -100000 };
	int fd = must(c, sk_settled(c));
	char what[40];
	unsigned int i;

	rec_opt(c, "SO_SNDBUF", fd, SOL_SOCKET, SO_SNDBUF);
	rec_opt(c, "SO_RCVBUF", fd, SOL_SOCKET, SO_RCVBUF);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		snprintf(what, sizeof(what), "SO_SNDBUF %d", sizes[i]);
		rc(c, what, set_int(fd, SOL_SOCKET, SO_SNDBUF, sizes[i]));
		rec_opt(c, what, fd, SOL_SOCKET, SO_SNDBUF);
		snprintf(what, sizeof(what), "SO_RCVBUF %d", sizes[i]);
		rc(c, what, set_int(fd, SOL_SOCKET, SO_RCVBUF, sizes[i]));
		rec_opt(c, what, fd, SOL_SOCKET, SO_RCVBUF);
	}
	rc(c, "SO_SNDBUFFORCE", set_int(fd, SOL_SOCKET, SO_SNDBUFFORCE, 5000000));
	rec_opt(c, "SO_SNDBUF", fd, SOL_SOCKET, SO_SNDBUF);
	rc(c, "SO_RCVBUFFORCE", set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, 5000000));
	rec_opt(c, "SO_RCVBUF", fd, SOL_SOCKET, SO_RCVBUF);
}

/* A buffer set before the connection stays; one not set may grow with it. */
SCENARIO(buffers_set_stay)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct pair p;

	set_int(ls, SOL_SOCKET, SO_RCVBUF, 30000);
	set_int(ls, SOL_SOCKET, SO_SNDBUF, 31000);
	set_int(cl, SOL_SOCKET, SO_RCVBUF, 32000);
	set_int(cl, SOL_SOCKET, SO_SNDBUF, 33000);
	p = pair_to(c, ls, cl);
	rec_opt(c, "server SO_RCVBUF", p.sv, SOL_SOCKET, SO_RCVBUF);
	rec_opt(c, "server SO_SNDBUF", p.sv, SOL_SOCKET, SO_SNDBUF);
	rec_opt(c, "client SO_RCVBUF", p.cl, SOL_SOCKET, SO_RCVBUF);
	rec_opt(c, "client SO_SNDBUF", p.cl, SOL_SOCKET, SO_SNDBUF);
}

/* One not set is as large as the first window needs once there is a connection. */
SCENARIO(buffers_connected)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct pair p = pair_to(c, ls, cl);

	rec_opt(c, "listener SO_SNDBUF", ls, SOL_SOCKET, SO_SNDBUF);
	rec_opt(c, "server SO_SNDBUF", p.sv, SOL_SOCKET, SO_SNDBUF);
	rec_opt(c, "client SO_SNDBUF", p.cl, SOL_SOCKET, SO_SNDBUF);
	rec_opt(c, "client SO_RCVBUF", p.cl, SOL_SOCKET, SO_RCVBUF);
}

SCENARIO(bind_to_device)
{
	int fd = must(c, sk_settled(c)), cl = must(c, sk_settled(c));
	struct addr a = addr_at(c, LOOP, 0), s = addr_at(c, SILENT, 7);
	char name[16] = "";
	socklen_t len = sizeof(name);

	netns_silent();
	rc(c, "lo", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	rc(c, "get", getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	rec(c, "'%s' len %u", name, len);
	rc(c, "no such device", setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "nope", 5));
	rc(c, "bind", bind(fd, &a.sa, a.len));
	rc(c, "listen", listen(fd, 4));
	a = addr_local(fd);
	rc(c, "to the other device", setsockopt(cl, SOL_SOCKET, SO_BINDTODEVICE, "silent", 7));
	sk_nonblock(cl, true);
	rc(c, "connect by the other device", connect(cl, &s.sa, s.len));
	cl = must(c, sk_settled(c));
	rc(c, "to lo", setsockopt(cl, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	rc(c, "connect by lo", connect(cl, &a.sa, a.len));
	cl = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	rc(c, "to lo", setsockopt(cl, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3));
	rc(c, "to what is not there", connect(cl, &s.sa, s.len));
	rc(c, "to none", setsockopt(cl, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
	len = 0;
	rc(c, "get short", getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len));
	rec_opt(c, "SO_BINDTOIFINDEX", fd, SOL_SOCKET, SO_BINDTOIFINDEX);
	rc(c, "index 999", set_int(fd, SOL_SOCKET, SO_BINDTOIFINDEX, 999));
	rc(c, "index -1", set_int(fd, SOL_SOCKET, SO_BINDTOIFINDEX, -1));
}

/* One port, a device each. */
SCENARIO(devices_share_a_port)
{
	int one = must(c, sk_settled(c)), two = must(c, sk_settled(c)), all = must(c, sk_settled(c));
	struct addr a = addr_at(c, ANY, 0);

	netns_silent();
	setsockopt(one, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3);
	setsockopt(two, SOL_SOCKET, SO_BINDTODEVICE, "silent", 7);
	rc(c, "one", bind(one, &a.sa, a.len));
	a = addr_local(one);
	rc(c, "two", bind(two, &a.sa, a.len));
	rc(c, "all", bind(all, &a.sa, a.len));
	rc(c, "listen", listen(one, 1));
	rc(c, "listen", listen(two, 1));
}

/* The service that the client asks for is told to a server that wants to know. */
SCENARIO(service_of_the_peer)
{
	int level = is6(c) ? IPPROTO_IPV6 : IPPROTO_IP;
	int ls = sk_listener(c), cl = must(c, sk_settled(c)), i;
	struct addr to = addr_local(ls);
	unsigned char buf[128];
	socklen_t len = sizeof(buf);
	int sv;

	proves(c, "MAY-9");
	rc(c, "ask", set_int(ls, level, is6(c) ? IPV6_RECVTCLASS : IP_RECVTOS, 1));
	rc(c, "set", set_int(cl, level, is6(c) ? IPV6_TCLASS : IP_TOS, 0xb8));
	must(c, connect(cl, &to.sa, to.len));
	sv = must(c, accept(ls, NULL, NULL));
	memset(buf, 0, sizeof(buf));
	rc(c, "options", getsockopt(sv, level, is6(c) ? IPV6_2292PKTOPTIONS : IP_PKTOPTIONS,
				    buf, &len));
	rec(c, "length %u", len);
	for (i = 0; i < 32; i += 8)
		rec(c, "%02x %02x %02x %02x %02x %02x %02x %02x", buf[i], buf[i + 1],
		    buf[i + 2], buf[i + 3], buf[i + 4], buf[i + 5], buf[i + 6], buf[i + 7]);
}

SCENARIO(attach_filter)
{
	struct { unsigned short n; void *f; } none = { 0, NULL };
	int fd = must(c, sk_settled(c));

	rc(c, "empty", setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &none, sizeof(none)));
	rc(c, "detach", setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)));
}

TEST_HARNESS_MAIN
