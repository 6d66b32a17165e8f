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

WIRE_MAIN
