// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's shell does, without the kernel: calls the core and carries
 * out what it says. The TIME-WAIT record is handled as the shell handles it, and
 * so are the listener and the request, in passive.c.
 */
#include "../core/below.h"
#include "../core/fastopen.h"
#include "../core/input.h"
#include "../core/output.h"
#include "../core/reply.h"
#include "../core/seq.h"
#include "../core/timer.h"
#include "../core/user.h"
#include "../core/window.h"
#include "sim.h"

#define PROPOSALS_MAX 20000

/* Room for records; what is tried in vain is tried again */
static void grow_records(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	u32 had = h->tcb.rec.cap, cap = 4 * had;
	struct xtcp_rec *mem = xtcp_sim_get(&sim->pool, cap * sizeof(*mem));

	if (mem)
		xtcp_sim_put(&sim->pool, xtcp_rec_grow(&h->tcb.rec, mem, cap),
			     had * sizeof(*mem));
}

/* Tells the core how much can be stored */
void xtcp_sim_host_space(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	u32 used = h->delivered - h->read;

	if (xtcp_rec_wants(&h->tcb.rec, XTCP_REC_FOR_ACK) && xtcp_sim_random(sim, 4))
		grow_records(sim, h);
	h->tcb.rcv_full = sim->point.buffer;
	h->tcb.rcv_space = used < sim->point.buffer ?
			   sim->point.buffer - used : 0;
}

/* A connection in CLOSED, as the host's settings want it */
void xtcp_sim_host_open(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_tcb *t = &h->tcb;
	u16 mss = t->mss, adv_mss = t->adv_mss;
	const struct xtcp_opts opts = t->opts;
	bool nodelay = t->nodelay;
	bool interactive = t->interactive;

	xtcp_user_init(t, &sim->params);
	t->mss = mss;
	t->adv_mss = adv_mss;
	t->default_mss = 536;
	t->opts = opts;
	t->nodelay = nodelay;
	t->interactive = interactive;
	t->cong.ops = h->cong;
	t->pace.asked = h->pace_max;
	t->pace.max = h->pace_max;
	t->ts.offset = h->ts_offset;
	t->rcv_wscale = xtcp_window_scale(sim->point.buffer);
	xtcp_sim_host_space(sim, h);
}

/* The user writes before there is a connection, and the SYN takes it along */
static void write_early(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			struct xtcp_fastopen_offer *offer)
{
	struct xtcp_fastopen_peer peer = {
		.cookie = { .len = 8 }, .mss = h->tcb.mss,
	};
	u32 most;

	xtcp_fastopen_choose(&h->tcb, offer, &peer, false, sim->now);
	most = min_t(u32, offer->room, min_t(u32, h->tx_total, sim->point.buffer));
	h->written = xtcp_sim_random(sim, most + 1);
	h->in_syn = h->written;
	xtcp_user_write(&h->tcb, h->written);
	h->tcb.offer = offer;
}

/* Active open */
void xtcp_sim_host_connect(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_fastopen_offer offer;
	struct xtcp_act act;

	xtcp_act_init(&act);
	xtcp_sim_host_open(sim, h);
	xtcp_user_connect(&h->tcb, h->iss, &act);
	h->stage = XTCP_SIM_CONN;
	h->due = 0;
	xtcp_sim_host_apply(sim, h, &act, NULL);
	if (h->fast)
		write_early(sim, h, &offer);
	xtcp_sim_host_push(sim, h);
	h->tcb.offer = NULL;
}

static void node_free(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		      struct xtcp_rnode *n)
{
	struct xtcp_sim_node *node = (struct xtcp_sim_node *)n;

	h->kept--;
	xtcp_sim_put(&sim->pool, node, sizeof(*node) + node->len);
}

/* Frees what waits for reassembly */
void xtcp_sim_host_purge(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_recs *r = &h->tcb.rec;
	struct xtcp_rnode *n;

	while ((n = xtcp_reasm_drop_last(&h->tcb.reasm)))
		node_free(sim, h, n);
	if (r->more)
		xtcp_sim_put(&sim->pool, r->more, r->cap * sizeof(*r->more));
	r->more = NULL;
}

