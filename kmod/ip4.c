// SPDX-License-Identifier: GPL-2.0
/*
 * IPv4: routes, headers, and the way in. ip_queue_xmit() is of no use here, as
 * it puts the socket's protocol number in the header only by chance.
 */
#include <linux/netfilter.h>
#include <net/dst.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "core/wire.h"
#include "icmp.h"
#include "ip.h"

#define HLEN sizeof(struct iphdr)

/**
 * xtcp_ip4_route - the connection's route, looked up anew if need be
 * @sk: the socket, locked
 *
 * Return: borrowed from the socket; NULL if there is none
 */
struct dst_entry *xtcp_ip4_route(struct sock *sk)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 fl4;
	struct rtable *rt;

	if (likely(dst)) {
		if (unlikely(dst_mtu(dst) != xtcp_sk(sk)->pmtu))
			xtcp_ip_use_dst(sk, dst);
		return dst;
	}
	flowi4_init_output(&fl4, READ_ONCE(sk->sk_bound_dev_if),
			   READ_ONCE(sk->sk_mark), ip_sock_rt_tos(sk),
			   ip_sock_rt_scope(sk), IPPROTO_XTCP,
			   inet_sk_flowi_flags(sk), inet->inet_daddr,
			   inet->inet_saddr, inet->inet_dport,
			   inet->inet_sport, sk->sk_uid);
	security_sk_classify_flow(sk, flowi4_to_flowi_common(&fl4));
	rt = ip_route_output_flow(sock_net(sk), &fl4, sk);
	if (IS_ERR(rt))
		return NULL;
	sk_setup_caps(sk, &rt->dst);
	xtcp_ip_use_dst(sk, &rt->dst);
	return &rt->dst;
}

/* Fills in the checksum, or has it filled in */
static void checksum(struct sk_buff *skb, __be32 saddr, __be32 daddr, bool hw)
{
	xtcp_ip_checksum(skb, csum_tcpudp_magic(saddr, daddr, skb->len,
						IPPROTO_XTCP, 0), hw);
}

static void put_header(struct net *net, struct sk_buff *skb, struct sock *sk,
		       const struct dst_entry *dst, __be32 saddr, __be32 daddr)
{
	struct inet_sock *inet = sk ? inet_sk(sk) : NULL;
	struct iphdr *iph;

	skb_push(skb, HLEN);
	skb_reset_network_header(skb);
	iph = ip_hdr(skb);
	*(__be16 *)iph = htons(4 << 12 | 5 << 8 | (inet ? inet->tos : 0));
	iph->frag_off = !inet || ip_dont_fragment(sk, dst) ? htons(IP_DF) : 0;
	iph->ttl = inet && inet->uc_ttl >= 0 ? inet->uc_ttl :
					       ip4_dst_hoplimit(dst);
	iph->protocol = IPPROTO_XTCP;
	iph->saddr = saddr;
	iph->daddr = daddr;
	skb->protocol = htons(ETH_P_IP);
}

/**
 * xtcp_ip4_send - send a connection's segment
 * @sk: the socket, locked, which owns the skb
 * @skb: the segment, from its header on, checksum apart; taken
 * @ecn: XTCP_ECN_*
 */
int xtcp_ip4_send(struct sock *sk, struct sk_buff *skb, u8 ecn)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = xtcp_ip4_route(sk);
	if (!xtcp_ip_attach(sk, skb, dst)) {
		rcu_read_unlock();
		return -EHOSTUNREACH;
	}
	checksum(skb, inet->inet_saddr, inet->inet_daddr, xtcp_sk(sk)->csum_hw);
	put_header(net, skb, sk, dst, inet->inet_saddr, inet->inet_daddr);
	ip_hdr(skb)->tos |= ecn;
	ip_select_ident_segs(net, skb, sk, skb_shinfo(skb)->gso_segs ?: 1);
	err = ip_local_out(net, sk, skb);
	rcu_read_unlock();
	return err;
}

/**
 * xtcp_ip4_route_flow - a route for a flow without a connected socket
 * @flow: the flow, with the interface that it is bound to
 * @sk: on whose behalf, or NULL
 *
 * Return: a reference, or NULL
 */
