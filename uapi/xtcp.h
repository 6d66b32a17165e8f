/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * What a program needs to use XTCP. Addresses are plain sockaddr_in and
 * sockaddr_in6; options are those of level IPPROTO_TCP, by <netinet/tcp.h>.
 */
#ifndef _UAPI_XTCP_H
#define _UAPI_XTCP_H

/* The number of AF_ASH, a family that headers name and Linux never had */
#define AF_XTCP 18
#define PF_XTCP AF_XTCP

/* The IP protocol: RFC 3692's first number for experiments */
#define IPPROTO_XTCP 253

/* The level of socket options that TCP does not have */
#define SOL_XTCP 253

/* An option of level IPPROTO_TCP in later versions of Linux than one may have headers of */
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#endif

#endif
