// SPDX-License-Identifier: GPL-2.0
/*
 * What a namespace's clients remember of servers, by both addresses: a table of a
 * fixed size, where the least recently used makes room. It is made for the first
 * client that asks for Fast Open.
 */
#include <linux/jhash.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "fastopen.h"
#include "hash.h"
#include "netns.h"

#define SETS 256
#define WAYS 4

/**
 * struct entry - a server
 * @laddr: our address, to which it bound its cookie
 * @raddr: its address
 * @dif: the interface that the connection was bound to
 * @used: when, by the table's clock; 0: the entry is free
 * @peer: what is remembered
 */
struct entry {
	struct in6_addr laddr;
	struct in6_addr raddr;
	int dif;
	u32 used;
	struct xtcp_fastopen_peer peer;
};

/**
 * struct xtcp_fastopen_peers - the table
 * @secret: in the hash
 * @clock: uses so far
 * @set: entries by hash
 */
struct xtcp_fastopen_peers {
	u32 secret;
	u32 clock;
	struct entry set[SETS][WAYS];
};

static struct xtcp_fastopen_net *fo_net(const struct net *net)
{
	return &xtcp_net(net)->fastopen;
}

static bool same(const struct entry *e, const struct xtcp_flow *flow)
{
	return e->used && e->dif == flow->dif &&
	       ipv6_addr_equal(&e->raddr, &flow->raddr) &&
	       ipv6_addr_equal(&e->laddr, &flow->laddr);
}

static struct entry *set_of(struct xtcp_fastopen_peers *p,
			    const struct xtcp_flow *flow)
{
	u32 hash = jhash(&flow->raddr, sizeof(flow->raddr), p->secret);

	return p->set[jhash(&flow->laddr, sizeof(flow->laddr), hash) % SETS];
}

/* Context: the lock */
static struct entry *find(struct xtcp_fastopen_peers *p,
			  const struct xtcp_flow *flow)
{
	struct entry *e;
	u32 i;

	if (!p)
		return NULL;
	e = set_of(p, flow);
	for (i = 0; i < WAYS; i++) {
		if (!same(&e[i], flow))
			continue;
		e[i].used = ++p->clock ?: ++p->clock;
		return &e[i];
	}
	return NULL;
}

/**
 * xtcp_fastopen_recall - what is known of a server
 * @flow: the connection
 * @peer: gets it
 *
 * Return: false if nothing is
 */
bool xtcp_fastopen_recall(const struct xtcp_flow *flow,
			  struct xtcp_fastopen_peer *peer)
{
	struct xtcp_fastopen_net *fo = fo_net(flow->net);
	struct entry *e;

	spin_lock_bh(&fo->lock);
	e = find(fo->peers, flow);
	if (e)
		*peer = e->peer;
	spin_unlock_bh(&fo->lock);
	return e;
}

/**
 * xtcp_fastopen_prepare - a client asks for Fast Open: let there be a table
 * @net: its namespace
 *
 * Return: false for want of memory
 */
bool xtcp_fastopen_prepare(struct net *net)
{
	struct xtcp_fastopen_net *fo = fo_net(net);
	struct xtcp_fastopen_peers *p;

	if (READ_ONCE(fo->peers))
		return true;
	p = kvzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!p)
		return false;
	p->secret = get_random_u32();
	spin_lock_bh(&fo->lock);
	if (!fo->peers) {
		WRITE_ONCE(fo->peers, p);
		p = NULL;
	}
	spin_unlock_bh(&fo->lock);
	kvfree(p);
	return true;
}

/**
 * xtcp_fastopen_peer - where to note what was learnt of a server
 * @flow: the connection
 *
 * Context: the lock of the namespace's Fast Open
 *
 * Return: its entry, new if need be, or NULL if there is no table
 */
struct xtcp_fastopen_peer *xtcp_fastopen_peer(const struct xtcp_flow *flow)
{
	struct xtcp_fastopen_peers *p = fo_net(flow->net)->peers;
	struct entry *e = find(p, flow), *set;
	u32 i;

	if (!p)
		return NULL;
	if (e)
		return &e->peer;
	set = set_of(p, flow);
	e = set;
	for (i = 1; i < WAYS && e->used; i++)
		if (!set[i].used || (s32)(set[i].used - e->used) < 0)
			e = &set[i];
	memset(e, 0, sizeof(*e));
	e->laddr = flow->laddr;
	e->raddr = flow->raddr;
	e->dif = flow->dif;
	e->used = ++p->clock ?: ++p->clock;
	return &e->peer;
}

void xtcp_fastopen_net_init(struct xtcp_net *xn)
{
	spin_lock_init(&xn->fastopen.lock);
}

/* No socket of the namespace is left */
void xtcp_fastopen_net_exit(struct xtcp_net *xn)
{
	kvfree(xn->fastopen.peers);
	memzero_explicit(&xn->fastopen.keys, sizeof(xn->fastopen.keys));
}
