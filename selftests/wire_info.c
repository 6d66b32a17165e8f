// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO, field by field as with Linux TCP. The host sends segments of 1000 bytes; a
 * round trip takes 100 ms, as the handshake shows. Meant for virtual time.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

#define OPEN \
	"listen; > S 0 mss=1000 sackok=1; < SA 0 ack=1 sackok=1; quiet 100\n" \
	"> A 1 ack=1 win=60000; accept\n"
#define SENT_5	"send 5000; < A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000; < A 4001+1000\n"
#define ACK(n) "> A 1 ack=" #n " win=60000"

#define NO_TROUBLE \
	"info ca_state=0 retransmits=0 probes=0 backoff=0 unacked=0 sacked=0 lost=0 retrans=0\n" \
	"info total_retrans=0 bytes_retrans=0 dsack_dups=0 reord_seen=0 reordering=3 rcv_ooopack=0\n" \
	"info delivered_ce=0 notsent_bytes=0 total_rto=0 total_rto_recoveries=0 rehash=0\n"

WIRE(listener, "listen; linfo state=10 reordering=3 snd_cwnd=10 segs_in=0 bytes_acked=0\n")

/* The SYN and what answers it count with who begins. */
WIRE(new_passive,
	OPEN NO_TROUBLE
	"info segs_in=2 segs_out=0 data_segs_in=0 data_segs_out=0 delivered=1\n"
	"info bytes_acked=0 bytes_received=0 bytes_sent=0 sack=1 ts=0 ecn=0 ecn_seen=0\n"
	"info min_rtt>95000 min_rtt<115000 snd_wnd=60000 rcv_wnd>10000 rcv_ssthresh>10000\n"
	"info rcv_space>5000 last_data_sent<15 last_data_recv<15 last_ack_recv<15\n")

WIRE(new_active,
	"connect; < S 0; quiet 100; > SA 0 ack=1 mss=1000 win=60000; < A 1 ack=1; connected\n"
	NO_TROUBLE
	"info segs_in=1 segs_out=2 data_segs_in=0 data_segs_out=0 delivered=1\n"
	"info bytes_acked=1 bytes_received=0 bytes_sent=0 sack=0\n"
	"info min_rtt>95000 min_rtt<115000 snd_wnd=60000 last_data_recv<15 last_ack_recv<15\n")

/* A SYN has no data, and is sent again all the same. */
WIRE_LONG(syn_again,
	"connect; < S 0; < S 0; info total_retrans=1 retrans=1 bytes_retrans=0 total_rto=1\n"
	"info total_rto_recoveries=1 delivered=0 segs_out=2; < S 0\n"
	"> SA 0 ack=1 mss=1000; < A 1 ack=1; connected\n"
	"info total_retrans=2 retrans=0 total_rto=2 total_rto_recoveries=1 delivered=1 segs_out=4\n"
	"send 1000; < A 1+1000; > A 1 ack=1001; info delivered=2 bytes_sent=1000 bytes_acked=1001\n")

WIRE_LONG(synack_again,
	"listen; > S 0 mss=1000; < SA 0 ack=1; < SA 0 ack=1; > A 1 ack=1; accept\n"
	"info total_retrans=1 bytes_retrans=0 total_rto=1 total_rto_recoveries=1 delivered=1\n")

/* While it is under way, and after it has arrived; octets and segments. */
WIRE(both_ways,
	OPEN SENT_5
	"info unacked=5 delivered=1 data_segs_out=5 segs_out=5 bytes_sent=5000 bytes_acked=0\n"
	"quiet 100; " ACK(3001) "; info unacked=2 delivered=4 bytes_acked=3000 min_rtt<115000\n"
	ACK(5001) "\n"
	"> A 1+300 ack=5001; > A 301+300 ack=5001; <* A 5001 ack=601; recv 600; drain\n"
	"info unacked=0 delivered=6 bytes_acked=5000 bytes_received=600 data_segs_in=2 segs_in=6\n"
	"info min_rtt>95000 min_rtt<115000 data_segs_out=5 bytes_sent=5000 total_retrans=0\n")

