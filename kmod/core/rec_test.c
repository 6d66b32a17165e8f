// SPDX-License-Identifier: GPL-2.0
/* Tests of the records, beside a table with an entry for each octet. */
#include <kunit/test.h>

#include "rec.c"

#define BASE 0xffffff80U	/* the numbers wrap within the first octets */
#define OCTETS 400

struct model {
	struct xtcp_recs r;
	u32 una, nxt;
	u8 flags[OCTETS];
	u64 sent[OCTETS];
	struct xtcp_rec mem[64];
};

static struct model *begin(struct kunit *test)
{
	struct model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);

	xtcp_rec_init(&m->r);
	m->una = BASE;
	m->nxt = BASE;
	return m;
}

static void send_new(struct model *m, u32 len, u64 now)
{
	u32 i;

	for (i = 0; i < len; i++) {
		m->flags[m->nxt + i - BASE] = 0;
		m->sent[m->nxt + i - BASE] = now;
	}
	xtcp_rec_sent(&m->r, m->nxt, now, 0, 0);
	m->nxt += len;
}

#define EXPECT_RECORDS(test, m, want)					\
	KUNIT_EXPECT_EQ(test, (m)->r.n, (u32)(want))
#define EXPECT_SOUND_RECORDS(test, m)					\
	KUNIT_EXPECT_PTR_EQ(test, xtcp_rec_check(&(m)->r, (m)->una,	\
						 (m)->nxt), (const char *)NULL)

/* Full, they move only once an eighth is free: not all for each that comes and goes */
static void rec_sent__moves_seldom(struct kunit *test)
{
	struct model *m = begin(test);
	struct xtcp_rec_said said = {};
	u32 i;

	xtcp_rec_grow(&m->r, m->mem, 64);
	for (i = 0; i < 64; i++)
		send_new(m, 1, 1000 + i);
	EXPECT_RECORDS(test, m, 64);
	for (i = 1; i <= 8; i++) {
		m->una++;
		xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
		send_new(m, 1, 2000 + i);
		KUNIT_EXPECT_EQ(test, m->r.head, i);
		EXPECT_RECORDS(test, m, 64 - i);
		/* so there is no room, and more memory is worth having */
		KUNIT_EXPECT_TRUE(test, xtcp_rec_wants(&m->r, 1));
	}
	m->una++;
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_FALSE(test, xtcp_rec_wants(&m->r, 9));
	KUNIT_EXPECT_TRUE(test, xtcp_rec_wants(&m->r, 10));
	send_new(m, 1, 3000);
	KUNIT_EXPECT_EQ(test, m->r.head, 0U);
	EXPECT_RECORDS(test, m, 56);
	EXPECT_SOUND_RECORDS(test, m);
}

/* One burst is one record; an ACK within it leaves the rest */
static void rec_sent__bursts(struct kunit *test)
{
	struct model *m = begin(test);
	struct xtcp_rec_said said = {};

	send_new(m, 50, 1000);
	send_new(m, 50, 1000);
	EXPECT_RECORDS(test, m, 1);
	send_new(m, 50, 1001);
	EXPECT_RECORDS(test, m, 2);
	m->una += 20;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 1000ULL);
	EXPECT_SOUND_RECORDS(test, m);
	m->una += 130;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 1001ULL);
	EXPECT_RECORDS(test, m, 0);
	EXPECT_SOUND_RECORDS(test, m);
	/* close enough is one burst, and its first time counts */
	xtcp_rec_sent(&m->r, m->nxt, 2000, 10, 0);
	m->nxt += 10;
	xtcp_rec_sent(&m->r, m->nxt, 2010, 10, 0);
	m->nxt += 10;
	EXPECT_RECORDS(test, m, 1);
	xtcp_rec_sent(&m->r, m->nxt, 2011, 10, 0);
	EXPECT_RECORDS(test, m, 2);
}

