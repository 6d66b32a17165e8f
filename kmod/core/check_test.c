// SPDX-License-Identifier: GPL-2.0
/* The checks must see what they are for: each is shown a broken connection. */
#include "script_test.h"

#include "check.c"

static void check_tcb__sound(struct kunit *test)
{
	static const u8 states[] = {
		XTCP_ESTABLISHED, XTCP_FIN_WAIT_1, XTCP_FIN_WAIT_2,
		XTCP_CLOSE_WAIT, XTCP_CLOSING, XTCP_LAST_ACK,
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		EXPECT_SOUND(test, script_in(test, states[i]));
}

static struct script *busy(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 5000);
	script_push(s);
	EXPECT_SOUND(test, s);
	return s;
}

#define EXPECT_BROKEN(test, s)						\
	KUNIT_EXPECT_TRUE(test, xtcp_tcb_check(&(s)->t))

static void check_tcb__broken(struct kunit *test)
{
	struct script *s = busy(test);

	s->t.snd_una = S(5001);
	EXPECT_BROKEN(test, s);
	s = busy(test);
	s->t.snd_nxt = S(5001);
	EXPECT_BROKEN(test, s);
	s = busy(test);
	s->t.rtx_nxt = S(-1);
	s->t.rtx_end = S(100);
	EXPECT_BROKEN(test, s);
	s->t.rtx_nxt = S(200);
	EXPECT_BROKEN(test, s);
	s = busy(test);
	s->t.cong.cwnd = 999;
	EXPECT_BROKEN(test, s);
	s = busy(test);
	s->t.deadline[XTCP_TIMER_RTX] = 0;
	EXPECT_BROKEN(test, s);
	s = script_open(test);
	script_write(s, 1);
	EXPECT_BROKEN(test, s);
	s = script_open(test);
	s->t.ack_due = XTCP_ACK_DELAYED;
	EXPECT_BROKEN(test, s);
	s = script_in(test, XTCP_FIN_WAIT_2);
	s->t.orphan = true;
	EXPECT_BROKEN(test, s);
	s = script_open(test);
	s->t.rcv_acked = R(1);
	EXPECT_BROKEN(test, s);
}

static void check_tcb__stale_reassembly(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, XTCP_ACK, R(10), S(0), 10, WND);
	script_push(s);
	EXPECT_SOUND(test, s);
	s->t.rcv_nxt = R(10);
	EXPECT_BROKEN(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(check_tcb__sound),
	KUNIT_CASE(check_tcb__broken),
	KUNIT_CASE(check_tcb__stale_reassembly),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_check", .test_cases = cases };
kunit_test_suite(suite);
