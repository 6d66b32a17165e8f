// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of CUBIC: the arithmetic against RFC 9438's formulas, the curve over
 * whole simulated round trips, HyStart++ on round trips made to order.
 */
#include "proves_test.h"

#include "cong_cubic.c"

#define MSS 1000
#define MS XTCP_USEC_PER_MSEC
#define SEC XTCP_USEC_PER_SEC

/* A sender that always has data, and a network that loses none of it */
struct flow {
	struct xtcp_cong c;
	u64 now;
	u32 rtt;
	u32 una;
	u32 measured;	/* the round trip that ACKs measure, 0 for none */
	u32 most;	/* how much is outstanding, if less than cwnd */
	u32 train;	/* the ACKs of a round trip come within this time */
};

static void open_flow(struct flow *f, u32 rtt)
{
	memset(f, 0, sizeof(*f));
	f->c.ops = &xtcp_cong_cubic;
	xtcp_cong_init(&f->c, MSS, 10);
	f->now = SEC;
	f->rtt = rtt;
	f->train = rtt;
	f->most = XTCP_CONG_CWND_MAX;
}

/* One window is acknowledged, two segments an ACK */
static void round_trip(struct flow *f)
{
	u32 flight = min_t(u32, f->c.cwnd / MSS * MSS, f->most);
	u32 acks = max_t(u32, flight / (2 * MSS), 1), i;

	for (i = 0; i < acks; i++) {
		struct xtcp_cong_sample s = {
			.now = f->now + f->rtt - f->train +
			       (u64)f->train * (i + 1) / acks,
			.acked = flight / acks, .flight = flight,
			.rtt = f->measured, .srtt = f->rtt, .rto = 1000 * SEC,
		};

		f->una += s.acked;
		s.una = f->una;
		s.nxt = f->una + flight - s.acked;
		xtcp_cong_acked(&f->c, &s);
	}
	f->now += f->rtt;
}

static void loss(struct flow *f)
{
	xtcp_cong_lost(&f->c, f->c.cwnd);
	f->c.cwnd = f->c.ssthresh;
}

static void rounds(struct flow *f, u64 usec)
{
	u64 end = f->now + usec;

	while (f->now < end)
		round_trip(f);
}

static void cong_cubic_root__exact(struct kunit *test)
{
	static const u64 roots[] = {
		0, 1, 2, 3, 10, 1023, 1024, 65535, 1000003, (1 << 21) - 1,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(roots); i++) {
		u64 r = roots[i], x = r * r * r;

		KUNIT_EXPECT_EQ(test, (u64)cube_root(x), r);
		KUNIT_EXPECT_EQ(test, (u64)cube_root(x + 1),
				x ? r : (u64)1);
		if (x > 1)
			KUNIT_EXPECT_EQ(test, (u64)cube_root(x - 1), r - 1);
	}
	KUNIT_EXPECT_EQ(test, cube_root(~0ULL), (1U << 21) - 1);
}

/* K = cbrt((W_max - cwnd_epoch) / C): 30 of 100 segments take 4.217 s */
static void cong_cubic_k__rfc9438(struct kunit *test)
{
	PROVES(test, "RFC9438-5.1");
	KUNIT_EXPECT_EQ(test, ticks_to(30 * MSS, MSS), 4318U);
	KUNIT_EXPECT_EQ(test, ticks_to(30 * 48, 48), 4318U);
	/* 0.4 segments take a second, nothing takes no time */
	KUNIT_EXPECT_EQ(test, ticks_to(400, MSS), 1024U);
	KUNIT_EXPECT_EQ(test, ticks_to(0, MSS), 0U);
	/* the most that there can be: 2^30 octets in segments of 48 */
	KUNIT_EXPECT_EQ(test, ticks_to(1U << 30, 48), 391591U);
}

