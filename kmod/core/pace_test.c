// SPDX-License-Identifier: GPL-2.0
/* Tests of pacing: when segments leave, to the usec. */
#include "script_test.h"

#include "pace.c"

#define A XTCP_ACK
#define RATE 1000000	/* a segment each ms, and two of them at once */

/* Nothing is sent yet; the algorithm asks for so many octets a second */
static struct script *paced(struct kunit *test, u64 rate)
{
	struct script *s = script_open(test);

	s->t.cong.pacing = rate;
	s->t.pace.next = s->now * 1000;
	return s;
}

static void pace_holds__spaces_bursts(struct kunit *test)
{
	struct script *s = paced(test, RATE);
	u32 i;

	script_write(s, 10000);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		KUNIT_EXPECT_EQ(test, s->out[0].seq, S(2000 * i));
		KUNIT_EXPECT_EQ(test, s->out[0].len, 2000U);
		EXPECT_SOUND(test, s);
		if (i == 4)
			break;
		KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE],
				s->now + 2 * MS);
		script_wait(s, 2 * MS - 1);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
		script_wait(s, 1);
		KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], 0ULL);
	}
	/* nothing waits, so nothing is due */
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], 0ULL);
}

/* A burst is a ms worth; departures are kept finer than a usec */
static void pace_burst__a_millisecond(struct kunit *test)
{
	struct script *s = paced(test, 3000000);
	u64 begin = s->now;

	KUNIT_EXPECT_EQ(test, xtcp_pace_burst(&s->t, 64000), 3000U);
	KUNIT_EXPECT_EQ(test, xtcp_pace_burst(&s->t, MSS), (u32)MSS);
	s->t.cong.pacing = 1000;
	KUNIT_EXPECT_EQ(test, xtcp_pace_burst(&s->t, 64000), 2U * MSS);
	s->t.cong.pacing = 3000000;
	script_write(s, 6000);
	s->max = MSS;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->t.pace.next, begin * 1000 + 333333);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], begin + 334);
	script_wait(s, 334);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	/* what it came late is made up for */
	KUNIT_EXPECT_EQ(test, s->t.pace.next, begin * 1000 + 666666);
}

/* ... but not all of a pause */
static void pace_sent__no_burst_after_a_pause(struct kunit *test)
{
	struct script *s = paced(test, RATE);

	script_write(s, 8000);
	script_push(s);
	script_wait(s, 50 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], s->now + MS);
	script_wait(s, MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], s->now + 2 * MS);
}

/* An ACK has no reason to wait, and says nothing of when data may leave */
static void pace_holds__no_ack(struct kunit *test)
{
	struct script *s = paced(test, RATE);

	script_write(s, 4000);
	script_push(s);
	s->t.ack_due = XTCP_ACK_NOW;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(2000), 0);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], s->now + 2 * MS);
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &s->out[0], s->now),
			s->now * 1000);
}

/* With nothing outstanding it is the pacing that ends the wait */
static void pace_holds__is_no_closed_window(struct kunit *test)
{
	struct script *s = paced(test, RATE);

	script_write(s, 2000);
	script_push(s);
	script_ack(s, S(2000));
	script_write(s, 2000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST], 0ULL);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], s->now + 2 * MS);
	EXPECT_SOUND(test, s);
	script_wait(s, 2 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* What a timeout sends first does not wait, the rest of what is lost does */
static void pace_holds__not_after_a_timeout(struct kunit *test)
{
	struct script *s = paced(test, 10000);

	script_write(s, 4000);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	s->t.pace.next = (s->now + 100 * MS) * 1000;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), MSS);
	s->t.cong.cwnd = 4 * MSS;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE],
			s->now + 200 * MS);
	script_wait(s, 200 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), MSS);
}

/* A queue that keeps data until its time gets it a little ahead of that */
static void pace_departure__ahead(struct kunit *test)
{
	struct script *s = paced(test, RATE);
	struct xtcp_seg data = { .len = 1 }, fin = { .flags = A | XTCP_FIN };
	struct xtcp_seg ack = { .flags = A };
	u64 begin = s->now;

	s->t.pace.ahead = 3000;
	script_write(s, 10000);
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &data, s->now),
			begin * 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	/* what may not wait, here no longer than the queue takes it ahead */
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &data, s->now),
			(begin + 3000) * 1000);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], begin + MS);
	script_wait(s, MS);
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &data, s->now),
			(begin + 4000) * 1000);
	/* a FIN overtakes no data, an ACK has nothing to wait for */
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &fin, s->now),
			(begin + 4000) * 1000);
	KUNIT_EXPECT_EQ(test, xtcp_pace_departure(&s->t, &ack, s->now),
			s->now * 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

/* The algorithm's rate, or what the window allows, but never more than the user */
static void pace_rate__the_least(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_tcb *t = &s->t;

	t->srtt = 100 * MS;
	t->cong.cwnd = 10000;
	t->cong.ssthresh = 40000;
	KUNIT_EXPECT_EQ(test, xtcp_pace_rate(t), 200000ULL);
	t->cong.ssthresh = 20000;
	KUNIT_EXPECT_EQ(test, xtcp_pace_rate(t), 120000ULL);
	KUNIT_EXPECT_FALSE(test, xtcp_pace_on(t));
	t->pace.asked = true;
	t->pace.max = 50000;
	KUNIT_EXPECT_EQ(test, xtcp_pace_rate(t), 50000ULL);
	KUNIT_EXPECT_TRUE(test, xtcp_pace_on(t));
	t->pace.max = XTCP_PACE_FREE;
	t->cong.pacing = 70000;
	KUNIT_EXPECT_EQ(test, xtcp_pace_rate(t), 70000ULL);
	t->pace.asked = false;
	KUNIT_EXPECT_TRUE(test, xtcp_pace_on(t));
	t->cong.pacing = 0;
	t->srtt = 0;
	KUNIT_EXPECT_EQ(test, xtcp_pace_rate(t), XTCP_PACE_FREE);
}

/* Who is not paced keeps no departure */
static void pace_sent__free(struct kunit *test)
{
	struct script *s = paced(test, 0);

	s->t.pace.asked = true;
	s->t.pace.max = XTCP_PACE_FREE;
	s->t.srtt = 0;
	script_write(s, 10000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].len, 10000U);
	KUNIT_EXPECT_EQ(test, s->t.pace.next, s->now * 1000);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(pace_holds__spaces_bursts),
	KUNIT_CASE(pace_burst__a_millisecond),
	KUNIT_CASE(pace_sent__no_burst_after_a_pause),
	KUNIT_CASE(pace_holds__no_ack),
	KUNIT_CASE(pace_holds__is_no_closed_window),
	KUNIT_CASE(pace_holds__not_after_a_timeout),
	KUNIT_CASE(pace_departure__ahead),
	KUNIT_CASE(pace_rate__the_least),
	KUNIT_CASE(pace_sent__free),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_pace", .test_cases = cases };
kunit_test_suite(suite);
