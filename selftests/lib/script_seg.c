// SPDX-License-Identifier: GPL-2.0
/*
 * Script steps about segments: sending one, and comparing the host's next with what
 * the script says.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

static void log_seg(struct script *s, const char *dir, struct flow *f,
		    const struct wire_seg *g, bool ours)
{
	char more[64] = "";

	if (g->mss > 0)
		snprintf(more, sizeof(more), " mss=%d ws=%d%s%s", g->mss, g->ws,
			 g->sackok ? " sackok" : "", g->ts ? " ts" : "");
	wire_log(&s->w, "%s %s %d+%d ack=%d win=%u%s%s  [%u>%u %08x %08x]", dir,
		 wire_flags_name(g->flags),
		 (int)(g->seq - (ours ? f->iss : f->irs)), g->len,
		 (int)(g->ack - (ours ? f->irs : f->iss)), g->win, more,
		 g->badsum ? " BAD-CHECKSUM" : "", g->sport, g->dport, g->seq, g->ack);
}

static int parse_flags(const char *p, uint16_t *flags)
{
	static const char names[] = "FSRPAUEC";
	const char *at;

	*flags = 0;
	if (!strcmp(p, "."))
		return 0;
	for (; *p; p++) {
		if (*p >= '0' && *p <= '7') {	/* the reserved bits, as a number */
			*flags |= (*p - '0') << 9;
			continue;
		}
		at = strchr(names, *p);
		if (!at)
			return -1;
		*flags |= 1 << (at - names);
	}
	return 0;
}

static void add_opt(struct wire_seg *g, int n, ...)
{
	va_list ap;

	va_start(ap, n);
	while (n-- && g->optlen < WIRE_OPT_MAX)
		g->opt[g->optlen++] = va_arg(ap, int);
	va_end(ap);
}

static int add_hex(struct wire_seg *g, const char *p, bool ip)
{
	unsigned int byte;

	for (; p[0] && p[1]; p += 2) {
		if (sscanf(p, "%2x", &byte) != 1)
			return -1;
		if (!ip)
			add_opt(g, 1, byte);
		else if (g->ipoptlen < WIRE_OPT_MAX)
			g->ipopt[g->ipoptlen++] = byte;
	}
	return 0;
}

static int set_addr(struct script *s, struct wire_addr *a, const char *name)
{
	static const struct {
		const char *name, *v4, *v6;
	} known[] = {
		{ "bcast", "255.255.255.255", "ff02::1" },
		{ "subnet", "192.0.2.255", "ff02::1" },
		{ "mcast", "224.0.0.1", "ff02::1" },
		{ "other", "192.0.2.77", "2001:db8::77" },
		{ "host", "192.0.2.1", "2001:db8::1" },
		{ "lo", "127.0.0.1", "::1" },
		{ "any", "0.0.0.0", "::" },
	};
	size_t i;

	(void)s;
	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].name, name))
			continue;
		inet_pton(AF_INET, known[i].v4, &a->v4);
		inet_pton(AF_INET6, known[i].v6, &a->v6);
		return 0;
	}
	return -1;
}

static void add32(struct wire_seg *g, uint32_t v)
{
	add_opt(g, 4, v >> 24, v >> 16 & 255, v >> 8 & 255, v & 255);
}

static int add_ts(struct script *s, struct wire_seg *g, const char *v)
{
	char *p;
	uint32_t val = strtoul(v, &p, 0);

	add_opt(g, 4, 1, 1, 8, 10);
	add32(g, val);
	if (p[0] == '/' && p[1] == '-')
		add32(g, s->f->tsval + (uint32_t)strtol(p + 1, NULL, 0));
	else
		add32(g, *p == '/' ? strtoul(p + 1, NULL, 0) : g->flags & WIRE_ACK ? s->f->tsval : 0);
	return 0;
}

