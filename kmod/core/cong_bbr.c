// SPDX-License-Identifier: GPL-2.0
/*
 * BBR, version 1 (draft-cardwell-iccrg-bbr-congestion-control-00): a model of the
 * path, the most that it delivered of late and its least round trip, says how
 * fast to send and how much may be under way. A loss says little. Names in
 * comments are the draft's.
 */
#include "cong.h"
#include "seq.h"

#define UNIT 256			/* gains are in parts of this */
#define HIGH_GAIN (UNIT * 2885 / 1000 + 1)	/* 2 / ln 2 */
#define DRAIN_GAIN (UNIT * 1000 / 2885)
#define CWND_GAIN (2 * UNIT)
#define PHASES 8
#define MIN_PIPE_SEGMENTS 4
#define FULL_ROUNDS 3			/* without growth: the pipe is full */
#define RTPROP_LEN (10 * XTCP_USEC_PER_SEC)
#define PROBE_RTT_LEN (200 * XTCP_USEC_PER_MSEC)
#define SLOW_RATE (1200000 / 8)		/* below this, segments go one by one */
#define QUANTUM_MAX 65536

/* BBR.BtlBwFilter: the best of each SPAN round trips, for the last ten */
#define SPANS 5
#define SPAN 2

enum state {
	STARTUP,	/* twice as fast each round trip, until it is of no use */
	DRAIN,		/* the queue that this has made goes away */
	PROBE_BW,	/* at the rate found; a little more is tried, then less */
	PROBE_RTT,	/* hardly anything, so that the round trip shows */
};

/**
 * struct bbr - the private state
 * @best: octets/s, the best rate of a span; a circle
 * @full_bw: the bandwidth from where on growth counts, octets/s
 * @phase_at: when the phase of PROBE_BW began, usec
 * @rtprop_at: when @rtprop was measured, usec
 * @probe_end: when PROBE_RTT may end, usec, or 0 if it has not yet drained
 * @rtprop: RTprop, usec, or 0
 * @round_end: the round trip ends with the ACK of what is sent once so much has
 *	been delivered
 * @rounds: round trips so far
 * @span: the number of the present span
 * @prior_cwnd: cwnd before loss recovery or PROBE_RTT, octets
 * @state: enum state
 * @phase: of PROBE_BW
 * @full_rounds: round trips without growth
 * @round_start: the ACK at hand begins a round trip
 * @filled: the pipe was full once: BBR.filled_pipe
 * @probe_round: a round trip of PROBE_RTT has passed
 * @recovering: cwnd is to be what it was when recovery ends
 * @entering: no ACK came in recovery so far, nor in one right before
 * @repairing: the last ACK came in recovery, begun by a loss
 * @conserve: as much is sent as arrives
 * @timed: the first round trip has set the pacing rate
 */
struct bbr {
	u64 best[SPANS];
	u64 full_bw;
	u64 phase_at;
	u64 rtprop_at;
	u64 probe_end;
	u32 rtprop;
	u32 round_end;
	u32 rounds;
	u32 span;
	u32 prior_cwnd;
	u8 state;
	u8 phase;
	u8 full_rounds;
	bool round_start:1;
	bool filled:1;
	bool probe_round:1;
	bool recovering:1;
	bool entering:1;
	bool repairing:1;
	bool conserve:1;
	bool timed:1;
};

static_assert(sizeof(struct bbr) <= XTCP_CONG_PRIV);

static const u16 cycle[PHASES] = {
	UNIT * 5 / 4, UNIT * 3 / 4, UNIT, UNIT, UNIT, UNIT, UNIT, UNIT,
};

static u32 pacing_gain(const struct bbr *b)
{
	switch (b->state) {
	case STARTUP:
		return HIGH_GAIN;
	case DRAIN:
		return DRAIN_GAIN;
	case PROBE_BW:
		return cycle[b->phase];
	default:
		return UNIT;
	}
}

/* BtlBw */
static u64 bandwidth(const struct bbr *b)
{
	u64 most = 0;
	u32 i;

	for (i = 0; i < SPANS; i++)
		most = max_t(u64, most, b->best[i]);
	return most;
}

/* BBR.send_quantum: what leaves at once, and what offloads hold back */
static u64 quantum(const struct xtcp_cong *c)
{
	if (c->pacing < SLOW_RATE)
		return c->mss;
	return min_t(u64, max_t(u64, c->pacing / 1000, 2 * c->mss),
		     QUANTUM_MAX);
}