struct dst_entry *xtcp_ip4_route_flow(const struct xtcp_flow *flow,
				      const struct sock *sk)
{
	struct flowi4 fl4;
	struct rtable *rt;

	flowi4_init_output(&fl4, flow->dif, sk ? READ_ONCE(sk->sk_mark) : 0,
			   sk ? ip_sock_rt_tos(sk) : 0, RT_SCOPE_UNIVERSE,
			   IPPROTO_XTCP, sk ? inet_sk_flowi_flags(sk) : 0,
			   flow->raddr.s6_addr32[3], flow->laddr.s6_addr32[3],
			   flow->rport, flow->lport,
			   sk ? sk->sk_uid : GLOBAL_ROOT_UID);
	rt = ip_route_output_flow(flow->net, &fl4, sk);
	return IS_ERR(rt) ? NULL : &rt->dst;
}

/**
 * xtcp_ip4_send_bare - send a segment that no connected socket owns
 * @net: namespace
 * @sk: on whose behalf, or NULL
 * @skb: the segment; taken
 * @flow: its addresses
 * @dst: its route; the reference is taken
 * @ecn: XTCP_ECN_*
 */
int xtcp_ip4_send_bare(struct net *net, struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_flow *flow, struct dst_entry *dst,
		       u8 ecn)
{
	__be32 saddr = flow->laddr.s6_addr32[3];
	__be32 daddr = flow->raddr.s6_addr32[3];

	skb_dst_set(skb, dst);
	checksum(skb, saddr, daddr, dst->dev->features & NETIF_F_HW_CSUM);
	put_header(net, skb, sk, dst, saddr, daddr);
	ip_hdr(skb)->tos |= ecn;
	ip_hdr(skb)->id = 0;
	ip_hdr(skb)->frag_off = htons(IP_DF);
	return ip_local_out(net, NULL, skb);
}

/**
 * xtcp_ip4_connect - find the addresses and the route of a new connection
 * @sk: the socket, locked
 * @daddr: the peer
 * @dport: its port
 *
 * Return: 0, with addresses, port and route set on the socket, or an error
 */
int xtcp_ip4_connect(struct sock *sk, __be32 daddr, __be16 dport)
{
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 fl4 = {};
	struct rtable *rt;

	rt = ip_route_connect(&fl4, daddr, inet->inet_saddr,
			      sk->sk_bound_dev_if, IPPROTO_XTCP,
			      inet->inet_sport, dport, sk);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return -ENETUNREACH;
	}
	if (!inet->inet_saddr) {
		inet->inet_saddr = fl4.saddr;
		inet->inet_rcv_saddr = fl4.saddr;
	}
	inet->inet_dport = dport;
	inet->inet_daddr = fl4.daddr;
	if (sk->sk_family == AF_INET6) {
		ipv6_addr_set_v4mapped(fl4.daddr, &sk->sk_v6_daddr);
		if (ipv6_addr_any(&inet6_sk(sk)->saddr))
			ipv6_addr_set_v4mapped(inet->inet_saddr,
					       &inet6_sk(sk)->saddr);
		if (ipv6_addr_any(&sk->sk_v6_rcv_saddr))
			ipv6_addr_set_v4mapped(inet->inet_rcv_saddr,
					       &sk->sk_v6_rcv_saddr);
	}
	sk_setup_caps(sk, &rt->dst);
	return 0;
}

static int rcv(struct sk_buff *skb)
{
	/* the device does not know of every broadcast address */
	bool ours = skb->pkt_type == PACKET_HOST &&
		    skb_rtable(skb)->rt_type == RTN_LOCAL;

	xtcp_ip_rcv(skb, ours, inet_iif(skb), inet_sdif(skb));
	return 0;
}

static int err_handler(struct sk_buff *skb, u32 info)
{
	return xtcp_icmp4(skb, info);
}

static const struct net_protocol protocol = {
	.handler = rcv,
	.err_handler = err_handler,
	.no_policy = 1,
	.icmp_strict_tag_validation = 1,
};

int xtcp_ip4_init(void)
{
	return inet_add_protocol(&protocol, IPPROTO_XTCP);
}

void xtcp_ip4_exit(void)
{
	inet_del_protocol(&protocol, IPPROTO_XTCP);
}
