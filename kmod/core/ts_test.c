// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of timestamps, as exchanges: the connection's clock shows CLOCK at the
 * time 0, the peer's first value is PEER. Both wrap soon.
 */
#include "script_test.h"

#include "rtt.h"

#include "ts.c"

#define A XTCP_ACK
#define CLOCK 0xfffffff0U
#define PEER 0xfffffffeU
#define DAYS (24ULL * 3600 * XTCP_USEC_PER_SEC)

/* Our value at this moment */
static u32 ours(const struct script *s)
{
	return CLOCK + (u32)(s->now / MS);
}

/* A segment with timestamps arrives */
static void rx_ts(struct script *s, u8 flags, u32 seq, u32 ack, u32 len,
		  u32 val, u32 ecr)
{
	struct xtcp_seg seg = {
		.seq = seq, .ack = ack, .len = len, .wnd = WND, .flags = flags,
		.hlen = 32, .opts = XTCP_HAS_TS, .ts_val = val, .ts_ecr = ecr,
	};

	script_rx_seg(s, &seg);
}

/* An active open with timestamps on our side; the SYN is out */
static struct script *syn_sent(struct kunit *test)
{
	struct script *s = script_new(test);

	s->p.timestamps = true;
	s->t.ts.offset = CLOCK;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	return s;
}

/* The same in ESTABLISHED; the round trip takes 100 ms */
static struct script *opened(struct kunit *test)
{
	struct script *s = syn_sent(test);

	s->now += 100 * MS;
	rx_ts(s, XTCP_SYN | A, IRS, S(0), 0, PEER, ours(s) - 100);
	script_push(s);
	s->t.last_rcv = s->now;
	return s;
}

static void ts__negotiated(struct kunit *test)
{
	struct script *s = syn_sent(test);

	PROVES(test, "RFC7323-5.4 RFC6691-2");
	/* RFC7323-3.2-tsecr: without ACK the echo is 0 */
	KUNIT_EXPECT_EQ(test, s->out[0].opts, XTCP_HAS_MSS | XTCP_HAS_WSCALE |
			XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_val, ours(s));
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, 0U);
	s->now += 100 * MS;
	rx_ts(s, XTCP_SYN | A, IRS, S(0), 0, PEER, ours(s) - 100);
	EXPECT_STATE(test, s, ESTABLISHED);
	/* RFC6691-2: the peer's MSS counts no options */
	KUNIT_EXPECT_EQ(test, s->t.mss, 536 - 12);
	/* RFC7323-3.2-neg: from now on in each segment */
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(0), 0);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].hlen, 32U);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_val, ours(s));
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, PEER);
	script_write(s, 600);
	s->max = s->t.mss;
	script_push(s);
	EXPECT_OUT(test, s, 0, A, S(0), 524);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, XTCP_HAS_TS);
}

static void ts__peer_has_none(struct kunit *test)
{
	struct script *s = syn_sent(test);

	PROVES(test, "RFC7323-3.2-unneg");
	s->now += 100 * MS;
	script_rx(s, XTCP_SYN | A, IRS, S(0), 0, WND);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, s->t.mss, 536);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, 0);
	/* RFC7323-3.2-unneg: an option that was not agreed on is ignored */
	rx_ts(s, A, R(0), S(0), 10, PEER, 1);
	rx_ts(s, A, R(10), S(0), 10, PEER - 9, 1);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(20));
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, 0);
}

/* Off: the offer of a peer is ignored, too */
static void ts__switched_off(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	KUNIT_EXPECT_FALSE(test, s->out[0].opts & XTCP_HAS_TS);
	rx_ts(s, XTCP_SYN | A, IRS, S(0), 0, PEER, 0);
	EXPECT_STATE(test, s, ESTABLISHED);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].opts, 0);
}

/* Crossing SYNs: both offer, and the SYN-ACK echoes */
static void ts__simultaneous_open(struct kunit *test)
{
	struct script *s = syn_sent(test);

	rx_ts(s, XTCP_SYN, IRS, 0, 0, PEER, 0);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN | A, ISS, 0);
	KUNIT_EXPECT_TRUE(test, s->out[0].opts & XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, PEER);
	s->now += 10 * MS;
	rx_ts(s, XTCP_SYN | A, IRS, S(0), 0, PEER + 10, ours(s) - 10);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER + 10);
}

/* RFC7323-4.3: which value is echoed */
static void ts__echo(struct kunit *test)
{
	struct script *s = opened(test);

	PROVES(test, "RFC7323-4.3");
	/* two in a row, one ACK: the earlier is echoed */
	rx_ts(s, A, R(0), S(0), 536, PEER + 1, ours(s));
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	rx_ts(s, A, R(536), S(0), 536, PEER + 2, ours(s) - 20);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, PEER + 1);
	/* out of order: what is echoed stays */
	rx_ts(s, A, R(2000), S(0), 100, PEER + 4, ours(s));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, PEER + 1);
	/* the gap is filled: the segment that does it is echoed */
	rx_ts(s, A, R(1072), S(0), 928, PEER + 3, ours(s));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(2100));
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, PEER + 3);
}

