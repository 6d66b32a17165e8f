// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold after every event, on the hosts and on the wire. The state
 * machine's edges are written down here once more, so that a slip in state.c
 * is seen.
 */
#include "../core/seq.h"
#include "../core/state.h"
#include "../core/window.h"
#include "sim.h"

#define DEPTH_MAX 64	/* a treap of 4096 nodes is about 30 deep */

/* RFC 9293 figure 5, and the way out of each state */
static const u32 edges[XTCP_STATES] = {
	[XTCP_CLOSED] = XTCP_F(SYN_SENT) | XTCP_F(SYN_RECEIVED),
	[XTCP_SYN_SENT] = XTCP_F(ESTABLISHED) | XTCP_F(SYN_RECEIVED),
	[XTCP_SYN_RECEIVED] = XTCP_F(ESTABLISHED) | XTCP_F(FIN_WAIT_1),
	[XTCP_ESTABLISHED] = XTCP_F(FIN_WAIT_1) | XTCP_F(CLOSE_WAIT),
	[XTCP_FIN_WAIT_1] = XTCP_F(FIN_WAIT_2) | XTCP_F(CLOSING) |
			    XTCP_F(TIME_WAIT),
	[XTCP_FIN_WAIT_2] = XTCP_F(TIME_WAIT),
	[XTCP_CLOSE_WAIT] = XTCP_F(LAST_ACK),
	[XTCP_CLOSING] = XTCP_F(TIME_WAIT),
	[XTCP_LAST_ACK] = XTCP_F(CLOSED),
};

/**
 * xtcp_sim_check_steps - look at the transitions that an act announces
 * @sim: the network
 * @h: the host
 * @act: the act
 */
void xtcp_sim_check_steps(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			  const struct xtcp_act *act)
{
	u32 i;

	for (i = 0; i < act->nsteps; i++) {
		u32 from = act->steps[i] >> 4, to = act->steps[i] & 15;

		xtcp_sim_note(sim, h, XTCP_SIM_STATE, NULL, from, to);
		sim->edges[from] |= 1U << to;
		if (from != h->state)
			xtcp_sim_fail(sim, "a transition was not announced");
		if (!xtcp_state_in(to, edges[from]) && !act->err)
			xtcp_sim_fail(sim, "figure 5 has no such transition");
		h->state = to;
	}
	if (h->stage == XTCP_SIM_CONN && h->state != h->tcb.state)
		xtcp_sim_fail(sim, "the state changed without a word");
}

/* The shift that applies to the windows that a host sends */
static u32 scale_of(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	if (sim->strip & XTCP_HAS_WSCALE ||
	    !xtcp_sim_peer(sim, h)->scale_said)
		return 0;
	return h->scale;
}

static u32 edge_of(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		   const struct xtcp_seg *seg)
{
	u32 shift = seg->flags & XTCP_SYN ? 0 : scale_of(sim, h);

	return seg->ack + ((u32)seg->wnd << shift);
}

/*
 * Is all of this in the tree? The ranges of two nodes may meet. What is left of a node
 * ends before it begins, what is right of one holds nothing that lies before it.
 */
static bool is_held(const struct xtcp_rnode *n, u32 *start, u32 end)
{
	if (!n || *start == end)
		return *start == end;
	if (seq_lt(*start, n->seq) && is_held(n->left, start, end))
		return true;
	if (seq_lt(*start, n->seq))
		return false;
	if (seq_gt(n->end + n->fin, *start))
		*start = seq_min(n->end + n->fin, end);
	return is_held(n->right, start, end);
}

/* RFC 2018 sections 4 and 8, RFC 2883: what is reported is here */
static void check_blocks(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 const struct xtcp_seg *seg)
{
	u32 i;

	if (!h->tcb.sack.ok || seg->flags & XTCP_SYN)
		xtcp_sim_fail(sim, "SACK was not agreed on");
	for (i = 0; i < seg->nsack; i++) {
		u32 start = seg->sack[i].start, end = seg->sack[i].end;

		/* what arrived twice may be in order by now */
		if (!i && h->tcb.sack.dup_due) {
			sim->dsacks++;
			if (seq_lt(start, seg->ack))
				start = seq_min(seg->ack, end);
		} else {
			sim->blocks++;
		}
		if (start != end && !is_held(h->tcb.reasm.root, &start, end))
			xtcp_sim_fail(sim, "a block reports what is not held");
	}
}

