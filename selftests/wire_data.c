// SPDX-License-Identifier: GPL-2.0
/*
 * Data on an established connection: in order, repeated, overlapping in every way, out
 * of order, beyond the window, damaged.
 */
#include <linux/filter.h>
#include <sys/socket.h>

#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

WIRE(in_order,
	"proves RFC5681-4.2-one\n"
	"passive\n"
	"> PA 1+100; recv 100; < A 1 ack=101\n"
	"> PA 101+1; recv 1; < A 1 ack=102\n"
	"> PA 102+1400; recv 1400; < A 1 ack=1502; noread; <-\n")

WIRE(without_ack_flag_is_dropped,
	"proves RFC9293-3.10.7.4-noack\n"
	"passive; > P 1+10; <-; noread; > . 1+10; <-; > F 1; <-; noread\n"
	"> PA 1+10; recv 10; < A 1 ack=11\n")

/*
 * Bytes 101..300 are there (or also 401..500, a hole before them); one more segment
 * comes. What does the ACK say, and how many bytes can be read?
 */
static const struct {
	const char *name, *seg;
	bool hole;
	int ack, avail;
} overlaps[] = {
	{ "exactly the same", "101+200", false, 301, 0 },
	{ "all before", "1+100", false, 301, 0 },
	{ "before, up to the last byte but one", "1+299", false, 301, 0 },
	{ "inside", "150+10", false, 301, 0 },
	{ "the last byte", "300+1", false, 301, 0 },
	{ "same start, longer", "101+250", false, 351, 50 },
	{ "partial: half old, half new", "201+200", false, 401, 100 },
	{ "one old byte, then new", "300+101", false, 401, 100 },
	{ "covering all", "1+400", false, 401, 100 },
	{ "next in order", "301+100", false, 401, 100 },
	{ "one byte left out", "302+100", false, 301, 0 },
	{ "fills the hole", "301+100", true, 501, 200 },
	{ "fills the hole and no byte more or less, from before", "101+300", true, 501, 200 },
	{ "fills the hole and covers what is behind it", "301+200", true, 501, 200 },
	{ "fills the hole and goes on", "301+300", true, 601, 300 },
	{ "fills the hole and overlaps", "301+150", true, 501, 200 },
	{ "covers everything", "1+700", true, 701, 400 },
	{ "head of the hole", "301+50", true, 351, 50 },
	{ "tail of the hole", "351+50", true, 301, 0 },
	{ "middle of the hole", "340+20", true, 301, 0 },
	{ "tail of the hole, overlapping", "351+100", true, 301, 0 },
	{ "the same behind the hole", "401+100", true, 301, 0 },
	{ "inside what is behind the hole", "420+10", true, 301, 0 },
	{ "behind, longer", "401+200", true, 301, 0 },
	{ "behind, starting earlier", "391+110", true, 301, 0 },
	{ "behind, covering", "391+150", true, 301, 0 },
	{ "behind, adjacent", "501+100", true, 301, 0 },
	{ "a second hole", "601+100", true, 301, 0 },
};

TEST_F_TIMEOUT(wire, overlap, WIRE_TIMEOUT)
{
	for (size_t i = 0; i < ARRAY_SIZE(overlaps); i++) {
		PLAY("# %s\nflow %zd; %spassive; > PA 1+100; recv 100; <* A 1 ack=101\n"
		     "> PA 101+200; recv 200; <* A 1 ack=301; %s",
		     overlaps[i].name, i % 16, i >= 16 ? "new 100000000; " : "",
		     overlaps[i].hole ? "> PA 401+100; < A 1 ack=301" : "");
		PLAY("> PA %s; avail %d; <* A 1 ack=%d; recv %d; noread; drain",
		     overlaps[i].seg, overlaps[i].avail, overlaps[i].ack,
		     overlaps[i].avail);
		/* The rest arrives, and nothing twice. */
		PLAY("> PA 301+600; <* A 1 ack=901; recv %d; noread; abort; drain",
		     600 - overlaps[i].avail);
	}
}

/* An ACK at once, with no delay, for what is no news or leaves a hole. */
WIRE(old_duplicate_is_acked_at_once,
	"proves RFC5681-4.2-one\n"
	"passive; > PA 1+100; recv 100; < A 1 ack=101\n"
	"> PA 1+100; < A 1 ack=101 t=0..100; <-; noread\n"
	"> PA 50+10; < A 1 ack=101 t=0..100; <-; noread\n")

WIRE(out_of_order_is_acked_at_once,
	"proves MAY-13 RFC5681-4.2-ooo\n"
	"passive\n"
	"> PA 101+100; < A 1 ack=1 t=0..100\n"
	"> PA 301+100; < A 1 ack=1 t=0..100\n"
	"> PA 201+100; < A 1 ack=1 t=0..100; noread\n"
	"> PA 1+100; < A 1 ack=401 t=0..100; recv 400; noread\n")

