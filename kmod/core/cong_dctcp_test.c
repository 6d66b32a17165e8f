// SPDX-License-Identifier: GPL-2.0
/* Tests of DCTCP's estimate and window. */
#include <kunit/test.h>

#include "cong_dctcp.c"

#define ISS 0xffffc000U		/* wraps soon */

static struct xtcp_cong fresh(void)
{
	struct xtcp_cong c = { .ops = &xtcp_cong_dctcp };

	xtcp_cong_init(&c, 1000, 10);
	return c;
}

static u32 alpha(struct xtcp_cong *c)
{
	return ((struct dctcp *)xtcp_cong_priv(c))->alpha;
}

/* An ACK up to @una with @nxt sent covers @acked octets */
static void told(struct xtcp_cong *c, u32 acked, u32 una, u32 nxt, bool marked)
{
	struct xtcp_cong_marks m = {
		.acked = acked, .una = ISS + una, .nxt = ISS + nxt, .marked = marked,
	};

	xtcp_cong_marked(c, &m);
}

/* A whole window of ten, of which the first so many are marked */
static void window(struct xtcp_cong *c, u32 *una, u32 marked)
{
	u32 i;

	for (i = 0; i < 10; i++) {
		*una += 1000;
		told(c, 1000, *una, *una + 10000, i < marked);
	}
}

/* RFC 8257 4.2: the first mark costs half, as with RFC 3168 */
static void cong_dctcp_ecn__half_at_first(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE);
	xtcp_cong_ecn(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 5000U);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 5000U);
}

/* 3.3: Alpha = Alpha * (1 - g) + g * M, once for each window */
static void cong_dctcp_marked__estimate(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	u32 una = 0, was, i;

	for (i = 0; i < 9; i++) {
		una += 1000;
		told(&c, 1000, una, 10000, false);
		KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE);
	}
	una += 1000;
	told(&c, 1000, una, una + 10000, false);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE - ALPHA_ONE / 16);
	/* that window's end is what was outstanding when it began */
	was = alpha(&c);
	window(&c, &una, 5);
	KUNIT_EXPECT_EQ(test, alpha(&c), was - was / 16 + ALPHA_ONE / 32);
	/* and it begins to count anew */
	was = alpha(&c);
	window(&c, &una, 0);
	KUNIT_EXPECT_EQ(test, alpha(&c), was - was / 16);
}

/* Octets count, not ACKs */
static void cong_dctcp_marked__by_octets(struct kunit *test)
{
	struct xtcp_cong c = fresh();

	told(&c, 2000, 2000, 10000, true);
	told(&c, 8000, 10000, 20000, false);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE - ALPHA_ONE / 16 + ALPHA_ONE / 5 / 16);
}

static void cong_dctcp_marked__converges(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	u32 una = 0, i;

	for (i = 0; i < 200; i++)
		window(&c, &una, 3);
	KUNIT_EXPECT_GT(test, alpha(&c), ALPHA_ONE * 3 / 10 - 100);
	KUNIT_EXPECT_LT(test, alpha(&c), ALPHA_ONE * 3 / 10 + 100);
	for (i = 0; i < 200; i++)
		window(&c, &una, 10);
	KUNIT_EXPECT_GT(test, alpha(&c), ALPHA_ONE - 100);
	KUNIT_EXPECT_LE(test, alpha(&c), ALPHA_ONE);
	for (i = 0; i < 200; i++)
		window(&c, &una, 0);
	/* next to nothing: a thousandth of the window */
	KUNIT_EXPECT_LT(test, alpha(&c), ALPHA_ONE / 2000);
}

static void cong_dctcp_ecn__by_the_share(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	struct dctcp *d = xtcp_cong_priv(&c);

	d->alpha = ALPHA_ONE / 4;
	c.cwnd = 80000;
	xtcp_cong_ecn(&c, 20000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 70000U);
	/* less than a segment is something, too */
	c.cwnd = 10000;
	d->alpha = ALPHA_ONE / 100;
	xtcp_cong_ecn(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 9951U);
	/* down to two segments, and from one it does not rise */
	d->alpha = ALPHA_ONE;
	c.cwnd = 3000;
	xtcp_cong_ecn(&c, 3000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 2000U);
	c.cwnd = 1000;
	xtcp_cong_ecn(&c, 1000);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	/* a window of 2^30 */
	c.cwnd = XTCP_CONG_CWND_MAX;
	xtcp_cong_ecn(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.cwnd, XTCP_CONG_CWND_MAX / 2);
}

/* 3.4: a loss halves, whatever Alpha is, and leaves it as it is */
static void cong_dctcp_lost__halves(struct kunit *test)
{
	struct xtcp_cong c = fresh();
	struct dctcp *d = xtcp_cong_priv(&c);

	d->alpha = ALPHA_ONE / 100;
	xtcp_cong_lost(&c, 10000);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 5000U);
	c.cwnd = 10000;
	xtcp_cong_timeout(&c, 8000, true);
	KUNIT_EXPECT_EQ(test, c.ssthresh, 4000U);
	KUNIT_EXPECT_EQ(test, c.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE / 100);
}

/* Between marks it grows as Reno does */
static void cong_dctcp_acked__grows(struct kunit *test)
{
	struct xtcp_cong_sample s = { .now = 1, .acked = 1000, .flight = 10000 };
	struct xtcp_cong c = fresh();
	int i;

	xtcp_cong_acked(&c, &s);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
	c.cwnd = 10000;
	c.ssthresh = 10000;
	for (i = 0; i < 10; i++)
		xtcp_cong_acked(&c, &s);
	KUNIT_EXPECT_EQ(test, c.cwnd, 11000U);
}

/* Chosen in the midst of a connection: nothing of what was before counts */
static void cong_dctcp_select__begins_anew(struct kunit *test)
{
	struct xtcp_cong c = { .ops = &xtcp_cong_cubic };
	u32 una = 1U << 31, i;

	xtcp_cong_init(&c, 1000, 10);
	memset(c.priv, 0xff, sizeof(c.priv));
	xtcp_cong_select(&c, &xtcp_cong_dctcp);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE);
	for (i = 1; i < 10; i++)
		told(&c, 1000, una + i * 1000, una + 10000, false);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE);
	told(&c, 1000, una + 10000, una + 20000, false);
	KUNIT_EXPECT_EQ(test, alpha(&c), ALPHA_ONE - ALPHA_ONE / 16);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cong_dctcp_ecn__half_at_first),
	KUNIT_CASE(cong_dctcp_marked__estimate),
	KUNIT_CASE(cong_dctcp_marked__by_octets),
	KUNIT_CASE(cong_dctcp_marked__converges),
	KUNIT_CASE(cong_dctcp_ecn__by_the_share),
	KUNIT_CASE(cong_dctcp_lost__halves),
	KUNIT_CASE(cong_dctcp_acked__grows),
	KUNIT_CASE(cong_dctcp_select__begins_anew),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong_dctcp", .test_cases = cases };
kunit_test_suite(suite);
