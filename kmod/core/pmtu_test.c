// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the search for the path's MTU, as exchanges. Segments are of 1000
 * octets where the search begins, and the path may take 2000; a round trip takes
 * 100 ms, the window of the peer is 60000.
 */
#include "rack_script_test.h"

#include "pmtu.c"

#define BASE 1000
#define WIDE 60000

static void ack_to(struct script *s, u32 to)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = S(to), .wnd = WIDE, .flags = A,
		.hlen = 20,
	};

	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
}

static void sack_to(struct script *s, u32 to, u32 from, u32 end)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = S(to), .wnd = WIDE, .flags = A,
		.hlen = 32, .opts = XTCP_HAS_SACK, .nsack = 1,
		.sack = { { S(from), S(end) } },
	};

	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
}

/* ESTABLISHED; the path allows so much, and sysctl mtu_probing is @mode */
static struct script *start(struct kunit *test, u32 mode, u16 path, bool sack)
{
	struct script *s = script_open(test);

	s->p.mtu_probing = mode;
	s->p.mtu_interval = 600;
	s->p.mtu_threshold = 8;
	s->p.mtu_floor = 60;
	s->p.min_mss = 48;
	s->p.base_mss = BASE;
	s->t.peer_mss = 9000;
	s->t.mss = path;
	xtcp_pmtu_open(&s->t, 0);
	s->t.sack.ok = sack;
	xtcp_rec_grow(&s->t.rec, kunit_kzalloc(test, sizeof(struct xtcp_rec) *
					       RECORDS, GFP_KERNEL), RECORDS);
	xtcp_rack_open(&s->t);
	xtcp_cong_init(&s->t.cong, s->t.mss, 10);
	s->t.snd_wnd = WIDE;
	s->t.snd_wnd_max = WIDE;
	s->t.snd_wnd_est = WIDE;
	return s;
}

/* The first thing sent is a probe of so many octets, then segments of MSS */
static void expect_probe(struct kunit *test, struct script *s, u32 at, u32 len)
{
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	EXPECT_OUT(test, s, 0, A, S(at), len);
	KUNIT_EXPECT_EQ(test, (u32)s->out[1].kind, (u32)XTCP_TX_NEW);
	KUNIT_EXPECT_EQ(test, s->out[1].len % s->t.mss, 0U);
	KUNIT_EXPECT_LE(test, s->t.snd_nxt - s->t.snd_una, s->t.cong.cwnd);
	EXPECT_SOUND(test, s);
}

/* Where it begins, in each mode and family, is set from outside (RFC 4821 7.2) */
static void pmtu_open__begins(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);

	PROVES(test, "RFC4821-7.2");
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	s->p.base_mss = 600;
	s->t.mss = 2000;
	xtcp_pmtu_open(&s->t, 12);
	KUNIT_EXPECT_EQ(test, s->t.mss, 600);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.low, 612);
	/* IPv6 carries 1280 anywhere */
	s->t.v6 = true;
	s->t.mss = 2000;
	xtcp_pmtu_open(&s->t, 12);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1220 - 12);
	/* never more than the path does, or the peer */
	s->t.mss = 900;
	xtcp_pmtu_open(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, 900);
	s->t.mss = 2000;
	s->t.peer_mss = 800;
	xtcp_pmtu_open(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, 800);
	/* nor less than min_snd_mss */
	s->t.v6 = false;
	s->p.min_mss = 700;
	s->t.mss = 600;
	xtcp_pmtu_open(&s->t, 12);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700 - 12);
	/* off, and only on demand: all that the path allows */
	s->p.mtu_probing = 1;
	s->t.peer_mss = 9000;
	s->t.mss = 2000;
	xtcp_pmtu_open(&s->t, 0);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
}

/* A probe arrives: segments are larger then, and cwnd is not (RFC 4821 4) */
static void pmtu_probe__arrives(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);
	u32 cwnd = s->t.cong.cwnd;

	PROVES(test, "RFC4821-4-raise");
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	s->t.cong.ssthresh = cwnd;	/* by congestion avoidance: no segment yet */
	ack_to(s, 2000);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_MTU_UP);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	KUNIT_EXPECT_EQ(test, s->t.cong.mss, 2000U);
	KUNIT_EXPECT_LE(test, s->t.cong.cwnd, cwnd + 2000 / 5);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 2000);
	EXPECT_SOUND(test, s);
}