WIRE(reassembled_backwards,
	"proves MUST-59\n"
	"passive\n"
	"> PA 901+100; < A 1 ack=1; > PA 801+100; < A 1 ack=1\n"
	"> PA 701+100; < A 1 ack=1; > PA 601+100; < A 1 ack=1\n"
	"> PA 501+100; < A 1 ack=1; > PA 401+100; < A 1 ack=1\n"
	"> PA 301+100; < A 1 ack=1; > PA 201+100; < A 1 ack=1\n"
	"> PA 101+100; < A 1 ack=1; noread\n"
	"> PA 1+100; < A 1 ack=1001; recv 1000; noread\n")

/* A hole for every second byte, filled from the back. */
TEST_F_TIMEOUT(wire, reassembled_byte_by_byte, WIRE_TIMEOUT)
{
	PLAY("proves SHLD-31\n"
	     "passive");
	for (int at = 201; at > 2; at -= 2)
		PLAY("> PA %d+1; < A 1 ack=1", at);
	for (int at = 200; at > 1; at -= 2)
		PLAY("> PA %d+1; < A 1 ack=1", at);
	PLAY("> PA 1+1; < A 1 ack=202; recv 201; noread; <-");
}

WIRE(fin_out_of_order,
	"passive\n"
	"> FA 101; < A 1 ack=1; noread; state ESTABLISHED\n"
	"> PA 1+100; < A 1 ack=102; recv 100; eof; state CLOSE-WAIT\n")

WIRE(fin_with_data_out_of_order,
	"passive\n"
	"> FPA 101+50; < A 1 ack=1; noread; > PA 51+50; < A 1 ack=1\n"
	"> PA 1+50; < A 1 ack=152; recv 150; eof; state CLOSE-WAIT\n")

/* What lies behind a FIN is not delivered, and does not crash. */
WIRE(data_behind_fin_is_not_delivered,
	"passive; > FA 1+10; recv 10; eof; drain; state CLOSE-WAIT\n"
	"> PA 12+10; drain; eof; state CLOSE-WAIT\n")

/* Linux resets at the first, and delivers the second. */
OWN(data_in_place_of_the_fin,
	"passive; > FA 1+10; recv 10; eof; drain; state CLOSE-WAIT\n"
	"> PA 11+10; drain; eof; state CLOSE-WAIT\n")

OWN(data_behind_fin_out_of_order,
	"passive; > FA 11; < A 1 ack=1; > PA 12+10; drain; noread\n"
	"> PA 1+10; recv 10; eof; drain; state CLOSE-WAIT\n")

/* RFC 9293 3.10.7.4, first: what is outside the window is answered by an ACK. */
WIRE(left_of_the_window,
	"proves RFC9293-3.5.2-rst-sync\n"
	"passive; > PA 1+100; recv 100; < A 1 ack=101\n"
	"> A 0; < A 1 ack=101; <-\n"		/* a keep-alive probe */
	"> A 0+1; < A 1 ack=101; <-; noread\n"
	"apart; > A 100; < A 1 ack=101; <-\n"
	"> A -1000000+500; < A 1 ack=101; <-; noread\n")

WIRE(right_of_the_window,
	"proves RFC9293-3.10.7.4-seq\n"
	"passive\n"
	"apart; > A 200001; < A 1 ack=1; <-\n"
	"> PA 200001+100; < A 1 ack=1; <-; noread\n"
	"> FA 200001; < A 1 ack=1; <-; noread; state ESTABLISHED\n"
	"> PA 0x7fff0000+100; < A 1 ack=1; <-; noread\n"
	"> PA 1+10; recv 10; < A 1 ack=11\n")

/* Beyond the edge nothing is taken: what was sent there must be sent again. */
TEST_F_TIMEOUT(own, across_the_edge_of_the_window, WIRE_TIMEOUT)
{
	int win;

	PLAY("rcvbuf 4096; listen; > S 0 mss=9000; < SA 0 ack=1; > A 1 ack=1; accept\n"
	     "> PA 1+1; <* A 1 ack=2");
	win = self->s->f->last.win;
	ASSERT_GT(8000, win);
	PLAY("> PA 2+%d; drain; recv %d; noread; drain", win + 500, win + 1);
	PLAY("> PA %d+500; recv 500; noread; alive", win + 2);
}

/* A pure ACK in order is not answered, or two hosts would never fall silent. */
WIRE(acks_are_not_acked,
	"passive; > A 1 ack=1; <-; > A 1 ack=1 win=1000; <-; > A 1 ack=1; <-\n")

