// SPDX-License-Identifier: GPL-2.0
/*
 * A fuzzer of the core: octets that are mostly almost right, parsed by wire.c and
 * given to a connection, a request or a TIME-WAIT record in any state, between any
 * calls of the user and any expiries, with allocations that fail. After each event
 * the invariants of check.c must hold, and what is said below of the window, of
 * what was delivered and of what was dropped. Meant for ASan and UBSan.
 *
 *   fuzz [--seed N] [--events N]
 *
 * A failure prints the seed of its connection; --seed repeats it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "../core/below.h"
#include "../core/fastopen.h"
#include "../core/input.h"
#include "../core/keepalive.h"
#include "../core/output.h"
#include "../core/reply.h"
#include "../core/seq.h"
#include "../core/timer.h"
#include "../core/tw.h"
#include "../core/urgent.h"
#include "../core/user.h"
#include "../core/window.h"
#include "../core/wire.h"
#include "platform.h"

#define SPACE 65536
#define EVENTS_EACH 400		/* a connection's life, at most */
#define PROPOSALS_MAX 20000
#define SEGMENT_MAX 3000	/* octets, mostly */

enum stage { CONN, REQUEST, TIMEWAIT, GONE };

/**
 * struct fuzz - one connection and what is known of it by other means
 * @delivered: the stream's octet that the user gets next
 * @adv: the highest right edge that the peer was ever told
 * @right: the highest octet that the peer ever allowed to be sent
 * @nodes: nodes that the core holds
 * @space: most octets that can be stored; little, so that a window fills
 */
struct fuzz {
	struct xtcp_tcb tcb;
	struct xtcp_req req;
	struct xtcp_tw tw;
	struct xtcp_params params;
	struct xtcp_act act;
	enum stage stage;
	u64 rng, seed, now;
	u32 delivered, una, adv, right;
	u32 nodes, events, space;
	bool synced;
	u8 state;
};

static u64 total, visited[XTCP_STATES], drops[XTCP_DROP_MAX];
static u32 edges[XTCP_STATES];

static u32 rnd(struct fuzz *f, u32 below)
{
	f->rng ^= f->rng << 13;
	f->rng ^= f->rng >> 7;
	f->rng ^= f->rng << 17;
	return (u32)(f->rng >> 32) % below;
}

static u32 rnd32(struct fuzz *f)
{
	return rnd(f, 65536) << 16 | rnd(f, 65536);
}

static void fail(const struct fuzz *f, const char *fmt, ...)
{
	va_list ap;

	printf("# FAILED: seed %llu, event %u, %s: ", (unsigned long long)f->seed,
	       f->events, xtcp_state_name(f->tcb.state));
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\nnot ok 1 fuzz\n1..1\n");
	fflush(stdout);
	abort();
}

/* A number near one of @n that matter, or any */
static u32 near(struct fuzz *f, const u32 *of, u32 n)
{
	static const u32 off[] = {
		0, 0, 0, 0, 1, 2, 3, 100, 1000, 1460, 65535, 65536, 0x7fffffff,
		0x80000000, 0x80000001, -1, -2, -100, -1460, -65535, -65536,
	};

	if (!rnd(f, 20))
		return rnd32(f);
	return of[rnd(f, n)] + (rnd(f, 3) ? off[rnd(f, ARRAY_SIZE(off))] :
				rnd(f, 4000) - 1000);
}

/* --- what the core says is carried out, and looked at */

static void take(struct fuzz *f, u32 seq, u32 end)
{
	if (seq != f->delivered)
		fail(f, "octet %u delivered where %u was next", seq, f->delivered);
	if (seq_gt(end, f->adv))
		fail(f, "delivered up to %u, the window ends at %u", end, f->adv);
	f->delivered = end;
}

