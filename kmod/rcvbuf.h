/* SPDX-License-Identifier: GPL-2.0 */
/* The receive buffer: its room, and the segments in it. */
#ifndef XTCP_RCVBUF_H
#define XTCP_RCVBUF_H

#include "sock.h"

u32 xtcp_rcvbuf_space(const struct sock *sk);
u32 xtcp_rcvbuf_max(const struct sock *sk);
u32 xtcp_rcvbuf_full(const struct sock *sk);
void xtcp_rcvbuf_refresh(struct sock *sk);
void xtcp_rcvbuf_tune(struct sock *sk);
bool xtcp_rcvbuf_admit(struct sock *sk, const struct sk_buff *skb, bool next);
void xtcp_rcvbuf_keep(struct sock *sk, struct sk_buff *skb,
		      const struct xtcp_seg *seg);
void xtcp_rcvbuf_deliver(struct sock *sk, struct sk_buff *skb,
			 const struct xtcp_seg *seg, u32 skip, u32 len);
void xtcp_rcvbuf_ready(struct sock *sk, struct xtcp_rnode *ready);
void xtcp_rcvbuf_dead(struct sock *sk, struct xtcp_rnode *dead);
void xtcp_rcvbuf_purge(struct sock *sk);
u32 xtcp_rcvbuf_avail(const struct sock *sk);

#endif
