/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Pacing: data leaves at a rate, not in bursts of a window. The rate is the
 * algorithm's, or follows from its window if the user has set a limit, or the
 * queue below spaces what it gets.
 */
#ifndef XTCP_CORE_PACE_H
#define XTCP_CORE_PACE_H

#include "tcb.h"

#define XTCP_PACE_FREE (~0ULL)	/* as fast as the window lets it */

/* Has data to wait for its time at all? */
static inline bool xtcp_pace_on(const struct xtcp_tcb *tcb)
{
	return tcb->cong.pacing | tcb->pace.asked;
}

u64 xtcp_pace_rate(const struct xtcp_tcb *tcb);
u32 xtcp_pace_burst(const struct xtcp_tcb *tcb, u32 max);
bool xtcp_pace_holds(struct xtcp_tcb *tcb, u64 now);
u64 xtcp_pace_departure(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u64 now);
void xtcp_pace_sent(struct xtcp_tcb *tcb, u32 len, u64 now);

#endif
