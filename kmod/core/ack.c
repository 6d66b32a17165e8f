// SPDX-License-Identifier: GPL-2.0
/*
 * The ACK field (RFC 9293 3.10.7.4, fifth step): what it frees, what it says of
 * the peer's window, and what it says of losses: fast retransmit and NewReno's
 * fast recovery (RFC 5681 3.2, RFC 6582).
 */
#include "input.h"
#include "ecn.h"
#include "frto.h"
#include "limit.h"
#include "pmtu.h"
#include "rtt.h"
#include "seq.h"
#include "timer.h"
#include "undo.h"

#define DUP_ACKS 3

/* The range [una, una + mss) was lost, and is to go out at once */
static void rtx_first(struct xtcp_tcb *tcb)
{
	tcb->rtx_nxt = tcb->snd_una;
	tcb->rtx_end = seq_min(tcb->snd_una + tcb->mss, tcb->snd_nxt);
	tcb->rtx_force = true;
	tcb->rtt_start = 0;
}

/* RFC 6582 3.2, step 3: new data is acknowledged during fast recovery */
static void recovery_ack(struct xtcp_tcb *tcb, u32 acked, struct xtcp_act *act)
{
	struct xtcp_cong *c = &tcb->cong;

	if (seq_ge(tcb->snd_una, tcb->recover)) {
		/* full: deflate, and allow no burst */
		u32 flight = tcb->snd_nxt - tcb->snd_una;

		c->cwnd = min_t(u32, c->ssthresh,
				max_t(u32, flight, c->mss) + c->mss);
		tcb->recovery = false;
		tcb->dup_acks = 0;
		return;
	}
	/* partial: the next hole begins here */
	act->events |= XTCP_EV_PARTIAL_ACK;
	rtx_first(tcb);
	c->cwnd -= min_t(u32, acked, c->cwnd);
	if (acked >= c->mss)
		c->cwnd += c->mss;
	c->cwnd = max_t(u32, c->cwnd, c->mss);
}

/* The lost range keeps to what is still outstanding */
static void rtx_trim(struct xtcp_tcb *tcb)
{
	if (tcb->rtx_nxt == tcb->rtx_end || seq_lt(tcb->rtx_end, tcb->snd_una)) {
		tcb->rtx_nxt = tcb->snd_una;
		tcb->rtx_end = tcb->snd_una;
		tcb->rtx_force = false;
	} else if (seq_lt(tcb->rtx_nxt, tcb->snd_una)) {
		tcb->rtx_nxt = tcb->snd_una;
	}
}

/*
 * Was an ACK lost, and this one sent for what came again? It then echoes what came
 * first (RFC 7323 4.3), and how long ago that was sent is the timeout, not a round
 * trip. A D-SACK says so; where there are none, nothing tells it from an ACK that
 * was late.
 */
static bool in_doubt(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	return tcb->tries > 1 || !tcb->sack.ok || xtcp_sack_below(seg);
}

/*
 * Usec of a round trip, or 0 if none was measured: what is acknowledged was sent
 * twice, or is not what is timed
 */
static u64 take_sample(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		       u64 once, u64 now)
{
	u64 rtt;

	if (tcb->rtt_start) {
		if (seq_lt(seg->ack, tcb->rtt_end))
			return 0;
		rtt = now - tcb->rtt_start;
		tcb->rtt_start = 0;
		xtcp_rack_rtt(&tcb->rack, rtt, now);
	} else if (once) {
		rtt = now - once;
		xtcp_rack_rtt(&tcb->rack, rtt, now);
	} else {
		/* Karn's algorithm, but for what the echo says of it */
		rtt = xtcp_ts_rtt(&tcb->ts, seg, in_doubt(tcb, seg) ?
				  tcb->last_rtx : 0, now);
		if (!rtt)
			return 0;
	}
	xtcp_rtt_sample(tcb, rtt);
	tcb->backoff = 0;
	tcb->rack.tlp_stale = false;
	return rtt;
}

/*
 * The same for congestion control, of each ACK: an algorithm that compares the
 * round trips of one window (RFC 9406) needs several, the RTO only one of them.
 */
static u32 each_sample(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		       const struct xtcp_rec_said *said, u64 now)
{
	if (tcb->ts.ok)
		return xtcp_ts_rtt(&tcb->ts, seg, 0, now);
	return said->once && !said->again ? now - said->once : 0;
}