/* RFC7323-5.3: older than what was seen: an ACK, and nothing of it counts */
static void ts__paws(struct kunit *test)
{
	struct script *s = opened(test);

	PROVES(test, "RFC7323-5.3");
	script_write(s, 100);
	script_push(s);
	rx_ts(s, A, R(0), S(100), 10, PEER - 1, ours(s));
	EXPECT_DROP(test, s, PAWS);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(0));
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(0));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A, S(100), 0);
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER);
	/* the same value again is new enough */
	rx_ts(s, A, R(0), S(100), 10, PEER, ours(s));
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(10));
	/* without payload: an ACK, but twice a second at most */
	script_push(s);
	rx_ts(s, A, R(10), S(100), 0, PEER - 1, ours(s));
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_CHALLENGE);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	rx_ts(s, A, R(10), S(100), 0, PEER - 1, ours(s));
	EXPECT_DROP(test, s, PAWS);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
}

/* RFC7323-5.2-rst: a reset is not checked, and its values are not kept */
static void ts__reset(struct kunit *test)
{
	struct script *s = opened(test);

	PROVES(test, "RFC7323-5.2-rst");
	rx_ts(s, XTCP_RST, R(1), 0, 0, PEER + 5, 0);
	EXPECT_DROP(test, s, RST_SEQ);
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER);
	rx_ts(s, XTCP_RST, R(0), 0, 0, PEER - 5, 0);
	EXPECT_STATE(test, s, CLOSED);
}

/* RFC7323-5.5: after 24 days without a word the peer's clock may be anywhere */
static void ts__valid_for_24_days(struct kunit *test)
{
	struct script *s = opened(test);

	PROVES(test, "RFC7323-5.5");
	s->now += 24 * DAYS - 1;
	rx_ts(s, A, R(0), S(0), 10, PEER - 100, ours(s));
	EXPECT_DROP(test, s, PAWS);
	script_push(s);
	s->now++;
	rx_ts(s, A, R(0), S(0), 10, PEER - 100, ours(s));
	EXPECT_DROP(test, s, NONE);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(10));
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER - 100);
}

/* What a blind attacker makes up must not shut out the peer */
static void ts__not_from_a_bad_ack(struct kunit *test)
{
	struct script *s = opened(test);

	rx_ts(s, A, R(0), S(77), 10, PEER + 0x70000000, 0);
	EXPECT_DROP(test, s, FUTURE_ACK);
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER);
	rx_ts(s, A, R(WND + 5), S(0), 10, PEER + 0x70000000, 0);
	EXPECT_DROP(test, s, SEQ);
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER);
}

/* RFC7323-3.2-missing is not taken, as in Linux: it is processed */
static void ts__missing(struct kunit *test)
{
	struct script *s = opened(test);

	script_rx(s, A, R(0), S(0), 10, WND);
	EXPECT_DROP(test, s, NONE);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(10));
	KUNIT_EXPECT_EQ(test, s->t.ts.recent, PEER);
}

/* 100 octets, and again; 20 ms later. Return: the first one's timestamp */
static u32 sent_twice(struct kunit *test, struct script *s)
{
	u8 backoff = s->t.backoff;
	u32 first;

	script_write(s, 100);
	script_push(s);
	first = ours(s);
	script_wait(s, xtcp_rtt_rto(&s->t));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, s->t.snd_una, 100);
	KUNIT_EXPECT_EQ(test, s->t.backoff, backoff + 1);
	s->now += 20 * MS;
	return first;
}

/* RFC6298-3-karn: the echo tells which of two transmissions arrived */
static void ts__sample_of_what_was_sent_again(struct kunit *test)
{
	struct script *s = opened(test);
	u32 first;

	PROVES(test, "RFC6298-3-karn");
	s->t.sack.ok = true;
	first = sent_twice(test, s);
	/* the first one, after all: 300 + 20 ms */
	rx_ts(s, A, R(0), S(100), 0, PEER + 1, first);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U + 220000 / 8);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
}

/* The second copy made the peer speak, and only the first one's echo is left */
static void ts__no_sample_of_a_dsack(struct kunit *test)
{
	struct script *s = opened(test);
	struct xtcp_seg seg = {
		.seq = R(0), .ack = S(100), .wnd = WND, .flags = A, .hlen = 44,
		.opts = XTCP_HAS_TS | XTCP_HAS_SACK, .ts_val = PEER + 1, .nsack = 1,
		.sack = { { S(0), S(100) } },
	};

	s->t.sack.ok = true;
	seg.ts_ecr = sent_twice(test, s);
	script_rx_seg(s, &seg);
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(100));
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 1);
}

/* Without SACK nobody can tell: nothing is measured until the echo is of the second */
static void ts__no_sample_in_doubt(struct kunit *test)
{
	struct script *s = opened(test);

	rx_ts(s, A, R(0), S(100), 0, PEER + 1, sent_twice(test, s));
	KUNIT_EXPECT_EQ(test, s->t.snd_una, S(100));
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 1);
	sent_twice(test, s);
	rx_ts(s, A, R(0), S(200), 0, PEER + 2, ours(s) - 20);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U - 80000 / 8);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 0);
}

