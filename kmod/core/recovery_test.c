// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of loss recovery with SACK as a whole: records, RACK, the tail probe, PRR
 * and the timers together, as RFC 6675, RFC 8985 and RFC 6937 ask for. As in
 * rack_test.c ten segments of 1000 octets are out, and a round trip takes 100 ms.
 */
#include "rack_script_test.h"
#include "ecn.h"

/*
 * Each ACK's blocks count, whatever else it brings; what has neither arrived nor
 * is lost is on its way, what was sent again is, too, and fills the window
 */
static void recovery__scoreboard(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	struct xtcp_seg data = {
		.seq = R(0), .ack = S(0), .len = 100, .wnd = WND - 1,
		.flags = A, .hlen = 32, .opts = XTCP_HAS_SACK, .nsack = 1,
		.sack = { { S(3000), S(4000) } },
	};

	PROVES(test, "RFC6675-4-pipe RFC6675-5-update RFC6675-5-C RFC6937-3-rb");
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 10000U);
	s->now += 100 * MS;
	sack(s, 0, 1000, 2000, 0, 0);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 9000U);
	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &data, &s->nodes[0], s->now, &s->act);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 2000U);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 8000U);
	sack(s, 0, 5000, 6000, 3000, 4000);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 3000U);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 3000U);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 4000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 5000U);
	/* beside a new number, too; the rest of the first ten is lost */
	s->now += 100 * MS;
	sack(s, 2000, 7000, 8000, 5000, 6000);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 3000U);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 5000U);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 0U);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 3000U);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 3000U);
	EXPECT_SOUND(test, s);
}

/*
 * What is lost goes first, then new data; and the end of the window, of which no
 * block tells, once something that was sent after it has arrived
 */
static void recovery__what_is_next(struct kunit *test)
{
	u32 fresh;

	PROVES(test, "RFC6675-4-nextseg");
	for (fresh = 0; fresh <= 2000; fresh += 2000) {
		struct script *s = begin(test, 10000 + fresh);

		s->now += 100 * MS;
		sack(s, 0, 1000, 8000, 0, 0);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U + !!fresh);
		EXPECT_OUT(test, s, 0, A, S(0), 1000);
		if (fresh)
			EXPECT_OUT(test, s, 1, A | XTCP_PSH, S(10000), fresh);
		s->now += 100 * MS;
		sack(s, 8000, 0, 0, 0, 0);
		KUNIT_EXPECT_TRUE(test, s->t.recovery);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, A | (fresh ? 0 : XTCP_PSH), S(8000), 2000);
		EXPECT_SOUND(test, s);
	}
}

/*
 * Recovery lasts until all of when it began is there, and what was reported of
 * later octets stays known; the next one begins its own count
 */
static void recovery__two_recoveries(struct kunit *test)
{
	struct script *s = begin(test, 20000);

	PROVES(test, "RFC6675-5-end RFC6937-3-init");
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(10000), 4000);
	s->now += 100 * MS;
	sack(s, 9999, 0, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	sack(s, 10000, 11000, 12000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 5000U);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 1000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(14000), 2000);
	sack(s, 10000, 11000, 14000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, s->t.recover, S(16000));
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_delivered, 2000U);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_out, 0U);
	KUNIT_EXPECT_EQ(test, s->t.rack.prr_flight, 6000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 1000);
	EXPECT_SOUND(test, s);
}

/*
 * Of what was sent in recovery some is lost, too, and sent again before recovery ends:
 * that is a second window with a loss, and costs as much as the first
 */
static void recovery__loss_in_the_next_window(struct kunit *test)
{
	struct script *s = begin(test, 20000);

	PROVES(test, "RFC5681-4.3");
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	sack(s, 0, 1000, 10000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 4000);
	s->now += 100 * MS;
	sack(s, 9999, 11000, 14000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 1000);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	sack(s, 10000, 11000, 14000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2500U);
	KUNIT_EXPECT_FALSE(test, (bool)s->t.rtx_force);
	EXPECT_SOUND(test, s);
}

/*
 * Octets 0 and 10000, of the first window and of the next, are lost, and the second is
 * sent again and reported while the first, lost twice, still holds SND.UNA; then all
 * of that arrives, but for what was sent last
 */
