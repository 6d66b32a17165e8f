// SPDX-License-Identifier: GPL-2.0
/* The round-trip time by timestamps (RFC 7323 section 4). */
#include "ts.h"

#define TICK XTCP_USEC_PER_MSEC
/* An echo of something older than that is none of ours */
#define RTT_MAX (1U << 28)

/**
 * xtcp_ts_rtt - how long ago was sent what a segment echoes
 * @ts: the connection's timestamps
 * @seg: the segment, which acknowledges new data (4.1)
 * @since: usec; when something was last sent again. An older echo is no measure:
 *	if the ACK of that was lost, the peer echoes it once more to each copy
 *	that comes later
 * @now: usec
 *
 * Our clock is coarse: where the send time of the data itself is known and
 * unambiguous, that is the better measure. This one tells data that was sent
 * again from data that was not.
 *
 * Return: usec, or 0 if the segment does not say
 */
u32 xtcp_ts_rtt(const struct xtcp_ts *ts, const struct xtcp_seg *seg, u64 since,
		u64 now)
{
	u32 ticks;

	if (!ts->ok || !(seg->opts & XTCP_HAS_TS) || !seg->ts_ecr)
		return 0;
	ticks = xtcp_ts_clock(ts, now) - seg->ts_ecr;
	if (ticks > RTT_MAX / TICK || now - ticks * TICK + TICK < since)
		return 0;
	return ticks ? ticks * TICK : TICK;
}
