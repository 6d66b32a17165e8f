// SPDX-License-Identifier: GPL-2.0
/*
 * DCTCP (RFC 8257) and the accurate ECN that it asks for: what is marked as capable of
 * it, which ACKs echo a mark, and what the echo does. In flags, E is ECE, C is CWR;
 * ecn= is the IP header's field: 2 says capable, 3 is a router's mark.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define SYN	"listen; lcong dctcp; > SEC 0 mss=1000 ecn=2; < SAE 0 ack=1 ecn=2\n"
#define OPEN	SYN "> A 1 ack=1 ecn=2; accept\n"

/* 3.5: all is marked as capable, the handshake too. */
WIRE(server,
	OPEN "send 1000; < PA 1+1000 ecn=2; > PA 1+10 ack=1001 ecn=2; recv 10; < A 1001 ack=11 ecn=2\n"
	"shut wr; < FA 1001 ecn=2\n")
WIRE(server_of_an_unmarked_syn,
	"listen; lcong dctcp; > SEC 0 mss=1000; < SAE 0 ack=1 ecn=2; > A 1 ack=1; accept\n"
	"send 10; < PA 1+10 ecn=2\n")
WIRE(client,
	"socket; cong dctcp; connect; < SEC 0 ecn=2; > SAE 0 ack=1 mss=1000 ecn=2; connected\n"
	"< A 1 ecn=2; send 10; < PA 1+10 ecn=2; > PA 1+10 ack=11 ecn=2; recv 10; < A 11 ack=11 ecn=2\n")
/* What net.xtcp.ecn says does not matter. */
WIRE(switched_off,
	"sysctl ecn 0; " OPEN "send 10; < PA 1+10 ecn=2\n"
	"flow 1; socket; cong dctcp; connect; < SEC 0 ecn=2\n")

/* Without ECN at the other end it is Reno. */
WIRE(refused,
	"socket; cong dctcp; connect; < SEC 0 ecn=2; > SA 0 ack=1 mss=1000; connected\n"
	"< A 1 ecn=0; send 10; < PA 1+10 ecn=0; > PA 1+10 ack=11 ecn=3; recv 10; < A 11 ack=11 ecn=0\n")
WIRE(not_offered,
	"listen; lcong dctcp; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1; accept\n"
	"send 10; < PA 1+10 ecn=0\n")
OWN(not_offered_not_marked,
	"listen; lcong dctcp; > S 0 mss=1000; < SA 0 ack=1 ecn=0\n")
OWN(second_syn,
	"socket; cong dctcp; connect; < SEC 0 ecn=2; < S 0 ecn=0; > SA 0 ack=1 mss=1000; connected\n")
OWN(second_synack,
	SYN "> SEC 0 mss=1000 ecn=2; < SAE 0 ack=1 ecn=0\n")

/* 3.2: at the change, two ACKs at once: what came before, and what has come now. */
#define TURNS								\
	"> PA 1+1000 ecn=2; <-; > PA 1001+1000 ecn=3\n"			\
	"< A 1 ack=1001 ecn=2 t=0..10; < AE 1 ack=2001 ecn=2 t=0..10\n"	\
	"> PA 2001+1000 ecn=3; <-; > PA 3001+1000 ecn=2\n"		\
	"< AE 1 ack=3001 ecn=2 t=0..10; < A 1 ack=4001 ecn=2 t=0..10\n"
WIRE(turns, OPEN "opt quickack 0\n" TURNS "recv 4000\n")
WIRE(turns_of_a_client,
	"socket; cong dctcp; connect; < SEC 0; > SAE 0 ack=1 mss=1000; connected; < A 1\n"
	"opt quickack 0\n" TURNS)
OWN(turns_are_counted, "stat EcnTurns=0; " OPEN "opt quickack 0\n" TURNS "stat EcnTurns=2\n")

/* Between the changes, every second segment is acknowledged, with what is true of both. */
OWN(stays,
	OPEN "opt quickack 0; > PA 1+1000 ecn=3; < AE 1 ack=1001 t=0..10; > PA 1001+1000 ecn=3\n"
	"<-; > PA 2001+1000 ecn=3; < AE 1 ack=3001; > PA 3001+1000 ecn=3; < AE 1 ack=4001 t=15..150\n"
	"opt quickack 0; > PA 4001+1000 ecn=2; < A 1 ack=5001 t=0..10; > PA 5001+1000 ecn=2; <-\n"
	"> PA 6001+1000 ecn=2; < A 1 ack=7001 t=0..10\n")

