// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: flow control both ways, window scale, silly-window avoidance, the initial
 * window, fast retransmit. What takes time (probes, RTO) is in wire_timer.c.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* A listener whose peer has @mss, and window @win at the end of the handshake. */
#define PEER(mss, win) \
	"listen; > S 0 mss=" #mss "; < SA 0 ack=1; > A 1 ack=1 win=" #win "; accept\n"

/*
 * What was written at once ends with PSH, though more has been written since. Linux sets
 * it there only if it has not just done so with half of a small window.
 */
WIRE(push_at_the_end_of_a_write,
	"sndbuf 200000; " PEER(1000, 4000) "send 9000; < A 1+1000; < A 1001+1000; < A 2001+1000\n"
	"< A 3001+1000; send 9500; > A 1 ack=4001 win=60000; < A 4001+1000; < A 5001+1000\n"
	"< A 6001+1000; tcp: < A 7001+1000\nxtcp: < A 7001+1000 psh=0\n"
	"tcp: < A 8001+1000; tcp: < A 9001+1000\nxtcp: < PA 8001+1000 psh=1; xtcp: < A 9001+1000 psh=0\n"
	"< A 10001+1000\n")

WIRE(no_more_than_the_peers_window,
	PEER(1000, 2000) "send 5000; < A 1+1000; < A 1001+1000; <-\n"
	"> A 1 ack=1001 win=1000; <-\n"			/* the edge has not moved */
	"> A 1 ack=1001 win=2000; < A 2001+1000; <-\n"
	"> A 1 ack=3001 win=2000; < A 3001+1000; < PA 4001+1000; <-\n"
	"> A 1 ack=5001; sent 0; <-\n")

WIRE(closed_window_holds_everything,
	PEER(1000, 2000) "send 2000; < A 1+1000; < PA 1001+1000\n"
	"> A 1 ack=2001 win=0; send 3000; <-; sent 3000\n"
	"> A 1 ack=2001 win=3000; < A 2001+1000; < A 3001+1000; < PA 4001+1000; <-\n")

/* The peer may shrink its window: what is out is out, nothing new goes. */
WIRE(window_shrunk_by_the_peer,
	"proves MUST-34 SHLD-15\n"
	PEER(1000, 4000) "send 2000; < A 1+1000; < PA 1001+1000\n"
	"> A 1 ack=1001 win=500; send 2000; <-; alive\n"
	"> A 1 ack=2001 win=2000; < A 2001+1000; < PA 3001+1000; <-\n")

/* RFC 9293 3.10.7.4, fifth: an older segment does not set the window. */
WIRE(old_segment_does_not_set_the_window,
	"proves RFC9293-3.10.7.4-wl\n"
	PEER(1000, 2000) "> PA 1+10 ack=1 win=2000; recv 10; < A 1 ack=11\n"
	"> A 1 ack=1 win=60000; drain; send 5000; < A 1+1000; < A 1001+1000; <-\n")

WIRE(scaled_window_if_both_offer,
	"proves RFC7323-2.2-syn RFC7323-2.3-shift\n"
	"listen; > S 0 mss=1000 ws=3; < SA 0 ack=1 ws>-1; > A 1 ack=1 win=250; accept\n"
	"send 5000; < A 1+1000; < A 1001+1000; <-\n"
	"> A 1 ack=2001 win=375; < A 2001+1000; < A 3001+1000; < PA 4001+1000; <-\n")

WIRE(unscaled_window_if_the_peer_does_not_offer,
	"proves RFC7323-2.2-syn\n"
	"connect; < S 0 ws>-1; > SA 0 ack=1 mss=1000 win=2000; < A 1 ack=1 win>256\n"
	"connected; send 5000; < A 1+1000; < A 1001+1000; <-\n"
	"> A 1 ack=2001 win=1000; < A 2001+1000; <-\n")

