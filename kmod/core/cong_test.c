// SPDX-License-Identifier: GPL-2.0
/* Tests of what all congestion control has in common, and of the way to it. */
#include "proves_test.h"

#include "cong.c"

#define MS XTCP_USEC_PER_MSEC

/* An algorithm that notes how it was called, and answers as it was told */
static struct {
	struct xtcp_cong_sample sample;
	enum xtcp_cong_cause cause;
	u32 flight;
	u32 answer;
	u32 inits;
	u32 undone;
	u64 priv;
} seen;

static void noted_init(struct xtcp_cong *c)
{
	seen.inits++;
	seen.priv = *(u64 *)xtcp_cong_priv(c);
}

static void noted_acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	seen.sample = *s;
	c->cwnd = seen.answer;
}

static u32 noted_ssthresh(struct xtcp_cong *c, u32 flight,
			  enum xtcp_cong_cause cause)
{
	seen.flight = flight;
	seen.cause = cause;
	return seen.answer;
}

static void noted_undo(struct xtcp_cong *c)
{
	seen.undone++;
}

static const struct xtcp_cong_ops noted = {
	.name = "noted",
	.init = noted_init,
	.acked = noted_acked,
	.ssthresh = noted_ssthresh,
	.undo = noted_undo,
};

static struct xtcp_cong fresh(void)
{
	struct xtcp_cong c = { .ops = &noted };

	memset(&seen, 0, sizeof(seen));
	xtcp_cong_init(&c, 1000, 10);
	seen.answer = c.cwnd;
	return c;
}

/* An ACK up to @una, where @flight octets were outstanding before it */
static void ack(struct xtcp_cong *c, u64 now, u32 una, u32 nxt, u32 flight)
{
	struct xtcp_cong_sample s = {
		.now = now, .acked = 1000, .una = una, .nxt = nxt,
		.flight = flight, .rto = 200 * MS, .srtt = 50 * MS,
	};

	xtcp_cong_acked(c, &s);
}

static void cong_init__window(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC5681-3.1-ssthresh");
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_slow_start(&c));
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&c));
	KUNIT_EXPECT_PTR_EQ(test, c.ops, &noted);
	KUNIT_EXPECT_EQ(test, seen.inits, 1U);
	/* again, as after a lost SYN: nothing is left of what was */
	c.ssthresh = 5000;
	c.rounds = 7;
	*(u64 *)xtcp_cong_priv(&c) = 1;
	xtcp_cong_init(&c, 500, 1);
	KUNIT_EXPECT_EQ(test, c.cwnd, 500U);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&c));
	KUNIT_EXPECT_EQ(test, c.rounds, 0U);
	KUNIT_EXPECT_EQ(test, seen.inits, 2U);
	KUNIT_EXPECT_EQ(test, seen.priv, 0ULL);
}

/* What was learnt of the network outlives the algorithm */
static void cong_select__keeps_the_window(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_select(&c, &xtcp_cong_reno);
	KUNIT_EXPECT_PTR_EQ(test, c.ops, &xtcp_cong_reno);
	c.cwnd = 4321;
	c.ssthresh = 8000;
	c.acked = 77;
	*(u64 *)xtcp_cong_priv(&c) = 1;
	xtcp_cong_select(&c, &noted);
	KUNIT_EXPECT_EQ(test, c.cwnd, 4321U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 8000U);
	KUNIT_EXPECT_EQ(test, c.acked, 0U);
	KUNIT_EXPECT_EQ(test, seen.inits, 2U);
	KUNIT_EXPECT_EQ(test, seen.priv, 0ULL);
}

/* An algorithm that goes mad neither stops the connection nor floods */
static void cong_acked__bounds(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	seen.answer = 0;
	ack(&c, MS, 1000, 10000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	seen.answer = 0xffffffff;
	ack(&c, MS, 2000, 10000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, XTCP_CONG_CWND_MAX);
	seen.answer = 0;
	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 2000U);
	seen.answer = 0xffffffff;
	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, XTCP_CONG_CWND_MAX);
}

