/* SPDX-License-Identifier: GPL-2.0 */
/* Where packets come in. */
#ifndef XTCP_RX_H
#define XTCP_RX_H

#include "sock.h"

void xtcp_rx_packet(struct sk_buff *skb, struct xtcp_flow *flow);
void xtcp_rx_flow(const struct sk_buff *skb, struct net *net,
		  struct xtcp_flow *flow);
int xtcp_rx_backlog(struct sock *sk, struct sk_buff *skb);
void xtcp_rx_syn_data(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg);
void xtcp_rx_sock(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg);
void xtcp_rx_child(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		   const struct xtcp_flow *flow);

#endif