WIRE(window_in_a_syn_is_never_scaled,
	"proves RFC7323-2.2-synwnd\n"
	"connect; < S 0 ws>-1; > SA 0 ack=1 mss=1000 ws=3 win=2000; < A 1 ack=1\n"
	"connected; send 5000; < A 1+1000; < A 1001+1000; <-\n"
	"> A 1 ack=2001 win=125; < A 2001+1000; <-\n")

WIRE(window_scale_above_14_counts_as_14,
	"proves RFC7323-2.3-max\n"
	"listen; > S 0 mss=1000 ws=15; < SA 0 ack=1; > A 1 ack=1 win=1; accept\n"
	"send 9000; < A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000\n"
	"< A 4001+1000; < A 5001+1000; < A 6001+1000; < A 7001+1000; < PA 8001+1000; <-\n")

/* The right edge that the host has promised never moves left. */
static __attribute__((noinline)) void
never_shrinks(struct __test_metadata *_metadata, struct script *s,
	      const char *opening, int scale, int size)
{
	int64_t edge, right = 0;
	int at = 1, i;

	ASSERT_EQ(0, script_play(s, "rcvbuf 16384\n%s", opening));
	for (i = 0; i < 400; i++) {
		/* Never beyond the edge: this peer is an honest one. */
		if (right && at + size > right)
			break;
		ASSERT_EQ(0, script_play(s, "> PA %d+%d; drain", at, size));
		at += size;
		if (s->f->last.flags & WIRE_SYN)
			continue;
		edge = (uint32_t)(s->f->last.ack - s->f->iss) +
		       ((int64_t)s->f->last.win << scale);
		ASSERT_LE(right, edge) TH_LOG("after %d segments of %d", i, size);
		right = edge;
	}
	/* Whatever was promised was taken. */
	ASSERT_EQ(0, script_play(s, "recv %d; noread; alive; drain", at - 1));
	edge = (uint32_t)(s->f->last.ack - s->f->iss) +
	       ((int64_t)s->f->last.win << scale);
	ASSERT_LE(right, edge);
}

TEST_F_TIMEOUT(wire, never_shrunk_by_us, WIRE_TIMEOUT)
{
	never_shrinks(_metadata, self->s, "proves SHLD-14\npassive", 0, 500);
}

TEST_F_TIMEOUT(own, never_shrunk_by_us_scaled, WIRE_TIMEOUT)
{
	struct script *s = self->s;

	PLAY("proves RFC7323-2.4\n"
	     "rcvbuf 16384; listen; > S 0 mss=1460 ws=5; < SA 0 ack=1");
	never_shrinks(_metadata, s, "> A 1 ack=1; accept", s->f->last.ws, 500);
}

/* Memory is short long before the window is, with small segments. */
TEST_F_TIMEOUT(own, never_shrunk_by_us_with_small_segments, WIRE_TIMEOUT)
{
	never_shrinks(_metadata, self->s, "passive", 0, 1);
}

/* Segments behind a hole, a round trip of 100 ms at once. Returns the window's edge. */
static int64_t behind_a_hole(struct __test_metadata *_metadata, struct script *s,
			     int from, int segments)
{
	int i;

	for (i = 0; i < segments; i++, from += 1400)
		EXPECT_EQ(0, script_play(s, "> A %d+1400; drain", from)) return 0;
	EXPECT_EQ(0, script_play(s, "quiet 100")) return 0;
	return (uint32_t)(s->f->last.ack - s->f->iss) + ((int64_t)s->f->last.win << 7);
}

static void open_wide(struct __test_metadata *_metadata, struct script *s, int64_t *edge)
{
	ASSERT_EQ(0, script_play(s, "listen; > S 0 mss=1400 ws=7 sackok=1; < SA 0 ack=1 ws=7\n"
				    "quiet 100; > A 1 ack=1; accept"));
	*edge = 1 + s->f->last.win;
}

/* What waits there lies in the window, and has its memory: there is room for more. */
TEST_F_TIMEOUT(own, window_moves_on_behind_a_hole, WIRE_TIMEOUT)
{
	int64_t edge;

	open_wide(_metadata, self->s, &edge);
	ASSERT_LT(edge, behind_a_hole(_metadata, self->s, 1401, 20));
}

