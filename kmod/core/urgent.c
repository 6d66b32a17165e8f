// SPDX-License-Identifier: GPL-2.0
/*
 * The urgent pointer, both ways (RFC 9293 3.8.5, and the sixth step of 3.10.7.4).
 * The urgent octet itself is the shell's: it keeps a copy, as the stream may be
 * far from it.
 */
#include "urgent.h"
#include "act.h"
#include "seq.h"

/* RCV.UP <- max(RCV.UP, SEG.UP), if that is ahead of what the user can have read */
static void point(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		  struct xtcp_act *act)
{
	/* 0 means nothing; Linux takes it for the segment's first octet */
	u32 up = seg->seq + (seg->up ? seg->up - 1 : 0);

	if (seq_lt(up, tcb->rcv_nxt))
		return;
	if (tcb->urg && seq_le(up, tcb->rcv_up))
		return;
	act->flags |= XTCP_ACT_URGENT;
	if (tcb->urg) {
		act->flags |= XTCP_ACT_URG_MOVED;
		act->urg_was = tcb->rcv_up;
	}
	tcb->urg = XTCP_URG_AWAITED;
	tcb->rcv_up = up;
}

/**
 * xtcp_urgent_rx - the sixth step: URG; and is the urgent octet in this segment?
 * @tcb: the connection
 * @seg: the segment, acceptable
 * @act: what to do
 *
 * The octet is taken out of order, too, and where there is no window for it
 * (MUST-66): it is the user's at once, and passed over when the stream gets there.
 */
void xtcp_urgent_rx(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		    struct xtcp_act *act)
{
	/* behind a FIN there is nothing urgent */
	if (!xtcp_state_in(tcb->state, XTCP_F(ESTABLISHED) |
			   XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2)))
		return;
	if (seg->flags & XTCP_URG)
		point(tcb, seg, act);
	if (tcb->urg != XTCP_URG_AWAITED || tcb->rcv_up - seg->seq >= seg->len)
		return;
	tcb->urg = XTCP_URG_HERE;
	act->flags |= XTCP_ACT_URG_OCTET;
	act->urg_off = tcb->rcv_up - seg->seq;
}

/**
 * xtcp_urgent_ready - what was kept out of order has its turn
 * @tcb: the connection, with RCV.NXT behind it
 * @act: what to do
 *
 * The octet may be there: it came before the pointer to it did.
 */
void xtcp_urgent_ready(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	if (tcb->urg != XTCP_URG_AWAITED || seq_ge(tcb->rcv_up, tcb->rcv_nxt))
		return;
	tcb->urg = XTCP_URG_HERE;
	act->flags |= XTCP_ACT_URG_READY;
}

/**
 * xtcp_urgent_passed - RECEIVE: the user's reading has come so far
 * @tcb: the connection
 * @next: the octet that the user reads next
 */
void xtcp_urgent_passed(struct xtcp_tcb *tcb, u32 next)
{
	if (tcb->urg && seq_gt(next, tcb->rcv_up))
		tcb->urg = XTCP_URG_NONE;
}

/**
 * xtcp_urgent_write - SEND with the urgent flag: what was written up to now is
 * @tcb: the connection, after xtcp_user_write()
 */
void xtcp_urgent_write(struct xtcp_tcb *tcb)
{
	tcb->snd_up = tcb->snd_end;
	tcb->snd_urg = true;
}

/**
 * xtcp_urgent_limit - how much may be proposed at once
 * @tcb: the connection, with snd_urg
 * @max: what the shell can send at once
 *
 * The pointer is relative to each segment, so they go out singly.
 */
u32 xtcp_urgent_limit(struct xtcp_tcb *tcb, u32 max)
{
	if (seq_lt(tcb->snd_una, tcb->snd_up))
		return min_t(u32, max, tcb->mss);
	tcb->snd_urg = false;
	return max;
}

/**
 * xtcp_urgent_stamp - say where the urgent data ends
 * @tcb: the connection, with snd_urg
 * @seg: a segment that goes out
 *
 * Further ahead than 16 bits can tell, it points as far as it can; but never into
 * what was sent already, where another octet would be taken for the urgent one.
 */
void xtcp_urgent_stamp(const struct xtcp_tcb *tcb, struct xtcp_seg *seg)
{
	u32 ahead = tcb->snd_up - seg->seq;

	if (seq_ge(seg->seq, tcb->snd_up) || seg->flags & XTCP_SYN)
		return;
	if (ahead > 65535) {
		ahead = 65535;
		if (seq_le(seg->seq + ahead, tcb->snd_nxt))
			return;
	}
	seg->flags |= XTCP_URG;
	seg->up = ahead;
}
