// SPDX-License-Identifier: GPL-2.0
/* Tests of the delivery rate: what an algorithm that asks for it is told. */
#include "rack_script_test.h"

#include "rate.c"

static struct xtcp_cong_rate told;
static u32 calls;

static void note(struct xtcp_cong *c, struct xtcp_cong_rate *r)
{
	told = *r;
	calls++;
}

static u32 same(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	return c->cwnd;
}

static const struct xtcp_cong_ops noted = {
	.name = "noted",
	.ssthresh = same,
	.rated = note,
};

/* A connection whose algorithm asks; the last octet so far arrived at 0 */
static struct script *start(struct kunit *test, bool sack)
{
	struct script *s = script_open(test);

	memset(&told, 0, sizeof(told));
	calls = 0;
	s->t.sack.ok = sack;
	xtcp_rec_grow(&s->t.rec, kunit_kzalloc(test, sizeof(struct xtcp_rec) *
					       RECORDS, GFP_KERNEL), RECORDS);
	xtcp_rack_open(&s->t);
	s->t.recover = S(0) - 2;
	xtcp_cong_select(&s->t.cong, &noted);
	s->t.cong.cwnd = 20 * MSS;
	s->max = MSS;
	return s;
}

static void write_and_send(struct script *s, u32 len)
{
	script_write(s, len);
	script_push(s);
}

/* Two segments, 10 ms apart, and their ACKs */
static void one_after_the_other(struct kunit *test, bool with_sack)
{
	struct script *s = start(test, with_sack);

	write_and_send(s, MSS);
	s->now += 10 * MS;
	write_and_send(s, MSS);
	s->now += 40 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, calls, 1U);
	KUNIT_EXPECT_EQ(test, told.rate, 20000ULL);	/* 1000 in 50 ms */
	KUNIT_EXPECT_EQ(test, told.rtt, 50000U);
	KUNIT_EXPECT_EQ(test, told.delivered, 1000U);
	KUNIT_EXPECT_EQ(test, told.prior_flight, 2000U);
	KUNIT_EXPECT_EQ(test, told.flight, 1000U);
	KUNIT_EXPECT_TRUE(test, told.restart);
	KUNIT_EXPECT_EQ(test, told.before, told.total - 1000);
	s->now += 20 * MS;
	script_ack(s, S(2000));
	/* both were sent after all before had arrived: 2000 in 70 ms */
	KUNIT_EXPECT_EQ(test, told.rate, 28571ULL);
	KUNIT_EXPECT_EQ(test, told.rtt, 60000U);
	KUNIT_EXPECT_FALSE(test, told.restart);
	KUNIT_EXPECT_FALSE(test, told.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rate.best, 28571ULL);
}

static void rate_ack__delivered_over_time(struct kunit *test)
{
	one_after_the_other(test, true);
}

static void rate_ack__without_sack(struct kunit *test)
{
	one_after_the_other(test, false);
}

/* ACKs that were held up and come together tell of no higher rate */
static void rate_ack__the_longer_of_both_sides(struct kunit *test)
{
	struct script *s = start(test, true);

	write_and_send(s, MSS);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	write_and_send(s, MSS);
	s->now += 150 * MS;
	write_and_send(s, MSS);
	s->now += 50 * MS;
	script_ack(s, S(2000));
	write_and_send(s, MSS);		/* 200 ms after what was delivered last */
	s->now += 50 * MS;
	script_ack(s, S(4000));
	KUNIT_EXPECT_EQ(test, told.rate, 10000ULL);
	KUNIT_EXPECT_EQ(test, told.rtt, 50000U);
}

/* The ACK of what was sent twice may be for the first: too soon to tell */
static void rate_ack__within_a_round_trip(struct kunit *test)
{
	struct script *s = start(test, true);

	s->t.rack.min_rtt = 1000 * MS;
	s->t.rack.min_rtt_at = s->now;
	write_and_send(s, MSS);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->now += 10 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_TRUE(test, told.told);
	KUNIT_EXPECT_EQ(test, told.rate, 0ULL);
}

/* A range that is reported counts when it is, and not again */
static void rate_ack__counts_blocks_once(struct kunit *test)
{
	struct script *s = start(test, true);

	write_and_send(s, 4 * MSS);
	s->now += 50 * MS;
	sack(s, 0, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, told.delivered, 2000U);
	KUNIT_EXPECT_EQ(test, told.rate, 40000ULL);
	KUNIT_EXPECT_EQ(test, calls, 1U);
	sack(s, 0, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, calls, 1U);
	s->now += 50 * MS;
	sack(s, 1000, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, told.delivered, 1000U);
	KUNIT_EXPECT_EQ(test, told.rate, 30000ULL);
}

/* Losses are told once, and of what was sent twice no round trip */
static void rate_ack__losses(struct kunit *test)
{
	struct script *s = start(test, true);

	write_and_send(s, 6 * MSS);
	s->now += 50 * MS;
	sack(s, 0, 1000, 6000, 0, 0);
	KUNIT_EXPECT_TRUE(test, told.recovery);
	KUNIT_EXPECT_EQ(test, told.lost, 1000U);
	KUNIT_EXPECT_EQ(test, told.flight, 0U);
	/* nothing but the algorithm sets the window */
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 20U * MSS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), MSS);
	s->now += 50 * MS;
	script_ack(s, S(6000));
	KUNIT_EXPECT_FALSE(test, told.recovery);
	KUNIT_EXPECT_EQ(test, told.lost, 0U);
	KUNIT_EXPECT_EQ(test, told.rtt, 0U);
	KUNIT_EXPECT_EQ(test, told.delivered, 1000U);
	KUNIT_EXPECT_EQ(test, told.rate, 20000ULL);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 20U * MSS);
}

