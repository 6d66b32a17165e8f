// SPDX-License-Identifier: GPL-2.0
/*
 * When ACKs wait and when not: the quick phases at a stream's beginning and after a
 * pause, interactive connections, and TCP_QUICKACK.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;

#define AT_ONCE "t=0..10"
#define LATER "t=15..150"

/* Small segments from @at on are acknowledged at once, one by one. */
static int quick(struct script *s, int at, int n)
{
	int end = at + 10 * n;

	for (; at < end; at += 10)
		if (script_play(s, "> PA %d+10; < A 1 ack=%d " AT_ONCE, at, at + 10))
			return -1;
	return 0;
}

TEST_F_TIMEOUT(wire, begins_with_16_acks, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, quick(self->s, 1, 16));
	PLAY("> PA 161+10; < A 1 ack=171 " LATER);
	PLAY("> PA 171+10; < A 1 ack=181 " LATER);
}

TEST_F_TIMEOUT(wire, begins_anew_after_a_pause, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, quick(self->s, 1, 16));
	PLAY("> PA 161+10; < A 1 ack=171 " LATER "; quiet 500");
	ASSERT_EQ(0, quick(self->s, 171, 16));
	PLAY("> PA 331+10; < A 1 ack=341 " LATER);
}

/* A full segment waits for a second, unless it ends what was written. */
TEST_F_TIMEOUT(wire, end_of_a_write, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, quick(self->s, 1, 16));
	PLAY("> A 161+1000; < A 1 ack=1161; recv 1160");
	PLAY("> A 1161+1000; recv 1000; < A 1 ack=2161 " LATER);
	PLAY("> PA 2161+1000; recv 1000; < A 1 ack=3161 " AT_ONCE);
}

/* Who answers acknowledges by it. */
WIRE(not_while_interactive,
	"passive; > PA 1+10; < A 1 ack=11 " AT_ONCE "; send 10; < PA 1+10 ack=11\n"
	"> PA 11+10 ack=11; <-; send 10; < PA 11+10 ack=21; > PA 21+10 ack=21\n"
	"< A 21 ack=31 " LATER "; > PA 31+10 ack=21; < A 21 ack=41 " AT_ONCE "\n")

WIRE(switched_off,
	"passive; opt quickack 0; > PA 1+10; < A 1 ack=11 " LATER "\n"
	"> PA 11+10; < A 1 ack=21 " AT_ONCE "; opt quickack 0; > PA 21+10; <-; recv 30; <-\n"
	"opt quickack 1; < A 1 ack=31 " AT_ONCE "; > PA 31+10; < A 1 ack=41 " AT_ONCE "\n")

/* As long as there is something to read, there may be an answer. */
WIRE(switched_on_with_data_unread,
	"passive; opt quickack 0; > PA 1+10; <-; opt quickack 1; < A 1 ack=11 " LATER "\n"
	"> PA 11+10; < A 1 ack=21 " AT_ONCE "\n")

WIRE(switched_on_for_once,
	"passive; opt quickack 0; > PA 1+10; recv 10; <-; opt quickack 2; < A 1 ack=11 " AT_ONCE "\n"
	"> PA 11+10; < A 1 ack=21 " LATER "; > PA 21+10; < A 1 ack=31 " AT_ONCE "\n"
	"opt quickack 0; opt quickack 2; > PA 31+10; < A 1 ack=41 " AT_ONCE "\n")

/* Who sends again has had no ACK. */
WIRE(begins_anew_when_data_comes_again,
	"passive; opt quickack 0; > PA 1+10; < A 1 ack=11 " LATER "; opt quickack 0\n"
	"> PA 1+10; < A 1 ack=11 " AT_ONCE "; > PA 11+10; < A 1 ack=21 " AT_ONCE "\n")

WIRE_MAIN
