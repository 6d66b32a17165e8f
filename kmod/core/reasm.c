// SPDX-License-Identifier: GPL-2.0
/*
 * Reassembly of segments that arrive out of order (RFC 9293 3.10.7.4, seventh
 * step): disjoint ranges in a treap. A list would be shorter, but a peer that
 * sends every other octet makes each insertion walk all of it.
 */
#include "reasm.h"
#include "seq.h"

/* The last node that begins at or before seq, or NULL */
static struct xtcp_rnode *floor_node(const struct xtcp_reasm *r, u32 seq)
{
	struct xtcp_rnode *n = r->root, *best = NULL;

	while (n) {
		if (seq_le(n->seq, seq)) {
			best = n;
			n = n->right;
		} else {
			n = n->left;
		}
	}
	return best;
}

/* The first node that begins behind seq, or NULL */
static struct xtcp_rnode *higher_node(const struct xtcp_reasm *r, u32 seq)
{
	struct xtcp_rnode *n = r->root, *best = NULL;

	while (n) {
		if (seq_gt(n->seq, seq)) {
			best = n;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	return best;
}

static struct xtcp_rnode *max_node(struct xtcp_rnode *n)
{
	while (n && n->right)
		n = n->right;
	return n;
}

/* Links in a node that overlaps no other */
static void treap_add(struct xtcp_reasm *r, struct xtcp_rnode *node)
{
	struct xtcp_rnode **link = &r->root, *rest, **lo, **hi;

	while (*link && (*link)->prio >= node->prio)
		link = seq_lt(node->seq, (*link)->seq) ? &(*link)->left :
							 &(*link)->right;
	/* node goes here; what was here is split around it */
	rest = *link;
	*link = node;
	lo = &node->left;
	hi = &node->right;
	while (rest) {
		if (seq_lt(rest->seq, node->seq)) {
			*lo = rest;
			lo = &rest->right;
			rest = rest->right;
		} else {
			*hi = rest;
			hi = &rest->left;
			rest = rest->left;
		}
	}
	*lo = NULL;
	*hi = NULL;
	r->octets += node->end - node->seq;
	if (!r->last || seq_gt(node->seq, r->last->seq))
		r->last = node;
}

/* Takes out a node that is in the tree */
static void treap_del(struct xtcp_reasm *r, struct xtcp_rnode *node)
{
	struct xtcp_rnode **link = &r->root, *a = node->left, *b = node->right;

	while (*link != node)
		link = seq_lt(node->seq, (*link)->seq) ? &(*link)->left :
							 &(*link)->right;
	while (a && b) {
		if (a->prio >= b->prio) {
			*link = a;
			link = &a->right;
			a = a->right;
		} else {
			*link = b;
			link = &b->left;
			b = b->left;
		}
	}
	*link = a ? a : b;
	r->octets -= node->end - node->seq;
	if (r->last == node)
		r->last = max_node(r->root);
}

static void push_dead(struct xtcp_rnode **dead, struct xtcp_rnode *node)
{
	node->next = *dead;
	*dead = node;
}

/**
 * xtcp_reasm_insert - keep a range that is not in order yet
 * @r: the tree
 * @node: the range, not empty unless it carries a FIN; its overlaps with what
 *	is kept already are cut off
 * @dead: gets the nodes that @node has made superfluous
 *
 * Return: false if every octet of @node is kept already; the node is then not
 * in the tree and stays with the caller.
 */
bool xtcp_reasm_insert(struct xtcp_reasm *r, struct xtcp_rnode *node,
		       struct xtcp_rnode **dead)
{
	struct xtcp_rnode *n;

	if (r->last && seq_ge(node->seq, r->last->end) && !r->last->fin) {
		treap_add(r, node);
		return true;
	}

	n = floor_node(r, node->seq);
	if (n && seq_gt(n->end, node->seq)) {
		if (seq_ge(n->end, node->end)) {
			/* all octets known; the FIN may be news */
			if (node->fin && n->end == node->end)
				n->fin = true;
			return false;
		}
		node->seq = n->end;
	} else if (n && n->seq == node->seq && n->end == node->end) {
		return false;	/* a lone FIN, twice */
	}
	if (n && n->fin && seq_ge(node->seq, n->end))
		return false;	/* octets behind a FIN are nonsense */

	/* one may begin exactly where the head was cut off */
	while ((n = higher_node(r, node->seq - 1)) &&
	       seq_lt(n->seq, node->end)) {
		if (seq_gt(n->end, node->end)) {
			node->end = n->seq;
			node->fin = false;
			break;
		}
		if (n->end == node->end)
			node->fin |= n->fin;
		treap_del(r, n);
		push_dead(dead, n);
	}
	if (node->seq == node->end && !node->fin)
		return false;
	treap_add(r, node);
	return true;
}

/**
 * xtcp_reasm_pull - take out what has come in order
 * @r: the tree
 * @rcv_nxt: RCV.NXT, moved over what is returned
 * @fin: set if a FIN has come in order (RCV.NXT then lies on it)
 * @dead: gets the nodes that were passed over whole
 *
 * Return: the nodes in order, linked by ->next, each cut to what is new.
 */
struct xtcp_rnode *xtcp_reasm_pull(struct xtcp_reasm *r, u32 *rcv_nxt,
				   bool *fin, struct xtcp_rnode **dead)
{
	struct xtcp_rnode *first = NULL, **tail = &first, *n;

	while (!*fin && (n = xtcp_reasm_first(r)) &&
	       seq_le(n->seq, *rcv_nxt)) {
		treap_del(r, n);
		if (n->fin && seq_ge(n->end, *rcv_nxt))
			*fin = true;
		if (seq_le(n->end, *rcv_nxt)) {
			push_dead(dead, n);
			continue;
		}
		n->seq = *rcv_nxt;
		*rcv_nxt = n->end;
		n->next = NULL;
		*tail = n;
		tail = &n->next;
	}
	return first;
}

/**
 * xtcp_reasm_drop_last - give up the range furthest from its turn
 * @r: the tree
 *
 * Allowed at any time: what is out of order has not been acknowledged.
 *
 * Return: the node, now the caller's, or NULL if the tree is empty.
 */
struct xtcp_rnode *xtcp_reasm_drop_last(struct xtcp_reasm *r)
{
	struct xtcp_rnode *n = r->last;

	if (n)
		treap_del(r, n);
	return n;
}

/* The node with the lowest numbers, or NULL */
struct xtcp_rnode *xtcp_reasm_first(const struct xtcp_reasm *r)
{
	struct xtcp_rnode *n = r->root;

	while (n && n->left)
		n = n->left;
	return n;
}
