/* SPDX-License-Identifier: GPL-2.0 */
/*
 * libxtcp: open XTCP (or, for comparison, Linux TCP) connections from numeric
 * addresses.  It holds no state and no sockets of its own: every descriptor
 * that it returns is an ordinary one, to be used with the ordinary calls.
 */
#ifndef LIBXTCP_H
#define LIBXTCP_H

#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

/* Room for any address as xtcp_format() writes it, with its final NUL. */
#define XTCP_ADDR_TEXT	80

/**
 * enum xtcp_transport - which transport a socket is opened on
 * @XTCP_OVER_XTCP: this project's module, socket(AF_XTCP, SOCK_STREAM, 0)
 * @XTCP_OVER_TCP: the kernel's own TCP, to compare with
 */
enum xtcp_transport {
	XTCP_OVER_XTCP,
	XTCP_OVER_TCP,
};

/**
 * struct xtcp_addr - an IPv4 or IPv6 address with its port
 * @sa: for bind() and connect()
 * @in: valid if @sa.sa_family is AF_INET
 * @in6: valid if @sa.sa_family is AF_INET6
 * @len: bytes of it in use
 */
struct xtcp_addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	};
	socklen_t len;
};

int xtcp_parse(struct xtcp_addr *addr, const char *text);
char *xtcp_format(const struct xtcp_addr *addr, char text[XTCP_ADDR_TEXT]);

int xtcp_socket(enum xtcp_transport over, int family);
int xtcp_dial(enum xtcp_transport over, const struct xtcp_addr *addr);
int xtcp_listen(enum xtcp_transport over, const struct xtcp_addr *addr,
		int backlog);
int xtcp_write_all(int fd, const void *data, size_t len);

#endif /* LIBXTCP_H */
