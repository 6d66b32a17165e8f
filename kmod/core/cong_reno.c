// SPDX-License-Identifier: GPL-2.0
/*
 * Reno: slow start and congestion avoidance (RFC 5681 3.1) with appropriate
 * byte counting (RFC 3465), half the window after a loss, and a little less
 * than that after a mark of the network (ABE, RFC 8511).
 */
#include "cong.h"

/**
 * xtcp_cong_reno_acked - struct xtcp_cong_ops' acked
 * @c: the state
 * @s: the ACK
 */
void xtcp_cong_reno_acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	if (!s->limited)
		return;
	/*
	 * RFC 3465 with L = 2: delayed ACKs do not slow the start. After a
	 * timeout L is 1, as one ACK then often covers much that had arrived
	 * long before.
	 */
	if (xtcp_cong_slow_start(c))
		xtcp_cong_grow(c, s->acked, xtcp_cong_unknown(c) ? 2 : 1);
	else	/* a part of a segment cannot be sent, so it is not waited for */
		xtcp_cong_avoid(c, s->acked, c->cwnd - c->cwnd % c->mss);
}

/*
 * RFC 5681 equation 4, RFC 8511 3. Beyond cwnd lies only what limited transmit
 * has sent, which must not be counted (RFC 5681 3.2, step 2).
 */
static u32 ssthresh(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	flight = min_t(u32, flight, c->cwnd);
	return cause == XTCP_CONG_ECN ? flight - flight / 5 : flight / 2;
}

const struct xtcp_cong_ops xtcp_cong_reno = {
	.name = "reno",
	.acked = xtcp_cong_reno_acked,
	.ssthresh = ssthresh,
};
