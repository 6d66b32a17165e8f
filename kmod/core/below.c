// SPDX-License-Identifier: GPL-2.0
/*
 * How much may be below the socket. The shell counts it, memory and not octets,
 * and is told by the network layer when some of it has left.
 */
#include "below.h"
#include "pace.h"

#define BURSTS_PER_SEC 1000	/* see pace.c */
#define BURST_MIN 2

/*
 * Octets a second. A window may be far larger than what is used of it, as long as it
 * is this that keeps data back: then what is outstanding tells more.
 */
static u64 rate_of(const struct xtcp_tcb *tcb)
{
	u64 rate = xtcp_pace_rate(tcb);
	u64 used = tcb->snd_nxt - tcb->snd_una;

	if (!tcb->srtt || xtcp_pace_on(tcb))
		return rate;
	return min_t(u64, rate, 2 * used * XTCP_USEC_PER_SEC / tcb->srtt);
}

/**
 * xtcp_below_burst - how much may go down in one piece
 * @tcb: the connection
 * @below: what is there, octets of memory; if nothing is, no queue keeps data back
 * @max: octets that the shell can send at once, at least MSS
 *
 * Return: octets, a multiple of MSS
 */
u32 xtcp_below_burst(const struct xtcp_tcb *tcb, u32 below, u32 max)
{
	u64 rate = below ? rate_of(tcb) : xtcp_pace_rate(tcb);

	max = min_t(u64, max, max_t(u64, rate / BURSTS_PER_SEC,
				    BURST_MIN * (u32)tcb->mss));
	return max - max % tcb->mss;
}

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
	limit = max_t(u64, 2 * burst, rate_of(tcb) >> shift);
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
