// SPDX-License-Identifier: GPL-2.0
/* Tests of TIME-WAIT. */
#include "script_test.h"

#include "tw.c"

struct arrival {
	const char *name;
	u8 flags;
	int seq;	/* from RCV.NXT */
	int len;
	int verdict;
	bool ack;
};

static const struct arrival arrivals[] = {
	{ "the FIN again", XTCP_FIN | XTCP_ACK, -1, 0, XTCP_TW_RESTART, true },
	{ "data and FIN again", XTCP_FIN | XTCP_ACK, -11, 10, XTCP_TW_RESTART,
	  true },
	{ "a reset", XTCP_RST, 0, 0, XTCP_TW_DROP, false },
	{ "a reset with an ACK", XTCP_RST | XTCP_ACK, -1, 0, XTCP_TW_DROP,
	  false },
	{ "a new SYN", XTCP_SYN, 1, 0, XTCP_TW_SYN, false },
	{ "a SYN at RCV.NXT", XTCP_SYN, 0, 0, XTCP_TW_DROP, true },
	{ "an old SYN", XTCP_SYN, -100, 0, XTCP_TW_DROP, true },
	{ "a SYN-ACK", XTCP_SYN | XTCP_ACK, 100, 0, XTCP_TW_DROP, true },
	{ "an ACK in order", XTCP_ACK, 0, 0, XTCP_TW_DROP, false },
	{ "an old ACK", XTCP_ACK, -1, 0, XTCP_TW_DROP, true },
	{ "old data", XTCP_ACK, -10, 5, XTCP_TW_DROP, true },
	{ "new data", XTCP_ACK, 0, 5, XTCP_TW_DROP, true },
	{ "a FIN from the future", XTCP_FIN | XTCP_ACK, 5, 0, XTCP_TW_DROP,
	  true },
};

static void arrival_desc(const struct arrival *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(arrival, arrivals, arrival_desc);

static void tw_rx__table(struct kunit *test)
{
	const struct arrival *a = test->param_value;
	struct xtcp_tw tw = { .snd_nxt = S(1), .rcv_nxt = R(1), .rcv_wnd = 77 };
	struct xtcp_seg seg = {
		.flags = a->flags, .seq = R(1) + a->seq, .ack = S(1),
		.len = a->len,
	};
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_tw_rx(&tw, &seg, 1000000, &act),
			a->verdict);
	KUNIT_EXPECT_EQ(test, !!(act.flags & XTCP_ACT_REPLY), a->ack);
	KUNIT_EXPECT_EQ(test, (int)act.drop, a->verdict == XTCP_TW_SYN ?
			(int)XTCP_DROP_NONE : (int)XTCP_DROP_TIME_WAIT);
	if (!a->ack)
		return;
	KUNIT_EXPECT_EQ(test, act.reply.flags, XTCP_ACK);
	KUNIT_EXPECT_EQ(test, act.reply.seq, S(1));
	KUNIT_EXPECT_EQ(test, act.reply.ack, R(1));
	KUNIT_EXPECT_EQ(test, act.reply.wnd, 77);
}

/* Empty segments that do not fit are answered twice a second at most */
static void tw_rx__rate(struct kunit *test)
{
	struct xtcp_tw tw = { .snd_nxt = S(1), .rcv_nxt = R(1) };
	struct xtcp_seg seg = { .flags = XTCP_ACK, .seq = R(0) };
	static const struct { u32 ms; bool ack; } at[] = {
		{ 1000, true }, { 1001, false }, { 1499, false },
		{ 1500, true }, { 1501, false },
	};
	struct xtcp_act act;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		xtcp_act_init(&act);
		xtcp_tw_rx(&tw, &seg, at[i].ms * MS, &act);
		KUNIT_EXPECT_EQ(test, !!(act.flags & XTCP_ACT_REPLY),
				at[i].ack);
	}
}

struct successor {
	const char *name;
	bool before, now;	/* timestamps: the last incarnation, this SYN */
	int val, seq;		/* from TS.Recent, from RCV.NXT */
	int verdict;
};

