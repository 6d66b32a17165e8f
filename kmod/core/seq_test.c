// SPDX-License-Identifier: GPL-2.0
/* Tests of the arithmetic on sequence numbers. */
#include <kunit/test.h>

#include "seq.h"

struct pair {
	const char *name;
	u32 a, b;
	bool lt, eq;
};

static const struct pair pairs[] = {
	{ "equal", 5, 5, false, true },
	{ "next", 5, 6, true, false },
	{ "over the wrap", 0xffffffff, 0, true, false },
	{ "far over the wrap", 0xf0000000, 0x10000000, true, false },
	{ "greatest distance", 0, 0x7fffffff, true, false },
	{ "greatest distance, wrapped", 0xc0000000, 0x3fffffff, true, false },
	{ "equal at the end", 0xffffffff, 0xffffffff, false, true },
};

static void pair_desc(const struct pair *p, char *desc)
{
	strscpy(desc, p->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(pair, pairs, pair_desc);

static void seq_compare__pair(struct kunit *test)
{
	const struct pair *p = test->param_value;

	KUNIT_EXPECT_EQ(test, seq_lt(p->a, p->b), p->lt);
	KUNIT_EXPECT_EQ(test, seq_le(p->a, p->b), p->lt || p->eq);
	KUNIT_EXPECT_EQ(test, seq_gt(p->b, p->a), p->lt);
	KUNIT_EXPECT_EQ(test, seq_ge(p->b, p->a), p->lt || p->eq);
	KUNIT_EXPECT_EQ(test, seq_lt(p->b, p->a), false);
	KUNIT_EXPECT_EQ(test, seq_gt(p->a, p->b), false);
	KUNIT_EXPECT_EQ(test, seq_le(p->b, p->a), p->eq);
	KUNIT_EXPECT_EQ(test, seq_ge(p->a, p->b), p->eq);
	KUNIT_EXPECT_EQ(test, seq_min(p->a, p->b), p->a);
	KUNIT_EXPECT_EQ(test, seq_min(p->b, p->a), p->a);
	KUNIT_EXPECT_EQ(test, seq_max(p->a, p->b), p->b);
	KUNIT_EXPECT_EQ(test, seq_max(p->b, p->a), p->b);
}

static void seq_within__edges(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, seq_within(10, 10, 20));
	KUNIT_EXPECT_TRUE(test, seq_within(20, 10, 20));
	KUNIT_EXPECT_FALSE(test, seq_within(9, 10, 20));
	KUNIT_EXPECT_FALSE(test, seq_within(21, 10, 20));
	KUNIT_EXPECT_TRUE(test, seq_within(10, 10, 10));
	KUNIT_EXPECT_TRUE(test, seq_within(2, 0xfffffff0, 5));
	KUNIT_EXPECT_TRUE(test, seq_within(0xfffffff0, 0xfffffff0, 5));
	KUNIT_EXPECT_FALSE(test, seq_within(6, 0xfffffff0, 5));
	KUNIT_EXPECT_FALSE(test, seq_within(0xffffffef, 0xfffffff0, 5));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(seq_compare__pair, pair_gen_params),
	KUNIT_CASE(seq_within__edges),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_seq", .test_cases = cases };
kunit_test_suite(suite);
