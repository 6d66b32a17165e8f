// SPDX-License-Identifier: GPL-2.0
/*
 * What all algorithms share: round trips, whether the window was used at all,
 * its validation after a pause (RFC 2861, RFC 5681 4.1), and the way to the
 * algorithm. Which segments are lost is for ack.c to decide.
 */
#include "cong.h"
#include "seq.h"

/**
 * xtcp_cong_init - begin with the initial window (RFC 6928)
 * @c: the state, of which the algorithm is kept
 * @mss: SMSS, octets
 * @initial_segments: the initial window, segments
 */
void xtcp_cong_init(struct xtcp_cong *c, u32 mss, u32 initial_segments)
{
	const struct xtcp_cong_ops *ops = c->ops;

	memset(c, 0, sizeof(*c));
	c->mss = mss;
	c->cwnd = mss * initial_segments;
	c->initial = c->cwnd;
	c->most = XTCP_CONG_CWND_MAX;
	c->ssthresh = XTCP_CONG_CWND_MAX;
	c->prior_ssthresh = XTCP_CONG_CWND_MAX;
	c->ops = ops;
	c->rated = ops->rated;
	if (ops->init)
		ops->init(c);
}

/**
 * xtcp_cong_select - another algorithm takes over
 * @c: the state; the windows stay as they are
 * @ops: the algorithm
 */
void xtcp_cong_select(struct xtcp_cong *c, const struct xtcp_cong_ops *ops)
{
	c->ops = ops;
	c->acked = 0;
	c->rated = ops->rated;
	c->pacing = 0;
	memset(c->priv, 0, sizeof(c->priv));
	if (ops->init)
		ops->init(c);
}

/* Whatever an algorithm did, the protocol can live with it */
static void bound(struct xtcp_cong *c)
{
	c->cwnd = min_t(u32, c->cwnd, c->most);
	c->cwnd = max_t(u32, c->cwnd, c->mss);
}

/*
 * What a round trip has delivered, for those who only look: a lower one counts
 * only if it is not the user's doing.
 */
static void measure(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	u64 took = s->now - c->round_at, rate;

	if (c->rounds && took) {
		rate = (s->una - c->round_una) * XTCP_USEC_PER_SEC / took;
		if (c->full || rate >= c->round_rate) {
			c->round_rate = rate;
			c->round_limited = !c->full;
		}
	}
	c->round_una = s->una;
	c->round_at = s->now;
}

/*
 * Where a round trip ends, and whether all of cwnd was outstanding at some ACK
 * in it or in the one before: ACKs that arrive together find less and less
 * outstanding, so the ACK at hand alone does not say it.
 */
static void look(struct xtcp_cong *c, struct xtcp_cong_sample *s)
{
	s->round = !c->rounds || seq_gt(s->una, c->round_end);
	if (s->round) {
		measure(c, s);
		c->rounds++;
		c->round_end = s->nxt;
		c->last_peak = c->peak;
		c->peak = 0;
		c->last_full = c->full;
		c->full = false;
	}
	c->peak = max_t(u32, c->peak, s->flight);
	if (xtcp_cong_slow_start(c) ? s->flight >= c->cwnd / 2 :
				      s->flight + c->mss >= c->cwnd)
		c->full = true;
	s->limited = c->full || c->last_full;
}

/* What was remembered of the path is worth three quarters (RFC 2861 3.1) */
static void remember(struct xtcp_cong *c)
{
	c->ssthresh = max_t(u32, c->ssthresh, c->cwnd - c->cwnd / 4);
}

/*
 * RFC 2861 3.2: a window that was not used for an RTO says nothing any more of
 * the network, and approaches what is used.
 */
static void validate(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	u32 used = max_t(u32, max_t(u32, c->peak, c->last_peak), c->initial);

	if (s->limited || !c->limited_at) {
		c->limited_at = s->now;
		return;
	}
	if (s->now - c->limited_at < s->rto)
		return;
	c->limited_at = s->now;
	if (used >= c->cwnd)
		return;
	remember(c);
	c->cwnd -= (c->cwnd - used) / 2;
}

/**
 * xtcp_cong_acked - new data was acknowledged, outside loss recovery
 * @c: the state
 * @s: what the ACK told; gets @s->round and @s->limited
 */
void xtcp_cong_acked(struct xtcp_cong *c, struct xtcp_cong_sample *s)
{
	look(c, s);
	if (likely(c->ops == &xtcp_cong_cubic))
		xtcp_cong_cubic_acked(c, s);
	else if (likely(c->ops == &xtcp_cong_reno ||
			c->ops == &xtcp_cong_dctcp))
		xtcp_cong_reno_acked(c, s);
	else if (!c->rated)
		c->ops->acked(c, s);
	else
		return;		/* xtcp_cong_rated() follows */
	validate(c, s);
	bound(c);
}

/**
 * xtcp_cong_rated - an ACK tells of the delivery rate
 * @c: the state, with @c->rated
 * @r: what it tells
 */