static void take_nodes(struct fuzz *f)
{
	struct xtcp_rnode *n, *next;

	for (n = f->act.ready; n; n = next) {
		next = n->next;
		take(f, n->seq, n->end);
		free(n);
		f->nodes--;
	}
	for (n = f->act.dead; n; n = next) {
		next = n->next;
		free(n);
		f->nodes--;
	}
}

static void purge(struct fuzz *f)
{
	struct xtcp_rnode *n;

	free(f->tcb.rec.more);
	f->tcb.rec.more = NULL;
	while ((n = xtcp_reasm_drop_last(&f->tcb.reasm))) {
		free(n);
		f->nodes--;
	}
	if (f->nodes)
		fail(f, "%u nodes are lost", f->nodes);
}

static void look_at_steps(struct fuzz *f)
{
	u32 i;

	for (i = 0; i < f->act.nsteps; i++) {
		u32 from = f->act.steps[i] >> 4, to = f->act.steps[i] & 15;

		if (from != f->state)
			fail(f, "left %s, which it was not in", xtcp_state_name(from));
		if (!xtcp_state_allowed(from, to))
			fail(f, "figure 5 does not lead to %s", xtcp_state_name(to));
		edges[from] |= 1U << to;
		f->state = to;
		visited[to]++;
	}
	if (f->stage == CONN && f->state != f->tcb.state)
		fail(f, "a change of state that nobody was told of");
	if (f->stage == CONN && f->tcb.state == XTCP_CLOSED &&
	    !(f->act.flags & XTCP_ACT_CLOSED))
		fail(f, "closed, and nobody was told");
}

/* What came of the last event but for payload, and what is sent because of it */
static void apply(struct fuzz *f)
{
	struct xtcp_tcb *t = &f->tcb;

	drops[f->act.drop]++;
	look_at_steps(f);
	take_nodes(f);
	if (f->act.flags & XTCP_ACT_REPLY) {
		u8 hdr[XTCP_WIRE_HLEN_MAX];

		xtcp_wire_build(&f->act.reply, hdr);
	}
	if (f->act.flags & XTCP_ACT_TOO_BIG)
		xtcp_user_set_mss(t, xtcp_pmtu_overdue(t));
	if (f->act.flags & XTCP_ACT_CLOSED) {
		purge(f);
		f->stage = GONE;
	}
	if (f->stage != CONN || t->state == XTCP_SYN_SENT)
		return;
	if (!f->synced) {
		f->synced = true;
		f->una = t->snd_una;
		f->right = t->iss + 1 + t->snd_wnd;
	}
	if (seq_lt(t->snd_una, f->una))
		fail(f, "SND.UNA moved left");
	f->una = t->snd_una;
	f->right = seq_max(f->right, t->snd_una + t->snd_wnd);
	if (seq_lt(t->rcv_adv, f->adv))
		fail(f, "the window's edge moved left");
	f->adv = t->rcv_adv;
}

static void look_at_output(struct fuzz *f, const struct xtcp_seg *seg)
{
	const struct xtcp_tcb *t = &f->tcb;
	u8 hdr[XTCP_WIRE_HLEN_MAX];
	struct xtcp_seg back;

	xtcp_wire_build(seg, hdr);
	if (xtcp_wire_parse(&back, hdr, sizeof(hdr), seg->hlen + seg->len) ||
	    back.len != seg->len || back.seq != seg->seq || back.bad_opts)
		fail(f, "it sends what it cannot read");
	if (seg->flags & XTCP_SYN || t->state == XTCP_SYN_SENT)
		return;
	if (seg->flags & XTCP_URG && (back.up != seg->up || !seg->up))
		fail(f, "an urgent pointer of %u is %u", seg->up, back.up);
	if (seg->flags & XTCP_URG && seg->len > t->mss && seg->kind != XTCP_TX_MTU)
		fail(f, "one pointer for many segments");
	if (seg->len && seg->kind != XTCP_TX_PROBE &&
	    seq_gt(seg->seq + seg->len, f->right))
		fail(f, "%u octets at %u, the peer's window ends at %u", seg->len,
		     seg->seq, f->right);
	if (seg->len && seq_lt(seg->seq, t->snd_una) && seg->kind != XTCP_TX_PROBE)
		fail(f, "it sends again what was acknowledged");
	if (seq_gt(seg->seq + xtcp_seg_span(seg), t->snd_end + t->fin_queued))
		fail(f, "it sends up to %u, %u was written",
		     seg->seq + xtcp_seg_span(seg), t->snd_end);
}

