// SPDX-License-Identifier: GPL-2.0
/* IPv6: routes, headers, and the way in. */
#include <net/addrconf.h>
#include <net/transp_v6.h>
#include <net/dst.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/protocol.h>
#include <net/xfrm.h>

#include "core/wire.h"
#include "icmp.h"
#include "ip.h"

#define HLEN sizeof(struct ipv6hdr)

static void fill_flow(struct sock *sk, struct flowi6 *fl6)
{
	memset(fl6, 0, sizeof(*fl6));
	fl6->flowi6_proto = IPPROTO_XTCP;
	fl6->daddr = sk->sk_v6_daddr;
	fl6->saddr = inet6_sk(sk)->saddr;
	fl6->flowlabel = ip6_make_flowinfo(inet6_sk(sk)->tclass, 0);
	fl6->flowi6_oif = sk->sk_bound_dev_if;
	fl6->flowi6_mark = READ_ONCE(sk->sk_mark);
	fl6->fl6_dport = inet_sk(sk)->inet_dport;
	fl6->fl6_sport = inet_sk(sk)->inet_sport;
	fl6->flowi6_uid = sk->sk_uid;
	security_sk_classify_flow(sk, flowi6_to_flowi_common(fl6));
}

static void store(struct sock *sk, struct dst_entry *dst)
{
	inet6_sk(sk)->dst_cookie = rt6_get_cookie((struct rt6_info *)dst);
	sk_setup_caps(sk, dst);
	xtcp_ip_use_dst(sk, dst);
}

/**
 * xtcp_ip6_route - the connection's route, looked up anew if need be
 * @sk: the socket, locked
 *
 * Return: borrowed from the socket; NULL if there is none
 */
struct dst_entry *xtcp_ip6_route(struct sock *sk)
{
	struct dst_entry *dst = __sk_dst_check(sk, inet6_sk(sk)->dst_cookie);
	struct flowi6 fl6;

	if (likely(dst)) {
		if (unlikely(dst_mtu(dst) != xtcp_sk(sk)->pmtu))
			xtcp_ip_use_dst(sk, dst);
		return dst;
	}
	fill_flow(sk, &fl6);
	dst = ip6_dst_lookup_flow(sock_net(sk), sk, &fl6, NULL);
	if (IS_ERR(dst))
		return NULL;
	store(sk, dst);
	return dst;
}

/* Fills in the checksum, or has it filled in */
static void checksum(struct sk_buff *skb, const struct in6_addr *saddr,
		     const struct in6_addr *daddr, bool hw)
{
	xtcp_ip_checksum(skb, csum_ipv6_magic(saddr, daddr, skb->len,
					      IPPROTO_XTCP, 0), hw);
}

/*
 * By the label others choose between paths: another hash, another path. The skb has a
 * connection's, or one is made of the flow.
 */
static __be32 flow_label(struct net *net, struct sk_buff *skb, struct sock *sk,
			 const struct in6_addr *saddr, const struct in6_addr *daddr)
{
	bool by_itself = sk ? xtcp_compat_autolabel(net, sk) : ip6_default_np_autolabel(net);
	struct flowi6 fl6;

	if (!skb->l4_hash) {
		const __be16 *ports = (const __be16 *)skb_transport_header(skb);

		memset(&fl6, 0, sizeof(fl6));
		fl6.flowi6_proto = IPPROTO_XTCP;
		fl6.saddr = *saddr;
		fl6.daddr = *daddr;
		fl6.fl6_sport = ports[0];
		fl6.fl6_dport = ports[1];
	}
	return ip6_make_flowlabel(net, skb, 0, by_itself, &fl6);
}

static void put_header(struct net *net, struct sk_buff *skb, struct sock *sk,
		       struct dst_entry *dst, const struct in6_addr *saddr,
		       const struct in6_addr *daddr)
{
	const struct ipv6_pinfo *np = sk ? inet6_sk(sk) : NULL;
	__be32 label = flow_label(net, skb, sk, saddr, daddr);
	int hop = np ? np->hop_limit : -1;
	struct ipv6hdr *hdr;

	skb_push(skb, HLEN);
	skb_reset_network_header(skb);
	hdr = ipv6_hdr(skb);
	ip6_flow_hdr(hdr, np ? np->tclass : 0, label);
	hdr->payload_len = htons(skb->len - HLEN);
	hdr->nexthdr = IPPROTO_XTCP;
	hdr->hop_limit = hop < 0 ? ip6_dst_hoplimit(dst) : hop;
	hdr->saddr = *saddr;
	hdr->daddr = *daddr;
	skb->protocol = htons(ETH_P_IPV6);
}

/**
 * xtcp_ip6_send - send a connection's segment
 * @sk: the socket, locked, which owns the skb
 * @skb: the segment, from its header on, checksum apart; taken
 * @ecn: XTCP_ECN_*
 */
int xtcp_ip6_send(struct sock *sk, struct sk_buff *skb, u8 ecn)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct net *net = sock_net(sk);
	struct dst_entry *dst;
	int err;

	rcu_read_lock();
	dst = xtcp_ip6_route(sk);
	if (!xtcp_ip_attach(sk, skb, dst)) {
		rcu_read_unlock();
		return -EHOSTUNREACH;
	}
	checksum(skb, &np->saddr, &sk->sk_v6_daddr, xtcp_sk(sk)->csum_hw);
	put_header(net, skb, sk, dst, &np->saddr, &sk->sk_v6_daddr);
	*(__be32 *)ipv6_hdr(skb) |= htonl(ecn << 20);
	err = ip6_local_out(net, sk, skb);
	rcu_read_unlock();
	return err;
}