static void cong_acked__rounds(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	ack(&c, MS, 0xfffff000, 0xfffff800, 2048);
	KUNIT_EXPECT_TRUE(test, seen.sample.round);
	ack(&c, MS, 0xfffff400, 0x400, 2048);
	KUNIT_EXPECT_FALSE(test, seen.sample.round);
	/* all that was outstanding when the round began */
	ack(&c, MS, 0xfffff800, 0x800, 2048);
	KUNIT_EXPECT_FALSE(test, seen.sample.round);
	ack(&c, MS, 0xfffffc00, 0x800, 2048);
	KUNIT_EXPECT_TRUE(test, seen.sample.round);
	ack(&c, MS, 0x800, 0xc00, 2048);
	KUNIT_EXPECT_FALSE(test, seen.sample.round);
	KUNIT_EXPECT_EQ(test, c.rounds, 2U);
}

/* RFC 9438 4.6, RFC 7661: a window that was not used says nothing */
static void cong_acked__limited(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC9438-4.6-flight");
	ack(&c, MS, 1000, 5000, 4999);
	KUNIT_EXPECT_FALSE(test, seen.sample.limited);
	ack(&c, MS, 2000, 6000, 5000);
	KUNIT_EXPECT_TRUE(test, seen.sample.limited);
	/* ACKs that come together find ever less outstanding */
	ack(&c, MS, 3000, 6000, 3000);
	KUNIT_EXPECT_TRUE(test, seen.sample.limited);
	/* so do they when the window has grown by then */
	c.cwnd = 100000;
	ack(&c, MS, 4000, 6000, 2000);
	KUNIT_EXPECT_TRUE(test, seen.sample.limited);
	/* the round after still knows, the one after that does not */
	ack(&c, MS, 5500, 7000, 500);
	KUNIT_EXPECT_TRUE(test, seen.sample.limited);
	ack(&c, MS, 7500, 8000, 500);
	KUNIT_EXPECT_FALSE(test, seen.sample.limited);
	/* beyond slow start all of it has to be used, but for a segment */
	c.cwnd = 10000;
	c.ssthresh = 5000;
	ack(&c, MS, 8000, 20000, 8999);
	KUNIT_EXPECT_FALSE(test, seen.sample.limited);
	ack(&c, MS, 9000, 20000, 9000);
	KUNIT_EXPECT_TRUE(test, seen.sample.limited);
}

/* RFC 2861 3.2: what is not used for an RTO is half lost, down to IW */
static void cong_acked__validation(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.cwnd = 40000;
	c.ssthresh = 8000;
	seen.answer = 40000;
	ack(&c, 1000 * MS, 1000, 2000, 40000);
	ack(&c, 1001 * MS, 3000, 4000, 2000);
	ack(&c, 1002 * MS, 5000, 6000, 2000);
	ack(&c, 1200 * MS, 7000, 8000, 2000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 40000U);
	ack(&c, 1201 * MS, 9000, 10000, 2000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 25000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 30000U);
	seen.answer = c.cwnd;
	ack(&c, 1400 * MS, 11000, 12000, 2000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 25000U);
	ack(&c, 1402 * MS, 13000, 14000, 12000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 18500U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 30000U);
	/* one that is below the initial window stays */
	c.cwnd = 9000;
	c.ssthresh = 2000;
	seen.answer = 9000;
	ack(&c, 2000 * MS, 15000, 16000, 1000);
	ack(&c, 3000 * MS, 17000, 18000, 1000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 9000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 2000U);
}

static void cong_grow__limits(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_grow(&c, 1000, 2);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	xtcp_cong_grow(&c, 9000, 2);
	KUNIT_EXPECT_EQ(test, c.cwnd, 13000U);
	/* less than a segment counts as what it is */
	xtcp_cong_grow(&c, 10, 2);
	KUNIT_EXPECT_EQ(test, c.cwnd, 13010U);
	c.ssthresh = 13500;
	xtcp_cong_grow(&c, 1000, 2);
	KUNIT_EXPECT_EQ(test, c.cwnd, 13500U);
	c.ssthresh = XTCP_CONG_CWND_MAX;
	c.cwnd = XTCP_CONG_CWND_MAX - 500;
	xtcp_cong_grow(&c, 2000, 2);
	KUNIT_EXPECT_EQ(test, c.cwnd, XTCP_CONG_CWND_MAX);
}

