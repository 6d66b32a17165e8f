// SPDX-License-Identifier: GPL-2.0
/* Tests of reading and writing headers. */
#include <kunit/test.h>

#include "wire.c"

static void wire_build__octets(struct kunit *test)
{
	static const u8 want[] = {
		0xaa, 0xbb, 0xcc, 0xdd, 0x01, 0x02, 0x03, 0x04,
		0x11, 0x12, 0x13, 0x14, 0x70, 0x12, 0xab, 0xcd,
		0xee, 0xff, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4,
		0x01, 0x03, 0x03, 0x07,
	};
	struct xtcp_seg seg = {
		.seq = 0x01020304, .ack = 0x11121314, .wnd = 0xabcd,
		.flags = XTCP_SYN | XTCP_ACK, .mss = 1460, .wscale = 7,
		.opts = XTCP_HAS_MSS | XTCP_HAS_WSCALE,
	};
	u8 hdr[28];

	/* ports and checksum are not ours to write, the urgent pointer is */
	memset(hdr, 0x55, sizeof(hdr));
	memcpy(hdr, want, 4);
	memcpy(hdr + 16, want + 16, 2);
	KUNIT_EXPECT_EQ(test, xtcp_wire_hlen(&seg), 28U);
	xtcp_wire_build(&seg, hdr);
	KUNIT_EXPECT_EQ(test, memcmp(hdr, want, sizeof(want)), 0);
	/* without ACK the field is zero */
	seg.flags = XTCP_SYN;
	xtcp_wire_build(&seg, hdr);
	KUNIT_EXPECT_EQ(test, get32(hdr + 8), 0U);
}

static void wire_parse__round_trip(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 64 * 4; i++) {
		struct xtcp_seg in = {
			.seq = i * 0x9e3779b9, .ack = i * 0x85ebca6b,
			.wnd = i * 257, .flags = (i & 0x3f) | XTCP_ACK,
			.mss = 48 + i, .wscale = i % 15, .len = i % 7,
		};
		struct xtcp_seg out;
		u8 hdr[40] = { 0 };
		u32 hlen;

		/* options are for SYNs only */
		if (in.flags & XTCP_SYN)
			in.opts = i >> 6;
		hlen = xtcp_wire_hlen(&in);
		xtcp_wire_build(&in, hdr);
		KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&out, hdr, hlen,
							   hlen + in.len),
				(int)XTCP_WIRE_OK);
		KUNIT_EXPECT_EQ(test, out.seq, in.seq);
		KUNIT_EXPECT_EQ(test, out.ack, in.ack);
		KUNIT_EXPECT_EQ(test, out.len, in.len);
		KUNIT_EXPECT_EQ(test, out.wnd, in.wnd);
		KUNIT_EXPECT_EQ(test, out.flags, in.flags);
		KUNIT_EXPECT_EQ(test, out.opts, in.opts);
		KUNIT_EXPECT_EQ(test, (u32)out.hlen, hlen);
		KUNIT_EXPECT_FALSE(test, out.bad_opts);
		if (in.opts & XTCP_HAS_MSS)
			KUNIT_EXPECT_EQ(test, out.mss, in.mss);
		if (in.opts & XTCP_HAS_WSCALE)
			KUNIT_EXPECT_EQ(test, out.wscale, in.wscale);
	}
}

struct shape {
	const char *name;
	u8 offset;	/* in words */
	u32 linear, total;
	int err;
};

static const struct shape shapes[] = {
	{ "nothing", 5, 0, 0, XTCP_WIRE_SHORT },
	{ "an octet short", 5, 19, 19, XTCP_WIRE_SHORT },
	{ "little at hand", 5, 19, 40, XTCP_WIRE_SHORT },
	{ "bare header", 5, 20, 20, XTCP_WIRE_OK },
	{ "offset 0", 0, 40, 40, XTCP_WIRE_OFFSET },
	{ "offset 4", 4, 40, 40, XTCP_WIRE_OFFSET },
	{ "offset behind the end", 6, 23, 23, XTCP_WIRE_OFFSET },
	{ "offset behind what is at hand", 6, 23, 60, XTCP_WIRE_OFFSET },
	{ "offset at the end", 6, 24, 24, XTCP_WIRE_OK },
	{ "longest header", 15, 60, 60, XTCP_WIRE_OK },
	{ "longest header, an octet short", 15, 59, 59, XTCP_WIRE_OFFSET },
};

