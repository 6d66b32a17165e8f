// SPDX-License-Identifier: GPL-2.0
/*
 * The server's side of Fast Open: keys and the cookies that are made with them, which
 * SYN makes a connection at once, and how many such may be pending. child.c makes the
 * connection.
 */
#include <linux/slab.h>
#include <net/sock.h>

#include "fastopen.h"
#include "ip.h"
#include "metrics.h"
#include "netns.h"
#include "sock.h"

/* What Linux's cookies have, too */
#define COOKIE_LEN sizeof(u64)
/* A connection that was reset counts on for so long (RFC 7413 5.1) */
#define RESET_TIME (60 * XTCP_USEC_PER_SEC)

static u64 get64(const u8 *octets)
{
	__le64 v;

	memcpy(&v, octets, sizeof(v));
	return le64_to_cpu(v);
}

static void put64(u64 value, u8 *octets)
{
	__le64 v = cpu_to_le64(value);

	memcpy(octets, &v, sizeof(v));
}

static void put_queue(struct xtcp_fastopen_queue *q)
{
	struct xtcp_fastopen_slot *slot, *next;

	if (!refcount_dec_and_test(&q->refs))
		return;
	list_for_each_entry_safe(slot, next, &q->reset, link)
		kfree(slot);
	kfree_sensitive(q);
}

/* Return: the socket's, made if need be, or NULL for want of memory */
static struct xtcp_fastopen_queue *queue_of(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct xtcp_fastopen_queue *q = xs->fo_queue;

	if (q)
		return q;
	q = kzalloc(sizeof(*q), GFP_KERNEL_ACCOUNT);
	if (!q)
		return NULL;
	refcount_set(&q->refs, 1);
	spin_lock_init(&q->lock);
	INIT_LIST_HEAD(&q->reset);
	xs->fo_queue = q;
	return q;
}

/**
 * xtcp_fastopen_free - a socket goes
 * @sk: the socket, locked
 */
void xtcp_fastopen_free(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_fastopen_release(sk, false);
	if (xs->fo_queue)
		put_queue(xs->fo_queue);
	xs->fo_queue = NULL;
}

/* The namespace's keys, made of random numbers by the first who may need them */
static void make_keys(struct net *net)
{
	struct xtcp_fastopen_net *fo = &xtcp_net(net)->fastopen;
	siphash_key_t key;

	if (READ_ONCE(fo->keys.n))
		return;
	get_random_bytes(&key, sizeof(key));
	spin_lock_bh(&fo->lock);
	if (!fo->keys.n) {
		fo->keys.key[0] = key;
		WRITE_ONCE(fo->keys.n, 1);
	}
	spin_unlock_bh(&fo->lock);
	memzero_explicit(&key, sizeof(key));
}

static void set_max(struct sock *sk, struct xtcp_fastopen_queue *q, int max)
{
	u32 most = READ_ONCE(sock_net(sk)->core.sysctl_somaxconn);

	q->max = min_t(u32, max, most);
	make_keys(sock_net(sk));
}

/**
 * xtcp_fastopen_set_max - TCP_FASTOPEN
 * @sk: the socket, locked
 * @val: so many connections may be pending
 */
