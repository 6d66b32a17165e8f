// SPDX-License-Identifier: GPL-2.0
/*
 * Carries out what the core decided, on the socket: counters, trace, wakeups,
 * buffers, and the connection's end. It decides nothing itself.
 */
#include <net/sock.h>

#include "apply.h"
#include "core/timer.h"
#include "core/pace.h"
#include "core/pmtu.h"
#include "core/window.h"
#include "icmp.h"
#include "ip.h"
#include "fastopen.h"
#include "ktimer.h"
#include "metrics.h"
#include "mem.h"
#include "rcvbuf.h"
#include "records.h"
#include "timewait.h"
#include "trace.h"
#include "tx.h"

static void show_steps(struct sock *sk, const struct xtcp_act *act)
{
	int i;

	for (i = 0; i < act->nsteps; i++) {
		unsigned int from = act->steps[i] >> 4;
		unsigned int to = act->steps[i] & 15;

		trace_xtcp_state(sk, from, to);
		if (to == XTCP_SYN_SENT)
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_ActiveOpens);
		else if (from == XTCP_CLOSED && to == XTCP_SYN_RECEIVED)
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_PassiveOpens);
		else if (to == XTCP_CLOSED && (from == XTCP_SYN_SENT ||
					       from == XTCP_SYN_RECEIVED))
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_AttemptFails);
		else if (to == XTCP_CLOSED && (from == XTCP_ESTABLISHED ||
					       from == XTCP_CLOSE_WAIT))
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_EstabResets);
	}
	/* TIME-WAIT is a record's state; CLOSED is xtcp_sock_done()'s to set */
	if (act->nsteps && !xtcp_state_in(xtcp_sk(sk)->tcb.state,
					  XTCP_F(TIME_WAIT) | XTCP_F(CLOSED)))
		inet_sk_set_state(sk, xtcp_sk(sk)->tcb.state);
}

static void acked(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_sndbuf_ack(sk, xs->tcb.snd_una);
	if (unlikely(!xs->tcb.rec.n && xs->tcb.rec.cap > XTCP_REC_SMALL))
		xtcp_records_free(sk);
	if (unlikely(sk->sk_err_soft))	/* the network delivers again */
		WRITE_ONCE(sk->sk_err_soft, 0);
	sk_dst_confirm(sk);	/* the next segment tells the neighbour's entry (RFC 4861 7.3.1) */
}

/* What was acknowledged has made room, or what was sent because of it */
static void wake_writer(struct sock *sk)
{
	smp_mb();	/* pairs with the one in poll.c: room first, then who waits */
	if (sk->sk_socket && test_bit(SOCK_NOSPACE, &sk->sk_socket->flags)) {
		xtcp_sndbuf_tune(sk);
		sk->sk_write_space(sk);
	}
}

static void connected(struct sock *sk, const struct xtcp_act *act)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	/* of a child it was set before, and its user may have read */
	if (!xs->tcb.passive)
		xs->copied_seq = xs->tcb.irs + 1;
	if (unlikely(act->flags & XTCP_ACT_FASTOPEN))
		xtcp_fastopen_told(sk, act->answer);
	xtcp_sndbuf_tune(sk);
	xtcp_tune_start(&xs->tune, &xs->tcb, xs->copied_seq);
	WRITE_ONCE(sk->sk_err_soft, 0);
	xtcp_metrics_connected(sk);
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, POLL_OUT);
	}
}

static void fin(struct sock *sk)
{
	WRITE_ONCE(sk->sk_shutdown, sk->sk_shutdown | RCV_SHUTDOWN);
	sock_set_flag(sk, SOCK_DONE);
	if (sock_flag(sk, SOCK_DEAD))
		return;
	sk->sk_state_change(sk);
	if (sk->sk_shutdown == SHUTDOWN_MASK)
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_HUP);
	else
		sk_wake_async(sk, SOCK_WAKE_WAITD, POLL_IN);
}

static void soft_error(struct sock *sk, int err)
{
	bool report = sk->sk_family == AF_INET6 ? xtcp_compat_recverr6(sk) :
						  xtcp_compat_recverr(sk);

	if (report && !sock_owned_by_user(sk)) {
		WRITE_ONCE(sk->sk_err, err);
		sk_error_report(sk);
	} else {
		WRITE_ONCE(sk->sk_err_soft, err);
	}
}

/**
 * xtcp_apply - carry out an act, but for its payload, its sending and its end
 * @sk: the socket, locked
 * @act: the act
 *
 * Return: false if the connection has ended
 */
