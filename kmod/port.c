// SPDX-License-Identifier: GPL-2.0
/*
 * Local ports: bind() with Linux TCP's rules for sharing (SO_REUSEADDR,
 * SO_REUSEPORT, interfaces, IPV6_V6ONLY), and ephemeral ports for connect()
 * chosen by RFC 6056's algorithm 4 (double hash).
 */
#include <linux/slab.h>
#include <linux/random.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/secure_seq.h>

#include "hash.h"
#include "port.h"
#include "sock.h"
#include "timewait.h"
#include "vrf.h"

#define BUCKETS 4096
#define PERTURB 65536	/* with few, who measures them can tell hosts apart */

/**
 * struct xtcp_port - a port in use
 * @node: link in its bucket
 * @net: namespace
 * @num: the port, host order
 * @nfixed: holders that chose it by bind(), and the connections they accepted
 * @holders: all of them
 */
struct xtcp_port {
	struct hlist_node node;
	struct net *net;
	u16 num;
	unsigned int nfixed;
	struct hlist_head holders;
};

struct bucket {
	spinlock_t lock;		/* guards ports, and who holds each */
	struct hlist_head ports;
};

static struct bucket *table;
static struct kmem_cache *cache;
static atomic_t *perturb;

static struct bucket *bucket_of(const struct net *net, u16 num)
{
	return &table[(num + net_hash_mix(net)) % BUCKETS];
}

static struct xtcp_port *find(struct bucket *b, const struct net *net, u16 num)
{
	struct xtcp_port *p;

	hlist_for_each_entry(p, &b->ports, node)
		if (p->num == num && p->net == net)
			return p;
	return NULL;
}

static struct xtcp_port *find_or_add(struct bucket *b, struct net *net, u16 num)
{
	struct xtcp_port *p = find(b, net, num);

	if (p)
		return p;
	p = kmem_cache_alloc(cache, GFP_ATOMIC);
	if (!p)
		return NULL;
	p->net = net;
	p->num = num;
	p->nfixed = 0;
	INIT_HLIST_HEAD(&p->holders);
	hlist_add_head(&p->node, &b->ports);
	return p;
}

/* Context: bucket lock */
static void free_if_unheld(struct xtcp_port *p)
{
	if (!hlist_empty(&p->holders))
		return;
	hlist_del(&p->node);
	kmem_cache_free(cache, p);
}

static void hold(struct xtcp_bound *bound, struct xtcp_port *p, bool fixed,
		 int vrf)
{
	bound->vrf = vrf;
	bound->port = p;
	bound->fixed = fixed;
	p->nfixed += fixed;
	hlist_add_head(&bound->node, &p->holders);
}

/* What a holder is, for the question whether two can share */
struct claim {
	struct in6_addr addr;
	int dif;
	kuid_t uid;
	bool v6only, reuse, reuseport, listening;
};

static void claim_of_sock(struct claim *c, const struct sock *sk)
{
	c->addr = xtcp_sk_laddr(sk);
	c->dif = READ_ONCE(sk->sk_bound_dev_if);
	c->uid = sk->sk_uid;
	c->v6only = sk->sk_family == AF_INET6 && ipv6_only_sock(sk);
	c->reuse = sk->sk_reuse;
	c->reuseport = sk->sk_reuseport;
	c->listening = sk->sk_state == TCP_LISTEN;
}

static void claim_of(struct claim *c, const struct xtcp_bound *bound)
{
	if (bound->sk) {
		claim_of_sock(c, bound->sk);
		return;
	}
	memset(c, 0, sizeof(*c));
	c->addr = bound->tw->ent.flow.laddr;
	c->dif = bound->tw->ent.flow.dif;
	c->reuse = bound->tw->reuse;
	c->uid = INVALID_UID;
}

static bool addrs_overlap(const struct claim *a, const struct claim *b)
{
	bool a4 = ipv6_addr_v4mapped(&a->addr), b4 = ipv6_addr_v4mapped(&b->addr);

	if (a4 && b4)
		return a->addr.s6_addr32[3] == b->addr.s6_addr32[3] ||
		       !a->addr.s6_addr32[3] || !b->addr.s6_addr32[3];
	if (!a4 && !b4)
		return ipv6_addr_equal(&a->addr, &b->addr) ||
		       ipv6_addr_any(&a->addr) || ipv6_addr_any(&b->addr);
	if (a4)
		return ipv6_addr_any(&b->addr) && !b->v6only;
	return ipv6_addr_any(&a->addr) && !a->v6only;
}