static void deliver(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		    const u8 *data, u32 len)
{
	u32 from = !h->id;

	if (len > sim->host[from].tx_total - h->delivered)
		xtcp_sim_fail(sim, "more was delivered than was ever sent");
	else if (!xtcp_sim_stream_match(sim, from, h->delivered, data, len))
		xtcp_sim_fail(sim, "what was delivered is not what was sent");
	h->delivered += len;
}

static void take_ready(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		       struct xtcp_act *act)
{
	struct xtcp_rnode *n, *next;

	for (n = act->ready; n; n = next) {
		struct xtcp_sim_node *node = (struct xtcp_sim_node *)n;

		next = n->next;
		if (n->seq - node->seq > node->len ||
		    n->end - node->seq > node->len)
			xtcp_sim_fail(sim, "a node left its own payload");
		else
			deliver(sim, h, node->data + (n->seq - node->seq),
				n->end - n->seq);
		node_free(sim, h, n);
	}
	for (n = act->dead; n; n = next) {
		next = n->next;
		node_free(sim, h, n);
	}
}

static void end(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		struct xtcp_act *act)
{
	xtcp_sim_host_purge(sim, h);
	h->stage = XTCP_SIM_GONE;
	h->err = act->err;
}

/**
 * xtcp_sim_host_apply - carry out what the core decided
 * @sim: the network
 * @h: the host
 * @act: the decisions
 * @data: the payload of the segment that they are about, or NULL
 */
void xtcp_sim_host_apply(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 struct xtcp_act *act, const u8 *data)
{
	u32 i;

	xtcp_sim_check_steps(sim, h, act);
	for (i = 0; i < XTCP_EV_BITS; i++)
		sim->events[i] += act->events >> i & 1;
	sim->drops[act->drop]++;
	if (act->flags & XTCP_ACT_DELIVER)
		deliver(sim, h, data + act->rx_skip, act->rx_len);
	take_ready(sim, h, act);
	if (act->flags & XTCP_ACT_CONNECTED)
		h->up = true;
	if (act->flags & XTCP_ACT_FIN)
		h->eof = true;
	if (act->flags & XTCP_ACT_URGENT)
		h->pressing = h->tcb.rcv_up - h->tcb.irs;
	if (act->flags & XTCP_ACT_ACKED)
		h->acked = min_t(u32, h->tcb.snd_una - h->tcb.iss - 1,
				 h->written);
	if (act->flags & XTCP_ACT_REPLY) {
		if (h->stage == XTCP_SIM_CONN)
			xtcp_output_stamp(&h->tcb, sim->now, &act->reply);
		xtcp_sim_link_send(sim, h, &act->reply);
	}
	if (act->flags & XTCP_ACT_TOO_BIG)
		xtcp_user_set_mss(&h->tcb, xtcp_pmtu_overdue(&h->tcb));
	if (act->flags & XTCP_ACT_CLOSED)
		end(sim, h, act);
}

/* Cuts a proposal into segments, as late as a device would */
static void send_cut(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		     const struct xtcp_seg *whole)
{
	u32 most = whole->kind == XTCP_TX_MTU ? whole->len : h->tcb.mss;
	struct xtcp_seg seg = *whole;
	u32 left = whole->len;

	do {
		seg.len = min_t(u32, left, most);
		left -= seg.len;
		seg.flags = whole->flags;
		if (left)
			seg.flags &= ~(XTCP_FIN | XTCP_PSH);
		if (seg.seq != whole->seq)
			seg.flags &= ~XTCP_CWR;
		xtcp_sim_link_send(sim, h, &seg);
		seg.seq += seg.len;
	} while (left);
}

/*
 * How much is below the socket, without looking: what is outstanding may still be
 * there for a while, but not if it is one segment
 */
