// SPDX-License-Identifier: GPL-2.0
/*
 * What to send next, and whether now: lost data first, then new data as far as
 * the peer's window, the congestion window, Nagle's algorithm and silly window
 * avoidance let it (RFC 9293 3.8.6.2.1, 3.7.4), then a probe, then a bare ACK.
 *
 * A proposal may span many MSS; the shell cuts it into segments as late as it
 * can. Nothing has happened until xtcp_output_commit().
 */
#include "output.h"
#include "below.h"
#include "ecn.h"
#include "fastopen.h"
#include "frto.h"
#include "limit.h"
#include "pmtu.h"
#include "pace.h"
#include "quick.h"
#include "rtt.h"
#include "seq.h"
#include "timer.h"
#include "undo.h"
#include "urgent.h"
#include "window.h"
#include "wire.h"

/* What few segments say, behind one test for all of it */
static void fill_seldom(const struct xtcp_tcb *tcb, struct xtcp_seg *seg)
{
	if (tcb->ecn_exact)
		seg->ecn = XTCP_ECN_ECT0;
	if (tcb->ecn_echo)
		seg->flags |= XTCP_ECE;
	if (tcb->snd_urg)
		xtcp_urgent_stamp(tcb, seg);
}

/* The fields that every segment has in common */
static void fill(const struct xtcp_tcb *tcb, struct xtcp_seg *seg, u64 now,
		 enum xtcp_tx_kind kind, u32 seq, u32 len, u8 flags)
{
	seg->kind = kind;
	seg->seq = seq;
	seg->len = len;
	seg->flags = flags | XTCP_ACK;
	seg->ack = tcb->rcv_nxt;
	seg->wnd = xtcp_window_offer(tcb) >> tcb->rcv_wscale;
	seg->opts = 0;
	seg->ecn = XTCP_ECN_NONE;
	seg->hlen = XTCP_WIRE_HLEN;
	if (unlikely(tcb->ecn_echo | tcb->snd_urg | tcb->ecn_exact))
		fill_seldom(tcb, seg);
	if (tcb->ts.ok) {
		xtcp_ts_stamp(&tcb->ts, now, seg);
		seg->hlen = XTCP_WIRE_HLEN + XTCP_WIRE_TS_ROOM;
	}
}

static void fill_syn(const struct xtcp_tcb *tcb, struct xtcp_seg *seg, u64 now,
		     enum xtcp_tx_kind kind)
{
	fill(tcb, seg, now, kind, tcb->iss, 0, XTCP_SYN);
	if (tcb->state != XTCP_SYN_SENT) {
		if (tcb->ecn_ok)
			seg->flags |= XTCP_ECE;
	} else {
		seg->flags = XTCP_SYN;
		seg->ack = 0;
		/* a box on the way may have dropped it for that (6.1.1.1) */
		if (tcb->ecn_ok && !tcb->syn_rtx)
			seg->flags |= XTCP_ECN_SETUP;
	}
	seg->wnd = xtcp_window_syn(tcb->syn_wnd ? min_t(u32, tcb->syn_wnd,
							tcb->rcv_space) :
						  tcb->rcv_space);
	seg->opts |= XTCP_HAS_MSS;
	if (tcb->sack.ok)
		seg->opts |= XTCP_HAS_SACK_OK;
	seg->mss = tcb->adv_mss;
	if (tcb->wscale_ok) {
		seg->opts |= XTCP_HAS_WSCALE;
		seg->wscale = tcb->rcv_wscale;
	}
	/* RFC 7413 4.2.2: a SYN that is sent again has neither option nor data */
	if (tcb->offer && kind == XTCP_TX_NEW) {
		xtcp_fastopen_put(tcb->offer, seg);
		seg->len = min_t(u32, tcb->offer->room,
				 tcb->snd_end - tcb->iss - 1);
		if (seg->len)
			seg->flags |= XTCP_PSH;
	}
	/* that may have been what a box on the way disliked */
	if (kind != XTCP_TX_NEW)
		seg->ecn = XTCP_ECN_NONE;
	seg->hlen = xtcp_wire_hlen(seg);
}

