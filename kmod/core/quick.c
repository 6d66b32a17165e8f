// SPDX-License-Identifier: GPL-2.0
/* Quick-ACK phases: how long they are, and what begins one. */
#include "quick.h"
#include "window.h"

/**
 * xtcp_quick_begin - data came after a pause of more than an RTO, or for the first
 * time
 * @tcb: the connection
 *
 * As many ACKs as fill half of the window, if each is for one segment: the sender's
 * slow start needs no more.
 */
void xtcp_quick_begin(struct xtcp_tcb *tcb)
{
	u32 n = xtcp_window_now(tcb) / max_t(u32, 2 * tcb->rcv_mss, 1);

	n = min_t(u32, n ? n : 2, XTCP_QUICK_MAX);
	tcb->quick = max_t(u8, tcb->quick, n);
}

/**
 * xtcp_quick_again - the peer has sent again what had come: it has had no ACK
 * @tcb: the connection
 */
void xtcp_quick_again(struct xtcp_tcb *tcb)
{
	xtcp_quick_begin(tcb);
	tcb->interactive = false;
}

/**
 * xtcp_quick_set - the user says whether ACKs may wait for its answers
 * @tcb: the connection
 * @on: they may not
 * @drained: nothing is left to read, so what waits now need not wait longer
 *
 * What happens next may change that again: see quick.h.
 */
void xtcp_quick_set(struct xtcp_tcb *tcb, bool on, bool drained)
{
	tcb->interactive = !on;
	if (on && drained && tcb->ack_due != XTCP_ACK_NONE)
		tcb->ack_due = XTCP_ACK_NOW;
}
