// SPDX-License-Identifier: GPL-2.0
/*
 * Socket options: level IPPROTO_TCP with Linux TCP's names, numbers, layouts
 * and errors; other levels go where they belong.
 */
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "apply.h"
#include "cong.h"
#include "core/keepalive.h"
#include "core/pace.h"
#include "core/quick.h"
#include "core/timer.h"
#include "core/window.h"
#include "fastopen.h"
#include "info.h"
#include "ip.h"
#include "ktimer.h"
#include "netns.h"
#include "ops.h"
#include "rcvbuf.h"
#include "tx.h"

static int set_maxseg(struct sock *sk, int val)
{
	if (val && (val < TCP_MIN_MSS || val > MAX_TCP_WINDOW))
		return -EINVAL;
	xtcp_sk(sk)->user_mss = val;
	return 0;
}

/* Send what may be sent now */
static void push(struct sock *sk)
{
	struct xtcp_act act;

	if (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_LISTEN)
		return;
	xtcp_act_init(&act);
	xtcp_apply_finish(sk, &act, xtcp_now());
}

/* What waits goes out even if it is corked; what follows waits again */
static void set_nodelay(struct sock *sk, int val)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	bool cork = tcb->opts.cork;

	tcb->nodelay = !!val;
	if (!val)
		return;
	tcb->opts.cork = false;
	push(sk);
	tcb->opts.cork = cork;
}

static void set_cork(struct sock *sk, int val)
{
	xtcp_sk(sk)->tcb.opts.cork = !!val;
	if (!val)
		push(sk);
}

/* What is due goes out now; an even value says that it was for this once */
static void set_quickack(struct sock *sk, int val)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	bool due = tcb->ack_due != XTCP_ACK_NONE &&
		   (1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT);

	xtcp_quick_set(tcb, val, due && !xtcp_rcvbuf_avail(sk));
	if (!val || !due)
		return;
	push(sk);
	if (!(val & 1))
		xtcp_quick_set(tcb, false, false);
}

static int set_window_clamp(struct sock *sk, int val)
{
	if (!val && sk->sk_state != TCP_CLOSE)
		return -EINVAL;
	xtcp_sk(sk)->window_clamp = val ? max_t(u32, val, SOCK_MIN_RCVBUF / 2) :
					  0;
	return 0;
}

/* The time in which a SYN-ACK is sent so many times, doubled each time */
static int defer_seconds(u8 timeouts)
{
	int total = 0, wait = TCP_TIMEOUT_INIT / HZ;

	for (; timeouts; timeouts--) {
		total += wait;
		wait = min_t(int, 2 * wait, TCP_RTO_MAX / HZ);
	}
	return total;
}

static void set_defer_accept(struct sock *sk, int seconds)
{
	u8 timeouts = 0;

	while (timeouts < U8_MAX && defer_seconds(timeouts) < seconds)
		timeouts++;
	xtcp_sk(sk)->tcb.opts.defer_accept = timeouts;
}

static void arm(struct sock *sk, u64 now)
{
	xtcp_ktimer_arm(sk, xtcp_timer_next(&xtcp_sk(sk)->tcb), now);
}

/**
 * xtcp_keepalive - struct proto's keepalive: SO_KEEPALIVE
 * @sk: the socket, locked
 * @on: what the user wants
 */
void xtcp_keepalive(struct sock *sk, int on)
{
	u64 now = xtcp_now();

	xtcp_keep_set(&xtcp_sk(sk)->tcb, on, now);
	arm(sk, now);
}

static int set_keep(struct sock *sk, int optname, int val)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	if (val < 1 || val > (optname == TCP_KEEPCNT ? MAX_TCP_KEEPCNT :
						       MAX_TCP_KEEPIDLE))
		return -EINVAL;
	if (optname == TCP_KEEPCNT) {
		tcb->opts.keep_count = val;
	} else if (optname == TCP_KEEPINTVL) {
		tcb->opts.keep_interval = val;
	} else {
		xtcp_keep_set_idle(tcb, val);
		arm(sk, xtcp_now());
	}
	return 0;
}

static int set_user_timeout(struct sock *sk, int val)
{
	if (val < 0)
		return -EINVAL;
	xtcp_sk(sk)->tcb.opts.user_timeout = val;
	return 0;
}

/* By how much the RTO exceeds SRTT at least, up to what RFC 6298 wants */
static int set_rto_min(struct sock *sk, int val)
{
	if (val < 1 || val > USEC_PER_SEC)
		return -EINVAL;
	xtcp_sk(sk)->tcb.opts.rto_min = val;
	return 0;
}

static int set_syncnt(struct sock *sk, int val)
{
	if (val < 1 || val > MAX_TCP_SYNCNT)
		return -EINVAL;
	xtcp_sk(sk)->tcb.opts.syn_retries = val;
	return 0;
}

static void set_linger2(struct sock *sk, int val)
{
	xtcp_sk(sk)->tcb.opts.linger2 = clamp(val, -1, TCP_FIN_TIMEOUT_MAX / HZ);
}

