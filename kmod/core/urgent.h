/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Urgent data (RFC 9293 3.8.5, RFC 6093): a mark in the stream that goes ahead of
 * it. As the BSDs and Linux read the field, it points behind the urgent octet, and
 * there is one: the last that was marked.
 */
#ifndef XTCP_CORE_URGENT_H
#define XTCP_CORE_URGENT_H

#include "tcb.h"

struct xtcp_act;

/* tcb->urg: what the user still has to pass in the stream, at rcv_up */
enum xtcp_urg {
	XTCP_URG_NONE,
	XTCP_URG_AWAITED,	/* the pointer came, the octet did not */
	XTCP_URG_HERE,		/* the shell has the octet */
	XTCP_URG_READ,		/* and the user has read it out of turn */
};

void xtcp_urgent_rx(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		    struct xtcp_act *act);
void xtcp_urgent_ready(struct xtcp_tcb *tcb, struct xtcp_act *act);
void xtcp_urgent_passed(struct xtcp_tcb *tcb, u32 next);
void xtcp_urgent_write(struct xtcp_tcb *tcb);
u32 xtcp_urgent_limit(struct xtcp_tcb *tcb, u32 max);
void xtcp_urgent_stamp(const struct xtcp_tcb *tcb, struct xtcp_seg *seg);

/* Is there anything for xtcp_urgent_rx() in a segment? */
static inline bool xtcp_urgent_concerns(const struct xtcp_tcb *tcb,
					const struct xtcp_seg *seg)
{
	return (seg->flags & XTCP_URG) | tcb->urg;
}

#endif
