// SPDX-License-Identifier: GPL-2.0
/* Tests of SYN-SENT (RFC 9293 3.10.7.3). */
#include "script_test.h"

#include "synsent.c"

static struct script *connecting(struct kunit *test)
{
	struct script *s = script_new(test);

	s->t.rcv_wscale = 3;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	s->now += 100 * MS;
	return s;
}

struct reply {
	const char *name;
	u8 flags;
	u32 ack;
	u8 state;
	bool rst;	/* is answered by one */
	u8 drop;
	int err;
};

#define SA (XTCP_SYN | XTCP_ACK)

static const struct reply replies[] = {
	{ "SYN-ACK", SA, S(0), XTCP_ESTABLISHED, false, XTCP_DROP_NONE, 0 },
	{ "SYN-ACK of too little", SA, ISS, XTCP_SYN_SENT, true,
	  XTCP_DROP_BAD_ACK, 0 },
	{ "SYN-ACK of too much", SA, S(1), XTCP_SYN_SENT, true,
	  XTCP_DROP_BAD_ACK, 0 },
	{ "SYN", XTCP_SYN, 0, XTCP_SYN_RECEIVED, false, XTCP_DROP_NONE, 0 },
	{ "ACK", XTCP_ACK, S(0), XTCP_SYN_SENT, false, XTCP_DROP_NOT_SYN, 0 },
	{ "ACK of too much", XTCP_ACK, S(9), XTCP_SYN_SENT, true,
	  XTCP_DROP_BAD_ACK, 0 },
	{ "RST", XTCP_RST, 0, XTCP_SYN_SENT, false, XTCP_DROP_NO_ACK, 0 },
	{ "RST-ACK", XTCP_RST | XTCP_ACK, S(0), XTCP_CLOSED, false,
	  XTCP_DROP_RST, ECONNREFUSED },
	{ "RST-ACK of too much", XTCP_RST | XTCP_ACK, S(1), XTCP_SYN_SENT,
	  false, XTCP_DROP_BAD_ACK, 0 },
	{ "RST-ACK of too little", XTCP_RST | XTCP_ACK, ISS, XTCP_SYN_SENT,
	  false, XTCP_DROP_BAD_ACK, 0 },
	{ "SYN and RST", XTCP_SYN | XTCP_RST, 0, XTCP_SYN_SENT, false,
	  XTCP_DROP_NO_ACK, 0 },
	{ "FIN", XTCP_FIN, 0, XTCP_SYN_SENT, false, XTCP_DROP_NOT_SYN, 0 },
};

static void reply_desc(const struct reply *r, char *desc)
{
	strscpy(desc, r->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(reply, replies, reply_desc);

static void synsent_rx__table(struct kunit *test)
{
	const struct reply *r = test->param_value;
	struct script *s = connecting(test);

	PROVES(test, "RFC9293-3.10.7.3-ack");
	script_rx(s, r->flags, IRS, r->ack, 0, 500);
	KUNIT_EXPECT_EQ(test, s->t.state, r->state);
	KUNIT_EXPECT_EQ(test, s->act.drop, r->drop);
	KUNIT_EXPECT_EQ(test, s->act.err, r->err);
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_REPLY), r->rst);
	if (r->rst) {
		KUNIT_EXPECT_EQ(test, s->act.reply.flags, XTCP_RST);
		KUNIT_EXPECT_EQ(test, s->act.reply.seq, r->ack);
	}
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_CONNECTED),
			r->state == XTCP_ESTABLISHED);
	EXPECT_SOUND(test, s);
}

static void answer(struct script *s, u8 flags, u8 opts, u16 mss, u32 len)
{
	struct xtcp_seg seg = {
		.flags = flags, .seq = IRS, .ack = S(0), .wnd = 500,
		.opts = opts, .mss = mss, .wscale = 2, .len = len,
	};

	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, &s->nodes[0], s->now, &s->act);
}

