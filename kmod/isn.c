// SPDX-License-Identifier: GPL-2.0
/*
 * Initial sequence numbers by RFC 6528: a keyed hash of the connection, so that
 * nobody else can guess them, plus a clock, so that incarnations of the same
 * connection do not overlap.
 */
#include <linux/siphash.h>
#include <linux/ktime.h>

#include "isn.h"
#include "netns.h"

/**
 * xtcp_isn - an initial sequence number
 * @flow: the connection
 *
 * The clock steps every 4 usec, as RFC 9293 3.4.1 has it.
 */
u32 xtcp_isn(const struct xtcp_flow *flow)
{
	u32 hash = siphash(flow, offsetof(struct xtcp_flow, dif),
			   &xtcp_net(flow->net)->isn_key);

	return hash + (u32)(ktime_get_real_ns() / 4096);
}

/**
 * xtcp_isn_ts_offset - what to add to the clock of timestamps (RFC 7323 7.1)
 * @flow: the connection
 *
 * Another key than the ISN's, so that the one does not tell the other. Every
 * incarnation of a connection has the same, for RFC 6191's sake.
 */
u32 xtcp_isn_ts_offset(const struct xtcp_flow *flow)
{
	struct xtcp_net *xn = xtcp_net(flow->net);

	if (READ_ONCE(xn->sysctl_timestamps) != 1)
		return 0;	/* 2: as Linux TCP, without the offset */
	return siphash(flow, offsetof(struct xtcp_flow, dif), &xn->ts_key);
}
