// SPDX-License-Identifier: GPL-2.0
/* Tests of what a receiver reports, as exchanges. */
#include "script_test.h"

#include "sack.c"

#define A XTCP_ACK

/* SACK is agreed on; segments of 100 octets come and go */
static struct script *opened(struct kunit *test, bool dsack)
{
	struct script *s = script_new(test);
	struct xtcp_seg seg = {
		.seq = IRS, .ack = S(0), .wnd = WND, .flags = XTCP_SYN | A,
		.hlen = 24, .opts = XTCP_HAS_SACK_OK,
	};

	s->p.sack = true;
	s->p.dsack = dsack;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->out[0].opts & XTCP_HAS_SACK_OK);
	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
	script_push(s);
	return s;
}

/* Octets [from, to) arrive; the ACK that they draw is in s->out[0] */
static void arrive(struct kunit *test, struct script *s, u32 from, u32 to)
{
	script_rx(s, A, R(from), S(0), to - from, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_SOUND(test, s);
}

/* The ACK that was sent: its number, then its blocks, pair by pair */
static void expect(struct kunit *test, struct script *s, u32 ack, u32 n,
		   const u32 *at)
{
	const struct xtcp_seg *out = &s->out[0];
	u32 i;

	KUNIT_EXPECT_EQ(test, out->ack, R(ack));
	KUNIT_EXPECT_EQ(test, (u32)out->hlen, n ? 24 + 8 * n : 20U);
	KUNIT_EXPECT_EQ(test, !!(out->opts & XTCP_HAS_SACK), n > 0);
	if (!n || !(out->opts & XTCP_HAS_SACK))
		return;
	KUNIT_EXPECT_EQ(test, (u32)out->nsack, n);
	for (i = 0; i < n && i < out->nsack; i++) {
		KUNIT_EXPECT_EQ(test, out->sack[i].start, R(at[2 * i]));
		KUNIT_EXPECT_EQ(test, out->sack[i].end, R(at[2 * i + 1]));
	}
}

#define EXPECT_ACK(test, s, ack, ...)					\
	do {								\
		static const u32 at[] = { __VA_ARGS__ };		\
									\
		expect(test, s, ack, ARRAY_SIZE(at) / 2, at);		\
	} while (0)

/* RFC2018-4-first, RFC2018-4-fill: the newest first, then the others */
static void sack__newest_first(struct kunit *test)
{
	struct script *s = opened(test, false);

	PROVES(test, "RFC2018-4-first RFC2018-4-fill");
	arrive(test, s, 100, 200);
	EXPECT_ACK(test, s, 0, 100, 200);
	arrive(test, s, 300, 400);
	EXPECT_ACK(test, s, 0, 300, 400, 100, 200);
	arrive(test, s, 500, 600);
	EXPECT_ACK(test, s, 0, 500, 600, 300, 400, 100, 200);
	/* one grows, and is the newest then */
	arrive(test, s, 200, 250);
	EXPECT_ACK(test, s, 0, 100, 250, 500, 600, 300, 400);
	arrive(test, s, 700, 800);
	arrive(test, s, 900, 1000);
	EXPECT_ACK(test, s, 0, 900, 1000, 700, 800, 100, 250, 500, 600);
	/* two become one */
	arrive(test, s, 800, 900);
	EXPECT_ACK(test, s, 0, 700, 1000, 100, 250, 500, 600);
	/* the first gap is filled: what lies beyond is still reported */
	arrive(test, s, 0, 100);
	EXPECT_ACK(test, s, 250, 700, 1000, 500, 600);
}

/* All is in order again: nothing to report, even what was forgotten */
static void sack__all_filled(struct kunit *test)
{
	struct script *s = opened(test, false);
	u32 i;

	for (i = 0; i < 6; i++)
		arrive(test, s, 1100 - 200 * i, 1200 - 200 * i);
	EXPECT_ACK(test, s, 0, 100, 200, 300, 400, 500, 600, 700, 800);
	/* passes the four that are known; of the rest the last is named */
	arrive(test, s, 0, 900);
	EXPECT_ACK(test, s, 1000, 1100, 1200);
	arrive(test, s, 1000, 1100);
	expect(test, s, 1200, 0, NULL);
}

/* Timestamps leave room for three */
static void sack__beside_timestamps(struct kunit *test)
{
	struct script *s = opened(test, true);
	u32 i;

	s->t.ts.ok = true;
	for (i = 0; i < 4; i++)
		arrive(test, s, 100 + 200 * i, 200 + 200 * i);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].hlen, 60U);
	KUNIT_EXPECT_EQ(test, s->out[0].nsack, 3);
	KUNIT_EXPECT_EQ(test, s->out[0].sack[0].start, R(700));
	KUNIT_EXPECT_EQ(test, xtcp_wire_hlen(&s->out[0]), 60U);
	/* the duplicate is one of them */
	arrive(test, s, 100, 200);
	KUNIT_EXPECT_EQ(test, s->out[0].nsack, 3);
}

/* Blocks stand in ACKs; data that is due at once does not replace those */
static void sack__beside_data(struct kunit *test)
{
	struct script *s = opened(test, true);

	script_write(s, 10);
	script_rx(s, A, R(100), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 10);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, 0);
	EXPECT_OUT(test, s, 1, A, S(10), 0);
	KUNIT_EXPECT_EQ(test, s->out[1].opts, XTCP_HAS_SACK);
	/* once is enough */
	script_write(s, 10);
	s->t.nodelay = true;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* RFC2018-4-neg: not to a peer that has not offered it */
static void sack__not_agreed_on(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC2018-4-neg");
	arrive(test, s, 100, 200);
	expect(test, s, 0, 0, NULL);
	arrive(test, s, 100, 200);
	expect(test, s, 0, 0, NULL);
}

