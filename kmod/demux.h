/* SPDX-License-Identifier: GPL-2.0 */
/* Spares an established connection's packets the search for a route. */
#ifndef XTCP_DEMUX_H
#define XTCP_DEMUX_H

#include <linux/skbuff.h>
#include <linux/workqueue.h>
#include <net/dst.h>
#include <net/sock.h>

/**
 * struct xtcp_demux - a namespace's hook
 * @users: connections that remember a route
 * @work: looks whether the hook is wanted
 * @on: it is registered; @work's alone, others only look
 */
struct xtcp_demux {
	atomic_t users;
	struct delayed_work work;
	bool on;
};

void xtcp_demux_start(struct net *net);
void xtcp_demux_stop(struct net *net);
void xtcp_demux_renew(struct sock *sk, const struct sk_buff *skb);
void xtcp_demux_forget(struct sock *sk);

/**
 * xtcp_demux_learn - remember the route of a segment that arrived
 * @sk: its connection, locked
 * @skb: the segment
 */
static inline void xtcp_demux_learn(struct sock *sk, const struct sk_buff *skb)
{
	if (unlikely(skb_dst(skb) != rcu_access_pointer(sk->sk_rx_dst) ||
		     skb->skb_iif != READ_ONCE(sk->sk_rx_dst_ifindex)))
		xtcp_demux_renew(sk, skb);
}

#endif
