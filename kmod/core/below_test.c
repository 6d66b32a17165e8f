// SPDX-License-Identifier: GPL-2.0
/* Tests of what may be below the socket, and of what waits when that is much. */
#include "script_test.h"
#include "urgent.h"

#include "below.c"

#define A XTCP_ACK
#define BURST 3000	/* the memory of two segments */
#define MOST 1000000
#define SHIFT 10

/* So many octets are outstanding, and nobody knows the round trip yet */
static struct script *sent(struct kunit *test, u32 octets)
{
	struct script *s = script_open(test);

	s->t.srtt = 0;
	script_write(s, octets);
	script_push(s);
	return s;
}

static u32 judge(const struct script *s, u64 below)
{
	return xtcp_below_judge(&s->t, below, BURST, MOST, SHIFT);
}

/* Without a rate there is the namespace's limit, and twice that for what is lost */
static void below_judge__most(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	KUNIT_EXPECT_EQ(test, judge(s, MOST), (u32)XTCP_BELOW_ROOM);
	KUNIT_EXPECT_EQ(test, judge(s, MOST + 1), (u32)XTCP_BELOW_FULL);
	KUNIT_EXPECT_EQ(test, judge(s, 2 * MOST + 1), (u32)XTCP_BELOW_FULL);
	KUNIT_EXPECT_EQ(test, judge(s, 2 * MOST + 2), (u32)XTCP_BELOW_CROWDED);
	/* it bounds two bursts, too */
	KUNIT_EXPECT_EQ(test, (u32)xtcp_below_judge(&s->t, 1001, BURST, 1000, SHIFT),
			(u32)XTCP_BELOW_FULL);
}

/* A millisecond's worth: here 10,000 octets twice in 2 ms */
static void below_judge__rate(struct kunit *test)
{
	struct script *s = sent(test, 10000);
	u64 limit;

	s->t.cong.ssthresh = U32_MAX;
	s->t.cong.cwnd = 10000;
	s->t.srtt = 2 * MS;
	limit = 10000000 >> SHIFT;
	KUNIT_EXPECT_EQ(test, judge(s, limit), (u32)XTCP_BELOW_ROOM);
	KUNIT_EXPECT_EQ(test, judge(s, limit + 1), (u32)XTCP_BELOW_FULL);
	KUNIT_EXPECT_EQ(test, (u32)xtcp_below_judge(&s->t, 8 * limit, BURST, MOST,
						    SHIFT - 3),
			(u32)XTCP_BELOW_ROOM);
	/* of a window that is not used nothing follows */
	s->t.cong.cwnd = 40000;
	KUNIT_EXPECT_EQ(test, judge(s, limit), (u32)XTCP_BELOW_ROOM);
	KUNIT_EXPECT_EQ(test, judge(s, limit + 1), (u32)XTCP_BELOW_FULL);
	/* a burst is as much, in whole segments */
	KUNIT_EXPECT_EQ(test, xtcp_below_burst(&s->t, 1, 64000), 10U * MSS);
	KUNIT_EXPECT_EQ(test, xtcp_below_burst(&s->t, 1, 4999), 4U * MSS);
	/* while nothing is below, as much as the window lets */
	KUNIT_EXPECT_EQ(test, xtcp_below_burst(&s->t, 0, 64000), 40U * MSS);
	s->t.srtt = 1000 * MS;
	KUNIT_EXPECT_EQ(test, xtcp_below_burst(&s->t, 1, 64000), 2U * MSS);
}

/* ... or two bursts, of a slow connection's */
static void below_judge__bursts(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	s->t.srtt = 1000 * MS;
	KUNIT_EXPECT_EQ(test, judge(s, 2 * BURST), (u32)XTCP_BELOW_ROOM);
	KUNIT_EXPECT_EQ(test, judge(s, 2 * BURST + 1), (u32)XTCP_BELOW_FULL);
}

/* The namespace's limit is not for who is paced: fq keeps what is below */
static void below_judge__paced(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	s->t.cong.pacing = 4000ULL << SHIFT;
	KUNIT_EXPECT_EQ(test, (u32)xtcp_below_judge(&s->t, 4000, 1, 1000, SHIFT),
			(u32)XTCP_BELOW_ROOM);
	KUNIT_EXPECT_EQ(test, (u32)xtcp_below_judge(&s->t, 4001, 1, 1000, SHIFT),
			(u32)XTCP_BELOW_FULL);
	s->t.cong.pacing = 0;
	KUNIT_EXPECT_EQ(test, (u32)xtcp_below_judge(&s->t, 4000, 1, 1000, SHIFT),
			(u32)XTCP_BELOW_CROWDED);
}

