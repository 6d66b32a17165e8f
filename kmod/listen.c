// SPDX-License-Identifier: GPL-2.0
/*
 * Listeners: the SYN queue with its retransmissions, the accept queue, and how
 * both are bounded by the backlog. child.c makes the connection that a request
 * becomes.
 */
#include <linux/slab.h>
#include <net/request_sock.h>
#include <net/sock.h>

#include "apply.h"
#include "bare.h"
#include "cookie.h"
#include "core/cookie.h"
#include "core/ecn.h"
#include "core/input.h"
#include "core/timer.h"
#include "fastopen.h"
#include "ip.h"
#include "isn.h"
#include "ktimer.h"
#include "listen.h"
#include "metrics.h"
#include "netns.h"
#include "rcvbuf.h"
#include "rx.h"
#include "trace.h"
#include "vrf.h"

/* A SYN-ACK goes out again after 1, 2, 4 ... s (RFC 6298 with no sample) */
#define SYNACK_TIMEOUT (1 * XTCP_USEC_PER_SEC)
#define SYNACK_TIMEOUT_MAX (120 * XTCP_USEC_PER_SEC)

/* Of their own: what a flood of SYNs costs can be read, and none can stay unnoticed */
static struct kmem_cache *cache;

static void free_request(struct rcu_head *head)
{
	kmem_cache_free(cache, container_of(head, struct xtcp_request, rcu));
}

/**
 * xtcp_listen_forget - a request is over
 * @r: the request, whose listener is locked
 */
void xtcp_listen_forget(struct xtcp_request *r)
{
	xtcp_hash_remove(&r->ent);
	list_del(&r->link);
	xtcp_sk(r->listener)->nrequests--;
	call_rcu(&r->rcu, free_request);
}

/**
 * xtcp_listen_start - LISTEN
 * @sk: the socket, locked, in CLOSED
 * @backlog: how many connections may wait for accept()
 *
 * Return: 0 or -EADDRINUSE, -ENOMEM
 */
int xtcp_listen_start(struct sock *sk, int backlog)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_flow *f = &xs->ent.flow;
	int err;

	WRITE_ONCE(sk->sk_max_ack_backlog, backlog);
	sk->sk_ack_backlog = 0;
	INIT_LIST_HEAD(&xs->requests);
	INIT_LIST_HEAD(&xs->accept_queue);
	xs->nrequests = 0;
	smp_wmb();	/* pairs with the load of the state in poll.c */
	inet_sk_set_state(sk, TCP_LISTEN);
	err = xtcp_port_get(sk, inet_sk(sk)->inet_num);
	if (err) {
		inet_sk_set_state(sk, TCP_CLOSE);
		memset(&xs->counts, 0, sizeof(xs->counts));
		return err;
	}
	inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
	sk_dst_reset(sk);
	memset(f, 0, sizeof(*f));
	f->laddr = xtcp_sk_laddr(sk);
	f->lport = inet_sk(sk)->inet_sport;
	f->dif = sk->sk_bound_dev_if;
	f->net = sock_net(sk);
	xtcp_hash_listen(&xs->ent);
	trace_xtcp_state(sk, XTCP_CLOSED, XTCP_LISTEN);
	return 0;
}

/* A connection that nobody accepted is reset */
static void drop_child(struct sock *sk)
{
	struct xtcp_act act;

	local_bh_disable();
	bh_lock_sock_nested(sk);
	sock_orphan(sk);
	if (sk->sk_state == TCP_CLOSE) {
		xtcp_sock_destroy(sk);
	} else {
		xtcp_act_init(&act);
		xtcp_user_abort(&xtcp_sk(sk)->tcb, &act);
		xtcp_apply_finish(sk, &act, xtcp_now());
	}
	bh_unlock_sock(sk);
	local_bh_enable();
	sock_put(sk);
}

/**
 * xtcp_listen_stop - leave LISTEN
 * @sk: the socket, locked; it is in CLOSED then
 */