/* FROM-TO,FROM-TO: numbers of the host's stream */
static int add_sack(struct script *s, struct wire_seg *g, const char *v)
{
	uint32_t ends[8];
	char *p = (char *)v;
	int n = 0, i;

	for (; n < 8; n++) {
		ends[n] = s->f->irs + (uint32_t)strtol(p, &p, 0);
		if (!*p)
			break;
		p++;
	}
	if (n == 8 || !(n & 1))
		return -1;
	add_opt(g, 4, 1, 1, 5, 2 + 4 * (n + 1));
	for (i = 0; i <= n; i++)
		add32(g, ends[i]);
	return 0;
}

/* Padded, so that more options may follow */
static int add_fo(struct script *s, struct wire_seg *g, const char *v)
{
	bool got = !strcmp(v, "got"), ask = !strcmp(v, "?");
	int n = got ? s->folen : ask ? 0 : strlen(v) / 2, i, rc = 0;

	if (got && !n)
		return -1;
	add_opt(g, 2, 34, 2 + n);
	for (i = 0; got && i < n; i++)
		add_opt(g, 1, s->fo[i]);
	if (!got && !ask)
		rc = add_hex(g, v, false);
	while (g->optlen % 4)
		add_opt(g, 1, 1);
	return rc;
}

/* One key of a segment to send; -1 if it means nothing. */
static int set_key(struct script *s, struct wire_seg *g, const char *key, const char *v)
{
	uint32_t x = strtoul(v, NULL, 0);

	if (!strcmp(key, "ack"))
		g->ack = s->f->irs + (uint32_t)strtol(v, NULL, 0);
	else if (!strcmp(key, "aack"))
		g->ack = x;
	else if (!strcmp(key, "aseq"))
		g->seq = x;
	else if (!strcmp(key, "win"))
		g->win = x;
	else if (!strcmp(key, "urg"))
		g->urg = x;
	else if (!strcmp(key, "ecn"))
		g->ecn = x;
	else if (!strcmp(key, "mss"))
		add_opt(g, 4, 2, 4, x >> 8, x & 255);
	else if (!strcmp(key, "ws"))
		add_opt(g, 4, 1, 3, 3, x);
	else if (!strcmp(key, "sackok"))
		add_opt(g, 4, 1, 1, 4, 2);
	else if (!strcmp(key, "ts"))
		return add_ts(s, g, v);
	else if (!strcmp(key, "sack"))
		return add_sack(s, g, v);
	else if (!strcmp(key, "fo"))
		return add_fo(s, g, v);
	else if (!strcmp(key, "opt"))
		return add_hex(g, v, false);
	else if (!strcmp(key, "ipopt"))
		return add_hex(g, v, true);
	else if (!strcmp(key, "doff"))
		g->doff = x;
	else if (!strcmp(key, "cut"))
		g->cut = x;
	else if (!strcmp(key, "pad"))
		g->pad = x;
	else if (!strcmp(key, "badsum"))
		g->badsum = x;
	else if (!strcmp(key, "sport"))
		g->sport = x;
	else if (!strcmp(key, "dport"))
		g->dport = x;
	else if (!strcmp(key, "src"))
		return set_addr(s, &g->src, v);
	else if (!strcmp(key, "label"))
		g->label = x;
	else if (!strcmp(key, "dst"))
		return set_addr(s, &g->dst, v);
	else
		return -1;
	return 0;
}

