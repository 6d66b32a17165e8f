// SPDX-License-Identifier: GPL-2.0
/* Tests of loss recovery with SACK, as exchanges; a round trip takes 100 ms. */
#include "script_test.h"

#include "rack.c"

static struct kunit_case cases[] = {
	{}
};

static struct kunit_suite suite = { .name = "xtcp_rack", .test_cases = cases };
kunit_test_suite(suite);
