// SPDX-License-Identifier: GPL-2.0
/*
 * Loss recovery where the peer has SACK. What is lost is told by time (RACK): a
 * segment is when one that was sent later has arrived, and a little more time
 * has passed, in case the two were reordered. A probe of the tail (TLP) makes
 * the peer speak when nothing else would. PRR spreads the reduction of the
 * window over a round trip. RFC 8985, RFC 6937; numbers of sections are those
 * of RFC 8985.
 */
#include "rack.h"
#include "ecn.h"
#include "pmtu.h"
#include "rtt.h"
#include "seq.h"
#include "tcb.h"
#include "timer.h"
#include "undo.h"

#define DUP_THRESH 3
#define PERSIST 16			/* recoveries, 6.2 step 4 */
#define REORDERING_MAX 300		/* segments; Linux TCP tells no more either */
#define MAX_ACK_DELAY (200 * XTCP_USEC_PER_MSEC)	/* the peer's, 7.2 */
#define MIN_PTO (10 * XTCP_USEC_PER_MSEC)	/* hosts have timers and ticks */

/**
 * xtcp_rack_open - it is known whether there is SACK, and nothing was sent yet
 * @tcb: the connection
 */
void xtcp_rack_open(struct xtcp_tcb *tcb)
{
	memset(&tcb->rack, 0, sizeof(tcb->rack));
	tcb->rack.on = tcb->sack.ok && tcb->params->rack;
	tcb->rack.mult = 1;
	tcb->rack.fack = tcb->snd_una;
	tcb->rack.dsack_round = tcb->snd_una;
}

/* 6.2 step 2: the newest segment that has arrived */
static void newest(struct xtcp_rack *k, u64 sent, u32 end, u64 now)
{
	if (sent < k->xmit || (sent == k->xmit && seq_le(end, k->end)))
		return;
	k->xmit = sent;
	k->end = end;
	/* what waits for its time in fq may be acknowledged before, if fq is gone */
	k->rtt = now > sent ? min_t(u64, now - sent, U32_MAX) : 0;
}

static void update(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   const struct xtcp_rec_said *said, u64 now)
{
	struct xtcp_rack *k = &tcb->rack;

	if (said->once) {
		xtcp_rack_rtt(k, now > said->once ? now - said->once : 1, now);
		newest(k, said->once, said->once_end, now);
	}
	if (!said->again)
		return;
	/*
	 * Which of its transmissions was it? What comes behind a hole is not
	 * echoed (RFC 7323 4.3): then the echo is older, and tells nothing.
	 */
	if (acked && tcb->ts.ok && seg->opts & XTCP_HAS_TS) {
		u32 stamp = xtcp_ts_clock(&tcb->ts, said->again - tcb->pace.ahead);

		if ((s32)(seg->ts_ecr - stamp) < 0)
			return;
	} else if (said->again > now || now - said->again < k->min_rtt) {
		return;
	}
	newest(k, said->again, said->again_end, now);
}

/* 6.2 step 4 */
static u32 reorder_window(const struct xtcp_tcb *tcb)
{
	const struct xtcp_rack *k = &tcb->rack;

	if (!k->reordered && (tcb->recovery || tcb->rec.sacked >=
			      DUP_THRESH * (u32)tcb->mss))
		return 0;
	return min_t(u64, (u64)k->mult * k->min_rtt / 4, tcb->srtt);
}

static void lose(struct xtcp_tcb *tcb, u32 i)
{
	u32 before = tcb->rec.lost, seq = xtcp_rec_at(&tcb->rec, i)->seq;

	/* sent since recovery or a timeout began: that is another window's loss */
	if (seq_lt(tcb->snd_una, tcb->recover) && seq_ge(seq, tcb->recover))
		tcb->rack.beyond = true;
	xtcp_rec_lose(&tcb->rec, i, tcb->snd_nxt);
	tcb->rate.lost += tcb->rec.lost - before;
}

/*
 * 6.2 step 5. Return: how long from now more may be found to be lost, usec, or
 * 0 if nothing is in doubt
 */
