// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES for a connection (RFC 9293 3.10.7.1 and 3.10.7.4): the checks
 * that let a segment in, in the RFC's order. ack.c and data.c do what follows;
 * synsent.c has the state that goes its own way. LISTEN is in req.c, TIME-WAIT
 * in tw.c.
 */
#include "input.h"
#include "quick.h"
#include "reply.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"
#include "user.h"
#include "window.h"

/**
 * xtcp_input_challenge - answer a segment that does not fit with an ACK
 * @tcb: the connection
 * @now: usec
 * @act: counts it
 *
 * At most one in XTCP_INPUT_CHALLENGE_GAP, so that two ends that disagree do
 * not answer each other for ever (RFC 5961 section 7).
 */
void xtcp_input_challenge(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	if (tcb->last_challenge &&
	    now - tcb->last_challenge < XTCP_INPUT_CHALLENGE_GAP)
		return;
	tcb->last_challenge = now;
	tcb->ack_due = XTCP_ACK_NOW;
	act->events |= XTCP_EV_CHALLENGE;
}

/*
 * First: is any of the segment in the window? Beyond the RFC's table two kinds
 * without payload are let in for the sake of their ACK field: one whose number
 * is the window's right edge (the peer has filled the window, and cannot know
 * what of it was lost), and one that was overtaken by data.
 */
static bool acceptable(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	u32 edge = tcb->rcv_nxt + xtcp_window_now(tcb);
	u32 end = xtcp_seg_end(seg);

	if (end == seg->seq)
		return seq_within(seg->seq, tcb->rcv_acked, edge);
	if (edge == tcb->rcv_nxt)	/* zero window: ACK, RST may pass */
		return seg->seq == tcb->rcv_nxt;
	return seq_lt(seg->seq, edge) && seq_gt(end, tcb->rcv_nxt);
}

static void reject(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		   struct xtcp_act *act)
{
	act->drop = XTCP_DROP_SEQ;
	if (seg->flags & XTCP_RST)
		return;
	if (seg->len || (seg->flags & XTCP_FIN)) {
		tcb->ack_due = XTCP_ACK_NOW;	/* our ACK may be lost */
		xtcp_quick_again(tcb);
		xtcp_sack_twice(tcb, seg->seq,
				seq_min(xtcp_seg_end(seg), tcb->rcv_nxt));
	} else {
		xtcp_input_challenge(tcb, now, act);
	}
}

/* Second: RST. Only one exactly at RCV.NXT counts (RFC 5961 section 3.2). */
static void rx_rst(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		   struct xtcp_act *act)
{
	if (seg->seq != tcb->rcv_nxt) {
		act->drop = XTCP_DROP_RST_SEQ;
		xtcp_input_challenge(tcb, now, act);
		return;
	}
	act->drop = XTCP_DROP_RST;
	switch (tcb->state) {
	case XTCP_CLOSE_WAIT:
		xtcp_user_end(tcb, EPIPE, act);
		break;
	default:
		xtcp_user_end(tcb, ECONNRESET, act);
		break;
	}
}

/*
 * Our SYN was answered by a SYN: simultaneous open. The peer's SYN comes again
 * in its SYN-ACK, left of the window, and is passed over here; also if our user
 * has closed meanwhile. Or a SYN with Fast Open, which has made this connection,
 * comes again: what data it has is known.
 *
 * Return: false if there is no more to the segment
 */
static bool skip_known_syn(struct xtcp_tcb *tcb, struct xtcp_seg *seg, u64 now,
			   struct xtcp_act *act)
{
	if (likely(tcb->snd_una != tcb->iss) || !(seg->flags & XTCP_SYN) ||
	    seg->flags & XTCP_RST || seg->seq != tcb->irs)
		return true;
	xtcp_seg_strip_syn(seg);
	seg->wnd >>= tcb->snd_wscale;	/* a SYN's window is never scaled */
	if (seg->flags & XTCP_ACK) {
		tcb->ack_due = XTCP_ACK_NOW;
		return true;
	}
	/* the peer has not had our SYN-ACK, and only that helps it on */
	if (tcb->rtx_nxt == tcb->rtx_end)
		tcb->rtx_end = tcb->snd_una + 1;
	tcb->rtx_nxt = tcb->snd_una;
	tcb->rtx_force = true;
	if (tcb->ts.ok && seg->opts & XTCP_HAS_TS)
		xtcp_ts_set(&tcb->ts, seg, now);
	act->drop = XTCP_DROP_NO_ACK;
	return false;
}

/* Fifth, in SYN-RECEIVED: the ACK of our SYN completes the handshake. */
static bool rx_first_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			 struct xtcp_act *act)
{
	if (seq_le(seg->ack, tcb->snd_una) || seq_gt(seg->ack, tcb->snd_nxt)) {
		act->drop = XTCP_DROP_BAD_ACK;
		if (xtcp_reply_rst(&act->reply, seg)) {
			act->flags |= XTCP_ACT_REPLY;
			act->events |= XTCP_EV_RST_OUT;
		}
		return false;
	}
	tcb->snd_wnd = (u32)seg->wnd << tcb->snd_wscale;
	tcb->snd_wnd_max = max_t(u32, tcb->snd_wnd_max, tcb->snd_wnd);
	tcb->snd_wnd_est = tcb->snd_wnd_max;
	tcb->snd_wl1 = seg->seq;
	tcb->snd_wl2 = seg->ack;
	xtcp_state_set(tcb, act, XTCP_ESTABLISHED);
	act->flags |= XTCP_ACT_CONNECTED;
	return true;
}

