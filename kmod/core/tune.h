/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large the buffers of a connection should be for what its path carries:
 * the sender's by its congestion window, the receiver's by what its user reads
 * in a round trip, or would read if nothing were missing. Memory, and what the user
 * has set, are for the shell.
 */
#ifndef XTCP_CORE_TUNE_H
#define XTCP_CORE_TUNE_H

#include "tcb.h"

/**
 * struct xtcp_tune - what the user reads in a round trip
 * @since: when the present round began, usec
 * @seq: the next octet to be read then, and what was there behind a hole
 * @edge: the right edge of the window then: what lies beyond it was sent a
 *	round trip later
 * @most: the most octets read in a round trip
 * @rtt: the round trip as the receiver sees it, usec, or 0 if it is not known
 */
struct xtcp_tune {
	u64 since;
	u32 seq;
	u32 edge;
	u32 most;
	u32 rtt;
};

u32 xtcp_tune_send(const struct xtcp_tcb *tcb);
void xtcp_tune_start(struct xtcp_tune *t, const struct xtcp_tcb *tcb, u32 next);
u32 xtcp_tune_round(struct xtcp_tune *t, const struct xtcp_tcb *tcb, u32 next);

/**
 * xtcp_tune_read - octets were read, or came behind a hole: how much room should there be?
 * @t: the rounds
 * @tcb: the connection
 * @next: the next octet to be read
 *
 * Return: octets of payload, or 0 as long as there is no telling
 */
static inline u32 xtcp_tune_read(struct xtcp_tune *t,
				 const struct xtcp_tcb *tcb, u32 next)
{
	if (likely(tcb->heard - t->since < t->rtt))
		return 0;
	return xtcp_tune_round(t, tcb, next);
}

#endif
