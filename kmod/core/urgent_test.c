// SPDX-License-Identifier: GPL-2.0
/* Tests of urgent data, as exchanges. */
#include "script_test.h"

#include "urgent.c"

#define A XTCP_ACK
#define U (XTCP_ACK | XTCP_URG)
#define P XTCP_PSH

/* A segment with an urgent pointer arrives */
static void rx(struct script *s, u32 seq, u32 len, u16 up)
{
	struct xtcp_seg seg = {
		.seq = seq, .ack = s->t.snd_una, .len = len, .wnd = WND,
		.flags = U, .hlen = 20, .up = up,
	};

	script_rx_seg(s, &seg);
}

static void write_urgent(struct script *s, u32 len)
{
	script_write(s, len);
	xtcp_urgent_write(&s->t);
}

#define EXPECT_UP(test, s, i, ptr) do {					\
	KUNIT_EXPECT_TRUE(test, (s)->out[i].flags & XTCP_URG);		\
	KUNIT_EXPECT_EQ(test, (u32)(s)->out[i].up, (u32)(ptr));		\
} while (0)
#define EXPECT_URG(test, s, name)					\
	KUNIT_EXPECT_EQ(test, (u32)(s)->t.urg, (u32)XTCP_URG_##name)
#define EXPECT_ACT(test, s, all, some)					\
	KUNIT_EXPECT_EQ(test, (s)->act.flags & (all), (u32)(some))
#define URG_ACTS (XTCP_ACT_URGENT | XTCP_ACT_URG_MOVED | XTCP_ACT_URG_OCTET | \
		  XTCP_ACT_URG_READY)

/* The pointer lies behind the urgent octet, in each segment until it is acknowledged */
static void urgent__sent(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-30 MUST-31 MUST-62");
	write_urgent(s, 2 * MSS + 100);
	/* not held back though it is small, and not in one super-segment */
	KUNIT_ASSERT_EQ(test, script_push(s), 3U);
	EXPECT_OUT(test, s, 0, U, S(0), MSS);
	EXPECT_UP(test, s, 0, 2 * MSS + 100);
	EXPECT_OUT(test, s, 1, U, S(MSS), MSS);
	EXPECT_UP(test, s, 1, MSS + 100);
	EXPECT_OUT(test, s, 2, U | P, S(2 * MSS), 100);
	EXPECT_UP(test, s, 2, 100);
	/* what follows is not urgent, and goes out singly as long as that is unknown */
	script_write(s, 3 * MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 3U);
	EXPECT_OUT(test, s, 0, A, S(2 * MSS + 100), MSS);
	script_ack(s, S(5 * MSS + 100));
	script_write(s, 3 * MSS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_FALSE(test, s->t.snd_urg);
	EXPECT_SOUND(test, s);
}

static void urgent__sent_last_wins(struct kunit *test)
{
	struct script *s = script_open(test);

	s->t.more = true;
	s->t.snd_wnd = 0;
	write_urgent(s, 10);
	write_urgent(s, 10);
	KUNIT_ASSERT_EQ(test, script_push(s), 0U);
	s->t.snd_wnd = WND;
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, U | P, S(0), 20);
	EXPECT_UP(test, s, 0, 20);
	/* a pointer that goes on says so at once */
	write_urgent(s, 5);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, U | P, S(20), 5);
	EXPECT_UP(test, s, 0, 5);
}

static void urgent__sent_again(struct kunit *test)
{
	struct script *s = script_open(test);

	write_urgent(s, 100);
	script_push(s);
	script_write(s, 2 * MSS);
	script_push(s);
	script_wait(s, 5000 * MS);
	KUNIT_ASSERT_TRUE(test, script_push(s) > 0);
	KUNIT_EXPECT_EQ(test, s->out[0].seq, S(0));
	EXPECT_UP(test, s, 0, 100);
	KUNIT_EXPECT_TRUE(test, s->t.snd_urg);
}

