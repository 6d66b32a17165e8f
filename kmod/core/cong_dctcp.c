// SPDX-License-Identifier: GPL-2.0
/*
 * DCTCP (RFC 8257): the network marks what finds a queue, the receiver tells of
 * each mark, and the window gives way by how much of it was marked. All else,
 * losses too, is Reno's. For networks under one hand alone: beside it, others starve.
 */
#include "cong.h"
#include "seq.h"

#define ALPHA_ONE (1U << 16)
#define SHIFT_G 4	/* the gain g is a sixteenth (4.2) */

/**
 * struct dctcp - the private state
 * @alpha: DCTCP.Alpha, the share of the octets that is marked, of ALPHA_ONE
 * @acked: DCTCP.BytesAcked, in the present window of observation ...
 * @marked: DCTCP.BytesMarked: those that were marked
 * @end: DCTCP.WindowEnd: ... which ends when these are acknowledged
 * @begun: there is such a window
 */
struct dctcp {
	u32 alpha;
	u32 acked;
	u32 marked;
	u32 end;
	bool begun;
};

static_assert(sizeof(struct dctcp) <= XTCP_CONG_PRIV);

/* As if all had been marked: the first reaction is that of RFC 3168 (4.2) */
static void init(struct xtcp_cong *c)
{
	struct dctcp *d = xtcp_cong_priv(c);

	d->alpha = ALPHA_ONE;
}

/**
 * xtcp_cong_dctcp_marked - struct xtcp_cong_ops' marked (3.3, steps 1 to 8)
 * @c: the state
 * @m: the ACK
 */
void xtcp_cong_dctcp_marked(struct xtcp_cong *c,
			    const struct xtcp_cong_marks *m)
{
	struct dctcp *d = xtcp_cong_priv(c);
	u32 share;

	if (!d->begun) {
		d->begun = true;
		d->end = m->nxt;
	}
	d->acked += m->acked;
	if (m->marked)
		d->marked += m->acked;
	if (seq_lt(m->una, d->end))
		return;
	share = (u64)d->marked * ALPHA_ONE / d->acked;
	d->alpha += (share >> SHIFT_G) - (d->alpha >> SHIFT_G);
	d->end = m->nxt;
	d->acked = 0;
	d->marked = 0;
}

/* 3.3, step 9; a loss is one like any other (3.4, 3.5) */
static u32 ssthresh(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	const struct dctcp *d = xtcp_cong_priv(c);
	u32 cut;

	if (cause != XTCP_CONG_ECN)
		return xtcp_cong_reno.ssthresh(c, flight, cause);
	cut = (u64)c->cwnd * d->alpha / (2 * ALPHA_ONE);
	/* with less than two, ACKs are delayed, and marks come too late */
	return max_t(u32, c->cwnd - cut, 2 * c->mss);
}

const struct xtcp_cong_ops xtcp_cong_dctcp = {
	.name = "dctcp",
	.init = init,
	.acked = xtcp_cong_reno_acked,
	.ssthresh = ssthresh,
	.marked = xtcp_cong_dctcp_marked,
};