static u32 cwnd_room(const struct xtcp_tcb *tcb)
{
	u32 flight = xtcp_tcb_flight(tcb);
	u32 cwnd = tcb->cong.cwnd;

	/* RFC 3042: the first two duplicate ACKs let one segment out each */
	if (!tcb->recovery && tcb->dup_acks)
		cwnd += min_t(u32, tcb->dup_acks, 2) * tcb->mss;
	return cwnd > flight ? cwnd - flight : 0;
}

static bool next_rtx(struct xtcp_tcb *tcb, u64 now, u32 max,
		     struct xtcp_seg *seg)
{
	u32 room = min_t(u32, cwnd_room(tcb), max);
	u32 seq = tcb->rtx_nxt, end = tcb->rtx_end, len;
	bool fin = false;

	if (seq == end &&
	    (likely(!tcb->rec.lost) ||
	     !xtcp_rec_lost(&tcb->rec, tcb->snd_nxt, &seq, &end)))
		return false;
	if (unlikely(tcb->frto == XTCP_FRTO_NEW) && xtcp_frto_holds(tcb))
		return false;
	if (seq == tcb->iss) {
		fill_syn(tcb, seg, now, XTCP_TX_RTX);
		return true;
	}
	if (unlikely(tcb->snd_una == tcb->iss))
		return false;		/* what the SYN had with it waits for its ACK */
	if (room < tcb->mss) {
		if (!tcb->rtx_force)
			return false;
		room = tcb->mss;
	}
	/* the peer may have shrunk its window: only the first goes beyond it */
	if (seq != tcb->snd_una && seq - tcb->snd_una >= tcb->snd_wnd)
		return false;

	if (seq_gt(end, tcb->snd_end)) {
		end = tcb->snd_end;
		fin = tcb->fin_queued;
	}
	len = end - seq;
	if (len > room) {
		len = room - room % tcb->mss;
		fin = false;
	}
	/* not what a timeout or a loss just found sends first: the ACKs' clock */
	if (unlikely(xtcp_pace_on(tcb)) && !tcb->rtx_force &&
	    xtcp_pace_holds(tcb, now))
		return false;
	if (!tcb->rtx_force && xtcp_below_holds(tcb, XTCP_BELOW_CROWDED))
		return false;
	fill(tcb, seg, now, XTCP_TX_RTX, seq, len,
	     (fin ? XTCP_FIN : 0) | (len && seq + len == tcb->snd_end ?
				     XTCP_PSH : 0));
	return true;
}

/*
 * May a segment smaller than MSS go out? Nagle's algorithm (RFC 9293 3.7.4) as
 * Minshall has it: one small segment may be unacknowledged, full ones do not
 * count. Not if the user is to fill it; the persist timer ends that wait. What is
 * urgent waits for nothing.
 */
static bool small_allowed(const struct xtcp_tcb *tcb)
{
	if (tcb->fin_queued)
		return true;
	if ((tcb->nodelay || seq_le(tcb->snd_small, tcb->snd_una)) &&
	    !tcb->more && !tcb->opts.cork)
		return true;
	return tcb->snd_urg;
}

/*
 * How much of unsent octets may go out, given the peer's window and the limit
 * set by cwnd and the shell
 */
static u32 sendable(const struct xtcp_tcb *tcb, u32 unsent, u32 wnd, u32 limit)
{
	u32 mss = tcb->mss;
	u32 len = min_t(u32, min_t(u32, unsent, wnd), limit);
	u32 tail = len % mss;

	if (!tail)
		return len;
	if (len == unsent)
		return small_allowed(tcb) ? len : len - tail;
	/* RFC 9293 3.8.6.2.1 (3): half of the largest window will do */
	if (len == tail && len == wnd && len >= tcb->snd_wnd_est / 2)
		return len;
	return len - tail;
}

static u32 peer_room(const struct xtcp_tcb *tcb)
{
	u32 used = tcb->snd_nxt - tcb->snd_una;

	return tcb->snd_wnd > used ? tcb->snd_wnd - used : 0;
}

