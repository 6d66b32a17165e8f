// SPDX-License-Identifier: GPL-2.0
/*
 * Hash tables of connections and listeners. Lookups run under RCU alone; a
 * chain's end names its bucket, so that a reader led astray by an entry that
 * moved notices and starts again. What entries stand for is the callers'.
 */
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <net/ipv6.h>

#include "hash.h"
#include "sock.h"

#define LISTEN_BUCKETS 1024
/* A socket moves between the tables: no chain of one ends as one of the other */
#define LISTEN_NULLS (1U << 29)
#define LOCKS 256

static struct hlist_nulls_head *buckets;
static unsigned int mask;
static struct hlist_nulls_head listeners[LISTEN_BUCKETS];
static spinlock_t locks[LOCKS];
static DEFINE_SPINLOCK(listen_lock);
static u32 secret __read_mostly;

static u32 flow_hash(const struct xtcp_flow *f)
{
	u32 a = (__force u32)f->laddr.s6_addr32[3];
	u32 b = (__force u32)f->raddr.s6_addr32[3];
	u32 ports = (__force u32)f->lport << 16 | (__force u32)f->rport;

	/* the upper words, of IPv6 only, are folded in by a second round */
	if (!ipv6_addr_v4mapped(&f->raddr)) {
		a ^= jhash2((__force const u32 *)f->laddr.s6_addr32, 3, secret);
		b ^= jhash2((__force const u32 *)f->raddr.s6_addr32, 3, secret);
	}
	return jhash_3words(a, b, ports, secret ^ net_hash_mix(f->net));
}

static u32 listen_hash(const struct net *net, __be16 port)
{
	return (ntohs(port) + net_hash_mix(net)) % LISTEN_BUCKETS;
}

static spinlock_t *bucket_lock(u32 hash)
{
	return &locks[hash % LOCKS];
}

/**
 * xtcp_hash_lookup - find the entry of a flow
 * @flow: the flow
 * @sdif: see xtcp_hash_device()
 *
 * Context: rcu_read_lock(), which also keeps what is returned from being freed
 */
struct xtcp_ent *xtcp_hash_lookup(const struct xtcp_flow *flow, int sdif)
{
	u32 hash = flow_hash(flow);
	u32 slot = hash & mask;
	struct hlist_nulls_node *n;
	struct xtcp_ent *ent;

again:
	hlist_nulls_for_each_entry_rcu(ent, n, &buckets[slot], node)
		if (ent->hash == hash && xtcp_hash_match(ent, flow, sdif))
			return ent;
	if (get_nulls_value(n) != slot)
		goto again;
	return NULL;
}

/* Context: bucket lock */
static bool taken(const struct xtcp_ent *new, int sdif)
{
	struct hlist_nulls_node *n;
	struct xtcp_ent *ent;

	hlist_nulls_for_each_entry(ent, n, &buckets[new->hash & mask], node)
		if (ent->hash == new->hash &&
		    xtcp_hash_match(ent, &new->flow, sdif))
			return true;
	return false;
}

/**
 * xtcp_hash_insert - enter a flow
 * @ent: the entry with its flow
 * @sdif: the VRF of the interface that it is bound to
 *
 * Return: false if another gets what would come for this one
 */
bool xtcp_hash_insert(struct xtcp_ent *ent, int sdif)
{
	bool ok;

	ent->hash = flow_hash(&ent->flow);
	spin_lock_bh(bucket_lock(ent->hash));
	ok = !taken(ent, sdif);
	if (ok) {
		hlist_nulls_add_head_rcu(&ent->node, &buckets[ent->hash & mask]);
		ent->hashed = true;
	}
	spin_unlock_bh(bucket_lock(ent->hash));
	return ok;
}

/**
 * xtcp_hash_remove - take an entry out; nothing if it is not in
 * @ent: the entry; readers may still see it until a grace period has passed
 */
void xtcp_hash_remove(struct xtcp_ent *ent)
{
	if (!ent->hashed)
		return;
	spin_lock_bh(bucket_lock(ent->hash));
	if (ent->hashed) {
		hlist_nulls_del_init_rcu(&ent->node);
		ent->hashed = false;
	}
	spin_unlock_bh(bucket_lock(ent->hash));
}

/**
 * xtcp_hash_replace - one entry takes another's place
 * @old: the entry that goes
 * @new: the one that comes, with the same flow
 *
 * Return: false if @old was not in any more; @new is not either then
 */
bool xtcp_hash_replace(struct xtcp_ent *old, struct xtcp_ent *new)
{
	bool ok;

	new->hash = old->hash;
	spin_lock_bh(bucket_lock(old->hash));
	ok = old->hashed;
	if (ok) {
		hlist_nulls_add_head_rcu(&new->node, &buckets[new->hash & mask]);
		new->hashed = true;
		hlist_nulls_del_init_rcu(&old->node);
		old->hashed = false;
	}
	spin_unlock_bh(bucket_lock(old->hash));
	return ok;
}

