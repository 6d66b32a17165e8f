/* SPDX-License-Identifier: GPL-2.0 */
/* The user's calls on a connection (RFC 9293 3.10.1 to 3.10.6). */
#ifndef XTCP_CORE_USER_H
#define XTCP_CORE_USER_H

#include "req.h"
#include "tcb.h"

void xtcp_user_init(struct xtcp_tcb *tcb, const struct xtcp_params *params);
void xtcp_user_connect(struct xtcp_tcb *tcb, u32 iss, struct xtcp_act *act);
void xtcp_user_accept(struct xtcp_tcb *tcb, const struct xtcp_req *req,
		      u64 now, struct xtcp_act *act);
void xtcp_user_write(struct xtcp_tcb *tcb, u32 len);
void xtcp_user_read(struct xtcp_tcb *tcb);
void xtcp_user_shutdown(struct xtcp_tcb *tcb, struct xtcp_act *act);
void xtcp_user_orphan(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act);
void xtcp_user_abort(struct xtcp_tcb *tcb, struct xtcp_act *act);
void xtcp_user_end(struct xtcp_tcb *tcb, int err, struct xtcp_act *act);
void xtcp_user_set_mss(struct xtcp_tcb *tcb, u16 mss);
void xtcp_user_unreachable(struct xtcp_tcb *tcb, u32 seq, int err,
			   struct xtcp_act *act);

#endif
