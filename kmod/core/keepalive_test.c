// SPDX-License-Identifier: GPL-2.0
/* Tests of keep-alive: when a probe goes out, and what its answer changes. */
#include "script_test.h"

#include "keepalive.c"

#define SEC XTCP_USEC_PER_SEC

/* A connection that keep-alive watches: 10 s, then every 3 s, 2 probes */
static struct script *watched_open(struct kunit *test)
{
	struct script *s = script_open(test);

	s->p.keep_idle = 10;
	s->p.keep_interval = 3;
	s->p.keep_count = 2;
	xtcp_keep_set(&s->t, true, s->now);
	EXPECT_SOUND(test, s);
	return s;
}

/* Until the next deadline. Return: segments sent */
static u32 next_deadline(struct script *s)
{
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	return script_push(s);
}

static void expect_probe(struct kunit *test, struct script *s)
{
	KUNIT_EXPECT_EQ(test, next_deadline(s), 1U);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_KEEPALIVE);
	/* SHLD-12: no data; RFC 1122 4.2.3.6: the number before the next */
	EXPECT_OUT(test, s, 0, XTCP_ACK, s->t.snd_nxt - 1, 0);
	EXPECT_SOUND(test, s);
}

/* MUST-25: off by default; MUST-24: the user's to switch */
static void keep_set__default_off(struct kunit *test)
{
	struct script *s = script_open(test);

	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
	s->p.keep_idle = 10;
	xtcp_keep_set(&s->t, true, s->now);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->now + 10 * SEC);
	s->now += SEC;
	xtcp_keep_set(&s->t, true, s->now);	/* no change: no delay */
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->now + 9 * SEC);
	xtcp_keep_set(&s->t, false, s->now);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

/* Without a peer there is nothing to watch; with one it begins */
static void keep_start__handshake(struct kunit *test)
{
	struct script *s = script_new(test);

	s->p.keep_idle = 10;
	xtcp_keep_set(&s->t, true, s->now);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_KEEP], 0ULL);
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	s->now += 100 * MS;
	script_rx(s, XTCP_SYN | XTCP_ACK, IRS, S(0), 0, WND);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_KEEP],
			s->now + 10 * SEC);
	EXPECT_SOUND(test, s);
}

/* MUST-27: the interval is the user's, MUST-29: one silence is no death */
static void keep_expire__silent_peer(struct kunit *test)
{
	struct script *s = watched_open(test);
	u64 start = s->t.heard;

	xtcp_keep_set_idle(&s->t, 20);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), start + 20 * SEC);
	expect_probe(test, s);
	KUNIT_EXPECT_EQ(test, s->now, start + 20 * SEC);
	expect_probe(test, s);
	KUNIT_EXPECT_EQ(test, s->now, start + 23 * SEC);
	EXPECT_STATE(test, s, ESTABLISHED);
	next_deadline(s);
	KUNIT_EXPECT_EQ(test, s->now, start + 26 * SEC);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, s->act.events,
			(u32)(XTCP_EV_TIMEOUT | XTCP_EV_RST_OUT));
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_REPLY);
}

/* The user's own numbers count before the namespace's */
static void keep_expire__own_numbers(struct kunit *test)
{
	struct script *s = watched_open(test);
	u32 i;

	s->t.opts.keep_interval = 100;
	s->t.opts.keep_count = 5;
	for (i = 0; i < 5; i++) {
		u64 last = s->now;

		expect_probe(test, s);
		if (i)
			KUNIT_EXPECT_EQ(test, s->now, last + 100 * SEC);
	}
	next_deadline(s);
	EXPECT_STATE(test, s, CLOSED);
}

/* An answer, though long before the next look, begins the counting anew */
static void keep_expire__answered(struct kunit *test)
{
	struct script *s = watched_open(test);
	u32 i;

	s->p.keep_interval = 60;	/* longer than it may be silent */
	for (i = 0; i < 6; i++) {
		expect_probe(test, s);
		s->now += 50 * MS;
		script_ack(s, S(0));
		KUNIT_EXPECT_EQ(test, s->t.heard, s->now);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	}
	KUNIT_EXPECT_EQ(test, s->t.keep_probes, 1);
	EXPECT_STATE(test, s, ESTABLISHED);
}

