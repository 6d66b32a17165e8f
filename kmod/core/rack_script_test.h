/* SPDX-License-Identifier: GPL-2.0 */
/* What the tests of loss recovery with SACK share: rack_test.c, recovery_test.c. */
#ifndef XTCP_CORE_RACK_SCRIPT_TEST_H
#define XTCP_CORE_RACK_SCRIPT_TEST_H

#include "script_test.h"

#define A XTCP_ACK
#define RECORDS 64

/* An ACK with up to two blocks, the first of them first; 0, 0 for none */
static inline void sack(struct script *s, u32 ack, u32 a, u32 b, u32 c, u32 d)
{
	struct xtcp_seg seg = {
		.seq = s->t.rcv_nxt, .ack = S(ack), .wnd = WND, .flags = A,
		.hlen = 32, .opts = b ? XTCP_HAS_SACK : 0, .nsack = 1 + !!d,
		.sack = { { S(a), S(b) }, { S(c), S(d) } },
	};

	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, &seg, NULL, s->now, &s->act);
}

/* Ten segments of so many octets are out, and a probe of the tail is armed */
static inline struct script *begin(struct kunit *test, u32 octets)
{
	struct script *s = script_open(test);

	s->t.sack.ok = true;
	xtcp_rec_grow(&s->t.rec, kunit_kzalloc(test, sizeof(struct xtcp_rec) *
					       RECORDS, GFP_KERNEL), RECORDS);
	xtcp_rack_open(&s->t);
	s->t.recover = S(0) - 2;
	script_write(s, octets);
	KUNIT_EXPECT_EQ(test, script_push(s), 1U);
	KUNIT_EXPECT_EQ(test, s->out[0].seq, S(0));
	return s;
}

#endif
