// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_NOTSENT_LOWAT: how much may wait in the send buffer without having been sent
 * before writers wait, and from when on poll() invites them again.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

#define PEER \
	"listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=2000; accept\n"

/* What is sent does not count, and half of the mark is what poll() waits for. */
WIRE(limits_what_is_not_sent,
	"proves RFC9293-A.4\n"
	PEER "opt notsent_lowat 2000; send 2000; < A 1+1000; < PA 1001+1000; out 1\n"
	"send 999; out 1; send 1; out 0; send 1000; out 0; senderr EAGAIN\n"
	"> A 1 ack=2001 win=500; <-; out 0; senderr EAGAIN\n"
	"> A 1 ack=2001 win=1000; < A 2001+1000; out 0; > A 1 ack=3001 win=1000\n"
	"< PA 3001+1000; out 1; > A 1 ack=4001; sent 0; out 1\n")

WIRE(zero_is_the_namespaces,
	"proves RFC9293-A.4\n"
	"sysctl notsent_lowat 1000\n"
	PEER "send 2000; < A 1+1000; < PA 1001+1000; out 1; send 1000; out 0; senderr EAGAIN\n"
	"opt notsent_lowat 5000; out 1; opt notsent_lowat 0; out 0; senderr EAGAIN\n"
	"> A 1 ack=2001 win=2000; < PA 2001+1000; out 1\n")

/*
 * A window that opens makes room, though nothing is acknowledged by it. Linux TCP
 * looks at the mark when an skb is full, XTCP at each call.
 */
WIRE(window_update_makes_room,
	"listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=0; accept\n"
	"opt notsent_lowat 1000; send 1000; out 0; xtcp: senderr EAGAIN\n"
	"> A 1 ack=1 win=2000; < PA 1+1000; out 1; send 1000; < PA 1001+1000\n"
	"> A 1 ack=2001; sent 0\n")

/* Unless it is set, the buffer alone is the limit. */
WIRE(off_unless_set,
	PEER "send 2000; < A 1+1000; < PA 1001+1000; send 1000; send 1000; send 1000; out 1\n")

WIRE_MAIN