void xtcp_listen_stop(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk), *child, *tmp;
	struct xtcp_request *r, *next;

	xtcp_hash_unlisten(&xs->ent);
	xtcp_ktimer_stop(sk);
	inet_sk_set_state(sk, TCP_CLOSE);
	trace_xtcp_state(sk, XTCP_LISTEN, XTCP_CLOSED);
	list_for_each_entry_safe(r, next, &xs->requests, link)
		xtcp_listen_forget(r);
	list_for_each_entry_safe(child, tmp, &xs->accept_queue, accept_link) {
		list_del_init(&child->accept_link);
		sk_acceptq_removed(sk);
		sock_hold(&child->inet.sk);
		drop_child(&child->inet.sk);
	}
}

static int wait_for_child(struct sock *sk, long timeo)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	DEFINE_WAIT(wait);
	int err;

	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait,
					  TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (list_empty_careful(&xs->accept_queue))
			timeo = schedule_timeout(timeo);
		lock_sock(sk);
		err = -EINVAL;
		if (sk->sk_state != TCP_LISTEN)
			break;
		err = 0;
		if (!list_empty(&xs->accept_queue))
			break;
		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			break;
		err = -EAGAIN;
		if (!timeo)
			break;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/**
 * xtcp_listen_accept - take the oldest connection
 * @sk: the listener
 * @flags: O_NONBLOCK
 * @err: gets a negative errno if none was taken
 *
 * Return: the connection with a reference, or NULL
 */
struct sock *xtcp_listen_accept(struct sock *sk, int flags, int *err)
{
	struct xtcp_sock *xs = xtcp_sk(sk), *child = NULL;
	long timeo;

	lock_sock(sk);
	*err = -EINVAL;
	if (sk->sk_state != TCP_LISTEN)
		goto out;
	if (list_empty(&xs->accept_queue)) {
		timeo = sock_rcvtimeo(sk, flags & O_NONBLOCK);
		*err = timeo ? wait_for_child(sk, timeo) : -EAGAIN;
		if (*err)
			goto out;
	}
	*err = 0;
	child = list_first_entry(&xs->accept_queue, struct xtcp_sock,
				 accept_link);
	list_del_init(&child->accept_link);
	sk_acceptq_removed(sk);
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_Accepted);
out:
	release_sock(sk);
	return child ? &child->inet.sk : NULL;
}

/* @offer is what the first has of Fast Open; NULL otherwise */
static void send_synack(struct sock *sk, struct xtcp_request *r,
			const struct xtcp_fastopen_offer *offer, u64 now)
{
	struct xtcp_seg seg;

	xtcp_req_synack(&r->req, now, &seg);
	if (offer)
		xtcp_fastopen_put(offer, &seg);
	/* counted even if it could not be sent: the timer tries again */
	xtcp_bare_send(sk, &r->ent.flow, r->hash, &seg);
	if (!r->req.sent)
		r->req.time = now;
	if (r->req.sent < U8_MAX)
		r->req.sent++;
}

/* What the peer sends meanwhile does not put it off */
static u64 next_timeout(const struct xtcp_request *r, u64 now)
{
	return now + min_t(u64, SYNACK_TIMEOUT << min_t(u8, r->timeouts, 7),
			   SYNACK_TIMEOUT_MAX);
}

/* TCP_DEFER_ACCEPT: is there time left for the peer to send data? */
static bool may_wait(const struct sock *sk, const struct xtcp_request *r)
{
	return r->acked &&
	       r->timeouts < xtcp_sk(sk)->tcb.opts.defer_accept;
}

/*
 * The SYN-ACK goes out again, unless its ACK has come and data is waited for;
 * only the last time the peer is asked for one, with which it may do without
 */