/* The idle time after which cwnd is no longer to be trusted, RFC 5681 4.1 */
static void restart_if_idle(struct xtcp_tcb *tcb, u64 now)
{
	if (tcb->snd_una != tcb->snd_nxt || !tcb->last_send ||
	    now <= tcb->last_send + tcb->rto)
		return;
	xtcp_cong_idle(&tcb->cong, xtcp_tcb_initial(tcb));
}

/*
 * A larger segment, to find the path's MTU, before anything else is sent; with no
 * length if it is to wait for ACKs. Return: false if none is due
 */
static bool next_larger(struct xtcp_tcb *tcb, u64 now, u32 wnd,
			struct xtcp_seg *seg)
{
	u32 len = xtcp_pmtu_probe(tcb, now, tcb->snd_end - tcb->snd_nxt, wnd);

	if (likely(!len))
		return false;
	seg->len = 0;
	if (cwnd_room(tcb) < len)
		return true;
	fill(tcb, seg, now, XTCP_TX_MTU, tcb->snd_nxt, len, 0);
	xtcp_ecn_stamp(tcb, seg);
	return true;
}

static bool next_new(struct xtcp_tcb *tcb, u64 now, u32 max,
		     struct xtcp_seg *seg)
{
	u32 unsent = tcb->snd_end - tcb->snd_nxt;
	u32 wnd, len;
	bool fin, all;

	if (xtcp_tcb_fin_sent(tcb) || (!unsent && !tcb->fin_queued))
		return false;
	if ((tcb->snd_una == tcb->iss && !tcb->fo_child) ||
	    ((tcb->rtx_nxt != tcb->rtx_end || tcb->rec.lost) &&
	     tcb->frto != XTCP_FRTO_NEW))
		return false;
	if (unlikely(tcb->ecn_hold)) {
		if (tcb->snd_una == tcb->snd_nxt)
			xtcp_timer_stuck(tcb, now);
		return false;
	}
	restart_if_idle(tcb, now);
	wnd = peer_room(tcb);
	if (unlikely(tcb->pmtu.on) && next_larger(tcb, now, wnd, seg))
		return seg->len;
	len = sendable(tcb, unsent, wnd, min_t(u32, cwnd_room(tcb), max));
	all = len == unsent;
	fin = all && tcb->fin_queued && len < wnd;
	if (!len && !fin) {
		if (tcb->snd_una == tcb->snd_nxt)
			xtcp_timer_stuck(tcb, now);
		return false;
	}
	if (unlikely(xtcp_pace_on(tcb)) && xtcp_pace_holds(tcb, now))
		return false;
	if (xtcp_below_holds(tcb, XTCP_BELOW_FULL))
		return false;
	fill(tcb, seg, now, XTCP_TX_NEW, tcb->snd_nxt, len,
	     (fin ? XTCP_FIN : 0) | (len && all ? XTCP_PSH : 0));
	xtcp_ecn_stamp(tcb, seg);
	return true;
}

/*
 * The persist timer has expired: send what the window takes, however little;
 * into a closed one an octet (RFC 9293 3.8.6.1), or the FIN if nothing is left.
 * Without anything to send it was keep-alive's (SHLD-12: no data in it).
 */
static bool next_probe(const struct xtcp_tcb *tcb, u64 now,
		       struct xtcp_seg *seg)
{
	u32 unsent = tcb->snd_end - tcb->snd_nxt;
	u32 len = min_t(u32, unsent, tcb->mss);
	bool fin;