/**
 * xtcp_ip6_route_flow - a route for a flow without a connected socket
 * @flow: the flow, with the interface that it is bound to
 * @sk: on whose behalf, or NULL
 *
 * Return: a reference, or NULL
 */
struct dst_entry *xtcp_ip6_route_flow(const struct xtcp_flow *flow,
				      const struct sock *sk)
{
	struct dst_entry *dst;
	struct flowi6 fl6 = {
		.flowi6_proto = IPPROTO_XTCP,
		.daddr = flow->raddr,
		.saddr = flow->laddr,
		.flowi6_oif = flow->dif,
		.flowi6_mark = sk ? READ_ONCE(sk->sk_mark) : 0,
		.fl6_dport = flow->rport,
		.fl6_sport = flow->lport,
		.flowi6_uid = sk ? sk->sk_uid : GLOBAL_ROOT_UID,
	};

	dst = ip6_route_output(flow->net, NULL, &fl6);
	if (dst->error) {
		dst_release(dst);
		return NULL;
	}
	return dst;
}

/**
 * xtcp_ip6_send_bare - send a segment that no connected socket owns
 * @net: namespace
 * @sk: on whose behalf, or NULL
 * @skb: the segment; taken
 * @flow: its addresses
 * @dst: its route; the reference is taken
 * @ecn: XTCP_ECN_*
 */
int xtcp_ip6_send_bare(struct net *net, struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_flow *flow, struct dst_entry *dst,
		       u8 ecn)
{
	skb_dst_set(skb, dst);
	checksum(skb, &flow->laddr, &flow->raddr,
		 dst->dev->features & NETIF_F_HW_CSUM);
	put_header(net, skb, sk, dst, &flow->laddr, &flow->raddr);
	*(__be32 *)ipv6_hdr(skb) |= htonl(ecn << 20);
	return ip6_local_out(net, NULL, skb);
}

/* Link-local addresses mean nothing without an interface */
static int check_scope(struct sock *sk, const struct sockaddr_in6 *to,
		       const struct in6_addr *daddr)
{
	if (!(ipv6_addr_type(daddr) & IPV6_ADDR_LINKLOCAL))
		return 0;
	if (to->sin6_scope_id) {
		if (!sk_dev_equal_l3scope(sk, to->sin6_scope_id))
			return -EINVAL;
		sk->sk_bound_dev_if = to->sin6_scope_id;
	}
	return sk->sk_bound_dev_if ? 0 : -EINVAL;
}

/**
 * xtcp_ip6_connect - find the addresses and the route of a new connection
 * @sk: the socket, locked, of AF_INET6
 * @to: the peer, whose address is not a mapped one
 *
 * Return: 0, with addresses, port and route set on the socket, or an error
 */
int xtcp_ip6_connect(struct sock *sk, struct sockaddr_in6 *to)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr daddr = to->sin6_addr;
	struct dst_entry *dst;
	struct flowi6 fl6;
	int err;

	if (ipv6_addr_any(&daddr))
		daddr = in6addr_loopback;
	if (ipv6_addr_is_multicast(&daddr))
		return -ENETUNREACH;
	err = check_scope(sk, to, &daddr);
	if (err)
		return err;
	sk->sk_v6_daddr = daddr;
	inet_sk(sk)->inet_dport = to->sin6_port;
	fill_flow(sk, &fl6);
	if (!ipv6_addr_any(&sk->sk_v6_rcv_saddr))
		fl6.saddr = sk->sk_v6_rcv_saddr;
	dst = ip6_dst_lookup_flow(sock_net(sk), sk, &fl6, NULL);
	if (IS_ERR(dst))
		return PTR_ERR(dst);
	np->saddr = fl6.saddr;
	if (ipv6_addr_any(&sk->sk_v6_rcv_saddr))
		sk->sk_v6_rcv_saddr = fl6.saddr;
	inet_sk(sk)->inet_rcv_saddr = LOOPBACK4_IPV6;
	store(sk, dst);
	return 0;
}

static int rcv(struct sk_buff *skb)
{
	bool ours = skb->pkt_type == PACKET_HOST &&
		    ipv6_unicast_destination(skb);

	xtcp_ip_rcv(skb, ours, inet6_iif(skb), inet6_sdif(skb));
	return 0;
}

static int err_handler(struct sk_buff *skb, struct inet6_skb_parm *opt,
		       u8 type, u8 code, int offset, __be32 info)
{
	return xtcp_icmp6(skb, type, code, offset, ntohl(info));
}

static const struct inet6_protocol protocol = {
	.handler = rcv,
	.err_handler = err_handler,
	.flags = INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

int xtcp_ip6_init(void)
{
	return inet6_add_protocol(&protocol, IPPROTO_XTCP);
}

void xtcp_ip6_exit(void)
{
	inet6_del_protocol(&protocol, IPPROTO_XTCP);
}
