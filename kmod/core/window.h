/* SPDX-License-Identifier: GPL-2.0 */
/* The receive window that this side offers. */
#ifndef XTCP_CORE_WINDOW_H
#define XTCP_CORE_WINDOW_H

#include "tcb.h"

u8 xtcp_window_scale(u32 space_max);
u32 xtcp_window_now(const struct xtcp_tcb *tcb);
u32 xtcp_window_offer(const struct xtcp_tcb *tcb);
u16 xtcp_window_syn(u32 space);

#endif