int script_send_seg(struct script *s, char **arg, int n)
{
	struct flow *f = s->f;
	struct wire_seg *g;
	char *p, *v, *key;
	int i, rc = -1;
	long rel;

	g = malloc(sizeof(*g));
	if (!g || n < 2)
		return script_fail(s, "> FLAGS SEQ+LEN");
	wire_seg_init(&s->w, g);
	g->sport = f->pport;
	g->dport = f->hport;
	if (parse_flags(arg[0], &g->flags)) {
		script_fail(s, "flags?");
		goto out;
	}
	rel = strtol(arg[1], &p, 0);
	g->seq = f->iss + (uint32_t)rel;
	if (*p == '+')
		g->len = strtol(p + 1, NULL, 0);
	if (g->flags & WIRE_ACK)
		g->ack = f->irs + f->rcvd;
	/* The SYN stands before the data that it carries. */
	for (i = 0; i < g->len; i++)
		g->data[i] = script_pattern(false, rel - 1 + !!(g->flags & WIRE_SYN) + i);
	for (i = 2; i < n; i++) {
		char copy[96];

		snprintf(copy, sizeof(copy), "%s", arg[i]);
		key = copy;
		if (script_split(key, &v) != '=' || set_key(s, g, key, v)) {
			script_fail(s, "%s?", arg[i]);
			goto out;
		}
	}
	log_seg(s, ">", f, g, true);
	f->last.next = NULL;
	rc = wire_send(&s->w, g);
	s->event = wire_now();
	if (rc)
		script_fail(s, "cannot send");
out:
	free(g);
	return rc;
}

static long key_of(const struct wire_seg *g, const struct flow *f, const char *key)
{
	if (!strcmp(key, "seq"))
		return (int32_t)(g->seq - f->irs);
	if (!strcmp(key, "ack"))
		return (int32_t)(g->ack - f->iss);
	if (!strcmp(key, "aseq"))
		return g->seq;
	if (!strcmp(key, "aack"))
		return g->ack;
	if (!strcmp(key, "win"))
		return g->win;
	if (!strcmp(key, "urg"))
		return g->urg;
	if (!strcmp(key, "ecn"))
		return g->ecn;
	if (!strcmp(key, "mss"))
		return g->mss;
	if (!strcmp(key, "ws"))
		return g->ws;
	if (!strcmp(key, "sackok"))
		return g->sackok;
	if (!strcmp(key, "ts"))
		return g->ts;
	if (!strcmp(key, "ecr"))
		return (int32_t)g->tsecr;
	if (!strcmp(key, "optlen"))
		return g->optlen;
	if (!strcmp(key, "len"))
		return g->len;
	if (!strcmp(key, "psh"))
		return !!(g->flags & WIRE_PSH);
	if (!strcmp(key, "folen"))
		return g->folen;
	if (!strcmp(key, "tos"))
		return g->tos;
	if (!strcmp(key, "ttl"))
		return g->ttl;
	return LONG_MIN;
}

/* The blocks as a script has them */
static const char *sack_text(const struct script *s, const struct wire_seg *g)
{
	static char text[128];
	int i, n = 0;

	strcpy(text, "-");
	for (i = 0; i < g->nsack && i < 4; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s%d-%d", i ? "," : "",
			      (int)(g->sack[i][0] - s->f->iss),
			      (int)(g->sack[i][1] - s->f->iss));
	return text;
}

static const char *fo_text(const struct wire_seg *g)
{
	static char text[40];
	int i;

	text[0] = 0;
	for (i = 0; i < g->folen; i++)
		sprintf(text + 2 * i, "%02x", g->fo[i]);
	return text;
}

static bool label_is(const struct script *s, const char *how)
{
	const uint32_t *label = s->f->label;

	if (s->family == AF_INET)
		return true;
	if (!strcmp(how, "set"))
		return label[0];
	if (!strcmp(how, "same"))
		return label[0] == label[1];
	if (!strcmp(how, "new"))
		return label[0] && label[0] != label[1];
	return label[0] == strtoul(how, NULL, 0);
}

