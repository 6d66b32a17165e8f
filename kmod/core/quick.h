/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Quick-ACK phases: when a stream begins, or begins anew, its sender has a small
 * window, and each ACK that waits costs it a round trip (RFC 5681 4.2 lets every
 * segment be acknowledged). Once the user answers, its data takes the ACKs along.
 */
#ifndef XTCP_CORE_QUICK_H
#define XTCP_CORE_QUICK_H

#include "tcb.h"

/* A phase is at most this long, in ACKs */
#define XTCP_QUICK_MAX 16

/* A lag of more segments than this makes ACKs no rarer, and the share that one has */
#define XTCP_QUICK_LAG 64
#define XTCP_QUICK_SHARE 8

void xtcp_quick_begin(struct xtcp_tcb *tcb);
void xtcp_quick_again(struct xtcp_tcb *tcb);
void xtcp_quick_set(struct xtcp_tcb *tcb, bool on, bool drained);
bool xtcp_quick_enough(const struct xtcp_tcb *tcb);
bool xtcp_quick_pushed(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg);
void xtcp_quick_awaited(struct xtcp_tcb *tcb);

/* Data in order has come; before the first, last_rcv is 0, which is long ago */
static inline void xtcp_quick_received(struct xtcp_tcb *tcb, u64 now)
{
	if (unlikely(now - tcb->last_rcv > tcb->rto))
		xtcp_quick_begin(tcb);
	tcb->last_rcv = now;
}

/* Is the ACK for what came not to wait? */
static inline bool xtcp_quick_due(const struct xtcp_tcb *tcb)
{
	return (tcb->quick && !tcb->interactive) || tcb->quick_route;
}

/* An ACK that was due has been sent */
static inline void xtcp_quick_acked(struct xtcp_tcb *tcb)
{
	if (unlikely(tcb->quick) && tcb->ack_due != XTCP_ACK_NONE)
		tcb->quick--;
}

/* New data goes out: if that soon, it is an answer */
static inline void xtcp_quick_answered(struct xtcp_tcb *tcb, u64 now)
{
	if (now - tcb->last_rcv < tcb->params->delack)
		tcb->interactive = true;
}

#endif
