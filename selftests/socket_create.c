// SPDX-License-Identifier: GPL-2.0
/*
 * socket(): types, protocols, flags; what a fresh socket says of itself. AF_XTCP's
 * own rules are laid down, and tested as such; all the rest is beside TCP.
 */
#include "lib/socktest.h"

static void rec_identity(struct ctx *c, int fd)
{
	rec_opt(c, "SO_TYPE", fd, SOL_SOCKET, SO_TYPE);
	rec_opt(c, "SO_ACCEPTCONN", fd, SOL_SOCKET, SO_ACCEPTCONN);
	rec_opt(c, "SO_ERROR", fd, SOL_SOCKET, SO_ERROR);
	rec_opt(c, "SO_DOMAIN", fd, SOL_SOCKET, SO_DOMAIN);
	rec_differs(c, "SO_PROTOCOL", "253", "%d", get_int(fd, SOL_SOCKET, SO_PROTOCOL));
}

SCENARIO(fresh)
{
	int fd = must(c, sk_settled(c));

	rec_identity(c, fd);
	rec_state(c, "fresh", fd);
	rec_poll(c, "fresh", fd);
	rec_sockname(c, "getsockname", fd);
	rec_peername(c, "getpeername", fd);
	rc(c, "close", close(fd));
	rc(c, "close again", close(fd));
}

SCENARIO(identity_of_listener_and_connection)
{
	int ls = sk_listener(c);
	struct pair p = pair_to(c, ls, must(c, sk_new(c)));

	rec(c, "listener");
	rec_identity(c, ls);
	rec(c, "client");
	rec_identity(c, p.cl);
	rec(c, "accepted");
	rec_identity(c, p.sv);
}

SCENARIO(flags)
{
	int fd;

	fd = must(c, sk_flags(c, 0));
	rec(c, "plain: F_GETFL %x F_GETFD %x", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	fd = must(c, sk_flags(c, SOCK_NONBLOCK));
	rec(c, "NONBLOCK: F_GETFL %x F_GETFD %x", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	fd = must(c, sk_flags(c, SOCK_CLOEXEC));
	rec(c, "CLOEXEC: F_GETFL %x F_GETFD %x", fcntl(fd, F_GETFL), fcntl(fd, F_GETFD));
	rc_fd(c, "unknown flag", sk_flags(c, 0x100000));
	rc_fd(c, "flag bit 4", sk_flags(c, 0x10));
}

SCENARIO(many_descriptors)
{
	int fd[64], i, n = 0;

	for (i = 0; i < 64; i++) {
		fd[i] = sk_new(c);
		n += fd[i] >= 0;
	}
	rec(c, "%d opened", n);
	for (i = 0; i < 64; i++)
		rc(c, "close", close(fd[i]));
}

static int refused(int domain, int type, int proto)
{
	int fd = socket(domain, type, proto);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* Types other than SOCK_STREAM with 253, beside the same with 6. */
TEST(types_with_253)
{
	int type, i;

	for (type = 0; type <= SOCK_PACKET + 1; type++) {
		/* A raw socket may ask for any protocol: not ours to answer. */
		if (type == SOCK_STREAM || type == SOCK_RAW)
			continue;
		for (i = 0; i < 2; i++) {
			int domain = i ? AF_INET6 : AF_INET;

			EXPECT_EQ(refused(domain, type, IPPROTO_TCP),
				  refused(domain, type, IPPROTO_XTCP))
				TH_LOG("domain %d type %d", domain, type);
		}
	}
}

TEST(af_xtcp_protocols)
{
	int proto;

	EXPECT_EQ(0, refused(AF_XTCP, SOCK_STREAM, 0));
	EXPECT_EQ(0, refused(AF_XTCP, SOCK_STREAM, IPPROTO_XTCP));
	for (proto = -1; proto < 300; proto++) {
		int want = EPROTONOSUPPORT;

		if (proto == 0 || proto == IPPROTO_XTCP)
			continue;
		EXPECT_EQ(want, refused(AF_XTCP, SOCK_STREAM, proto))
			TH_LOG("protocol %d", proto);
	}
}

TEST(af_xtcp_types)
{
	static const int types[] = { SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		EXPECT_EQ(ESOCKTNOSUPPORT, refused(AF_XTCP, types[i], 0))
			TH_LOG("type %d", types[i]);
		EXPECT_EQ(ESOCKTNOSUPPORT, refused(AF_XTCP, types[i], IPPROTO_XTCP))
			TH_LOG("type %d", types[i]);
	}
	/* The socket layer's own checks come before the family's. */
	EXPECT_EQ(refused(AF_INET, 99, 0), refused(AF_XTCP, 99, 0));
	EXPECT_EQ(refused(AF_INET, -1, 0), refused(AF_XTCP, -1, 0));
}

/* A raw socket for 253 is IP's, and works beside the module. */
TEST(raw_socket_for_253)
{
	EXPECT_EQ(0, refused(AF_INET, SOCK_RAW, IPPROTO_XTCP));
	EXPECT_EQ(0, refused(AF_INET6, SOCK_RAW, IPPROTO_XTCP));
}

TEST(socketpair_refused_as_for_tcp)
{
	int sv[2], want;

	EXPECT_EQ(-1, socketpair(AF_INET, SOCK_STREAM, 0, sv));
	want = errno;
	EXPECT_EQ(-1, socketpair(AF_XTCP, SOCK_STREAM, 0, sv));
	EXPECT_EQ(want, errno);
	EXPECT_EQ(-1, socketpair(AF_INET, SOCK_STREAM, IPPROTO_XTCP, sv));
	EXPECT_EQ(want, errno);
}

TEST_HARNESS_MAIN
