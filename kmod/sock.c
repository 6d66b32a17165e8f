// SPDX-License-Identifier: GPL-2.0
/*
 * A socket's birth and death: initial values, the change from IPv4 to IPv6,
 * what is undone when a connection has ended and when the last reference goes.
 */
#include <linux/module.h>
#include <net/addrconf.h>
#include <net/inet_common.h>
#include <net/transp_v6.h>
#include <net/xfrm.h>

#include "cong.h"
#include "demux.h"
#include "fastopen.h"
#include "ip.h"
#include "ktimer.h"
#include "pacer.h"
#include "listen.h"
#include "mem.h"
#include "netns.h"
#include "rcvbuf.h"
#include "records.h"
#include "sock.h"

static struct lock_class_key lock_keys[2];

/**
 * xtcp_sock_lock_class - tell lockdep that this is no TCP socket
 * @sk: the socket, which nobody else can have locked
 */
void xtcp_sock_lock_class(struct sock *sk)
{
	sock_lock_init_class_and_name(sk, "slock-AF_XTCP", &lock_keys[0],
				      "sk_lock-AF_XTCP", &lock_keys[1]);
}

static atomic64_t last_id = ATOMIC64_INIT(0);

/**
 * xtcp_sock_new_id - a number for the trace
 * @sk: the socket that gets it
 */
void xtcp_sock_new_id(struct sock *sk)
{
	xtcp_sk(sk)->id = atomic64_inc_return(&last_id);
}

/* sk_write_space: there is room in the send buffer, or no use in waiting */
static void write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;
	struct socket_wq *wq;

	if (!sock || !xtcp_sk_writeable(sk))
		return;
	clear_bit(SOCK_NOSPACE, &sock->flags);
	rcu_read_lock();
	wq = rcu_dereference(sk->sk_wq);
	if (skwq_has_sleeper(wq))
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM |
					   EPOLLWRBAND);
	if (wq && wq->fasync_list && !(sk->sk_shutdown & SEND_SHUTDOWN))
		sock_wake_async(wq, SOCK_WAKE_SPACE, POLL_OUT);
	rcu_read_unlock();
}

static void init_tcb(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_cong_ops *cong = xs->tcb.cong.ops;
	const struct xtcp_opts opts = xs->tcb.opts;
	bool nodelay = xs->tcb.nodelay, interactive = xs->tcb.interactive;

	xtcp_user_init(&xs->tcb, &xtcp_net(sock_net(sk))->params);
	xs->tcb.cong.ops = cong;
	xs->tcb.opts = opts;
	xs->tcb.nodelay = nodelay;
	xs->tcb.interactive = interactive;
	xs->tcb.adv_mss = 536;
	xs->tcb.mss = 536;
	xs->gso_max = 536;
	xtcp_rcvbuf_refresh(sk);
}

/**
 * xtcp_sock_init - struct proto's init
 * @sk: the new socket, zero but for what struct inet_sock needs
 */
