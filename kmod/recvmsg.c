// SPDX-License-Identifier: GPL-2.0
/* recv() and its kin: out of the receive buffer, waiting for octets in it. */
#include <net/busy_poll.h>
#include <net/inet_common.h>
#include <net/sock.h>

#include "core/quick.h"
#include "netns.h"
#include "ops.h"
#include "rcvbuf.h"
#include "tx.h"
#include "urgent.h"

/**
 * struct reading - a call of recvmsg() under way
 * @sk: the socket, locked
 * @msg: where the octets go
 * @flags: MSG_*
 * @seq: the next octet to read
 * @left: octets still wanted
 * @copied: octets read
 * @target: octets that end the waiting
 * @timeo: how long to wait on, jiffies
 */
struct reading {
	struct sock *sk;
	struct msghdr *msg;
	int flags;
	u32 seq;
	size_t left;
	size_t copied;
	size_t target;
	long timeo;
};

/* The first skb with octets from r->seq on */
static struct sk_buff *find(const struct reading *r)
{
	struct sk_buff *skb;

	skb_queue_walk(&r->sk->sk_receive_queue, skb)
		if ((s32)(xtcp_cb(skb)->node.end - r->seq) > 0)
			return skb;
	return NULL;
}

/* Takes up to @most octets. Return: 0, or -EFAULT with nothing taken */
static int take(struct reading *r, struct sk_buff *skb, size_t most)
{
	u32 off = r->seq - xtcp_cb(skb)->seq;
	size_t n = min_t(size_t, most, xtcp_cb(skb)->node.end - r->seq);

	if (!(r->flags & MSG_TRUNC) &&
	    skb_copy_datagram_msg(skb, off, r->msg, n))
		return -EFAULT;
	r->seq += n;
	r->copied += n;
	r->left -= n;
	if (r->flags & MSG_PEEK)
		return 0;
	WRITE_ONCE(xtcp_sk(r->sk)->copied_seq, r->seq);
	if (r->seq == xtcp_cb(skb)->node.end) {
		__skb_unlink(skb, &r->sk->sk_receive_queue);
		__kfree_skb(skb);
	}
	return 0;
}

/*
 * There is urgent data: reading stops at its octet once, and then passes over it,
 * unless it is read inline. Return: whether to stop, for *err
 */
static bool stop_at_mark(struct reading *r, size_t *most, int *err)
{
	struct sock *sk = r->sk;
	u32 up = xtcp_sk(sk)->tcb.rcv_up;

	*err = 0;
	if (up == r->seq) {
		if (r->copied)
			return true;
		if (signal_pending(current)) {
			*err = r->timeo ? sock_intr_errno(r->timeo) : -EAGAIN;
			return true;
		}
		if (sock_flag(sk, SOCK_URGINLINE) || !*most || !find(r))
			return false;
		r->seq++;
		if (!(r->flags & MSG_PEEK)) {
			xtcp_urgent_skip(sk);
			xtcp_urgent_passed(&xtcp_sk(sk)->tcb, r->seq);
		}
	} else if (up - r->seq < *most) {
		*most = up - r->seq;
	}
	return false;
}

/*
 * There is nothing to take now. Return: 0 to go on waiting, 1 to return what
 * there is, or a negative errno if there is nothing
 */
static int give_up(const struct reading *r)
{
	struct sock *sk = r->sk;

	if (r->copied)
		return r->copied >= r->target || sk->sk_err ||
		       sk->sk_state == TCP_CLOSE ||
		       (sk->sk_shutdown & RCV_SHUTDOWN) || !r->timeo ||
		       signal_pending(current);
	if (sock_flag(sk, SOCK_DONE))
		return 1;
	if (sk->sk_err)
		return sock_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 1;
	if (sk->sk_state == TCP_CLOSE)
		return -ENOTCONN;
	if (!r->timeo)
		return -EAGAIN;
	return signal_pending(current) ? sock_intr_errno(r->timeo) : 0;
}

