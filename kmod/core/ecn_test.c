// SPDX-License-Identifier: GPL-2.0
/* Tests of explicit congestion notification, as exchanges. */
#include "script_test.h"

#include "ecn.c"
#include "rtt.h"

#define A XTCP_ACK

/* A segment arrives with a mark, or without */
static void rx(struct script *s, u8 flags, u32 seq, u32 len, u8 ecn)
{
	struct xtcp_seg seg = {
		.seq = seq, .ack = s->t.snd_una, .len = len, .wnd = WND,
		.flags = flags | A, .hlen = 20, .ecn = ecn,
	};

	script_rx_seg(s, &seg);
}

static void rx_echo(struct script *s, u32 ack)
{
	script_rx(s, A | XTCP_ECE, s->t.rcv_nxt, ack, 0, WND);
}

/* The peer sends the next so many octets */
static void rx_next(struct script *s, u32 len, u8 ecn)
{
	rx(s, 0, s->t.rcv_nxt, len, ecn);
}

/* A round trip later the SYN-ACK arrives, and is acknowledged */
static void synack(struct script *s, u8 flags)
{
	s->now += 100 * MS;
	script_rx(s, XTCP_SYN | A | flags, IRS, S(0), 0, WND);
	s->t.mss = MSS;
	s->t.peer_mss = 2 * MSS;
	xtcp_cong_init(&s->t.cong, MSS, 10);
	script_push(s);
}

/* An active open that offers ECN, answered by a SYN-ACK with these flags */
static struct script *opened(struct kunit *test, u8 setting, u8 flags)
{
	struct script *s = script_new(test);

	s->p.ecn = setting;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].flags & XTCP_ECN_SETUP,
			setting == 1 ? XTCP_ECN_SETUP : 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	synack(s, flags);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	s->t.last_rcv = s->now;
	return s;
}

struct answer {
	const char *name;
	u8 setting, flags;
	bool ok;
};

static const struct answer answers[] = {
	{ "taken", 1, XTCP_ECE, true },
	{ "refused", 1, 0, false },
	{ "flags that the peer copies", 1, XTCP_ECN_SETUP, false },
	{ "CWR alone", 1, XTCP_CWR, false },
	{ "not offered", 2, XTCP_ECE, false },
	{ "switched off", 0, XTCP_ECE, false },
};

static void answer_desc(const struct answer *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(answer, answers, answer_desc);

static void ecn__negotiated(struct kunit *test)
{
	const struct answer *a = test->param_value;
	struct script *s = opened(test, a->setting, a->flags);

	script_write(s, MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn,	/* RFC3168-6.1.1-nego */
			a->ok ? XTCP_ECN_ECT0 : XTCP_ECN_NONE);
	/* without it, the bits mean nothing */
	rx(s, XTCP_PSH, R(0), 100, XTCP_ECN_CE);
	KUNIT_ASSERT_EQ(test, script_push(s), a->ok ? 1U : 0U);
	if (a->ok)
		KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_EQ(test, !!(s->act.events & XTCP_EV_ECN), a->ok);
}

/* RFC3168-6.1.1.1: a box on the way may drop a SYN for these bits */
static void ecn__not_on_the_second_syn(struct kunit *test)
{
	struct script *s = script_new(test);

	s->p.ecn = 1;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	script_wait(s, 1000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, XTCP_SYN);
}

static void ecn__passive(struct kunit *test)
{
	struct xtcp_params params = { .ecn = 2 };
	struct xtcp_seg syn = { .flags = XTCP_SYN | XTCP_ECN_SETUP }, out;
	struct xtcp_req req;

	xtcp_req_init(&req, &syn, ISS, WND, WND, MSS, 536);
	xtcp_req_options(&req, &syn, &params, 0, 0);
	xtcp_req_synack(&req, 0, &out);
	KUNIT_EXPECT_EQ(test, out.flags, XTCP_SYN | A | XTCP_ECE);
	KUNIT_EXPECT_EQ(test, out.ecn, XTCP_ECN_NONE);	/* RFC3168-6.1.1-syn */

	syn.flags = XTCP_SYN | XTCP_ECE;
	xtcp_req_init(&req, &syn, ISS, WND, WND, MSS, 536);
	xtcp_req_options(&req, &syn, &params, 0, 0);
	KUNIT_EXPECT_FALSE(test, req.ecn_ok);
	/* who marks SYNs does not know what it does */
	syn.flags = XTCP_SYN | XTCP_ECN_SETUP;
	syn.ecn = XTCP_ECN_ECT0;
	xtcp_req_options(&req, &syn, &params, 0, 0);
	KUNIT_EXPECT_FALSE(test, req.ecn_ok);
	params.ecn = 0;
	syn.ecn = XTCP_ECN_NONE;
	xtcp_req_options(&req, &syn, &params, 0, 0);
	KUNIT_EXPECT_FALSE(test, req.ecn_ok);
}

/* RFC3168-6.1.3: every ACK echoes the mark, until CWR comes */
static void ecn__echoed_until_cwr(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 i;

	rx(s, 0, R(0), MSS, XTCP_ECN_CE);
	for (i = 1; i < 5; i++) {
		KUNIT_ASSERT_EQ(test, script_push(s), 1U);
		KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
		KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE); /* RFC3168-6.1.4 */
		rx(s, 0, R((2 * i - 1) * MSS), MSS, XTCP_ECN_ECT0);
		rx(s, 0, R(2 * i * MSS), MSS, XTCP_ECN_ECT0);
	}
	script_push(s);
	/* data carries it, too */
	script_write(s, 10);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
	rx(s, XTCP_CWR, R((2 * i - 1) * MSS), MSS, XTCP_ECN_ECT0);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_ECE);
	/* marked again on the way */
	rx(s, XTCP_CWR, R(2 * i * MSS), MSS, XTCP_ECN_CE);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
}