static struct script *two_windows(struct kunit *test, u32 octets, bool stamped)
{
	struct script *s = begin(test, octets);
	struct xtcp_seg all = {
		.seq = s->t.rcv_nxt, .wnd = WND, .flags = A,
		.hlen = 32, .opts = stamped ? XTCP_HAS_TS : 0,
		.ts_ecr = xtcp_ts_clock(&s->t.ts, s->now),
	};

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	sack(s, 0, 1000, 10000, 0, 0);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].seq, S(10000));
	s->now += 100 * MS;
	sack(s, 0, 11000, 14000, 1000, 10000);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 2000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	EXPECT_OUT(test, s, 1, A, S(10000), 1000);
	s->now += 100 * MS;
	all.ack = s->t.snd_nxt;
	sack(s, 0, 1000, all.ack - S(0), 0, 0);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	KUNIT_EXPECT_EQ(test, xtcp_rec_again(&s->t.rec, s->t.snd_nxt), 1000U);
	s->t.ts.ok = stamped;
	s->now += 100 * MS;
	script_rx_seg(s, &all);
	EXPECT_SOUND(test, s);
	return s;
}

/* What was mended before recovery ends was lost all the same, and costs as much */
static void recovery__mended_in_the_next_window(struct kunit *test)
{
	struct script *s = two_windows(test, 30000, false);
	u32 flight = s->t.snd_nxt - s->t.snd_una;

	PROVES(test, "RFC5681-4.3");
	KUNIT_EXPECT_LE(test, 1000U, flight);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, max_t(u32, flight / 2, 2000));
	KUNIT_EXPECT_FALSE(test, (bool)s->t.rtx_force);
	/* once */
	s->now += 100 * MS;
	script_ack(s, s->t.snd_nxt);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, max_t(u32, flight / 2, 2000));

	/* with nothing outstanding, at once */
	s = two_windows(test, 14000, false);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2500U);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 2500U);
}

/* Nothing is being mended then: the tail may be probed, as long as that is so (7.2) */
static void recovery__probe_when_all_is_mended(struct kunit *test)
{
	struct script *s = two_windows(test, 30000, false);
	u32 una, end;

	PROVES(test, "RFC8985-7.2");
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_PROBE);
	KUNIT_EXPECT_NE(test, xtcp_rack_pto(&s->t), 0ULL);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->t.rack.tlp_due);
	/* not once more is found to be lost */
	s = two_windows(test, 30000, false);
	una = s->t.snd_una - S(0);
	end = s->t.snd_nxt - S(0);
	s->now += 100 * MS;
	sack(s, una, una + 1000, end, 0, 0);
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), 0ULL);
	KUNIT_EXPECT_FALSE(test, s->t.rack.mended);
}

/* Nor is there anything to undo: the next ACK is of what was sent once */
static void recovery__mended_is_not_undone(struct kunit *test)
{
	struct script *s = two_windows(test, 30000, true);
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = s->t.snd_una + 1000, .wnd = WND, .flags = A,
		.hlen = 32, .opts = XTCP_HAS_TS,
		.ts_ecr = xtcp_ts_clock(&s->t.ts, s->now),
	};
	u32 ssthresh = s->t.cong.ssthresh;

	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	s->now += 100 * MS;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.snd_una, seg.ack);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, ssthresh);
	KUNIT_EXPECT_FALSE(test, (bool)s->t.undo_dsack);
}

/* After a timeout, too, new data that is lost and sent again is another window's loss */
static void recovery__mended_after_a_timeout(struct kunit *test)
{
	struct script *s = begin(test, 40000);
	u32 end;

	PROVES(test, "RFC5681-4.3");
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);	/* the probe, in vain */
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	s->t.cong.cwnd = 20000;
	script_push(s);
	end = s->t.snd_nxt - ISS - 1;
	KUNIT_EXPECT_LE(test, s->t.recover - ISS - 1 + 4000, end);
	s->now += 100 * MS;
	sack(s, 0, 13000, end, 1000, 12000);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 2000U);
	script_push(s);
	s->now += 100 * MS;
	sack(s, 0, 1000, end, 0, 0);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	s->now += 100 * MS;
	sack(s, end - 1000, 0, 0, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 2000U);
}

