// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that no connection is there for (RFC 9293 3.10.7.1 and 3.10.7.2): closed
 * ports and listeners, resets with the right numbers, and silence where a reset would
 * be wrong.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* Without ACK: seq 0, and everything that the segment occupies is acknowledged. */
static const struct {
	const char *seg, *reset;
} closed[] = {
	{ "S 0", "RA aseq=0 ack=1" },
	{ "S 0 mss=1460 ws=7", "RA aseq=0 ack=1" },
	{ "S 0+10", "RA aseq=0 ack=11" },
	{ "SF 0", "RA aseq=0 ack=2" },
	{ "SF 0+10", "RA aseq=0 ack=12" },
	{ "F 5", "RA aseq=0 ack=6" },
	{ ". 5", "RA aseq=0 ack=5" },
	{ ". 5+100", "RA aseq=0 ack=105" },
	{ "PU 5+100 urg=7", "RA aseq=0 ack=105" },
	{ "F 5+100", "RA aseq=0 ack=106" },
	/* With ACK: its number, and no acknowledgment. */
	{ "A 5 aack=0x12345678", "R aseq=0x12345678 aack=0" },
	{ "A 5+7 aack=0", "R aseq=0 aack=0" },
	{ "A 5 aack=0xffffffff", "R aseq=0xffffffff aack=0" },
	{ "SA 0 aack=77", "R aseq=77 aack=0" },
	{ "SFA 0+3 aack=77", "R aseq=77 aack=0" },
	{ "FA 9 aack=77", "R aseq=77 aack=0" },
	{ "FPAUEC 9 aack=77 urg=1", "R aseq=77 aack=0" },
};

TEST_F_TIMEOUT(wire, closed_port, WIRE_TIMEOUT)
{
	for (size_t i = 0; i < ARRAY_SIZE(closed); i++)
		PLAY("proves RFC9293-3.5.2-rst-gen\n"
		     "> %s; < %s win=0 optlen=0; <-", closed[i].seg, closed[i].reset);
}

/* A reset never answers a reset. */
WIRE(closed_port_never_answers_a_reset,
	"proves RFC9293-3.5.2-rst-gen\n"
	"> R 0; <-; > RA 0 aack=5; <-; > SR 0; <-; > SRA 0 aack=5; <-\n"
	"> FR 0; <-; > SFRPAUEC 0+10 aack=5; <-\n")

/* RFC 9293 3.10.7.2, by step. */
static const struct {
	const char *seg, *answer;
} listener[] = {
	{ "R 0", "<-" },
	{ "RA 0 aack=9", "<-" },
	{ "SR 0 mss=1460", "<-" },
	{ "SRA 0 aack=9", "<-" },
	{ "A 0 aack=9", "< R aseq=9 aack=0" },
	{ "SA 0 aack=9 mss=1460", "< R aseq=9 aack=0" },
	{ "FA 0 aack=9", "< R aseq=9 aack=0" },
	{ "PA 0+10 aack=9", "< R aseq=9 aack=0" },
	{ "SFPAU 0 aack=9 urg=1", "< R aseq=9 aack=0" },
	/* Neither SYN nor ACK nor RST: dropped. */
	{ ". 0", "<-" },
	{ "P 0+10", "<-" },
	{ "F 0", "<-" },
	{ "FPU 0 urg=1", "<-" },
	{ "U 0 urg=1", "<-" },
};

TEST_F_TIMEOUT(wire, listener, WIRE_TIMEOUT)
{
	PLAY("proves RFC9293-3.10.7.2-rst RFC9293-3.10.7.2-ack RFC9293-3.10.7.4-finearly\n"
	     "listen");
	for (size_t i = 0; i < ARRAY_SIZE(listener); i++)
		PLAY("> %s; %s; <-; noaccept; lstate LISTEN", listener[i].seg,
		     listener[i].answer);
	PLAY("passive; <-");
}

/* Linux drops SYN+FIN at a listener, which RFC 9293 does not forbid. */
WIRE(listener_drops_syn_with_fin,
	"listen; > SF 0 mss=1460; <-; noaccept; lstate LISTEN\n")

WIRE(listener_takes_syn_with_odd_flags,
	"listen; > SPU 0 mss=1460 urg=1; < SA 0 ack=1; > A 1 ack=1; accept\n")

WIRE(listener_drops_data_on_syn,
	"proves RFC9293-3.10.7.2-syn\n"
	"listen; > S 0+10 mss=1460; < SA 0 ack=1; > PA 1+10 ack=1\n"
	"accept; recv 10; < A 1 ack=11\n")

/* Neither a reset nor a connection for what was not sent to this host alone. */
static const char *const elsewhere[] = {
	"dst=bcast", "dst=subnet", "dst=mcast", "src=mcast", "src=bcast", "src=host",
	"src=lo", "dst=lo", "src=any",
};

TEST_F_TIMEOUT(wire, no_answer_to_group_addresses, WIRE_TIMEOUT)
{
	PLAY("proves MUST-57 MUST-63\n"
	     "listen");
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++) {
		const char *how = elsewhere[i];

		PLAY("> S 0 mss=1460 dport=5001 %s; <-; > A 5 aack=9 dport=5001 %s; <-\n"
		     "> S 0 mss=1460 %s; <-; noaccept", how, how, how);
		/* MUST-57 of RFC 9293; TCP over IPv6 answers. */
		if (!strncmp(how, "dst", 3))
			PLAY("6: tcp: drain; > A 5 aack=9 %s; 6: tcp: drain; <-", how);
	}
	PLAY("passive; <-");
}

WIRE(no_answer_to_group_addresses_with_a_connection,
	"proves MUST-57\n"
	"passive\n"
	"> A 1+10 ack=1 dst=bcast; 6: tcp: drain; <-; noread\n"	/* MUST-57 */
	"> A 1+10 ack=1 dst=mcast; 6: tcp: drain; <-; noread\n"
	" > R 1 dst=bcast; > R 1 dst=mcast; alive; state ESTABLISHED\n"
	"> PA 1+10; recv 10; < A 1 ack=11\n")

/* Port 0 at either end is no one's. */
WIRE(closed_port_number_zero,
	"> S 0 mss=1460 dport=0; < RA aseq=0 ack=1; <-\n")

WIRE_MAIN
