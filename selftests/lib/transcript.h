/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scenario saw, line by line, in memory shared between the process that
 * runs it and the one that compares. Ports are renamed in order of appearance,
 * so that two runs of the same scenario give the same text.
 */
#ifndef XTCP_LIB_TRANSCRIPT_H
#define XTCP_LIB_TRANSCRIPT_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TRANSCRIPT_LINES 2048
#define TRANSCRIPT_WIDTH 200

struct transcript {
	int lines;
	bool finished;		/* the scenario returned: not killed, no wait given up */
	bool overflow;
	char rows[120];		/* of requirements.tsv, for messages */
	char line[TRANSCRIPT_LINES][TRANSCRIPT_WIDTH];
};

struct kind;

/* One run of one scenario on one kind of socket. */
struct ctx {
	const struct kind *kind;
	int side;			/* 0: the measure, 1: what is measured */
	struct transcript *tr;
	unsigned short port[64];	/* host order, by number of appearance */
	int ports;
};

static inline struct transcript *transcript_new(void)
{
	void *mem = mmap(NULL, sizeof(struct transcript), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (mem == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return mem;
}

static inline void rec_v(struct ctx *c, const char *fmt, va_list ap)
{
	struct transcript *t = c->tr;

	if (t->lines == TRANSCRIPT_LINES) {
		t->overflow = true;
		return;
	}
	vsnprintf(t->line[t->lines], TRANSCRIPT_WIDTH, fmt, ap);
	t->lines++;
}

/* Which rows of requirements.tsv the scenario proves: said if it fails. */
static inline void proves(struct ctx *c, const char *rows)
{
	snprintf(c->tr->rows, sizeof(c->tr->rows), "%s", rows);
}

/* A line of the transcript: "what was done: what came of it". */
__attribute__((format(printf, 2, 3)))
static inline void rec(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rec_v(c, fmt, ap);
	va_end(ap);
}

static inline const char *errno_text(int err)
{
	const char *name = strerrorname_np(err);

	return err ? (name ? name : "E???") : "0";
}

/* Record what a system call returned, or its errno; hand the result on. */
static inline long rc(struct ctx *c, const char *what, long ret)
{
	if (ret < 0)
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: %ld", what, ret);
	return ret;
}

/* The same for calls that return a descriptor, whose number says nothing. */
static inline int rc_fd(struct ctx *c, const char *what, int fd)
{
	if (fd < 0)
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: a descriptor", what);
	return fd;
}

static inline int port_number(struct ctx *c, unsigned short port)
{
	int i;

	for (i = 0; i < c->ports; i++)
		if (c->port[i] == port)
			return i + 1;
	if (c->ports < 64)
		c->port[c->ports++] = port;
	return c->ports;
}

/*
 * Number ports from 1 again: for scenarios that open one socket after another, of
 * which two may by chance get the same port.
 */
static inline void forget_ports(struct ctx *c)
{
	c->ports = 0;
}

static inline const char *addr_text(struct ctx *c, const void *sa, socklen_t len,
				    char *buf, size_t size)
{
	const struct sockaddr_in6 *six = sa;
	const struct sockaddr_in *sin = sa;
	char ip[INET6_ADDRSTRLEN] = "?", port[16] = "0";
	unsigned short p = 0;

	if (sin->sin_family == AF_INET) {
		inet_ntop(AF_INET, &sin->sin_addr, ip, sizeof(ip));
		p = ntohs(sin->sin_port);
	} else if (sin->sin_family == AF_INET6) {
		inet_ntop(AF_INET6, &six->sin6_addr, ip, sizeof(ip));
		p = ntohs(six->sin6_port);
	}
	if (p)
		snprintf(port, sizeof(port), "port%d", port_number(c, p));
	snprintf(buf, size, "family %d %s %s len %u", sin->sin_family, ip, port, len);
	return buf;
}

static inline void rec_addr(struct ctx *c, const char *what, long ret, const void *sa,
			    socklen_t len)
{
	char buf[120];

	if (ret < 0)
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: %s", what, addr_text(c, sa, len, buf, sizeof(buf)));
}

static inline void print_missing(const char *side, const struct transcript *t, int from)
{
	int i;

	for (i = from; i < t->lines && i < from + 5; i++)
		printf("#   %s alone: %s\n", side, t->line[i]);
	if (i < t->lines)
		printf("#   ... and %d more\n", t->lines - i);
}

/* 0 if both finished and say the same; else the differences, as diagnostics. */
static inline int transcript_diff(const struct transcript *tcp, const struct transcript *own,
				  const char *own_name)
{
	int both = tcp->lines < own->lines ? tcp->lines : own->lines;
	int i, bad = 0;

	if (tcp->overflow || own->overflow) {
		printf("#   the transcript overflowed %d lines\n", TRANSCRIPT_LINES);
		bad++;
	}
	if (!tcp->finished || !own->finished) {
		printf("#   did not finish:%s%s\n", tcp->finished ? "" : " tcp",
		       own->finished ? "" : " the socket under test");
		bad++;
	}
	if (!tcp->lines) {
		printf("#   nothing was recorded\n");
		bad++;
	}
	for (i = 0; i < both; i++) {
		if (!strcmp(tcp->line[i], own->line[i]))
			continue;
		bad++;
		if (i)
			printf("#   after      %s\n", tcp->line[i - 1]);
		printf("#   tcp:       %s\n#   %s: %s\n", tcp->line[i], own_name, own->line[i]);
	}
	print_missing("tcp", tcp, both);
	print_missing(own_name, own, both);
	bad += tcp->lines != own->lines;
	if (bad && tcp->rows[0])
		printf("#   proves: %s\n", tcp->rows);
	fflush(stdout);
	return bad;
}

#endif
