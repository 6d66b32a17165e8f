// SPDX-License-Identifier: GPL-2.0
/*
 * SYN cookies (RFC 4987 3.6): a SYN that the listener has no room for is answered and
 * forgotten; the ACK brings back what it offered, and nobody else's ACK does.
 */
#include "lib/script_fixture.h"

WIRE_FIXTURES;
WIRE_FIXTURES_OWN;

#define COOKIES	"sysctl syncookies 2; listen\n"
#define PLAIN	COOKIES "> S 0 mss=1460; < SA 0 ack=1 ts=0\n"

/* Without timestamps there is no room for the rest; the MSS is the next below that is kept. */
OWN(mss,
	"proves RFC4987-3.6\n"
	COOKIES "> S 0 mss=1000 sackok=1 ws=7; < SA 0 ack=1 ws=- sackok=0 ts=0; > A 1 ack=1\n"
	"accept; send 600; < A 1+536; < PA 537+64\n"
	"flow 1; > S 0; < SA 0 ack=1; > A 1 ack=1; accept; 4: send 600; 4: < A 1+536\n")

/* A window of 10 would not do for 600 octets: the shift of 7 is kept; so is SACK. */
WIRE(options,
	"proves RFC4987-3.6\n"
	COOKIES "> S 0 mss=1460 sackok=1 ts=1000 ws=7; < SA 0 ack=1 kinds=2.4.8.3 ecr=1000\n"
	"> A 1 ack=1 win=10 ts=1001; accept; send 600; < PA 1+600 ts=1 ecr=1001\n"
	"> A 1 ack=601 win=10 ts=1002; > PA 1001+10 ts=1003; < A 601 ack=1 sack=1001-1011\n"
	"> PA 1+1000 ts=1004; <* A 601 ack=1011; recv 1010\n")

WIRE(timestamps_alone,
	COOKIES "> S 0 mss=1460 ts=1000; < SA 0 ack=1 ws=- sackok=0 ecr=1000; > A 1 ack=1 ts=1001\n"
	"accept; send 100; < PA 1+100 ts=1 ecr=1001; > PA 11+10 ts=1002; < A 101 ack=1 sack=-\n")

WIRE(data_with_the_ack, PLAIN "> PA 1+10 ack=1; accept; recv 10; < A 1 ack=11\n")

WIRE(closes,
	PLAIN "> A 1 ack=1; accept; > FA 1; < A 1 ack=2; eof; close; < FA 1 ack=2; > A 2 ack=2\n")

/* Other bits of the number, another MSS, another number of the SYN's, another port. */
OWN(forged,
	PLAIN "> A 1 ack=9; < R 9; > A 1 ack=0x10001; < R 0x10001; > A 1 ack=2; < R 2\n"
	"> A 2 ack=1; < R 1; > A 0 ack=1; < R 1; noaccept\n"
	"stat CookiesRefused=5; > A 1 ack=1 sport=7; drain; stat CookiesRefused=6; noaccept\n"
	"> A 1 ack=1; accept\n")

WIRE_LONG(a_minute_old, PLAIN "quiet 59000; > A 1 ack=1; accept\n")
WIRE_LONG(three_minutes_old,
	"proves RFC4987-3.6\n" PLAIN "quiet 180000; > A 1 ack=1; < R 1; noaccept\n")

/* The segment with the data that comes before the ACK that is lost. */
WIRE(the_ack_is_lost, PLAIN "> PA 11+10 ack=1; < R 1; > PA 1+10 ack=1; accept; recv 10\n")

WIRE(syn_again,
	PLAIN "> S 0 mss=1460; < SA 0 ack=1; > A 1 ack=1; accept; > PA 1+5; recv 5; < A 1 ack=6\n")

