/* SPDX-License-Identifier: GPL-2.0 */
/* Listeners: requests, and the connections that come of them. */
#ifndef XTCP_LISTEN_H
#define XTCP_LISTEN_H

#include "sock.h"

struct xtcp_fastopen_offer;

/**
 * struct xtcp_request - a connection in SYN-RECEIVED
 * @ent: its entry among connections
 * @req: the protocol's part
 * @due: when the SYN-ACK goes out again, usec
 * @timeouts: how often that was due
 * @acked: the handshake is complete, but TCP_DEFER_ACCEPT wants data
 * @hash: its connection's, by which paths are chosen
 * @listener: where it came in; holds no reference, since a listener that goes
 *	takes its requests along
 * @link: among the listener's requests
 * @rcu: delays freeing
 *
 * The listener's lock guards all but @ent.
 */
struct xtcp_request {
	struct xtcp_ent ent;
	struct xtcp_req req;
	u64 due;
	u8 timeouts;
	bool acked;
	u32 hash;
	struct sock *listener;
	struct list_head link;
	struct rcu_head rcu;
};

int xtcp_listen_init(void);
void xtcp_listen_exit(void);
int xtcp_listen_start(struct sock *sk, int backlog);
void xtcp_listen_stop(struct sock *sk);
struct sock *xtcp_listen_accept(struct sock *sk, int flags, int *err);
void xtcp_listen_rx(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		    const u32 *iss);
void xtcp_listen_timeout(struct sock *sk, u64 now);
void xtcp_listen_forget(struct xtcp_request *r);

/* child.c */
struct sock *xtcp_child_create(struct sock *listener, struct xtcp_request *r,
			       struct sk_buff *skb, struct xtcp_seg *seg);
bool xtcp_child_fastopen(struct sock *listener, struct xtcp_request *r,
			 struct sk_buff *skb, struct xtcp_seg *syn,
			 const struct xtcp_fastopen_offer *offer);

#endif