/* Fewer octets than would show its loss, a full window: none is sent, or it waits */
static void pmtu_probe__waits(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);

	script_write(s, 5999);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_NEW);
	/* the window has room for one of MSS, not for the probe */
	script_write(s, 20000);
	s->t.cong.cwnd = s->t.snd_nxt - s->t.snd_una + 1500;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->now += 100 * MS;
	ack_to(s, 1000);
	KUNIT_EXPECT_GE(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	/* one at a time */
	s->now += 100 * MS;
	ack_to(s, 2000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_NEW);
	/* nor with a window that cannot hold what has to follow */
	s = start(test, 2, 2000, true);
	script_write(s, 20000);
	s->t.cong.cwnd = 5999;
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_NEW);
	s = start(test, 2, 2000, true);
	script_write(s, 20000);
	s->t.snd_wnd = 5999;
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_NEW);
	EXPECT_SOUND(test, s);
}

/* Its loss alone costs nothing but itself, in segments that pass (7.6.2) */
static void pmtu_lost__alone(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);
	u32 cwnd = s->t.cong.cwnd;

	PROVES(test, "RFC4821-4-loss");
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	sack_to(s, 0, 2000, 4000);
	script_push(s);
	sack_to(s, 0, 2000, 5000);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_MTU_FAIL);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_FAST_RTX);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 1999);
	KUNIT_EXPECT_GE(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_RTX);
	EXPECT_OUT(test, s, 0, A, S(0), 2000);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	EXPECT_SOUND(test, s);
	/* the next is half way between */
	s->now += 100 * MS;
	ack_to(s, s->t.snd_nxt - S(0));
	KUNIT_EXPECT_GE(test, s->t.cong.cwnd, cwnd);
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	KUNIT_EXPECT_EQ(test, s->out[0].len, 1500U);
}

/* Without SACK the same, by duplicate ACKs */
static void pmtu_lost__alone_by_duplicates(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, false);
	u32 cwnd = s->t.cong.cwnd;

	PROVES(test, "RFC4821-4-loss");
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	ack_to(s, 0);
	ack_to(s, 0);
	ack_to(s, 0);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_MTU_FAIL);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, cwnd);
	KUNIT_EXPECT_GE(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_RTX);
	EXPECT_OUT(test, s, 0, A, S(0), 2000);
	EXPECT_SOUND(test, s);
	/* if another was lost it is a loss like any */
	s = start(test, 2, 2000, false);
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	ack_to(s, 2000);
	script_push(s);
	ack_to(s, 2000);
	ack_to(s, 2000);
	ack_to(s, 2000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_LT(test, s->t.cong.ssthresh, cwnd);
	/* and if it was another alone, sent before the probe */
	s = start(test, 2, 2000, false);
	script_write(s, 3000);
	script_push(s);
	script_write(s, 30000);
	expect_probe(test, s, 3000, 2000);
	s->now += 100 * MS;
	ack_to(s, 0);
	ack_to(s, 0);
	ack_to(s, 0);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 2000);
}

/* Another segment was lost, too: the network is congested (MUST) */
static void pmtu_lost__with_others(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);
	u32 cwnd = s->t.cong.cwnd;

	PROVES(test, "RFC4821-4-loss");
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	sack_to(s, 0, 3000, 9000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_FALSE(test, s->act.events & XTCP_EV_MTU_FAIL);
	KUNIT_EXPECT_LT(test, s->t.cong.ssthresh, cwnd);
	/* of the size nothing is known, as the probe goes again in pieces */
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->t.pmtu.phase, (u32)XTCP_PMTU_IDLE);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 2000);
	EXPECT_SOUND(test, s);
	/* the same where the others were sent before it */
	s = start(test, 2, 2000, true);
	script_write(s, 3000);
	script_push(s);
	script_write(s, 30000);
	s->now += 50 * MS;
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	s->now += 60 * MS;
	sack_to(s, 1000, 5000, 9000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	EXPECT_SOUND(test, s);
}

