// SPDX-License-Identifier: GPL-2.0
/*
 * What the clock does: retransmission and its backoff, limits after which a connection
 * fails, zero-window probes, delayed ACKs, TIME-WAIT. Meant for virtual time, where the
 * minutes cost nothing and the load of the machine changes no result.
 */
#include "lib/script_fixture.h"

#include <xtcp.h>

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* The kernel's timers are coarser the longer they are: an eighth of the time. */
#define EARLIEST(ms) ((ms) - (ms) / 100 - 10)
#define LATEST(ms) ((ms) + (ms) / 8 + 60)

/* @seg comes @n times, after @first ms and then twice as long each time up to 120 s. */
static int backs_off(struct script *s, const char *seg, int n, int first)
{
	int i;

	for (i = 0; i < n; i++, first = first < 60000 ? first * 2 : 120000)
		if (script_play(s, "# retransmission %d\n< %s t=%d..%d", i + 1, seg,
				EARLIEST(first), LATEST(first)))
			return -1;
	return 0;
}

#define BACKS_OFF(...) do {						\
	int failed = backs_off(self->s, __VA_ARGS__);			\
									\
	ASSERT_EQ(0, failed);						\
} while (0)

/* @before; then @seg backs off @n times from @first ms on; then @after. */
#define BACKOFF(fixture, name, before, seg, n, first, after)		\
TEST_F_TIMEOUT(fixture, name, WIRE_TIMEOUT_LONG)			\
{									\
	PLAY(before);							\
	BACKS_OFF(seg, n, first);					\
	PLAY(after);							\
}

/* A peer whose MSS and window are easy to count with. */
#define OPEN(win) \
	"listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=" #win "; accept\n"
/* Its window is closed, and 500 bytes wait. */
#define OPEN_AND_CLOSED \
	OPEN(2000) "send 1000; < PA 1+1000; > A 1 ack=1001 win=0; send 500; <-\n"

/* RTO 1 s before any sample; R2 for a SYN is at least 3 minutes (MUST-23). */
BACKOFF(own, syn_is_sent_eight_times,
	"proves MUST-23 RFC6298-2.1\n"
	"connect; < S 0", "S 0", 7, 1000,
	"quiet 100000; state SYN-SENT; error ETIMEDOUT 200000; state CLOSED; <-\n"
	"> SA 0 ack=1; < R 1")

/* Linux counts from 6.5 on a few more, not doubled, before these. */
BACKOFF(own, syn_retries_as_told,
	"sysctl syn_retries 2; connect; < S 0", "S 0", 1, 1000,
	"< S 0 t=1900..2400; error ETIMEDOUT 200000; <-")

BACKOFF(wire, syn_ack_is_repeated_and_given_up,
	"proves RFC4987-4-synack\n"
	"listen; > S 0 mss=1460; < SA 0 ack=1", "SA 0 ack=1", 5, 1000,
	"quiet 100000; > A 1 ack=1; < R 1; noaccept")

BACKOFF(wire, data_backs_off,
	"proves MUST-19 RFC6298-1 RFC6298-5.5\n"
	"passive; send 100; < PA 1+100", "PA 1+100", 8, 200,
	"alive; > A 1 ack=101; sent 0; quiet 300000; state ESTABLISHED")

/* TCP_RTO_MAX 120 s, R2 924.6 s with the default of 15. */
BACKOFF(wire, data_is_given_up,
	"proves SHLD-11 RFC8961-4-4\n"
	"passive; send 100; < PA 1+100", "PA 1+100", 15, 200,
	"quiet 100000; state ESTABLISHED; error ETIMEDOUT 200000; state CLOSED; <-")

BACKOFF(wire, fin_backs_off,
	"passive; shut wr; < FA 1 ack=1", "FA 1 ack=1", 6, 200,
	"state FIN-WAIT-1; > A 1 ack=2; state FIN-WAIT-2; quiet 30000")

BACKOFF(wire, fin_in_last_ack_backs_off,
	"passive; > FA 1; < A 1 ack=2; shut wr; < FA 1 ack=2", "FA 1 ack=2", 6, 200,
	"state LAST-ACK; > A 2 ack=2; state CLOSED; quiet 30000")