/* The queue holds backlog + 1; then SYNs are answered all the same, but not kept. */
OWN(queue_is_full,
	"proves RFC4987-4-defence RFC4987-4-default\n"
	"listen 1; flow 1; > S 0 mss=1460; < SA 0; flow 2; > S 0 mss=1460; < SA 0\n"
	"stat CookiesSent=0; flow 3; > S 0 mss=1460; < SA 0 ack=1; stat CookiesSent=1\n"
	"flow 4; > S 0 mss=1460; < SA 0 ack=1; stat CookiesSent=2; > A 1 ack=1; accept\n"
	"stat CookiesTaken=1; flow 3; > A 1 ack=9; < R 9; stat CookiesRefused=1\n"
	"> A 1 ack=1; accept; stat CookiesTaken=2; flow 1; > A 1; accept; stat CookiesTaken=2\n")

/* When none were asked for, none are taken: no hash, and no guessing. */
OWN(none_was_sent,
	"proves RFC4987-4-default\n"
	"listen; > S 0 mss=1460; < SA 0; flow 1; > A 1 aack=5; drain; stat CookiesRefused=0\n")

OWN(switched_off,
	"proves RFC4987-3.5\n"
	"sysctl syncookies 0; listen 1; flow 1; > S 0 mss=1460; < SA 0; flow 2; > S 0 mss=1460\n"
	"< SA 0; flow 3; > S 0 mss=1460; <-; stat DropSynQueueFull=1; stat CookiesSent=0\n")

/* The ports of those in SYN-RECEIVED, as they follow each other in the table */
static int table_order(char *order, size_t size)
{
	FILE *f = fopen("/proc/self/net/xtcp", "re");
	char line[256], *port, *end;
	int n = 0;

	if (!f)
		return -1;
	*order = 0;
	while (fgets(line, sizeof(line), f)) {
		end = strstr(line, " SYN-RECEIVED");
		if (!end)
			continue;
		*end = 0;
		port = strrchr(line, ':');
		if (port && strlen(order) + strlen(port) < size) {
			strcat(order, port);
			n++;
		}
	}
	fclose(f);
	return n;
}

/* Who knows the hash and all addresses cannot fill one bucket: another namespace, another order. */
TEST_F_TIMEOUT(own, table_has_a_key_of_its_namespace, WIRE_TIMEOUT)
{
	char order[2][200];
	int i, j;

	for (i = 0; i < 2; i++) {
		if (i) {
			script_close(self->s);
			ASSERT_EQ(0, script_open(self->s, variant->family, variant->proto,
						 variant->isn, false));
		}
		PLAY("proves RFC4987-3.5\n sysctl syncookies 0; listen");
		for (j = 0; j < SCRIPT_FLOWS; j++)
			PLAY("flow %d; > S 0 mss=1460; < SA 0", j);
		ASSERT_EQ(SCRIPT_FLOWS, table_order(order[i], sizeof(order[i])));
	}
	ASSERT_STRNE(order[0], order[1]) {
		TH_LOG("RFC4987-3.5: ports %s twice", order[0]);
	}
}

/* A namespace's bound for each listener, whatever its backlog. */
OWN(bounded_by_the_namespace,
	"sysctl syncookies 0; sysctl max_syn_backlog 2; listen 100; flow 1; > S 0 mss=1460\n"
	"< SA 0; flow 2; > S 0 mss=1460; < SA 0; flow 3; > S 0 mss=1460; <-\n"
	"stat DropSynQueueFull=1; flow 1; > R 1; flow 3; > S 0 mss=1460; < SA 0\n")

/* Nobody would remember to wait for data. */
WIRE(deferred_accept,
	"sysctl syncookies 2; listen; lopt defer_accept 5; > S 0 mss=1460; < SA 0 ack=1\n"
	"> A 1 ack=1; accept\n")

/* What waits to be accepted is bounded as ever. */
OWN(accept_queue_is_full,
	"sysctl syncookies 2; listen 0; flow 1; > S 0 mss=1460; < SA 0; flow 2; > S 0 mss=1460\n"
	"< SA 0; flow 1; > A 1 ack=1; <-; flow 2; > A 1 ack=1; <-; stat DropAcceptQueueFull=1\n"
	"flow 1; accept; flow 2; > A 1 ack=1; accept\n")

TEST_HARNESS_MAIN
