// SPDX-License-Identifier: GPL-2.0
/* Tests of the deadlines: when they are set, and what they do. */
#include "script_test.h"

#include "timer.c"

static void timer_next__earliest(struct kunit *test)
{
	struct script *s = script_new(test);

	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
	s->t.deadline[XTCP_TIMER_FINWAIT] = 500;
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 500ULL);
	s->t.deadline[XTCP_TIMER_RTX] = 300;
	s->t.deadline[XTCP_TIMER_DELACK] = 400;
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 300ULL);
	xtcp_timer_stop(&s->t);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

/* RFC 6298 (5.1): sending more does not put the timeout off */
static void timer_sent__starts_once(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 due;

	PROVES(test, "RFC6298-5.1-5.3");
	script_write(s, 1000);
	script_push(s);
	due = s->t.deadline[XTCP_TIMER_RTX];
	KUNIT_EXPECT_EQ(test, due, s->now + s->t.rto);
	s->now += 50 * MS;
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], due);
}

/* RFC 6298 (5.2), (5.3) */
static void timer_acked__restarts_and_stops(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC6298-5-early RFC6298-5.1-5.3");
	script_write(s, 3000);
	script_push(s);
	s->now += 50 * MS;
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + xtcp_rtt_rto(&s->t));
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
}

/* RFC 6298 (5.4) to (5.6): again, doubled each time, until R2 */
static void timer_expire__backs_off_and_gives_up(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 rto = s->t.rto;
	u32 i;

	PROVES(test, "RFC6298-1 RFC6298-5.5");
	s->p.retries = 5;
	script_write(s, 1000);
	script_push(s);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->now + rto);
		script_wait(s, rto - 1);
		KUNIT_EXPECT_EQ(test, s->act.events, 0U);
		script_wait(s, 1);
		KUNIT_EXPECT_EQ(test, s->act.events & ~(u32)XTCP_EV_R1,
				(u32)XTCP_EV_RTO);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(0), 1000);
		EXPECT_SOUND(test, s);
		rto *= 2;
	}
	script_wait(s, rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_TIMEOUT);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

/* With 7 retries a SYN is given up after 255 s: R2 of 3 minutes (MUST-23) */
static void timer_expire__syn_retries(struct kunit *test)
{
	struct script *s = script_new(test);
	u64 start = s->now;
	u32 sent;

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	sent = script_push(s);
	while (s->t.state == XTCP_SYN_SENT && sent < 100) {
		script_wait(s, xtcp_timer_next(&s->t) - s->now);
		sent += script_push(s);
	}
	KUNIT_EXPECT_EQ(test, sent, 8U);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, s->now - start, (1 + 2 + 4 + 8 + 16 + 32 + 64 +
					       120) * XTCP_USEC_PER_SEC);
}

static void timer_expire__orphan_retries(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 i;

	s->p.orphan_retries = 2;
	script_write(s, 1000);
	script_push(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	for (i = 0; i < 2; i++) {
		script_wait(s, xtcp_timer_next(&s->t) - s->now);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	}
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	EXPECT_STATE(test, s, CLOSED);
}

/* Any progress of the peer begins the counting anew, and keeps the backoff */
static void timer_expire__progress_resets_tries(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 2000);
	script_push(s);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	script_push(s);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.tries, 2);
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, s->t.tries, 0);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 2);
}

static void timer_expire__delack(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, XTCP_ACK, R(0), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_wait(s, 40 * MS - 1);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_wait(s, 1);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DELACK);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(100));
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

static void timer_expire__finwait(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_2);

	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	EXPECT_SOUND(test, s);
	script_wait(s, s->p.fin_timeout - 1);
	EXPECT_STATE(test, s, FIN_WAIT_2);
	script_wait(s, 1);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, 0);
}

/* Letting go before the FIN is acknowledged arms it later */
static void timer_finwait__orphan_first(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_1);

	xtcp_user_orphan(&s->t, s->now, &s->act);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_FINWAIT], 0ULL);
	script_ack(s, S(1));
	EXPECT_STATE(test, s, FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_FINWAIT],
			s->now + s->p.fin_timeout);
}

/* A probed peer that answers is never given up; a silent one is */
static void timer_expire__persist(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 gap = 0;
	u32 i;

	s->p.retries = 3;
	script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
	script_write(s, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	for (i = 0; i < 8; i++) {
		u64 wait = xtcp_timer_next(&s->t) - s->now;

		KUNIT_EXPECT_GE(test, wait, i < 2 ? gap : 2 * gap);
		gap = wait;
		script_wait(s, wait);
		KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_PROBE);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(0), 1);
		EXPECT_SOUND(test, s);
		script_rx(s, XTCP_ACK, R(0), S(0), 0, 0);
	}
	for (i = 0; i < 3; i++) {
		script_wait(s, xtcp_timer_next(&s->t) - s->now);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	}
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
}

static void timer_retry__memory(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, XTCP_ACK, R(0), S(0), 2000, WND);
	script_write(s, 1000);
	xtcp_output_failed(&s->t, s->now);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST],
			s->now + 20 * MS);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK],
			s->now + 200 * MS);
	script_wait(s, 20 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST], 0ULL);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], 0ULL);
}

/* An ACK that waits already does not wait longer */
static void timer_retry__ack_that_waits(struct kunit *test)
{
	struct script *s = script_open(test);
	u64 due;

	script_rx(s, XTCP_ACK, R(0), S(0), 10, WND);
	due = s->t.deadline[XTCP_TIMER_DELACK];
	KUNIT_EXPECT_NE(test, due, 0ULL);
	xtcp_output_failed(&s->t, s->now);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], due);
}

/* Nothing is stuck because there was no memory for an ACK */
static void timer_retry__bare_ack(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.opts.user_timeout = 1000;
	script_rx(s, XTCP_ACK, R(0), S(0), 10, WND);
	s->t.ack_due = XTCP_ACK_NOW;
	xtcp_output_failed(&s->t, s->now);
	script_wait(s, 20 * MS);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
	/* much later a first timeout is no reason to give up */
	s->now += 3600000 * MS;
	script_write(s, 100);
	script_push(s);
	script_wait(s, s->t.rto);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(timer_retry__bare_ack),
	KUNIT_CASE(timer_retry__ack_that_waits),
	KUNIT_CASE(timer_next__earliest),
	KUNIT_CASE(timer_sent__starts_once),
	KUNIT_CASE(timer_acked__restarts_and_stops),
	KUNIT_CASE(timer_expire__backs_off_and_gives_up),
	KUNIT_CASE(timer_expire__syn_retries),
	KUNIT_CASE(timer_expire__orphan_retries),
	KUNIT_CASE(timer_expire__progress_resets_tries),
	KUNIT_CASE(timer_expire__delack),
	KUNIT_CASE(timer_expire__finwait),
	KUNIT_CASE(timer_finwait__orphan_first),
	KUNIT_CASE(timer_expire__persist),
	KUNIT_CASE(timer_retry__memory),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_timer", .test_cases = cases };
kunit_test_suite(suite);
