// SPDX-License-Identifier: GPL-2.0
/*
 * The client's side of Fast Open: connecting by sendmsg() with MSG_FASTOPEN, or by
 * connect() with TCP_FASTOPEN_CONNECT, whose SYN waits for the first data.
 */
#include <net/inet_common.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "apply.h"
#include "fastopen.h"
#include "ktimer.h"
#include "metrics.h"
#include "netns.h"
#include "ops.h"
#include "sock.h"
#include "tx.h"

static struct xtcp_fastopen_net *fo_net(const struct sock *sk)
{
	return &xtcp_net(sock_net(sk))->fastopen;
}

/*
 * Did data vanish behind handshakes that went well, not long ago? (RFC 7413 7.1; the
 * time doubles each time, as with Linux TCP.)
 */
static bool paused(struct sock *sk)
{
	u64 pause = READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen_blackhole_timeout_sec);
	struct xtcp_fastopen_net *fo = fo_net(sk);
	u8 n = READ_ONCE(fo->pauses);

	if (!pause || !n)
		return false;
	return xtcp_now() - READ_ONCE(fo->paused_at) <
	       (pause * XTCP_USEC_PER_SEC) << min(n - 1, XTCP_FASTOPEN_DOUBLINGS);
}

/* What may the SYN have? Return: true if data */
static bool choose(struct sock *sk, struct xtcp_fastopen_offer *offer)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool bare = xs->fo_no_cookie || xtcp_metrics_no_cookie(__sk_dst_get(sk)) ||
		    (READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen) &
		     XTCP_FASTOPEN_CLIENT_BARE);
	struct xtcp_fastopen_peer peer;
	bool known;

	if (paused(sk) || !xtcp_fastopen_prepare(sock_net(sk))) {
		memset(offer, 0, sizeof(*offer));
		return false;
	}
	known = xtcp_fastopen_recall(&xs->ent.flow, &peer);
	return xtcp_fastopen_choose(&xs->tcb, offer, known ? &peer : NULL, bare,
				    xtcp_now());
}

/* The octets that the SYN has room for, from the user into the send buffer */
static int take_data(struct sock *sk, struct msghdr *msg, u32 room)
{
	int taken = 0;

	while (room && msg_data_left(msg) && sk_stream_memory_free(sk)) {
		ssize_t n = xtcp_sndbuf_append(sk, &msg->msg_iter,
					       min_t(size_t, msg_data_left(msg), room));

		if (n <= 0)
			break;
		xtcp_user_write(&xtcp_sk(sk)->tcb, n);
		taken += n;
		room -= n;
	}
	return taken;
}

/* Sends the SYN, with what it may have of the user's data */
static void send_syn(struct sock *sk, struct xtcp_act *act,
		     struct xtcp_fastopen_offer *offer, bool data)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_fastopen_send *send = xs->fo_send;

	if (send && data) {
		send->copied = take_data(sk, send->msg, offer->room);
		/* what cannot be read must not cost the server a connection */
		if (!send->copied && msg_data_left(send->msg))
			offer->cookie.len = 0;
	}
	xs->tcb.syn_held = false;
	xs->tcb.offer = offer;
	xtcp_apply_finish(sk, act, xtcp_now());
	xs->tcb.offer = NULL;
}

/**
 * xtcp_fastopen_connect - the end of xtcp_connect(), if Fast Open is asked for
 * @sk: the socket, locked, in SYN-SENT
 * @act: what is to be done about that
 */
void xtcp_fastopen_connect(struct sock *sk, struct xtcp_act *act)
{
	struct xtcp_fastopen_offer offer;
	bool data = choose(sk, &offer);

	if (data && !xtcp_sk(sk)->fo_send) {
		xtcp_sk(sk)->tcb.syn_held = true;
		xtcp_compat_defer_connect_set(sk);
		xtcp_apply_finish(sk, act, xtcp_now());
		return;
	}
	send_syn(sk, act, &offer, data);
}

/* The SYN that has waited for data */
static void send_held_syn(struct sock *sk)
{
	struct xtcp_fastopen_offer offer;
	struct xtcp_act act;
	bool data = choose(sk, &offer);

	xtcp_act_init(&act);
	send_syn(sk, &act, &offer, data);
}

static bool names(const struct msghdr *msg, int family)
{
	const struct sockaddr *name = msg->msg_name;

	return name && msg->msg_namelen >= sizeof(name->sa_family) &&
	       name->sa_family == family;
}

/**
 * xtcp_fastopen_sendmsg - sendmsg() with MSG_FASTOPEN, or after a connect() that
 *	has left the SYN to it
 * @sk: the socket, locked
 * @msg: the user's octets, address and flags
 * @copied: gets how many octets were taken
 *
 * Return: 0 once connected, or a negative errno; -EINPROGRESS if there was no
 *	waiting, and then @copied octets are on their way
 */
