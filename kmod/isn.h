/* SPDX-License-Identifier: GPL-2.0 */
/* Initial sequence numbers, and where the clock of timestamps begins. */
#ifndef XTCP_ISN_H
#define XTCP_ISN_H

#include "hash.h"

u32 xtcp_isn(const struct xtcp_flow *flow);
u32 xtcp_isn_ts_offset(const struct xtcp_flow *flow);

#endif
