/* SPDX-License-Identifier: GPL-2.0 */
/* What remains of a connection in TIME-WAIT. */
#ifndef XTCP_CORE_TW_H
#define XTCP_CORE_TW_H

#include "act.h"
#include "seg.h"
#include "tcb.h"

/* 2 MSL, with the MSL of 30 s that Linux has, usec */
#define XTCP_TW_TIME (60 * XTCP_USEC_PER_SEC)

/**
 * struct xtcp_tw - a connection in TIME-WAIT
 * @snd_nxt: SND.NXT
 * @rcv_nxt: RCV.NXT
 * @rcv_wnd: the window to go on offering, as it stands in the header
 * @last_ack: when an ACK was last provoked, usec
 * @ts: timestamps
 */
struct xtcp_tw {
	u32 snd_nxt;
	u32 rcv_nxt;
	u16 rcv_wnd;
	u64 last_ack;
	struct xtcp_ts ts;
};

enum xtcp_tw_verdict {
	XTCP_TW_DROP,		/* nothing more, beside act->reply if flagged */
	XTCP_TW_RESTART,	/* the same, and 2 MSL begin anew */
	XTCP_TW_SYN,		/* a new incarnation may begin with this SYN */
};

void xtcp_tw_init(struct xtcp_tw *tw, const struct xtcp_tcb *tcb);
enum xtcp_tw_verdict xtcp_tw_rx(struct xtcp_tw *tw, const struct xtcp_seg *seg,
				u64 now, struct xtcp_act *act);
void xtcp_tw_refuse(const struct xtcp_tw *tw, u64 now, struct xtcp_act *act);
u32 xtcp_tw_next_iss(const struct xtcp_tw *tw);

#endif