/* RFC3168-6.1.5: whoever sends old data with a mark is not to slow us down */
static void ecn__mark_on_old_data(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	rx(s, 0, R(0), 100, XTCP_ECN_ECT0);
	rx(s, 0, R(100), 100, XTCP_ECN_ECT0);
	script_push(s);
	rx(s, 0, R(0), 100, XTCP_ECN_CE);
	rx(s, 0, R(WND + 1000), 100, XTCP_ECN_CE);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_ECE);
	/* out of order, but wanted */
	rx(s, 0, R(300), 100, XTCP_ECN_CE);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
}

/* RFC3168-6.1.2-react, -cwr: once a window, and the next new data says so */
static void ecn__one_reaction_a_window(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 cwnd = s->t.cong.cwnd, flight;

	PROVES(test, "RFC3168-6.1.2-react RFC8511-3-loss");
	script_write(s, 40 * MSS);
	s->max = MSS;
	KUNIT_ASSERT_EQ(test, script_push(s), 10U);
	flight = xtcp_tcb_flight(&s->t);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_ECN);
	KUNIT_EXPECT_LT(test, s->t.cong.cwnd, cwnd);
	KUNIT_EXPECT_GE(test, s->t.cong.cwnd, flight / 2);
	KUNIT_EXPECT_EQ(test, s->t.rtx_nxt, s->t.rtx_end);	/* nothing is lost */
	cwnd = s->t.cong.cwnd;
	/* the rest of the window changes nothing: neither less nor more */
	rx_echo(s, S(2 * MSS));
	rx_echo(s, S(4 * MSS));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
	KUNIT_ASSERT_TRUE(test, script_push(s) >= 2);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_CWR);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	KUNIT_EXPECT_FALSE(test, s->out[1].flags & XTCP_CWR);
	rx_echo(s, S(10 * MSS));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
	/* what was sent after the reduction is marked, too: a new reaction */
	script_push(s);
	rx_echo(s, S(11 * MSS));
	KUNIT_EXPECT_LT(test, s->t.cong.cwnd, cwnd);
}

/* What was sent before the window gave way opens it no more, and what followed does */
static void ecn__no_growth_before(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 cwnd, i;

	script_write(s, 60 * MSS);
	s->max = MSS;
	s->t.cong.ssthresh = 5 * MSS;
	KUNIT_ASSERT_EQ(test, script_push(s), 10U);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	cwnd = s->t.cong.cwnd;
	for (i = 2; i <= 10; i++) {
		script_ack(s, S(i * MSS));
		KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
		script_push(s);
	}
	s->now += 100 * MS;
	for (; i <= 20; i++) {
		script_ack(s, S(i * MSS));
		script_push(s);
	}
	KUNIT_EXPECT_GT(test, s->t.cong.cwnd, cwnd);
}

