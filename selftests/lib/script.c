// SPDX-License-Identifier: GPL-2.0
/*
 * Reads a script's steps and runs each; the language is described in script.h, the
 * steps about segments are in script_seg.c and those about sockets in script_sock.c.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "script.h"

#define SCRIPT_MAX 32768

int script_fail(struct script *s, const char *fmt, ...)
{
	va_list ap;

	if (s->rows[0])
		fprintf(stderr, "# proves:%s\n", s->rows);
	if (s->note[0])
		fprintf(stderr, "# case:%s\n", s->note);
	fprintf(stderr, "# step %d \"%s\": ", s->line, s->step);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n");
	return -1;
}

static void flow_init(struct script *s, int i)
{
	struct flow *f = &s->flows[i];

	memset(f, 0, sizeof(*f));
	f->fd = -1;
	f->pport = 40000 + i;
	f->hport = s->lport;
	f->iss = s->iss;
}

/* Does the text hold a step after which, or for which, a namespace is not as new? */
static bool wants_own(const char *text)
{
	static const char *const steps[] = { "sysctl ", "mtu ", "link ", "stat ", "vrf " };
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		for (p = text; (p = strstr(p, steps[i])); p++)
			if (p == text || strchr(" \t\n;", p[-1]))
				return true;
	return false;
}

/* Opens the wire. Return: 0, or -1 and it has been said why. */
static int wire_up(struct script *s, bool own, bool vnet)
{
	if (own ? wire_open(&s->w, s->family, s->proto, vnet) :
		  wire_open_shared(&s->w, s->family, s->proto)) {
		perror("# no namespace or no TUN device");
		return -1;
	}
	s->wired = true;
	script_sock_init(s);
	s->event = wire_now();
	return 0;
}

int script_open(struct script *s, int family, int proto, uint32_t isn, bool vnet)
{
	int i;

	memset(s, 0, sizeof(*s));
	s->lfd = -1;
	s->family = family;
	s->proto = proto;
	s->iss = isn;
	s->lport = 5000;
	s->f = &s->flows[0];
	for (i = 0; i < SCRIPT_FLOWS; i++)
		flow_init(s, i);
	return vnet ? wire_up(s, true, true) : 0;
}

void script_close(struct script *s)
{
	int i;

	for (i = 0; i < SCRIPT_FLOWS; i++)
		if (s->flows[i].fd >= 0)
			close(s->flows[i].fd);
	if (s->lfd >= 0)
		close(s->lfd);
	if (s->wired)
		wire_close(&s->w);
}

char script_split(char *arg, char **value)
{
	char *p = strpbrk(arg, "=<>"), op;

	if (!p || p == arg)
		return 0;
	op = *p;
	*p = 0;
	*value = p + 1;
	return op;
}

/* flow N [isn=N]: steps are about connection N from here on. */
static int step_flow(struct script *s, char **arg, int n)
{
	int i = n > 1 ? atoi(arg[1]) : -1;

	if (i < 0 || i >= SCRIPT_FLOWS)
		return script_fail(s, "flow 0 to %d", SCRIPT_FLOWS - 1);
	s->f = &s->flows[i];
	return 0;
}

/* new [isn+N]: forget the connection; the same ports again, with a later ISN. */
static int step_new(struct script *s, char **arg, int n)
{
	struct flow *f = s->f;
	uint32_t iss = f->iss + (n > 1 ? strtol(arg[1], NULL, 0) : 0);
	uint16_t hport = f->hport;

	if (f->fd >= 0)
		close(f->fd);
	flow_init(s, f - s->flows);
	f->hport = hport;
	f->iss = iss;
	return 0;
}

/* proves ID..: rows of requirements.tsv */
static int step_proves(struct script *s, char **arg, int n)
{
	size_t used = 0;
	int i;

	for (i = 1; i < n && used < sizeof(s->rows); i++)
		used += snprintf(s->rows + used, sizeof(s->rows) - used, " %s", arg[i]);
	return used && used < sizeof(s->rows) ? 0 : script_fail(s, "which rows?");
}

static bool applies(struct script *s, const char *who)
{
	if (!strcmp(who, "tcp"))
		return s->proto != SCRIPT_XTCP_PROTO;
	if (!strcmp(who, "xtcp"))
		return s->proto == SCRIPT_XTCP_PROTO;
	if (!strcmp(who, "4"))
		return s->family == AF_INET;
	return s->family == AF_INET6;
}

static int run_step(struct script *s, char **arg, int n)
{
	int rc;

	if (!strcmp(arg[0], ">"))
		return script_send_seg(s, arg + 1, n - 1);
	if (!strcmp(arg[0], "<"))
		return script_expect_seg(s, arg + 1, n - 1, false);
	if (!strcmp(arg[0], "<*"))
		return script_expect_seg(s, arg + 1, n - 1, true);
	if (!strcmp(arg[0], "<-"))
		return script_expect_nothing(s);
	if (!strcmp(arg[0], "quiet"))
		return script_quiet(s, n > 1 ? atoi(arg[1]) : 0);
	if (!strcmp(arg[0], "apart"))
		return s->proto == SCRIPT_XTCP_PROTO ? script_quiet(s, 510) : 0;
	if (!strcmp(arg[0], "drain"))
		return script_drain(s);
	if (!strcmp(arg[0], "icmp"))
		return script_icmp(s, arg + 1, n - 1);
	if (!strcmp(arg[0], "flow"))
		return step_flow(s, arg, n);
	if (!strcmp(arg[0], "new"))
		return step_new(s, arg, n);
	if (!strcmp(arg[0], "proves"))
		return step_proves(s, arg, n);
	rc = script_sock_step(s, arg, n);
	if (rc == 1)
		return script_fail(s, "no such step");
	return rc;
}

static int run_line(struct script *s, char *line)
{
	char *arg[SCRIPT_ARGS], *p, *save;
	int n = 0;

	snprintf(s->step, sizeof(s->step), "%s", line);
	if (line[0] == '#')
		snprintf(s->note, sizeof(s->note), "%s", line + 1);
	p = strchr(line, '#');
	if (p)
		*p = 0;
	for (p = strtok_r(line, " \t", &save); p; p = strtok_r(NULL, " \t", &save)) {
		size_t len = strlen(p);

		if (!n && p[len - 1] == ':') {
			p[len - 1] = 0;
			if (!applies(s, p))
				return 0;
			continue;
		}
		if (n == SCRIPT_ARGS)
			return script_fail(s, "too many words");
		arg[n++] = p;
	}
	if (!n)
		return 0;
	if (strcmp(arg[0], ">") && arg[0][0] != '<')
		wire_log(&s->w, "%s", s->step);
	return run_step(s, arg, n);
}

int script_play(struct script *s, const char *fmt, ...)
{
	char *text = malloc(SCRIPT_MAX), *line, *save;
	va_list ap;
	int rc = 0;

	va_start(ap, fmt);
	if (vsnprintf(text, SCRIPT_MAX, fmt, ap) >= SCRIPT_MAX)
		abort();
	va_end(ap);
	if (!s->wired)
		rc = wire_up(s, wants_own(text), false);
	else if (s->w.shared && wants_own(text))
		rc = script_fail(s, "too late for a namespace of its own");
	s->line = 0;
	for (line = strtok_r(text, "\n;", &save); line && !rc;
	     line = strtok_r(NULL, "\n;", &save)) {
		while (isspace((unsigned char)*line))
			line++;
		s->line++;
		rc = run_line(s, line);
	}
	if (rc && s->wired)
		wire_dump_log(&s->w, stderr);
	free(text);
	return rc;
}
