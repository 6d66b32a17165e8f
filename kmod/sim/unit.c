// SPDX-License-Identifier: GPL-2.0
/* Runs the unit tests of the core in userspace; kunit/test.h registers them. */
#include "kunit/test.h"
#include "native.h"

#define SUITES_MAX 64

static struct kunit_suite *suites[SUITES_MAX];
static unsigned int nsuites;

void xtcp_kunit_register(struct kunit_suite *suite)
{
	if (nsuites == SUITES_MAX)
		abort();
	suites[nsuites++] = suite;
}

static void run_one(const struct kunit_suite *suite, const char *name,
		    void (*fn)(struct kunit *test), const void *param,
		    const char *desc)
{
	struct kunit test = { .param_value = param };

	fn(&test);
	if (test.failed && test.info)
		printf("# %s", test.info);
	while (test.nmemory)
		free(test.memory[--test.nmemory]);
	native_result(!test.failed, "%s: %s%s%s", suite->name, name,
		      desc[0] ? ": " : "", desc);
}

static void run_suite(const struct kunit_suite *suite)
{
	const struct kunit_case *c;

	for (c = suite->test_cases; c->run_case; c++) {
		char desc[KUNIT_PARAM_DESC_SIZE] = "";
		const void *param = NULL;

		if (!c->generate_params) {
			run_one(suite, c->name, c->run_case, NULL, desc);
			continue;
		}
		while ((param = c->generate_params(param, desc)))
			run_one(suite, c->name, c->run_case, param, desc);
	}
}

void native_unit_tests(void)
{
	unsigned int i;

	for (i = 0; i < nsuites; i++)
		run_suite(suites[i]);
	native_result(nsuites > 0, "unit tests: %u suites ran", nsuites);
}
