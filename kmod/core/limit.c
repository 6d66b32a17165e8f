// SPDX-License-Identifier: GPL-2.0
/*
 * How long a connection goes on in vain (RFC 9293 3.8.3): R1, after which the
 * network layer is asked for another way, and R2, after which the connection is
 * given up: as many retransmissions as the namespace says, or the time that the
 * user says (RFC 5482). And how long it goes on without a user.
 */
#include "limit.h"
#include "rtt.h"
#include "user.h"

static bool opening(const struct xtcp_tcb *tcb)
{
	return xtcp_state_in(tcb->state, XTCP_F(SYN_SENT) |
			     XTCP_F(SYN_RECEIVED));
}

static u32 retries_max(const struct xtcp_tcb *tcb)
{
	/* one more than of a request's, as nobody but this timer ends it */
	if (tcb->fo_child && tcb->state == XTCP_SYN_RECEIVED)
		return tcb->opts.syn_retries ?:
		       min_t(u32, tcb->params->synack_retries + 1U, U8_MAX);
	if (opening(tcb))
		return tcb->opts.syn_retries ?: tcb->params->syn_retries;
	return tcb->orphan ? tcb->params->orphan_retries : tcb->params->retries;
}

static u64 user_timeout(const struct xtcp_tcb *tcb)
{
	return tcb->opts.user_timeout * XTCP_USEC_PER_MSEC;
}

/* RFC 9293 3.10.8, USER TIMEOUT: has what is stuck been so for too long? */
static bool timed_out(const struct xtcp_tcb *tcb, u64 now)
{
	return tcb->opts.user_timeout && tcb->stuck &&
	       now - tcb->stuck >= user_timeout(tcb);
}

/*
 * A closed window that is answered for resets no backoff, so that a peer cannot
 * hold what nobody could end any more: the backoff tells how long it was. Who
 * opens the window makes progress, however many timeouts that takes
 */
static bool held_for_nobody(const struct xtcp_tcb *tcb)
{
	return tcb->orphan && !tcb->snd_wnd &&
	       tcb->backoff >= tcb->params->orphan_retries &&
	       xtcp_rtt_rto(tcb) >= tcb->params->rto_max;
}

/**
 * xtcp_limit_rtx - the retransmission timer has expired
 * @tcb: the connection
 * @now: usec
 * @act: is told of R1
 *
 * The user timeout takes R2's place, and counts from the first retransmission,
 * as with Linux TCP. A SYN has both.
 *
 * Return: false if it has expired too often, or for too long
 */
bool xtcp_limit_rtx(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	if (timed_out(tcb, now) || held_for_nobody(tcb))
		return false;
	if (tcb->tries >= retries_max(tcb) &&
	    (!tcb->opts.user_timeout || opening(tcb)))
		return false;
	if (tcb->tries >= tcb->params->retries1)
		act->events |= XTCP_EV_R1;
	if (!tcb->stuck)
		tcb->stuck = now;
	return true;
}

/**
 * xtcp_limit_probe - the persist timer has expired
 * @tcb: the connection
 * @now: usec
 *
 * Who answers probes may keep its window closed for ever (MUST-37), unless this
 * side's user has set a limit, or is gone: then nobody could end it any more.
 *
 * Return: false if it has expired too often, or for too long
 */
bool xtcp_limit_probe(struct xtcp_tcb *tcb, u64 now)
{
	if (timed_out(tcb, now) || tcb->tries >= retries_max(tcb))
		return false;
	if (held_for_nobody(tcb))
		return false;
	if (!tcb->stuck)
		tcb->stuck = now;
	return true;
}

/**
 * xtcp_limit_wait - how long to wait for an answer
 * @tcb: the connection
 * @now: usec
 *
 * Return: usec: the RTO, or what the user timeout leaves of it
 */
u64 xtcp_limit_wait(const struct xtcp_tcb *tcb, u64 now)
{
	u64 rto = xtcp_rtt_rto(tcb), left;

	if (!tcb->opts.user_timeout || !tcb->stuck)
		return rto;
	left = tcb->stuck + user_timeout(tcb);
	return left > now ? min_t(u64, rto, left - now) : 1;
}

/**
 * xtcp_limit_finwait - how long FIN-WAIT-2 lasts without a user
 * @tcb: the connection
 *
 * Return: usec, time enough for a FIN that was lost once
 */
u64 xtcp_limit_finwait(const struct xtcp_tcb *tcb)
{
	u64 wait = tcb->params->fin_timeout;

	if (tcb->opts.linger2 > 0)
		wait = tcb->opts.linger2 * XTCP_USEC_PER_SEC;
	return max_t(u64, wait, 4ULL * tcb->rto - tcb->rto / 2);
}