static u64 detect(struct xtcp_tcb *tcb, u64 now)
{
	const struct xtcp_rack *k = &tcb->rack;
	u64 window = k->rtt + reorder_window(tcb), wait = 0;
	u32 i;

	if (!k->xmit)
		return 0;
	for (i = 0; i < tcb->rec.n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(&tcb->rec, i);
		u32 end = xtcp_rec_end(&tcb->rec, i, tcb->snd_nxt);

		if (at->flags & (XTCP_REC_SACKED | XTCP_REC_LOST))
			continue;
		if (at->sent > k->xmit ||
		    (at->sent == k->xmit && seq_ge(end, k->end))) {
			/* nor was any behind it, if it was sent but once */
			if (!(at->flags & XTCP_REC_RTX))
				break;
			continue;
		}
		if (at->sent + window <= now)
			lose(tcb, i);
		else
			wait = max_t(u64, wait, at->sent + window - now);
	}
	return wait;
}

/* Something is lost that no recovery or timeout has cost anything for yet */
static void enter(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_rack *k = &tcb->rack;
	u32 flight = tcb->snd_nxt - tcb->snd_una;

	act->events |= XTCP_EV_FAST_RTX;
	if (xtcp_ecn_covers(tcb)) {
		xtcp_undo_never(tcb);	/* nothing was done about it */
	} else {
		xtcp_undo_arm(tcb);
		if (!tcb->rec.lost) {
			/* sent again before: the next ACK may be of what never was */
			tcb->undo = false;
			tcb->undo_dsack = tcb->undo_left > 0;
		}
		xtcp_cong_lost(&tcb->cong, min_t(u32, flight, tcb->cong.cwnd));
		xtcp_ecn_reduced(tcb);
	}
	tcb->recovery = true;
	tcb->recover = tcb->snd_nxt;
	tcb->rtx_force = tcb->rec.lost > 0;
	k->mended = !tcb->rec.lost;
	k->prr_delivered = 0;
	k->prr_out = 0;
	k->prr_flight = flight;
}

/* RFC 6937 section 3, with the slow start reduction bound */
static void reduce(struct xtcp_tcb *tcb, u32 delivered, bool moved)
{
	struct xtcp_cong *c = &tcb->cong;
	struct xtcp_rack *k = &tcb->rack;
	u32 pipe = xtcp_tcb_flight(tcb), send, limit;

	if (c->rated)
		return;		/* the algorithm sets it, in recovery too */
	k->prr_delivered += delivered;
	if (pipe > c->ssthresh) {
		u64 share = ((u64)k->prr_delivered * c->ssthresh +
			     k->prr_flight - 1) / k->prr_flight;

		send = share > k->prr_out ? share - k->prr_out : 0;
	} else {
		limit = k->prr_delivered > k->prr_out ?
			k->prr_delivered - k->prr_out : 0;
		if (moved)
			limit = max_t(u32, limit, delivered) + c->mss;
		send = min_t(u32, c->ssthresh - pipe, limit);
	}
	c->cwnd = max_t(u32, pipe + send, c->mss);
}

/* 6.2 step 4: the window of reordering is wide for so many recoveries */
static void recovered(struct xtcp_rack *k)
{
	if (k->persist && !--k->persist)
		k->mult = 1;
}

static void deflate(struct xtcp_cong *c)
{
	if (!c->rated)		/* else it is the algorithm's, as in recovery */
		c->cwnd = max_t(u32, c->ssthresh, c->mss);
}

/* A loss that is mended already */
static void pay(struct xtcp_tcb *tcb)
{
	xtcp_undo_never(tcb);
	xtcp_cong_lost(&tcb->cong, tcb->cong.cwnd);
	xtcp_ecn_reduced(tcb);
	deflate(&tcb->cong);
}

static void leave(struct xtcp_tcb *tcb)
{
	tcb->recovery = false;
	deflate(&tcb->cong);
	recovered(&tcb->rack);
}

