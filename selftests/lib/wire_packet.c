// SPDX-License-Identifier: GPL-2.0
/*
 * Packets as bytes: IPv4 and IPv6 headers, the RFC 9293 header, ICMP errors and echo.
 * Written byte by byte, so that a malformed one is as easy to build as a good one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"
#include "wire_packet.h"

#define PROBE_ID 0x7ca1
#define TCP_HDR 20

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static uint16_t get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static uint32_t get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

static uint32_t sum(uint32_t acc, const uint8_t *p, size_t n)
{
	uint64_t words = 0;
	uint32_t word;

	/* as they lie, and the sum turned: the same (RFC 1071 section 2) */
	for (; n > 3; n -= 4, p += 4) {
		memcpy(&word, p, 4);
		words += word;
	}
	while (words >> 16)
		words = (words & 0xffff) + (words >> 16);
	acc += ntohs(words);
	for (; n > 1; n -= 2, p += 2)
		acc += get16(p);
	if (n)
		acc += p[0] << 8;
	return acc;
}

static uint16_t fold(uint32_t acc)
{
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return ~acc;
}

static uint32_t pseudo(int family, const uint8_t *ip, int proto, size_t len)
{
	uint32_t acc = proto + len;

	if (family == AF_INET)
		return sum(acc, ip + 12, 8);
	return sum(acc, ip + 8, 32);
}

static size_t ip_len(int family)
{
	return family == AF_INET ? 20 : 40;
}

/* An IP header for @len bytes of @proto. */
static void put_ip(uint8_t *p, int family, int proto, const struct wire_addr *src,
		   const struct wire_addr *dst, size_t len)
{
	if (family == AF_INET) {
		memset(p, 0, 20);
		p[0] = 0x45;
		put16(p + 2, 20 + len);
		put16(p + 6, 0x4000);
		p[8] = 64;
		p[9] = proto;
		memcpy(p + 12, &src->v4, 4);
		memcpy(p + 16, &dst->v4, 4);
		put16(p + 10, fold(sum(0, p, 20)));
		return;
	}
	memset(p, 0, 40);
	p[0] = 0x60;
	put16(p + 4, len);
	p[6] = proto;
	p[7] = 64;
	memcpy(p + 8, &src->v6, 16);
	memcpy(p + 24, &dst->v6, 16);
}

static int push(struct wire *w, const struct wire_seg *seg, uint8_t *pkt, size_t n)
{
	uint8_t out[sizeof(struct virtio_net_hdr) + WIRE_DATA_MAX + 256];
	struct virtio_net_hdr vh = {};
	size_t off = 0;

	if (w->vnet) {
		if (seg) {
			vh.flags = seg->vnet_flags;
			vh.csum_start = seg->csum_start;
			vh.csum_offset = seg->csum_offset;
		}
		memcpy(out, &vh, sizeof(vh));
		off = sizeof(vh);
	}
	memcpy(out + off, pkt, n);
	if (write(w->fd, out, off + n) != (ssize_t)(off + n)) {
		wire_log(w, "write to the device: %s", strerror(errno));
		return -1;
	}
	return 0;
}

size_t wire_packet_ip(uint8_t *pkt, int family, int proto, const struct wire_addr *src,
		      const struct wire_addr *dst, size_t len)
{
	put_ip(pkt, family, proto, src, dst, len);
	return ip_len(family);
}

void wire_packet_sum(int family, int proto, const uint8_t *ip, uint8_t *t, size_t len,
		     size_t at)
{
	uint32_t acc = proto == IPPROTO_ICMP ? 0 : pseudo(family, ip, proto, len);

	if (len < at + 2)
		return;
	put16(t + at, 0);
	put16(t + at, fold(sum(acc, t, len)));
}

void wire_packet_sum_ip(uint8_t *pkt, int family)
{
	size_t n = (pkt[0] & 15) * 4;

	if (family != AF_INET || n < 20)
		return;
	put16(pkt + 10, 0);
	put16(pkt + 10, fold(sum(0, pkt, n)));
}

int wire_packet_send(struct wire *w, uint8_t *pkt, size_t n)
{
	return push(w, NULL, pkt, n);
}

