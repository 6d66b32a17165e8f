// SPDX-License-Identifier: GPL-2.0
/*
 * How long a connection goes on in vain: R1 and R2, the user's own limits
 * (TCP_USER_TIMEOUT, TCP_SYNCNT), and what is left of a connection whose user is
 * gone (TCP_LINGER2, the number of orphans).
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* The kernel's timers are coarser the longer they are: an eighth of the time. */
#define EARLIEST(ms) ((ms) - (ms) / 100 - 10)
#define LATEST(ms) ((ms) + (ms) / 8 + 60)

/* Its window is closed, and 500 bytes wait. */
#define OPEN_AND_CLOSED \
	"listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=2000; accept\n" \
	"send 1000; < PA 1+1000; > A 1 ack=1001 win=0; send 500; <-\n"

#define ANSWERED_PROBE \
	"tcp: < A 1000+0; xtcp: < A 1001+1; > A 1 ack=1001 win=0\n"

/* MUST-20, SHLD-10: the network layer hears of it from the fourth on. */
OWN_LONG(r1_asks_for_another_route,
	"# MUST-20, SHLD-10\n"
	"sysctl retries1 3; passive; send 100; < PA 1+100\n"
	"< PA 1+100 t=190..290; < PA 1+100 t=390..520; < PA 1+100 t=780..960\n"
	"stat RouteAdvices=0; < PA 1+100 t=1570..1900; stat RouteAdvices=1\n"
	"> A 1 ack=101; sent 0; send 10; < PA 101+10; > A 1 ack=111; stat RouteAdvices=1\n")

/* MUST-21: the user's R2, in time and not in numbers. */
WIRE_LONG(user_timeout,
	"# MUST-21, RFC9293-3.10.8-uto\n"
	"passive; opt user_timeout 3000; send 100; < PA 1+100\n"
	"< PA 1+100 t=190..290; < PA 1+100 t=390..520; < PA 1+100 t=780..960\n"
	"< PA 1+100 t=1570..1900; error ETIMEDOUT 400; state CLOSED; <-\n"
	"> A 1 ack=101; < R 101\n")

/* Keep-alive ends by it, not by its own number of probes. */
WIRE_LONG(user_timeout_of_a_silent_peer,
	"passive; opt keepidle 2; opt keepintvl 2; opt keepcnt 1; opt user_timeout 7000\n"
	"opt keepalive 1; < A 0+0 ack=1 t=1900..2500; < A 0+0 ack=1 t=1900..2500\n"
	"< A 0+0 ack=1 t=1900..2500; < RA 1 ack=1 t=1900..2500; error ETIMEDOUT\n")

/* It is longer than the namespace's R2. */
WIRE_LONG(user_timeout_longer_than_r2,
	"sysctl retries2 2; passive; opt user_timeout 20000; send 100; < PA 1+100\n"
	"< PA 1+100 t=190..290; < PA 1+100 t=390..520; < PA 1+100 t=780..960\n"
	"< PA 1+100 t=1570..1900; < PA 1+100 t=3150..3700; alive; > A 1 ack=101; sent 0\n")

WIRE_LONG(user_timeout_begins_anew,
	"passive; opt user_timeout 1000; send 100; < PA 1+100\n"
	"< PA 1+100 t=190..290; < PA 1+100 t=390..520; > A 1 ack=101; sent 0; quiet 20000\n"
	"send 100; < PA 101+100; quiet 100; > A 1 ack=201; sent 0; alive; state ESTABLISHED\n")

/* An answering peer with a closed window is no reason to wait longer. */
WIRE_LONG(user_timeout_of_a_closed_window,
	OPEN_AND_CLOSED "opt user_timeout 2000\n"
	ANSWERED_PROBE ANSWERED_PROBE ANSWERED_PROBE
	"error ETIMEDOUT 2500; state CLOSED\n")

/* The user says how often a SYN is sent, and a listener how often a SYN-ACK. */
OWN_LONG(syn_count,
	"# MUST-22\n"
	"connect; < S 0; opt syncnt 1; < S 0 t=990..1200\n"
	"error ETIMEDOUT 3000; state CLOSED; <-\n")

WIRE_LONG(syn_ack_count,
	"listen; lopt syncnt 2; > S 0 mss=1460; < SA 0 ack=1; < SA 0 ack=1 t=950..1200\n"
	"< SA 0 ack=1 t=1900..2400; quiet 60000; > A 1 ack=1; < R 1; noaccept\n")

/* Linux spaces the first SYNs by its version. */
OWN_LONG(syn_user_timeout,
	"connect; < S 0; opt user_timeout 2500; < S 0 t=950..1200\n"
	"< S 0 t=1900..2400; error ETIMEDOUT 3500; state CLOSED; <-\n")

/* FIN-WAIT-2 of nobody: as long as the user said, or a reset at once. */
WIRE_LONG(linger2_in_seconds,
	"passive; opt linger2 5; close; < FA 1; > A 1 ack=2; quiet 4500; > A 1 ack=2; <-\n"
	"quiet 5000; > A 1 ack=2; < R 2\n")

WIRE_LONG(linger2_off,
	"passive; opt linger2 -1; close; < FA 1; > A 1 ack=2\n"
	"tcp: < R 2; xtcp: < RA 2 ack=1\n"
	"> A 1 ack=2; < R 2\n")

WIRE_LONG(linger2_off_in_fin_wait_2,
	"passive; opt linger2 -1; shut wr; < FA 1; > A 1 ack=2; state FIN-WAIT-2; quiet 70000\n"
	"close; < RA 2 ack=1; > A 1 ack=2; < R 2\n")

/* Who is one too many is reset, and those before it go on. */
OWN_LONG(too_many_orphans,
	"sysctl max_orphans 2\n"
	"flow 1; passive; flow 2; passive; flow 3; passive; flow 4; passive\n"
	"flow 1; close; < FA 1; flow 2; close; < FA 1; stat OrphanOverflow=0\n"
	"flow 3; close; < FA 1; < RA 2 ack=1; > A 1 ack=2; < R 2; stat OrphanOverflow=1\n"
	"flow 1; > A 1 ack=2; > FA 1 ack=2; < A 2 ack=2\n"
	"flow 4; close; < FA 1; > A 1 ack=2; quiet 100; stat OrphanOverflow=1\n"
	"flow 2; > A 1 ack=2; > FA 1 ack=2; < A 2 ack=2\n")

/* With its user gone a closed window is not probed for ever, though it is answered. */
TEST_F_TIMEOUT(own, orphan_of_a_closed_window, WIRE_TIMEOUT_LONG)
{
	PLAY("sysctl orphan_retries 4\n" OPEN_AND_CLOSED "close");
	for (int i = 0, wait = 200; i < 10; i++, wait *= 2)
		PLAY("< A 1001+1 t=%d..%d; > A 1 ack=1001 win=0; <-", EARLIEST(wait),
		     LATEST(wait));
	PLAY("quiet 160000; > A 1 ack=1001 win=0; < R 1001");
}

WIRE_MAIN