/* With the socket closed the host still tries for a while, and then lets go. */
TEST_F_TIMEOUT(wire, fin_of_nobody_is_given_up, WIRE_TIMEOUT_LONG)
{
	PLAY("passive; close; < FA 1 ack=1");
	BACKS_OFF("FA 1 ack=1", 6, 200);
	/* Up to 120 s apart: longer silence is the end. */
	for (int i = 0; i < 20; i++) {
		struct wire_seg *seg;

		if (!wire_recv(&self->s->w, self->s->f->pport,
			       wire_now() + 200000000000LL, &seg))
			break;
		free(seg);
		ASSERT_GT(15, i);
	}
	PLAY("> A 1 ack=2; < R 2");
}

/* One segment only after an RTO, then slow start (RFC 5681, 3.1). */
WIRE_LONG(rto_sends_one_segment,
	"proves RFC6298-5.4 RFC5681-3.1-lw RFC6928-2-lw\n"
	OPEN(60000) "send 5000\n"
	"< A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000; < PA 4001+1000\n"
	"< A 1+1000 t=190..290; <-\n"
	"> A 1 ack=1001 win=60000; < A 1001+1000; < A 2001+1000; <-\n"
	"> A 1 ack=5001 win=60000; sent 0; quiet 10000\n")

/* RFC 6298, 2: SRTT + 4 RTTVAR, at the first sample 3 RTT. */
WIRE_LONG(rto_follows_the_rtt,
	"proves RFC6298-2.2\n"
	"listen; > S 0 mss=1460; < SA 0 ack=1; quiet 500; > A 1 ack=1; accept\n"
	"send 100; < PA 1+100; < PA 1+100 t=1400..1750; > A 1 ack=101; sent 0\n")

/* RFC 6298, 5.7: 3 s for data after a SYN that was repeated. */
WIRE_LONG(rto_after_a_repeated_syn,
	"proves RFC6298-5.7\n"
	"connect; < S 0; < S 0 t=950..1200; > SA 0 ack=1 mss=1460; < A 1; connected\n"
	"send 100; < PA 1+100; < PA 1+100 t=2900..3450; > A 1 ack=101; sent 0\n")

/* Karn: the ACK of what was repeated is no sample, and the backoff stays till one. */
WIRE_LONG(karn,
	"proves MUST-18\n"
	"passive; send 100; < PA 1+100; < PA 1+100 t=190..290; < PA 1+100 t=390..520\n"
	"< PA 1+100 t=790..960; quiet 500; > A 1 ack=101; sent 0\n"
	"send 100; < PA 101+100; < PA 101+100 t=1550..1900\n"
	"> A 1 ack=201; send 100; < PA 201+100; quiet 10; > A 1 ack=301\n"
	"send 100; < PA 301+100; < PA 301+100 t=190..400; > A 1 ack=401; sent 0\n")

/* Who wants RFC 6298's minimum of a second can have it. */
OWN_LONG(rto_min_as_told,
	"proves RFC6298-2.4\n"
	"sysctl rto_min_us 1000000\n" OPEN(60000) "send 100; < PA 1+100\n"
	"< PA 1+100 t=990..1200; > A 1 ack=101; sent 0\n")

/* The timer starts again with each ACK of new data (RFC 6298, 5.3). */
WIRE_LONG(ack_restarts_the_timer,
	"proves RFC6298-5-early RFC6928-9\n"
	OPEN(60000) "send 2000\n"
	"< A 1+1000; < PA 1001+1000; quiet 150; > A 1 ack=1001 win=60000\n"
	"< PA 1001+1000 t=190..460; > A 1 ack=2001; sent 0\n")

/* TCP_RTO_MIN_US is the user's word, of a listener for those that it accepts, too. */
OWN_LONG(rto_min_of_the_user,
	"listen; lopt rto_min_us 50000; > S 0 mss=1460; < SA 0; > A 1 ack=1 win=60000; accept\n"
	"send 100; < PA 1+100; < PA 1+100 t=40..150; > A 1 ack=101; opt rto_min_us 600000\n"
	"send 100; < PA 101+100; > A 1 ack=201; send 100; < PA 201+100; < PA 201+100 t=590..750\n")

