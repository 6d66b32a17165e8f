// SPDX-License-Identifier: GPL-2.0
/* Resets and ACKs made from nothing but the segment that they answer. */
#include "reply.h"

/**
 * xtcp_reply_bare - a segment without payload, options and window
 * @out: gets it
 * @seq: SEG.SEQ
 * @ack: SEG.ACK, if @flags has XTCP_ACK
 * @flags: its control bits
 */
void xtcp_reply_bare(struct xtcp_seg *out, u32 seq, u32 ack, u8 flags)
{
	memset(out, 0, sizeof(*out));
	out->seq = seq;
	out->ack = ack;
	out->flags = flags;
	out->hlen = 20;
}

/**
 * xtcp_reply_rst - the reset for a segment that belongs to no connection
 * @out: gets it
 * @seg: the segment (RFC 9293 3.10.7.1)
 *
 * Return: false if none may be sent, as @seg is a reset itself
 */
bool xtcp_reply_rst(struct xtcp_seg *out, const struct xtcp_seg *seg)
{
	if (seg->flags & XTCP_RST)
		return false;
	if (seg->flags & XTCP_ACK)
		xtcp_reply_bare(out, seg->ack, 0, XTCP_RST);
	else
		xtcp_reply_bare(out, 0, xtcp_seg_end(seg),
				XTCP_RST | XTCP_ACK);
	return true;
}
