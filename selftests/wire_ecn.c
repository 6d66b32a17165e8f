// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit congestion notification (RFC 3168): who has it, what is marked as capable
 * of it, how a mark is echoed, and what the echo does. In flags, E is ECE, C is CWR;
 * ecn= is the IP header's field: 2 says capable, 3 is a router's mark.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define OPEN	"listen; > SEC 0 mss=1000; < SAE 0 ack=1 ecn=0; > A 1 ack=1; accept\n"

/* Data alone is marked as capable. */
WIRE(taken,
	"proves SHLD-8 RFC3168-6.1.1-syn RFC3168-6.1.4\n"
	OPEN "send 1000; < PA 1+1000 ecn=2; > PA 1+10 ack=1001 ecn=2; recv 10; < A 1001 ack=11 ecn=0\n"
	"shut wr; < FA 1001 ecn=0\n")

WIRE(not_offered,
	"proves RFC3168-6.1.1-nego\n"
	"passive; send 100; < PA 1+100 ecn=0; > PA 1+10 ecn=3; recv 10; < A 101 ack=11\n")
WIRE(half_an_offer, "listen; > SE 0 mss=1000; < SA 0; flow 1; > SC 0 mss=1000; < SA 0\n")
WIRE(marked_syn, "listen; > SEC 0 mss=1000 ecn=2; < SA 0 ack=1\n")
WIRE(switched_off, "sysctl ecn 0; listen; > SEC 0 mss=1000; < SA 0 ack=1\n")

#define ACTIVE "sysctl ecn 1; connect; < SEC 0 ecn=0\n"

WIRE(offered,
	ACTIVE "> SAE 0 ack=1 mss=1000; connected; < A 1 ecn=0; send 10; < PA 1+10 ecn=2\n")
WIRE(refused,
	ACTIVE "> SA 0 ack=1 mss=1000; connected; < A 1 ecn=0; send 10; < PA 1+10 ecn=0\n")
WIRE(copied_flags,
	ACTIVE "> SAEC 0 ack=1 mss=1000; connected; < A 1 ecn=0; send 10; < PA 1+10 ecn=0\n")

/* A box on the way may have dropped the first for its flags. */
WIRE(second_syn,
	"proves RFC3168-6.1.1.1\n"
	ACTIVE "< S 0 ecn=0; > SA 0 ack=1 mss=1000; connected\n")

/* From the mark on until CWR comes. */
WIRE(mark,
	"proves RFC3168-6.1.3\n"
	OPEN "> PA 1+1000 ecn=3; recv 1000; < AE 1 ack=1001 ecn=0\n"
	"> PA 1001+1000 ecn=2; xtcp: < AE 1 ack=2001; > PA 2001+1000 ecn=2; recv 2000\n"
	"xtcp: < AE 1 ack=3001; drain\n"
	"send 10; < PAE 1+10 ecn=2; > PAC 3001+1000 ack=11 ecn=2; recv 1000; <* A 11 ack=4001\n"
	"> PA 4001+1000 ecn=3; recv 1000; <* AE 11 ack=5001\n")

/* Old data has no say. */
WIRE(mark_on_old_data,
	"proves RFC3168-6.1.5\n"
	OPEN "> PA 1+100 ecn=2; recv 100; < A 1 ack=101; > PA 1+100 ecn=3; < A 1 ack=101\n")

/* The next new data, and that alone, says that we have slowed. */
WIRE(echo,
	"proves RFC3168-6.1.2-cwr\n"
	OPEN "send 5000; < A 1+1000 ecn=2; < A 1001+1000; < A 2001+1000; < A 3001+1000\n"
	"< PA 4001+1000; > AE 1 ack=3001; send 1000; < PAC 5001+1000 ecn=2; > AE 1 ack=4001\n"
	"send 1000; < PA 6001+1000 ecn=2; xtcp: stat EcnReductions=1\n")

/* The first of several segments that leave the host as one. */
WIRE(echo_then_much,
	OPEN "send 3000; < A 1+1000 ecn=2; < A 1001+1000; < PA 2001+1000; > AE 1 ack=3001\n"
	"send 2000; < AC 3001+1000 ecn=2; < PA 4001+1000 ecn=2\n")

/* What is sent again is not marked as capable, nor says it CWR. */
WIRE(sent_again,
	"proves RFC3168-6.1.5\n"
	OPEN "send 2000; < A 1+1000 ecn=2; < PA 1001+1000 ecn=2; <* A 1+1000 ecn=0\n")

OWN(probe,
	"proves RFC3168-6.1.6\n"
	OPEN "send 10; < PA 1+10 ecn=2; > A 1 ack=11 win=0; send 10; < PA 11+1 ecn=0\n")

/* What a cookie keeps. */
WIRE(cookie,
	"sysctl syncookies 2; listen; > SEC 0 mss=1460 ts=1000; < SAE 0 ack=1 ecr=1000 ecn=0\n"
	"> A 1 ack=1 ts=1001; accept; send 100; < PA 1+100 ecn=2\n"
	"flow 1; > SEC 0 mss=1460; < SA 0 ack=1; > A 1 ack=1; accept; send 100; < PA 1+100 ecn=0\n")

TEST_HARNESS_MAIN
