// SPDX-License-Identifier: GPL-2.0
/* Tests of the round-trip time and the RTO (RFC 6298 section 2 and 5). */
#include "script_test.h"

#include "rtt.c"

static void rtt_init__one_second(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "RFC6298-2.1 RFC8961-4-1");
	xtcp_rtt_init(&s->t);
	KUNIT_EXPECT_EQ(test, s->t.rto, 1000000U);
	s->p.rto_min = 3000000;
	xtcp_rtt_init(&s->t);
	KUNIT_EXPECT_EQ(test, s->t.rto, 3000000U);
}

static void rtt_sample__first(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "RFC6298-2.2");
	xtcp_rtt_init(&s->t);
	xtcp_rtt_sample(&s->t, 400000);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 400000U);
	KUNIT_EXPECT_EQ(test, s->t.rttvar, 200000U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 1200000U);
}

/* RTTVAR is reckoned with the old SRTT, then SRTT moves by an eighth */
static void rtt_sample__later(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "MUST-18 RFC6298-2.3 RFC8961-4-2a");
	xtcp_rtt_init(&s->t);
	xtcp_rtt_sample(&s->t, 400000);
	xtcp_rtt_sample(&s->t, 800000);
	KUNIT_EXPECT_EQ(test, s->t.rttvar, 250000U);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 450000U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 1450000U);
	xtcp_rtt_sample(&s->t, 50000);
	KUNIT_EXPECT_EQ(test, s->t.rttvar, 287500U);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 400000U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 1550000U);
}

static void rtt_sample__bounds(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_rtt_init(&s->t);
	xtcp_rtt_sample(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 1U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 200001U);
	xtcp_rtt_init(&s->t);
	xtcp_rtt_sample(&s->t, 1ULL << 40);
	KUNIT_EXPECT_EQ(test, s->t.rto, s->p.rto_max);
}

/* RFC 6298 (4): however even the round trips, a tick is added */
static void rtt_sample__granularity(struct kunit *test)
{
	struct script *s = script_new(test);
	u32 i;

	PROVES(test, "RFC6298-4");
	s->p.rto_min = 1;
	xtcp_rtt_init(&s->t);
	for (i = 0; i < 200; i++)
		xtcp_rtt_sample(&s->t, 500000);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 500000U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 501000U);
}

/* The route's word counts for most, and the user's for more than the namespace's */
static void rtt_min__who_says(struct kunit *test)
{
	struct script *s = script_new(test);

	s->p.rto_min = 300;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_min(&s->t), 300U);
	s->t.opts.rto_min = 20;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_min(&s->t), 20U);
	s->t.rto_min = 1000;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_min(&s->t), 1000U);
}

/* However even they are, a queue may double them within one: the bound is on top */
static void rtt_sample__margin(struct kunit *test)
{
	struct script *s = script_new(test);
	u32 i;

	xtcp_rtt_init(&s->t);
	for (i = 0; i < 200; i++)
		xtcp_rtt_sample(&s->t, 150000);
	KUNIT_EXPECT_EQ(test, s->t.rto, 350000U);
	s->p.rto_max = 340000;
	xtcp_rtt_sample(&s->t, 150000);
	KUNIT_EXPECT_EQ(test, s->t.rto, 340000U);
}

static void rtt_rto__backoff(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "RFC6298-2.5 RFC8961-4-4");
	xtcp_rtt_init(&s->t);
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto(&s->t), 1000000ULL);
	s->t.backoff = 1;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto(&s->t), 2000000ULL);
	s->t.backoff = 6;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto(&s->t), 64000000ULL);
	s->t.backoff = 7;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto(&s->t), 120000000ULL);
	s->t.backoff = 255;
	KUNIT_EXPECT_EQ(test, xtcp_rtt_rto(&s->t), 120000000ULL);
}

/* RFC 6298 (5.7) */
static void rtt_syn_lost__three_seconds(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "RFC6298-5.7");
	xtcp_rtt_init(&s->t);
	xtcp_rtt_syn_lost(&s->t);
	KUNIT_EXPECT_EQ(test, s->t.rto, 3000000U);
	xtcp_rtt_sample(&s->t, 100000);
	xtcp_rtt_syn_lost(&s->t);
	KUNIT_EXPECT_EQ(test, s->t.rto, 300000U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rtt_init__one_second),
	KUNIT_CASE(rtt_sample__first),
	KUNIT_CASE(rtt_sample__later),
	KUNIT_CASE(rtt_sample__bounds),
	KUNIT_CASE(rtt_sample__granularity),
	KUNIT_CASE(rtt_min__who_says),
	KUNIT_CASE(rtt_sample__margin),
	KUNIT_CASE(rtt_rto__backoff),
	KUNIT_CASE(rtt_syn_lost__three_seconds),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_rtt", .test_cases = cases };
kunit_test_suite(suite);
