/* SPDX-License-Identifier: GPL-2.0 */
/* The round-trip time and the retransmission timeout (RFC 6298). */
#ifndef XTCP_CORE_RTT_H
#define XTCP_CORE_RTT_H

#include "tcb.h"

/* By how much the RTO exceeds SRTT at least, usec */
static inline u32 xtcp_rtt_min(const struct xtcp_tcb *tcb)
{
	return tcb->rto_min ?: tcb->opts.rto_min ?: tcb->params->rto_min;
}

void xtcp_rtt_init(struct xtcp_tcb *tcb);
void xtcp_rtt_syn_lost(struct xtcp_tcb *tcb);
void xtcp_rtt_sample(struct xtcp_tcb *tcb, u64 rtt);
u64 xtcp_rtt_rto(const struct xtcp_tcb *tcb);

#endif