/*
 * Is what one wants barred by what another holds? Two sockets may be bound
 * alike with SO_REUSEADDR; the first of them to listen bars the others.
 */
static bool conflicts(const struct claim *a, const struct claim *b)
{
	if (a->dif && b->dif && a->dif != b->dif)
		return false;
	if (a->reuse && b->reuse && !b->listening)
		return false;
	if (a->reuseport && b->reuseport && uid_eq(a->uid, b->uid))
		return false;
	return addrs_overlap(a, b);
}

/* Context: bucket lock */
static bool port_conflicts(const struct xtcp_port *p, const struct sock *sk,
			   int vrf)
{
	struct xtcp_bound *bound;
	struct claim mine, theirs;

	claim_of_sock(&mine, sk);
	hlist_for_each_entry(bound, &p->holders, node) {
		if (bound->sk == sk || bound->vrf != vrf)
			continue;
		claim_of(&theirs, bound);
		if (conflicts(&mine, &theirs))
			return true;
	}
	return false;
}

static int bind_to(struct sock *sk, u16 num)
{
	struct net *net = sock_net(sk);
	struct bucket *b = bucket_of(net, num);
	int vrf = xtcp_vrf_ports(sk);
	struct xtcp_port *p;
	int err = -EADDRINUSE;

	spin_lock_bh(&b->lock);
	p = find_or_add(b, net, num);
	if (!p)
		err = -ENOMEM;
	else if (!port_conflicts(p, sk, vrf))
		err = 0;
	if (!err) {
		hold(&xtcp_sk(sk)->bound, p, true, vrf);
		inet_sk(sk)->inet_num = num;
	} else if (p) {
		free_if_unheld(p);
	}
	spin_unlock_bh(&b->lock);
	return err;
}

static void port_range(struct sock *sk, int *low, int *count)
{
	int high;

	inet_sk_get_local_port_range(sk, low, &high);
	*count = high - *low + 1;
	if (*count < 1)
		*count = 1;
}

/**
 * xtcp_port_get - bind to a port
 * @sk: the socket, locked, with its local address set
 * @num: the port, or 0 for any
 *
 * Return: 0, -EADDRINUSE, or -ENOMEM
 */
int xtcp_port_get(struct sock *sk, unsigned short num)
{
	int low, count, i;
	u32 start;

	if (xtcp_sk(sk)->bound.port)	/* listen() on what bind() took */
		return xtcp_port_listen_ok(sk) ? 0 : -EADDRINUSE;
	if (num)
		return bind_to(sk, num);
	port_range(sk, &low, &count);
	start = get_random_u32_below(count);
	for (i = 0; i < count; i++) {
		u16 port = low + (start + i) % count;
		int err;

		if (inet_is_local_reserved_port(sock_net(sk), port))
			continue;
		err = bind_to(sk, port);
		if (err != -EADDRINUSE)
			return err;
		cond_resched();
	}
	return -EADDRINUSE;
}

/**
 * xtcp_port_listen_ok - may a bound socket, now in LISTEN, keep its port
 * @sk: the socket, locked
 */
bool xtcp_port_listen_ok(struct sock *sk)
{
	const struct xtcp_bound *bound = &xtcp_sk(sk)->bound;
	struct xtcp_port *p = bound->port;
	struct bucket *b = bucket_of(p->net, p->num);
	bool ok;

	spin_lock_bh(&b->lock);
	ok = !port_conflicts(p, sk, bound->vrf);
	spin_unlock_bh(&b->lock);
	return ok;
}

/* Enters a connection. Return: false if the four addresses are in use */
static bool insert(struct xtcp_sock *xs)
{
	const struct xtcp_flow *f = &xs->ent.flow;

	return xtcp_hash_insert(&xs->ent, xtcp_vrf_of(f->net, f->dif));
}

/* Takes a port for an outgoing connection, if the four addresses are free */
static int try_ephemeral(struct sock *sk, u16 num)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct net *net = sock_net(sk);
	struct bucket *b = bucket_of(net, num);
	struct xtcp_port *p;
	int err = -EADDRNOTAVAIL;

	spin_lock_bh(&b->lock);
	p = find_or_add(b, net, num);
	if (!p) {
		err = -ENOMEM;
		goto out;
	}
	/* somebody's own choice is not for sharing */
	if (p->nfixed)
		goto out;
	xs->ent.flow.lport = htons(num);
	if (insert(xs)) {
		hold(&xs->bound, p, false, xtcp_vrf_ports(sk));
		inet_sk(sk)->inet_num = num;
		inet_sk(sk)->inet_sport = htons(num);
		err = 0;
	}
	free_if_unheld(p);
