/* SPDX-License-Identifier: GPL-2.0 */
/* What a route says of a connection, beside its MTU. */
#ifndef XTCP_CORE_ROUTE_H
#define XTCP_CORE_ROUTE_H

#include "types.h"

struct xtcp_tcb;

/**
 * struct xtcp_route - what the administrator has set for a destination; 0: nothing
 * @rtt: the round trip to expect, usec
 * @ssthresh: where slow start ends, segments
 * @initcwnd: the initial window, segments
 * @cwnd: the largest congestion window, segments
 */
struct xtcp_route {
	u32 rtt;
	u32 ssthresh;
	u32 initcwnd;
	u32 cwnd;
};

void xtcp_route_start(struct xtcp_tcb *tcb, const struct xtcp_route *route);

#endif
