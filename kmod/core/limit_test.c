// SPDX-License-Identifier: GPL-2.0
/* Tests of R1, R2, the user timeout, and of how long an orphan lasts. */
#include "script_test.h"

#include "limit.c"

#define SEC XTCP_USEC_PER_SEC

static void next_deadline(struct script *s)
{
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	script_push(s);
}

/* MUST-20, SHLD-10: after three retransmissions the route is in doubt */
static void limit_rtx__r1(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	script_write(s, 100);
	script_push(s);
	for (i = 1; i <= 6; i++) {
		next_deadline(s);
		KUNIT_EXPECT_EQ(test, !!(s->act.events & XTCP_EV_R1), i > 3);
		EXPECT_STATE(test, s, ESTABLISHED);
	}
	script_ack(s, S(100));
	script_write(s, 100);
	script_push(s);
	next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
}

/* SHLD-11: R2 by default is far more than 100 s */
static void limit_rtx__r2(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 start = s->now;

	script_write(s, 100);
	script_push(s);
	while (s->t.state == XTCP_ESTABLISHED && s->now - start < 10000 * SEC)
		next_deadline(s);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_GE(test, s->now - start, 900 * SEC);
	KUNIT_EXPECT_LT(test, s->now - start, 1500 * SEC);
}

/* MUST-21: the user's own R2, a time; after it nothing is sent any more */
static void limit_rtx__user_timeout(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 first;
	u32 i;

	s->p.retries = 2;
	s->t.opts.user_timeout = 10000;
	script_write(s, 100);
	script_push(s);
	next_deadline(s);
	first = s->now;
	for (i = 0; i < 20 && s->t.state == XTCP_ESTABLISHED; i++)
		next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->now - first, 10 * SEC);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_TIMEOUT);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
	KUNIT_EXPECT_GT(test, i, 3U);
}

/* However often: it never seems to be the first */
static void limit_rtx__very_often(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.opts.user_timeout = 0x7fffffff;
	script_write(s, 100);
	script_push(s);
	s->t.tries = 255;
	next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->t.tries, 255);
	EXPECT_STATE(test, s, ESTABLISHED);
}

/* What was acknowledged meanwhile begins the time anew */
static void limit_rtx__progress(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 last;
	u32 i;

	s->t.opts.user_timeout = 1000;
	script_write(s, 100);
	script_push(s);
	next_deadline(s);
	s->now += 900 * MS;
	script_ack(s, S(100));
	KUNIT_EXPECT_EQ(test, s->t.stuck, 0ULL);
	s->now += 3600 * SEC;
	script_write(s, 100);
	script_push(s);
	next_deadline(s);
	last = s->now;
	EXPECT_STATE(test, s, ESTABLISHED);
	for (i = 0; i < 9 && s->t.state == XTCP_ESTABLISHED; i++)
		next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->now - last, 1 * SEC);
}

/* A timeout longer than R2 takes its place, too */
static void limit_rtx__user_timeout_is_longer(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	s->p.retries = 2;
	s->t.opts.user_timeout = 3600 * 1000;
	script_write(s, 100);
	script_push(s);
	for (i = 0; i < 12; i++)
		next_deadline(s);
	EXPECT_STATE(test, s, ESTABLISHED);
}

/* A SYN is sent as often as the user says, or for as long */
static void limit_rtx__syn(struct kunit *test)
{
	struct script *s = script_new(test);
	u32 sent;

	s->t.opts.syn_retries = 3;
	s->t.opts.user_timeout = 3600 * 1000;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	for (sent = script_push(s); s->t.state == XTCP_SYN_SENT; sent += s->nout)
		next_deadline(s);
	KUNIT_EXPECT_EQ(test, sent, 4U);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
}

static void limit_rtx__syn_user_timeout(struct kunit *test)
{
	struct script *s = script_new(test);
	u64 start = s->now;

	s->t.opts.user_timeout = 5000;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	while (s->t.state == XTCP_SYN_SENT)
		next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->now - start, 6 * SEC);
}

static struct script *closed_window(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
	script_write(s, 1000);
	script_push(s);
	return s;
}

static void answered_probe(struct script *s)
{
	next_deadline(s);
	if (s->t.state != XTCP_CLOSED)
		script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
}

/* MUST-37: who answers may keep its window shut, for days */
static void limit_probe__answered(struct kunit *test)
{
	struct script *s = closed_window(test);
	u32 i;

	s->p.retries = 3;
	for (i = 0; i < 1000; i++)
		answered_probe(s);
	EXPECT_STATE(test, s, ESTABLISHED);
}

/* The user's limit holds there, too: from the first probe */
static void limit_probe__user_timeout(struct kunit *test)
{
	struct script *s = closed_window(test);
	u64 first;
	u32 i;

	s->t.opts.user_timeout = 30000;
	answered_probe(s);
	first = s->now;
	for (i = 0; i < 100 && s->t.state == XTCP_ESTABLISHED; i++)
		answered_probe(s);
	KUNIT_EXPECT_EQ(test, s->now - first, 30 * SEC);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
}

/* An opened window ends that time */
static void limit_probe__opened(struct kunit *test)
{
	struct script *s = closed_window(test);

	s->t.opts.user_timeout = 30000;
	answered_probe(s);
	KUNIT_EXPECT_NE(test, s->t.stuck, 0ULL);
	script_rx(s, XTCP_ACK, R(0), S(0), 0, WND);
	KUNIT_EXPECT_EQ(test, s->t.stuck, 0ULL);
}