/* A timeout costs enough for all that was lost before it */
static void recovery__timeout_pays_for_all(struct kunit *test)
{
	struct script *s = begin(test, 14000);
	u32 ssthresh;

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	sack(s, 0, 1000, 10000, 0, 0);
	script_push(s);
	s->now += 100 * MS;
	sack(s, 0, 11000, 14000, 1000, 10000);
	script_push(s);
	KUNIT_EXPECT_TRUE(test, s->t.rack.beyond);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	ssthresh = s->t.cong.ssthresh;
	script_push(s);
	s->now += 100 * MS;
	s->t.cong.cwnd = 10000;
	sack(s, 14000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, ssthresh);
}

static void leave_alone(struct xtcp_cong *c, struct xtcp_cong_rate *r)
{
}

static u32 a_third(struct xtcp_cong *c, u32 flight, enum xtcp_cong_cause cause)
{
	return c->cwnd / 3;
}

/* An algorithm with a model of the path keeps its window through recovery */
static void recovery__window_of_a_model(struct kunit *test)
{
	static const struct xtcp_cong_ops model = {
		.name = "model", .ssthresh = a_third, .rated = leave_alone,
	};
	struct script *s = begin(test, 10000);

	xtcp_cong_select(&s->t.cong, &model);
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 10000U);
	script_push(s);
	s->now += 100 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, 10000U);
	EXPECT_SOUND(test, s);
}

/* What was sent again is lost again: found by time, paid for by PRR's bound */
static void recovery__lost_again(struct kunit *test)
{
	struct script *s = begin(test, 20000);

	PROVES(test, "RFC8985-9.3");
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	sack(s, 0, 1000, 10000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 4000);
	s->now += 100 * MS;
	sack(s, 0, 1000, 11000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 1000U);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 5000U);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	EXPECT_OUT(test, s, 1, A, S(14000), 1000);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 5000U);
	EXPECT_SOUND(test, s);
}

/*
 * Two are sent again, and the first of these is lost: the second shows it, though
 * what comes behind a hole is not echoed. But not so soon that it may be the one
 * that was sent before.
 */
static void recovery__lost_again_by_another(struct kunit *test)
{
	int soon;

	PROVES(test, "RFC8985-9.3 RFC8985-6.2-step2");
	for (soon = 0; soon < 2; soon++) {
		struct script *s = begin(test, 20000);
		struct xtcp_seg seg = {
			.seq = s->t.rcv_nxt, .ack = S(0), .wnd = WND,
			.flags = A, .hlen = 44, .nsack = 1,
			.opts = XTCP_HAS_SACK | XTCP_HAS_TS,
			.ts_ecr = xtcp_ts_clock(&s->t.ts, s->now) - 1,
			.sack = { { S(1000), S(10000) } },
		};

		s->now += 100 * MS;
		sack(s, 0, 1000, 3000, 4000, 10000);
		KUNIT_EXPECT_LE(test, 2U, script_push(s));
		EXPECT_OUT(test, s, 0, A, S(0), 1000);
		EXPECT_OUT(test, s, 1, A, S(3000), 1000);
		s->t.ts.ok = true;
		s->now += soon ? 99 * MS : 100 * MS;
		script_rx_seg(s, &seg);
		KUNIT_EXPECT_EQ(test, s->t.rec.lost, soon ? 0U : 1000U);
		EXPECT_SOUND(test, s);
	}
}

/*
 * New data goes out, something again, and more new data, all within a burst: when
 * what was sent again arrives, only what was sent before it is late
 */
static void recovery__burst_parted(struct kunit *test)
{
	struct script *s = begin(test, 11000);

	PROVES(test, "RFC8985-4-ts");
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += MS;
	sack(s, 0, 1000, 8000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(10000), 1000);
	s->now += MS;
	sack(s, 0, 9000, 10000, 1000, 8000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(8000), 1000);
	s->now += MS;
	script_write(s, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(11000), 1000);
	/* the first is lost once more, which shows, and the last is on its way */
	s->now += 99 * MS;
	sack(s, 0, 1000, 11000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 1000U);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost_seq, S(0));
	EXPECT_SOUND(test, s);
}

/* The same with timestamps, @sent being when what it echoes was sent */
static void sack_echo(struct script *s, u32 ack, u32 start, u32 end, u64 sent)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = S(ack), .wnd = WND, .flags = A,
		.hlen = 44, .nsack = 1, .ts_val = 1,
		.opts = XTCP_HAS_TS | (end ? XTCP_HAS_SACK : 0),
		.ts_ecr = xtcp_ts_clock(&s->t.ts, sent),
		.sack = { { S(start), S(end) } },
	};

	script_rx_seg(s, &seg);
}