/* The reader has made room: does the peer need to hear of it? */
static void announce(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_rcvbuf_tune(sk);
	xtcp_rcvbuf_refresh(sk);
	xtcp_user_read(&xs->tcb);
	/* under pressure there is little room, and yet no lag */
	if (!xtcp_rcvbuf_avail(sk))
		xtcp_quick_awaited(&xs->tcb);
	if (xs->tcb.ack_due == XTCP_ACK_NOW)
		xtcp_tx_now(sk);
}

/*
 * Waits for octets, a FIN or an end. Not sk_wait_data(): a segment may join
 * the last skb, which would leave that one asleep. Return: 0, or a negative
 * errno if the connection was undone meanwhile
 */
static int wait_for_data(struct reading *r)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	struct xtcp_tcb *tcb = &xtcp_sk(r->sk)->tcb;
	u32 seen = tcb->rcv_nxt;
	int rc;

	add_wait_queue(sk_sleep(r->sk), &wait);
	sk_set_bit(SOCKWQ_ASYNC_WAITDATA, r->sk);
	rc = sk_wait_event(r->sk, &r->timeo, READ_ONCE(tcb->rcv_nxt) != seen,
			   &wait);
	sk_clear_bit(SOCKWQ_ASYNC_WAITDATA, r->sk);
	remove_wait_queue(sk_sleep(r->sk), &wait);
	return min(rc, 0);
}

/* The lock was let go: another reader may have taken what was next */
static void catch_up(struct reading *r)
{
	u32 next = xtcp_sk(r->sk)->copied_seq;

	if (!(r->flags & MSG_PEEK) || (s32)(next - r->seq) > 0)
		r->seq = next;
}

static int wait_or_run_backlog(struct reading *r)
{
	int err = 0;

	if (!(r->flags & MSG_PEEK))
		announce(r->sk);
	if (r->copied >= r->target) {
		release_sock(r->sk);	/* runs the backlog */
		lock_sock(r->sk);
	} else {
		err = wait_for_data(r);
	}
	catch_up(r);
	return err;
}

/* Even who wants no octets waits for some, as with TCP */
static int read_loop(struct reading *r)
{
	do {
		size_t most = r->left;
		struct sk_buff *skb;
		int err;

		if (unlikely(xtcp_sk(r->sk)->tcb.urg) &&
		    stop_at_mark(r, &most, &err))
			return err;
		skb = find(r);
		if (skb) {
			err = take(r, skb, most);
			if (err)
				return r->copied ? 0 : err;
			continue;
		}
		if (r->copied >= r->target && !r->sk->sk_backlog.tail)
			break;
		err = give_up(r);
		if (err && !(r->copied >= r->target && r->sk->sk_backlog.tail &&
			     err == 1))
			return err < 0 ? err : 0;
		err = wait_or_run_backlog(r);
		if (err)
			return r->copied ? 0 : err;
	} while (r->left);
	return 0;
}

/**
 * xtcp_recvmsg - struct proto's recvmsg
 * @sk: the socket
 * @msg: where the octets go
 * @len: how many at the most
 * @flags: MSG_*
 * @addr_len: unused, as the peer is known
 *
 * Return: octets read, 0 at the end, or a negative errno
 */
int xtcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags,
		 int *addr_len)
{
	struct reading r = {
		.sk = sk, .msg = msg, .flags = flags, .left = len,
	};
	int err = -ENOTCONN;

	if (unlikely(flags & MSG_ERRQUEUE))
		return inet_recv_error(sk, msg, len, addr_len);
	lock_sock(sk);
	if (sk->sk_state == TCP_LISTEN)
		goto out;
	if (unlikely(flags & MSG_OOB)) {
		err = xtcp_urgent_recv(sk, msg, len, flags);
		goto out;
	}
	r.seq = xtcp_sk(sk)->copied_seq;
	r.target = sock_rcvlowat(sk, flags & MSG_WAITALL, len);
	r.timeo = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	err = read_loop(&r);
	if (r.copied && !(flags & MSG_PEEK)) {
		if (unlikely(xtcp_sk(sk)->tcb.urg))
			xtcp_urgent_passed(&xtcp_sk(sk)->tcb, r.seq);
		announce(sk);
	}
out:
	release_sock(sk);
	return err ? err : r.copied;
}