/* What an ACK of our FIN means in each state */
static void rx_fin_acked(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	switch (tcb->state) {
	case XTCP_FIN_WAIT_1:
		xtcp_state_set(tcb, act, XTCP_FIN_WAIT_2);
		if (tcb->orphan)
			xtcp_timer_finwait(tcb, now, act);
		break;
	case XTCP_CLOSING:
		xtcp_timer_stop(tcb);
		xtcp_state_set(tcb, act, XTCP_TIME_WAIT);
		act->flags |= XTCP_ACT_TIME_WAIT;
		break;
	case XTCP_LAST_ACK:
		xtcp_user_end(tcb, 0, act);
		break;
	default:
		break;
	}
}

/**
 * xtcp_input_synced - the steps from the fifth on
 * @tcb: the connection
 * @seg: the segment, which the first four let pass
 * @node: see xtcp_input_rx()
 * @now: usec
 * @act: what to do
 */
void xtcp_input_synced(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		       struct xtcp_rnode *node, u64 now, struct xtcp_act *act)
{
	/* fifth: ACK */
	if (!(seg->flags & XTCP_ACK)) {
		act->drop = XTCP_DROP_NO_ACK;
		return;
	}
	if (tcb->state == XTCP_SYN_RECEIVED && !rx_first_ack(tcb, seg, act))
		return;
	if (!xtcp_ack_rx(tcb, seg, now, act))
		return;
	tcb->heard = now;
	tcb->keep_probes = 0;
	/* RFC 7323 4.3, for which a segment in the past must not count either */
	if (tcb->ts.ok && seg->opts & XTCP_HAS_TS) {
		tcb->ts.echo = seg->ts_ecr;
		if (seq_le(seg->seq, tcb->rcv_acked))
			xtcp_ts_set(&tcb->ts, seg, now);
	}
	if (unlikely(tcb->fin_queued) && tcb->snd_una == tcb->snd_end + 1) {
		rx_fin_acked(tcb, now, act);
		if (tcb->state == XTCP_CLOSED) {
			/* LAST-ACK: payload behind the peer's own FIN */
			if (seg->len)
				act->drop = XTCP_DROP_AFTER_FIN;
			return;
		}
	}
	/* sixth: URG */
	if (unlikely(xtcp_urgent_concerns(tcb, seg)))
		xtcp_urgent_rx(tcb, seg, act);
	/* seventh and eighth: payload and FIN */
	if (seg->len || (seg->flags & XTCP_FIN))
		xtcp_data_rx(tcb, seg, node, now, act);
}

/**
 * xtcp_input_rx - a segment arrived for a connection
 * @tcb: the connection, with the present rcv_space
 * @seg: the segment; it is worked on and of no use afterwards
 * @node: a node to keep the segment by if it is out of order, with prio set;
 *	NULL if there is no memory to keep it
 * @now: usec
 * @act: what to do, after xtcp_act_init()
 */
void xtcp_input_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		   struct xtcp_rnode *node, u64 now, struct xtcp_act *act)
{
	switch (tcb->state) {
	case XTCP_CLOSED:
	case XTCP_LISTEN:
	case XTCP_TIME_WAIT:
		act->drop = XTCP_DROP_CLOSED;
		if (xtcp_reply_rst(&act->reply, seg)) {
			act->flags |= XTCP_ACT_REPLY;
			act->events |= XTCP_EV_RST_OUT;
		}
		return;
	case XTCP_SYN_SENT:
		xtcp_synsent_rx(tcb, seg, node, now, act);
		return;
	default:
		break;
	}

	/* what nearly every segment is passes the first four steps at once */
	if (likely(seg->seq == tcb->rcv_nxt &&
		   !(seg->flags & (XTCP_SYN | XTCP_RST)) &&
		   !xtcp_ts_older(&tcb->ts, seg))) {
		xtcp_input_synced(tcb, seg, node, now, act);
		return;
	}

	/* before all else: PAWS (RFC 7323 5.3) */
	if (xtcp_ts_outdated(&tcb->ts, seg, now) && !(seg->flags & XTCP_RST)) {
		reject(tcb, seg, now, act);
		act->drop = XTCP_DROP_PAWS;
		return;
	}

	if (!skip_known_syn(tcb, seg, now, act))
		return;
	/* first: sequence number */
	if (!acceptable(tcb, seg)) {
		reject(tcb, seg, now, act);
		return;
	}
	/* second: RST */
	if (seg->flags & XTCP_RST) {
		rx_rst(tcb, seg, now, act);
		return;
	}
	/* fourth: SYN (RFC 5961 section 4.2) */
	if (seg->flags & XTCP_SYN) {
		act->drop = XTCP_DROP_SYN;
		xtcp_input_challenge(tcb, now, act);
		return;
	}
	xtcp_input_synced(tcb, seg, node, now, act);
}
