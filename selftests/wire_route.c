// SPDX-License-Identifier: GPL-2.0
/* What ip-route(8) says of a destination, as connections to it heed it. */
#include "lib/script_fixture.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define BIG(s) ((s)->family == AF_INET ? 1460 : 1440)

TEST_F_TIMEOUT(wire, initcwnd, WIRE_TIMEOUT)
{
	int big = BIG(self->s);

	PLAY("sndbuf 200000; route initcwnd 4; passive; send 30000");
	for (int i = 0; i < 4; i++)
		PLAY("<* A %d+%d", 1 + i * big, big);
	PLAY("<-");
}

WIRE(rto_min_larger,
	"route rto_min 600ms; passive; send 100; < PA 1+100; < PA 1+100 t=550..750\n"
	"< PA 1+100 t=1100..1450\n")

WIRE(rto_min_smaller,
	"route rto_min 50ms; passive; send 100; < PA 1+100; < PA 1+100 t=40..150\n")

/* The first window, of either side */
TEST_F_TIMEOUT(wire, initrwnd, WIRE_TIMEOUT)
{
	int win = 2 * BIG(self->s);

	PLAY("route initrwnd 2; listen; > S 0 mss=1460; < SA 0 ack=1 win=%d", win);
	PLAY("flow 1; connect; < S 0 win=%d", win);
}

WIRE(window,
	"route window 5000; listen; > S 0 mss=1460; < SA 0 ack=1 win<5001; > A 1 ack=1; accept\n"
	"> A 1+100; < A 1 ack=101 win<5001; flow 1; connect; < S 0 win<5001\n")

WIRE(advmss,
	"route advmss 1000; listen; > S 0 mss=1460; < SA 0 ack=1 mss=1000\n"
	"flow 1; connect; < S 0 mss=1000\n")

WIRE(hoplimit,
	"route hoplimit 33; passive; send 100; < PA 1+100 ttl=33\n")

/* A locked MTU is not learned anew, by IPv4 */
TEST_F_TIMEOUT(wire, mtu_lock, WIRE_TIMEOUT)
{
	int small = 1300 - 1500 + BIG(self->s);

	PLAY("route mtu lock 1300; passive; send 3000; < A 1+%d; <* A %d+%d; drain", small,
	     small + 1, small);
	PLAY("4: icmp toobig mtu=1290 seq=1; <-; > A 1 ack=3001; sent 0\n"
	     "send 1400; < A 3001+%d; drain", small);
}

WIRE(ecn_of_a_client,
	"route features ecn; connect; < SEC 0\n")

WIRE(ecn_of_a_server,
	"sysctl ecn 0; listen; > SEC 0 mss=1460; < SA 0 ack=1; > R 1\n"
	"route features ecn; flow 1; > SEC 0 mss=1460; < SAE 0 ack=1\n")

static int algorithm_is(int fd, const char *name)
{
	char is[16] = "";
	socklen_t len = sizeof(is);

	return !getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, is, &len) && !strcmp(is, name);
}

TEST_F_TIMEOUT(wire, congctl, WIRE_TIMEOUT)
{
	PLAY("route congctl reno; passive");
	EXPECT_TRUE(algorithm_is(self->s->f->fd, "reno"));
	EXPECT_EQ(0, setsockopt(self->s->f->fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5));
	PLAY("flow 1; active");
	EXPECT_TRUE(algorithm_is(self->s->f->fd, "reno"));
	PLAY("route congctl lock reno; flow 2; active");
	EXPECT_TRUE(algorithm_is(self->s->f->fd, "reno"));
	EXPECT_EQ(-1, setsockopt(self->s->f->fd, IPPROTO_TCP, TCP_CONGESTION, "cubic", 5));
	EXPECT_EQ(EPERM, errno);
	EXPECT_TRUE(algorithm_is(self->s->f->fd, "reno"));
}

