// SPDX-License-Identifier: GPL-2.0
/*
 * The receiving user's side of urgent data: the signal, the octet that MSG_OOB
 * reads out of turn, and how the stream passes over it. What is urgent, and where,
 * is decided in core/urgent.c; recvmsg.c stops at the mark.
 */
#include <net/sock.h>

#include "urgent.h"

/* The octet is kept apart: the stream may be far from it, or never have it */
static void keep(struct sock *sk, const struct sk_buff *skb, u32 off)
{
	u8 octet = 0;

	WARN_ON_ONCE(skb_copy_bits(skb, off, &octet, 1));
	xtcp_sk(sk)->urg_octet = octet;
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}

/**
 * xtcp_urgent_skip - the reader is at the urgent octet, which is not for it
 * @sk: the socket, locked; the octet is the first of its receive queue
 */
void xtcp_urgent_skip(struct sock *sk)
{
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);
	struct xtcp_sock *xs = xtcp_sk(sk);

	WRITE_ONCE(xs->copied_seq, xs->copied_seq + 1);
	if (skb && xtcp_cb(skb)->node.end == xs->copied_seq) {
		__skb_unlink(skb, &sk->sk_receive_queue);
		__kfree_skb(skb);
	}
}

/**
 * xtcp_urgent_seen - a segment has an urgent pointer, or the urgent octet
 * @sk: the socket, locked
 * @skb: the segment from its header on, not in the receive queue yet
 * @hlen: octets of that header
 * @act: what the core says of it
 *
 * If the mark moves on while the reader is at the former, that octet is not to be
 * read as one of the stream now that nothing marks it.
 */
void xtcp_urgent_seen(struct sock *sk, const struct sk_buff *skb, u32 hlen,
		      const struct xtcp_act *act)
{
	if (act->flags & XTCP_ACT_URGENT)
		sk_send_sigurg(sk);
	if (act->flags & XTCP_ACT_URG_MOVED &&
	    act->urg_was == xtcp_sk(sk)->copied_seq &&
	    !sock_flag(sk, SOCK_URGINLINE) &&
	    !skb_queue_empty(&sk->sk_receive_queue))
		xtcp_urgent_skip(sk);
	if (act->flags & XTCP_ACT_URG_OCTET)
		keep(sk, skb, hlen + act->urg_off);
}

/**
 * xtcp_urgent_kept - the urgent octet is among what was kept out of order
 * @sk: the socket, locked; the octet is in its receive queue now
 */
void xtcp_urgent_kept(struct sock *sk)
{
	u32 up = xtcp_sk(sk)->tcb.rcv_up;
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb) {
		const struct xtcp_cb *cb = xtcp_cb(skb);

		if (up - cb->node.seq < cb->node.end - cb->node.seq) {
			keep(sk, skb, up - cb->seq);
			return;
		}
	}
	WARN_ON_ONCE(1);
}

/**
 * xtcp_urgent_recv - recv() with MSG_OOB, which never waits
 * @sk: the socket, locked
 * @msg: where the octet goes
 * @len: room there
 * @flags: MSG_*
 *
 * Return: 1; 0 if there is no room or the peer has ended; or a negative errno
 */
int xtcp_urgent_recv(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u8 urg = xs->tcb.urg;

	if (sock_flag(sk, SOCK_URGINLINE) || urg == XTCP_URG_NONE ||
	    urg == XTCP_URG_READ)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (urg == XTCP_URG_AWAITED)
		return sk->sk_state == TCP_CLOSE ||
		       (sk->sk_shutdown & RCV_SHUTDOWN) ? 0 : -EAGAIN;
	if (!(flags & MSG_PEEK))
		WRITE_ONCE(xs->tcb.urg, XTCP_URG_READ);
	msg->msg_flags |= MSG_OOB;
	if (!len) {
		msg->msg_flags |= MSG_TRUNC;
		return 0;
	}
	if (!(flags & MSG_TRUNC) && memcpy_to_msg(msg, &xs->urg_octet, 1))
		return -EFAULT;
	return 1;
}
