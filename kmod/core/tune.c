// SPDX-License-Identifier: GPL-2.0
/*
 * How large the buffers should be. The window is a limit for the sender, so it
 * has to be ahead of it: twice what was read in the last round trip, or would have been
 * if nothing were missing, and more as long as that grows, as in slow start the sender
 * doubles while it is told.
 */
#include "tune.h"
#include "seq.h"

#define START_SEGMENTS 10	/* a usual initial window (RFC 6928) */
#define SPARE_SEGMENTS 16	/* what is read is behind what has arrived */
#define TUNE_MAX (1U << 30)
#define RTT_MAX (60 * XTCP_USEC_PER_SEC)	/* an older echo is none */

/**
 * xtcp_tune_send - how much the send buffer should hold
 * @tcb: the connection
 *
 * A window that is outstanding, and another that is to follow: in recovery and in
 * slow start the next ACK may let out as much as it frees.
 *
 * Return: segments
 */
u32 xtcp_tune_send(const struct xtcp_tcb *tcb)
{
	u32 window = max_t(u32, tcb->cong.cwnd, tcb->cong.initial);

	return 2 * ((window + tcb->mss - 1) / tcb->mss);
}

static void begin(struct xtcp_tune *t, const struct xtcp_tcb *tcb, u32 next)
{
	t->since = tcb->heard;
	t->seq = next + tcb->reasm.octets;
	t->edge = tcb->rcv_adv;
}

/**
 * xtcp_tune_start - the connection is there, and nothing was read yet
 * @t: the rounds
 * @tcb: the connection
 * @next: the first octet to be read
 */
void xtcp_tune_start(struct xtcp_tune *t, const struct xtcp_tcb *tcb, u32 next)
{
	begin(t, tcb, next);
	t->most = START_SEGMENTS * tcb->adv_mss;
	t->rtt = tcb->srtt;
}

/*
 * The round trip of who receives: what the peer echoes is our ACK that let it
 * send. Without timestamps, the time in which a whole window has come.
 * Return: usec, or 0
 */
static u64 round_trip(const struct xtcp_tune *t, const struct xtcp_tcb *tcb)
{
	u32 ticks;

	if (!tcb->ts.ok)
		return t->rtt || seq_lt(tcb->rcv_nxt, t->edge) ? 0 :
		       tcb->heard - t->since;
	ticks = xtcp_ts_clock(&tcb->ts, tcb->heard) - tcb->ts.echo;
	if (ticks > RTT_MAX / XTCP_USEC_PER_MSEC)
		return 0;
	return max_t(u32, ticks, 1) * XTCP_USEC_PER_MSEC;
}

/* A peer that had nothing to send for a while shows as a long round trip */
static void measure(struct xtcp_tune *t, const struct xtcp_tcb *tcb)
{
	u64 rtt = min_t(u64, round_trip(t, tcb), RTT_MAX);

	if (!t->rtt)
		t->rtt = rtt;
	else if (rtt)
		t->rtt = (t->rtt + min_t(u64, rtt, 2 * (u64)t->rtt)) / 2;
}

/**
 * xtcp_tune_round - a round trip may have passed
 * @t: the rounds
 * @tcb: the connection
 * @next: the next octet to be read
 *
 * What a reader finds that comes late counts for one round trip, and not for all
 * the time that it was away: it is what the path carries that is to fit.
 *
 * Return: octets of payload that there should be room for, or 0 to leave it
 */
u32 xtcp_tune_round(struct xtcp_tune *t, const struct xtcp_tcb *tcb, u32 next)
{
	u64 span = tcb->heard - t->since;
	u64 took = next + tcb->reasm.octets - t->seq, want;
	bool known = t->rtt;

	/* a hole was filled, and the reader is about to read what waited behind it */
	if (seq_lt(next + tcb->reasm.octets, t->seq))
		return 0;
	measure(t, tcb);
	if (!t->rtt || (!known && span < t->rtt))
		return 0;
	if (span > t->rtt)
		took = took * t->rtt / span;
	begin(t, tcb, next);
	if (took <= t->most)
		return 0;
	want = 2 * took + 8 * (took - t->most) +
	       SPARE_SEGMENTS * (u64)tcb->adv_mss;
	t->most = took;
	return min_t(u64, want, TUNE_MAX);
}
