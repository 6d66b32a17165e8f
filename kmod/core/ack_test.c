// SPDX-License-Identifier: GPL-2.0
/* Tests of ACKs: loss recovery, RTT samples, the peer's window. */
#include "rack_script_test.h"

#include "ack.c"

/* Ten segments are out, and the first of them was lost */
static struct script *lossy(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 10000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 10000);
	return s;
}

/* RFC 5681 3.2: the third duplicate, and no sooner */
static void ack_rx__fast_retransmit(struct kunit *test)
{
	struct script *s = lossy(test);

	PROVES(test, "RFC5681-3.2-frtx RFC5681-3.2-recovery RFC6582-3.2-init");
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, s->act.events,
			(u32)(XTCP_EV_DUP_ACK | XTCP_EV_FAST_RTX));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_RTX);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 8000U);
	/* the fourth only lets more out */
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 9000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
}

static void ack_rx__full_ack(struct kunit *test)
{
	struct script *s = lossy(test);
	u32 i;

	PROVES(test, "RFC6582-3.2-full");
	for (i = 0; i < 9; i++)
		script_ack(s, S(0));
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 14000U);
	script_ack(s, S(10000));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 2000U);	/* no burst */
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.dup_acks, 0);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
}

/* RFC 6582: each partial ACK shows the next hole */
static void ack_rx__partial_ack(struct kunit *test)
{
	struct script *s = lossy(test);
	u32 i;

	PROVES(test, "RFC6582-3.2-partial");
	for (i = 0; i < 3; i++)
		script_ack(s, S(0));
	script_push(s);
	script_ack(s, S(4000));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_PARTIAL_ACK);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);	/* 8 - 4 + 1 */
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(4000), 1000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + xtcp_rtt_rto(&s->t));
	script_ack(s, S(9999));
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(9999), 1);
	script_ack(s, S(10000));
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	EXPECT_SOUND(test, s);
}

/* RFC 3042: the first two duplicates let a new segment out each */
static void ack_rx__limited_transmit(struct kunit *test)
{
	struct script *s = lossy(test);

	PROVES(test, "RFC5681-3.2-limtx");
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), 1000);
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(11000), 1000);
}

struct dup {
	const char *name;
	u8 flags;
	u32 len;
	int ack;
	u16 wnd;
	bool dup;
};

/* RFC 5681 section 2, (a) to (e) */
static const struct dup dups[] = {
	{ "a duplicate", A, 0, 0, WND, true },
	{ "with data", A, 10, 0, WND, false },
	{ "with a FIN", A | XTCP_FIN, 0, 0, WND, false },
	{ "with another window", A, 0, 0, WND - 1, false },
	{ "older", A, 0, -1, WND, false },
	{ "newer", A, 0, 1, WND, false },
};

static void dup_desc(const struct dup *d, char *desc)
{
	strscpy(desc, d->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(dup, dups, dup_desc);

static void ack_rx__duplicate(struct kunit *test)
{
	const struct dup *d = test->param_value;
	struct script *s = lossy(test);

	script_rx(s, d->flags, R(0), S(d->ack), d->len, d->wnd);
	KUNIT_EXPECT_EQ(test, !!(s->act.events & XTCP_EV_DUP_ACK), d->dup);
	KUNIT_EXPECT_EQ(test, s->t.dup_acks, d->dup);
}

/* RFC 6675 2: with blocks the window may be another, as the receiver's grows */
static void ack_rx__duplicate_with_blocks(struct kunit *test)
{
	struct script *s = lossy(test);
	struct xtcp_seg seg = {
		.seq = R(0), .ack = S(0), .wnd = WND + 1, .flags = A, .hlen = 32,
		.opts = XTCP_HAS_SACK, .nsack = 1, .sack = { { S(1000), S(2000) } },
	};

	s->t.sack.ok = true;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.dup_acks, 1);
	seg.wnd++;
	seg.opts = 0;
	seg.nsack = 0;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.dup_acks, 1);
}

