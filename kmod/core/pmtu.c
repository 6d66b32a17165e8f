// SPDX-License-Identifier: GPL-2.0
/*
 * Packetization layer path MTU discovery (RFC 4821, RFC 8899): when the network
 * swallows what is too big and says nothing, segments become smaller; and one
 * that is larger is tried now and then. Its loss alone is no sign of congestion.
 * And what is believed of ICMP's reports (RFC 5927 7.2).
 */
#include "pmtu.h"
#include "act.h"
#include "seq.h"
#include "tcb.h"

#define DUP_THRESH 3

static u16 limit(const struct xtcp_tcb *tcb)
{
	return min_t(u16, tcb->pmtu.path, tcb->peer_mss);
}

/* The size of full segments, as things are */
static u16 full(const struct xtcp_tcb *tcb)
{
	u16 size = limit(tcb);

	if (tcb->pmtu.on)
		size = min_t(u16, size, tcb->pmtu.low);
	return max_t(u16, size, tcb->params->min_mss);
}

static u16 payload(const struct xtcp_tcb *tcb)
{
	return full(tcb) - xtcp_tcb_opt_room(tcb);
}

/*
 * RFC 4821 7.7: the size of so much payload, but never below what any path has
 * to carry
 */
static u16 bounded(const struct xtcp_tcb *tcb, u32 len, u32 room)
{
	u32 size = max_t(u32, len, tcb->params->mtu_floor) + room;

	if (tcb->v6)
		size = max_t(u32, size, XTCP_PMTU_LEAST6);
	size = max_t(u32, size, tcb->params->min_mss);
	return min_t(u32, size, limit(tcb));
}

/**
 * xtcp_pmtu_open - the handshake says what both sides take
 * @tcb: the connection, whose mss is what route and user allow
 * @room: octets of options in every segment from now on
 */
void xtcp_pmtu_open(struct xtcp_tcb *tcb, u32 room)
{
	struct xtcp_pmtu *p = &tcb->pmtu;

	memset(p, 0, sizeof(*p));
	p->path = tcb->mss;
	p->high = limit(tcb);
	p->low = bounded(tcb, tcb->params->base_mss, room);	/* 7.2 */
	p->on = tcb->params->mtu_probing > 1;
	tcb->mss = full(tcb) - room;
}

/**
 * xtcp_pmtu_path - route or user allow another size
 * @tcb: the connection, past its handshake
 * @size: the size
 *
 * Return: the payload of full segments from now on
 */
u16 xtcp_pmtu_path(struct xtcp_tcb *tcb, u16 size)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u16 before = limit(tcb), now;

	p->path = size;
	now = limit(tcb);
	p->high = now > before ? now : min_t(u16, p->high, now);
	p->low = min_t(u16, p->low, now);
	return payload(tcb);
}

/* Nothing larger than @mss is to be reckoned with any more */
static void shrink(struct xtcp_tcb *tcb, u16 mss)
{
	struct xtcp_pmtu *p = &tcb->pmtu;

	p->sent = tcb->snd_una == tcb->snd_nxt ? 0 : min_t(u16, p->sent, mss);
	/* what was larger arrived on a path that is no more */
	if (p->acked > p->sent)
		p->acked = 0;
	p->sent_end = tcb->snd_nxt;
	p->watch = true;
}

/**
 * xtcp_pmtu_use - full segments have another size
 * @tcb: the connection
 * @mss: their payload
 *
 * Section 4: cwnd does not grow, neither in octets nor in segments.
 */
void xtcp_pmtu_use(struct xtcp_tcb *tcb, u16 mss)
{
	struct xtcp_cong *c = &tcb->cong;

	if (mss < tcb->mss) {
		c->cwnd = (u64)c->cwnd * mss / tcb->mss;
		shrink(tcb, mss);
	}
	tcb->mss = mss;
	c->mss = mss;
	/* what is never less than so many segments */
	c->cwnd = max_t(u32, c->cwnd, mss);
	c->ssthresh = max_t(u32, c->ssthresh, 2 * mss);
}

static u32 probe_len(const struct xtcp_tcb *tcb)
{
	return tcb->pmtu.size - xtcp_tcb_opt_room(tcb);
}

/* The probe is no more, whatever became of it */
static void probe_over(struct xtcp_tcb *tcb)
{
	tcb->pmtu.phase = XTCP_PMTU_IDLE;
	shrink(tcb, tcb->mss);
}

/* 7.3: is there anything left to look for? After a while there may be again */
static bool searching(struct xtcp_tcb *tcb, u64 now)
{
	u32 second = max_t(u32, now / XTCP_USEC_PER_SEC, 1);
	struct xtcp_pmtu *p = &tcb->pmtu;

	if (p->rest && second - p->rest >= tcb->params->mtu_interval) {
		p->high = limit(tcb);
		p->rest = 0;
	}
	if (p->high > p->low && p->high - p->low >= tcb->params->mtu_threshold)
		return true;
	if (!p->rest)
		p->rest = second;
	return false;
}

