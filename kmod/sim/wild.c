// SPDX-License-Identifier: GPL-2.0
/*
 * A congestion control without sense: any answer at any time. Algorithms come
 * as modules of anybody's; the worst of them may be slow or unfair, but no
 * octet is lost by it and no connection stuck.
 */
#include "sim.h"

static u32 draw(struct xtcp_cong *c)
{
	u64 *state = xtcp_cong_priv(c);

	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	/* small and large ones alike; without any end, a loss means a storm */
	return (u32)(*state >> 48) >> (*state >> 27 & 15);
}

static void init(struct xtcp_cong *c)
{
	*(u64 *)xtcp_cong_priv(c) += c->mss;
}

static void acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	c->cwnd = draw(c);
	if (s->round)
		c->ssthresh = draw(c);
}

static u32 ssthresh(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	return draw(c);
}

/* Any window, and any rate from a few segments a second up */
static void rated(struct xtcp_cong *c, struct xtcp_cong_rate *r)
{
	c->cwnd = draw(c);
	c->pacing = draw(c) * 100ULL;
	r->bubble = draw(c) & 1;
}

const struct xtcp_cong_ops xtcp_sim_wild_rated = {
	.name = "wild rated",
	.init = init,
	.rated = rated,
	.ssthresh = ssthresh,
};

const struct xtcp_cong_ops xtcp_sim_wild = {
	.name = "wild",
	.init = init,
	.acked = acked,
	.ssthresh = ssthresh,
};
