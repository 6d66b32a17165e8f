// SPDX-License-Identifier: GPL-2.0
/*
 * The way in, behind the network layer: reads the header, finds whom the
 * segment is for, and gives it to the core under that one's lock.
 */
#include <linux/filter.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/xfrm.h>

#include "apply.h"
#include "bare.h"
#include "core/input.h"
#include "core/quick.h"
#include "core/reply.h"
#include "core/wire.h"
#include "demux.h"
#include "fastopen.h"
#include "listen.h"
#include "rcvbuf.h"
#include "records.h"
#include "rx.h"
#include "timewait.h"
#include "urgent.h"
#include "vrf.h"

/**
 * xtcp_rx_flow - the connection that a packet belongs to, as this host sees it
 * @skb: the packet, from its transport header on
 * @net: its namespace, which @skb does not tell any more if it has waited in a
 *	backlog, as its device may be gone by then
 * @flow: gets it
 */
void xtcp_rx_flow(const struct sk_buff *skb, struct net *net,
		  struct xtcp_flow *flow)
{
	const __be16 *ports = (const __be16 *)skb->data;

	if (skb->protocol == htons(ETH_P_IP)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &flow->laddr);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &flow->raddr);
	} else {
		flow->laddr = ipv6_hdr(skb)->daddr;
		flow->raddr = ipv6_hdr(skb)->saddr;
	}
	flow->lport = ports[1];
	flow->rport = ports[0];
	flow->dif = xtcp_cb(skb)->iif;
	flow->net = net;
}

static u8 ip_ecn(const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return ip_hdr(skb)->tos & INET_ECN_MASK;
	return ipv6_get_dsfield(ipv6_hdr(skb)) & INET_ECN_MASK;
}

/* Reads the header again, which has been found sound before */
static void parse(const struct sk_buff *skb, struct xtcp_seg *seg)
{
	xtcp_wire_parse(seg, skb->data, skb_headlen(skb), skb->len);
	seg->ecn = ip_ecn(skb);
}

/* Reads the header for the first time. Return: false if it is not sound */
static bool parse_first(struct sk_buff *skb, struct xtcp_seg *seg,
			struct net *net)
{
	unsigned int hlen = (skb->data[12] >> 4) * 4;

	/* what this cannot pull, the parser finds missing */
	if (hlen > XTCP_WIRE_HLEN)
		(void)pskb_may_pull(skb, hlen);
	if (xtcp_wire_parse(seg, skb->data, skb_headlen(skb), skb->len)) {
		xtcp_mib_inc(net, XTCP_MIB_InHdrOffset);
		return false;
	}
	if (unlikely(seg->bad_opts))
		xtcp_mib_inc(net, XTCP_MIB_InBadOptions);
	seg->ecn = ip_ecn(skb);
	return true;
}

static u16 label_of(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IPV6) ?
	       (u16)be32_to_cpu(ip6_flowlabel(ipv6_hdr(skb))) : 0;
}

/*
 * What has arrived comes again by another path: the peer's timer has expired, so our
 * ACKs may be lost by ours. Who tries other paths for what it sends needs no advice.
 */
static void seen_again(struct sock *sk, const struct sk_buff *skb)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u16 label = label_of(skb);

	if (label == xs->counts.rcv_label)
		return;
	xs->counts.rcv_label = label;
	if (!xs->tcb.tries && sk_rethink_txhash(sk))
		xtcp_mib_count(xs->mib, XTCP_MIB_RehashDupData, 1);
}

/* Return: segments in it, as it may not have been taken apart on its way */
static u32 count_in(struct xtcp_counts *n, const struct sk_buff *skb, bool data)
{
	u32 segs = skb_shinfo(skb)->gso_segs ?: 1;

	n->segs_in += segs;
	if (data)
		n->data_segs_in += segs;
	return segs;
}

/**
 * xtcp_rx_sock - a segment arrived for a connection
 * @sk: the socket, locked
 * @skb: the segment, taken
 * @seg: its header
 */