/* The buffer grows with what the path carries, though nothing of it can be read. */
TEST_F_TIMEOUT(own, buffer_grows_behind_a_hole, WIRE_TIMEOUT)
{
	int64_t edge;

	open_wide(_metadata, self->s, &edge);
	behind_a_hole(_metadata, self->s, 1401, 20);
	ASSERT_LT(2 * edge, behind_a_hole(_metadata, self->s, 29401, 1));
}

/* But not for who has not been accepted: nobody may ever read it. */
TEST_F_TIMEOUT(own, buffer_stays_until_accepted, WIRE_TIMEOUT)
{
	struct script *s = self->s;
	int64_t edge;

	PLAY("listen; > S 0 mss=1400 ws=7 sackok=1; < SA 0 ack=1 ws=7; quiet 100; > A 1 ack=1");
	edge = 1 + s->f->last.win;
	behind_a_hole(_metadata, s, 1401, 20);
	ASSERT_GT(2 * edge, behind_a_hole(_metadata, s, 29401, 1));
}

/* Without SACK a duplicate ACK is one only if its window stays (RFC 5681 2). */
TEST_F_TIMEOUT(own, window_stays_behind_a_hole_without_sack, WIRE_TIMEOUT)
{
	struct script *s = self->s;
	int win;

	PLAY("listen; > S 0 mss=1400 ws=7; < SA 0 ack=1 ws=7; quiet 100; > A 1 ack=1; accept\n"
	     "> A 1401+1400; < A 1 ack=1");
	win = s->f->last.win;
	behind_a_hole(_metadata, s, 2801, 20);
	ASSERT_EQ(win, s->f->last.win);
}

/* Fill the host's window, segment by segment. Returns bytes taken. */
static int fill(struct __test_metadata *_metadata, struct script *s, int size)
{
	int at = 1, win = s->f->last.win;

	while (win) {
		int n = win < size ? win : size;

		EXPECT_EQ(0, script_play(s, "> PA %d+%d; drain", at, n)) return 0;
		at += n;
		/* The ACK may be a delayed one. */
		while (s->f->last.ack - s->f->iss != (uint32_t)at)
			EXPECT_EQ(0, script_play(s, "< A 1")) return 0;
		win = s->f->last.win;
	}
	return at - 1;
}

TEST_F_TIMEOUT(wire, full_and_reopened, WIRE_TIMEOUT)
{
	int n, win;

	PLAY("proves MUST-39 MAY-8\n"
	     "rcvbuf 8192; passive mss=1000");
	n = fill(_metadata, self->s, 1000);
	ASSERT_LT(2000, n);
	/* A probe is answered, and nothing is taken. */
	PLAY("> A %d+1; < A 1 ack=%d win=0; avail %d", n + 1, n + 1, n);
	PLAY("> A %d; < A 1 ack=%d win=0; <-", n, n + 1);
	/* An RST at a closed window still counts, at exactly RCV.NXT only. */
	PLAY("> R %d; <-; alive", n);
	/* Reading a little does not open it (RFC 9293 3.8.6.2.2); reading all does. */
	PLAY("recv 10; <-; recv %d; < A 1 ack=%d win>1000", n - 10, n + 1);
	win = self->s->f->last.win;
	PLAY("> PA %d+%d; recv %d; noread", n + 1, win < 1000 ? win : 1000,
	     win < 1000 ? win : 1000);
}

WIRE(fin_at_a_closed_window_is_not_lost,
	"passive; > FA 1; < A 1 ack=2; eof\n")

/* Nagle and its way out. */
WIRE(small_data_waits_for_the_ack_of_small_data,
	"proves MUST-60 SHLD-7\n"
	PEER(1000, 60000) "send 10; < PA 1+10; send 10; <-; send 20; <-\n"
	"> A 1 ack=11; < PA 11+30; <-\n")