static void push(struct fuzz *f)
{
	struct xtcp_tcb *t = &f->tcb;
	const char *why;
	struct xtcp_seg seg;
	u32 n = 0;

	if (f->stage != CONN)
		return;
	t->below = rnd(f, 8) ? XTCP_BELOW_ROOM :
			       xtcp_below_judge(t, rnd(f, 100000), 2 * t->mss,
						20000, 10);
	while (xtcp_output_next(t, f->now, rnd(f, 2) ? 65000 : t->mss, &seg)) {
		if (!rnd(f, 30)) {
			xtcp_output_failed(t, f->now);
			break;
		}
		look_at_output(f, &seg);
		xtcp_output_commit(t, &seg, f->now);
		if (++n > PROPOSALS_MAX)
			fail(f, "proposals without end");
	}
	if (t->state == XTCP_TIME_WAIT) {
		xtcp_tw_init(&f->tw, t);
		purge(f);
		f->stage = TIMEWAIT;
		return;
	}
	if (f->synced && seq_lt(t->rcv_adv, f->adv))
		fail(f, "the window's edge moved left");
	f->adv = t->rcv_adv;
	why = xtcp_tcb_check(t);
	if (why)
		fail(f, "%s", why);
}

/* --- segments */

static u32 options(struct fuzz *f, u8 *p, u32 room)
{
	static const u8 kinds[] = { 0, 1, 2, 2, 2, 3, 3, 4, 5, 8, 19, 30, 34, 34, 255 };
	static const u8 lens[] = { 0, 1, 2, 3, 4, 4, 6, 10, 18, 40, 255 };
	u32 n = 0, i, len, stop = rnd(f, 3) ? rnd(f, room + 1) : 0;

	while (n < stop) {
		p[n] = kinds[rnd(f, sizeof(kinds))];
		if (p[n++] < 2 || n == stop)
			continue;
		len = p[n - 1] == 2 && rnd(f, 3) ? 4 : p[n - 1] == 3 && rnd(f, 3) ?
		      3 : lens[rnd(f, sizeof(lens))];
		p[n++] = len;
		for (i = 2; i < len && n < stop; i++)
			p[n++] = rnd(f, 256);
	}
	for (; n & 3; n++)
		p[n] = 1;
	return n;
}

static void put(u8 *p, u32 v, u32 bytes)
{
	while (bytes--) {
		p[bytes] = v;
		v >>= 8;
	}
}

static u8 some_flags(struct fuzz *f)
{
	static const u8 usual[] = {
		XTCP_ACK, XTCP_ACK, XTCP_ACK, XTCP_ACK | XTCP_PSH, XTCP_ACK,
		XTCP_ACK | XTCP_FIN, XTCP_SYN, XTCP_SYN | XTCP_ACK,
		XTCP_ACK | XTCP_URG, 0, XTCP_FIN,
	};

	if (!rnd(f, 12))
		return rnd(f, 64);
	if (!rnd(f, 40))
		return XTCP_RST | (rnd(f, 2) ? XTCP_ACK : 0);
	return usual[rnd(f, sizeof(usual))];
}