/* CWR, to which RFC 3168 listens, says nothing. */
WIRE(cwr,
	OPEN "> PA 1+1000 ecn=3; recv 1000; < AE 1 ack=1001; > PAC 1001+1000 ecn=3; recv 1000\n"
	"< AE 1 ack=2001\n")
WIRE(old_data,
	OPEN "> PA 1+100 ecn=2; recv 100; < A 1 ack=101; > PA 1+100 ecn=3; < A 1 ack=101\n")
/* Each of the two ACKs echoes the first timestamp of those that it is for. */
OWN(timestamps,
	"listen; lcong dctcp; > SEC 0 mss=1000 ts=100 ecn=2; < SAE 0 ack=1; > A 1 ack=1 ts=101; accept\n"
	"opt quickack 0; > PA 1+100 ts=102 ecn=2; <-; > PA 101+100 ts=103 ecn=3\n"
	"< A 1 ack=101 ecr=102; < AE 1 ack=201 ecr=103\n")

/* 3.3: the next new data, and that alone, says that we have slowed. */
WIRE(echo,
	OPEN "send 5000; < A 1+1000 ecn=2; < A 1001+1000; < A 2001+1000; < A 3001+1000\n"
	"< PA 4001+1000; > AE 1 ack=3001 ecn=2; send 1000; < PAC 5001+1000 ecn=2; > AE 1 ack=4001\n"
	"send 1000; < PA 6001+1000 ecn=2; xtcp: stat EcnReductions=1\n")

/* What is sent again, too. */
WIRE(sent_again,
	OPEN "send 2000; < A 1+1000 ecn=2; < PA 1001+1000 ecn=2; <* A 1+1000 ecn=2\n")

/* What a cookie keeps. */
WIRE(cookie,
	"sysctl syncookies 2; listen; lcong dctcp\n"
	"> SEC 0 mss=1460 ts=1000 ecn=2; < SAE 0 ack=1 ecr=1000 ecn=2\n"
	"> A 1 ack=1 ts=1001; accept; send 100; < PA 1+100 ecn=2\n"
	"> PA 1+10 ack=101 ts=1002 ecn=2; recv 10; < A 101 ack=11 ecn=2\n")

/* Chosen in the midst of a connection, and left again. */
WIRE(switched,
	"listen; > SEC 0 mss=1000; < SAE 0 ack=1 ecn=0; > A 1 ack=1; accept\n"
	"> PA 1+10 ecn=3; recv 10; < AE 1 ack=11 ecn=0; cong dctcp\n"
	"> PA 11+10 ecn=2; recv 10; <* A 1 ack=21 ecn=2; > PA 21+10 ecn=3; recv 10; < AE 1 ack=31 ecn=2\n"
	"cong reno; > PA 31+10 ecn=2; recv 10; < AE 1 ack=41 ecn=0\n"
	"> PAC 41+10 ecn=2; recv 10; < A 1 ack=51 ecn=0\n")

/* Chosen, or left, while the SYN waits for data (RFC 7413). */
#define HELD	"sysctl ecn 0; flow 9; new; fastsend 10 EINPROGRESS; < S 0\n"		\
		"> SA 0 ack=1 mss=1460 fo=a1a2a3a4a5a6a7a8; < A 1; connected; abort; < RA 1\n" \
		"flow 0; socket\n"
/* Linux TCP takes Reno then: its choice is made before the offer. */
OWN(chosen_with_a_held_syn,
	HELD "opt fastopen_connect 1; deferred; cong dctcp; noread; send 10; < SEC 0+10\n")
WIRE(left_with_a_held_syn,
	HELD "cong dctcp; opt fastopen_connect 1; deferred; cong reno; noread; send 10; < S 0+10\n")

static int kernel_has(const char *name)
{
	char command[100];

	snprintf(command, sizeof(command),
		 "modprobe -q tcp_%s; grep -qw %s /proc/sys/net/ipv4/tcp_available_congestion_control",
		 name, name);
	return !system(command);
}

/* The route's choice, of which the kernel's TCP has to have one, too. */
TEST_F_TIMEOUT(wire, route, WIRE_TIMEOUT)
{
	if (!kernel_has("dctcp"))
		SKIP(return, "this kernel's TCP has no dctcp");
	PLAY("sysctl ecn 0; route congctl dctcp; listen; > SEC 0 mss=1000 ecn=2; < SAE 0 ack=1\n"
	     "> A 1 ack=1; accept; send 10; < PA 1+10 ecn=2; > A 1 ack=11\n"
	     "flow 1; connect; < SEC 0; > SAE 0 ack=1 mss=1000; connected; send 10; <* PA 1+10 ecn=2\n");
}

TEST_HARNESS_MAIN
