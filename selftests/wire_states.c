// SPDX-License-Identifier: GPL-2.0
/*
 * Every state of RFC 9293 and every transition of its figure 5, entered by segments and
 * socket calls, and TIME-WAIT afterwards. Opening has more cases in wire_handshake.c.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* How each state is reached. */
#define LISTEN_		"listen; lstate LISTEN\n"
#define SYN_SENT	"connect; < S 0; state SYN-SENT\n"
#define ESTABLISHED	"passive; state ESTABLISHED\n"
#define FIN_WAIT_1	ESTABLISHED "shut wr; < FA 1 ack=1; state FIN-WAIT-1\n"
#define FIN_WAIT_2	FIN_WAIT_1 "> A 1 ack=2; state FIN-WAIT-2; <-\n"
#define CLOSING		FIN_WAIT_1 "> FA 1 ack=1; < A 2 ack=2; state CLOSING; eof\n"
#define CLOSE_WAIT	ESTABLISHED "> FA 1 ack=1; < A 1 ack=2; state CLOSE-WAIT; eof\n"
#define LAST_ACK	CLOSE_WAIT "shut wr; < FA 1 ack=2; state LAST-ACK\n"
#define TIME_WAIT	FIN_WAIT_2 "> FA 1 ack=2; < A 2 ack=2; <-\n"

/* TIME-WAIT shows on the wire: a FIN again is ACKed again, where CLOSED would reset. */
#define IS_TIME_WAIT	"> FA 1 ack=2; < A 2 ack=2; <-\n"
#define IS_CLOSED	"> A 2 ack=2; < R 2; <-\n"

WIRE(closed_to_listen_to_closed,
	LISTEN_ "lclose; > S 0 mss=1460; < RA aseq=0 ack=1; <-\n")

WIRE(closed_to_syn_sent_to_closed_by_close,
	SYN_SENT "close; <-; > SA 0 ack=1 mss=1460; < R 1; <-\n")

WIRE(syn_sent_to_established, "active; state ESTABLISHED\n")

WIRE(syn_sent_to_syn_received_to_established,
	"proves RFC9293-3.10.7.3-simul\n"
	SYN_SENT "> S 0 mss=1460; < SA 0 ack=1; state SYN-RECEIVED\n"
	"> A 1 ack=1; connected; state ESTABLISHED; <-\n")

WIRE(syn_received_to_fin_wait_1_by_close,
	SYN_SENT "> S 0 mss=1460; < SA 0 ack=1; state SYN-RECEIVED\n"
	"close; drain; > SA 0 ack=1 mss=1460; drain\n"
	"> A 1 ack=2; <-; > FA 1 ack=2; < A 2 ack=2; <-\n" IS_TIME_WAIT)

WIRE(listen_to_syn_received_to_listen_by_reset,
	"proves MUST-11\n"
	LISTEN_ "> S 0 mss=1460; < SA 0 ack=1; > R 1; <-; > A 1 ack=1; < R 1; lstate LISTEN\n")

WIRE(established_to_fin_wait_1_to_fin_wait_2_to_time_wait,
	TIME_WAIT "state CLOSED; eof\n" IS_TIME_WAIT)

WIRE(fin_wait_1_to_time_wait_by_fin_with_the_ack,
	FIN_WAIT_1 "> FA 1 ack=2; < A 2 ack=2; <-; eof\n" IS_TIME_WAIT)

WIRE(fin_wait_1_to_closing_to_time_wait,
	CLOSING "> A 2 ack=2; <-\n" IS_TIME_WAIT)

WIRE(established_to_close_wait_to_last_ack_to_closed,
	"proves MUST-12\n"
	LAST_ACK "> A 2 ack=2; <-; state CLOSED\n" IS_CLOSED)

/* The same with the socket closed: the host goes on alone. */
WIRE(close_to_time_wait_without_a_socket,
	"passive; close; < FA 1 ack=1; > A 1 ack=2; <-\n"
	"> FA 1 ack=2; < A 2 ack=2; <-\n" IS_TIME_WAIT)

