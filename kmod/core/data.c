// SPDX-License-Identifier: GPL-2.0
/*
 * Payload and FIN (RFC 9293 3.10.7.4, seventh and eighth step): trimming to the
 * window, order, and when to acknowledge (RFC 1122 4.2.3.2, RFC 5681 4.2).
 */
#include "input.h"
#include "ecn.h"
#include "quick.h"
#include "reply.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"
#include "user.h"
#include "window.h"

/* Eighth: the peer has sent all it will */
static void rx_fin(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_rnode *n;

	tcb->rcv_nxt++;
	tcb->ack_due = XTCP_ACK_NOW;
	act->flags |= XTCP_ACT_FIN;
	/* nothing is left to wait for: these are all old, or nonsense */
	while ((n = xtcp_reasm_drop_last(&tcb->reasm))) {
		n->next = act->dead;
		act->dead = n;
	}
	tcb->sack.n = 0;
	switch (tcb->state) {
	case XTCP_ESTABLISHED:
		tcb->interactive = true;	/* nothing more to ACK */
		xtcp_state_set(tcb, act, XTCP_CLOSE_WAIT);
		break;
	case XTCP_FIN_WAIT_1:
		/* an ACK of our FIN in the same segment came first */
		xtcp_state_set(tcb, act, XTCP_CLOSING);
		break;
	case XTCP_FIN_WAIT_2:
		xtcp_timer_stop(tcb);
		xtcp_state_set(tcb, act, XTCP_TIME_WAIT);
		act->flags |= XTCP_ACT_TIME_WAIT;
		break;
	default:
		break;
	}
}

/*
 * An ACK is owed for data in order: soon for every second segment, for each in a
 * quick phase and the last of what was written at once, for fewer while the reader lags
 */
static void owe_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now)
{
	xtcp_quick_received(tcb, now);
	if (xtcp_quick_enough(tcb) || xtcp_quick_pushed(tcb, seg) ||
	    unlikely(xtcp_quick_due(tcb))) {
		if (tcb->ack_due != XTCP_ACK_NOW)
			tcb->ack_due = XTCP_ACK_SOON;
	} else if (tcb->ack_due == XTCP_ACK_NONE) {
		tcb->ack_due = XTCP_ACK_DELAYED;
		xtcp_timer_ack_delayed(tcb, now);
	}
}

static void in_order(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		     bool fin, u64 now, struct xtcp_act *act)
{
	tcb->rcv_nxt += act->rx_len;
	if (act->rx_len)
		act->flags |= XTCP_ACT_DELIVER;
	if (seg->len > tcb->rcv_mss)
		tcb->rcv_mss = min_t(u32, seg->len, tcb->adv_mss);

	if (unlikely(!xtcp_reasm_empty(&tcb->reasm)) && !fin) {
		/* all or part of a gap is filled: RFC 5681 section 4.2 */
		act->ready = xtcp_reasm_pull(&tcb->reasm, &tcb->rcv_nxt, &fin,
					     &act->dead);
		xtcp_sack_advance(tcb);
		xtcp_urgent_ready(tcb, act);
		tcb->ack_due = XTCP_ACK_NOW;
	}
	if (unlikely(fin))
		rx_fin(tcb, act);
	else
		owe_ack(tcb, seg, now);
}

static void out_of_order(struct xtcp_tcb *tcb, u32 seq, u32 end, bool fin,
			 struct xtcp_rnode *node, struct xtcp_act *act)
{
	tcb->ack_due = XTCP_ACK_NOW;	/* the duplicate that the peer counts */
	if (!node) {
		act->drop = XTCP_DROP_NO_NODE;
		return;
	}
	node->seq = seq;
	node->end = end;
	node->fin = fin;
	if (xtcp_reasm_insert(&tcb->reasm, node, &act->dead)) {
		act->flags |= XTCP_ACT_QUEUED;
		act->events |= XTCP_EV_OOO;
		xtcp_sack_kept(tcb, seq, end + fin);
		return;
	}
	act->drop = XTCP_DROP_DUP_DATA;
	/* unless it claims to lie behind the peer's FIN */
	if (seq_le(end, tcb->reasm.last->end)) {
		xtcp_sack_kept(tcb, seq, end);
		xtcp_sack_twice(tcb, seq, end);
	}
}

/* Data that nobody will read resets the connection (RFC 1122 4.2.2.13) */
static bool refused(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		    struct xtcp_act *act)
{
	if (!tcb->rcv_closed || !seg->len ||
	    !xtcp_state_in(tcb->state, XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2)))
		return false;
	if (seq_le(seg->seq + seg->len, tcb->rcv_nxt))
		return false;		/* nothing new in it */
	xtcp_user_abort(tcb, act);
	act->err = ECONNRESET;	/* if there is a user still, who shut it down */
	act->drop = XTCP_DROP_AFTER_CLOSE;
	return true;
}

/**
 * xtcp_data_rx - process payload and FIN
 * @tcb: the connection
 * @seg: the segment, with at least one of them
 * @node: see xtcp_input_rx()
 * @now: usec
 * @act: what to do
 */
void xtcp_data_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		  struct xtcp_rnode *node, u64 now, struct xtcp_act *act)
{
	u32 edge = tcb->rcv_nxt + xtcp_window_now(tcb);
	u32 seq = seg->seq, end = seg->seq + seg->len;
	bool fin = seg->flags & XTCP_FIN;

	/* in SYN-RECEIVED it is what a Fast Open SYN had with it */
	if (!xtcp_state_in(tcb->state, XTCP_F(ESTABLISHED) |
			   XTCP_F(SYN_RECEIVED) | XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2))) {
		act->drop = XTCP_DROP_AFTER_FIN;
		tcb->ack_due = XTCP_ACK_NOW;
		return;
	}
	if (refused(tcb, seg, act))
		return;

	act->rx_skip = 0;
	if (seq_lt(seq, tcb->rcv_nxt)) {
		act->rx_skip = tcb->rcv_nxt - seq;
		xtcp_sack_twice(tcb, seq, seq_min(end, tcb->rcv_nxt));
		if (act->rx_skip > seg->len || (act->rx_skip == seg->len && !fin)) {
			act->drop = XTCP_DROP_DUP_DATA;
			tcb->ack_due = XTCP_ACK_NOW;
			xtcp_quick_again(tcb);
			return;
		}
		act->events |= XTCP_EV_OVERLAP_TRIM;
		seq = tcb->rcv_nxt;
	}
	if (seq_gt(end + fin, edge)) {
		if (seq_ge(seq, edge)) {
			act->drop = XTCP_DROP_WINDOW;
			tcb->ack_due = XTCP_ACK_NOW;
			return;
		}
		act->events |= XTCP_EV_WINDOW_TRIM;
		end = seq_min(end, edge);
		fin = false;
		tcb->ack_due = XTCP_ACK_NOW;
	}
	act->rx_len = end - seq;
	if (unlikely(seg->ecn != XTCP_ECN_NONE || seg->flags & XTCP_CWR ||
		     tcb->ecn_echo))
		xtcp_ecn_data(tcb, seg, now, act);
	if (seq == tcb->rcv_nxt)
		in_order(tcb, seg, fin, now, act);
	else
		out_of_order(tcb, seq, end, fin, node, act);
}