static void shape_desc(const struct shape *s, char *desc)
{
	strscpy(desc, s->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(shape, shapes, shape_desc);

static void wire_parse__shape(struct kunit *test)
{
	const struct shape *s = test->param_value;
	u8 hdr[60] = { 0 };
	struct xtcp_seg seg;

	hdr[12] = s->offset << 4;
	KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, s->linear,
						   s->total), s->err);
	if (!s->err) {
		KUNIT_EXPECT_EQ(test, seg.hlen, s->offset * 4);
		KUNIT_EXPECT_EQ(test, seg.len, s->total - s->offset * 4);
	}
}

struct options {
	const char *name;
	u8 octets[12];
	u8 flags;
	bool bad;
	u8 opts;
	u16 mss;
	u8 wscale;
};

#define SYN XTCP_SYN
#define BOTH (XTCP_HAS_MSS | XTCP_HAS_WSCALE)

static const struct options options[] = {
	{ "end at once", { 0, 2, 4, 5, 0xb4 }, SYN, false, 0, 0, 0 },
	{ "MSS", { 2, 4, 5, 0xb4, 0 }, SYN, false, XTCP_HAS_MSS, 1460, 0 },
	{ "MSS on no SYN", { 2, 4, 5, 0xb4 }, XTCP_ACK, false, 0, 0, 0 },
	{ "scale on no SYN", { 3, 3, 7 }, XTCP_ACK, false, 0, 0, 0 },
	{ "both, NOPs between", { 1, 1, 3, 3, 2, 1, 2, 4, 1, 0, 1, 1 }, SYN,
	  false, BOTH, 256, 2 },
	{ "unknown passed over", { 99, 5, 0, 0, 0, 2, 4, 5, 0xb4 }, SYN,
	  false, XTCP_HAS_MSS, 1460, 0 },
	{ "unknown of two octets", { 99, 2, 2, 4, 5, 0xb4 }, SYN, false,
	  XTCP_HAS_MSS, 1460, 0 },
	{ "SACK-permitted", { 4, 2, 2, 4, 5, 0xb4 }, SYN, false,
	  XTCP_HAS_MSS | XTCP_HAS_SACK_OK, 1460, 0 },
	{ "SACK-permitted on no SYN", { 4, 2 }, XTCP_ACK, false, 0, 0, 0 },
	{ "SACK-permitted of length 3", { 4, 3, 0, 3, 3, 1 }, SYN, true,
	  XTCP_HAS_WSCALE, 0, 1 },
	{ "timestamps", { 8, 10, 1, 2, 3, 4, 5, 6, 7, 8 }, SYN, false,
	  XTCP_HAS_TS, 0, 0 },
	{ "timestamps of length 9", { 8, 9, 1, 2, 3, 4, 5, 6, 7 }, SYN, true,
	  0, 0, 0 },
	{ "timestamps of length 2", { 8, 2, 3, 3, 1 }, SYN, true,
	  XTCP_HAS_WSCALE, 0, 1 },
	{ "timestamps cut off", { 1, 1, 1, 8, 10, 2, 3, 4, 5, 6, 7, 8 }, SYN,
	  true, 0, 0, 0 },
	{ "SACK on a SYN", { 5, 10, 1, 2, 3, 4, 5, 6, 7, 8 }, SYN, false, 0,
	  0, 0 },
	{ "SACK without ACK", { 5, 10, 1, 2, 3, 4, 5, 6, 7, 8 }, XTCP_PSH,
	  false, 0, 0, 0 },
	{ "a block", { 5, 10, 1, 2, 3, 4, 5, 6, 7, 8 }, XTCP_ACK, false,
	  XTCP_HAS_SACK, 0, 0 },
	{ "SACK without a block", { 5, 2 }, XTCP_ACK, true, 0, 0, 0 },
	{ "half a block", { 5, 6, 1, 2, 3, 4 }, XTCP_ACK, true, 0, 0, 0 },
	{ "a block and an octet", { 5, 11, 1, 2, 3, 4, 5, 6, 7, 8, 9 },
	  XTCP_ACK, true, 0, 0, 0 },
	{ "unknown to the end", { 99, 12 }, SYN, false, 0, 0, 0 },
	{ "unknown beyond the end", { 99, 13 }, SYN, true, 0, 0, 0 },
	{ "length 0", { 99, 0, 2, 4, 5, 0xb4 }, SYN, true, 0, 0, 0 },
	{ "length 1", { 99, 1, 2, 4, 5, 0xb4 }, SYN, true, 0, 0, 0 },
	{ "MSS of length 3", { 2, 3, 5, 0 }, SYN, true, 0, 0, 0 },
	{ "MSS of length 5", { 2, 5, 5, 0, 0, 3, 3, 1 }, SYN, true,
	  XTCP_HAS_WSCALE, 0, 1 },
	{ "MSS of length 2", { 2, 2, 3, 3, 1 }, SYN, true, XTCP_HAS_WSCALE,
	  0, 1 },
	{ "scale of length 4", { 3, 4, 1, 1, 0 }, SYN, true, 0, 0, 0 },
	{ "scale of length 2", { 3, 2, 0 }, SYN, true, 0, 0, 0 },
	{ "scale above 14", { 3, 3, 15, 0 }, SYN, false, XTCP_HAS_WSCALE, 0,
	  14 },
	{ "scale 255", { 3, 3, 255, 0 }, SYN, false, XTCP_HAS_WSCALE, 0, 14 },
	{ "kind without length", { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2 }, SYN,
	  true, 0, 0, 0 },
	{ "MSS cut off", { 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 5 }, SYN, true, 0,
	  0, 0 },
	{ "MSS at the very end", { 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 1, 0 }, SYN,
	  false, XTCP_HAS_MSS, 256, 0 },
	{ "the last MSS counts", { 2, 4, 1, 0, 2, 4, 2, 0, 0 }, SYN, false,
	  XTCP_HAS_MSS, 512, 0 },
	{ "NOPs alone", { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, SYN, false, 0,
	  0, 0 },
};

static void options_desc(const struct options *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(options, options, options_desc);

static void wire_parse__options(struct kunit *test)
{
	const struct options *o = test->param_value;
	u8 *hdr = kunit_kzalloc(test, 32, GFP_KERNEL);
	struct xtcp_seg seg;

	hdr[12] = 8 << 4;
	hdr[13] = o->flags;
	memcpy(hdr + 20, o->octets, 12);
	KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, 32, 32),
			(int)XTCP_WIRE_OK);
	KUNIT_EXPECT_EQ(test, seg.bad_opts, o->bad);
	KUNIT_EXPECT_EQ(test, seg.opts, o->opts);
	if (o->opts & XTCP_HAS_MSS)
		KUNIT_EXPECT_EQ(test, seg.mss, o->mss);
	if (o->opts & XTCP_HAS_WSCALE)
		KUNIT_EXPECT_EQ(test, seg.wscale, o->wscale);
}