/* Timestamps that may be sound. Return: their octets */
static u32 stamp(struct fuzz *f, u8 *p)
{
	const struct xtcp_ts *ts = f->stage == REQUEST ? &f->req.ts :
				   f->stage == TIMEWAIT ? &f->tw.ts : &f->tcb.ts;
	u32 vals[] = { ts->recent, ts->recent, ts->recent + 1 };
	u32 ecrs[] = { xtcp_ts_clock(ts, f->now) };

	if (!rnd(f, 4))
		return 0;
	put(p, 0x0101080a, 4);
	put(p + 4, near(f, vals, ARRAY_SIZE(vals)), 4);
	put(p + 8, near(f, ecrs, 1), 4);
	return 12;
}

/* Octets of a segment, in memory that ends where they do. Return: how many */
static u32 make(struct fuzz *f, u8 **out)
{
	static const u32 lens[] = {
		0, 0, 0, 0, 1, 2, 10, 100, 536, 1000, 1460, SEGMENT_MAX, 9000, 65515,
	};
	static const u16 wnds[] = { 0, 0, 1, 2, 100, 536, 1460, 32768, 65534, 65535 };
	const struct xtcp_tcb *t = &f->tcb;
	u32 seqs[] = { t->rcv_nxt, t->rcv_nxt, t->rcv_nxt, t->rcv_adv, t->rcv_acked,
		       t->irs, f->delivered, t->rcv_nxt + 1000 };
	u32 acks[] = { t->snd_una, t->snd_nxt, t->snd_nxt, t->snd_end, t->iss,
		       t->snd_una + (t->snd_nxt - t->snd_una) / 2 };
	u32 len = lens[rnd(f, rnd(f, 8) ? ARRAY_SIZE(lens) - 3 : ARRAY_SIZE(lens))];
	u8 hdr[XTCP_WIRE_HLEN_MAX] = { 0 };
	u32 hlen, n;

	if (f->stage == REQUEST) {
		seqs[0] = f->req.irs + 1;
		acks[0] = f->req.iss + 1;
	} else if (f->stage == TIMEWAIT) {
		seqs[0] = f->tw.rcv_nxt;
	}
	put(hdr + 4, near(f, seqs, ARRAY_SIZE(seqs)), 4);
	put(hdr + 8, near(f, acks, ARRAY_SIZE(acks)), 4);
	hlen = XTCP_WIRE_HLEN + stamp(f, hdr + XTCP_WIRE_HLEN);
	if (f->stage == CONN && hlen == XTCP_WIRE_HLEN && rnd(f, 2)) {
		u32 ends[] = { t->snd_una, t->snd_una + 100, t->snd_nxt,
			       t->snd_una + (t->snd_nxt - t->snd_una) / 3 };

		put(hdr + hlen, 0x01010512, 4);
		for (n = 0; n < 4; n++)
			put(hdr + hlen + 4 + 4 * n, near(f, ends, 4), 4);
		hlen += 20;
	} else if (hlen == XTCP_WIRE_HLEN || !rnd(f, 4)) {
		hlen += options(f, hdr + hlen, XTCP_WIRE_HLEN_MAX - hlen);
	}
	hdr[12] = (rnd(f, 40) ? hlen / 4 : rnd(f, 16)) << 4 | rnd(f, 16);
	hdr[13] = some_flags(f) | rnd(f, 4) << 6;
	put(hdr + 14, rnd(f, 3) ? wnds[rnd(f, ARRAY_SIZE(wnds))] : rnd(f, 65536), 2);
	put(hdr + 18, rnd(f, 2) ? rnd(f, len + 2) : rnd(f, 65536), 2);
	n = rnd(f, 100) ? hlen + len : rnd(f, hlen + 1);
	*out = malloc(n + !n);
	memset(*out, 0, n);
	memcpy(*out, hdr, n < hlen ? n : hlen);
	return n;
}

/* Payload of @was was neither delivered nor kept: some counter has to say so */
static void look_at_drop(struct fuzz *f, const struct xtcp_seg *was)
{
	if (f->act.drop != XTCP_DROP_NONE ||
	    f->act.flags & (XTCP_ACT_DELIVER | XTCP_ACT_QUEUED | XTCP_ACT_FIN))
		return;
	if (was->len)
		fail(f, "%u octets were dropped in silence", was->len);
}

