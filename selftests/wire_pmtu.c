// SPDX-License-Identifier: GPL-2.0
/*
 * The path's MTU, segment by segment: paths that swallow what is too big and say
 * nothing, larger segments that are tried, reports that are not believed at once.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define HDR(s) ((s)->family == AF_INET ? 40 : 60)

/* The size of full segments where the search begins: 1024, or what IPv6 carries */
#define BASE(s) ((s)->family == AF_INET ? 1024 : 1220)

/* After so many timeouts in vain segments become smaller; not if it is off */
TEST_F_TIMEOUT(own, black_hole, WIRE_TIMEOUT)
{
	int big = 1500 - HDR(self->s), base = BASE(self->s);

	PLAY("proves RFC4821-7.7 RFC8899-4.3\n"
	     "sysctl mtu_probing 1; passive; send %d; < A 1+%d; < PA %d+%d", 2 * big, big,
	     big + 1, big);
	PLAY("< A 1+%d t=150..350; < A 1+%d t=300..600; < A 1+%d t=600..1200", big, big, big);
	PLAY("< A 1+%d t=1200..2400; > A 1 ack=%d; drain", base, base + 1);
	PLAY("> A 1 ack=%d; sent 0; stat BlackHoles=1", 2 * big + 1);
}

TEST_F_TIMEOUT(wire, no_search_by_default, WIRE_TIMEOUT)
{
	int big = 1500 - HDR(self->s);

	PLAY("passive; send %d; < PA 1+%d", big, big);
	for (int i = 0; i < 5; i++)
		PLAY("# timeout %d\n< PA 1+%d", i, big);
}

/* mtu_probing=2: small at first; a larger one is tried once there is enough to send */
TEST_F_TIMEOUT(own, larger_segment_arrives, WIRE_TIMEOUT)
{
	int big = 1500 - HDR(self->s), base = BASE(self->s);

	PLAY("proves RFC4821-7.2\n"
	     "sysctl mtu_probing 2; sndbuf 200000; passive; send %d; < PA 1+%d; > A 1 ack=%d", base, base,
	     base + 1);
	PLAY("send 60000; < A %d+%d; drain; > A 1 ack=%d", base + 1, big, base + big + 1);
	PLAY("< A %d+%d; stat MtuProbeSuccesses=1", base + 1 + big + 8 * base, big);
}

/* It does not: it goes again in two, and nothing else changes */
TEST_F_TIMEOUT(own, larger_segment_is_lost, WIRE_TIMEOUT)
{
	int big = 1500 - HDR(self->s), base = BASE(self->s);

	PLAY("proves RFC4821-4-loss\n"
	     "sysctl mtu_probing 2; sndbuf 200000; passive; send 60000; < A 1+%d; drain", big);
	PLAY("> A 1 ack=1; > A 1 ack=1; drain; > A 1 ack=1; < A 1+%d; < A %d+%d\n"
	     "stat MtuProbeFailures=1; stat FastRetransmits=0", base, base + 1, big - base);
}

/* A user who does not want to know is not told: IP_MTU_DISCOVER, IPV6_MTU_DISCOVER */
TEST_F_TIMEOUT(wire, reports_are_not_wanted, WIRE_TIMEOUT)
{
	bool is4 = self->s->family == AF_INET;
	int how = is4 ? IP_PMTUDISC_DONT : IPV6_PMTUDISC_INTERFACE;

	PLAY("passive");
	ASSERT_EQ(0, setsockopt(self->s->f->fd, is4 ? IPPROTO_IP : IPPROTO_IPV6,
				is4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER, &how, sizeof(how)));
	PLAY("send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; <-\n"
	     "4: < A 1+1260 t=150..350; 6: < PA 1+1400 t=150..350");
}

/* What the socket knows of the path: IP_MTU, IPV6_MTU */
TEST_F_TIMEOUT(wire, mtu_is_told, WIRE_TIMEOUT)
{
	bool is4 = self->s->family == AF_INET;
	int level = is4 ? IPPROTO_IP : IPPROTO_IPV6, opt = is4 ? IP_MTU : IPV6_MTU, mtu = 0;
	socklen_t len = sizeof(mtu);

	PLAY("passive");
	EXPECT_EQ(0, getsockopt(self->s->f->fd, level, opt, &mtu, &len));
	EXPECT_EQ(1500, mtu);
	PLAY("send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain");
	EXPECT_EQ(0, getsockopt(self->s->f->fd, level, opt, &mtu, &len));
	EXPECT_EQ(1300, mtu);
}

/* So large a segment has arrived: it is believed once the next one does not */
TEST_F_TIMEOUT(own, report_against_the_evidence, WIRE_TIMEOUT)
{
	int small = 1300 - HDR(self->s);

	PLAY("proves RFC5927-7.2\n"
	     "passive; send 1400; < PA 1+1400; > A 1 ack=1401; send 1400; < PA 1401+1400\n"
	     "icmp toobig mtu=1300 seq=1401; <-; icmp toobig mtu=1500 seq=1401; <-\n"
	     "stat PmtuChanges=0; < A 1401+%d t=100..350; drain; stat PmtuChanges=1\n"
	     "> A 1 ack=2801; sent 0", small);
	/* and never, if it does */
	PLAY("flow 1; route mtu 1500; passive; send 1400; < PA 1+1400; > A 1 ack=1401\n"
	     "send 1400; < PA 1401+1400; icmp toobig mtu=1300 seq=1401; <-; > A 1 ack=2801\n"
	     "send 1400; < PA 2801+1400; > A 1 ack=4201; stat PmtuChanges=1");
}

WIRE_MAIN
