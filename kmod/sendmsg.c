// SPDX-License-Identifier: GPL-2.0
/* send() and its kin: into the send buffer, waiting for room in it. */
#include <net/sock.h>

#include "apply.h"
#include "below.h"
#include "fastopen.h"
#include "netns.h"
#include "ops.h"
#include "tx.h"
#include "urgent.h"

/* What is sent at once is large enough by then for one skb */
#define PUSH_AT (64 * 1024)

static int check_cmsgs(struct sock *sk, struct msghdr *msg)
{
	struct sockcm_cookie cookie = {};

	return msg->msg_controllen ? sock_cmsg_send(sk, msg, &cookie) : 0;
}

/* Octets that were written and never sent */
static u32 unsent(const struct sock *sk)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	return tcb->snd_end - tcb->snd_nxt;
}

static int wait_for_room(struct sock *sk, long *timeo)
{
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	xtcp_tx_now(sk);
	return sk_stream_wait_memory(sk, timeo);
}

/* Return: octets taken, or a negative errno if none were */
static ssize_t fill(struct sock *sk, struct msghdr *msg, int flags, long *timeo)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	ssize_t copied = 0, n;
	int err;

	while (msg_data_left(msg)) {
		if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN))
			return copied ?: -EPIPE;
		n = -ENOBUFS;
		/* what can go out does not count */
		if (unlikely(!xtcp_sk_notsent_low(sk, 0)))
			xtcp_tx_now(sk);
		if (sk->sk_wmem_queued < sk->sk_sndbuf &&
		    likely(xtcp_sk_notsent_low(sk, 0)))
			n = xtcp_sndbuf_append(sk, &msg->msg_iter,
					       min_t(size_t, msg_data_left(msg),
						     sk->sk_sndbuf - sk->sk_wmem_queued));
		if (n > 0) {
			copied += n;
			xtcp_user_write(tcb, n);
			/* what is urgent is marked before it goes out */
			if (unsent(sk) >= PUSH_AT && likely(!(flags & MSG_OOB)))
				xtcp_tx_now(sk);
			continue;
		}
		if (n == -EFAULT)
			return copied ?: -EFAULT;
		if (unlikely(flags & MSG_OOB) && copied)
			xtcp_urgent_write(tcb);
		err = wait_for_room(sk, timeo);
		if (err)
			return copied ?: err;
	}
	return copied;
}

/* MSG_MORE is about this call alone: what happens next may send the rest */
static void push(struct sock *sk, bool more)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	if (unlikely(xtcp_below(sk)) && xtcp_below_cork(sk))
		return;
	tcb->more = more;
	xtcp_tx_now(sk);
	tcb->more = false;
}

/* connect() has left the SYN to us */
static bool held(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_SENT && xtcp_sk(sk)->tcb.syn_held;
}

/* A Fast Open child may send before the handshake's end */
static bool early(const struct sock *sk)
{
	return sk->sk_state == TCP_SYN_RECV && xtcp_sk(sk)->tcb.fo_child;
}

/**
 * xtcp_sendmsg - struct proto's sendmsg
 * @sk: the socket
 * @msg: the user's octets and flags
 * @len: how many
 *
 * Return: octets taken, or a negative errno
 */
int xtcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len)
{
	int flags = msg->msg_flags;
	int err, in_syn = 0;
	ssize_t n;
	long timeo;

	lock_sock(sk);
	if (unlikely(flags & MSG_FASTOPEN || held(sk))) {
		err = xtcp_fastopen_sendmsg(sk, msg, &in_syn);
		/* what went with the SYN must not go again when the call is repeated */
		if (in_syn && (err == -EINPROGRESS || err == -ERESTARTSYS || err == -EINTR))
			goto sent;
		in_syn = err ? 0 : in_syn;
		if (err)
			goto error;
	}
	timeo = sock_sndtimeo(sk, flags & MSG_DONTWAIT);
	if ((1 << sk->sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    !early(sk)) {
		err = sk_stream_wait_connect(sk, &timeo);
		if (err)
			goto error;
	}
	err = check_cmsgs(sk, msg);
	if (err)
		goto out;
	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	err = -EPIPE;
	if (sk->sk_err || (sk->sk_shutdown & SEND_SHUTDOWN))
		goto error;
	n = fill(sk, msg, flags, &timeo);
	if (n >= 0) {
		if (n && sk->sk_state != TCP_CLOSE) {
			if (unlikely(flags & MSG_OOB))
				xtcp_urgent_write(&xtcp_sk(sk)->tcb);
			if (likely(!(flags & MSG_MORE)))
				xtcp_sndbuf_end(sk, n);
			push(sk, flags & MSG_MORE);
		}
		release_sock(sk);
		return n + in_syn;
	}
	err = n;
error:
	if (in_syn)
		goto sent;
	err = sk_stream_error(sk, flags, err);
	/* edge-triggered waiters must not miss the room there is */
	if (err == -EAGAIN && !xtcp_sk(sk)->snd.len)
		sk->sk_write_space(sk);
out:
	release_sock(sk);
	return err;
sent:
	release_sock(sk);
	return in_syn;
}
