// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors about the host's segments: during connect, once synchronised, forged
 * ones, and those that tell of a smaller path MTU.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

WIRE(port_unreachable_refuses_a_connect,
	"proves MUST-54 SHLD-26\n"
	"connect; < S 0; icmp port; error ECONNREFUSED; state CLOSED; <-\n"
	"> SA 0 ack=1; < R 1; <-\n")

WIRE(protocol_unreachable_ends_a_connect,
	"proves SHLD-26\n"
	"connect; < S 0; icmp proto\n"
	"4: error ENOPROTOOPT; 4: state CLOSED\n"
	"<-\n")

WIRE(admin_prohibited_ends_a_connect_over_ipv6,
	"6: connect; 6: < S 0; 6: icmp admin; 6: error EACCES\n"
	"4: connect; 4: < S 0; 4: icmp port; 4: error ECONNREFUSED\n")

/* The quoted number must be one that is in flight (RFC 5927, 4.1). */
WIRE(forged_number_is_ignored_by_a_connect,
	"proves RFC5927-4.1\n"
	"connect; < S 0; icmp port seq=2; <-; icmp port seq=-1; icmp port seq=1000\n"
	"state SYN-SENT; alive; > SA 0 ack=1 mss=1460; < A 1; connected\n")

WIRE(forged_port_is_ignored,
	"proves MUST-54\n"
	"connect; < S 0; icmp port dport=39999; state SYN-SENT; alive\n"
	"> SA 0 ack=1 mss=1460; < A 1; connected\n")

/* Soft: MUST-56 of RFC 9293. TCP gives up at once. */
OWN(host_unreachable_does_not_end_a_connect,
	"proves MUST-56\n"
	"connect; < S 0; icmp host; <-; state SYN-SENT\n"
	"icmp net; <-; state SYN-SENT; icmp ttl; <-; state SYN-SENT\n"
	"icmp param; <-; state SYN-SENT\n"
	"> SA 0 ack=1 mss=1460; < A 1; connected; state ESTABLISHED\n")

WIRE(source_quench_does_nothing,
	"proves MUST-55 RFC6633-3 RFC6633-6\n"
	"connect; < S 0; icmp ttl seq=77; 4: icmp quench; <-; state SYN-SENT; alive\n"
	"> SA 0 ack=1 mss=1460; < A 1; connected; send 10; < PA 1+10\n"
	"4: icmp quench; <-; alive; state ESTABLISHED; > A 1 ack=11; sent 0\n")

/* Hard ones, once synchronised, are soft (RFC 5927). */
WIRE(nothing_ends_an_established_connection,
	"proves MUST-56 RFC5927-5.2\n"
	"passive; send 10; < PA 1+10\n"
	"icmp port; icmp host; icmp net; icmp proto; icmp ttl; icmp admin; icmp param; <-\n"
	"state ESTABLISHED; > A 1 ack=11; sent 0; > PA 1+10; recv 10; < A 11 ack=11\n")

/* TCP forgets the half-open connection. */
OWN(syn_received_lives_through_soft_errors,
	"listen; > S 0 mss=1460; < SA 0 ack=1; icmp host; icmp ttl; <-\n"
	"> A 1 ack=1; accept; state ESTABLISHED\n")

WIRE(listener_is_not_hit,
	"passive; send 10; < PA 1+10; icmp port seq=-100000; lstate LISTEN\n"
	"flow 1; passive; state ESTABLISHED\n")

/* Path MTU: the segment goes again at once, in smaller pieces. */
TEST_F_TIMEOUT(wire, too_big_lowers_the_mss, WIRE_TIMEOUT)
{
	int hdr = self->s->family == AF_INET ? 40 : 60;
	int big = 1500 - hdr, small = 1300 - hdr;

	PLAY("proves RFC7323-5.7 RFC1191-3-reduce RFC8899-4.6.1\n"
	     "passive; send %d; < A 1+%d; < PA %d+%d", 2 * big, big, big + 1, big);
	/* A number that is not in flight changes nothing. */
	PLAY("icmp toobig mtu=1300 seq=100000; <-; icmp toobig mtu=1300 seq=-1000; <-");
	PLAY("icmp toobig mtu=1300 seq=1; < A 1+%d t=0..150; drain", small);
	PLAY("> A 1 ack=%d; drain; sent 0", 2 * big + 1);
	/* And so it stays. */
	PLAY("send 2000; < A %d+%d; < PA %d+%d; <-", 2 * big + 1, small,
	     2 * big + small + 1, 2000 - small);
}

