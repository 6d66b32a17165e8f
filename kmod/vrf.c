// SPDX-License-Identifier: GPL-2.0
/*
 * VRFs, and interfaces that sockets are bound to: by which one a connection goes on
 * that a packet begins, and by which an answer goes out. Which packets a socket gets
 * is hash.h's, xtcp_hash_device().
 */
#include <net/l3mdev.h>
#include <net/sock.h>

#include "netns.h"
#include "sock.h"
#include "vrf.h"

/**
 * xtcp_vrf_of - the VRF that an interface is in, or is
 * @net: namespace
 * @ifindex: the interface
 *
 * Return: the VRF's own interface, or 0
 */
int xtcp_vrf_of(struct net *net, int ifindex)
{
	return l3mdev_master_ifindex_by_index(net, ifindex);
}

/**
 * xtcp_vrf_shared - do sockets that are bound to no interface get what comes by VRFs
 * @net: namespace
 */
bool xtcp_vrf_shared(const struct net *net)
{
	return READ_ONCE(xtcp_net(net)->sysctl_l3mdev_accept);
}

/**
 * xtcp_vrf_ports - whose port space a socket binds in
 * @sk: the socket
 *
 * Each VRF has one of its own, unless sockets are shared by them all.
 *
 * Return: the VRF, 0 for what is in none
 */
int xtcp_vrf_ports(const struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (!sk->sk_bound_dev_if || xtcp_vrf_shared(net))
		return 0;
	return xtcp_vrf_of(net, sk->sk_bound_dev_if);
}

static bool link_local(const struct xtcp_flow *flow)
{
	return !xtcp_flow_is_v4(flow) &&
	       (ipv6_addr_type(&flow->raddr) & IPV6_ADDR_LINKLOCAL);
}

/* The interface itself, not the VRF that it is in */
static int interface(const struct xtcp_flow *flow, const struct sk_buff *skb)
{
	return xtcp_cb(skb)->sdif ?: flow->dif;
}

/**
 * xtcp_vrf_new - the interface that a new connection is bound to
 * @sk: its listener
 * @flow: the connection, as the packet has it
 * @skb: the packet
 */
int xtcp_vrf_new(const struct sock *sk, const struct xtcp_flow *flow,
		 const struct sk_buff *skb)
{
	int bound = READ_ONCE(sk->sk_bound_dev_if);

	/* these addresses mean nothing without it */
	if (link_local(flow) && (!bound || xtcp_cb(skb)->sdif))
		return interface(flow, skb);
	if (!bound && xtcp_vrf_shared(flow->net))
		return xtcp_vrf_of(flow->net, skb->skb_iif);
	return bound;
}

/**
 * xtcp_vrf_answer - the interface by which a packet that begins nothing is answered
 * @sk: the listener that it was for, or NULL
 * @flow: its flow
 * @skb: the packet
 *
 * Return: the interface, or 0 if the address says enough
 */
int xtcp_vrf_answer(const struct sock *sk, const struct xtcp_flow *flow,
		    const struct sk_buff *skb)
{
	int bound = sk ? READ_ONCE(sk->sk_bound_dev_if) : 0;

	if (bound)
		return bound;
	if (link_local(flow))
		return interface(flow, skb);
	return xtcp_cb(skb)->sdif ? xtcp_vrf_of(flow->net, skb->skb_iif) : 0;
}

/**
 * xtcp_vrf_rebound - struct proto's rehash: the user bound the socket to another
 * interface, or to none
 * @sk: the socket, locked
 */
void xtcp_vrf_rebound(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* the tables do not sort by it, so the entry stays where it is */
	WRITE_ONCE(xs->ent.flow.dif, sk->sk_bound_dev_if);
	xtcp_port_move(&xs->bound, xtcp_vrf_ports(sk));
}
