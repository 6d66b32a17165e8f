// SPDX-License-Identifier: GPL-2.0
/*
 * The family AF_XTCP and the calls that differ by family. Inside, a socket is
 * always one of AF_INET or AF_INET6; one from AF_XTCP is undecided between
 * them, and IPv4 meanwhile, until it meets an address.
 */
#include <linux/bpf-cgroup.h>
#include <linux/module.h>
#include <net/inet_common.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "fastopen.h"
#include "listen.h"
#include "netns.h"
#include "ops.h"
#include "sock.h"

static int release(struct socket *sock)
{
	if (sock->sk && inet_sk(sock->sk)->pinet6)
		return inet6_release(sock);
	return inet_release(sock);
}

/*
 * An address decides the family of a socket that has none yet.
 * Return: true if this call made it IPv6, so that a failure can undo it
 */
static bool decide(struct sock *sk, const struct sockaddr *addr, int len)
{
	bool v6 = false;

	if (!READ_ONCE(xtcp_sk(sk)->family_open) ||
	    len < (int)sizeof(addr->sa_family) || addr->sa_family != AF_INET6)
		return false;
	lock_sock(sk);
	if (xtcp_sk(sk)->family_open) {
		xtcp_sock_to_v6(sk);
		v6 = true;
	}
	release_sock(sk);
	return v6;
}

static void undecide(struct sock *sk)
{
	lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE && !inet_sk(sk)->inet_num) {
		WRITE_ONCE(sk->sk_family, AF_INET);
		xtcp_sk(sk)->family_open = true;
	}
	release_sock(sk);
}

static int bind(struct socket *sock, struct sockaddr *addr, int len)
{
	struct sock *sk = sock->sk;
	bool v6 = decide(sk, addr, len);
	int err;

	if (sk->sk_family == AF_INET6)
		err = inet6_bind(sock, addr, len);
	else
		err = inet_bind(sock, addr, len);
	if (!err)
		xtcp_sk(sk)->family_open = false;
	else if (v6)
		undecide(sk);
	return err;
}

static int stream_connect(struct socket *sock, struct sockaddr *addr, int len,
			  int flags)
{
	struct sock *sk = sock->sk;
	bool v6 = decide(sk, addr, len);
	int err = inet_stream_connect(sock, addr, len, flags);

	if (err && err != -EINPROGRESS && v6)
		undecide(sk);
	return err;
}

static int listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state != SS_UNCONNECTED)
		goto out;
	if (sk->sk_state == TCP_LISTEN) {
		WRITE_ONCE(sk->sk_max_ack_backlog, backlog);
		err = 0;
	} else if (sk->sk_state == TCP_CLOSE) {
		xtcp_fastopen_listen(sk, backlog);
		err = xtcp_listen_start(sk, backlog);
		if (!err)
			xtcp_sk(sk)->family_open = false;
	}
out:
	release_sock(sk);
	return err;
}

static void graft(struct socket *newsock, struct sock *child)
{
	lock_sock(child);
	sock_graft(child, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(child);
}

#ifdef XTCP_HAVE_ACCEPT_ARG
static int accept_one(struct socket *sock, struct socket *newsock,
		     struct proto_accept_arg *arg)
{
	int flags = arg->flags;
#else
static int accept_one(struct socket *sock, struct socket *newsock, int flags,
		     bool kern)
{
#endif
	struct sock *child;
	int err;

	child = xtcp_listen_accept(sock->sk, flags, &err);
	if (!child)
		return err;
	graft(newsock, child);
	return 0;
}

static int name_of(struct socket *sock, struct sockaddr *addr, int peer)
{
	if (sock->sk->sk_family == AF_INET6)
		return inet6_getname(sock, addr, peer);
	return inet_getname(sock, addr, peer);
}

static int do_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	if (sock->sk->sk_family == AF_INET6)
		return inet6_ioctl(sock, cmd, arg);
	return inet_ioctl(sock, cmd, arg);
}

/* No more than half of the buffer can be waited for: it would never fill */
static int set_rcvlowat(struct sock *sk, int val)
{
	int most = sk->sk_userlocks & SOCK_RCVBUF_LOCK ?
		   READ_ONCE(sk->sk_rcvbuf) :
		   READ_ONCE(xtcp_net(sock_net(sk))->sysctl_rmem[2]);

	WRITE_ONCE(sk->sk_rcvlowat, min(val, most >> 1) ? : 1);
	return 0;
}

const struct proto_ops xtcp_ops = {
	.family = PF_INET,
	.owner = THIS_MODULE,
	.release = release,
	.bind = bind,
	.connect = stream_connect,
	.socketpair = sock_no_socketpair,
	.accept = accept_one,
	.getname = name_of,
	.poll = xtcp_poll,
	.ioctl = do_ioctl,
	.gettstamp = sock_gettstamp,
	.listen = listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = sock_common_recvmsg,
	.mmap = sock_no_mmap,
#ifdef XTCP_HAVE_SENDPAGE
	.sendpage = sock_no_sendpage,
#endif
	.set_rcvlowat = set_rcvlowat,
};

/* What inet_create() does, for a family of our own */
static int create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct inet_sock *inet;
	struct sock *sk;
	int err;

	if (sock->type != SOCK_STREAM)
		return -ESOCKTNOSUPPORT;
	if (protocol && protocol != IPPROTO_XTCP)
		return -EPROTONOSUPPORT;
	sock->state = SS_UNCONNECTED;
	sock->ops = &xtcp_ops;
	sk = sk_alloc(net, PF_INET, GFP_KERNEL, &xtcp_prot, kern);
	if (!sk)
		return -ENOMEM;
	sock_init_data(sock, sk);
	sk->sk_protocol = IPPROTO_XTCP;
	sk->sk_backlog_rcv = xtcp_prot.backlog_rcv;
	sk->sk_txrehash = READ_ONCE(net->core.sysctl_txrehash);
	inet = inet_sk(sk);
	inet->pmtudisc = READ_ONCE(net->ipv4.sysctl_ip_no_pmtu_disc) ?
			 IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
	atomic_set(&inet->inet_id, 0);
	inet->uc_ttl = -1;
	inet->mc_ttl = 1;
	xtcp_compat_set_mc_flags(sk);
	err = xtcp_sock_init(sk);
	xtcp_sk(sk)->family_open = true;
	if (!err && !kern)
		err = BPF_CGROUP_RUN_PROG_INET_SOCK(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

static const struct net_proto_family family = {
	.family = PF_XTCP,
	.create = create,
	.owner = THIS_MODULE,
};

int xtcp_af_init(void)
{
	return sock_register(&family);
}

void xtcp_af_exit(void)
{
	sock_unregister(PF_XTCP);
}
