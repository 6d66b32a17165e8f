/* SPDX-License-Identifier: GPL-2.0 */
/* Keep-alive (RFC 9293 3.8.4): is a peer that has nothing to say still there? */
#ifndef XTCP_CORE_KEEPALIVE_H
#define XTCP_CORE_KEEPALIVE_H

#include "tcb.h"

static inline u32 xtcp_keep_idle(const struct xtcp_tcb *tcb)
{
	return tcb->opts.keep_idle ?: tcb->params->keep_idle;
}

static inline u32 xtcp_keep_interval(const struct xtcp_tcb *tcb)
{
	return tcb->opts.keep_interval ?: tcb->params->keep_interval;
}

static inline u32 xtcp_keep_count(const struct xtcp_tcb *tcb)
{
	return tcb->opts.keep_count ?: tcb->params->keep_count;
}

u32 xtcp_keep_unanswered(const struct xtcp_tcb *tcb);
void xtcp_keep_start(struct xtcp_tcb *tcb, u64 now);
void xtcp_keep_set(struct xtcp_tcb *tcb, bool on, u64 now);
void xtcp_keep_set_idle(struct xtcp_tcb *tcb, u16 seconds);
void xtcp_keep_expire(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);

#endif
