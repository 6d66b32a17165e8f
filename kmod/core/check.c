// SPDX-License-Identifier: GPL-2.0
/* What must hold of a TCB between any two events; tests ask after each. */
#include "seq.h"
#include "tcb.h"

static const char *check_send(const struct xtcp_tcb *t)
{
	if (seq_gt(t->snd_una, t->snd_nxt))
		return "SND.UNA is behind SND.NXT";
	if (seq_gt(t->snd_nxt, t->snd_end + t->fin_queued))
		return "more was sent than written";
	if (t->rtx_nxt != t->rtx_end &&
	    (seq_lt(t->rtx_nxt, t->snd_una) || seq_gt(t->rtx_end, t->snd_nxt) ||
	     seq_gt(t->rtx_nxt, t->rtx_end)))
		return "the lost range is not within what is outstanding";
	if (t->cong.cwnd < t->cong.mss)
		return "cwnd is below one segment";
	return NULL;
}

static const char *check_timers(const struct xtcp_tcb *t)
{
	bool todo = seq_lt(t->snd_nxt, t->snd_end + t->fin_queued);

	if (t->snd_una != t->snd_nxt && !t->deadline[XTCP_TIMER_RTX])
		return "data is outstanding and RTX is off";
	if (todo && t->snd_una == t->snd_nxt && t->snd_nxt != t->iss &&
	    !t->deadline[XTCP_TIMER_PERSIST] && !t->probe_due)
		return "data waits, nothing is outstanding, PERSIST is off";
	if (t->ack_due == XTCP_ACK_DELAYED && !t->deadline[XTCP_TIMER_DELACK])
		return "an ACK is delayed and DELACK is off";
	if (t->state == XTCP_FIN_WAIT_2 && t->orphan &&
	    !t->deadline[XTCP_TIMER_FINWAIT])
		return "FIN-WAIT-2 without a user could last for ever";
	return NULL;
}

/**
 * xtcp_tcb_check - look for a broken invariant
 * @tcb: the connection, after the shell has sent all that was due
 *
 * Return: what is wrong, or NULL
 */
const char *xtcp_tcb_check(const struct xtcp_tcb *tcb)
{
	const char *why;

	if (xtcp_state_in(tcb->state, XTCP_F(CLOSED) | XTCP_F(LISTEN) |
			  XTCP_F(TIME_WAIT)))
		return NULL;
	why = check_send(tcb);
	if (!why)
		why = check_timers(tcb);
	if (why || tcb->state == XTCP_SYN_SENT)
		return why;
	if (seq_gt(tcb->rcv_acked, tcb->rcv_nxt))
		return "more was acknowledged than received";
	if (tcb->reasm.root &&
	    seq_le(xtcp_reasm_first(&tcb->reasm)->seq, tcb->rcv_nxt))
		return "data in order was not taken out of reassembly";
	return NULL;
}