void wire_seg_init(struct wire *w, struct wire_seg *seg)
{
	memset(seg, 0, offsetof(struct wire_seg, data));
	seg->len = 0;
	memset((char *)seg + offsetof(struct wire_seg, len), 0,
	       sizeof(*seg) - offsetof(struct wire_seg, len));
	seg->src = w->peer;
	seg->dst = w->host;
	seg->win = 65535;
	seg->doff = -1;
	seg->cut = -1;
}

/* IPv4 options go between the header and the @n bytes behind it. */
static size_t add_ip_options(uint8_t *pkt, const struct wire_seg *seg, size_t n)
{
	size_t room = (seg->ipoptlen + 3) & ~3;

	memmove(pkt + 20 + room, pkt + 20, n);
	memset(pkt + 20, 0, room);
	memcpy(pkt + 20, seg->ipopt, seg->ipoptlen);
	pkt[0] = 0x40 | (20 + room) / 4;
	put16(pkt + 2, 20 + room + n);
	wire_packet_sum_ip(pkt, AF_INET);
	return room;
}

int wire_send(struct wire *w, const struct wire_seg *seg)
{
	uint8_t pkt[WIRE_DATA_MAX + 256] = {};
	int hdr = TCP_HDR + ((seg->optlen + 3) & ~3);
	size_t n = hdr + seg->len, ipn = ip_len(w->family);
	uint8_t *t = pkt + ipn;
	uint16_t c;

	put16(t, seg->sport);
	put16(t + 2, seg->dport);
	put32(t + 4, seg->seq);
	put32(t + 8, seg->ack);
	t[12] = (seg->doff >= 0 ? seg->doff : hdr / 4) << 4;
	t[12] |= seg->flags >> 8 & 0xf;
	t[13] = seg->flags;
	put16(t + 14, seg->win);
	put16(t + 18, seg->urg);
	memcpy(t + TCP_HDR, seg->opt, seg->optlen);
	memcpy(t + hdr, seg->data, seg->len);
	if (seg->cut >= 0 && (size_t)seg->cut < n)
		n = seg->cut;
	put_ip(pkt, w->family, w->proto, &seg->src, &seg->dst, n);
	pkt[1] |= w->family == AF_INET ? seg->ecn : seg->ecn << 4 | seg->label >> 16;
	if (w->family == AF_INET6)
		put16(pkt + 2, seg->label);
	wire_packet_sum_ip(pkt, w->family);
	if (w->vnet && seg->vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		put16(t + 16, ~fold(pseudo(w->family, pkt, w->proto, n)));
	} else {
		c = fold(sum(pseudo(w->family, pkt, w->proto, n), t, n));
		if (n >= 18)
			put16(t + 16, seg->badsum ? c ^ 0x0100 : c);
	}
	if (seg->ipoptlen && w->family == AF_INET)
		ipn += add_ip_options(pkt, seg, n);
	return push(w, seg, pkt, ipn + n + seg->pad);
}

int wire_send_icmp(struct wire *w, enum wire_icmp kind, uint32_t mtu,
		   const struct wire_seg *seg)
{
	static const uint8_t v4[][2] = {
		[WIRE_ICMP_NET] = { 3, 0 }, [WIRE_ICMP_HOST] = { 3, 1 },
		[WIRE_ICMP_PROTO] = { 3, 2 }, [WIRE_ICMP_PORT] = { 3, 3 },
		[WIRE_ICMP_TOOBIG] = { 3, 4 }, [WIRE_ICMP_ADMIN] = { 3, 13 },
		[WIRE_ICMP_TTL] = { 11, 0 }, [WIRE_ICMP_QUENCH] = { 4, 0 },
		[WIRE_ICMP_PARAM] = { 12, 0 },
	};
	static const uint8_t v6[][2] = {
		[WIRE_ICMP_NET] = { 1, 0 }, [WIRE_ICMP_HOST] = { 1, 3 },
		[WIRE_ICMP_PROTO] = { 4, 1 }, [WIRE_ICMP_PORT] = { 1, 4 },
		[WIRE_ICMP_TOOBIG] = { 2, 0 }, [WIRE_ICMP_ADMIN] = { 1, 1 },
		[WIRE_ICMP_TTL] = { 3, 0 }, [WIRE_ICMP_QUENCH] = { 1, 0 },
		[WIRE_ICMP_PARAM] = { 4, 0 },
	};
	bool is4 = w->family == AF_INET;
	int proto = is4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	size_t ipn = ip_len(w->family), n = 8 + ipn + 8;
	uint8_t pkt[128] = {}, *icmp = pkt + ipn, *quote = icmp + 8;

	icmp[0] = is4 ? v4[kind][0] : v6[kind][0];
	icmp[1] = is4 ? v4[kind][1] : v6[kind][1];
	if (kind == WIRE_ICMP_TOOBIG) {
		if (is4)
			put16(icmp + 6, mtu);
		else
			put32(icmp + 4, mtu);
	}
	/* The length in the quotation is that of the whole packet. */
	put_ip(quote, w->family, w->proto, &seg->src, &seg->dst, TCP_HDR + seg->len);
	put16(quote + ipn, seg->sport);
	put16(quote + ipn + 2, seg->dport);
	put32(quote + ipn + 4, seg->seq);
	put_ip(pkt, w->family, proto, &w->peer, &w->host, n);
	put16(icmp + 2, fold(sum(is4 ? 0 : pseudo(w->family, pkt, proto, n), icmp, n)));
	return push(w, NULL, pkt, ipn + n);
}