static void synsent_rx__options(struct kunit *test)
{
	struct script *s = connecting(test);

	answer(s, SA, XTCP_HAS_MSS | XTCP_HAS_WSCALE, 700, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700);
	KUNIT_EXPECT_EQ(test, s->t.snd_wscale, 2);
	KUNIT_EXPECT_EQ(test, s->t.rcv_wscale, 3);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 500U);	/* not scaled */
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 7000U);
	KUNIT_EXPECT_EQ(test, s->t.rcv_adv, R(WND));
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(0));
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, WND >> 3);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
}

/* RFC 7323 2.2: no option from the peer, no scaling either way */
static void synsent_rx__no_options(struct kunit *test)
{
	struct script *s = connecting(test);

	answer(s, SA, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, 536);
	KUNIT_EXPECT_EQ(test, s->t.snd_wscale, 0);
	KUNIT_EXPECT_EQ(test, s->t.rcv_wscale, 0);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, WND);
}

static void synsent_rx__tiny_mss(struct kunit *test)
{
	struct script *s = connecting(test);

	answer(s, SA, XTCP_HAS_MSS, 1, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, XTCP_MSS_MIN);
}

/* Payload beside the SYN-ACK is taken at once */
static void synsent_rx__data(struct kunit *test)
{
	struct script *s = connecting(test);

	answer(s, SA, XTCP_HAS_MSS, 1000, 50);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_DELIVER);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, 50U);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(50));
}

static void synsent_rx__after_loss(struct kunit *test)
{
	struct script *s = connecting(test);

	PROVES(test, "RFC5681-3.1-synloss");
	script_wait(s, 900 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
	s->now += 50 * MS;
	answer(s, SA, XTCP_HAS_MSS, 1000, 0);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 0U);		/* Karn */
	KUNIT_EXPECT_EQ(test, s->t.rto, 3000000U);	/* RFC 6298 (5.7) */
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 1000U);	/* RFC 6928 */
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
	KUNIT_EXPECT_EQ(test, s->t.tries, 0);
}

/* Simultaneous open: each SYN is answered by a SYN-ACK */
static void synsent_rx__simultaneous(struct kunit *test)
{
	struct script *s = connecting(test);

	PROVES(test, "RFC9293-3.10.7.3-simul");
	answer(s, XTCP_SYN, XTCP_HAS_MSS | XTCP_HAS_WSCALE, 1000, 0);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, SA, ISS, 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(0));
	EXPECT_SOUND(test, s);
	/* the peer's SYN again: it has not had ours */
	script_rx(s, XTCP_SYN, IRS, 0, 0, 500);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, SA, ISS, 0);
	/* the peer's SYN-ACK; its window is not scaled */
	script_rx(s, SA, IRS, S(0), 0, 600);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_CONNECTED);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 600U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
	EXPECT_SOUND(test, s);
}

/* Losses are found as in any connection with SACK */
static void synsent_rx__simultaneous_sack(struct kunit *test)
{
	struct script *s = connecting(test);

	s->t.sack.ok = true;
	answer(s, XTCP_SYN, XTCP_HAS_MSS | XTCP_HAS_SACK_OK, 1000, 0);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	KUNIT_EXPECT_TRUE(test, s->t.rack.on);
	KUNIT_EXPECT_EQ(test, (u32)s->t.rack.mult, 1U);
	EXPECT_SOUND(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(synsent_rx__table, reply_gen_params),
	KUNIT_CASE(synsent_rx__options),
	KUNIT_CASE(synsent_rx__no_options),
	KUNIT_CASE(synsent_rx__tiny_mss),
	KUNIT_CASE(synsent_rx__data),
	KUNIT_CASE(synsent_rx__after_loss),
	KUNIT_CASE(synsent_rx__simultaneous),
	KUNIT_CASE(synsent_rx__simultaneous_sack),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_synsent", .test_cases = cases };
kunit_test_suite(suite);