/* The search ends, and begins again in ten minutes, by sysctl never before five */
static void pmtu_probe__rests(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);
	u64 over;

	PROVES(test, "RFC4821-7.3");
	s->t.pmtu.high = 1007;
	script_write(s, 50000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_NEW);
	over = s->now;
	s->now += 100 * MS;
	ack_to(s, 10000);
	s->t.last_send = s->now;
	s->now = over + 598000 * MS;
	s->t.cong.cwnd = 10000;
	KUNIT_EXPECT_EQ(test, xtcp_pmtu_probe(&s->t, s->now, 40000, WIDE), 0U);
	s->now = over + 601000 * MS;
	KUNIT_EXPECT_EQ(test, xtcp_pmtu_probe(&s->t, s->now, 40000, WIDE), 2000U);
	/* the bounds are as near as the sysctl says */
	s->t.pmtu.high = 1008;
	KUNIT_EXPECT_EQ(test, xtcp_pmtu_probe(&s->t, s->now, 40000, WIDE), 1004U);
	s->p.mtu_threshold = 9;
	KUNIT_EXPECT_EQ(test, xtcp_pmtu_probe(&s->t, s->now, 40000, WIDE), 0U);
}

/* Full stop: to where the search began, then half of it, down to what IP demands */
static void pmtu_timeout__black_hole(struct kunit *test)
{
	static const u16 v4[] = { 1000, 500, 250, 125, 62, 60, 60 };
	struct script *s = start(test, 1, 2000, true);
	u32 i;

	PROVES(test, "RFC4821-7.7 RFC8899-4.3");
	script_write(s, 30000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	/* R1 is three */
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
		if (!(s->act.events & XTCP_EV_RTO))
			i--;
		script_push(s);
	}
	for (i = 0; i < ARRAY_SIZE(v4); i++) {
		KUNIT_EXPECT_EQ(test, s->t.mss, v4[i]);
		KUNIT_EXPECT_EQ(test, s->t.cong.cwnd, (u32)v4[i]);
		KUNIT_EXPECT_LE(test, s->out[0].len, (u32)v4[i]);
		KUNIT_EXPECT_EQ(test, !!(s->act.events & XTCP_EV_BLACK_HOLE),
				i != ARRAY_SIZE(v4) - 1);
		EXPECT_SOUND(test, s);
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
		script_push(s);
	}
	/* it was no black hole: all is as before with the first probe */
	s->now += 100 * MS;
	ack_to(s, s->t.snd_nxt - S(0));
	s->t.backoff = 0;
	s->t.cong.cwnd = 10000;
	script_write(s, 30000);
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	KUNIT_EXPECT_EQ(test, s->out[0].len, 2000U);
}

static void pmtu_timeout__black_hole_v6(struct kunit *test)
{
	struct script *s = start(test, 1, 2000, true);
	u32 i;

	PROVES(test, "RFC4821-7.7");
	s->t.v6 = true;
	s->t.mss = 2000;
	xtcp_pmtu_open(&s->t, 0);
	for (i = 0; i < 3; i++) {
		xtcp_act_init(&s->act);
		s->act.events = XTCP_EV_R1;
		xtcp_pmtu_timeout(&s->t, &s->act);
		KUNIT_EXPECT_EQ(test, s->t.mss, 1280 - 60);
	}
	/* before R1, or switched off, nothing changes */
	s = start(test, 0, 2000, true);
	xtcp_act_init(&s->act);
	s->act.events = XTCP_EV_R1;
	xtcp_pmtu_timeout(&s->t, &s->act);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	s->p.mtu_probing = 1;
	s->act.events = 0;
	xtcp_pmtu_timeout(&s->t, &s->act);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	/* a size that was raised falls back to the beginning first */
	s = start(test, 2, 2000, true);
	s->t.pmtu.low = 1900;
	s->act.events = XTCP_EV_R1;
	xtcp_pmtu_timeout(&s->t, &s->act);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
}