int xtcp_fastopen_sendmsg(struct sock *sk, struct msghdr *msg, int *copied)
{
	struct xtcp_fastopen_send send = { .msg = msg };
	struct xtcp_sock *xs = xtcp_sk(sk);
	bool v6 = false;
	int err;

	if (!(READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen) &
	      XTCP_FASTOPEN_CLIENT) || names(msg, AF_UNSPEC))
		return -EOPNOTSUPP;
	if (xs->fo_send)
		return -EALREADY;
	if (xs->family_open && names(msg, AF_INET6)) {
		xtcp_sock_to_v6(sk);
		v6 = true;
	}
	xs->fo_send = &send;
	if (xs->tcb.syn_held)
		send_held_syn(sk);
	err = __inet_stream_connect(sk->sk_socket, msg->msg_name, msg->msg_namelen,
				    msg->msg_flags & MSG_DONTWAIT ? O_NONBLOCK : 0, 1);
	if (xs->fo_send == &send)	/* else another call's, after a disconnect */
		xs->fo_send = NULL;
	if (!xs->tcb.syn_held)
		xtcp_compat_defer_connect_clear(sk);
	if (v6 && err && sk->sk_state == TCP_CLOSE && !inet_sk(sk)->inet_num) {
		WRITE_ONCE(sk->sk_family, AF_INET);
		xs->family_open = true;
	}
	*copied = send.copied;
	return err;
}

/**
 * xtcp_fastopen_told - a SYN with Fast Open was answered
 * @sk: the socket, locked, with bottom halves off
 * @synack: the answer
 */
void xtcp_fastopen_told(struct sock *sk, const struct xtcp_seg *synack)
{
	struct xtcp_fastopen_net *fo = fo_net(sk);
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_fastopen_peer *peer;

	spin_lock_bh(&fo->lock);
	peer = xtcp_fastopen_peer(&xs->ent.flow);
	if (peer)
		xtcp_fastopen_learn(peer, &xs->tcb, synack, xtcp_now());
	spin_unlock_bh(&fo->lock);
	if (xs->tcb.fo_data) {
		WRITE_ONCE(fo->pauses, 0);
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_FastOpenActive);
	} else if (xs->tcb.fo_fail > XTCP_FASTOPEN_NO_COOKIE) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_FastOpenActiveFails);
	}
}

/**
 * xtcp_fastopen_over - a connection has ended before its SYN was answered
 * @sk: the socket, locked
 * @err: positive errno, or 0 if the user has ended it
 *
 * A server's refusal is an answer.
 */
void xtcp_fastopen_over(struct sock *sk, int err)
{
	struct xtcp_fastopen_net *fo = fo_net(sk);
	struct xtcp_fastopen_peer *peer;

	if (!err || err == ECONNREFUSED)
		return;
	spin_lock_bh(&fo->lock);
	peer = xtcp_fastopen_peer(&xtcp_sk(sk)->ent.flow);
	if (peer)
		xtcp_fastopen_failed(peer, xtcp_now());
	spin_unlock_bh(&fo->lock);
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_FastOpenActiveFails);
}

/**
 * xtcp_fastopen_timeout - a connection's retransmission timer has expired
 * @sk: the socket, locked
 *
 * The third time in a row, of a connection that began with data in its SYN, some box
 * on the way may not like it.
 */
void xtcp_fastopen_timeout(struct sock *sk)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	struct xtcp_fastopen_net *fo = fo_net(sk);

	if (tcb->tries != 3 || tcb->passive || !(tcb->fo_syn || tcb->fo_data) ||
	    !READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen_blackhole_timeout_sec))
		return;
	spin_lock_bh(&fo->lock);
	WRITE_ONCE(fo->paused_at, xtcp_now());
	if (fo->pauses < U8_MAX)
		WRITE_ONCE(fo->pauses, fo->pauses + 1);
	spin_unlock_bh(&fo->lock);
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_FastOpenPauses);
}

/**
 * xtcp_fastopen_set_connect - TCP_FASTOPEN_CONNECT
 * @sk: the socket, locked
 * @val: what the user wants
 */
int xtcp_fastopen_set_connect(struct sock *sk, int val)
{
	if (val < 0 || val > 1)
		return -EINVAL;
	if (!(READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen) &
	      XTCP_FASTOPEN_CLIENT))
		return -EOPNOTSUPP;
	if (sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	xtcp_sk(sk)->fo_connect = val;
	return 0;
}

/**
 * xtcp_fastopen_set_no_cookie - TCP_FASTOPEN_NO_COOKIE
 * @sk: the socket, locked
 * @val: what the user wants
 */
int xtcp_fastopen_set_no_cookie(struct sock *sk, int val)
{
	if (val < 0 || val > 1 ||
	    !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		return -EINVAL;
	xtcp_sk(sk)->fo_no_cookie = val;
	return 0;
}
