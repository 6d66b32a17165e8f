// SPDX-License-Identifier: GPL-2.0
/*
 * Sends what the core says is due: builds the skbs, many segments in one where
 * the device can take them apart late, and hands them to the network layer.
 */
#include <net/ip.h>
#include <net/sock.h>

#include "bare.h"
#include "batch.h"
#include "below.h"
#include "core/below.h"
#include "core/output.h"
#include "core/pace.h"
#include "core/timer.h"
#include "core/wire.h"
#include "ip.h"
#include "ktimer.h"
#include "pacer.h"
#include "rcvbuf.h"
#include "records.h"
#include "tx.h"

/* What is sent again; and a probe's octet is none that was sent, as in Linux TCP's */
static void count_seldom(struct xtcp_sock *xs, const struct xtcp_seg *seg, u32 segs)
{
	struct xtcp_counts *n = &xs->counts;

	if (seg->kind == XTCP_TX_RTX) {
		n->bytes_retrans += seg->len;
		n->rtx_segs += segs;
		n->rtx_bare += !seg->len;
		xtcp_mib_count(xs->mib, XTCP_MIB_RetransSegs, segs);
	} else if (seg->kind == XTCP_TX_PROBE && seg->len) {
		n->data_segs_out--;
	}
}

/*
 * @departure: when a qdisc that keeps it is to let it go, nsec, or 0 for none
 *
 * Return: false for want of memory; then nothing was sent
 */
static bool transmit(struct sock *sk, struct xtcp_seg *seg, u64 departure)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	unsigned int headroom = XTCP_IP_HEADROOM + seg->hlen;
	u32 mss = likely(seg->kind != XTCP_TX_MTU) ? xs->tcb.mss : seg->len;
	struct xtcp_counts *count = &xs->counts;
	struct sk_buff *skb;
	u32 segs = 1;
	__be16 *ports;

	if (seg->len) {
		u32 len = seg->len;

		/* a SYN stands before its data */
		skb = xtcp_sndbuf_build(sk, seg->seq + !!(seg->flags & XTCP_SYN),
					&len, mss, headroom);
		if (len < seg->len) {
			seg->len = len;
			seg->flags &= ~(XTCP_FIN | XTCP_PSH);
		}
		if (!(seg->flags & (XTCP_PSH | XTCP_SYN)) &&
		    unlikely(xtcp_sndbuf_ends(sk, seg->seq, len)))
			seg->flags |= XTCP_PSH;
	} else {
		skb = alloc_skb(headroom, GFP_ATOMIC | __GFP_NOWARN);
		if (skb)
			skb_reserve(skb, headroom);
	}
	if (!skb) {
		xtcp_mib_count(xs->mib, XTCP_MIB_TxNoMemory, 1);
		return false;
	}
	if (seg->len > mss) {
		segs = DIV_ROUND_UP(seg->len, mss);
		skb_shinfo(skb)->gso_size = mss;
		skb_shinfo(skb)->gso_segs = segs;
		skb_shinfo(skb)->gso_type = SKB_GSO_SCTP;
	}
	count->segs_out += segs;
	xtcp_mib_count(xs->mib, XTCP_MIB_OutSegs, segs);
	if (seg->len) {
		count->data_segs_out += segs;
		xtcp_mib_count(xs->mib, XTCP_MIB_OutOctets, seg->len);
	}
	if (unlikely(seg->kind >= XTCP_TX_RTX))
		count_seldom(xs, seg, segs);
	if (unlikely(departure))
		xtcp_pacer_stamp(skb, departure);
	xtcp_below_own(sk, skb);
	skb_set_dst_pending_confirm(skb, READ_ONCE(sk->sk_dst_pending_confirm));
	ports = skb_push(skb, seg->hlen);
	skb_reset_transport_header(skb);
	ports[0] = inet_sk(sk)->inet_sport;
	ports[1] = inet_sk(sk)->inet_dport;
	xtcp_wire_build(seg, (u8 *)ports);
	/* a segment that the network layer drops is lost like any other */
	xtcp_ip_send(sk, skb, seg->ecn);
	if (unlikely(xtcp_below(sk)))
		xs->lingers = XTCP_LINGERS_SEEN;
	return true;
}

/*
 * The core's next proposal, with what is below the socket in mind, where that is ever
 * more than what is just being sent
 */
