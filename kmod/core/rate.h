/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How fast the network delivers (draft-cheng-iccrg-delivery-rate-estimation),
 * for an algorithm of congestion control that asks for it; nothing is kept for
 * the others.
 */
#ifndef XTCP_CORE_RATE_H
#define XTCP_CORE_RATE_H

#include "types.h"

struct xtcp_rec;
struct xtcp_rec_said;
struct xtcp_tcb;

/**
 * struct xtcp_rate - the state of the estimator
 * @delivered_at: when tcb->delivered last grew, usec: C.delivered_time
 * @first_sent: when what was delivered then was sent, usec: C.first_sent_time
 * @bubble: with @limited, a pause for want of data lasts until tcb->delivered
 *	has passed this: C.app_limited
 * @lost: octets taken for lost so far, modulo 2^32
 * @lost_told: those of them that the algorithm knows of
 * @best: the last good sample, octets/s, or 0
 * @limited: see @bubble
 * @best_limited: @best was measured while data was wanting
 * @restart: nothing was outstanding when what is under way was sent
 */
struct xtcp_rate {
	u64 delivered_at;
	u64 first_sent;
	u64 best;
	u32 bubble;
	u32 lost;
	u32 lost_told;
	bool limited;
	bool best_limited;
	bool restart;
};

void xtcp_rate_idle(struct xtcp_tcb *tcb, u64 now);
void xtcp_rate_stamp(struct xtcp_tcb *tcb, struct xtcp_rec *rec);
void xtcp_rate_sent_again(struct xtcp_tcb *tcb, u32 start, u32 end);
void xtcp_rate_write(struct xtcp_tcb *tcb);
void xtcp_rate_ack(struct xtcp_tcb *tcb, const struct xtcp_rec *newest,
		   u32 flight, u32 delivered, u64 now);

#endif