/**
 * xtcp_pmtu_probe - is a larger segment to be tried now? (7.4)
 * @tcb: the connection, with the search on and nothing to be sent again
 * @now: usec
 * @unsent: octets that wait to be sent
 * @wnd: how many of them the peer takes
 *
 * The largest size first: most paths that seemed to be black holes are none.
 * Enough has to follow it to show its loss without a timeout.
 *
 * Return: its payload, or 0. Nothing else is to be sent before it.
 */
u32 xtcp_pmtu_probe(struct xtcp_tcb *tcb, u64 now, u32 unsent, u32 wnd)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u32 size, len, need;

	if (p->phase || tcb->recovery || tcb->rec.sacked || tcb->dup_acks ||
	    tcb->backoff || tcb->frto || !searching(tcb, now))
		return 0;
	size = p->high == limit(tcb) ? p->high : (p->low + p->high + 1) / 2;
	len = size - xtcp_tcb_opt_room(tcb);
	need = len + (DUP_THRESH + 1) * tcb->mss;
	if (len <= tcb->mss || unsent < need || wnd < need ||
	    tcb->cong.cwnd < need)
		return 0;
	return len;
}

/**
 * xtcp_pmtu_sent - a segment larger than any before was sent
 * @tcb: the connection
 * @seg: the segment, or several as one
 */
void xtcp_pmtu_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u32 len = min_t(u32, seg->len, tcb->mss);

	/* for want of memory a probe may have become a segment like others */
	if (seg->kind == XTCP_TX_MTU && seg->len > len) {
		len = seg->len;
		p->phase = XTCP_PMTU_PROBING;
		p->size = len + xtcp_tcb_opt_room(tcb);
		p->seq = seg->seq;
	}
	p->sent = len;
	p->sent_end = seg->seq + len;
	p->watch = true;
}

/**
 * xtcp_pmtu_resent - something was sent again while a probe is out
 * @tcb: the connection
 * @seg: what was sent; if the probe was in it, nobody will know of its fate
 */
void xtcp_pmtu_resent(struct xtcp_tcb *tcb, const struct xtcp_seg *seg)
{
	const struct xtcp_pmtu *p = &tcb->pmtu;

	if (seq_lt(seg->seq, p->seq + probe_len(tcb)) &&
	    seq_gt(xtcp_seg_end(seg), p->seq))
		probe_over(tcb);
}

/* The probe has arrived: its size is the size from now on, if it proves good */
static void raise(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u16 size = p->size;

	act->events |= XTCP_EV_MTU_UP;
	p->size = p->low;
	p->low = min_t(u16, size, limit(tcb));
	p->phase = XTCP_PMTU_VERIFYING;
	p->seq = tcb->snd_nxt;
	xtcp_pmtu_use(tcb, payload(tcb));
	if (p->sent > tcb->mss)		/* the path has shrunk meanwhile */
		shrink(tcb, tcb->mss);
}

/**
 * xtcp_pmtu_acked - SND.UNA has moved, and something was waiting for that
 * @tcb: the connection, with the new snd_una
 * @act: counts it
 */
void xtcp_pmtu_acked(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u32 una = tcb->snd_una;

	if (seq_ge(una, p->sent_end))
		p->acked = p->sent;
	/* RFC 5927 7.2: what was said not to pass has passed */
	if (p->icmp && seq_gt(una, p->icmp_seq))
		p->icmp = 0;
	if (p->phase == XTCP_PMTU_PROBING) {
		if (seq_ge(una, p->seq + probe_len(tcb)))
			raise(tcb, act);
	} else if (p->phase &&
		   seq_ge(una, p->seq + XTCP_PMTU_VERIFY * tcb->mss)) {
		p->phase = XTCP_PMTU_IDLE;
	}
	p->watch = p->phase || p->icmp || p->acked != p->sent;
}

/* 7.6.2: no larger than the probe */
static void fail(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	act->events |= XTCP_EV_MTU_FAIL;
	tcb->pmtu.high = min_t(u16, tcb->pmtu.high, tcb->pmtu.size - 1);
	probe_over(tcb);
}

/* 7.8: what has proved good was not */
static void fall_back(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;

	act->events |= XTCP_EV_MTU_FAIL;
	p->high = min_t(u16, p->high, p->low - 1);
	p->low = min_t(u16, p->size, p->high);
	p->phase = XTCP_PMTU_IDLE;
	xtcp_pmtu_use(tcb, payload(tcb));
}

/*
 * Of the larger segments a third and more than one are lost: the path has
 * several ways, and not all of them carry these
 */