/*
 * Overtaken by what was sent later, and 60 ms late: all is taken back, also the
 * window, and so much and more is waited for the next that is overtaken
 */
static void recovery__late_widens_the_window(struct kunit *test)
{
	struct script *s = begin(test, 20000);
	u64 start = s->now;

	PROVES(test, "RFC8985-3.3.2-2");
	s->t.ts.ok = true;
	s->t.cong.ssthresh = 5000;
	s->now += 100 * MS;
	sack_echo(s, 0, 1000, 4000, start);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += 60 * MS;
	sack_echo(s, 4000, 0, 0, start);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 10000U);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 3);	/* quarters of 100 ms */
	sack_echo(s, 4000, 5000, 10000, start);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 0U);
	EXPECT_SOUND(test, s);

	/* by one a round trip, and only so far as there is room */
	script_push(s);
	sack_echo(s, 11000, 0, 0, s->now);
	xtcp_rack_late(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 4);
	xtcp_rack_late(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 4);
	KUNIT_EXPECT_EQ(test, s->t.rack.persist, 16);
	xtcp_rack_late(&s->t, 1U << 28);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 255);
	xtcp_rack_late(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.rack.mult, 255);
}

/*
 * Two holes, and in the one what went again is lost, too: as SND.UNA arrives by what
 * was sent again before the second recovery, its echo does not tell that it was late
 */
static void recovery__echo_of_what_went_again(struct kunit *test)
{
	struct script *s = begin(test, 20000);
	u64 start = s->now, second;

	s->t.ts.ok = true;
	s->now += 100 * MS;
	sack_echo(s, 0, 1000, 4000, start);
	script_push(s);
	sack_echo(s, 0, 1000, 10000, start);
	script_push(s);
	s->now += 100 * MS;
	second = s->now;
	sack_echo(s, 0, 11000, 12000, start + 100 * MS);
	script_push(s);
	s->now += 100 * MS;
	sack_echo(s, 10000, 13000, 14000, second);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	s->now += MS;
	sack_echo(s, 12000, 13000, 15000, second);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	script_push(s);
	sack_echo(s, 14000, 0, 0, second);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_UNDO);
	KUNIT_EXPECT_FALSE(test, s->t.rack.reordered);
	EXPECT_SOUND(test, s);
}

/* RFC3168-6.1.2: a mark was the reason already, in this window but not in the next */
static void recovery__after_a_mark(struct kunit *test)
{
	struct script *s;
	u32 covered;

	for (covered = 0; covered < 2; covered++) {
		s = begin(test, 20000);
		s->t.ecn_ok = true;
		xtcp_ecn_reduced(&s->t);
		s->t.ecn_slow = true;
		s->t.cong.ssthresh = 7000;
		if (!covered)
			s->t.ecn_end = S(0) - 1;
		s->now += 100 * MS;
		sack(s, 0, 1000, 4000, 0, 0);
		KUNIT_EXPECT_TRUE(test, s->t.recovery);
		KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh == 7000, covered);
		KUNIT_EXPECT_EQ(test, (bool)s->t.undo_dsack, !covered);
	}
}

/* Without SACK there are no records, no probe, and blocks mean nothing */
static void recovery__needs_sack(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-4-sack RFC8985-4-tlp");
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 1U);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_PROBE);

	s = script_open(test);
	script_write(s, 10000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.rec.n, 0U);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX],
			s->now + s->t.rto);
	KUNIT_EXPECT_EQ(test, xtcp_rack_pto(&s->t), 0ULL);
	s->now += 100 * MS;
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, xtcp_tcb_flight(&s->t), 10000U);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	EXPECT_SOUND(test, s);
}

/* Duplicates are not counted, nor is what is reported once the network reorders */
static void recovery__no_counting(struct kunit *test)
{
	struct script *s = begin(test, 12000);
	u32 i;

	PROVES(test, "RFC8985-9.2 RFC8985-3.3.2-1");
	s->now += 100 * MS;
	for (i = 0; i < 5; i++) {
		sack(s, 0, 0, 0, 0, 0);
		KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	}
	s->t.rack.reordered = true;
	sack(s, 0, 1000, 10000, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], s->now + 25 * MS);
	script_wait(s, 25 * MS);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	EXPECT_SOUND(test, s);
}

