// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of loss recovery with SACK, as exchanges: ten segments of 1000 octets
 * are out since the time 0, with a window of ten; a round trip takes 100 ms.
 */
#include "below.h"
#include "rack_script_test.h"

#include "rack.c"

/* Three segments behind a hole: it goes out again, and nothing else (6.2) */
static void rack__one_hole(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC6675-5-enter RFC8985-3.3.2-1");
	s->now += 100 * MS;
	sack(s, 0, 1000, 2000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	sack(s, 0, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	sack(s, 0, 1000, 4000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	/* the rest arrives, then what was sent again */
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->now += 100 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);
	EXPECT_SOUND(test, s);
}

/* One segment behind the hole: by time, without another ACK (6.2 step 5) */
static void rack__reordering_timer(struct kunit *test)
{
	struct script *s = begin(test, 2000);

	PROVES(test, "RFC8985-3.3.2-1 RFC8985-6.2-step5");
	s->now += 100 * MS;
	sack(s, 0, 1000, 2000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + s->t.rack.min_rtt / 4);
	script_wait(s, s->t.rack.min_rtt / 4);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	EXPECT_SOUND(test, s);
}

/* Of two blocks with octets of one burst the higher is the later, wherever it stands */
static void rack__newest_of_two_blocks(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->now += 100 * MS;
	sack(s, 0, 5000, 10000, 1000, 2000);
	KUNIT_EXPECT_EQ(test, s->t.rack.end, S(10000));
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 4000U);
	EXPECT_SOUND(test, s);
}

/* It was overtaken, and arrives within that time: nothing is sent again */
static void rack__reordered(struct kunit *test)
{
	struct script *s = begin(test, 4000);

	s->now += 100 * MS;
	sack(s, 0, 1000, 2000, 0, 0);
	s->now += 10 * MS;
	sack(s, 2000, 0, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.rack.reordered);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	/* from now on three segments are no proof */
	script_write(s, 6000);
	script_push(s);
	s->now += 100 * MS;
	sack(s, 2000, 5000, 9000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery &&
			   s->t.rec.lost > 2000);
	EXPECT_SOUND(test, s);
}

/* Nothing comes back: after two round trips the last segment asks (7.2) */
static void rack__tail_probe(struct kunit *test)
{
	struct script *s = begin(test, 3000);
	u32 pto = 2 * s->t.srtt;

	PROVES(test, "RFC8985-7.2 RFC8985-7.3-what RFC8985-7.3-rto");
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + min_t(u32, pto, s->t.rto));
	script_wait(s, min_t(u32, pto, s->t.rto));
	KUNIT_EXPECT_EQ(test, s->act.events, 0U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(2000), 1000);
	/* then the timeout, and no second probe (7.3) */
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + xtcp_rtt_rto(&s->t));
	/* all three were lost but the probe: it shows the holes */
	s->now += 100 * MS;
	sack(s, 0, 2000, 3000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), s->out[0].len);
	EXPECT_SOUND(test, s);
}

/*
 * One segment may wait for its ACK, two do not: the probe comes the sooner once
 * there are two. Nor sooner than hosts can tell
 */
static void rack__probe_in_time(struct kunit *test)
{
	struct script *s = begin(test, 1000);
	u64 start = s->now;

	PROVES(test, "RFC8985-7.2");
	/* never later than the timeout */
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_PROBE);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], start + s->t.rto);
	s->t.rto = 2000 * MS;
	s->t.deadline[XTCP_TIMER_RTX] = 0;
	xtcp_timer_sent(&s->t, s->now);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			start + 2 * s->t.srtt + 200 * MS);
	s->now += 10 * MS;
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + 2 * s->t.srtt);
	script_write(s, 1000);
	s->now += 10 * MS;
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			start + 10 * MS + 2 * s->t.srtt);
	s->t.srtt = 100;
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), 10ULL * MS);
	s->t.srtt = 0;
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), (u64)XTCP_USEC_PER_SEC);
}

/* 7.2: in recovery, or with something reported, nothing is probed */
static void rack__no_probe_in_recovery(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-7.2");
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_PROBE);
	s->now += 100 * MS;
	sack(s, 0, 4000, 10000, 0, 0);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + xtcp_rtt_rto(&s->t));
	/* nor if the timer was not told */
	s->t.rtx_for = XTCP_RTX_PROBE;
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_due);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
}

