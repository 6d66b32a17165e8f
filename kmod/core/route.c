// SPDX-License-Identifier: GPL-2.0
/* What a route says of a connection, beside its MTU: where it begins, and its bounds. */
#include "route.h"
#include "rtt.h"
#include "tcb.h"

#define INITIAL_MOST 0xffff
#define RTT_MOST (1U << 28)

static u32 octets(const struct xtcp_tcb *tcb, u32 segments)
{
	return min_t(u64, (u64)segments * tcb->mss, XTCP_CONG_CWND_MAX);
}

/**
 * xtcp_route_start - the handshake is complete
 * @tcb: the connection, which has sent nothing since
 * @route: what its route says
 *
 * A lost SYN tells more of the path than the administrator (RFC 6928). That a round
 * trip was measured does not, as a SYN is small.
 */
void xtcp_route_start(struct xtcp_tcb *tcb, const struct xtcp_route *route)
{
	u64 rtt = min_t(u32, route->rtt, RTT_MOST);
	struct xtcp_cong *c = &tcb->cong;

	if (route->initcwnd) {
		tcb->initial = min_t(u32, route->initcwnd, INITIAL_MOST);
		c->initial = octets(tcb, tcb->initial);
		if (!tcb->syn_rtx)
			c->cwnd = c->initial;
	}
	if (route->cwnd)
		c->most = octets(tcb, route->cwnd);
	if (route->ssthresh)
		c->ssthresh = max_t(u32, octets(tcb, route->ssthresh),
				    2 * c->mss);
	c->ssthresh = min_t(u32, c->ssthresh, c->most);
	c->cwnd = min_t(u32, c->cwnd, c->most);
	if (rtt > tcb->srtt)
		tcb->rto = min_t(u64, rtt + max_t(u64, 2 * rtt,
						  xtcp_rtt_min(tcb)),
				 tcb->params->rto_max);
}