/* In recovery one segment behind a hole is enough, as long as none was overtaken */
static void recovery__no_doubt_in_recovery(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-3.3.2-1");
	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	s->now += 5 * MS;
	sack(s, 4000, 5000, 6000, 0, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.rec.sacked, 1000U);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 1000U);
	EXPECT_SOUND(test, s);
}

/* A segment's time of sending is known to less than a quarter of the round trip */
static void recovery__times(struct kunit *test)
{
	struct script *s = begin(test, 1000);
	const struct xtcp_rec *at;
	u32 i;

	PROVES(test, "RFC8985-4-ts");
	s->t.cong.cwnd = 20000;
	s->t.rack.min_rtt = 80 * MS;
	for (i = 1; i < 16; i++) {
		u32 n = s->t.rec.n;

		s->now += 3333;
		script_write(s, 1000);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		at = xtcp_rec_at(&s->t.rec, xtcp_rec_find(&s->t.rec, S(1000 * i)));
		KUNIT_EXPECT_LE(test, (u64)at->sent, s->now);
		KUNIT_EXPECT_LT(test, s->now - at->sent, 20ULL * MS);
		if (s->t.rec.n > n)
			KUNIT_EXPECT_EQ(test, (u64)at->sent, s->now);
	}
	KUNIT_EXPECT_LT(test, 3U, s->t.rec.n);
	/* of what is sent again the last time counts */
	s->now += 80 * MS;
	sack(s, 0, 1000, 8000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	at = xtcp_rec_at(&s->t.rec, 0);
	KUNIT_EXPECT_EQ(test, (u64)at->sent, s->now);
	EXPECT_SOUND(test, s);
}

/*
 * Two segments, and the first is late: for how long is it in doubt? Then it
 * arrives, or it is lost
 */
static u64 doubt(struct kunit *test, struct script *s, bool lost)
{
	u32 at = s->t.snd_una - S(0);
	u64 wait;

	s->t.cong.cwnd = 10000;
	script_write(s, 2000);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->now += 100 * MS;
	sack(s, at, at + 1000, at + 2000, 0, 0);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_REORDER);
	wait = s->t.deadline[XTCP_TIMER_RTX] - s->now;
	if (lost) {
		script_wait(s, wait);
		KUNIT_EXPECT_TRUE(test, s->t.recovery);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		s->now += 100 * MS;
	}
	sack(s, at + 2000, 0, 0, 0, 0);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	return wait;
}

/*
 * A quarter of the round trip, and one more for each round with a D-SACK, up to
 * SRTT; after 16 recoveries it is one again
 */
static void recovery__window_grows(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	u32 i;

	PROVES(test, "RFC8985-3.3.2-2 RFC8985-3.3.2-3");
	s->now += 100 * MS;
	sack(s, 10000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, doubt(test, s, false), 25ULL * MS);
	/* two in one round */
	script_write(s, 1000);
	script_push(s);
	sack(s, 12000, 11000, 12000, 0, 0);
	sack(s, 12000, 10000, 11000, 0, 0);
	s->now += 100 * MS;
	sack(s, 13000, 0, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, doubt(test, s, false), 50ULL * MS);
	sack(s, 15000, 14000, 15000, 0, 0);
	KUNIT_EXPECT_EQ(test, doubt(test, s, false), 75ULL * MS);
	for (i = 0; i < 20; i++)
		sack(s, 17000, 16000, 17000, 0, 0);
	KUNIT_EXPECT_EQ(test, doubt(test, s, false), (u64)s->t.srtt);
	for (i = 0; i < 16; i++)
		KUNIT_EXPECT_EQ(test, doubt(test, s, true), (u64)s->t.srtt);
	KUNIT_EXPECT_EQ(test, doubt(test, s, true), 25ULL * MS);
	EXPECT_SOUND(test, s);
}

/* What was sent within the last round trip is not lost by a timeout (6.3) */
static void recovery__timeout_spares_the_new(struct kunit *test)
{
	struct script *s = begin(test, 3000);

	PROVES(test, "RFC8985-6.3");
	s->now += 10 * MS;
	script_write(s, 2000);
	script_push(s);
	s->now += 90 * MS;
	script_ack(s, S(1000));
	s->t.rtx_for = XTCP_RTX_RTO;
	s->t.deadline[XTCP_TIMER_RTX] = s->now + s->t.rto;
	s->now += s->t.rto - 50 * MS;
	script_write(s, 2000);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(5000), 2000);
	script_wait(s, 50 * MS);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.rec.lost, 4000U);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(1000), 1000);
	EXPECT_SOUND(test, s);
}

