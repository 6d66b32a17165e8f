// SPDX-License-Identifier: GPL-2.0
/*
 * How much may be below the socket. The shell counts it, memory and not octets,
 * and is told by the network layer when some of it has left.
 */
#include "below.h"
#include "pace.h"

/**
 * xtcp_below_judge - how much is below the socket?
 * @tcb: the connection
 * @below: what is there, octets of memory
 * @burst: the memory that the next segments take
 * @most: the namespace's limit, octets of memory, for who is not paced
 * @shift: a second >> @shift at the present rate is enough; a device that joins
 *	packets wants more
 *
 * Two bursts are always allowed, so that the queue has one while the other leaves.
 * Where no more than a segment is outstanding the next goes at once: a device may
 * be late to say what has left, and no ACK can be hoped for.
 */
enum xtcp_below xtcp_below_judge(const struct xtcp_tcb *tcb, u64 below,
				 u64 burst, u64 most, u8 shift)
{
	u64 limit;

	if (tcb->snd_nxt - tcb->snd_una <= tcb->mss)
		return XTCP_BELOW_ROOM;
	limit = max_t(u64, 2 * burst, xtcp_pace_rate(tcb) >> shift);
	if (!xtcp_pace_on(tcb))
		limit = min_t(u64, limit, most);
	if (below <= limit)
		return XTCP_BELOW_ROOM;
	return below / 2 <= limit ? XTCP_BELOW_FULL : XTCP_BELOW_CROWDED;
}

/**
 * xtcp_below_corks - is what was just written better sent along with more?
 * @tcb: the connection, with data below the socket
 * @goal: octets that are worth sending at once
 *
 * What is below leaves soon, and then it goes out with what was written meanwhile.
 */
bool xtcp_below_corks(const struct xtcp_tcb *tcb, u32 goal)
{
	return tcb->snd_end - tcb->snd_nxt < goal &&
	       tcb->snd_una != tcb->snd_nxt && !tcb->snd_urg;
}