static void expire(struct sock *sk, struct xtcp_request *r, u64 now)
{
	if (r->timeouts < U8_MAX)
		r->timeouts++;
	r->due = next_timeout(r, now);
	if (may_wait(sk, r))
		return;
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_RetransSegs);
	if (READ_ONCE(sk->sk_txrehash) == SOCK_TXREHASH_ENABLED)
		r->hash = net_tx_rndhash();
	send_synack(sk, r, NULL, now);
}

/**
 * xtcp_listen_timeout - the listener's timer has expired
 * @sk: the listener, locked
 * @now: usec
 */
void xtcp_listen_timeout(struct sock *sk, u64 now)
{
	u32 retries = xtcp_sk(sk)->tcb.opts.syn_retries ?:
		      READ_ONCE(xtcp_net(sock_net(sk))->sysctl_synack_retries);
	struct xtcp_request *r, *next;
	u64 due = 0;

	list_for_each_entry_safe(r, next, &xtcp_sk(sk)->requests, link) {
		if (r->due <= now) {
			if (r->timeouts >= retries && !may_wait(sk, r)) {
				xtcp_mib_inc(sock_net(sk),
					     XTCP_MIB_RequestTimeouts);
				xtcp_listen_forget(r);
				continue;
			}
			expire(sk, r, now);
		}
		if (!due || r->due < due)
			due = r->due;
	}
	xtcp_ktimer_arm(sk, due, now);
}

/* Note a SYN in a request. Return: false without a route to its sender */
static bool fill_request(struct sock *sk, struct xtcp_req *req,
			 const struct xtcp_flow *flow,
			 const struct xtcp_seg *syn, u32 iss, u64 now)
{
	struct dst_entry *dst = xtcp_ip_route_flow(flow, sk);
	struct xtcp_net *xn = xtcp_net(flow->net);
	u32 adv, space;

	if (!dst) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropUnroutable);
		return false;
	}
	adv = xtcp_ip_adv_mss(dst);
	if (xtcp_sk(sk)->user_mss)
		adv = min_t(u32, adv, xtcp_sk(sk)->user_mss);
	space = xtcp_metrics_clamp(sk, dst, xtcp_rcvbuf_full(sk));
	space = xtcp_metrics_window(dst, adv, space);
	xtcp_req_init(req, syn, iss, space, xtcp_rcvbuf_max(sk), adv,
		      xtcp_ip_default_mss(flow));
	xtcp_req_options(req, syn, &xn->params, xtcp_isn_ts_offset(flow), now);
	if (xtcp_metrics_ecn(dst) && xtcp_ecn_offered(syn))
		req->ecn_ok = true;
	if (xtcp_sk(sk)->tcb.cong.ops->marked || xtcp_metrics_exact(dst))
		xtcp_req_exact(req, syn);
	dst_release(dst);
	return true;
}

static struct xtcp_request *add_request(struct sock *sk,
					const struct xtcp_flow *flow,
					const struct sk_buff *skb,
					const struct xtcp_seg *syn, u32 iss,
					u64 now)
{
	struct xtcp_request *r = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);

	if (!r) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropNoMemory);
		return NULL;
	}
	memset(&r->ent, 0, sizeof(r->ent));
	r->ent.kind = XTCP_ENT_REQUEST;
	r->ent.flow = *flow;
	r->ent.flow.dif = xtcp_vrf_new(sk, flow, skb);
	r->listener = sk;
	r->timeouts = 0;
	r->acked = false;
	r->hash = net_tx_rndhash();
	if (!fill_request(sk, &r->req, &r->ent.flow, syn, iss, now)) {
		kmem_cache_free(cache, r);
		return NULL;
	}
	if (!xtcp_hash_insert(&r->ent, xtcp_vrf_of(flow->net, r->ent.flow.dif))) {
		kmem_cache_free(cache, r);
		xtcp_mib_drop(flow->net, XTCP_DROP_SYN);
		return NULL;
	}
	list_add_tail(&r->link, &xtcp_sk(sk)->requests);
	xtcp_sk(sk)->nrequests++;
	return r;
}