/* What Reno would have grows by alpha segments a window, and no octet is dropped */
static void cong_cubic_estimate__keeps_the_rest(struct kunit *test)
{
	struct xtcp_cong c = { .mss = MSS, .cwnd = 10 * MSS };
	struct curve v = { .w_est = 10 * MSS, .w_prior = 10 * MSS };

	estimate(&c, &v, 15 * MSS);
	KUNIT_EXPECT_EQ(test, v.w_est, 11U * MSS);
	estimate(&c, &v, 4 * MSS);
	KUNIT_EXPECT_EQ(test, v.w_est, 11U * MSS);
	estimate(&c, &v, MSS);
	KUNIT_EXPECT_EQ(test, v.w_est, 12U * MSS);
}

/* W_cubic(t) = C * (t - K)^3 + W_max */
static void cong_cubic_curve__rfc9438(struct kunit *test)
{
	struct curve v = { .k = 4096, .w_max = 100 * MSS };

	PROVES(test, "RFC9438-5.1");
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 4096, MSS), 100000ULL);
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 0, MSS), 74400ULL);
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 3072, MSS), 99600ULL);
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 5120, MSS), 100400ULL);
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 4096 + 10240, MSS), 500000ULL);
	/* far before and far behind: neither below zero nor around the corner */
	v.k = 391591;
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 0, MSS), 0ULL);
	KUNIT_EXPECT_EQ(test, cubic_at(&v, 1ULL << 40, 65535),
			100000ULL + 54974742528ULL);
}

/* 4.6, 4.7: seven tenths; a window that did not come back shows a rival */
static void cong_cubic_lost__reduction(struct kunit *test)
{
	struct flow f;
	struct cubic *q = xtcp_cong_priv(&f.c);

	PROVES(test, "RFC9438-4.6-beta RFC9438-4.7");
	open_flow(&f, 50 * MS);
	f.c.cwnd = 100 * MSS;
	xtcp_cong_lost(&f.c, 100 * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 70U * MSS);
	KUNIT_EXPECT_EQ(test, q->now.w_max, 100U * MSS);
	f.c.cwnd = 80 * MSS;
	xtcp_cong_lost(&f.c, 80 * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 56U * MSS);
	KUNIT_EXPECT_EQ(test, q->now.w_max, 68U * MSS);
	KUNIT_EXPECT_EQ(test, q->now.w_prior, 80U * MSS);
	/* never below two segments */
	f.c.cwnd = 2 * MSS;
	xtcp_cong_lost(&f.c, 2 * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 2U * MSS);
}

/* 4.6, RFC 7661 4.4.1: it counts what was used of the window */
static void cong_cubic_lost__unused_window(struct kunit *test)
{
	struct flow f;

	PROVES(test, "RFC9438-4.6-flight");
	open_flow(&f, 50 * MS);
	f.c.cwnd = 100 * MSS;
	f.c.ssthresh = 50 * MSS;
	f.most = 20 * MSS;
	round_trip(&f);
	round_trip(&f);
	xtcp_cong_lost(&f.c, 10 * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 14U * MSS);
}

/* RFC 8511: 0.85 after a mark */
static void cong_cubic_ecn__reduction(struct kunit *test)
{
	struct flow f;

	open_flow(&f, 50 * MS);
	f.c.cwnd = 100 * MSS;
	xtcp_cong_ecn(&f.c, 100 * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 85U * MSS);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 85U * MSS);
}

/*
 * Over a long path: back at W_max after K, flat there, beyond it afterwards.
 * 1000 segments, so K is cbrt(300 / 0.4) = 9.09 s; Reno would need 45 s.
 */
