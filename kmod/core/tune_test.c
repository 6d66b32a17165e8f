// SPDX-License-Identifier: GPL-2.0
/* Tests of how large the buffers should be. */
#include "script_test.h"

#include "tune.c"

struct reader {
	struct script *s;
	struct xtcp_tune tune;
	u32 next;
};

/* A connection of 100 ms of round trip, of which nothing was read yet */
static struct reader reader(struct kunit *test)
{
	struct reader r = { .s = script_open(test), .next = R(0) };

	xtcp_tune_start(&r.tune, &r.s->t, r.next);
	return r;
}

/* So much time later so many octets arrive, and are read at once */
static u32 arrive(struct reader *r, u64 ms, u32 octets)
{
	r->s->t.heard += ms * MS;
	r->s->t.rcv_nxt += octets;
	r->next += octets;
	return xtcp_tune_read(&r->tune, &r->s->t, r->next);
}

/* The peer echoes what we sent so long ago */
static void echo(struct reader *r, u64 ms)
{
	struct xtcp_tcb *tcb = &r->s->t;

	tcb->ts.ok = true;
	tcb->ts.echo = xtcp_ts_clock(&tcb->ts, tcb->heard) - ms;
}

static void tune_send__follows_window(struct kunit *test)
{
	struct script *s = script_open(test);

	KUNIT_EXPECT_EQ(test, xtcp_tune_send(&s->t), 20U);
	s->t.cong.cwnd = 100 * MSS + 1;
	KUNIT_EXPECT_EQ(test, xtcp_tune_send(&s->t), 202U);
	/* after a timeout it is one segment for a while */
	s->t.cong.cwnd = MSS;
	KUNIT_EXPECT_EQ(test, xtcp_tune_send(&s->t), 20U);
	s->t.cong.cwnd = XTCP_CONG_CWND_MAX;
	s->t.mss = 1;
	KUNIT_EXPECT_EQ(test, xtcp_tune_send(&s->t), 2 * XTCP_CONG_CWND_MAX);
}

static void tune_read__a_round_trip(struct kunit *test)
{
	struct reader r = reader(test);

	KUNIT_EXPECT_EQ(test, r.tune.rtt, 100 * (u32)MS);
	KUNIT_EXPECT_EQ(test, arrive(&r, 99, 50000), 0U);
	/* all that came since the start: 20000 more than the usual beginning */
	KUNIT_EXPECT_EQ(test, arrive(&r, 1, 0), 2 * 50000U + 8 * 40000 + 16000);
	/* as much again: no reason for more */
	KUNIT_EXPECT_EQ(test, arrive(&r, 100, 50000), 0U);
	/* a little more */
	KUNIT_EXPECT_EQ(test, arrive(&r, 100, 50100), 2 * 50100U + 800 + 16000);
	/* less, and the same as ever */
	KUNIT_EXPECT_EQ(test, arrive(&r, 100, 20000), 0U);
	KUNIT_EXPECT_EQ(test, arrive(&r, 100, 50100), 0U);
}

static void tune_read__little(struct kunit *test)
{
	struct reader r = reader(test);
	int i;

	for (i = 0; i < 20; i++)
		KUNIT_EXPECT_EQ(test, arrive(&r, 100, 10 * MSS), 0U);
}

/* In slow start the window stays ahead: told now, it holds for the next round */
static void tune_read__slow_start(struct kunit *test)
{
	struct reader r = reader(test);
	u32 window = 65536, sent = 10 * MSS, want;

	while (sent < 4000000) {
		KUNIT_EXPECT_LE(test, sent, window);
		want = arrive(&r, 100, sent);
		window = max_t(u32, window, want);
		sent *= 2;
	}
	KUNIT_EXPECT_LE(test, window, 8 * sent);
}

/* What had piled up while the reader was away is not what a round trip brings */
static void tune_read__late(struct kunit *test)
{
	struct reader r = reader(test);

	KUNIT_EXPECT_EQ(test, arrive(&r, 1000, 90000), 0U);
	KUNIT_EXPECT_EQ(test, arrive(&r, 1000, 110000),
			2 * 11000U + 8 * 1000 + 16000);
}

/*
 * Behind a hole nothing can be read, but the path carries it: it counts when it
 * comes, and not again when it is read
 */