/* BBRInflight(): what fills the pipe, times a gain, and what hosts hold */
static u64 inflight(const struct xtcp_cong *c, const struct bbr *b, u32 gain)
{
	u64 bdp;

	if (!b->rtprop)
		return c->initial;
	bdp = bandwidth(b) * b->rtprop / XTCP_USEC_PER_SEC;
	return bdp * gain / UNIT + 3 * quantum(c);
}

/* BBRUpdateBtlBw(). A slot is used again once all of its time has passed */
static void update_bandwidth(struct bbr *b, const struct xtcp_cong_rate *r)
{
	u32 span, slot;

	b->round_start = r->told && seq_ge(r->before, b->round_end);
	if (b->round_start) {
		b->round_end = r->total;
		b->rounds++;
		b->conserve = false;
	}
	if (!r->rate || (r->limited && r->rate < bandwidth(b)))
		return;
	span = b->rounds / SPAN;
	if (span - b->span > SPANS)
		b->span = span - SPANS;
	while (b->span != span)
		b->best[++b->span % SPANS] = 0;
	slot = span % SPANS;
	b->best[slot] = max_t(u64, b->best[slot], r->rate);
}

static void set_phase(struct bbr *b, u32 phase, u64 now)
{
	b->phase = phase % PHASES;
	b->phase_at = now;
}

/* Any phase but the one that drains; flows are not to move in step */
static void enter_probe_bw(struct bbr *b, const struct xtcp_cong_rate *r)
{
	u32 dice = (u32)r->now * 2654435761U ^ r->total;

	b->state = PROBE_BW;
	set_phase(b, 2 + (dice >> 16) % (PHASES - 1), r->now);
}

/* BBRCheckCyclePhase() */
static void check_phase(struct xtcp_cong *c, struct bbr *b,
			const struct xtcp_cong_rate *r)
{
	u32 gain = cycle[b->phase];
	bool next = r->now - b->phase_at > b->rtprop;

	if (b->state != PROBE_BW)
		return;
	if (gain > UNIT)	/* until more is under way, or is lost */
		next = next && (r->lost || r->prior_flight >=
				inflight(c, b, gain));
	else if (gain < UNIT)	/* no longer than it takes */
		next = next || r->prior_flight <= inflight(c, b, UNIT);
	if (next)
		set_phase(b, b->phase + 1, r->now);
}

/* BBRCheckFullPipe() */
static void check_full(struct bbr *b, const struct xtcp_cong_rate *r)
{
	u64 bw = bandwidth(b);

	if (b->filled || !b->round_start || r->limited)
		return;
	if (bw >= b->full_bw + b->full_bw / 4) {
		b->full_bw = bw;
		b->full_rounds = 0;
		return;
	}
	if (++b->full_rounds >= FULL_ROUNDS)
		b->filled = true;
}

static void check_drain(struct xtcp_cong *c, struct bbr *b,
			const struct xtcp_cong_rate *r)
{
	if (b->state == STARTUP && b->filled)
		b->state = DRAIN;
	if (b->state == DRAIN && r->flight <= inflight(c, b, UNIT))
		enter_probe_bw(b, r);
}

/* BBRSaveCwnd() */
static void save_cwnd(const struct xtcp_cong *c, struct bbr *b)
{
	if (!b->recovering && b->state != PROBE_RTT)
		b->prior_cwnd = c->cwnd;
	else
		b->prior_cwnd = max_t(u32, b->prior_cwnd, c->cwnd);
}

/* BBRHandleProbeRTT() */
static void probe_rtt(struct xtcp_cong *c, struct bbr *b,
		      struct xtcp_cong_rate *r)
{
	r->bubble = true;
	if (!b->probe_end) {
		if (r->flight > MIN_PIPE_SEGMENTS * c->mss)
			return;
		b->probe_end = r->now + PROBE_RTT_LEN;
		b->probe_round = false;
		b->round_end = r->total;
		return;
	}
	if (b->round_start)
		b->probe_round = true;
	if (!b->probe_round || r->now < b->probe_end)
		return;
	b->rtprop_at = r->now;
	c->cwnd = max_t(u32, c->cwnd, b->prior_cwnd);
	if (b->filled)
		enter_probe_bw(b, r);
	else
		b->state = STARTUP;
}

/* BBRUpdateRTprop(), BBRCheckProbeRTT() */
static void update_rtprop(struct xtcp_cong *c, struct bbr *b,
			  struct xtcp_cong_rate *r)
{
	bool expired = b->rtprop && r->now - b->rtprop_at > RTPROP_LEN;

