// SPDX-License-Identifier: GPL-2.0
/* Tests of payload and FIN: trimming, order, and when an ACK is owed. */
#include "script_test.h"

#include "data.c"

struct piece {
	const char *name;
	u8 flags;
	int seq;
	u32 len;
	u32 skip, take;		/* what is delivered */
	u32 events;
	u8 drop;
	bool kept;
};

#define A XTCP_ACK
#define FA (XTCP_FIN | XTCP_ACK)

static const struct piece pieces[] = {
	{ "in order", A, 0, 100, 0, 100, 0, 0, false },
	{ "head known", A, -40, 100, 40, 60, XTCP_EV_OVERLAP_TRIM, 0, false },
	{ "FIN alone is new", FA, -100, 100, 100, 0, XTCP_EV_OVERLAP_TRIM, 0,
	  false },
	{ "fills the window", A, 0, WND, 0, WND, 0, 0, false },
	{ "tail beyond the window", A, 0, WND + 1, 0, WND,
	  XTCP_EV_WINDOW_TRIM, 0, false },
	{ "head known, tail beyond", A, -10, WND + 20, 10, WND,
	  XTCP_EV_WINDOW_TRIM | XTCP_EV_OVERLAP_TRIM, 0, false },
	{ "out of order", A, 50, 100, 0, 0, XTCP_EV_OOO, 0, true },
	{ "out of order, tail beyond", A, WND - 50, 100, 0, 0,
	  XTCP_EV_OOO | XTCP_EV_WINDOW_TRIM, 0, true },
};

static void piece_desc(const struct piece *p, char *desc)
{
	strscpy(desc, p->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(piece, pieces, piece_desc);

static void data_rx__trim(struct kunit *test)
{
	const struct piece *p = test->param_value;
	struct script *s = script_open(test);

	script_rx(s, p->flags, R(p->seq), S(0), p->len, WND);
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_DELIVER), p->take > 0);
	if (p->take) {
		KUNIT_EXPECT_EQ(test, s->act.rx_skip, p->skip);
		KUNIT_EXPECT_EQ(test, s->act.rx_len, p->take);
	}
	KUNIT_EXPECT_EQ(test, s->act.events, p->events);
	KUNIT_EXPECT_EQ(test, s->act.drop, p->drop);
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_QUEUED), p->kept);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt,
			R(p->take) + !!(p->flags & XTCP_FIN));
	if (p->kept)
		KUNIT_EXPECT_TRUE(test, seq_le(s->nodes[0].end, R(WND)));
	EXPECT_SOUND(test, s);
}

/* A FIN that does not fit into the window is cut off with what precedes it */
static void data_rx__fin_beyond_window(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.rcv_space = 0;
	script_rx(s, FA, R(0), S(0), WND, WND);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, (u32)WND);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_WINDOW_TRIM);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(WND));
}

static void data_rx__fills_gap(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(200), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);	/* at once, both times */
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(0));
	script_rx(s, FA, R(300), S(0), 50, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	script_rx(s, A, R(0), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);	/* the gap is smaller */
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(100));
	script_rx(s, A, R(100), S(0), 100, WND);
	KUNIT_EXPECT_PTR_EQ(test, s->act.ready, &s->nodes[0]);
	KUNIT_EXPECT_PTR_EQ(test, s->act.ready->next, &s->nodes[1]);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_FIN);
	EXPECT_STATE(test, s, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(351));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(351));
	EXPECT_SOUND(test, s);
}

/* What the FIN makes superfluous is given back */
static void data_rx__fin_frees_the_rest(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(200), S(0), 100, WND);
	script_rx(s, FA, R(300), S(0), 50, WND);
	script_rx(s, FA, R(0), S(0), 350, WND);
	EXPECT_STATE(test, s, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, 350U);
	KUNIT_EXPECT_TRUE(test, xtcp_reasm_empty(&s->t.reasm));
	KUNIT_ASSERT_TRUE(test, s->act.dead);
	KUNIT_ASSERT_TRUE(test, s->act.dead->next);
	KUNIT_EXPECT_PTR_EQ(test, s->act.dead->next->next,
			    (struct xtcp_rnode *)NULL);
	EXPECT_SOUND(test, s);
}

static void data_rx__twice_out_of_order(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(200), S(0), 100, WND);
	script_push(s);
	script_rx(s, A, R(220), S(0), 10, WND);
	EXPECT_DROP(test, s, DUP_DATA);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_QUEUED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

