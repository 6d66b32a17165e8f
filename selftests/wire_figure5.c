// SPDX-License-Identifier: GPL-2.0
/*
 * Each transition of figure 5 of RFC 9293, driven from the wire and from the socket,
 * as the module's own tracepoint tells it; and none that the figure does not have. How
 * TIME-WAIT ends is in wire_timer.c: a record, not a socket, is in that state.
 */
#include <arpa/inet.h>
#include <fcntl.h>

#include "lib/script_fixture.h"

WIRE_FIXTURES_OWN;

#define TRACING "/sys/kernel/tracing/"

#define EST	"passive\n"
#define FW1	EST "shut wr; < FA 1\n"
#define FW2	FW1 "> A 1 ack=2\n"
#define CW	EST "> FA 1; < A 1 ack=2\n"
#define HALF	"connect; < S 0; > S 0 mss=1460; < SA 0 ack=1\n"

static const struct {
	const char *path;	/* the states in order */
	const char *play;
} paths[] = {
	{ "CLOSED LISTEN CLOSED", "listen; lclose" },
	{ "CLOSED SYN-SENT CLOSED", "connect; < S 0; close" },
	{ "CLOSED SYN-SENT CLOSED", "connect; < S 0; > RA 0 ack=1; error ECONNREFUSED" },
	{ "CLOSED SYN-SENT ESTABLISHED", "active" },
	{ "CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED", HALF "> A 1 ack=1; connected" },
	{ "CLOSED SYN-SENT SYN-RECEIVED CLOSED", HALF "> R 1; error ECONNRESET" },
	{ "CLOSED SYN-SENT SYN-RECEIVED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT",
	  HALF "close; drain; > A 1 ack=1; drain; > A 1 ack=2; <-; > FA 1 ack=2; < A 2" },
	{ "CLOSED SYN-RECEIVED ESTABLISHED", EST },
	{ "ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT", FW2 "> FA 1 ack=2; < A 2" },
	/* Two steps for one segment: the ACK counts before the FIN. */
	{ "ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT", FW1 "> FA 1 ack=2; < A 2" },
	{ "ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT",
	  FW1 "> FA 1 ack=1; < A 2; > A 2 ack=2; <-" },
	{ "ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED",
	  CW "shut wr; < FA 1 ack=2; > A 2 ack=2; <-" },
	{ "ESTABLISHED CLOSED", EST "> R 1; error ECONNRESET" },
	{ "ESTABLISHED CLOSED", EST "abort; < RA 1" },
	{ "FIN-WAIT-1 CLOSED", FW1 "> R 1; error ECONNRESET" },
	{ "FIN-WAIT-2 CLOSED", FW2 "> R 1; error ECONNRESET" },
	{ "CLOSE-WAIT CLOSED", CW "> R 2; error EPIPE" },
	{ "CLOSING CLOSED", FW1 "> FA 1 ack=1; < A 2; > R 2; error ECONNRESET" },
	{ "LAST-ACK CLOSED", CW "shut wr; < FA 1; > R 2; error ECONNRESET" },
};

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_TRUNC), rc;

	if (fd < 0)
		return -1;
	rc = write(fd, text, strlen(text)) < 0 ? -1 : 0;
	close(fd);
	return rc;
}

/*
 * The transitions on the trace, as " OLD>NEW OLD>NEW", in @out: those of listeners, and
 * of connections with this case's peer, or with any.
 */
static int read_trace(char *out, size_t size, const struct wire *w)
{
	char line[512], from[32], to[32], peer[INET6_ADDRSTRLEN], who[64] = "";
	FILE *f = fopen(TRACING "trace", "r");
	size_t n = 0;
	char *p;

	if (!f)
		return -1;
	if (w && w->family == AF_INET) {
		inet_ntop(AF_INET, &w->peer.v4, peer, sizeof(peer));
		snprintf(who, sizeof(who), "daddr=::ffff:%s ", peer);
	} else if (w) {
		inet_ntop(AF_INET6, &w->peer.v6, peer, sizeof(peer));
		snprintf(who, sizeof(who), "daddr=%s ", peer);
	}
	out[0] = 0;
	while (fgets(line, sizeof(line), f)) {
		p = strstr(line, "oldstate=");
		if (line[0] == '#' || !p ||
		    sscanf(p, "oldstate=%31s newstate=%31s", from, to) != 2)
			continue;
		if (!strstr(line, who) && !strstr(line, "dport=0 "))
			continue;
		n += snprintf(out + n, size - n, " %s>%s", from, to);
		if (n >= size)
			break;
	}
	fclose(f);
	return n < size ? 0 : -1;
}

