// SPDX-License-Identifier: GPL-2.0
/* Tests of the checks that let a segment in (RFC 9293 3.10.7.4, RFC 5961). */
#include "script_test.h"

#include "input.c"

struct arrival {
	const char *name;
	u8 flags;
	u32 seq, len;
	u8 drop;
	bool ack;	/* is answered by an ACK */
	u8 state;
};

#define A XTCP_ACK
#define EST XTCP_ESTABLISHED
#define NONE XTCP_DROP_NONE
#define SEQ XTCP_DROP_SEQ

/* The window is R(0) to R(WND - 1) */
static const struct arrival arrivals[] = {
	{ "in order", A, R(0), 0, NONE, false, EST },
	{ "empty, at the right edge", A, R(WND), 0, NONE, false, EST },
	{ "empty, beyond the right edge", A, R(WND + 1), 0, SEQ, true, EST },
	{ "empty, left of the window", A, R(-1), 0, SEQ, true, EST },
	{ "data, last octet of the window", A, R(WND - 1), 1, NONE, true, EST },
	{ "data at the right edge", A, R(WND), 1, SEQ, true, EST },
	{ "data, all old", A, R(-10), 10, SEQ, true, EST },
	{ "data, an octet new", A, R(-10), 11, NONE, false, EST },
	{ "data far away", A, R(0x40000000), 10, SEQ, true, EST },
	{ "data without ACK", XTCP_PSH, R(0), 10, XTCP_DROP_NO_ACK, false,
	  EST },
	{ "RST at RCV.NXT", XTCP_RST, R(0), 0, XTCP_DROP_RST, false,
	  XTCP_CLOSED },
	{ "RST in the window", XTCP_RST, R(1), 0, XTCP_DROP_RST_SEQ, true,
	  EST },
	{ "RST at the window's end", XTCP_RST, R(WND - 1), 0,
	  XTCP_DROP_RST_SEQ, true, EST },
	{ "RST left of the window", XTCP_RST, R(-1), 0, SEQ, false, EST },
	{ "RST beyond the window", XTCP_RST, R(WND + 1), 0, SEQ, false, EST },
	{ "SYN at RCV.NXT", XTCP_SYN, R(0), 0, XTCP_DROP_SYN, true, EST },
	{ "SYN in the window", XTCP_SYN | A, R(5), 0, XTCP_DROP_SYN, true,
	  EST },
	{ "SYN with the first number", XTCP_SYN, IRS, 0, SEQ, true, EST },
	{ "SYN and RST", XTCP_SYN | XTCP_RST, R(0), 0, XTCP_DROP_RST, false,
	  XTCP_CLOSED },
	{ "FIN in order", XTCP_FIN | A, R(0), 0, NONE, true, XTCP_CLOSE_WAIT },
	{ "FIN early", XTCP_FIN | A, R(100), 0, NONE, true, EST },
	{ "FIN beyond the window", XTCP_FIN | A, R(WND), 0, SEQ, true, EST },
};

static void arrival_desc(const struct arrival *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(arrival, arrivals, arrival_desc);

static void input_rx__acceptable(struct kunit *test)
{
	const struct arrival *a = test->param_value;
	struct script *s = script_open(test);

	PROVES(test, "RFC9293-3.10.7.4-seq RFC9293-A.2 RFC5961-3.2-exact RFC5961-3.2-chall");
	script_rx(s, a->flags, a->seq, S(0), a->len, WND);
	KUNIT_EXPECT_EQ(test, s->act.drop, a->drop);
	KUNIT_EXPECT_EQ(test, s->t.state, a->state);
	KUNIT_EXPECT_EQ(test, script_push(s), a->ack ? 1U : 0U);
	if (a->ack) {
		EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
		KUNIT_EXPECT_EQ(test, s->out[0].ack, s->t.rcv_nxt);
	}
	EXPECT_SOUND(test, s);
}

/* A closed window lets nothing in but what stands exactly at its place */
static void input_rx__zero_window(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 nxt;

	PROVES(test, "MUST-66 RFC9293-3.10.7.4-zwnd");
	s->t.rcv_space = 0;
	script_rx(s, XTCP_ACK, R(0), S(0), WND, WND);
	script_push(s);
	nxt = R(WND);
	KUNIT_EXPECT_EQ(test, xtcp_window_now(&s->t), 0U);
	script_rx(s, XTCP_ACK, nxt, S(0), 1, WND);	/* a probe */
	EXPECT_DROP(test, s, WINDOW);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, nxt);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 0);
	script_rx(s, XTCP_ACK, nxt + 1, S(0), 1, WND);
	EXPECT_DROP(test, s, SEQ);
	/* the ACK of a segment is taken even if its payload is not */
	script_write(s, 100);
	script_push(s);
	script_rx(s, XTCP_ACK, nxt, S(100), 1, WND);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_ACKED);
	/* and so is a reset */
	script_rx(s, XTCP_RST, nxt, 0, 0, 0);
	EXPECT_STATE(test, s, CLOSED);
}