static void look_below(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_tcb *t = &h->tcb;

	if (h->crowded_until && sim->now >= h->crowded_until)
		h->crowded_until = 0;
	else if (!h->crowded_until && !xtcp_sim_random(sim, 4))
		h->crowded_until = sim->now + 1 +
				   xtcp_sim_random(sim, 20 * XTCP_USEC_PER_MSEC);
	t->below = XTCP_BELOW_ROOM;
	if (h->crowded_until && t->snd_nxt - t->snd_una > t->mss)
		t->below = XTCP_BELOW_FULL + xtcp_sim_random(sim, 2);
}

/**
 * xtcp_sim_host_push - send all that is due, and hand over to TIME-WAIT
 * @sim: the network
 * @h: the host
 */
void xtcp_sim_host_push(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	u32 max = max_t(u32, sim->burst, h->tcb.mss), n = 0;
	struct xtcp_seg seg;

	if (h->stage != XTCP_SIM_CONN)
		return;
	xtcp_sim_host_space(sim, h);
	if (h->crowded)
		look_below(sim, h);
	while (xtcp_output_next(&h->tcb, sim->now, max, &seg)) {
		if (xtcp_sim_random(sim, 1000) < sim->send_fail) {
			xtcp_output_failed(&h->tcb, sim->now);
			break;
		}
		send_cut(sim, h, &seg);
		xtcp_output_commit(&h->tcb, &seg, sim->now);
		if (++n > PROPOSALS_MAX) {
			xtcp_sim_fail(sim, "proposals without end");
			break;
		}
	}
	sim->waits += h->tcb.below == XTCP_BELOW_WAITED;
	if (h->tcb.state == XTCP_TIME_WAIT) {
		xtcp_tw_init(&h->tw, &h->tcb);
		xtcp_sim_host_purge(sim, h);
		h->stage = XTCP_SIM_TIMEWAIT;
		h->due = sim->now + XTCP_TW_TIME;
	}
}

/* Does another packet arrive in the same moment? */
static bool more_at_once(const struct xtcp_sim *sim,
			 const struct xtcp_sim_host *h)
{
	return sim->nheap && sim->heap[0]->at == sim->now &&
	       sim->heap[0]->to == h->id &&
	       sim->heap[0]->kind == XTCP_SIM_SEGMENT;
}

/**
 * xtcp_sim_host_conn - a segment arrived for a host that has a TCB
 * @sim: the network
 * @h: the host
 * @seg: the segment
 * @data: its payload
 */
void xtcp_sim_host_conn(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			struct xtcp_seg *seg, const u8 *data)
{
	struct xtcp_sim_node *node = NULL;
	u32 size = sizeof(*node) + seg->len;
	bool marked = seg->ecn == XTCP_ECN_CE;
	struct xtcp_act act;

	if (xtcp_seg_span(seg) && xtcp_sim_random(sim, 1000) >= sim->node_fail)
		node = xtcp_sim_get(&sim->pool, size);
	if (node) {
		node->node.prio = xtcp_sim_random(sim, 1U << 31);
		node->seq = seg->seq + !!(seg->flags & XTCP_SYN);
		node->len = seg->len;
		node->compared = false;
		memcpy(node->data, data, seg->len);
	}
	xtcp_act_init(&act);
	xtcp_sim_host_space(sim, h);
	xtcp_input_rx(&h->tcb, seg, node ? &node->node : NULL, sim->now, &act);
	if (act.flags & XTCP_ACT_QUEUED)
		h->kept++;
	else
		xtcp_sim_put(&sim->pool, node, size);
	xtcp_sim_check_marks(h, &act, marked);
	xtcp_sim_host_apply(sim, h, &act, data);
	/* a batch of segments is acknowledged once, when all are in */
	if (!more_at_once(sim, h) || !xtcp_output_idle(&h->tcb) ||
	    h->tcb.state == XTCP_TIME_WAIT)
		xtcp_sim_host_push(sim, h);
}

static void timewait_rx(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			struct xtcp_seg *seg)
{
	enum xtcp_tw_verdict verdict;
	struct xtcp_act act;

	xtcp_act_init(&act);
	verdict = xtcp_tw_rx(&h->tw, seg, sim->now, &act);
	xtcp_sim_host_apply(sim, h, &act, NULL);
	if (verdict == XTCP_TW_RESTART)
		h->due = sim->now + XTCP_TW_TIME;
	else if (verdict == XTCP_TW_SYN)
		xtcp_sim_fail(sim, "a new incarnation, which nobody asked for");
}