	if (!tcb->probe_due || tcb->snd_una != tcb->snd_nxt)
		return false;
	if (tcb->snd_nxt == tcb->snd_end + tcb->fin_queued) {
		fill(tcb, seg, now, XTCP_TX_KEEP, tcb->snd_una - 1, 0, 0);
		return true;
	}
	if (tcb->snd_wnd) {
		len = min_t(u32, len, tcb->snd_wnd);
		fin = tcb->fin_queued && len == unsent && len < tcb->snd_wnd;
		fill(tcb, seg, now, XTCP_TX_NEW, tcb->snd_nxt, len,
		     fin ? XTCP_FIN : XTCP_PSH);
		if (tcb->ecn_hold)	/* it is data like any other */
			xtcp_ecn_stamp(tcb, seg);
	} else {
		fill(tcb, seg, now, XTCP_TX_PROBE, tcb->snd_nxt, !!unsent,
		     unsent ? XTCP_PSH : XTCP_FIN);
	}
	return true;
}

/*
 * The tail is probed (RFC 8985 7.3): with new data if the peer's window has
 * room, whatever cwnd says, else with the last segment.
 */
static bool next_tail(struct xtcp_tcb *tcb, u64 now, struct xtcp_seg *seg)
{
	u32 unsent = tcb->snd_end - tcb->snd_nxt, start, end, len;
	bool fin = xtcp_tcb_fin_sent(tcb);

	if (!tcb->rack.tlp_due || tcb->snd_una == tcb->snd_nxt)
		return false;
	if (xtcp_below_holds(tcb, XTCP_BELOW_FULL))	/* the tail is perhaps there itself */
		return false;
	if (!fin && unsent) {
		len = min_t(u32, unsent, tcb->mss);
		if (peer_room(tcb) >= len) {
			fill(tcb, seg, now, XTCP_TX_NEW, tcb->snd_nxt, len,
			     len == unsent ? XTCP_PSH : 0);
			return true;
		}
	}
	end = tcb->snd_nxt - fin;
	start = seq_max(tcb->snd_una, end - tcb->mss);
	len = seq_lt(start, end) ? end - start : 0;
	fill(tcb, seg, now, XTCP_TX_RTX, len ? start : end, len,
	     (fin ? XTCP_FIN : 0) | (len && end == tcb->snd_end ? XTCP_PSH : 0));
	return true;
}

/**
 * xtcp_output_next - propose a segment
 * @tcb: the connection, with the present rcv_space
 * @now: usec
 * @max: the largest payload that the shell can send at once, at least MSS
 * @seg: gets the proposal; its payload is the @seg->len octets of the stream
 *	at @seg->seq, to be sent in segments of at most tcb->mss
 *
 * To be called, with a commit after each, until it returns false.
 *
 * Return: false if nothing is to be sent now
 */
bool xtcp_output_next(struct xtcp_tcb *tcb, u64 now, u32 max,
		      struct xtcp_seg *seg)
{
	switch (tcb->state) {
	case XTCP_CLOSED:
	case XTCP_LISTEN:
		return false;
	case XTCP_SYN_SENT:
	case XTCP_SYN_RECEIVED:
		if (tcb->snd_nxt == tcb->iss) {
			if (unlikely(tcb->syn_held))
				return false;
			fill_syn(tcb, seg, now, XTCP_TX_NEW);
			return true;
		}
		break;
	case XTCP_FIN_WAIT_1:
		/* closed while there was no memory for the SYN */
		if (unlikely(!tcb->last_send && tcb->snd_nxt == tcb->iss)) {
			fill_syn(tcb, seg, now, XTCP_TX_NEW);
			return true;
		}
		break;
	default:
		break;
	}
	if (unlikely(tcb->snd_urg))
		max = xtcp_urgent_limit(tcb, max);
	if (unlikely(xtcp_pace_on(tcb)))
		max = xtcp_pace_burst(tcb, max);
	if (next_rtx(tcb, now, max, seg) || next_tail(tcb, now, seg) ||
	    next_new(tcb, now, max, seg) || next_probe(tcb, now, seg))
		return true;
	if (tcb->ack_due < XTCP_ACK_SOON || tcb->state == XTCP_SYN_SENT)
		return false;
	fill(tcb, seg, now, XTCP_TX_ACK, tcb->snd_nxt, 0, 0);
	if (unlikely(xtcp_sack_due(&tcb->sack)))
		xtcp_sack_put(tcb, seg);
	return true;
}

