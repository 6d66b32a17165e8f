// SPDX-License-Identifier: GPL-2.0
/* Tests of the user's calls. */
#include "script_test.h"

#include "req.h"
#include "user.c"

static void user_connect__syn(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	s->t.rcv_wscale = 5;
	xtcp_user_connect(&s->t, ISS, &s->act);
	EXPECT_STATE(test, s, SYN_SENT);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, 0U);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, WND);
	KUNIT_EXPECT_EQ(test, s->out[0].mss, MSS);
	KUNIT_EXPECT_EQ(test, s->out[0].wscale, 5);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, XTCP_HAS_MSS | XTCP_HAS_WSCALE);
	EXPECT_SOUND(test, s);
}

static struct script *accepted(struct kunit *test, u32 sent)
{
	struct script *s = script_new(test);
	struct xtcp_req req = {
		.irs = IRS, .iss = ISS, .snd_wnd = 5000, .rcv_wnd = WND,
		.peer_mss = 800, .adv_mss = 900, .snd_wscale = 3,
		.rcv_wscale = 2, .wscale_ok = true, .sent = sent,
		.time = s->now - 80 * MS,
	};

	xtcp_act_init(&s->act);
	xtcp_user_accept(&s->t, &req, s->now, &s->act);
	return s;
}

static void user_accept__request(struct kunit *test)
{
	struct script *s = accepted(test, 1);

	EXPECT_STATE(test, s, SYN_RECEIVED);
	KUNIT_EXPECT_EQ(test, s->t.mss, 800);
	KUNIT_EXPECT_EQ(test, s->t.adv_mss, 900);
	KUNIT_EXPECT_EQ(test, s->t.rcv_adv, R(WND));
	EXPECT_SOUND(test, s);
	script_rx(s, XTCP_ACK, R(0), S(0), 0, 100);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_CONNECTED);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 800U);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 80000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 8000U);
}

/* TCP_DEFER_ACCEPT: what the peer thought is none of the round trip */
static void user_accept__deferred(struct kunit *test)
{
	struct script *s = script_new(test);
	struct xtcp_req req = {
		.irs = IRS, .iss = ISS, .snd_wnd = 5000, .rcv_wnd = WND,
		.peer_mss = 800, .adv_mss = 900, .sent = 1, .time = s->now,
	};
	struct xtcp_seg ack = {
		.seq = R(0), .ack = S(0), .flags = XTCP_ACK, .hlen = 20,
	};

	xtcp_req_defer(&req, &ack, s->now + 80 * MS);
	xtcp_req_defer(&req, &ack, s->now + 500 * MS);
	s->now += 3000 * MS;
	/* asked once more, at the end */
	req.sent = 2;
	xtcp_act_init(&s->act);
	xtcp_user_accept(&s->t, &req, s->now, &s->act);
	script_rx(s, XTCP_ACK, R(0), S(0), 10, 100);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 80000U);
}

/* The same by timestamps, where the SYN-ACK was lost */
static void user_accept__deferred_timestamps(struct kunit *test)
{
	struct xtcp_req req = { .sent = 2, .time = 1000 * MS, .ts.ok = true };
	struct xtcp_seg ack = {
		.flags = XTCP_ACK, .opts = XTCP_HAS_TS, .ts_ecr = 2000,
	};

	xtcp_req_defer(&req, &ack, 2070 * MS);
	KUNIT_EXPECT_EQ(test, req.rtt, 70000U);
	req.rtt = 0;
	ack.opts = 0;
	xtcp_req_defer(&req, &ack, 2070 * MS);
	KUNIT_EXPECT_EQ(test, req.rtt, 0U);
}

/* Karn's algorithm, RFC 6298 (5.7), RFC 6928: nothing is known of the path */
static void user_accept__synack_lost(struct kunit *test)
{
	struct script *s = accepted(test, 2);

	PROVES(test, "RFC5681-3.1-synloss");
	script_rx(s, XTCP_ACK, R(0), S(0), 0, 100);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 0U);
	KUNIT_EXPECT_EQ(test, s->t.rto, 3000000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 800U);
}

