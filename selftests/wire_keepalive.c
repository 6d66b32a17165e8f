// SPDX-License-Identifier: GPL-2.0
/*
 * Keep-alive, segment by segment: the probe's form and times, what an answer
 * changes, what no answer leads to, and that it is off until it is asked for.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* Two hours pass, and what timers are late by. */
#define TIMEOUT 20000

/* The kernel's timers are coarser the longer they are: an eighth of the time. */
#define SECONDS(s) (s) * 1000 - 50, (s) * 1000 + (s) * 125 + 200

/* 10 s of silence, then every 5 s, three times in vain. */
#define WATCHED \
	"passive; opt keepidle 10; opt keepintvl 5; opt keepcnt 3; opt keepalive 1\n"

/* A probe after so many seconds, at the number before the next. */
#define PROBE(seq, ack, s) \
	PLAY("< A %d+0 ack=%d t=%d..%d", seq, ack, SECONDS(s))

TEST_F_TIMEOUT(wire, off_unless_asked_for_and_two_hours_then, TIMEOUT)
{
	PLAY("# MUST-24, MUST-25, MUST-28\nflow 1; passive; flow 2; passive; opt keepalive 1");
	PROBE(0, 1, 7200);
	PROBE(0, 1, 75);
	PLAY("> A 1 ack=1; flow 1; <-; > PA 1+10; recv 10; < A 1 ack=11");
}

TEST_F_TIMEOUT(wire, switched_off_again, TIMEOUT)
{
	PLAY("# MUST-24\n" WATCHED);
	PROBE(0, 1, 10);
	PLAY("> A 1 ack=1; opt keepalive 0; quiet 100000; state ESTABLISHED");
}

TEST_F_TIMEOUT(wire, silent_peer_is_given_up, TIMEOUT)
{
	PLAY("# MUST-27, MUST-29, SHLD-12, RFC1122-4.2.3.6-probe\n" WATCHED);
	PROBE(0, 1, 10);
	PROBE(0, 1, 5);
	PROBE(0, 1, 5);
	PLAY("state ESTABLISHED; alive; < RA 1 ack=1 t=%d..%d", SECONDS(5));
	PLAY("error ETIMEDOUT; state CLOSED; > A 1 ack=1; < R 1");
}

TEST_F_TIMEOUT(wire, numbers_of_the_namespace, TIMEOUT)
{
	PLAY("# MUST-27\n"
	     "sysctl keepalive_time 20; sysctl keepalive_intvl 3; sysctl keepalive_probes 2\n"
	     "passive; opt keepalive 1");
	PROBE(0, 1, 20);
	PROBE(0, 1, 3);
	PLAY("< RA 1 ack=1 t=%d..%d; error ETIMEDOUT", SECONDS(3));
}

/* Any answer will do, and the counting begins anew. */
TEST_F_TIMEOUT(wire, answering_peer_stays, TIMEOUT)
{
	PLAY(WATCHED);
	for (int i = 0; i < 8; i++) {
		PROBE(0, 1, 10);
		if (i % 2)
			PROBE(0, 1, 5);
		PLAY("> A 1 ack=1; <-; alive; state ESTABLISHED");
	}
}

/* Answers, but more seldom than it may be silent */
TEST_F_TIMEOUT(wire, interval_longer_than_idle, TIMEOUT)
{
	PLAY("passive; opt keepidle 5; opt keepintvl 60; opt keepcnt 1; opt keepalive 1");
	for (int i = 0; i < 5; i++) {
		PLAY("< A 0+0 ack=1 t=4000..70000; > A 1 ack=1; <-; quiet 4000; alive; state ESTABLISHED");
	}
}

/* MUST-26: data that arrives puts it off, as does an ACK. */
TEST_F_TIMEOUT(wire, traffic_puts_it_off, TIMEOUT)
{
	PLAY("# MUST-26\n" WATCHED);
	for (int i = 0; i < 5; i++)
		PLAY("> PA %d+10; recv 10; < A 1 ack=%d; quiet 8000", i * 10 + 1, i * 10 + 11);
	PLAY("send 10; < PA 1+10; > A 51 ack=11");
	PROBE(10, 51, 10);
	PLAY("> A 51 ack=11; alive");
}

/* With data outstanding only that is sent again. */
TEST_F_TIMEOUT(wire, outstanding_data_is_probe_enough, TIMEOUT)
{
	PLAY("# MUST-26\npassive; opt keepidle 1; opt keepintvl 1; opt keepcnt 1\n"
	     "opt keepalive 1; send 100; < PA 1+100");
	for (int i = 0, wait = 200; i < 8; i++, wait *= 2)
		PLAY("< PA 1+100 t=%d..%d", wait - 20, wait + wait / 8 + 60);
	PLAY("alive; > A 1 ack=101; sent 0; < A 100+0 ack=1 t=900..60000; > A 1 ack=101");
}

WIRE_LONG(reset_is_reported,
	"# RFC1122-4.2.3.6-rst\n"
	WATCHED "< A 0+0 ack=1 t=9000..12000; > R 1; error ECONNRESET; state CLOSED\n")

/* The other side of it: with and without an octet of garbage. */
WIRE_LONG(probe_is_answered,
	"passive; quiet 1000; > A 0 ack=1; < A 1 ack=1; apart; > A 0+1 ack=1\n"
	"< A 1 ack=1; noread; send 10; < PA 1+10; > A 1 ack=11; quiet 1000\n"
	"> A 0 ack=11; < A 11 ack=1\n")

/* The time counts from what was heard last, whenever it is set. */
TEST_F_TIMEOUT(wire, idle_time_set_later, TIMEOUT)
{
	PLAY("passive; opt keepalive 1; quiet 20000; opt keepidle 30");
	PROBE(0, 1, 30);
	PLAY("> A 1 ack=1; quiet 5000; opt keepidle 2; < A 0+0 ack=1 t=4990..5400");
}

TEST_F_TIMEOUT(wire, inherited_from_the_listener, TIMEOUT)
{
	PLAY("listen; lopt keepidle 7; lopt keepintvl 3; lopt keepcnt 1; lopt keepalive 1\n"
	     "passive");
	PROBE(0, 1, 7);
	PLAY("< RA 1 ack=1 t=%d..%d; error ETIMEDOUT", SECONDS(3));
}

/* It begins with the handshake's end. */
TEST_F_TIMEOUT(wire, set_before_the_connection, TIMEOUT)
{
	PLAY("connect; < S 0; opt keepidle 4; opt keepalive 1; quiet 900; < S 0\n"
	     "> SA 0 ack=1 mss=1460; < A 1; connected");
	PROBE(0, 1, 4);
}

TEST_F_TIMEOUT(wire, half_closed_by_the_peer, TIMEOUT)
{
	PLAY(WATCHED "> FA 1; < A 1 ack=2; state CLOSE-WAIT");
	PROBE(0, 2, 10);
	PLAY("> A 2 ack=1; <-; state CLOSE-WAIT");
}

TEST_F_TIMEOUT(wire, half_closed_by_the_user, TIMEOUT)
{
	PLAY(WATCHED "shut wr; < FA 1 ack=1; > A 1 ack=2; state FIN-WAIT-2");
	PROBE(1, 1, 10);
	PROBE(1, 1, 5);
	PLAY("> A 1 ack=2");
	PROBE(1, 1, 10);
	PLAY("close; quiet 50000; > A 1 ack=2; <-");
}

WIRE_MAIN