/* The one option that is no number */
static int set_congestion(struct sock *sk, sockptr_t optval,
			  unsigned int optlen)
{
	char name[XTCP_CONG_NAME_MAX];
	long len;
	int err;

	if (optlen < 1)
		return -EINVAL;
	len = strncpy_from_sockptr(name, optval,
				   min_t(long, sizeof(name) - 1, optlen));
	if (len < 0)
		return -EFAULT;
	name[len] = 0;
	lock_sock(sk);
	err = xtcp_cong_set(sk, name, ns_capable(sock_net(sk)->user_ns,
						 CAP_NET_ADMIN));
	release_sock(sk);
	return err;
}

/* Nor is this: one key, or two */
static int set_fastopen_key(struct sock *sk, sockptr_t optval,
			    unsigned int optlen)
{
	u8 keys[XTCP_FASTOPEN_KEYS * XTCP_FASTOPEN_KEY_LEN];
	int err;

	if (optlen != XTCP_FASTOPEN_KEY_LEN && optlen != sizeof(keys))
		return -EINVAL;
	if (copy_from_sockptr(keys, optval, optlen))
		return -EFAULT;
	lock_sock(sk);
	err = xtcp_fastopen_set_keys(sk, keys, optlen);
	release_sock(sk);
	memzero_explicit(keys, sizeof(keys));
	return err;
}

static int set_tcp(struct sock *sk, int optname, sockptr_t optval,
		   unsigned int optlen)
{
	int val, err;

	if (optname == TCP_CONGESTION)
		return set_congestion(sk, optval, optlen);
	if (optname == TCP_FASTOPEN_KEY)
		return set_fastopen_key(sk, optval, optlen);
	if (optlen < sizeof(int))
		return -EINVAL;
	if (copy_from_sockptr(&val, optval, sizeof(val)))
		return -EFAULT;
	lock_sock(sk);
	switch (optname) {
	case TCP_MAXSEG:
		err = set_maxseg(sk, val);
		break;
	case TCP_NODELAY:
		set_nodelay(sk, val);
		err = 0;
		break;
	case TCP_CORK:
		set_cork(sk, val);
		err = 0;
		break;
	case TCP_NOTSENT_LOWAT:
		WRITE_ONCE(xtcp_sk(sk)->notsent_lowat, val);
		sk->sk_write_space(sk);
		err = 0;
		break;
	case TCP_QUICKACK:
		set_quickack(sk, val);
		err = 0;
		break;
	case TCP_WINDOW_CLAMP:
		err = set_window_clamp(sk, val);
		break;
	case TCP_DEFER_ACCEPT:
		set_defer_accept(sk, val);
		err = 0;
		break;
	case TCP_KEEPIDLE:
	case TCP_KEEPINTVL:
	case TCP_KEEPCNT:
		err = set_keep(sk, optname, val);
		break;
	case TCP_USER_TIMEOUT:
		err = set_user_timeout(sk, val);
		break;
	case TCP_RTO_MIN_US:
		err = set_rto_min(sk, val);
		break;
	case TCP_SYNCNT:
		err = set_syncnt(sk, val);
		break;
	case TCP_LINGER2:
		set_linger2(sk, val);
		err = 0;
		break;
	case TCP_FASTOPEN:
		err = xtcp_fastopen_set_max(sk, val);
		break;
	case TCP_FASTOPEN_CONNECT:
		err = xtcp_fastopen_set_connect(sk, val);
		break;
	case TCP_FASTOPEN_NO_COOKIE:
		err = xtcp_fastopen_set_no_cookie(sk, val);
		break;
	default:
		err = -ENOPROTOOPT;
		break;
	}
	release_sock(sk);
	return err;
}

/* On AF_XTCP, an option of IPv6 decides for IPv6 */
static void choose_family(struct sock *sk, int level)
{
	if (level != SOL_IPV6 || !xtcp_sk(sk)->family_open)
		return;
	lock_sock(sk);
	if (xtcp_sk(sk)->family_open)
		xtcp_sock_to_v6(sk);
	release_sock(sk);
}

/**
 * xtcp_setsockopt - struct proto's setsockopt
 * @sk: the socket
 * @level: IPPROTO_TCP, SOL_XTCP, or a level of the network layer
 * @optname: the option
 * @optval: its value
 * @optlen: octets of @optval
 */
int xtcp_setsockopt(struct sock *sk, int level, int optname, sockptr_t optval,
		    unsigned int optlen)
{
	choose_family(sk, level);
	if (level == SOL_TCP)
		return set_tcp(sk, optname, optval, optlen);
	if (level == SOL_XTCP)
		return -ENOPROTOOPT;
	if (sk->sk_family == AF_INET6 && level != SOL_IP)
		return ipv6_setsockopt(sk, level, optname, optval, optlen);
	return ip_setsockopt(sk, level, optname, optval, optlen);
}