static bool propose(struct sock *sk, u64 now, struct xtcp_seg *seg)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 max = xtcp_sock_most(sk), most, below;
	bool due;

	if (likely(xs->lingers == XTCP_LINGERS_NEVER) || !xtcp_output_data(&xs->tcb))
		return xtcp_output_next(&xs->tcb, now, max, seg);
	do {
		below = xtcp_below(sk);
		most = xtcp_below_look(sk, below, max);
		due = xtcp_output_next(&xs->tcb, now, most, seg);
	} while (!due && xs->tcb.below == XTCP_BELOW_WAITED &&
		 !xtcp_below_wait(sk, below));
	xs->tcb.below = XTCP_BELOW_ROOM;
	return due;
}

static void send_due(struct sock *sk, u64 now, bool batch)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_seg seg;
	u64 departure;

	if (xtcp_output_idle(&xs->tcb)) {
		if (xs->tcb.ack_due != XTCP_ACK_SOON)
			return;
		if (batch) {
			xtcp_batch_add(sk);
			return;
		}
	}
	xtcp_rcvbuf_refresh(sk);
	if (unlikely(READ_ONCE(sk->sk_pacing_status) != SK_PACING_NONE))
		xtcp_pacer_look(sk);
	while (propose(sk, now, &seg)) {
		if (batch && seg.kind == XTCP_TX_ACK &&
		    xs->tcb.ack_due == XTCP_ACK_SOON) {
			xtcp_batch_add(sk);
			break;
		}
		departure = unlikely(xs->tcb.pace.ahead) ?
			    xtcp_pace_departure(&xs->tcb, &seg, now) : 0;
		if (!transmit(sk, &seg, departure)) {
			xtcp_output_failed(&xs->tcb, now);
			break;
		}
		if (unlikely(xtcp_rec_wants(&xs->tcb.rec,
					    seg.kind == XTCP_TX_RTX ?
					    XTCP_REC_FOR_RTX :
					    XTCP_REC_FOR_NEW)))
			xtcp_records_grow(sk);
		xtcp_output_commit(&xs->tcb, &seg, departure ?
				   div_u64(departure, NSEC_PER_USEC) : now);
		if (xtcp_output_idle(&xs->tcb))
			break;
	}
	if (unlikely(xs->lingers == XTCP_LINGERS_UNKNOWN) &&
	    xs->tcb.snd_nxt - xs->tcb.iss > 1)
		xs->lingers = XTCP_LINGERS_NEVER;
	if (unlikely(xs->tcb.deadline[XTCP_TIMER_PACE]) && !xtcp_pacer_arm(sk))
		xtcp_output_failed(&xs->tcb, now);
}

/**
 * xtcp_tx_push - send all that is due
 * @sk: the socket, locked
 * @now: usec
 */
void xtcp_tx_push(struct sock *sk, u64 now)
{
	send_due(sk, now, false);
}

/**
 * xtcp_tx_now - the same, and the timer for what follows from it
 * @sk: the socket, locked, on which nothing else is being done
 */
void xtcp_tx_now(struct sock *sk)
{
	u64 now = xtcp_now();

	xtcp_tx_push(sk, now);
	xtcp_ktimer_arm(sk, xtcp_timer_next(&xtcp_sk(sk)->tcb), now);
}

/**
 * xtcp_tx_batch - send all that is due, but for an ACK that can cover the
 * segments that are on their way through this processor, too
 * @sk: the socket, locked, with bottom halves off
 * @now: usec
 */
void xtcp_tx_batch(struct sock *sk, u64 now)
{
	send_due(sk, now, true);
}

/**
 * xtcp_tx_bare - send a segment that the core made itself
 * @sk: the socket, locked
 * @seg: a reset or the like, without payload
 */
void xtcp_tx_bare(struct sock *sk, struct xtcp_seg *seg)
{
	/* what may be marked is the connection's own ACK, and goes its way */
	if (seg->ecn) {
		(void)transmit(sk, seg, 0);
		return;
	}
	xtcp_output_stamp(&xtcp_sk(sk)->tcb, xtcp_now(), seg);
	xtcp_bare_send(sk, &xtcp_sk(sk)->ent.flow, sk->sk_txhash, seg);
}
