/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is below the socket: sent, and still in a queue of this host. More than the
 * device needs to be busy only makes others wait, and the ACKs' clock late.
 */
#ifndef XTCP_CORE_BELOW_H
#define XTCP_CORE_BELOW_H

#include "tcb.h"

/* tcb->below: how much is there */
enum xtcp_below {
	XTCP_BELOW_ROOM,	/* little, or the shell has not looked */
	XTCP_BELOW_FULL,	/* enough: new data is to wait */
	XTCP_BELOW_CROWDED,	/* twice as much: what is lost is to wait, too */
	XTCP_BELOW_WAITED,	/* and something has, since the shell looked */
};

/* Is data to wait, where @least is there? The shell learns of it */
static inline bool xtcp_below_holds(struct xtcp_tcb *tcb, enum xtcp_below least)
{
	if (likely(tcb->below < least))
		return false;
	tcb->below = XTCP_BELOW_WAITED;
	return true;
}

u32 xtcp_below_burst(const struct xtcp_tcb *tcb, u32 below, u32 max);
enum xtcp_below xtcp_below_judge(const struct xtcp_tcb *tcb, u64 below,
				 u64 burst, u64 most, u8 shift);
bool xtcp_below_corks(const struct xtcp_tcb *tcb, u32 goal);

#endif
