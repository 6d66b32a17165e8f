// SPDX-License-Identifier: GPL-2.0
/* Tests of TCP Fast Open (RFC 7413). */
#include "script_test.h"

#include "req.h"

#include "fastopen.c"

#define SA (XTCP_SYN | XTCP_ACK)
#define PA (XTCP_PSH | XTCP_ACK)
#define ALL_OPTS (XTCP_HAS_MSS | XTCP_HAS_WSCALE | XTCP_HAS_TS | XTCP_HAS_SACK_OK)

static const struct xtcp_fastopen_peer known = {
	.cookie = { .len = 8, .octets = "COOKIE!" }, .mss = 900,
};

struct option {
	const char *name;
	u8 octets[20];
	u8 flags;
	bool taken, bad;
};

static const struct option options[] = {
	{ "request", { 34, 2, 1, 1 }, XTCP_SYN, true },
	{ "of 2", { 34, 4, 1, 2 }, XTCP_SYN, false, true },
	{ "of 3", { 34, 5, 1, 2, 3, 1, 1, 1 }, XTCP_SYN, false, true },
	{ "of 4", { 34, 6, 1, 2, 3, 4, 1, 1 }, XTCP_SYN, true },
	{ "of 5", { 34, 7, 1, 2, 3, 4, 5, 1 }, XTCP_SYN, false, true },
	{ "of 8", { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 }, SA, true },
	{ "of 16", { 34, 18, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	  XTCP_SYN, true },
	{ "of 17", { 34, 19, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	  XTCP_SYN, false, true },
	{ "of 18", { 34, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 },
	  XTCP_SYN, false, true },
	{ "without a SYN", { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 }, XTCP_ACK, false },
	{ "of 5 without a SYN", { 34, 7, 1, 2, 3, 4, 5, 1 }, XTCP_ACK, false },
	{ "cut off", { 34, 60, 1, 2 }, XTCP_SYN, false, true },
};

static void option_desc(const struct option *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(option, options, option_desc);

static void fastopen__option(struct kunit *test)
{
	const struct option *o = test->param_value;
	u8 hdr[60] = { 0 };
	struct xtcp_seg seg;

	PROVES(test, "RFC7413-4.1.1");
	hdr[12] = 10 << 4;
	hdr[13] = o->flags;
	memcpy(hdr + 20, o->octets, sizeof(o->octets));
	KUNIT_EXPECT_EQ(test, (int)xtcp_wire_parse(&seg, hdr, 40, 40), (int)XTCP_WIRE_OK);
	KUNIT_EXPECT_EQ(test, !!(seg.opts & XTCP_HAS_FASTOPEN), o->taken);
	KUNIT_EXPECT_EQ(test, seg.bad_opts, o->bad);
	if (!o->taken)
		return;
	KUNIT_EXPECT_EQ(test, (u32)seg.fo_len, o->octets[1] - 2U);
	KUNIT_EXPECT_EQ(test, memcmp(seg.fo_cookie, o->octets + 2, seg.fo_len), 0);
}

/* What is written is read again, beside all other options, if there is room */
static void fastopen_put__lengths(struct kunit *test)
{
	struct xtcp_fastopen_offer offer = { .option = true };
	u32 len;

	for (len = 0; len <= XTCP_FASTOPEN_MAX; len += len ? 2 : 4) {
		struct xtcp_seg in = { .flags = SA, .opts = ALL_OPTS, .mss = 1460 }, out;
		u8 hdr[60];
		u32 hlen, i;

		offer.cookie.len = len;
		for (i = 0; i < len; i++)
			offer.cookie.octets[i] = 0x80 + i;
		xtcp_fastopen_put(&offer, &in);
		hlen = xtcp_wire_hlen(&in);
		KUNIT_EXPECT_EQ(test, hlen, 40 + ((len + 5) & ~3));
		memset(hdr, 0x55, sizeof(hdr));
		xtcp_wire_build(&in, hdr);
		xtcp_wire_parse(&out, hdr, hlen, hlen);
		KUNIT_EXPECT_EQ(test, out.opts, ALL_OPTS | XTCP_HAS_FASTOPEN);
		KUNIT_EXPECT_FALSE(test, out.bad_opts);
		KUNIT_EXPECT_EQ(test, (u32)out.fo_len, len);
		KUNIT_EXPECT_EQ(test, memcmp(out.fo_cookie, offer.cookie.octets, len), 0);
	}
}

/* A client in SYN-SENT that has sent nothing */
static struct script *opening(struct kunit *test)
{
	struct script *s = script_new(test);

	s->p.sack = true;
	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	return s;
}

/* It has sent @len octets in its SYN, as it has a cookie */
static struct script *early(struct kunit *test, u32 len)
{
	struct script *s = opening(test);
	struct xtcp_fastopen_offer offer;

	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, &known, false, s->now));
	script_write(s, len);
	s->t.offer = &offer;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	s->t.offer = NULL;
	s->now += 100 * MS;
	return s;
}

static void answer(struct script *s, u8 flags, u8 opts, u32 ack)
{
	struct xtcp_seg seg = {
		.seq = IRS, .ack = ack, .wnd = 5000, .flags = flags, .hlen = 20,
		.opts = XTCP_HAS_MSS | opts, .mss = MSS,
	};

	if (opts & XTCP_HAS_FASTOPEN) {
		seg.fo_len = 4;
		memcpy(seg.fo_cookie, "NEW!", 4);
	}
	script_rx_seg(s, &seg);
}

static void fastopen_choose__first(struct kunit *test)
{
	struct xtcp_fastopen_peer nothing = { .mss = 1000 };
	struct script *s = opening(test);
	struct xtcp_fastopen_offer offer;
	int i;

	PROVES(test, "RFC7413-4.2.1");
	for (i = 0; i < 2; i++) {
		KUNIT_EXPECT_FALSE(test, xtcp_fastopen_choose(&s->t, &offer, i ? &nothing : NULL,
							      false, s->now));
		KUNIT_EXPECT_TRUE(test, offer.option);
		KUNIT_EXPECT_EQ(test, (u32)offer.cookie.len, 0U);
		KUNIT_EXPECT_EQ(test, (u32)offer.room, 0U);
		KUNIT_EXPECT_EQ(test, (u32)s->t.fo_fail, (u32)XTCP_FASTOPEN_NO_COOKIE);
	}
	/* the option stands in the SYN, and no data that was written meanwhile */
	script_write(s, 100);
	s->t.offer = &offer;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
	KUNIT_EXPECT_TRUE(test, s->out[0].opts & XTCP_HAS_FASTOPEN);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].fo_len, 0U);
	KUNIT_EXPECT_TRUE(test, s->t.fo_asked);
}

