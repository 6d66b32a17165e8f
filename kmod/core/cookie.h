/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SYN cookies (RFC 4987 3.6): nobody keeps the request, but the SYN-ACK's own
 * numbers, which the ACK brings back. The shell has the key.
 */
#ifndef XTCP_CORE_COOKIE_H
#define XTCP_CORE_COOKIE_H

#include "seg.h"
#include "types.h"

struct xtcp_params;

/* A cookie is good in its own period and in the next */
#define XTCP_COOKIE_PERIOD (64 * XTCP_USEC_PER_SEC)
#define XTCP_COOKIE_AGE (2 * XTCP_COOKIE_PERIOD)
#define XTCP_COOKIE_MSS_BITS 3
#define XTCP_COOKIE_MSS_MASK ((1U << XTCP_COOKIE_MSS_BITS) - 1)

u32 xtcp_cookie_mss(const struct xtcp_seg *syn, u16 default_mss);
void xtcp_cookie_limit(struct xtcp_seg *syn, const struct xtcp_params *params);
u32 xtcp_cookie_ts(const struct xtcp_seg *syn, u32 clock);
void xtcp_cookie_syn(struct xtcp_seg *syn, const struct xtcp_seg *ack);

/* The period that a moment belongs to */
static inline u32 xtcp_cookie_period(u64 now)
{
	return now / XTCP_COOKIE_PERIOD;
}

/* The ISS: 29 bits of a keyed hash, and which MSS it stands for */
static inline u32 xtcp_cookie_iss(u32 hash, u32 mss)
{
	return (hash & ~XTCP_COOKIE_MSS_MASK) | mss;
}

#endif
