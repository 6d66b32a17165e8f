/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One TUN device in a network namespace of its own, and the far end of the wire
 * played by the test: raw segments in, parsed segments out, over IPv4 or IPv6 and
 * with any IP protocol number. What the segments mean is left to script.h.
 */
#ifndef XTCP_SELFTESTS_WIRE_H
#define XTCP_SELFTESTS_WIRE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define WIRE_DATA_MAX	9216
#define WIRE_TUN	"wire"
#define WIRE_OPT_MAX	40
#define WIRE_LOG_LINES	48
/* Last bytes of the addresses of the peers in a shared namespace; below: others. */
#define WIRE_SHARED_FIRST 100
#define WIRE_SHARED_LAST 250

#define WIRE_FIN 0x01
#define WIRE_SYN 0x02
#define WIRE_RST 0x04
#define WIRE_PSH 0x08
#define WIRE_ACK 0x10
#define WIRE_URG 0x20
#define WIRE_ECE 0x40
#define WIRE_CWR 0x80

struct wire_addr {
	struct in_addr v4;
	struct in6_addr v6;
};

/* A segment, numbers in host order. */
struct wire_seg {
	struct wire_seg *next;
	struct wire_addr src, dst;
	uint16_t sport, dport;
	uint32_t seq, ack;
	uint16_t flags;
	uint16_t win, urg;
	uint8_t ecn;		/* of the IP header: 0, 1, 2 capable, 3 marked */
	uint32_t label;		/* of IPv6 */
	uint8_t opt[WIRE_OPT_MAX];
	int optlen;		/* padded to 4 when sent */
	uint8_t data[WIRE_DATA_MAX];
	int len;

	/* Only when sending: ways to be wrong. */
	int doff;		/* in words, -1: what it is */
	int cut;		/* bytes of the segment that are sent, -1: all */
	int pad;		/* bytes behind the IP packet's stated length */
	bool badsum;
	uint8_t ipopt[WIRE_OPT_MAX];	/* IPv4 options, padded to 4 */
	int ipoptlen;

	/* Only when received. */
	int mss, ws;		/* -1: absent */
	bool sackok, ts;
	uint32_t tsval, tsecr;	/* with ts */
	uint32_t sack[4][2];
	int nsack;
	int folen;		/* octets of a Fast Open cookie, -1: no option */
	uint8_t fo[16];
	char kinds[64];		/* of the options, in order: "2.4.8.3" */
	uint8_t tos, ttl;	/* traffic class and hop limit of IPv6 */
	int64_t when;		/* ns, CLOCK_MONOTONIC */

	/* With wire.vnet: the virtio header beside the segment. */
	uint8_t vnet_flags;
	uint16_t csum_start, csum_offset;
};

struct wire {
	int fd;
	int family;		/* AF_INET or AF_INET6 */
	int proto;		/* IP protocol number */
	bool vnet;		/* packets carry a virtio_net_hdr */
	bool shared;		/* the device is that of wire_share() */
	struct wire_addr host, peer;
	uint16_t probes;	/* echo requests sent */
	struct wire_seg *queue;	/* received, not asked for yet */
	int64_t opened;
	int logged;
	char log[WIRE_LOG_LINES][192];
};

enum wire_icmp {
	WIRE_ICMP_NET, WIRE_ICMP_HOST, WIRE_ICMP_PROTO, WIRE_ICMP_PORT,
	WIRE_ICMP_TOOBIG, WIRE_ICMP_ADMIN, WIRE_ICMP_TTL, WIRE_ICMP_QUENCH,
	WIRE_ICMP_PARAM,
};

int64_t wire_now(void);
int wire_open(struct wire *w, int family, int proto, bool vnet);
/*
 * A namespace takes its time to make: this makes one, to be called before the
 * cases' processes are forked, and wire_open_shared() uses it with another peer's
 * address each time, so that no case sees what another has left behind. Only what
 * is set for the whole namespace (sysctls, the device) needs wire_open().
 */
void wire_share(void);
int wire_open_shared(struct wire *w, int family, int proto);
void wire_close(struct wire *w);
int wire_set_mtu(struct wire *w, int mtu);
int wire_set_up(struct wire *w, bool up);
/* Waits until the host answers. */
int wire_await_up(struct wire *w);
/* 0, or -1 with errno: a sysctl that is not there is ENOENT. */
int wire_sysctl(const char *path, const char *value);

void wire_seg_init(struct wire *w, struct wire_seg *seg);
int wire_send(struct wire *w, const struct wire_seg *seg);
/* As if a router had dropped @seg, which the host had sent. */
int wire_send_icmp(struct wire *w, enum wire_icmp kind, uint32_t mtu,
		   const struct wire_seg *seg);

/*
 * The next segment to port @dport (0: any), waiting until @deadline: 1, and *seg,
 * which the caller frees, or 0. Segments to other ports stay queued.
 */
int wire_recv(struct wire *w, uint16_t dport, int64_t deadline, struct wire_seg **seg);
/*
 * Everything that the host has sent so far is in the queue when this returns 0: an
 * echo request goes in, and its reply has come out behind all the rest.
 */
int wire_settle(struct wire *w);

void wire_log(struct wire *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void wire_dump_log(const struct wire *w, FILE *f);
const char *wire_flags_name(uint16_t flags);

#endif