/* Larger segments have proved good, and then many are lost (7.8) */
static struct script *raised(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);

	script_write(s, 50000);
	expect_probe(test, s, 0, 2000);
	s->now += 100 * MS;
	ack_to(s, 10000);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	s->now += MS;
	s->t.cong.cwnd = 20000;
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(10000), 20000);
	s->now += 100 * MS;
	return s;
}

static void pmtu_lost__verified(struct kunit *test)
{
	struct script *s = raised(test);

	PROVES(test, "RFC4821-7.8");
	/* every other one */
	sack_to(s, 10000, 12000, 14000);
	sack_to(s, 10000, 16000, 18000);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	sack_to(s, 10000, 20000, 22000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_MTU_FAIL);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 1999);
	EXPECT_SOUND(test, s);
	/* a timeout */
	s = raised(test);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	/* one of many is congestion */
	s = raised(test);
	sack_to(s, 10000, 12000, 18000);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	/* and so is one of three */
	s = raised(test);
	sack_to(s, 10000, 12000, 16000);
	script_wait(s, s->t.rack.min_rtt);
	KUNIT_EXPECT_TRUE(test, s->t.recovery);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	/* two of ten, too */
	s = raised(test);
	sack_to(s, 10000, 14000, 24000);
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	/* and what is lost much later */
	s = raised(test);
	ack_to(s, 30000);
	KUNIT_EXPECT_EQ(test, (u32)s->t.pmtu.phase,
			(u32)XTCP_PMTU_VERIFYING);
	s->now += MS;
	s->t.cong.cwnd = 20000;
	script_push(s);
	s->now += 100 * MS;
	ack_to(s, 10000 + XTCP_PMTU_VERIFY * 2000);
	KUNIT_EXPECT_EQ(test, (u32)s->t.pmtu.phase, (u32)XTCP_PMTU_IDLE);
}

/* RFC 5927 7.2: what a report says is weighed against what is known */
static void pmtu_too_big__weighed(struct kunit *test)
{
	struct script *s = start(test, 0, 2000, true);

	PROVES(test, "RFC5927-7.2");
	/* larger than anything sent, or as large */
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(0), 100));
	script_write(s, 500);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(0), 500));
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(0), 499));
	script_write(s, 10000);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(0), 2000));
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(0), 1999));
	s->now += 100 * MS;
	ack_to(s, 500);
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(0), 1999));
	ack_to(s, 2500);
	/* so large a segment has arrived */
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(2500), 1999));
	KUNIT_EXPECT_EQ(test, s->t.pmtu.icmp, 1999);
	/* and so does this one: the report is forgotten */
	ack_to(s, 4500);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.icmp, 0);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	script_push(s);
	script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
	KUNIT_EXPECT_TRUE(test, s->act.events & XTCP_EV_RTO);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_TOO_BIG);
	EXPECT_SOUND(test, s);
}

/* It does not arrive: once it times out the report is believed */
/* Small ones that go again as one are as large as that */
static void pmtu_too_big__joined(struct kunit *test)
{
	struct script *s = start(test, 0, 2000, true);

	s->t.nodelay = true;
	script_write(s, 500);
	script_push(s);
	script_write(s, 500);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(0), 900));
	do {
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
		script_push(s);
	} while (!(s->act.events & XTCP_EV_RTO));
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 1000);
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(0), 900));
	EXPECT_SOUND(test, s);
}

