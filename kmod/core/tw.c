// SPDX-License-Identifier: GPL-2.0
/*
 * TIME-WAIT (RFC 9293 3.10.7.4 and 3.6.1, RFC 1337). The shell keeps the record
 * and its timer of XTCP_TW_TIME.
 */
#include "tw.h"
#include "input.h"
#include "reply.h"
#include "seq.h"

/**
 * xtcp_tw_init - keep what TIME-WAIT needs
 * @tw: gets it
 * @tcb: the connection, in TIME-WAIT
 */
void xtcp_tw_init(struct xtcp_tw *tw, const struct xtcp_tcb *tcb)
{
	u32 wnd = seq_gt(tcb->rcv_adv, tcb->rcv_nxt) ?
		  tcb->rcv_adv - tcb->rcv_nxt : 0;

	tw->snd_nxt = tcb->snd_nxt;
	tw->rcv_nxt = tcb->rcv_nxt;
	tw->rcv_wnd = wnd >> tcb->rcv_wscale;
	tw->last_ack = 0;
	tw->ts = tcb->ts;
}

static void reply_ack(const struct xtcp_tw *tw, u64 now, struct xtcp_act *act)
{
	xtcp_reply_bare(&act->reply, tw->snd_nxt, tw->rcv_nxt, XTCP_ACK);
	act->reply.wnd = tw->rcv_wnd;
	if (tw->ts.ok)
		xtcp_ts_stamp(&tw->ts, now, &act->reply);
	act->flags |= XTCP_ACT_REPLY;
}

/* May this SYN begin a new incarnation? RFC 6191 section 2 */
static bool is_newer(const struct xtcp_tw *tw, const struct xtcp_seg *syn)
{
	bool higher = seq_gt(syn->seq, tw->rcv_nxt);

	if (!(syn->opts & XTCP_HAS_TS))
		return higher;
	if (!tw->ts.ok)
		return true;
	if (syn->ts_val == tw->ts.recent)
		return higher;
	return (s32)(syn->ts_val - tw->ts.recent) > 0;
}

/**
 * xtcp_tw_rx - a segment arrived for a connection in TIME-WAIT
 * @tw: the record
 * @seg: the segment
 * @now: usec
 * @act: may get an ACK to send
 *
 * Return: what becomes of the record
 */
enum xtcp_tw_verdict xtcp_tw_rx(struct xtcp_tw *tw, const struct xtcp_seg *seg,
				u64 now, struct xtcp_act *act)
{
	bool whole_old = seq_le(xtcp_seg_end(seg), tw->rcv_nxt);

	act->drop = XTCP_DROP_TIME_WAIT;
	if (seg->flags & XTCP_RST)	/* RFC 1337: assassination refused */
		return XTCP_TW_DROP;
	if ((seg->flags & (XTCP_SYN | XTCP_ACK)) == XTCP_SYN &&
	    is_newer(tw, seg)) {
		act->drop = XTCP_DROP_NONE;
		return XTCP_TW_SYN;
	}
	if (!xtcp_seg_span(seg) && seg->seq == tw->rcv_nxt)
		return XTCP_TW_DROP;	/* the ACK of our own ACK's echo */
	/* the peer's FIN again: our last ACK was lost */
	if ((seg->flags & XTCP_FIN) && whole_old &&
	    !xtcp_ts_older(&tw->ts, seg)) {
		if (tw->ts.ok && seg->opts & XTCP_HAS_TS)
			xtcp_ts_set(&tw->ts, seg, now);
		reply_ack(tw, now, act);
		return XTCP_TW_RESTART;
	}
	/* anything else is outside a window that is closed for good */
	if (!xtcp_seg_span(seg) && tw->last_ack &&
	    now - tw->last_ack < XTCP_INPUT_CHALLENGE_GAP)
		return XTCP_TW_DROP;
	tw->last_ack = now;
	reply_ack(tw, now, act);
	act->events |= XTCP_EV_CHALLENGE;
	return XTCP_TW_DROP;
}

/**
 * xtcp_tw_refuse - nobody wants the SYN that may begin a new incarnation
 * @tw: the record, which stays: it is answered like any other segment
 * @now: usec
 * @act: gets the ACK
 */
void xtcp_tw_refuse(const struct xtcp_tw *tw, u64 now, struct xtcp_act *act)
{
	act->drop = XTCP_DROP_TIME_WAIT;
	reply_ack(tw, now, act);
}

/**
 * xtcp_tw_next_iss - an ISS for the next incarnation
 * @tw: the last one's record
 *
 * It lies behind all that the last incarnation can have sent.
 */
u32 xtcp_tw_next_iss(const struct xtcp_tw *tw)
{
	return tw->snd_nxt + 65535 + 2;
}
