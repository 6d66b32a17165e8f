// SPDX-License-Identifier: GPL-2.0
/*
 * All timers of a connection:
 *
 * RTX      armed while anything is outstanding; expires an RTO after the
 *          oldest was sent or the last new ACK came (RFC 6298 section 5).
 * PERSIST  armed when there is something to send, nothing outstanding, and no
 *          room to send it: the window is closed or too small (RFC 9293
 *          3.8.6.1), or memory was short.
 * DELACK   armed when an ACK waits for company (RFC 9293 3.8.6.3).
 * FINWAIT  armed in FIN-WAIT-2 once the user is gone, so that a peer that
 *          never closes does not hold the connection for ever.
 * KEEP     in the same place, as no user means no keep-alive: keepalive.c has it.
 * PACE     armed when data waits for its time to leave (pace.c); the shell has a
 *          finer kernel timer for this one.
 *
 * The shell keeps one kernel timer for the earliest of them and calls
 * xtcp_timer_expire() when it is due. TIME-WAIT has its own record and timer.
 */
#include "timer.h"
#include "ecn.h"
#include "frto.h"
#include "keepalive.h"
#include "limit.h"
#include "pmtu.h"
#include "rtt.h"
#include "seq.h"
#include "undo.h"
#include "user.h"

/* The tail is probed before its loss costs a timeout, never later */
static void arm(struct xtcp_tcb *tcb, u64 now)
{
	u64 rto = xtcp_rtt_rto(tcb), pto = xtcp_rack_pto(tcb);

	tcb->rtx_for = pto ? XTCP_RTX_PROBE : XTCP_RTX_RTO;
	tcb->rack.tlp_late = pto && xtcp_rack_delayable(tcb);
	tcb->deadline[XTCP_TIMER_RTX] = now + (pto && pto < rto ? pto : rto);
}

#define RETRY_DELAY (20 * XTCP_USEC_PER_MSEC)
#define ACK_RETRY_DELAY (200 * XTCP_USEC_PER_MSEC)

/**
 * xtcp_timer_sent - something that must be acknowledged was sent
 * @tcb: the connection
 * @now: usec
 */
void xtcp_timer_sent(struct xtcp_tcb *tcb, u64 now)
{
	u64 *due = &tcb->deadline[XTCP_TIMER_RTX];

	tcb->deadline[XTCP_TIMER_PERSIST] = 0;
	if (!*due) {				/* (5.1) */
		arm(tcb, now);
	} else if (unlikely(tcb->rack.tlp_late && !xtcp_rack_delayable(tcb))) {
		u64 pto = xtcp_rack_pto(tcb);

		tcb->rack.tlp_late = false;
		if (tcb->rtx_for == XTCP_RTX_PROBE && pto)
			*due = min_t(u64, *due, now + pto);
	}
}

/**
 * xtcp_timer_syn_due - a SYN is to be sent, and nothing is outstanding before
 * @tcb: the connection
 */
void xtcp_timer_syn_due(struct xtcp_tcb *tcb)
{
	tcb->deadline[XTCP_TIMER_RTX] = 0;
}

/**
 * xtcp_timer_sent_again - what is lost was sent again in loss recovery by SACK
 * @tcb: the connection
 * @seq: its first octet
 * @now: usec
 *
 * What is first has a whole timeout each time (RFC 6675 section 6). It may be lost
 * more than once, which RACK finds as long as ACKs come, while SND.UNA stays.
 */
void xtcp_timer_sent_again(struct xtcp_tcb *tcb, u32 seq, u64 now)
{
	if (seq == tcb->snd_una && tcb->rtx_for == XTCP_RTX_RTO)
		tcb->deadline[XTCP_TIMER_RTX] = now + xtcp_rtt_rto(tcb);
}

/**
 * xtcp_timer_acked - SND.UNA has moved
 * @tcb: the connection
 * @now: usec
 */
void xtcp_timer_acked(struct xtcp_tcb *tcb, u64 now)
{
	tcb->rack.tlp_due = false;
	if (tcb->snd_una == tcb->snd_nxt)	/* (5.2) */
		tcb->deadline[XTCP_TIMER_RTX] = 0;
	else					/* (5.3) */
		arm(tcb, now);
}