/*
 * In a simultaneous open data follows the SYN, and both are lost; the SYN comes
 * through first, and what remains of the range goes out again, once
 */
static void rack__lost_with_the_syn(struct kunit *test)
{
	struct script *s = begin(test, 3000);

	s->t.rtx_nxt = S(0);
	s->t.rtx_end = S(3000);
	s->t.cong.cwnd = 1000;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += 100 * MS;
	sack(s, 1000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(1000), 2000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	EXPECT_SOUND(test, s);
}

/* Karn: what waited behind a hole for its ACK has not travelled as long */
static void rack__late_hole(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	u32 srtt = s->t.srtt;

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	s->now += 5000 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.srtt, srtt);
}

/* The ACK comes before the probe has gone: none is due any more */
static void rack__probe_overtaken(struct kunit *test)
{
	struct script *s = begin(test, 3000);

	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_due);
	sack(s, 3000, 0, 0, 0, 0);
	script_write(s, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
}

/*
 * An ACK of what was sent twice says when one of the two was sent only if it
 * cannot be of the first: by its time, or by its timestamp
 */
static void rack__which_of_two(struct kunit *test)
{
	int with_ts, late;

	PROVES(test, "RFC8985-6.2-step2");
	for (with_ts = 0; with_ts < 2; with_ts++) {
		for (late = 0; late < 2; late++) {
			struct script *s = begin(test, 10000);
			struct xtcp_seg seg = {
				.seq = s->t.rcv_nxt, .ack = S(1000), .wnd = WND,
				.flags = A, .hlen = 32,
			};
			u64 first = s->now;

			s->now += 120 * MS;
			sack(s, 0, 1000, 4000, 0, 0);
			script_push(s);
			KUNIT_EXPECT_EQ(test, s->t.rack.xmit, first);
			s->t.ts.ok = with_ts;
			if (with_ts) {
				seg.opts = XTCP_HAS_TS;
				seg.ts_ecr = xtcp_ts_clock(&s->t.ts,
							   late ? s->now : first);
			}
			s->now += with_ts || !late ? 10 * MS : 120 * MS;
			xtcp_act_init(&s->act);
			xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
			KUNIT_EXPECT_EQ(test, s->t.snd_una, S(1000));
			KUNIT_EXPECT_EQ(test, s->t.rack.xmit,
					late ? first + 120 * MS : first);
		}
	}
}

/* With something new to send, that is the probe, beyond cwnd (7.3) */
static void rack__probe_of_new_data(struct kunit *test)
{
	struct script *s = begin(test, 11000);

	PROVES(test, "RFC8985-7.3-what");
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(10000), 1000);
	KUNIT_EXPECT_EQ(test, s->out[0].kind, XTCP_TX_NEW);
}

/* The window with ten segments out, the last of them probed and acknowledged */
static struct script *probed(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(9000), 1000);
	s->now += 50 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_out);
	s->t.cong.cwnd = 10000;
	script_write(s, 2000);
	script_push(s);
	s->now += 50 * MS;
	return s;
}

/* A probe that mends a loss is a loss still (7.4.2) */
static void rack__probe_mends(struct kunit *test)
{
	struct script *s = probed(test);

	PROVES(test, "RFC8985-7.4.2");
	sack(s, 12000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, s->t.cong.ssthresh);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, 6000U);
	EXPECT_SOUND(test, s);
}

/* A probe of the tail was put off, as much was below the socket, which has room again */
static struct script *put_off(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	s->t.below = XTCP_BELOW_FULL;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_due);
	s->t.below = XTCP_BELOW_ROOM;
	return s;
}

/* Then it is not what recovery sends */
static void rack__probe_put_off(struct kunit *test)
{
	struct script *s = put_off(test);

	s->now += 50 * MS;
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	EXPECT_SOUND(test, s);
}

/* Nor is it sent if the peer has spoken since, though nothing is lost yet */
static void rack__probe_put_off_too_long(struct kunit *test)
{
	struct script *s = put_off(test);

	s->now += 10 * MS;
	sack(s, 0, 9000, 10000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	EXPECT_SOUND(test, s);
}

/* A tail probe's D-SACK tells nothing of a loss that is found afterwards */
static void rack__probe_before_a_loss(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(9000), 1000);
	s->now += 10 * MS;
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_ASSERT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.undo_left, 2000U);
	s->now += 90 * MS;
	sack(s, 0, 9000, 10000, 1000, 10000);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_EQ(test, s->t.undo_left, 1000U);
	EXPECT_SOUND(test, s);
}