static void cong_cubic_acked__the_curve(struct kunit *test)
{
	struct flow f;
	struct cubic *q = xtcp_cong_priv(&f.c);
	u32 w;

	PROVES(test, "MAY-18 RFC9438-4.4-4.5");
	open_flow(&f, 100 * MS);
	f.c.cwnd = 1000 * MSS;
	loss(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 700U * MSS);
	rounds(&f, 2 * SEC);		/* 1000 - 0.4 * 7.1^3 = 857 */
	KUNIT_EXPECT_GE(test, f.c.cwnd, 850U * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 865U * MSS);
	rounds(&f, 6 * SEC);
	w = f.c.cwnd;
	KUNIT_EXPECT_GE(test, w, 997U * MSS);
	KUNIT_EXPECT_LE(test, w, 1000U * MSS);
	rounds(&f, 2 * SEC);		/* the plateau */
	KUNIT_EXPECT_LE(test, f.c.cwnd - w, 3U * MSS);
	KUNIT_EXPECT_GE(test, f.c.cwnd, 1000U * MSS);
	rounds(&f, 5 * SEC);		/* 1000 + 0.4 * 5.9^3 = 1082 */
	KUNIT_EXPECT_GE(test, f.c.cwnd, 1070U * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 1095U * MSS);
	/* 4.2: never more than half as much again in a round trip */
	f.now += 60 * SEC;
	q->last = f.now;
	w = f.c.cwnd;
	round_trip(&f);
	KUNIT_EXPECT_LE(test, f.c.cwnd, w / 3 * 5);
	KUNIT_EXPECT_GE(test, f.c.cwnd, w / 3 * 4);
}

/*
 * Over a short path Reno is faster, and CUBIC is Reno with alpha 9/17, with
 * beta 0.7 as fast as Reno on average; from the old window on with 1 (4.3).
 */
static void cong_cubic_acked__reno_friendly(struct kunit *test)
{
	struct flow f;
	int i;

	PROVES(test, "RFC9438-4.3");
	open_flow(&f, 2 * MS);
	f.c.cwnd = 100 * MSS;
	loss(&f);
	for (i = 0; i < 34; i++)
		round_trip(&f);		/* 18 segments; K would be 4.2 s */
	KUNIT_EXPECT_GE(test, f.c.cwnd, 86U * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 89U * MSS);
	while (f.c.cwnd < 101 * MSS)
		round_trip(&f);
	for (i = 0; i < 10; i++)
		round_trip(&f);
	KUNIT_EXPECT_GE(test, f.c.cwnd, 109U * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 112U * MSS);
}

/* 4.8: after a timeout the curve begins at its middle, where slow start ends */
static void cong_cubic_timeout__begins_anew(struct kunit *test)
{
	struct flow f;
	struct cubic *q = xtcp_cong_priv(&f.c);

	open_flow(&f, 100 * MS);
	f.c.cwnd = 100 * MSS;
	xtcp_cong_timeout(&f.c, 100 * MSS, true);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 1U * MSS);
	KUNIT_EXPECT_EQ(test, f.c.ssthresh, 70U * MSS);
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 2U * MSS);
	KUNIT_EXPECT_EQ(test, q->now.epoch, 0ULL);
	KUNIT_EXPECT_TRUE(test, q->timeout);
	while (xtcp_cong_slow_start(&f.c))
		round_trip(&f);
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, q->now.k, 0U);
	KUNIT_EXPECT_EQ(test, q->now.w_max, 70U * MSS);
	KUNIT_EXPECT_FALSE(test, q->timeout);
}

/* 4.9: a loss that was none leaves the curve where it was */
static void cong_cubic_undo__restores(struct kunit *test)
{
	struct flow f;
	struct cubic *q = xtcp_cong_priv(&f.c), before;

	open_flow(&f, 100 * MS);
	f.c.cwnd = 1000 * MSS;
	loss(&f);
	rounds(&f, 3 * SEC);
	before = *q;
	xtcp_cong_timeout(&f.c, 500 * MSS, true);
	xtcp_cong_undo(&f.c);
	KUNIT_EXPECT_EQ(test, memcmp(&before.now, &q->now, sizeof(q->now)), 0);
	KUNIT_EXPECT_FALSE(test, q->timeout);
}

