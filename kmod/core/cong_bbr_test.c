// SPDX-License-Identifier: GPL-2.0
/* Tests of BBR on a path of its own: a queue, a bottleneck, and a delay. */
#include "proves_test.h"

#include "cong_bbr.c"

#define MS XTCP_USEC_PER_MSEC
#define SEC XTCP_USEC_PER_SEC
#define MSS 1000
#define PACKETS 8192
#define BW 10000000		/* octets/s: a segment each 100 usec */
#define RTPROP (50 * MS)
#define BDP 500000

struct pkt {
	u64 sent, delivered_at, first_sent, acked_at;
	u32 delivered;
	bool limited, lost;
};

/* The path and the sender's end of it, as rate.c, pace.c and output.c have it */
struct path {
	struct xtcp_cong c;
	struct pkt pkt[PACKETS];
	u32 head, tail;
	u64 now, busy_ns, next_ns, delivered_at, first_sent, recover;
	u64 bw, rtprop, wake;
	u32 delivered, flight, lost, peak, sent;
	u32 loss;		/* one in so many is lost, or 0 */
	u32 limit;		/* longest queue at the bottleneck, octets */
	bool limited, recovery, restart;
};

static struct bbr *model(struct path *p)
{
	return xtcp_cong_priv(&p->c);
}

static struct path *begin(struct kunit *test)
{
	struct path *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	p->bw = BW;
	p->rtprop = RTPROP;
	p->now = SEC;
	p->limit = 100000000;
	p->c.ops = &xtcp_cong_bbr;
	xtcp_cong_init(&p->c, MSS, 10);
	return p;
}

static void send_one(struct path *p)
{
	struct pkt *k = &p->pkt[p->tail++ % PACKETS];
	u64 now_ns = p->now * 1000;

	if (!p->flight) {
		p->delivered_at = p->now;
		p->first_sent = p->now;
		p->restart = true;
	}
	k->sent = p->now;
	k->delivered = p->delivered;
	k->delivered_at = p->delivered_at;
	k->first_sent = p->first_sent;
	k->limited = p->limited;
	p->flight += MSS;
	p->peak = max_t(u32, p->peak, p->flight);
	p->sent++;
	if (p->busy_ns < now_ns)
		p->busy_ns = now_ns;
	k->lost = (p->loss && !(p->sent % p->loss)) ||
		  (p->busy_ns - now_ns) * p->bw / 1000000000 > p->limit;
	if (!k->lost)
		p->busy_ns += MSS * 1000000000ULL / p->bw;
	k->acked_at = p->busy_ns / 1000 + p->rtprop;
	p->next_ns = max_t(u64, now_ns, p->next_ns) +
		     MSS * 1000000000ULL / p->c.pacing;
}

/* The oldest packet is acknowledged, or found to be lost when it would have been */
static void take_one(struct path *p)
{
	struct pkt *k = &p->pkt[p->head++ % PACKETS];
	struct xtcp_cong_rate r = {
		.now = p->now, .prior_flight = p->flight, .srtt = p->rtprop,
		.told = !k->lost, .before = k->delivered, .limited = k->limited,
	};
	u64 interval;

	p->flight -= MSS;
	if (p->recovery && k->sent > p->recover)
		p->recovery = false;
	if (k->lost) {
		p->lost += MSS;
		if (!p->recovery) {
			xtcp_cong_lost(&p->c, p->flight);
			p->recovery = true;
			p->recover = p->now;
		}
		return;
	}
	p->delivered += MSS;
	p->delivered_at = p->now;
	p->first_sent = k->sent;
	interval = max_t(u64, k->sent - k->first_sent, p->now - k->delivered_at);
	r.rate = (p->delivered - k->delivered) * SEC / interval;
	r.rtt = p->now - k->sent;
	r.delivered = MSS;
	r.total = p->delivered;
	r.flight = p->flight;
	r.lost = p->lost;
	r.recovery = p->recovery;
	r.restart = p->restart;
	p->lost = 0;
	p->restart = false;
	xtcp_cong_rated(&p->c, &r);
	p->limited = r.bubble;
}

/* Time passes, with as much to send as may be; if quiet, with nothing */
static void run(struct path *p, u64 usec, bool quiet)
{
	u64 end = p->now + usec;

	for (;;) {
		u64 ack = p->head != p->tail ?
			  p->pkt[p->head % PACKETS].acked_at : end + 1;
		u64 send = !quiet && p->flight + MSS <= p->c.cwnd ?
			   max_t(u64, p->now, p->next_ns / 1000) : end + 1;

		if (min_t(u64, ack, send) > end)
			break;
		p->now = max_t(u64, p->now, min_t(u64, ack, send));
		if (send < ack)
			send_one(p);
		else
			take_one(p);
	}
	p->now = end;
}

