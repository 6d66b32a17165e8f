// SPDX-License-Identifier: GPL-2.0
/*
 * A segment was taken for lost and sent again, and then the first one arrives
 * after all: it was delayed or overtaken. With timestamps the first ACK of it
 * tells, as it echoes the time before the second was sent (the Eifel detection
 * algorithm, RFC 3522). What was done about the loss is taken back (the Eifel
 * response, RFC 4015): nothing more is sent again, and the congestion window
 * is what it was, but for a burst.
 *
 * Without timestamps nothing here happens.
 */
#include "undo.h"
#include "seq.h"

/**
 * xtcp_undo_arm - something is taken for lost, and no reduction made so far
 * @tcb: the connection
 */
void xtcp_undo_arm(struct xtcp_tcb *tcb)
{
	if (!tcb->ts.ok)
		return;
	/* RFC 4015 section 3.2, pipe_prev */
	tcb->undo_pipe = max_t(u32, xtcp_tcb_flight(tcb), tcb->cong.ssthresh);
	tcb->undo = true;
	tcb->undo_timed = false;
}

/**
 * xtcp_undo_sent - something was sent again
 * @tcb: the connection
 * @seg: the segment; the first since xtcp_undo_arm() counts
 */
void xtcp_undo_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	if (!tcb->undo || tcb->undo_timed)
		return;
	tcb->undo_ts = seg->ts_val;
	tcb->undo_timed = true;
}

/**
 * xtcp_undo_ack - new data is acknowledged, and a loss is still in doubt
 * @tcb: the connection, with the new snd_una
 * @seg: the ACK
 * @acked: octets that it covers
 * @act: counts it
 *
 * The first such ACK decides.
 */
void xtcp_undo_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   struct xtcp_act *act)
{
	u32 burst = tcb->cong.mss * tcb->params->initial_segments;

	tcb->undo = false;
	if (!(seg->opts & XTCP_HAS_TS) || !seg->ts_ecr ||
	    (tcb->undo_timed && (s32)(seg->ts_ecr - tcb->undo_ts) >= 0))
		return;
	act->events |= XTCP_EV_UNDO;
	tcb->recovery = false;
	tcb->dup_acks = 0;
	tcb->rtx_nxt = tcb->snd_una;
	tcb->rtx_end = tcb->snd_una;
	tcb->rtx_force = false;
	if (tcb->rec.n)
		xtcp_rec_mark(&tcb->rec, tcb->snd_una, tcb->snd_nxt,
			      tcb->snd_nxt, 0, XTCP_REC_LOST, NULL);
	xtcp_cong_undo(&tcb->cong);
	tcb->cong.ssthresh = tcb->undo_pipe;
	tcb->cong.cwnd = max_t(u32, tcb->cong.mss, tcb->snd_nxt - tcb->snd_una +
			       min_t(u32, acked, burst));
}