struct leaving {
	const char *name;
	u8 from, shut;	/* the state after shutdown */
	bool fin;	/* a FIN is due */
	bool rst;	/* an abort sends a reset */
};

/* RFC 9293 3.10.4 and 3.10.5 */
static const struct leaving leavings[] = {
	{ "ESTABLISHED", XTCP_ESTABLISHED, XTCP_FIN_WAIT_1, true, true },
	{ "FIN-WAIT-1", XTCP_FIN_WAIT_1, XTCP_FIN_WAIT_1, false, true },
	{ "FIN-WAIT-2", XTCP_FIN_WAIT_2, XTCP_FIN_WAIT_2, false, true },
	{ "CLOSE-WAIT", XTCP_CLOSE_WAIT, XTCP_LAST_ACK, true, true },
	{ "LAST-ACK", XTCP_LAST_ACK, XTCP_LAST_ACK, false, false },
	{ "CLOSING", XTCP_CLOSING, XTCP_CLOSING, false, false },
};

static void leaving_desc(const struct leaving *l, char *desc)
{
	strscpy(desc, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(leaving, leavings, leaving_desc);

static void user_shutdown__state(struct kunit *test)
{
	const struct leaving *l = test->param_value;
	struct script *s = script_in(test, l->from);

	PROVES(test, "RFC9293-3.10.4-close");
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, s->t.state, l->shut);
	KUNIT_EXPECT_EQ(test, script_push(s), l->fin ? 1U : 0U);
	if (l->fin)
		EXPECT_OUT(test, s, 0, XTCP_FIN | XTCP_ACK, S(0), 0);
	EXPECT_SOUND(test, s);
}

static void user_abort__state(struct kunit *test)
{
	const struct leaving *l = test->param_value;
	struct script *s = script_in(test, l->from);
	u32 nxt = s->t.snd_nxt;

	PROVES(test, "RFC9293-3.10.5-abort");
	xtcp_user_abort(&s->t, &s->act);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_CLOSED);
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_REPLY), l->rst);
	if (l->rst) {
		KUNIT_EXPECT_EQ(test, s->act.reply.flags,
				XTCP_RST | XTCP_ACK);
		KUNIT_EXPECT_EQ(test, s->act.reply.seq, nxt);
		KUNIT_EXPECT_EQ(test, s->act.reply.ack, s->t.rcv_nxt);
	}
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

static void user_shutdown__syn_sent(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	script_shutdown(s);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, s->act.err, 0);
}

/* In SYN-RECEIVED the FIN follows the handshake */
static void user_shutdown__syn_received(struct kunit *test)
{
	struct script *s = accepted(test, 1);

	script_shutdown(s);
	EXPECT_STATE(test, s, FIN_WAIT_1);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_rx(s, XTCP_ACK, R(0), S(0), 0, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_FIN | XTCP_ACK, S(0), 0);
	script_ack(s, S(1));
	EXPECT_STATE(test, s, FIN_WAIT_2);
}

/* The peer hears of new room when its window has doubled, not for each octet */
static void user_read__threshold(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.rcv_space = 0;
	script_rx(s, XTCP_ACK, R(0), S(0), WND, WND);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 0);
	s->t.rcv_space = MSS - 1;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->t.rcv_space = MSS;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, MSS);
	s->t.rcv_space = 2 * MSS - 1;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->t.rcv_space = 2 * MSS;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 2 * MSS);
	/* a segment more is not yet twice as much */
	s->t.rcv_space = 3 * MSS;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

static void user_read__after_fin(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_CLOSE_WAIT);

	s->t.rcv_adv = s->t.rcv_nxt;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

static void user_set_mss__smaller(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 cwnd;

	PROVES(test, "RFC4821-4-raise");
	script_write(s, 3000);
	script_push(s);
	cwnd = s->t.cong.cwnd;
	xtcp_user_set_mss(&s->t, 600);
	/* as many segments as before, and no more (RFC 4821 4) */
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd / 10 * 6);
	/* all of it again, in smaller segments, and no sample from it */
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(0), 3000);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_RTX);
	KUNIT_EXPECT_EQ(test, s->t.rtt_start, 0ULL);
	EXPECT_SOUND(test, s);
}

