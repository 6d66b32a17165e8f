// SPDX-License-Identifier: GPL-2.0
/* A request becomes a connection: the socket that accept() will return. */
#include <net/addrconf.h>
#include <net/transp_v6.h>
#include <net/inet_common.h>
#include <net/ip6_route.h>
#include <net/sock.h>
#include <net/tcp_states.h>

#include "cong.h"
#include "fastopen.h"
#include "ip.h"
#include "ktimer.h"
#include "listen.h"
#include "metrics.h"
#include "mem.h"
#include "netns.h"
#include "rcvbuf.h"
#include "rx.h"
#include "trace.h"
#include "apply.h"

/* What the clone has of its parent and must not keep */
static void forget_parent(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct inet_sock *inet = inet_sk(sk);

	memset(&xs->ent, 0, sizeof(xs->ent));
	xs->ent.kind = XTCP_ENT_SOCK;
	memset(&xs->bound, 0, sizeof(xs->bound));
	xs->bound.sk = sk;
	INIT_LIST_HEAD(&xs->accept_link);
	xs->fo_queue = NULL;
	xs->fo_slot = NULL;
	xs->fo_send = NULL;
	xs->orphan = false;
	sk->sk_tsq_flags = 0;
	memset(&xs->counts, 0, sizeof(xs->counts));
	xs->lingers = XTCP_LINGERS_UNKNOWN;
	xs->expire_on_release = false;
	xs->pmtu = 0;
	memset(&xs->snd, 0, sizeof(xs->snd));
	sk->sk_max_ack_backlog = 0;
	sk->sk_ack_backlog = 0;
	inet->mc_list = NULL;
	RCU_INIT_POINTER(inet->inet_opt, NULL);
	RCU_INIT_POINTER(sk->sk_rx_dst, NULL);
	atomic_set(&inet->inet_id, get_random_u16());
	atomic64_set(&sk->sk_cookie, 0);
	xtcp_sock_new_id(sk);
	xtcp_ktimer_init(sk);
	xs->pacer = NULL;
}

static void set_addresses(struct sock *sk, const struct xtcp_flow *f)
{
	struct inet_sock *inet = inet_sk(sk);
	bool v4 = xtcp_flow_is_v4(f);

	inet->inet_num = ntohs(f->lport);
	inet->inet_sport = f->lport;
	inet->inet_dport = f->rport;
	inet->inet_daddr = v4 ? f->raddr.s6_addr32[3] : LOOPBACK4_IPV6;
	inet->inet_saddr = v4 ? f->laddr.s6_addr32[3] : LOOPBACK4_IPV6;
	inet->inet_rcv_saddr = inet->inet_saddr;
	sk->sk_bound_dev_if = f->dif;
	inet->pinet6 = NULL;		/* not the listener's */
	if (sk->sk_family == AF_INET6) {
		struct ipv6_pinfo *np = &xtcp_sk(sk)->inet6;

		inet->pinet6 = np;
		np->ipv6_mc_list = NULL;
		np->ipv6_ac_list = NULL;
		xtcp_compat_fl_list(sk) = NULL;
		np->pktoptions = NULL;
		np->rxpmtu = NULL;
		RCU_INIT_POINTER(np->opt, NULL);
		np->saddr = f->laddr;
		sk->sk_v6_daddr = f->raddr;
		sk->sk_v6_rcv_saddr = f->laddr;
	}
}

/* The SYN, and what it took to have the SYN-ACK acknowledged */
static void count_handshake(struct xtcp_counts *n, const struct xtcp_request *r)
{
	n->segs_in = 1;
	n->rtx_bare = r->req.sent > 1 ? r->req.sent - 1 : 0;
	n->rtx_segs = n->rtx_bare;
	n->rtos = r->timeouts;
	n->rto_recoveries = !!r->timeouts;
}

/* The service that the peer asked for, for IP_RECVTOS and IPV6_RECVTCLASS */
static void note_service(struct sock *sk, const struct sk_buff *skb)
{
	if (skb->protocol == htons(ETH_P_IP))
		inet_sk(sk)->rcv_tos = ip_hdr(skb)->tos;
	else
		xtcp_sk(sk)->inet6.rcv_flowinfo = ip6_flowinfo(ipv6_hdr(skb));
}