static void fastopen_choose__room(struct kunit *test)
{
	struct xtcp_fastopen_peer peer = known;
	struct script *s = opening(test);
	struct xtcp_fastopen_offer offer;

	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, false, s->now));
	KUNIT_EXPECT_EQ(test, (u32)offer.room, 860U);
	KUNIT_EXPECT_EQ(test, memcmp(&offer.cookie, &known.cookie, sizeof(known.cookie)), 0);
	s->t.mss = 500;			/* the path's */
	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, false, s->now));
	KUNIT_EXPECT_EQ(test, (u32)offer.room, 460U);
	s->t.mss = 40;
	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, false, s->now));
	KUNIT_EXPECT_EQ(test, (u32)offer.room, 0U);
	/* without a cookie, as the user wants it: our own MSS for want of theirs */
	s->t.mss = 2000;
	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, NULL, true, s->now));
	KUNIT_EXPECT_FALSE(test, offer.option);
	KUNIT_EXPECT_EQ(test, (u32)offer.room, 960U);
	KUNIT_EXPECT_EQ(test, (u32)s->t.fo_fail, 0U);
	peer.until = s->now + 1;
	KUNIT_EXPECT_FALSE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, true, s->now));
	KUNIT_EXPECT_EQ(test, (u32)offer.room, 0U);
	KUNIT_EXPECT_FALSE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, false, s->now));
	KUNIT_EXPECT_FALSE(test, offer.option);
	KUNIT_EXPECT_TRUE(test, xtcp_fastopen_choose(&s->t, &offer, &peer, false, s->now + 1));
}

