/* SPDX-License-Identifier: GPL-2.0 */
/* Losses that were none (RFC 3522, RFC 4015). */
#ifndef XTCP_CORE_UNDO_H
#define XTCP_CORE_UNDO_H

#include "tcb.h"

void xtcp_undo_arm(struct xtcp_tcb *tcb);
void xtcp_undo_never(struct xtcp_tcb *tcb);
void xtcp_undo_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg);
void xtcp_undo_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   u64 now, struct xtcp_act *act);
void xtcp_undo_frto(struct xtcp_tcb *tcb, u32 acked, struct xtcp_act *act);
void xtcp_undo_dsack(struct xtcp_tcb *tcb, u32 start, u32 end,
		     struct xtcp_act *act);

#endif
