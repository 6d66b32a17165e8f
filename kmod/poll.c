// SPDX-License-Identifier: GPL-2.0
/* poll(), select() and epoll: the events that Linux TCP raises, when it does. */
#include <linux/poll.h>
#include <net/sock.h>

#include "ops.h"
#include "rcvbuf.h"
#include "urgent.h"

static __poll_t poll_write(struct sock *sk)
{
	if (sk->sk_shutdown & SEND_SHUTDOWN)
		return EPOLLOUT | EPOLLWRNORM;
	if (xtcp_sk_writeable(sk))
		return EPOLLOUT | EPOLLWRNORM;
	sk_set_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	/* room may have come between the look and the flag; the barrier pairs
	 * with the one in the wakeup
	 */
	smp_mb__after_atomic();
	return xtcp_sk_writeable(sk) ? EPOLLOUT | EPOLLWRNORM : 0;
}

/* As much as is wanted, or as there is room for: then waiting is in vain */
static bool poll_read(const struct sock *sk)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	int avail = xtcp_rcvbuf_avail(sk), room, target;

	target = sock_rcvlowat(sk, 0, INT_MAX);
	/* the urgent octet is none to read */
	if (unlikely(xtcp_urgent_at_mark(sk)) && !sock_flag(sk, SOCK_URGINLINE))
		target++;
	if (avail >= target)
		return true;
	room = READ_ONCE(tcb->rcv_adv) - READ_ONCE(tcb->rcv_nxt);
	return avail > 0 && room <= READ_ONCE(tcb->rcv_mss);
}

/**
 * xtcp_poll - struct proto_ops' poll
 * @file: the socket's file
 * @sock: the socket
 * @wait: whom to wake, or NULL
 *
 * Context: the socket is not locked, so each field is read once
 */
__poll_t xtcp_poll(struct file *file, struct socket *sock,
		   struct poll_table_struct *wait)
{
	struct sock *sk = sock->sk;
	u8 shutdown;
	__poll_t mask = 0;
	int state;

	sock_poll_wait(file, sock, wait);
	state = inet_sk_state_load(sk);
	if (state == TCP_LISTEN)
		return list_empty_careful(&xtcp_sk(sk)->accept_queue) ? 0 :
		       EPOLLIN | EPOLLRDNORM;
	shutdown = READ_ONCE(sk->sk_shutdown);
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (state != TCP_SYN_SENT &&
	    (state != TCP_SYN_RECV || xtcp_sk(sk)->tcb.fo_child)) {
		if (state != TCP_CLOSE && poll_read(sk))
			mask |= EPOLLIN | EPOLLRDNORM;
		mask |= poll_write(sk);
		if (unlikely(READ_ONCE(xtcp_sk(sk)->tcb.urg) == XTCP_URG_HERE))
			mask |= EPOLLPRI;
	} else if (state == TCP_SYN_SENT && xtcp_compat_defer_connect(sk)) {
		mask |= EPOLLOUT | EPOLLWRNORM;	/* the SYN waits for data */
	}
	smp_rmb();	/* sk_err is set before the state */
	if (READ_ONCE(sk->sk_err) ||
	    !skb_queue_empty_lockless(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}
