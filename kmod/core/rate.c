// SPDX-License-Identifier: GPL-2.0
/*
 * The delivery rate: what was delivered between the sending of a segment and
 * its ACK, over the time that took on the slower of the two sides. Names in
 * comments are those of draft-cheng-iccrg-delivery-rate-estimation.
 */
#include "rate.h"
#include "seq.h"
#include "tcb.h"

#define AGO_MAX 0x7fffffffU

/**
 * xtcp_rate_idle - data is sent, and nothing is outstanding
 * @tcb: the connection
 * @now: usec
 *
 * The pause before must not count as time that the network took (SendPacket).
 */
void xtcp_rate_idle(struct xtcp_tcb *tcb, u64 now)
{
	tcb->rate.first_sent = now;
	tcb->rate.delivered_at = now;
	tcb->rate.restart = true;
}

/* What the clock shows, as an age; 0 stands for what was not kept */
static u32 ago(u64 now, u64 then)
{
	return now > then ? min_t(u64, now - then, AGO_MAX - 1) + 1 : 1;
}

/**
 * xtcp_rate_stamp - a record was made, or used again
 * @tcb: the connection
 * @rec: the record, with the time and with what was delivered then
 */
void xtcp_rate_stamp(struct xtcp_tcb *tcb, struct xtcp_rec *rec)
{
	rec->since_delivered = ago(rec->sent, tcb->rate.delivered_at);
	rec->since_first = ago(rec->sent, tcb->rate.first_sent);
	rec->limited = tcb->rate.limited;
}

/**
 * xtcp_rate_sent_again - a range was sent once more, and its records say so
 * @tcb: the connection
 * @start: its first octet
 * @end: behind its last
 */
void xtcp_rate_sent_again(struct xtcp_tcb *tcb, u32 start, u32 end)
{
	struct xtcp_recs *r = &tcb->rec;
	u32 i;

	if (!r->n)
		return;
	for (i = xtcp_rec_find(r, start); i < r->n; i++) {
		struct xtcp_rec *at = xtcp_rec_at(r, i);

		if (seq_ge(at->seq, end))
			return;
		xtcp_rate_stamp(tcb, at);
	}
}

/**
 * xtcp_rate_write - the user is about to write
 * @tcb: the connection
 *
 * If all was sent that there was, and the window has room, it is the user who
 * limits the rate, until what is under way now is delivered.
 */
void xtcp_rate_write(struct xtcp_tcb *tcb)
{
	u32 flight = xtcp_tcb_flight(tcb);

	if (tcb->snd_end - tcb->snd_nxt >= tcb->mss || tcb->rec.lost ||
	    flight >= tcb->cong.cwnd)
		return;
	tcb->rate.limited = true;
	tcb->rate.bubble = tcb->delivered + flight;
}

/* GenerateRateSample(). Return: octets/s, or 0 if the ACK tells nothing */
static u64 sample(struct xtcp_tcb *tcb, const struct xtcp_rec *newest, u64 now)
{
	u64 acked, interval, sent;

	if (!newest->since_delivered)
		return 0;
	tcb->rate.first_sent = newest->sent;
	/* ACKs may be squeezed together on their way: take the longer */
	sent = newest->since_first - 1;
	acked = now - newest->sent + newest->since_delivered - 1;
	interval = max_t(u64, sent, acked);
	/* shorter than a round trip, it is of octets that arrived long before */
	if ((s64)interval <= 0 || interval < tcb->rack.min_rtt)
		return 0;
	return (tcb->delivered - newest->delivered) * XTCP_USEC_PER_SEC /
	       interval;
}

/**
 * xtcp_rate_ack - an ACK arrived
 * @tcb: the connection, with all that the ACK said of it
 * @newest: the newest record that it tells of; all zero if it tells of none
 * @flight: octets outstanding before it
 * @delivered: octets that it delivers
 * @now: usec
 */
void xtcp_rate_ack(struct xtcp_tcb *tcb, const struct xtcp_rec *newest,
		   u32 flight, u32 delivered, u64 now)
{
	struct xtcp_rate *k = &tcb->rate;
	struct xtcp_cong_rate r = {
		.now = now, .delivered = delivered, .total = tcb->delivered,
		.before = newest->sent ? newest->delivered : tcb->delivered,
		.told = newest->sent, .limited = newest->limited,
		.prior_flight = flight, .flight = xtcp_tcb_flight(tcb),
		.srtt = tcb->srtt, .lost = k->lost - k->lost_told,
		.restart = k->restart,
		.recovery = tcb->recovery || seq_lt(tcb->snd_una, tcb->recover),
	};

	if (k->limited && seq_gt(tcb->delivered, k->bubble))
		k->limited = false;
	if (delivered)
		k->delivered_at = now;
	if (newest->sent) {
		r.rate = sample(tcb, newest, now);
		if (!(newest->flags & XTCP_REC_RTX) && now > newest->sent)
			r.rtt = min_t(u64, now - newest->sent, AGO_MAX);
	}
	if (r.rate && (!r.limited || r.rate >= k->best)) {
		k->best = r.rate;
		k->best_limited = r.limited;
	}
	k->lost_told = k->lost;
	k->restart = false;
	xtcp_cong_rated(&tcb->cong, &r);
	if (r.bubble) {
		k->limited = true;
		k->bubble = tcb->delivered + r.flight;
	}
}