int wire_packet_send_probe(struct wire *w, uint16_t id)
{
	bool is4 = w->family == AF_INET;
	int proto = is4 ? IPPROTO_ICMP : IPPROTO_ICMPV6;
	uint8_t pkt[64] = {}, *icmp = pkt + ip_len(w->family);

	put_ip(pkt, w->family, proto, &w->peer, &w->host, 8);
	icmp[0] = is4 ? 8 : 128;
	put16(icmp + 4, PROBE_ID);
	put16(icmp + 6, id);
	put16(icmp + 2, fold(sum(is4 ? 0 : pseudo(w->family, pkt, proto, 8), icmp, 8)));
	return push(w, NULL, pkt, ip_len(w->family) + 8);
}

static void parse_ts(struct wire_seg *seg, const uint8_t *p)
{
	seg->ts = true;
	seg->tsval = get32(p + 2);
	seg->tsecr = get32(p + 6);
}

static void parse_sack(struct wire_seg *seg, const uint8_t *p)
{
	int i;

	seg->nsack = (p[1] - 2) / 8;
	for (i = 0; i < seg->nsack && i < 4; i++) {
		seg->sack[i][0] = get32(p + 2 + 8 * i);
		seg->sack[i][1] = get32(p + 6 + 8 * i);
	}
}

/* Returns false if the options cannot be walked. */
static bool parse_options(struct wire_seg *seg)
{
	const uint8_t *p = seg->opt, *end = p + seg->optlen;
	size_t n;

	while (p < end && *p != 0) {
		if (*p == 1) {
			p++;
			continue;
		}
		if (end - p < 2 || p[1] < 2 || p[1] > end - p)
			return false;
		if (p[0] == 2 && p[1] == 4)
			seg->mss = get16(p + 2);
		else if (p[0] == 3 && p[1] == 3)
			seg->ws = p[2];
		else if (p[0] == 4 && p[1] == 2)
			seg->sackok = true;
		else if (p[0] == 8 && p[1] == 10)
			parse_ts(seg, p);
		else if (p[0] == 5)
			parse_sack(seg, p);
		else if (p[0] == 34 && p[1] <= 2 + sizeof(seg->fo))
			memcpy(seg->fo, p + 2, seg->folen = p[1] - 2);
		n = strlen(seg->kinds);
		snprintf(seg->kinds + n, sizeof(seg->kinds) - n, "%s%d", n ? "." : "", p[0]);
		p += p[1];
	}
	return true;
}