static void fastopen_answered__all(struct kunit *test)
{
	struct script *s = early(test, 300);

	EXPECT_OUT(test, s, 0, XTCP_SYN | XTCP_PSH, ISS, 300);
	KUNIT_EXPECT_EQ(test, memcmp(s->out[0].fo_cookie, "COOKIE!", 8), 0);
	EXPECT_SOUND(test, s);
	answer(s, SA, 0, S(300));
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->t.fo_data);
	KUNIT_EXPECT_FALSE(test, s->t.fo_syn);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_FASTOPEN);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_ACKED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(300), 0);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	EXPECT_SOUND(test, s);
}

/* More was written than a SYN has room for; the rest follows the handshake */
static void fastopen_answered__more(struct kunit *test)
{
	struct script *s = early(test, 1000);

	EXPECT_OUT(test, s, 0, XTCP_SYN | XTCP_PSH, ISS, 860);
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	answer(s, SA, 0, S(860));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(860), 140);
	EXPECT_SOUND(test, s);
}

/* Data that is not acknowledged goes out with the handshake's last ACK, at once */
static void fastopen_answered__unacked(struct kunit *test)
{
	u32 i;

	PROVES(test, "RFC7413-4.2.2");
	for (i = 0; i < 4; i++) {
		struct script *s = early(test, 300);
		u32 taken = i & 1 ? 100 : 0;

		answer(s, SA, i & 2 ? XTCP_HAS_SACK_OK : 0, S(taken));
		EXPECT_STATE(test, s, ESTABLISHED);
		KUNIT_EXPECT_FALSE(test, s->t.fo_data);
		KUNIT_EXPECT_EQ(test, (u32)s->t.fo_fail, (u32)XTCP_FASTOPEN_NOT_ACKED);
		EXPECT_SOUND(test, s);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, PA, S(taken), 300 - taken);
		KUNIT_EXPECT_EQ(test, (u32)s->out[0].kind, (u32)XTCP_TX_RTX);
		EXPECT_SOUND(test, s);
		s->now += 50 * MS;
		script_ack(s, S(300));
		KUNIT_EXPECT_EQ(test, s->t.snd_una, s->t.snd_nxt);
		KUNIT_EXPECT_EQ(test, script_push(s), 0U);
		EXPECT_SOUND(test, s);
	}
}

/* The peer's window turns out to be smaller than what was sent */
static void fastopen_answered__small_window(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 6; i++) {
		struct script *s = early(test, 300);
		u32 room = i < 3 ? 100 : 0;
		struct xtcp_seg seg = {
			.seq = IRS, .ack = S(0), .wnd = room, .hlen = 20,
			.flags = i % 3 == 2 ? XTCP_SYN : SA,
			.opts = i % 3 ? XTCP_HAS_SACK_OK : 0,
		};

		script_rx_seg(s, &seg);
		KUNIT_EXPECT_EQ(test, s->t.snd_nxt, S(room));
		script_push(s);
		if (i % 3 == 2) {
			script_rx(s, XTCP_ACK, R(0), S(0), 0, room);
			script_push(s);
		}
		EXPECT_STATE(test, s, ESTABLISHED);
		EXPECT_SOUND(test, s);
		KUNIT_EXPECT_EQ(test, s->t.snd_nxt, S(room));
		if (room)
			EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), room);	/* no PSH: more follows */
		script_rx(s, XTCP_ACK, R(0), S(room), 0, 1000);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, PA, S(room), 300 - room);
		EXPECT_SOUND(test, s);
	}
}