void xtcp_rx_sock(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_rnode *node = NULL;
	u64 now = xtcp_now();
	struct xtcp_act act;
	bool refused = false;
	u32 segs, nxt;

	if (sk->sk_state == TCP_CLOSE) {
		xtcp_mib_drop(sock_net(sk), XTCP_DROP_CLOSED);
		kfree_skb(skb);
		return;
	}
	xtcp_demux_learn(sk, skb);
	segs = count_in(&xs->counts, skb, seg->len);
	if (seg->len || (seg->flags & XTCP_FIN)) {
		if (likely(xtcp_rcvbuf_admit(sk, skb, seg->seq ==
						xs->tcb.rcv_nxt))) {
			node = &xtcp_cb(skb)->node;
			if (seg->seq != xs->tcb.rcv_nxt)
				node->prio = get_random_u32();
		} else {
			/* the ACK field is still worth having */
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_DropRcvMem);
			seg->len = 0;
			seg->flags &= ~XTCP_FIN;
			refused = true;
		}
	}
	xtcp_rcvbuf_refresh(sk);
	if (unlikely(seg->opts & XTCP_HAS_SACK &&
		     xtcp_rec_wants(&xs->tcb.rec, XTCP_REC_FOR_ACK)))
		xtcp_records_grow(sk);
	xtcp_act_init(&act);
	nxt = xs->tcb.rcv_nxt;
	xtcp_input_rx(&xs->tcb, seg, node, now, &act);
	if (unlikely(xs->tcb.rcv_nxt < nxt))
		xs->counts.rcv_wraps++;
	if (refused && xs->tcb.state != XTCP_CLOSED)
		xs->tcb.ack_due = XTCP_ACK_NOW;
	if (unlikely(xtcp_rcvbuf_avail(sk) < READ_ONCE(sk->sk_rcvlowat)))
		xtcp_quick_awaited(&xs->tcb);

	if (unlikely(act.flags & (XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET)))
		xtcp_urgent_seen(sk, skb, seg->hlen, &act);
	if (act.flags & XTCP_ACT_DELIVER) {
		xs->counts.rcv_label = label_of(skb);
		xtcp_mib_count(xs->mib, XTCP_MIB_InOctets, act.rx_len);
		xtcp_rcvbuf_deliver(sk, skb, seg, act.rx_skip, act.rx_len);
	} else if (act.flags & XTCP_ACT_QUEUED) {
		xs->counts.rcv_label = label_of(skb);
		xs->tcb.reasm.early += segs;
		xtcp_rcvbuf_keep(sk, skb, seg);
	} else {
		xtcp_mib_drop(sock_net(sk), act.drop);
		if (seg->len && seq_lt(seg->seq, xs->tcb.rcv_nxt))
			seen_again(sk, skb);
		__kfree_skb(skb);
	}
	if (act.ready) {
		xtcp_rcvbuf_ready(sk, act.ready);
		if (unlikely(act.flags & XTCP_ACT_URG_READY))
			xtcp_urgent_kept(sk);
	}
	xtcp_apply_segment(sk, &act, now);
}

/**
 * xtcp_rx_syn_data - a SYN has made a connection, and its data is the first
 * @sk: the connection, locked
 * @skb: the SYN, taken
 * @seg: its header
 *
 * Sends the SYN-ACK.
 */
void xtcp_rx_syn_data(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_act act;
	u64 now = xtcp_now();

	xs->counts.data_segs_in += !!seg->len;
	if (seg->len && !xtcp_rcvbuf_admit(sk, skb, true)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_DropRcvMem);
		seg->len = 0;
	}
	xtcp_rcvbuf_refresh(sk);
	xtcp_act_init(&act);
	xtcp_fastopen_rx(&xs->tcb, seg, &xtcp_cb(skb)->node, now, &act);
	if (unlikely(xs->tcb.rcv_nxt < xs->tcb.irs + 1))
		xs->counts.rcv_wraps++;
	if (act.flags & XTCP_ACT_DELIVER) {
		xtcp_mib_count(xs->mib, XTCP_MIB_InOctets, act.rx_len);
		xtcp_rcvbuf_deliver(sk, skb, seg, act.rx_skip, act.rx_len);
	} else {
		kfree_skb(skb);
	}
	xtcp_apply_finish(sk, &act, now);
}

