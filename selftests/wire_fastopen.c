// SPDX-License-Identifier: GPL-2.0
/*
 * TCP Fast Open (RFC 7413): cookies asked for, given and checked, data in the SYN and
 * before the handshake's end, what a server bears of it, and what a client does where
 * it fails.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

/* A cookie depends on addresses alone, so another flow asks for it */
#define SERVER	"sysctl fastopen 3; listen; lopt fastopen 5\n"
#define GET	"flow 9; > S 0 mss=1460 fo=?; < SA 0 ack=1 folen=8; > R 1; <-; flow 0\n"

WIRE(cookie_is_given,
	"proves RFC7413-4.1.2\n"
	SERVER "> S 0 mss=1460 sackok=1 ts=5 ws=7 fo=?; < SA 0 ack=1 kinds=2.4.8.3.34 folen=8\n"
	"noaccept; > A 1 ts=6; accept; state ESTABLISHED; syndata 0\n"
	"> PA 1+10 ts=7; recv 10; < A 1 ack=11 folen=-1\n")

WIRE(data_with_the_request_is_not_taken,
	SERVER "> S 0+10 mss=1460 fo=?; < SA 0 ack=1 folen=8; noaccept\n"
	"> PA 1+10; accept; recv 10; < A 1 ack=11\n")

WIRE(data_in_the_syn,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11 folen=-1; accept\n"
	"state SYN-RECEIVED; recv 10; noread; syndata 1; > A 11; state ESTABLISHED\n"
	"> PA 11+10; recv 10; < A 1 ack=21; send 7; < PA 1+7; > A 21; sent 0; <-\n")

WIRE(with_all_options,
	SERVER GET "> S 0+10 mss=1000 sackok=1 ts=5 ws=7 fo=got\n"
	"< SA 0 ack=11 kinds=2.4.8.3 ecr=5; accept; recv 10; > A 11 ts=6 win=10; send 1200\n"
	"< A 1+988 ts=1; <* PA 989+212; > A 11 ack=1201 ts=7; sent 0\n")

WIRE(no_data_but_a_cookie,
	SERVER GET "> S 0 mss=1460 fo=got; < SA 0 ack=1 folen=-1; accept; state SYN-RECEIVED\n"
	"syndata 0; send 10; < PA 1+10; > A 1 ack=11; state ESTABLISHED\n")

WIRE(answer_before_the_handshake_ends,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; recv 10; send 20\n"
	"< PA 1+20 ack=11; state SYN-RECEIVED; > A 11 ack=21; state ESTABLISHED; sent 0; <-\n")

/* The SYN's window is not scaled. */
WIRE(answer_within_the_window_of_the_syn,
	SERVER GET "> S 0+10 mss=500 ws=7 win=1001 fo=got; < SA 0 ack=11; accept; recv 10\n"
	"send 1500; < A 1+500; < A 501+500; <-; > A 11 ack=1001 win=1000; < PA 1001+500\n")

WIRE(closed_before_the_handshake_ends,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; recv 10; send 5\n"
	"< PA 1+5; close; < FA 6 ack=11; > A 11 ack=7; > FA 11 ack=7; < A 7 ack=12\n")