/* No ACK waits, whatever the user says and does */
WIRE(quickack,
	"route quickack 1; passive; opt quickack 0; > PA 1+10; < A 1 ack=11 t=0..10\n"
	"> PA 11+10; < A 1 ack=21 t=0..10; send 10; < PA 1+10 ack=21\n"
	"> PA 21+10 ack=11; < A 11 ack=31 t=0..10; > PA 31+10; < A 11 ack=41 t=0..10\n"
	"route quickack 0; send 10; < PA 11+10 ack=41; opt quickack 0\n"
	"> PA 41+10 ack=21; < A 21 ack=51 t=15..150\n"
	"flow 1; route quickack 1; active; opt quickack 0; > PA 1+10; < A 1 ack=11 t=0..10\n")

WIRE(fastopen_no_cookie_of_a_server,
	"sysctl fastopen 3; listen; lopt fastopen 5; > S 0+10 mss=1460; < SA 0 ack=1; > R 1\n"
	"route fastopen_no_cookie 1; flow 1; > S 0+10 mss=1460; < SA 0 ack=11 folen=-1; accept\n"
	"recv 10\n")

WIRE(fastopen_no_cookie_of_a_client,
	"sysctl fastopen 1; route fastopen_no_cookie 1; socket; fastsend 10 10\n"
	"< S 0+10 folen=-1; > SA 0 ack=11 mss=1460; < A 11\n")

/*
 * R1, of which TCP makes a time. Over IPv4 the kernel heeds the advice only for what it
 * has learned by ICMP.
 */
TEST_F_TIMEOUT(wire, r1_looks_for_another_route, WIRE_TIMEOUT_LONG)
{
	char peer[INET6_ADDRSTRLEN], command[256];
	int ttl, other;

	if (self->s->family == AF_INET)
		return;
	PLAY("proves MUST-20 SHLD-10\nlisten");
	inet_ntop(AF_INET6, &self->s->w.peer.v6, peer, sizeof(peer));
	snprintf(command, sizeof(command),
		 "for gw in a b; do ip -6 neigh replace fe80::$gw dev %s nud permanent &&"
		 "ip -6 route append %s via fe80::$gw dev %s hoplimit $((0x$gw)) || exit 1; done",
		 WIRE_TUN, peer, WIRE_TUN);
	ASSERT_EQ(0, system(command));
	PLAY("> S 0 mss=1460; < SA 0 ack=1; > A 1 ack=1; accept; send 100; < PA 1+100");
	ttl = self->s->f->last.ttl;
	ASSERT_TRUE(ttl == 10 || ttl == 11);
	other = 21 - ttl;
	/* and nobody asks for it again */
	ASSERT_EQ(0, wire_sysctl("net/ipv6/neigh/" WIRE_TUN "/mcast_solicit", "0"));
	snprintf(command, sizeof(command),
		 "ip -6 neigh replace fe80::%x dev " WIRE_TUN " nud failed extern_learn", ttl);
	ASSERT_EQ(0, system(command));
	PLAY("xtcp: < PA 1+100 ttl=%d t=2950..3500; tcp: < PA 1+100 ttl=%d t=6000..7200\n"
	     "> A 1 ack=101; sent 0; send 10; < PA 101+10 ttl=%d", other, other, other);
}

/* TCP takes these only along with what it remembers of an earlier connection */
TEST_F_TIMEOUT(own, cwnd_lock, WIRE_TIMEOUT)
{
	int big = BIG(self->s);

	PLAY("sndbuf 200000; route cwnd lock 3; passive; send 30000");
	for (int i = 0; i < 3; i++)
		PLAY("<* A %d+%d", 1 + i * big, big);
	PLAY("<-; > A 1 ack=%d", 3 * big + 1);
	for (int i = 3; i < 6; i++)
		PLAY("<* A %d+%d", 1 + i * big, big);
	PLAY("<-");
}

OWN(rtt,
	"route rtt 300ms; passive; send 100; < PA 1+100; < PA 1+100 t=850..1000\n")

OWN(ssthresh,
	"route ssthresh 7; passive; ssthresh 7\n")

WIRE_MAIN
