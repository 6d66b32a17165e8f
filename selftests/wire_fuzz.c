// SPDX-License-Identifier: GPL-2.0
/*
 * Malformed segments and ICMP errors, from a generator with a seed, into sockets in
 * every state, with time passing in between. After each round a fresh connection must
 * still carry data; what an application read must be the stream's bytes at their
 * positions (all that is sent has the byte that belongs to its sequence number); and
 * what nobody can have taken must have been counted as dropped.
 *
 *   FUZZ_SEGMENTS  how many for each family     FUZZ_SEED  the first round's seed
 */
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/socket.h>

#include "lib/script_fixture.h"
#include "lib/wire_packet.h"

WIRE_FIXTURES_OWN;

#define FW1	"passive; shut wr; < FA 1\n"
#define FW2	FW1 "> A 1 ack=2\n"
#define CW	"passive; > FA 1; < A 1 ack=2\n"

static const struct target {
	const char *name, *play;
	bool all_dropped;	/* nothing that comes can be of use */
	const char *drops;	/* then these say so */
} targets[] = {
	{ "ESTABLISHED", "passive" },
	{ "ESTABLISHED, sending", "passive; send 5000" },
	{ "SYN-SENT", "connect; < S 0; opt oobinline 1" },
	{ "SYN-RECEIVED", "> S 0 mss=1460; < SA 0 ack=1" },
	{ "FIN-WAIT-1", FW1 },
	{ "FIN-WAIT-2", FW2 },
	{ "CLOSING", FW1 "> FA 1 ack=1; < A 2" },
	{ "CLOSE-WAIT", CW },
	{ "LAST-ACK", CW "shut wr; < FA 1" },
	{ "LISTEN", "" },
	{ "TIME-WAIT", FW2 "> FA 1 ack=2; < A 2; lclose", true, "DropTimeWait" },
	{ "CLOSED", "lclose", true, "DropNoPort" },
};

#define TARGETS ARRAY_SIZE(targets)
#define EACH 40			/* segments to a target in a round */
#define OTHERS_PORT 5999
#define PAYLOAD_MAX 2000

struct fuzz {
	struct script *s;
	uint64_t rng, seed;
	long sent;
};

static uint32_t rnd(struct fuzz *z, uint32_t below)
{
	z->rng ^= z->rng << 13;
	z->rng ^= z->rng >> 7;
	z->rng ^= z->rng << 17;
	return (uint32_t)(z->rng >> 32) % below;
}

static uint32_t rnd32(struct fuzz *z)
{
	return rnd(z, 65536) << 16 | rnd(z, 65536);
}

static void put(uint8_t *p, uint32_t v, int bytes)
{
	while (bytes--) {
		p[bytes] = v;
		v >>= 8;
	}
}

static uint32_t get(const uint8_t *p, int bytes)
{
	uint32_t v = 0;

	while (bytes--)
		v = v << 8 | *p++;
	return v;
}

static uint32_t near(struct fuzz *z, uint32_t n)
{
	static const uint32_t off[] = {
		0, 0, 0, 0, 0, 1, 2, 100, 1460, 65535, 65536, 0x7fffffff, 0x80000000,
		-1, -2, -100, -65535, -65536,
	};

	if (!rnd(z, 12))
		return rnd32(z);
	return n + (rnd(z, 2) ? off[rnd(z, ARRAY_SIZE(off))] : rnd(z, 6000) - 2000);
}

/* Options with any kind and any length. Returns their own, a multiple of four. */
static int options(struct fuzz *z, uint8_t *p)
{
	static const uint8_t kinds[] = { 0, 1, 2, 2, 3, 3, 4, 5, 8, 14, 19, 28, 30, 34, 254 };
	static const uint8_t lens[] = { 0, 1, 2, 3, 4, 10, 18, 34, 40, 41, 255 };
	int n = 0, stop = rnd(z, 2) ? 0 : rnd(z, 41), len;

	while (n < stop) {
		p[n] = kinds[rnd(z, sizeof(kinds))];
		if (p[n++] < 2 || n == stop)
			continue;
		len = lens[rnd(z, sizeof(lens))];
		p[n++] = len;
		for (len -= 2; len > 0 && n < stop; len--)
			p[n++] = rnd(z, 256);
	}
	while (n & 3)
		p[n++] = 1;
	return n;
}