/* Until it is in a state; returns how long that took, usec */
static u64 until(struct path *p, enum state state)
{
	u64 start = p->now;

	while (model(p)->state != state && p->now - start < 30 * SEC)
		run(p, 100, false);
	return p->now - start;
}

#define EXPECT_NEAR(test, value, want, percent)				\
	do {								\
		KUNIT_EXPECT_GE(test, (u64)(value),			\
				(u64)(want) * (100 - (percent)) / 100);	\
		KUNIT_EXPECT_LE(test, (u64)(value),			\
				(u64)(want) * (100 + (percent)) / 100);	\
	} while (0)

/* 10 segments double to 500 in six round trips; three more show that it is all */
static void bbr_startup__fills_the_pipe(struct kunit *test)
{
	struct path *p = begin(test);
	u64 took = until(p, DRAIN);

	KUNIT_EXPECT_TRUE(test, model(p)->filled);
	KUNIT_EXPECT_GT(test, took, 6 * RTPROP);
	/* ... in a queue that makes round trips longer */
	KUNIT_EXPECT_LT(test, took, 18 * RTPROP);
	EXPECT_NEAR(test, bandwidth(model(p)), BW, 2);
	/* cwnd is bounded by the gain while nobody knows better */
	KUNIT_EXPECT_LT(test, p->peak, 4U * BDP);
	KUNIT_EXPECT_GT(test, p->peak, 2U * BDP);
}

/* While it grows by a quarter each round trip it goes on */
static void bbr_startup__is_not_left_early(struct kunit *test)
{
	struct path *p = begin(test);

	run(p, 4 * RTPROP, false);
	KUNIT_EXPECT_EQ(test, (int)model(p)->state, (int)STARTUP);
	KUNIT_EXPECT_FALSE(test, model(p)->filled);
	KUNIT_EXPECT_EQ(test, (u32)model(p)->full_rounds, 0U);
	EXPECT_NEAR(test, p->c.pacing, bandwidth(model(p)) * 2885 / 1000, 5);
}

/* A rate that the user sets says nothing of the pipe */
static void bbr_startup__limited(struct kunit *test)
{
	struct path *p = begin(test);
	int i;

	for (i = 0; i < 30; i++) {
		p->limited = true;
		run(p, 1 * MS, false);
		run(p, RTPROP, true);
	}
	KUNIT_EXPECT_EQ(test, (int)model(p)->state, (int)STARTUP);
}

static void bbr_drain__empties_the_queue(struct kunit *test)
{
	struct path *p = begin(test);

	until(p, DRAIN);
	KUNIT_EXPECT_GT(test, p->flight, 2U * BDP);
	EXPECT_NEAR(test, p->c.pacing, BW * 347ULL / 1000, 3);
	KUNIT_EXPECT_LT(test, until(p, PROBE_BW), 8 * RTPROP);
	KUNIT_EXPECT_LE(test, p->flight,
			(u32)inflight(&p->c, model(p), UNIT));
	EXPECT_NEAR(test, p->flight, BDP, 10);
}

/* Eight phases, of which one is faster and the next slower, a round trip each */
static void bbr_probe_bw__cycles(struct kunit *test)
{
	struct path *p = begin(test);
	u32 seen[PHASES] = {}, i, last = PHASES;
	u64 start;

	until(p, DRAIN);
	until(p, PROBE_BW);
	KUNIT_EXPECT_NE(test, (u32)model(p)->phase, 1U);
	run(p, 4 * SEC, false);
	p->peak = 0;
	start = p->delivered;
	for (i = 0; i < 4000; i++) {
		run(p, MS, false);
		if (model(p)->phase != last)
			seen[model(p)->phase]++;
		last = model(p)->phase;
		if (last == 0)
			EXPECT_NEAR(test, p->c.pacing, BW * 5ULL / 4, 3);
		else if (last == 1)
			EXPECT_NEAR(test, p->c.pacing, BW * 3ULL / 4, 3);
		else
			EXPECT_NEAR(test, p->c.pacing, BW, 3);
	}
	for (i = 0; i < PHASES; i++)
		EXPECT_NEAR(test, seen[i], 4 * SEC / (8 * RTPROP), 20);
	EXPECT_NEAR(test, p->delivered - start, 4ULL * BW, 3);
	KUNIT_EXPECT_LT(test, p->peak, BDP * 3U / 2);
	EXPECT_NEAR(test, p->c.cwnd, 2 * BDP + 3 * BW / 1000, 3);
}