out:
	spin_unlock_bh(&b->lock);
	return err;
}

static u64 port_offset(const struct xtcp_flow *f)
{
	if (xtcp_flow_is_v4(f))
		return secure_ipv4_port_ephemeral(f->laddr.s6_addr32[3],
						  f->raddr.s6_addr32[3],
						  f->rport);
	return secure_ipv6_port_ephemeral(f->laddr.s6_addr32,
					  f->raddr.s6_addr32, f->rport);
}

/**
 * xtcp_port_connect - enter a connection into the table, with a port if it
 * has none yet
 * @sk: the socket, locked, with the flow in its entry but for lport
 *
 * RFC 6056 3.3.4: a keyed hash of the destination says where to begin, a
 * counter moves on from there, and some randomness hides the counter. Which counter
 * it is, other bits of the hash say: the two tell nothing of each other.
 *
 * Return: 0, or -EADDRNOTAVAIL, -ENOMEM
 */
int xtcp_port_connect(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	int low, count, i, err;
	u32 offset, slot;
	u64 hash;

	if (inet_sk(sk)->inet_num) {
		xs->ent.flow.lport = inet_sk(sk)->inet_sport;
		return insert(xs) ? 0 : -EADDRNOTAVAIL;
	}
	port_range(sk, &low, &count);
	hash = port_offset(&xs->ent.flow);
	slot = (u32)hash % PERTURB;
	offset = (hash >> 32) + atomic_read(&perturb[slot]);
	for (i = 0; i < count; i++) {
		u16 num = low + (offset + i) % count;

		if (inet_is_local_reserved_port(sock_net(sk), num))
			continue;
		err = try_ephemeral(sk, num);
		if (err == -EADDRNOTAVAIL) {
			cond_resched();
			continue;
		}
		if (!err)
			atomic_add(i + 1 + get_random_u32_below(8),
				   &perturb[slot]);
		return err;
	}
	return -EADDRNOTAVAIL;
}

/**
 * xtcp_port_put - let go of a port; nothing if none is held
 * @bound: the hold
 */
void xtcp_port_put(struct xtcp_bound *bound)
{
	struct xtcp_port *p = bound->port;
	struct bucket *b;

	if (!p)
		return;
	b = bucket_of(p->net, p->num);
	spin_lock_bh(&b->lock);
	hlist_del_init(&bound->node);
	bound->port = NULL;
	p->nfixed -= bound->fixed;
	free_if_unheld(p);
	spin_unlock_bh(&b->lock);
}

/**
 * xtcp_port_join - hold the port that another holds
 * @bound: the new hold
 * @other: an existing one, which must stay until this returns
 */
void xtcp_port_join(struct xtcp_bound *bound, const struct xtcp_bound *other)
{
	struct xtcp_port *p = other->port;
	struct bucket *b;

	if (!p)
		return;
	b = bucket_of(p->net, p->num);
	spin_lock_bh(&b->lock);
	hold(bound, p, other->fixed, other->vrf);
	spin_unlock_bh(&b->lock);
}

/**
 * xtcp_port_move - the holder of a port is now bound in another VRF
 * @bound: its hold, if it has one
 * @vrf: see xtcp_vrf_ports()
 *
 * Whether it might have bound there nobody asks, as with TCP.
 */
void xtcp_port_move(struct xtcp_bound *bound, int vrf)
{
	struct bucket *b;

	if (!bound->port)
		return;
	b = bucket_of(bound->port->net, bound->port->num);
	spin_lock_bh(&b->lock);
	bound->vrf = vrf;
	spin_unlock_bh(&b->lock);
}

int xtcp_port_init(void)
{
	int i;

	cache = KMEM_CACHE(xtcp_port, 0);
	table = kvcalloc(BUCKETS, sizeof(*table), GFP_KERNEL);
	perturb = kvcalloc(PERTURB, sizeof(*perturb), GFP_KERNEL);
	if (!cache || !table || !perturb) {
		xtcp_port_exit();
		return -ENOMEM;
	}
	for (i = 0; i < BUCKETS; i++)
		spin_lock_init(&table[i].lock);
	get_random_bytes(perturb, PERTURB * sizeof(*perturb));
	return 0;
}

void xtcp_port_exit(void)
{
	kvfree(perturb);
	kvfree(table);
	kmem_cache_destroy(cache);
}
