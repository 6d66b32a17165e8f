// SPDX-License-Identifier: GPL-2.0
/* Tests of LISTEN and of the request that a SYN makes. */
#include "script_test.h"

#include "req.c"

#define NOW (5 * XTCP_USEC_PER_SEC)

struct knock {
	const char *name;
	u8 flags;
	int verdict;
	bool rst;
};

/* RFC 9293 3.10.7.2 */
static const struct knock knocks[] = {
	{ "SYN", XTCP_SYN, XTCP_LISTEN_SYN, false },
	{ "SYN with PSH and URG", XTCP_SYN | XTCP_PSH | XTCP_URG,
	  XTCP_LISTEN_SYN, false },
	{ "RST", XTCP_RST, XTCP_LISTEN_DROP, false },
	{ "RST with SYN", XTCP_RST | XTCP_SYN, XTCP_LISTEN_DROP, false },
	{ "RST with ACK", XTCP_RST | XTCP_ACK, XTCP_LISTEN_DROP, false },
	{ "ACK", XTCP_ACK, XTCP_LISTEN_DROP, true },
	{ "SYN-ACK", XTCP_SYN | XTCP_ACK, XTCP_LISTEN_DROP, true },
	{ "FIN", XTCP_FIN, XTCP_LISTEN_DROP, false },
	{ "SYN with FIN", XTCP_SYN | XTCP_FIN, XTCP_LISTEN_DROP, false },
	{ "nothing", 0, XTCP_LISTEN_DROP, false },
};

