/* SPDX-License-Identifier: GPL-2.0 */
/* What is below a socket: its skbs in qdiscs and devices. */
#ifndef XTCP_BELOW_H
#define XTCP_BELOW_H

#include <linux/skbuff.h>

#include "sock.h"

/*
 * Octets of memory below, by sk_wmem_alloc, in which the socket itself counts one.
 * No lock makes it more; it may become less at any time
 */
static inline u32 xtcp_below(const struct sock *sk)
{
	return refcount_read(&sk->sk_wmem_alloc) - 1;
}

void xtcp_below_own(struct sock *sk, struct sk_buff *skb);
void xtcp_below_split(struct sk_buff *skb, struct sk_buff *segs);
u32 xtcp_below_look(struct sock *sk, u32 below, u32 max);
bool xtcp_below_wait(struct sock *sk, u32 below);
bool xtcp_below_cork(struct sock *sk);

#endif