/* Timestamps, where they nearly always are and where they may be */
static void wire_parse__timestamps(struct kunit *test)
{
	static const u8 places[][16] = {
		{ 1, 1, 8, 10, 1, 2, 3, 4, 0xf5, 6, 7, 8 },
		{ 8, 10, 1, 2, 3, 4, 0xf5, 6, 7, 8, 1, 1 },
		{ 1, 8, 10, 1, 2, 3, 4, 0xf5, 6, 7, 8, 0 },
		{ 8, 10, 1, 2, 3, 4, 0xf5, 6, 7, 8, 0, 0 },
	};
	u8 *hdr = kunit_kzalloc(test, 32, GFP_KERNEL);
	struct xtcp_seg seg;
	u32 i;

	hdr[12] = 8 << 4;
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		memcpy(hdr + 20, places[i], 12);
		hdr[13] = XTCP_ACK;
		KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, 32, 32),
				(int)XTCP_WIRE_OK);
		KUNIT_EXPECT_EQ(test, seg.opts, XTCP_HAS_TS);
		KUNIT_EXPECT_EQ(test, seg.ts_val, 0x01020304U);
		KUNIT_EXPECT_EQ(test, seg.ts_ecr, 0xf5060708U);
		/* RFC7323-3.2-tsecr: without ACK it is not valid */
		hdr[13] = XTCP_RST;
		xtcp_wire_parse(&seg, hdr, 32, 32);
		KUNIT_EXPECT_EQ(test, seg.ts_ecr, 0U);
	}
}

static void wire_parse__sack(struct kunit *test)
{
	u8 *hdr = kunit_kzalloc(test, 60, GFP_KERNEL);
	struct xtcp_seg seg;
	u32 i;

	hdr[12] = 15 << 4;
	hdr[13] = XTCP_ACK;
	/* four blocks are what there is room for */
	hdr[20] = 1;
	hdr[21] = 1;
	hdr[22] = 5;
	hdr[23] = 34;
	for (i = 0; i < 8; i++)
		hdr[24 + 4 * i] = i + 1;
	hdr[56] = 0;
	KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, 60, 60),
			(int)XTCP_WIRE_OK);
	KUNIT_EXPECT_FALSE(test, seg.bad_opts);
	KUNIT_EXPECT_EQ(test, seg.opts, XTCP_HAS_SACK);
	KUNIT_EXPECT_EQ(test, seg.nsack, 4);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, seg.sack[i].start, (2 * i + 1) << 24);
		KUNIT_EXPECT_EQ(test, seg.sack[i].end, (2 * i + 2) << 24);
	}
	/* one more reaches beyond the header */
	hdr[23] = 42;
	xtcp_wire_parse(&seg, hdr, 60, 60);
	KUNIT_EXPECT_TRUE(test, seg.bad_opts);
	KUNIT_EXPECT_EQ(test, seg.opts, 0);
}

