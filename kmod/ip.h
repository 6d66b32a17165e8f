/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The network layer: routes and headers for IPv4 (ip4.c) and IPv6 (ip6.c), and
 * what they have in common (ip.c). A connection's family is that of its
 * addresses: an AF_INET6 socket with mapped addresses sends IPv4.
 */
#ifndef XTCP_IP_H
#define XTCP_IP_H

#include <linux/skbuff.h>

#include "sock.h"

/* Room for the link's header and the larger of the two IP headers */
#define XTCP_IP_HEADROOM (MAX_HEADER + sizeof(struct ipv6hdr))

int xtcp_ip4_init(void);
void xtcp_ip4_exit(void);
int xtcp_ip6_init(void);
void xtcp_ip6_exit(void);

struct dst_entry *xtcp_ip4_route(struct sock *sk);
struct dst_entry *xtcp_ip6_route(struct sock *sk);
int xtcp_ip4_connect(struct sock *sk, __be32 daddr, __be16 dport);
int xtcp_ip6_connect(struct sock *sk, struct sockaddr_in6 *to);
int xtcp_ip4_send(struct sock *sk, struct sk_buff *skb, u8 ecn);
int xtcp_ip6_send(struct sock *sk, struct sk_buff *skb, u8 ecn);
int xtcp_ip4_send_bare(struct net *net, struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_flow *flow, struct dst_entry *dst,
		       u8 ecn);
int xtcp_ip6_send_bare(struct net *net, struct sock *sk, struct sk_buff *skb,
		       const struct xtcp_flow *flow, struct dst_entry *dst,
		       u8 ecn);
struct dst_entry *xtcp_ip4_route_flow(const struct xtcp_flow *flow,
				      const struct sock *sk);
struct dst_entry *xtcp_ip6_route_flow(const struct xtcp_flow *flow,
				      const struct sock *sk);

/* What a route means for a connection */
void xtcp_ip_use_dst(struct sock *sk, const struct dst_entry *dst);
u16 xtcp_ip_adv_mss(const struct dst_entry *dst);
u32 xtcp_ip_size(const struct sock *sk, u32 mtu);

/* What is alike on the way out and in */
void xtcp_ip_checksum(struct sk_buff *skb, __sum16 pseudo, bool hw);
bool xtcp_ip_attach(struct sock *sk, struct sk_buff *skb, struct dst_entry *dst);
void xtcp_ip_rcv(struct sk_buff *skb, bool ours, int iif, int sdif);

static inline bool xtcp_ip_is_v4(const struct sock *sk)
{
	return sk->sk_family == AF_INET ||
	       ipv6_addr_v4mapped(&sk->sk_v6_daddr);
}

/* The peer's MSS if it does not say (RFC 9293 3.7.1) */
static inline u16 xtcp_ip_default_mss(const struct xtcp_flow *flow)
{
	return xtcp_flow_is_v4(flow) ? 536 : 1220;
}

static inline struct dst_entry *xtcp_ip_route(struct sock *sk)
{
	return xtcp_ip_is_v4(sk) ? xtcp_ip4_route(sk) : xtcp_ip6_route(sk);
}

static inline int xtcp_ip_send(struct sock *sk, struct sk_buff *skb, u8 ecn)
{
	return xtcp_ip_is_v4(sk) ? xtcp_ip4_send(sk, skb, ecn) :
				   xtcp_ip6_send(sk, skb, ecn);
}

static inline struct dst_entry *xtcp_ip_route_flow(const struct xtcp_flow *flow,
						   const struct sock *sk)
{
	return xtcp_flow_is_v4(flow) ? xtcp_ip4_route_flow(flow, sk) :
				       xtcp_ip6_route_flow(flow, sk);
}

#endif