WIRE(close_to_closing_without_a_socket,
	"passive; close; < FA 1 ack=1; > FA 1 ack=1; < A 2 ack=2; > A 2 ack=2; <-\n"
	IS_TIME_WAIT)

WIRE(close_with_the_ack_in_the_fin_without_a_socket,
	"passive; close; < FA 1 ack=1; > FA 1 ack=2; < A 2 ack=2; <-\n" IS_TIME_WAIT)

WIRE(close_to_last_ack_without_a_socket,
	"passive; > FA 1 ack=1; < A 1 ack=2; close; < FA 1 ack=2; > A 2 ack=2; <-\n"
	IS_CLOSED)

WIRE(active_side_closes_first,
	"active; close; < FA 1 ack=1; > A 1 ack=2; > FA 1 ack=2; < A 2 ack=2; <-\n"
	IS_TIME_WAIT)

/* Half-close both ways: data still flows against the FIN. */
WIRE(half_closed_by_us_we_still_receive,
	FIN_WAIT_2 "> PA 1+1000; recv 1000; < A 2 ack=1001\n"
	"> PA 1001+1000; recv 1000; < A 2 ack=2001; senderr EPIPE\n"
	"> FPA 2001+10; recv 10; eof; <* A 2 ack=2012; <-\n")

WIRE(half_closed_by_the_peer_we_still_send,
	CLOSE_WAIT "send 1000; < PA 1+1000 ack=2; > A 2 ack=1001\n"
	"send 1000; < PA 1001+1000 ack=2; > A 2 ack=2001; sent 0\n"
	"shut wr; < FA 2001 ack=2; > A 2 ack=2002; <-; state CLOSED\n")

WIRE(data_in_fin_wait_1_before_its_ack,
	FIN_WAIT_1 "> PA 1+100 ack=1; recv 100; < A 2 ack=101; state FIN-WAIT-1\n"
	"> A 101 ack=2; state FIN-WAIT-2\n")

WIRE(the_fin_waits_for_the_data,
	"proves RFC9293-3.10.4-close\n"
	"passive; send 3000; 4: < A 1+1460; 4: < A 1461+1460; 4: < PA 2921+80\n"
	"6: < A 1+1440; 6: < A 1441+1440; 6: < PA 2881+120\n"
	"shut wr; < FA 3001 ack=1; state FIN-WAIT-1\n"
	"> A 1 ack=3001; <-; state FIN-WAIT-1; > A 1 ack=3002; state FIN-WAIT-2\n")

/* Data and FIN leave in one segment if they wait for the window together. */
WIRE(fin_with_the_last_data,
	"listen; > S 0 mss=1000; < SA 0 ack=1; > A 1 ack=1 win=2000; accept\n"
	"send 2500; < A 1+1000; < A 1001+1000; <-; shut wr; <-\n"
	"> A 1 ack=2001 win=2000; < FPA 2001+500\n"
	"> A 1 ack=2502; state FIN-WAIT-2\n")

/* A FIN again, in each state that has seen it: ACKed again, and nothing else. */
WIRE(fin_again_in_close_wait,
	CLOSE_WAIT "> FA 1 ack=1; < A 1 ack=2; state CLOSE-WAIT; eof; <-\n")

WIRE(fin_again_in_last_ack,
	LAST_ACK "> FA 1 ack=1; < A 2 ack=2; state LAST-ACK; <-; > A 2 ack=2; <-\n"
	"state CLOSED\n")

WIRE(fin_again_in_closing,
	CLOSING "> FA 1 ack=1; < A 2 ack=2; state CLOSING; <-\n"
	"> A 2 ack=2; <-\n" IS_TIME_WAIT)

/* An old ACK does not close. */
WIRE(last_ack_needs_the_ack_of_the_fin,
	"proves RFC9293-3.10.7.4-finwait\n"
	LAST_ACK "> A 2 ack=1; <-; state LAST-ACK; > A 2 ack=2; <-; state CLOSED\n")

WIRE(fin_wait_1_needs_the_ack_of_the_fin,
	FIN_WAIT_1 "> A 1 ack=1; <-; state FIN-WAIT-1; > A 1 ack=2; state FIN-WAIT-2\n")