/* 6.2 step 4: is it the first sign of haste in this round trip? */
static bool first_haste(struct xtcp_tcb *tcb)
{
	struct xtcp_rack *k = &tcb->rack;

	/* a round long past must not seem to lie ahead 2^31 octets on */
	if (k->dsack_round - tcb->snd_una - 1 < tcb->snd_nxt - tcb->snd_una)
		return false;
	k->dsack_round = tcb->snd_nxt;
	return true;
}

/* 6.2 step 4: a duplicate arrived, so we were too hasty; once a round trip */
static void hasty(struct xtcp_tcb *tcb)
{
	struct xtcp_rack *k = &tcb->rack;

	if (!first_haste(tcb))
		return;
	if (k->mult < U8_MAX)
		k->mult++;
	k->persist = PERSIST;
	k->reordered = true;
}

/**
 * xtcp_rack_late - what was taken for lost was on its way, as its echo says
 * @tcb: the connection
 * @took: its round trip, usec
 *
 * That is what a D-SACK would say later, and once for a round trip (6.2 step 4).
 * The window grows to what would have been enough: the others that were overtaken
 * would be taken for lost again at the next ACK.
 */
void xtcp_rack_late(struct xtcp_tcb *tcb, u32 took)
{
	struct xtcp_rack *k = &tcb->rack;
	u32 more = took > k->rtt ? took - k->rtt : 0;
	u32 mult = k->mult + first_haste(tcb);

	if (k->min_rtt)
		mult = max_t(u32, mult, (4 * more + k->min_rtt - 1) / k->min_rtt);
	k->mult = min_t(u32, mult, U8_MAX);
	k->persist = PERSIST;
	k->reordered = true;
}

/* RFC 2883 section 5: the first block, if it is below the ACK or in the next */
static bool is_dsack(const struct xtcp_seg *seg)
{
	const struct xtcp_range *b = seg->sack;

	if (!(seg->opts & XTCP_HAS_SACK))
		return false;
	return xtcp_sack_below(seg) ||
	       (seg->nsack > 1 && seq_ge(b[0].start, b[1].start) &&
		seq_le(b[0].end, b[1].end));
}

/* For who asks: so many segments have arrived twice, of which a peer may say anything */
static void count_twice(struct xtcp_tcb *tcb, const struct xtcp_range *r)
{
	u32 n = r->end - r->start;

	if (n - 1 < tcb->snd_wnd_max)
		tcb->dsack_dups += (n + tcb->mss - 1) / tcb->mss;
}

/* 6.2 step 3: what was sent before one that has arrived has arrived after it */
static void overtaken(struct xtcp_tcb *tcb, u32 first, u32 fack)
{
	u32 behind = (fack - first + tcb->mss - 1) / tcb->mss;

	tcb->rack.reordered = true;
	tcb->rack.reordering = max_t(u32, tcb->rack.reordering, min_t(u32, behind, REORDERING_MAX));
	tcb->reord_seen++;
}

/* Did what arrived twice arrive by a tail probe? That was no haste (6.2 step 4) */
static bool of_probe(const struct xtcp_rack *k, const struct xtcp_seg *seg)
{
	return k->tlp_out && k->tlp_again && seg->sack[0].end == k->tlp_end;
}

/* The blocks, as far as they lie within what is outstanding */
static void take_blocks(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			struct xtcp_rec_said *said)
{
	u32 i;

	for (i = 0; i < seg->nsack; i++) {
		u32 start = seg->sack[i].start, end = seg->sack[i].end;

		/* a made-up one may lie so far off that it seems to wrap */
		if (end - tcb->snd_una > tcb->snd_nxt - tcb->snd_una ||
		    start - tcb->snd_una >= end - tcb->snd_una)
			continue;
		xtcp_rec_mark(&tcb->rec, start, end, tcb->snd_nxt,
			      XTCP_REC_SACKED, XTCP_REC_LOST, said);
		if (seq_gt(end, tcb->rack.fack))
			tcb->rack.fack = end;
	}
}