/* Linux before 6.13 drops it silently. */
WIRE(ack_of_what_was_never_sent,
	"proves RFC9293-3.10.7.4-ackfuture\n"
	"passive; > A 1 ack=1000; tcp: drain; xtcp: < A 1 ack=1; <-; state ESTABLISHED\n"
	"apart; > PA 1+10 ack=1000; tcp: drain; xtcp: < A 1 ack=1; <-; noread\n"
	"apart; send 10; < PA 1+10\n"
	"> A 1 ack=12; tcp: drain; xtcp: < A 11 ack=1; <-; sent 10\n"
	"> A 1 ack=11; <-; sent 0\n")

WIRE(old_ack_is_ignored,
	"passive; send 10; < PA 1+10; > A 1 ack=11; send 10; < PA 11+10\n"
	"> A 1 ack=1; <-; sent 10; > A 1 ack=5; <-; sent 10; > A 1 ack=21; sent 0; <-\n")

WIRE(old_ack_with_data_delivers_the_data,
	"passive; send 10; < PA 1+10; > A 1 ack=11\n"
	"> PA 1+10 ack=1; recv 10; < A 11 ack=11\n")

/* Older than the largest window ever: RFC 5961, section 5. */
WIRE(ancient_ack_is_challenged,
	"proves MAY-12 RFC5961-5.2\n"
	"passive; > A 1 ack=-1000000; < A 1 ack=1; <-\n"
	"apart; > PA 1+10 ack=-1000000; < A 1 ack=1; <-; noread\n")

WIRE(partial_ack_frees_a_part,
	"passive; send 100; < PA 1+100; > A 1 ack=41; sent 60; > A 1 ack=101; sent 0\n")

WIRE(bad_checksum,
	"proves MUST-3\n"
	"passive; > PA 1+10 badsum=1; <-; noread; > R 1 badsum=1; <-; alive\n"
	"state ESTABLISHED; > PA 1+10; recv 10; < A 1 ack=11\n"
	"> S 0 dport=5001 badsum=1; <-; > S 0 mss=1460 sport=7 badsum=1; <-; noaccept\n")

/* URG is only an attribute of the data here: nothing is lost and nothing hangs. */
WIRE(urgent_data_of_nobody_asked_for,
	"passive; > PAU 1+10 urg=0; drain; > PA 11+10; drain; alive\n")

WIRE(reserved_bits_are_ignored,
	"proves RFC9293-3.1-rsrvd\n"
	"passive; > PA7 1+10; recv 10; < A 1 ack=11; > PAEC 11+10; recv 10; < A 1 ack=21\n")

WIRE(every_second_segment_is_acked_at_once,
	"proves SHLD-19\n"
	"passive; > A 1+1460; drain; > A 1461+1460; <* A 1 ack=2921 t=0..100\n"
	"recv 2920\n")

/* Bytes both ways, more than one window's worth. */
TEST_F_TIMEOUT(wire, a_long_transfer_both_ways, WIRE_TIMEOUT)
{
	int mss = self->s->family == AF_INET ? 1460 : 1440;
	int n = 100;

	PLAY("passive");
	for (int i = 0; i < n; i++)
		PLAY("> PA %d+1000; recv 1000; send %d; <* PA %d+%d; > A %d ack=%d",
		     i * 1000 + 1, mss, i * mss + 1, mss, i * 1000 + 1001,
		     (i + 1) * mss + 1);
	PLAY("shut wr; <* FA %d; > FA %d; < A %d; eof", n * mss + 1, n * 1000 + 1,
	     n * mss + 2);
}

/* A socket lets KEEP octets of each segment pass from here on, header included. */
static int filter(int fd, unsigned int keep)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, keep);
	struct sock_fprog prog = { .len = 1, .filter = &code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
}

/* What a filter drops was never there; of what it cuts the rest was, but for the header. */
TEST_F_TIMEOUT(wire, filtered, WIRE_TIMEOUT)
{
	int none = 0;

	PLAY("xtcp: stat DropFilter=0; sysctl syncookies 1; listen");
	ASSERT_EQ(0, filter(self->s->lfd, 0));
	PLAY("> S 0 mss=1460; <-; xtcp: stat DropFilter=1");
	ASSERT_EQ(0, setsockopt(self->s->lfd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)));
	PLAY("> S 0 mss=1460; < SA 0; > A 1; accept");
	ASSERT_EQ(0, filter(self->s->f->fd, 24));
	PLAY("> PA 1+10; < A 1 ack=5; recv 4; noread; > PA 5+3; < A 1 ack=8; recv 3");
	ASSERT_EQ(0, filter(self->s->f->fd, 1));
	PLAY("> PA 8+10; <-; noread");
	ASSERT_EQ(0, filter(self->s->f->fd, 0));
	PLAY("> PA 8+10; <-; noread; xtcp: stat DropFilter=2");
	ASSERT_EQ(0, setsockopt(self->s->f->fd, SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof(none)));
	PLAY("> PA 8+10; < A 1 ack=18; recv 10");
}

WIRE_MAIN