/* 5000 bytes in each round trip */
WIRE(delivery_rate,
	OPEN SENT_5 "quiet 100; " ACK(5001) "; send 1000; < A 5001+1000; quiet 100; " ACK(6001) "\n"
	"send 1000; < A 6001+1000; quiet 100; " ACK(7001) "; info delivery_rate>5000 delivery_rate<60000\n")

/* A FIN has a number and is no octet. */
WIRE(fins,
	OPEN "send 1000; < A 1+1000; " ACK(1001) "; shut wr; < FA 1001\n"
	"info bytes_sent=1000 bytes_acked=1000 unacked=1 notsent_bytes=0 delivered=2\n"
	"> A 1 ack=1002; info bytes_acked=1001 bytes_sent=1000 unacked=0; > FA 1+10 ack=1002; recv 10; eof; drain\n")

WIRE(fin_received,
	OPEN "> FA 1+10 ack=1; <* A 1 ack=12; recv 10; eof; info bytes_received=11 data_segs_in=1\n")

/* A segment is lost and mended: while it is on its way again, and afterwards. */
WIRE_LONG(loss,
	OPEN SENT_5 "quiet 100\n"
	ACK(1) " sack=1001-2001; info ca_state=1 sacked=1 delivered=2\n"
	ACK(1) " sack=1001-3001; " ACK(1) " sack=1001-4001; < A 1+1000\n"
	"info ca_state=3 sacked=3 lost=1 retrans=1 unacked=5 total_retrans=1 bytes_retrans=1000\n"
	"info bytes_sent=6000 data_segs_out=6 segs_out=6 delivered=4 bytes_acked=0 total_rto=0\n"
	"quiet 50; " ACK(5001) "\n"
	"info retrans=0 sacked=0 lost=0 unacked=0 total_retrans=1 bytes_retrans=1000 delivered=6\n"
	"info bytes_acked=5000 dsack_dups=0 reord_seen=0\n")

/* A probe of the tail is sent again, and not because it was lost. */
WIRE_LONG(tail_probe,
	OPEN SENT_5 "< A 4001+1000; info retrans=0 lost=0 total_retrans=1 bytes_retrans=1000 total_rto=0\n"
	ACK(5001) "; info retrans=0 delivered=6\n")

/* Sent again without need, as the D-SACK says: it has arrived twice. */
WIRE_LONG(duplicate,
	OPEN SENT_5 "quiet 100\n"
	ACK(1) " sack=1001-2001; " ACK(1) " sack=1001-3001; " ACK(1) " sack=1001-4001; < A 1+1000\n"
	ACK(5001) "; quiet 50; " ACK(5001) " sack=1-1001\n"
	"info dsack_dups=1 delivered=7 total_retrans=1 unacked=0\n")

/* A segment was overtaken by three. */
WIRE_LONG(overtaken,
	OPEN SENT_5 "quiet 100\n"
	ACK(1001) " sack=4001-5001; quiet 1; " ACK(1001) " sack=2001-3001,4001-5001\n"
	"info reord_seen=1 reordering=3; " ACK(5001) "\n"
	"info reord_seen=2 reordering=4 dsack_dups=0 total_retrans=0\n")

/* Without SACK, by a timeout; twice is one recovery. */
WIRE_LONG(timeouts,
	"listen; > S 0 mss=1000; < SA 0 ack=1; quiet 100; > A 1 ack=1 win=60000; accept\n"
	"send 1000; < A 1+1000; < A 1+1000\n"
	"info ca_state=4 retransmits=1 backoff=1 retrans=1 total_rto=1 total_rto_recoveries=1\n"
	"info total_retrans=1 bytes_retrans=1000 bytes_sent=2000 unacked=1 lost=1\n"
	"< A 1+1000; info retransmits=2 total_rto=2 total_rto_recoveries=1 total_retrans=2\n"
	ACK(1001) "; info rehash=2 retrans=0 lost=0 total_rto=2 total_rto_recoveries=1 delivered=2\n"
	"send 1000; < A 1001+1000; < A 1001+1000\n"
	"info total_rto=3 total_rto_recoveries=2 bytes_retrans=3000 bytes_sent=5000\n")