/* RFC 5961 section 7: answers to what does not fit are half a second apart */
static void input_challenge__rate(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i, sent = 0;

	PROVES(test, "RFC5961-7-limit");
	for (i = 0; i < 100; i++) {
		script_rx(s, XTCP_SYN, R(0), 0, 0, WND);
		EXPECT_DROP(test, s, SYN);
		sent += script_push(s);
	}
	KUNIT_EXPECT_EQ(test, sent, 1U);
	s->now += 499 * MS;
	script_rx(s, XTCP_RST, R(5), 0, 0, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->now += 1 * MS;
	script_rx(s, XTCP_RST, R(5), 0, 0, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_CHALLENGE);
	/* old data is answered each time: our ACK may have been lost */
	script_rx(s, XTCP_ACK, R(-10), S(0), 10, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

struct ending {
	const char *name;
	u8 state;
	int err;
};

static const struct ending endings[] = {
	{ "ESTABLISHED", XTCP_ESTABLISHED, ECONNRESET },
	{ "FIN-WAIT-1", XTCP_FIN_WAIT_1, ECONNRESET },
	{ "FIN-WAIT-2", XTCP_FIN_WAIT_2, ECONNRESET },
	{ "CLOSE-WAIT", XTCP_CLOSE_WAIT, EPIPE },
	{ "LAST-ACK", XTCP_LAST_ACK, ECONNRESET },
	{ "CLOSING", XTCP_CLOSING, ECONNRESET },
};

static void ending_desc(const struct ending *e, char *desc)
{
	strscpy(desc, e->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ending, endings, ending_desc);

static void input_rx__reset(struct kunit *test)
{
	const struct ending *e = test->param_value;
	struct script *s = script_in(test, e->state);

	PROVES(test, "RFC9293-3.10.7.4-rst-est");
	script_rx(s, XTCP_RST, s->t.rcv_nxt, 0, 0, 0);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, e->err);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_CLOSED);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

static struct script *half_open(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	script_rx(s, XTCP_SYN, IRS, 0, 0, WND);
	script_push(s);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	return s;
}

static void input_rx__syn_received(struct kunit *test)
{
	struct script *s = half_open(test);

	script_rx(s, XTCP_ACK, R(0), ISS, 0, WND);
	EXPECT_DROP(test, s, BAD_ACK);
	KUNIT_EXPECT_EQ(test, s->act.reply.flags, XTCP_RST);
	KUNIT_EXPECT_EQ(test, s->act.reply.seq, ISS);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	script_rx(s, XTCP_ACK, R(0), S(1), 0, WND);
	EXPECT_DROP(test, s, BAD_ACK);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	/* data may complete the handshake and be delivered */
	script_rx(s, XTCP_ACK, R(0), S(0), 10, WND);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_DELIVER);

	s = half_open(test);
	script_rx(s, XTCP_RST, R(0), 0, 0, 0);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ECONNRESET);
}

static void input_rx__no_connection(struct kunit *test)
{
	struct script *s = script_new(test);

	script_rx(s, XTCP_ACK, R(0), S(5), 0, WND);
	EXPECT_DROP(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.reply.flags, XTCP_RST);
	KUNIT_EXPECT_EQ(test, s->act.reply.seq, S(5));
	script_rx(s, XTCP_RST, R(0), S(5), 0, WND);
	EXPECT_DROP(test, s, CLOSED);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_REPLY);
}

/* The close, step by step, with the FIN's ACK alone or with the peer's FIN */
static void input_rx__fin_acked(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_1);

	PROVES(test, "RFC9293-3.10.7.4-finwait");
	script_ack(s, S(0));
	EXPECT_STATE(test, s, FIN_WAIT_1);
	script_ack(s, S(1));
	EXPECT_STATE(test, s, FIN_WAIT_2);

	s = script_in(test, XTCP_FIN_WAIT_1);
	script_rx(s, XTCP_FIN | XTCP_ACK, R(0), S(1), 0, WND);
	EXPECT_STATE(test, s, TIME_WAIT);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_TIME_WAIT);
	KUNIT_EXPECT_EQ(test, s->act.nsteps, 2);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(1));

	s = script_in(test, XTCP_CLOSING);
	script_rx(s, XTCP_ACK, R(1), S(1), 0, WND);
	EXPECT_STATE(test, s, TIME_WAIT);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_TIME_WAIT);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);

	s = script_in(test, XTCP_LAST_ACK);
	script_rx(s, XTCP_ACK, R(1), S(1), 0, WND);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, 0);

	/* payload behind the peer's own FIN is not dropped in silence */
	s = script_in(test, XTCP_LAST_ACK);
	script_rx(s, XTCP_ACK, R(1), S(1), 10, WND);
	EXPECT_STATE(test, s, CLOSED);
	EXPECT_DROP(test, s, AFTER_FIN);
}

/*
 * Any segment at all, near the edges where it matters: whatever comes, what has
 * to hold of a connection holds, and no memory is lost.
 */
#define FUZZ_NODES 64

