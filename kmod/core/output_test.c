// SPDX-License-Identifier: GPL-2.0
/* Tests of what is sent, and when. */
#include "script_test.h"

#include "output.c"

#define A XTCP_ACK
#define PA (XTCP_PSH | XTCP_ACK)

static void output_next__ranges(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-61 SHLD-28");
	s->max = 4000;
	script_write(s, 9500);
	KUNIT_EXPECT_EQ(test, script_push(s), 3U);
	EXPECT_OUT(test, s, 0, A, S(0), 4000);
	EXPECT_OUT(test, s, 1, A, S(4000), 4000);
	EXPECT_OUT(test, s, 2, PA, S(8000), 1500);
	/* a limit between two segments is rounded down to whole ones */
	s->max = 2900;
	script_ack(s, S(9500));
	script_write(s, 4000);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	EXPECT_OUT(test, s, 0, A, S(9500), 2000);
	EXPECT_SOUND(test, s);
}

static void output_next__cwnd(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC5681-3");
	script_write(s, 30000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 10000);
	/* what is acknowledged makes room, and slow start adds to it */
	script_ack(s, S(2000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), 4000);
}

static void output_next__peer_window(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC5681-3");
	script_rx(s, A, R(0), S(0), 0, 2500);
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 2000);
	/* the window moves on by what it was: still no silly segment */
	script_rx(s, A, R(0), S(1000), 0, 1500);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_rx(s, A, R(0), S(1000), 0, 2000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(2000), 1000);
}

/* RFC 9293 3.7.4, as Minshall has it */
static void output_next__nagle(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "SHLD-27");
	script_write(s, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(0), 100);
	script_write(s, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_write(s, 900);		/* a full segment goes */
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(100), 1000);
	script_write(s, 50);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_ack(s, S(100));		/* the small one has arrived */
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(1100), 50);
	/* with data outstanding, the tail of a large write waits */
	script_ack(s, S(1150));
	script_write(s, 1500);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(1150), 1500);
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->t.nodelay = true;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(2650), 10);
}

static void output_next__nagle_and_fin(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 100);
	script_push(s);
	script_write(s, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA | XTCP_FIN, S(100), 100);
	KUNIT_EXPECT_TRUE(test, xtcp_tcb_fin_sent(&s->t));
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
}

/* RFC 9293 3.8.6.2.1 (3): half of the largest window is worth a segment */
static void output_next__half_window(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.snd_wnd_est = 800;
	script_rx(s, A, R(0), S(0), 0, 399);
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
	script_rx(s, A, R(0), S(0), 0, 400);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 400);
}

/* A window too small for a segment: the persist timer takes what there is */
static void output_next__small_window(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-60");
	script_rx(s, A, R(0), S(0), 0, 500);
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_PERSIST],
			s->now + s->t.rto);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 500);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_NEW);
	EXPECT_SOUND(test, s);
}

static void output_next__fin_into_closed_window(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 0, 0);
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_FIN | A, S(0), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_PROBE);
	script_rx(s, A, R(0), S(1), 0, 0);
	EXPECT_STATE(test, s, FIN_WAIT_2);
}

/* The FIN counts against the window like an octet */
static void output_next__fin_needs_room(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 0, 1000);
	script_write(s, 1000);
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(0), 1000);
	script_rx(s, A, R(0), S(1000), 0, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_FIN | A, S(1000), 0);
}

/* RFC 6298 (5.4), RFC 5681 3.1: one segment, then more as ACKs come */
static void output_next__after_timeout(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC6298-5.4");
	script_write(s, 5500);
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA | XTCP_FIN, S(0), 5500);
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 1000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	script_ack(s, S(1000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 2000);
	script_ack(s, S(3000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA | XTCP_FIN, S(3000), 2500);
	script_ack(s, S(5501));
	EXPECT_STATE(test, s, FIN_WAIT_2);
	EXPECT_SOUND(test, s);
}

/* New data waits for the lost */
static void output_next__lost_first(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 10000);
	script_push(s);
	script_wait(s, s->t.rto);
	script_write(s, 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	/* also where there is room for the little new, not for the lost */
	s->t.nodelay = true;
	s->t.cong.cwnd = 1500;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

/* A lone FIN is sent again as it was */
static void output_next__fin_again(struct kunit *test)
{
	struct script *s = script_in(test, XTCP_FIN_WAIT_1);

	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_FIN | A, S(0), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_RTX);
}

/* If the peer took its window back, only the first segment tests it */
static void output_next__shrunk_window(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-34 MAY-7");
	script_write(s, 5000);
	script_push(s);
	script_rx(s, A, R(0), S(1000), 0, 0);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 1000);
	s->t.cong.cwnd = 10000;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

static void output_next__ack_rides_along(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 500, WND);
	KUNIT_EXPECT_EQ(test, s->t.ack_due, XTCP_ACK_DELAYED);
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(0), 10);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(500));
	KUNIT_EXPECT_EQ(test, s->t.ack_due, XTCP_ACK_NONE);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_DELACK], 0ULL);
}

