// SPDX-License-Identifier: GPL-2.0
/*
 * What IPv4 and IPv6 have in common: what a route means for a connection, and
 * the steps on the way out and in that do not look at addresses.
 */
#include <net/dst.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "core/wire.h"
#include "ip.h"
#include "metrics.h"
#include "rx.h"

/**
 * xtcp_ip_adv_mss - our MSS option by the route
 * @dst: the route
 */
u16 xtcp_ip_adv_mss(const struct dst_entry *dst)
{
	u32 advmss = dst_metric_advmss(dst);

	return clamp_t(u32, advmss, XTCP_MSS_MIN, 65535 - 60);
}

/**
 * xtcp_ip_size - what an MTU leaves of a segment's payload and options
 * @sk: the connection
 * @mtu: the MTU
 */
u32 xtcp_ip_size(const struct sock *sk, u32 mtu)
{
	u32 headers = XTCP_WIRE_HLEN + (xtcp_ip_is_v4(sk) ?
					sizeof(struct iphdr) :
					sizeof(struct ipv6hdr));

	return mtu > headers ? mtu - headers : 0;
}

/**
 * xtcp_ip_use_dst - learn MTU and offloads of a connection's route
 * @sk: the socket, locked
 * @dst: the route
 */
void xtcp_ip_use_dst(struct sock *sk, const struct dst_entry *dst)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	netdev_features_t features = dst->dev->features;
	u32 mtu = dst_mtu(dst), mss;
	int most;

	xs->pmtu = mtu;
	xs->tcb.v6 = !xtcp_ip_is_v4(sk);
	mss = clamp_t(u32, xtcp_ip_size(sk, mtu), XTCP_MSS_MIN, 65535 - 60);
	if (xs->user_mss)
		mss = min_t(u32, mss, xs->user_mss);
	xtcp_user_set_mss(&xs->tcb, mss);
	xtcp_metrics_use(sk, dst);

	/* NETIF_F_IP_CSUM would take the protocol for TCP or UDP */
	xs->csum_hw = features & NETIF_F_HW_CSUM;
	xs->gso_max = 0;
	if (xs->csum_hw && (features & NETIF_F_SG)) {
		/* less than the headers, where the kernel lets a device say so little */
		most = min_t(u32, READ_ONCE(dst->dev->gso_max_size), GSO_LEGACY_MAX_SIZE) -
		       1 - (int)(XTCP_IP_HEADROOM + XTCP_WIRE_HLEN_MAX);
		xs->gso_max = max(most, 0);
	}
	sk->sk_gso_max_segs = max_t(u32, READ_ONCE(dst->dev->gso_max_segs), 1);
}

/**
 * xtcp_ip_checksum - see to a segment's checksum
 * @skb: the segment, from its header on
 * @pseudo: csum_tcpudp_magic() or its like of the pseudo-header alone
 * @hw: the device sums up the rest
 */
void xtcp_ip_checksum(struct sk_buff *skb, __sum16 pseudo, bool hw)
{
	__sum16 *check = (__sum16 *)(skb->data + XTCP_WIRE_CHECK);

	*check = ~pseudo;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_transport_header(skb) - skb->head;
	skb->csum_offset = XTCP_WIRE_CHECK;
	if (!hw)
		skb_checksum_help(skb);
}

/**
 * xtcp_ip_attach - give a connection's segment its route and its marks
 * @sk: the connection, locked
 * @skb: the segment
 * @dst: the route, or NULL: then the segment is dropped
 *
 * Context: rcu_read_lock(), until the segment is sent
 */
bool xtcp_ip_attach(struct sock *sk, struct sk_buff *skb, struct dst_entry *dst)
{
	if (unlikely(!dst)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_DropUnroutable);
		kfree_skb(skb);
		return false;
	}
	skb_dst_set_noref(skb, dst);
	skb->priority = READ_ONCE(sk->sk_priority);
	skb->mark = READ_ONCE(sk->sk_mark);
	skb_set_hash_from_sk(skb, sk);
	return true;
}

static bool checksum_ok(struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP) ?
	    skb_checksum_init(skb, IPPROTO_XTCP, inet_compute_pseudo) :
	    skb_checksum_init(skb, IPPROTO_XTCP, ip6_compute_pseudo))
		return false;
	return !skb_checksum_complete(skb);
}

/**
 * xtcp_ip_rcv - a packet has come by IP
 * @skb: the packet, from its transport header on; taken
 * @ours: it is for one address, which is this host's (MUST-57)
 * @iif: the interface, or the VRF that it came through
 * @sdif: then the interface; 0 if there is no VRF
 */
void xtcp_ip_rcv(struct sk_buff *skb, bool ours, int iif, int sdif)
{
	struct net *net = dev_net(skb->dev);
	struct xtcp_flow flow;

	if (!ours) {
		xtcp_mib_inc(net, XTCP_MIB_InNotForUs);
		goto drop;
	}
	if (!pskb_may_pull(skb, XTCP_WIRE_HLEN)) {
		xtcp_mib_inc(net, XTCP_MIB_InHdrShort);
		goto drop;
	}
	if (!checksum_ok(skb)) {
		xtcp_mib_inc(net, XTCP_MIB_InCsumErrors);
		goto drop;
	}
	xtcp_cb(skb)->iif = iif;
	xtcp_cb(skb)->sdif = sdif;
	xtcp_rx_flow(skb, net, &flow);
	xtcp_rx_packet(skb, &flow);
	return;

drop:
	kfree_skb(skb);
}
