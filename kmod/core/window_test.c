// SPDX-License-Identifier: GPL-2.0
/* Tests of the window that is offered. */
#include "script_test.h"

#include "window.c"

static void window_scale__sizes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(0), 0);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(65535), 0);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(65536), 1);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(131071), 1);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(131072), 2);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(6291456), 7);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(1U << 30), 14);
	KUNIT_EXPECT_EQ(test, xtcp_window_scale(0xffffffff), 14);
}

static void window_syn__never_scaled(struct kunit *test)
{
	PROVES(test, "RFC7323-2.2-synwnd");
	KUNIT_EXPECT_EQ(test, xtcp_window_syn(0), 0);
	KUNIT_EXPECT_EQ(test, xtcp_window_syn(4000), 4000);
	KUNIT_EXPECT_EQ(test, xtcp_window_syn(65535), 65535);
	KUNIT_EXPECT_EQ(test, xtcp_window_syn(65536), 65535);
}

struct offer {
	const char *name;
	u32 now, space, full;
	u8 scale;
	u32 want;
};

static const struct offer offers[] = {
	{ "all room offered already", 8000, 8000, 8000, 0, 8000 },
	{ "a segment more", 7000, 8000, 8000, 0, 8000 },
	{ "less than a segment more", 7001, 8000, 8000, 0, 7001 },
	{ "room shrank, the edge stays", 7000, 3000, 8000, 0, 7000 },
	{ "closed", 0, 0, 8000, 0, 0 },
	{ "closed, a little room", 0, 999, 8000, 0, 0 },
	{ "closed, a segment of room", 0, 1000, 8000, 0, 1000 },
	{ "closed, half a small buffer", 0, 600, 1200, 0, 600 },
	{ "closed, not half a small buffer", 0, 599, 1200, 0, 0 },
	{ "more than a header can say", 0, 100000, 100000, 0, 65535 },
	{ "scaled", 0, 100000, 100000, 1, 100000 },
	{ "scaled, rounded down", 0, 100001, 100001, 1, 100000 },
	{ "no room to round up", 7001, 7001, 8000, 7, 6912 },
	{ "room to round up", 7001, 7500, 8000, 7, 7040 },
	{ "no rounding needed", 7040, 7040, 8000, 7, 7040 },
	{ "less than a unit left", 100, 100, 8000, 7, 0 },
	{ "greatest", 0, 0x7fffffff, 0x7fffffff, 14, 65535U << 14 },
};

static void offer_desc(const struct offer *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(offer, offers, offer_desc);

static void window_offer__table(struct kunit *test)
{
	const struct offer *o = test->param_value;
	struct script *s = script_new(test);

	PROVES(test, "MUST-39 REC-1");
	s->t.rcv_nxt = R(0);
	s->t.rcv_adv = R(0) + o->now;
	s->t.rcv_space = o->space;
	s->t.rcv_full = o->full;
	s->t.rcv_wscale = o->scale;
	KUNIT_EXPECT_EQ(test, xtcp_window_now(&s->t), o->now);
	KUNIT_EXPECT_EQ(test, xtcp_window_offer(&s->t), o->want);
}

/* However small the steps, the edge stays within what can be stored */
static void window_offer__no_creeping(struct kunit *test)
{
	struct script *s = script_new(test);
	u32 space = 20000, i;

	s->t.rcv_wscale = 7;
	s->t.rcv_nxt = R(0);
	s->t.rcv_adv = R(0) + space;
	for (i = 0; i < 20000; i++) {
		u32 edge;

		if (!xtcp_window_now(&s->t))
			break;
		s->t.rcv_nxt++;
		s->t.rcv_space = --space;
		edge = s->t.rcv_nxt + xtcp_window_offer(&s->t);
		if (edge - R(0) > 20000)
			KUNIT_FAIL(test, "edge %u at %u", edge - R(0), i);
		s->t.rcv_adv = seq_max(s->t.rcv_adv, edge);
	}
	KUNIT_EXPECT_EQ(test, xtcp_window_now(&s->t), 0U);
}

static void window_now__edge_behind(struct kunit *test)
{
	struct script *s = script_new(test);

	s->t.rcv_nxt = R(10);
	s->t.rcv_adv = R(9);
	KUNIT_EXPECT_EQ(test, xtcp_window_now(&s->t), 0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(window_scale__sizes),
	KUNIT_CASE(window_syn__never_scaled),
	KUNIT_CASE_PARAM(window_offer__table, offer_gen_params),
	KUNIT_CASE(window_offer__no_creeping),
	KUNIT_CASE(window_now__edge_behind),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_window", .test_cases = cases };
kunit_test_suite(suite);
