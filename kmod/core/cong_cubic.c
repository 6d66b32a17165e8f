// SPDX-License-Identifier: GPL-2.0
/*
 * CUBIC (RFC 9438): after a reduction the window returns along a cubic function
 * of time to where it was, stays near, then probes beyond; never slower than
 * Reno would. Slow start ends by HyStart++ (RFC 9406), or, as in Linux, when ACKs
 * show that the path is full, before it has to end by losses.
 *
 * Time is in ticks of 1/1024 s here, so that its third power is a shift away
 * from seconds; windows are in octets.
 */
#include "cong.h"

#define TICK_SHIFT 10
#define TICKS(usec) ((usec) * 128 / 125000)
#define TICKS_MAX (1U << 17)	/* 128 s: its third power times any MSS fits */

/* RFC 9438: beta 0.7, C 0.4, alpha 3 * (1 - beta) / (1 + beta) = 9/17 */
#define BETA(x) ((u32)((u64)(x) * 7 / 10))
#define BETA_ECN(x) ((u32)((u64)(x) * 17 / 20))	/* RFC 8511: 0.85 */
#define CONVERGE(x) ((u32)((u64)(x) * 17 / 20))	/* (1 + beta) / 2 */
#define ALPHA_NUM 9
#define ALPHA_DEN 17

/* RFC 9406 4.3 */
#define RTT_THRESH_MIN (4 * XTCP_USEC_PER_MSEC)
#define RTT_THRESH_MAX (16 * XTCP_USEC_PER_MSEC)
#define RTT_DIVISOR 8
#define RTT_SAMPLES 8
#define CSS_DIVISOR 4
#define CSS_ROUNDS 5
#define START_LIMIT 8	/* L, segments an ACK, without pacing */

#define TRAIN_PAUSE (2 * XTCP_USEC_PER_MSEC)
#define TRAIN_SEGMENTS 16	/* of fewer, ACKs tell little */
#define EARLY 20	/* 5 % a round trip as long as nothing was lost */

/**
 * struct curve - where the window is going
 * @epoch: when congestion avoidance began, later by all the time in which the
 *	window was not used, usec; 0 before it
 * @k: ticks from @epoch until the window is @w_max
 * @w_max: the window before the last reduction, octets
 * @w_est: what Reno would have, octets
 * @est_acked: octets acknowledged since @w_est last grew
 * @w_prior: cwnd before the last reduction: Reno's growth is its own from there
 * @rest: of the division by cwnd at the last growth
 */
struct curve {
	u64 epoch;
	u32 k;
	u32 w_max;
	u32 w_est;
	u32 est_acked;
	u32 w_prior;
	u32 rest;
};

/**
 * struct cubic - CUBIC's private state
 * @now: the curve
 * @undo: the curve before the last reduction
 * @last: when data was last acknowledged, usec
 * @train: since when in this round ACKs have come without a pause, usec, or 0
 * @rtt_min: HyStart++: least round trip in this round, usec, 0 if none
 * @rtt_last: the same of the round before
 * @rtt_base: the same when conservative slow start began, 0 outside of it
 * @samples: round trips measured in this round
 * @css_rounds: rounds of conservative slow start so far
 * @timeout: the last reduction was for a timeout
 */
struct cubic {
	struct curve now;
	struct curve undo;
	u64 last;
	u64 train;
	u32 rtt_min;
	u32 rtt_last;
	u32 rtt_base;
	u8 samples;
	u8 css_rounds;
	bool timeout;
};

static_assert(sizeof(struct cubic) <= XTCP_CONG_PRIV);

/* The greatest number whose third power is not above @x, if below 2^21 */
static u32 cube_root(u64 x)
{
	u64 root = 0, bit;

	for (bit = 1 << 20; bit; bit >>= 1)
		if ((root | bit) * (root | bit) * (root | bit) <= x)
			root |= bit;
	return root;
}

