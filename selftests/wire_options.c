// SPDX-License-Identifier: GPL-2.0
/*
 * Options on the SYN, well formed and not: every kind and length must leave the host
 * with the connection that the sound options before the bad one ask for.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* What the host takes the peer's MSS to be, seen in the first segment that it sends. */
struct option_case {
	const char *opt;	/* hexadecimal */
	int mss;		/* 0: none given */
	bool ws;		/* the host answers with window scale */
};

static const struct option_case cases[] = {
	{ "", 0 },
	{ "02040218", 536 },
	{ "020403e8", 1000 },
	{ "00", 0 },
	{ "0000000002040218", 0 },	/* nothing counts after the end */
	{ "0101010102040218", 536 },
	{ "01020402180100", 536 },
	{ "0204021800", 536 },
	/* MSS of a wrong length is no MSS. */
	{ "0203020101", 0 },
	{ "02050218aa", 0 },
	{ "0202", 0 },
	{ "02060218aaaa", 0 },
	/* Lengths that cannot be: nothing counts from there on. */
	{ "0200021802040218", 0 },
	{ "0201021802040218", 0 },
	{ "02040218fe00", 536 },
	{ "02040218fe01", 536 },
	{ "fe0002040218", 0 },
	{ "fe0102040218", 0 },
	{ "02040218fe28", 536 },	/* beyond the header */
	{ "fe2802040218", 0 },
	{ "02ff0218", 0 },
	{ "0101fe06aaaaaaaa02040218", 536 },	/* unknown: skipped */
	{ "fe0202040218", 536 },
	{ "fd04aaaa02040218", 536 },
	/* A kind in the last byte, without its length. */
	{ "020402180101fe", 536 },
	{ "0101010101010102", 0 },
	{ "01010103", 0 },
	/* Window scale, right and wrong. */
	{ "0204021801030300", 536, true },
	{ "020402180103030e", 536, true },
	{ "020402180103030f", 536, true },	/* above 14: 14 */
	{ "02040218010303ff", 536, true },
	{ "02040218030200", 536, false },
	{ "0204021803040707", 536, false },
	{ "030002040218", 0, false },
	{ "0303070102040218", 536, true },
	/* SACK-permitted, timestamps and SACK of wrong lengths are passed over. */
	{ "0403aa0102040218", 536 },
	{ "080901020304050607010204021800", 536 },
	{ "080b0102030405060708090204021800", 536 },
	{ "0502010102040218", 536 },
	{ "050a0102030405060708010102040218", 536 },
	/* The whole header is options. */
	{ "0101010101010101010101010101010101010101010101010101010101010101"
	  "0101010102040218", 536 },
	{ "fe2401010101010101010101010101010101010101010101010101010101010101"
	  "01010102040218", 536 },
	{ "fe28010101010101010101010101010101010101010101010101010101010101"
	  "0101010101010101", 0 },
	{ "0303030303030303030303030303030303030303030303030303030303030303"
	  "0303030303030303", 0, true },
	/* Given twice: the last one holds. */
	{ "020403e802040218", 536 },
};

static void play_passive(struct __test_metadata *_metadata, struct script *s,
			 const struct option_case *c, int i)
{
	int none = s->family == AF_INET ? 536 : 1220;
	int failed;

	failed = script_play(s, "flow %d; > S 0 opt=%s; < SA 0 ack=1 %s\n"
			     "> A 1 ack=1 win=60000; accept; send 3000\n"
			     "< A 1+%d; abort; drain\n",
			     i % SCRIPT_FLOWS, c->opt, c->ws ? "ws>-1" : "ws=-",
			     c->mss ?: none);
	if (failed)
		TH_LOG("the options were %s", c->opt);
	ASSERT_EQ(0, failed);
	/* The next case has this flow's ports again. */
	ASSERT_EQ(0, script_play(s, "new 100000000"));
}

TEST_F_TIMEOUT(wire, on_the_syn, WIRE_TIMEOUT)
{
	PLAY("proves MUST-4 MUST-6 MUST-15 MUST-64\n"
	     "listen");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		play_passive(_metadata, self->s, &cases[i], i);
}

