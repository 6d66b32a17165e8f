// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of F-RTO, as exchanges without timestamps: ten segments of 1000 octets
 * are out since the time 0, the timer has expired, and the first was sent again.
 */
#include "script_test.h"

#include "frto.c"

#define A XTCP_ACK

static struct script *begin(struct kunit *test, u32 octets, bool with_sack)
{
	struct script *s = script_open(test);

	if (with_sack) {
		s->t.sack.ok = true;
		xtcp_rack_open(&s->t);
		s->t.rack.tlp_stale = true;	/* no tail probe before */
	}
	script_write(s, octets);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 1000U);
	s->now += 50 * MS;
	return s;
}

static void sack(struct script *s, u32 ack, u32 start, u32 end)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = ack, .wnd = WND, .flags = A,
		.hlen = 32, .opts = XTCP_HAS_SACK, .nsack = 1,
		.sack = { { start, end } },
	};

	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
}

/* The first ACK is new: two new segments go out, and nothing old */
static void first(struct kunit *test, struct script *s)
{
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), 2000);
}

/* All was only late: the second ACK is new, too, and all is as before */
static void frto__late(struct kunit *test)
{
	int with_sack;

	for (with_sack = 0; with_sack < 2; with_sack++) {
		struct script *s = begin(test, 30000, with_sack);

		first(test, s);
		script_ack(s, S(2000));
		KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
		KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 1U << 30);
		KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 11000U);
		script_push(s);
		EXPECT_OUT(test, s, 0, A, S(12000), 1000);
		EXPECT_SOUND(test, s);
	}
}

/* Switched off: what is lost is sent again, as far as slow start goes */
static void frto__off(struct kunit *test)
{
	struct script *s = script_open(test);

	s->p.frto = false;
	script_write(s, 30000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);
}

/* The second ACK is a duplicate: the rest is sent again, in slow start */
static void frto__lost(struct kunit *test)
{
	struct script *s = begin(test, 30000, false);

	first(test, s);
	s->t.cong.cwnd = 5000;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 3000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	/* one by the window, one more by limited transmit */
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	EXPECT_SOUND(test, s);
}

/* With SACK the blocks say which of the two it is (RFC 5682 3.1) */
static void frto__lost_with_sack(struct kunit *test)
{
	struct script *s = begin(test, 30000, true);

	first(test, s);
	s->t.snd_wnd--;		/* the window of the report is another */
	sack(s, S(1000), S(10000), S(11000));
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, 3000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(1000), s->out[0].len);

	s = begin(test, 30000, true);
	first(test, s);
	sack(s, S(1000), S(3000), S(4000));
	KUNIT_EXPECT_EQ(test, s->act.events & XTCP_EV_UNDO, (u32)XTCP_EV_UNDO);
	EXPECT_SOUND(test, s);
}

/* The first ACK is a duplicate, or for everything: nothing is in doubt */
static void frto__first_tells(struct kunit *test)
{
	struct script *s = begin(test, 30000, false);

	script_ack(s, S(0));
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);

	s = begin(test, 30000, false);
	script_ack(s, S(10000));
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), s->out[0].len);
	script_ack(s, S(11000));
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
}

/* A segment of the peer's without news decides nothing */
static void frto__no_duplicate(struct kunit *test)
{
	struct script *s = begin(test, 30000, false);

	script_rx(s, A, R(0), S(0), 100, WND);
	first(test, s);
	script_rx(s, A, R(100), S(1000), 100, WND);
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_UNDO);
}

/* Nothing new to send, or no room for it: the old goes on (2.1 step 2b) */
static void frto__nothing_new(struct kunit *test)
{
	struct script *s = begin(test, 10000, false);

	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);

	s = begin(test, 30000, false);
	script_rx(s, A, R(0), S(1000), 0, 9500);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);
}

/* A second timeout, or one while losses are mended: no doubt is left */
static void frto__no_doubt(struct kunit *test)
{
	struct script *s = begin(test, 30000, false);
	u32 i;

	script_wait(s, 3 * s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.frto, XTCP_FRTO_OFF);

	s = script_open(test);
	script_write(s, 10000);
	script_push(s);
	for (i = 0; i < 3; i++)
		script_ack(s, S(0));
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.frto, XTCP_FRTO_OFF);

	/* nor before all of the first timeout's octets have arrived */
	s = begin(test, 30000, false);
	script_push(s);
	script_ack(s, S(1000));
	script_push(s);
	script_ack(s, S(1000));
	script_push(s);
	script_wait(s, 2 * s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.frto, XTCP_FRTO_OFF);
}

/* Nor is a SYN's */
static void frto__syn(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.frto, XTCP_FRTO_OFF);
}

/* Timestamps know better */
static void frto__with_timestamps(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.ts.ok = true;
	script_write(s, 30000);
	script_push(s);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->t.frto, XTCP_FRTO_OFF);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(frto__late),
	KUNIT_CASE(frto__off),
	KUNIT_CASE(frto__lost),
	KUNIT_CASE(frto__lost_with_sack),
	KUNIT_CASE(frto__first_tells),
	KUNIT_CASE(frto__no_duplicate),
	KUNIT_CASE(frto__nothing_new),
	KUNIT_CASE(frto__no_doubt),
	KUNIT_CASE(frto__syn),
	KUNIT_CASE(frto__with_timestamps),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_frto", .test_cases = cases };
kunit_test_suite(suite);