#define EXPECT_TIMER(test, s, why)					\
	do {								\
		KUNIT_EXPECT_NE(test, (s)->t.deadline[XTCP_TIMER_RTX], 0ULL); \
		KUNIT_EXPECT_EQ(test, (s)->t.deadline[XTCP_TIMER_PERSIST], \
				0ULL);					\
		KUNIT_EXPECT_EQ(test, (s)->t.rtx_for, why);		\
	} while (0)

/* One timer at a time, whatever it is for (8) */
static void recovery__one_timer(struct kunit *test)
{
	struct script *s = begin(test, 10000);

	PROVES(test, "RFC8985-8");
	EXPECT_TIMER(test, s, XTCP_RTX_PROBE);
	s->now += 100 * MS;
	sack(s, 0, 9000, 10000, 0, 0);
	EXPECT_TIMER(test, s, XTCP_RTX_REORDER);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	EXPECT_TIMER(test, s, XTCP_RTX_RTO);
	/* nothing is outstanding, and the window is too small */
	script_rx(s, A, R(0), S(10000), 0, 400);
	script_write(s, 1000);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, s->t.deadline[XTCP_TIMER_RTX], 0ULL);
	KUNIT_EXPECT_NE(test, s->t.deadline[XTCP_TIMER_PERSIST], 0ULL);
	script_ack(s, S(10000));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_TIMER(test, s, XTCP_RTX_PROBE);
	EXPECT_SOUND(test, s);
}

/*
 * RFC 6675 section 6: what is first, sent again in recovery, has a whole timeout,
 * however long ago SND.UNA moved; what else is sent again does not put it off
 */
static void recovery__timer_restarts(struct kunit *test)
{
	struct script *s = begin(test, 10000);
	u64 *due = &s->t.deadline[XTCP_TIMER_RTX], end;

	s->now += 100 * MS;
	sack(s, 0, 1000, 4000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	end = s->now + s->t.rto;
	KUNIT_EXPECT_EQ(test, *due, end);
	s->now += 50 * MS;
	sack(s, 0, 5000, 9000, 1000, 4000);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(4000), 1000);
	KUNIT_EXPECT_EQ(test, *due, end);
	s->now += 100 * MS;
	sack(s, 0, 1000, 9000, 0, 0);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 1000);
	KUNIT_EXPECT_EQ(test, s->t.rtx_for, XTCP_RTX_RTO);
	KUNIT_EXPECT_EQ(test, *due, s->now + s->t.rto);
	EXPECT_SOUND(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(recovery__timer_restarts),
	KUNIT_CASE(recovery__scoreboard),
	KUNIT_CASE(recovery__what_is_next),
	KUNIT_CASE(recovery__two_recoveries),
	KUNIT_CASE(recovery__loss_in_the_next_window),
	KUNIT_CASE(recovery__mended_in_the_next_window),
	KUNIT_CASE(recovery__probe_when_all_is_mended),
	KUNIT_CASE(recovery__mended_is_not_undone),
	KUNIT_CASE(recovery__mended_after_a_timeout),
	KUNIT_CASE(recovery__timeout_pays_for_all),
	KUNIT_CASE(recovery__window_of_a_model),
	KUNIT_CASE(recovery__lost_again),
	KUNIT_CASE(recovery__lost_again_by_another),
	KUNIT_CASE(recovery__burst_parted),
	KUNIT_CASE(recovery__late_widens_the_window),
	KUNIT_CASE(recovery__echo_of_what_went_again),
	KUNIT_CASE(recovery__after_a_mark),
	KUNIT_CASE(recovery__needs_sack),
	KUNIT_CASE(recovery__no_counting),
	KUNIT_CASE(recovery__no_doubt_in_recovery),
	KUNIT_CASE(recovery__times),
	KUNIT_CASE(recovery__window_grows),
	KUNIT_CASE(recovery__timeout_spares_the_new),
	KUNIT_CASE(recovery__one_timer),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_recovery", .test_cases = cases };
kunit_test_suite(suite);
