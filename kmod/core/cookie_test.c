// SPDX-License-Identifier: GPL-2.0
/* Tests of SYN cookies: what goes into the SYN-ACK's numbers comes back out of them. */
#include "script_test.h"

#include "cookie.c"

struct offer {
	const char *name;
	u32 opts;
	u16 mss;
	u8 wscale;
	u32 kept;	/* of opts, if this side has timestamps */
	u16 mss_kept;
};

#define ALL (XTCP_HAS_MSS | XTCP_HAS_WSCALE | XTCP_HAS_SACK_OK | XTCP_HAS_TS)

static const struct offer offers[] = {
	{ "all", ALL, 1460, 7, ALL, 1460 },
	{ "no shift", ALL & ~XTCP_HAS_WSCALE, 1440, 0, ALL & ~XTCP_HAS_WSCALE, 1440 },
	{ "a shift of 0", ALL, 1400, 0, ALL, 1400 },
	{ "a shift of 14", ALL, 1459, 14, ALL, 1440 },
	{ "no SACK", ALL & ~XTCP_HAS_SACK_OK, 65535, 3, ALL & ~XTCP_HAS_SACK_OK, 8940 },
	{ "no timestamps", ALL & ~XTCP_HAS_TS, 1461, 9, XTCP_HAS_MSS, 1460 },
	{ "nothing", 0, 0, 0, XTCP_HAS_MSS, 536 },
	{ "a tiny MSS", XTCP_HAS_MSS, 1, 0, XTCP_HAS_MSS, XTCP_MSS_MIN },
};

static void offer_desc(const struct offer *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(offer, offers, offer_desc);

/* The SYN, through a cookie made when the clock showed this */
static struct xtcp_seg through(const struct offer *o, u8 flags, bool timestamps,
			       u32 clock, u32 *ts)
{
	struct xtcp_params params = { .timestamps = timestamps, .sack = true };
	struct xtcp_seg syn = {
		.flags = flags, .seq = IRS, .wnd = 5000, .opts = o->opts,
		.mss = o->mss, .wscale = o->wscale, .ts_val = 77,
	};
	u32 iss = xtcp_cookie_iss(0xdeadbeef, xtcp_cookie_mss(&syn, 536));
	struct xtcp_seg ack = { .flags = XTCP_ACK, .seq = IRS + 1, .ack = iss + 1, .wnd = 400 };
	struct xtcp_seg back;

	xtcp_cookie_limit(&syn, &params);
	*ts = clock;
	if (timestamps && syn.opts & XTCP_HAS_TS) {
		*ts = xtcp_cookie_ts(&syn, clock);
		ack.opts = XTCP_HAS_TS;
		ack.ts_val = 78;
		ack.ts_ecr = *ts;
	}
	xtcp_cookie_syn(&back, &ack);
	return back;
}

static void cookie__round_trip(struct kunit *test)
{
	const struct offer *o = test->param_value;
	u32 clock, ts;

	/* each place in the cycle of the low bits, over the wrap */
	for (clock = 0xffffffc0; clock != 0x80; clock++) {
		u8 flags = XTCP_SYN | (clock & 1 ? XTCP_ECN_SETUP : 0);
		struct xtcp_seg syn = through(o, flags, true, clock, &ts);

		KUNIT_ASSERT_EQ(test, syn.opts, o->kept);
		KUNIT_ASSERT_EQ(test, syn.seq, IRS);
		KUNIT_ASSERT_EQ(test, syn.flags, syn.opts & XTCP_HAS_TS ? flags : XTCP_SYN);
		KUNIT_ASSERT_EQ(test, syn.mss, o->mss_kept);
		if (syn.opts & XTCP_HAS_WSCALE)
			KUNIT_ASSERT_EQ(test, syn.wscale, o->wscale);
		if (syn.opts & XTCP_HAS_TS)
			KUNIT_ASSERT_EQ(test, syn.ts_val, 78U);
		/* the clock does not go back afterwards, and lags little */
		KUNIT_ASSERT_TRUE(test, clock - ts < 64);
	}
}

static void cookie__without_timestamps(struct kunit *test)
{
	const struct offer *o = test->param_value;
	u32 ts;
	struct xtcp_seg syn = through(o, XTCP_SYN | XTCP_ECN_SETUP, false, 5, &ts);

	KUNIT_EXPECT_EQ(test, syn.opts, XTCP_HAS_MSS);
	KUNIT_EXPECT_EQ(test, syn.flags, XTCP_SYN);
	KUNIT_EXPECT_EQ(test, syn.mss, o->mss_kept);
}

/* What would be forgotten is not agreed on in the first place */
static void cookie__limit(struct kunit *test)
{
	const struct offer *o = test->param_value;
	u32 kept = XTCP_HAS_WSCALE | XTCP_HAS_SACK_OK;
	struct xtcp_params params = { .sack = true };
	struct xtcp_seg syn = { .opts = o->opts, .flags = XTCP_SYN | XTCP_ECN_SETUP };

	xtcp_cookie_limit(&syn, &params);
	KUNIT_EXPECT_EQ(test, syn.opts & kept, 0U);
	KUNIT_EXPECT_EQ(test, syn.flags, XTCP_SYN);
	params.timestamps = true;
	syn.opts = o->opts;
	xtcp_cookie_limit(&syn, &params);
	KUNIT_EXPECT_EQ(test, syn.opts & kept, o->kept & kept);
}

/* 29 bits are the hash's: any one of them, changed, makes another cookie */
static void cookie__hash(struct kunit *test)
{
	u32 bit;

	for (bit = 0; bit < 32; bit++)
		KUNIT_EXPECT_EQ(test, bit >= XTCP_COOKIE_MSS_BITS,
				xtcp_cookie_iss(0, 5) != xtcp_cookie_iss(1U << bit, 5));
	KUNIT_EXPECT_EQ(test, xtcp_cookie_iss(~0U, 2) & XTCP_COOKIE_MSS_MASK, 2U);
}

static void cookie__periods(struct kunit *test)
{
	u64 t = 10 * XTCP_COOKIE_PERIOD;

	KUNIT_EXPECT_EQ(test, xtcp_cookie_period(t), 10U);
	KUNIT_EXPECT_EQ(test, xtcp_cookie_period(t + XTCP_COOKIE_PERIOD - 1), 10U);
	KUNIT_EXPECT_EQ(test, xtcp_cookie_period(t + XTCP_COOKIE_PERIOD), 11U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(cookie__round_trip, offer_gen_params),
	KUNIT_CASE_PARAM(cookie__without_timestamps, offer_gen_params),
	KUNIT_CASE_PARAM(cookie__limit, offer_gen_params),
	KUNIT_CASE(cookie__hash),
	KUNIT_CASE(cookie__periods),
	{ }
};

static struct kunit_suite suite = { .name = "xtcp_cookie", .test_cases = cases };
kunit_test_suite(suite);
