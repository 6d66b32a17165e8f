// SPDX-License-Identifier: GPL-2.0
/*
 * Who waits for more: TCP_CORK and MSG_MORE as a sender, TCP_DEFER_ACCEPT as a
 * listener; and TCP_WINDOW_CLAMP, which lets less come at once.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define OPEN "listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=60000; accept\n"

/* Full segments only; the rest when the cork is drawn. */
WIRE(corked,
	"proves MAY-16\n"
	OPEN "opt cork 1; send 300; <-; send 300; <-; send 500; < A 1+1000; <-\n"
	"> A 1 ack=1001 win=60000; <-; opt cork 0; < PA 1001+100; > A 1 ack=1101; sent 0\n")

/* No longer than 200 ms, if nothing else is outstanding. */
WIRE(corked_too_long,
	OPEN "opt cork 1; send 300; < PA 1+300 t=150..300; > A 1 ack=301 win=60000; sent 0\n"
	"send 10; <-; < PA 301+10 t=150..500; > A 1 ack=311; sent 0\n")

WIRE(cork_is_stronger_than_nodelay,
	OPEN "opt nodelay 1; opt cork 1; send 300; <-; opt nodelay 1; < PA 1+300\n"
	"> A 1 ack=301 win=60000; send 20; <-; opt cork 0; < PA 301+20; > A 1 ack=321\n"
	"sent 0\n")

WIRE(fin_ends_the_cork,
	OPEN "opt cork 1; send 300; <-; shut wr; < FPA 1+300; > A 1 ack=302\n"
	"state FIN-WAIT-2\n")

/* The next call may end it, or a pause. */
WIRE(more_follows,
	"proves MAY-16\n"
	OPEN "sendmore 300; <-; sendmore 300; <-; send 100; < PA 1+700\n"
	"> A 1 ack=701 win=60000; sendmore 1500; < A 701+1000; > A 1 ack=1701 win=60000\n"
	"<* PA 1701+500; > A 1 ack=2201; sent 0\n")

WIRE(more_does_not_follow,
	OPEN "sendmore 300; <-; < PA 1+300 t=150..300; > A 1 ack=301; sent 0\n")

/* Without data in the last ACK there is nothing to accept yet. */
WIRE(deferred_until_data,
	"listen; lopt defer_accept 10; > S 0 mss=1460; < SA 0 ack=1; > A 1 ack=1\n"
	"noaccept; quiet 3000; noaccept; > PA 1+10 ack=1; < A 1 ack=11; accept; recv 10\n")

WIRE(deferred_with_data_in_the_ack,
	"listen; lopt defer_accept 10; > S 0 mss=1460; < SA 0 ack=1\n"
	"> PA 1+10 ack=1; < A 1 ack=11; accept; recv 10\n")

/* At the end of that time the SYN-ACK asks once more, and an ACK will do. */
WIRE_LONG(deferred_for_so_long,
	"listen; lopt defer_accept 3; > S 0 mss=1460; < SA 0 ack=1; > A 1 ack=1; noaccept\n"
	"< SA 0 ack=1 t=2500..3800; noaccept; > A 1 ack=1; accept; state ESTABLISHED\n"
	"> PA 1+10; recv 10; < A 1 ack=11\n")

WIRE(a_fin_is_worth_accepting,
	"listen; lopt defer_accept 10; > S 0 mss=1460; < SA 0 ack=1; > FA 1 ack=1\n"
	"< A 1 ack=2; accept; eof; state CLOSE-WAIT\n")

/* What is offered, on the SYN-ACK and later; a child of Linux forgets it. */
OWN(window_clamped,
	"listen; lopt window_clamp 3000; > S 0 mss=1000; < SA 0 ack=1 win<3001\n"
	"> A 1 ack=1; accept; > PA 1+1000; < A 1 ack=1001 win<3001; recv 1000; drain\n"
	"> PA 1001+1000; <* A 1 ack=2001 win<3001; recv 1000\n")

/* No larger than the window can ever be. */
WIRE(scale_of_a_clamped_window,
	"listen; lopt window_clamp 3000; > S 0 mss=1460 ws=5; < SA 0 ack=1 ws=0\n")

WIRE_MAIN