WIRE(closed_with_data_unread,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; close; < RA 1 ack=11\n")

WIRE(wrong_cookie,
	SERVER "> S 0+10 mss=1460 fo=0102030405060708; < SA 0 ack=1 folen=8; noaccept\n"
	"> PA 1+10; accept; recv 10; < A 1 ack=11; syndata 0\n"
	"flow 1; > S 0+10 mss=1460 fo=01020304; < SA 0 ack=1 folen=8\n"
	"flow 2; > S 0+10 mss=1460 fo=000102030405060708090a0b0c0d0e0f; < SA 0 ack=1 folen=8\n"
	"flow 1; noaccept\n")

/* Of an odd length, too short, too long: as if it were not there. */
WIRE(malformed_cookie,
	"proves RFC7413-4.1.1\n"
	SERVER GET "> S 0+10 mss=1460 fo=01020304050607; < SA 0 ack=1 folen=-1; noaccept\n"
	"flow 1; > S 0 mss=1460 fo=0102; < SA 0 ack=1 folen=-1\n"
	"flow 2; > S 0+5 mss=1460 fo=000102030405060708090a0b0c0d0e0f1011; < SA 0 ack=1 folen=-1\n"
	"flow 3; > S 0+5 mss=1460 fo=010203; < SA 0 ack=1 folen=-1; flow 4\n"
	"> S 0+5 mss=1460; < SA 0 ack=1 folen=-1; noaccept\n")

WIRE(option_without_a_syn,
	"proves RFC7413-4.1.1\n"
	SERVER GET "> S 0 mss=1460; < SA 0 ack=1 folen=-1; > A 1 fo=?; accept\n"
	"> PA 1+10 fo=got; recv 10; < A 1 ack=11 folen=-1; > A 11 fo=010203; alive; <-\n")

/* The first key makes cookies, the second is good as well. */
WIRE(cookie_of_another_key,
	"proves RFC7413-4.1.2\n"
	SERVER "key 000102030405060708090a0b0c0d0e0f\n" GET
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11 folen=-1\n"
	"key f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff000102030405060708090a0b0c0d0e0f\n"
	"flow 1; > S 0+10 mss=1460 fo=got; < SA 0 ack=11 folen=8\n"
	"flow 2; > S 0+10 mss=1460 fo=got; < SA 0 ack=11 folen=-1\n"
	"key 000102030405060708090a0b0c0d0e0f; flow 3; > S 0+10 mss=1460 fo=got\n"
	"< SA 0 ack=1 folen=8\n")

WIRE(two_listeners_of_one_namespace,
	SERVER GET "lclose; listen; lopt fastopen 5; > S 0+10 mss=1460 fo=got; < SA 0 ack=11\n")

WIRE(off_unless_the_listener_wants_it,
	"proves RFC7413-2\n"
	"sysctl fastopen 3; listen; > S 0+10 mss=1460 fo=?; < SA 0 ack=1 folen=-1\n")

WIRE(off_in_the_namespace,
	"listen; lopt fastopen 5; > S 0+10 mss=1460 fo=?; < SA 0 ack=1 folen=-1\n")

WIRE(on_for_all_listeners,
	"sysctl fastopen 1027; listen\n" GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11\n")

WIRE(no_cookie_wanted,
	"sysctl fastopen 3; listen; lopt fastopen 5; lopt no_cookie 1\n"
	"> S 0+10 mss=1460; < SA 0 ack=11 folen=-1; accept; recv 10\n")

WIRE(no_cookie_wanted_in_the_namespace,
	"sysctl fastopen 515; listen; lopt fastopen 5; > S 0+10 mss=1460; < SA 0 ack=11\n"
	"accept; recv 10; flow 1; > S 0 mss=1460; < SA 0 ack=1; noaccept\n")

/* One may be pending; then it is as if there was no Fast Open. */
#define ONE	"sysctl fastopen 3; listen; lopt fastopen 1\n"
WIRE(limit,
	"proves RFC7413-4.2\n"
	ONE GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; flow 1; > S 0+10 mss=1460 fo=got\n"
	"< SA 0 ack=1 folen=-1; > R 1; flow 2; > S 0 mss=1460 fo=?; < SA 0 ack=1 folen=-1\n"
	"flow 0; > A 11; accept; flow 3; > S 0+10 mss=1460 fo=got; < SA 0 ack=11\n"
	"flow 0; recv 10; flow 4; > S 0+10 mss=1460 fo=got; < SA 0 ack=1 folen=-1\n")

WIRE(limit_counts_those_accepted,
	"proves RFC7413-4.2\n"
	ONE GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; flow 1\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=1; flow 0; close; < RA 1 ack=11; flow 2\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11\n")

/* Resets make no room for a minute. */
WIRE_LONG(limit_counts_resets,
	"proves RFC7413-4.2\n"
	ONE GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; > R 11; error ECONNRESET\n"
	"flow 1; > S 0+10 mss=1460 fo=got; < SA 0 ack=1; > R 1; quiet 50000; flow 2\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=1; > R 1; quiet 11000; flow 3\n"
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11\n")

WIRE(accept_queue_is_full,
	"sysctl fastopen 3; listen 1; lopt fastopen 9\n" GET
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11; flow 1; > S 0+10 mss=1460 fo=got; < SA 0 ack=11\n"
	"flow 2; > S 0+10 mss=1460 fo=got; <-; flow 0; accept; flow 2; > S 0+10 mss=1460 fo=got\n"
	"< SA 0 ack=11\n")

/* No room in the SYN queue, or SYN cookies for all: nothing is kept of a SYN. */
WIRE(none_with_syn_cookies,
	SERVER GET "sysctl syncookies 2; > S 0+10 mss=1460 fo=got; < SA 0 ack=1 folen=-1\n"
	"noaccept; > PA 1+10; accept; recv 10; < A 1 ack=11\n")

WIRE(syn_again,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; > S 0+10 mss=1460 fo=got\n"
	"< SA 0 ack=11 t=0..500; > S 0 mss=1460; < SA 0 ack=11 t=0..500; <-; accept; recv 10\n"
	"noread; > A 11; state ESTABLISHED; send 5; < PA 1+5\n")

WIRE(syn_ack_lost,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; recv 10\n"
	"< SA 0 ack=11 folen=-1 t=900..1300; < SA 0 ack=11 t=1900..2400; > A 11\n"
	"state ESTABLISHED; send 5; < PA 1+5 ack=11\n")

WIRE(never_answered,
	"sysctl synack_retries 1\n" SERVER GET
	"> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; recv 10\n"
	"< SA 0 ack=11 t=900..1300; < SA 0 ack=11 t=1900..2400; error ETIMEDOUT 9000; <-\n"
	"state CLOSED\n")

WIRE(reset_before_the_handshake_ends,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; > R 11; error ECONNRESET\n"
	"state CLOSED; recv 10; eof; <-\n")

WIRE(reset_before_it_is_accepted,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; > R 11; <-; accept; state CLOSED\n"
	"recv 10; recverr ECONNRESET\n")

WIRE(wrong_ack_is_reset,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; > A 11 ack=5; < R 5; <-\n"
	"> A 11 ack=1; accept; recv 10; state ESTABLISHED\n")

WIRE(listener_is_closed,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; lclose; < RA 1 ack=11; <-\n")

WIRE(listener_is_closed_after_accept,
	SERVER GET "> S 0+10 mss=1460 fo=got; < SA 0 ack=11; accept; lclose; recv 10; > A 11\n"
	"state ESTABLISHED; send 5; < PA 1+5\n")

/* It would not fit, so the peer keeps what is beyond. */
OWN(more_than_fits,
	"rcvbuf 1\n" SERVER GET "> S 0+1400 mss=1460 fo=got; < SA 0 ack>1000 ack<1401; accept\n"
	"state SYN-RECEIVED; recv 1000; syndata 1\n")

/* The client. */
#define ASK	"fastsend 10 EINPROGRESS; < S 0 folen=0\n"
#define GIVEN	"fo=a1a2a3a4a5a6a7a8"
#define LEARN	"flow 9; new; " ASK "> SA 0 ack=1 mss=1460 " GIVEN "; < A 1; connected; fofail 1\n" \
		"abort; < RA 1; flow 0\n"

WIRE(first_asks_for_a_cookie,
	"proves RFC7413-4.2.1\n"
	ASK "> SA 0 ack=1 mss=1460 " GIVEN "; < A 1 ack=1; connected; fofail 1; syndata 0\n"
	"send 10; < PA 1+10; > A 1 ack=11; sent 0\n")

WIRE(plain_connect_does_not_ask,
	"proves RFC7413-2\n" LEARN "connect; < S 0 folen=-1; > SA 0 ack=1 mss=1460\n"
	"< A 1; connected; fofail 0\n")

WIRE(then_sends_data,
	"proves RFC7413-4.1.3\n"
	LEARN "fastsend 10 10; < S 0+10 " GIVEN "; > SA 0 ack=11 mss=1460; < A 11 ack=1\n"
	"connected; syndata 1; fofail 0; send 5; < PA 11+5; > A 1 ack=16; sent 0; <-\n")

WIRE(a_new_cookie_replaces_the_old,
	"proves RFC7413-4.1.3\n"
	LEARN "fastsend 10 10; < S 0+10; > SA 0 ack=11 mss=1460 fo=b1b2b3b4; < A 11\n"
	"flow 1; fastsend 10 10; < S 0+10 fo=b1b2b3b4\n")

/* 40 octets are left for options that boxes on the way may add. */
WIRE(no_more_than_the_mss_of_the_server,
	"proves RFC7413-4.1.3\n"
	"flow 9; " ASK "> SA 0 ack=1 mss=700 " GIVEN "; < A 1; connected; abort; < RA 1\n"
	"flow 0; fastsend 2000 660; < S 0+660 " GIVEN "; > SA 0 ack=661 mss=700; < A 661\n")

WIRE(no_data_at_all,
	LEARN "fastsend 0 EINPROGRESS; < S 0 " GIVEN "; > SA 0 ack=1 mss=1460; < A 1; connected\n"
	"syndata 0; fofail 0\n")

WIRE(data_in_the_syn_ack,
	LEARN "fastsend 10 10; < S 0+10; > SA 0+5 ack=11 mss=1460; < A 11 ack=6; connected\n"
	"recv 5\n")

WIRE(data_is_not_acknowledged,
	"proves RFC7413-4.2.2\n"
	LEARN "fastsend 10 10; < S 0+10; > SA 0 ack=1 mss=1460; < PA 1+10 ack=1 t=0..300\n"
	"connected; syndata 0; fofail 2; > A 1 ack=11; sent 0; <-\n")

WIRE(data_is_acknowledged_partly,
	"proves RFC7413-4.2.2\n"
	LEARN "fastsend 10 10; < S 0+10; > SA 0 ack=6 mss=1460; < PA 6+5 ack=1 t=0..300\n"
	"connected; fofail 2; > A 1 ack=11; sent 0; <-\n")

WIRE(syn_is_lost,
	"proves RFC7413-4.2.2\n"
	LEARN "fastsend 10 10; < S 0+10; < S 0 folen=-1 t=900..1300\n"
	"> SA 0 ack=1 mss=1460; < PA 1+10 ack=1 t=0..300; connected; fofail 3; > A 1 ack=11\n"
	"sent 0; <-\n")

/* It was the SYN-ACK that was lost. */
WIRE(syn_ack_is_lost,
	LEARN "fastsend 10 10; < S 0+10; < S 0 folen=-1 t=900..1300; > SA 0 ack=11 mss=1460\n"
	"< A 11; connected; syndata 1; sent 0\n")

WIRE(request_is_lost,
	ASK "< S 0 folen=-1 t=900..1300; > SA 0 ack=1 mss=1460; < A 1; connected\n")

WIRE(refused,
	LEARN "fastsend 10 10; < S 0+10; > RA 0 ack=11; error ECONNREFUSED; state CLOSED\n")

WIRE(cookie_that_nobody_asked_for,
	"connect; < S 0 folen=-1; > SA 0 ack=1 mss=1460 " GIVEN "; < A 1; connected\n"
	"flow 1; " ASK)

/* TCP tries the option's experimental number next. */
OWN(malformed_cookie_from_the_server,
	"proves RFC7413-4.1.1\n"
	ASK "> SA 0 ack=1 mss=1460 fo=a1a2a3a4a5a6a7; < A 1; connected; flow 1; " ASK)

WIRE(without_a_cookie,
	"socket; opt no_cookie 1; fastsend 10 10; < S 0+10 folen=-1; > SA 0 ack=11 mss=1460\n"
	"< A 11; connected; syndata 1\n")

WIRE(connect_waits_for_data,
	LEARN "socket; opt fastopen_connect 1; deferred; state SYN-SENT; <-; noread; send 10\n"
	"< S 0+10 " GIVEN "; > SA 0 ack=11 mss=1460; < A 11; connected; syndata 1\n")

WIRE(connect_without_a_cookie_does_not_wait,
	"socket; opt fastopen_connect 1; connect; < S 0 folen=0; > SA 0 ack=1 mss=1460 " GIVEN "\n"
	"< A 1; connected\n")

WIRE(waiting_connect_is_closed,
	LEARN "socket; opt fastopen_connect 1; deferred; nodelay; opt cork 0; <-; close; <-\n")

WIRE(switched_off,
	"sysctl fastopen 2; fastsend 10 EOPNOTSUPP; <-\n")

/* After a failure plain SYNs for a minute, after the next for two. */
OWN_LONG(failures_are_remembered,
	"proves RFC7413-4.1.3\n"
	LEARN "fastsend 10 10; < S 0+10; < S 0 folen=-1; > SA 0 ack=1 mss=1460; < PA 1+10\n"
	"> A 1 ack=11; flow 1; fastsend 10 EINPROGRESS; < S 0 folen=-1; > RA 0 ack=1\n"
	"quiet 61000; flow 2; fastsend 10 10; < S 0+10 " GIVEN "; > SA 0 ack=1 mss=1460\n"
	"< PA 1+10; > A 1 ack=11; quiet 61000; flow 3; fastsend 10 EINPROGRESS; < S 0 folen=-1\n"
	"> RA 0 ack=1; quiet 61000; flow 4; fastsend 10 10; < S 0+10\n"
	"> SA 0 ack=11 mss=1460; < A 11; flow 5; fastsend 10 10; < S 0+10\n")

/* No answer at all. */
OWN_LONG(silence_is_remembered,
	"proves RFC7413-4.1.3\n"
	LEARN "socket; opt syncnt 1; fastsend 10 10; < S 0+10; < S 0 folen=-1\n"
	"error ETIMEDOUT 9000; flow 1; fastsend 10 EINPROGRESS; < S 0 folen=-1\n")

/* Data vanishes behind a handshake that went well: the third timeout is one too many. */
OWN_LONG(blackhole,
	"sysctl fastopen_blackhole_timeout_sec 1000\n"
	LEARN "fastsend 10 10; < S 0+10; > SA 0 ack=11 mss=1460; < A 11; connected; send 5\n"
	"< PA 11+5; < PA 11+5; < PA 11+5; stat FastOpenPauses=0; < PA 11+5; stat FastOpenPauses=1\n"
	"flow 1; fastsend 10 EINPROGRESS; < S 0 folen=-1; > RA 0 ack=1; flow 0; > A 1 ack=16\n"
	"quiet 1000000; flow 2; fastsend 10 10; < S 0+10\n")

OWN(crossed_syns,
	LEARN "fastsend 10 10; < S 0+10; > S 0 mss=1460; < SA 0 ack=1; > SA 0 ack=1 mss=1460\n"
	"connected; < PA 1+10 ack=1; > A 1 ack=11; sent 0; send 5; <* PA 11+5\n")

OWN(too_large_for_the_path,
	LEARN "fastsend 1400 1400; < S 0+1400; icmp toobig mtu=1300\n"
	"< S 0 folen=-1 t=0..500; > SA 0 ack=1 mss=1460; 4: < A 1+1260; 6: < A 1+1240\n")

OWN(counted,
	SERVER "stat FastOpenAsked=0\n" GET "stat FastOpenAsked=1; > S 0+10 mss=1460 fo=got\n"
	"< SA 0 ack=11; stat FastOpenPassive=1; stat InOctets=10; flow 1\n"
	"> S 0+10 mss=1460 fo=01020304; < SA 0; stat FastOpenRefused=1; lopt fastopen 1; flow 2\n"
	"> S 0+10 mss=1460 fo=got; < SA 0; stat FastOpenOverflow=1\n" LEARN
	"flow 3; fastsend 10 10; < S 0+10; > SA 0 ack=11 mss=1460; < A 11; stat FastOpenActive=1\n"
	"flow 4; fastsend 10 10; < S 0+10; > SA 0 ack=1 mss=1460; < PA 1+10\n"
	"stat FastOpenActiveFails=1\n")

WIRE_MAIN
