// SPDX-License-Identifier: GPL-2.0
/*
 * The blocks of the SACK option. Reassembly keeps segments, and a block may
 * span thousands of them: looking for its ends in the tree at each ACK would
 * let a peer have it walked for each segment. So the few blocks that can be
 * reported are kept beside it, and grow as segments come, as Linux TCP does
 * it: a block that was pushed out by four newer ones begins anew, smaller than
 * it is, when it grows again.
 */
#include "sack.h"
#include "reasm.h"
#include "seq.h"
#include "tcb.h"

static void remove_block(struct xtcp_sack *s, u32 i)
{
	s->n--;
	for (; i < s->n; i++)
		s->block[i] = s->block[i + 1];
}

/**
 * xtcp_sack_kept - a range is in reassembly, whole
 * @tcb: the connection
 * @start: its first octet
 * @end: behind its last; a FIN counts
 */
void xtcp_sack_kept(struct xtcp_tcb *tcb, u32 start, u32 end)
{
	struct xtcp_sack *s = &tcb->sack;
	u32 i;

	if (!s->ok || start == end)
		return;
	for (i = 0; i < s->n;) {
		const struct xtcp_range *b = &s->block[i];

		if (seq_gt(b->start, end) || seq_lt(b->end, start)) {
			i++;
			continue;
		}
		start = seq_min(start, b->start);
		end = seq_max(end, b->end);
		remove_block(s, i);
	}
	/* RFC 2018 section 4: the newest first; the oldest has no room */
	if (s->n < XTCP_SACK_MAX)
		s->n++;
	for (i = s->n - 1; i; i--)
		s->block[i] = s->block[i - 1];
	s->block[0].start = start;
	s->block[0].end = end;
}

/**
 * xtcp_sack_twice - a range has arrived that had arrived before
 * @tcb: the connection
 * @start: its first octet
 * @end: behind its last
 */
void xtcp_sack_twice(struct xtcp_tcb *tcb, u32 start, u32 end)
{
	struct xtcp_sack *s = &tcb->sack;

	if (!s->ok || !tcb->params->dsack || seq_le(end, start))
		return;
	s->dup.start = start;
	s->dup.end = end;
	s->dup_due = true;
}

/* Of what was pushed out, the last is reported when nothing else is left */
static void refill(struct xtcp_tcb *tcb)
{
	const struct xtcp_rnode *last = tcb->reasm.last;

	if (!tcb->sack.n && last)
		xtcp_sack_kept(tcb, last->seq, last->end + last->fin);
}

/**
 * xtcp_sack_advance - RCV.NXT has passed some of what was kept
 * @tcb: the connection
 */
void xtcp_sack_advance(struct xtcp_tcb *tcb)
{
	struct xtcp_sack *s = &tcb->sack;
	u32 i;

	for (i = 0; i < s->n;) {
		if (seq_le(s->block[i].start, tcb->rcv_nxt))
			remove_block(s, i);
		else
			i++;
	}
	refill(tcb);
}

/**
 * xtcp_sack_put - complete an ACK
 * @tcb: the connection, with something to report
 * @seg: the ACK; has its other options
 */
void xtcp_sack_put(const struct xtcp_tcb *tcb, struct xtcp_seg *seg)
{
	u32 room = XTCP_WIRE_HLEN_MAX - seg->hlen - 4;
	const struct xtcp_sack *s = &tcb->sack;
	u32 max = min_t(u32, room / XTCP_OPT_SACK_BLOCK, XTCP_SACK_MAX), i;

	seg->nsack = 0;
	if (s->dup_due)		/* RFC 2883 section 4: first */
		seg->sack[seg->nsack++] = s->dup;
	for (i = 0; i < s->n && seg->nsack < max; i++)
		seg->sack[seg->nsack++] = s->block[i];
	seg->opts |= XTCP_HAS_SACK;
	seg->hlen += 4 + seg->nsack * XTCP_OPT_SACK_BLOCK;
}

/**
 * xtcp_sack_renege - give up the range furthest from its turn, for its memory
 * @tcb: the connection
 *
 * RFC 2018 section 8: what is not held any more is not reported any more.
 *
 * Return: the node, now the caller's, or NULL if there is none
 */
struct xtcp_rnode *xtcp_sack_renege(struct xtcp_tcb *tcb)
{
	struct xtcp_rnode *n = xtcp_reasm_drop_last(&tcb->reasm);
	struct xtcp_sack *s = &tcb->sack;
	u32 i;

	for (i = 0; n && i < s->n;) {
		struct xtcp_range *b = &s->block[i];

		if (seq_gt(b->end, n->seq))
			b->end = n->seq;
		if (seq_le(b->end, b->start))
			remove_block(s, i);
		else
			i++;
	}
	refill(tcb);
	return n;
}
