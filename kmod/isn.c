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