/* RFC 9438 equation 2; @less octets are missing to W_max */
static u32 ticks_to(u32 less, u32 mss)
{
	/* less / mss / 0.4 in seconds cubed, times 2^30 */
	return cube_root(((u64)less * 5 << 29) / mss);
}

/* RFC 9438 equation 1: C * (t - K)^3 + W_max */
static u64 cubic_at(const struct curve *v, u64 ticks, u32 mss)
{
	bool before = ticks < v->k;
	u64 d = min_t(u64, before ? v->k - ticks : ticks - v->k, TICKS_MAX);
	u64 off = (d * d * d >> TICK_SHIFT) * mss * 2 / 5 >> 2 * TICK_SHIFT;

	if (!before)
		return v->w_max + off;
	return off < v->w_max ? v->w_max - off : 0;
}

/* Congestion avoidance begins (4.2, and 4.8 after a timeout) */
static void begin(struct xtcp_cong *c, struct cubic *q, u64 now)
{
	struct curve *v = &q->now;

	v->epoch = now;
	if (q->timeout || v->w_max <= c->cwnd) {
		v->w_max = c->cwnd;
		v->k = 0;
	} else {
		v->k = ticks_to(v->w_max - c->cwnd, c->mss);
	}
	v->w_est = c->cwnd;
	v->est_acked = 0;
	v->rest = 0;
	q->timeout = false;
}

/*
 * Time in which the window was not used does not count (4.2): all of it when
 * the user had less to send, and what is longer than a round trip otherwise,
 * since then nothing was on its way for a while.
 */
static void skip_unused(struct cubic *q, const struct xtcp_cong_sample *s,
			bool used)
{
	u64 gap = s->now - q->last;

	q->last = s->now;
	if (!q->now.epoch)
		return;
	if (!used)
		q->now.epoch += gap;
	else if (gap > s->srtt)
		q->now.epoch += gap - s->srtt;
}

/* What Reno would have by now (4.3): alpha segments a window, later a whole one */
static void estimate(struct xtcp_cong *c, struct curve *v, u32 acked)
{
	u64 per = v->w_est >= v->w_prior ? c->cwnd :
		  (u64)c->cwnd * ALPHA_DEN / ALPHA_NUM;

	v->est_acked += acked;
	if (v->est_acked < per)
		return;
	v->est_acked -= per;
	v->w_est += c->mss;
}

static void avoid(struct xtcp_cong *c, struct cubic *q,
		  const struct xtcp_cong_sample *s)
{
	struct curve *v = &q->now;
	u64 target, grow;

	if (!v->epoch)
		begin(c, q, s->now);
	if (!s->limited)
		return;
	estimate(c, v, s->acked);
	target = cubic_at(v, TICKS(s->now - v->epoch + s->srtt), c->mss);
	/* 4.2: at least what it is, at most half as much again a round trip */
	target = min_t(u64, target, c->cwnd + c->cwnd / 2);
	if (target > c->cwnd) {			/* 4.4, 4.5 */
		grow = (target - c->cwnd) * s->acked + v->rest;
		v->rest = grow % c->cwnd;
		c->cwnd += grow / c->cwnd;
	}
	if (v->w_est > c->cwnd)			/* 4.3 */
		c->cwnd = v->w_est;
	/* the curve begins flat, and slow start may have ended too early */
	if (!v->w_prior)
		c->cwnd += s->acked / EARLY;
}