/* What was best is forgotten after ten round trips; more is found within a few */
static void bbr_btlbw__follows_the_path(struct kunit *test)
{
	struct path *p = begin(test);

	until(p, DRAIN);
	until(p, PROBE_BW);
	run(p, SEC, false);
	p->bw = BW / 2;
	run(p, 3 * SEC, false);
	EXPECT_NEAR(test, bandwidth(model(p)), BW / 2, 5);
	p->bw = BW;
	run(p, 3 * SEC, false);
	EXPECT_NEAR(test, bandwidth(model(p)), BW, 5);
}

static void bbr_btlbw__ten_round_trips(struct kunit *test)
{
	struct bbr b = {};
	struct xtcp_cong_rate r = { .told = true, .rate = 1000, .total = 1 };
	u32 i;

	update_bandwidth(&b, &r);
	r.rate = 10;
	for (i = 1; i < 9; i++) {
		r.before = r.total++;
		update_bandwidth(&b, &r);
		KUNIT_EXPECT_EQ(test, b.rounds, i + 1);
		KUNIT_EXPECT_EQ(test, bandwidth(&b), 1000ULL);
	}
	r.before = r.total++;
	update_bandwidth(&b, &r);
	KUNIT_EXPECT_EQ(test, bandwidth(&b), 10ULL);
	/* what a user limits says only that it is at least so much */
	r.limited = true;
	r.rate = 9;
	for (i = 0; i < 100; i++) {
		r.before = r.total++;
		update_bandwidth(&b, &r);
	}
	KUNIT_EXPECT_EQ(test, bandwidth(&b), 10ULL);
	r.rate = 11;
	update_bandwidth(&b, &r);
	KUNIT_EXPECT_EQ(test, bandwidth(&b), 11ULL);
	r.limited = false;
	r.rate = 5;
	r.before = r.total;
	b.rounds += 1000;
	update_bandwidth(&b, &r);
	KUNIT_EXPECT_EQ(test, bandwidth(&b), 5ULL);
}

/* Each ten seconds without a shorter round trip: 200 ms with four segments */
static void bbr_probe_rtt__every_ten_seconds(struct kunit *test)
{
	struct path *p = begin(test);
	u64 first, took, start;
	u32 before;

	until(p, DRAIN);
	until(p, PROBE_BW);
	run(p, SEC, false);
	p->rtprop += 5 * MS;	/* the path has become longer: never again so short */
	start = model(p)->rtprop_at;
	until(p, PROBE_RTT);
	first = p->now;
	EXPECT_NEAR(test, first - start, 10 * SEC, 1);
	before = p->c.cwnd;
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 4U * MSS);
	KUNIT_EXPECT_TRUE(test, p->limited);
	took = until(p, PROBE_BW);
	KUNIT_EXPECT_GE(test, took, 200 * MS);
	KUNIT_EXPECT_LT(test, took, 200 * MS + 3 * RTPROP);
	EXPECT_NEAR(test, model(p)->rtprop, 55 * MS, 1);
	KUNIT_EXPECT_GT(test, p->c.cwnd, before);
	EXPECT_NEAR(test, p->c.cwnd, 2 * BDP, 20);
	/* so little must not count as what the path can carry */
	run(p, SEC, false);
	EXPECT_NEAR(test, bandwidth(model(p)), BW, 3);
	until(p, PROBE_RTT);
	EXPECT_NEAR(test, p->now - first, 10 * SEC + took, 2);
}

/* A pause empties the queue as well as a probe does */
static void bbr_probe_rtt__not_after_a_pause(struct kunit *test)
{
	struct path *p = begin(test);

	until(p, DRAIN);
	until(p, PROBE_BW);
	run(p, 11 * SEC, true);
	run(p, 2 * RTPROP, false);
	KUNIT_EXPECT_EQ(test, (int)model(p)->state, (int)PROBE_BW);
	run(p, SEC, false);
	KUNIT_EXPECT_EQ(test, (int)model(p)->state, (int)PROBE_BW);
	EXPECT_NEAR(test, bandwidth(model(p)), BW, 3);
}

/* One packet of a hundred is lost, and it hardly shows */
static void bbr_loss__is_not_congestion(struct kunit *test)
{
	struct path *p = begin(test);
	u32 start;

	p->loss = 100;
	run(p, 2 * SEC, false);
	start = p->delivered;
	run(p, 4 * SEC, false);
	KUNIT_EXPECT_GT(test, p->delivered - start, 36U * BW / 10);
}

