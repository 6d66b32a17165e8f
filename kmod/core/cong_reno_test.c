// SPDX-License-Identifier: GPL-2.0
/* Tests of Reno's window. */
#include "proves_test.h"

#include "cong_reno.c"

static struct xtcp_cong fresh(void)
{
	struct xtcp_cong c = { .ops = &xtcp_cong_reno };

	xtcp_cong_init(&c, 1000, 10);
	return c;
}

static void ack(struct xtcp_cong *c, u32 acked, u32 flight)
{
	struct xtcp_cong_sample s = { .now = 1, .acked = acked, .flight = flight };

	xtcp_cong_acked(c, &s);
}

static void cong_reno_acked__slow_start(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC5681-3.1-ss");
	ack(&c, 1000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	ack(&c, 2000, 11000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 13000U);
	/* RFC 3465: no more than two segments an ACK */
	ack(&c, 9000, 13000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 15000U);
}

/* RFC 3465 2.3: after a timeout an ACK counts for one segment at most */
static void cong_reno_acked__slow_start_again(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_timeout(&c, 10000, true);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 5000U);
	ack(&c, 5000, 1000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 2000U);
}

static void cong_reno_acked__unused_window(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	ack(&c, 1000, 4999);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	ack(&c, 1000, 5000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	c = fresh();
	c.cwnd = 11000;
	c.ssthresh = 5000;
	ack(&c, 11000, 9999);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	ack(&c, 11000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 12000U);
}

/* A segment for each window that is acknowledged, not for each ACK */
static void cong_reno_acked__avoidance(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	int i;

	PROVES(test, "MUST-19 RFC5681-3.1-ca");
	c.ssthresh = 10000;
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
		ack(&c, 2000, 10000);
	}
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
}

/* A segment for each round trip, though half a window is seldom a whole number of them */
static void cong_reno_acked__avoidance_of_parts(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.cwnd = 3500;
	c.ssthresh = 3500;
	ack(&c, 2000, 3000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 3500U);
	ack(&c, 1000, 3000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 4500U);
}

static void cong_reno_lost__halves(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC5681-3.1-eq4");
	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4500U);
	xtcp_cong_lost(&c, 3000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 2000U);
	/* 3.2 step 2: what limited transmit has sent must not be counted */
	xtcp_cong_lost(&c, 12000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 5000U);
}

/* RFC 8511: a mark costs a fifth, a loss in the same window still half */
static void cong_reno_ecn__a_fifth(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	PROVES(test, "RFC8511-3 RFC8511-3-floor RFC8511-3-loss");
	xtcp_cong_ecn(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 8000U);
	KUNIT_EXPECT_EQ(test, c.cwnd, 8000U);
	xtcp_cong_ecn(&c, 1000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 2000U);
	c.cwnd = 8000;
	xtcp_cong_lost(&c, 8000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cong_reno_acked__slow_start),
	KUNIT_CASE(cong_reno_acked__slow_start_again),
	KUNIT_CASE(cong_reno_acked__unused_window),
	KUNIT_CASE(cong_reno_acked__avoidance),
	KUNIT_CASE(cong_reno_acked__avoidance_of_parts),
	KUNIT_CASE(cong_reno_lost__halves),
	KUNIT_CASE(cong_reno_ecn__a_fifth),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong_reno", .test_cases = cases };
kunit_test_suite(suite);
