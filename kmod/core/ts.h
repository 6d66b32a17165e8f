/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Timestamps (RFC 7323 sections 3 to 5): the clock, and what is remembered of
 * the peer's.
 */
#ifndef XTCP_CORE_TS_H
#define XTCP_CORE_TS_H

#include "seg.h"
#include "types.h"

/* A value that was not refreshed for so long says nothing (RFC 7323 5.5) */
#define XTCP_TS_VALID (24ULL * 24 * 3600 * XTCP_USEC_PER_SEC)

/**
 * struct xtcp_ts - timestamps of a connection, of a request, in TIME-WAIT
 * @recent_at: when @recent was set, usec
 * @recent: TS.Recent: the peer's value to echo, and to compare with
 * @echo: what the peer last echoed of ours
 * @offset: keyed random number from the shell, the same for each incarnation of
 *	a connection; added to the clock, so that nobody learns the time since
 *	boot, or which connections belong to one host (RFC 7323 7.1)
 * @ok: both sides have the option; in SYN-SENT, we offer it
 */
struct xtcp_ts {
	u64 recent_at;
	u32 recent;
	u32 echo;
	u32 offset;
	bool ok;
};

/* Our value: a tick of 1 ms is the finest that RFC 7323 5.4 allows */
static inline u32 xtcp_ts_clock(const struct xtcp_ts *ts, u64 now)
{
	return (u32)(now / XTCP_USEC_PER_MSEC) + ts->offset;
}

/* Put our option into a segment of a connection that has timestamps */
static inline void xtcp_ts_stamp(const struct xtcp_ts *ts, u64 now,
				 struct xtcp_seg *seg)
{
	seg->opts |= XTCP_HAS_TS;
	seg->ts_val = xtcp_ts_clock(ts, now);
	seg->ts_ecr = seg->flags & XTCP_ACK ? ts->recent : 0;
}

/* Does a segment seem to be older than what has come before? (PAWS, R1) */
static inline bool xtcp_ts_older(const struct xtcp_ts *ts,
				 const struct xtcp_seg *seg)
{
	return ts->ok && seg->opts & XTCP_HAS_TS &&
	       (s32)(seg->ts_val - ts->recent) < 0;
}

/* The same, unless what has come before was too long ago to tell */
static inline bool xtcp_ts_outdated(const struct xtcp_ts *ts,
				    const struct xtcp_seg *seg, u64 now)
{
	return xtcp_ts_older(ts, seg) && now - ts->recent_at < XTCP_TS_VALID;
}

static inline void xtcp_ts_set(struct xtcp_ts *ts, const struct xtcp_seg *seg,
			       u64 now)
{
	ts->recent = seg->ts_val;
	ts->recent_at = now;
}

u32 xtcp_ts_rtt(const struct xtcp_ts *ts, const struct xtcp_seg *seg, u64 since,
		u64 now);

#endif