static void cong_avoid__one_a_window(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	int i;

	PROVES(test, "RFC5681-3.1-ca");
	for (i = 0; i < 4; i++) {
		xtcp_cong_avoid(&c, 2000, 10000);
		KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	}
	xtcp_cong_avoid(&c, 2500, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	KUNIT_EXPECT_EQ(test, c.acked, 500U);
}

static void cong_lost__asks_the_algorithm(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.acked = 77;
	seen.answer = 7777;
	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 7777U);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	/* earned before the loss, and kept, but for no more than one segment */
	KUNIT_EXPECT_EQ(test, c.acked, 77U);
	c.acked = 9999;
	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.acked, 7777U);
	KUNIT_EXPECT_EQ(test, seen.flight, 9000U);
	KUNIT_EXPECT_EQ(test, (u32)seen.cause, (u32)XTCP_CONG_LOSS);
	/* marks take it, so that the window does not grow while it gives way to them */
	xtcp_cong_ecn(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.acked, 0U);
}

static void cong_timeout__one_segment(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC5681-3.1-eq4 RFC5681-3.1-lw RFC6928-2-lw");
	c.acked = 77;
	seen.answer = 4000;
	xtcp_cong_timeout(&c, 8000, true);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
	KUNIT_EXPECT_EQ(test, c.acked, 0U);
	KUNIT_EXPECT_EQ(test, (u32)seen.cause, (u32)XTCP_CONG_TIMEOUT);
	/* the same segment again: ssthresh stays */
	seen.answer = 2000;
	c.cwnd = 3000;
	xtcp_cong_timeout(&c, 1000, false);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
}

/* A mark costs as much as the algorithm says, and at once */
static void cong_ecn__reduces(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	seen.answer = 8000;
	xtcp_cong_ecn(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 8000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 8000U);
	KUNIT_EXPECT_EQ(test, (u32)seen.cause, (u32)XTCP_CONG_ECN);
	c.cwnd = 3000;
	xtcp_cong_ecn(&c, 3000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 3000U);
}

static void cong_undo__restores(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	seen.answer = 4000;
	xtcp_cong_timeout(&c, 8000, true);
	xtcp_cong_timeout(&c, 8000, false);
	xtcp_cong_undo(&c);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&c));
	KUNIT_EXPECT_EQ(test, seen.undone, 1U);
	/* what has grown since stays */
	xtcp_cong_lost(&c, 8000);
	c.cwnd = 12000;
	xtcp_cong_undo(&c);
	KUNIT_EXPECT_EQ(test, c.cwnd, 12000U);
	/* an algorithm without a memory of its own need not take part */
	xtcp_cong_select(&c, &xtcp_cong_reno);
	xtcp_cong_undo(&c);
	KUNIT_EXPECT_EQ(test, seen.undone, 2U);
}

/* RFC 5681 4.1, and RFC 2861's memory of it */
static void cong_idle__restart(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC5681-4.1");
	c.ssthresh = 20000;
	c.cwnd = 40000;
	c.peak = 40000;
	xtcp_cong_idle(&c, 10);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 30000U);
	ack(&c, MS, 1000, 2000, 4000);
	KUNIT_EXPECT_FALSE(test, seen.sample.limited);
	/* asked again before anything was sent */
	xtcp_cong_idle(&c, 10);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 30000U);
	c.cwnd = 4000;
	xtcp_cong_idle(&c, 10);
	KUNIT_EXPECT_EQ(test, c.cwnd, 4000U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cong_init__window),
	KUNIT_CASE(cong_select__keeps_the_window),
	KUNIT_CASE(cong_acked__bounds),
	KUNIT_CASE(cong_acked__rounds),
	KUNIT_CASE(cong_acked__limited),
	KUNIT_CASE(cong_acked__validation),
	KUNIT_CASE(cong_grow__limits),
	KUNIT_CASE(cong_avoid__one_a_window),
	KUNIT_CASE(cong_lost__asks_the_algorithm),
	KUNIT_CASE(cong_timeout__one_segment),
	KUNIT_CASE(cong_ecn__reduces),
	KUNIT_CASE(cong_undo__restores),
	KUNIT_CASE(cong_idle__restart),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong", .test_cases = cases };
kunit_test_suite(suite);