/* RFC 3168 6.1.2: marks and losses of one window are one reason, those of the next another */
static void ecn__loss_after_mark(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 ssthresh, i;

	PROVES(test, "RFC3168-6.1.2-react");
	script_write(s, 60 * MSS);
	s->max = MSS;
	KUNIT_ASSERT_EQ(test, script_push(s), 10U);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	ssthresh = s->t.cong.ssthresh;
	for (i = 0; i < 3; i++)
		script_ack(s, S(MSS));
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, ssthresh);
	script_push(s);
	script_ack(s, S(10 * MSS));
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, ssthresh);
	script_push(s);
	s->now += 100 * MS;
	script_ack(s, S(12 * MSS));
	script_push(s);
	for (i = 0; i < 3; i++)
		script_ack(s, S(12 * MSS));
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_LT(test, s->t.cong.ssthresh, ssthresh);
}

/* A mark is real, though a loss before it was none */
static void ecn__mark_after_loss(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 i;

	s->t.undo_dsack = true;
	s->t.undo_left = MSS;
	s->t.undo_una = S(0);
	script_write(s, 60 * MSS);
	s->max = MSS;
	script_push(s);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	i = s->t.cong.cwnd;
	xtcp_undo_dsack(&s->t, S(0), S(MSS), &s->act);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, i);
}

/* A timeout's slow start begins with what was sent before it */
static void ecn__growth_after_timeout(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	script_write(s, 60 * MSS);
	s->max = MSS;
	KUNIT_ASSERT_EQ(test, script_push(s), 10U);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	script_push(s);
	while (!(s->act.events & XTCP_EV_RTO)) {	/* a tail probe comes first */
		script_push(s);
		script_wait(s, xtcp_timer_next(&s->t) - s->now);
	}
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
	script_push(s);
	s->now += 100 * MS;
	script_ack(s, S(3 * MSS));
	KUNIT_EXPECT_GT(test, s->t.cong.cwnd, (u32)MSS);
}

/* RFC3168-6.1.2-cwr, -6.1.5: not on what is sent again, nor is that marked */
static void ecn__loss(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 i, cwnd;

	script_write(s, 10 * MSS);
	script_push(s);
	s->now += 100 * MS;
	for (i = 0; i < 3; i++)
		script_ack(s, S(0));
	KUNIT_ASSERT_TRUE(test, script_push(s) >= 1);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, (u8)XTCP_TX_RTX);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_CWR);
	cwnd = s->t.cong.cwnd;
	/* the loss was the reaction for this window */
	rx_echo(s, S(10 * MSS));
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_ECN);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, cwnd);
	script_write(s, MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_CWR);
}

static void ecn__timeout(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	script_write(s, 4 * MSS);
	script_push(s);
	script_wait(s, 1000 * MS);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_CWR);
	script_ack(s, S(4 * MSS));
	script_write(s, MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_CWR);
}

/* With one segment, the timer waits anew; but not for ACKs that tell nothing new */
static void ecn__window_of_one(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u64 before;

	PROVES(test, "RFC3168-6.1.2-one");
	script_write(s, 4 * MSS);
	script_push(s);
	script_wait(s, 1000 * MS);
	script_push(s);
	KUNIT_ASSERT_EQ(test, s->t.cong.cwnd, (u32)MSS);
	before = s->t.deadline[XTCP_TIMER_RTX];
	s->now += 50 * MS;
	rx_echo(s, S(0));
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], before);
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], s->now + xtcp_rtt_rto(&s->t));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
}