static int flags(struct fuzz *z)
{
	static const uint8_t usual[] = {
		WIRE_ACK, WIRE_ACK, WIRE_ACK | WIRE_PSH, WIRE_ACK | WIRE_FIN, WIRE_SYN,
		WIRE_SYN | WIRE_ACK, 0, WIRE_ACK | WIRE_URG, WIRE_RST, WIRE_RST | WIRE_ACK,
	};

	/* a reset that fits ends it: not too often */
	return rnd(z, 6) ? usual[rnd(z, sizeof(usual) - (rnd(z, 8) ? 2 : 0))] :
	       rnd(z, 256);
}

/* What the header, as it is now, makes payload becomes what belongs to its numbers. */
static void fill(const struct flow *f, uint8_t *t, int n)
{
	int hdr = (t[12] >> 4) * 4, i;
	int32_t at = get(t + 4, 4) - f->iss - 1 + !!(t[13] & WIRE_SYN);

	for (i = hdr < 20 ? 20 : hdr; i < n; i++)
		t[i] = script_pattern(false, at + i - hdr);
}

/* A segment, most of it possible. Returns its length. */
static int segment(struct fuzz *z, const struct flow *f, uint8_t *t)
{
	static const uint16_t wins[] = { 0, 0, 1, 2, 100, 1460, 32768, 65535 };
	static const uint16_t lens[] = { 0, 0, 0, 1, 2, 10, 100, 536, 1400, PAYLOAD_MAX };
	int hdr, n, i;

	put(t, f->pport, 2);
	put(t + 2, f->hport, 2);
	put(t + 4, near(z, f->iss + (rnd(z, 4) ? 1 + f->read : 0)), 4);
	put(t + 8, near(z, f->irs + (rnd(z, 2) ? f->rcvd : 1)), 4);
	hdr = 20 + options(z, t + 20);
	t[12] = (rnd(z, 20) ? hdr / 4 : rnd(z, 16)) << 4 | (rnd(z, 4) ? 0 : rnd(z, 16));
	t[13] = flags(z);
	put(t + 14, rnd(z, 2) ? wins[rnd(z, ARRAY_SIZE(wins))] : rnd(z, 65536), 2);
	put(t + 18, rnd(z, 4) ? 0 : rnd(z, 65536), 2);
	n = hdr + lens[rnd(z, ARRAY_SIZE(lens))];
	if (!rnd(z, 40))
		n = rnd(z, hdr + 1);
	if (!rnd(z, 10))
		for (i = rnd(z, 4); i >= 0; i--)
			t[4 + rnd(z, 16)] = rnd(z, 256);
	fill(f, t, n);
	return n;
}

/* In the IP header nothing is sacred, but most of it is left alone. Returns the length. */
static int spoil_ip(struct fuzz *z, uint8_t *pkt, int n, int ipn)
{
	bool is4 = z->s->family == AF_INET;

	switch (rnd(z, 60)) {
	case 0:			/* more or less than is there */
		put(pkt + (is4 ? 2 : 4), rnd(z, 2) ? rnd(z, n + 1) : rnd(z, 65536), 2);
		break;
	case 1:
		pkt[rnd(z, is4 ? 12 : 8)] = rnd(z, 256);
		break;
	case 2:			/* a fragment of something */
		if (is4) {
			put(pkt + 6, rnd(z, 2) ? 0x2000 | rnd(z, 4) : rnd(z, 65536), 2);
			break;
		}
		memmove(pkt + ipn + 8, pkt + ipn, n - ipn);
		pkt[ipn] = pkt[6];
		pkt[ipn + 1] = rnd(z, 256);
		put(pkt + ipn + 2, rnd(z, 2) ? rnd(z, 65536) : 0, 2);
		put(pkt + ipn + 4, rnd(z, 4), 4);
		pkt[6] = 44;
		n += 8;
		put(pkt + 4, n - ipn, 2);
		break;
	case 3:			/* cut off */
		n = ipn + rnd(z, n - ipn + 1);
		break;
	case 4:			/* from or to somebody else */
		pkt[(is4 ? 12 : 8) + rnd(z, is4 ? 8 : 32)] ^= 1 << rnd(z, 8);
		break;
	default:
		break;
	}
	if (rnd(z, 50))
		wire_packet_sum_ip(pkt, z->s->family);
	return n;
}

