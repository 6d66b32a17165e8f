/* SPDX-License-Identifier: GPL-2.0 */
/* Loss recovery where the peer has SACK: RACK-TLP (RFC 8985), PRR (RFC 6937). */
#ifndef XTCP_CORE_RACK_H
#define XTCP_CORE_RACK_H

#include "rec.h"

/*
 * What was sent within that part of the least round trip has one record, and is
 * as old as the first of it: half of the smallest reordering window, and no
 * more than eight records or so to a round trip.
 */
#define XTCP_RACK_BURST 8

/* How long the least round trip counts (RFC 8985 6.2 step 1) */
#define XTCP_RACK_MIN_RTT_WINDOW (300 * XTCP_USEC_PER_SEC)

struct xtcp_act;
struct xtcp_seg;
struct xtcp_tcb;

/**
 * struct xtcp_rack - RACK's, PRR's and the tail probe's state
 * @xmit: when the newest segment known to have arrived was sent, usec
 * @min_rtt_at: when @min_rtt was measured, usec
 * @end: behind the last octet of that of @xmit
 * @rtt: how long that took, usec
 * @min_rtt: the least round trip of the last minutes, usec, or 0
 * @fack: behind the highest octet that is known to have arrived
 * @dsack_round: SND.NXT when the reordering window last grew
 * @prr_delivered: octets that arrived since recovery began
 * @prr_out: octets sent since then
 * @prr_flight: octets outstanding then
 * @tlp_end: SND.NXT when a tail probe was sent
 * @mult: the reordering window, in quarters of @min_rtt
 * @persist: recoveries for which @mult stays
 * @on: losses are found by time, with records of what was sent when
 * @reordered: the network is known to reorder
 * @tlp_due: a tail probe is to be sent
 * @tlp_out: one was, and nothing was heard of it yet
 * @tlp_again: it was of octets that had been sent before
 * @tlp_stale: no round trip was measured since
 * @tlp_late: the next waits for an ACK that the peer may delay
 * @beyond: of what was sent since recovery or a timeout began something was lost, too
 * @mended: recovery is for what was lost before it and sent again, and for nothing else
 * @reordering: segments that what was overtaken was behind at most, or 0
 */
struct xtcp_rack {
	u64 xmit;
	u64 min_rtt_at;
	u32 end;
	u32 rtt;
	u32 min_rtt;
	u32 fack;
	u32 dsack_round;
	u32 prr_delivered;
	u32 prr_out;
	u32 prr_flight;
	u32 tlp_end;
	u8 mult;
	u8 persist;
	bool on;
	bool reordered;
	bool tlp_due;
	bool tlp_out;
	bool tlp_again:1;
	bool tlp_stale:1;
	bool tlp_late:1;
	bool beyond:1;
	bool mended:1;
	u16 reordering;
};

/* A round trip was measured, usec */
static inline void xtcp_rack_rtt(struct xtcp_rack *k, u64 rtt, u64 now)
{
	u32 r = min_t(u64, rtt + !rtt, U32_MAX);

	if (r > k->min_rtt && k->min_rtt &&
	    now - k->min_rtt_at < XTCP_RACK_MIN_RTT_WINDOW)
		return;
	k->min_rtt = r;
	k->min_rtt_at = now;
}

void xtcp_rack_open(struct xtcp_tcb *tcb);
void xtcp_rack_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   u32 sacked_before, struct xtcp_rec_said *said, u64 now,
		   struct xtcp_act *act);
void xtcp_rack_reorder_timeout(struct xtcp_tcb *tcb, u64 now,
			       struct xtcp_act *act);
void xtcp_rack_late(struct xtcp_tcb *tcb, u32 took);
void xtcp_rack_rto(struct xtcp_tcb *tcb, u64 now);
u64 xtcp_rack_pto(const struct xtcp_tcb *tcb);
void xtcp_rack_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg);

#endif