/* 4.2: time in which the user had little to send is not time on the curve */
static void cong_cubic_acked__unused_time(struct kunit *test)
{
	struct flow f, g;

	PROVES(test, "RFC9438-4.2");
	open_flow(&f, 100 * MS);
	f.c.cwnd = 1000 * MSS;
	loss(&f);
	rounds(&f, 3 * SEC);
	g = f;
	/* g sends little for a minute, then goes on where it was */
	g.most = 20 * MSS;
	rounds(&g, 60 * SEC);
	KUNIT_EXPECT_LE(test, g.c.cwnd - f.c.cwnd, 1U * MSS);
	g.most = XTCP_CONG_CWND_MAX;
	rounds(&f, 2 * SEC);
	rounds(&g, 2 * SEC);
	KUNIT_EXPECT_GE(test, g.c.cwnd, f.c.cwnd - 20 * MSS);
	KUNIT_EXPECT_LE(test, g.c.cwnd, f.c.cwnd + MSS);
	/* f sends nothing for a minute, shorter than its RTO here */
	g = f;
	f.now += 60 * SEC;
	rounds(&f, 2 * SEC);
	rounds(&g, 2 * SEC);
	KUNIT_EXPECT_GE(test, f.c.cwnd, g.c.cwnd - 5 * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, g.c.cwnd + 5 * MSS);
}

/* RFC 9406: L is 8 in the first slow start, 1 after a timeout */
static void cong_cubic_start__limit(struct kunit *test)
{
	struct xtcp_cong_sample s = {
		.now = SEC, .acked = 20 * MSS, .flight = 30 * MSS,
	};
	struct flow f;

	open_flow(&f, 50 * MS);
	xtcp_cong_acked(&f.c, &s);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 18U * MSS);
	xtcp_cong_timeout(&f.c, 30 * MSS, true);
	xtcp_cong_acked(&f.c, &s);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 2U * MSS);
}

/* RFC 9406: round trips grow, so slow start slows; they do not shrink: it ends */
static void cong_cubic_hystart__ends_slow_start(struct kunit *test)
{
	struct flow f;
	u32 w, i;

	PROVES(test, "RFC9438-4.10");
	open_flow(&f, 50 * MS);
	f.train = 20 * MS;
	f.c.cwnd = 32 * MSS;
	f.measured = 50 * MS;
	round_trip(&f);
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 128U * MSS);
	/* an eighth more is the threshold, here 6.25 ms */
	f.measured = 56 * MS;
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 256U * MSS);
	f.measured = 63 * MS;
	round_trip(&f);		/* noticed with the eighth sample */
	KUNIT_EXPECT_GE(test, f.c.cwnd, 256U * 5 / 4 * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 335U * MSS);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, xtcp_cong_slow_start(&f.c));
		w = f.c.cwnd;
		round_trip(&f);
		KUNIT_EXPECT_GE(test, f.c.cwnd, w / 100 * 123);
		KUNIT_EXPECT_LE(test, f.c.cwnd, w / 100 * 126);
	}
	w = f.c.cwnd;
	round_trip(&f);
	KUNIT_EXPECT_FALSE(test, xtcp_cong_slow_start(&f.c));
	KUNIT_EXPECT_LE(test, f.c.ssthresh, w + 2 * MSS);
}

/* It was jitter: round trips are short again, and slow start goes on */
static void cong_cubic_hystart__resumes(struct kunit *test)
{
	struct flow f;
	u32 w;

	PROVES(test, "RFC9438-4.10");
	open_flow(&f, 50 * MS);
	f.train = 20 * MS;
	f.c.cwnd = 32 * MSS;
	f.measured = 50 * MS;
	round_trip(&f);
	f.measured = 60 * MS;
	round_trip(&f);
	w = f.c.cwnd;
	f.measured = 58 * MS;
	round_trip(&f);
	round_trip(&f);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_slow_start(&f.c));
	KUNIT_EXPECT_GE(test, f.c.cwnd, 3 * w);
}

/* Fewer than eight samples, or a rise below the least threshold, say nothing */
static void cong_cubic_hystart__needs_evidence(struct kunit *test)
{
	struct flow f;

	open_flow(&f, 10 * MS);
	f.train = 3 * MS;
	f.c.cwnd = 12 * MSS;	/* six ACKs */
	f.measured = 10 * MS;
	round_trip(&f);
	f.c.cwnd = 12 * MSS;
	f.measured = 50 * MS;
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 24U * MSS);
	open_flow(&f, 10 * MS);
	f.train = 3 * MS;
	f.c.cwnd = 32 * MSS;
	f.measured = 10 * MS;
	round_trip(&f);
	f.measured = 13900;	/* an eighth more, but not 4 ms */
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 128U * MSS);
}