void xtcp_cong_rated(struct xtcp_cong *c, struct xtcp_cong_rate *r)
{
	if (likely(c->ops == &xtcp_cong_bbr))
		xtcp_cong_bbr_rated(c, r);
	else
		c->ops->rated(c, r);
	bound(c);
}

/**
 * xtcp_cong_marked - an ACK of new data tells whether the network marked it
 * @c: the state, whose algorithm asks for that
 * @m: what it tells
 */
void xtcp_cong_marked(struct xtcp_cong *c, const struct xtcp_cong_marks *m)
{
	if (likely(c->ops == &xtcp_cong_dctcp))
		xtcp_cong_dctcp_marked(c, m);
	else
		c->ops->marked(c, m);
	bound(c);
}

/**
 * xtcp_cong_grow - slow start: the window grows by what was acknowledged
 * @c: the state
 * @acked: octets
 * @segments: by no more than this, and up to ssthresh (RFC 3465 calls it L)
 */
void xtcp_cong_grow(struct xtcp_cong *c, u32 acked, u32 segments)
{
	c->cwnd = min_t(u32, c->cwnd + min_t(u32, acked, segments * c->mss),
			c->ssthresh);
}

/**
 * xtcp_cong_avoid - the window grows by a segment for each @window acknowledged
 * @c: the state
 * @acked: octets that were acknowledged
 * @window: octets; c->cwnd gives Reno's segment a round trip (RFC 3465 2.1)
 */
void xtcp_cong_avoid(struct xtcp_cong *c, u32 acked, u32 window)
{
	c->acked += acked;
	if (c->acked < window)
		return;
	c->acked -= window;
	c->cwnd += c->mss;
}

/* Return: what the algorithm wants, which may be less than ssthresh can be */
static u32 reduce(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	/* not in an argument of max_t(), which may ask twice */
	u32 ssthresh = c->ops->ssthresh(c, flight, cause);

	c->prior_cwnd = c->cwnd;
	c->prior_ssthresh = c->ssthresh;
	ssthresh = min_t(u32, ssthresh, XTCP_CONG_CWND_MAX);
	c->ssthresh = max_t(u32, ssthresh, 2 * c->mss);
	/*
	 * What was earned before a loss counts, for one segment at the most. Marks come
	 * every few round trips: if it counted with them, the window would grow in those
	 * that it gives way in, too.
	 */
	c->acked = cause == XTCP_CONG_ECN ? 0 : min_t(u32, c->acked, c->ssthresh);
	return ssthresh;
}

/**
 * xtcp_cong_lost - a loss was found by duplicate ACKs
 * @c: the state; @c->cwnd is left for ack.c to inflate and deflate
 * @flight: octets outstanding
 */
void xtcp_cong_lost(struct xtcp_cong *c, u32 flight)
{
	reduce(c, flight, XTCP_CONG_LOSS);
}

/**
 * xtcp_cong_timeout - the retransmission timer expired
 * @c: the state
 * @flight: octets outstanding
 * @first: it is the first expiry for this data; ssthresh stays after further
 *	ones (RFC 5681 3.1, below equation 4)
 */
void xtcp_cong_timeout(struct xtcp_cong *c, u32 flight, bool first)
{
	if (first)
		reduce(c, flight, XTCP_CONG_TIMEOUT);
	c->cwnd = c->mss;
	c->acked = 0;
}

/**
 * xtcp_cong_ecn - the network marked segments instead of dropping them
 * @c: the state
 * @flight: octets outstanding
 */
void xtcp_cong_ecn(struct xtcp_cong *c, u32 flight)
{
	u32 wanted = reduce(c, flight, XTCP_CONG_ECN);

	/* down to one segment, where a loss leaves two (RFC 9438 4.6) */
	c->cwnd = min_t(u32, c->cwnd, max_t(u32, wanted, c->mss));
}

/**
 * xtcp_cong_undo - the last reduction was for a loss that was none
 * @c: the state
 */
void xtcp_cong_undo(struct xtcp_cong *c)
{
	c->cwnd = max_t(u32, c->cwnd, c->prior_cwnd);
	c->ssthresh = max_t(u32, c->ssthresh, c->prior_ssthresh);
	if (c->ops->undo)
		c->ops->undo(c);
	bound(c);
}

/**
 * xtcp_cong_idle - sending resumes after more than an RTO of silence
 * @c: the state
 * @initial_segments: the restart window, segments (RFC 5681 4.1)
 */
void xtcp_cong_idle(struct xtcp_cong *c, u32 initial_segments)
{
	if (c->rated)
		return;		/* it has a model of the path, and is paced */
	remember(c);
	c->cwnd = min_t(u32, c->cwnd, c->mss * initial_segments);
	c->peak = 0;
	c->last_peak = 0;
	c->full = false;
	c->last_full = false;
	c->limited_at = 0;
}
