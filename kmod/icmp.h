/* SPDX-License-Identifier: GPL-2.0 */
/* What the network reports. */
#ifndef XTCP_ICMP_H
#define XTCP_ICMP_H

#include <linux/types.h>

struct sk_buff;
struct sock;

int xtcp_icmp4(struct sk_buff *skb, u32 info);
int xtcp_icmp6(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info);
void xtcp_icmp_release(struct sock *sk);
void xtcp_icmp_too_big(struct sock *sk, u32 mtu);

#endif