static void new_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		    struct xtcp_rec_said *said, struct xtcp_act *act)
{
	u32 ack = seg->ack;
	struct xtcp_cong_sample sample = {
		.now = now, .acked = ack - tcb->snd_una, .una = ack,
		.nxt = tcb->snd_nxt, .flight = xtcp_tcb_flight(tcb),
	};
	bool syn = tcb->snd_una == tcb->iss;

	tcb->snd_una = ack;
	/* 2^31 octets on, it must not seem to lie ahead, nor be met again */
	if (unlikely(seq_ge(tcb->iss, ack))) {
		tcb->iss += XTCP_ISS_MOVE;
		tcb->iss_moves++;
	}
	act->flags |= XTCP_ACT_ACKED;
	if (tcb->rec.n)
		xtcp_rec_acked(&tcb->rec, ack, tcb->snd_nxt, said);
	/* behind a hole that was filled late, octets wait for their ACK */
	sample.rtt = take_sample(tcb, seg, said->again ? 0 : said->once, now);
	if (!sample.rtt)
		sample.rtt = each_sample(tcb, seg, said, now);
	xtcp_limit_answered(tcb);
	/* the backoff lasts until data sent but once arrives (RFC 8961 4) */
	if (seq_gt(ack, tcb->recover))
		tcb->backoff = 0;
	if (unlikely(tcb->undo))
		xtcp_undo_ack(tcb, seg, sample.acked, now, act);
	if (unlikely(tcb->pmtu.watch))
		xtcp_pmtu_acked(tcb, act);
	rtx_trim(tcb);
	/* what was passed 2^31 octets ago must not seem to lie ahead */
	if (seq_lt(tcb->snd_small, ack))
		tcb->snd_small = ack;
	if (unlikely(tcb->ecn_ok) && seq_lt(tcb->ecn_end, ack - 1))
		tcb->ecn_end = ack - 1;
	if (unlikely(syn)) {
		act->flags |= XTCP_ACT_SYN_ACKED;
		tcb->recover = ack - 1;
		tcb->backoff = 0;
		if (tcb->syn_rtx) {
			xtcp_cong_init(&tcb->cong, tcb->mss, 1);
			xtcp_rtt_syn_lost(tcb);
		}
	} else if (unlikely(tcb->recovery)) {
		if (!tcb->rack.on)
			recovery_ack(tcb, sample.acked, act);
		else if (seq_lt(ack, tcb->recover))
			act->events |= XTCP_EV_PARTIAL_ACK;
	} else {
		tcb->dup_acks = 0;
		if (seq_lt(tcb->recover, ack - 1))
			tcb->recover = ack - 1;
		sample.srtt = tcb->srtt;
		sample.rto = tcb->rto;
		if (xtcp_ecn_opens(tcb, seg))
			xtcp_cong_acked(&tcb->cong, &sample);
	}
	xtcp_timer_acked(tcb, now);
}

/*
 * RFC 5681 section 2, DUPLICATE ACKNOWLEDGMENT, (a) to (e). With SACK blocks the window
 * may be another (RFC 6675 2), as the receiver's grows. One that answers what we have
 * sent twice is no sign of a loss.
 */
static bool is_dup(const struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		   u32 wnd)
{
	return tcb->snd_nxt != tcb->snd_una && !seg->len &&
	       !(seg->flags & (XTCP_SYN | XTCP_FIN)) &&
	       seg->ack == tcb->snd_una &&
	       (wnd == tcb->snd_wnd ||
		(tcb->sack.ok && seg->opts & XTCP_HAS_SACK)) &&
	       !(tcb->sack.ok && xtcp_sack_below(seg));
}

static void dup_ack(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	act->events |= XTCP_EV_DUP_ACK;
	if (tcb->rack.on)
		return;			/* rack.c goes by the blocks */
	if (tcb->recovery) {		/* RFC 5681 3.2, step 4 */
		tcb->cong.cwnd += tcb->mss;
		return;
	}
	if (tcb->dup_acks < U8_MAX)
		tcb->dup_acks++;
	/* RFC 6582 3.2, step 2: not for what an earlier recovery sent twice */
	if (tcb->dup_acks != DUP_ACKS || !seq_gt(tcb->snd_una, tcb->recover))
		return;
	if (unlikely(tcb->pmtu.phase) && xtcp_pmtu_lost_first(tcb, act))
		return;
	act->events |= XTCP_EV_FAST_RTX;
	tcb->recovery = true;
	tcb->recover = tcb->snd_nxt;
	if (xtcp_ecn_covers(tcb)) {
		xtcp_undo_never(tcb);	/* nothing was done about it */
	} else {
		xtcp_undo_arm(tcb);
		xtcp_cong_lost(&tcb->cong, xtcp_tcb_flight(tcb));
		xtcp_ecn_reduced(tcb);
	}
	rtx_first(tcb);
	tcb->cong.cwnd = tcb->cong.ssthresh + DUP_ACKS * tcb->mss;
}

/* RFC 9293 3.8.6.2.1: is something sent into such a window? */
static bool opens(const struct xtcp_tcb *tcb, u32 wnd)
{
	u32 unsent = tcb->snd_end - tcb->snd_nxt;

	return wnd >= min_t(u32, tcb->mss, unsent) || wnd >= tcb->snd_wnd_est / 2;
}

