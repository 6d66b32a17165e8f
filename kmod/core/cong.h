/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control. It sees its own small state, numbers of octets and the
 * time, never a connection. Reno (RFC 5681) is the only one so far.
 */
#ifndef XTCP_CORE_CONG_H
#define XTCP_CORE_CONG_H

#include "types.h"

/**
 * struct xtcp_cong - congestion control's state
 * @cwnd: congestion window, octets
 * @ssthresh: slow start ends here, octets
 * @acked: octets acknowledged since @cwnd last grew, in congestion avoidance
 * @mss: SMSS, octets
 */
struct xtcp_cong {
	u32 cwnd;
	u32 ssthresh;
	u32 acked;
	u32 mss;
};

void xtcp_cong_init(struct xtcp_cong *c, u32 mss, u32 initial_segments);
void xtcp_cong_acked(struct xtcp_cong *c, u32 acked, u32 flight);
void xtcp_cong_lost(struct xtcp_cong *c, u32 flight);
void xtcp_cong_timeout(struct xtcp_cong *c, u32 flight, bool first);
void xtcp_cong_idle(struct xtcp_cong *c, u32 initial_segments);

static inline bool xtcp_cong_slow_start(const struct xtcp_cong *c)
{
	return c->cwnd < c->ssthresh;
}

#endif