static void ack_rx__nothing_outstanding(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	for (i = 0; i < 5; i++) {
		script_ack(s, S(0));
		KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	}
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

/* RFC 6582 3.2: duplicates of what a timeout sent twice mean nothing */
static void ack_rx__no_fast_rtx_after_rto(struct kunit *test)
{
	struct script *s = lossy(test);
	u32 i;

	PROVES(test, "RFC6582-3.2-enter RFC6582-3.2-rto");
	script_wait(s, s->t.rto);
	script_push(s);
	for (i = 0; i < 5; i++) {
		script_ack(s, S(0));
		KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_FAST_RTX);
	}
}

/* RFC 5681 4.3: each loss in turn costs a part of the window */
static void ack_rx__lost_twice(struct kunit *test)
{
	struct script *s = lossy(test);
	u32 i;

	PROVES(test, "RFC5681-4.3");
	for (i = 0; i < 3; i++)
		script_ack(s, S(0));
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	/* what was sent again is lost again */
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 4000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 1000U);

	/* the next window has a loss, too */
	s = lossy(test);
	for (i = 0; i < 3; i++)
		script_ack(s, S(0));
	script_push(s);
	script_ack(s, S(10000));
	s->t.cong.cwnd = s->t.cong.ssthresh;
	script_write(s, 6000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), 5000);
	script_ack(s, S(11000));
	script_push(s);
	for (i = 0; i < 3; i++)
		script_ack(s, S(11000));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2500U);
}

/* RFC 5961 section 5.2 */
static void ack_rx__out_of_range(struct kunit *test)
{
	struct script *s = lossy(test);

	PROVES(test, "RFC5961-5.2");
	script_ack(s, S(10001));
	EXPECT_DROP(test, s, FUTURE_ACK);
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(0));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_CHALLENGE);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	/* a future ACK carries no data either */
	s->now += 600 * MS;
	script_rx(s, A, R(0), S(10001), 50, WND);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_DELIVER);
	script_push(s);
	/* old, but within the largest window */
	script_rx(s, A, R(0), S(-WND), 50, WND);
	EXPECT_DROP(test, s, NONE);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_DELIVER);
	/* older than that */
	s->now += 600 * MS;
	script_rx(s, A, R(50), S(-WND - 1), 50, WND);
	EXPECT_DROP(test, s, OLD_ACK);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_CHALLENGE);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_DELIVER);
}

static void ack_rx__sample(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	PROVES(test, "RFC6298-3-rate RFC8961-4-2a");
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	script_write(s, 2000);
	script_push(s);
	s->now += 180 * MS;
	script_ack(s, S(1000));		/* ends before the timed octet */
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, s->t.srtt, 110000U);
	/* one from each flight */
	for (i = 2; i < 8; i++) {
		u32 srtt = s->t.srtt;

		script_write(s, 1000);
		script_push(s);
		s->now += 300 * MS;
		script_ack(s, S(1000 * (i + 1)));
		KUNIT_EXPECT_EQ(test, s->t.srtt, srtt + (300000 - srtt) / 8);
	}
}

/* Karn: no sample from what was sent twice, and the backoff stays with it */
static void ack_rx__karn(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 srtt = s->t.srtt;

	PROVES(test, "RFC6298-3-karn RFC8961-4-2d");
	script_write(s, 1000);
	script_push(s);
	script_wait(s, s->t.rto);
	script_push(s);
	s->now += 10 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->t.srtt, srtt);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 1);
	/* data sent but once ends it */
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + 2 * s->t.rto);
	s->now += 10 * MS;
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
	KUNIT_EXPECT_NE(test, s->t.srtt, srtt);
}

static void ack_rx__window_update(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC9293-3.10.7.4-wl");
	script_write(s, 3000);
	script_push(s);
	script_rx(s, A, R(0), S(1000), 0, 5000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 5000U);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_WINDOW);
	/* an old ACK's window is stale */
	script_rx(s, A, R(0), S(500), 0, 9000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 5000U);
	/* newer by its number */
	script_rx(s, A, R(0), S(1000), 10, 6000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 6000U);
	script_rx(s, A, R(10), S(1000), 10, 7000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 7000U);
	/* older by its number, same ACK: overtaken */
	script_push(s);
	script_rx(s, A, R(0), S(1000), 25, 4000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 7000U);
	/* older by its number, newer by its ACK: sent again, all of it counts */
	script_rx(s, A, R(0), S(2000), 30, 3000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 3000U);
	/* newer than that by its number, yet an old ACK: overtaken */
	script_rx(s, A, R(20), S(1000), 15, 8000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 3000U);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd_max, (u32)WND);
}