static int check_key(struct script *s, const struct wire_seg *g, char *word)
{
	char *v, op = script_split(word, &v);
	const char *text = NULL;
	long seen, want;

	if (op == '=' && !strcmp(word, "sack"))
		text = sack_text(s, g);
	else if (op == '=' && !strcmp(word, "kinds"))
		text = g->kinds;
	else if (op == '=' && !strcmp(word, "fo"))
		text = fo_text(g);
	if (text)
		return strcmp(text, v) ? script_fail(s, "%s is %s", word, text) : 0;
	if (op == '=' && !strcmp(word, "label"))
		return label_is(s, v) ? 0 : script_fail(s, "the label is %#x after %#x",
							s->f->label[0], s->f->label[1]);
	if (!op || (seen = key_of(g, s->f, word)) == LONG_MIN)
		return script_fail(s, "%s?", word);
	want = !strcmp(v, "-") ? -1 : strtol(v, NULL, 0);
	if ((op == '=' && seen == want) || (op == '<' && seen < want) ||
	    (op == '>' && seen > want))
		return 0;
	return script_fail(s, "%s is %ld", word, seen);
}

static int check_payload(struct script *s, const struct wire_seg *g, long rel)
{
	int i;

	for (i = 0; i < g->len; i++)
		if (g->data[i] != script_pattern(true, rel - 1 + i))
			return script_fail(s, "byte %d of the payload is wrong", i);
	return 0;
}

/* Follow the host's numbers: its SYN, or a first segment without one, sets them. */
static void note(struct script *s, struct flow *f, struct wire_seg *g)
{
	uint32_t end;

	if (!f->have_irs && (g->flags & WIRE_SYN)) {
		f->irs = g->seq;
		f->have_irs = true;
		f->rcvd = 0;
	}
	if (!(g->flags & WIRE_RST) && f->have_irs) {
		end = g->seq - f->irs + g->len + !!(g->flags & WIRE_SYN) +
		      !!(g->flags & WIRE_FIN);
		if ((int32_t)(end - f->rcvd) > 0)
			f->rcvd = end;
	}
	f->hport = g->sport;
	if (g->folen > 0)
		memcpy(s->fo, g->fo, s->folen = g->folen);
	if (g->ts)
		f->tsval = g->tsval;
	f->label[1] = f->label[0];
	f->label[0] = g->label;
	f->last = *g;
}

static int check_seg(struct script *s, struct wire_seg *g, char **arg, int n)
{
	uint16_t flags;
	char *p;
	long rel, len;
	int i;

	if (n < 1 || parse_flags(arg[0], &flags))
		return script_fail(s, "flags?");
	if (g->badsum)
		return script_fail(s, "its checksum or its options are wrong");
	if ((g->flags ^ flags) & ~WIRE_PSH)
		return script_fail(s, "flags are %s", wire_flags_name(g->flags));
	i = 1;
	if (n > 1 && !strpbrk(arg[1], "=<>")) {
		i = 2;
		rel = strtol(arg[1], &p, 0);
		len = *p == '+' ? strtol(p + 1, NULL, 0) : 0;
		if (arg[1][0] != '*' && g->seq - s->f->irs != (uint32_t)rel)
			return script_fail(s, "seq is %d", (int)(g->seq - s->f->irs));
		if (arg[1][0] == '*')
			len = arg[1][1] == '+' ? strtol(arg[1] + 2, NULL, 0) : 0;
		if (g->len != len)
			return script_fail(s, "its length is %d", g->len);
	} else if (g->len) {
		return script_fail(s, "its length is %d", g->len);
	}
	if (check_payload(s, g, (int32_t)(g->seq - s->f->irs) + !!(g->flags & WIRE_SYN)))
		return -1;
	for (; i < n; i++)
		if (strncmp(arg[i], "t=", 2) && check_key(s, g, arg[i]))
			return -1;
	return 0;
}

/* A pure ACK that is not the expected one, for "<*". */
static bool is_other_ack(const struct flow *f, const struct wire_seg *g, char **arg, int n)
{
	int i;

	if (g->flags != WIRE_ACK || g->len)
		return false;
	if (strcmp(arg[0], "A") || (n > 1 && strchr(arg[1], '+')))
		return true;
	for (i = 1; i < n; i++)
		if (!strncmp(arg[i], "ack=", 4))
			return g->ack - f->iss != (uint32_t)strtol(arg[i] + 4, NULL, 0);
	return false;
}

