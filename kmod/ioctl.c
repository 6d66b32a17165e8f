// SPDX-License-Identifier: GPL-2.0
/* ioctl(): how much is in the buffers. */
#include <asm/ioctls.h>
#include <linux/sockios.h>
#include <net/sock.h>

#include "ops.h"
#include "rcvbuf.h"
#include "urgent.h"

/* Octets before the urgent one; all of them if there is none */
static int to_read(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 avail = xtcp_rcvbuf_avail(sk), ahead;

	if (!xs->tcb.urg || sock_flag(sk, SOCK_URGINLINE))
		return avail;
	ahead = xs->tcb.rcv_up - xs->copied_seq;
	return min(avail, ahead);
}

/**
 * xtcp_ioctl - struct proto's ioctl
 * @sk: the socket
 * @cmd: SIOCINQ, SIOCOUTQ, SIOCOUTQNSD or SIOCATMARK
 * @arg: where the answer goes
 */
int xtcp_ioctl(struct sock *sk, int cmd, xtcp_compat_ioctl_arg arg)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	bool closed = (1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV |
					     TCPF_CLOSE);
	int n = 0;

	if (cmd != SIOCINQ && cmd != SIOCOUTQ && cmd != SIOCOUTQNSD &&
	    cmd != SIOCATMARK)
		return -ENOIOCTLCMD;
	if (sk->sk_state == TCP_LISTEN && cmd != SIOCATMARK)
		return -EINVAL;
	lock_sock(sk);
	switch (cmd) {
	case SIOCINQ:
		n = closed && (sk->sk_state != TCP_CLOSE ||
			       !skb_queue_len(&sk->sk_receive_queue)) ? 0 :
		    to_read(sk);
		break;
	case SIOCOUTQ:
		n = closed ? 0 : tcb->snd_end + tcb->fin_queued - tcb->snd_una;
		break;
	case SIOCOUTQNSD:
		n = closed ? 0 : tcb->snd_end + tcb->fin_queued - tcb->snd_nxt;
		break;
	default:
		n = xtcp_urgent_at_mark(sk);
		break;
	}
	release_sock(sk);
	return xtcp_compat_ioctl_put(n, arg);
}