/**
 * xtcp_hash_listen - enter a listener
 * @ent: its entry, with local address, port, dif and namespace
 */
void xtcp_hash_listen(struct xtcp_ent *ent)
{
	ent->hash = listen_hash(ent->flow.net, ent->flow.lport);
	spin_lock_bh(&listen_lock);
	hlist_nulls_add_head_rcu(&ent->node, &listeners[ent->hash]);
	ent->hashed = true;
	spin_unlock_bh(&listen_lock);
}

/**
 * xtcp_hash_unlisten - take a listener out; nothing if it is not in
 * @ent: its entry
 */
void xtcp_hash_unlisten(struct xtcp_ent *ent)
{
	spin_lock_bh(&listen_lock);
	if (ent->hashed) {
		hlist_nulls_del_init_rcu(&ent->node);
		ent->hashed = false;
	}
	spin_unlock_bh(&listen_lock);
}

/* How well a listener fits; -1 if not at all */
static int listen_score(const struct xtcp_ent *ent, const struct xtcp_flow *flow,
			int sdif)
{
	const struct sock *sk = xtcp_ent_sk(ent);
	const struct xtcp_flow *f = &ent->flow;
	bool v4 = ipv6_addr_v4mapped(&flow->laddr);
	int score = 0;

	if (f->lport != flow->lport || f->net != flow->net)
		return -1;
	if (!xtcp_hash_device(f, flow->dif, sdif))
		return -1;
	if (READ_ONCE(f->dif))
		score += 4;
	if (ipv6_addr_equal(&f->laddr, &flow->laddr))
		return score + 8;
	if (ipv6_addr_any(&f->laddr)) {
		if (v4 && ipv6_only_sock(sk))
			return -1;
		return score + (v4 ? 0 : 1);
	}
	/* an IPv4 socket's wildcard is ::ffff:0.0.0.0 */
	if (v4 && ipv6_addr_v4mapped(&f->laddr) && !f->laddr.s6_addr32[3])
		return score + 1;
	return -1;
}

/* SO_REUSEPORT; others may fit alike where a packet has two interfaces (vrf.c) */
static bool share(const struct xtcp_ent *a, const struct xtcp_ent *b)
{
	return xtcp_ent_sk(a)->sk_reuseport && xtcp_ent_sk(b)->sk_reuseport;
}

/**
 * xtcp_hash_listener - find the listener that fits a flow best
 * @flow: the flow, as a packet has it
 * @sdif: see xtcp_hash_device()
 *
 * Context: rcu_read_lock()
 */
struct sock *xtcp_hash_listener(const struct xtcp_flow *flow, int sdif)
{
	u32 slot = listen_hash(flow->net, flow->lport);
	struct hlist_nulls_node *n;
	struct xtcp_ent *ent, *best;
	u32 seen;
	int max;

again:
	best = NULL;
	max = -1;
	seen = 0;
	hlist_nulls_for_each_entry_rcu(ent, n, &listeners[slot], node) {
		int score = listen_score(ent, flow, sdif);

		if (score < 0 || score < max)
			continue;
		if (score > max) {
			max = score;
			seen = 0;
		}
		/* equals share, each flow with always the same */
		if (!seen++ || (share(best, ent) &&
				reciprocal_scale(flow_hash(flow) * seen, seen) == 0))
			best = ent;
	}
	if (get_nulls_value(n) != LISTEN_NULLS + slot)
		goto again;
	return best ? xtcp_ent_sk(best) : NULL;
}

unsigned int xtcp_hash_buckets(void)
{
	return mask + 1;
}

struct hlist_nulls_head *xtcp_hash_bucket(unsigned int i)
{
	return &buckets[i];
}

unsigned int xtcp_hash_listen_buckets(void)
{
	return LISTEN_BUCKETS;
}

struct hlist_nulls_head *xtcp_hash_listen_bucket(unsigned int i)
{
	return &listeners[i];
}

/**
 * xtcp_hash_init - allocate the tables
 *
 * One bucket for 128 KiB of memory, as Linux sizes TCP's table.
 */
int xtcp_hash_init(void)
{
	unsigned long n = totalram_pages() / (128 * 1024 / PAGE_SIZE);
	unsigned int i;

	n = roundup_pow_of_two(clamp(n, 1024UL, 262144UL));
	buckets = kvcalloc(n, sizeof(*buckets), GFP_KERNEL);
	if (!buckets)
		return -ENOMEM;
	mask = n - 1;
	secret = get_random_u32();
	for (i = 0; i < n; i++)
		INIT_HLIST_NULLS_HEAD(&buckets[i], i);
	for (i = 0; i < LISTEN_BUCKETS; i++)
		INIT_HLIST_NULLS_HEAD(&listeners[i], LISTEN_NULLS + i);
	for (i = 0; i < LOCKS; i++)
		spin_lock_init(&locks[i]);
	return 0;
}

void xtcp_hash_exit(void)
{
	kvfree(buckets);
}