/* A new connection to the same peer knows. */
TEST_F_TIMEOUT(wire, too_big_is_remembered_for_the_path, WIRE_TIMEOUT)
{
	int hdr = self->s->family == AF_INET ? 40 : 60;
	int small = 1300 - hdr;

	PLAY("proves RFC1191-3-reduce\n"
	     "passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain\n"
	     "flow 1; passive; send 2000; < A 1+%d; < PA %d+%d; <-", small, small + 1,
	     2000 - small);
}

/* Sent and not acknowledged, no more and no less (RFC 5927, 4.1). */
OWN(number_must_be_outstanding,
	"proves RFC5927-4.1 RFC8899-4.6.1\n"
	"passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1401\n"
	"icmp toobig mtu=1300 seq=0; <-; > A 1 ack=1401; icmp toobig mtu=1300 seq=1\n"
	"icmp toobig mtu=1300 seq=1401; <-; send 1400; < PA 1401+1400; <-\n")

/* A burst of reports about one flight is one piece of news (RFC 1191, 6.4). */
WIRE(too_big_twice_sends_once,
	"proves RFC1191-6.4\n"
	"passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain\n"
	"icmp toobig mtu=1300 seq=1; <-; icmp toobig mtu=1300 seq=1; <-; > A 1 ack=1401\n"
	"sent 0\n")

/* What is larger than before is no news, nor what no path may have. */
TEST_F_TIMEOUT(wire, too_big_never_raises_nor_starves, WIRE_TIMEOUT)
{
	bool is4 = self->s->family == AF_INET;
	int small = is4 ? 1260 : 1240, least = is4 ? 512 : 1220;

	PLAY("proves RFC1191-3-floor RFC8201-4\n"
	     "passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain\n"
	     "icmp toobig mtu=1400 seq=1; icmp toobig mtu=9000 seq=1; drain; > A 1 ack=1401\n"
	     "send 1300; < A 1401+%d; < PA %d+%d; > A 1 ack=2701", small, 1401 + small,
	     1300 - small);
	/* In a connection whose larger segments have not arrived before: that would tell */
	PLAY("flow 1; passive\n"
	     "6: send 1300; 6: < A 1+1240; 6: drain; 6: icmp toobig mtu=1279 seq=1\n"
	     "6: icmp toobig mtu=68 seq=1; 6: <-; 6: icmp toobig mtu=1280 seq=1\n"
	     "4: send 1300; 4: drain; 4: icmp toobig mtu=67 seq=1");
	PLAY("drain; > A 1 ack=1301; sent 0; send 1300; < A 1301+%d", least);
}

/* A larger size is not tried for a while. */
TEST_F_TIMEOUT(wire, too_big_holds_for_five_minutes, WIRE_TIMEOUT_LONG)
{
	int small = self->s->family == AF_INET ? 1260 : 1240, at = 1401;

	PLAY("proves RFC1191-3-up RFC8201-4\n"
	     "passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain; > A 1 ack=1401");
	for (int i = 0; i < 5; i++, at += 1400)
		PLAY("# minute %d\nquiet 60000; send 1400; < A %d+%d; drain; > A 1 ack=%d",
		     i + 1, at, small, at + 1400);
}

/* Never above what it is, never below sense. */
TEST_F_TIMEOUT(wire, absurd_mtus_do_no_harm, WIRE_TIMEOUT)
{
	static const int mtus[] = { 0, 1, 20, 40, 41, 67, 68, 100, 1500, 9000, 65535 };

	for (size_t i = 0; i < ARRAY_SIZE(mtus); i++)
		PLAY("# MTU %d\nflow %zd; passive; send 1400; drain\n"
		     "icmp toobig mtu=%d seq=1; drain; alive; > A 1 ack=1401; drain\n"
		     "sent 0; send 100; drain; > A 1 ack=1501; drain; sent 0",
		     mtus[i], i, mtus[i]);
}

WIRE(no_icmp_about_our_icmp_crashes,
	"icmp port; icmp toobig mtu=1000; <-; listen; icmp port; icmp host; <-\n"
	"lstate LISTEN; passive\n")

WIRE_MAIN