/*
 * The first copy arrived and its ACK was lost; the receiver, which takes no time
 * from old duplicates, echoes it to each copy that comes later
 */
static void ts__no_sample_of_a_lost_ack(struct kunit *test)
{
	struct script *s = opened(test);
	u32 first;

	s->t.sack.ok = true;
	script_write(s, 100);
	script_push(s);
	first = ours(s);
	script_wait(s, s->t.rto);
	script_push(s);
	script_wait(s, 2 * s->t.rto);
	script_push(s);
	EXPECT_OUT(test, s, 0, A | XTCP_PSH, S(0), 100);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 2);
	s->now += 20 * MS;
	rx_ts(s, A, R(0), S(100), 0, PEER + 1, first);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	KUNIT_EXPECT_EQ(test, s->t.backoff, 2);
}

/* RFC7323-4.1: an ACK of nothing new measures nothing, whatever it echoes */
static void ts__no_sample_without_progress(struct kunit *test)
{
	struct script *s = opened(test);
	u32 first = ours(s);

	PROVES(test, "RFC7323-4.1");
	script_write(s, 100);
	script_push(s);
	s->now += 50 * MS;
	rx_ts(s, A, R(0), S(0), 0, PEER + 1, first);
	KUNIT_EXPECT_EQ(test, s->act.events, (u32)XTCP_EV_DUP_ACK);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	rx_ts(s, A, R(0), S(0), 10, PEER + 1, first);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	rx_ts(s, A, R(10), S(100), 0, PEER + 2, first);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U - 50000 / 8);
}

static void ts_rtt__odd_echoes(struct kunit *test)
{
	struct xtcp_ts ts = { .ok = true, .offset = CLOCK };
	struct xtcp_seg seg = { .opts = XTCP_HAS_TS };
	u64 now = 20000000 * MS;

	seg.ts_ecr = xtcp_ts_clock(&ts, now) - 7;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 7000U);
	/* within one tick */
	seg.ts_ecr += 7;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 1000U);
	/* older than what was sent again since */
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, now - 1 * MS, now), 1000U);
	seg.ts_ecr -= 7;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, now - 7 * MS, now), 7000U);
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, now - 5 * MS, now), 0U);
	seg.ts_ecr += 7;
	/* of the future, of long ago, of nothing */
	seg.ts_ecr += 1;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 0U);
	seg.ts_ecr -= 300000;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 0U);
	ts.offset = 7 - (u32)(now / MS);
	seg.ts_ecr = 0;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 0U);
	ts.offset = CLOCK;
	seg.ts_ecr = xtcp_ts_clock(&ts, now) - 7;
	seg.opts = 0;
	KUNIT_EXPECT_EQ(test, xtcp_ts_rtt(&ts, &seg, 0, now), 0U);
}

/* The MTU changes: the options still have their room */
static void ts__mss_after_mtu_change(struct kunit *test)
{
	struct script *s = opened(test);

	xtcp_user_set_mss(&s->t, 400);
	KUNIT_EXPECT_EQ(test, s->t.mss, 388);
	xtcp_user_set_mss(&s->t, 1460);
	KUNIT_EXPECT_EQ(test, s->t.mss, 524);
}

/* A reset that we send has them, too */
static void ts__in_our_reset(struct kunit *test)
{
	struct script *s = opened(test);

	xtcp_act_init(&s->act);
	xtcp_user_abort(&s->t, &s->act);
	xtcp_output_stamp(&s->t, s->now, &s->act.reply);
	KUNIT_EXPECT_EQ(test, s->act.reply.opts, XTCP_HAS_TS);
	KUNIT_EXPECT_EQ(test, s->act.reply.ts_val, ours(s));
	KUNIT_EXPECT_EQ(test, s->act.reply.ts_ecr, PEER);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(ts__negotiated),
	KUNIT_CASE(ts__peer_has_none),
	KUNIT_CASE(ts__switched_off),
	KUNIT_CASE(ts__simultaneous_open),
	KUNIT_CASE(ts__echo),
	KUNIT_CASE(ts__paws),
	KUNIT_CASE(ts__reset),
	KUNIT_CASE(ts__valid_for_24_days),
	KUNIT_CASE(ts__not_from_a_bad_ack),
	KUNIT_CASE(ts__missing),
	KUNIT_CASE(ts__sample_of_what_was_sent_again),
	KUNIT_CASE(ts__no_sample_of_a_lost_ack),
	KUNIT_CASE(ts__no_sample_of_a_dsack),
	KUNIT_CASE(ts__no_sample_in_doubt),
	KUNIT_CASE(ts__no_sample_without_progress),
	KUNIT_CASE(ts_rtt__odd_echoes),
	KUNIT_CASE(ts__mss_after_mtu_change),
	KUNIT_CASE(ts__in_our_reset),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_ts", .test_cases = cases };
kunit_test_suite(suite);
