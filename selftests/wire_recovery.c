// SPDX-License-Identifier: GPL-2.0
/*
 * Losses mended by what the peer's SACK blocks say, and by time: RACK-TLP (RFC 8985).
 * Segments of 1000 bytes, of which the host may send ten at once; a round trip takes
 * 100 ms, as the handshake shows. Meant for virtual time.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define OPEN \
	"listen; > S 0 mss=1000 sackok=1; < SA 0 ack=1 sackok=1; quiet 100\n" \
	"> A 1 ack=1 win=60000; accept\n"
#define SENT_4	"send 4000; < A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000\n"
#define SENT_5	"send 5000; < A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000; < A 4001+1000\n"
#define SENT_10 \
	"send 10000; < A 1+1000; < A 1001+1000; < A 2001+1000; < A 3001+1000; < A 4001+1000\n" \
	"< A 5001+1000; < A 6001+1000; < A 7001+1000; < A 8001+1000; < A 9001+1000\n"
#define ACK(n) "> A 1 ack=" #n " win=60000"

/* Three segments behind a hole, and it goes out again, alone. */
WIRE_LONG(three_segments_behind,
	"proves RFC6675-5-enter RFC8985-3.3.2-1\n"
	OPEN SENT_5 "quiet 100\n"
	ACK(1) " sack=1001-2001; " ACK(1) " sack=1001-3001; <-\n"
	ACK(1) " sack=1001-4001; < A 1+1000 t=0..10; <-\n"
	"quiet 50; " ACK(5001) "; sent 0; quiet 5000\n")

/* One behind is enough after a quarter of the round trip. */
WIRE_LONG(reordering_timer,
	"proves RFC8985-6.2-step5 RFC8985-3.3.2-1\n"
	OPEN SENT_4 "quiet 100\n"
	ACK(2001) " sack=3001-4001; < A 2001+1000 t=15..60; <-\n"
	"quiet 50; " ACK(4001) "; sent 0; quiet 5000\n")

/* It was only overtaken: nothing goes out again. */
WIRE_LONG(overtaken,
	OPEN SENT_4 "quiet 100\n"
	ACK(2001) " sack=3001-4001; quiet 10; " ACK(4001) "; sent 0; quiet 5000\n")

/* Two holes, each mended; what was reported is not sent again. */
WIRE_LONG(two_holes,
	"proves RFC6675-5-update\n"
	OPEN SENT_10 "quiet 100\n"
	ACK(1) " sack=1001-3001; " ACK(1) " sack=4001-8001,1001-3001\n"
	"< A 1+1000; < A 3001+1000; <-\n"
	"quiet 50; " ACK(3001) " sack=4001-10001; quiet 20\n"
	ACK(10001) "; sent 0; quiet 5000\n")

/* The last asks, once. */
WIRE_LONG(tail_probe,
	"proves RFC8985-7.2 RFC8985-7.3-what RFC8985-7.3-rto\n"
	OPEN SENT_5
	"< A 4001+1000 t=195..270; < A 1+1000 t=200..450; " ACK(5001) "; sent 0; quiet 5000\n")

/* It shows the holes before it. */
WIRE_LONG(tail_probe_shows_holes,
	OPEN SENT_5
	"< A 4001+1000 t=195..270; quiet 130\n"
	ACK(2001) " sack=4001-5001; < A 2001+1000 t=0..60\n"
	ACK(3001) " sack=4001-5001; < A 3001+1000\n"
	ACK(5001) "; sent 0; quiet 5000\n")

/* Something new is a probe, too, and not for cwnd to stop. */
WIRE_LONG(tail_probe_of_new_data,
	"proves RFC8985-7.3-what\n"
	OPEN SENT_10 "send 2000; < A 10001+1000 t=195..270\n"
	"quiet 50; " ACK(11001) "; < A 11001+1000; " ACK(12001) "; sent 0; quiet 5000\n")

/* With one segment the peer may hold back its ACK; the RTO comes first. */
WIRE_LONG(one_segment,
	"proves RFC8985-7.2\n"
	OPEN "send 1000; < A 1+1000; < A 1+1000 t=280..420; " ACK(1001) "; sent 0\n")

/* The peer threw away what it had reported. */
WIRE_LONG(reneged,
	"proves RFC2018-5 RFC2018-8-keep RFC6675-4-advisory\n"
	OPEN SENT_5 "quiet 100\n"
	ACK(1) " sack=1001-5001; < A 1+1000\n"
	"quiet 50; " ACK(1001) "; < A 1001+1000 t=0..700; " ACK(2001) "\n"
	"< A 2001+1000 t=0..10; " ACK(3001) "; < A 3001+1000 t=0..10; < A 4001+1000 t=0..10\n"
	ACK(5001) "; sent 0; quiet 5000\n")