static void knock_desc(const struct knock *k, char *desc)
{
	strscpy(desc, k->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(knock, knocks, knock_desc);

static void req_listen__table(struct kunit *test)
{
	const struct knock *k = test->param_value;
	struct xtcp_seg seg = { .flags = k->flags, .seq = 5, .ack = 99 };
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_listen(&seg, &act), k->verdict);
	KUNIT_EXPECT_EQ(test, !!(act.flags & XTCP_ACT_REPLY), k->rst);
	KUNIT_EXPECT_EQ(test, !!(act.events & XTCP_EV_RST_OUT), k->rst);
	KUNIT_EXPECT_EQ(test, act.drop, k->verdict == XTCP_LISTEN_SYN ?
			XTCP_DROP_NONE : XTCP_DROP_NOT_SYN);
	if (k->rst)
		KUNIT_EXPECT_EQ(test, act.reply.seq, 99U);
}

static struct xtcp_req example(void)
{
	struct xtcp_seg syn = {
		.flags = XTCP_SYN, .seq = IRS, .wnd = 5000, .mss = 1400,
		.wscale = 3, .opts = XTCP_HAS_MSS | XTCP_HAS_WSCALE,
	};
	struct xtcp_req req;

	xtcp_req_init(&req, &syn, ISS, 100000, 200000, 1460, 536);
	return req;
}

static void req_init__options(struct kunit *test)
{
	struct xtcp_req req = example();

	KUNIT_EXPECT_EQ(test, req.irs, IRS);
	KUNIT_EXPECT_EQ(test, req.iss, ISS);
	KUNIT_EXPECT_EQ(test, req.snd_wnd, 5000U);
	KUNIT_EXPECT_EQ(test, req.rcv_wnd, 65535U);
	KUNIT_EXPECT_EQ(test, req.peer_mss, 1400);
	KUNIT_EXPECT_EQ(test, req.snd_wscale, 3);
	KUNIT_EXPECT_EQ(test, req.rcv_wscale, 2);
	KUNIT_EXPECT_TRUE(test, req.wscale_ok);
}

static void req_init__no_options(struct kunit *test)
{
	struct xtcp_seg syn = { .flags = XTCP_SYN, .seq = IRS, .wnd = 9 };
	struct xtcp_seg out;
	struct xtcp_req req;

	xtcp_req_init(&req, &syn, ISS, 300, 200000, 1460, 536);
	KUNIT_EXPECT_EQ(test, req.peer_mss, 536);
	KUNIT_EXPECT_EQ(test, req.rcv_wnd, 300U);
	KUNIT_EXPECT_FALSE(test, req.wscale_ok);
	KUNIT_EXPECT_EQ(test, req.rcv_wscale, 0);
	KUNIT_EXPECT_EQ(test, req.snd_wscale, 0);
	xtcp_req_synack(&req, NOW, &out);
	KUNIT_EXPECT_EQ(test, out.opts, XTCP_HAS_MSS);
	/* an MSS of a few octets would be an attack */
	syn.opts = XTCP_HAS_MSS;
	syn.mss = 1;
	xtcp_req_init(&req, &syn, ISS, 300, 200000, 1460, 536);
	KUNIT_EXPECT_EQ(test, req.peer_mss, XTCP_MSS_MIN);
}

static void req_synack__fields(struct kunit *test)
{
	struct xtcp_req req = example();
	struct xtcp_seg out;

	xtcp_req_synack(&req, NOW, &out);
	KUNIT_EXPECT_EQ(test, out.flags, XTCP_SYN | XTCP_ACK);
	KUNIT_EXPECT_EQ(test, out.seq, ISS);
	KUNIT_EXPECT_EQ(test, out.ack, R(0));
	KUNIT_EXPECT_EQ(test, out.wnd, 65535);
	KUNIT_EXPECT_EQ(test, out.mss, 1460);
	KUNIT_EXPECT_EQ(test, out.wscale, 2);
	KUNIT_EXPECT_EQ(test, out.opts, XTCP_HAS_MSS | XTCP_HAS_WSCALE);
	KUNIT_EXPECT_EQ(test, out.hlen, 28);
}

struct third {
	const char *name;
	u8 flags;
	u32 seq, ack;
	int verdict;
	u8 reply;	/* flags of the reply, 0 for none */
	u8 drop;
};

#define EDGE (R(0) + 65535)

static const struct third thirds[] = {
	{ "the ACK", XTCP_ACK, R(0), S(0), XTCP_REQ_DONE, 0, XTCP_DROP_NONE },
	{ "data in the window", XTCP_ACK, R(100), S(0), XTCP_REQ_DONE, 0,
	  XTCP_DROP_NONE },
	{ "a FIN", XTCP_ACK | XTCP_FIN, R(0), S(0), XTCP_REQ_DONE, 0,
	  XTCP_DROP_NONE },
	{ "the SYN again", XTCP_SYN, IRS, 0, XTCP_REQ_AGAIN, 0,
	  XTCP_DROP_NONE },
	{ "another SYN", XTCP_SYN, R(5), 0, XTCP_REQ_DROP, XTCP_ACK,
	  XTCP_DROP_SYN },
	{ "a SYN outside", XTCP_SYN, IRS - 9, 0, XTCP_REQ_DROP, XTCP_ACK,
	  XTCP_DROP_SEQ },
	{ "an ACK too low", XTCP_ACK, R(0), ISS, XTCP_REQ_DROP, XTCP_RST,
	  XTCP_DROP_BAD_ACK },
	{ "an ACK too high", XTCP_ACK, R(0), S(1), XTCP_REQ_DROP, XTCP_RST,
	  XTCP_DROP_BAD_ACK },
	{ "no ACK", XTCP_PSH, R(0), 0, XTCP_REQ_DROP, 0, XTCP_DROP_NO_ACK },
	{ "left of the window", XTCP_ACK, IRS, S(0), XTCP_REQ_DROP, XTCP_ACK,
	  XTCP_DROP_SEQ },
	{ "right of the window", XTCP_ACK, EDGE + 1, S(0), XTCP_REQ_DROP,
	  XTCP_ACK, XTCP_DROP_SEQ },
	{ "a reset at RCV.NXT", XTCP_RST, R(0), 0, XTCP_REQ_ABORT, 0,
	  XTCP_DROP_RST },
	{ "a reset in the window", XTCP_RST, R(1), 0, XTCP_REQ_DROP, XTCP_ACK,
	  XTCP_DROP_RST_SEQ },
	{ "a reset outside", XTCP_RST, IRS, 0, XTCP_REQ_DROP, 0,
	  XTCP_DROP_SEQ },
	{ "a reset with the SYN's number", XTCP_RST | XTCP_SYN, IRS, 0,
	  XTCP_REQ_DROP, 0, XTCP_DROP_SEQ },
};

static void third_desc(const struct third *t, char *desc)
{
	strscpy(desc, t->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(third, thirds, third_desc);

static void req_rx__table(struct kunit *test)
{
	const struct third *t = test->param_value;
	struct xtcp_req req = example();
	struct xtcp_seg seg = {
		.flags = t->flags, .seq = t->seq, .ack = t->ack,
	};
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_rx(&req, &seg, NOW, &act), t->verdict);
	KUNIT_EXPECT_EQ(test, act.drop, t->drop);
	KUNIT_EXPECT_EQ(test, !!(act.flags & XTCP_ACT_REPLY), !!t->reply);
	if (!t->reply)
		return;
	KUNIT_EXPECT_EQ(test, act.reply.flags, t->reply);
	if (t->reply == XTCP_ACK) {
		KUNIT_EXPECT_EQ(test, act.reply.seq, S(0));
		KUNIT_EXPECT_EQ(test, act.reply.ack, R(0));
	} else {
		KUNIT_EXPECT_EQ(test, act.reply.seq, t->ack);
	}
}

#define PEER 0xfffffff0U	/* the SYN's value */

/* A request whose SYN had timestamps, at NOW */
static struct xtcp_req stamped(bool on)
{
	struct xtcp_params p = { .timestamps = on };
	struct xtcp_seg syn = {
		.flags = XTCP_SYN, .opts = XTCP_HAS_TS, .ts_val = PEER,
	};
	struct xtcp_req req = example();

	xtcp_req_options(&req, &syn, &p, 1000, NOW);
	return req;
}

static void req_options__timestamps(struct kunit *test)
{
	struct xtcp_params on = { .timestamps = true };
	struct xtcp_seg syn = { .flags = XTCP_SYN }, out;
	struct xtcp_req req = stamped(true);

	PROVES(test, "RFC7323-3.2-synack");
	xtcp_req_synack(&req, NOW + 7000, &out);
	KUNIT_EXPECT_TRUE(test, out.opts & XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, out.ts_val, 1000U + 5007);
	KUNIT_EXPECT_EQ(test, out.ts_ecr, PEER);
	KUNIT_EXPECT_EQ(test, out.hlen, 40);
	/* RFC7323-3.2-synack: not what the SYN did not offer */
	req = example();
	xtcp_req_options(&req, &syn, &on, 1000, NOW);
	xtcp_req_synack(&req, NOW, &out);
	KUNIT_EXPECT_FALSE(test, out.opts & XTCP_HAS_TS);
	/* nor what is switched off */
	req = stamped(false);
	xtcp_req_synack(&req, NOW, &out);
	KUNIT_EXPECT_FALSE(test, out.opts & XTCP_HAS_TS);
}

static void req_rx__paws(struct kunit *test)
{
	struct xtcp_req req = stamped(true);
	struct xtcp_seg seg = {
		.flags = XTCP_ACK, .seq = R(0), .ack = S(0),
		.opts = XTCP_HAS_TS, .ts_val = PEER - 1,
	};
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_rx(&req, &seg, NOW, &act),
			(int)XTCP_REQ_DROP);
	KUNIT_EXPECT_EQ(test, act.drop, XTCP_DROP_PAWS);
	KUNIT_EXPECT_TRUE(test, act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, act.reply.opts, XTCP_HAS_TS);
	/* a reset is not checked */
	seg.flags = XTCP_RST;
	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_rx(&req, &seg, NOW, &act),
			(int)XTCP_REQ_ABORT);
	seg.flags = XTCP_ACK;
	seg.ts_val = PEER;
	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_rx(&req, &seg, NOW, &act),
			(int)XTCP_REQ_DONE);
}

