// SPDX-License-Identifier: GPL-2.0
/*
 * Early demultiplexing: before a packet of an established connection is routed,
 * a netfilter hook gives it the route of the segments before it. The kernel does
 * the same for TCP and UDP, by their numbers. Other packets of the namespace pay
 * for the hook, too, so it is there only while there is a use for it.
 */
#include <linux/netfilter.h>
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <net/ip.h>
#include <net/ip6_fib.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "demux.h"
#include "netns.h"
#include "sock.h"

/* How long the hook stays when nothing has a use for it: registering it anew for
 * each of many short connections would cost more than it saves
 */
#define LINGER (10 * HZ)

/*
 * Is the packet one whose route may be known: whole, for this host, not routed
 * yet, nobody's. What came through a VRF gets there by this hook twice, with two
 * devices: the connection would not be sure to be found as it is later.
 */
static bool eligible(const struct sk_buff *skb, const struct net *net)
{
	return skb->pkt_type == PACKET_HOST && !skb_dst(skb) && !skb->sk &&
	       READ_ONCE(net->ipv4.sysctl_ip_early_demux) &&
	       !netif_is_l3_slave(skb->dev) && !netif_is_l3_master(skb->dev);
}

static void set_route(struct sk_buff *skb, struct xtcp_flow *flow, u16 family)
{
	__be16 buf[2], *ports;
	struct dst_entry *dst;
	struct xtcp_ent *ent;
	struct sock *sk;

	ports = skb_header_pointer(skb, skb_transport_offset(skb), sizeof(buf),
				   buf);
	if (!ports)
		return;
	flow->rport = ports[0];
	flow->lport = ports[1];
	ent = xtcp_hash_lookup(flow, 0);
	if (!ent || ent->kind != XTCP_ENT_SOCK)
		return;
	sk = xtcp_ent_sk(ent);
	dst = rcu_dereference(sk->sk_rx_dst);
	/* the socket may have changed hands, and family, since it was found */
	if (!dst || dst->ops->family != family ||
	    READ_ONCE(sk->sk_rx_dst_ifindex) != skb->skb_iif)
		return;
	if (dst_check(dst, sk->sk_rx_dst_cookie)) {
		skb_dst_set_noref(skb, dst);
		/* no reference: RCU keeps both, and who queues the packet
		 * takes one on each
		 */
		skb->sk = sk;
		skb->destructor = sock_pfree;
	} else {
		/* have it learned anew: the route may be the same one, of which
		 * only the cookie has changed
		 */
		WRITE_ONCE(sk->sk_rx_dst_ifindex, 0);
	}
}

static unsigned int before_routing4(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct xtcp_flow flow;

	if (iph->protocol != IPPROTO_XTCP || ip_is_fragment(iph) ||
	    !eligible(skb, state->net))
		return NF_ACCEPT;
	ipv6_addr_set_v4mapped(iph->daddr, &flow.laddr);
	ipv6_addr_set_v4mapped(iph->saddr, &flow.raddr);
	flow.dif = skb->skb_iif;
	flow.net = state->net;
	set_route(skb, &flow, AF_INET);
	return NF_ACCEPT;
}

static unsigned int before_routing6(void *priv, struct sk_buff *skb,
				    const struct nf_hook_state *state)
{
	const struct ipv6hdr *iph = ipv6_hdr(skb);
	struct xtcp_flow flow;

	if (iph->nexthdr != IPPROTO_XTCP || !eligible(skb, state->net))
		return NF_ACCEPT;
	flow.laddr = iph->daddr;
	flow.raddr = iph->saddr;
	flow.dif = inet6_iif(skb);
	flow.net = state->net;
	set_route(skb, &flow, AF_INET6);
	return NF_ACCEPT;
}

/* Last of all, when addresses have been translated */
static const struct nf_hook_ops hooks[] = {
	{
		.hook = before_routing4,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_LAST,
	}, {
		.hook = before_routing6,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_LAST,
	},
};

/* Registering may sleep, so it is not done where connections come and go */
static void work(struct work_struct *w)
{
	struct xtcp_net *xn = container_of(to_delayed_work(w), struct xtcp_net,
					   demux.work);
	bool want = atomic_read(&xn->demux.users);

	if (want == xn->demux.on)
		return;
	if (!want)
		nf_unregister_net_hooks(xn->net, hooks, ARRAY_SIZE(hooks));
	else if (nf_register_net_hooks(xn->net, hooks, ARRAY_SIZE(hooks)))
		return;		/* routes are looked up, then */
	WRITE_ONCE(xn->demux.on, want);
}

static void add_user(struct xtcp_demux *d)
{
	if (atomic_inc_return(&d->users) == 1 && !READ_ONCE(d->on))
		mod_delayed_work(system_wq, &d->work, 0);
}

static void drop_user(struct xtcp_demux *d)
{
	if (atomic_dec_and_test(&d->users))
		queue_delayed_work(system_wq, &d->work, LINGER);
}

/* Lets go of the old route and takes the new one, which may be NULL */
static void replace(struct sock *sk, struct dst_entry *dst, int ifindex,
		    u32 cookie)
{
	struct xtcp_demux *d = &xtcp_net(sock_net(sk))->demux;
	struct dst_entry *old = rcu_dereference_protected(sk->sk_rx_dst,
							  lockdep_sock_is_held(sk));

	/* a reader that gets the one and the other's interface does no harm */
	WRITE_ONCE(sk->sk_rx_dst_ifindex, ifindex);
	sk->sk_rx_dst_cookie = cookie;
	rcu_assign_pointer(sk->sk_rx_dst, dst);
	if (dst && !old)
		add_user(d);
	else if (old && !dst)
		drop_user(d);
	dst_release(old);
}

/**
 * xtcp_demux_renew - a segment came by another route than the one remembered
 * @sk: its connection, locked
 * @skb: the segment
 */
void xtcp_demux_renew(struct sock *sk, const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);
	u32 cookie = 0;

	/* what this host sends to itself brings its route along, and for what comes
	 * through a VRF none is used
	 */
	if (!dst || skb->skb_iif == LOOPBACK_IFINDEX || xtcp_cb(skb)->sdif ||
	    sk->sk_state != TCP_ESTABLISHED || !dst_hold_safe(dst))
		return;
	if (skb->protocol == htons(ETH_P_IPV6))
		cookie = rt6_get_cookie((struct rt6_info *)dst);
	replace(sk, dst, skb->skb_iif, cookie);
}

/**
 * xtcp_demux_forget - the connection has ended
 * @sk: the socket, locked
 */
void xtcp_demux_forget(struct sock *sk)
{
	if (rcu_access_pointer(sk->sk_rx_dst))
		replace(sk, NULL, 0, 0);
}

/**
 * xtcp_demux_start - a namespace begins
 * @net: the namespace
 */
void xtcp_demux_start(struct net *net)
{
	INIT_DELAYED_WORK(&xtcp_net(net)->demux.work, work);
}

/**
 * xtcp_demux_stop - a namespace ends
 * @net: the namespace, without sockets
 *
 * The hook may run on until a grace period has passed.
 */
void xtcp_demux_stop(struct net *net)
{
	struct xtcp_demux *d = &xtcp_net(net)->demux;

	WARN_ON_ONCE(atomic_read(&d->users));
	cancel_delayed_work_sync(&d->work);
	if (d->on)
		nf_unregister_net_hooks(net, hooks, ARRAY_SIZE(hooks));
	d->on = false;
}
