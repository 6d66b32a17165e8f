// SPDX-License-Identifier: GPL-2.0
/*
 * From octets to struct xtcp_seg and back. Ports and checksum are the shell's.
 */
#include "wire.h"

/* Two NOPs before an option align what is in it */
#define ALIGNED(kind, len) \
	((u32)XTCP_OPT_NOP << 24 | XTCP_OPT_NOP << 16 | (kind) << 8 | (len))
#define TS_ALIGNED ALIGNED(XTCP_OPT_TS, XTCP_OPT_TS_LEN)

static u32 get16(const u8 *p)
{
	return (u32)p[0] << 8 | p[1];
}

static u32 get32(const u8 *p)
{
	return get16(p) << 16 | get16(p + 2);
}

static void put16(u8 *p, u32 v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static void put32(u8 *p, u32 v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

static void parse_ts(struct xtcp_seg *seg, const u8 *opt)
{
	seg->ts_val = get32(opt + 2);
	/* RFC 7323 3.2: without ACK the field means nothing */
	seg->ts_ecr = seg->flags & XTCP_ACK ? get32(opt + 6) : 0;
	seg->opts |= XTCP_HAS_TS;
}

static void parse_sack(struct xtcp_seg *seg, const u8 *opt, u32 len)
{
	u32 i, n = (len - 2) / XTCP_OPT_SACK_BLOCK;

	if (n > XTCP_SACK_MAX)
		n = XTCP_SACK_MAX;
	for (i = 0; i < n; i++) {
		seg->sack[i].start = get32(opt + 2 + i * XTCP_OPT_SACK_BLOCK);
		seg->sack[i].end = get32(opt + 6 + i * XTCP_OPT_SACK_BLOCK);
	}
	seg->nsack = n;
	seg->opts |= XTCP_HAS_SACK;
}

/* An odd length, or one that no cookie has, is a malformed option (RFC 7413 4.1.1) */
static bool parse_fastopen(struct xtcp_seg *seg, const u8 *opt, u32 len)
{
	u32 n = len - XTCP_OPT_FASTOPEN_LEN;

	if (n & 1 || (n && n < XTCP_FASTOPEN_MIN) || n > XTCP_FASTOPEN_MAX)
		return false;
	memcpy(seg->fo_cookie, opt + XTCP_OPT_FASTOPEN_LEN, n);
	seg->fo_len = n;
	seg->opts |= XTCP_HAS_FASTOPEN;
	return true;
}

/* Options that mean something on a SYN alone: RFC 9293 3.2, 7323 2.2, 2018 2 */
static bool parse_syn_option(struct xtcp_seg *seg, const u8 *opt, u32 len)
{
	switch (opt[0]) {
	case XTCP_OPT_MSS:
		if (len != XTCP_OPT_MSS_LEN)
			return false;
		seg->mss = get16(opt + 2);
		seg->opts |= XTCP_HAS_MSS;
		break;
	case XTCP_OPT_WSCALE:
		if (len != XTCP_OPT_WSCALE_LEN)
			return false;
		seg->wscale = min_t(u8, opt[2], XTCP_WSCALE_MAX);
		seg->opts |= XTCP_HAS_WSCALE;
		break;
	case XTCP_OPT_SACK_OK:
		if (len != XTCP_OPT_SACK_OK_LEN)
			return false;
		seg->opts |= XTCP_HAS_SACK_OK;
		break;
	case XTCP_OPT_FASTOPEN:
		return parse_fastopen(seg, opt, len);
	}
	return true;
}

/* One option, whole. Return: false if it has a wrong length for its kind */
static bool parse_option(struct xtcp_seg *seg, const u8 *opt, u32 len)
{
	switch (opt[0]) {
	case XTCP_OPT_TS:
		if (len != XTCP_OPT_TS_LEN)
			return false;
		parse_ts(seg, opt);
		return true;
	case XTCP_OPT_SACK:
		if (len < 2 + XTCP_OPT_SACK_BLOCK ||
		    (len - 2) % XTCP_OPT_SACK_BLOCK)
			return false;
		/* blocks without an ACK have nothing to be relative to */
		if ((seg->flags & (XTCP_SYN | XTCP_ACK)) == XTCP_ACK)
			parse_sack(seg, opt, len);
		return true;
	default:
		return !(seg->flags & XTCP_SYN) ||
		       parse_syn_option(seg, opt, len);
	}
}

static void parse_options(struct xtcp_seg *seg, const u8 *opt, u32 left)
{
	while (left) {
		u32 len;

		if (opt[0] == XTCP_OPT_END)
			return;
		if (opt[0] == XTCP_OPT_NOP) {
			opt++;
			left--;
			continue;
		}
		if (left < 2 || opt[1] < 2 || opt[1] > left) {
			seg->bad_opts = true;	/* MUST-7 */
			return;
		}
		len = opt[1];
		if (!parse_option(seg, opt, len))
			seg->bad_opts = true;	/* it is passed over */
		opt += len;
		left -= len;
	}
}

/**
 * xtcp_wire_parse - read a header
 * @seg: gets what it says
 * @hdr: the header
 * @linear: octets that can be read at @hdr
 * @total: octets of the segment, header and payload
 *
 * With fewer than XTCP_WIRE_HLEN_MAX octets at @hdr while the segment has
 * more, the caller makes sure of the header's own length beforehand.
 *
 * Return: XTCP_WIRE_OK, or why this is no segment.
 */
enum xtcp_wire_err xtcp_wire_parse(struct xtcp_seg *seg, const u8 *hdr,
				   u32 linear, u32 total)
{
	u32 hlen;

	if (linear < XTCP_WIRE_HLEN || total < XTCP_WIRE_HLEN)
		return XTCP_WIRE_SHORT;
	hlen = (hdr[12] >> 4) * 4;
	if (hlen < XTCP_WIRE_HLEN || hlen > total || hlen > linear)
		return XTCP_WIRE_OFFSET;

	seg->seq = get32(hdr + 4);
	seg->ack = get32(hdr + 8);
	seg->flags = hdr[13];
	seg->wnd = get16(hdr + 14);
	if (unlikely(seg->flags & XTCP_URG))
		seg->up = get16(hdr + 18);
	seg->hlen = hlen;
	seg->len = total - hlen;
	seg->opts = 0;
	seg->bad_opts = false;
	seg->ecn = XTCP_ECN_NONE;
	if (hlen == XTCP_WIRE_HLEN)
		return XTCP_WIRE_OK;
	/* nearly every segment has this, and nothing else */
	if (likely(hlen == XTCP_WIRE_HLEN + XTCP_WIRE_TS_ROOM &&
		   get32(hdr + XTCP_WIRE_HLEN) == TS_ALIGNED))
		parse_ts(seg, hdr + XTCP_WIRE_HLEN + 2);
	else
		parse_options(seg, hdr + XTCP_WIRE_HLEN, hlen - XTCP_WIRE_HLEN);
	return XTCP_WIRE_OK;
}

/**
 * xtcp_wire_hlen - octets of header that a segment will have
 * @seg: the segment
 */
unsigned int xtcp_wire_hlen(const struct xtcp_seg *seg)
{
	unsigned int len = XTCP_WIRE_HLEN;

	if (seg->opts & XTCP_HAS_TS)
		len += XTCP_WIRE_TS_ROOM;
	if (likely(!(seg->opts & ~XTCP_HAS_TS)))
		return len;
	if (seg->opts & XTCP_HAS_MSS)
		len += XTCP_OPT_MSS_LEN;
	if (seg->opts & XTCP_HAS_WSCALE)
		len += 1 + XTCP_OPT_WSCALE_LEN;
	/* in place of the timestamps' NOPs, if they are there */
	if (seg->opts & XTCP_HAS_SACK_OK && !(seg->opts & XTCP_HAS_TS))
		len += 2 + XTCP_OPT_SACK_OK_LEN;
	if (seg->opts & XTCP_HAS_SACK)
		len += 4 + seg->nsack * XTCP_OPT_SACK_BLOCK;
	if (seg->opts & XTCP_HAS_FASTOPEN)
		len += (XTCP_OPT_FASTOPEN_LEN + seg->fo_len + 3) & ~3;
	return len;
}

static u8 *put_ts(const struct xtcp_seg *seg, u8 *opt)
{
	put32(opt, TS_ALIGNED);
	put32(opt + 4, seg->ts_val);
	put32(opt + 8, seg->ts_ecr);
	return opt + XTCP_WIRE_TS_ROOM;
}

static void put_sack(const struct xtcp_seg *seg, u8 *opt)
{
	u32 i;

	put32(opt, ALIGNED(XTCP_OPT_SACK, 2 + seg->nsack * XTCP_OPT_SACK_BLOCK));
	opt += 4;
	for (i = 0; i < seg->nsack; i++) {
		put32(opt, seg->sack[i].start);
		put32(opt + 4, seg->sack[i].end);
		opt += XTCP_OPT_SACK_BLOCK;
	}
}

/* With NOPs behind, up to four octets */
static void put_fastopen(const struct xtcp_seg *seg, u8 *opt)
{
	opt[0] = XTCP_OPT_FASTOPEN;
	opt[1] = XTCP_OPT_FASTOPEN_LEN + seg->fo_len;
	memcpy(opt + 2, seg->fo_cookie, seg->fo_len);
	if (seg->fo_len % 4 == 0) {
		opt[2 + seg->fo_len] = XTCP_OPT_NOP;
		opt[3 + seg->fo_len] = XTCP_OPT_NOP;
	}
}

/* In the order in which Linux TCP has them */
static void put_options(const struct xtcp_seg *seg, u8 *opt)
{
	bool sack_ok = seg->opts & XTCP_HAS_SACK_OK;

	if (seg->opts & XTCP_HAS_MSS) {
		*opt++ = XTCP_OPT_MSS;
		*opt++ = XTCP_OPT_MSS_LEN;
		put16(opt, seg->mss);
		opt += 2;
	}
	if (seg->opts & XTCP_HAS_TS) {
		u8 *at = opt;

		opt = put_ts(seg, opt);
		if (sack_ok) {
			at[0] = XTCP_OPT_SACK_OK;
			at[1] = XTCP_OPT_SACK_OK_LEN;
		}
	} else if (sack_ok) {
		put32(opt, ALIGNED(XTCP_OPT_SACK_OK, XTCP_OPT_SACK_OK_LEN));
		opt += 4;
	}
	if (seg->opts & XTCP_HAS_WSCALE) {
		*opt++ = XTCP_OPT_NOP;
		*opt++ = XTCP_OPT_WSCALE;
		*opt++ = XTCP_OPT_WSCALE_LEN;
		*opt++ = seg->wscale;
	}
	if (seg->opts & XTCP_HAS_SACK)
		put_sack(seg, opt);
	if (seg->opts & XTCP_HAS_FASTOPEN)
		put_fastopen(seg, opt);
}

/**
 * xtcp_wire_build - write a header
 * @seg: what it is to say
 * @hdr: xtcp_wire_hlen() octets; ports and checksum are left as they are
 */
void xtcp_wire_build(const struct xtcp_seg *seg, u8 *hdr)
{
	put32(hdr + 4, seg->seq);
	put32(hdr + 8, seg->flags & XTCP_ACK ? seg->ack : 0);
	hdr[12] = xtcp_wire_hlen(seg) / 4 << 4;
	hdr[13] = seg->flags;
	put16(hdr + 14, seg->wnd);
	put16(hdr + 18, unlikely(seg->flags & XTCP_URG) ? seg->up : 0);
	if (likely(seg->opts == XTCP_HAS_TS))
		put_ts(seg, hdr + XTCP_WIRE_HLEN);
	else if (seg->opts)
		put_options(seg, hdr + XTCP_WIRE_HLEN);
}