/* After a timeout what was reported stays so (RFC 6675, 5.1). */
WIRE_LONG(timeout_keeps_blocks,
	"proves RFC2018-5.1\n"
	OPEN SENT_10 "quiet 100\n"
	ACK(1) " sack=4001-10001; < A 1+1000; < A 1001+1000; < A 2001+1000\n"
	"< A 3001+1000; <-\n"
	"< A 1+1000 t=200..700; quiet 50\n"
	ACK(3001) " sack=4001-10001; < A 3001+1000 t=0..10; <-\n"
	ACK(10001) "; sent 0; quiet 5000\n")

/* RFC5682-2.1: late by more than the RTO; the second ACK after it says so. */
WIRE_LONG(late_by_a_timeout,
	"listen; > S 0 mss=1000; < SA 0 ack=1; quiet 100; > A 1 ack=1 win=60000; accept\n"
	SENT_10 "send 2000; < A 1+1000 t=280..420\n"
	ACK(1001) "; < A 10001+1000; < A 11001+1000; <-\n"
	ACK(2001) "; quiet 100; " ACK(12001) "; sent 0; quiet 5000\n")

/*
 * A window of ten: how many segments go out when all has arrived shows what it has cost
 * that one went again.
 */
#define OPEN_TS \
	"listen; > S 0 mss=1012 sackok=1 ts=1; < SA 0 ack=1 ts=1; quiet 100\n" \
	"> A 1 ack=1 win=60000 ts=101; accept\n"
#define SENT_AGAIN(ts) \
	SENT_10 "quiet 100; " ACK(1) " sack=1001-2001" ts "; " ACK(1) " sack=1001-3001" ts "\n" \
	ACK(1) " sack=1001-4001" ts "; < A 1+1000 t=0..10; <-; quiet 50\n"
#define NEXT_7 \
	"send 20000; < A 10001+1000; < A 11001+1000; < A 12001+1000; < A 13001+1000\n" \
	"< A 14001+1000; < A 15001+1000; < A 16001+1000; "
/* Linux's window grows with the ACK that ends a recovery */
#define AND_NO_MORE "\ntcp: < A 17001+1000\n<-\n"
#define NEXT_3 "< A 17001+1000; < A 18001+1000; < A 19001+1000\n"

/* The echo is of what was sent first: that had arrived (RFC 3522, RFC 4015) */
WIRE_LONG(taken_back_by_an_echo,
	OPEN_TS SENT_AGAIN(" ts=201")
	ACK(10001) " ts=252/-100; " NEXT_7 NEXT_3)

WIRE_LONG(not_taken_back_by_an_echo,
	OPEN_TS SENT_AGAIN(" ts=201")
	ACK(10001) " ts=252; " NEXT_7 AND_NO_MORE)

/*
 * Of twelve segments one is lost, and the window is to be seven: what is reported lets go
 * seven for each twelve, until seven are on their way; then one for each (RFC 6937).
 */
#define NEXT(report, seq) ACK(1) " sack=1001-" #report "; < A " #seq "+1000\n"
#define NONE(report) ACK(1) " sack=1001-" #report "; <-\n"
OWN(recovery_paces_itself,
	"proves RFC6937-3-init RFC6937-3-prr RFC6937-3-rb\n"
	OPEN SENT_10 "send 20000; quiet 100\n"
	NEXT(2001, 10001) NEXT(3001, 11001) NEXT(4001, 1)
	NONE(5001) NONE(6001) NEXT(7001, 12001) NEXT(8001, 13001) NEXT(9001, 14001) NEXT(10001, 15001)
	NEXT(11001, 16001) NEXT(12001, 17001))

/* Both have arrived, which the peer reports */
WIRE_LONG(taken_back_by_a_dsack,
	OPEN SENT_AGAIN("")
	ACK(10001) "; " ACK(10001) " sack=1-1001; " NEXT_7 NEXT_3)

WIRE_LONG(not_taken_back_by_a_dsack,
	OPEN SENT_AGAIN("")
	ACK(10001) "; " NEXT_7 AND_NO_MORE)

/* Each part can be switched off. Without RACK it takes three duplicates. */
WIRE_LONG(without_rack,
	"sysctl recovery 0\n" OPEN SENT_5 "quiet 100\n"
	ACK(1) " sack=1001-2001; " ACK(1) " sack=1001-3001; quiet 100\n"
	ACK(1) " sack=1001-4001; < A 1+1000 t=0..10; <-\n"
	"quiet 50; " ACK(5001) "; sent 0; quiet 5000\n")

WIRE_LONG(without_tail_probe,
	"sysctl early_retrans 0\n" OPEN SENT_5
	"< A 1+1000 t=280..420; " ACK(5001) "; sent 0; quiet 5000\n")

WIRE_LONG(without_frto,
	"sysctl frto 0\n"
	"listen; > S 0 mss=1000; < SA 0 ack=1; quiet 100; > A 1 ack=1 win=60000; accept\n"
	SENT_10 "< A 1+1000 t=280..420\n"
	ACK(1001) "; < A 1001+1000; < A 2001+1000; quiet 20\n"
	ACK(10001) "; sent 0; quiet 5000\n")

WIRE_MAIN
