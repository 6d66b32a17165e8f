// SPDX-License-Identifier: GPL-2.0
/*
 * What the IP header around a segment says: the service asked for, the hops it may
 * take, options that nobody knows (RFC 9293 3.9.1, 3.9.2).
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* From the next segment on, whatever it is. */
WIRE(tos_is_as_told,
	"proves MUST-48 SHLD-21 SHLD-22\n"
	"passive; send 10; < PA 1+10 tos=0; > A 1 ack=11; ip tos 0xb8; send 10\n"
	"< PA 11+10 tos=0xb8; > PA 1+10 ack=21; recv 10; < A 21 ack=11 tos=0xb8\n"
	"ip tos 0x28; send 10; < PA 21+10 tos=0x28; > A 11 ack=31; shut wr; < FA 31 tos=0x28\n")

WIRE(ttl_is_as_told,
	"proves MUST-49\n"
	"passive; send 10; < PA 1+10 ttl=64; > A 1 ack=11; ip ttl 7; send 10\n"
	"< PA 11+10 ttl=7; > PA 1+10 ack=21; recv 10; < A 21 ack=11 ttl=7\n"
	"abort; < RA 21 ttl=7\n")

/* An experimental option (RFC 3692), on a SYN, data and a FIN. */
WIRE(unknown_options_are_ignored,
	"proves MUST-50\n"
	"listen; > S 0 mss=1460 ipopt=9e04abcd; < SA 0 ack=1; > A 1 ack=1; accept\n"
	"> PA 1+10 ipopt=9e04abcd; recv 10; < A 1 ack=11; > FA 11 ipopt=0101019e040000; eof\n"
	"< A 1 ack=12\n")

WIRE_MAIN