int script_expect_seg(struct script *s, char **arg, int n, bool skip_acks)
{
	int64_t deadline = s->event + SCRIPT_PATIENCE_MS * 1000000LL;
	long lo = -1, hi = -1;
	struct wire_seg *g;
	int64_t ms;
	int i, rc;

	for (i = 1; i < n; i++)
		if (sscanf(arg[i], "t=%ld..%ld", &lo, &hi) == 2)
			deadline = s->event + (hi + SCRIPT_PATIENCE_MS) * 1000000LL;
	if (lo < 0 && deadline < wire_now() + SCRIPT_PATIENCE_MS * 1000000LL)
		deadline = wire_now() + SCRIPT_PATIENCE_MS * 1000000LL;
	for (;;) {
		if (!wire_recv(&s->w, s->f->pport, deadline, &g))
			return script_fail(s, "the host sent nothing");
		note(s, s->f, g);
		log_seg(s, "<", s->f, g, false);
		if (!skip_acks || n < 1 || !is_other_ack(s->f, g, arg, n))
			break;
		free(g);
	}
	ms = (g->when - s->event) / 1000000;
	rc = check_seg(s, g, arg, n);
	if (!rc && lo >= 0 && (ms < lo || ms > hi))
		rc = script_fail(s, "came after %lld ms", (long long)ms);
	s->event = g->when;
	free(g);
	return rc;
}

int script_expect_nothing(struct script *s)
{
	struct wire_seg *g;

	if (wire_settle(&s->w))
		return script_fail(s, "the host does not answer an echo request");
	if (!wire_recv(&s->w, s->f->pport, 0, &g))
		return 0;
	log_seg(s, "<", s->f, g, false);
	free(g);
	return script_fail(s, "the host did send something");
}

int script_drain(struct script *s)
{
	struct wire_seg *g;

	if (wire_settle(&s->w))
		return script_fail(s, "the host does not answer an echo request");
	while (wire_recv(&s->w, s->f->pport, 0, &g)) {
		note(s, s->f, g);
		log_seg(s, "<", s->f, g, false);
		free(g);
	}
	return 0;
}

int script_quiet(struct script *s, int ms)
{
	struct wire_seg *g;

	if (!wire_recv(&s->w, s->f->pport, wire_now() + ms * 1000000LL, &g))
		return 0;
	log_seg(s, "<", s->f, g, false);
	free(g);
	return script_fail(s, "the host did send something");
}

/* icmp KIND [mtu=N] [seq=REL] [dport=N]: an error about the host's last segment. */
int script_icmp(struct script *s, char **arg, int n)
{
	static const char *const names[] = {
		"net", "host", "proto", "port", "toobig", "admin", "ttl", "quench",
		"param",
	};
	struct wire_seg *g;
	uint32_t mtu = 0, x;
	size_t kind;
	int i, rc;
	char *v;

	for (kind = 0; kind < sizeof(names) / sizeof(names[0]); kind++)
		if (n && !strcmp(arg[0], names[kind]))
			break;
	if (kind == sizeof(names) / sizeof(names[0]))
		return script_fail(s, "which ICMP error?");
	g = malloc(sizeof(*g));
	*g = s->f->last;
	for (i = 1; i < n; i++) {
		if (script_split(arg[i], &v) != '=') {
			free(g);
			return script_fail(s, "%s?", arg[i]);
		}
		x = strtol(v, NULL, 0);
		if (!strcmp(arg[i], "mtu"))
			mtu = x;
		else if (!strcmp(arg[i], "seq"))
			g->seq = s->f->irs + x;
		else if (!strcmp(arg[i], "dport"))
			g->dport = x;
	}
	rc = wire_send_icmp(&s->w, kind, mtu, g);
	s->event = wire_now();
	free(g);
	return rc ? script_fail(s, "cannot send") : 0;
}