/*
 * 7.4.2: what became of the probe. What it repeated is acknowledged: if both
 * copies arrived, the second shows as a D-SACK or a bare duplicate; if something
 * else comes first, it was the probe alone, and mended a loss.
 */
static void probe_acked(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
			u32 acked, bool dsack)
{
	struct xtcp_rack *k = &tcb->rack;
	bool dup = !acked && !seg->len && !(seg->opts & XTCP_HAS_SACK);

	if (seq_lt(seg->ack, k->tlp_end))
		return;
	if (k->tlp_again && !dsack && !dup) {
		if (seg->ack == k->tlp_end)
			return;
		if (!tcb->recovery)
			pay(tcb);
	}
	k->tlp_out = false;
}

/* @next: of the window behind the one that has recovered, something was lost, too */
static void find_losses(struct xtcp_tcb *tcb, bool next, u64 now,
			struct xtcp_act *act)
{
	u64 wait = detect(tcb, now);

	if (tcb->rec.lost)
		tcb->rack.mended = false;
	/* after a timeout not before all of then has arrived (RFC 6675 5.1) */
	if ((tcb->rec.lost || next) && !tcb->recovery &&
	    seq_ge(tcb->snd_una, tcb->recover)) {
		if (unlikely(tcb->pmtu.phase) && tcb->rec.lost &&
		    xtcp_pmtu_lost(tcb, act))
			tcb->rtx_force = true;
		else
			enter(tcb, act);
	}
	if (wait) {
		tcb->rtx_for = XTCP_RTX_REORDER;
		tcb->deadline[XTCP_TIMER_RTX] = now + min_t(u64, wait, xtcp_rtt_rto(tcb));
	} else if (tcb->snd_una != tcb->snd_nxt &&
		   (tcb->rtx_for == XTCP_RTX_REORDER ||
		    (tcb->rtx_for == XTCP_RTX_PROBE && !xtcp_rack_pto(tcb)))) {
		/* the peer speaks: nothing to probe (7.2) */
		tcb->rtx_for = XTCP_RTX_RTO;
		tcb->deadline[XTCP_TIMER_RTX] = now + xtcp_rtt_rto(tcb);
	}
}

/**
 * xtcp_rack_ack - an ACK arrived, and it has blocks, or there is a hole
 * @tcb: the connection, with the new snd_una
 * @seg: the ACK
 * @acked: octets that it covers
 * @sacked_before: octets that were reported before it
 * @said: what its number says of times
 * @now: usec
 * @act: what to do
 */
void xtcp_rack_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u32 acked,
		   u32 sacked_before, struct xtcp_rec_said *said, u64 now,
		   struct xtcp_act *act)
{
	u32 una = tcb->snd_una - acked, fack = tcb->rack.fack, delivered;
	bool dsack = is_dsack(seg), next = false;

	/* without blocks nobody keeps it up to date */
	if (fack - una > tcb->snd_nxt - una)
		fack = una;
	tcb->rack.fack = fack;

	if (dsack) {
		count_twice(tcb, seg->sack);
		if (!of_probe(&tcb->rack, seg))
			hasty(tcb);
		xtcp_undo_dsack(tcb, seg->sack[0].start, seg->sack[0].end, act);
	}
	if (seg->opts & XTCP_HAS_SACK)
		take_blocks(tcb, seg, said);
	delivered = acked + tcb->rec.sacked - sacked_before;
	update(tcb, seg, acked, said, now);
	if (said->any && seq_lt(said->first, fack))
		overtaken(tcb, said->first, fack);
	if (seq_lt(tcb->rack.fack, tcb->snd_una))
		tcb->rack.fack = tcb->snd_una;
	if (tcb->rack.tlp_out)
		probe_acked(tcb, seg, acked, dsack);
	if (seq_ge(tcb->snd_una, tcb->recover)) {
		if (tcb->recovery)
			leave(tcb);
		/* a loss in two successive windows counts twice (RFC 5681 4.3) */
		next = tcb->rack.beyond;
		tcb->rack.beyond = false;
		if (next && tcb->snd_una == tcb->snd_nxt) {
			pay(tcb);
			next = false;
		}
	}
	if (delivered)
		tcb->rack.tlp_due = false;	/* the peer speaks: one put off is late */
	if (delivered || next || tcb->rtx_for == XTCP_RTX_REORDER)
		find_losses(tcb, next, now, act);
	if (tcb->recovery && (delivered || next))
		reduce(tcb, delivered, acked);
}