/* RFC 9406 4.2: what the round trips of this round say */
static void measure(struct xtcp_cong *c, struct cubic *q,
		    const struct xtcp_cong_sample *s)
{
	u32 thresh;

	if (s->round) {
		q->rtt_last = q->rtt_min;
		q->rtt_min = 0;
		q->samples = 0;
		if (q->rtt_base && ++q->css_rounds >= CSS_ROUNDS) {
			c->ssthresh = c->cwnd;
			return;
		}
	}
	if (!s->rtt)
		return;
	if (!q->rtt_min || s->rtt < q->rtt_min)
		q->rtt_min = s->rtt;
	if (q->samples < RTT_SAMPLES)
		q->samples++;
	if (q->samples < RTT_SAMPLES || !q->rtt_last)
		return;
	if (q->rtt_base) {
		if (q->rtt_min < q->rtt_base)	/* it was jitter: go on */
			q->rtt_base = 0;
		return;
	}
	thresh = max_t(u32, RTT_THRESH_MIN,
		       min_t(u32, q->rtt_last / RTT_DIVISOR, RTT_THRESH_MAX));
	if (q->rtt_min >= q->rtt_last + thresh) {
		q->rtt_base = q->rtt_min;
		q->css_rounds = 0;
	}
}

/*
 * Slow start sends twice as fast as ACKs come. Once they come without a pause for
 * half a round trip, all of the next will be filled: the path is full, well before
 * the round trips grow, which HyStart++ sees by the least of a whole round only.
 */
static bool path_full(const struct xtcp_cong *c, struct cubic *q,
		      const struct xtcp_cong_sample *s, u64 gap)
{
	if (s->round)
		q->train = s->now;
	else if (gap > TRAIN_PAUSE)
		q->train = 0;
	return q->train && q->rtt_last && c->cwnd >= TRAIN_SEGMENTS * c->mss &&
	       s->now - q->train >= max_t(u32, q->rtt_last / 2, RTT_THRESH_MIN);
}

static void start(struct xtcp_cong *c, struct cubic *q,
		  const struct xtcp_cong_sample *s, u64 gap)
{
	if (!xtcp_cong_unknown(c)) {	/* RFC 3465: after a timeout L is 1 */
		if (s->limited)
			xtcp_cong_grow(c, s->acked, 1);
		return;
	}
	measure(c, q, s);
	if (path_full(c, q, s, gap) && s->limited)
		c->ssthresh = c->cwnd;
	if (!s->limited || !xtcp_cong_slow_start(c))
		return;
	if (q->rtt_base)
		c->cwnd += min_t(u32, s->acked, START_LIMIT * c->mss) /
			   CSS_DIVISOR;
	else
		xtcp_cong_grow(c, s->acked, START_LIMIT);
}

/**
 * xtcp_cong_cubic_acked - struct xtcp_cong_ops' acked
 * @c: the state
 * @s: the ACK
 */
void xtcp_cong_cubic_acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	struct cubic *q = xtcp_cong_priv(c);
	u64 gap = s->now - q->last;

	if (xtcp_cong_slow_start(c)) {
		skip_unused(q, s, false);
		start(c, q, s, gap);
	} else {
		skip_unused(q, s, s->limited && s->flight >= c->cwnd / 2);
		avoid(c, q, s);
	}
}

/* RFC 9438 4.6, 4.7 */
static u32 ssthresh(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	struct cubic *q = xtcp_cong_priv(c);
	u32 used = max_t(u32, flight, max_t(u32, c->peak, c->last_peak));
	/* a window that was never filled is no measure of the network */
	u32 w = min_t(u32, c->cwnd, used);

	q->undo = q->now;
	q->now.epoch = 0;
	q->now.w_prior = w;
	q->now.w_max = w < q->now.w_max ? CONVERGE(w) : w;
	q->timeout = cause == XTCP_CONG_TIMEOUT;
	return cause == XTCP_CONG_ECN ? BETA_ECN(w) : BETA(w);
}

/* RFC 9438 4.9 */
static void undo(struct xtcp_cong *c)
{
	struct cubic *q = xtcp_cong_priv(c);

	q->now = q->undo;
	q->timeout = false;
}

const struct xtcp_cong_ops xtcp_cong_cubic = {
	.name = "cubic",
	.acked = xtcp_cong_cubic_acked,
	.ssthresh = ssthresh,
	.undo = undo,
};