TEST_F_TIMEOUT(own, each_transition, WIRE_TIMEOUT)
{
	char seen[4096], path[256], edge[80], *state, *before, *save;

	ASSERT_EQ(0, put(TRACING "events/xtcp/xtcp_state/enable", "1"));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		if (i)
			script_close(self->s);
		ASSERT_EQ(0, put(TRACING "trace", ""));
		if (i)
			ASSERT_EQ(0, script_open(self->s, variant->family, variant->proto,
						 variant->isn, false));
		PLAY("proves RFC9293-3.10.7.4-fin\n"
		     "# %s\n%s", paths[i].path, paths[i].play);
		ASSERT_EQ(0, read_trace(seen, sizeof(seen), &self->s->w));
		snprintf(path, sizeof(path), "%s", paths[i].path);
		before = strtok_r(path, " ", &save);
		while ((state = strtok_r(NULL, " ", &save))) {
			snprintf(edge, sizeof(edge), " %s>%s", before, state);
			ASSERT_NE(NULL, strstr(seen, edge)) {
				TH_LOG("no%s among%s", edge, seen);
			}
			before = state;
		}
	}
	ASSERT_EQ(0, put(TRACING "events/xtcp/xtcp_state/enable", "0"));
}

/* Everything above once more in a row: no transition beside the figure's. */
TEST_F_TIMEOUT(own, no_other_transition, WIRE_TIMEOUT)
{
	static const char figure[] =
		" CLOSED>LISTEN LISTEN>CLOSED CLOSED>SYN-SENT CLOSED>SYN-RECEIVED"
		" SYN-SENT>ESTABLISHED SYN-SENT>SYN-RECEIVED SYN-SENT>CLOSED"
		" SYN-RECEIVED>ESTABLISHED SYN-RECEIVED>FIN-WAIT-1 SYN-RECEIVED>CLOSED"
		" ESTABLISHED>FIN-WAIT-1 ESTABLISHED>CLOSE-WAIT ESTABLISHED>CLOSED"
		" FIN-WAIT-1>FIN-WAIT-2 FIN-WAIT-1>CLOSING FIN-WAIT-1>TIME-WAIT"
		" FIN-WAIT-1>CLOSED FIN-WAIT-2>TIME-WAIT FIN-WAIT-2>CLOSED"
		" CLOSING>TIME-WAIT CLOSING>CLOSED CLOSE-WAIT>LAST-ACK CLOSE-WAIT>CLOSED"
		" LAST-ACK>CLOSED TIME-WAIT>CLOSED ";
	char seen[16384], edge[80], *one, *save;
	int n = 0;

	ASSERT_EQ(0, put(TRACING "trace", ""));
	ASSERT_EQ(0, put(TRACING "events/xtcp/xtcp_state/enable", "1"));
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		script_close(self->s);
		ASSERT_EQ(0, script_open(self->s, variant->family, variant->proto,
					 variant->isn, false));
		PLAY("# %s\n%s", paths[i].path, paths[i].play);
	}
	ASSERT_EQ(0, put(TRACING "events/xtcp/xtcp_state/enable", "0"));
	ASSERT_EQ(0, read_trace(seen, sizeof(seen), NULL));
	for (one = strtok_r(seen, " ", &save); one; one = strtok_r(NULL, " ", &save), n++) {
		snprintf(edge, sizeof(edge), " %s ", one);
		ASSERT_NE(NULL, strstr(figure, edge)) TH_LOG("%s", one);
	}
	ASSERT_LT(50, n);
}

WIRE_MAIN