/* What a probe mended was a loss, whatever comes twice of one before it */
static void rack__probe_after_a_loss(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	u32 cwnd;

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	s->now += 10 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	script_write(s, 3000);
	script_push(s);
	s->t.rack.tlp_stale = false;
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	KUNIT_ASSERT_TRUE(test, s->t.rack.tlp_again);
	s->now += 100 * MS;
	sack(s, 13000, 0, 0, 0, 0);
	script_write(s, 1000);
	script_push(s);
	sack(s, 14000, 0, 0, 0, 0);
	cwnd = s->t.cong.cwnd;
	sack(s, 14000, 0, 1000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	/* the network's own copy */
	sack(s, 14000, 11000, 12000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, cwnd);
}

/* Both copies arrive: by a D-SACK, or by a bare duplicate, it was no loss */
static void rack__probe_in_vain(struct kunit *test)
{
	struct script *s = probed(test);

	PROVES(test, "RFC8985-7.4.2");
	sack(s, 10000, 9000, 10000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	/* nor was it haste, for it was no loss that it mended */
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 1);
	KUNIT_EXPECT_FALSE(test, s->t.rack.reordered);
	sack(s, 12000, 0, 0, 0, 0);
	KUNIT_EXPECT_LE(test, 10000U, s->t.cong.cwnd);

	/* what came twice of anything else is, all the same */
	s = probed(test);
	sack(s, 9000, 7000, 8000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 2);

	s = probed(test);
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	sack(s, 12000, 0, 0, 0, 0);
	KUNIT_EXPECT_LE(test, 10000U, s->t.cong.cwnd);
}

/* No probe before a round trip was measured again (7.3) */
static void rack__probe_once(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-7.3-cond");
	s->now += 100 * MS;
	sack(s, 9000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_stale);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(9000), 1000);
	/* of what was sent twice: no round trip, and no probe of what follows */
	s->now += 50 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	sack(s, 10000, 9000, 10000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_out);
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	s->now += 50 * MS;
	sack(s, 11000, 0, 0, 0, 0);
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_PROBE);
}

/* Nor while one is out, though a round trip was measured since (7.3) */
static void rack__probe_alone(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-7.3-cond");
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(9000), 1000);
	sack(s, 5000, 0, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_out);
	KUNIT_EXPECT_FALSE(test, s->t.rack.tlp_stale);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + xtcp_rtt_rto(&s->t));
}

/*
 * RFC2883: the hole was only late, and its second copy is reported: the window
 * is what it was, though recovery has ended already
 */
static void rack__undone_by_dsack(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += 10 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);
	/* not for what was not sent again */
	sack(s, 10000, -500, 500, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);
	s->now += 50 * MS;
	sack(s, 10000, 0, 1000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_LE(test, 10000U, s->t.cong.cwnd);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 1U << 30);
	EXPECT_SOUND(test, s);
}

/* One of two arrived twice: the other was lost */
static void rack__dsack_of_a_part(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->now += 100 * MS;
	sack(s, 0, 2000, 5000, 0, 0);
	script_push(s);
	sack(s, 0, 2000, 8000, 0, 0);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.undo_left, 2000U);
	s->now += 10 * MS;
	sack(s, 10000, 0, 1000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);
	KUNIT_EXPECT_EQ(test, s->t.undo_left, 1000U);
}

/*
 * The window shrinks over a round trip. What goes out at each of
 * ten ACKs, the first, the second, ...: new data until the loss is found, then
 * what was lost, nothing until half of the window has left, then one for one
 */
static void rack__proportional_rate(struct kunit *test)
{
	static const u32 out[] = { 10000, 11000, 0, -1, -1, -1, -1, 12000, 13000 };
	struct script *s = begin(test, 30000);
	u32 i;

	PROVES(test, "RFC6937-3-prr");
	s->now += 100 * MS;
	for (i = 0; i < ARRAY_SIZE(out); i++) {
		bool any = out[i] != (u32)-1;

		sack(s, 0, 1000, 2000 + 1000 * i, 0, 0);
		/* 12000 are out, three of them arrived, one lost; 416.7 may go */
		if (i == 2)
			KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 8417U);
		KUNIT_EXPECT_EQ(test, script_push(s), (u32)any);
		if (any)
			EXPECT_OUT(test, s, 0, A, S(out[i]), 1000);
	}
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_flight, 12000U);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_delivered, 7000U);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_out, 3000U);
	EXPECT_SOUND(test, s);
}