/**
 * xtcp_timer_stuck - there is something to send, and it may not be sent
 * @tcb: the connection, with nothing outstanding
 * @now: usec
 */
void xtcp_timer_stuck(struct xtcp_tcb *tcb, u64 now)
{
	if (!tcb->deadline[XTCP_TIMER_PERSIST])
		tcb->deadline[XTCP_TIMER_PERSIST] = now + xtcp_rtt_rto(tcb);
}

/**
 * xtcp_timer_retry - a segment could not be built for want of memory
 * @tcb: the connection
 * @now: usec
 */
void xtcp_timer_retry(struct xtcp_tcb *tcb, u64 now)
{
	u64 *due = &tcb->deadline[XTCP_TIMER_PERSIST];
	u64 *ack = &tcb->deadline[XTCP_TIMER_DELACK];

	if (!*due || *due > now + RETRY_DELAY)
		*due = now + RETRY_DELAY;
	if (tcb->ack_due != XTCP_ACK_NONE && (!*ack || *ack > now + ACK_RETRY_DELAY))
		*ack = now + ACK_RETRY_DELAY;
}

/**
 * xtcp_timer_ack_delayed - an ACK may wait, but not for ever
 * @tcb: the connection
 * @now: usec
 */
void xtcp_timer_ack_delayed(struct xtcp_tcb *tcb, u64 now)
{
	if (!tcb->deadline[XTCP_TIMER_DELACK])
		tcb->deadline[XTCP_TIMER_DELACK] = now + tcb->params->delack;
}

/**
 * xtcp_timer_ack_sent - no ACK is waiting any more
 * @tcb: the connection
 */
void xtcp_timer_ack_sent(struct xtcp_tcb *tcb)
{
	tcb->deadline[XTCP_TIMER_DELACK] = 0;
}

/**
 * xtcp_timer_finwait - the connection is in FIN-WAIT-2 and has no user
 * @tcb: the connection
 * @now: usec
 * @act: what to do, if the user did not want to linger
 */
void xtcp_timer_finwait(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	if (tcb->opts.linger2 < 0) {
		xtcp_user_abort(tcb, act);
		return;
	}
	tcb->deadline[XTCP_TIMER_FINWAIT] = now + xtcp_limit_finwait(tcb);
}

/**
 * xtcp_timer_stop - the connection has ended
 * @tcb: the connection
 */
void xtcp_timer_stop(struct xtcp_tcb *tcb)
{
	memset(tcb->deadline, 0, sizeof(tcb->deadline));
}

/**
 * xtcp_timer_next - the earliest deadline, but for PACE
 * @tcb: the connection
 *
 * Return: usec, or 0 if none is armed
 */
u64 xtcp_timer_next(const struct xtcp_tcb *tcb)
{
	u64 next = 0;
	int i;

	for (i = 0; i < XTCP_TIMERS_COARSE; i++)
		if (tcb->deadline[i] && (!next || tcb->deadline[i] < next))
			next = tcb->deadline[i];
	return next;
}

static void give_up(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	act->events |= XTCP_EV_TIMEOUT;
	xtcp_user_end(tcb, ETIMEDOUT, act);
}

