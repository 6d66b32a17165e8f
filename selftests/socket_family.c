// SPDX-License-Identifier: GPL-2.0
/*
 * What is laid down for AF_XTCP and has no counterpart in TCP: one family for
 * IPv4 and IPv6, which its first address decides; and how the doors, AF_XTCP and
 * protocol 253, TCP and XTCP, stand to each other.
 */
#include "lib/socktest.h"

FIXTURE(family) { int fd; };

FIXTURE_SETUP(family)
{
	netns_enter();
	self->fd = socket(AF_XTCP, SOCK_STREAM, 0);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(family)
{
	close(self->fd);
}

static int domain_of(int fd)
{
	return get_int(fd, SOL_SOCKET, SO_DOMAIN);
}

/* The family in the socket's own address, or in its peer's. */
static int name_family(int fd)
{
	return addr_local(fd).sa.sa_family;
}

static int peer_family(int fd)
{
	struct addr a = { .len = sizeof(a.room) };

	return getpeername(fd, &a.sa, &a.len) ? -1 : a.sa.sa_family;
}

static int bind_to(int fd, int family, const char *text)
{
	struct addr a = addr_of(family, text, 0);

	return bind(fd, &a.sa, a.len) ? errno : 0;
}

static int connect_to(int fd, const struct addr *a)
{
	return connect(fd, &a->sa, a->len) ? errno : 0;
}

/* As sk_below(): FD is not given the port to which it connects, and refused. */
static int connect_from_below(int fd, const struct addr *a)
{
	struct addr own = addr_of(AF_INET, "127.0.0.1", 20001);

	return bind(fd, &own.sa, own.len) ? errno : connect_to(fd, a);
}

static int listener(int domain, int protocol, int family, const char *text)
{
	int fd = socket(domain, SOCK_STREAM, protocol);

	if (fd < 0 || bind_to(fd, family, text) || listen(fd, 4))
		return -1;
	return fd;
}

TEST_F(family, ipv4_at_first)
{
	struct addr a = addr_local(self->fd);

	EXPECT_EQ(AF_INET, domain_of(self->fd));
	EXPECT_EQ(IPPROTO_XTCP, get_int(self->fd, SOL_SOCKET, SO_PROTOCOL));
	EXPECT_EQ(AF_INET, a.sa.sa_family);
	EXPECT_EQ(sizeof(struct sockaddr_in), a.len);
	EXPECT_EQ(0, a.v4.sin_port);
	EXPECT_EQ(INADDR_ANY, a.v4.sin_addr.s_addr);
}

TEST_F(family, listen_without_bind_is_ipv4)
{
	struct addr a;

	EXPECT_EQ(0, listen(self->fd, 4));
	a = addr_local(self->fd);
	EXPECT_EQ(AF_INET, a.sa.sa_family);
	EXPECT_NE(0, a.v4.sin_port);
	a = addr_of(AF_INET, "127.0.0.1", addr_port(&a));
	EXPECT_EQ(0, connect_to(socket(AF_XTCP, SOCK_STREAM, 0), &a));
}

TEST_F(family, bind_to_ipv6)
{
	EXPECT_EQ(0, bind_to(self->fd, AF_INET6, "::1"));
	EXPECT_EQ(AF_INET6, domain_of(self->fd));
	EXPECT_EQ(AF_INET6, name_family(self->fd));
	EXPECT_EQ(IPPROTO_XTCP, get_int(self->fd, SOL_SOCKET, SO_PROTOCOL));
}

TEST_F(family, bind_to_ipv4)
{
	EXPECT_EQ(0, bind_to(self->fd, AF_INET, "127.0.0.1"));
	EXPECT_EQ(AF_INET, domain_of(self->fd));
	EXPECT_EQ(AF_INET, name_family(self->fd));
}

TEST_F(family, connect_to_ipv6)
{
	int ls = listener(AF_XTCP, 0, AF_INET6, "::1"), sv;
	struct addr a = addr_local(ls), got = { .len = sizeof(got.room) };

	ASSERT_LE(0, ls);
	EXPECT_EQ(0, connect_to(self->fd, &a));
	EXPECT_EQ(AF_INET6, domain_of(self->fd));
	EXPECT_EQ(AF_INET6, name_family(self->fd));
	EXPECT_EQ(AF_INET6, peer_family(self->fd));
	sv = accept(ls, &got.sa, &got.len);
	ASSERT_LE(0, sv);
	EXPECT_EQ(AF_INET6, got.sa.sa_family);
	EXPECT_EQ(sizeof(struct sockaddr_in6), got.len);
	EXPECT_EQ(AF_INET6, domain_of(sv));
}

TEST_F(family, an_ipv6_option_decides)
{
	EXPECT_EQ(0, set_int(self->fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	EXPECT_EQ(AF_INET6, domain_of(self->fd));
	EXPECT_EQ(AF_INET6, name_family(self->fd));
	EXPECT_EQ(1, get_int(self->fd, IPPROTO_IPV6, IPV6_V6ONLY));
	EXPECT_NE(0, bind_to(self->fd, AF_INET, "127.0.0.1"));
	EXPECT_EQ(0, bind_to(self->fd, AF_INET6, "::1"));
}

/* A failed first address, as a bad one or one not ours, may be followed by another. */
TEST_F(family, a_refused_address_decides_nothing)
{
	EXPECT_EQ(EADDRNOTAVAIL, bind_to(self->fd, AF_INET, "192.0.2.1"));
	EXPECT_EQ(0, bind_to(self->fd, AF_INET6, "::1"));
	EXPECT_EQ(AF_INET6, domain_of(self->fd));
}

TEST_F(family, once_decided_the_other_is_refused)
{
	struct addr six = addr_of(AF_INET6, "::1", 7), four = addr_of(AF_INET, "127.0.0.1", 7);
	int other = socket(AF_XTCP, SOCK_STREAM, 0);
	int tcp4 = socket(AF_INET, SOCK_STREAM, 0), tcp6 = socket(AF_INET6, SOCK_STREAM, 0);

	ASSERT_EQ(0, bind_to(self->fd, AF_INET, "127.0.0.1"));
	ASSERT_EQ(0, bind_to(tcp4, AF_INET, "127.0.0.1"));
	EXPECT_EQ(connect_to(tcp4, &six), connect_to(self->fd, &six));
	ASSERT_EQ(0, bind_to(other, AF_INET6, "::1"));
	ASSERT_EQ(0, bind_to(tcp6, AF_INET6, "::1"));
	EXPECT_EQ(connect_to(tcp6, &four), connect_to(other, &four));
}

TEST_F(family, dual_stack_unless_v6only)
{
	int ls = listener(AF_XTCP, 0, AF_INET6, "::"), sv;
	struct addr a = addr_local(ls), got = { .len = sizeof(got.room) };

	ASSERT_LE(0, ls);
	a = addr_of(AF_INET, "127.0.0.1", addr_port(&a));
	EXPECT_EQ(0, connect_to(self->fd, &a));
	sv = accept(ls, &got.sa, &got.len);
	ASSERT_LE(0, sv);
	EXPECT_EQ(AF_INET6, got.sa.sa_family);
	EXPECT_TRUE(IN6_IS_ADDR_V4MAPPED(&got.v6.sin6_addr));
}

/* All doors lead into one room: they talk, and they share the ports. */
TEST_F(family, doors_talk)
{
	int by_253 = listener(AF_INET, IPPROTO_XTCP, AF_INET, "127.0.0.1");
	int by_253_6 = listener(AF_INET6, IPPROTO_XTCP, AF_INET6, "::1");
	int by_family = listener(AF_XTCP, IPPROTO_XTCP, AF_INET, "127.0.0.1");
	struct addr a = addr_local(by_253), b = addr_local(by_253_6), d = addr_local(by_family);
	int other;

	ASSERT_LE(0, by_253);
	ASSERT_LE(0, by_253_6);
	ASSERT_LE(0, by_family);
	EXPECT_EQ(0, connect_to(self->fd, &a));
	EXPECT_EQ(0, connect_to(socket(AF_XTCP, SOCK_STREAM, 0), &b));
	EXPECT_EQ(0, connect_to(socket(AF_INET, SOCK_STREAM, IPPROTO_XTCP), &d));
	other = socket(AF_XTCP, SOCK_STREAM, 0);
	EXPECT_EQ(-1, bind(other, &a.sa, a.len));
	EXPECT_EQ(EADDRINUSE, errno);
	other = socket(AF_INET, SOCK_STREAM, IPPROTO_XTCP);
	EXPECT_EQ(-1, bind(other, &d.sa, d.len));
	EXPECT_EQ(EADDRINUSE, errno);
}

/* TCP is another room: no shared ports, and no talk. */
TEST_F(family, tcp_is_apart)
{
	int tcp = listener(AF_INET, IPPROTO_TCP, AF_INET, "127.0.0.1");
	struct addr a = addr_local(tcp), b;
	int own, cl = socket(AF_INET, SOCK_STREAM, 0);

	ASSERT_LE(0, tcp);
	EXPECT_EQ(ECONNREFUSED, connect_from_below(self->fd, &a));
	own = socket(AF_XTCP, SOCK_STREAM, 0);
	EXPECT_EQ(0, bind(own, &a.sa, a.len));
	EXPECT_EQ(0, listen(own, 1));
	/* The same address and port, each answering its own protocol. */
	EXPECT_EQ(0, connect_to(cl, &a));
	EXPECT_EQ(0, connect_to(socket(AF_XTCP, SOCK_STREAM, 0), &a));
	close(own);
	own = listener(AF_XTCP, 0, AF_INET, "127.0.0.1");
	b = addr_local(own);
	EXPECT_EQ(ECONNREFUSED, connect_from_below(socket(AF_INET, SOCK_STREAM, 0), &b));
}

/* Another namespace has ports and listeners of its own. */
TEST_F(family, namespaces_are_apart)
{
	int ls = listener(AF_XTCP, 0, AF_INET, "127.0.0.1"), cl, again;
	struct addr a = addr_local(ls);

	ASSERT_LE(0, ls);
	netns_enter();
	cl = socket(AF_XTCP, SOCK_STREAM, 0);
	EXPECT_EQ(ECONNREFUSED, connect_from_below(cl, &a));
	again = socket(AF_XTCP, SOCK_STREAM, 0);
	EXPECT_EQ(0, bind(again, &a.sa, a.len));
	EXPECT_EQ(0, listen(again, 1));
	/* The old one is where it was. */
	EXPECT_EQ(0, connect_to(self->fd, &a));
}

TEST_HARNESS_MAIN
