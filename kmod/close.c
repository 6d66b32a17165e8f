// SPDX-License-Identifier: GPL-2.0
/* close(), shutdown(), and connect() to AF_UNSPEC. */
#include <linux/pid.h>
#include <net/ip.h>
#include <net/sock.h>

#include "apply.h"
#include "core/timer.h"
#include "ktimer.h"
#include "listen.h"
#include "mem.h"
#include "netns.h"
#include "ops.h"
#include "rcvbuf.h"

/**
 * xtcp_shutdown - struct proto's shutdown
 * @sk: the socket, locked; its sk_shutdown is set already
 * @how: RCV_SHUTDOWN and SEND_SHUTDOWN
 */
void xtcp_shutdown(struct sock *sk, int how)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	struct xtcp_act act;

	if (sk->sk_shutdown & RCV_SHUTDOWN)
		tcb->rcv_closed = true;
	if (!(how & SEND_SHUTDOWN) ||
	    !xtcp_state_in(tcb->state, XTCP_F(ESTABLISHED) | XTCP_F(SYN_SENT) |
			   XTCP_F(SYN_RECEIVED) | XTCP_F(CLOSE_WAIT)))
		return;
	/* from here it will not pass through ESTABLISHED, but may be read */
	if (tcb->state == XTCP_SYN_RECEIVED && !tcb->passive) {
		struct xtcp_sock *xs = xtcp_sk(sk);

		WRITE_ONCE(xs->copied_seq, tcb->irs + 1);
		xtcp_tune_start(&xs->tune, tcb, xs->copied_seq);
	}
	xtcp_act_init(&act);
	xtcp_user_shutdown(tcb, &act);
	xtcp_apply_finish(sk, &act, xtcp_now());
}

static void abort_connection(struct sock *sk)
{
	struct xtcp_act act;

	xtcp_act_init(&act);
	xtcp_user_abort(&xtcp_sk(sk)->tcb, &act);
	xtcp_apply_finish(sk, &act, xtcp_now());
}

/* RFC 2525 2.17: the peer is to know that its data was not read */
static bool unread(struct sock *sk)
{
	bool any = xtcp_rcvbuf_avail(sk) > 0;

	__skb_queue_purge(&sk->sk_receive_queue);
	return any;
}

static void end_connection(struct sock *sk, long timeout)
{
	bool lost = unread(sk);
	struct xtcp_act act;

	if (sk->sk_state == TCP_CLOSE)
		return;
	if (lost) {
		abort_connection(sk);
	} else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime) {
		xtcp_disconnect(sk, 0);
	} else {
		xtcp_sk(sk)->tcb.rcv_closed = true;
		xtcp_act_init(&act);
		xtcp_user_shutdown(&xtcp_sk(sk)->tcb, &act);
		xtcp_apply_finish(sk, &act, xtcp_now());
	}
	sk_stream_wait_close(sk, timeout);
}

/*
 * The user is gone, and the connection is not: it may finish by itself, unless
 * there are too many of its kind
 */
static void let_go(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_net(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_act act;

	xs->orphan = true;
	if (atomic_inc_return(&xn->orphans) > READ_ONCE(xn->sysctl_max_orphans)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_OrphanOverflow);
		abort_connection(sk);
		return;
	}
	if (xtcp_mem_spent(sk)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_AbortOnMemory);
		abort_connection(sk);
		return;
	}
	xtcp_act_init(&act);
	xtcp_user_orphan(&xs->tcb, xtcp_now(), &act);
	xtcp_apply_finish(sk, &act, xtcp_now());
}

/**
 * xtcp_close - struct proto's close
 * @sk: the socket, whose user lets go of it
 * @timeout: how long to wait for the connection's end (SO_LINGER), jiffies
 */
void xtcp_close(struct sock *sk, long timeout)
{
	int state;

	lock_sock(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	if (sk->sk_state == TCP_LISTEN)
		xtcp_listen_stop(sk);
	else
		end_connection(sk, timeout);

	state = sk->sk_state;
	sock_hold(sk);
	sock_orphan(sk);
	release_sock(sk);	/* runs the backlog, with the user gone */

	local_bh_disable();
	bh_lock_sock(sk);
	if (sk->sk_state != TCP_CLOSE)
		let_go(sk);
	else if (state == TCP_CLOSE)
		xtcp_sock_destroy(sk);
	/* else a segment has ended it since, and destroyed it */
	bh_unlock_sock(sk);
	local_bh_enable();
	sock_put(sk);
}

/**
 * xtcp_disconnect - struct proto's disconnect: back to CLOSED, for reuse
 * @sk: the socket, locked
 * @flags: unused
 */
int xtcp_disconnect(struct sock *sk, int flags)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	int state = sk->sk_state;
	bool unsent = xs->tcb.snd_nxt != xs->tcb.snd_end + xs->tcb.fin_queued;

	if (state == TCP_LISTEN) {
		xtcp_listen_stop(sk);
	} else if (state != TCP_CLOSE) {
		bool reset = xtcp_state_in(state, XTCP_F(ESTABLISHED) |
			XTCP_F(CLOSE_WAIT) | XTCP_F(FIN_WAIT_1) |
			XTCP_F(FIN_WAIT_2) | XTCP_F(SYN_RECEIVED)) ||
			(unsent && xtcp_state_in(state, XTCP_F(CLOSING) |
						 XTCP_F(LAST_ACK)));

		abort_connection(sk);
		if (reset || state == TCP_SYN_SENT)
			WRITE_ONCE(sk->sk_err, ECONNRESET);
	}
	xtcp_ktimer_stop(sk);
	xtcp_hash_remove(&xs->ent);
	xtcp_sock_reset(sk);
	xs->tcb.interactive = false;
	inet_sk(sk)->inet_dport = 0;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet_reset_saddr(sk);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		xtcp_port_put(&xs->bound);
		inet_sk(sk)->inet_num = 0;
	}
	xtcp_compat_defer_connect_clear(sk);
	xs->fo_send = NULL;
	WRITE_ONCE(sk->sk_shutdown, 0);
	sock_reset_flag(sk, SOCK_DONE);
	sk_dst_reset(sk);
	sk_error_report(sk);
	return 0;
}