WIRE(a_full_segment_does_not_wait,
	"proves SHLD-28\n"
	PEER(1000, 60000) "send 10; < PA 1+10; send 990; <-; send 10\n"
	"< A 11+1000; <-; > A 1 ack=1011; <-; sent 0\n")

WIRE(nodelay_does_not_wait,
	"proves MUST-17\n"
	PEER(1000, 60000) "nodelay; send 10; < PA 1+10; send 10; < PA 11+10; send 10\n"
	"< PA 21+10; <-\n")

WIRE(fin_does_not_wait_for_acks,
	PEER(1000, 60000) "send 10; < PA 1+10; send 10; <-; shut wr; < FPA 11+10; <-\n")

/* The sender's side of SWS (RFC 9293 3.8.6.2.1): not a sliver. Linux sends it. */
OWN(no_sliver_into_a_nearly_closed_window,
	"proves MUST-38\n"
	PEER(1000, 2500) "nodelay; send 5000; < A 1+1000; < A 1001+1000; <-\n"
	"> A 1 ack=2001 win=100; <-\n"
	"> A 1 ack=2001 win=1500; < A 2001+1000; <-\n")

/* Ten segments to begin with (RFC 6928). */
TEST_F_TIMEOUT(wire, initial_window, WIRE_TIMEOUT)
{
	PLAY("proves MUST-1 RFC5681-3.1-iw RFC6928-2-iw\n"
	     "sndbuf 200000; " PEER(1000, 60000) "send 50000");
	for (int i = 0; i < 10; i++)
		PLAY("< A %d+1000", i * 1000 + 1);
	PLAY("<-");
}

/* Two for each ACK of one (RFC 5681); Linux defers them to build larger ones. */
TEST_F_TIMEOUT(own, slow_start, WIRE_TIMEOUT)
{
	int i, at;

	PLAY("proves MUST-19 RFC5681-3.1-ss\n"
	     "sndbuf 200000; " PEER(1000, 60000) "cong reno; send 50000");
	for (i = 0; i < 10; i++)
		PLAY("< A %d+1000", i * 1000 + 1);
	PLAY("<-");
	for (i = 1, at = 10001; i <= 5; i++, at += 2000)
		PLAY("> A 1 ack=%d win=60000; < A %d+1000; < A %d+1000; <-",
		     i * 1000 + 1, at, at + 1000);
}

/* The third duplicate ACK retransmits, the second does not. */
WIRE(fast_retransmit_on_three_duplicates,
	"proves RFC5681-3.2-frtx\n"
	PEER(1000, 60000) "send 5000; < A 1+1000; < A 1001+1000; < A 2001+1000\n"
	"< A 3001+1000; < PA 4001+1000\n"
	"> A 1 ack=1001 win=60000; <-\n"
	"> A 1 ack=1001 win=60000; <-; > A 1 ack=1001 win=60000; <-\n"
	"> A 1 ack=1001 win=60000; < A 1001+1000 t=0..100; <-\n"
	"> A 1 ack=1001 win=60000; <-\n"
	"> A 1 ack=5001 win=60000; <-; sent 0\n")

/* Same ACK number, but no duplicate ACK (RFC 5681, section 2). */
WIRE(no_fast_retransmit_for_what_is_no_duplicate,
	PEER(1000, 60000) "send 5000; < A 1+1000; < A 1001+1000; < A 2001+1000\n"
	"< A 3001+1000; < PA 4001+1000; > A 1 ack=1001 win=60000\n"
	"> A 1 ack=1001 win=60001; > A 1 ack=1001 win=60002; > A 1 ack=1001 win=60003\n"
	"> A 1 ack=1001 win=60004; <-\n"				/* window updates */
	"> PA 1+1 ack=1001 win=60004; > PA 2+1 ack=1001 win=60004\n"	/* data */
	"> PA 3+1 ack=1001 win=60004; > PA 4+1 ack=1001 win=60004\n"
	"recv 4; <* A 5001 ack=5; <-\n")