static void ack_rx__window_scaled(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "REC-1");
	s->t.snd_wscale = 3;
	script_rx(s, A, R(0), S(0), 0, 5000);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 40000U);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd_max, 40000U);
	s->t.snd_wscale = 14;
	script_rx(s, A, R(0), S(0), 0, 65535);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 65535U << 14);
}

/* A taken probe is acknowledged, though SND.NXT never counted it */
static void ack_rx__probe_taken(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 0, 0);
	script_write(s, 5);
	script_push(s);
	/* not before it was sent */
	script_rx(s, A, R(0), S(1), 0, 0);
	EXPECT_DROP(test, s, FUTURE_ACK);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 1);
	script_rx(s, A, R(0), S(2), 0, 0);
	EXPECT_DROP(test, s, FUTURE_ACK);
	script_rx(s, A, R(0), S(1), 0, WND);
	EXPECT_DROP(test, s, NONE);
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(1));
	KUNIT_EXPECT_EQ(test, s->t.tries, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(1), 4);
	EXPECT_SOUND(test, s);
}

/* An opened window ends the probing and its backoff at once */
static void ack_rx__window_opens(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 0, 0);
	script_write(s, 3000);
	script_push(s);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 1);
	script_rx(s, A, R(0), S(0), 0, WND);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
	KUNIT_EXPECT_EQ(test, s->t.tries, 0);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST], 0ULL);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 3000);
	/* the probe's octet is one of these: nothing lies behind them */
	script_rx(s, A, R(0), S(3001), 0, WND);
	EXPECT_DROP(test, s, FUTURE_ACK);
	EXPECT_SOUND(test, s);
}

/* After 3 GiB without a loss, and without a small segment, both still work */
static void ack_rx__far_from_old_numbers(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 at = 0, i;

	s->t.snd_wscale = 14;
	s->t.snd_wnd = WND << 14;
	s->t.cong.cwnd = 1 << 30;
	s->max = 250000000;
	for (i = 0; i < 12; i++) {
		script_write(s, 250000000);
		script_push(s);
		at += 250000000;
		script_ack(s, S(at));
	}
	s->t.cong.cwnd = 10000;
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	script_ack(s, S(at + 10));
	at += 10;
	script_write(s, 5000);
	script_push(s);
	for (i = 0; i < 3; i++)
		script_ack(s, S(at));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
}

/* An ACK in the middle of what is lost leaves the rest to be sent again */
static void ack_rx__during_go_back_n(struct kunit *test)
{
	struct script *s = lossy(test);

	script_wait(s, s->t.rto);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, s->t.rtx_nxt, S(3000));
	KUNIT_EXPECT_EQ(test, s->t.rtx_end, S(10000));
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(3000), 2000);
	script_ack(s, S(10000));
	KUNIT_EXPECT_EQ(test, s->t.rtx_nxt, s->t.rtx_end);
	EXPECT_SOUND(test, s);
}

static struct xtcp_cong_sample told;

static void tell(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	told = *s;
}

/* What congestion control is told of an ACK */
static void ack_new__sample(struct kunit *test)
{
	static const struct xtcp_cong_ops ops = { .acked = tell };
	struct script *s = script_open(test);

	s->t.cong.ops = &ops;
	script_write(s, 4000);
	script_push(s);
	s->now += 70 * MS;
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, told.now, s->now);
	KUNIT_EXPECT_EQ(test, told.acked, 3000U);
	KUNIT_EXPECT_EQ(test, told.flight, 4000U);
	KUNIT_EXPECT_EQ(test, told.una, S(3000));
	KUNIT_EXPECT_EQ(test, told.nxt, S(4000));
	KUNIT_EXPECT_EQ(test, told.rtt, 0U);
	KUNIT_EXPECT_EQ(test, told.srtt, s->t.srtt);
	KUNIT_EXPECT_EQ(test, told.rto, s->t.rto);
	script_ack(s, S(4000));
	KUNIT_EXPECT_EQ(test, told.rtt, (u32)(70 * MS));
}

