// SPDX-License-Identifier: GPL-2.0
/*
 * Reno congestion control: slow start and congestion avoidance (RFC 5681 3.1)
 * with appropriate byte counting (RFC 3465), and the reductions after a loss.
 * Which segments are lost is for ack.c to decide.
 */
#include "cong.h"

#define CWND_MAX (1U << 30)

/**
 * xtcp_cong_init - begin with the initial window (RFC 6928)
 * @c: the state
 * @mss: SMSS, octets
 * @initial_segments: the initial window, segments
 */
void xtcp_cong_init(struct xtcp_cong *c, u32 mss, u32 initial_segments)
{
	c->mss = mss;
	c->cwnd = mss * initial_segments;
	c->ssthresh = CWND_MAX;
	c->acked = 0;
}

/**
 * xtcp_cong_acked - new data was acknowledged, outside loss recovery
 * @c: the state
 * @acked: octets that the ACK covered
 * @flight: octets outstanding before it
 *
 * A window that was not used says nothing about the network and does not grow.
 */
void xtcp_cong_acked(struct xtcp_cong *c, u32 acked, u32 flight)
{
	if (xtcp_cong_slow_start(c)) {
		if (flight < c->cwnd / 2)
			return;
		/*
		 * RFC 3465 with L = 2: delayed ACKs do not slow the start. After
		 * a timeout L is 1, as one ACK then often covers much that had
		 * arrived long before.
		 */
		c->cwnd += min_t(u32, acked, c->ssthresh == CWND_MAX ?
					     2 * c->mss : c->mss);
	} else {
		if (flight + c->mss < c->cwnd)
			return;
		c->acked += acked;
		if (c->acked < c->cwnd)
			return;
		c->acked -= c->cwnd;
		c->cwnd += c->mss;
	}
	c->cwnd = min_t(u32, c->cwnd, CWND_MAX);
}

/* RFC 5681 equation 4 */
static void halve(struct xtcp_cong *c, u32 flight)
{
	c->ssthresh = max_t(u32, flight / 2, 2 * c->mss);
	c->acked = 0;
}

/**
 * xtcp_cong_lost - a loss was found by duplicate ACKs
 * @c: the state; @c->cwnd is left for ack.c to inflate and deflate
 * @flight: octets outstanding
 */
void xtcp_cong_lost(struct xtcp_cong *c, u32 flight)
{
	halve(c, flight);
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
		halve(c, flight);
	c->cwnd = c->mss;
	c->acked = 0;
}

/**
 * xtcp_cong_idle - sending resumes after more than an RTO of silence
 * @c: the state
 * @initial_segments: the restart window, segments (RFC 5681 4.1)
 */
void xtcp_cong_idle(struct xtcp_cong *c, u32 initial_segments)
{
	c->cwnd = min_t(u32, c->cwnd, c->mss * initial_segments);
}