static int send_segment(struct fuzz *z, const struct flow *f, bool pure)
{
	uint8_t pkt[PAYLOAD_MAX + 256] = {};
	struct wire *w = &z->s->w;
	int n, ipn = w->family == AF_INET ? 20 : 40;

	n = segment(z, f, pkt + ipn);
	wire_packet_ip(pkt, w->family, w->proto, &w->peer, &w->host, n);
	if (rnd(z, 20))
		wire_packet_sum(w->family, w->proto, pkt, pkt + ipn, n, 16);
	n += ipn;
	if (!pure)
		n = spoil_ip(z, pkt, n, ipn);
	return wire_packet_send(w, pkt, n);
}

/* An error, or anything else, about a segment that the host has sent or might have. */
static int send_icmp(struct fuzz *z, const struct flow *f)
{
	static const uint8_t types4[] = { 3, 3, 3, 4, 5, 11, 12 };
	static const uint8_t types6[] = { 1, 1, 2, 2, 3, 4, 4 };
	struct wire *w = &z->s->w;
	bool is4 = w->family == AF_INET;
	int proto = is4 ? IPPROTO_ICMP : IPPROTO_ICMPV6, ipn = is4 ? 20 : 40, n, i;
	uint8_t pkt[256] = {}, *icmp = pkt + ipn, *quote = icmp + 8, *t = quote + ipn;

	icmp[0] = rnd(z, 10) ? (is4 ? types4 : types6)[rnd(z, 7)] : rnd(z, 256);
	icmp[1] = rnd(z, 10) ? rnd(z, is4 ? 17 : 8) : rnd(z, 256);
	put(icmp + 4, rnd(z, 2) ? rnd(z, 2000) : rnd32(z), 4);
	wire_packet_ip(quote, w->family, w->proto, &w->host, &w->peer, 20);
	put(t, f->hport, 2);
	put(t + 2, f->pport, 2);
	put(t + 4, near(z, f->irs + (rnd(z, 2) ? f->rcvd : 1)), 4);
	n = 8 + ipn + (rnd(z, 10) ? 8 + rnd(z, 21) : rnd(z, 8));
	if (!rnd(z, 20))
		n = rnd(z, n);
	if (!rnd(z, 10))
		for (i = rnd(z, 4); i >= 0; i--)
			quote[rnd(z, ipn)] = rnd(z, 256);
	wire_packet_ip(pkt, w->family, proto, &w->peer, &w->host, n);
	wire_packet_sum(w->family, proto, pkt, icmp, n, 2);
	return wire_packet_send(w, pkt, ipn + n);
}

static int complain(struct fuzz *z, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "# FUZZ_SEED=%llu: ", (unsigned long long)z->seed);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	return -1;
}

/* What the host has said: its numbers are of use for the next, the rest is forgotten. */
static void listen_to(struct fuzz *z)
{
	struct wire_seg *g;

	while (wire_recv(&z->s->w, 0, 0, &g))
		free(g);
}