/* Until what was under way then has arrived, it is the user who sets the rate */
static void rate_write__limited(struct kunit *test)
{
	struct script *s = start(test, true);

	/* there was nothing to send before */
	s->t.cong.cwnd = 2 * MSS;
	write_and_send(s, 4 * MSS);
	KUNIT_EXPECT_TRUE(test, s->t.rate.limited);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_TRUE(test, told.limited);
	KUNIT_EXPECT_FALSE(test, s->t.rate.limited);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	script_ack(s, S(2000));
	KUNIT_EXPECT_TRUE(test, told.limited);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	/* all was sent, but the window is full */
	write_and_send(s, MSS);
	s->now += 50 * MS;
	script_ack(s, S(3000));
	KUNIT_EXPECT_FALSE(test, told.limited);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	/* all was sent, and it has room */
	script_ack(s, S(4000));
	write_and_send(s, MSS);
	KUNIT_EXPECT_TRUE(test, s->t.rate.limited);
	KUNIT_EXPECT_EQ(test, s->t.rate.bubble, s->t.delivered + MSS);
	/* what is lost is still to be sent */
	s->t.rate.limited = false;
	s->t.rec.lost = 1;
	script_write(s, MSS);
	KUNIT_EXPECT_FALSE(test, s->t.rate.limited);
}

/* After a pause the clock begins anew */
static void rate_idle__does_not_count(struct kunit *test)
{
	struct script *s = start(test, true);

	write_and_send(s, MSS);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	s->now += 5000 * MS;
	write_and_send(s, MSS);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 20U * MSS);
	s->now += 50 * MS;
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, told.rate, 20000ULL);
	KUNIT_EXPECT_TRUE(test, told.restart);
}

/* An algorithm that begins in the midst of things learns from what it sends */
static void rate_ack__begins_late(struct kunit *test)
{
	struct script *s = start(test, true);

	xtcp_cong_select(&s->t.cong, &xtcp_cong_reno);
	s->t.cong.cwnd = 20 * MSS;
	write_and_send(s, 2 * MSS);
	s->now += 10 * MS;
	xtcp_cong_select(&s->t.cong, &noted);
	write_and_send(s, MSS);
	s->now += 40 * MS;
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, calls, 1U);
	KUNIT_EXPECT_EQ(test, told.rate, 0ULL);
	s->now += 10 * MS;
	script_ack(s, S(3000));
	KUNIT_EXPECT_GT(test, told.rate, 0ULL);
}

/* Without SACK there are records only of what was sent since it was asked for */
static void rate_ack__begins_late_without_sack(struct kunit *test)
{
	struct script *s = start(test, false);

	xtcp_cong_select(&s->t.cong, &xtcp_cong_reno);
	s->t.cong.cwnd = 20 * MSS;
	write_and_send(s, 2 * MSS);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 0U);
	xtcp_cong_select(&s->t.cong, &noted);
	write_and_send(s, MSS);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 1U);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	s->t.cong.cwnd = 20 * MSS;
	KUNIT_EXPECT_EQ(test, script_push(s), 3U);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 1U);
	KUNIT_EXPECT_EQ(test, xtcp_rec_at(&s->t.rec, 0)->seq, S(2000));
	s->now += 50 * MS;
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 0U);
	KUNIT_EXPECT_EQ(test, told.rtt, 0U);
	/* and they go on until all of that is acknowledged */
	write_and_send(s, MSS);
	xtcp_cong_select(&s->t.cong, &xtcp_cong_reno);
	s->now += 10 * MS;
	write_and_send(s, MSS);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 2U);
	s->now += 10 * MS;
	script_ack(s, S(5000));
	write_and_send(s, MSS);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 0U);
}

/* Who acknowledges what has not left yet does not bend our clock */
static void rate_ack__too_early(struct kunit *test)
{
	struct script *s = start(test, true);

	write_and_send(s, MSS);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	script_write(s, MSS);
	KUNIT_EXPECT_TRUE(test, xtcp_output_next(&s->t, s->now, MSS, &s->out[0]));
	xtcp_output_commit(&s->t, &s->out[0], s->now + MS);
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, told.rate, 0ULL);
	KUNIT_EXPECT_EQ(test, told.rtt, 0U);
	KUNIT_EXPECT_LE(test, s->t.srtt, (u32)(100 * MS));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rate_ack__delivered_over_time),
	KUNIT_CASE(rate_ack__without_sack),
	KUNIT_CASE(rate_ack__the_longer_of_both_sides),
	KUNIT_CASE(rate_ack__within_a_round_trip),
	KUNIT_CASE(rate_ack__counts_blocks_once),
	KUNIT_CASE(rate_ack__losses),
	KUNIT_CASE(rate_write__limited),
	KUNIT_CASE(rate_idle__does_not_count),
	KUNIT_CASE(rate_ack__begins_late),
	KUNIT_CASE(rate_ack__begins_late_without_sack),
	KUNIT_CASE(rate_ack__too_early),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_rate", .test_cases = cases };
kunit_test_suite(suite);