static void fastopen__syn_lost(struct kunit *test)
{
	u32 i;

	PROVES(test, "RFC7413-4.2.2");
	for (i = 0; i < 2; i++) {
		const struct xtcp_fastopen_offer offer = { .option = true, .room = 300 };
		struct script *s = early(test, 300);

		script_wait(s, 900 * MS);
		s->t.offer = &offer;	/* that it is there still makes no difference */
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
		KUNIT_EXPECT_FALSE(test, s->out[0].opts & XTCP_HAS_FASTOPEN);
		EXPECT_SOUND(test, s);
		s->now += 50 * MS;
		answer(s, SA, i ? XTCP_HAS_SACK_OK : 0, S(0));
		KUNIT_EXPECT_EQ(test, (u32)s->t.fo_fail, (u32)XTCP_FASTOPEN_SYN_LOST);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, PA, S(0), 300);
		EXPECT_SOUND(test, s);
		script_ack(s, S(300));
		EXPECT_SOUND(test, s);
	}
}

/* A path's smaller MTU, told while the SYN is on its way: a plain one at once */
static void fastopen__too_large(struct kunit *test)
{
	struct script *s = early(test, 300);

	xtcp_user_set_mss(&s->t, 200);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
	EXPECT_SOUND(test, s);
	answer(s, SA, 0, S(0));
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, PA, S(0), 300);	/* in segments of 200 */
	EXPECT_SOUND(test, s);
}

/* A SYN that waits for the user's data no longer does when the peer's has come */
static void fastopen_crossed__held(struct kunit *test)
{
	struct script *s = early(test, 0);

	s->t.syn_held = true;
	xtcp_fastopen_crossed(&s->t);
	KUNIT_EXPECT_FALSE(test, s->t.syn_held);
}

static void fastopen_crossed__resends(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 4; i++) {
		struct script *s = early(test, 300);
		u32 kept = i & 1 ? 300 : 0;

		answer(s, XTCP_SYN, i & 2 ? XTCP_HAS_SACK_OK : 0, 0);
		EXPECT_STATE(test, s, SYN_RECEIVED);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, SA, ISS, 0);
		EXPECT_SOUND(test, s);
		script_ack(s, S(kept));
		EXPECT_STATE(test, s, ESTABLISHED);
		EXPECT_SOUND(test, s);
		KUNIT_EXPECT_EQ(test, script_push(s), kept ? 0U : 1U);
		if (!kept)
			EXPECT_OUT(test, s, 0, PA, S(0), 300);
		EXPECT_SOUND(test, s);
		script_ack(s, S(300));
		EXPECT_SOUND(test, s);
	}
}

/* After connect() with TCP_FASTOPEN_CONNECT nothing happens until data is there */
static void fastopen__held(struct kunit *test)
{
	struct script *s = opening(test);

	s->t.syn_held = true;
	KUNIT_EXPECT_EQ(test, script_push(s), 0U);
	KUNIT_EXPECT_EQ(test, xtcp_timer_next(&s->t), (u64)0);
	EXPECT_SOUND(test, s);
	s->t.syn_held = false;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
}

struct lesson {
	const char *name;
	bool asked, cookie, rtx;
	u8 fail;
	bool failed;
};

static const struct lesson lessons[] = {
	{ "taken", true, false, false, XTCP_FASTOPEN_UNSAID, false },
	{ "taken, and a new cookie", true, true, false, XTCP_FASTOPEN_UNSAID, false },
	{ "asked for, and given", true, true, false, XTCP_FASTOPEN_NO_COOKIE, false },
	{ "asked for, not given", true, false, false, XTCP_FASTOPEN_NO_COOKIE, false },
	{ "asked for, the SYN lost", true, false, true, XTCP_FASTOPEN_NO_COOKIE, true },
	{ "not taken, a new cookie", true, true, false, XTCP_FASTOPEN_NOT_ACKED, false },
	{ "not taken", true, false, false, XTCP_FASTOPEN_NOT_ACKED, true },
	{ "the SYN lost", true, false, true, XTCP_FASTOPEN_SYN_LOST, true },
	{ "not asked for, yet given", false, true, false, XTCP_FASTOPEN_UNSAID, false },
};