/**
 * xtcp_rack_reorder_timeout - what was in doubt is lost
 * @tcb: the connection
 * @now: usec
 * @act: what to do
 */
void xtcp_rack_reorder_timeout(struct xtcp_tcb *tcb, u64 now,
			       struct xtcp_act *act)
{
	bool before = tcb->recovery;

	find_losses(tcb, false, now, act);
	if (tcb->recovery && !before)
		reduce(tcb, 0, false);
}

/**
 * xtcp_rack_rto - the retransmission timer has expired
 * @tcb: the connection
 * @now: usec
 *
 * 6.3: the first is lost, and what was sent more than a round trip ago. As long
 * as nothing is reported SRTT alone knows it. If the peer has reported the first
 * and not acknowledged it, it has reneged (RFC 2018 8).
 */
void xtcp_rack_rto(struct xtcp_tcb *tcb, u64 now)
{
	u64 window = max_t(u32, tcb->rack.rtt, tcb->srtt) + reorder_window(tcb);
	u32 i;

	if (!tcb->rec.n)
		return;
	/* counted where it begins, and once however many timeouts it has */
	if (tcb->recovery || seq_ge(tcb->snd_una, tcb->recover))
		recovered(&tcb->rack);
	if (xtcp_rec_at(&tcb->rec, 0)->flags & XTCP_REC_SACKED)
		xtcp_rec_mark(&tcb->rec, tcb->snd_una, tcb->snd_nxt,
			      tcb->snd_nxt, 0, XTCP_REC_SACKED, NULL);
	for (i = 0; i < tcb->rec.n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(&tcb->rec, i);

		if (!(at->flags & (XTCP_REC_SACKED | XTCP_REC_LOST)) &&
		    (!i || at->sent + window <= now))
			lose(tcb, i);
	}
	tcb->rack.tlp_out = false;
	tcb->rack.tlp_due = false;
	tcb->rack.beyond = false;	/* the timeout costs more */
}

/**
 * xtcp_rack_pto - how long to wait before the tail is probed (7.2)
 * @tcb: the connection, with something outstanding
 *
 * Return: usec, or 0 if it is not to be probed now (7.3)
 */
u64 xtcp_rack_pto(const struct xtcp_tcb *tcb)
{
	u64 pto;

	/* one branch for all of these, as this is asked at every ACK */
	if (tcb->rec.sacked | tcb->rec.lost | tcb->backoff |
	    tcb->rack.tlp_out | tcb->rack.tlp_stale | !tcb->rack.on)
		return 0;
	if (tcb->snd_una == tcb->iss || (seq_lt(tcb->snd_una, tcb->recover) &&
					 !(tcb->recovery && tcb->rack.mended)) ||
	    !tcb->params->tlp)
		return 0;
	pto = tcb->srtt ? 2 * (u64)tcb->srtt : XTCP_USEC_PER_SEC;
	if (xtcp_rack_delayable(tcb))
		pto += MAX_ACK_DELAY;
	return max_t(u64, pto, MIN_PTO);
}

/**
 * xtcp_rack_sent - something was sent
 * @tcb: the connection
 * @seg: the segment
 */
void xtcp_rack_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	struct xtcp_rack *k = &tcb->rack;

	if (tcb->recovery)
		k->prr_out += xtcp_seg_span(seg);
	if (!k->tlp_due)
		return;
	k->tlp_due = false;
	k->tlp_out = true;
	k->tlp_stale = true;
	k->tlp_again = seg->kind == XTCP_TX_RTX;
	k->tlp_end = tcb->snd_nxt;
}