/* Which segments a router may mark */
static void check_ecn(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		      const struct xtcp_seg *seg)
{
	bool known = h->stage == XTCP_SIM_CONN;
	bool exact = known ? h->tcb.ecn_exact : h->req.ecn_exact;

	if (seg->flags & XTCP_RST)
		exact = false;
	/* RFC 3168 6.1: new data alone, once both sides have agreed */
	if (seg->ecn && !exact &&
	    !(h->tcb.ecn_ok && seg->len &&
	      (seg->kind == XTCP_TX_NEW || seg->kind == XTCP_TX_MTU)))
		xtcp_sim_fail(sim, "marked as capable of ECN");
	/* RFC 8257: all of it, but for a SYN that goes out again */
	if (!seg->ecn && exact && known && !(seg->flags & XTCP_SYN))
		xtcp_sim_fail(sim, "not marked as capable of ECN");
}

/*
 * RFC 8257 3.2: as many octets are acknowledged with ECE as were marked. What comes
 * out of order is acknowledged with what came last, so that is where it begins anew.
 */
static void check_told(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		       const struct xtcp_seg *seg)
{
	u32 fresh = seg->ack - h->ack;

	if (seg->flags & XTCP_ECE) {
		h->told += fresh;
		sim->exact += fresh;
	} else {
		sim->unmarked += fresh;
	}
	if (seg->ack != h->tcb.rcv_nxt)
		return;
	if (h->vague)
		h->told = h->marked;
	else if (h->told != h->marked)
		xtcp_sim_fail(sim, "ECE on other octets than were marked");
	if (xtcp_reasm_empty(&h->tcb.reasm))
		h->vague = false;
}

/**
 * xtcp_sim_check_marks - note which octets came marked
 * @h: the host, whose segments these are
 * @act: what it makes of the segment
 * @marked: a router has marked it
 */
void xtcp_sim_check_marks(struct xtcp_sim_host *h, const struct xtcp_act *act,
			  bool marked)
{
	if (act->flags & XTCP_ACT_QUEUED || act->ready ||
	    act->drop == XTCP_DROP_NO_NODE || !h->up)
		h->vague = true;
	if (marked && act->flags & XTCP_ACT_DELIVER)
		h->marked += act->rx_len;
	if (marked && act->flags & XTCP_ACT_FIN)
		h->marked++;
}

/**
 * xtcp_sim_check_sent - look at a segment before it leaves
 * @sim: the network
 * @h: the host that sends it
 * @seg: the segment
 */
void xtcp_sim_check_sent(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 const struct xtcp_seg *seg)
{
	u32 slack = (1U << scale_of(sim, h)) - 1, edge;

	if (seg->flags & XTCP_SYN && seg->opts & XTCP_HAS_WSCALE) {
		h->scale = seg->wscale;
		h->scale_said = true;
	}
	/* RFC 7323 3.2: once agreed on, in each segment, resets too */
	if (h->stage == XTCP_SIM_CONN && h->tcb.ts.ok !=
	    !!(seg->opts & XTCP_HAS_TS) && h->tcb.state != XTCP_SYN_SENT)
		xtcp_sim_fail(sim, "a segment without timestamps, or with");
	if (seg->opts & XTCP_HAS_SACK)
		check_blocks(sim, h, seg);
	/*
	 * In a simultaneous open each SYN goes out twice, once with an ACK; what it
	 * carried may not have been taken
	 */
	if (sim->clean && seg->kind == XTCP_TX_RTX && !(seg->flags & XTCP_SYN) &&
	    !h->tcb.rack.tlp_due && seg->seq - h->iss - 1 >= h->in_syn)
		xtcp_sim_fail(sim, "sent again, though nothing was lost");
	check_ecn(sim, h, seg);
	if (seg->flags & XTCP_CWR && !(seg->flags & XTCP_SYN) && !seg->ecn)
		xtcp_sim_fail(sim, "CWR on what cannot be marked");
	if (seg->flags & XTCP_RST || !(seg->flags & XTCP_ACK))
		return;
	/* RFC 7323 2.4: less than a unit of the scale cannot be expressed */
	edge = edge_of(sim, h, seg);
	/*
	 * nor can a SYN's window, which has no scale: in a simultaneous open it may go
	 * out again after an ACK, which answered a keep-alive probe, has offered more
	 */
	if (h->wire_up && !(seg->flags & XTCP_SYN) &&
	    seq_lt(edge + slack, h->edge))
		xtcp_sim_fail(sim, "the window's right edge moved left");
	if (h->wire_up && seq_lt(seg->ack, h->ack))
		xtcp_sim_fail(sim, "an ACK number went back");
	if (h->wire_up && h->stage == XTCP_SIM_CONN && h->tcb.ecn_exact)
		check_told(sim, h, seg);
	if (!h->wire_up || seq_gt(edge, h->edge))
		h->edge = edge;
	h->ack = seg->ack;
	h->wire_up = true;
	if (seg->flags & XTCP_SYN || seg->kind == XTCP_TX_PROBE)
		return;
	if (xtcp_seg_span(seg) &&
	    (!h->seen_up || seq_gt(xtcp_seg_end(seg), h->seen)))
		xtcp_sim_fail(sim, "sent beyond the peer's window");
}