/* RFC 6298 (5.4) to (5.7); RFC 5681 3.1 */
static void expire_rtx(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	tcb->deadline[XTCP_TIMER_RTX] = 0;
	if (tcb->snd_una == tcb->snd_nxt)
		return;
	if (!xtcp_limit_rtx(tcb, now, act)) {
		give_up(tcb, act);
		return;
	}
	act->events |= XTCP_EV_RTO;
	/* a loss on top of a loss is beyond doubt */
	if (tcb->recovery)
		xtcp_undo_never(tcb);
	else if (!tcb->tries && tcb->snd_una != tcb->iss)
		xtcp_undo_arm(tcb);
	if (tcb->snd_una != tcb->iss)
		xtcp_pmtu_timeout(tcb, act);
	xtcp_cong_timeout(&tcb->cong, xtcp_tcb_flight(tcb), !tcb->tries);
	xtcp_frto_timeout(tcb);
	xtcp_ecn_reduced(tcb);
	if (tcb->snd_una == tcb->iss)
		tcb->syn_rtx = true;
	if (tcb->backoff < U8_MAX)
		tcb->backoff++;
	if (tcb->tries < U8_MAX)
		tcb->tries++;
	if (tcb->rack.on && tcb->rec.n)
		xtcp_rack_rto(tcb, now);
	if (!tcb->rack.on || tcb->snd_una == tcb->iss) {
		tcb->rtx_nxt = tcb->snd_una;
		/* what follows a SYN has records, if there is RACK */
		tcb->rtx_end = tcb->rack.on && tcb->rec.n ? tcb->snd_una + 1 :
							    tcb->snd_nxt;
	}
	tcb->rtx_force = true;
	tcb->recovery = false;
	tcb->dup_acks = 0;
	tcb->recover = tcb->snd_nxt;	/* RFC 6582 section 3.2 step 4 */
	tcb->rtt_start = 0;
	tcb->rtx_for = XTCP_RTX_RTO;
	tcb->deadline[XTCP_TIMER_RTX] = now + xtcp_limit_wait(tcb, now);
}

/* RTX has expired, whatever it was armed for */
static void expire_loss(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	u8 why = tcb->rtx_for;

	if (why == XTCP_RTX_RTO || tcb->snd_una == tcb->snd_nxt) {
		expire_rtx(tcb, now, act);
		return;
	}
	tcb->rtx_for = XTCP_RTX_RTO;
	tcb->deadline[XTCP_TIMER_RTX] = now + xtcp_rtt_rto(tcb);
	if (why == XTCP_RTX_REORDER)
		xtcp_rack_reorder_timeout(tcb, now, act);
	else if (xtcp_rack_pto(tcb))
		tcb->rack.tlp_due = true;
}

static void expire_persist(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	tcb->deadline[XTCP_TIMER_PERSIST] = 0;
	/* it was for an ACK, which is still due if it could not be sent since */
	if (tcb->snd_nxt == tcb->snd_end + tcb->fin_queued)
		return;
	act->events |= XTCP_EV_PROBE;
	if (tcb->snd_una != tcb->snd_nxt)
		return;			/* RTX watches over it now */
	if (!xtcp_limit_probe(tcb, now)) {
		give_up(tcb, act);
		return;
	}
	tcb->probe_due = true;
	/* a window as small as that for so long is all there will be */
	if (tcb->snd_wnd)
		tcb->snd_wnd_est = tcb->snd_wnd;
}

/**
 * xtcp_timer_expire - act on every deadline that has passed
 * @tcb: the connection
 * @now: usec
 * @act: what to do; the shell sends afterwards whatever is due
 */
void xtcp_timer_expire(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	u64 *due = tcb->deadline;

	if (due[XTCP_TIMER_DELACK] && due[XTCP_TIMER_DELACK] <= now) {
		due[XTCP_TIMER_DELACK] = 0;
		if (tcb->ack_due != XTCP_ACK_NONE) {
			act->events |= XTCP_EV_DELACK;
			tcb->ack_due = XTCP_ACK_NOW;
			tcb->interactive = false;	/* no answer came */
		}
	}
	if (due[XTCP_TIMER_FINWAIT] && due[XTCP_TIMER_FINWAIT] <= now) {
		if (tcb->state == XTCP_FIN_WAIT_2 && tcb->orphan)
			xtcp_user_end(tcb, 0, act);
		else
			xtcp_keep_expire(tcb, now, act);
	}
	if (due[XTCP_TIMER_PERSIST] && due[XTCP_TIMER_PERSIST] <= now)
		expire_persist(tcb, now, act);
	if (due[XTCP_TIMER_RTX] && due[XTCP_TIMER_RTX] <= now)
		expire_loss(tcb, now, act);
	if (due[XTCP_TIMER_PACE] && due[XTCP_TIMER_PACE] <= now)
		due[XTCP_TIMER_PACE] = 0;	/* output.c looks again */
}
