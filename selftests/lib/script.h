/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small language for wire-level cases: one step a line (or between semicolons),
 * the segments of the test's end, those expected of the host, and socket calls.
 *
 *   > FLAGS SEQ+LEN key=value..  the test sends; FLAGS of FSRPAUEC, or . for none
 *   < FLAGS SEQ+LEN key=value..  the host's next segment is this (PSH only by psh=;
 *                                what is not named is not compared, but LEN is)
 *   <* ...                       the same, after any number of other pure ACKs
 *   <-                           the host has said nothing more
 *   drain                        forget what it has said up to now
 *   apart                        be quiet until the host may challenge again: XTCP
 *                                limits that by time, for TCP it is switched off
 *   quiet MS                     it says nothing for MS milliseconds
 *
 * Numbers count from each side's SYN, which is 0, so the first byte of data is 1.
 * Payload is a fixed pattern by position in the stream and always compared.
 *
 * Keys when sending: ack= (default: all received) win= urg= ecn= mss= ws= sackok= opt=HEX
 *   fo=HEX (a Fast Open cookie; fo=? asks for one, fo=got is the last from the host)
 *   ts=VAL[/ECR] (ECR: default the host's last, or -N for N less than that)
 *   sack=FROM-TO,.. (of the host's bytes)
 *   doff= cut= pad= badsum= sport= dport= src= dst= (bcast, mcast, other, host, lo)
 *   ipopt=HEX (options of IPv4)
 *   aseq= aack= (absolute numbers)  label= (the flow label of IPv6)
 * Keys when expecting, with = < or >: seq ack psh win urg ecn mss ws sackok ts optlen
 *   tos ttl ecr kinds=KIND.KIND.. sack=FROM-TO,.. (of the test's bytes; sack=- for none)
 *   fo=HEX folen (of the Fast Open option; -1: absent)
 *   label=N|set|same|new (not 0; as that of the host's last segment or not; IPv6 alone)
 *   aseq aack, mss=- and ws=- for absent, t=LOW..HIGH milliseconds since the last event.
 *
 * A line that begins with "#" names the case if a later step fails, and the step
 * "proves ID.." the rows of requirements.tsv that the rest of the script proves.
 * A step behind "tcp:", "xtcp:", "4:" or "6:" is for that protocol or family alone.
 * The steps on sockets are listed in script_sock.c.
 */
#ifndef XTCP_SELFTESTS_SCRIPT_H
#define XTCP_SELFTESTS_SCRIPT_H

#include "wire.h"

#define SCRIPT_FLOWS 16
#define SCRIPT_ARGS 16
/* For an expected event without t=: long, for emulated debug kernels. */
#define SCRIPT_PATIENCE_MS 5000

#define SCRIPT_XTCP_FAMILY 18
#define SCRIPT_XTCP_PROTO 253

/* One connection, seen from the test's end. */
struct flow {
	uint16_t hport, pport;	/* of the host, of the test's end */
	uint32_t iss;		/* our SYN's number */
	uint32_t irs;		/* the host's SYN's number */
	bool have_irs;
	uint32_t tsval;		/* of the host's last segment */
	uint32_t rcvd;		/* relative: the highest the host has sent, plus one */
	int fd;			/* the host's socket, -1 before accept or connect */
	uint64_t written, read;	/* bytes through fd */
	uint32_t label[2];	/* of the host's last segment, and of the one before */
	struct wire_seg last;	/* the host's last segment */
};

struct script {
	struct wire w;
	bool wired;		/* w is open */
	int proto, family;	/* what runs: IPPROTO_TCP or SCRIPT_XTCP_PROTO */
	int lfd;		/* the listener, -1 before listen */
	uint16_t lport;
	uint32_t iss;
	uint8_t fo[16];		/* the last Fast Open cookie from the host */
	int folen;
	int rcvbuf, sndbuf, maxseg;	/* set on sockets to come; 0: leave */
	char device[16];	/* that they are bound to; none if empty */
	int64_t event;		/* when the last step happened */
	struct flow flows[SCRIPT_FLOWS];
	struct flow *f;		/* the flow that steps are about */
	char step[256];		/* for messages */
	char note[80];		/* the last comment line, for messages */
	char rows[120];		/* of requirements.tsv, for messages */
	int line;
};

/*
 * @isn is the number of the test's own SYNs. The namespace is the one of all cases of
 * the program, unless @vnet, or the first script played has a step that sets or asks
 * something of the whole namespace: sysctl, mtu, link, stat, vrf.
 */
int script_open(struct script *s, int family, int proto, uint32_t isn, bool vnet);
void script_close(struct script *s);
/* 0 if every step went as it says. Prints the failed step and what passed if not. */
int script_play(struct script *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int script_fail(struct script *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static inline uint8_t script_pattern(bool from_host, uint64_t offset)
{
	uint64_t x = (offset + (from_host ? 1 : 0x10001)) * 0x9e3779b97f4a7c15ULL;

	return x >> 56 ^ x >> 32;
}

/* script_seg.c */
int script_send_seg(struct script *s, char **arg, int n);
int script_expect_seg(struct script *s, char **arg, int n, bool skip_acks);
int script_expect_nothing(struct script *s);
int script_drain(struct script *s);
int script_quiet(struct script *s, int ms);
int script_icmp(struct script *s, char **arg, int n);
/* A key's relation: splits "key=value" in place; 0 if there is none. */
char script_split(char *arg, char **value);

/* script_info.c */
int script_info(struct script *s, int fd, char **arg, int n);

/* script_sock.c; 1: no such step. */
int script_sock_step(struct script *s, char **arg, int n);
void script_sock_init(struct script *s);

#endif
