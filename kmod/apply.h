/* SPDX-License-Identifier: GPL-2.0 */
/* Carrying out what the core decided. */
#ifndef XTCP_APPLY_H
#define XTCP_APPLY_H

#include "sock.h"

bool xtcp_apply(struct sock *sk, struct xtcp_act *act);
void xtcp_apply_finish(struct sock *sk, struct xtcp_act *act, u64 now);
void xtcp_apply_segment(struct sock *sk, struct xtcp_act *act, u64 now);
void xtcp_apply_sent(struct sock *sk);

#endif