/* Recovery begins with what arrives, and ends with what was */
static void bbr_loss__conserves_then_restores(struct kunit *test)
{
	struct path *p = begin(test);
	struct bbr *b = model(p);
	struct xtcp_cong_rate r = { .delivered = MSS, .srtt = 50000, .told = true };
	u32 cwnd;

	until(p, DRAIN);
	until(p, PROBE_BW);
	run(p, 2 * SEC, false);
	cwnd = p->c.cwnd;
	xtcp_cong_lost(&p->c, p->flight);
	r.now = p->now;
	r.total = p->delivered;
	r.before = b->round_end - 1;
	r.flight = 300000;
	r.prior_flight = 302000;
	r.lost = MSS;
	r.recovery = true;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 301000U);
	/* a segment for each that arrives, but not for what is lost */
	r.lost = 0;
	r.delivered = 3 * MSS;
	r.flight = 300000;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 303000U);
	r.lost = 2 * MSS;
	r.flight = 296000;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 301000U);
	/* from the second round trip on it grows again */
	r.before = b->round_end;
	r.lost = 0;
	r.flight = 290000;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 304000U);
	/* and goes on so if another recovery follows at once */
	xtcp_cong_lost(&p->c, p->flight);
	r.before = b->round_end - 1;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 307000U);
	r.recovery = false;
	r.before = b->round_end - 1;
	xtcp_cong_rated(&p->c, &r);
	EXPECT_NEAR(test, p->c.cwnd, cwnd, 1);
}

/* A timeout begins with a segment, and does not forget the window either */
static void bbr_timeout__restores(struct kunit *test)
{
	struct path *p = begin(test);
	struct xtcp_cong_rate r = { .srtt = 50000, .recovery = true };
	u32 cwnd;

	until(p, DRAIN);
	until(p, PROBE_BW);
	cwnd = p->c.cwnd;
	xtcp_cong_timeout(&p->c, p->flight, true);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, (u32)MSS);
	r.now = p->now;
	r.total = p->delivered;
	r.delivered = MSS;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 4U * MSS);
	/* a loss behind the timeout's data is a new matter: what arrives is sent */
	xtcp_cong_lost(&p->c, 20 * MSS);
	r.flight = 20 * MSS;
	xtcp_cong_rated(&p->c, &r);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, 21U * MSS);
	r.recovery = false;
	xtcp_cong_rated(&p->c, &r);
	EXPECT_NEAR(test, p->c.cwnd, cwnd, 1);
}

/* Marks are not what it goes by */
static void bbr_ecn__is_ignored(struct kunit *test)
{
	struct path *p = begin(test);
	u32 cwnd;

	run(p, 3 * SEC, false);
	cwnd = p->c.cwnd;
	xtcp_cong_ecn(&p->c, p->flight);
	KUNIT_EXPECT_EQ(test, p->c.cwnd, cwnd);
}

/* A queue of a fifth of the path: losses in STARTUP, then hardly any */
static void bbr_shallow__keeps_the_rate(struct kunit *test)
{
	struct path *p = begin(test);
	u32 start;

	p->limit = BDP / 5;
	run(p, 3 * SEC, false);
	start = p->delivered;
	run(p, 4 * SEC, false);
	KUNIT_EXPECT_GT(test, p->delivered - start, 36U * BW / 10);
}

/* Who is paced too slowly to ever learn better still sends a segment a round trip */
static void bbr_pacing__has_a_floor(struct kunit *test)
{
	struct path *p = begin(test);
	struct xtcp_cong_rate r = {
		.now = SEC, .rate = 100, .srtt = 50000, .told = true, .total = 1,
		.delivered = 1, .rtt = 50000,
	};
	u32 i;

	for (i = 0; i < 20; i++) {
		r.before = r.total++;
		xtcp_cong_rated(&p->c, &r);
	}
	KUNIT_EXPECT_TRUE(test, model(p)->filled);
	KUNIT_EXPECT_EQ(test, p->c.pacing, 20000ULL);
	KUNIT_EXPECT_GE(test, p->c.cwnd, 4U * MSS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(bbr_startup__fills_the_pipe),
	KUNIT_CASE(bbr_startup__is_not_left_early),
	KUNIT_CASE(bbr_startup__limited),
	KUNIT_CASE(bbr_drain__empties_the_queue),
	KUNIT_CASE(bbr_probe_bw__cycles),
	KUNIT_CASE(bbr_btlbw__follows_the_path),
	KUNIT_CASE(bbr_btlbw__ten_round_trips),
	KUNIT_CASE(bbr_probe_rtt__every_ten_seconds),
	KUNIT_CASE(bbr_probe_rtt__not_after_a_pause),
	KUNIT_CASE(bbr_loss__is_not_congestion),
	KUNIT_CASE(bbr_loss__conserves_then_restores),
	KUNIT_CASE(bbr_timeout__restores),
	KUNIT_CASE(bbr_ecn__is_ignored),
	KUNIT_CASE(bbr_shallow__keeps_the_rate),
	KUNIT_CASE(bbr_pacing__has_a_floor),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong_bbr", .test_cases = cases };
kunit_test_suite(suite);
