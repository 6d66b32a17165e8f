/* SPDX-License-Identifier: GPL-2.0 */
/* What TCP_INFO tells of a socket. */
#ifndef XTCP_INFO_H
#define XTCP_INFO_H

struct sock;
struct tcp_info;

void xtcp_info_fill(struct sock *sk, struct tcp_info *info);

#endif