/* Answer a SYN and forget it */
static void send_cookie(struct sock *sk, const struct xtcp_flow *flow,
			const struct sk_buff *skb, struct xtcp_seg *syn, u64 now)
{
	struct xtcp_flow to = *flow;
	struct xtcp_seg seg;
	struct xtcp_req req;

	to.dif = xtcp_vrf_new(sk, flow, skb);
	xtcp_cookie_limit(syn, &xtcp_net(flow->net)->params);
	if (!fill_request(sk, &req, &to, syn, xtcp_cookie_make(flow, syn, now),
			  now))
		return;
	xtcp_req_synack(&req, now, &seg);
	if (req.ecn_ok)
		syn->ecn = XTCP_ECN_NONE;	/* it says what was agreed on */
	else
		syn->flags &= ~XTCP_ECN_SETUP;
	if (req.ts.ok)
		seg.ts_val = xtcp_cookie_ts(syn, seg.ts_val);
	xtcp_bare_send(sk, &to, 0, &seg);
	xtcp_mib_inc(flow->net, XTCP_MIB_CookiesSent);
}

/* A SYN: note it, and answer. Return: true if a connection took the skb */
static bool rx_syn(struct sock *sk, const struct xtcp_flow *flow,
		   struct sk_buff *skb, struct xtcp_seg *seg, const u32 *iss)
{
	struct xtcp_net *xn = xtcp_net(flow->net);
	struct xtcp_sock *xs = xtcp_sk(sk);
	int cookies = READ_ONCE(xn->sysctl_syncookies);
	bool full = xs->nrequests >= sk->sk_max_ack_backlog + 1U ||
		    xs->nrequests >= READ_ONCE(xn->sysctl_max_syn_backlog);
	struct xtcp_fastopen_offer offer;
	struct xtcp_request *r;
	u64 now = xtcp_now();

	if (sk_acceptq_is_full(sk)) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropAcceptQueueFull);
		return false;
	}
	/* an ISS that follows on TIME-WAIT's has no room for a cookie */
	if (!iss && cookies && (full || cookies > 1)) {
		send_cookie(sk, flow, skb, seg, now);
		return false;
	}
	if (full) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropSynQueueFull);
		return false;
	}
	r = add_request(sk, flow, skb, seg, iss ? *iss : xtcp_isn(flow), now);
	if (!r)
		return false;
	if (xtcp_fastopen_syn(sk, &r->ent.flow, seg, &offer) &&
	    xtcp_child_fastopen(sk, r, skb, seg, &offer))
		return true;
	send_synack(sk, r, &offer, now);
	r->due = next_timeout(r, now);
	xtcp_ktimer_arm(sk, r->due, now);
	return false;
}

static bool rx_request(struct sock *sk, struct xtcp_request *r,
		       struct sk_buff *skb, struct xtcp_seg *seg)
{
	struct net *net = sock_net(sk);
	struct xtcp_act act;

	xtcp_act_init(&act);
	switch (xtcp_req_rx(&r->req, seg, xtcp_now(), &act)) {
	case XTCP_REQ_AGAIN:
		xtcp_mib_inc(net, XTCP_MIB_RetransSegs);
		send_synack(sk, r, NULL, xtcp_now());
		break;
	case XTCP_REQ_DONE:
		if (r->timeouts < xtcp_sk(sk)->tcb.opts.defer_accept &&
		    !xtcp_seg_span(seg)) {
			xtcp_req_defer(&r->req, seg, xtcp_now());
			r->acked = true;
			break;
		}
		if (sk_acceptq_is_full(sk)) {
			xtcp_mib_inc(net, XTCP_MIB_DropAcceptQueueFull);
			break;
		}
		if (xtcp_child_create(sk, r, skb, seg))
			return true;
		xtcp_mib_inc(net, XTCP_MIB_DropNoMemory);
		break;
	case XTCP_REQ_ABORT:
		xtcp_mib_inc(net, XTCP_MIB_AttemptFails);
		xtcp_listen_forget(r);
		break;
	case XTCP_REQ_DROP:
		break;
	}
	if (act.flags & XTCP_ACT_REPLY)
		xtcp_bare_send(sk, &r->ent.flow, r->hash, &act.reply);
	xtcp_mib_events(net, act.events);
	xtcp_mib_drop(net, act.drop);
	return false;
}