int xtcp_sock_init(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_net(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_sock_lock_class(sk);
	sock_set_flag(sk, SOCK_RCU_FREE);
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	sk->sk_destruct = xtcp_sock_destruct;
	sk->sk_write_space = write_space;
	sk->sk_state = TCP_CLOSE;
	WRITE_ONCE(sk->sk_sndbuf, READ_ONCE(xn->sysctl_wmem[1]));
	WRITE_ONCE(sk->sk_rcvbuf, READ_ONCE(xn->sysctl_rmem[1]));
	INIT_LIST_HEAD(&xs->accept_link);
	xs->ent.kind = XTCP_ENT_SOCK;
	xs->bound.sk = sk;
	xs->mib = xn->mib;
	xtcp_sock_new_id(sk);
	xtcp_ktimer_init(sk);
	xtcp_cong_assign(sk);
	init_tcb(sk);
	sk_sockets_allocated_inc(sk);
	xtcp_mem_born(sk);
	return 0;
}

/**
 * xtcp_sock_to_v6 - an IPv4 socket that was never used becomes an IPv6 one
 * @sk: the socket, locked
 */
void xtcp_sock_to_v6(struct sock *sk)
{
	struct ipv6_pinfo *np = &xtcp_sk(sk)->inet6;

	xtcp_sk(sk)->family_open = false;
	if (sk->sk_family == AF_INET6)
		return;
	inet_sk(sk)->pinet6 = np;
	np->hop_limit = -1;
	np->mcast_hops = IPV6_DEFAULT_MCASTHOPS;
	np->pmtudisc = IPV6_PMTUDISC_WANT;
	xtcp_compat_set_mc6_flags(sk);
	sk->sk_ipv6only = READ_ONCE(sock_net(sk)->ipv6.sysctl.bindv6only);
	WRITE_ONCE(sk->sk_family, AF_INET6);
}

/**
 * xtcp_sock_reset - back to how socket() made it, but for options and binding
 * @sk: the socket, locked, in CLOSED and unhashed
 */
void xtcp_sock_reset(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_rcvbuf_purge(sk);
	xtcp_sndbuf_reset(sk, 0);
	xtcp_records_free(sk);
	init_tcb(sk);
	xs->copied_seq = 0;
	xs->pmtu = 0;
	xs->lingers = XTCP_LINGERS_UNKNOWN;
	memset(&xs->counts, 0, sizeof(xs->counts));
}

/**
 * xtcp_sock_done - a connection has ended
 * @sk: the socket, locked, whose TCB is in CLOSED or was handed to TIME-WAIT
 * @err: positive errno for the user, or 0
 */
void xtcp_sock_done(struct sock *sk, int err)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (err)
		WRITE_ONCE(sk->sk_err, err);
	xtcp_fastopen_release(sk, err == ECONNRESET);
	xtcp_ktimer_stop(sk);
	xtcp_hash_remove(&xs->ent);
	xtcp_demux_forget(sk);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		xtcp_port_put(&xs->bound);
		inet_sk(sk)->inet_num = 0;
	}
	xtcp_sndbuf_reset(sk, 0);
	xtcp_records_free(sk);
	inet_sk_set_state(sk, TCP_CLOSE);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	if (!sock_flag(sk, SOCK_DEAD)) {
		if (err)
			sk_error_report(sk);
		sk->sk_write_space(sk);
		sk->sk_state_change(sk);
	} else {
		xtcp_sock_destroy(sk);
	}
}

/**
 * xtcp_sock_destroy - the user is gone and so is the connection
 * @sk: the socket, locked; the reference from its creation is put
 */
void xtcp_sock_destroy(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	WARN_ON_ONCE(sk->sk_state != TCP_CLOSE || !sock_flag(sk, SOCK_DEAD));
	if (xs->orphan)
		atomic_dec(&xtcp_net(sock_net(sk))->orphans);
	xs->orphan = false;
	xtcp_ktimer_stop(sk);
	xtcp_hash_remove(&xs->ent);
	xtcp_port_put(&xs->bound);
	xtcp_rcvbuf_purge(sk);
	xtcp_sndbuf_reset(sk, 0);
	xtcp_records_free(sk);
	xtcp_cong_put(sk);
	xtcp_fastopen_free(sk);
	sk_stream_kill_queues(sk);
	xtcp_mem_gone(sk);
	xfrm_sk_free_policy(sk);
	sk_sockets_allocated_dec(sk);
	sock_put(sk);
}

/* The last reference is gone, and a grace period has passed */
void xtcp_sock_destruct(struct sock *sk)
{
	xtcp_pacer_free(sk);
	/* one that became AF_INET again may have options of IPv6's all the same */
	if (inet_sk(sk)->pinet6)
		inet6_sock_destruct(sk);
	else
		inet_sock_destruct(sk);
}