/* Most is lost: no more goes out than arrives, one more once it goes on */
static void rack__reduction_bound(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC6937-3-rb RFC6937-3-dd RFC8985-9.3");
	s->now += 100 * MS;
	sack(s, 0, 6000, 10000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 6000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 4000);
	s->now += 100 * MS;
	sack(s, 1000, 6000, 10000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(4000), 2000);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_delivered, 5000U);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_out, 6000U);
	EXPECT_SOUND(test, s);
}

/* What the number and what the blocks say, each octet once */
static void rack__delivered(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	u32 before = s->t.delivered;

	s->now += 100 * MS;
	sack(s, 0, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.delivered - before, 2000U);
	sack(s, 2000, 5000, 6000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.delivered - before, 4000U);
	script_push(s);
	KUNIT_EXPECT_EQ(test, xtcp_rec_at(&s->t.rec, 0)->delivered,
			before);
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.delivered - before, 10000U);
	script_write(s, 1000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, xtcp_rec_at(&s->t.rec, 0)->delivered,
			before + 10000);
}

/* RFC 6675 5.1: after a timeout no recovery begins before all of then is there */
static void rack__after_timeout(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC6675-5.1");
	s->t.rack.tlp_stale = true;
	s->t.rtx_for = XTCP_RTX_RTO;
	script_wait(s, s->t.rto);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	script_push(s);
	s->now += 100 * MS;
	sack(s, 1000, 2000, 6000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	script_push(s);
	sack(s, 10000, 0, 0, 0, 0);
	s->t.cong.cwnd = 10000;
	script_write(s, 10000);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(10000), 10000);
	s->now += 100 * MS;
	sack(s, 10000, 12000, 16000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	EXPECT_SOUND(test, s);
}

/* The least round trip counts, for five minutes, measured by blocks or not */
static void rack__least_round_trip(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->now += 50 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.min_rtt, 50U * MS);
	script_write(s, 10000);
	script_push(s);
	s->now += 80 * MS;
	sack(s, 10000, 11000, 12000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.min_rtt, 50U * MS);
	s->now += 300 * XTCP_USEC_PER_SEC;
	sack(s, 11000, 0, 0, 0, 0);
	KUNIT_EXPECT_LT(test, 50U * MS, s->t.rack.min_rtt);
}

/* What was reported gigabytes ago does not seem to lie ahead */
static void rack__long_without_blocks(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->t.rack.fack = S(0) - 0x80000001U;
	s->now += 100 * MS;
	sack(s, 1000, 2000, 3000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.rack.reordered);
	KUNIT_EXPECT_EQ(test, s->t.rack.fack, S(3000));
}

/* A duplicate counts though the last came gigabytes ago */
static void rack__long_without_duplicates(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->t.rack.dsack_round = S(0) - 0x80000001U;
	s->now += 100 * MS;
	sack(s, 2000, 500, 1500, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 2);
	/* and one a round trip */
	sack(s, 3000, 500, 1500, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 2);
	sack(s, 10000, 500, 1500, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 3);
}

/* 6.2 step 4: a recovery by a timeout counts, too, and counts once */
static void rack__timeouts_are_recoveries(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	s->t.rack.mult = 5;
	s->t.rack.persist = 2;
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	s->t.rack.tlp_due = false;
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.rack.persist, 1);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.rack.persist, 1);
	script_push(s);
	s->now += 50 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 5);
	script_write(s, 10000);
	script_push(s);
	while (!(s->act.events & XTCP_EV_RTO) && s->t.state == XTCP_ESTABLISHED)
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_EQ(test, s->t.rack.persist, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 1);
}

/* What was reported is gone again; a timeout mends */
static void rack__reneged(struct kunit *test)
{
	struct script *s = begin(test, 3000);

	PROVES(test, "RFC2018-5 RFC2018-5.1");
	s->now += 100 * MS;
	sack(s, 0, 1000, 3000, 0, 0);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	/* the ACK stops short of what it had reported */
	s->now += 100 * MS;
	sack(s, 1000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(1000));
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(1000), 1000);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 0U);
	EXPECT_SOUND(test, s);
}