/* The application takes what there is. */
static int read_all(struct fuzz *z, struct flow *f)
{
	uint8_t buf[4096];
	ssize_t n, i;

	while (f->fd >= 0 && (n = recv(f->fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		for (i = 0; i < n; i++)
			if (buf[i] != script_pattern(false, f->read + i))
				return complain(z, "byte %llu of the stream is wrong",
						(unsigned long long)f->read + i);
		f->read += n;
	}
	return 0;
}

/* Timers run out between segments, too: those of ACKs, retransmissions, probes, states. */
static void let_time_pass(struct fuzz *z)
{
	static const int ms[] = { 1, 10, 40, 200, 250, 1000, 3000, 20000 };

	poll(NULL, 0, ms[rnd(z, ARRAY_SIZE(ms))]);
}

/* A line of the counters; -1 if it is not there. */
static long counter(const char *name)
{
	FILE *f = fopen("/proc/net/xtcp_stat", "r");
	char line[128], key[64];
	long value, found = -1;

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%63s %ld", key, &value) == 2 && !strcmp(key, name))
			found = value;
	if (f)
		fclose(f);
	return found;
}

static long came_in(void)
{
	return counter("InSegs") - counter("InHdrOffset");
}

static int shoot(struct fuzz *z, const struct target *to)
{
	struct flow *f = z->s->f;
	long in = 0, drops = 0;
	int i;

	if (to->all_dropped) {
		in = came_in();
		drops = counter(to->drops);
	}
	for (i = 0; i < EACH; i++, z->sent++) {
		if (!to->all_dropped && !rnd(z, 8) ? send_icmp(z, f) :
		    send_segment(z, f, to->all_dropped)) {
			/* a TUN device refuses what has no IP version */
			if (errno != EINVAL)
				return complain(z, "%s: %s", to->name, strerror(errno));
		}
		/* where all is counted as one kind of drop, the state has to last */
		if (!to->all_dropped && !rnd(z, 20))
			let_time_pass(z);
		if (i % 10 == 9) {
			listen_to(z);
			/* in SYN-SENT it is the other side that says where it begins */
			if (strcmp(to->name, "SYN-SENT") && read_all(z, f))
				return -1;
		}
	}
	if (wire_settle(&z->s->w))
		return complain(z, "%s: the host is silent", to->name);
	listen_to(z);
	if (!to->all_dropped)
		return 0;
	in = came_in() - in;
	drops = counter(to->drops) - drops;
	if (in < EACH / 2 || in != drops)
		return complain(z, "%s: %ld segments came in, %s says %ld", to->name, in,
				to->drops, drops);
	return 0;
}

/* A namespace's connections, its listeners apart, after which only the heading is left. */
static int connections(void)
{
	FILE *f = fopen("/proc/net/xtcp", "r");
	char line[512];
	int n = -1;

	while (f && fgets(line, sizeof(line), f))
		n++;
	if (f)
		fclose(f);
	return n;
}

static int round_of(struct fuzz *z, int family, int proto)
{
	struct script *s = z->s;
	size_t i;
	int rc;

	z->rng = (z->seed + 1) * 0x9e3779b97f4a7c15ULL;
	if (script_open(s, family, proto, rnd(z, 2) ? ISN_WRAP : rnd32(z), false))
		return -1;
	/* inline, or what is urgent would be missing from the stream that is compared */
	rc = script_play(s, "listen; lopt oobinline 1");
	for (i = 0; i < TARGETS && !rc; i++) {
		rc = script_play(s, "# %s, FUZZ_SEED=%llu\nflow %zd\n%s", targets[i].name,
				 (unsigned long long)z->seed, i, targets[i].play);
		if (!rc)
			rc = shoot(z, &targets[i]);
		/* the listener's queues hold what was let in */
		if (!rc && s->lfd >= 0)
			rc = script_play(s, "lclose");
		if (!rc && i + 1 < TARGETS)
			rc = script_play(s, "listen; lopt oobinline 1");
	}
	if (!rc)
		rc = script_play(s, "# life goes on, FUZZ_SEED=%llu\nflow 15; listen; passive\n"
				 "> PA 1+1000; recv 1000; drain; send 400; < PA 1+400\n"
				 "> A 1001 ack=401; sent 0; shut wr; < FA 401\n"
				 "> FA 1001 ack=402; < A 402 ack=1002; eof",
				 (unsigned long long)z->seed);
	script_close(s);
	return rc;
}

static long setting(const char *name, long otherwise)
{
	const char *v = getenv(name);

	return v ? atol(v) : otherwise;
}

/* virtual seconds: each pause is some seconds at the most, a round has some twenty */
TEST_F_TIMEOUT(own, any_segment_in_any_state, 10 * 3600)
{
	long want = setting("FUZZ_SEGMENTS", 10000);
	struct fuzz z = { .s = self->s, .seed = setting("FUZZ_SEED", 1) };
	int left = 20, failed;

	TH_LOG("from FUZZ_SEED=%llu, %ld segments", (unsigned long long)z.seed, want);
	for (; z.sent < want; z.seed++) {
		failed = round_of(&z, variant->family, variant->proto);
		ASSERT_EQ(0, failed);
	}
	/* what is left ends by itself, at the latest after 15 retransmissions */
	while (connections() > 0 && left--)
		poll(NULL, 0, 120000);
	ASSERT_EQ(0, connections());
}

WIRE_MAIN