/* A second segment goes in any case */
static void below_judge__one_outstanding(struct kunit *test)
{
	struct script *s = sent(test, MSS);

	KUNIT_EXPECT_EQ(test, judge(s, 1ULL << 40), (u32)XTCP_BELOW_ROOM);
	s->t.nodelay = true;
	script_write(s, 1);
	script_push(s);
	KUNIT_EXPECT_EQ(test, judge(s, 1ULL << 40), (u32)XTCP_BELOW_CROWDED);
}

/* New data waits, an ACK does not, and no timer runs for what waits */
static void below_holds__new_data(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	script_write(s, 1000);
	s->t.below = XTCP_BELOW_FULL;
	s->t.ack_due = XTCP_ACK_NOW;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(4000), 0);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_WAITED);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST], 0ULL);
	KUNIT_EXPECT_TRUE(test, s->t.deadline[XTCP_TIMER_RTX]);
	EXPECT_SOUND(test, s);
	s->t.below = XTCP_BELOW_ROOM;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(4000), 1000);
}

/* Who has nothing to send, or no window for it, does not wait for this */
static void below_holds__nothing_to_send(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	s->t.below = XTCP_BELOW_CROWDED;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_CROWDED);
	s->t.cong.cwnd = 4000;
	script_write(s, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_CROWDED);
}

/* What is not yet due by its pace waits for its time first */
static void below_holds__after_the_pace(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	s->t.cong.pacing = 1000000;
	s->t.pace.next = (s->now + MS) * 1000;
	script_write(s, 1000);
	s->t.below = XTCP_BELOW_FULL;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_FULL);
	script_wait(s, MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_WAITED);
	/* and no timer of the pace's then spins */
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PACE], 0ULL);
}

/* What is lost waits later than new data; a timeout's first never does */
static void below_holds__lost_data(struct kunit *test)
{
	struct script *s = sent(test, 4000);

	while (!s->t.rtx_force)
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	s->t.below = XTCP_BELOW_CROWDED;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), MSS);
	s->t.cong.cwnd = 4 * MSS;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_WAITED);
	s->t.below = XTCP_BELOW_FULL;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(1000), 3 * MSS);
}

/* What may be in this host still is not probed for; once it has left, it is */
static void below_holds__the_tail(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.sack.ok = true;
	s->t.rack.on = true;
	script_write(s, 4000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->t.rtx_for, (u32)XTCP_RTX_PROBE);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_due);
	s->t.below = XTCP_BELOW_FULL;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.below, (u32)XTCP_BELOW_WAITED);
	KUNIT_EXPECT_EQ(test, (u32)s->t.rtx_for, (u32)XTCP_RTX_RTO);
	s->t.below = XTCP_BELOW_ROOM;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(3000), MSS);
}

static void below_corks__little(struct kunit *test)
{
	struct script *s = script_open(test);

	/* nothing is outstanding: it has no company to wait for */
	script_write(s, 10);
	KUNIT_EXPECT_FALSE(test, xtcp_below_corks(&s->t, 2 * MSS));
	script_push(s);
	script_write(s, 1999);
	KUNIT_EXPECT_TRUE(test, xtcp_below_corks(&s->t, 2 * MSS));
	script_write(s, 1);
	KUNIT_EXPECT_FALSE(test, xtcp_below_corks(&s->t, 2 * MSS));
}

/* What is urgent is not to wait */
static void below_corks__not_urgent_data(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 10);
	script_push(s);
	script_write(s, 1);
	KUNIT_EXPECT_TRUE(test, xtcp_below_corks(&s->t, 2 * MSS));
	xtcp_urgent_write(&s->t);
	KUNIT_EXPECT_FALSE(test, xtcp_below_corks(&s->t, 2 * MSS));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(below_judge__most),
	KUNIT_CASE(below_judge__rate),
	KUNIT_CASE(below_judge__bursts),
	KUNIT_CASE(below_judge__paced),
	KUNIT_CASE(below_judge__one_outstanding),
	KUNIT_CASE(below_holds__new_data),
	KUNIT_CASE(below_holds__nothing_to_send),
	KUNIT_CASE(below_holds__after_the_pace),
	KUNIT_CASE(below_holds__lost_data),
	KUNIT_CASE(below_holds__the_tail),
	KUNIT_CASE(below_corks__little),
	KUNIT_CASE(below_corks__not_urgent_data),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_below", .test_cases = cases };
kunit_test_suite(suite);