/* It does not ride on what is sent again: a peer that has that drops it whole */
static void output_next__ack_beside_what_is_again(struct kunit *test)
{
	struct script *s = script_open(test);

	script_write(s, 1000);
	script_push(s);
	s->now += s->t.rto - 10 * MS;
	script_rx(s, A, R(0), S(0), 100, WND);
	script_wait(s, 10 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(100));
	script_wait(s, 30 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(1000), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(100));
}

/*
 * A simultaneous open without memory for the SYN, and closed meanwhile: the SYN
 * goes first all the same, and no probe in its place
 */
static void output_next__syn_after_close(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	xtcp_output_failed(&s->t, s->now);
	script_rx(s, XTCP_SYN, IRS, 0, 0, WND);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	script_write(s, 500);
	script_shutdown(s);
	EXPECT_STATE(test, s, FIN_WAIT_1);
	script_wait(s, 20 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN | A, ISS, 0);
	script_ack(s, S(0));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA | XTCP_FIN, S(0), 500);
}

/* RFC 5681 4.1 */
static void output_next__restart_after_idle(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC5681-4.1");
	s->t.snd_wnd = 60000;
	s->t.cong.cwnd = 40000;
	script_write(s, 1000);
	script_push(s);
	script_ack(s, S(1000));
	s->t.snd_wnd = 60000;
	s->now += s->t.rto;
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 40000U);
	script_ack(s, S(2000));
	s->t.snd_wnd = 60000;
	s->now += s->t.rto + 1;
	script_write(s, 30000);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(2000), 10000);
}

/* Nothing has happened until it is committed */
static void output_commit__only_then(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_seg seg, again;

	script_write(s, 500);
	KUNIT_EXPECT_TRUE(test, xtcp_output_next(&s->t, s->now, 4000, &seg));
	KUNIT_EXPECT_EQ(test, s->t.snd_nxt, S(0));
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
	KUNIT_EXPECT_TRUE(test, xtcp_output_next(&s->t, s->now, 4000, &again));
	KUNIT_EXPECT_EQ(test, again.seq, seg.seq);
	KUNIT_EXPECT_EQ(test, again.len, seg.len);
	xtcp_output_commit(&s->t, &seg, s->now);
	KUNIT_EXPECT_EQ(test, s->t.snd_nxt, S(500));
	KUNIT_EXPECT_NE(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
}

static void output_next__window_in_header(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "RFC7323-2.3-shift");
	s->t.rcv_wscale = 4;
	s->t.rcv_space = 48000;
	s->t.rcv_full = 48000;
	s->t.ack_due = XTCP_ACK_NOW;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 3000);
	KUNIT_EXPECT_EQ(test, s->t.rcv_adv, R(48000));
	/* the edge never moves left, whatever the room */
	s->t.rcv_space = 100;
	s->t.ack_due = XTCP_ACK_NOW;
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].wnd, 3000);
	KUNIT_EXPECT_EQ(test, s->t.rcv_adv, R(48000));
}

/* Corked, only what fills a segment goes out, for an RTO at the most */
static void output_next__cork(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.opts.cork = true;
	s->t.nodelay = true;
	script_write(s, MSS + 100);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), MSS);
	script_ack(s, S(MSS));
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
	s->t.opts.cork = false;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(MSS), 100);
	script_ack(s, S(MSS + 100));

	s->t.opts.cork = true;
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_wait(s, xtcp_timer_next(&s->t) - s->now);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(MSS + 100), 10);
}

/* The end of what there is to send ends the wait, too */
static void output_next__cork_and_fin(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.opts.cork = true;
	script_write(s, 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	script_shutdown(s);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH | XTCP_FIN, S(0), 10);
}

/* MSG_MORE holds one call's rest back */
static void output_next__more(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.more = true;
	script_write(s, MSS + 10);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), MSS);
	s->t.more = false;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK | XTCP_PSH, S(MSS), 10);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(output_next__cork),
	KUNIT_CASE(output_next__cork_and_fin),
	KUNIT_CASE(output_next__more),
	KUNIT_CASE(output_next__ranges),
	KUNIT_CASE(output_next__cwnd),
	KUNIT_CASE(output_next__peer_window),
	KUNIT_CASE(output_next__nagle),
	KUNIT_CASE(output_next__nagle_and_fin),
	KUNIT_CASE(output_next__half_window),
	KUNIT_CASE(output_next__small_window),
	KUNIT_CASE(output_next__fin_into_closed_window),
	KUNIT_CASE(output_next__fin_needs_room),
	KUNIT_CASE(output_next__after_timeout),
	KUNIT_CASE(output_next__lost_first),
	KUNIT_CASE(output_next__fin_again),
	KUNIT_CASE(output_next__shrunk_window),
	KUNIT_CASE(output_next__ack_rides_along),
	KUNIT_CASE(output_next__ack_beside_what_is_again),
	KUNIT_CASE(output_next__syn_after_close),
	KUNIT_CASE(output_next__restart_after_idle),
	KUNIT_CASE(output_commit__only_then),
	KUNIT_CASE(output_next__window_in_header),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_output", .test_cases = cases };
kunit_test_suite(suite);