/* The same as below, for who wants the delivery rate: a record for each burst */
static void record_rated(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			 u64 now)
{
	struct xtcp_rec *rec;

	if (tcb->snd_una == tcb->snd_nxt)
		xtcp_rate_idle(tcb, now);
	if (seg->seq == tcb->iss)
		return;
	rec = xtcp_rec_sent(&tcb->rec, seg->seq, now, 0, tcb->delivered);
	if (rec)
		xtcp_rate_stamp(tcb, rec);
}

/*
 * Without RACK the records are kept for the rate alone, and begin where an
 * algorithm first asked for it.
 */
static void record_again(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			 u64 now)
{
	u32 start = seg->seq, end = xtcp_seg_end(seg);

	if (!tcb->rack.on)
		start = seq_max(start, xtcp_rec_at(&tcb->rec, 0)->seq);
	xtcp_rec_sent_again(&tcb->rec, start, end, tcb->snd_nxt, now,
			    tcb->delivered);
	if (tcb->cong.rated)
		xtcp_rate_sent_again(tcb, start, end);
}

/* What goes again may be larger than any before: small ones are joined */
static void note_size(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	if (unlikely(min_t(u32, seg->len, tcb->mss) > tcb->pmtu.sent ||
		     seg->kind == XTCP_TX_MTU))
		xtcp_pmtu_sent(tcb, seg);
}

/*
 * How long one record lasts. What was sent again in between parts it: the one
 * half was sent before that, and the other was not.
 */
static u64 burst(const struct xtcp_tcb *tcb, u64 now)
{
	return min_t(u64, tcb->rack.min_rtt / XTCP_RACK_BURST,
		     now - tcb->last_rtx);
}

static void commit_new(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		       u64 now)
{
	if (unlikely(tcb->cong.rated))
		record_rated(tcb, seg, now);
	else if ((tcb->rack.on || tcb->rec.n) && seg->seq != tcb->iss)
		xtcp_rec_sent(&tcb->rec, seg->seq, now, burst(tcb, now),
			      tcb->delivered);
	tcb->snd_nxt = xtcp_seg_end(seg);
	tcb->last_send = now;
	xtcp_quick_answered(tcb, now);
	if (unlikely(seg->flags & XTCP_CWR))
		tcb->ecn_cwr = false;
	tcb->probe_due = false;
	tcb->ecn_hold = false;
	tcb->probing = false;	/* a probe's octet is among these */
	if (!tcb->rtt_start) {
		tcb->rtt_start = now;
		tcb->rtt_end = tcb->snd_nxt;
	}
	if (seg->len % tcb->mss && seg->kind == XTCP_TX_NEW)
		tcb->snd_small = tcb->snd_nxt;
	note_size(tcb, seg);
	xtcp_timer_sent(tcb, now);
}

static void commit_probe(struct xtcp_tcb *tcb, u64 now)
{
	tcb->probing = true;
	tcb->probe_due = false;
	if (tcb->backoff < U8_MAX)
		tcb->backoff++;
	if (tcb->tries < U8_MAX)
		tcb->tries++;
	tcb->deadline[XTCP_TIMER_PERSIST] = now + xtcp_limit_wait(tcb, now);
}

/* What an ACK tells the peer of our side */
static void commit_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	tcb->rcv_acked = seg->ack;
	tcb->rcv_adv = seq_max(tcb->rcv_adv, seg->ack +
			       ((u32)seg->wnd << (seg->flags & XTCP_SYN ? 0 :
						  tcb->rcv_wscale)));
}

/**
 * xtcp_output_commit - a proposal was sent
 * @tcb: the connection
 * @seg: the proposal
 * @now: when it leaves, usec
 */