TEST_F_TIMEOUT(wire, on_the_syn_ack, WIRE_TIMEOUT)
{
	int none = self->s->family == AF_INET ? 536 : 1220;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		PLAY("proves MUST-14 MUST-15\n"
		     "flow %zd; connect; < S 0; > SA 0 ack=1 win=60000 opt=%s; < A 1\n"
		     "connected; send 3000; < A 1+%d; abort; drain; new",
		     i % SCRIPT_FLOWS, cases[i].opt, cases[i].mss ?: none);
	}
}

/* An option area of each length, filled with each kind that means something. */
TEST_F_TIMEOUT(wire, every_length_of_every_kind, WIRE_TIMEOUT)
{
	static const int kinds[] = { 2, 3, 4, 5, 8, 28, 29, 30, 34, 69, 253, 254 };

	PLAY("proves MUST-7 RFC5482-3-ignore\n"
	     "listen");
	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++)
		for (int len = 0; len <= 41; len++)
			PLAY("flow %d; > S 0 opt=01%02x%02xffffffff0000ffff\n"
			     "< SA 0 ack=1; > R 1; new 100000000",
			     len % SCRIPT_FLOWS, kinds[k], len == 41 ? 255 : len);
	PLAY("flow 0; passive; <-");
}

/* The same later on, where no option may do more than be passed over. */
TEST_F_TIMEOUT(wire, on_data, WIRE_TIMEOUT)
{
	int at = 1;

	PLAY("proves MUST-5 RFC7323-2.2-syn\n"
	     "passive");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++, at += 10) {
		PLAY("> PA %d+10 opt=%s; recv 10; < A 1 ack=%d", at, cases[i].opt,
		     at + 10);
	}
	at = self->s->family == AF_INET ? 1460 : 1440;
	PLAY("send 2000; < A 1+%d; < PA %d+%d", at, at + 1, 2000 - at);
}

/* The data offset says where the header ends: below 5 or past the end is no segment. */
TEST_F_TIMEOUT(wire, data_offset, WIRE_TIMEOUT)
{
	PLAY("proves RFC9293-3.1-doff\n"
	     "passive");
	for (int doff = 0; doff < 5; doff++)
		PLAY("> PA 1+20 doff=%d; <-; noread; > S 0 doff=%d dport=5001; <-", doff,
		     doff);
	for (int doff = 6; doff < 16; doff++)
		PLAY("> PA 1+%d doff=%d; <-; noread", doff * 4 - 21, doff);
	PLAY("> PA 1+20; recv 20; < A 1 ack=21; <-");
}

TEST_F_TIMEOUT(wire, truncated_header, WIRE_TIMEOUT)
{
	PLAY("passive");
	for (int cut = 0; cut < 20; cut++)
		PLAY("> PA 1+20 cut=%d; <-; noread; > S 0 cut=%d dport=5001; <-", cut,
		     cut);
	for (int cut = 20; cut < 28; cut++)
		PLAY("> S 0 mss=1460 ws=7 cut=%d dport=5001; <-", cut);
	PLAY("> PA 1+20; recv 20; < A 1 ack=21; <-");
}

/* The user timeout option (RFC 5482), which is not taken part in. */
WIRE(user_timeout_is_ignored,
	"proves RFC5482-3-ignore\n"
	"listen; > S 0 mss=1000 opt=1c048005; < SA 0 ack=1 kinds=2; > A 1 ack=1 opt=1c040001\n"
	"accept; > PA 1+10 opt=1c04ffff; recv 10; < A 1 ack=11 optlen=0; send 1000\n"
	"< PA 1+1000 optlen=0\n")

/* What follows the IP packet's own length is not the segment's. */
WIRE(padding_behind_the_packet,
	"passive; > PA 1+20 pad=13; recv 20; noread; < A 1 ack=21\n"
	"> A 21 pad=6; <-; noread\n")

/* A peer without MSS option, or with a mad one. */
WIRE(tiny_mss_is_held_at_a_minimum,
	"listen; > S 0 mss=1; < SA 0 ack=1; > A 1 ack=1; accept; send 100\n"
	"< A *+48\n")

WIRE(mss_above_the_link_is_cut_to_it,
	"proves MUST-16\n"
	"listen; > S 0 mss=65535; < SA 0 ack=1; > A 1 ack=1; accept; send 3000\n"
	"4: < A 1+1460\n"
	"6: < A 1+1440\n")

WIRE_MAIN
