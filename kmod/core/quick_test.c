// SPDX-License-Identifier: GPL-2.0
/* Tests of quick-ACK phases and of rarer ACKs, as exchanges. */
#include "script_test.h"

#include "quick.c"

#define A XTCP_ACK
#define DELACK (40 * MS)

/* A connection as script_open() has it, to which no data has come yet */
static struct script *quick_open(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.last_rcv = 0;
	s->t.rcv_mss = MSS;
	return s;
}

/* @len octets in order arrive. Return: segments sent because of it */
static u32 rx(struct script *s, u32 len)
{
	script_rx(s, A, s->t.rcv_nxt, s->t.snd_una, len, WND);
	return script_push(s);
}

/* How many small segments are acknowledged one by one before one is not */
static u32 phase(struct script *s)
{
	u32 n = 0;

	while (n < 100 && rx(s, 1))
		n++;
	return n;
}

/* Half of a window of 20 segments; then delayed, and every second segment */
static void quick__at_the_start(struct kunit *test)
{
	struct script *s = quick_open(test);

	KUNIT_EXPECT_EQ(test, phase(s), 9U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.ack_due, (u32)XTCP_ACK_DELAYED);
	KUNIT_EXPECT_EQ(test, rx(s, 2 * MSS), 1U);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 0U);
	EXPECT_SOUND(test, s);
}

struct size {
	const char *name;
	u32 window, mss, acks;
};

static const struct size sizes[] = {
	{ "no longer than 16", 65535, 536, 16 },
	{ "half of the window", 16 * MSS, MSS, 7 },
	{ "two at least", 1500, MSS, 2 },
};

static void size_desc(const struct size *z, char *desc)
{
	strscpy(desc, z->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(size, sizes, size_desc);

static void quick__length(struct kunit *test)
{
	const struct size *z = test->param_value;
	struct script *s = quick_open(test);

	s->t.rcv_mss = z->mss;
	s->t.rcv_space = z->window;
	s->t.rcv_adv = s->t.rcv_nxt + z->window;
	KUNIT_EXPECT_EQ(test, phase(s), z->acks);
}

static void quick__after_a_pause(struct kunit *test)
{
	struct script *s = quick_open(test);

	phase(s);
	script_push(s);
	script_wait(s, DELACK);
	script_push(s);
	s->now += s->t.rto - DELACK;		/* not longer than the RTO yet */
	KUNIT_EXPECT_EQ(test, rx(s, 1), 0U);
	script_wait(s, DELACK);
	script_push(s);
	s->now += s->t.rto - DELACK + 1;
	KUNIT_EXPECT_EQ(test, phase(s), 9U);
}

/* A full segment that ends what was written does not wait for a second */
static void quick__end_of_a_write(struct kunit *test)
{
	struct script *s = quick_open(test);

	phase(s);
	rx(s, 2 * MSS);
	script_rx(s, A | XTCP_PSH, s->t.rcv_nxt, s->t.snd_una, MSS - 1, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx(s, 2 * MSS);
	script_rx(s, A | XTCP_PSH, s->t.rcv_nxt, s->t.snd_una, MSS, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, rx(s, MSS), 0U);
	rx(s, MSS);
	s->t.interactive = true;
	script_rx(s, A | XTCP_PSH, s->t.rcv_nxt, s->t.snd_una, MSS, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
}

/* Who answers at once has its ACKs on what it sends */
static void quick__not_for_who_answers(struct kunit *test)
{
	struct script *s = quick_open(test);

	KUNIT_EXPECT_EQ(test, rx(s, 10), 1U);
	s->now += DELACK - 1;
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_TRUE(test, s->t.interactive);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 0U);
	/* no answer: the timer ends it, and what is left of the phase goes on */
	script_wait(s, DELACK);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->t.interactive);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 1U);
}

static void quick__answer_that_comes_late(struct kunit *test)
{
	struct script *s = quick_open(test);

	rx(s, 10);
	s->now += DELACK;
	script_write(s, 10);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, s->t.interactive);
	/* nor is what is sent before anything came */
	s = quick_open(test);
	script_write(s, 10);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, s->t.interactive);
}

/* An ACK of nothing, or one on data, counts as it should */
static void quick__counts_acks_that_are_due(struct kunit *test)
{
	struct script *s = quick_open(test);
	u8 left;

	rx(s, 1);
	left = s->t.quick;
	s->now += DELACK;
	script_write(s, MSS);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.quick, left);
	script_rx(s, A, s->t.rcv_nxt, S(MSS), 1, WND);
	script_write(s, MSS);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.quick, left - 1);
}

/* What comes again says that the peer had no ACK */
static void quick__when_data_comes_again(struct kunit *test)
{
	struct script *s = quick_open(test);

	phase(s);
	s->t.interactive = true;
	s->t.quick = 0;
	script_rx(s, A, R(0), s->t.snd_una, 5, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->t.interactive);
	KUNIT_EXPECT_EQ(test, phase(s), 8U);	/* that was one */
}

