// SPDX-License-Identifier: GPL-2.0
/*
 * The passive side of the handshake, as the shell's listen.c and cookie.c have it:
 * a request that is kept, and may wait for data, or a cookie instead of one.
 */
#include "../core/cookie.h"
#include "../core/ecn.h"
#include "../core/fastopen.h"
#include "../core/user.h"
#include "sim.h"

#define SYNACK_TIMEOUT (1 * XTCP_USEC_PER_SEC)
#define DEFAULT_MSS 536

static void send_synack(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_seg out;

	xtcp_req_synack(&h->req, sim->now, &out);
	xtcp_sim_link_send(sim, h, &out);
	if (!h->req.sent)
		h->req.time = sim->now;
	h->req.sent++;
}

/* What was a request is a connection from now on */
static void become(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		   void (*accept)(struct xtcp_tcb *tcb,
				  const struct xtcp_req *req, u64 now,
				  struct xtcp_act *act))
{
	struct xtcp_act act;

	xtcp_act_init(&act);
	xtcp_sim_host_open(sim, h);
	accept(&h->tcb, &h->req, sim->now, &act);
	h->stage = XTCP_SIM_CONN;
	h->due = 0;
	xtcp_sim_host_apply(sim, h, &act, NULL);
}

/* A SYN with a cookie: there is a connection before its handshake ends */
static void accept_early(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 struct xtcp_seg *seg, const u8 *data)
{
	struct xtcp_act act;

	become(sim, h, xtcp_fastopen_accept);
	xtcp_act_init(&act);
	xtcp_fastopen_rx(&h->tcb, seg, NULL, sim->now, &act);
	xtcp_sim_host_apply(sim, h, &act, data);
	xtcp_sim_host_push(sim, h);
}

static void fill_request(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 const struct xtcp_seg *syn)
{
	xtcp_req_init(&h->req, syn, h->iss, sim->point.buffer,
		      sim->point.buffer, h->tcb.adv_mss, DEFAULT_MSS);
	xtcp_req_options(&h->req, syn, &sim->params, h->ts_offset, sim->now);
	if (h->cong->marked)
		xtcp_req_exact(&h->req, syn);
}

/* The seed is the key */
static u32 cookie(const struct xtcp_sim *sim, u32 irs, u32 period, u32 mss)
{
	u64 x = sim->seed ^ irs ^ (u64)period << 35 ^ (u64)mss << 32;

	x *= 0x9e3779b97f4a7c15ULL;
	x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ULL;
	return xtcp_cookie_iss(x >> 32, mss);
}

/* Answers a SYN and forgets it */
static void send_cookie(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			const struct xtcp_seg *seg)
{
	struct xtcp_seg syn = *seg, out;

	xtcp_cookie_limit(&syn, &sim->params);
	h->iss = cookie(sim, syn.seq, xtcp_cookie_period(sim->now),
			xtcp_cookie_mss(&syn, DEFAULT_MSS));
	/* what check.c keeps counts from the ISS, which is another now */
	h->seen_up = false;
	h->wire_up = false;
	xtcp_sim_check_arrived(sim, h, seg);
	h->cookie_irs = syn.seq;
	h->cookie_at = sim->now;

	fill_request(sim, h, &syn);
	xtcp_req_synack(&h->req, sim->now, &out);
	if (h->req.ecn_ok)
		syn.ecn = XTCP_ECN_NONE;
	else
		syn.flags &= ~XTCP_ECN_SETUP;
	if (h->req.ts.ok)
		out.ts_val = xtcp_cookie_ts(&syn, out.ts_val);
	xtcp_sim_link_send(sim, h, &out);
	memset(&h->req, 0, sizeof(h->req));
}

static bool cookie_good(const struct xtcp_sim *sim, const struct xtcp_seg *ack)
{
	u32 iss = ack->ack - 1, mss = iss & XTCP_COOKIE_MSS_MASK;
	u32 period = xtcp_cookie_period(sim->now);

	return iss == cookie(sim, ack->seq - 1, period, mss) ||
	       iss == cookie(sim, ack->seq - 1, period - 1, mss);
}

/*
 * An ACK without a request is refused if it is not the first of its connection, that
 * being lost, or overtaken; and once its cookie is old. The client is reset then, and
 * what the two have of each other is anybody's guess.
 */