/* After 2^32 octets SND.UNA is at the ISS again, and no SYN is outstanding */
static void ack_rx__around_the_numbers(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 3000);
	script_push(s);
	s->t.iss = S(1999) - 0x80000000U;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->t.iss, S(1999) - 0x80000000U);
	script_ack(s, S(2000));
	KUNIT_EXPECT_TRUE(test, seq_lt(s->t.iss, s->t.snd_una));
	KUNIT_EXPECT_EQ(test, s->t.iss_moves, 1U);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_since_syn(&s->t, S(2000)), 0x80000001ULL);
	s->t.iss_moves = 12;
	KUNIT_EXPECT_EQ(test, xtcp_tcb_since_syn(&s->t, S(2100)),
			0x80000001ULL + 11 * 0x40000000ULL + 100);
	s->t.iss = S(2999) - 0x80000000U;
	script_write(s, 1000);
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(3000), 1000);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(3000), 1000);
	EXPECT_SOUND(test, s);
}

/* HyStart++ wants eight round trips measured in one: each ACK measures one */
static void ack_new__sample_each(struct kunit *test)
{
	static const struct xtcp_cong_ops ops = { .acked = tell };
	struct script *s = script_open(test);
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = S(1000), .wnd = WND, .hlen = 32,
		.flags = A, .opts = XTCP_HAS_TS, .ts_val = 1,
	};

	s->t.cong.ops = &ops;
	s->t.ts.ok = true;
	script_write(s, 4000);
	script_push(s);
	seg.ts_ecr = xtcp_ts_clock(&s->t.ts, s->now);
	s->now += 70 * MS;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, told.rtt, (u32)(70 * MS));
	/* the timing of the whole flight goes on */
	KUNIT_EXPECT_EQ(test, s->t.rtt_end, S(4000));
	s->now += 5 * MS;
	seg.ack = S(2000);
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, told.rtt, (u32)(75 * MS));
	/* without timestamps the records know */
	seg.opts = 0;
	s->t.ts.ok = false;
	seg.ack = S(3000);
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, told.rtt, 0U);

	s = begin(test, 4000);
	s->t.cong.ops = &ops;
	s->now += 60 * MS;
	sack(s, 1000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, told.rtt, (u32)(60 * MS));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ack_rx__around_the_numbers),
	KUNIT_CASE(ack_new__sample),
	KUNIT_CASE(ack_new__sample_each),
	KUNIT_CASE(ack_rx__fast_retransmit),
	KUNIT_CASE(ack_rx__full_ack),
	KUNIT_CASE(ack_rx__partial_ack),
	KUNIT_CASE(ack_rx__limited_transmit),
	KUNIT_CASE_PARAM(ack_rx__duplicate, dup_gen_params),
	KUNIT_CASE(ack_rx__duplicate_with_blocks),
	KUNIT_CASE(ack_rx__nothing_outstanding),
	KUNIT_CASE(ack_rx__no_fast_rtx_after_rto),
	KUNIT_CASE(ack_rx__lost_twice),
	KUNIT_CASE(ack_rx__out_of_range),
	KUNIT_CASE(ack_rx__sample),
	KUNIT_CASE(ack_rx__karn),
	KUNIT_CASE(ack_rx__window_update),
	KUNIT_CASE(ack_rx__window_scaled),
	KUNIT_CASE(ack_rx__probe_taken),
	KUNIT_CASE(ack_rx__window_opens),
	KUNIT_CASE(ack_rx__far_from_old_numbers),
	KUNIT_CASE(ack_rx__during_go_back_n),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_ack", .test_cases = cases };
kunit_test_suite(suite);
