// SPDX-License-Identifier: GPL-2.0
/*
 * Was a timeout spurious? F-RTO (RFC 5682) finds out without timestamps: after
 * the first segment was sent again and acknowledged, it sends new data instead
 * of more old. If the next ACK is new, too, it must be for what was sent before
 * the timeout, and that was only late; if it is a duplicate, the loss was real.
 * With timestamps the first ACK tells (undo.c), and nothing here is done.
 */
#include "frto.h"
#include "seq.h"
#include "undo.h"

/**
 * xtcp_frto_timeout - the retransmission timer has expired
 * @tcb: the connection, with @recover of before
 *
 * RFC 5682 2.1 step 1: not if losses are being mended already.
 */
void xtcp_frto_timeout(struct xtcp_tcb *tcb)
{
	bool fresh = tcb->snd_una != tcb->iss &&
		     seq_ge(tcb->snd_una, tcb->recover);

	tcb->frto = fresh && !tcb->ts.ok && tcb->params->frto ? XTCP_FRTO_FIRST : XTCP_FRTO_OFF;
}

/**
 * xtcp_frto_ack - an ACK arrived, and a timeout is in doubt
 * @tcb: the connection, with the new snd_una
 * @acked: octets that it covers
 * @dup: it is a duplicate, or reports octets
 * @said: what it says of octets
 * @act: counts it
 */
void xtcp_frto_ack(struct xtcp_tcb *tcb, u32 acked, bool dup,
		   const struct xtcp_rec_said *said, struct xtcp_act *act)
{
	if (!acked && !dup)
		return;
	if (tcb->frto == XTCP_FRTO_FIRST) {	/* step 2 */
		tcb->frto = acked && seq_lt(tcb->snd_una, tcb->recover) ?
			    XTCP_FRTO_NEW : XTCP_FRTO_OFF;
		return;
	}
	tcb->frto = XTCP_FRTO_OFF;		/* step 3; 3.1 with SACK */
	if (acked || (said->any && seq_lt(said->first, tcb->recover)))
		xtcp_undo_frto(tcb, acked, act);
	else
		tcb->cong.cwnd = min_t(u32, tcb->cong.cwnd, 3 * tcb->mss);
}

/**
 * xtcp_frto_holds - is new data to be sent, and what is lost to wait?
 * @tcb: the connection, with XTCP_FRTO_NEW
 *
 * With nothing new to send, what is lost is sent (2.1 step 2b).
 */
bool xtcp_frto_holds(struct xtcp_tcb *tcb)
{
	u32 out = tcb->snd_nxt - tcb->snd_una;

	if (tcb->snd_nxt != tcb->recover)
		return true;
	if (!xtcp_tcb_fin_sent(tcb) &&
	    tcb->snd_end - tcb->snd_nxt >= tcb->mss &&
	    tcb->snd_wnd >= out + tcb->mss)
		return true;
	tcb->frto = XTCP_FRTO_OFF;
	return false;
}