static void user_set_mss__larger(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 3000);
	script_push(s);
	xtcp_user_set_mss(&s->t, 1400);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
}

/* The user can raise the limit, never beyond what the peer takes */
static void user_set_mss__peer_limit(struct kunit *test)
{
	struct script *s = accepted(test, 1);

	xtcp_user_set_mss(&s->t, 1400);
	KUNIT_EXPECT_EQ(test, s->t.mss, 800);
	xtcp_user_set_mss(&s->t, 700);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700);
}

static void user_unreachable__by_state(struct kunit *test)
{
	struct script *s = script_new(test);

	PROVES(test, "RFC5927-5.2");
	/* a SYN's answer ends it, if it quotes our number */
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	xtcp_user_unreachable(&s->t, ISS + 2, EHOSTUNREACH, &s->act);
	EXPECT_STATE(test, s, SYN_SENT);
	EXPECT_DROP(test, s, SEQ);
	xtcp_user_unreachable(&s->t, ISS - 1, EHOSTUNREACH, &s->act);
	EXPECT_STATE(test, s, SYN_SENT);
	xtcp_user_unreachable(&s->t, ISS + 1, EHOSTUNREACH, &s->act);
	EXPECT_STATE(test, s, SYN_SENT);
	xtcp_user_unreachable(&s->t, ISS, EHOSTUNREACH, &s->act);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, EHOSTUNREACH);

	/* RFC 5927: a synchronised connection outlives any report */
	s = script_open(test);
	script_write(s, 100);
	script_push(s);
	xtcp_user_unreachable(&s->t, S(0), ECONNREFUSED, &s->act);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_SOFT_ERR);
	KUNIT_EXPECT_EQ(test, s->act.err, ECONNREFUSED);
}

/* RFC 5927 4.1: sent and not acknowledged; a probe's octet is, too */
static void user_outstanding__edges(struct kunit *test)
{
	struct script *s = script_open(test);

	KUNIT_EXPECT_FALSE(test, xtcp_user_outstanding(&s->t, S(0)));
	script_write(s, 100);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, xtcp_user_outstanding(&s->t, S(-1)));
	KUNIT_EXPECT_TRUE(test, xtcp_user_outstanding(&s->t, S(0)));
	KUNIT_EXPECT_TRUE(test, xtcp_user_outstanding(&s->t, S(99)));
	KUNIT_EXPECT_FALSE(test, xtcp_user_outstanding(&s->t, S(100)));
	script_rx(s, XTCP_ACK, R(0), S(100), 0, 0);
	script_write(s, 100);
	script_push(s);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	KUNIT_EXPECT_FALSE(test, xtcp_user_outstanding(&s->t, S(100)));
	script_push(s);
	KUNIT_EXPECT_TRUE(test, xtcp_user_outstanding(&s->t, S(100)));
	KUNIT_EXPECT_FALSE(test, xtcp_user_outstanding(&s->t, S(101)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(user_connect__syn),
	KUNIT_CASE(user_accept__request),
	KUNIT_CASE(user_accept__deferred),
	KUNIT_CASE(user_accept__deferred_timestamps),
	KUNIT_CASE(user_accept__synack_lost),
	KUNIT_CASE_PARAM(user_shutdown__state, leaving_gen_params),
	KUNIT_CASE_PARAM(user_abort__state, leaving_gen_params),
	KUNIT_CASE(user_shutdown__syn_sent),
	KUNIT_CASE(user_shutdown__syn_received),
	KUNIT_CASE(user_read__threshold),
	KUNIT_CASE(user_read__after_fin),
	KUNIT_CASE(user_set_mss__smaller),
	KUNIT_CASE(user_set_mss__larger),
	KUNIT_CASE(user_set_mss__peer_limit),
	KUNIT_CASE(user_unreachable__by_state),
	KUNIT_CASE(user_outstanding__edges),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_user", .test_cases = cases };
kunit_test_suite(suite);
