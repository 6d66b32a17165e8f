// SPDX-License-Identifier: GPL-2.0
/*
 * The TUN device, its namespace, and the log of what passed. Building and parsing
 * packets is in wire_packet.c.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"
#include "wire_packet.h"


/* What wire_share() made: the device, and how many peers have been given away. */
static int shared_fd = -1;
static int *shared_peers;

/* A broken host must not hang the test; long, for emulated debug kernels. */
#define SETTLE_NS (10 * 1000000000LL)
#define SETTLE_STEP_NS (5 * 1000000LL)

int64_t wire_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

int wire_sysctl(const char *path, const char *value)
{
	char name[256];
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "/proc/sys/%s", path);
	fd = open(name, O_WRONLY);
	if (fd < 0)
		return -1;
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

static int set_addr4(int s, struct wire *w)
{
	struct sockaddr_in *sin;
	struct ifreq ifr = {};

	strcpy(ifr.ifr_name, WIRE_TUN);
	sin = (struct sockaddr_in *)&ifr.ifr_addr;
	sin->sin_family = AF_INET;
	sin->sin_addr = w->host.v4;
	if (ioctl(s, SIOCSIFADDR, &ifr))
		return -1;
	sin->sin_addr.s_addr = htonl(0xffffff00);
	if (ioctl(s, SIOCSIFNETMASK, &ifr))
		return -1;
	/* A TUN device has no broadcast address by itself, and tests need one. */
	sin->sin_addr.s_addr = w->host.v4.s_addr | htonl(0xff);
	ioctl(s, SIOCSIFBRDADDR, &ifr);
	return 0;
}

static int set_addr6(struct wire *w, int ifindex)
{
	struct in6_ifreq ifr6 = { .ifr6_prefixlen = 64, .ifr6_ifindex = ifindex };
	int s = socket(AF_INET6, SOCK_DGRAM, 0);
	int rc;

	if (s < 0)
		return -1;
	ifr6.ifr6_addr = w->host.v6;
	rc = ioctl(s, SIOCSIFADDR, &ifr6);
	close(s);
	return rc;
}

static int set_flags(int s, const char *name, bool up)
{
	struct ifreq ifr = {};

	strcpy(ifr.ifr_name, name);
	if (ioctl(s, SIOCGIFFLAGS, &ifr))
		return -1;
	if (up)
		ifr.ifr_flags |= IFF_UP;
	else
		ifr.ifr_flags &= ~IFF_UP;
	return ioctl(s, SIOCSIFFLAGS, &ifr);
}

int wire_set_up(struct wire *w, bool up)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	int rc;

	(void)w;
	rc = set_flags(s, WIRE_TUN, up);
	close(s);
	return rc;
}

int wire_set_mtu(struct wire *w, int mtu)
{
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_mtu = mtu };
	int rc;

	(void)w;
	strcpy(ifr.ifr_name, WIRE_TUN);
	rc = ioctl(s, SIOCSIFMTU, &ifr);
	close(s);
	return rc;
}

static int configure(struct wire *w)
{
	struct ifreq ifr = {};
	int s, rc = -1;

	s = socket(AF_INET, SOCK_DGRAM, 0);
	if (s < 0)
		return -1;
	strcpy(ifr.ifr_name, WIRE_TUN);
	if (ioctl(s, SIOCGIFINDEX, &ifr))
		goto out;
	if (set_flags(s, "lo", true) || set_addr4(s, w) ||
	    set_flags(s, WIRE_TUN, true) || set_addr6(w, ifr.ifr_ifindex))
		goto out;
	rc = 0;
out:
	close(s);
	return rc;
}

void wire_close(struct wire *w)
{
	struct wire_seg *seg;

	while ((seg = w->queue)) {
		w->queue = seg->next;
		free(seg);
	}
	if (w->fd > 0 && !w->shared)
		close(w->fd);
	w->fd = -1;
}

static void enqueue(struct wire *w, struct wire_seg *seg)
{
	struct wire_seg **p = &w->queue;

	while (*p)
		p = &(*p)->next;
	seg->next = NULL;
	*p = seg;
}

static struct wire_seg *dequeue(struct wire *w, uint16_t dport)
{
	struct wire_seg **p, *seg;

	for (p = &w->queue; (seg = *p); p = &seg->next) {
		if (dport && seg->dport != dport)
			continue;
		*p = seg->next;
		return seg;
	}
	return NULL;
}

/*
 * Take one packet from the device into the queue. Returns what it was, or
 * WIRE_PKT_NONE after @deadline. What the kernel says by itself (neighbours,
 * multicast reports) is WIRE_PKT_OTHER.
 */
static enum wire_pkt take_one(struct wire *w, int64_t deadline, uint16_t *probe)
{
	struct pollfd pfd = { .fd = w->fd, .events = POLLIN };
	static uint8_t buf[65600];
	struct timespec ts;
	struct wire_seg *seg;
	enum wire_pkt kind;
	int64_t left;
	ssize_t n;

	for (;;) {
		n = read(w->fd, buf, sizeof(buf));
		if (n > 0)
			break;
		left = deadline - wire_now();
		if (left <= 0)
			return WIRE_PKT_NONE;
		ts.tv_sec = left / 1000000000;
		ts.tv_nsec = left % 1000000000;
		ppoll(&pfd, 1, &ts, NULL);
	}
	seg = calloc(1, sizeof(*seg));
	if (!seg)
		abort();
	kind = wire_packet_parse(w, buf, n, seg, probe);
	if (kind != WIRE_PKT_SEG) {
		free(seg);
		return kind;
	}
	seg->when = wire_now();
	enqueue(w, seg);
	return kind;
}

