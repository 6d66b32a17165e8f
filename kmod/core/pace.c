// SPDX-License-Identifier: GPL-2.0
/*
 * When data may leave. Each burst pushes the next one's departure away by the
 * time that it takes at the pacing rate; output.c asks before it proposes, and
 * XTCP_TIMER_PACE says when to ask again. Departures are kept in nsec: at high
 * rates a segment takes less than one of the core's usec.
 */
#include "pace.h"

#define NSEC_PER_USEC_ 1000ULL
#define NSEC_PER_SEC_ 1000000000ULL
#define BURSTS_PER_SEC 1000	/* a burst is about a millisecond's worth ... */
#define BURST_MIN 2		/* ... and this many segments at least */

/* Room for the window to grow, and for its sawtooth: as Linux TCP has it */
static u64 window_rate(const struct xtcp_tcb *tcb)
{
	const struct xtcp_cong *c = &tcb->cong;
	u64 wnd = max_t(u32, c->cwnd, tcb->snd_nxt - tcb->snd_una);

	if (!tcb->srtt)
		return XTCP_PACE_FREE;
	wnd *= c->cwnd < c->ssthresh / 2 ? 2 * XTCP_USEC_PER_SEC :
					   6 * XTCP_USEC_PER_SEC / 5;
	return max_t(u64, wnd / tcb->srtt, 1);
}

/**
 * xtcp_pace_rate - how fast data leaves
 * @tcb: the connection
 *
 * Return: octets of payload a second, or XTCP_PACE_FREE
 */
u64 xtcp_pace_rate(const struct xtcp_tcb *tcb)
{
	u64 rate = tcb->cong.pacing ?: window_rate(tcb);

	return tcb->pace.asked ? min_t(u64, rate, tcb->pace.max) : rate;
}

/**
 * xtcp_pace_burst - how much may leave at once
 * @tcb: the connection, which is paced
 * @max: octets that the shell can send at once, at least MSS
 *
 * Return: octets, at least MSS
 */
u32 xtcp_pace_burst(const struct xtcp_tcb *tcb, u32 max)
{
	u64 burst = max_t(u64, xtcp_pace_rate(tcb) / BURSTS_PER_SEC,
			  BURST_MIN * (u32)tcb->mss);

	return min_t(u64, max, burst);
}

/**
 * xtcp_pace_holds - is it too early for data to leave?
 * @tcb: the connection, which is paced and has data to send
 * @now: usec
 */
bool xtcp_pace_holds(struct xtcp_tcb *tcb, u64 now)
{
	u64 at = (tcb->pace.next + NSEC_PER_USEC_ - 1) / NSEC_PER_USEC_;

	if (at <= now + tcb->pace.ahead) {
		tcb->deadline[XTCP_TIMER_PACE] = 0;
		return false;
	}
	tcb->deadline[XTCP_TIMER_PACE] = at - tcb->pace.ahead;
	return true;
}

/**
 * xtcp_pace_departure - when what is handed over now leaves
 * @tcb: the connection
 * @seg: the segment; without data it has no reason to wait
 * @now: usec
 *
 * Return: nsec of the core's clock
 */
u64 xtcp_pace_departure(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u64 now)
{
	u64 at = now * NSEC_PER_USEC_;

	/* a FIN goes with the data before it; what may not wait does not wait here */
	if (!seg->len && !(seg->flags & XTCP_FIN))
		return at;
	return min_t(u64, max_t(u64, at, tcb->pace.next),
		     at + (u64)tcb->pace.ahead * NSEC_PER_USEC_);
}

/**
 * xtcp_pace_sent - data leaves
 * @tcb: the connection, which is paced
 * @len: octets
 * @now: when, usec
 *
 * Who comes late, as timers do, makes up for it, but for no more than half of
 * the time of what is sent: a pause is no reason for a burst.
 */
void xtcp_pace_sent(struct xtcp_tcb *tcb, u32 len, u64 now)
{
	u64 rate = xtcp_pace_rate(tcb), at = now * NSEC_PER_USEC_, gap;
	u64 *next = &tcb->pace.next;

	if (rate == XTCP_PACE_FREE)
		return;
	gap = len * NSEC_PER_SEC_ / rate;
	if (*next < at)
		*next = at - min_t(u64, at - *next, gap / 2);
	*next += gap;
}