bool xtcp_apply(struct sock *sk, struct xtcp_act *act)
{
	struct net *net = sock_net(sk);

	if (unlikely(act->events)) {
		xtcp_mib_events(net, act->events);
		if (act->events & XTCP_EV_R1)	/* RFC 9293 MUST-20 */
			dst_negative_advice(sk);
		if (act->events & XTCP_EV_RTO) {
			/* routers are asked for another way at once, by the flow label */
			if (sk_rethink_txhash(sk))
				xtcp_mib_inc(net, XTCP_MIB_RehashTimeouts);
			xtcp_sk(sk)->counts.rtos++;
			if (xtcp_sk(sk)->tcb.tries == 1)
				xtcp_sk(sk)->counts.rto_recoveries++;
			xtcp_fastopen_timeout(sk);
		}
	}
	if (unlikely(act->nsteps))
		show_steps(sk, act);
	if (unlikely(act->flags & (XTCP_ACT_CONNECTED | XTCP_ACT_SYN_ACKED))) {
		xtcp_fastopen_release(sk, false);
		if (act->flags & XTCP_ACT_CONNECTED)
			connected(sk, act);
	}
	if (act->flags & XTCP_ACT_ACKED)
		acked(sk);
	if (unlikely(act->dead))
		xtcp_rcvbuf_dead(sk, act->dead);
	if (unlikely(act->flags & XTCP_ACT_REPLY))
		xtcp_tx_bare(sk, &act->reply);
	if (unlikely(act->flags & XTCP_ACT_TOO_BIG)) {
		u32 headers = U16_MAX - xtcp_ip_size(sk, U16_MAX);

		xtcp_icmp_too_big(sk, xtcp_pmtu_overdue(&xtcp_sk(sk)->tcb) +
				      headers);
	}
	if (unlikely(act->flags & XTCP_ACT_SOFT_ERR))
		soft_error(sk, act->err);
	return !(act->flags & XTCP_ACT_CLOSED);
}

static void finish(struct sock *sk, struct xtcp_act *act, u64 now, bool batch)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 nxt;

	if (!xtcp_apply(sk, act)) {
		/* what the network said meanwhile tells more (SHLD-25) */
		if (act->err == ETIMEDOUT && sk->sk_err_soft)
			act->err = sk->sk_err_soft;
		if (xs->tcb.fo_syn)
			xtcp_fastopen_over(sk, act->err);
		xtcp_sock_done(sk, act->err);
		return;
	}
	if (act->flags & XTCP_ACT_DELIVER || act->ready)
		sk->sk_data_ready(sk);
	if (unlikely(act->flags & XTCP_ACT_FIN))
		fin(sk);
	nxt = xs->tcb.snd_nxt;
	if (batch)
		xtcp_tx_batch(sk, now);
	else
		xtcp_tx_push(sk, now);
	if (act->flags & (XTCP_ACT_ACKED | XTCP_ACT_WINDOW) ||
	    xs->tcb.snd_nxt != nxt)
		wake_writer(sk);
	if (unlikely(act->flags & XTCP_ACT_TIME_WAIT)) {
		if (!xtcp_timewait_enter(sk))
			xtcp_mib_inc(sock_net(sk), XTCP_MIB_TimeWaitOverflow);
		xtcp_sock_done(sk, 0);
		return;
	}
	xtcp_ktimer_arm(sk, xtcp_timer_next(&xs->tcb), now);
	xtcp_mem_sync(sk);
}

/**
 * xtcp_apply_finish - carry out an act, send what is due, and end the
 * connection if it has ended
 * @sk: the socket, locked; if its user is gone it may be destroyed, the
 *	caller's reference apart
 * @act: the act
 * @now: usec
 */
void xtcp_apply_finish(struct sock *sk, struct xtcp_act *act, u64 now)
{
	finish(sk, act, now, false);
}

/**
 * xtcp_apply_segment - the same, after a segment that others may follow at once
 * @sk: the socket, locked, with bottom halves off
 * @act: the act
 * @now: usec
 */
void xtcp_apply_segment(struct sock *sk, struct xtcp_act *act, u64 now)
{
	finish(sk, act, now, true);
}

/**
 * xtcp_apply_sent - data was sent that no act is about
 * @sk: the socket, locked
 */
void xtcp_apply_sent(struct sock *sk)
{
	wake_writer(sk);
}