static void no_conn_rx(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		       struct xtcp_seg *seg)
{
	struct xtcp_seg out;

	if (xtcp_reply_rst(&out, seg))
		xtcp_sim_link_send(sim, h, &out);
}

static void too_big(struct xtcp_sim *sim, struct xtcp_sim_host *h, u32 seq)
{
	struct xtcp_tcb *t = &h->tcb;

	u32 size = sim->mtu + xtcp_tcb_opt_room(t);

	/* as the shell does: only for what is outstanding */
	if (h->stage != XTCP_SIM_CONN || !xtcp_user_outstanding(t, seq) ||
	    !xtcp_pmtu_too_big(t, seq, size))
		return;
	xtcp_sim_note(sim, h, XTCP_SIM_MTU, NULL, sim->mtu, t->mss);
	xtcp_user_set_mss(t, size);
	xtcp_sim_host_push(sim, h);
}

/**
 * xtcp_sim_host_rx - a packet has arrived
 * @sim: the network
 * @pkt: the packet, which stays the caller's
 */
void xtcp_sim_host_rx(struct xtcp_sim *sim, struct xtcp_sim_pkt *pkt)
{
	struct xtcp_sim_host *h = &sim->host[pkt->to];
	struct xtcp_seg seg;
	const u8 *data;

	if (pkt->kind == XTCP_SIM_TOO_BIG) {
		too_big(sim, h, pkt->check);
		return;
	}
	if (!xtcp_sim_link_open(sim, pkt, &seg))
		return;
	data = pkt->data + seg.hlen;
	xtcp_sim_note(sim, h, XTCP_SIM_ARRIVED, &seg, 0, 0);
	xtcp_sim_check_arrived(sim, h, &seg);
	switch (h->stage) {
	case XTCP_SIM_LISTENING:
		xtcp_sim_passive_listen(sim, h, &seg, data);
		break;
	case XTCP_SIM_REQUEST:
		xtcp_sim_passive_request(sim, h, &seg, data);
		break;
	case XTCP_SIM_CONN:
		xtcp_sim_host_conn(sim, h, &seg, data);
		break;
	case XTCP_SIM_TIMEWAIT:
		timewait_rx(sim, h, &seg);
		break;
	default:
		no_conn_rx(sim, h, &seg);
		break;
	}
}

/* The host's next deadline, or 0 */
u64 xtcp_sim_host_next(const struct xtcp_sim_host *h)
{
	u64 due = h->due, pace = h->tcb.deadline[XTCP_TIMER_PACE];

	if (h->stage != XTCP_SIM_CONN)
		return due;
	due = xtcp_timer_next(&h->tcb);
	if (h->tcb.below == XTCP_BELOW_WAITED && h->crowded_until)
		due = due ? min_t(u64, due, h->crowded_until) : h->crowded_until;
	return pace && (!due || pace < due) ? pace : due;
}

/**
 * xtcp_sim_host_timer - the host's next deadline has come
 * @sim: the network
 * @h: the host
 */
void xtcp_sim_host_timer(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_act act;

	xtcp_sim_note(sim, h, XTCP_SIM_TIMER, NULL, h->stage, h->tcb.tries);
	switch (h->stage) {
	case XTCP_SIM_IDLE:
		xtcp_sim_host_connect(sim, h);
		break;
	case XTCP_SIM_REQUEST:
		xtcp_sim_passive_timer(sim, h);
		break;
	case XTCP_SIM_CONN:
		xtcp_act_init(&act);
		xtcp_timer_expire(&h->tcb, sim->now, &act);
		xtcp_sim_host_apply(sim, h, &act, NULL);
		xtcp_sim_host_push(sim, h);
		break;
	default:
		h->due = 0;
		h->stage = XTCP_SIM_GONE;
		break;
	}
}
