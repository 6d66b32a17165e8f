/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The path's MTU as segments themselves find it (RFC 4821, RFC 8899), and what
 * is believed of routers that report one (RFC 5927). Sizes here are of payload
 * and options: an MTU less the two headers without options.
 */
#ifndef XTCP_CORE_PMTU_H
#define XTCP_CORE_PMTU_H

#include "types.h"

struct xtcp_act;
struct xtcp_seg;
struct xtcp_tcb;

enum xtcp_pmtu_phase {
	XTCP_PMTU_IDLE,
	XTCP_PMTU_PROBING,	/* a larger segment is out */
	XTCP_PMTU_VERIFYING,	/* one has arrived; do others? */
};

/**
 * struct xtcp_pmtu - a connection's search for the path's MTU
 * @seq: while PROBING the probe's number; while VERIFYING where larger segments began
 * @sent_end: behind the first segment of @sent
 * @icmp_seq: the number that the report of @icmp quoted
 * @rest: second in which the search was found to be over, or 0
 * @path: the size that route and user allow
 * @low: this size is believed to arrive
 * @high: no larger size is
 * @size: while PROBING the probe's size; while VERIFYING the size before
 * @sent: the largest payload sent
 * @acked: the largest payload known to have arrived
 * @icmp: a report of this payload waits for its segment's fate, or 0
 * @phase: enum xtcp_pmtu_phase
 * @on: the search is on: segments are of @low at most
 * @watch: the next ACK of new data is of interest here
 */
struct xtcp_pmtu {
	u32 seq;
	u32 sent_end;
	u32 icmp_seq;
	u32 rest;
	u16 path;
	u16 low;
	u16 high;
	u16 size;
	u16 sent;
	u16 acked;
	u16 icmp;
	u8 phase;
	bool on:1;
	bool watch:1;
};

/* While verifying, losses of so many segments are judged */
#define XTCP_PMTU_VERIFY 16

/* The least that the network carries whole, less headers (RFC 8200 section 5) */
#define XTCP_PMTU_LEAST6 (1280 - 60)

void xtcp_pmtu_open(struct xtcp_tcb *tcb, u32 room);
u16 xtcp_pmtu_path(struct xtcp_tcb *tcb, u16 size);
void xtcp_pmtu_use(struct xtcp_tcb *tcb, u16 mss);
u32 xtcp_pmtu_probe(struct xtcp_tcb *tcb, u64 now, u32 unsent, u32 wnd);
void xtcp_pmtu_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg);
void xtcp_pmtu_resent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg);
void xtcp_pmtu_acked(struct xtcp_tcb *tcb, struct xtcp_act *act);
bool xtcp_pmtu_lost(struct xtcp_tcb *tcb, struct xtcp_act *act);
bool xtcp_pmtu_lost_first(struct xtcp_tcb *tcb, struct xtcp_act *act);
void xtcp_pmtu_timeout(struct xtcp_tcb *tcb, struct xtcp_act *act);
bool xtcp_pmtu_too_big(struct xtcp_tcb *tcb, u32 seq, u32 size);
u32 xtcp_pmtu_overdue(struct xtcp_tcb *tcb);

#endif