/* What comes before its turn is counted when it comes, and received when it is due. */
WIRE(out_of_order,
	OPEN "> A 1001+1000 ack=1; < A 1 ack=1; info rcv_ooopack=1 bytes_received=0 data_segs_in=1\n"
	"> A 2001+1000 ack=1; < A 1 ack=1; info rcv_ooopack=2; > A 1+1000 ack=1; < A 1 ack=3001\n"
	"info rcv_ooopack=2 bytes_received=3000 data_segs_in=3\n"
	"> A 1+1000 ack=1; < A 1 ack=3001; info rcv_ooopack=2 bytes_received=3000 data_segs_in=4\n")

/* The window closes: what is written waits. */
WIRE_LONG(closed_window,
	OPEN "send 1000; < A 1+1000; > A 1 ack=1001 win=0; send 500\n"
	"info snd_wnd=0 notsent_bytes=500 unacked=0 bytes_sent=1000 bytes_acked=1000 delivered=2\n"
	"tcp: < A 1000 t=100..2000; xtcp: < A 1001+1 t=100..2000; > A 1 ack=1001 win=0\n"
	"info data_segs_out=1 segs_out=2 bytes_sent=1000 delivered=2 notsent_bytes=500 bytes_retrans=0\n"
	"> A 1 ack=1001 win=60000; < A 1001+500; " ACK(1501) "\n"
	"info data_segs_out=2 bytes_sent=1500 bytes_acked=1500 delivered=3 notsent_bytes=0\n")

/* What the peer was told, until it is told another. */
WIRE(window_told,
	"rcvbuf 20000; " OPEN "> A 1+100 ack=1; <* A 1 ack=101; info rcv_wnd>5000 rcv_wnd<20001\n"
	"info rcv_ssthresh>5000 rcv_ssthresh<40001\n")

/* The three clocks, each started by something of its own. */
WIRE_LONG(idle,
	OPEN "send 1000; < A 1+1000; quiet 100; > A 1 ack=1001; quiet 200\n"
	"> A 1+100 ack=1001; recv 100; <* A 1001 ack=101; quiet 1000\n"
	"info last_data_sent>1290 last_data_sent<1400 last_data_recv>990 last_data_recv<1100\n"
	"info last_ack_recv>990 last_ack_recv<1100; > A 101 ack=1001; quiet 300\n"
	"info last_data_sent>1590 last_data_recv>1290 last_ack_recv>290 last_ack_recv<400\n")

/* Nothing was sent or came yet: since the connection is there. */
WIRE_LONG(idle_from_the_beginning,
	OPEN "quiet 2000; info last_data_sent>1990 last_data_sent<2100 last_data_recv>1990\n"
	"info last_data_recv<2100 last_ack_recv>1990 last_ack_recv<2100\n")

/* The receiver's round trip, by what the peer echoes. */
WIRE_LONG(receiver_round_trip,
	"listen; > S 0 mss=1000 sackok=1 ts=1; < SA 0 ack=1; quiet 100; > A 1 ack=1 ts=2; accept\n"
	"> A 1+1000 ack=1 ts=3; <* A 1 ack=1001; recv 1000; quiet 100\n"
	"> A 1001+1000 ack=1 ts=4; <* A 1 ack=2001; recv 1000; quiet 100\n"
	"> A 2001+1000 ack=1 ts=5; <* A 1 ack=3001; recv 1000\n"
	"info rcv_rtt>50000 rcv_rtt<200000\n")

#define ECN_OPEN "listen; > SEC 0 mss=1000; < SAE 0 ack=1; > A 1 ack=1; accept; info ecn=1 ecn_seen=0\n"

WIRE(ecn_seen,
	ECN_OPEN "> A 1+100 ack=1; <* A 1 ack=101; info ecn_seen=0\n"
	"> A 101+100 ack=1 ecn=2; <* A 1 ack=201; info ecn_seen=1\n")
WIRE(ecn_marked, ECN_OPEN "> A 1+100 ack=1 ecn=3; < AE 1 ack=101; info ecn_seen=1\n")
WIRE(no_ecn, OPEN "> A 1+100 ack=1 ecn=2; <* A 1 ack=101; info ecn=0 ecn_seen=0\n")

WIRE(marks_echoed,
	ECN_OPEN SENT_5 "> A 1 ack=1001; info delivered_ce=0\n"
	"> AE 1 ack=3001; info delivered_ce=2; > AE 1 ack=5001; info delivered_ce=4 delivered=6\n")

WIRE_MAIN
