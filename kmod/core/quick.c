// SPDX-License-Identifier: GPL-2.0
/*
 * Quick-ACK phases: how long they are, and what begins one. And their opposite,
 * fewer ACKs while the reader lags.
 */
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

/*
 * How much in order is acknowledged at once: every second full segment (RFC 5681
 * 4.2). While the reader lags, one ACK for an eighth of what it has not read, or
 * for eight segments: its reading brings the next.
 */
static u32 enough(const struct xtcp_tcb *tcb)
{
	u32 lag = tcb->rcv_full > tcb->rcv_space ?
		  tcb->rcv_full - tcb->rcv_space : 0;

	lag = min_t(u32, lag, XTCP_QUICK_LAG * tcb->rcv_mss);
	return max_t(u32, lag / XTCP_QUICK_SHARE, 2 * tcb->rcv_mss);
}

/**
 * xtcp_quick_enough - has so much come that its ACK is not to wait?
 * @tcb: the connection, with the present rcv_space
 */
bool xtcp_quick_enough(const struct xtcp_tcb *tcb)
{
	u32 owed = tcb->rcv_nxt - tcb->rcv_acked;

	return owed >= 2 * tcb->rcv_mss && owed >= enough(tcb);
}

/**
 * xtcp_quick_pushed - has something ended whose sender may wait for the ACK?
 * @tcb: the connection, with the present rcv_space
 * @seg: what came in order
 *
 * One full segment that is left over would wait for the next burst, and its ACK then
 * come too early in that, each time anew: the sender's bursts meet a full queue right
 * behind others'. Not while answers may take the ACK along, nor while the reader lags.
 */
bool xtcp_quick_pushed(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	return seg->flags & XTCP_PSH && seg->len >= tcb->rcv_mss &&
	       !tcb->interactive &&
	       enough(tcb) <= 2 * tcb->rcv_mss;
}

/**
 * xtcp_quick_awaited - the reader waits for more than it has: it does not lag
 * @tcb: the connection, to which data has come
 */
void xtcp_quick_awaited(struct xtcp_tcb *tcb)
{
	if (tcb->ack_due == XTCP_ACK_DELAYED &&
	    tcb->rcv_nxt - tcb->rcv_acked >= 2 * tcb->rcv_mss)
		tcb->ack_due = XTCP_ACK_NOW;
}