/* Karn: what was sent twice gives no time */
static void rec_acked__sent_again(struct kunit *test)
{
	struct model *m = begin(test);
	struct xtcp_rec_said said = {};

	send_new(m, 100, 1000);
	xtcp_rec_mark(&m->r, BASE + 10, BASE + 20, m->nxt, XTCP_REC_LOST, 0, NULL);
	KUNIT_EXPECT_EQ(test, m->r.lost, 10U);
	xtcp_rec_sent_again(&m->r, BASE + 10, BASE + 20, m->nxt, 5000, 7);
	KUNIT_EXPECT_EQ(test, m->r.lost, 0U);
	EXPECT_RECORDS(test, m, 3);
	m->una = BASE + 5;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 1000ULL);
	KUNIT_EXPECT_EQ(test, said.again, 0ULL);
	m->una = BASE + 15;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 1000ULL);
	KUNIT_EXPECT_EQ(test, said.again, 5000ULL);
	m->una = BASE + 20;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 0ULL);
	EXPECT_SOUND_RECORDS(test, m);
}

/* No room: new octets are still covered, and their time is not used */
static void rec_sent__no_room(struct kunit *test)
{
	struct model *m = begin(test);
	struct xtcp_rec_said said = {};
	u32 i;

	for (i = 0; i < 6; i++)
		send_new(m, 10, 1000 + i);
	EXPECT_RECORDS(test, m, 4);
	EXPECT_SOUND_RECORDS(test, m);
	/* a block that would need a split is passed over */
	KUNIT_EXPECT_FALSE(test, xtcp_rec_mark(&m->r, BASE + 12, BASE + 15,
					       m->nxt, XTCP_REC_SACKED, 0, NULL));
	KUNIT_EXPECT_FALSE(test, xtcp_rec_mark(&m->r, BASE + 10, BASE + 15,
					       m->nxt, XTCP_REC_SACKED, 0, NULL));
	KUNIT_EXPECT_FALSE(test, xtcp_rec_mark(&m->r, BASE + 15, BASE + 20,
					       m->nxt, XTCP_REC_SACKED, 0, NULL));
	KUNIT_EXPECT_EQ(test, m->r.sacked, 0U);
	EXPECT_SOUND_RECORDS(test, m);
	KUNIT_EXPECT_TRUE(test, xtcp_rec_mark(&m->r, BASE + 10, BASE + 20,
					      m->nxt, XTCP_REC_SACKED, 0, NULL));
	KUNIT_EXPECT_EQ(test, m->r.sacked, 10U);
	/* the last was reported, and grows */
	xtcp_rec_mark(&m->r, BASE + 30, BASE + 60, m->nxt, XTCP_REC_SACKED, 0, NULL);
	send_new(m, 10, 2000);
	KUNIT_EXPECT_EQ(test, m->r.sacked, 10U);
	EXPECT_SOUND_RECORDS(test, m);
	m->una = m->nxt;
	memset(&said, 0, sizeof(said));
	xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
	KUNIT_EXPECT_EQ(test, said.once, 1002ULL);
	EXPECT_SOUND_RECORDS(test, m);
	/* with more memory there is a record each again */
	KUNIT_EXPECT_PTR_EQ(test, xtcp_rec_grow(&m->r, m->mem, 64),
			    (struct xtcp_rec *)NULL);
	for (i = 0; i < 6; i++)
		send_new(m, 10, 3000 + i);
	EXPECT_RECORDS(test, m, 6);
}

/* Each second segment of a window of 2,000 is lost: the others are all told apart */
static void rec_mark__each_second_of_2000(struct kunit *test)
{
	struct xtcp_recs r;
	u32 i;

	xtcp_rec_init(&r);
	xtcp_rec_sent(&r, 0, 1, 0, 0);
	for (i = 1; i < 2000; i += 2) {
		while (xtcp_rec_wants(&r, XTCP_REC_FOR_ACK)) {
			u32 cap = 4 * r.cap;

			xtcp_rec_grow(&r, kunit_kzalloc(test, cap * sizeof(*r.more),
							GFP_KERNEL), cap);
		}
		KUNIT_EXPECT_TRUE(test, xtcp_rec_mark(&r, i * 1000, i * 1000 + 1000,
						      2000 * 1000, XTCP_REC_SACKED,
						      XTCP_REC_LOST, NULL));
	}
	KUNIT_EXPECT_EQ(test, r.sacked, 1000U * 1000);
	KUNIT_EXPECT_EQ(test, r.n, 2000U);
}

static u32 next(u32 *x, u32 below)
{
	*x = *x * 1664525 + 1013904223;
	return (*x >> 8) % below;
}