/* RFC 6191 section 2; RFC 9293 3.6.1 where there are no timestamps */
static const struct successor successors[] = {
	{ "6191-2-gt: newer, lower", true, true, 1, -99, XTCP_TW_SYN },
	{ "6191-2-gt: newer, higher", true, true, 9, 99, XTCP_TW_SYN },
	{ "6191-2-eq: equal, higher", true, true, 0, 1, XTCP_TW_SYN },
	{ "6191-2-eq: equal, not higher", true, true, 0, 0, XTCP_TW_DROP },
	{ "6191-2-drop: older, higher", true, true, -1, 99, XTCP_TW_DROP },
	{ "6191-2-nots: none any more, higher", true, false, 0, 1, XTCP_TW_SYN },
	{ "6191-2-nots: none any more, lower", true, false, 0, -1, XTCP_TW_DROP },
	{ "6191-2-nots: none before, lower", false, true, 0, -99, XTCP_TW_SYN },
};

static void successor_desc(const struct successor *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(successor, successors, successor_desc);

#define RECENT 0xfffffffdU

static void tw_rx__successor(struct kunit *test)
{
	const struct successor *c = test->param_value;
	struct xtcp_tw tw = {
		.snd_nxt = S(1), .rcv_nxt = R(1),
		.ts = { .ok = c->before, .recent = RECENT, .recent_at = MS },
	};
	struct xtcp_seg seg = {
		.flags = XTCP_SYN, .seq = R(1) + c->seq,
		.opts = c->now ? XTCP_HAS_TS : 0, .ts_val = RECENT + c->val,
	};
	struct xtcp_act act;

	PROVES(test, "SHLD-4 RFC6191-2-gt RFC6191-2-eq RFC6191-2-nots RFC6191-2-drop");
	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_tw_rx(&tw, &seg, 1000 * MS, &act),
			c->verdict);
}

/* What an old duplicate of the FIN says does not count; a newer does */
static void tw_rx__timestamps(struct kunit *test)
{
	struct xtcp_tw tw = {
		.snd_nxt = S(1), .rcv_nxt = R(1),
		.ts = { .ok = true, .recent = RECENT, .recent_at = MS,
			.offset = 5 },
	};
	struct xtcp_seg seg = {
		.flags = XTCP_FIN | XTCP_ACK, .seq = R(0), .opts = XTCP_HAS_TS,
		.ts_val = RECENT - 1,
	};
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_tw_rx(&tw, &seg, 1000 * MS, &act),
			(int)XTCP_TW_DROP);
	KUNIT_EXPECT_TRUE(test, act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, tw.ts.recent, RECENT);
	seg.ts_val = RECENT + 1;
	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_tw_rx(&tw, &seg, 2000 * MS, &act),
			(int)XTCP_TW_RESTART);
	KUNIT_EXPECT_EQ(test, act.reply.opts, XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, act.reply.ts_val, 2005U);
	KUNIT_EXPECT_EQ(test, act.reply.ts_ecr, RECENT + 1);
}

static void tw_init__from_connection(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_2);
	struct xtcp_tw tw;

	script_rx(s, XTCP_FIN | XTCP_ACK, R(0), S(1), 0, WND);
	script_push(s);
	xtcp_tw_init(&tw, &s->t);
	KUNIT_EXPECT_EQ(test, tw.snd_nxt, S(1));
	KUNIT_EXPECT_EQ(test, tw.rcv_nxt, R(1));
	KUNIT_EXPECT_EQ(test, (u32)tw.rcv_wnd, s->t.rcv_adv - R(1));
	KUNIT_EXPECT_TRUE(test, seq_gt(xtcp_tw_next_iss(&tw), S(65535)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(tw_rx__table, arrival_gen_params),
	KUNIT_CASE(tw_rx__rate),
	KUNIT_CASE_PARAM(tw_rx__successor, successor_gen_params),
	KUNIT_CASE(tw_rx__timestamps),
	KUNIT_CASE(tw_init__from_connection),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_tw", .test_cases = cases };
kunit_test_suite(suite);
