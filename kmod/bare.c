// SPDX-License-Identifier: GPL-2.0
/*
 * Segments without payload for which there is no connected socket: resets,
 * SYN-ACKs, ACKs in TIME-WAIT. They carry no owner and are routed by flow.
 */
#include <net/ip.h>
#include <net/sock.h>

#include "bare.h"
#include "core/wire.h"
#include "ip.h"

/**
 * xtcp_bare_send - send a segment without payload
 * @sk: the listener or connection on whose behalf, or NULL
 * @flow: the connection, as this host sees it, with the interface it is bound to
 * @hash: the connection's, by which paths are chosen; 0: one made of @flow
 * @seg: the segment
 *
 * Return: false for want of memory or of a route
 */
bool xtcp_bare_send(struct sock *sk, const struct xtcp_flow *flow, u32 hash,
		    const struct xtcp_seg *seg)
{
	unsigned int hlen = xtcp_wire_hlen(seg);
	struct dst_entry *dst = xtcp_ip_route_flow(flow, sk);
	struct sk_buff *skb;
	__be16 *ports;

	if (!dst) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropUnroutable);
		return false;
	}
	skb = alloc_skb(XTCP_IP_HEADROOM + hlen, GFP_ATOMIC | __GFP_NOWARN);
	if (!skb) {
		xtcp_mib_inc(flow->net, XTCP_MIB_TxNoMemory);
		dst_release(dst);
		return false;
	}
	skb_reserve(skb, XTCP_IP_HEADROOM + hlen);
	ports = skb_push(skb, hlen);
	skb_reset_transport_header(skb);
	ports[0] = flow->lport;
	ports[1] = flow->rport;
	xtcp_wire_build(seg, (u8 *)ports);
	if (hash)
		skb_set_hash(skb, hash, PKT_HASH_TYPE_L4);
	xtcp_mib_inc(flow->net, XTCP_MIB_OutSegs);
	if (seg->flags & XTCP_RST)
		xtcp_mib_inc(flow->net, XTCP_MIB_OutRsts);
	if (xtcp_flow_is_v4(flow))
		xtcp_ip4_send_bare(flow->net, sk, skb, flow, dst, seg->ecn);
	else
		xtcp_ip6_send_bare(flow->net, sk, skb, flow, dst, seg->ecn);
	return true;
}