/* 100 KiB ahead: as far as the field can say, and never into what was sent */
static void urgent__sent_far_ahead(struct kunit *test)
{
	struct script *s = script_open(test);
	u32 n;

	PROVES(test, "MUST-31");
	s->t.snd_wnd = 200000;
	s->t.cong.cwnd = 1000000;
	write_urgent(s, 25000);
	for (n = 0; n < 3; n++)
		write_urgent(s, 25000);
	KUNIT_ASSERT_EQ(test, script_push(s), (u32)OUTS);
	EXPECT_UP(test, s, 0, 65535);
	EXPECT_UP(test, s, OUTS - 1, 65535);
	KUNIT_EXPECT_EQ(test, s->out[OUTS - 1].seq, S(31 * MSS));
	script_push(s);		/* up to 64,000 */
	EXPECT_UP(test, s, 2, 65535);
	EXPECT_UP(test, s, 3, 65000);
	script_push(s);
	script_push(s);
	/* what was first would point into what is on its way */
	script_wait(s, 5000 * MS);
	script_push(s);
	KUNIT_EXPECT_EQ(test, s->out[0].seq, S(0));
	KUNIT_EXPECT_FALSE(test, s->out[0].flags & XTCP_URG);
}

static void urgent__sent_with_fin(struct kunit *test)
{
	struct script *s = script_open(test);

	write_urgent(s, 10);
	script_shutdown(s);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, U | P | XTCP_FIN, S(0), 10);
	EXPECT_UP(test, s, 0, 10);
	script_ack(s, S(11));
	EXPECT_STATE(test, s, FIN_WAIT_2);
}

/* A probe takes the pointer along; so does an ACK meanwhile */
static void urgent__sent_into_zero_window(struct kunit *test)
{
	struct script *s = script_open(test);

	script_rx(s, A, R(0), S(0), 0, 0);
	write_urgent(s, 10);
	KUNIT_ASSERT_EQ(test, script_push(s), 0U);
	script_wait(s, 1000 * MS);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].len, 1U);
	EXPECT_UP(test, s, 0, 10);
	script_rx(s, A, R(5), S(0), 10, 0);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, U, S(0), 0);
	EXPECT_UP(test, s, 0, 10);
}

/* Before the SYN has arrived there is nothing to point into */
static void urgent__not_on_a_syn(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	write_urgent(s, 10);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN, ISS, 0);
	script_rx(s, XTCP_SYN, IRS, 0, 0, WND);
	KUNIT_ASSERT_EQ(test, script_push(s), 1U);
	EXPECT_OUT(test, s, 0, XTCP_SYN | A, ISS, 0);
}

static void urgent__received(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-30 MUST-62");
	rx(s, R(0), 100, 40);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 39U);
	KUNIT_EXPECT_EQ(test, s->t.rcv_up, R(39));
	EXPECT_URG(test, s, HERE);
	KUNIT_EXPECT_EQ(test, s->act.rx_len, 100U);
	/* not again, be it the same pointer or one before */
	rx(s, R(0), 100, 40);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	rx(s, R(30), 120, 1);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	/* the user reads past it */
	xtcp_urgent_passed(&s->t, R(39));
	EXPECT_URG(test, s, HERE);
	xtcp_urgent_passed(&s->t, R(40));
	EXPECT_URG(test, s, NONE);
	rx(s, R(150), 10, 5);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 4U);
}

/* The user hears of it before the octet comes, and whenever the pointer goes on */
static void urgent__announced(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-31 MUST-32");
	rx(s, R(0), 0, 65535);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT);
	EXPECT_URG(test, s, AWAITED);
	rx(s, R(0), 0, 65535);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	rx(s, R(0), 100, 65534);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	rx(s, R(100), 100, 65535);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_MOVED);
	KUNIT_EXPECT_EQ(test, s->act.urg_was, R(65534));
	KUNIT_EXPECT_EQ(test, s->t.rcv_up, R(65634));
	/* the octet comes without the flag; each octet before does not count */
	s->t.rcv_nxt = R(65600);
	s->t.rcv_adv = R(70000);
	xtcp_urgent_passed(&s->t, R(65600));
	script_rx(s, A, R(65600), S(0), 34, WND);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	script_rx(s, A, R(65634), S(0), 1, WND);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URG_OCTET);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 0U);
	EXPECT_URG(test, s, HERE);
	EXPECT_SOUND(test, s);
}

