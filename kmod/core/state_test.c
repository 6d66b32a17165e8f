// SPDX-License-Identifier: GPL-2.0
/* Tests of the state machine's edges. */
#include <kunit/test.h>

#include "state.c"

struct edge {
	u8 from, to;
};

/* RFC 9293 figure 5, without the ways to CLOSED */
static const struct edge figure5[] = {
	{ XTCP_CLOSED, XTCP_LISTEN },
	{ XTCP_CLOSED, XTCP_SYN_SENT },
	{ XTCP_CLOSED, XTCP_SYN_RECEIVED },
	{ XTCP_SYN_SENT, XTCP_SYN_RECEIVED },
	{ XTCP_SYN_SENT, XTCP_ESTABLISHED },
	{ XTCP_SYN_RECEIVED, XTCP_ESTABLISHED },
	{ XTCP_SYN_RECEIVED, XTCP_FIN_WAIT_1 },
	{ XTCP_ESTABLISHED, XTCP_FIN_WAIT_1 },
	{ XTCP_ESTABLISHED, XTCP_CLOSE_WAIT },
	{ XTCP_FIN_WAIT_1, XTCP_FIN_WAIT_2 },
	{ XTCP_FIN_WAIT_1, XTCP_CLOSING },
	{ XTCP_FIN_WAIT_1, XTCP_TIME_WAIT },
	{ XTCP_FIN_WAIT_2, XTCP_TIME_WAIT },
	{ XTCP_CLOSE_WAIT, XTCP_LAST_ACK },
	{ XTCP_CLOSING, XTCP_TIME_WAIT },
};

static bool drawn(u32 from, u32 to)
{
	u32 i;

	if (to == XTCP_CLOSED)
		return from >= 1 && from < XTCP_STATES && from != to;
	for (i = 0; i < ARRAY_SIZE(figure5); i++)
		if (figure5[i].from == from && figure5[i].to == to)
			return true;
	return false;
}

static void state_allowed__figure5(struct kunit *test)
{
	u32 from, to;

	for (from = 1; from < XTCP_STATES + 2; from++)
		for (to = 1; to < XTCP_STATES + 2; to++)
			KUNIT_EXPECT_EQ(test, xtcp_state_allowed(from, to),
					drawn(from, to));
}

static void state_set__edges(struct kunit *test)
{
	struct xtcp_tcb *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct xtcp_act act;
	u32 from, to;

	for (from = 1; from < XTCP_STATES; from++) {
		for (to = 1; to < XTCP_STATES; to++) {
			u32 want = drawn(from, to) ? to : XTCP_CLOSED;

			xtcp_act_init(&act);
			t->state = from;
			xtcp_state_set(t, &act, to);
			if (from == to)
				want = to;
			KUNIT_EXPECT_EQ(test, t->state, want);
			KUNIT_EXPECT_EQ(test, act.nsteps, from != to);
			if (act.nsteps)
				KUNIT_EXPECT_EQ(test, act.steps[0],
						from << 4 | want);
		}
	}
}

static void state_set__steps_in_order(struct kunit *test)
{
	struct xtcp_tcb *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	struct xtcp_act act;

	xtcp_act_init(&act);
	t->state = XTCP_ESTABLISHED;
	xtcp_state_set(t, &act, XTCP_FIN_WAIT_1);
	xtcp_state_set(t, &act, XTCP_FIN_WAIT_2);
	xtcp_state_set(t, &act, XTCP_TIME_WAIT);
	KUNIT_EXPECT_EQ(test, act.nsteps, 3);
	KUNIT_EXPECT_EQ(test, act.steps[0],
			XTCP_ESTABLISHED << 4 | XTCP_FIN_WAIT_1);
	KUNIT_EXPECT_EQ(test, act.steps[1],
			XTCP_FIN_WAIT_1 << 4 | XTCP_FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, act.steps[2],
			XTCP_FIN_WAIT_2 << 4 | XTCP_TIME_WAIT);
}

static void state_name__all(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, xtcp_state_name(XTCP_SYN_RECEIVED),
			   "SYN-RECEIVED");
	KUNIT_EXPECT_STREQ(test, xtcp_state_name(XTCP_CLOSING), "CLOSING");
	KUNIT_EXPECT_STREQ(test, xtcp_state_name(0), "?");
	KUNIT_EXPECT_STREQ(test, xtcp_state_name(XTCP_STATES), "?");
}

static struct kunit_case cases[] = {
	KUNIT_CASE(state_allowed__figure5),
	KUNIT_CASE(state_set__edges),
	KUNIT_CASE(state_set__steps_in_order),
	KUNIT_CASE(state_name__all),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_state", .test_cases = cases };
kunit_test_suite(suite);