static void refuse(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		   const struct xtcp_seg *ack)
{
	bool old = sim->now - h->cookie_at >= XTCP_COOKIE_PERIOD;

	if (sim->clean || (ack->seq == h->cookie_irs + 1 &&
			   ack->ack == h->iss + 1 && !old))
		xtcp_sim_fail(sim, "a good cookie was refused");
	h->refused = true;
	sim->refused++;
}

/* The ACK of a SYN-ACK that was a cookie brings the request back */
static void rx_cookie(struct xtcp_sim *sim, struct xtcp_sim_host *h,
		      struct xtcp_seg *seg, const u8 *data)
{
	struct xtcp_seg syn;

	sim->cookies++;
	sim->cookies_ts += !!(seg->opts & XTCP_HAS_TS);
	xtcp_cookie_syn(&syn, seg);
	xtcp_cookie_limit(&syn, &sim->params);
	h->iss = seg->ack - 1;
	fill_request(sim, h, &syn);
	h->defer = 0;		/* what waited would be forgotten */
	xtcp_sim_passive_request(sim, h, seg, data);
}

/**
 * xtcp_sim_passive_listen - a segment arrived for a listener
 * @sim: the network
 * @h: the host
 * @seg: the segment
 * @data: its payload
 */
void xtcp_sim_passive_listen(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			     struct xtcp_seg *seg, const u8 *data)
{
	bool ack = (seg->flags & (XTCP_SYN | XTCP_ACK | XTCP_RST)) == XTCP_ACK;
	struct xtcp_act act;

	if (h->cookies && ack) {
		if (cookie_good(sim, seg)) {
			rx_cookie(sim, h, seg, data);
			return;
		}
		refuse(sim, h, seg);
	}
	xtcp_act_init(&act);
	if (xtcp_req_listen(seg, &act) == XTCP_LISTEN_SYN) {
		if (h->cookies) {
			send_cookie(sim, h, seg);
			return;
		}
		fill_request(sim, h, seg);
		if (h->fast && seg->opts & XTCP_HAS_FASTOPEN) {
			accept_early(sim, h, seg, data);
			return;
		}
		h->stage = XTCP_SIM_REQUEST;
		h->req_timeouts = 0;
		h->req_acked = false;
		h->due = sim->now + SYNACK_TIMEOUT;
		send_synack(sim, h);
	}
	xtcp_sim_host_apply(sim, h, &act, NULL);
}

/**
 * xtcp_sim_passive_request - a segment arrived for a request
 * @sim: the network
 * @h: the host
 * @seg: the segment
 * @data: its payload
 */
void xtcp_sim_passive_request(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			      struct xtcp_seg *seg, const u8 *data)
{
	enum xtcp_req_verdict verdict;
	struct xtcp_act act;

	xtcp_act_init(&act);
	verdict = xtcp_req_rx(&h->req, seg, sim->now, &act);
	xtcp_sim_host_apply(sim, h, &act, NULL);
	if (verdict == XTCP_REQ_AGAIN) {
		send_synack(sim, h);
	} else if (verdict == XTCP_REQ_ABORT) {
		h->stage = XTCP_SIM_LISTENING;
		h->due = 0;
	} else if (verdict == XTCP_REQ_DONE) {
		if (h->req_timeouts < h->defer && !xtcp_seg_span(seg)) {
			xtcp_req_defer(&h->req, seg, sim->now);
			h->req_acked = true;
			return;
		}
		sim->deferred += h->req_acked && xtcp_seg_span(seg);
		sim->in_vain += h->req_acked && !xtcp_seg_span(seg);
		become(sim, h, xtcp_user_accept);
		xtcp_sim_host_conn(sim, h, seg, data);
	}
}

/**
 * xtcp_sim_passive_timer - the SYN-ACK goes out again, unless data is waited for
 * @sim: the network
 * @h: the host
 */
void xtcp_sim_passive_timer(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	h->req_timeouts++;
	h->due = sim->now + (SYNACK_TIMEOUT << min_t(u32, h->req_timeouts, 6));
	if (!h->req_acked || h->req_timeouts >= h->defer)
		send_synack(sim, h);
}