/* A pointer of 0 says the segment's first octet; one that is passed says nothing */
static void urgent__pointers_that_say_little(struct kunit *test)
{
	struct script *s = script_open(test);

	rx(s, R(0), 10, 0);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 0U);
	xtcp_urgent_passed(&s->t, R(10));
	rx(s, R(5), 10, 5);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	EXPECT_URG(test, s, NONE);
	/* nor does what the former pointer was count once it is passed */
	rx(s, R(15), 10, 1);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	/* the pointer of a segment outside the window, or without ACK */
	rx(s, R(WND + 100), 10, 5);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	KUNIT_EXPECT_EQ(test, s->t.rcv_up, R(15));
}

static void urgent__out_of_order(struct kunit *test)
{
	struct script *s = script_open(test);

	rx(s, R(100), 100, 50);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 49U);
	script_rx(s, A, R(0), S(0), 100, WND);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	EXPECT_URG(test, s, HERE);
	/* the octet came before its pointer: it is found when its turn comes */
	script_rx(s, A, R(300), S(0), 100, WND);
	rx(s, R(200), 50, 150);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_MOVED);
	EXPECT_URG(test, s, AWAITED);
	script_rx(s, A, R(250), S(0), 50, WND);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URG_READY);
	EXPECT_URG(test, s, HERE);
	/* one that lies beyond what had its turn is still awaited */
	script_rx(s, A, R(500), S(0), 100, WND);
	rx(s, R(400), 50, 1000);
	script_rx(s, A, R(450), S(0), 50, WND);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	EXPECT_URG(test, s, AWAITED);
	EXPECT_SOUND(test, s);
}

static void urgent__zero_window(struct kunit *test)
{
	struct script *s = script_open(test);

	PROVES(test, "MUST-66 RFC9293-3.10.7.4-zwnd");
	s->t.rcv_space = 0;
	script_rx(s, A, R(0), S(0), WND, WND);
	script_push(s);
	KUNIT_ASSERT_EQ(test, xtcp_window_now(&s->t), 0U);
	rx(s, R(WND), 0, 100);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT);
	EXPECT_URG(test, s, AWAITED);
	/* a probe may have the octet itself, for which the stream has no room */
	rx(s, R(WND), 1, 1);
	EXPECT_ACT(test, s, URG_ACTS, 0);
	s->t.urg = XTCP_URG_NONE;
	rx(s, R(WND), 1, 1);
	EXPECT_ACT(test, s, URG_ACTS, XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET);
	EXPECT_DROP(test, s, WINDOW);
	EXPECT_URG(test, s, HERE);
	KUNIT_EXPECT_EQ(test, s->t.rcv_nxt, R(WND));
}

struct where {
	enum xtcp_state state;
	bool heard;
};

static const struct where where[] = {
	{ XTCP_ESTABLISHED, true },
	{ XTCP_FIN_WAIT_1, true },
	{ XTCP_FIN_WAIT_2, true },
	{ XTCP_CLOSE_WAIT, false },
	{ XTCP_CLOSING, false },
	{ XTCP_LAST_ACK, false },
};

