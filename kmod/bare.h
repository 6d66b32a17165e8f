/* SPDX-License-Identifier: GPL-2.0 */
/* Segments that no full socket sends: resets, SYN-ACKs, TIME-WAIT's ACKs. */
#ifndef XTCP_BARE_H
#define XTCP_BARE_H

#include "hash.h"

struct sock;
struct xtcp_seg;

bool xtcp_bare_send(struct sock *sk, const struct xtcp_flow *flow, u32 hash,
		    const struct xtcp_seg *seg);

#endif
