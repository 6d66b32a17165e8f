/* SPDX-License-Identifier: GPL-2.0 */
/* SEGMENT ARRIVES (RFC 9293 3.10.7), and the pieces it is made of. */
#ifndef XTCP_CORE_INPUT_H
#define XTCP_CORE_INPUT_H

#include "tcb.h"

/* ACKs provoked by segments without data are this far apart (RFC 5961 7) */
#define XTCP_INPUT_CHALLENGE_GAP (500 * XTCP_USEC_PER_MSEC)

void xtcp_input_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		   struct xtcp_rnode *node, u64 now, struct xtcp_act *act);
void xtcp_input_challenge(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);
void xtcp_input_synced(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		       struct xtcp_rnode *node, u64 now, struct xtcp_act *act);

/* synsent.c */
void xtcp_synsent_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		     struct xtcp_rnode *node, u64 now, struct xtcp_act *act);

/* ack.c */
bool xtcp_ack_rx(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		 struct xtcp_act *act);

/* data.c */
void xtcp_data_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		  struct xtcp_rnode *node, u64 now, struct xtcp_act *act);

#endif