static void lesson_desc(const struct lesson *l, char *desc)
{
	strscpy(desc, l->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(lesson, lessons, lesson_desc);

static void fastopen_learn__table(struct kunit *test)
{
	const struct lesson *l = test->param_value;
	struct xtcp_fastopen_peer peer = known;
	struct script *s = opening(test);
	struct xtcp_seg seg = {
		.opts = XTCP_HAS_MSS | (l->cookie ? XTCP_HAS_FASTOPEN : 0), .mss = 1234,
		.fo_len = 4, .fo_cookie = "NEW!",
	};
	bool fresh = l->asked && l->cookie;

	PROVES(test, "RFC7413-4.1.3");
	s->t.fo_asked = l->asked;
	s->t.fo_fail = l->fail;
	s->t.syn_rtx = l->rtx;
	peer.failures = 1;
	peer.until = s->now - 1;
	xtcp_fastopen_learn(&peer, &s->t, &seg, s->now);
	KUNIT_EXPECT_EQ(test, (u32)peer.mss, 1234U);
	KUNIT_EXPECT_EQ(test, (u32)peer.failures, l->failed ? 2U : 0U);
	KUNIT_EXPECT_EQ(test, peer.until, l->failed ? s->now + 2 * XTCP_FASTOPEN_PAUSE : 0);
	KUNIT_EXPECT_EQ(test, (u32)peer.cookie.len, fresh ? 4U : 8U);
	KUNIT_EXPECT_EQ(test, memcmp(peer.cookie.octets, fresh ? "NEW!" : "COOKIE!",
				     peer.cookie.len), 0);
}

static void fastopen_failed__backs_off(struct kunit *test)
{
	struct xtcp_fastopen_peer peer = known;
	u64 now = 1, pause = XTCP_FASTOPEN_PAUSE;
	u32 i;

	PROVES(test, "RFC7413-4.1.3");
	for (i = 0; i < 10; i++) {
		xtcp_fastopen_failed(&peer, now);
		KUNIT_EXPECT_EQ(test, peer.until, now + pause);
		if (i < XTCP_FASTOPEN_DOUBLINGS)
			pause *= 2;
	}
}

/* A server's connection, made by a SYN with @len octets; nothing was sent */
static struct script *child(struct kunit *test, u32 len, bool ecn)
{
	struct script *s = script_new(test);
	struct xtcp_seg syn = {
		.seq = IRS, .wnd = 3000, .flags = XTCP_SYN, .hlen = 20, .len = len,
		.opts = ALL_OPTS, .mss = MSS, .wscale = 2, .ts_val = 7,
	};
	struct xtcp_req req;

	s->p.sack = true;
	s->p.timestamps = true;
	s->p.ecn = 2;
	s->p.synack_retries = 3;
	if (ecn)
		syn.flags |= XTCP_ECE | XTCP_CWR;
	xtcp_req_init(&req, &syn, ISS, WND, WND, MSS, 536);
	xtcp_req_options(&req, &syn, &s->p, 0, s->now);
	xtcp_act_init(&s->act);
	xtcp_fastopen_accept(&s->t, &req, s->now, &s->act);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	s->now += MS;
	s->t.rcv_space -= len;
	xtcp_act_init(&s->act);
	xtcp_fastopen_rx(&s->t, &syn, &s->nodes[s->nnodes++], s->now, &s->act);
	return s;
}

/* The handshake's last ACK, or what follows on it */
static void last_ack(struct script *s, u32 ack, u32 len)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = ack, .len = len, .wnd = 5000,
		.flags = XTCP_ACK, .hlen = 32, .opts = XTCP_HAS_TS, .ts_val = 8,
		.ts_ecr = xtcp_ts_clock(&s->t.ts, s->now - 100 * MS),
	};

	script_rx_seg(s, &seg);
}