/* A SYN in the window challenges in each synchronised state. */
static const struct {
	const char *name, *how;
	int seq, ack;
} synchronised[] = {
	{ "FIN-WAIT-1", FIN_WAIT_1, 1, 1 },
	{ "FIN-WAIT-2", FIN_WAIT_2, 1, 2 },
	{ "CLOSING", CLOSING, 2, 2 },
	{ "CLOSE-WAIT", CLOSE_WAIT, 2, 1 },
	{ "LAST-ACK", LAST_ACK, 2, 2 },
};

TEST_F_TIMEOUT(wire, segments_out_of_window_are_acked_while_closing, WIRE_TIMEOUT)
{
	static const int snd[] = { 2, 2, 2, 1, 2 };

	for (size_t i = 0; i < ARRAY_SIZE(synchronised); i++) {
		int rcv = synchronised[i].seq;

		PLAY("proves RFC9293-3.10.7.4-syn\n"
		     "# %s\nflow %zd\n%s", synchronised[i].name, i, synchronised[i].how);
		PLAY("> S %d mss=1460; < A %d ack=%d; <-; state %s\n"
		     "> A %d+10; < A %d ack=%d; <-; state %s",
		     rcv + 10, snd[i], rcv, synchronised[i].name,
		     rcv - 20, snd[i], rcv, synchronised[i].name);
	}
}

/* TIME-WAIT. */
WIRE(time_wait_ignores_resets,			/* RFC 1337, asked for by sysctl of TCP */
	"proves RFC9293-3.10.7.4-rst-close RFC1337-3-F1\n"
	"tcp: sysctl rfc1337 1\n" TIME_WAIT
	"> R 2; <-; > RA 2 ack=2; <-; > R 100; <-\n" IS_TIME_WAIT)

/*
 * RFC 1337, figures 1 to 3: an old duplicate draws an ACK, which a peer that has no
 * connection any more resets. The record stays, and what is old stays outside.
 */
WIRE(time_wait_is_not_assassinated,
	"proves RFC1337-3-F1 RFC1337-3-hazards\n"
	"tcp: sysctl rfc1337 1\n" TIME_WAIT
	"> PA 0+1 ack=2; < A 2 ack=2; > R 2; <-\n" IS_TIME_WAIT
	"> S -500 mss=1460; < A 2 ack=2; > R 2; <-; noaccept\n" IS_TIME_WAIT
	"> PA 2+10 ack=2; < A 2 ack=2; <-; noaccept\n" IS_TIME_WAIT)

WIRE(time_wait_acks_the_fin_again,
	"proves RFC9293-3.10.7.4-twfin\n"
	TIME_WAIT "> FA 1 ack=2; < A 2 ack=2; <-; > FA 1 ack=2; < A 2 ack=2; <-\n")

WIRE(time_wait_acks_old_data,
	TIME_WAIT "> A 0+1 ack=2; < A 2 ack=2; <-\n")

WIRE(time_wait_takes_a_new_syn,
	"proves MAY-2\n"
	TIME_WAIT "new 100000; > S 0 mss=1460; < SA 0 ack=1; > A 1 ack=1; accept\n"
	"state ESTABLISHED; > PA 1+10; recv 10; < A 1 ack=11\n")

WIRE(time_wait_refuses_an_old_syn,
	"proves MAY-2\n"
	TIME_WAIT "> S -100000 mss=1460; < A 2 ack=2; <-; noaccept\n")

WIRE(time_wait_without_listener_acks_a_new_syn,
	TIME_WAIT "lclose; > S 100000 mss=1460; < A 2 ack=2; <-\n")

/* The ISN of a connection that follows lies beyond the numbers of the one before. */
TEST_F_TIMEOUT(wire, time_wait_new_isn_is_higher, WIRE_TIMEOUT)
{
	uint32_t before;

	PLAY(TIME_WAIT);
	before = self->s->f->irs;
	PLAY("new 100000; > S 0 mss=1460; < SA 0 ack=1");
	ASSERT_LT(1, (int32_t)(self->s->f->irs - before));
}

WIRE_MAIN
