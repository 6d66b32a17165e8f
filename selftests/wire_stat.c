// SPDX-License-Identifier: GPL-2.0
/*
 * No drop is silent: each kind of segment that the host does not take counts in a
 * counter of /proc/net/xtcp_stat, and the counters of what it does count that. And
 * what /proc/net/xtcp tells of a connection.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES_OWN;

/* What /proc/net/xtcp has behind @key of the first connection in @state; -1: there is none */
static long told(const char *state, const char *key)
{
	FILE *f = fopen("/proc/self/net/xtcp", "re");
	char line[256], *at;
	long n = -1;

	if (!f)
		return -1;
	while (n < 0 && fgets(line, sizeof(line), f))
		if (strstr(line, state) && (at = strstr(line, key)))
			n = strtol(at + strlen(key), NULL, 10);
	fclose(f);
	return n;
}

/* As /proc/net/tcp has it: octets and FIN that are not acknowledged. */
TEST_F_TIMEOUT(own, send_queue_in_the_table, WIRE_TIMEOUT)
{
	PLAY("passive; send 100; < PA 1+100");
	EXPECT_EQ(100, told(" ESTABLISHED ", " sendq="));
	PLAY("shut wr; < FA 101");
	EXPECT_EQ(101, told(" FIN-WAIT-1 ", " sendq="));
	PLAY("> A 1 ack=101; <-");
	EXPECT_EQ(1, told(" FIN-WAIT-1 ", " sendq="));
	PLAY("> A 1 ack=102; <-");
	EXPECT_EQ(0, told(" FIN-WAIT-2 ", " sendq="));
}

OWN(bad_checksum,
	"stat InCsumErrors=0; passive; > PA 1+10 badsum=1; <-; stat InCsumErrors=1\n"
	"> S 0 badsum=1 dport=5001; <-; stat InCsumErrors=2\n")

OWN(truncated_header,
	"> S 0 cut=19 dport=5001; <-; stat InHdrShort=1\n"
	"> S 0 cut=0 dport=5001; <-; stat InHdrShort=2\n")

OWN(bad_data_offset,
	"> S 0 doff=4 dport=5001; <-; stat InHdrOffset=1\n"
	"> S 0 doff=15 dport=5001; <-; stat InHdrOffset=2\n"
	"> S 0 doff=0 dport=5001; <-; stat InHdrOffset=3\n")

OWN(bad_options,
	"listen; > S 0 opt=0200; < SA 0; stat InBadOptions=1\n"
	"flow 1; > S 0 opt=02ff; < SA 0; stat InBadOptions=2\n")

OWN(nobodys_port,
	"> S 0 dport=5001; < RA 0; stat DropNoPort=1; stat OutRsts=1\n"
	"> R 0 dport=5001; <-; stat DropNoPort=2; stat OutRsts=1\n")

OWN(not_for_us, "> S 0 dport=5001 dst=bcast; <-; stat InNotForUs=1\n")

OWN(listener, "listen; > . 1; <-; stat DropNotSyn=1; > R 1; <-; stat DropNotSyn=2\n")

OWN(out_of_window,
	"passive; > A 200000+10; < A 1; stat DropSeq=1; > R 200000; <-; stat DropSeq=2\n")

OWN(inexact_reset, "passive; > R 100; < A 1; stat DropRstSeq=1; stat ChallengeAcks=1\n")

OWN(syn_when_synchronised,
	"passive; > S 100; < A 1; stat DropSynSynced=1; stat ChallengeAcks=1\n")

OWN(without_ack, "passive; > . 1+10; <-; stat DropNoAck=1\n")

OWN(ack_of_the_future, "passive; > A 1 ack=100; < A 1; stat DropFutureAck=1\n")

OWN(ancient_ack, "passive; > A 1 ack=-1000000; < A 1; stat DropOldAck=1\n")

OWN(wrong_ack_in_the_handshake,
	"listen; > S 0 mss=1460; < SA 0; > A 1 ack=7; < R 7; stat DropBadAck=1\n")

OWN(repeated_data,
	"passive; > PA 11+10; < A 1; > PA 11+10; < A 1; stat OutOfOrder=1\n"
	"stat DropDupData=1\n")

OWN(after_close, "passive; close; < FA 1; > PA 1+10 ack=2; < RA 2; stat DropAfterClose=1\n")

OWN(after_fin,
	"passive; > FA 1; < A 1 ack=2; > PA 2+10; drain; stat DropAfterFin=1\n")

OWN(time_wait,
	"passive; shut wr; < FA 1; > FA 1 ack=2; < A 2; stat TimeWaits=1\n"
	"> R 2; <-; stat DropTimeWait=1\n")

OWN(full_accept_queue,
	"listen 0; flow 1; > S 0 mss=1460; < SA 0; > A 1; <-\n"
	"flow 2; > S 0 mss=1460; <-; stat DropAcceptQueueFull=1\n")

OWN(stale_icmp, "connect; < S 0; icmp port seq=77; <-; stat IcmpIn=1; stat IcmpStale=1\n")

OWN(smaller_path,
	"passive; send 1400; < PA 1+1400; icmp toobig mtu=1300 seq=1; drain\n"
	"stat PmtuChanges=1; stat RetransSegs>0\n")

OWN(opens,
	"passive; stat PassiveOpens=1; flow 1; active; stat ActiveOpens=1\n"
	"flow 2; connect; < S 0; > RA 0 ack=1; error ECONNREFUSED; stat AttemptFails=1\n"
	"flow 1; > R 1; error ECONNRESET; stat EstabResets=1\n")

OWN(segments_and_octets,
	"passive; > PA 1+10; recv 10; < A 1; send 7; < PA 1+7; > A 11 ack=8\n"
	"stat InOctets=10; stat OutOctets=7; stat InSegs=4; stat OutSegs=3\n")

OWN(retransmissions,
	"passive; send 10; < PA 1+10; < PA 1+10; stat RetransSegs=1; stat RtoTimeouts=1\n"
	"> A 1 ack=11\n")

WIRE_MAIN