static void fastopen_rx__data(struct kunit *test)
{
	struct script *s = child(test, 200, true);

	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_DELIVER);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, 200U);
	KUNIT_EXPECT_EQ(test, s->act.rx_skip, 0U);
	KUNIT_EXPECT_TRUE(test, s->t.fo_data);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, SA | XTCP_ECE, ISS, 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(200));
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].opts, (u32)ALL_OPTS);
	KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, 7U);
	KUNIT_EXPECT_EQ(test, (u32)s->out[0].wnd, WND - 200U);
	EXPECT_SOUND(test, s);
	/* and the handshake ends */
	s->now += 100 * MS;
	last_ack(s, S(0), 10);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_SYN_ACKED);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, 10U);
	KUNIT_EXPECT_EQ(test, s->t.snd_wnd, 20000U);
	KUNIT_EXPECT_EQ(test, s->t.srtt, 100000U);
	EXPECT_SOUND(test, s);
}

/* Data beyond the window that the SYN-ACK would offer stays with the peer */
static void fastopen_rx__too_much(struct kunit *test)
{
	struct script *s = child(test, WND + 500, false);

	KUNIT_EXPECT_EQ(test, s->act.rx_len, (u32)WND);
	s->t.rcv_space = 0;
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(WND));
	EXPECT_SOUND(test, s);
}

static void fastopen_rx__no_data(struct kunit *test)
{
	struct script *s = child(test, 0, false);

	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_DELIVER);
	KUNIT_EXPECT_FALSE(test, s->t.fo_data);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, SA, ISS, 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(0));
}

/* The server answers before the handshake ends, within the SYN's unscaled window */
static void fastopen__early_answer(struct kunit *test)
{
	struct script *s = child(test, 200, false);

	script_write(s, 5000);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	EXPECT_OUT(test, s, 0, SA, ISS, 0);
	EXPECT_OUT(test, s, 1, XTCP_ACK, S(0), 3 * s->t.mss);
	EXPECT_SOUND(test, s);
	/* what goes out again is the SYN-ACK alone: without it the rest means nothing */
	script_wait(s, 1000 * MS);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, SA, ISS, 0);
	KUNIT_EXPECT_EQ(test, s->out[0].ack, R(200));
	EXPECT_SOUND(test, s);
	s->now += 100 * MS;
	last_ack(s, S(0), 0);
	EXPECT_STATE(test, s, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_ACK, S(0), s->t.mss);
	EXPECT_SOUND(test, s);
	last_ack(s, S(3 * s->t.mss), 0);
	script_push(s);
	EXPECT_SOUND(test, s);
}

/* All of that is acknowledged at once */
static void fastopen__early_acked(struct kunit *test)
{
	struct script *s = child(test, 200, false);

	script_write(s, 100);
	script_shutdown(s);
	EXPECT_STATE(test, s, FIN_WAIT_1);
	KUNIT_EXPECT_EQ(test, script_push(s), 2U);
	EXPECT_OUT(test, s, 1, PA | XTCP_FIN, S(0), 100);
	EXPECT_SOUND(test, s);
	s->now += 100 * MS;
	last_ack(s, S(101), 0);
	EXPECT_STATE(test, s, FIN_WAIT_2);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_SYN_ACKED);
	KUNIT_EXPECT_FALSE(test, s->act.flags & XTCP_ACT_CONNECTED);
	EXPECT_SOUND(test, s);
}

