// SPDX-License-Identifier: GPL-2.0
/* The reactions to marks, on both sides (RFC 3168 6.1.2, 6.1.3; RFC 8257 3.2). */
#include "ecn.h"
#include "act.h"
#include "output.h"
#include "seq.h"
#include "undo.h"

/*
 * RFC 8257 3.2: at each change what came before is acknowledged with what was true of
 * it, and what has come now at once, too: the sender learns of a mark by that alone.
 */
static void turn(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, bool marked,
		 u64 now, struct xtcp_act *act)
{
	if (tcb->rcv_nxt != tcb->rcv_acked) {
		xtcp_output_ack(tcb, now, act);
		/* it is the first now of those that the next ACK is for */
		if (tcb->ts.ok && seg->opts & XTCP_HAS_TS &&
		    seq_le(seg->seq, tcb->rcv_acked))
			xtcp_ts_set(&tcb->ts, seg, now);
	}
	tcb->ecn_echo = marked;
	tcb->ack_due = XTCP_ACK_NOW;
	act->events |= XTCP_EV_CE;
}

/**
 * xtcp_ecn_data - a segment with data that is wanted came in
 * @tcb: the connection, with RCV.NXT as it was before
 * @seg: the segment
 * @now: usec
 * @act: what to do
 *
 * A mark is echoed in every ACK until the sender says that it has slowed. Both are
 * answered at once: the sender may wait for little else. Or, where the algorithm asks
 * for it, just in the ACKs for what was marked, whatever the sender says.
 */
void xtcp_ecn_data(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		   struct xtcp_act *act)
{
	bool was = tcb->ecn_echo, marked = seg->ecn == XTCP_ECN_CE;

	if (!tcb->ecn_ok)
		return;
	if (seg->ecn != XTCP_ECN_NONE)
		tcb->ecn_seen = true;
	if (tcb->ecn_exact) {
		if (marked != was)
			turn(tcb, seg, marked, now, act);
		return;
	}
	if (seg->flags & XTCP_CWR)
		tcb->ecn_echo = false;
	if (marked)
		tcb->ecn_echo = true;
	if (was != tcb->ecn_echo || seg->flags & XTCP_CWR)
		tcb->ack_due = XTCP_ACK_NOW;
}

/*
 * One reaction a window of data, be it to marks or to losses. With a window of one
 * segment there is nothing to reduce: the next waits for the timer (6.1.2), which
 * begins anew as with any ACK of new data, and with no other, or a peer could stop it
 * for good. Not so where marks are the rule (RFC 8257): one a round trip goes on.
 */
static void echoed(struct xtcp_tcb *tcb, u32 ack, struct xtcp_act *act)
{
	if (tcb->recovery || seq_le(ack, tcb->ecn_end))
		return;
	act->events |= XTCP_EV_ECN;
	tcb->ecn_hold = tcb->cong.cwnd <= tcb->cong.mss && !tcb->ecn_exact;
	xtcp_cong_ecn(&tcb->cong, xtcp_tcb_flight(tcb));
	xtcp_ecn_reduced(tcb);
	xtcp_undo_never(tcb);	/* a loss before it may have been none, this is real */
	tcb->ecn_slow = true;
}

/**
 * xtcp_ecn_ack - an ACK may tell of marks
 * @tcb: the connection; SND.UNA is still what it was
 * @seg: the ACK
 * @act: notes a reduction
 */
void xtcp_ecn_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		  struct xtcp_act *act)
{
	struct xtcp_cong_marks m = {
		.acked = seg->ack - tcb->snd_una, .una = seg->ack,
		.nxt = tcb->snd_nxt, .marked = seg->flags & XTCP_ECE,
	};

	if (seq_lt(seg->ack, tcb->snd_una))
		return;
	/* a SYN tells nothing of the network's queues */
	if (tcb->ecn_exact && m.acked && tcb->snd_una != tcb->iss)
		xtcp_cong_marked(&tcb->cong, &m);
	if (!xtcp_ecn_echo(tcb, seg))
		return;
	tcb->delivered_ce += (m.acked + tcb->mss - 1) / tcb->mss;
	echoed(tcb, seg->ack, act);
}
