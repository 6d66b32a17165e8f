/* SPDX-License-Identifier: GPL-2.0 */
/* Urgent data, as the user meets it. */
#ifndef XTCP_URGENT_H
#define XTCP_URGENT_H

#include "core/act.h"
#include "core/urgent.h"
#include "sock.h"

void xtcp_urgent_seen(struct sock *sk, const struct sk_buff *skb, u32 hlen,
		      const struct xtcp_act *act);
void xtcp_urgent_kept(struct sock *sk);
int xtcp_urgent_recv(struct sock *sk, struct msghdr *msg, size_t len, int flags);
void xtcp_urgent_skip(struct sock *sk);

/* The user would read the urgent octet next; without the lock it may not hold */
static inline bool xtcp_urgent_at_mark(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	return READ_ONCE(xs->tcb.urg) &&
	       READ_ONCE(xs->tcb.rcv_up) == READ_ONCE(xs->copied_seq);
}

#endif
