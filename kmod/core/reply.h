/* SPDX-License-Identifier: GPL-2.0 */
/* Segments sent in answer to one that no connection stands behind. */
#ifndef XTCP_CORE_REPLY_H
#define XTCP_CORE_REPLY_H

#include "seg.h"

void xtcp_reply_bare(struct xtcp_seg *out, u32 seq, u32 ack, u8 flags);
bool xtcp_reply_rst(struct xtcp_seg *out, const struct xtcp_seg *seg);

#endif
