/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of connections: full sockets, requests and TIME-WAIT records by
 * their four addresses, and the table of listeners by their port.
 */
#ifndef XTCP_HASH_H
#define XTCP_HASH_H

#include <linux/in6.h>
#include <linux/rculist.h>
#include <linux/rculist_nulls.h>
#include <linux/types.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>

enum xtcp_ent_kind {
	XTCP_ENT_SOCK,		/* struct xtcp_sock */
	XTCP_ENT_REQUEST,	/* struct xtcp_request */
	XTCP_ENT_TIMEWAIT,	/* struct xtcp_timewait */
};

/**
 * struct xtcp_flow - what tells connections apart
 * @laddr: local address; IPv4 as ::ffff:a.b.c.d
 * @raddr: remote address
 * @lport: local port
 * @rport: remote port
 * @dif: interface that the connection is bound to, or 0; of a packet the one that it
 *	came by, or the VRF's
 * @net: namespace
 */
struct xtcp_flow {
	struct in6_addr laddr;
	struct in6_addr raddr;
	__be16 lport;
	__be16 rport;
	int dif;
	struct net *net;
};

/**
 * struct xtcp_ent - an entry of the tables
 * @node: link; readers hold rcu_read_lock(), writers the bucket's lock
 * @flow: the key; constant while @node is linked, but for its dif
 * @hash: of @flow
 * @kind: what this is part of
 * @hashed: @node is linked; guarded by the lock of what this is part of
 */
struct xtcp_ent {
	struct hlist_nulls_node node;
	struct xtcp_flow flow;
	u32 hash;
	u8 kind;
	bool hashed;
};

static inline bool xtcp_flow_is_v4(const struct xtcp_flow *flow)
{
	return ipv6_addr_v4mapped(&flow->raddr);
}

/* vrf.c */
bool xtcp_vrf_shared(const struct net *net);

/**
 * xtcp_hash_device - does an entry get what comes by an interface
 * @f: the entry's flow
 * @dif: the interface, a VRF's if the packet came through one
 * @sdif: then the other one; 0 if not
 */
static inline bool xtcp_hash_device(const struct xtcp_flow *f, int dif, int sdif)
{
	int bound = READ_ONCE(f->dif);

	if (likely(!bound))
		return likely(!sdif) || xtcp_vrf_shared(f->net);
	return bound == dif || bound == sdif;
}

/**
 * xtcp_hash_match - is this entry the flow's
 * @ent: the entry
 * @flow: the flow, as a packet has it
 * @sdif: see xtcp_hash_device()
 */
static inline bool xtcp_hash_match(const struct xtcp_ent *ent,
				   const struct xtcp_flow *flow, int sdif)
{
	const struct xtcp_flow *f = &ent->flow;

	return f->lport == flow->lport && f->rport == flow->rport &&
	       ipv6_addr_equal(&f->raddr, &flow->raddr) &&
	       ipv6_addr_equal(&f->laddr, &flow->laddr) &&
	       f->net == flow->net && xtcp_hash_device(f, flow->dif, sdif);
}

int xtcp_hash_init(void);
void xtcp_hash_exit(void);

struct xtcp_ent *xtcp_hash_lookup(const struct xtcp_flow *flow, int sdif);
bool xtcp_hash_insert(struct xtcp_ent *ent, int sdif);
void xtcp_hash_remove(struct xtcp_ent *ent);
bool xtcp_hash_replace(struct xtcp_ent *old, struct xtcp_ent *new);

void xtcp_hash_listen(struct xtcp_ent *ent);
void xtcp_hash_unlisten(struct xtcp_ent *ent);
struct sock *xtcp_hash_listener(const struct xtcp_flow *flow, int sdif);

/* Walking all entries, in no order, for /proc and for a namespace's end */
unsigned int xtcp_hash_buckets(void);
struct hlist_nulls_head *xtcp_hash_bucket(unsigned int i);
struct hlist_nulls_head *xtcp_hash_listen_bucket(unsigned int i);
unsigned int xtcp_hash_listen_buckets(void);

#endif
