/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * XTCP as programs see it: the numbers to open a socket with.  Socket options
 * keep Linux TCP's names, numbers and layouts at level IPPROTO_TCP
 * (<linux/tcp.h>); level SOL_XTCP is only for what TCP has no option for.
 */
#ifndef _UAPI_XTCP_H
#define _UAPI_XTCP_H

/*
 * AF_ASH's number: in every libc's headers, never implemented in Linux.  The
 * kernel refuses a family it was not built to count (AF_MAX), so a module has
 * to borrow one.
 *
 *	fd = socket(AF_XTCP, SOCK_STREAM, 0);
 *
 * Addresses are plain struct sockaddr_in and struct sockaddr_in6; the first
 * one used decides between IPv4 and IPv6.
 */
#ifndef AF_XTCP
#define AF_XTCP		18
#endif
#ifndef PF_XTCP
#define PF_XTCP		AF_XTCP
#endif

/*
 * The number in the IP header, RFC 3692's for experiments.  It opens the same
 * sockets for programs that insist on a family of their own:
 *
 *	fd = socket(AF_INET6, SOCK_STREAM, IPPROTO_XTCP);
 */
#ifndef IPPROTO_XTCP
#define IPPROTO_XTCP	253
#endif

/* Level for setsockopt(); equal to the protocol number, as it is for TCP. */
#ifndef SOL_XTCP
#define SOL_XTCP	IPPROTO_XTCP
#endif

#endif /* _UAPI_XTCP_H */
