// SPDX-License-Identifier: GPL-2.0
/*
 * Paced data leaves at its time: a timer of the socket's that is finer than a
 * tick, or the stamp by which the fq qdisc holds each packet back. At what rate
 * is for the core to say (core/pace.c).
 */
#include <linux/hrtimer.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "core/pace.h"
#include "ktimer.h"
#include "pacer.h"

/* fq gets packets so long before their time: a burst or two */
#define AHEAD_US 1000

/**
 * struct xtcp_pacer - a socket's timer, there from its first use: few are paced
 * @timer: holds a reference to the socket while it is armed
 * @sk: the socket
 */
struct xtcp_pacer {
	struct hrtimer timer;
	struct sock *sk;
};

/* Context: bottom half, as it is a soft timer */
static enum hrtimer_restart on_timer(struct hrtimer *t)
{
	struct sock *sk = container_of(t, struct xtcp_pacer, timer)->sk;

	bh_lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE)
		;
	else if (sock_owned_by_user(sk))
		xtcp_ktimer_defer(sk);
	else
		xtcp_ktimer_expire(sk);
	bh_unlock_sock(sk);
	sock_put(sk);
	return HRTIMER_NORESTART;
}

/* The socket's timer, which is made now if it has none. Return: NULL without memory */
static struct hrtimer *timer_of(struct sock *sk)
{
	struct xtcp_pacer *pacer = xtcp_sk(sk)->pacer;

	if (likely(pacer))
		return &pacer->timer;
	pacer = kmalloc(sizeof(*pacer), GFP_ATOMIC | __GFP_NOWARN);
	if (!pacer)
		return NULL;
	pacer->sk = sk;
	hrtimer_init(&pacer->timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_SOFT);
	pacer->timer.function = on_timer;
	xtcp_sk(sk)->pacer = pacer;
	return &pacer->timer;
}

/**
 * xtcp_pacer_look - is the socket's data to be paced, by whom, how fast at most?
 * @sk: the socket, locked, for which somebody has asked for it
 *
 * SO_MAX_PACING_RATE asks, and fq does when it sees a first packet.
 */
void xtcp_pacer_look(struct sock *sk)
{
	struct xtcp_pace *pace = &xtcp_sk(sk)->tcb.pace;
	bool fq = READ_ONCE(sk->sk_pacing_status) == SK_PACING_FQ;

	pace->asked = true;
	/* as with Linux TCP, no rate at all is no limit */
	pace->max = READ_ONCE(sk->sk_max_pacing_rate) ?: XTCP_PACE_FREE;
	pace->ahead = fq ? AHEAD_US : 0;
}

/**
 * xtcp_pacer_arm - data waits for its time
 * @sk: the socket, locked
 *
 * A timer that is armed is never too late: the next departure only moves away.
 *
 * Return: false if there is no memory for a first timer
 */
bool xtcp_pacer_arm(struct sock *sk)
{
	u64 due = xtcp_sk(sk)->tcb.deadline[XTCP_TIMER_PACE];
	struct hrtimer *t = timer_of(sk);

	if (unlikely(!t))
		return false;
	if (hrtimer_is_queued(t))
		return true;
	sock_hold(sk);
	hrtimer_start(t, ns_to_ktime(due * NSEC_PER_USEC),
		      HRTIMER_MODE_ABS_PINNED_SOFT);
	return true;
}

/**
 * xtcp_pacer_stop - nothing will be sent any more
 * @sk: the socket, locked
 */
void xtcp_pacer_stop(struct sock *sk)
{
	struct xtcp_pacer *pacer = xtcp_sk(sk)->pacer;

	/* one that runs waits for the lock, and then finds the socket closed */
	if (pacer && hrtimer_is_queued(&pacer->timer) &&
	    hrtimer_try_to_cancel(&pacer->timer) == 1)
		__sock_put(sk);
}

/**
 * xtcp_pacer_free - nobody will arm it again
 * @sk: the socket, to which the last reference is gone
 */
void xtcp_pacer_free(struct sock *sk)
{
	kfree(xtcp_sk(sk)->pacer);
}
