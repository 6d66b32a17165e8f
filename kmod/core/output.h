/* SPDX-License-Identifier: GPL-2.0 */
/* What to send next. */
#ifndef XTCP_CORE_OUTPUT_H
#define XTCP_CORE_OUTPUT_H

#include "tcb.h"

/**
 * xtcp_output_idle - is there certainly nothing for xtcp_output_next() to find,
 * unless a bare ACK that can wait
 * @tcb: the connection
 */
static inline bool xtcp_output_idle(const struct xtcp_tcb *tcb)
{
	return tcb->snd_nxt == tcb->snd_end + tcb->fin_queued &&
	       tcb->rtx_nxt == tcb->rtx_end && !tcb->rec.lost &&
	       !tcb->probe_due && !tcb->rack.tlp_due &&
	       tcb->ack_due != XTCP_ACK_NOW;
}

/**
 * xtcp_output_data - may there be data to send, for the first time or again?
 * @tcb: the connection
 */
static inline bool xtcp_output_data(const struct xtcp_tcb *tcb)
{
	return tcb->snd_nxt != tcb->snd_end || tcb->rtx_nxt != tcb->rtx_end ||
	       tcb->rec.lost || tcb->rack.tlp_due;
}

bool xtcp_output_next(struct xtcp_tcb *tcb, u64 now, u32 max,
		      struct xtcp_seg *seg);
void xtcp_output_commit(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u64 now);
void xtcp_output_ack(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);
void xtcp_output_stamp(const struct xtcp_tcb *tcb, u64 now,
		       struct xtcp_seg *seg);
void xtcp_output_failed(struct xtcp_tcb *tcb, u64 now);

#endif