/**
 * xtcp_sim_check_arrived - note what a host is told of the peer's window
 * @sim: the network
 * @h: the host
 * @seg: the segment that it gets
 */
void xtcp_sim_check_arrived(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			    const struct xtcp_seg *seg)
{
	struct xtcp_sim_host *peer = xtcp_sim_peer(sim, h);
	u32 edge;

	if (seg->flags & XTCP_RST)
		return;
	/* a SYN without ACK: the window counts from our first octet */
	edge = seg->flags & XTCP_ACK ? edge_of(sim, peer, seg) :
				       h->iss + 1 + seg->wnd;
	if (!h->seen_up || seq_gt(edge, h->seen))
		h->seen = edge;
	h->seen_up = true;
}

static const char *check_node(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			      struct xtcp_rnode *n, u32 after)
{
	struct xtcp_sim_node *node = (struct xtcp_sim_node *)n;
	u32 off = n->seq - h->tcb.irs - 1;

	if (seq_lt(n->seq, after) || seq_lt(n->end, n->seq))
		return "ranges in reassembly overlap";
	if (n->seq == n->end && !n->fin)
		return "an empty range is kept";
	if (seq_gt(n->end, h->tcb.rcv_adv))
		return "octets beyond the window are kept";
	if (n->seq - node->seq > node->len || n->end - node->seq > node->len)
		return "a node left its own payload";
	/* once: the core may cut it down, but has no way to its octets */
	if (!node->compared &&
	    !xtcp_sim_stream_match(sim, !h->id, off,
				   node->data + (n->seq - node->seq),
				   n->end - n->seq))
		return "what is kept is not what was sent";
	node->compared = true;
	return NULL;
}

/* Walks the tree in order; the depth shows that it is balanced */
static const char *check_tree(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			      u32 *octets)
{
	struct xtcp_rnode *stack[DEPTH_MAX], *n = h->tcb.reasm.root;
	const struct xtcp_rnode *last = NULL;
	u32 depth = 0, count = 0, after = h->tcb.rcv_nxt + 1;
	const char *why;

	*octets = 0;
	while (n || depth) {
		for (; n; n = n->left) {
			if (depth == DEPTH_MAX)
				return "the reassembly tree is out of balance";
			stack[depth++] = n;
		}
		n = stack[--depth];
		why = check_node(sim, h, n, after);
		if (why)
			return why;
		if ((n->left && n->left->prio > n->prio) ||
		    (n->right && n->right->prio > n->prio))
			return "the reassembly tree is no heap";
		after = n->end;
		*octets += n->end - n->seq;
		count++;
		last = n;
		n = n->right;
	}
	if (last != h->tcb.reasm.last)
		return "the reassembly tree's last node is another";
	if (*octets != h->tcb.reasm.octets)
		return "the octets of the reassembly tree are counted wrong";
	return count == h->kept ? NULL : "a node was lost";
}

