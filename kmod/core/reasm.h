/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reassembly: the segments that arrived before their turn, as a search tree
 * of disjoint ranges. The nodes belong to the shell (it keeps each beside its
 * payload and bounds their number by the memory that they stand for).
 */
#ifndef XTCP_CORE_REASM_H
#define XTCP_CORE_REASM_H

#include "types.h"

/**
 * struct xtcp_rnode - one range of octets out of order
 * @left: subtree before this node
 * @right: subtree behind it
 * @next: the link of the lists in struct xtcp_act
 * @seq: first octet; the core moves it when a head overlaps
 * @end: behind the last octet; the core moves it when a tail overlaps
 * @prio: random, from the shell: keeps the tree balanced, so a peer must not
 *	be able to guess it
 * @fin: a FIN follows at @end
 */
struct xtcp_rnode {
	struct xtcp_rnode *left;
	union {
		struct xtcp_rnode *right;
		struct xtcp_rnode *next;
	};
	u32 seq;
	u32 end;
	u32 prio;
	bool fin;
};

/**
 * struct xtcp_reasm - the tree
 * @root: its root
 * @last: the node with the highest numbers, or NULL; most arrivals go behind it
 * @octets: in all of its nodes
 * @early: segments that have ever been kept here; the shell counts them
 */
struct xtcp_reasm {
	struct xtcp_rnode *root;
	struct xtcp_rnode *last;
	u32 octets;
	u32 early;
};

bool xtcp_reasm_insert(struct xtcp_reasm *r, struct xtcp_rnode *node,
		       struct xtcp_rnode **dead);
struct xtcp_rnode *xtcp_reasm_pull(struct xtcp_reasm *r, u32 *rcv_nxt,
				   bool *fin, struct xtcp_rnode **dead);
struct xtcp_rnode *xtcp_reasm_drop_last(struct xtcp_reasm *r);
struct xtcp_rnode *xtcp_reasm_first(const struct xtcp_reasm *r);

static inline bool xtcp_reasm_empty(const struct xtcp_reasm *r)
{
	return !r->root;
}

#endif
