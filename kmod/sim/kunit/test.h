/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of KUnit as the tests beside the core use, for userspace: the same
 * test files run there under the sanitizers, and in a second. native.c's
 * program runs what is registered here.
 */
#ifndef XTCP_SIM_KUNIT_TEST_H
#define XTCP_SIM_KUNIT_TEST_H

#include <stdio.h>
#include <stdlib.h>
#include "../../core/types.h"

#define KUNIT_PARAM_DESC_SIZE 128
#define GFP_KERNEL 0

struct kunit {
	const void *param_value;
	bool failed;
	void *memory[16];
	unsigned int nmemory;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*generate_params)(const void *prev, char *desc);
};

struct kunit_suite {
	const char name[64];
	struct kunit_case *test_cases;
};

void xtcp_kunit_register(struct kunit_suite *suite);

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int gfp)
{
	void *p = calloc(1, size);

	if (!p || test->nmemory == ARRAY_SIZE(test->memory))
		abort();
	test->memory[test->nmemory++] = p;
	return p;
}

static inline void strscpy(char *to, const char *from, size_t size)
{
	snprintf(to, size, "%s", from);
}

#define KUNIT_CASE(fn) { .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, gen) \
	{ .run_case = fn, .name = #fn, .generate_params = gen }

#define KUNIT_ARRAY_PARAM(label, array, get_desc)			\
	static const void *label##_gen_params(const void *prev, char *desc) \
	{								\
		typeof(&(array)[0]) next = prev;			\
									\
		next = prev ? next + 1 : (array);			\
									\
		if ((size_t)(next - (array)) >= ARRAY_SIZE(array))	\
			return NULL;					\
		void (*get)(typeof(next), char *) = get_desc;	\
		if (get)						\
			get(next, desc);				\
		return next;						\
	}

#define kunit_test_suite(suite)						\
	__attribute__((constructor)) static void suite##_register(void)	\
	{								\
		xtcp_kunit_register(&suite);				\
	}

#define XTCP_KUNIT_CHECK(test, cond, fmt, ...)				\
	do {								\
		if (!(cond)) {						\
			(test)->failed = true;				\
			printf("# %s:%d: " fmt "\n", __FILE__, __LINE__, \
			       ##__VA_ARGS__);				\
		}							\
	} while (0)

#define XTCP_KUNIT_OP(test, a, op, b)					\
	do {								\
		long long a_ = (long long)(a), b_ = (long long)(b);	\
		XTCP_KUNIT_CHECK(test, a_ op b_, "%s %s %s: %lld, %lld", \
				 #a, #op, #b, a_, b_);			\
	} while (0)

#define KUNIT_EXPECT_EQ(test, a, b) XTCP_KUNIT_OP(test, a, ==, b)
#define KUNIT_EXPECT_NE(test, a, b) XTCP_KUNIT_OP(test, a, !=, b)
#define KUNIT_EXPECT_LT(test, a, b) XTCP_KUNIT_OP(test, a, <, b)
#define KUNIT_EXPECT_LE(test, a, b) XTCP_KUNIT_OP(test, a, <=, b)
#define KUNIT_EXPECT_GT(test, a, b) XTCP_KUNIT_OP(test, a, >, b)
#define KUNIT_EXPECT_GE(test, a, b) XTCP_KUNIT_OP(test, a, >=, b)
#define KUNIT_EXPECT_TRUE(test, c) XTCP_KUNIT_CHECK(test, c, "%s", #c)
#define KUNIT_EXPECT_FALSE(test, c) XTCP_KUNIT_CHECK(test, !(c), "!%s", #c)
#define KUNIT_EXPECT_PTR_EQ(test, a, b)					\
	XTCP_KUNIT_CHECK(test, (a) == (b), "%s == %s", #a, #b)
#define KUNIT_EXPECT_STREQ(test, a, b)					\
	XTCP_KUNIT_CHECK(test, !strcmp(a, b), "\"%s\", \"%s\"", a, b)
#define KUNIT_FAIL(test, fmt, ...)					\
	XTCP_KUNIT_CHECK(test, false, fmt, ##__VA_ARGS__)

/* an assertion ends the case */
#define KUNIT_ASSERT_TRUE(test, c)					\
	do {								\
		KUNIT_EXPECT_TRUE(test, c);				\
		if ((test)->failed)					\
			return;						\
	} while (0)
#define KUNIT_ASSERT_EQ(test, a, b)					\
	do {								\
		KUNIT_EXPECT_EQ(test, a, b);				\
		if ((test)->failed)					\
			return;						\
	} while (0)

#endif
