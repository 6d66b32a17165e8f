// SPDX-License-Identifier: GPL-2.0
/*
 * What the IP header around a segment says: the service asked for, the hops it may
 * take, options that nobody knows (RFC 9293 3.9.1, 3.9.2), and with IPv6 the label by
 * which routers choose between paths (RFC 6438): another one asks for another path.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

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

/* From the handshake to TIME-WAIT. */
WIRE(one_label_for_a_connection,
	"listen; > S 0 mss=1460; < SA 0 ack=1 label=set; > A 1 ack=1; accept; send 10\n"
	"< PA 1+10 label=same; > PA 1+10 ack=11; < A 11 ack=11 label=same; recv 10\n"
	"shut wr; < FA 11 label=same; > FA 11 ack=12; < A 12 ack=12 label=same\n"
	"> FA 11 ack=12; < A 12 ack=12 label=same\n")

/* Before R1 and after, and it stays with the path that works. */
WIRE_LONG(another_label_after_a_timeout,
	"passive; send 100; < PA 1+100 label=set; < PA 1+100 label=new; < PA 1+100 label=new\n"
	"< PA 1+100 label=new; < PA 1+100 label=new; < PA 1+100 label=new; > A 1 ack=101\n"
	"sent 0; send 10; < PA 101+10 label=same; > A 1 ack=111\n")

WIRE(another_label_for_a_syn,
	"connect; < S 0 label=set; < S 0 label=new; < S 0 label=new\n")

WIRE(another_label_for_a_syn_ack,
	"listen; > S 0 mss=1460; < SA 0 ack=1 label=set; < SA 0 ack=1 label=new\n"
	"> A 1 ack=1; accept; send 10; < PA 1+10 label=same\n")

/* SO_TXREHASH */
TEST_F_TIMEOUT(wire, another_label_is_not_wanted, WIRE_TIMEOUT)
{
	int off = 0;

	PLAY("passive");
	ASSERT_EQ(0, setsockopt(self->s->f->fd, SOL_SOCKET, SO_TXREHASH, &off, sizeof(off)));
	PLAY("send 100; < PA 1+100 label=set; < PA 1+100 label=same; < PA 1+100 label=same\n"
	     "< PA 1+100 label=same; < PA 1+100 label=same; > A 1 ack=101");
}

/* IPV6_AUTOFLOWLABEL */
TEST_F_TIMEOUT(wire, no_label_is_wanted, WIRE_TIMEOUT)
{
	int off = 0;

	PLAY("passive");
	if (self->s->family == AF_INET6)
		ASSERT_EQ(0, setsockopt(self->s->f->fd, IPPROTO_IPV6, IPV6_AUTOFLOWLABEL, &off,
					sizeof(off)));
	PLAY("send 100; < PA 1+100 label=0; < PA 1+100 label=0; > A 1 ack=101");
}

/* The peer tries other paths: our ACKs get lost. Linux 6.1 waits for the second. */
WIRE(another_label_for_acks_that_get_lost,
	"passive sackok=1; > PA 1+100 label=0x11; < A 1 ack=101 label=set\n"
	"> PA 1+100 label=0x12; < A 1 ack=101; > PA 1+100 label=0x13; < A 1 ack=101 label=new\n"
	"> PA 101+100 label=0x13; < A 1 ack=201 label=same\n")

OWN(same_label_where_the_peer_stays,
	"passive sackok=1; > PA 1+100 label=0x11; < A 1 ack=101 label=set\n"
	"> PA 1+100 label=0x11; < A 1 ack=101 label=same; > PA 1+100 label=0x12\n"
	"< A 1 ack=101 label=new; > PA 1+100 label=0x12; < A 1 ack=101 label=same\n"
	"> PA 201+100 label=0x12; < A 1 ack=101 label=same; > PA 201+100 label=0x12\n"
	"< A 1 ack=101 label=same\n")

WIRE_MAIN
