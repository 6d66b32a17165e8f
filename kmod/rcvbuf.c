// SPDX-License-Identifier: GPL-2.0
/*
 * The receive buffer: how much it may hold, the segments in order for the user
 * and those kept for reassembly. What an skb costs is its truesize; the window
 * promises half of what is free, as the other half is for headers and slack.
 */
#include <net/sock.h>

#include "mem.h"
#include "netns.h"
#include "rcvbuf.h"
#include "sock.h"

/* What is offered beyond what was promised while memory is short */
#define TIGHT_SEGMENTS 4

static u32 clamped(const struct sock *sk, u32 octets)
{
	u32 most = xtcp_sk(sk)->window_clamp;

	return unlikely(most) ? min(octets, most) : octets;
}

/**
 * xtcp_rcvbuf_full - octets of payload that an empty buffer is good for
 * @sk: the socket
 */
u32 xtcp_rcvbuf_full(const struct sock *sk)
{
	return clamped(sk, READ_ONCE(sk->sk_rcvbuf) / 2);
}

/**
 * xtcp_rcvbuf_max - octets of payload that the buffer may ever be good for
 * @sk: the socket
 *
 * The window scale is chosen by it, as a connection cannot change that later.
 */
u32 xtcp_rcvbuf_max(const struct sock *sk)
{
	if (sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		return clamped(sk, READ_ONCE(sk->sk_rcvbuf));
	return clamped(sk, max(READ_ONCE(xtcp_net(sock_net(sk))->sysctl_rmem[2]),
			       READ_ONCE(sk->sk_rcvbuf)));
}

/*
 * What waits behind a hole lies in the window, and has its memory. Without SACK the
 * window stays: an ACK with another would not count as a duplicate (RFC 5681 2)
 */
static u32 behind_hole(const struct sock *sk)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	return tcb->sack.ok ? tcb->reasm.octets : 0;
}

/**
 * xtcp_rcvbuf_space - how far the window may reach beyond RCV.NXT
 * @sk: the socket, locked
 *
 * Return: octets of payload, those that wait behind a hole among them
 */
u32 xtcp_rcvbuf_space(const struct sock *sk)
{
	int left = READ_ONCE(sk->sk_rcvbuf) -
		   atomic_read(&sk->sk_rmem_alloc) - READ_ONCE(sk->sk_backlog.len);

	if (left <= 0)
		return 0;
	/* as little as keeps a connection going; what was promised stays */
	if (xtcp_mem_tight(sk))
		return clamped(sk, min_t(int, left / 2, TIGHT_SEGMENTS *
					 xtcp_sk(sk)->tcb.adv_mss));
	return clamped(sk, left / 2 + behind_hole(sk));
}

/**
 * xtcp_rcvbuf_refresh - tell the core how much room there is
 * @sk: the socket, locked
 */
void xtcp_rcvbuf_refresh(struct sock *sk)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	tcb->rcv_space = xtcp_rcvbuf_space(sk);
	tcb->rcv_full = xtcp_rcvbuf_full(sk);
}

/**
 * xtcp_rcvbuf_tune - octets were read, or wait behind a hole: the buffer grows with
 *	what the path carries
 * @sk: the socket, locked
 *
 * Up to the namespace's most, unless the user has set a size, and not while
 * memory is short. It never shrinks: the window may have been offered.
 */
void xtcp_rcvbuf_tune(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_net *xn = xtcp_net(sock_net(sk));
	u32 want = xtcp_tune_read(&xs->tune, &xs->tcb, xs->copied_seq);
	int size;

	if (likely(!want) || sk->sk_userlocks & SOCK_RCVBUF_LOCK ||
	    !READ_ONCE(xn->sysctl_moderate_rcvbuf) ||
	    xtcp_sock_pressed(sk))
		return;
	size = min_t(u32, 2 * want, READ_ONCE(xn->sysctl_rmem[2]));
	if (size > sk->sk_rcvbuf)
		WRITE_ONCE(sk->sk_rcvbuf, size);
}

/*
 * What the buffer may cost: twice its size, or four times what the peer was
 * promised if that is more, as it is after the user has made the buffer smaller. What
 * waits behind a hole is there, and needs no more.
 */
static u32 limit(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);

	return max(2U * READ_ONCE(sk->sk_rcvbuf),
		   4 * (xs->tcb.rcv_adv - xs->copied_seq) -
		   2 * xs->tcb.reasm.octets);
}

static bool charge_ok(struct sock *sk, const struct sk_buff *skb)
{
	return atomic_read(&sk->sk_rmem_alloc) + skb->truesize <= limit(sk) &&
	       sk_rmem_schedule(sk, (struct sk_buff *)skb, skb->truesize);
}

/**
 * xtcp_rcvbuf_admit - is there memory for this segment's payload
 * @sk: the socket, locked
 * @skb: the segment
 * @next: its first octet is the one that the reader waits for
 *
 * A reader with nothing to read always gets its next segment, however small
 * the buffer has been made since the window was offered. Where memory is short,
 * what was kept out of order goes first: it has not been acknowledged, and will
 * come again. The window keeps senders within sk_rcvbuf by far; twice that is
 * for skbs that are mostly overhead.
 */