TEST_F_TIMEOUT(own, rto_min_values, WIRE_TIMEOUT)
{
	int refused[] = { 0, -1, 1000001 }, got;
	socklen_t len = sizeof(got);

	PLAY("passive; opt rto_min_us 1; opt rto_min_us 1000000; opt rto_min_us 4711");
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		EXPECT_EQ(-1, setsockopt(self->s->f->fd, IPPROTO_TCP, TCP_RTO_MIN_US,
					 &refused[i], sizeof(refused[i])));
		EXPECT_EQ(EINVAL, errno);
	}
	ASSERT_EQ(0, getsockopt(self->s->f->fd, IPPROTO_TCP, TCP_RTO_MIN_US, &got, &len));
	ASSERT_EQ(4711, got);
	PLAY("flow 1; passive");
	ASSERT_EQ(0, getsockopt(self->s->f->fd, IPPROTO_TCP, TCP_RTO_MIN_US, &got, &len));
	ASSERT_EQ(200000, got);
}

/*
 * Zero window: probed, backing off to 120 s, for as long as the peer answers: more often
 * than an unanswered segment would be sent. (TCP stops doubling at that number, too.)
 */
TEST_F_TIMEOUT(wire, closed_window_is_probed, 2 * WIRE_TIMEOUT_LONG)
{
	bool tcp = self->s->proto == IPPROTO_TCP;
	int wait = 200;

	PLAY("proves MUST-35 MUST-36 MUST-37 SHLD-29 SHLD-30\n"
	     "xtcp: sysctl retries2 5\n" OPEN_AND_CLOSED "sent 500; > A 1 ack=1001 win=0; <-");
	/* that is two hours and some minutes */
	for (int i = 0; i < 72; i++) {
		/* Linux probes with an old number, XTCP with one byte of data. */
		PLAY("# probe %d\n< %s t=%d..%d; > A 1 ack=1001 win=0; <-; alive", i,
		     tcp ? "A 1000+0" : "A 1001+1", EARLIEST(wait), LATEST(wait));
		wait = wait < 60000 ? wait * 2 : 120000;
	}
	PLAY("> A 1 ack=1001 win=1000; < PA 1001+500; > A 1 ack=1501 win=1000; sent 0");
}

/* What was sent before the peer took back its window is sent again within it. */
OWN_LONG(shrunk_window_gets_what_is_old,
	"proves SHLD-16\n"
	OPEN(4000) "send 2000; < A 1+1000; < PA 1001+1000; > A 1 ack=1 win=1500; <-\n"
	"send 1000; <-; < A 1+1000 t=100..400; > A 1 ack=1001 win=500\n"
	"< A 1001+1000 t=0..800; <-; > A 1 ack=2001 win=2000; < PA 2001+1000; > A 1 ack=3001\n"
	"sent 0\n")

/* Taken back whole: the host asks for as long as the peer answers. */
TEST_F_TIMEOUT(own, shut_window_over_old_data_is_no_end, WIRE_TIMEOUT_LONG)
{
	int wait = 200;

	PLAY("proves SHLD-17\n"
	     "sysctl retries2 5\n" OPEN(4000) "send 1000; < PA 1+1000; > A 1 ack=1 win=0; <-");
	for (int i = 0; i < 12; i++) {
		PLAY("# retransmission %d\n< PA 1+1000 t=%d..%d; > A 1 ack=1 win=0; <-; alive", i,
		     i ? EARLIEST(wait) : 100, LATEST(wait));
		wait = wait < 60000 ? wait * 2 : 120000;
	}
	PLAY("> A 1 ack=1001 win=1000; sent 0; state ESTABLISHED");
}

/* The probe's byte may be taken. */
OWN_LONG(probe_is_taken,
	OPEN_AND_CLOSED
	"< A 1001+1 t=180..300; > A 1 ack=1002 win=0; <-; sent 499\n"
	"< A 1002+1; > A 1 ack=1003 win=1000; < PA 1003+498; > A 1 ack=1501; sent 0\n")

