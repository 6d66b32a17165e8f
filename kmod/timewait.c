// SPDX-License-Identifier: GPL-2.0
/*
 * TIME-WAIT records: small objects that take a closed connection's place in the
 * table and on its port, so that the socket itself can go at once.
 */
#include <linux/slab.h>
#include <net/sock.h>

#include "bare.h"
#include "core/tw.h"
#include "netns.h"
#include "sock.h"
#include "timewait.h"

static struct kmem_cache *cache;

static void free_tw(struct rcu_head *head)
{
	kmem_cache_free(cache, container_of(head, struct xtcp_timewait, rcu));
}

static void put(struct xtcp_timewait *tw)
{
	if (refcount_dec_and_test(&tw->refs))
		call_rcu(&tw->rcu, free_tw);
}

/* Takes the record out of sight; the first caller alone does it */
static bool unlink_tw(struct xtcp_timewait *tw)
{
	bool first;

	spin_lock_bh(&tw->lock);
	first = tw->ent.hashed;
	xtcp_hash_remove(&tw->ent);
	spin_unlock_bh(&tw->lock);
	if (first) {
		xtcp_port_put(&tw->bound);
		atomic_dec(&xtcp_net(tw->ent.flow.net)->timewaits);
	}
	return first;
}

static void on_timer(struct timer_list *t)
{
	struct xtcp_timewait *tw = from_timer(tw, t, timer);

	if (unlink_tw(tw))
		xtcp_mib_inc(tw->ent.flow.net, XTCP_MIB_TimeWaitsExpired);
	put(tw);
}

/* Ends a record before its time */
static void kill_tw(struct xtcp_timewait *tw)
{
	unlink_tw(tw);
	if (timer_shutdown_sync(&tw->timer))
		put(tw);
}

static void start(struct xtcp_timewait *tw)
{
	mod_timer(&tw->timer, jiffies + usecs_to_jiffies(XTCP_TW_TIME));
}

/**
 * xtcp_timewait_enter - a connection enters TIME-WAIT
 * @sk: its socket, locked, whose place in the table the record takes
 *
 * Return: false if there is no memory or there are too many; the connection is
 * closed without TIME-WAIT then, as in Linux TCP
 */
bool xtcp_timewait_enter(struct sock *sk)
{
	struct xtcp_net *xn = xtcp_net(sock_net(sk));
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_timewait *tw;

	if (atomic_read(&xn->timewaits) >= READ_ONCE(xn->sysctl_max_tw_buckets))
		return false;
	tw = kmem_cache_zalloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!tw)
		return false;
	tw->ent.kind = XTCP_ENT_TIMEWAIT;
	tw->ent.flow = xs->ent.flow;
	tw->bound.tw = tw;
	tw->reuse = sk->sk_reuse;
	tw->hash = sk->sk_txhash;
	xtcp_tw_init(&tw->tw, &xs->tcb);
	spin_lock_init(&tw->lock);
	refcount_set(&tw->refs, 1);
	timer_setup(&tw->timer, on_timer, 0);
	atomic_inc(&xn->timewaits);
	xtcp_port_join(&tw->bound, &xs->bound);
	if (!xtcp_hash_replace(&xs->ent, &tw->ent)) {
		xtcp_port_put(&tw->bound);
		atomic_dec(&xn->timewaits);
		kmem_cache_free(cache, tw);
		return false;
	}
	start(tw);
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_TimeWaits);
	return true;
}

/**
 * xtcp_timewait_rx - a segment arrived for a record
 * @tw: the record
 * @seg: the segment
 * @listening: somebody would take a SYN
 * @iss: gets the ISS for a new incarnation
 *
 * Context: rcu_read_lock(), bottom half
 *
 * Return: true if the segment is a SYN that may begin a new incarnation; the
 * record is gone then
 */
bool xtcp_timewait_rx(struct xtcp_timewait *tw, const struct xtcp_seg *seg,
		      bool listening, u32 *iss)
{
	struct net *net = tw->ent.flow.net;
	u64 now = ktime_get_ns() / NSEC_PER_USEC;
	enum xtcp_tw_verdict verdict;
	struct xtcp_act act;
	bool alive;

	xtcp_act_init(&act);
	spin_lock(&tw->lock);
	alive = tw->ent.hashed;
	verdict = xtcp_tw_rx(&tw->tw, seg, now, &act);
	if (verdict == XTCP_TW_SYN && !listening) {
		xtcp_tw_refuse(&tw->tw, now, &act);
		verdict = XTCP_TW_DROP;
	}
	*iss = xtcp_tw_next_iss(&tw->tw);
	spin_unlock(&tw->lock);

	xtcp_mib_events(net, act.events);
	xtcp_mib_drop(net, act.drop);
	if (!alive)
		return false;
	if (act.flags & XTCP_ACT_REPLY)
		xtcp_bare_send(NULL, &tw->ent.flow, tw->hash, &act.reply);
	if (verdict == XTCP_TW_RESTART)
		mod_timer_pending(&tw->timer,
				  jiffies + usecs_to_jiffies(XTCP_TW_TIME));
	if (verdict != XTCP_TW_SYN)
		return false;
	/* whoever unlinks it first goes on with the SYN; the timer, if it has
	 * begun to run, puts its own reference
	 */
	if (!unlink_tw(tw))
		return false;
	if (timer_delete(&tw->timer))
		put(tw);
	return true;
}

/* Any record of a namespace in a bucket, with a reference, or NULL */
static struct xtcp_timewait *pick(unsigned int i, const struct net *net)
{
	struct hlist_nulls_node *n;
	struct xtcp_ent *ent;

	hlist_nulls_for_each_entry_rcu(ent, n, xtcp_hash_bucket(i), node) {
		struct xtcp_timewait *tw;

		if (ent->kind != XTCP_ENT_TIMEWAIT || ent->flow.net != net)
			continue;
		tw = container_of(ent, struct xtcp_timewait, ent);
		if (refcount_inc_not_zero(&tw->refs))
			return tw;
	}
	return NULL;
}

/**
 * xtcp_timewait_purge - a namespace ends, and its records with it
 * @net: the namespace, into which no packet comes any more
 */
void xtcp_timewait_purge(struct net *net)
{
	struct xtcp_net *xn = xtcp_net(net);
	unsigned int i;

	/* most have none, and need not go through everybody's buckets */
	for (i = 0; i < xtcp_hash_buckets() && atomic_read(&xn->timewaits); i++) {
		struct xtcp_timewait *tw;

		for (;;) {
			rcu_read_lock();
			tw = pick(i, net);
			rcu_read_unlock();
			if (!tw)
				break;
			kill_tw(tw);
			put(tw);
		}
		cond_resched();
	}
}

int xtcp_timewait_init(void)
{
	cache = KMEM_CACHE(xtcp_timewait, SLAB_HWCACHE_ALIGN);
	return cache ? 0 : -ENOMEM;
}

void xtcp_timewait_exit(void)
{
	kmem_cache_destroy(cache);
}
