// SPDX-License-Identifier: GPL-2.0
/* ioctl(): how much is in the buffers. */
#include <asm/ioctls.h>
#include <linux/sockios.h>
#include <net/sock.h>

#include "ops.h"
#include "rcvbuf.h"

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
		    xtcp_rcvbuf_avail(sk);
		break;
	case SIOCOUTQ:
		n = closed ? 0 : tcb->snd_end + tcb->fin_queued - tcb->snd_una;
		break;
	case SIOCOUTQNSD:
		n = closed ? 0 : tcb->snd_end + tcb->fin_queued - tcb->snd_nxt;
		break;
	default:
		break;		/* no urgent data, so never at its mark */
	}
	release_sock(sk);
	return xtcp_compat_ioctl_put(n, arg);
}