static void quick__at_fin(struct kunit *test)
{
	struct script *s = quick_open(test);

	script_rx(s, A | XTCP_FIN, R(0), S(0), 10, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_TRUE(test, s->t.interactive);
}

static void quick_set__on_and_off(struct kunit *test)
{
	struct script *s = quick_open(test);

	xtcp_quick_set(&s->t, false, true);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 0U);
	xtcp_quick_set(&s->t, false, true);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	/* what waits goes out, unless there is something to be read */
	xtcp_quick_set(&s->t, true, false);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	xtcp_quick_set(&s->t, true, true);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 1U);
	/* where nothing waits, nothing goes out */
	xtcp_quick_set(&s->t, true, true);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

/* A connection past its first phase, whose buffer of @full has @unread in it */
static struct script *lagging(struct kunit *test, u32 full, u32 unread)
{
	struct script *s = quick_open(test);

	s->t.quick = 0;
	s->t.last_rcv = s->now;
	s->t.rcv_full = full;
	s->t.rcv_space = full - unread;
	s->t.rcv_adv = s->t.rcv_nxt + s->t.rcv_space;
	return s;
}

/* How many full segments have come when the first ACK is sent */
static u32 for_an_ack(struct script *s)
{
	u32 n = 1;

	while (n < 100 && !rx(s, MSS))
		n++;
	return n;
}

struct lag {
	const char *name;
	u32 unread, segments;
};

static const struct lag lags[] = {
	{ "none", 0, 2 },
	{ "16 segments", 16 * MSS, 2 },
	{ "24 segments", 24 * MSS, 3 },
	{ "64 segments", 64 * MSS, 8 },
	{ "100 segments", 100 * MSS, 8 },
};

static void lag_desc(const struct lag *l, char *desc)
{
	strscpy(desc, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lag, lags, lag_desc);

/* The further the reader lags, the rarer are ACKs, to a limit */
static void quick_enough__reader_lags(struct kunit *test)
{
	const struct lag *l = test->param_value;
	struct script *s = lagging(test, 200 * MSS, l->unread);

	KUNIT_EXPECT_EQ(test, for_an_ack(s), l->segments);
	EXPECT_SOUND(test, s);
}

/* Nor does the end of a write have an ACK of its own then */
static void quick_pushed__reader_lags(struct kunit *test)
{
	struct script *s = lagging(test, 200 * MSS, 24 * MSS);

	script_rx(s, A | XTCP_PSH, s->t.rcv_nxt, s->t.snd_una, MSS, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s = lagging(test, 200 * MSS, 16 * MSS);
	script_rx(s, A | XTCP_PSH, s->t.rcv_nxt, s->t.snd_una, MSS, WND);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* What waited for the reader goes when it reads, and not what waits for nobody */
static void quick_enough__reader_comes(struct kunit *test)
{
	struct script *s = lagging(test, 200 * MSS, 100 * MSS);

	rx(s, MSS);
	s->t.rcv_space = s->t.rcv_full;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->t.rcv_space = s->t.rcv_full - 100 * MSS;
	rx(s, MSS);
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->t.rcv_space = s->t.rcv_full;
	xtcp_user_read(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, s->t.rcv_nxt);
}

/* A reader that waits for more has not left what it has */
static void quick_awaited__each_second(struct kunit *test)
{
	struct script *s = lagging(test, 200 * MSS, 100 * MSS);

	rx(s, MSS);
	xtcp_quick_awaited(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx(s, MSS);
	xtcp_quick_awaited(&s->t);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* `quickack' of a route: nothing ends it but another route */
static void quick__by_the_route(struct kunit *test)
{
	struct script *s = quick_open(test);

	s->t.quick_route = true;
	KUNIT_EXPECT_EQ(test, phase(s), 100U);
	xtcp_quick_set(&s->t, false, true);
	KUNIT_EXPECT_EQ(test, rx(s, 10), 1U);
	s->t.quick_route = false;
	KUNIT_EXPECT_EQ(test, rx(s, 10), 0U);
	EXPECT_SOUND(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(quick__at_the_start),
	KUNIT_CASE_PARAM(quick__length, size_gen_params),
	KUNIT_CASE(quick__after_a_pause),
	KUNIT_CASE(quick__end_of_a_write),
	KUNIT_CASE(quick__not_for_who_answers),
	KUNIT_CASE(quick__answer_that_comes_late),
	KUNIT_CASE(quick__counts_acks_that_are_due),
	KUNIT_CASE(quick__when_data_comes_again),
	KUNIT_CASE(quick__at_fin),
	KUNIT_CASE(quick__by_the_route),
	KUNIT_CASE(quick_set__on_and_off),
	KUNIT_CASE_PARAM(quick_enough__reader_lags, lag_gen_params),
	KUNIT_CASE(quick_pushed__reader_lags),
	KUNIT_CASE(quick_enough__reader_comes),
	KUNIT_CASE(quick_awaited__each_second),
	{ }
};

static struct kunit_suite suite = {
	.name = "xtcp_quick",
	.test_cases = cases,
};

kunit_test_suite(suite);
