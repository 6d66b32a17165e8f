// SPDX-License-Identifier: GPL-2.0
/*
 * The simulator in KUnit: some seeds of every point of the grid, one case for
 * each combination of network and buffers. xtcp_test.ko is made of this, the
 * simulator, and the tests beside the core, which include what they test.
 */
#include <kunit/test.h>
#include <linux/module.h>

#include "sim.h"

static unsigned int seeds = 20;
module_param(seeds, uint, 0444);
MODULE_PARM_DESC(seeds, "seeds for each point of the simulator's grid");

#define PER_GROUP (2 * XTCP_SIM_CLOSERS)
#define GROUPS 32

static const void *group_gen_params(const void *prev, char *desc)
{
	unsigned long group = (unsigned long)prev;	/* counts from 1 */
	struct xtcp_sim_point p;

	if (group == GROUPS)
		return NULL;
	xtcp_sim_grid_point(group * PER_GROUP, &p);
	snprintf(desc, KUNIT_PARAM_DESC_SIZE,
		 "loss %u%%, reordering %s, buffers %u", p.loss,
		 p.reorder ? "on" : "off", p.buffer);
	return (void *)(group + 1);
}

static void sim__grid(struct kunit *test)
{
	u32 group = (unsigned long)test->param_value - 1, i, seed;
	struct xtcp_sim *sim = xtcp_sim_new();
	struct xtcp_sim_point point;

	KUNIT_ASSERT_NOT_NULL(test, sim);
	KUNIT_EXPECT_EQ(test, xtcp_sim_grid_size(), GROUPS * PER_GROUP);
	for (i = 0; i < PER_GROUP; i++) {
		xtcp_sim_grid_point(group * PER_GROUP + i, &point);
		for (seed = 1; seed <= seeds; seed++) {
			if (!xtcp_sim_run(sim, &point, seed))
				continue;
			xtcp_sim_report(sim);
			KUNIT_FAIL(test, "point %u, seed %u: %s",
				   group * PER_GROUP + i, seed, sim->why);
			xtcp_sim_destroy(sim);
			return;
		}
	}
	xtcp_sim_destroy(sim);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(sim__grid, group_gen_params),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_sim", .test_cases = cases };
kunit_test_suite(suite);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tests of XTCP's protocol core");