static bool sharp(struct xtcp_tcb *tcb)
{
	u32 start = tcb->pmtu.seq, lost = 0, arrived = 0, i;

	if (seq_gt(tcb->snd_una, start))
		arrived = tcb->snd_una - start;
	for (i = 0; i < tcb->rec.n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(&tcb->rec, i);
		u32 len = xtcp_rec_end(&tcb->rec, i, tcb->snd_nxt) - at->seq;

		if (seq_lt(at->seq, start))
			continue;
		if (at->flags & XTCP_REC_LOST)
			lost += len;
		else if (at->flags & XTCP_REC_SACKED)
			arrived += len;
	}
	return lost > tcb->mss && 2 * lost >= arrived;
}

static bool alone(struct xtcp_tcb *tcb)
{
	u32 start = tcb->pmtu.seq, end = start + probe_len(tcb), i;

	for (i = 0; i < tcb->rec.n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(&tcb->rec, i);

		if (at->flags & XTCP_REC_LOST &&
		    (seq_lt(at->seq, start) ||
		     seq_gt(xtcp_rec_end(&tcb->rec, i, tcb->snd_nxt), end)))
			return false;
	}
	return true;
}

/**
 * xtcp_pmtu_lost - segments were lost, and no recovery has begun yet
 * @tcb: the connection, with SACK, in some phase of the search
 * @act: counts it
 *
 * Return: true if it was the probe and nothing else: then it is sent again, in
 *	smaller segments, and the congestion window stays (7.6.2)
 */
bool xtcp_pmtu_lost(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	if (tcb->pmtu.phase == XTCP_PMTU_VERIFYING) {
		if (sharp(tcb))
			fall_back(tcb, act);
		return false;
	}
	if (!alone(tcb))
		return false;
	fail(tcb, act);
	return true;
}

/**
 * xtcp_pmtu_lost_first - the segment at SND.UNA was lost, by duplicate ACKs
 * @tcb: the connection, without SACK, in some phase of the search
 * @act: counts it
 *
 * Return: true if it was the probe
 */
bool xtcp_pmtu_lost_first(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;

	if (p->phase != XTCP_PMTU_PROBING || p->seq != tcb->snd_una)
		return false;
	tcb->rtx_nxt = p->seq;
	tcb->rtx_end = p->seq + probe_len(tcb);
	tcb->rtx_force = true;
	tcb->rtt_start = 0;
	fail(tcb, act);
	return true;
}

/* 7.7: time and again nothing arrives: the path may be one that tells nothing */
static void black_hole(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u32 room = xtcp_tcb_opt_room(tcb);
	u16 first = bounded(tcb, tcb->params->base_mss, room), mss;

	if (!p->on)
		p->on = true;
	else if (p->low > first)
		p->low = first;
	else
		p->low = bounded(tcb, (p->low - room) / 2, room);
	p->rest = 0;
	mss = payload(tcb);
	if (mss >= tcb->mss)
		return;
	act->events |= XTCP_EV_BLACK_HOLE;
	xtcp_pmtu_use(tcb, mss);
}

/**
 * xtcp_pmtu_timeout - the retransmission timer has expired
 * @tcb: the connection, past its handshake
 * @act: with XTCP_EV_R1, if it has expired so often; may get XTCP_ACT_TOO_BIG
 */
void xtcp_pmtu_timeout(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	struct xtcp_pmtu *p = &tcb->pmtu;

	if (p->phase == XTCP_PMTU_VERIFYING)
		fall_back(tcb, act);
	else if (p->phase)
		probe_over(tcb);
	if (p->icmp)
		act->flags |= XTCP_ACT_TOO_BIG;
	else if (act->events & XTCP_EV_R1 && tcb->params->mtu_probing)
		black_hole(tcb, act);
}

/**
 * xtcp_pmtu_too_big - the network reports that a segment was too big
 * @tcb: the connection
 * @seq: the number that it quotes, which is outstanding
 * @size: what it says that passes
 *
 * RFC 5927 7.2: nothing as large was sent, or it has arrived before, and the
 * report may be forged; then it is to be believed once the segment times out,
 * which XTCP_ACT_TOO_BIG tells.
 *
 * Return: true if it is to be believed now
 */
bool xtcp_pmtu_too_big(struct xtcp_tcb *tcb, u32 seq, u32 size)
{
	struct xtcp_pmtu *p = &tcb->pmtu;
	u32 room = xtcp_tcb_opt_room(tcb);
	u32 len = size > room ? size - room : 1;

	if (len >= p->sent)
		return false;
	if (len >= p->acked)
		return true;
	p->icmp = len;
	p->icmp_seq = seq;
	p->watch = true;
	return false;
}

/**
 * xtcp_pmtu_overdue - the report that had to wait
 * @tcb: the connection, after XTCP_ACT_TOO_BIG
 *
 * Return: what it said that passes; it is forgotten here
 */
u32 xtcp_pmtu_overdue(struct xtcp_tcb *tcb)
{
	u32 size = tcb->pmtu.icmp + xtcp_tcb_opt_room(tcb);

	tcb->pmtu.icmp = 0;
	return size;
}
