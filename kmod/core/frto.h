/* SPDX-License-Identifier: GPL-2.0 */
/* Was a timeout spurious? F-RTO (RFC 5682). */
#ifndef XTCP_CORE_FRTO_H
#define XTCP_CORE_FRTO_H

#include "tcb.h"

/* tcb->frto */
enum xtcp_frto {
	XTCP_FRTO_OFF,
	XTCP_FRTO_FIRST,	/* the first ACK after the timeout is awaited */
	XTCP_FRTO_NEW,		/* it was new: new data goes out, the second is */
};

void xtcp_frto_timeout(struct xtcp_tcb *tcb);
void xtcp_frto_ack(struct xtcp_tcb *tcb, u32 acked, bool dup,
		   const struct xtcp_rec_said *said, struct xtcp_act *act);
bool xtcp_frto_holds(struct xtcp_tcb *tcb);

#endif