/* RFC 9438 4.6: marks reduce down to one segment, and then there is one an RTO */
static void ecn__slower_than_one(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);
	u32 i;

	PROVES(test, "RFC9438-4.6-ece");
	script_write(s, 20 * MSS);
	s->t.cong.cwnd = MSS + MSS / 4;
	script_push(s);
	s->now += 50 * MS;
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2U * MSS);
	for (i = 1; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		KUNIT_EXPECT_EQ(test, s->out[0].seq, S(i * MSS));
		KUNIT_EXPECT_EQ(test, s->out[0].len, (u32)MSS);
		KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_CWR);
		KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
		s->now += 50 * MS;
		rx_echo(s, S((i + 1) * MSS));
		KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)MSS);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
		EXPECT_SOUND(test, s);
		script_wait(s, s->t.rto - 1);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
		script_wait(s, 1);
	}
	/* without a mark it goes on at once */
	script_push(s);
	s->now += 50 * MS;
	script_ack(s, s->t.snd_nxt);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* A mark counts though none came for 2^31 octets */
static void ecn__long_without(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	script_write(s, 4 * MSS);
	script_push(s);
	s->t.ecn_end = S(2 * MSS) - 1 - 0x7fffffff;
	script_ack(s, S(2 * MSS));
	rx_echo(s, S(4 * MSS));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_ECN);
}

/* RFC3168-6.1.6 */
static void ecn__probe(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	script_write(s, MSS);
	script_push(s);
	script_rx(s, A, R(0), S(MSS), 0, 0);
	script_write(s, MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 0U);
	script_wait(s, 1000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, (u8)XTCP_TX_PROBE);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_CWR);
}

/* The same with DCTCP, which asks for ECN whatever the setting */
static struct script *opened_exact(struct kunit *test, u8 flags)
{
	struct script *s = script_new(test);

	s->p.timestamps = true;
	s->t.cong.ops = &xtcp_cong_dctcp;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, XTCP_SYN | XTCP_ECN_SETUP);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	synack(s, flags);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, s->t.ecn_ok ? XTCP_ECN_ECT0 : XTCP_ECN_NONE);
	s->t.last_rcv = s->now;
	s->t.rcv_mss = MSS;
	EXPECT_SOUND(test, s);
	return s;
}

/* The ACK that went out in the midst of an event, for all up to octet @n */
static void expect_former(struct kunit *test, struct script *s, u32 n, bool marked)
{
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, s->act.reply.flags, A | (marked ? XTCP_ECE : 0));
	KUNIT_EXPECT_EQ(test, s->act.reply.ack, R(n));
	KUNIT_EXPECT_EQ(test, s->act.reply.seq, s->t.snd_nxt);
	KUNIT_EXPECT_EQ(test, s->act.reply.ecn, XTCP_ECN_ECT0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_CE);
}

/* The ACK, and that alone, which is due now, for all up to octet @n */
static void expect_ack(struct kunit *test, struct script *s, u32 n, bool marked)
{
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, A | (marked ? XTCP_ECE : 0));
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(n));
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	EXPECT_SOUND(test, s);
}

/* RFC 8257 3.2, figure 1: two states, and an ACK at once at each change */
static void ecn_exact__each_change(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	/* one waits for its ACK when the first mark comes: it had none */
	rx_next(s, MSS, XTCP_ECN_ECT0);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx_next(s, MSS, XTCP_ECN_CE);
	expect_former(test, s, MSS, false);
	expect_ack(test, s, 2 * MSS, true);
	/* while that lasts, every second one is acknowledged, as ever */
	rx_next(s, MSS, XTCP_ECN_CE);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx_next(s, MSS, XTCP_ECN_CE);
	expect_ack(test, s, 4 * MSS, true);
	rx_next(s, MSS, XTCP_ECN_CE);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	expect_former(test, s, 5 * MSS, true);
	expect_ack(test, s, 6 * MSS, false);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	expect_ack(test, s, 8 * MSS, false);
}

/* Where nothing waits, there is nothing to tell of what was before */
static void ecn_exact__nothing_waits(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	rx_next(s, 10, XTCP_ECN_CE);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_CE);
	expect_ack(test, s, 10, true);
	rx_next(s, 10, XTCP_ECN_ECT0);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	expect_ack(test, s, 20, false);
	/* nor has a mark what could not get one: it was sent again */
	rx_next(s, 10, XTCP_ECN_CE);
	expect_ack(test, s, 30, true);
	rx_next(s, 10, XTCP_ECN_NONE);
	expect_ack(test, s, 40, false);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], 0ULL);
}

