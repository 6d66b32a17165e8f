/* SPDX-License-Identifier: GPL-2.0 */
/* How long a connection goes on in vain: R1, R2 and the user timeout. */
#ifndef XTCP_CORE_LIMIT_H
#define XTCP_CORE_LIMIT_H

#include "tcb.h"

bool xtcp_limit_rtx(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);
bool xtcp_limit_probe(struct xtcp_tcb *tcb, u64 now);
u64 xtcp_limit_wait(const struct xtcp_tcb *tcb, u64 now);
u64 xtcp_limit_finwait(const struct xtcp_tcb *tcb);

/* The peer has answered: what it was silent before does not count */
static inline void xtcp_limit_answered(struct xtcp_tcb *tcb)
{
	tcb->tries = 0;
	tcb->stuck = 0;
}

#endif