static bool same(struct model *m)
{
	u32 seq, start, end;

	for (seq = m->una; seq != m->nxt; seq++) {
		const struct xtcp_rec *at =
			xtcp_rec_at(&m->r, xtcp_rec_find(&m->r, seq));
		u8 flags = m->flags[seq - BASE];

		if (at->flags & XTCP_REC_SACKED) {
			/* of these neither time nor history is kept */
			if (!(flags & XTCP_REC_SACKED))
				return false;
		} else if (at->flags != flags || at->sent != m->sent[seq - BASE]) {
			return false;
		}
	}
	for (seq = m->una; seq != m->nxt; seq++)
		if (m->flags[seq - BASE] & XTCP_REC_LOST)
			break;
	if (!xtcp_rec_lost(&m->r, m->nxt, &start, &end))
		return seq == m->nxt;
	if (start != seq)
		return false;
	while (seq != m->nxt && m->flags[seq - BASE] & XTCP_REC_LOST)
		seq++;
	return end == seq;
}

/* Any order of events, with room: each octet's fate is what the table says */
static void rec__random(struct kunit *test)
{
	struct xtcp_rec_said said = {};
	struct model *m = begin(test);
	u32 round, x = 1;

	for (round = 0; round < 300; round++) {
		u32 step;

		m->una = BASE;
		m->nxt = BASE;
		xtcp_rec_init(&m->r);
		xtcp_rec_grow(&m->r, m->mem, 64);
		for (step = 1; step < 60; step++) {
			u32 room = m->nxt - m->una, a, b, i;

			a = m->una + next(&x, room + 1);
			b = a + next(&x, m->nxt - a + 1);
			switch (next(&x, 5)) {
			case 0:
				send_new(m, next(&x, 2) ? 1 : 6, step);
				break;
			case 1:
				for (i = a; i != b; i++) {
					m->flags[i - BASE] |= XTCP_REC_SACKED;
					m->flags[i - BASE] &= ~XTCP_REC_LOST;
				}
				xtcp_rec_mark(&m->r, a, b, m->nxt,
					      XTCP_REC_SACKED, XTCP_REC_LOST, NULL);
				break;
			case 2:		/* the peer has reneged: all again */
				if (next(&x, 4))
					break;
				for (i = m->una; i != m->nxt; i++) {
					m->flags[i - BASE] = XTCP_REC_RTX;
					m->sent[i - BASE] = step;
				}
				xtcp_rec_mark(&m->r, m->una, m->nxt, m->nxt, 0,
					      XTCP_REC_SACKED, NULL);
				xtcp_rec_sent_again(&m->r, m->una, m->nxt, m->nxt,
						    step, 0);
				break;
			case 3:
				if (!next(&x, 3))
					b = a;
				m->una = a;
				memset(&said, 0, sizeof(said));
				xtcp_rec_acked(&m->r, m->una, m->nxt, &said);
				break;
			default:	/* lost and sent again, what is not there */
				for (i = a; i != b; i++)
					if (m->flags[i - BASE] & XTCP_REC_SACKED)
						break;
				b = i;
				for (i = a; i != b; i++) {
					m->flags[i - BASE] |= XTCP_REC_LOST;
					if (i - a < (b - a) / 2) {
						m->flags[i - BASE] = XTCP_REC_RTX;
						m->sent[i - BASE] = step;
					}
				}
				xtcp_rec_mark(&m->r, a, b, m->nxt, XTCP_REC_LOST,
					      0, NULL);
				xtcp_rec_sent_again(&m->r, a, a + (b - a) / 2,
						    m->nxt, step, 0);
				break;
			}
			if (xtcp_rec_check(&m->r, m->una, m->nxt) || !same(m)) {
				KUNIT_FAIL(test, "round %u, step %u", round,
					   step);
				return;
			}
		}
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(rec_sent__moves_seldom),
	KUNIT_CASE(rec_sent__bursts),
	KUNIT_CASE(rec_acked__sent_again),
	KUNIT_CASE(rec_sent__no_room),
	KUNIT_CASE(rec_mark__each_second_of_2000),
	KUNIT_CASE(rec__random),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_rec", .test_cases = cases };
kunit_test_suite(suite);