int wire_recv(struct wire *w, uint16_t dport, int64_t deadline, struct wire_seg **out)
{
	struct wire_seg *seg;
	uint16_t probe;

	for (;;) {
		seg = dequeue(w, dport);
		if (seg) {
			*out = seg;
			return 1;
		}
		if (take_one(w, deadline, &probe) == WIRE_PKT_NONE)
			return 0;
	}
}

static int await_probe(struct wire *w, uint16_t id, int64_t deadline)
{
	enum wire_pkt kind;
	uint16_t probe;

	do {
		kind = take_one(w, deadline, &probe);
		if (kind == WIRE_PKT_NONE)
			return -1;
	} while (kind != WIRE_PKT_PROBE || probe != id);
	return 0;
}

int wire_settle(struct wire *w)
{
	uint16_t id = ++w->probes;

	if (wire_packet_send_probe(w, id))
		return -1;
	if (!await_probe(w, id, wire_now() + SETTLE_NS))
		return 0;
	wire_log(w, "no reply to echo request %u", id);
	return -1;
}

/* The device and its address come up by work queue: ask until they answer. */
int wire_await_up(struct wire *w)
{
	int64_t end = wire_now() + SETTLE_NS;
	uint16_t id;

	do {
		id = ++w->probes;
		if (wire_packet_send_probe(w, id))
			return -1;
		if (!await_probe(w, id, wire_now() + SETTLE_STEP_NS))
			return 0;
	} while (wire_now() < end);
	errno = ENETDOWN;
	return -1;
}

static void addresses(struct wire *w, int family, int proto)
{
	memset(w, 0, sizeof(*w));
	w->family = family;
	w->proto = proto;
	w->opened = wire_now();
	inet_pton(AF_INET, "192.0.2.1", &w->host.v4);
	inet_pton(AF_INET, "192.0.2.2", &w->peer.v4);
	inet_pton(AF_INET6, "2001:db8::1", &w->host.v6);
	inet_pton(AF_INET6, "2001:db8::2", &w->peer.v6);
}

static int make_device(struct wire *w)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };

	if (unshare(CLONE_NEWNET))
		return -1;
	/* Nothing on the wire that the test did not cause. */
	wire_sysctl("net/ipv6/conf/default/accept_ra", "0");
	wire_sysctl("net/ipv6/conf/default/router_solicitations", "0");
	wire_sysctl("net/ipv6/conf/default/addr_gen_mode", "1");
	wire_sysctl("net/ipv6/conf/default/accept_dad", "0");
	w->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (w->fd < 0)
		return -1;
	strcpy(ifr.ifr_name, WIRE_TUN);
	if (w->vnet)
		ifr.ifr_flags |= IFF_VNET_HDR;
	if (ioctl(w->fd, TUNSETIFF, &ifr))
		return -1;
	if (w->vnet && ioctl(w->fd, TUNSETOFFLOAD, TUN_F_CSUM))
		return -1;
	return configure(w) || wire_await_up(w) ? -1 : 0;
}

int wire_open(struct wire *w, int family, int proto, bool vnet)
{
	addresses(w, family, proto);
	w->vnet = vnet;
	return make_device(w);
}

void wire_share(void)
{
	struct wire w;

	addresses(&w, AF_INET, IPPROTO_TCP);
	shared_peers = mmap(NULL, sizeof(*shared_peers), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared_peers == MAP_FAILED || make_device(&w))
		return;		/* wire_open() meets the same, and says so */
	/* Who opens it may be the first to speak IPv6, whose address comes up later. */
	w.family = AF_INET6;
	if (wire_await_up(&w))
		return;
	shared_fd = w.fd;
	while (w.queue)
		free(dequeue(&w, 0));
}

int wire_open_shared(struct wire *w, int family, int proto)
{
	int n;

	if (shared_fd < 0 || *shared_peers > WIRE_SHARED_LAST - WIRE_SHARED_FIRST)
		return wire_open(w, family, proto, false);
	addresses(w, family, proto);
	n = WIRE_SHARED_FIRST + (*shared_peers)++;
	w->peer.v4.s_addr = htonl((ntohl(w->peer.v4.s_addr) & ~0xffu) | n);
	w->peer.v6.s6_addr[15] = n;
	w->fd = shared_fd;
	w->shared = true;
	/* What others were sent is read and forgotten on the way to the reply. */
	return wire_settle(w);
}

void wire_log(struct wire *w, const char *fmt, ...)
{
	char *line = w->log[w->logged++ % WIRE_LOG_LINES];
	int64_t us = (wire_now() - w->opened) / 1000;
	va_list ap;
	int n;

	n = snprintf(line, sizeof(w->log[0]), "%6lld.%06lld ",
		     (long long)us / 1000000, (long long)us % 1000000);
	va_start(ap, fmt);
	vsnprintf(line + n, sizeof(w->log[0]) - n, fmt, ap);
	va_end(ap);
}

void wire_dump_log(const struct wire *w, FILE *f)
{
	int i = w->logged > WIRE_LOG_LINES ? w->logged - WIRE_LOG_LINES : 0;

	for (; i < w->logged; i++)
		fprintf(f, "#   %s\n", w->log[i % WIRE_LOG_LINES]);
}

const char *wire_flags_name(uint16_t flags)
{
	static const char names[] = "FSRPAUEC";
	static char out[2][10];
	static int turn;
	char *p;
	int i;

	turn ^= 1;
	p = out[turn];
	for (i = 0; i < 8; i++)
		if (flags & (1 << i))
			*p++ = names[i];
	if (p == out[turn])
		*p++ = '.';
	*p = 0;
	return out[turn];
}