/* Nobody answers the probes: the connection fails as with data. */
WIRE_LONG(unanswered_probes_end_it,
	"sysctl retries2 5\n"
	OPEN_AND_CLOSED
	"error ETIMEDOUT 200000; state CLOSED; drain; > A 1 ack=1001; < R 1001\n")

/* Delayed ACK: within half a second (MUST-40 of RFC 1122 as RFC 9293 has it). */
TEST_F_TIMEOUT(wire, no_ack_is_delayed_beyond_500_ms, WIRE_TIMEOUT_LONG)
{
	PLAY("proves MUST-40\n"
	     "passive");
	for (int i = 0; i < 60; i++)
		PLAY("> PA %d+10; < A 1 ack=%d t=0..500; recv 10; <-", i * 10 + 1,
		     i * 10 + 11);
}

/* And delayed it is: a reply within that time carries it. */
OWN_LONG(reply_carries_the_ack,
	"proves MUST-58 SHLD-18\n"
	"passive; > PA 1+10; recv 10; send 10; <* PA 1+10 ack=11; > A 11 ack=11\n"
	"> PA 11+10; <-; recv 10; send 10; < PA 11+10 ack=21; > A 21 ack=21\n"
	"> PA 21+10; <-; < A 21 ack=31 t=10..500\n")

/* 2 MSL: 60 s after the last FIN, and not before. Two connections, for a look each. */
#define TIME_WAIT \
	"passive; shut wr; < FA 1; > A 1 ack=2; > FA 1 ack=2; < A 2 ack=2\n"

WIRE_LONG(time_wait_lasts_two_msl,
	"proves MUST-13 RFC9293-3.10.7.4-twfin\n"
	"flow 1\n" TIME_WAIT "flow 2\n" TIME_WAIT
	"quiet 55000; flow 1; > FA 1 ack=2; < A 2 ack=2\n"
	"flow 2; quiet 14000; > A 2 ack=2; < R 2; <-\n"
	/* For the other the FIN has started it again. */
	"flow 1; quiet 41000; > FA 1 ack=2; < A 2 ack=2\n"
	"quiet 69000; > A 2 ack=2; < R 2; <-\n")

/* With as many as the namespace may have, nothing is left behind. */
OWN_LONG(time_wait_has_a_bound,
	"sysctl max_tw_buckets 1; flow 1\n" TIME_WAIT "flow 2\n" TIME_WAIT
	"> FA 1 ack=2; < R 2; flow 1; > FA 1 ack=2; < A 2 ack=2\n")

WIRE_LONG(fin_timeout,
	"sysctl fin_timeout 5; passive; close; < FA 1; > A 1 ack=2; quiet 3000; > A 1 ack=2; <-\n"
	"quiet 9000; > A 1 ack=2; < R 2\n")

/* FIN-WAIT-2 without a socket is held for 60 s and some, as Linux does. */
WIRE_LONG(fin_wait_2_of_nobody_ends,
	"passive; close; < FA 1; > A 1 ack=2; quiet 50000; > A 1 ack=2; <-\n"
	"quiet 140000; > A 1 ack=2; < R 2\n")

WIRE_LONG(fin_wait_2_with_a_socket_stays,
	"passive; shut wr; < FA 1; > A 1 ack=2; quiet 200000; state FIN-WAIT-2\n"
	"> PA 1+10; recv 10; < A 2 ack=11\n")

/* Soft ICMP errors say why in the end (SHLD-25). */
WIRE_LONG(soft_error_is_the_reason,
	"proves MUST-47 SHLD-25\n"
	"sysctl retries2 3; passive; send 10; < PA 1+10; icmp host\n"
	"< PA 1+10; < PA 1+10; icmp host seq=1; < PA 1+10; error EHOSTUNREACH 20000\n")

OWN_LONG(soft_error_is_the_reason_of_a_failed_connect,
	"proves SHLD-25\n"
	"sysctl syn_retries 2; connect; < S 0; icmp host; < S 0; icmp host; < S 0\n"
	"icmp host; error EHOSTUNREACH 20000; state CLOSED\n")

WIRE_MAIN
