// SPDX-License-Identifier: GPL-2.0
/*
 * A segment was taken for lost and sent again, and then the first one arrives
 * after all: it was delayed or overtaken. With timestamps the first ACK of it
 * tells, as it echoes the time before the second was sent (the Eifel detection
 * algorithm, RFC 3522). What was done about the loss is taken back (the Eifel
 * response, RFC 4015): nothing more is sent again, and the congestion window
 * is what it was, but for a burst. Without timestamps frto.c tells it of
 * timeouts. With SACK the peer tells it, too, when a D-SACK came for each octet
 * that was sent again (RFC 2883); that is later, and all there may be.
 */
#include "undo.h"
#include "frto.h"
#include "seq.h"

/*
 * What had been sent again before: its D-SACKs are still to come, and tell nothing of
 * what is sent again now. A tail probe's may, though its first copy has arrived
 */
static u32 on_their_way(struct xtcp_tcb *tcb)
{
	u32 sum = xtcp_rec_again(&tcb->rec, tcb->snd_nxt);

	if (tcb->rack.tlp_out && tcb->rack.tlp_again && tcb->rec.n &&
	    xtcp_rec_at(&tcb->rec, tcb->rec.n - 1)->flags & XTCP_REC_SACKED)
		sum += tcb->mss;
	return sum;
}

/**
 * xtcp_undo_arm - something is taken for lost, and no reduction made so far
 * @tcb: the connection
 */
void xtcp_undo_arm(struct xtcp_tcb *tcb)
{
	u32 out = tcb->snd_nxt - tcb->snd_una;

	/* RFC 4015 section 3.2, pipe_prev; what is taken for lost is part of it */
	tcb->undo_pipe = max_t(u32, min_t(u32, out, tcb->cong.cwnd),
			       tcb->cong.ssthresh);
	tcb->undo = tcb->ts.ok;
	/* the echo of what had been sent again before would seem to be of the first */
	if (tcb->rec.n && xtcp_rec_at(&tcb->rec, 0)->flags & XTCP_REC_RTX)
		tcb->undo = false;
	tcb->undo_timed = false;
	tcb->undo_una = tcb->snd_una;
	tcb->undo_left = on_their_way(tcb);
	tcb->undo_dsack = tcb->sack.ok;
}

/**
 * xtcp_undo_never - a loss came on top of a loss, which is beyond doubt
 * @tcb: the connection
 */
void xtcp_undo_never(struct xtcp_tcb *tcb)
{
	tcb->undo = false;
	tcb->undo_dsack = false;
}

/**
 * xtcp_undo_sent - something was sent again
 * @tcb: the connection
 * @seg: the segment; the first since xtcp_undo_arm() counts
 */
void xtcp_undo_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	if (tcb->undo_dsack)
		tcb->undo_left += xtcp_seg_span(seg);
	if (!tcb->undo || tcb->undo_timed)
		return;
	tcb->undo_ts = seg->ts_val;
	tcb->undo_timed = true;
}

/* The window opens by @acked and no more than an initial window, to @floor at least */
static void take_back(struct xtcp_tcb *tcb, u32 acked, u32 floor,
		      struct xtcp_act *act)
{
	u32 burst = tcb->cong.mss * xtcp_tcb_initial(tcb);
	u32 more = min_t(u32, acked, burst), cwnd;

	act->events |= XTCP_EV_UNDO;
	xtcp_undo_never(tcb);
	tcb->frto = XTCP_FRTO_OFF;
	tcb->recovery = false;
	tcb->rack.beyond = false;
	tcb->dup_acks = 0;
	tcb->rtx_nxt = tcb->snd_una;
	tcb->rtx_end = tcb->snd_una;
	tcb->rtx_force = false;
	if (tcb->rec.n) {
		xtcp_rec_mark(&tcb->rec, tcb->snd_una, tcb->snd_nxt,
			      tcb->snd_nxt, 0, XTCP_REC_LOST, NULL);
		tcb->recover = tcb->snd_una;	/* the next may be one */
	}
	xtcp_cong_undo(&tcb->cong);
	tcb->cong.ssthresh = tcb->undo_pipe;
	/* what SACK blocks tell of is outstanding, but no longer on its way */
	cwnd = max_t(u32, tcb->cong.cwnd, xtcp_tcb_flight(tcb) + more);
	cwnd = min_t(u32, cwnd, tcb->snd_nxt - tcb->snd_una + more);
	tcb->cong.cwnd = max_t(u32, tcb->cong.mss, max_t(u32, cwnd, floor));
}

/**
 * xtcp_undo_ack - new data is acknowledged, and a loss is still in doubt
 * @tcb: the connection, with the new snd_una
 * @seg: the ACK
 * @acked: octets that it covers
 * @now: usec
 * @act: counts it
 *
 * The first such ACK decides.
 */
void xtcp_undo_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   u64 now, struct xtcp_act *act)
{
	tcb->undo = false;
	if (!(seg->opts & XTCP_HAS_TS) || !seg->ts_ecr ||
	    (tcb->undo_timed && (s32)(seg->ts_ecr - tcb->undo_ts) >= 0))
		return;
	if (tcb->recovery && tcb->rack.on)
		xtcp_rack_late(tcb, xtcp_ts_rtt(&tcb->ts, seg, 0, now));
	take_back(tcb, acked, 0, act);
}

/**
 * xtcp_undo_frto - frto.c has found a timeout to be spurious
 * @tcb: the connection
 * @acked: octets that the ACK covers
 * @act: counts it
 */
void xtcp_undo_frto(struct xtcp_tcb *tcb, u32 acked, struct xtcp_act *act)
{
	take_back(tcb, acked, 0, act);
}

/**
 * xtcp_undo_dsack - the peer reports that octets arrived twice
 * @tcb: the connection
 * @start: the first of them, as it says
 * @end: behind the last
 * @act: counts it
 *
 * Once all that was sent again has arrived twice, nothing was lost.
 */
void xtcp_undo_dsack(struct xtcp_tcb *tcb, u32 start, u32 end,
		     struct xtcp_act *act)
{
	u32 n = end - start;

	if (!tcb->undo_dsack || !tcb->undo_left || seq_ge(start, end) ||
	    seq_lt(start, tcb->undo_una) || seq_gt(end, tcb->snd_nxt))
		return;
	tcb->undo_left -= min_t(u32, n, tcb->undo_left);
	if (!tcb->undo_left)
		take_back(tcb, U32_MAX, tcb->cong.cwnd, act);
}
