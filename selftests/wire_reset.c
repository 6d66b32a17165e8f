// SPDX-License-Identifier: GPL-2.0
/*
 * Resets and SYNs on a synchronised connection (RFC 9293 3.10.7.4, second and fourth,
 * with RFC 5961): only an RST at exactly RCV.NXT resets.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

WIRE(exact,
	"proves RFC9293-3.10.7.4-rst-est\n"
	"passive; > R 1; error ECONNRESET; state CLOSED; <-; senderr EPIPE\n")

WIRE(exact_while_reading,
	"proves MUST-12\n"
	"passive; > R 1; recverr ECONNRESET; eof; senderr EPIPE; <-\n")

WIRE(exact_with_ack,
	"passive; > RA 1 ack=1; error ECONNRESET; <-\n")

/* Data in a reset says why, perhaps, to a human. */
WIRE(exact_with_data,
	"proves SHLD-2\n"
	"passive; > R 1+10; error ECONNRESET; state CLOSED; <-\n")

/* The ACK field of an RST counts for nothing once synchronised. */
WIRE(exact_with_a_wrong_ack,
	"passive; > RA 1 ack=100000; error ECONNRESET; <-\n")

WIRE(exact_after_data,
	"passive; > PA 1+10; recv 10; < A 1 ack=11; > R 11; error ECONNRESET; <-\n")

WIRE(data_before_a_reset_can_be_read,
	"proves RFC9293-3.10.7.4-rst-est\n"
	"passive; > PA 1+10; < A 1 ack=11; > R 11; recv 10; recverr ECONNRESET; eof\n")

static const struct {
	const char *name, *seg;
	bool challenged;
} inexact[] = {
	{ "one past", "R 12", true },
	{ "in the window", "R 5000", true },
	{ "in the window, with ACK", "RA 5000 ack=1", true },
	{ "in the window, with data", "R 5000+10", true },
	{ "one before", "R 10", false },
	{ "long before", "R -100000", false },
	{ "far past", "R 10000000", false },
	{ "half a world away", "R 0x7fffffff", false },
};

TEST_F_TIMEOUT(wire, inexact, WIRE_TIMEOUT)
{
	PLAY("proves RFC5961-3.2-exact RFC5961-3.2-chall RFC5961-3.2-out\n"
	     "passive; > PA 1+10; recv 10; < A 1 ack=11");
	for (size_t i = 0; i < ARRAY_SIZE(inexact); i++) {
		PLAY("# %s\napart; > %s; %s; <-; alive; state ESTABLISHED", inexact[i].name,
		     inexact[i].seg, inexact[i].challenged ? "< A 1 ack=11" : "<-");
	}
	PLAY("> R 11; error ECONNRESET");
}

static const char *const syns[] = {
	"S 0 mss=1460", "S 1 mss=1460", "S 100", "S 1+10", "S 200000", "S -5000",
	"SA 1 ack=1", "SA 100 ack=1", "SP 1 mss=536 ws=3",
};

TEST_F_TIMEOUT(wire, syn_is_challenged, WIRE_TIMEOUT)
{
	PLAY("proves RFC9293-3.10.7.4-syn RFC5961-4.2\n"
	     "passive");
	for (size_t i = 0; i < ARRAY_SIZE(syns); i++)
		PLAY("apart; > %s; < A 1 ack=1; <-; noread; state ESTABLISHED", syns[i]);
	PLAY("> PA 1+10; recv 10; < A 1 ack=11");
}

/* The reason for the challenge: a peer that has rebooted resets, exactly. */
WIRE(syn_challenged_then_reset_by_the_peer,
	"passive; > S 1000 mss=1460; < A 1 ack=1; > R 1; error ECONNRESET; <-\n")

/* Each closing state is left at once by an exact reset. */
static const struct {
	const char *state, *how;
	int at;
} closing[] = {
	{ "FIN-WAIT-1", "shut wr; < FA 1 ack=1", 1 },
	{ "FIN-WAIT-2", "shut wr; < FA 1 ack=1; > A 1 ack=2", 1 },
	{ "CLOSE-WAIT", "> FA 1; < A 1 ack=2", 2 },
	{ "CLOSING", "shut wr; < FA 1 ack=1; > FA 1 ack=1; < A 2 ack=2", 2 },
	{ "LAST-ACK", "> FA 1; < A 1 ack=2; shut wr; < FA 1 ack=2", 2 },
};

TEST_F_TIMEOUT(wire, while_closing, WIRE_TIMEOUT)
{
	for (size_t i = 0; i < ARRAY_SIZE(closing); i++)
		PLAY("proves RFC9293-3.10.7.4-rst-close\n"
		     "flow %zd; passive; %s; state %s\n"
		     "> R %d; <-; alive; state %s; > R %d; drain; state CLOSED\n"
		     "> A %d ack=2; < R 2; <-",
		     i, closing[i].how, closing[i].state, closing[i].at - 10,
		     closing[i].state, closing[i].at, closing[i].at);
}

WIRE(while_closing_with_the_socket_gone,
	"flow 0; passive; close; < FA 1; > R 1; <-; > A 1 ack=2; < R 2\n"
	"flow 1; passive; close; < FA 1; > A 1 ack=2; > R 1; <-; > A 1 ack=2; < R 2\n"
	"flow 2; passive; > FA 1; < A 1 ack=2; close; < FA 1; > R 2; <-\n"
	"> A 2 ack=2; < R 2\n")

/* The host resets: what is in SEQ and ACK. */
WIRE(abort_sends_one,
	"passive; abort; < RA 1 ack=1; <-; > PA 1+10; < R 1; <-\n")

WIRE(abort_with_data_unsent_and_unacked,
	"proves RFC9293-3.10.5-abort\n"
	"passive mss=536; send 300; < PA 1+300; abort; < RA 301 ack=1; <-\n")

WIRE(abort_in_fin_wait,
	"passive; shut wr; < FA 1; > A 1 ack=2; abort; drain; > A 1 ack=2; < R 2; <-\n")

WIRE(abort_in_close_wait,
	"passive; > FA 1; < A 1 ack=2; abort; < RA 1 ack=2; <-\n")

WIRE(abort_in_syn_sent_is_silent,
	"connect; < S 0; abort; <-; > SA 0 ack=1; < R 1; <-\n")

/* RFC 2525, 2.17: unread data is told to the peer by a reset. */
WIRE(close_with_unread_data_resets,
	"proves SHLD-3\n"
	"passive; > PA 1+10; < A 1 ack=11; close; < RA 1 ack=11; <-\n")

WIRE(data_after_close_is_reset,
	"proves SHLD-3 MAY-1\n"
	"passive; close; < FA 1 ack=1\n"
	"> PA 1+10 ack=2; tcp: < R 2; xtcp: < RA 2 ack=1; <-\n"
	"> A 11 ack=2; < R 2; <-\n")

WIRE(data_before_the_fin_is_acked_after_close_is_reset,
	"passive; close; < FA 1 ack=1; > PA 1+10 ack=1\n"
	"tcp: < R *; xtcp: < RA 2 ack=1; <-\n")

WIRE_MAIN