	if (r->rtt && (!b->rtprop || r->rtt <= b->rtprop || expired)) {
		b->rtprop = r->rtt;
		b->rtprop_at = r->now;
	}
	/* after a pause there is no queue of ours: the round trip has shown */
	if (expired && !r->restart && b->state != PROBE_RTT) {
		save_cwnd(c, b);
		b->state = PROBE_RTT;
		b->probe_end = 0;
	}
	if (b->state == PROBE_RTT)
		probe_rtt(c, b, r);
}

/* BBRSetPacingRate(), and what stands for a bandwidth before the first sample */
static void set_pacing(struct xtcp_cong *c, struct bbr *b,
		       const struct xtcp_cong_rate *r)
{
	u64 rate = bandwidth(b) * pacing_gain(b) / UNIT;

	if (!r->srtt)
		return;
	if (!b->timed) {
		b->timed = true;
		c->pacing = (u64)c->cwnd * HIGH_GAIN / UNIT *
			    XTCP_USEC_PER_SEC / r->srtt;
	}
	/* after long silence samples are tiny; who sends nothing learns nothing */
	rate = max_t(u64, rate, c->mss * XTCP_USEC_PER_SEC / r->srtt);
	if (b->filled || rate > c->pacing)
		c->pacing = rate;
}

/* BBRModulateCwndForRecovery(), on_enter and on_exit */
static void modulate(struct xtcp_cong *c, struct bbr *b,
		     const struct xtcp_cong_rate *r)
{
	if (b->entering && r->recovery) {
		b->repairing = true;
		b->conserve = true;
		b->round_end = r->total;
		c->cwnd = r->flight + max_t(u32, r->delivered, c->mss);
	} else if (b->recovering && !r->recovery) {
		b->recovering = false;
		b->repairing = false;
		b->conserve = false;
		c->cwnd = max_t(u32, c->cwnd, b->prior_cwnd);
	} else if (r->recovery) {
		c->cwnd -= min_t(u32, r->lost, c->cwnd - c->mss);
	}
	b->entering = false;
	if (b->conserve)
		c->cwnd = max_t(u32, c->cwnd, r->flight + r->delivered);
}

/* BBRSetCwnd() */
static void set_cwnd(struct xtcp_cong *c, struct bbr *b,
		     const struct xtcp_cong_rate *r)
{
	u32 gain = b->state == STARTUP || b->state == DRAIN ? HIGH_GAIN :
		   b->state == PROBE_BW ? CWND_GAIN : UNIT;
	u32 target = min_t(u64, inflight(c, b, gain), XTCP_CONG_CWND_MAX);
	u32 least = MIN_PIPE_SEGMENTS * c->mss;

	modulate(c, b, r);
	if (!b->conserve) {
		if (b->filled)
			c->cwnd = min_t(u32, c->cwnd + r->delivered, target);
		else if (c->cwnd < target || r->total < c->initial)
			c->cwnd += r->delivered;
		c->cwnd = max_t(u32, c->cwnd, least);
	}
	if (b->state == PROBE_RTT)
		c->cwnd = min_t(u32, c->cwnd, least);
}

/**
 * xtcp_cong_bbr_rated - struct xtcp_cong_ops' rated
 * @c: the state
 * @r: the ACK
 */
void xtcp_cong_bbr_rated(struct xtcp_cong *c, struct xtcp_cong_rate *r)
{
	struct bbr *b = xtcp_cong_priv(c);

	if (!b->timed)			/* the first: counts may be far from zero */
		b->round_end = r->before;
	update_bandwidth(b, r);
	check_phase(c, b, r);
	check_full(b, r);
	check_drain(c, b, r);
	update_rtprop(c, b, r);
	set_pacing(c, b, r);
	set_cwnd(c, b, r);
}

/* The first window leaves at once or nearly: no round trip is known yet */
static void init(struct xtcp_cong *c)
{
	c->pacing = (u64)c->cwnd * HIGH_GAIN / UNIT * 1000;
}

/*
 * A loss is no reason for less, but that recovery begins with what arrives. The
 * number is what NewReno goes by where there is no SACK.
 */
static u32 ssthresh(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	struct bbr *b = xtcp_cong_priv(c);

	if (cause == XTCP_CONG_ECN)
		return c->cwnd;
	save_cwnd(c, b);
	/* a recovery that follows another goes on where that was */
	b->entering = cause == XTCP_CONG_LOSS && !b->repairing;
	b->recovering = true;
	if (cause == XTCP_CONG_TIMEOUT) {
		b->repairing = false;
		b->conserve = false;
		b->full_bw = 0;
		b->full_rounds = 0;
	}
	return b->prior_cwnd;
}

const struct xtcp_cong_ops xtcp_cong_bbr = {
	.name = "bbr",
	.init = init,
	.ssthresh = ssthresh,
	.rated = xtcp_cong_bbr_rated,
};