int xtcp_fastopen_set_max(struct sock *sk, int val)
{
	struct xtcp_fastopen_queue *q;

	if (val < 0 || !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		return -EINVAL;
	q = queue_of(sk);
	if (!q)
		return -ENOMEM;
	set_max(sk, q, val);
	return 0;
}

int xtcp_fastopen_max(const struct sock *sk)
{
	const struct xtcp_fastopen_queue *q = xtcp_sk(sk)->fo_queue;

	return q ? q->max : 0;
}

/**
 * xtcp_fastopen_listen - a socket begins to listen
 * @sk: the socket, locked
 * @backlog: what the user wants
 */
void xtcp_fastopen_listen(struct sock *sk, int backlog)
{
	int on = READ_ONCE(xtcp_net(sock_net(sk))->sysctl_fastopen);
	struct xtcp_fastopen_queue *q;

	if (likely(!(on & XTCP_FASTOPEN_ALL) || !(on & XTCP_FASTOPEN_SERVER)) ||
	    xtcp_fastopen_max(sk))
		return;
	q = queue_of(sk);
	if (q)
		set_max(sk, q, backlog);
}

static void from_octets(struct xtcp_fastopen_keys *keys, const u8 *octets, u32 n)
{
	u32 i;

	memset(keys, 0, sizeof(*keys));
	for (i = 0; i < n; i++) {
		keys->key[i].key[0] = get64(octets + 16 * i);
		keys->key[i].key[1] = get64(octets + 16 * i + 8);
	}
	keys->n = n;
}

/**
 * xtcp_fastopen_set_keys - TCP_FASTOPEN_KEY
 * @sk: the socket, locked
 * @octets: one key or two
 * @len: octets of them
 */
int xtcp_fastopen_set_keys(struct sock *sk, const void *octets, u32 len)
{
	struct xtcp_fastopen_queue *q = queue_of(sk);

	if (!q)
		return -ENOMEM;
	from_octets(&q->keys, octets, len / XTCP_FASTOPEN_KEY_LEN);
	return 0;
}

/**
 * xtcp_fastopen_get_keys - the same the other way
 * @sk: the socket, locked
 * @octets: gets its keys
 *
 * Return: octets of them, 0 if it has none of its own
 */
u32 xtcp_fastopen_get_keys(struct sock *sk, void *octets)
{
	struct xtcp_fastopen_queue *q = xtcp_sk(sk)->fo_queue;
	u32 i;

	if (!q)
		return 0;
	for (i = 0; i < q->keys.n; i++) {
		put64(q->keys.key[i].key[0], octets + 16 * i);
		put64(q->keys.key[i].key[1], octets + 16 * i + 8);
	}
	return q->keys.n * XTCP_FASTOPEN_KEY_LEN;
}

/**
 * xtcp_fastopen_show_keys - a namespace's keys as net.ipv4.tcp_fastopen_key has them
 * @xn: the namespace
 * @text: gets them, XTCP_FASTOPEN_KEY_TEXT octets
 */
void xtcp_fastopen_show_keys(struct xtcp_net *xn, char *text)
{
	struct xtcp_fastopen_keys keys;
	u32 i, n = 0;

	spin_lock_bh(&xn->fastopen.lock);
	keys = xn->fastopen.keys;
	spin_unlock_bh(&xn->fastopen.lock);
	for (i = 0; i < max_t(u32, keys.n, 1); i++) {
		const u64 *k = keys.key[i].key;

		n += scnprintf(text + n, XTCP_FASTOPEN_KEY_TEXT - n,
			       "%s%08x-%08x-%08x-%08x", i ? "," : "", (u32)k[0],
			       (u32)(k[0] >> 32), (u32)k[1], (u32)(k[1] >> 32));
	}
	memzero_explicit(&keys, sizeof(keys));
}

static bool read_key(siphash_key_t *key, const char *text)
{
	u32 w[4];

	if (sscanf(text, "%x-%x-%x-%x", &w[0], &w[1], &w[2], &w[3]) != 4)
		return false;
	key->key[0] = w[0] | (u64)w[1] << 32;
	key->key[1] = w[2] | (u64)w[3] << 32;
	return true;
}

/**
 * xtcp_fastopen_read_keys - and back
 * @xn: the namespace
 * @text: one key, or two with a comma between; it is worked on
 */
int xtcp_fastopen_read_keys(struct xtcp_net *xn, char *text)
{
	struct xtcp_fastopen_keys keys = { .n = 1 };
	char *second = strchr(text, ',');

	if (second)
		*second++ = 0;
	if (!read_key(&keys.key[0], text))
		return -EINVAL;
	if (second) {
		if (!read_key(&keys.key[1], second))
			return -EINVAL;
		keys.n = 2;
	}
	spin_lock_bh(&xn->fastopen.lock);
	xn->fastopen.keys = keys;
	spin_unlock_bh(&xn->fastopen.lock);
	memzero_explicit(&keys, sizeof(keys));
	return 0;
}

/* Context: the listener's lock */
static void keys_for(struct sock *sk, struct xtcp_fastopen_keys *keys)
{
	struct xtcp_fastopen_net *fo = &xtcp_net(sock_net(sk))->fastopen;

	*keys = xtcp_sk(sk)->fo_queue->keys;
	if (keys->n)
		return;
	spin_lock_bh(&fo->lock);
	*keys = fo->keys;
	spin_unlock_bh(&fo->lock);
}

/* A MAC of the client's address, and of ours, as Linux has it (RFC 7413 4.1.2) */
static u64 mac(const struct xtcp_flow *flow, const siphash_key_t *key)
{
	struct in6_addr pair[2] __aligned(8) = { flow->raddr, flow->laddr };

	if (xtcp_flow_is_v4(flow)) {
		__be32 v4[2] __aligned(8) = {
			flow->raddr.s6_addr32[3], flow->laddr.s6_addr32[3],
		};

		return siphash(v4, sizeof(v4), key);
	}
	return siphash(pair, sizeof(pair), key);
}

static void give_cookie(struct xtcp_fastopen_offer *offer, u64 value)
{
	offer->option = true;
	offer->cookie.len = COOKIE_LEN;
	put64(value, offer->cookie.octets);
}

/* Return: is the SYN's cookie good? If not by the first key, @offer gets a new one */
static bool judge(struct sock *sk, const struct xtcp_flow *flow,
		  const struct xtcp_seg *syn, struct xtcp_fastopen_offer *offer)
{
	struct xtcp_fastopen_keys keys;
	bool good = false;
	u64 theirs = 0;
	u32 i;

	keys_for(sk, &keys);
	if (syn->fo_len == COOKIE_LEN)
		theirs = get64(syn->fo_cookie);
	for (i = 0; i < keys.n && !good; i++) {
		u64 ours = mac(flow, &keys.key[i]);

		good = syn->fo_len == COOKIE_LEN && theirs == ours;
		if (i == 0 && !good)
			give_cookie(offer, ours);
	}
	memzero_explicit(&keys, sizeof(keys));
	return good;
}

/* Context: the queue's lock */
static struct xtcp_fastopen_slot *served(struct xtcp_fastopen_queue *q)
{
	struct xtcp_fastopen_slot *oldest =
		list_first_entry_or_null(&q->reset, struct xtcp_fastopen_slot, link);

	return oldest && oldest->until <= xtcp_now() ? oldest : NULL;
}

static bool has_room(struct xtcp_fastopen_queue *q)
{
	bool room;

	spin_lock(&q->lock);
	room = q->pending < q->max || served(q);
	spin_unlock(&q->lock);
	return room;
}

/* Does the route to a client do without cookies? */
static bool route_trusts(const struct sock *sk, const struct xtcp_flow *flow)
{
	struct dst_entry *dst = xtcp_ip_route_flow(flow, sk);
	bool trusts = xtcp_metrics_no_cookie(dst);

	dst_release(dst);
	return trusts;
}

/**
 * xtcp_fastopen_syn - does a SYN make a connection at once?
 * @sk: the listener, locked
 * @flow: the connection, with the interface that it is bound to
 * @syn: the SYN
 * @offer: gets what the SYN-ACK is to say
 *
 * Context: bottom halves off
 */
bool xtcp_fastopen_syn(struct sock *sk, const struct xtcp_flow *flow,
		       const struct xtcp_seg *syn,
		       struct xtcp_fastopen_offer *offer)
{
	int on = READ_ONCE(xtcp_net(flow->net)->sysctl_fastopen);
	struct xtcp_fastopen_queue *q = xtcp_sk(sk)->fo_queue;
	bool asks = syn->opts & XTCP_HAS_FASTOPEN;

	offer->option = false;
	offer->cookie.len = 0;
	offer->room = 0;
	if (asks && !syn->fo_len)
		xtcp_mib_inc(flow->net, XTCP_MIB_FastOpenAsked);
	if (!(on & XTCP_FASTOPEN_SERVER) || !q || !q->max || (!syn->len && !asks))
		return false;
	if (!has_room(q)) {		/* RFC 7413 4.2: off, for now */
		xtcp_mib_inc(flow->net, XTCP_MIB_FastOpenOverflow);
		return false;
	}
	if (on & XTCP_FASTOPEN_SERVER_BARE || xtcp_sk(sk)->fo_no_cookie ||
	    route_trusts(sk, flow))
		return true;
	if (!asks)
		return false;
	if (judge(sk, flow, syn, offer))
		return true;
	if (syn->fo_len)
		xtcp_mib_inc(flow->net, XTCP_MIB_FastOpenRefused);
	return false;
}

/**
 * xtcp_fastopen_take - one more is pending
 * @sk: the listener, locked
 *
 * Return: its slot, or NULL for want of memory or of room
 */
struct xtcp_fastopen_slot *xtcp_fastopen_take(struct sock *sk)
{
	struct xtcp_fastopen_queue *q = xtcp_sk(sk)->fo_queue;
	struct xtcp_fastopen_slot *slot;

	spin_lock_bh(&q->lock);
	if (q->pending < q->max) {
		slot = kmalloc(sizeof(*slot), GFP_ATOMIC | __GFP_NOWARN);
		if (slot)
			q->pending++;
	} else {
		slot = served(q);
		if (slot)
			list_del(&slot->link);
	}
	spin_unlock_bh(&q->lock);
	if (slot) {
		refcount_inc(&q->refs);
		slot->queue = q;
	}
	return slot;
}

/**
 * xtcp_fastopen_release_slot - one less is pending
 * @slot: its slot
 * @reset: its peer has reset it: it counts for a while yet
 */
void xtcp_fastopen_release_slot(struct xtcp_fastopen_slot *slot, bool reset)
{
	struct xtcp_fastopen_queue *q = slot->queue;

	spin_lock_bh(&q->lock);
	if (reset) {
		slot->until = xtcp_now() + RESET_TIME;
		list_add_tail(&slot->link, &q->reset);
		slot = NULL;
	} else {
		q->pending--;
	}
	spin_unlock_bh(&q->lock);
	kfree(slot);
	put_queue(q);
}

/**
 * xtcp_fastopen_release - a connection's handshake has ended, or it has
 * @sk: the connection, locked
 * @reset: by a reset
 */
void xtcp_fastopen_release(struct sock *sk, bool reset)
{
	struct xtcp_fastopen_slot *slot = xtcp_sk(sk)->fo_slot;

	if (!slot)
		return;
	xtcp_sk(sk)->fo_slot = NULL;
	xtcp_fastopen_release_slot(slot, reset);
}