static void open_tcb(struct sock *sk, const struct xtcp_req *req, bool early,
		     u64 now, struct xtcp_act *act)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_opts opts = xs->tcb.opts;
	bool nodelay = xs->tcb.nodelay;
	bool interactive = xs->tcb.interactive;
	const struct xtcp_cong_ops *cong;
	const struct dst_entry *dst;

	xtcp_cong_inherit(sk);
	cong = xs->tcb.cong.ops;
	xtcp_user_init(&xs->tcb, &xtcp_net(sock_net(sk))->params);
	xs->tcb.cong.ops = cong;
	xs->tcb.opts = opts;
	xs->tcb.opts.defer_accept = 0;	/* the listener's alone */
	xs->tcb.nodelay = nodelay;
	xs->tcb.interactive = interactive;
	xs->tcb.mss = req->peer_mss;
	xs->tcb.adv_mss = req->adv_mss;
	xtcp_rcvbuf_refresh(sk);
	/* the route says what the path takes, the request what the peer does */
	dst = xtcp_ip_route(sk);
	if (dst)
		xtcp_metrics_open(sk, dst);
	if (unlikely(early))
		xtcp_fastopen_accept(&xs->tcb, req, now, act);
	else
		xtcp_user_accept(&xs->tcb, req, now, act);
	xtcp_sndbuf_reset(sk, req->iss + 1);
	xs->copied_seq = req->irs + 1;
	xtcp_tune_start(&xs->tune, &xs->tcb, xs->copied_seq);
}

/*
 * Clones the listener for a request, whose place in the tables and in the queues the
 * connection takes.
 * Return: the connection, locked, with a reference, or NULL for want of memory
 */
static struct sock *make(struct sock *listener, struct xtcp_request *r,
			 const struct sk_buff *skb, bool early)
{
	struct sock *sk = sk_clone_lock(listener, GFP_ATOMIC | __GFP_NOWARN);
	struct xtcp_sock *xs;
	struct xtcp_act act;

	if (!sk)
		return NULL;
	/* nobody else knows it yet: give it the class of our locks */
	bh_unlock_sock(sk);
	xtcp_sock_lock_class(sk);
	bh_lock_sock_nested(sk);

	xs = xtcp_sk(sk);
	forget_parent(sk);
	count_handshake(&xs->counts, r);
	xtcp_mem_born(sk);
	xtcp_mem_inherit(sk, listener);
	inet_sk_set_state(sk, TCP_CLOSE);
	set_addresses(sk, &r->ent.flow);
	sk->sk_txhash = r->hash;
	note_service(sk, skb);
	xs->ent.flow = r->ent.flow;
	security_inet_conn_established(sk, (struct sk_buff *)skb);
	xtcp_port_join(&xs->bound, &xtcp_sk(listener)->bound);
	xtcp_act_init(&act);
	open_tcb(sk, &r->req, early, xtcp_now(), &act);
	xtcp_apply(sk, &act);
	xtcp_hash_replace(&r->ent, &xs->ent);
	xtcp_listen_forget(r);

	list_add_tail(&xs->accept_link, &xtcp_sk(listener)->accept_queue);
	sk_acceptq_added(listener);
	return sk;
}

static void done(struct sock *listener, struct sock *sk)
{
	bh_unlock_sock(sk);
	sock_put(sk);
	listener->sk_data_ready(listener);
}

/**
 * xtcp_child_create - complete a handshake
 * @listener: the listener, locked
 * @r: the request; it is gone afterwards
 * @skb: the segment that completes it; taken, unless NULL is returned
 * @seg: its header
 *
 * Return: the connection, for whose lifetime the accept queue answers, or NULL
 * for want of memory
 */
struct sock *xtcp_child_create(struct sock *listener, struct xtcp_request *r,
			       struct sk_buff *skb, struct xtcp_seg *seg)
{
	struct sock *sk = make(listener, r, skb, false);

	if (!sk)
		return NULL;
	xtcp_rx_sock(sk, skb, seg);
	done(listener, sk);
	return sk;
}

/**
 * xtcp_child_fastopen - a SYN makes a connection at once
 * @listener: the listener, locked
 * @r: the request, whose SYN-ACK was not sent; it is gone if this succeeds
 * @skb: the SYN; taken, if this succeeds
 * @syn: its header
 * @offer: what its SYN-ACK has of Fast Open
 *
 * Return: false for want of memory
 */
bool xtcp_child_fastopen(struct sock *listener, struct xtcp_request *r,
			 struct sk_buff *skb, struct xtcp_seg *syn,
			 const struct xtcp_fastopen_offer *offer)
{
	struct xtcp_fastopen_slot *slot = xtcp_fastopen_take(listener);
	struct sock *sk;

	if (!slot)
		return false;
	sk = make(listener, r, skb, true);
	if (!sk) {
		xtcp_fastopen_release_slot(slot, false);
		return false;
	}
	xtcp_sk(sk)->fo_slot = slot;
	xtcp_sk(sk)->tcb.offer = offer;
	xtcp_rx_syn_data(sk, skb, syn);
	xtcp_sk(sk)->tcb.offer = NULL;
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_FastOpenPassive);
	done(listener, sk);
	return true;
}
