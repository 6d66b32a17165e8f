// SPDX-License-Identifier: GPL-2.0
/*
 * Paced data leaves at its time: a timer of the socket's that is finer than a
 * tick, or the stamp by which the fq qdisc holds each packet back. At what rate
 * is for the core to say (core/pace.c).
 */
#include <linux/hrtimer.h>
#include <net/sock.h>

#include "apply.h"
#include "core/pace.h"
#include "core/timer.h"
#include "pacer.h"

/* fq gets packets so long before their time: a burst or two */
#define AHEAD_US 1000

/* Context: bottom half, as it is a soft timer */
static enum hrtimer_restart on_timer(struct hrtimer *t)
{
	struct xtcp_sock *xs = container_of(t, struct xtcp_sock, pacer);
	struct sock *sk = &xs->inet.sk;
	struct xtcp_act act;
	u64 now;

	bh_lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE) {
		;
	} else if (sock_owned_by_user(sk)) {
		xs->push_on_release = true;
	} else {
		now = xtcp_now();
		xtcp_act_init(&act);
		xtcp_timer_expire(&xs->tcb, now, &act);
		xtcp_apply_finish(sk, &act, now);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
	return HRTIMER_NORESTART;
}

/**
 * xtcp_pacer_init - before the first use
 * @sk: the socket
 */
void xtcp_pacer_init(struct sock *sk)
{
	struct hrtimer *t = &xtcp_sk(sk)->pacer;

	hrtimer_init(t, CLOCK_MONOTONIC, HRTIMER_MODE_ABS_PINNED_SOFT);
	t->function = on_timer;
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
 */
void xtcp_pacer_arm(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u64 due = xs->tcb.deadline[XTCP_TIMER_PACE];

	if (hrtimer_is_queued(&xs->pacer))
		return;
	sock_hold(sk);
	hrtimer_start(&xs->pacer, ns_to_ktime(due * NSEC_PER_USEC),
		      HRTIMER_MODE_ABS_PINNED_SOFT);
}

/**
 * xtcp_pacer_stop - nothing will be sent any more
 * @sk: the socket, locked
 */
void xtcp_pacer_stop(struct sock *sk)
{
	struct hrtimer *t = &xtcp_sk(sk)->pacer;

	/* one that runs waits for the lock, and then finds the socket closed */
	if (hrtimer_is_queued(t) && hrtimer_try_to_cancel(t) == 1)
		__sock_put(sk);
}