/* RFC 8257 3.2: unlike RFC 3168, CWR does not matter; nor do duplicates */
static void ecn_exact__cwr(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	rx_next(s, MSS, XTCP_ECN_CE);
	expect_ack(test, s, MSS, true);
	rx(s, XTCP_CWR, R(MSS), MSS, XTCP_ECN_CE);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx_next(s, MSS, XTCP_ECN_CE);
	expect_ack(test, s, 3 * MSS, true);
	rx(s, 0, R(0), MSS, XTCP_ECN_ECT0);
	expect_ack(test, s, 3 * MSS, true);
}

/* What we send takes the present state along, and that does for the ACK */
static void ecn_exact__with_data(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	rx_next(s, MSS, XTCP_ECN_CE);
	script_write(s, 100);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, A | XTCP_PSH | XTCP_ECE);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(MSS));
	rx_next(s, MSS, XTCP_ECN_ECT0);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	expect_ack(test, s, 2 * MSS, false);
}

/* The delayed ACK's time runs on from what it was for */
static void ecn_exact__delayed(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	rx_next(s, MSS, XTCP_ECN_CE);
	script_push(s);
	rx_next(s, MSS, XTCP_ECN_CE);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_wait(s, 40 * MS);
	expect_ack(test, s, 2 * MSS, true);
}

/* Each of the two ACKs echoes the timestamp of the first that it is for (RFC 7323 4.3) */
static void ecn_exact__timestamps(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);
	struct xtcp_seg seg = {
		.ack = S(0), .len = MSS, .wnd = WND, .flags = A, .hlen = 32,
		.opts = XTCP_HAS_TS, .ecn = XTCP_ECN_ECT0,
	};

	s->t.ts.ok = true;
	s->t.ts.offset = 77;
	seg.seq = R(0);
	seg.ts_val = 1001;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	seg.seq = R(MSS);
	seg.ts_val = 1002;
	seg.ecn = XTCP_ECN_CE;
	seg.len = MSS;
	script_rx_seg(s, &seg);
	expect_former(test, s, MSS, false);
	xtcp_output_stamp(&s->t, s->now, &s->act.reply);
	KUNIT_EXPECT_EQ(test, s->act.reply.flags, A);
	KUNIT_EXPECT_EQ(test, s->act.reply.opts, XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, s->act.reply.ts_ecr, 1001U);
	expect_ack(test, s, 2 * MSS, true);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, 1002U);
}

/* The window's edge does not move left by the ACK before, and a gap is told of */
static void ecn_exact__out_of_order(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);
	u32 edge;

	s->t.sack.ok = true;
	rx_next(s, MSS, XTCP_ECN_ECT0);
	edge = s->t.rcv_adv;
	rx(s, 0, R(3 * MSS), MSS, XTCP_ECN_CE);
	expect_former(test, s, MSS, false);
	KUNIT_EXPECT_GE(test, s->act.reply.ack + s->act.reply.wnd, edge);
	expect_ack(test, s, MSS, true);
	KUNIT_EXPECT_TRUE(test, s->out[0].opts & XTCP_HAS_SACK);
}

/* RFC 8257 3.5: all that is sent may be marked: ACKs, what is sent again, probes, FIN */
static void ecn_exact__all_may_be_marked(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	script_write(s, 2 * MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	script_wait(s, 1000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, (u8)XTCP_TX_RTX);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	script_rx(s, A, R(0), S(2 * MSS), 0, 0);
	script_write(s, 10);
	script_push(s);
	script_wait(s, 2000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, (u8)XTCP_TX_PROBE);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
	script_rx(s, A, R(0), S(2 * MSS), 0, WND);
	script_push(s);
	script_ack(s, S(2 * MSS + 10));
	script_shutdown(s);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, A | XTCP_FIN);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_ECT0);
}

/* A SYN that is lost goes out again without all that */
static void ecn_exact__second_syn(struct kunit *test)
{
	struct script *s = script_new(test);

	s->t.cong.ops = &xtcp_cong_dctcp;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	script_wait(s, 1000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].flags, XTCP_SYN);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
}