static void where_desc(const struct where *w, char *desc)
{
	strscpy(desc, xtcp_state_name(w->state), KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(where, where, where_desc);

/* Behind the peer's FIN there can be nothing urgent */
static void urgent__in_state(struct kunit *test)
{
	const struct where *w = test->param_value;
	struct script *s = script_in(test, w->state);

	rx(s, s->t.rcv_nxt, 0, 10);
	EXPECT_ACT(test, s, URG_ACTS, w->heard ? XTCP_ACT_URGENT : 0);
	KUNIT_EXPECT_EQ(test, (u32)s->t.urg,
			(u32)(w->heard ? XTCP_URG_AWAITED : XTCP_URG_NONE));
	s->t.urg = XTCP_URG_AWAITED;
	s->t.rcv_up = s->t.rcv_nxt;
	script_rx(s, A, s->t.rcv_nxt, s->t.snd_una, 1, WND);
	EXPECT_ACT(test, s, URG_ACTS, w->heard ? XTCP_ACT_URG_OCTET : 0);
}

/* The last octet before a FIN */
static void urgent__at_fin(struct kunit *test)
{
	struct script *s = script_open(test);
	struct xtcp_seg seg = {
		.seq = R(0), .ack = S(0), .len = 3, .wnd = WND,
		.flags = U | XTCP_FIN, .hlen = 20, .up = 3,
	};

	script_rx_seg(s, &seg);
	EXPECT_ACT(test, s, URG_ACTS | XTCP_ACT_FIN,
		   XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET | XTCP_ACT_FIN);
	KUNIT_EXPECT_EQ(test, s->act.urg_off, 2U);
	EXPECT_STATE(test, s, CLOSE_WAIT);
	EXPECT_SOUND(test, s);
}

/* A SYN has a number, which the pointer counts; data comes after it */
static void urgent__on_the_syn_ack(struct kunit *test)
{
	static const struct { u16 up; u32 off; bool heard; } cases[] = {
		{ 0, 0, false }, { 1, 0, false }, { 2, 0, true }, { 11, 9, true },
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct script *s = script_new(test);
		struct xtcp_seg seg = {
			.seq = IRS, .ack = S(0), .len = 10, .wnd = WND,
			.flags = XTCP_SYN | U, .hlen = 20, .up = cases[i].up,
		};
		u32 want = 0;

		if (cases[i].heard)
			want = XTCP_ACT_URGENT | XTCP_ACT_URG_OCTET;
		xtcp_act_init(&s->act);
		xtcp_user_connect(&s->t, ISS, &s->act);
		script_push(s);
		script_rx_seg(s, &seg);
		EXPECT_STATE(test, s, ESTABLISHED);
		EXPECT_ACT(test, s, URG_ACTS, want);
		if (cases[i].heard)
			KUNIT_EXPECT_EQ(test, s->act.urg_off, cases[i].off);
	}
}

static void urgent__on_the_wire(struct kunit *test)
{
	struct xtcp_seg seg = { .flags = U, .up = 0x1234 }, back;
	u8 hdr[XTCP_WIRE_HLEN];

	xtcp_wire_build(&seg, hdr);
	KUNIT_EXPECT_EQ(test, hdr[18], 0x12);
	KUNIT_EXPECT_EQ(test, hdr[19], 0x34);
	KUNIT_ASSERT_EQ(test, xtcp_wire_parse(&back, hdr, sizeof(hdr),
					      sizeof(hdr)), XTCP_WIRE_OK);
	KUNIT_EXPECT_EQ(test, (u32)back.up, 0x1234U);
	/* without the flag it is not sent */
	seg.flags = A;
	xtcp_wire_build(&seg, hdr);
	KUNIT_EXPECT_EQ(test, hdr[18] | hdr[19], 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(urgent__sent),
	KUNIT_CASE(urgent__sent_last_wins),
	KUNIT_CASE(urgent__sent_again),
	KUNIT_CASE(urgent__sent_far_ahead),
	KUNIT_CASE(urgent__sent_with_fin),
	KUNIT_CASE(urgent__sent_into_zero_window),
	KUNIT_CASE(urgent__not_on_a_syn),
	KUNIT_CASE(urgent__received),
	KUNIT_CASE(urgent__announced),
	KUNIT_CASE(urgent__pointers_that_say_little),
	KUNIT_CASE(urgent__out_of_order),
	KUNIT_CASE(urgent__zero_window),
	KUNIT_CASE_PARAM(urgent__in_state, where_gen_params),
	KUNIT_CASE(urgent__at_fin),
	KUNIT_CASE(urgent__on_the_syn_ack),
	KUNIT_CASE(urgent__on_the_wire),
	{ }
};

static struct kunit_suite suite = {
	.name = "xtcp_urgent",
	.test_cases = cases,
};

kunit_test_suite(suite);