/* Is the urgent octet where it is said to be? What was read out may be passed soon. */
static void look_at_urgent(struct fuzz *f, const struct xtcp_seg *was)
{
	struct xtcp_tcb *t = &f->tcb;
	const struct xtcp_rnode *n;
	bool found = false;

	if (f->act.flags & XTCP_ACT_URG_OCTET &&
	    (f->act.urg_off >= was->len || t->rcv_up != was->seq + f->act.urg_off +
					   !!(was->flags & XTCP_SYN)))
		fail(f, "the urgent octet is not in the segment");
	for (n = f->act.ready; n; n = n->next)
		found |= t->rcv_up - n->seq < n->end - n->seq;
	if (f->act.flags & XTCP_ACT_URG_READY && !found)
		fail(f, "the urgent octet was not kept");
	if (f->act.flags & XTCP_ACT_URG_MOVED && !seq_gt(t->rcv_up, f->act.urg_was))
		fail(f, "the urgent pointer moved left");
	if (t->urg && t->rcv_up - f->delivered >= 0x40000000 &&
	    f->delivered - t->rcv_up >= 0x40000000)
		fail(f, "the urgent pointer is far away");
}

static void rx_conn(struct fuzz *f, struct xtcp_seg *seg)
{
	struct xtcp_rnode *node = NULL;
	struct xtcp_tcb *t = &f->tcb;
	struct xtcp_seg was = *seg;
	bool syn_sent = t->state == XTCP_SYN_SENT;
	u32 first;

	if (xtcp_seg_span(seg) && rnd(f, 10)) {
		node = malloc(sizeof(*node));
		node->prio = rnd32(f);
	}
	t->rcv_space = rnd(f, 4) ? f->space : rnd(f, f->space);
	if (xtcp_rec_wants(&t->rec, XTCP_REC_FOR_RTX) && rnd(f, 2)) {
		u32 cap = 2 * t->rec.cap;

		free(xtcp_rec_grow(&t->rec, malloc(cap * sizeof(struct xtcp_rec)),
				   cap));
	}
	xtcp_input_rx(t, seg, node, f->now, &f->act);
	if (f->act.flags & XTCP_ACT_QUEUED)
		f->nodes++;
	else
		free(node);
	if (syn_sent && t->state != XTCP_SYN_SENT && t->state != XTCP_CLOSED) {
		f->delivered = t->irs + 1;
		f->adv = t->rcv_adv;
	}
	if (f->act.flags & XTCP_ACT_DELIVER) {
		first = was.seq + !!(was.flags & XTCP_SYN) + f->act.rx_skip;
		if (f->act.rx_skip + f->act.rx_len > was.len)
			fail(f, "more was delivered than the segment has");
		take(f, first, first + f->act.rx_len);
	}
	look_at_urgent(f, &was);
	/* in SYN-SENT a SYN's payload waits for the ACK: the peer sends it again */
	if (!syn_sent)
		look_at_drop(f, &was);
	apply(f);
	if (f->stage == CONN && t->state != XTCP_SYN_SENT &&
	    t->rcv_nxt != f->delivered + !xtcp_state_in(t->state,
			XTCP_F(SYN_RECEIVED) | XTCP_F(ESTABLISHED) |
			XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2)))
		fail(f, "RCV.NXT is %u, delivered was up to %u", t->rcv_nxt,
		     f->delivered);
}

