// SPDX-License-Identifier: GPL-2.0
/* Tests of Reno's window. */
#include <kunit/test.h>

#include "cong.c"

static struct xtcp_cong fresh(void)
{
	struct xtcp_cong c;

	xtcp_cong_init(&c, 1000, 10);
	return c;
}

static void cong_init__window(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_slow_start(&c));
}

static void cong_acked__slow_start(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_acked(&c, 1000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	xtcp_cong_acked(&c, 2000, 11000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 13000U);
	/* RFC 3465: no more than two segments an ACK */
	xtcp_cong_acked(&c, 9000, 13000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 15000U);
	/* less than a segment counts as what it is */
	xtcp_cong_acked(&c, 10, 15000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 15010U);
}

/* RFC 3465 2.3: after a timeout an ACK counts for one segment at most */
static void cong_acked__slow_start_again(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_timeout(&c, 20000, true);
	xtcp_cong_acked(&c, 5000, 1000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 2000U);
}

static void cong_acked__unused_window(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_acked(&c, 1000, 4999);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	xtcp_cong_acked(&c, 1000, 5000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	c.ssthresh = 5000;
	xtcp_cong_acked(&c, 11000, 9999);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	xtcp_cong_acked(&c, 11000, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 12000U);
}

/* A segment for each window that is acknowledged, not for each ACK */
static void cong_acked__avoidance(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	int i;

	c.ssthresh = 10000;
	for (i = 0; i < 4; i++) {
		xtcp_cong_acked(&c, 2000, 10000);
		KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	}
	xtcp_cong_acked(&c, 2500, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	KUNIT_EXPECT_EQ(test, c.acked, 500U);
}

static void cong_lost__halves(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	xtcp_cong_lost(&c, 9000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4500U);
	xtcp_cong_lost(&c, 3000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 2000U);
}

static void cong_timeout__one_segment(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.acked = 77;
	xtcp_cong_timeout(&c, 8000, true);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
	KUNIT_EXPECT_EQ(test, c.acked, 0U);
	/* the same segment again: ssthresh stays */
	xtcp_cong_timeout(&c, 1000, false);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
}

static void cong_idle__restart(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.cwnd = 50000;
	xtcp_cong_idle(&c, 10);
	KUNIT_EXPECT_EQ(test, c.cwnd, 10000U);
	c.cwnd = 4000;
	xtcp_cong_idle(&c, 10);
	KUNIT_EXPECT_EQ(test, c.cwnd, 4000U);
}

static void cong_acked__never_wraps(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	c.cwnd = CWND_MAX - 500;
	xtcp_cong_acked(&c, 2000, c.cwnd);
	KUNIT_EXPECT_EQ(test, c.cwnd, (u32)CWND_MAX);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cong_init__window),
	KUNIT_CASE(cong_acked__slow_start),
	KUNIT_CASE(cong_acked__slow_start_again),
	KUNIT_CASE(cong_acked__unused_window),
	KUNIT_CASE(cong_acked__avoidance),
	KUNIT_CASE(cong_lost__halves),
	KUNIT_CASE(cong_timeout__one_segment),
	KUNIT_CASE(cong_idle__restart),
	KUNIT_CASE(cong_acked__never_wraps),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong", .test_cases = cases };
kunit_test_suite(suite);
