/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core's tests share: a connection with round numbers, segments into
 * it, segments out of it. S(n) is the number of octet n of our stream, R(n)
 * that of the peer's; both wrap soon.
 */
#ifndef XTCP_CORE_SCRIPT_TEST_H
#define XTCP_CORE_SCRIPT_TEST_H

#include <kunit/test.h>

#include "input.h"
#include "output.h"
#include "proves_test.h"
#include "timer.h"
#include "user.h"
#include "window.h"

#define ISS 0xfffff000U
#define IRS 0xfffffc00U
#define S(n) (ISS + 1 + (n))
#define R(n) (IRS + 1 + (n))
#define MSS 1000
#define WND 20000
#define MS XTCP_USEC_PER_MSEC
#define OUTS 32
#define NODES 32

struct script {
	struct xtcp_tcb t;
	struct xtcp_params p;
	struct xtcp_act act;
	u64 now;
	u32 max;
	struct xtcp_seg out[OUTS];
	u32 nout;
	struct xtcp_rnode nodes[NODES];
	u32 nnodes;
};

static inline struct script *script_new(struct kunit *test)
{
	struct script *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	s->p.rto_min = 200 * MS;
	s->p.rto_max = 120000 * MS;
	s->p.delack = 40 * MS;
	s->p.fin_timeout = 60000 * MS;
	s->p.initial_segments = 10;
	s->p.syn_retries = 7;
	s->p.retries = 15;
	s->p.retries1 = 3;
	s->p.orphan_retries = 8;
	s->p.rack = true;
	s->p.tlp = true;
	s->p.frto = true;
	s->p.keep_idle = 7200;
	s->p.keep_interval = 75;
	s->p.keep_count = 9;
	s->now = 1000 * MS;
	s->max = 64000;
	xtcp_user_init(&s->t, &s->p);
	s->t.mss = MSS;
	s->t.adv_mss = MSS;
	s->t.default_mss = 536;
	s->t.rcv_space = WND;
	s->t.rcv_full = WND;
	return s;
}

/* A segment arrives; what the core says of it is in s->act */
static inline void script_rx_seg(struct script *s, struct xtcp_seg *seg)
{
	struct xtcp_rnode *node = NULL;

	if (s->nnodes < NODES) {
		node = &s->nodes[s->nnodes];
		node->prio = s->nnodes * 2654435761U;
	}
	xtcp_act_init(&s->act);
	xtcp_input_rx(&s->t, seg, node, s->now, &s->act);
	if (s->act.flags & XTCP_ACT_QUEUED)
		s->nnodes++;
}

/* The same, without options */
static inline void script_rx(struct script *s, u8 flags, u32 seq, u32 ack,
			     u32 len, u16 wnd)
{
	struct xtcp_seg seg = {
		.seq = seq, .ack = ack, .len = len, .wnd = wnd,
		.flags = flags, .hlen = 20,
	};

	script_rx_seg(s, &seg);
}

static inline void script_ack(struct script *s, u32 ack)
{
	script_rx(s, XTCP_ACK, s->t.rcv_nxt, ack, 0, WND);
}

/* Sends all that is due; s->out has it */
static inline u32 script_push(struct script *s)
{
	s->nout = 0;
	while (s->nout < OUTS && xtcp_output_next(&s->t, s->now, s->max,
						  &s->out[s->nout]))
		xtcp_output_commit(&s->t, &s->out[s->nout++], s->now);
	return s->nout;
}

/* Time passes, and the deadlines in it with it */
static inline void script_wait(struct script *s, u64 usec)
{
	s->now += usec;
	xtcp_act_init(&s->act);
	xtcp_timer_expire(&s->t, s->now, &s->act);
}

/* An active open up to ESTABLISHED; the round trip takes 100 ms */
static inline struct script *script_open(struct kunit *test)
{
	struct script *s = script_new(test);

	xtcp_act_init(&s->act);
	xtcp_user_connect(&s->t, ISS, &s->act);
	script_push(s);
	s->now += 100 * MS;
	script_rx(s, XTCP_SYN | XTCP_ACK, IRS, S(0), 0, WND);
	s->t.mss = MSS;
	s->t.peer_mss = 2 * MSS;
	xtcp_cong_init(&s->t.cong, MSS, 10);
	script_push(s);
	s->now += MS;
	s->t.last_rcv = s->now;		/* no quick-ACK phase: quick_test.c has them */
	return s;
}

static inline void script_write(struct script *s, u32 len)
{
	xtcp_user_write(&s->t, len);
}

static inline void script_shutdown(struct script *s)
{
	xtcp_act_init(&s->act);
	xtcp_user_shutdown(&s->t, &s->act);
}

/* The connection in any synchronised state, by the way that leads there */
static inline struct script *script_in(struct kunit *test, enum xtcp_state state)
{
	struct script *s = script_open(test);

	switch (state) {
	case XTCP_CLOSE_WAIT:
	case XTCP_LAST_ACK:
		script_rx(s, XTCP_FIN | XTCP_ACK, R(0), S(0), 0, WND);
		script_push(s);
		if (state == XTCP_LAST_ACK) {
			script_shutdown(s);
			script_push(s);
		}
		break;
	case XTCP_FIN_WAIT_1:
	case XTCP_FIN_WAIT_2:
	case XTCP_CLOSING:
		script_shutdown(s);
		script_push(s);
		if (state == XTCP_FIN_WAIT_2)
			script_ack(s, S(1));
		if (state == XTCP_CLOSING)
			script_rx(s, XTCP_FIN | XTCP_ACK, R(0), S(0), 0, WND);
		script_push(s);
		break;
	default:
		break;
	}
	KUNIT_EXPECT_EQ(test, (int)s->t.state, (int)state);
	xtcp_act_init(&s->act);
	return s;
}

/* One segment that was sent, as it should be */
#define EXPECT_OUT(test, s, i, f, sq, ln)				\
	do {								\
		KUNIT_EXPECT_LT(test, (u32)(i), (s)->nout);		\
		KUNIT_EXPECT_EQ(test, (u32)(s)->out[i].flags, (u32)(f)); \
		KUNIT_EXPECT_EQ(test, (s)->out[i].seq, (u32)(sq));	\
		KUNIT_EXPECT_EQ(test, (s)->out[i].len, (u32)(ln));	\
	} while (0)

#define EXPECT_STATE(test, s, name)					\
	KUNIT_EXPECT_EQ(test, (u32)(s)->t.state, (u32)XTCP_##name)
#define EXPECT_DROP(test, s, name)					\
	KUNIT_EXPECT_EQ(test, (u32)(s)->act.drop, (u32)XTCP_DROP_##name)
#define EXPECT_SOUND(test, s)						\
	KUNIT_EXPECT_PTR_EQ(test, xtcp_tcb_check(&(s)->t), (const char *)NULL)

#endif
