// SPDX-License-Identifier: GPL-2.0
/* Tests of what a route says of a connection. */
#include "script_test.h"

#include "route.c"

static void route_start__windows(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_route r = { .initcwnd = 20, .ssthresh = 30, .cwnd = 25 };

	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 20000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 25000U);
	script_write(s, 30000);
	s->t.snd_wnd = 60000;
	script_push(s);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 20000);
	/* it grows up to the bound */
	s->t.cong.cwnd = 24800;
	s->t.cong.ssthresh = 30000;
	s->now += 100 * MS;
	script_ack(s, S(20000));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 25000U);
	script_push(s);
	s->now += 100 * MS;
	script_ack(s, s->t.snd_nxt);
	/* idle: back to the initial window of the route */
	s->now += 10000 * MS;
	s->t.cong.cwnd = 24000;
	script_write(s, 30000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 20000U);
	EXPECT_SOUND(test, s);
}

static void route_start__bounds(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_route none = {}, r = { .ssthresh = 1 };
	struct xtcp_tcb before = s->t;

	xtcp_route_start(&s->t, &none);
	KUNIT_EXPECT_EQ(test, memcmp(&before, &s->t, sizeof(before)), 0);
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2000U);
	/* a SYN was lost */
	s = script_open(test);
	s->t.syn_rtx = true;
	s->t.cong.cwnd = MSS;
	r = (struct xtcp_route){ .initcwnd = U32_MAX, .cwnd = U32_MAX };
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
	KUNIT_EXPECT_EQ(test, s->t.initial, 65535);
	KUNIT_EXPECT_EQ(test, s->t.cong.most, (u32)XTCP_CONG_CWND_MAX);
	r = (struct xtcp_route){ .cwnd = 1 };
	s = script_open(test);
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
	KUNIT_EXPECT_EQ(test, s->t.cong.most, (u32)MSS);
}

static void route_start__times(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_route r = { .rtt = 500 * MS };

	/* less than what was measured says nothing */
	r.rtt = s->t.srtt;
	s->t.rto = 7;
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.rto, 7U);
	r.rtt = 500 * MS;
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.rto, (u32)(1500 * MS));
	/* with the route's own bound for the RTO */
	s->t.rto_min = 2000 * MS;
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.rto, (u32)(2500 * MS));
	r.rtt = U32_MAX;
	xtcp_route_start(&s->t, &r);
	KUNIT_EXPECT_EQ(test, s->t.rto, s->p.rto_max);
	/* which samples keep to, above and below the namespace's */
	xtcp_rtt_sample(&s->t, 100 * MS);
	KUNIT_EXPECT_EQ(test, s->t.rto, (u32)(2100 * MS));
	s->t.rto_min = 20 * MS;
	s->t.rttvar = 0;
	s->t.srtt = 10 * MS;
	xtcp_rtt_sample(&s->t, 10 * MS);
	KUNIT_EXPECT_EQ(test, s->t.rto, (u32)(30 * MS));
	s->t.rto_min = 0;
	xtcp_rtt_sample(&s->t, 10 * MS);
	KUNIT_EXPECT_EQ(test, s->t.rto, (u32)(210 * MS));
}

/* The first window offered */
static void route__syn_window(struct kunit *test)
{
	struct script *s = script_new(test);

	s->t.syn_wnd = 3000;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 3000);
	s = script_new(test);
	s->t.syn_wnd = WND + 1;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, WND);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(route_start__windows),
	KUNIT_CASE(route_start__bounds),
	KUNIT_CASE(route_start__times),
	KUNIT_CASE(route__syn_window),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_route", .test_cases = cases };
kunit_test_suite(suite);
