// SPDX-License-Identifier: GPL-2.0
/* The reactions to marks, on both sides (RFC 3168 6.1.2, 6.1.3). */
#include "ecn.h"
#include "act.h"
#include "seq.h"

/**
 * xtcp_ecn_data - a segment with data that was wanted came in
 * @tcb: the connection
 * @seg: the segment
 *
 * A mark is echoed in every ACK until the sender says that it has slowed. Both are
 * answered at once: the sender may wait for little else.
 */
void xtcp_ecn_data(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	bool was = tcb->ecn_echo;

	if (!tcb->ecn_ok)
		return;
	if (seg->flags & XTCP_CWR)
		tcb->ecn_echo = false;
	if (seg->ecn == XTCP_ECN_CE)
		tcb->ecn_echo = true;
	if (was != tcb->ecn_echo || seg->flags & XTCP_CWR)
		tcb->ack_due = XTCP_ACK_NOW;
}

/**
 * xtcp_ecn_echoed - an ACK echoes a mark
 * @tcb: the connection, with ECN; SND.UNA is still what it was
 * @ack: the ACK's number
 * @act: notes the reduction
 *
 * One reaction a window of data, be it to marks or to losses. With a window of one
 * segment there is nothing to reduce: the next waits for the timer (6.1.2), which
 * begins anew as with any ACK of new data, and with no other, or a peer could stop it
 * for good.
 */
void xtcp_ecn_echoed(struct xtcp_tcb *tcb, u32 ack, struct xtcp_act *act)
{
	if (tcb->recovery || seq_le(ack, tcb->ecn_end))
		return;
	act->events |= XTCP_EV_ECN;
	tcb->ecn_hold = tcb->cong.cwnd <= tcb->cong.mss;
	xtcp_cong_ecn(&tcb->cong, xtcp_tcb_flight(tcb));
	xtcp_ecn_reduced(tcb);
}