/*
 * ACKs without a pause for half a round trip: the window sent twice as fast as
 * they come, so as they end the path is full
 */
static void cong_cubic_train__ends_slow_start(struct kunit *test)
{
	struct flow f;

	open_flow(&f, 50 * MS);
	f.c.cwnd = 100 * MSS;
	f.measured = 50 * MS;
	f.train = 24 * MS;
	round_trip(&f);		/* the first round trip tells how long they are */
	round_trip(&f);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_slow_start(&f.c));
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 400U * MSS);
	f.train = 50 * MS;
	round_trip(&f);
	KUNIT_EXPECT_FALSE(test, xtcp_cong_slow_start(&f.c));
	KUNIT_EXPECT_GE(test, f.c.ssthresh, 600U * MSS);
	KUNIT_EXPECT_LE(test, f.c.ssthresh, 606U * MSS);
}

static void cong_cubic_train__pause(struct kunit *test)
{
	struct flow f;

	/* an ACK every 2.5 ms is none */
	open_flow(&f, 50 * MS);
	f.c.cwnd = 40 * MSS;
	f.measured = 50 * MS;
	round_trip(&f);
	f.c.cwnd = 40 * MSS;
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 80U * MSS);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&f.c));
	/* on a short path, 4 ms at least */
	open_flow(&f, 4 * MS - 100);
	f.c.cwnd = 40 * MSS;
	f.measured = f.rtt;
	round_trip(&f);
	round_trip(&f);
	KUNIT_EXPECT_EQ(test, f.c.cwnd, 160U * MSS);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&f.c));
	/* nor do a few segments say anything */
	open_flow(&f, 8 * MS);
	f.c.cwnd = 8 * MSS;
	f.measured = 8 * MS;
	round_trip(&f);
	f.c.cwnd = 8 * MSS;
	round_trip(&f);
	KUNIT_EXPECT_TRUE(test, xtcp_cong_unknown(&f.c));
}

/* Nothing was ever lost, so the start may have ended too early: 5 % a round trip */
static void cong_cubic_acked__no_loss_yet(struct kunit *test)
{
	struct flow f;

	open_flow(&f, 50 * MS);
	f.c.cwnd = 400 * MSS;
	f.c.ssthresh = 400 * MSS;
	round_trip(&f);
	KUNIT_EXPECT_GE(test, f.c.cwnd, 419U * MSS);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 421U * MSS);
	loss(&f);
	f.c.cwnd = 400 * MSS;
	round_trip(&f);
	KUNIT_EXPECT_LE(test, f.c.cwnd, 405U * MSS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(cong_cubic_train__ends_slow_start),
	KUNIT_CASE(cong_cubic_train__pause),
	KUNIT_CASE(cong_cubic_acked__no_loss_yet),
	KUNIT_CASE(cong_cubic_root__exact),
	KUNIT_CASE(cong_cubic_k__rfc9438),
	KUNIT_CASE(cong_cubic_estimate__keeps_the_rest),
	KUNIT_CASE(cong_cubic_curve__rfc9438),
	KUNIT_CASE(cong_cubic_lost__reduction),
	KUNIT_CASE(cong_cubic_lost__unused_window),
	KUNIT_CASE(cong_cubic_ecn__reduction),
	KUNIT_CASE(cong_cubic_acked__the_curve),
	KUNIT_CASE(cong_cubic_acked__reno_friendly),
	KUNIT_CASE(cong_cubic_timeout__begins_anew),
	KUNIT_CASE(cong_cubic_undo__restores),
	KUNIT_CASE(cong_cubic_acked__unused_time),
	KUNIT_CASE(cong_cubic_start__limit),
	KUNIT_CASE(cong_cubic_hystart__ends_slow_start),
	KUNIT_CASE(cong_cubic_hystart__resumes),
	KUNIT_CASE(cong_cubic_hystart__needs_evidence),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_cong_cubic", .test_cases = cases };
kunit_test_suite(suite);