/* A FIN out of order counts, as it has a number */
static void sack__fin(struct kunit *test)
{
	struct script *s = opened(test, false);

	script_rx(s, A | XTCP_FIN, R(100), S(0), 50, WND);
	script_push(s);
	EXPECT_ACK(test, s, 0, 100, 151);
	arrive(test, s, 0, 100);
	expect(test, s, 151, 0, NULL);
	EXPECT_STATE(test, s, CLOSE_WAIT);
}

/* RFC2018-8-hold, RFC2018-8-newest: memory is short, the last goes */
static void sack__renege(struct kunit *test)
{
	struct script *s = opened(test, false);

	PROVES(test, "RFC2018-8-newest RFC2018-8-hold");
	arrive(test, s, 500, 600);
	arrive(test, s, 100, 200);
	arrive(test, s, 600, 700);
	KUNIT_EXPECT_EQ(test, xtcp_sack_renege(&s->t)->seq, R(600));
	arrive(test, s, 150, 250);
	EXPECT_ACK(test, s, 0, 100, 250, 500, 600);
	xtcp_sack_renege(&s->t);
	arrive(test, s, 300, 400);
	EXPECT_ACK(test, s, 0, 300, 400, 100, 250);
	xtcp_sack_renege(&s->t);
	xtcp_sack_renege(&s->t);
	xtcp_sack_renege(&s->t);
	KUNIT_EXPECT_PTR_EQ(test, xtcp_sack_renege(&s->t),
			    (struct xtcp_rnode *)NULL);
	KUNIT_EXPECT_EQ(test, s->t.sack.n, 0);
	EXPECT_SOUND(test, s);
}

/* RFC2883-4-first, RFC2883-4-once: reported first, and once */
static void sack__duplicate_in_order(struct kunit *test)
{
	struct script *s = opened(test, true);

	PROVES(test, "RFC2883-4-first RFC2883-4-once");
	script_rx(s, A, R(0), S(0), 200, WND);
	script_rx(s, A, R(50), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_ACK(test, s, 200, 50, 150);
	arrive(test, s, 300, 400);
	EXPECT_ACK(test, s, 200, 300, 400);
	/* beside what is out of order */
	arrive(test, s, 0, 200);
	EXPECT_ACK(test, s, 200, 0, 200, 300, 400);
	/* a part of it was known */
	arrive(test, s, 150, 250);
	EXPECT_ACK(test, s, 250, 150, 200, 300, 400);
}

/* RFC2883-4-second: the block that holds the duplicate follows it */
static void sack__duplicate_out_of_order(struct kunit *test)
{
	struct script *s = opened(test, true);

	PROVES(test, "RFC2883-4-second");
	arrive(test, s, 100, 200);
	arrive(test, s, 200, 300);
	arrive(test, s, 500, 600);
	arrive(test, s, 200, 250);
	EXPECT_ACK(test, s, 0, 200, 250, 100, 300, 500, 600);
	arrive(test, s, 700, 800);
	EXPECT_ACK(test, s, 0, 700, 800, 100, 300, 500, 600);
}

static void sack__no_duplicates_when_off(struct kunit *test)
{
	struct script *s = opened(test, false);

	script_rx(s, A, R(0), S(0), 200, WND);
	script_push(s);
	arrive(test, s, 0, 200);
	expect(test, s, 200, 0, NULL);
}

/* What lies behind the FIN is no duplicate, and not held */
static void sack__behind_the_fin(struct kunit *test)
{
	struct script *s = opened(test, true);

	script_rx(s, A | XTCP_FIN, R(100), S(0), 50, WND);
	script_push(s);
	arrive(test, s, 200, 300);
	EXPECT_DROP(test, s, DUP_DATA);
	EXPECT_ACK(test, s, 0, 100, 151);
}

/* RFC2883-5: an ACK that tells of a duplicate is no sign of a loss */
static void sack__duplicates_do_not_count(struct kunit *test)
{
	struct script *s = opened(test, true);
	struct xtcp_seg seg = {
		.ack = S(1000), .wnd = WND, .flags = A, .hlen = 32,
		.opts = XTCP_HAS_SACK, .nsack = 1,
		.sack = { { S(0), S(1000) } },
	};
	u32 i;

	PROVES(test, "RFC2883-5");
	s->t.mss = MSS;
	s->t.cong.mss = MSS;
	s->t.cong.cwnd = 10 * MSS;
	script_write(s, 10000);
	script_push(s);
	script_ack(s, S(1000));
	for (i = 0; i < 5; i++) {
		struct xtcp_seg again = seg;

		again.seq = s->t.rcv_nxt;
		xtcp_act_init(&s->act);
		xtcp_input_rx(&s->t, &again, NULL, s->now, &s->act);
		KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	}
	KUNIT_EXPECT_EQ(test, s->t.dup_acks, 0);
	/* a new block does */
	seg.seq = s->t.rcv_nxt;
	seg.sack[0].start = S(2000);
	seg.sack[0].end = S(5000);
	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(sack__newest_first),
	KUNIT_CASE(sack__all_filled),
	KUNIT_CASE(sack__beside_timestamps),
	KUNIT_CASE(sack__beside_data),
	KUNIT_CASE(sack__not_agreed_on),
	KUNIT_CASE(sack__fin),
	KUNIT_CASE(sack__renege),
	KUNIT_CASE(sack__duplicate_in_order),
	KUNIT_CASE(sack__duplicate_out_of_order),
	KUNIT_CASE(sack__no_duplicates_when_off),
	KUNIT_CASE(sack__behind_the_fin),
	KUNIT_CASE(sack__duplicates_do_not_count),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_sack", .test_cases = cases };
kunit_test_suite(suite);