static void pmtu_too_big__overdue(struct kunit *test)
{
	struct script *s = start(test, 0, 2000, true);

	PROVES(test, "RFC5927-7.2");
	script_write(s, 20000);
	script_push(s);
	s->now += 100 * MS;
	ack_to(s, 2000);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(2000), 1500));
	KUNIT_EXPECT_EQ(test, s->t.mss, 2000);
	while (s->t.deadline[XTCP_TIMER_RTX]) {
		script_wait(s, s->t.deadline[XTCP_TIMER_RTX] - s->now);
		if (s->act.events & XTCP_EV_RTO)
			break;
		KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_TOO_BIG);
		script_push(s);
	}
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_TOO_BIG);
	xtcp_user_set_mss(&s->t, xtcp_pmtu_overdue(&s->t));
	KUNIT_EXPECT_EQ(test, s->t.mss, 1500);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(2000), 1500);
	/* what was known of the old path is forgotten, and its news are old */
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(2000), 1400));
	KUNIT_EXPECT_FALSE(test, xtcp_pmtu_too_big(&s->t, S(2000), 1500));
	EXPECT_SOUND(test, s);
}

/* A report about a probe bounds the search; the size is not set by it */
static void pmtu_too_big__of_a_probe(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);

	PROVES(test, "RFC8899-4.6.2");
	script_write(s, 30000);
	expect_probe(test, s, 0, 2000);
	s->now += 50 * MS;
	KUNIT_EXPECT_TRUE(test, xtcp_pmtu_too_big(&s->t, S(0), 1800));
	xtcp_user_set_mss(&s->t, 1800);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1000);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 1800);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	s->now += 50 * MS;
	sack_to(s, 0, 2000, 5000);
	KUNIT_EXPECT_FALSE(test, s->t.recovery);
	script_push(s);
	s->now += 100 * MS;
	ack_to(s, s->t.snd_nxt - S(0));
	script_push(s);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_MTU);
	KUNIT_EXPECT_EQ(test, s->out[0].len, 1800U);
	EXPECT_SOUND(test, s);
}

/* The path changes under the search */
static void pmtu_path__changes(struct kunit *test)
{
	struct script *s = start(test, 2, 2000, true);

	xtcp_user_set_mss(&s->t, 700);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.low, 700);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 700);
	/* more is allowed: that it arrives is to be found out */
	xtcp_user_set_mss(&s->t, 1800);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700);
	KUNIT_EXPECT_EQ(test, s->t.pmtu.high, 1800);
	script_write(s, 30000);
	expect_probe(test, s, 0, 1800);
	/* one that is out arrives, though the path has become smaller since */
	xtcp_user_set_mss(&s->t, 1500);
	KUNIT_EXPECT_EQ(test, s->t.mss, 700);
	s->now += 100 * MS;
	s->t.cong.ssthresh = 1400;
	ack_to(s, 1800);
	KUNIT_EXPECT_EQ(test, s->t.mss, 1500);
	KUNIT_EXPECT_EQ(test, s->t.cong.ssthresh, 3000U);
	EXPECT_SOUND(test, s);
	/* a probe that went as one segment of MSS for want of memory is none */
	s = start(test, 2, 2000, true);
	script_write(s, 30000);
	KUNIT_EXPECT_TRUE(test, xtcp_output_next(&s->t, s->now, s->max, &s->out[0]));
	s->out[0].len = 1000;
	xtcp_output_commit(&s->t, &s->out[0], s->now);
	KUNIT_EXPECT_EQ(test, (u32)s->t.pmtu.phase, (u32)XTCP_PMTU_IDLE);
	EXPECT_SOUND(test, s);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(pmtu_open__begins),
	KUNIT_CASE(pmtu_probe__arrives),
	KUNIT_CASE(pmtu_probe__waits),
	KUNIT_CASE(pmtu_lost__alone),
	KUNIT_CASE(pmtu_lost__alone_by_duplicates),
	KUNIT_CASE(pmtu_lost__with_others),
	KUNIT_CASE(pmtu_probe__rests),
	KUNIT_CASE(pmtu_timeout__black_hole),
	KUNIT_CASE(pmtu_timeout__black_hole_v6),
	KUNIT_CASE(pmtu_lost__verified),
	KUNIT_CASE(pmtu_too_big__weighed),
	KUNIT_CASE(pmtu_too_big__joined),
	KUNIT_CASE(pmtu_too_big__overdue),
	KUNIT_CASE(pmtu_too_big__of_a_probe),
	KUNIT_CASE(pmtu_path__changes),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_pmtu", .test_cases = cases };
kunit_test_suite(suite);