/**
 * xtcp_rx_backlog - struct proto's backlog_rcv: a segment that waited for the
 * user to let go of the socket
 * @sk: the socket, owned by the caller
 * @skb: the segment, taken
 */
int xtcp_rx_backlog(struct sock *sk, struct sk_buff *skb)
{
	struct xtcp_seg seg;

	parse(skb, &seg);
	local_bh_disable();
	rcu_read_lock();
	if (sk->sk_state == TCP_LISTEN)
		xtcp_listen_rx(sk, skb, &seg, NULL);
	else
		xtcp_rx_sock(sk, skb, &seg);
	rcu_read_unlock();
	local_bh_enable();
	return 0;
}

static bool policy_ok(struct sock *sk, struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		return xfrm4_policy_check(sk, XFRM_POLICY_IN, skb);
	return xfrm6_policy_check(sk, XFRM_POLICY_IN, skb);
}

static void drop(struct sk_buff *skb, struct net *net, enum xtcp_mib why)
{
	xtcp_mib_inc(net, why);
	kfree_skb(skb);
}

/* Whom a segment goes to; a child's lock is taken below its listener's */
enum whom { TO_CONNECTION, TO_LISTENER, TO_CHILD };

/*
 * Gives a segment to a socket, at once or by its backlog (where @iss is lost: by
 * then the clock in the ISN has moved on).
 * Return: false if the socket is not the flow's any more; the skb is not taken
 */
static bool to_sock(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		    const struct xtcp_flow *flow, enum whom whom, const u32 *iss)
{
	bool listener = whom == TO_LISTENER;
	unsigned int limit = READ_ONCE(sk->sk_rcvbuf) +
			     READ_ONCE(sk->sk_sndbuf) + 64 * 1024;
	bool ok;

	if (whom == TO_CHILD)
		bh_lock_sock_nested(sk);
	else
		bh_lock_sock(sk);
	ok = listener ? sk->sk_state == TCP_LISTEN :
	     sk->sk_state != TCP_CLOSE &&
	     xtcp_hash_match(&xtcp_sk(sk)->ent, flow, xtcp_cb(skb)->sdif);
	if (!ok) {
		/* it was closed or became another's since the look-up */
	} else if (sock_owned_by_user(sk)) {
		if (sk_add_backlog(sk, skb, limit))
			drop(skb, flow->net, XTCP_MIB_DropBacklog);
	} else if (listener) {
		xtcp_listen_rx(sk, skb, seg, iss);
	} else {
		xtcp_rx_sock(sk, skb, seg);
	}
	bh_unlock_sock(sk);
	return ok;
}

/* Policy and the socket's filter. Return: false if the skb was dropped */
static bool pass(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		 struct net *net)
{
	unsigned int len = skb->len;

	if (!policy_ok(sk, skb)) {
		drop(skb, net, XTCP_MIB_DropPolicy);
		return false;
	}
	nf_reset_ct(skb);
	if (sk_filter_trim_cap(sk, skb, seg->hlen)) {
		drop(skb, net, XTCP_MIB_DropFilter);
		return false;
	}
	if (unlikely(skb->len != len))
		parse(skb, seg);
	return true;
}

static void to_nobody(struct sk_buff *skb, const struct xtcp_flow *flow,
		      const struct xtcp_seg *seg)
{
	struct xtcp_flow to = *flow;
	struct xtcp_seg reply;

	to.dif = xtcp_vrf_answer(NULL, flow, skb);
	if (policy_ok(NULL, skb) && xtcp_reply_rst(&reply, seg))
		xtcp_bare_send(NULL, &to, 0, &reply);
	drop(skb, flow->net, XTCP_MIB_DropNoPort);
}

static void to_listener(struct sk_buff *skb, const struct xtcp_flow *flow,
			struct xtcp_seg *seg, const u32 *iss)
{
	struct sock *sk = xtcp_hash_listener(flow, xtcp_cb(skb)->sdif);