/* A partial ACK shows the next hole (RFC 6582). */
WIRE(partial_ack_retransmits_the_next_hole,
	"proves RFC6582-3.2-partial\n"
	PEER(1000, 60000) "send 6000; < A 1+1000; < A 1001+1000; < A 2001+1000\n"
	"< A 3001+1000; < A 4001+1000; < PA 5001+1000\n"
	"> A 1 ack=1 win=60000; > A 1 ack=1 win=60000; > A 1 ack=1 win=60000\n"
	"< A 1+1000 t=0..100; <-\n"
	"> A 1 ack=2001 win=60000; < A 2001+1000; <-\n"
	"> A 1 ack=6001 win=60000; <-; sent 0\n")

/*
 * What a loss costs: Reno half of what was outstanding (RFC 5681 equation 4), which is
 * not what limited transmit has sent; CUBIC three tenths (RFC 9438 4.6). A timeout too.
 * Linux sends no new segment for the first duplicates, but the lost one.
 */
static void loss_costs(struct __test_metadata *_metadata, struct script *s, const char *name,
		       int segments)
{
	EXPECT_EQ(0, script_play(s, "sndbuf 200000; " PEER(1000, 60000) "cong %s; send 50000",
				 name)) return;
	for (int i = 0; i < 10; i++)
		EXPECT_EQ(0, script_play(s, "< A %d+1000", i * 1000 + 1)) return;
	EXPECT_EQ(0, script_play(s, "<-; > A 1 ack=1 win=60000; < A 10001+1000\n"
				 "> A 1 ack=1 win=60000; < A 11001+1000\n"
				 "> A 1 ack=1 win=60000; < A 1+1000; ssthresh %d", segments));
}

static void timeout_costs(struct __test_metadata *_metadata, struct script *s, const char *name,
			  int segments)
{
	EXPECT_EQ(0, script_play(s, "sndbuf 200000; " PEER(1000, 60000) "cong %s; send 50000",
				 name)) return;
	for (int i = 0; i < 10; i++)
		EXPECT_EQ(0, script_play(s, "< A %d+1000", i * 1000 + 1)) return;
	EXPECT_EQ(0, script_play(s, "< A 1+1000 t=100..2000; ssthresh %d", segments));
}

TEST_F_TIMEOUT(own, loss_costs_reno_half, WIRE_TIMEOUT)
{
	PLAY("proves RFC5681-3.2-recovery");
	loss_costs(_metadata, self->s, "reno", 5);
}

TEST_F_TIMEOUT(own, loss_costs_cubic_three_tenths, WIRE_TIMEOUT)
{
	PLAY("proves RFC9438-4.6-beta");
	loss_costs(_metadata, self->s, "cubic", 7);
}

TEST_F_TIMEOUT(wire, timeout_costs_reno_half, WIRE_TIMEOUT)
{
	PLAY("proves RFC5681-3.1-eq4 RFC8961-4-3");
	timeout_costs(_metadata, self->s, "reno", 5);
}

TEST_F_TIMEOUT(wire, timeout_costs_cubic_three_tenths, WIRE_TIMEOUT)
{
	PLAY("proves RFC8961-4-3");
	timeout_costs(_metadata, self->s, "cubic", 7);
}

/* RFC 3042: one new segment for each of the first two duplicates. */
TEST_F_TIMEOUT(own, limited_transmit, WIRE_TIMEOUT)
{
	PLAY("proves RFC5681-3.2-limtx\n"
	     "sndbuf 200000; " PEER(1000, 60000) "send 20000");
	for (int i = 0; i < 10; i++)
		PLAY("< A %d+1000", i * 1000 + 1);
	PLAY("<-; > A 1 ack=1 win=60000; < A 10001+1000; <-\n"
	     "> A 1 ack=1 win=60000; < A 11001+1000; <-\n"
	     "> A 1 ack=1 win=60000; < A 1+1000; <-");
}

WIRE_MAIN
