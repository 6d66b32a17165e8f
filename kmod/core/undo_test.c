// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of losses that were none, as exchanges: ten segments of 1000 octets
 * are out since the time 0, with a window of ten.
 */
#include "script_test.h"

#include "undo.c"

#define A XTCP_ACK
#define CLOCK 0xfffffff0U

struct play {
	struct script *s;
	u32 start;	/* our timestamp at the time 0 */
};

/* An ACK with the echo of what was sent @ms after the time 0 */
static void echo(struct play *p, u32 ack, u32 ms)
{
	struct xtcp_seg seg = {
		.seq = p->s->t.rcv_nxt, .ack = ack, .wnd = WND, .flags = A,
		.hlen = 32, .opts = XTCP_HAS_TS, .ts_val = 1,
		.ts_ecr = p->start + ms,
	};

	xtcp_act_init(&p->s->act);
	xtcp_input_rx(&p->s->t, &seg, NULL, p->s->now, &p->s->act);
}

static struct play begin(struct kunit *test, u32 octets)
{
	struct play p = { .s = script_open(test) };

	p.s->t.ts.ok = true;
	p.s->t.ts.offset = CLOCK;
	p.start = xtcp_ts_clock(&p.s->t.ts, p.s->now);
	script_write(p.s, octets);
	script_push(p.s);
	EXPECT_OUT(test, p.s, 0, A | (octets > 10000 ? 0 : XTCP_PSH), S(0),
		   10000);
	return p;
}

/* The path took longer than the RTO: what was late arrives, all is as before */
static void undo__timeout(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 rto = s->t.rto / MS;

	s->t.sack.ok = true;
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 1000U);
	s->now += 50 * MS;
	echo(&p, S(2000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
	/* RFC 4015: ssthresh and window of before, new data goes on */
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 1U << 30);
	KUNIT_EXPECT_LE(test, 10000U, s->t.cong.cwnd);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), s->out[0].len);
	KUNIT_EXPECT_LE(test, 2000U, s->out[0].len);
	KUNIT_EXPECT_LE(test, s->out[0].len, 4000U);
	/* and the timeout has learned: the round trip took RTO + 50 ms */
	KUNIT_EXPECT_LT(test, rto + 50, s->t.rto / MS);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
	EXPECT_SOUND(test, s);
}

/* It was lost: the echo is of what was sent again, even in the same tick */
static void undo__real_timeout(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 rto = s->t.rto / MS;

	script_wait(s, s->t.rto);
	script_push(s);
	s->now += 50 * MS;
	echo(&p, S(2000), rto);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(2000), 2000);
	/* that was decided: an older echo changes nothing any more */
	echo(&p, S(3000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
}

/* Late by two timeouts: the first one's time counts */
static void undo__two_timeouts(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 rto = s->t.rto / MS;

	script_wait(s, s->t.rto);
	script_push(s);
	script_wait(s, 2 * s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	/* of the first that was sent again: that one arrived, so one was lost */
	echo(&p, S(1000), rto);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);

	p = begin(test, 30000);
	s = p.s;
	script_wait(s, s->t.rto);
	script_push(s);
	script_wait(s, 2 * s->t.rto);
	script_push(s);
	echo(&p, S(1000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 1U << 30);
}

/* Overtaken by three others: no loss, and no smaller window */
static void undo__fast_retransmit(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 i;

	s->now += 100 * MS;
	for (i = 0; i < 3; i++)
		echo(&p, S(0), 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += MS;
	echo(&p, S(4000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 1U << 30);
	KUNIT_EXPECT_LE(test, 10000U, s->t.cong.cwnd);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), s->out[0].len);
	EXPECT_SOUND(test, s);
}

static void undo__real_fast_retransmit(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 i;

	s->now += 100 * MS;
	for (i = 0; i < 3; i++)
		echo(&p, S(0), 0);
	script_push(s);
	s->now += 100 * MS;
	echo(&p, S(4000), 100);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_PARTIAL_ACK);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
}

/* A timeout within recovery: something was lost beyond doubt */
static void undo__timeout_in_recovery(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;
	u32 i;

	s->now += 100 * MS;
	for (i = 0; i < 3; i++)
		echo(&p, S(0), 0);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	script_push(s);
	echo(&p, S(1000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
}

/* One ACK for very much: the window does not burst open */
static void undo__no_burst(struct kunit *test)
{
	struct play p = begin(test, 30000);
	struct script *s = p.s;

	s->p.initial_segments = 2;
	script_wait(s, s->t.rto);
	script_push(s);
	echo(&p, S(10000), 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, 4000U);
}

/* Nobody can tell without timestamps */
static void undo__no_timestamps(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 10000);
	script_push(s);
	script_wait(s, s->t.rto);
	script_push(s);
	s->now += MS;
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(undo__timeout),
	KUNIT_CASE(undo__real_timeout),
	KUNIT_CASE(undo__two_timeouts),
	KUNIT_CASE(undo__fast_retransmit),
	KUNIT_CASE(undo__real_fast_retransmit),
	KUNIT_CASE(undo__timeout_in_recovery),
	KUNIT_CASE(undo__no_burst),
	KUNIT_CASE(undo__no_timestamps),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_undo", .test_cases = cases };
kunit_test_suite(suite);