/* Without ECN at the other end, it is Reno */
static void ecn_exact__refused(struct kunit *test)
{
	struct script *s = opened_exact(test, 0);
	u32 i;

	KUNIT_EXPECT_FALSE(test, s->t.ecn_exact);
	script_write(s, 20 * MSS);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	rx_next(s, MSS, XTCP_ECN_CE);
	KUNIT_EXPECT_FALSE(test, s->t.ecn_echo);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_ECN);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 11U * MSS);
	for (i = 0; i < 3; i++)
		script_ack(s, S(MSS));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 9U * MSS / 2);
}

/* RFC 8257 3.3: once a window, by the share that was marked, and CWR says so */
static void ecn_exact__reaction(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);
	u32 cwnd;

	s->max = MSS;
	script_write(s, 100 * MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 10U);
	s->now += 100 * MS;
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_ECN);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5U * MSS);
	rx_echo(s, S(3 * MSS));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5U * MSS);
	script_ack(s, S(7 * MSS));
	KUNIT_ASSERT_TRUE(test, script_push(s) >= 1);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_CWR);
	/* 3 of 10 were marked in the window that ends here */
	script_ack(s, S(10 * MSS));
	script_push(s);
	cwnd = s->t.cong.cwnd;
	s->now += 100 * MS;
	rx_echo(s, S(11 * MSS));
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_ECN);
	/* 15/16 and 3/160 make 0.956: nearly half, and more than that is left */
	KUNIT_EXPECT_LT(test, s->t.cong.cwnd, cwnd * 53 / 100);
	KUNIT_EXPECT_GT(test, s->t.cong.cwnd, cwnd * 52 / 100);
	EXPECT_SOUND(test, s);
}

/* The ACK that ends a window counts in it before it has its effect */
static void ecn_exact__end_of_window(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	s->max = MSS;
	script_write(s, 100 * MSS);
	script_push(s);
	s->now += 100 * MS;
	script_ack(s, S(9 * MSS));
	rx_echo(s, S(10 * MSS));
	/* 15/16 and a tenth of a sixteenth: 0.944 */
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd / 10, 12U * MSS * 528 / 10000);
}

/* With one segment it goes on, to two: marks are the rule here, and one's ACK waits */
static void ecn_exact__window_of_one(struct kunit *test)
{
	struct script *s = opened_exact(test, XTCP_ECE);

	script_write(s, 20 * MSS);
	s->t.cong.cwnd = MSS;
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	s->now += 50 * MS;
	rx_echo(s, S(MSS));
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 2U * MSS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->now += 50 * MS;
	rx_echo(s, S(3 * MSS));
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, 2U * MSS);
}

/* TCP_CONGESTION in the midst of a connection, there and back */
static void ecn_exact__chosen_late(struct kunit *test)
{
	struct script *s = opened(test, 1, XTCP_ECE);

	rx_next(s, MSS, XTCP_ECN_CE);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
	xtcp_cong_select(&s->t.cong, &xtcp_cong_dctcp);
	xtcp_ecn_choose(&s->t);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	expect_ack(test, s, 2 * MSS, false);
	rx_next(s, MSS, XTCP_ECN_CE);
	expect_ack(test, s, 3 * MSS, true);
	xtcp_cong_select(&s->t.cong, &xtcp_cong_reno);
	xtcp_ecn_choose(&s->t);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	rx_next(s, MSS, XTCP_ECN_ECT0);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->out[0].flags & XTCP_ECE);
	KUNIT_EXPECT_EQ(test, s->out[0].ecn, XTCP_ECN_NONE);
	rx(s, XTCP_CWR, s->t.rcv_nxt, MSS, XTCP_ECN_ECT0);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_ECE);
}