/* The peer has not had the SYN-ACK: it gets one, and its data is not taken twice */
static void fastopen__syn_again(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 2; i++) {
		struct script *s = child(test, 200, false);
		struct xtcp_seg syn = {
			.seq = IRS, .wnd = 3000, .flags = XTCP_SYN, .hlen = 20,
			.len = i ? 200 : 0, .opts = ALL_OPTS, .mss = MSS, .ts_val = 9,
		};

		if (i)
			script_write(s, 2000);
		script_push(s);
		script_rx_seg(s, &syn);
		EXPECT_DROP(test, s, NO_ACK);
		KUNIT_EXPECT_EQ(test, script_push(s), 1U);
		EXPECT_OUT(test, s, 0, SA, ISS, 0);
		KUNIT_EXPECT_EQ(test, s->out[0].ack, R(200));
		KUNIT_EXPECT_EQ(test, s->out[0].ts_ecr, 9U);
		KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(200));
		EXPECT_SOUND(test, s);
	}
}

static void fastopen__reset(struct kunit *test)
{
	struct script *s = child(test, 200, false);

	script_push(s);
	script_rx(s, XTCP_RST, R(0), 0, 0, 0);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	script_rx(s, XTCP_RST | XTCP_SYN, IRS, 0, 0, 0);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	script_rx(s, XTCP_RST, R(200), 0, 0, 0);
	EXPECT_STATE(test, s, CLOSED);
	KUNIT_EXPECT_EQ(test, s->act.err, ECONNRESET);
}

/* Nobody ends it but its own timer: after one try more than a request has */
static void fastopen__timeout(struct kunit *test)
{
	struct script *s = child(test, 200, false);
	u32 sent;

	script_push(s);
	for (sent = 0; s->t.state == XTCP_SYN_RECEIVED && sent < 20; sent++) {
		script_wait(s, 130000 * MS);
		if (!script_push(s))
			break;
	}
	KUNIT_EXPECT_EQ(test, sent, 4U);
	KUNIT_EXPECT_EQ(test, s->act.err, ETIMEDOUT);
}

/* It is the user's: what the network reports does not end it (RFC 5927) */
static void fastopen__unreachable(struct kunit *test)
{
	struct script *s = child(test, 200, false);

	script_push(s);
	xtcp_act_init(&s->act);
	xtcp_user_unreachable(&s->t, ISS, ECONNREFUSED, &s->act);
	EXPECT_STATE(test, s, SYN_RECEIVED);
	KUNIT_EXPECT_TRUE(test, s->act.flags & XTCP_ACT_SOFT_ERR);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(fastopen__option, option_gen_params),
	KUNIT_CASE(fastopen_put__lengths),
	KUNIT_CASE(fastopen_choose__first),
	KUNIT_CASE(fastopen_choose__room),
	KUNIT_CASE(fastopen_answered__all),
	KUNIT_CASE(fastopen_answered__more),
	KUNIT_CASE(fastopen_answered__unacked),
	KUNIT_CASE(fastopen_answered__small_window),
	KUNIT_CASE(fastopen__syn_lost),
	KUNIT_CASE(fastopen__too_large),
	KUNIT_CASE(fastopen_crossed__resends),
	KUNIT_CASE(fastopen_crossed__held),
	KUNIT_CASE(fastopen__held),
	KUNIT_CASE_PARAM(fastopen_learn__table, lesson_gen_params),
	KUNIT_CASE(fastopen_failed__backs_off),
	KUNIT_CASE(fastopen_rx__data),
	KUNIT_CASE(fastopen_rx__too_much),
	KUNIT_CASE(fastopen_rx__no_data),
	KUNIT_CASE(fastopen__early_answer),
	KUNIT_CASE(fastopen__early_acked),
	KUNIT_CASE(fastopen__syn_again),
	KUNIT_CASE(fastopen__reset),
	KUNIT_CASE(fastopen__timeout),
	KUNIT_CASE(fastopen__unreachable),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_fastopen", .test_cases = cases };
kunit_test_suite(suite);
