// SPDX-License-Identifier: GPL-2.0
/*
 * Keep-alive (RFC 9293 3.8.4): if the user wants it, and nothing is outstanding
 * and nothing was heard for long, an ACK with an old number makes the peer
 * answer. One that does not answer several in a row is taken for dead.
 */
#include "keepalive.h"
#include "user.h"

static u64 usec(u32 seconds)
{
	return seconds * XTCP_USEC_PER_SEC;
}

/**
 * xtcp_keep_unanswered - probes that have gone out since the peer was heard
 * @tcb: the connection
 */
u32 xtcp_keep_unanswered(const struct xtcp_tcb *tcb)
{
	u64 probed = tcb->deadline[XTCP_TIMER_KEEP] -
		     usec(xtcp_keep_interval(tcb));

	return tcb->heard < probed ? tcb->keep_probes : 0;
}

/**
 * xtcp_keep_start - the peer has been heard for the first time
 * @tcb: the connection
 * @now: usec
 */
void xtcp_keep_start(struct xtcp_tcb *tcb, u64 now)
{
	tcb->heard = now;
	if (tcb->opts.keepalive)
		tcb->deadline[XTCP_TIMER_KEEP] = now + usec(xtcp_keep_idle(tcb));
}

/* May a timer run: is there a peer, and a user who wants to know? */
static bool watched(const struct xtcp_tcb *tcb)
{
	return tcb->opts.keepalive && !tcb->orphan &&
	       !xtcp_state_in(tcb->state, XTCP_F(CLOSED) | XTCP_F(LISTEN) |
			      XTCP_F(SYN_SENT));
}

/**
 * xtcp_keep_set - the user switches keep-alive on or off
 * @tcb: the connection, in any state
 * @on: what the user wants
 * @now: usec
 */
void xtcp_keep_set(struct xtcp_tcb *tcb, bool on, u64 now)
{
	bool was = tcb->opts.keepalive;

	tcb->opts.keepalive = on;
	if (!on) {
		tcb->deadline[XTCP_TIMER_KEEP] = 0;
		tcb->keep_probes = 0;
	} else if (!was && watched(tcb)) {
		tcb->deadline[XTCP_TIMER_KEEP] = now + usec(xtcp_keep_idle(tcb));
	}
}

/**
 * xtcp_keep_set_idle - the user says how long a peer may be silent
 * @tcb: the connection, in any state
 * @seconds: so long, from what was heard last
 */
void xtcp_keep_set_idle(struct xtcp_tcb *tcb, u16 seconds)
{
	tcb->opts.keep_idle = seconds;
	if (watched(tcb))
		tcb->deadline[XTCP_TIMER_KEEP] = tcb->heard + usec(seconds);
}

/* The user timeout, if there is one, ends the probing (RFC 5482 4.2) */
static bool in_vain(const struct xtcp_tcb *tcb, u64 now)
{
	if (tcb->opts.user_timeout)
		return tcb->keep_probes && now - tcb->heard >=
		       tcb->opts.user_timeout * XTCP_USEC_PER_MSEC;
	return tcb->keep_probes >= xtcp_keep_count(tcb);
}

/**
 * xtcp_keep_expire - the timer has expired
 * @tcb: the connection
 * @now: usec
 * @act: what to do
 *
 * Segments do not touch the timer: it looks at what was heard meanwhile.
 */
void xtcp_keep_expire(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	u64 *due = &tcb->deadline[XTCP_TIMER_KEEP];
	u64 idle = usec(xtcp_keep_idle(tcb));

	tcb->keep_probes = xtcp_keep_unanswered(tcb);
	*due = 0;
	if (!watched(tcb))
		return;
	/* MUST-26: RTX and PERSIST find out about a peer that is gone */
	if (tcb->snd_una != tcb->snd_end + tcb->fin_queued) {
		*due = now + idle;
		return;
	}
	if (now - tcb->heard < idle) {
		*due = tcb->heard + idle;
		return;
	}
	if (in_vain(tcb, now)) {
		act->events |= XTCP_EV_TIMEOUT;
		xtcp_user_abort(tcb, act);
		act->err = ETIMEDOUT;
		return;
	}
	act->events |= XTCP_EV_KEEPALIVE;
	tcb->probe_due = true;
	tcb->keep_probes++;
	*due = now + usec(xtcp_keep_interval(tcb));
}
