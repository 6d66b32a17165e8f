// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of loss recovery with SACK as a whole: records, RACK, the tail probe, PRR
 * and the timers together, as RFC 6675, RFC 8985 and RFC 6937 ask for. As in
 * rack_test.c ten segments of 1000 octets are out, and a round trip takes 100 ms.
 */
#include "rack_script_test.h"

/* What was sent within the last round trip is not lost by a timeout (6.3) */
static void recovery__timeout_spares_the_new(struct kunit *test)
{
	struct script *s = begin(test, 3000);

	PROVES(test, "RFC8985-6.3");
	s->now += 10 * MS;
	script_write(s, 2000);
	script_push(s);
	s->now += 90 * MS;
	script_ack(s, S(1000));
	s->t.rtx_for = XTCP_RTX_RTO;
	s->t.deadline[XTCP_TIMER_RTX] = s->now + s->t.rto;
	s->now += s->t.rto - 50 * MS;
	script_write(s, 2000);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(5000), 2000);
	script_wait(s, 50 * MS);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 4000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(1000), 1000);
	EXPECT_SOUND(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(recovery__timeout_spares_the_new),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_recovery", .test_cases = cases };
kunit_test_suite(suite);
