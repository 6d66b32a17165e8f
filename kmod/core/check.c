// SPDX-License-Identifier: GPL-2.0
/* What must hold of a TCB between any two events; tests ask after each. */
#include "seq.h"
#include "tcb.h"
#include "urgent.h"

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
	if (t->rack.on && t->snd_una != t->iss)
		return xtcp_rec_check((struct xtcp_recs *)&t->rec, t->snd_una,
				      t->snd_nxt);
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
	    !t->deadline[XTCP_TIMER_PERSIST] && !t->deadline[XTCP_TIMER_PACE] &&
	    !t->probe_due)
		return "data waits, nothing is outstanding, PERSIST is off";
	if (t->ack_due == XTCP_ACK_DELAYED && !t->deadline[XTCP_TIMER_DELACK])
		return "an ACK is delayed and DELACK is off";
	if (t->opts.keepalive && !t->orphan && !t->deadline[XTCP_TIMER_KEEP] &&
	    xtcp_state_in(t->state, XTCP_F(ESTABLISHED) | XTCP_F(CLOSE_WAIT) |
			  XTCP_F(FIN_WAIT_2)))
		return "keep-alive is on, and KEEP is off";
	if (t->state == XTCP_FIN_WAIT_2 && t->orphan &&
	    !t->deadline[XTCP_TIMER_FINWAIT])
		return "FIN-WAIT-2 without a user could last for ever";
	return NULL;
}

static const char *check_pmtu(const struct xtcp_tcb *t)
{
	const struct xtcp_pmtu *p = &t->pmtu;
	u32 room = xtcp_tcb_opt_room(t);

	if (p->on && t->mss + room > max_t(u32, p->low, t->params->min_mss))
		return "segments are larger than what is known to arrive";
	if (p->sent > t->mss && p->phase != XTCP_PMTU_PROBING)
		return "a segment was too large";
	if (p->phase == XTCP_PMTU_PROBING &&
	    (seq_le(p->seq + p->size - room, t->snd_una) ||
	     seq_gt(p->seq + p->size - room, t->snd_nxt)))
		return "a probe is waited for that is not outstanding";
	if ((p->phase || p->icmp || p->acked != p->sent) && !p->watch)
		return "the search for the MTU waits for nothing";
	return NULL;
}

static const char *check_urgent(const struct xtcp_tcb *t)
{
	if (t->snd_urg && seq_gt(t->snd_up, t->snd_end))
		return "what is urgent was not written";
	if (t->urg == XTCP_URG_AWAITED && seq_lt(t->rcv_up, t->rcv_nxt) &&
	    xtcp_state_in(t->state, XTCP_F(ESTABLISHED) |
			  XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2)))
		return "the urgent octet came, and nobody was told";
	return NULL;
}

static const char *check_sack(const struct xtcp_tcb *t)
{
	const struct xtcp_sack *s = &t->sack;
	u32 i, j;

	if (!s->ok && xtcp_sack_due(s))
		return "SACK was not agreed on, and there is something to report";
	if (!s->n && s->ok && !xtcp_reasm_empty(&t->reasm))
		return "what is kept out of order is not reported";
	for (i = 0; i < s->n; i++) {
		const struct xtcp_range *a = &s->block[i];

		if (seq_le(a->start, t->rcv_nxt) || seq_le(a->end, a->start))
			return "a block is empty, or not out of order";
		if (!t->reasm.last ||
		    seq_gt(a->end, t->reasm.last->end + t->reasm.last->fin))
			return "a block reaches beyond what is kept";
		for (j = 0; j < i; j++)
			if (seq_le(a->start, s->block[j].end) &&
			    seq_ge(a->end, s->block[j].start))
				return "two blocks are one";
	}
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
	why = check_pmtu(tcb);
	if (!why)
		why = check_urgent(tcb);
	return why ? why : check_sack(tcb);
}