static void open_tcb(struct fuzz *f)
{
	xtcp_user_init(&f->tcb, &f->params);
	f->tcb.mss = rnd(f, 2) ? 1460 : 48 + rnd(f, 9000);
	f->tcb.adv_mss = 1460;
	f->tcb.default_mss = 536;
	f->tcb.nodelay = rnd(f, 2);
	f->tcb.opts.keepalive = rnd(f, 2);
	f->tcb.opts.cork = !rnd(f, 8);
	f->tcb.more = !rnd(f, 8);
	f->tcb.opts.user_timeout = rnd(f, 8) ? 0 : 1 + rnd(f, 100000);
	f->tcb.opts.syn_retries = rnd(f, 3);
	f->tcb.opts.linger2 = rnd(f, 8) ? rnd(f, 120) : -1;
	f->tcb.rcv_full = SPACE << rnd(f, 4);
	f->tcb.rcv_space = f->space < SPACE ? f->space : f->tcb.rcv_full;
	f->tcb.rcv_wscale = xtcp_window_scale(f->tcb.rcv_full);
	f->state = XTCP_CLOSED;
}

static void rx_request(struct fuzz *f, struct xtcp_seg *seg)
{
	enum xtcp_req_verdict verdict = xtcp_req_rx(&f->req, seg, f->now,
						    &f->act);
	struct xtcp_seg out;

	apply(f);
	if (verdict == XTCP_REQ_ABORT)
		f->stage = GONE;
	if (verdict == XTCP_REQ_AGAIN) {
		xtcp_req_synack(&f->req, f->now, &out);
		f->req.sent++;
	}
	if (verdict != XTCP_REQ_DONE)
		return;
	xtcp_act_init(&f->act);
	open_tcb(f);
	xtcp_user_accept(&f->tcb, &f->req, f->now, &f->act);
	f->stage = CONN;
	f->delivered = f->req.irs + 1;
	f->adv = f->tcb.rcv_adv;
	apply(f);
	xtcp_act_init(&f->act);
	rx_conn(f, seg);
}

static void rx_timewait(struct fuzz *f, struct xtcp_seg *seg)
{
	if (xtcp_tw_rx(&f->tw, seg, f->now, &f->act) == XTCP_TW_SYN) {
		if (rnd(f, 2))
			f->stage = GONE;
		else
			xtcp_tw_refuse(&f->tw, f->now, &f->act);
	}
	drops[f->act.drop]++;
}

static void segment(struct fuzz *f)
{
	struct xtcp_seg seg;
	u8 *octets;
	u32 n = make(f, &octets), linear = n;
	enum xtcp_wire_err err;

	/* as the shell has it, only the header may be linear */
	if (n > XTCP_WIRE_HLEN && rnd(f, 2))
		linear = min_t(u32, n, max_t(u32, XTCP_WIRE_HLEN, (octets[12] >> 4) * 4));
	err = xtcp_wire_parse(&seg, octets, linear, n);
	if (!err && seg.hlen + seg.len != n)
		fail(f, "octets went missing in the parser");
	free(octets);
	if (err)
		return;
	xtcp_act_init(&f->act);
	if (f->stage == REQUEST)
		rx_request(f, &seg);
	else if (f->stage == TIMEWAIT)
		rx_timewait(f, &seg);
	else
		rx_conn(f, &seg);
}

/* --- all that is not a segment */

static void expire(struct fuzz *f)
{
	u64 next = f->stage == CONN ? xtcp_timer_next(&f->tcb) : 0;

	f->now += rnd(f, 4) ? rnd(f, 100000) : rnd(f, 200) * XTCP_USEC_PER_SEC;
	if (!next || f->stage != CONN)
		return;
	if (rnd(f, 2))
		f->now = max_t(u64, f->now, next);
	/* early, too: the kernel's timer may be */
	xtcp_timer_expire(&f->tcb, f->now, &f->act);
	apply(f);
}