static enum wire_pkt parse_seg(struct wire *w, const uint8_t *ip, const uint8_t *t,
			       size_t n, struct wire_seg *seg)
{
	bool partial = seg->vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
	uint32_t acc = pseudo(w->family, ip, w->proto, n);
	uint16_t want;
	int hdr;

	seg->mss = -1;
	seg->ws = -1;
	seg->folen = -1;
	if (n < TCP_HDR || (hdr = (t[12] >> 4) * 4) < TCP_HDR || (size_t)hdr > n) {
		wire_log(w, "the host sent a segment that is no segment");
		return WIRE_PKT_OTHER;
	}
	seg->sport = get16(t);
	seg->dport = get16(t + 2);
	seg->seq = get32(t + 4);
	seg->ack = get32(t + 8);
	seg->flags = (t[12] & 0xf) << 8 | t[13];
	seg->win = get16(t + 14);
	seg->urg = get16(t + 18);
	seg->ecn = (w->family == AF_INET ? ip[1] : ip[1] >> 4) & 3;
	seg->optlen = hdr - TCP_HDR;
	memcpy(seg->opt, t + TCP_HDR, seg->optlen);
	seg->len = n - hdr;
	if (seg->len > WIRE_DATA_MAX)
		seg->len = WIRE_DATA_MAX;
	memcpy(seg->data, t + hdr, seg->len);
	/* badsum on a received segment: the script fails on it. */
	want = ~fold(acc);
	if (partial)
		seg->badsum = get16(t + 16) != want;
	else
		seg->badsum = fold(sum(acc, t, n)) != 0;
	if (!parse_options(seg))
		seg->badsum = true;
	return WIRE_PKT_SEG;
}

/* Sent to a peer of another case, whose connections may outlive it? */
static bool is_others(const struct wire *w, int family, const struct wire_addr *dst)
{
	if (!w->shared)
		return false;
	if (family != w->family)
		return true;
	if (w->family == AF_INET)
		return ((const uint8_t *)&dst->v4)[3] >= WIRE_SHARED_FIRST &&
		       dst->v4.s_addr != w->peer.v4.s_addr;
	return dst->v6.s6_addr[15] >= WIRE_SHARED_FIRST &&
	       memcmp(&dst->v6, &w->peer.v6, 16);
}

enum wire_pkt wire_packet_parse(struct wire *w, const uint8_t *buf, size_t n,
				struct wire_seg *seg, uint16_t *probe)
{
	const uint8_t *t;
	size_t hl, total;
	int family, proto;

	if (w->vnet) {
		struct virtio_net_hdr vh;

		if (n < sizeof(vh))
			return WIRE_PKT_OTHER;
		memcpy(&vh, buf, sizeof(vh));
		seg->vnet_flags = vh.flags;
		seg->csum_start = vh.csum_start;
		seg->csum_offset = vh.csum_offset;
		buf += sizeof(vh);
		n -= sizeof(vh);
	}
	if (n < 20)
		return WIRE_PKT_OTHER;
	family = buf[0] >> 4 == 4 ? AF_INET : AF_INET6;
	if (family == AF_INET) {
		hl = (buf[0] & 15) * 4;
		total = get16(buf + 2);
		proto = buf[9];
		seg->tos = buf[1];
		seg->ttl = buf[8];
		memcpy(&seg->src.v4, buf + 12, 4);
		memcpy(&seg->dst.v4, buf + 16, 4);
	} else {
		if (n < 40)
			return WIRE_PKT_OTHER;
		hl = 40;
		total = 40 + get16(buf + 4);
		proto = buf[6];
		seg->tos = buf[0] << 4 | buf[1] >> 4;
		seg->label = get32(buf) & 0xfffff;
		seg->ttl = buf[7];
		memcpy(&seg->src.v6, buf + 8, 16);
		memcpy(&seg->dst.v6, buf + 24, 16);
	}
	if (total > n || hl > total || is_others(w, family, &seg->dst))
		return WIRE_PKT_OTHER;
	t = buf + hl;
	n = total - hl;
	if (proto == w->proto)
		return parse_seg(w, buf, t, n, seg);
	if (n >= 8 && get16(t + 4) == PROBE_ID &&
	    ((proto == IPPROTO_ICMP && t[0] == 0) ||
	     (proto == IPPROTO_ICMPV6 && t[0] == 129))) {
		*probe = get16(t + 6);
		return WIRE_PKT_PROBE;
	}
	if (proto == IPPROTO_ICMP || (proto == IPPROTO_ICMPV6 && t[0] < 128))
		wire_log(w, "ICMP from the host: type %d code %d", t[0], t[1]);
	return WIRE_PKT_OTHER;
}