static void data_rx__no_memory(struct kunit *test)
{
	struct script *s = script_open(test);

	s->nnodes = NODES;
	script_rx(s, A, R(200), S(0), 100, WND);
	EXPECT_DROP(test, s, NO_NODE);
	KUNIT_EXPECT_TRUE(test, xtcp_reasm_empty(&s->t.reasm));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* RFC 1122 4.2.3.2: an ACK for every second full segment */
static void data_rx__delayed_ack(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 at = 0, i;

	/* the first segment shows what a full one is */
	script_rx(s, A, R(at), S(0), MSS, WND);
	at += MSS;
	script_push(s);
	script_wait(s, 40 * MS);
	script_push(s);
	for (i = 0; i < 5; i++) {
		script_rx(s, A, R(at), S(0), MSS, WND);
		at += MSS;
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
		KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK],
				s->now + 40 * MS);
		EXPECT_SOUND(test, s);
		s->now += MS;
		script_rx(s, A, R(at), S(0), MSS, WND);
		at += MSS;
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		KUNIT_EXPECT_EQ(test, s->out[0].ack, R(at));
		KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], 0ULL);
	}
}

/* An ACK that waits does not wait longer because more comes */
static void data_rx__delack_not_put_off(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 due;

	script_rx(s, A, R(0), S(0), 10, WND);
	due = s->t.deadline[XTCP_TIMER_DELACK];
	s->now += 10 * MS;
	script_rx(s, A, R(10), S(0), 10, WND);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], due);
}

struct fin {
	const char *name;
	u8 from, to;
	bool news;
};

static const struct fin fins[] = {
	{ "ESTABLISHED", XTCP_ESTABLISHED, XTCP_CLOSE_WAIT, true },
	{ "FIN-WAIT-1", XTCP_FIN_WAIT_1, XTCP_CLOSING, true },
	{ "FIN-WAIT-2", XTCP_FIN_WAIT_2, XTCP_TIME_WAIT, true },
	{ "CLOSE-WAIT", XTCP_CLOSE_WAIT, XTCP_CLOSE_WAIT, false },
	{ "CLOSING", XTCP_CLOSING, XTCP_CLOSING, false },
	{ "LAST-ACK", XTCP_LAST_ACK, XTCP_LAST_ACK, false },
};

static void fin_desc(const struct fin *f, char *desc)
{
	strscpy(desc, f->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fin, fins, fin_desc);

static void data_rx__fin(struct kunit *test)
{
	const struct fin *f = test->param_value;
	struct script *s = script_in(test, f->from);
	u32 una = s->t.snd_una;

	script_rx(s, FA, R(0), una, 0, WND);
	KUNIT_EXPECT_EQ(test, s->t.state, f->to);
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_FIN), f->news);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(1));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(1));
	KUNIT_EXPECT_EQ(test, !!(s->act.flags & XTCP_ACT_TIME_WAIT),
			f->to == XTCP_TIME_WAIT);
}

static void data_rx__behind_the_fin(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_CLOSE_WAIT);

	script_rx(s, A, R(1), S(0), 10, WND);
	EXPECT_DROP(test, s, AFTER_FIN);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(1));
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_DELIVER);
}

/* RFC 1122 4.2.2.13: data that nobody will ever read is answered by a reset */
static void data_rx__reader_gone(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_2);

	script_rx(s, A, R(0), S(1), 10, WND);
	script_push(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	script_rx(s, A, R(0), S(1), 10, WND);		/* known already */
	EXPECT_STATE(test, s, FIN_WAIT_2);
	script_rx(s, A, R(10), S(1), 10, WND);
	EXPECT_STATE(test, s, CLOSED);
	EXPECT_DROP(test, s, AFTER_CLOSE);
	KUNIT_EXPECT_EQ(test, s->act.reply.flags, XTCP_RST | XTCP_ACK);
	KUNIT_EXPECT_EQ(test, s->act.reply.seq, S(1));

	/* a FIN is no data */
	s = script_in(test, XTCP_FIN_WAIT_2);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	script_rx(s, FA, R(0), S(1), 0, WND);
	EXPECT_STATE(test, s, TIME_WAIT);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(data_rx__trim, piece_gen_params),
	KUNIT_CASE(data_rx__fin_beyond_window),
	KUNIT_CASE(data_rx__fills_gap),
	KUNIT_CASE(data_rx__fin_frees_the_rest),
	KUNIT_CASE(data_rx__twice_out_of_order),
	KUNIT_CASE(data_rx__no_memory),
	KUNIT_CASE(data_rx__delayed_ack),
	KUNIT_CASE(data_rx__delack_not_put_off),
	KUNIT_CASE_PARAM(data_rx__fin, fin_gen_params),
	KUNIT_CASE(data_rx__behind_the_fin),
	KUNIT_CASE(data_rx__reader_gone),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_data", .test_cases = cases };
kunit_test_suite(suite);