static void user(struct fuzz *f)
{
	struct xtcp_tcb *t = &f->tcb;
	u32 may_write = XTCP_F(SYN_SENT) | XTCP_F(SYN_RECEIVED) |
			XTCP_F(ESTABLISHED) | XTCP_F(CLOSE_WAIT);

	switch (rnd(f, 40)) {
	case 0:
		xtcp_user_shutdown(t, &f->act);
		break;
	case 1:
		if (t->state != XTCP_SYN_SENT) {
			xtcp_user_shutdown(t, &f->act);
			xtcp_user_orphan(t, f->now, &f->act);
		}
		break;
	case 2:
		if (!rnd(f, 20))
			xtcp_user_abort(t, &f->act);
		break;
	case 23:
		if (!t->orphan)
			xtcp_keep_set(t, rnd(f, 2), f->now);
		break;
	case 24:
		xtcp_keep_set_idle(t, 1 + rnd(f, 20));
		break;
	case 3 ... 8:
		xtcp_user_set_mss(t, 48 + rnd(f, rnd(f, 2) ? 1400 : 65000));
		break;
	case 9:
		if (xtcp_pmtu_too_big(t, t->snd_una, rnd(f, 2000)))
			xtcp_user_set_mss(t, 48 + rnd(f, 1400));
		break;
	case 10 ... 12:
		xtcp_user_unreachable(t, t->snd_una + rnd(f, 1000), EHOSTUNREACH,
				      &f->act);
		break;
	case 13 ... 22:
		t->rcv_space = rnd(f, SPACE + 1);
		xtcp_user_read(t);
		xtcp_urgent_passed(t, f->delivered);
		if (t->urg == XTCP_URG_HERE && rnd(f, 2))
			t->urg = XTCP_URG_READ;
		break;
	default:
		if (xtcp_state_in(t->state, may_write) && !t->fin_queued &&
		    t->snd_end - t->snd_una < 1000000)
			xtcp_user_write(t, 1 + rnd(f, rnd(f, 2) ? 100 : 20000));
		if (!rnd(f, 4))
			xtcp_urgent_write(t);
		break;
	}
	apply(f);
}

/* A client's SYN may have an option, and data */
static void begin_client(struct fuzz *f)
{
	struct xtcp_fastopen_offer offer = { .option = rnd(f, 4), .room = rnd(f, 500) };

	xtcp_user_connect(&f->tcb, rnd(f, 2) ? rnd32(f) : -rnd(f, 3000), &f->act);
	f->tcb.rcv_adv = 0;
	f->stage = CONN;
	apply(f);
	offer.cookie.len = 2 * rnd(f, 9);
	if (offer.cookie.len == 2)
		offer.cookie.len = 0;
	if (rnd(f, 2)) {
		offer.room = min_t(u32, offer.room, f->tcb.mss);
		xtcp_user_write(&f->tcb, rnd(f, 1000));
		f->tcb.offer = &offer;
	}
	push(f);
	f->tcb.offer = NULL;
}

/* A SYN with data makes a connection at once */
static void begin_child(struct fuzz *f, struct xtcp_seg *syn)
{
	f->req.sent = 0;
	xtcp_fastopen_accept(&f->tcb, &f->req, f->now, &f->act);
	f->stage = CONN;
	f->delivered = f->req.irs + 1;
	f->adv = f->tcb.rcv_adv;
	apply(f);
	xtcp_act_init(&f->act);
	syn->len = rnd(f, 1000);
	xtcp_fastopen_rx(&f->tcb, syn, NULL, f->now, &f->act);
	if (f->act.flags & XTCP_ACT_DELIVER)
		f->delivered += f->act.rx_len;
	apply(f);
	push(f);
}

