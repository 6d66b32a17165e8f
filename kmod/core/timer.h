/* SPDX-License-Identifier: GPL-2.0 */
/* A connection's deadlines. Callers report what happened; timer.c decides. */
#ifndef XTCP_CORE_TIMER_H
#define XTCP_CORE_TIMER_H

#include "tcb.h"

void xtcp_timer_sent(struct xtcp_tcb *tcb, u64 now);
void xtcp_timer_syn_due(struct xtcp_tcb *tcb);
void xtcp_timer_sent_again(struct xtcp_tcb *tcb, u32 seq, u64 now);
void xtcp_timer_acked(struct xtcp_tcb *tcb, u64 now);
void xtcp_timer_stuck(struct xtcp_tcb *tcb, u64 now);
void xtcp_timer_retry(struct xtcp_tcb *tcb, u64 now);
void xtcp_timer_ack_delayed(struct xtcp_tcb *tcb, u64 now);
void xtcp_timer_ack_sent(struct xtcp_tcb *tcb);
void xtcp_timer_finwait(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);
void xtcp_timer_stop(struct xtcp_tcb *tcb);
u64 xtcp_timer_next(const struct xtcp_tcb *tcb);
void xtcp_timer_expire(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);

#endif
