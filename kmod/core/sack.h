/* SPDX-License-Identifier: GPL-2.0 */
/* What a receiver tells of data out of order (RFC 2018 section 4, RFC 2883). */
#ifndef XTCP_CORE_SACK_H
#define XTCP_CORE_SACK_H

#include "seg.h"
#include "seq.h"

struct xtcp_rnode;
struct xtcp_tcb;

/**
 * struct xtcp_sack - the blocks to report
 * @block: ranges that are kept, the one that grew last first
 * @dup: what arrived twice, with @dup_due
 * @n: blocks in @block
 * @dup_due: @dup has not been reported yet
 * @ok: both sides have SACK; in SYN-SENT, we offer it
 */
struct xtcp_sack {
	struct xtcp_range block[XTCP_SACK_MAX];
	struct xtcp_range dup;
	u8 n;
	bool dup_due;
	bool ok;
};

/* Is there anything to report? */
static inline bool xtcp_sack_due(const struct xtcp_sack *s)
{
	return s->n || s->dup_due;
}

/* Is the first block of an ACK a D-SACK by the ACK's own number? RFC 2883 section 5 */
static inline bool xtcp_sack_below(const struct xtcp_seg *seg)
{
	return seg->opts & XTCP_HAS_SACK &&
	       seq_lt(seg->sack[0].start, seg->ack);
}

void xtcp_sack_kept(struct xtcp_tcb *tcb, u32 start, u32 end);
void xtcp_sack_twice(struct xtcp_tcb *tcb, u32 start, u32 end);
void xtcp_sack_advance(struct xtcp_tcb *tcb);
void xtcp_sack_put(const struct xtcp_tcb *tcb, struct xtcp_seg *seg);
struct xtcp_rnode *xtcp_sack_renege(struct xtcp_tcb *tcb);

#endif