/* With its user gone the wait is as long as R2 at the most */
static void limit_probe__orphan(struct kunit *test)
{
	struct script *s = closed_window(test);
	u64 start = s->now;
	u32 i;

	script_shutdown(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	for (i = 0; i < 100 && s->t.state != XTCP_CLOSED; i++)
		answered_probe(s);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_GE(test, s->now - start, 100 * SEC);
	KUNIT_EXPECT_LT(test, s->now - start, 900 * SEC);
}

/* The same of a window that was closed with data on its way */
static void limit_rtx__orphan_of_a_closed_window(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 start = s->now;
	u32 i;

	script_write(s, 1000);
	script_push(s);
	script_shutdown(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	for (i = 0; i < 100 && s->t.state != XTCP_CLOSED; i++)
		answered_probe(s);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_GE(test, s->now - start, 100 * SEC);
	KUNIT_EXPECT_LT(test, s->now - start, 900 * SEC);
}

/*
 * Nor by a window that opens for an octet now and then, for a while or until the next
 * timeout, with something outstanding or not
 */
static void limit_rtx__orphan_of_a_silly_window(struct kunit *test)
{
	u32 way, i;

	for (way = 0; way < 4; way++) {
		bool out = way & 1, stays = way & 2;
		struct script *s = script_open(test);
		u64 start = s->now;

		script_write(s, 5 * MSS);
		if (out)
			script_push(s);
		script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
		script_shutdown(s);
		script_push(s);
		xtcp_user_orphan(&s->t, s->now, &s->act);
		for (i = 0; i < 100 && s->t.state != XTCP_CLOSED; i++) {
			next_deadline(s);
			script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
			script_rx(s, XTCP_ACK, R(0), S(0), 0, 1);
			script_push(s);
			if (!stays)
				script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
		}
		EXPECT_STATE(test, s, CLOSED);
		KUNIT_EXPECT_LT(test, s->now - start, 900 * SEC);
	}
}

/* A window that opens by and by ends the backoff of its probes once it is of use */
static void limit_probe__opens_slowly(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
	script_write(s, 5 * MSS);
	script_push(s);
	for (i = 0; i < 5; i++)
		next_deadline(s);
	KUNIT_EXPECT_GT(test, (u32)s->t.backoff, 3U);
	script_rx(s, XTCP_ACK, R(0), S(0), 0, 1);
	KUNIT_EXPECT_GT(test, (u32)s->t.backoff, 3U);
	script_rx(s, XTCP_ACK, R(0), S(0), 0, WND);
	KUNIT_EXPECT_EQ(test, (u32)s->t.backoff, 0U);
}

/* Not one that goes on, though each timeout is of the longest and no sample ends that */
static void limit_rtx__orphan_that_goes_on(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	s->t.cong.cwnd = 100 * MSS;
	script_write(s, 20 * MSS);
	script_push(s);
	script_shutdown(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	for (i = 0; i < 15; i++) {
		s->t.backoff = 20;
		next_deadline(s);
		EXPECT_STATE(test, s, FIN_WAIT_1);
		script_push(s);
		script_ack(s, s->t.snd_una + MSS);
		script_push(s);
	}
}

/* TCP_LINGER2: FIN-WAIT-2 of nobody lasts that long, or not at all */
static void limit_finwait__linger2(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_2);

	s->t.opts.linger2 = 7;
	xtcp_user_orphan(&s->t, s->now, &s->act);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->now + 7 * SEC);
	KUNIT_EXPECT_EQ(test, s->act.flags, 0U);

	s = script_in(test, XTCP_FIN_WAIT_2);
	s->t.opts.linger2 = -1;
	xtcp_user_orphan(&s->t, s->now, &s->act);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.flags,
			(u32)(XTCP_ACT_CLOSED | XTCP_ACT_REPLY));

	s = script_in(test, XTCP_FIN_WAIT_1);
	s->t.opts.linger2 = -1;
	xtcp_user_orphan(&s->t, s->now, &s->act);
	EXPECT_STATE(test, s, FIN_WAIT_1);
	script_ack(s, S(1));
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_REPLY);
}

/* A lost FIN of the peer must have its time to come again */
static void limit_finwait__slow_path(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_2);

	s->t.opts.linger2 = 1;
	s->t.rto = 4 * SEC;
	KUNIT_EXPECT_EQ(test, xtcp_limit_finwait(&s->t), 14 * SEC);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(limit_rtx__r1),
	KUNIT_CASE(limit_rtx__r2),
	KUNIT_CASE(limit_rtx__user_timeout),
	KUNIT_CASE(limit_rtx__very_often),
	KUNIT_CASE(limit_rtx__progress),
	KUNIT_CASE(limit_rtx__user_timeout_is_longer),
	KUNIT_CASE(limit_rtx__syn),
	KUNIT_CASE(limit_rtx__syn_user_timeout),
	KUNIT_CASE(limit_probe__answered),
	KUNIT_CASE(limit_probe__user_timeout),
	KUNIT_CASE(limit_probe__opened),
	KUNIT_CASE(limit_probe__orphan),
	KUNIT_CASE(limit_rtx__orphan_of_a_closed_window),
	KUNIT_CASE(limit_rtx__orphan_of_a_silly_window),
	KUNIT_CASE(limit_probe__opens_slowly),
	KUNIT_CASE(limit_rtx__orphan_that_goes_on),
	KUNIT_CASE(limit_finwait__linger2),
	KUNIT_CASE(limit_finwait__slow_path),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_limit", .test_cases = cases };
kunit_test_suite(suite);