/* The SYN again, sent later: the SYN-ACK echoes the later */
static void req_rx__syn_again(struct kunit *test)
{
	struct xtcp_req req = stamped(true);
	struct xtcp_seg seg = {
		.flags = XTCP_SYN, .seq = IRS, .opts = XTCP_HAS_TS,
		.ts_val = PEER + 1000,
	};
	struct xtcp_act act;

	xtcp_act_init(&act);
	KUNIT_EXPECT_EQ(test, (int)xtcp_req_rx(&req, &seg, NOW, &act),
			(int)XTCP_REQ_AGAIN);
	KUNIT_EXPECT_EQ(test, req.ts.recent, PEER + 1000);
	seg.ts_val = PEER;
	xtcp_req_rx(&req, &seg, NOW, &act);
	KUNIT_EXPECT_EQ(test, req.ts.recent, PEER + 1000);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(req_listen__table, knock_gen_params),
	KUNIT_CASE(req_init__options),
	KUNIT_CASE(req_init__no_options),
	KUNIT_CASE(req_synack__fields),
	KUNIT_CASE_PARAM(req_rx__table, third_gen_params),
	KUNIT_CASE(req_options__timestamps),
	KUNIT_CASE(req_rx__paws),
	KUNIT_CASE(req_rx__syn_again),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_req", .test_cases = cases };
kunit_test_suite(suite);
