/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Arithmetic on sequence numbers, modulo 2^32 (RFC 9293 3.4). Two numbers can
 * be compared as long as they lie less than 2^31 apart.
 */
#ifndef XTCP_CORE_SEQ_H
#define XTCP_CORE_SEQ_H

#include "types.h"

static inline bool seq_lt(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool seq_le(u32 a, u32 b)
{
	return (s32)(a - b) <= 0;
}

static inline bool seq_gt(u32 a, u32 b)
{
	return (s32)(a - b) > 0;
}

static inline bool seq_ge(u32 a, u32 b)
{
	return (s32)(a - b) >= 0;
}

/* lo <= x <= hi */
static inline bool seq_within(u32 x, u32 lo, u32 hi)
{
	return x - lo <= hi - lo;
}

static inline u32 seq_min(u32 a, u32 b)
{
	return seq_lt(a, b) ? a : b;
}

static inline u32 seq_max(u32 a, u32 b)
{
	return seq_gt(a, b) ? a : b;
}

#endif