static void begin(struct fuzz *f)
{
	struct xtcp_seg syn = { 0 };

	f->params.rto_min = 200 * XTCP_USEC_PER_MSEC;
	f->params.rto_max = 120 * XTCP_USEC_PER_SEC;
	f->params.delack = 40 * XTCP_USEC_PER_MSEC;
	f->params.fin_timeout = 60 * XTCP_USEC_PER_SEC;
	f->params.initial_segments = 10;
	f->params.syn_retries = 7;
	f->params.synack_retries = 5;
	f->params.retries = 15;
	f->params.retries1 = 3;
	f->params.orphan_retries = 8;
	f->params.keep_idle = 10;
	f->params.keep_interval = 1;
	f->params.keep_count = 2;
	f->params.timestamps = rnd(f, 2);
	f->params.sack = rnd(f, 2);
	f->params.dsack = rnd(f, 2);
	f->params.rack = rnd(f, 2);
	f->params.tlp = rnd(f, 2);
	f->params.frto = rnd(f, 2);
	f->params.mtu_probing = rnd(f, 3);
	f->params.mtu_interval = rnd(f, 20);
	f->params.base_mss = rnd(f, 1500);
	f->params.min_mss = 48;
	f->params.mtu_threshold = rnd(f, 20);
	f->params.mtu_floor = 48;
	f->now = 1 + rnd(f, 1000000);
	f->space = rnd(f, 8) ? SPACE : 1 + rnd(f, 3000);
	xtcp_act_init(&f->act);
	open_tcb(f);
	if (rnd(f, 2)) {
		begin_client(f);
		return;
	}
	syn.seq = rnd(f, 2) ? rnd32(f) : -rnd(f, 3000);
	syn.wnd = rnd(f, 65536);
	syn.mss = rnd(f, 65536);
	syn.wscale = rnd(f, 15);
	syn.opts = rnd(f, 16);
	syn.ts_val = rnd32(f);
	xtcp_req_init(&f->req, &syn, rnd32(f), f->space, SPACE, 1460, 536);
	xtcp_req_options(&f->req, &syn, &f->params, rnd32(f), f->now);
	if (!rnd(f, 3)) {
		begin_child(f, &syn);
		return;
	}
	f->req.sent = 1 + rnd(f, 2);
	f->req.time = f->now;
	f->stage = REQUEST;
}

/* Return: events that it lived through */
static u32 life(u64 seed)
{
	struct fuzz *f = calloc(1, sizeof(*f));
	u32 n;

	f->seed = seed;
	f->rng = (seed + 1) * 0x9e3779b97f4a7c15ULL;
	begin(f);
	while (f->stage != GONE && f->events++ < EVENTS_EACH) {
		u32 dice = rnd(f, 10);

		xtcp_act_init(&f->act);
		if (dice < 7)
			segment(f);
		else if (dice < 8)
			expire(f);
		else if (f->stage == CONN)
			user(f);
		/* what a batch has in it is answered at its end */
		if (f->stage == CONN && (f->tcb.state == XTCP_TIME_WAIT || rnd(f, 4)))
			push(f);
	}
	purge(f);
	n = f->events;
	free(f);
	return n;
}

int main(int argc, char **argv)
{
	u64 seed = 1, events = 2000000, one = 0;
	u32 i, from;
	bool ok = true;

	for (i = 1; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--seed"))
			one = strtoull(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--events"))
			events = strtoull(argv[i + 1], NULL, 0);
		else
			return 2;
	}
	if (one) {
		life(one);
		return 0;
	}
	for (; total < events; seed++)
		total += life(seed);
	printf("ok 1 fuzz: %llu events in %llu connections\n",
	       (unsigned long long)total, (unsigned long long)seed - 1);
	/* it is worth its time only if it goes everywhere */
	for (from = 1; from < XTCP_STATES; from++)
		if (from != XTCP_LISTEN && !visited[from]) {
			printf("# never in %s\n", xtcp_state_name(from));
			ok = false;
		}
	printf("%sok 2 fuzz: every state was entered\n", ok ? "" : "not ");
	for (i = 1, ok = true; i < XTCP_DROP_MAX; i++)
		if (i != XTCP_DROP_CLOSED && !drops[i]) {
			printf("# never dropped for reason %u\n", i);
			ok = false;
		}
	printf("%sok 3 fuzz: every reason to drop was met\n1..3\n", ok ? "" : "not ");
	return !ok;
}