struct layout {
	const char *name;
	u8 opts, nsack, len;
	u8 octets[40];
};

/* As Linux TCP lays them out, with the values of wire_build__layout() */
static const struct layout layouts[] = {
	{ "a SYN's, all", XTCP_HAS_MSS | XTCP_HAS_SACK_OK | XTCP_HAS_TS |
	  XTCP_HAS_WSCALE, 0, 20,
	  { 2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7 } },
	{ "without SACK", XTCP_HAS_MSS | XTCP_HAS_TS | XTCP_HAS_WSCALE, 0, 20,
	  { 2, 4, 5, 0xb4, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7 } },
	{ "without timestamps", XTCP_HAS_MSS | XTCP_HAS_SACK_OK |
	  XTCP_HAS_WSCALE, 0, 12, { 2, 4, 5, 0xb4, 1, 1, 4, 2, 1, 3, 3, 7 } },
	{ "timestamps alone", XTCP_HAS_TS, 0, 12,
	  { 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8 } },
	{ "a block", XTCP_HAS_SACK, 1, 12,
	  { 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2 } },
	{ "timestamps and three blocks", XTCP_HAS_TS | XTCP_HAS_SACK, 3, 40,
	  { 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 5, 26, 0, 0, 0, 1, 0,
	    0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 6 } },
};

static void layout_desc(const struct layout *l, char *desc)
{
	strscpy(desc, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(layout, layouts, layout_desc);

static void wire_build__layout(struct kunit *test)
{
	const struct layout *l = test->param_value;
	struct xtcp_seg seg = {
		.flags = XTCP_ACK, .mss = 1460, .wscale = 7, .opts = l->opts,
		.nsack = l->nsack, .ts_val = 0x01020304, .ts_ecr = 0x05060708,
		.sack = { { 1, 2 }, { 3, 4 }, { 5, 6 } },
	};
	u8 *hdr = kunit_kzalloc(test, 20 + l->len, GFP_KERNEL);

	KUNIT_EXPECT_EQ(test, xtcp_wire_hlen(&seg), 20U + l->len);
	xtcp_wire_build(&seg, hdr);
	KUNIT_EXPECT_EQ(test, hdr[12] >> 4, (20 + l->len) / 4);
	KUNIT_EXPECT_EQ(test, memcmp(hdr + 20, l->octets, l->len), 0);
}

/* Reserved bits and the two of ECN mean nothing here */
static void wire_parse__reserved_bits(struct kunit *test)
{
	u8 hdr[20] = { 0 };
	struct xtcp_seg seg;

	hdr[12] = 5 << 4 | 15;
	hdr[13] = 0xff;
	KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, 20, 20),
			(int)XTCP_WIRE_OK);
	KUNIT_EXPECT_EQ(test, seg.flags, 0xff);
	KUNIT_EXPECT_EQ(test, seg.ecn, XTCP_ECN_NONE);
}

/* Whatever the octets, nothing behind the header is read */
static void wire_parse__noise(struct kunit *test)
{
	u8 *hdr = kunit_kzalloc(test, 60, GFP_KERNEL);
	struct xtcp_seg seg;
	u32 x = 1, i, j;

	for (i = 0; i < 20000; i++) {
		for (j = 0; j < 60; j++) {
			x = x * 1664525 + 1013904223;
			hdr[j] = x >> 24 & (x >> 16 & 1 ? 0xff : 7);
		}
		hdr[12] = 15 << 4;
		if (i & 1)
			hdr[13] |= XTCP_SYN;
		if (xtcp_wire_parse(&seg, hdr, 60, 60) != XTCP_WIRE_OK ||
		    seg.hlen != 60)
			KUNIT_FAIL(test, "round %u", i);
		if (seg.opts & XTCP_HAS_WSCALE && seg.wscale > XTCP_WSCALE_MAX)
			KUNIT_FAIL(test, "scale %u", seg.wscale);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(wire_build__octets),
	KUNIT_CASE(wire_parse__round_trip),
	KUNIT_CASE_PARAM(wire_parse__shape, shape_gen_params),
	KUNIT_CASE_PARAM(wire_parse__options, options_gen_params),
	KUNIT_CASE(wire_parse__timestamps),
	KUNIT_CASE(wire_parse__sack),
	KUNIT_CASE_PARAM(wire_build__layout, layout_gen_params),
	KUNIT_CASE(wire_parse__reserved_bits),
	KUNIT_CASE(wire_parse__noise),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_wire", .test_cases = cases };
kunit_test_suite(suite);