static int get_info(struct sock *sk, char __user *optval, int __user *optlen,
		    int len)
{
	struct tcp_info info;

	lock_sock(sk);
	xtcp_info_fill(sk, &info);
	release_sock(sk);
	len = min_t(unsigned int, len, sizeof(info));
	if (put_user(len, optlen) || copy_to_user(optval, &info, len))
		return -EFAULT;
	return 0;
}

static int get_congestion(struct sock *sk, char __user *optval,
			  int __user *optlen, int len)
{
	char name[XTCP_CONG_NAME_MAX];

	lock_sock(sk);
	memcpy(name, xtcp_sk(sk)->tcb.cong.ops->name, sizeof(name));
	release_sock(sk);
	len = min_t(unsigned int, len, sizeof(name));
	if (put_user(len, optlen) || copy_to_user(optval, name, len))
		return -EFAULT;
	return 0;
}

static int get_fastopen_key(struct sock *sk, char __user *optval,
			    int __user *optlen, int len)
{
	u8 keys[XTCP_FASTOPEN_KEYS * XTCP_FASTOPEN_KEY_LEN];
	u32 have;

	lock_sock(sk);
	have = xtcp_fastopen_get_keys(sk, keys);
	release_sock(sk);
	len = min_t(unsigned int, len, have);
	if (put_user(len, optlen) || copy_to_user(optval, keys, len))
		return -EFAULT;
	return 0;
}

/* An option that is a number; the socket is locked. Return: 0 or -ENOPROTOOPT */
static int get_number(struct sock *sk, int optname, int *val)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	switch (optname) {
	case TCP_MAXSEG:
		*val = xs->tcb.mss;
		if (xs->user_mss && ((1 << sk->sk_state) &
				     (TCPF_CLOSE | TCPF_LISTEN)))
			*val = xs->user_mss;
		break;
	case TCP_NODELAY:
		*val = xs->tcb.nodelay;
		break;
	case TCP_CORK:
		*val = xs->tcb.opts.cork;
		break;
	case TCP_NOTSENT_LOWAT:
		*val = xs->notsent_lowat;
		break;
	case TCP_QUICKACK:
		*val = !xs->tcb.interactive;
		break;
	case TCP_WINDOW_CLAMP:
		*val = xs->window_clamp;
		break;
	case TCP_DEFER_ACCEPT:
		*val = defer_seconds(xs->tcb.opts.defer_accept);
		break;
	case TCP_RTO_MIN_US:
		*val = xs->tcb.opts.rto_min ?: xs->tcb.params->rto_min;
		break;
	case TCP_KEEPIDLE:
		*val = xtcp_keep_idle(&xs->tcb);
		break;
	case TCP_KEEPINTVL:
		*val = xtcp_keep_interval(&xs->tcb);
		break;
	case TCP_KEEPCNT:
		*val = xtcp_keep_count(&xs->tcb);
		break;
	case TCP_USER_TIMEOUT:
		*val = xs->tcb.opts.user_timeout;
		break;
	case TCP_SYNCNT:
		*val = xs->tcb.opts.syn_retries ?: xs->tcb.params->syn_retries;
		break;
	case TCP_LINGER2:
		*val = xs->tcb.opts.linger2 ?:
		      xtcp_net(sock_net(sk))->sysctl_fin_timeout;
		break;
	case TCP_FASTOPEN:
		*val = xtcp_fastopen_max(sk);
		break;
	case TCP_FASTOPEN_CONNECT:
		*val = xs->fo_connect;
		break;
	case TCP_FASTOPEN_NO_COOKIE:
		*val = xs->fo_no_cookie;
		break;
	default:
		return -ENOPROTOOPT;
	}
	return 0;
}

static int get_tcp(struct sock *sk, int optname, char __user *optval,
		   int __user *optlen)
{
	int val, len, err;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (optname == TCP_INFO)
		return get_info(sk, optval, optlen, len);
	if (optname == TCP_CONGESTION)
		return get_congestion(sk, optval, optlen, len);
	if (optname == TCP_FASTOPEN_KEY)
		return get_fastopen_key(sk, optval, optlen, len);
	len = min_t(unsigned int, len, sizeof(int));
	lock_sock(sk);
	err = get_number(sk, optname, &val);
	release_sock(sk);
	if (err)
		return err;
	if (put_user(len, optlen) || copy_to_user(optval, &val, len))
		return -EFAULT;
	return 0;
}

/**
 * xtcp_getsockopt - struct proto's getsockopt
 * @sk: the socket
 * @level: see xtcp_setsockopt()
 * @optname: the option
 * @optval: where its value goes
 * @optlen: room there; gets the value's length
 */
int xtcp_getsockopt(struct sock *sk, int level, int optname,
		    char __user *optval, int __user *optlen)
{
	choose_family(sk, level);
	if (level == SOL_TCP)
		return get_tcp(sk, optname, optval, optlen);
	if (level == SOL_XTCP)
		return -ENOPROTOOPT;
	if (sk->sk_family == AF_INET6 && level != SOL_IP)
		return ipv6_getsockopt(sk, level, optname, optval, optlen);
	return ip_getsockopt(sk, level, optname, optval, optlen);
}