/*
 * The ACK of a SYN-ACK that was a cookie brings the request back.
 * Return: true if it did; the skb is taken then
 */
static bool rx_cookie(struct sock *sk, const struct xtcp_flow *flow,
		      struct sk_buff *skb, struct xtcp_seg *seg)
{
	struct xtcp_request *r;
	struct xtcp_seg syn;
	u64 now = xtcp_now();

	if ((seg->flags & (XTCP_SYN | XTCP_ACK | XTCP_RST)) != XTCP_ACK ||
	    !xtcp_cookie_good(flow, seg, now))
		return false;
	if (sk_acceptq_is_full(sk)) {
		xtcp_mib_inc(flow->net, XTCP_MIB_DropAcceptQueueFull);
		kfree_skb(skb);
		return true;
	}
	xtcp_cookie_syn(&syn, seg);
	xtcp_cookie_limit(&syn, &xtcp_net(flow->net)->params);
	r = add_request(sk, flow, skb, &syn, seg->ack - 1, now);
	if (r) {
		r->timeouts = U8_MAX;	/* TCP_DEFER_ACCEPT would forget it */
		if (rx_request(sk, r, skb, seg))
			return true;	/* the connection took the skb */
		xtcp_listen_forget(r);
	}
	kfree_skb(skb);
	return true;
}

/**
 * xtcp_listen_rx - a segment arrived for a listener or one of its requests
 * @sk: the listener, locked
 * @skb: the segment, taken
 * @seg: its header
 * @iss: the ISS for a new connection, or NULL
 *
 * Context: rcu_read_lock(), bottom halves off
 */
void xtcp_listen_rx(struct sock *sk, struct sk_buff *skb, struct xtcp_seg *seg,
		    const u32 *iss)
{
	struct xtcp_flow flow;
	struct xtcp_ent *ent;
	struct xtcp_act act;

	xtcp_rx_flow(skb, sock_net(sk), &flow);
	ent = xtcp_hash_lookup(&flow, xtcp_cb(skb)->sdif);
	if (ent && ent->kind == XTCP_ENT_SOCK) {
		xtcp_rx_child(xtcp_ent_sk(ent), skb, seg, &flow);
		return;
	}
	if (ent && ent->kind == XTCP_ENT_REQUEST) {
		struct xtcp_request *r = container_of(ent, struct xtcp_request,
						      ent);

		if (r->listener == sk && rx_request(sk, r, skb, seg))
			return;		/* the connection took the skb */
		kfree_skb(skb);
		return;
	}
	if (rx_cookie(sk, &flow, skb, seg))
		return;
	xtcp_act_init(&act);
	if (xtcp_req_listen(seg, &act) == XTCP_LISTEN_SYN) {
		if (rx_syn(sk, &flow, skb, seg, iss))
			return;		/* the connection took the skb */
	} else if (act.flags & XTCP_ACT_REPLY) {
		flow.dif = xtcp_vrf_answer(sk, &flow, skb);
		xtcp_bare_send(NULL, &flow, 0, &act.reply);
	}
	xtcp_mib_events(flow.net, act.events);
	xtcp_mib_drop(flow.net, act.drop);
	kfree_skb(skb);
}

int xtcp_listen_init(void)
{
	cache = KMEM_CACHE(xtcp_request, SLAB_HWCACHE_ALIGN);
	return cache ? 0 : -ENOMEM;
}

void xtcp_listen_exit(void)
{
	kmem_cache_destroy(cache);
}