bool xtcp_rcvbuf_admit(struct sock *sk, const struct sk_buff *skb, bool next)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	if (next && skb_queue_empty(&sk->sk_receive_queue)) {
		if (!charge_ok(sk, skb))
			xtcp_mem_force(sk, skb->truesize);
		return true;
	}
	while (!charge_ok(sk, skb)) {
		struct xtcp_rnode *node = NULL;

		/* a segment further off than what is kept cannot displace it */
		if (tcb->reasm.last)
			node = xtcp_sack_renege(tcb);
		if (!node)
			return false;
		node->next = NULL;
		xtcp_rcvbuf_dead(sk, node);
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_DropOfoPruned);
	}
	return true;
}

/* Appends octets that are in order; takes the skb */
static void append(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	struct xtcp_cb *cb = xtcp_cb(skb);
	bool stolen;
	int delta;

	/* one large skb costs less than many small ones */
	if (tail && xtcp_cb(tail)->seq + tail->len == cb->seq &&
	    xtcp_cb(tail)->node.end == cb->seq && cb->node.seq == cb->seq &&
	    skb_try_coalesce(tail, skb, &stolen, &delta)) {
		xtcp_cb(tail)->node.end = cb->node.end;
		atomic_add(delta, &sk->sk_rmem_alloc);
		sk_mem_charge(sk, delta);
		kfree_skb_partial(skb, stolen);
		return;
	}
	if (skb->sk != sk)
		skb_set_owner_r(skb, sk);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
}

/* From here on skb->data is the payload's first octet, numbered seq */
static void strip_header(struct sk_buff *skb, const struct xtcp_seg *seg)
{
	skb_dst_drop(skb);
	__skb_pull(skb, seg->hlen);
	xtcp_cb(skb)->seq = seg->seq;
}

/**
 * xtcp_rcvbuf_keep - a segment was put into reassembly
 * @sk: the socket, locked
 * @skb: the segment, from its header on; it is the buffer's now
 * @seg: its header
 */
void xtcp_rcvbuf_keep(struct sock *sk, struct sk_buff *skb,
		      const struct xtcp_seg *seg)
{
	strip_header(skb, seg);
	skb_set_owner_r(skb, sk);
	/* who has no user yet gets no more for it than the first buffer */
	if (xtcp_sk(sk)->tcb.sack.ok && sk->sk_socket)
		xtcp_rcvbuf_tune(sk);
}

/**
 * xtcp_rcvbuf_deliver - a segment's payload is in order
 * @sk: the socket, locked
 * @skb: the segment from its header on; it is the buffer's now
 * @seg: its header
 * @skip: octets of its payload that were known
 * @len: octets behind those that are wanted
 *
 * Nothing is cut off: the reader passes over what is not wanted.
 */
void xtcp_rcvbuf_deliver(struct sock *sk, struct sk_buff *skb,
			 const struct xtcp_seg *seg, u32 skip, u32 len)
{
	struct xtcp_cb *cb = xtcp_cb(skb);

	strip_header(skb, seg);
	cb->node.seq = seg->seq + skip;
	cb->node.end = cb->node.seq + len;
	append(sk, skb);
}

/**
 * xtcp_rcvbuf_ready - kept segments have come in order
 * @sk: the socket, locked
 * @ready: their nodes, oldest first
 */
void xtcp_rcvbuf_ready(struct sock *sk, struct xtcp_rnode *ready)
{
	while (ready) {
		struct xtcp_rnode *next = ready->next;

		append(sk, xtcp_node_skb(ready));
		ready = next;
	}
}

/**
 * xtcp_rcvbuf_dead - kept segments are of no use
 * @sk: the socket, locked
 * @dead: their nodes
 */
void xtcp_rcvbuf_dead(struct sock *sk, struct xtcp_rnode *dead)
{
	while (dead) {
		struct xtcp_rnode *next = dead->next;

		__kfree_skb(xtcp_node_skb(dead));
		dead = next;
	}
}

/**
 * xtcp_rcvbuf_purge - forget everything
 * @sk: the socket, locked
 */
void xtcp_rcvbuf_purge(struct sock *sk)
{
	struct xtcp_reasm *reasm = &xtcp_sk(sk)->tcb.reasm;
	struct xtcp_rnode *node;

	while ((node = xtcp_reasm_drop_last(reasm)))
		__kfree_skb(xtcp_node_skb(node));
	__skb_queue_purge(&sk->sk_receive_queue);
}

/**
 * xtcp_rcvbuf_avail - octets that the user can read
 * @sk: the socket; without its lock the answer may be out of date
 */
u32 xtcp_rcvbuf_avail(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 n = READ_ONCE(xs->tcb.rcv_nxt) - READ_ONCE(xs->copied_seq);

	/* nothing before the handshake, and copied_seq is not set yet */
	if (READ_ONCE(sk->sk_state) == TCP_SYN_RECV && !xs->tcb.passive)
		return 0;
	/* the peer's FIN has a number and is no octet */
	return n && sock_flag(sk, SOCK_DONE) ? n - 1 : n;
}