static void tune_read__behind_a_hole(struct kunit *test)
{
	struct reader r = reader(test);
	u32 *kept = &r.s->t.reasm.octets;

	*kept = 50000;
	KUNIT_EXPECT_EQ(test, arrive(&r, 100, 0), 2 * 50000U + 8 * 40000 + 16000);
	*kept = 90000;
	KUNIT_EXPECT_EQ(test, arrive(&r, 50, 20000), 0U);
	/* the hole is filled, and only a part was read so far */
	*kept = 0;
	r.s->t.rcv_nxt += 100000;
	KUNIT_EXPECT_EQ(test, arrive(&r, 50, 20000), 0U);
	KUNIT_EXPECT_EQ(test, arrive(&r, 0, 89999), 2 * 79999U + 8 * 29999 + 16000);
}

static void tune_read__rtt_by_echo(struct kunit *test)
{
	struct reader r = reader(test);

	echo(&r, 150 - 100);
	arrive(&r, 100, MSS);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 125 * (u32)MS);
	/* before 125 ms have passed nothing is looked at */
	KUNIT_EXPECT_EQ(test, arrive(&r, 124, 40000), 0U);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 125 * (u32)MS);
	/* a peer that was silent for long: no more than twice what it was */
	arrive(&r, 1000, MSS);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 187500U);
	/* an echo of nothing we could have sent */
	r.s->t.heard += 500 * MS;
	echo(&r, 61000);
	arrive(&r, 0, MSS);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 187500U);
	/* on a short path the clock of timestamps is coarse */
	r.s->t.heard += 500 * MS;
	echo(&r, 0);
	arrive(&r, 0, MSS);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 94250U);
}

static void tune_read__rtt_unknown(struct kunit *test)
{
	struct reader r = reader(test);

	/* the handshake was sent twice */
	r.s->t.srtt = 0;
	r.s->t.rcv_adv = R(WND);
	xtcp_tune_start(&r.tune, &r.s->t, r.next);
	KUNIT_EXPECT_EQ(test, arrive(&r, 50, WND - 1), 0U);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 0U);
	KUNIT_EXPECT_EQ(test, arrive(&r, 1, 1), 2U * WND + 8 * 10000 + 16000);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 51 * (u32)MS);
	/* with timestamps the first echo tells */
	xtcp_tune_start(&r.tune, &r.s->t, r.next);
	r.s->t.heard += 20 * MS;
	echo(&r, 70);
	KUNIT_EXPECT_EQ(test, arrive(&r, 0, 16000), 0U);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 70 * (u32)MS);
	r.s->t.heard += 60 * MS;
	echo(&r, 70);
	KUNIT_EXPECT_EQ(test, arrive(&r, 0, 0),
			2 * 14000U + 8 * 4000 + 16000);
	KUNIT_EXPECT_EQ(test, r.tune.rtt, 70 * (u32)MS);
}

/* The echo is of the segment that was heard last, old data or new */
static void tune_read__echo_is_noted(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_seg seg = {
		.seq = R(0), .ack = S(0), .len = 100, .wnd = WND, .hlen = 32,
		.flags = XTCP_ACK, .opts = XTCP_HAS_TS, .ts_val = 7, .ts_ecr = 4711,
	};

	s->t.ts.ok = true;
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.ts.echo, 4711U);
	seg = (struct xtcp_seg) {
		.seq = R(200), .ack = S(0), .len = 100, .wnd = WND, .hlen = 32,
		.flags = XTCP_ACK, .opts = XTCP_HAS_TS, .ts_val = 8, .ts_ecr = 4712,
	};
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.ts.echo, 4712U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(tune_send__follows_window),
	KUNIT_CASE(tune_read__a_round_trip),
	KUNIT_CASE(tune_read__little),
	KUNIT_CASE(tune_read__slow_start),
	KUNIT_CASE(tune_read__late),
	KUNIT_CASE(tune_read__behind_a_hole),
	KUNIT_CASE(tune_read__rtt_by_echo),
	KUNIT_CASE(tune_read__rtt_unknown),
	KUNIT_CASE(tune_read__echo_is_noted),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_tune", .test_cases = cases };
kunit_test_suite(suite);