/*
 * A new ACK takes its window along even in a segment that is sent again, with
 * an old number: the former window, counted from the new SND.UNA, would reach
 * further than the peer ever allowed.
 */
static void window_update(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			  u32 wnd, bool fresh, struct xtcp_act *act)
{
	if (seq_lt(seg->ack, tcb->snd_una))
		return;
	if (!fresh && (seq_lt(seg->seq, tcb->snd_wl1) ||
		       (seg->seq == tcb->snd_wl1 &&
			seq_lt(seg->ack, tcb->snd_wl2))))
		return;
	tcb->snd_wl1 = seg->seq;
	tcb->snd_wl2 = seg->ack;
	if (wnd == tcb->snd_wnd)
		return;
	/* a window that has opened for a segment ends the backoff of its probes */
	if (tcb->snd_una == tcb->snd_nxt && !opens(tcb, tcb->snd_wnd) &&
	    opens(tcb, wnd)) {
		tcb->backoff = 0;
		xtcp_limit_answered(tcb);
		tcb->deadline[XTCP_TIMER_PERSIST] = 0;
	}
	tcb->snd_wnd = wnd;
	tcb->snd_wnd_max = max_t(u32, tcb->snd_wnd_max, wnd);
	tcb->snd_wnd_est = max_t(u32, tcb->snd_wnd_est, wnd);
	act->flags |= XTCP_ACT_WINDOW;
}

/* Without SACK NewReno inflates the window for what arrives, and is left alone */
static void rated(struct xtcp_tcb *tcb, const struct xtcp_rec *newest,
		  u32 flight, u32 una, u32 sacked, u64 now)
{
	u32 delivered = tcb->snd_una - una + tcb->rec.sacked - sacked;

	if ((delivered || newest->sent) && (tcb->rack.on || !tcb->recovery))
		xtcp_rate_ack(tcb, newest, flight, delivered, now);
}

/**
 * xtcp_ack_rx - process an ACK field and the window beside it
 * @tcb: the connection
 * @seg: the segment, with XTCP_ACK
 * @now: usec
 * @act: what to do
 *
 * Return: false if the segment is to be dropped whole
 */
bool xtcp_ack_rx(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		 struct xtcp_act *act)
{
	u32 wnd = (u32)seg->wnd << tcb->snd_wscale;
	u32 ack = seg->ack, una = tcb->snd_una, sacked = tcb->rec.sacked;
	struct xtcp_rec_said said = {};
	bool fresh = false, dup = false;
	struct xtcp_rec newest;
	u32 flight = 0;

	if (unlikely(seq_gt(ack, tcb->snd_nxt))) {
		if (!tcb->probing || ack != tcb->snd_nxt + 1) {
			act->drop = XTCP_DROP_FUTURE_ACK;
			xtcp_input_challenge(tcb, now, act);
			return false;
		}
		tcb->snd_nxt = ack;	/* the probe was taken */
	}
	if (unlikely(tcb->cong.rated)) {
		memset(&newest, 0, sizeof(newest));
		said.newest = &newest;
		flight = xtcp_tcb_flight(tcb);
	}
	if (unlikely(seg->flags & XTCP_ECE || tcb->ecn_exact))
		xtcp_ecn_ack(tcb, seg, act);
	if (seq_gt(ack, tcb->snd_una)) {
		fresh = true;
		tcb->probing = false;
		new_ack(tcb, seg, now, &said, act);
	} else if (seq_lt(ack, tcb->snd_una - tcb->snd_wnd_max)) {
		act->drop = XTCP_DROP_OLD_ACK;	/* RFC 5961 section 5.2 */
		xtcp_input_challenge(tcb, now, act);
		return false;
	} else if (is_dup(tcb, seg, wnd)) {
		dup = true;
		dup_ack(tcb, act);
	}
	if (unlikely(tcb->rack.on && una != tcb->iss &&
		     (seg->opts & XTCP_HAS_SACK || sacked || tcb->rec.lost ||
		      tcb->recovery || tcb->rack.tlp_out || tcb->rack.beyond)))
		xtcp_rack_ack(tcb, seg, tcb->snd_una - una, sacked, &said, now,
			      act);
	tcb->delivered += tcb->snd_una - una + tcb->rec.sacked - sacked;
	if (unlikely(said.newest))
		rated(tcb, &newest, flight, una, sacked, now);
	if (unlikely(tcb->frto))
		xtcp_frto_ack(tcb, tcb->snd_una - una, dup, &said, act);
	/* closed, but there (RFC 9293 3.8.6.1); for nobody, what is outstanding counts */
	if (!wnd && !(tcb->orphan && tcb->snd_una != tcb->snd_nxt))
		tcb->tries = 0;
	window_update(tcb, seg, wnd, fresh, act);
	return true;
}