/* A listener with DCTCP takes ECN whatever the setting, from marked SYNs, too */
static void ecn_exact__passive(struct kunit *test)
{
	struct xtcp_seg syn = {
		.flags = XTCP_SYN | XTCP_ECN_SETUP, .ecn = XTCP_ECN_ECT0,
	}, out;
	struct script *s = script_new(test);
	struct xtcp_params params = {};
	struct xtcp_req req;

	xtcp_req_init(&req, &syn, ISS, WND, WND, MSS, 536);
	xtcp_req_options(&req, &syn, &params, 0, 0);
	KUNIT_EXPECT_FALSE(test, req.ecn_ok);
	xtcp_req_exact(&req, &syn);
	xtcp_req_synack(&req, 0, &out);
	KUNIT_EXPECT_EQ(test, out.flags, XTCP_SYN | A | XTCP_ECE);
	KUNIT_EXPECT_EQ(test, out.ecn, XTCP_ECN_ECT0);
	req.sent = 1;
	xtcp_req_synack(&req, 0, &out);
	KUNIT_EXPECT_EQ(test, out.ecn, XTCP_ECN_NONE);
	s->t.cong.ops = &xtcp_cong_dctcp;
	xtcp_act_init(&s->act);
	xtcp_user_accept(&s->t, &req, s->now, &s->act);
	KUNIT_EXPECT_TRUE(test, s->t.ecn_exact);
	/* nobody asked */
	syn.flags = XTCP_SYN | XTCP_ECE;
	xtcp_req_exact(&req, &syn);
	KUNIT_EXPECT_FALSE(test, req.ecn_ok);
	KUNIT_EXPECT_FALSE(test, req.ecn_exact);
}

/* The handshake's last ACK is none of data */
static void ecn_exact__syn_is_no_octet(struct kunit *test)
{
	struct xtcp_seg syn = { .flags = XTCP_SYN | XTCP_ECN_SETUP, .wnd = WND, .seq = IRS };
	struct xtcp_params params = {};
	struct script *s = script_new(test);
	struct xtcp_cong before;
	struct xtcp_req req;

	xtcp_req_init(&req, &syn, ISS, WND, WND, MSS, MSS);
	xtcp_req_options(&req, &syn, &params, 0, 0);
	xtcp_req_exact(&req, &syn);
	s->t.cong.ops = &xtcp_cong_dctcp;
	xtcp_act_init(&s->act);
	xtcp_user_accept(&s->t, &req, s->now, &s->act);
	before = s->t.cong;
	script_rx(s, A, R(0), S(0), 0, WND);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, memcmp(before.priv, s->t.cong.priv, sizeof(before.priv)), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(ecn__negotiated, answer_gen_params),
	KUNIT_CASE(ecn__not_on_the_second_syn),
	KUNIT_CASE(ecn__passive),
	KUNIT_CASE(ecn__echoed_until_cwr),
	KUNIT_CASE(ecn__mark_on_old_data),
	KUNIT_CASE(ecn__one_reaction_a_window),
	KUNIT_CASE(ecn__no_growth_before),
	KUNIT_CASE(ecn__growth_after_timeout),
	KUNIT_CASE(ecn__loss_after_mark),
	KUNIT_CASE(ecn__mark_after_loss),
	KUNIT_CASE(ecn__loss),
	KUNIT_CASE(ecn__timeout),
	KUNIT_CASE(ecn__window_of_one),
	KUNIT_CASE(ecn__slower_than_one),
	KUNIT_CASE(ecn__long_without),
	KUNIT_CASE(ecn__probe),
	KUNIT_CASE(ecn_exact__each_change),
	KUNIT_CASE(ecn_exact__nothing_waits),
	KUNIT_CASE(ecn_exact__cwr),
	KUNIT_CASE(ecn_exact__with_data),
	KUNIT_CASE(ecn_exact__delayed),
	KUNIT_CASE(ecn_exact__timestamps),
	KUNIT_CASE(ecn_exact__out_of_order),
	KUNIT_CASE(ecn_exact__all_may_be_marked),
	KUNIT_CASE(ecn_exact__second_syn),
	KUNIT_CASE(ecn_exact__refused),
	KUNIT_CASE(ecn_exact__reaction),
	KUNIT_CASE(ecn_exact__end_of_window),
	KUNIT_CASE(ecn_exact__window_of_one),
	KUNIT_CASE(ecn_exact__chosen_late),
	KUNIT_CASE(ecn_exact__passive),
	KUNIT_CASE(ecn_exact__syn_is_no_octet),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_ecn", .test_cases = cases };
kunit_test_suite(suite);