/* Blocks from anywhere */
static void rack__odd_blocks(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	sack(s, 0, 5000, 20000, 0, 0);
	sack(s, 0, 600, 500, 0, 0);
	sack(s, 0, 0x7fffffff, 5000, 0, 0);
	sack(s, 0, -5000, 2000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 0U);
	EXPECT_SOUND(test, s);
}

/* What waits in fq has its send time ahead; if fq is gone, its ACK comes before */
static void rack__sent_later(struct kunit *test)
{
	struct script *s = begin(test, 4000);
	u64 rto = xtcp_rtt_rto(&s->t);
	u32 i;

	for (i = 0; i < s->t.rec.n; i++)
		xtcp_rec_at(&s->t.rec, i)->sent = s->now + 3 * MS;
	s->now += MS;
	sack(s, 0, 3000, 4000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.rtt, 0U);
	KUNIT_EXPECT_LE(test, s->t.deadline[XTCP_TIMER_RTX], s->now + rto);
	EXPECT_SOUND(test, s);
}

/* Switched off: three duplicates tell of a loss, as without SACK */
static void rack__off(struct kunit *test)
{
	struct script *s = script_open(test);

	s->p.rack = false;
	s->t.sack.ok = true;
	xtcp_rack_open(&s->t);
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 0U);
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), 0ULL);
	s->now += 100 * MS;
	sack(s, 0, 1000, 2000, 0, 0);
	sack(s, 0, 1000, 3000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	sack(s, 0, 1000, 4000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)(XTCP_EV_DUP_ACK | XTCP_EV_FAST_RTX));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	EXPECT_SOUND(test, s);
}

/* The tail alone is not probed; losses are found by time all the same */
static void rack__no_probe(struct kunit *test)
{
	struct script *s = script_open(test);

	s->p.tlp = false;
	s->t.sack.ok = true;
	xtcp_rack_open(&s->t);
	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), 0ULL);
	KUNIT_EXPECT_TRUE(test, s->t.rack.on);
	s->p.tlp = true;
	KUNIT_EXPECT_NE(test, xtcp_rack_pto(&s->t), 0ULL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rack__one_hole),
	KUNIT_CASE(rack__reordering_timer),
	KUNIT_CASE(rack__newest_of_two_blocks),
	KUNIT_CASE(rack__reordered),
	KUNIT_CASE(rack__tail_probe),
	KUNIT_CASE(rack__probe_in_time),
	KUNIT_CASE(rack__no_probe_in_recovery),
	KUNIT_CASE(rack__lost_with_the_syn),
	KUNIT_CASE(rack__late_hole),
	KUNIT_CASE(rack__probe_overtaken),
	KUNIT_CASE(rack__which_of_two),
	KUNIT_CASE(rack__probe_of_new_data),
	KUNIT_CASE(rack__probe_mends),
	KUNIT_CASE(rack__probe_put_off),
	KUNIT_CASE(rack__probe_put_off_too_long),
	KUNIT_CASE(rack__probe_before_a_loss),
	KUNIT_CASE(rack__probe_after_a_loss),
	KUNIT_CASE(rack__probe_in_vain),
	KUNIT_CASE(rack__probe_once),
	KUNIT_CASE(rack__probe_alone),
	KUNIT_CASE(rack__undone_by_dsack),
	KUNIT_CASE(rack__dsack_of_a_part),
	KUNIT_CASE(rack__proportional_rate),
	KUNIT_CASE(rack__reduction_bound),
	KUNIT_CASE(rack__delivered),
	KUNIT_CASE(rack__after_timeout),
	KUNIT_CASE(rack__least_round_trip),
	KUNIT_CASE(rack__long_without_blocks),
	KUNIT_CASE(rack__long_without_duplicates),
	KUNIT_CASE(rack__timeouts_are_recoveries),
	KUNIT_CASE(rack__reneged),
	KUNIT_CASE(rack__odd_blocks),
	KUNIT_CASE(rack__sent_later),
	KUNIT_CASE(rack__off),
	KUNIT_CASE(rack__no_probe),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_rack", .test_cases = cases };
kunit_test_suite(suite);
