/* SPDX-License-Identifier: GPL-2.0 */
/* SYN cookies: the key, and when they are asked for. */
#ifndef XTCP_COOKIE_H
#define XTCP_COOKIE_H

#include "core/seg.h"
#include "hash.h"

u32 xtcp_cookie_make(const struct xtcp_flow *flow, const struct xtcp_seg *syn,
		     u64 now);
bool xtcp_cookie_good(const struct xtcp_flow *flow, const struct xtcp_seg *ack,
		      u64 now);

#endif