void xtcp_output_commit(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u64 now)
{
	switch (seg->kind) {
	case XTCP_TX_NEW:
	case XTCP_TX_MTU:
		commit_new(tcb, seg, now);
		break;
	case XTCP_TX_RTX:
		if (tcb->rec.n && tcb->snd_una != tcb->iss)
			record_again(tcb, seg, now);
		/* with SACK, too, if it was lost along with the SYN */
		if (seg->seq == tcb->rtx_nxt && tcb->rtx_nxt != tcb->rtx_end)
			tcb->rtx_nxt = xtcp_seg_end(seg);
		tcb->rtx_force = false;
		tcb->last_send = now;
		tcb->last_rtx = now;
		tcb->rtt_start = 0;	/* Karn's algorithm, RFC 6298 section 3 */
		xtcp_undo_sent(tcb, seg);
		if (unlikely(tcb->pmtu.phase == XTCP_PMTU_PROBING))
			xtcp_pmtu_resent(tcb, seg);
		note_size(tcb, seg);
		xtcp_timer_sent(tcb, now);
		if (tcb->recovery && tcb->rack.on)
			xtcp_timer_sent_again(tcb, seg->seq, now);
		break;
	case XTCP_TX_PROBE:
		commit_probe(tcb, now);
		break;
	case XTCP_TX_KEEP:
		tcb->probe_due = false;
		break;
	default:
		break;
	}
	if (unlikely(xtcp_pace_on(tcb)))
		xtcp_pace_sent(tcb, seg->len, now);
	if (unlikely(tcb->recovery || tcb->rack.tlp_due) && tcb->rack.on &&
	    seg->kind != XTCP_TX_ACK)
		xtcp_rack_sent(tcb, seg);
	if (!(seg->flags & XTCP_ACK)) {
		tcb->rcv_adv = seg->wnd;	/* synsent.c gives it an origin */
		if (seg->kind == XTCP_TX_NEW)
			xtcp_fastopen_sent(tcb, seg);
		return;
	}
	commit_ack(tcb, seg);
	if (unlikely(xtcp_sack_due(&tcb->sack))) {
		/* blocks have no room beside data: an ACK follows with them */
		if (seg->kind != XTCP_TX_ACK && tcb->ack_due == XTCP_ACK_NOW)
			return;
		tcb->sack.dup_due = false;
	}
	/* a peer that has the octets already drops them, and the ACK with them */
	if (seg->kind == XTCP_TX_RTX && !(seg->flags & XTCP_SYN))
		return;
	xtcp_quick_acked(tcb);
	tcb->ack_due = XTCP_ACK_NONE;
	xtcp_timer_ack_sent(tcb);
}

/**
 * xtcp_output_ack - an ACK for what has come up to now, in the midst of an event
 * @tcb: the connection, with exact ECN
 * @now: usec
 * @act: gets it as the reply
 *
 * Another is to follow, which has the blocks if there are any.
 */
void xtcp_output_ack(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	fill(tcb, &act->reply, now, XTCP_TX_ACK, tcb->snd_nxt, 0, 0);
	commit_ack(tcb, &act->reply);
	xtcp_quick_acked(tcb);
	xtcp_timer_ack_sent(tcb);
	act->flags |= XTCP_ACT_REPLY;
}

/**
 * xtcp_output_stamp - complete a segment that the core made as a reply
 * @tcb: the connection, in any state
 * @now: usec
 * @seg: the reset or the like; RFC 7323 3.2 wants the option in it too. Not what
 *	xtcp_output_ack() has made, which alone of them may be marked
 */
void xtcp_output_stamp(const struct xtcp_tcb *tcb, u64 now,
		       struct xtcp_seg *seg)
{
	if (unlikely(seg->ecn))
		return;
	if (tcb->ts.ok && tcb->state != XTCP_SYN_SENT)
		xtcp_ts_stamp(&tcb->ts, now, seg);
	if (tcb->ecn_echo && (seg->flags & (XTCP_ACK | XTCP_RST)) == XTCP_ACK)
		seg->flags |= XTCP_ECE;
}

/**
 * xtcp_output_failed - a proposal could not be sent for want of memory
 * @tcb: the connection, which stays as it was and tries again soon
 * @now: usec
 */
void xtcp_output_failed(struct xtcp_tcb *tcb, u64 now)
{
	xtcp_timer_retry(tcb, now);
}