	if (!sk) {
		to_nobody(skb, flow, seg);
		return;
	}
	if (!pass(sk, skb, seg, flow->net))
		return;
	if (!to_sock(sk, skb, seg, flow, TO_LISTENER, iss))
		to_nobody(skb, flow, seg);
}

static void to_timewait(struct xtcp_timewait *tw, struct sk_buff *skb,
			const struct xtcp_flow *flow, struct xtcp_seg *seg)
{
	struct sock *listener;
	u32 iss;

	if (!policy_ok(NULL, skb)) {
		drop(skb, flow->net, XTCP_MIB_DropPolicy);
		return;
	}
	listener = xtcp_hash_listener(flow, xtcp_cb(skb)->sdif);
	if (xtcp_timewait_rx(tw, seg, listener, &iss))
		to_listener(skb, flow, seg, &iss);
	else
		kfree_skb(skb);
}

/* The connection that demux.c found, or NULL; the skb lets go of it */
static struct xtcp_ent *found_early(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	bool ours;

	if (!sk)
		return NULL;
	/* its memory stays by RCU; what netfilter has queued may hold another */
	ours = skb_sk_is_prefetched(skb) && sk->sk_prot == &xtcp_prot;
	skb_orphan(skb);
	return ours ? &xtcp_sk(sk)->ent : NULL;
}

/**
 * xtcp_rx_packet - a packet arrived whose checksum is right
 * @skb: the packet, from its transport header on; taken
 * @flow: its connection
 *
 * Context: rcu_read_lock(), bottom half
 */
void xtcp_rx_packet(struct sk_buff *skb, struct xtcp_flow *flow)
{
	struct xtcp_ent *ent = found_early(skb);
	const int sdif = xtcp_cb(skb)->sdif;
	struct xtcp_seg seg;
	struct sock *sk;

	if (likely(ent)) {
		struct xtcp_mib_table __percpu *t =
			xtcp_sk(xtcp_ent_sk(ent))->mib;

		xtcp_mib_count(t, XTCP_MIB_InSegs, 1);
		xtcp_mib_count(t, XTCP_MIB_InEarly, 1);
	} else {
		xtcp_mib_inc(flow->net, XTCP_MIB_InSegs);
	}
	if (!parse_first(skb, &seg, flow->net)) {
		kfree_skb(skb);
		return;
	}
	if (!ent)
		ent = xtcp_hash_lookup(flow, sdif);
	if (likely(ent && ent->kind == XTCP_ENT_SOCK)) {
		sk = xtcp_ent_sk(ent);
		if (!pass(sk, skb, &seg, flow->net))
			return;
		if (likely(to_sock(sk, skb, &seg, flow, TO_CONNECTION, NULL)))
			return;
		/* it has just gone; what has its place now? */
		ent = xtcp_hash_lookup(flow, sdif);
		if (ent && ent->kind == XTCP_ENT_SOCK) {
			drop(skb, flow->net, XTCP_MIB_DropNoPort);
			return;
		}
	}
	if (ent && ent->kind == XTCP_ENT_TIMEWAIT) {
		to_timewait(container_of(ent, struct xtcp_timewait, ent), skb,
			    flow, &seg);
		return;
	}
	if (ent) {
		sk = container_of(ent, struct xtcp_request, ent)->listener;
		if (pass(sk, skb, &seg, flow->net) &&
		    !to_sock(sk, skb, &seg, flow, TO_LISTENER, NULL))
			drop(skb, flow->net, XTCP_MIB_DropNoPort);
		return;
	}
	to_listener(skb, flow, &seg, NULL);
}

/**
 * xtcp_rx_child - a listener got a segment of a connection it has just made
 * @sk: the connection
 * @skb: the segment, taken
 * @seg: its header
 * @flow: its addresses
 *
 * Context: the listener is locked
 */
void xtcp_rx_child(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		   const struct xtcp_flow *flow)
{
	if (!to_sock(sk, skb, seg, flow, TO_CHILD, NULL))
		drop(skb, flow->net, XTCP_MIB_DropNoPort);
}