/* Every state that waits for the peer's ACK has a timer that ends it */
static const char *check_exit(const struct xtcp_tcb *t)
{
	if (xtcp_state_in(t->state, XTCP_F(SYN_SENT) | XTCP_F(SYN_RECEIVED)) &&
	    !t->deadline[XTCP_TIMER_RTX] && !t->deadline[XTCP_TIMER_PERSIST])
		return "a handshake without a timer";
	if (xtcp_state_in(t->state, XTCP_F(FIN_WAIT_1) | XTCP_F(CLOSING) |
			  XTCP_F(LAST_ACK)) &&
	    !t->deadline[XTCP_TIMER_RTX] && !t->deadline[XTCP_TIMER_PERSIST] &&
	    !t->deadline[XTCP_TIMER_PACE])
		return "a close without a timer";
	return NULL;
}

static const char *check_host(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_sim_host *peer = xtcp_sim_peer(sim, h);
	const struct xtcp_tcb *t = &h->tcb;
	u32 octets;
	const char *why;

	why = xtcp_tcb_check(t);
	if (!why)
		why = check_exit(t);
	if (why || t->state == XTCP_SYN_SENT)
		return why;
	if (h->delivered + h->eof != t->rcv_nxt - t->irs - 1)
		return "RCV.NXT is not what was delivered";
	if (t->rcv_nxt != t->rcv_acked && t->ack_due == XTCP_ACK_NONE)
		return "what arrived is never acknowledged";
	if (h->up && h->acked > peer->delivered)
		return "more was taken for acknowledged than arrived";
	if (t->snd_end - t->iss - 1 != h->written)
		return "SND.END is not what was written";
	why = check_tree(sim, h, &octets);
	if (why)
		return why;
	if (h->delivered - h->read + octets > sim->point.buffer)
		return "more is stored than the buffer holds";
	return NULL;
}

/**
 * xtcp_sim_check - look at all of a host after an event
 * @sim: the network
 * @h: the host that it happened to; the other is as it was
 */
void xtcp_sim_check(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	const char *why;

	if (h->stage == XTCP_SIM_CONN) {
		why = check_host(sim, h);
		if (why)
			xtcp_sim_fail(sim, why);
	} else if (h->kept) {
		xtcp_sim_fail(sim, "nodes outlived their connection");
	}
}

/*
 * A connection may end in a reset only if nothing but the last ACK is missing:
 * the peer has all octets and the FIN, and its TIME-WAIT was over before this
 * side asked once more.
 */
static bool excused(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_sim_host *peer = xtcp_sim_peer(sim, h);

	return h->err == ECONNRESET && h->eof && h->shut && peer->eof &&
	       peer->delivered == h->tx_total && !peer->err;
}

/**
 * xtcp_sim_check_end - look at the result, when nothing more can happen
 * @sim: the network
 */
void xtcp_sim_check_end(struct xtcp_sim *sim)
{
	u32 i, most;

	if (sim->host[1].refused)
		return;
	for (i = 0; i < 2; i++) {
		struct xtcp_sim_host *h = &sim->host[i];
		struct xtcp_sim_host *peer = xtcp_sim_peer(sim, h);

		if (h->err && !excused(sim, h))
			xtcp_sim_fail(sim, "a connection ended with an error");
		if (h->stage != XTCP_SIM_GONE)
			xtcp_sim_fail(sim, "stuck: no event is left, a connection is");
		if (h->delivered != peer->tx_total || h->read != h->delivered)
			xtcp_sim_fail(sim, "not all octets were delivered");
		if (h->pressing != peer->pressed)
			xtcp_sim_fail(sim, "the last urgent octet is not known");
		if (!h->eof || !h->released)
			xtcp_sim_fail(sim, "the user never saw the end");
		/* a storm of ACKs would pass all other checks; each side may probe */
		most = 8 * (h->tx_total + peer->tx_total) / 48 + 2000;
		if (h->tcb.opts.keepalive || peer->tcb.opts.keepalive)
			most += 2 * sim->now / (sim->params.keep_interval *
						XTCP_USEC_PER_SEC);
		/* a wild window overruns a short queue again and again */
		if (h->cong == &xtcp_sim_wild || peer->cong == &xtcp_sim_wild)
			most *= 3;
		if (h->segments > most)
			xtcp_sim_fail(sim, "far more segments than needed");
	}
}
