// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps (RFC 7323): who has them, what is echoed, what is too old, and the next
 * connection in place of one in TIME-WAIT (RFC 6191). The host's own values are random
 * to begin with: only echoes are compared.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* A connection with timestamps whose SYN had the value 1000, with a window of 65535. */
#define OPEN	"listen; > S 0 mss=1000 ts=1000; < SA 0 ack=1 ts=1 ecr=1000\n" \
		"> A 1 ack=1 ts=1001; accept\n"

/* RFC7323-3.2-neg, RFC6691-2: in each segment from then on, at the payload's cost. */
WIRE(in_every_segment,
	"proves MUST-16 MUST-65 RFC7323-3.2-neg RFC6691-2\n"
	OPEN "send 3000; < A 1+988 ts=1 ecr=1001 kinds=8; < A 989+988 ts=1; < A 1977+988 ts=1\n"
	"< PA 2965+36 ts=1; > A 1 ack=3001 ts=1002; > PA 1+10 ts=1003; recv 10\n"
	"< A 3001 ack=11 ts=1 ecr=1003; shut wr; < FA 3001 ts=1; > A 11 ack=3002 ts=1004\n"
	"> FA 11 ack=3002 ts=1005; < A 3002 ack=12 ts=1 ecr=1005\n")

/* All of a SYN's options, in the order that Linux gives them. */
WIRE(offered_on_a_syn,
	"proves RFC7323-3.2-tsecr\n"
	"connect; < S 0 kinds=2.4.8.3 ecr=0; > SA 0 ack=1 mss=1460 ts=500; connected\n"
	"< A 1 kinds=8 ecr=500\n")

WIRE(answered_on_a_syn_ack,
	"listen; > S 0 mss=1460 sackok=1 ts=7 ws=2; < SA 0 ack=1 kinds=2.4.8.3 ecr=7\n")

/* RFC7323-3.2-synack: not offered, so not answered, and ignored later (-unneg). */
WIRE(not_offered_by_the_peer,
	"proves RFC7323-3.2-synack RFC7323-3.2-unneg\n"
	"listen; > S 0 mss=1000; < SA 0 ack=1 ts=0; > A 1 ack=1; accept\n"
	"> PA 1+10 ts=50; recv 10; < A 1 ack=11 ts=0; > PA 11+10 ts=40; recv 10\n"
	"< A 1 ack=21 ts=0; send 1000; < PA 1+1000 ts=0\n")

WIRE(not_answered_by_the_peer,
	"active; send 1460; 4: < PA 1+1460 ts=0\n6: < A 1+1440 ts=0\n"
	"6: < PA 1441+20 ts=0\n")

WIRE(switched_off,
	"sysctl timestamps 0; connect; < S 0 ts=0; > SA 0 ack=1 mss=1460 ts=5; connected\n"
	"< A 1 ts=0\n"
	"flow 1; listen; > S 0 mss=1000 ts=1; < SA 0 ack=1 ts=0\n")

/* RFC7323-4.3: the first of what is acknowledged; out of order, the last in order. */
WIRE(what_is_echoed,
	"proves RFC7323-4.3\n"
	OPEN "> PA 1+1000 ts=1010; > PA 1001+1000 ts=1020; <* A 1 ack=2001; recv 2000; drain\n"
	"> PA 3001+10 ts=1040; < A 1 ack=2001 ts=1; drain\n"
	"> PA 2001+1000 ts=1050; <* A 1 ack=3011 ecr=1050; recv 1010\n")

/*
 * RFC7323-5.3: the past draws an ACK, and counts for nothing. A tick is not enough for
 * Linux TCP.
 */
WIRE(older_than_the_last,
	"proves RFC7323-5.3\n"
	OPEN "> PA 1+10 ts=1100; recv 10; < A 1 ack=11 ecr=1100\n"
	"> PA 11+10 ts=1098; < A 1 ack=11 ts=1; noread\n"
	"> PA 11+10 ts=1100; recv 10; < A 1 ack=21\n")

/* RFC7323-5.2-rst: a reset is taken by its number alone. */
WIRE(older_reset,
	"proves RFC7323-5.2-rst\n"
	OPEN "> PA 1+10 ts=1100; recv 10; < A 1 ack=11; > R 11 ts=1; error ECONNRESET\n")

WIRE(wraps,
	"listen; > S 0 mss=1000 ts=0xfffffff0; < SA 0 ack=1 ts=1; > A 1 ack=1 ts=0xfffffff8; accept\n"
	"> PA 1+10 ts=5; recv 10; < A 1 ack=11 ecr=5; > PA 11+10 ts=0xffffffff; < A 1 ack=11; noread\n")

/* A segment of the connection without them is processed, as Linux TCP does. */
WIRE(missing,
	OPEN "> PA 1+10; recv 10; < A 1 ack=11 ts=1 ecr=1001\n")

/* Nobody learns from one connection's clock what another's, or the host's, shows. */
TEST_F_TIMEOUT(own, offset_of_each_connection, WIRE_TIMEOUT)
{
	uint32_t ts[3];
	int i, close_by = 0;

	for (i = 0; i < 3; i++) {
		PLAY("%sflow %d; connect; < S 0 ts=1", i ? "" : "proves RFC7323-7.1\n", i);
		ts[i] = self->s->f->tsval;
		close_by += i && abs((int32_t)(ts[i] - ts[i - 1])) <= 10000;
	}
	/* Chance alone brings two together, but not both pairs */
	ASSERT_GE(1, close_by) {
		TH_LOG("RFC7323-7.1: %u, %u and %u", ts[0], ts[1], ts[2]);
	}
}

/* A reset of the host's has them, too. */
WIRE(in_a_reset,
	"proves RFC7323-3.2-neg\n"
	OPEN "> PA 1+10 ts=1002; < A 1 ack=11; abort; < RA 1 ts=1\n")

/* RFC 6191: the host is in TIME-WAIT; a SYN below the last number begins anew. */
#define TIMEWAIT OPEN \
	"shut wr; < FA 1; > FA 1 ack=2 ts=1010; < A 2 ack=2\n"

/* The numbers are those of the first SYN still: what is below them is old but for this. */
WIRE(time_wait_newer_syn,
	"proves SHLD-4 RFC9293-3.10.7.4-syn RFC6191-2-gt\n"
	TIMEWAIT "> S -1000 mss=1000 ts=1011; < SA *\n")
WIRE(time_wait_older_syn,
	"proves RFC6191-2-drop\n"
	TIMEWAIT "> S 70000 mss=1000 ts=1009; < A 2 ack=2\n")
WIRE(time_wait_same_time_higher_syn,
	"proves RFC6191-2-eq\n"
	TIMEWAIT "> S 70000 mss=1000 ts=1010; < SA *\n")
WIRE(time_wait_same_time_lower_syn,
	"proves RFC6191-2-eq\n"
	TIMEWAIT "> S -1000 mss=1000 ts=1010; < A 2 ack=2\n")

TEST_HARNESS_MAIN
