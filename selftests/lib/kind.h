/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kinds of socket that a scenario runs on, and the addresses that it names:
 * the same scenario text serves IPv4, IPv6, TCP and XTCP.
 */
#ifndef XTCP_LIB_KIND_H
#define XTCP_LIB_KIND_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include <xtcp.h>

#include "netns.h"
#include "transcript.h"

struct kind {
	const char *name;
	int domain;		/* first argument of socket() */
	int protocol;		/* third */
	int family;		/* of the addresses */
	bool tcp;		/* Linux's own, the measure */
};

enum kind_id { TCP4, TCP6, XTCP4, XTCP6, INET4, INET6, KINDS };

static const struct kind kinds[KINDS] = {
	[TCP4] = { "tcp4", AF_INET, IPPROTO_TCP, AF_INET, true },
	[TCP6] = { "tcp6", AF_INET6, IPPROTO_TCP, AF_INET6, true },
	[XTCP4] = { "AF_XTCP with IPv4", AF_XTCP, 0, AF_INET, false },
	[XTCP6] = { "AF_XTCP with IPv6", AF_XTCP, 0, AF_INET6, false },
	[INET4] = { "AF_INET with 253", AF_INET, IPPROTO_XTCP, AF_INET, false },
	[INET6] = { "AF_INET6 with 253", AF_INET6, IPPROTO_XTCP, AF_INET6, false },
};

static inline bool is6(const struct ctx *c)
{
	return c->kind->family == AF_INET6;
}

enum where { ANY, LOOP, LOOP2, SILENT_OWN, SILENT, NONLOCAL, MULTICAST, BROADCAST };

struct addr {
	socklen_t len;
	union {
		struct sockaddr sa;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_storage room;
	};
};

static inline const char *where_text(const struct ctx *c, enum where where)
{
	static const char *const v4[] = {
		[ANY] = "0.0.0.0", [LOOP] = "127.0.0.1", [LOOP2] = "127.0.0.2",
		[NONLOCAL] = "192.0.2.1", [MULTICAST] = "224.0.0.9",
		[BROADCAST] = "255.255.255.255",
	};
	static const char *const v6[] = {
		[ANY] = "::", [LOOP] = "::1", [LOOP2] = "::2",
		[NONLOCAL] = "2001:db8::1", [MULTICAST] = "ff02::9",
		/* IPv6 has no broadcast: the nearest is all nodes. */
		[BROADCAST] = "ff02::1",
	};

	if (where == SILENT_OWN || where == SILENT)
		return netns_addr(c->kind->family, where == SILENT_OWN ? 1 : 2);
	return is6(c) ? v6[where] : v4[where];
}

static inline struct addr addr_of(int family, const char *text, unsigned short port)
{
	struct addr a = { 0 };

	if (family == AF_INET6) {
		a.len = sizeof(a.v6);
		a.v6.sin6_family = AF_INET6;
		a.v6.sin6_port = htons(port);
		inet_pton(AF_INET6, text, &a.v6.sin6_addr);
	} else {
		a.len = sizeof(a.v4);
		a.v4.sin_family = AF_INET;
		a.v4.sin_port = htons(port);
		inet_pton(AF_INET, text, &a.v4.sin_addr);
	}
	return a;
}

static inline struct addr addr_at(const struct ctx *c, enum where where, unsigned short port)
{
	return addr_of(c->kind->family, where_text(c, where), port);
}

static inline unsigned short addr_port(const struct addr *a)
{
	/* sin_port and sin6_port are at the same place. */
	return ntohs(a->v4.sin_port);
}

static inline struct addr addr_local(int fd)
{
	struct addr a = { .len = sizeof(a.room) };

	getsockname(fd, &a.sa, &a.len);
	return a;
}

/* A socket as the program would open it, flags as SOCK_NONBLOCK. */
static inline int sk_flags(const struct ctx *c, int flags)
{
	return socket(c->kind->domain, SOCK_STREAM | flags, c->kind->protocol);
}

static inline int sk_new(const struct ctx *c)
{
	return sk_flags(c, 0);
}

/*
 * A socket whose family is settled before its first address: AF_XTCP is IPv4
 * until something makes it IPv6, and IPV6_V6ONLY 0 is such a something.
 */
static inline int sk_settled_flags(const struct ctx *c, int flags)
{
	int fd = sk_flags(c, flags);
	int zero = 0;

	if (is6(c))
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &zero, sizeof(zero));
	return fd;
}

static inline int sk_settled(const struct ctx *c)
{
	return sk_settled_flags(c, 0);
}

#endif
