// SPDX-License-Identifier: GPL-2.0
/*
 * The socket's one kernel timer. It is armed for the earliest of the core's
 * deadlines and only ever moved forward: a deadline that has moved back since
 * is noticed when the timer expires, which is cheaper than moving the timer at
 * each ACK. If a user is at work on the socket then, the deadlines wait for the
 * end of that, and for nothing else. A listener's timer sends SYN-ACKs again.
 * What has to be exact has a timer of its own (pacer.c).
 */
#include <linux/jiffies.h>
#include <net/sock.h>

#include "apply.h"
#include "core/timer.h"
#include "ktimer.h"
#include "listen.h"
#include "pacer.h"
#include "mem.h"

#define MAX_DELAY_US (3600 * USEC_PER_SEC)

/**
 * xtcp_ktimer_expire - act on what is due, and send what is
 * @sk: the socket, not in CLOSED; if its user is gone it may be destroyed, the
 *	caller's reference apart
 *
 * Context: bottom half, the socket's spinlock held; no user owns the socket but
 * one who lets go of it
 */
void xtcp_ktimer_expire(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u64 now = xtcp_now();
	struct xtcp_act act;

	if (sk->sk_state == TCP_LISTEN) {
		xtcp_listen_timeout(sk, now);
		return;
	}
	xtcp_act_init(&act);
	xtcp_timer_expire(&xs->tcb, now, &act);
	/* what makes no progress and has no user is the first to go */
	if (unlikely(xs->orphan && act.events & (XTCP_EV_RTO | XTCP_EV_PROBE)) &&
	    !(act.flags & XTCP_ACT_CLOSED) && xtcp_mem_spent(sk)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_AbortOnMemory);
		xtcp_user_abort(&xs->tcb, &act);
	}
	xtcp_apply_finish(sk, &act, now);
}

/**
 * xtcp_ktimer_defer - the same, as soon as the user lets go of the lock
 * @sk: the socket, which a user owns
 *
 * Context: bottom half, the socket's spinlock held. It takes a reference: whose timer
 * expires here may have been armed by that user a moment ago, and sk_reset_timer() has
 * yet to take the one that the timer gives back.
 */
void xtcp_ktimer_defer(struct sock *sk)
{
	if (xtcp_sk(sk)->expire_on_release)
		return;
	xtcp_sk(sk)->expire_on_release = true;
	sock_hold(sk);
}

static void on_timer(struct timer_list *t)
{
	struct sock *sk = from_timer(sk, t, sk_timer);

	bh_lock_sock(sk);
	xtcp_sk(sk)->timer_at = 0;
	if (sk->sk_state == TCP_CLOSE)
		goto out;
	if (sock_owned_by_user(sk))
		xtcp_ktimer_defer(sk);
	else
		xtcp_ktimer_expire(sk);
out:
	bh_unlock_sock(sk);
	sock_put(sk);
}

/**
 * xtcp_ktimer_init - before the first use
 * @sk: the socket
 */
void xtcp_ktimer_init(struct sock *sk)
{
	timer_setup(&sk->sk_timer, on_timer, 0);
	xtcp_sk(sk)->timer_at = 0;
}

/**
 * xtcp_ktimer_arm - see to it that the timer expires in time
 * @sk: the socket, locked
 * @due: when, usec, or 0 for never
 * @now: usec
 */
void xtcp_ktimer_arm(struct sock *sk, u64 due, u64 now)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u64 delay;

	if (!due || (xs->timer_at && xs->timer_at <= due))
		return;
	delay = due > now ? min_t(u64, due - now, MAX_DELAY_US) : 0;
	/* one that is late is armed but once, or each segment would put it off */
	xs->timer_at = min_t(u64, due, now + delay);
	sk_reset_timer(sk, &sk->sk_timer,
		       jiffies + usecs_to_jiffies(delay) + 1);
}

/**
 * xtcp_ktimer_stop - nothing is due any more
 * @sk: the socket, locked
 */
void xtcp_ktimer_stop(struct sock *sk)
{
	xtcp_sk(sk)->timer_at = 0;
	sk_stop_timer(sk, &sk->sk_timer);
	xtcp_pacer_stop(sk);
}