/* MUST-26: from what was heard last, whatever it was */
static void keep_expire__data_puts_it_off(struct kunit *test)
{
	struct script *s = watched_open(test);

	script_wait(s, 6 * SEC);
	script_rx(s, XTCP_ACK, R(0), S(0), 100, WND);
	KUNIT_EXPECT_EQ(test, next_deadline(s), 1U);	/* its delayed ACK */
	script_wait(s, 4 * SEC);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->t.heard + 10 * SEC);
	expect_probe(test, s);
}

/* MUST-26: and with nothing outstanding, or waiting to be sent */
static void keep_expire__busy(struct kunit *test)
{
	struct script *s = watched_open(test);
	u64 due = s->t.deadline[XTCP_TIMER_KEEP];

	script_write(s, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->t.deadline[XTCP_TIMER_RTX] = due + SEC;
	script_wait(s, due - s->now);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_KEEP], s->now + 10 * SEC);
	EXPECT_SOUND(test, s);
}

/* RFC 1122 4.2.3.6: a peer that has lost the connection resets it */
static void keep_expire__reset(struct kunit *test)
{
	struct script *s = watched_open(test);

	expect_probe(test, s);
	script_rx(s, XTCP_RST, R(0), 0, 0, 0);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ECONNRESET);
}

/* Our answer to a peer's probe, in its form with and without an octet */
static void keep_rx__answer(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 len;

	for (len = 0; len < 2; len++) {
		s->now += SEC;
		script_rx(s, XTCP_ACK, R(0) - 1, S(0), len, WND);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
		KUNIT_EXPECT_EQ(test, s->out[0].ack, R(0));
	}
}

/* RFC 5482 4.2: the user timeout ends it, earlier or later, after one probe */
static void keep_expire__user_timeout(struct kunit *test)
{
	struct script *s = watched_open(test);
	u64 start = s->now;
	u32 i;

	s->t.opts.user_timeout = 25000;
	for (i = 0; i < 5; i++)
		expect_probe(test, s);
	EXPECT_STATE(test, s, ESTABLISHED);
	next_deadline(s);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, s->now, start + 25 * SEC);

	s = watched_open(test);
	s->t.opts.user_timeout = 1;
	expect_probe(test, s);
	next_deadline(s);
	EXPECT_STATE(test, s, CLOSED);
}

/* In FIN-WAIT-2 it watches for a user, and not for an orphan */
static void keep_expire__fin_wait_2(struct kunit *test)
{
	struct script *s = watched_open(test);

	script_shutdown(s);
	script_push(s);
	script_ack(s, S(1));
	EXPECT_STATE(test, s, FIN_WAIT_2);
	EXPECT_SOUND(test, s);
	next_deadline(s);
	expect_probe(test, s);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), 0);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), s->now + s->p.fin_timeout);
	KUNIT_EXPECT_EQ(test, next_deadline(s), 0U);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, 0);
}

static void keep_expire__orphan(struct kunit *test)
{
	struct script *s = watched_open(test);

	script_shutdown(s);
	script_push(s);
	xtcp_user_orphan(&s->t, s->now, &s->act);
	s->t.deadline[XTCP_TIMER_RTX] = 0;
	script_wait(s, 20 * SEC);
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), 0ULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(keep_set__default_off),
	KUNIT_CASE(keep_start__handshake),
	KUNIT_CASE(keep_expire__silent_peer),
	KUNIT_CASE(keep_expire__own_numbers),
	KUNIT_CASE(keep_expire__answered),
	KUNIT_CASE(keep_expire__data_puts_it_off),
	KUNIT_CASE(keep_expire__busy),
	KUNIT_CASE(keep_expire__reset),
	KUNIT_CASE(keep_rx__answer),
	KUNIT_CASE(keep_expire__user_timeout),
	KUNIT_CASE(keep_expire__fin_wait_2),
	KUNIT_CASE(keep_expire__orphan),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_keepalive", .test_cases = cases };
kunit_test_suite(suite);
