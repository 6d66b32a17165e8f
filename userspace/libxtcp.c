// SPDX-License-Identifier: GPL-2.0
/*
 * libxtcp: addresses from text and back, dial, listen.  Names are left to
 * getaddrinfo(): here an address is numeric, so that nothing is looked up.
 */
#include "libxtcp.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../uapi/xtcp.h"

/* A decimal port, or -1: strtoul() alone would take "-1", " 1" and "1x". */
static int parse_port(const char *text)
{
	unsigned int port = 0;

	if (!*text)
		return -1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -1;
		port = port * 10 + (unsigned int)(*text - '0');
		if (port > 65535)
			return -1;
	}
	return (int)port;
}

/* "fe80::1%eth0" or "fe80::1%3": the part behind % is the interface. */
static int parse_in6(struct sockaddr_in6 *in6, char *host)
{
	char *scope = strchr(host, '%');

	if (scope) {
		int index;

		*scope++ = '\0';
		in6->sin6_scope_id = if_nametoindex(scope);
		if (!in6->sin6_scope_id) {
			index = parse_port(scope);
			if (index <= 0)
				return -1;
			in6->sin6_scope_id = (uint32_t)index;
		}
	}
	return inet_pton(AF_INET6, host, &in6->sin6_addr) == 1 ? 0 : -1;
}

/**
 * xtcp_parse() - read an address and port from text
 * @addr: filled in on success, left alone otherwise
 * @text: "192.0.2.1:7000", "[2001:db8::1]:7000" or "[fe80::1%eth0]:7000"
 *
 * Return: 0, or -1 with errno EINVAL.
 */
int xtcp_parse(struct xtcp_addr *addr, const char *text)
{
	const char *colon = strrchr(text, ':');
	struct xtcp_addr found = { 0 };
	char host[XTCP_ADDR_TEXT];
	size_t len;
	int port;

	if (!colon)
		goto bad;
	port = parse_port(colon + 1);
	len = (size_t)(colon - text);
	if (port < 0 || len >= sizeof(host))
		goto bad;
	memcpy(host, text, len);
	host[len] = '\0';

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		if (parse_in6(&found.in6, host + 1))
			goto bad;
		found.in6.sin6_family = AF_INET6;
		found.in6.sin6_port = htons((uint16_t)port);
		found.len = sizeof(found.in6);
	} else {
		if (inet_pton(AF_INET, host, &found.in.sin_addr) != 1)
			goto bad;
		found.in.sin_family = AF_INET;
		found.in.sin_port = htons((uint16_t)port);
		found.len = sizeof(found.in);
	}
	*addr = found;
	return 0;
bad:
	errno = EINVAL;
	return -1;
}

/**
 * xtcp_format() - write an address and port as xtcp_parse() reads them
 * @addr: what to write
 * @text: where to
 *
 * Return: @text.
 */
char *xtcp_format(const struct xtcp_addr *addr, char text[XTCP_ADDR_TEXT])
{
	char host[INET6_ADDRSTRLEN] = "?";

	if (addr->sa.sa_family == AF_INET6) {
		char scope[16] = "";

		inet_ntop(AF_INET6, &addr->in6.sin6_addr, host, sizeof(host));
		if (addr->in6.sin6_scope_id)
			snprintf(scope, sizeof(scope), "%%%u",
				 addr->in6.sin6_scope_id);
		snprintf(text, XTCP_ADDR_TEXT, "[%s%s]:%u", host, scope,
			 ntohs(addr->in6.sin6_port));
	} else {
		inet_ntop(AF_INET, &addr->in.sin_addr, host, sizeof(host));
		snprintf(text, XTCP_ADDR_TEXT, "%s:%u", host,
			 ntohs(addr->in.sin_port));
	}
	return text;
}

/**
 * xtcp_socket() - a stream socket on either transport
 * @over: the transport
 * @family: AF_INET or AF_INET6; XTCP itself learns it from the first address
 *
 * Return: the descriptor (close-on-exec), or -1 with socket()'s errno;
 * EAFNOSUPPORT means that xtcp.ko is not inserted.
 */
int xtcp_socket(enum xtcp_transport over, int family)
{
	int domain = over == XTCP_OVER_TCP ? family : AF_XTCP;

	return socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/* Close without losing the errno that is the reason for it. */
static int close_failed(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

/**
 * xtcp_dial() - connect, and wait until connected
 * @over: the transport
 * @addr: the peer
 *
 * Return: the connected descriptor, or -1 with errno of socket() or connect().
 */
int xtcp_dial(enum xtcp_transport over, const struct xtcp_addr *addr)
{
	int fd = xtcp_socket(over, addr->sa.sa_family);

	if (fd < 0)
		return -1;
	if (connect(fd, &addr->sa, addr->len))
		return close_failed(fd);
	return fd;
}

/**
 * xtcp_listen() - a listening socket, its address reusable at once
 * @over: the transport
 * @addr: where to listen; port 0 takes a free one, see getsockname()
 * @backlog: connections that may wait for accept()
 *
 * Return: the listening descriptor, or -1 with errno of the call that failed.
 */
int xtcp_listen(enum xtcp_transport over, const struct xtcp_addr *addr,
		int backlog)
{
	int fd = xtcp_socket(over, addr->sa.sa_family);
	int on = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, &addr->sa, addr->len) || listen(fd, backlog))
		return close_failed(fd);
	return fd;
}

/**
 * xtcp_write_all() - write every byte, however many calls it takes
 * @fd: a blocking descriptor
 * @data: what to write
 * @len: bytes of it
 *
 * A peer that is gone gives EPIPE and not SIGPIPE on a socket.
 *
 * Return: 0, or -1 with errno of the write that failed.
 */
int xtcp_write_all(int fd, const void *data, size_t len)
{
	const char *at = data;
	int is_socket = 1;

	while (len) {
		ssize_t n;

		n = is_socket ? send(fd, at, len, MSG_NOSIGNAL) :
				write(fd, at, len);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			if (errno == ENOTSOCK && is_socket) {
				is_socket = 0;
				continue;
			}
			return -1;
		}
		at += n;
		len -= (size_t)n;
	}
	return 0;
}
