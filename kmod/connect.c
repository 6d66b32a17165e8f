// SPDX-License-Identifier: GPL-2.0
/* connect(): addresses and route, a port, and the SYN. */
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/sock.h>

#include "apply.h"
#include "core/window.h"
#include "fastopen.h"
#include "ip.h"
#include "isn.h"
#include "metrics.h"
#include "netns.h"
#include "ops.h"
#include "rcvbuf.h"

static int connect4(struct sock *sk, const struct sockaddr_in *to, int len)
{
	if (len < sizeof(*to))
		return -EINVAL;
	if (to->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	return xtcp_ip4_connect(sk, to->sin_addr.s_addr, to->sin_port);
}

static int connect6(struct sock *sk, struct sockaddr_in6 *to, int len)
{
	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (to->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;
	if (!ipv6_addr_v4mapped(&to->sin6_addr))
		return xtcp_ip6_connect(sk, to);
	if (ipv6_only_sock(sk))
		return -ENETUNREACH;
	sk->sk_v6_daddr = to->sin6_addr;
	return xtcp_ip4_connect(sk, to->sin6_addr.s6_addr32[3], to->sin6_port);
}

static void set_flow(struct sock *sk)
{
	struct xtcp_flow *f = &xtcp_sk(sk)->ent.flow;
	struct inet_sock *inet = inet_sk(sk);

	memset(f, 0, sizeof(*f));
	if (xtcp_ip_is_v4(sk)) {
		ipv6_addr_set_v4mapped(inet->inet_saddr, &f->laddr);
		ipv6_addr_set_v4mapped(inet->inet_daddr, &f->raddr);
	} else {
		f->laddr = inet6_sk(sk)->saddr;
		f->raddr = sk->sk_v6_daddr;
	}
	f->rport = inet->inet_dport;
	f->dif = sk->sk_bound_dev_if;
	f->net = sock_net(sk);
}

static void undo(struct sock *sk)
{
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet_reset_saddr(sk);
	inet_sk(sk)->inet_dport = 0;
	sk->sk_route_caps = 0;
	sk_dst_reset(sk);
}

static void open_tcb(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	bool v4 = xtcp_ip_is_v4(sk);

	xtcp_sock_reset(sk);
	xtcp_ip_use_dst(sk, dst);
	xs->tcb.adv_mss = xtcp_ip_adv_mss(dst);
	if (xs->user_mss)
		xs->tcb.adv_mss = min(xs->tcb.adv_mss, xs->user_mss);
	xs->tcb.default_mss = v4 ? 536 : 1220;
	xtcp_metrics_open(sk, dst);
	xs->tcb.rcv_wscale = xtcp_window_scale(xtcp_rcvbuf_max(sk));
}

/**
 * xtcp_connect - struct proto's connect: send a SYN
 * @sk: the socket, locked, in CLOSED
 * @uaddr: the peer
 * @addr_len: octets of @uaddr
 *
 * Return: 0 or what Linux TCP returns
 */
int xtcp_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_act act;
	int err;

	if (sk->sk_family == AF_INET6)
		err = connect6(sk, (struct sockaddr_in6 *)uaddr, addr_len);
	else
		err = connect4(sk, (struct sockaddr_in *)uaddr, addr_len);
	if (err == -EINVAL || err == -EAFNOSUPPORT)
		return err;
	if (err)
		goto fail;
	set_flow(sk);
	open_tcb(sk);
	err = xtcp_port_connect(sk);
	if (err)
		goto fail;
	xs->family_open = false;
	sk_set_txhash(sk);
	WRITE_ONCE(sk->sk_err_soft, 0);
	xs->tcb.ts.offset = xtcp_isn_ts_offset(&xs->ent.flow);
	xtcp_act_init(&act);
	xtcp_user_connect(&xs->tcb, xtcp_isn(&xs->ent.flow), &act);
	xtcp_sndbuf_reset(sk, xs->tcb.iss + 1);
	if (xtcp_metrics_ecn(__sk_dst_get(sk)))
		xs->tcb.ecn_ok = true;
	if (unlikely(xs->fo_connect || xs->fo_send))
		xtcp_fastopen_connect(sk, &act);
	else
		xtcp_apply_finish(sk, &act, xtcp_now());
	return 0;

fail:
	undo(sk);
	return err;
}