struct fuzz {
	struct xtcp_rnode nodes[FUZZ_NODES];
	bool used[FUZZ_NODES];
	u32 x;
};

static u32 fuzz_random(struct fuzz *z, u32 below)
{
	z->x = z->x * 1664525 + 1013904223;
	return (z->x >> 8) % below;
}

/* A number at, or close to, one that means something */
static u32 fuzz_near(struct fuzz *z, const u32 *at, u32 n)
{
	u32 base = at[fuzz_random(z, n)];

	switch (fuzz_random(z, 8)) {
	case 0:
		return base + fuzz_random(z, 3000) - 1500;
	case 1:
		return base + (fuzz_random(z, 1 << 24) << 8);
	default:
		return base + fuzz_random(z, 3) - 1;
	}
}

static void fuzz_release(struct fuzz *z, struct xtcp_rnode *n)
{
	for (; n; n = n->next)
		z->used[n - z->nodes] = false;
}

static void fuzz_rx(struct script *s, struct fuzz *z)
{
	const struct xtcp_tcb *t = &s->t;
	u32 seqs[] = { t->rcv_nxt, t->rcv_adv, t->rcv_acked, t->irs };
	u32 acks[] = { t->snd_una, t->snd_nxt, t->snd_end, t->iss };
	struct xtcp_seg seg = {
		.seq = fuzz_near(z, seqs, ARRAY_SIZE(seqs)),
		.ack = fuzz_near(z, acks, ARRAY_SIZE(acks)),
		.len = fuzz_random(z, 2) ? fuzz_random(z, 3000) : 0,
		.wnd = fuzz_random(z, 4) ? fuzz_random(z, 65536) :
					   fuzz_random(z, 2),
		.flags = fuzz_random(z, 64), .hlen = 20,
	};
	struct xtcp_rnode *node = NULL;
	u32 i = 0;

	if (fuzz_random(z, 4))
		seg.flags = (seg.flags | XTCP_ACK) & ~(XTCP_SYN | XTCP_RST);
	while (i < FUZZ_NODES && z->used[i])
		i++;
	if (i < FUZZ_NODES) {
		node = &z->nodes[i];
		node->prio = fuzz_random(z, 1 << 24);
	}
	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, node, s->now, &s->act);
	if (s->act.flags & XTCP_ACT_QUEUED)
		z->used[i] = true;
	fuzz_release(z, s->act.ready);
	fuzz_release(z, s->act.dead);
}

static void fuzz_step(struct script *s, struct fuzz *z)
{
	u64 next = xtcp_timer_next(&s->t);

	s->t.rcv_space = fuzz_random(z, WND);
	switch (fuzz_random(z, 8)) {
	case 0:
		if (next > s->now)
			script_wait(s, next - s->now);
		break;
	case 1:
		if (!s->t.fin_queued && s->t.snd_end - s->t.snd_una < 50000)
			script_write(s, fuzz_random(z, 4000));
		break;
	case 2:
		xtcp_user_read(&s->t);
		break;
	case 3:
		xtcp_user_set_mss(&s->t, 48 + fuzz_random(z, 1400));
		break;
	default:
		fuzz_rx(s, z);
		break;
	}
	s->now += fuzz_random(z, 100000);
}

static void input_rx__fuzz(struct kunit *test)
{
	const struct ending *e = test->param_value;
	struct fuzz *z = kunit_kzalloc(test, sizeof(*z), GFP_KERNEL);
	struct script *s = script_in(test, e->state);
	struct xtcp_tcb start = s->t;
	u32 i, runs = 0;
	const char *why;

	z->x = 99;
	s->max = 3000;
	for (i = 0; i < 30000; i++) {
		fuzz_step(s, z);
		script_push(s);
		while (s->nout == OUTS)
			script_push(s);
		why = xtcp_tcb_check(&s->t);
		if (why) {
			KUNIT_FAIL(test, "step %u: %s", i, why);
			return;
		}
		if (xtcp_state_in(s->t.state, XTCP_F(CLOSED) |
				  XTCP_F(TIME_WAIT))) {
			while (xtcp_reasm_drop_last(&s->t.reasm))
				;
			memset(z->used, 0, sizeof(z->used));
			s->t = start;
			runs++;
		}
	}
	/* it has to have lived on for some time, and to have ended often */
	KUNIT_EXPECT_GT(test, runs, 10U);
	KUNIT_EXPECT_LT(test, runs, 3000U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(input_rx__acceptable, arrival_gen_params),
	KUNIT_CASE(input_rx__zero_window),
	KUNIT_CASE(input_challenge__rate),
	KUNIT_CASE_PARAM(input_rx__reset, ending_gen_params),
	KUNIT_CASE(input_rx__syn_received),
	KUNIT_CASE(input_rx__no_connection),
	KUNIT_CASE(input_rx__fin_acked),
	KUNIT_CASE_PARAM(input_rx__fuzz, ending_gen_params),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_input", .test_cases = cases };
kunit_test_suite(suite);
