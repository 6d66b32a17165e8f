// SPDX-License-Identifier: GPL-2.0
/*
 * SACK (RFC 2018) and D-SACK (RFC 2883) as a receiver reports them. Segments of 100
 * bytes; what the host has in order it keeps unread.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

#define OPEN	"listen; > S 0 mss=1460 sackok=1; < SA 0 ack=1 sackok=1\n" \
		"> A 1 ack=1; accept\n"

/* RFC2018-4-first, RFC2018-4-fill: the newest first, then those before. */
WIRE(newest_block_first,
	"proves RFC2018-4-first RFC2018-4-fill\n"
	OPEN "> A 101+100; < A 1 ack=1 sack=101-201\n"
	"> A 301+100; < A 1 ack=1 sack=301-401,101-201\n"
	"> A 501+100; < A 1 ack=1 sack=501-601,301-401,101-201\n"
	"> A 701+100; < A 1 ack=1 sack=701-801,501-601,301-401,101-201\n"
	"> A 901+100; < A 1 ack=1 sack=901-1001,701-801,501-601,301-401\n"
	"> A 401+100; < A 1 ack=1 sack=301-601,901-1001,701-801\n"
	"> A 1+100; < A 1 ack=201 sack=301-601,901-1001,701-801\n"
	"> A 201+100; < A 1 ack=601 sack=901-1001,701-801\n"
	"> A 601+100; < A 1 ack=801 sack=901-1001\n"
	"> A 801+100; < A 1 ack=1001 sack=-\n")

/* Three beside timestamps. */
WIRE(beside_timestamps,
	"proves RFC2018-2\n"
	"listen; > S 0 mss=1460 sackok=1 ts=1; < SA 0 ack=1 sackok=1; > A 1 ack=1 ts=1; accept\n"
	"> A 101+100 ts=1; < A 1 ack=1 kinds=8.5 sack=101-201\n"
	"> A 301+100 ts=1; < A 1 ack=1 sack=301-401,101-201\n"
	"> A 501+100 ts=1; < A 1 ack=1 sack=501-601,301-401,101-201\n"
	"> A 701+100 ts=1; < A 1 ack=1 optlen=40 sack=701-801,501-601,301-401\n")

/* RFC2018-4-neg, RFC2018-2: to nobody who has not offered it on its SYN. */
WIRE(not_offered,
	"proves RFC2018-4-neg\n"
	"passive; > A 101+100; < A 1 ack=1 sack=-; > A 1+100 sackok=1; < A 1 ack=201 sack=-\n"
	"> A 301+100; < A 1 ack=201 sack=-\n")

WIRE(not_answered,
	"active; > A 101+100; < A 1 ack=1 sack=-\n")

WIRE(switched_off,
	"sysctl sack 0; connect; < S 0 sackok=0; > SA 0 ack=1 mss=1460 sackok=1; connected; < A 1\n"
	"> A 101+100; < A 1 ack=1 sack=-\n")

/* RFC2883-4-first, RFC2883-4-once: what came twice is named first, and once. */
WIRE(duplicate_below,
	"proves RFC2883-4-first RFC2883-4-once\n"
	OPEN "> A 1+100; > A 101+100; <* A 1 ack=201; drain; > A 1+100; < A 1 ack=201 sack=1-101\n"
	"> A 301+100; < A 1 ack=201 sack=301-401\n"
	"> A 101+100; < A 1 ack=201 sack=101-201,301-401\n")

/* RFC2883-4-second: the block that holds it comes second. */
WIRE(duplicate_above,
	"proves RFC2883-4-second\n"
	OPEN "> A 101+100; < A 1 ack=1; > A 201+100; < A 1 ack=1 sack=101-301\n"
	"> A 501+100; < A 1 ack=1 sack=501-601,101-301\n"
	"> A 101+100; < A 1 ack=1 sack=101-201,101-301,501-601\n")

WIRE(duplicates_not_reported,
	"sysctl dsack 0\n" OPEN
	"> A 1+100; > A 101+100; <* A 1 ack=201; drain; > A 1+100; < A 1 ack=201 sack=-\n")

/* RFC2883-5: a report of a duplicate is not one of a loss. */
WIRE(duplicates_of_ours,
	"proves RFC2883-5\n"
	OPEN "send 1000; < PA 1+1000; > A 1 ack=1001; send 1000; < PA 1001+1000\n"
	"> A 1 ack=1001 sack=1-1001; > A 1 ack=1001 sack=1-1001; > A 1 ack=1001 sack=1-1001\n"
	"> A 1 ack=1001 sack=1-1001; <-\n")

/* Blocks that make no sense are no reason for anything. */
WIRE(odd_blocks,
	OPEN "send 1000; < PA 1+1000; > A 1 ack=1 sack=5000-6000; > A 1 ack=1 sack=600-500\n"
	"> A 1 ack=1 sack=-500-2000; > A 1 ack=1001 sack=1-1001,1-1001,1001-1001\n"
	"sent 0; alive; > PA 1+10; recv 10; < A 1001 ack=11\n")

TEST_HARNESS_MAIN
