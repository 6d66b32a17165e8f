// SPDX-License-Identifier: GPL-2.0
/*
 * From octets to struct xtcp_seg and back. Ports and checksum are the shell's.
 */
#include "wire.h"

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

/* One option of known kind; of a wrong length, it is passed over */
static void parse_option(struct xtcp_seg *seg, const u8 *opt, u32 len)
{
	/* RFC 9293 3.2 and RFC 7323 2.2: both only on a SYN */
	if (!(seg->flags & XTCP_SYN))
		return;
	if (opt[0] == XTCP_OPT_MSS) {
		if (len != XTCP_OPT_MSS_LEN) {
			seg->bad_opts = true;
			return;
		}
		seg->mss = get16(opt + 2);
		seg->opts |= XTCP_HAS_MSS;
	} else if (opt[0] == XTCP_OPT_WSCALE) {
		if (len != XTCP_OPT_WSCALE_LEN) {
			seg->bad_opts = true;
			return;
		}
		seg->wscale = min_t(u8, opt[2], XTCP_WSCALE_MAX);
		seg->opts |= XTCP_HAS_WSCALE;
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
		parse_option(seg, opt, len);
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
	seg->flags = hdr[13] & 0x3f;
	seg->wnd = get16(hdr + 14);
	seg->hlen = hlen;
	seg->len = total - hlen;
	seg->opts = 0;
	seg->bad_opts = false;
	if (unlikely(hlen > XTCP_WIRE_HLEN))
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

	if (seg->opts & XTCP_HAS_MSS)
		len += XTCP_OPT_MSS_LEN;
	if (seg->opts & XTCP_HAS_WSCALE)
		len += 1 + XTCP_OPT_WSCALE_LEN;
	return len;
}

static void put_options(const struct xtcp_seg *seg, u8 *opt)
{
	if (seg->opts & XTCP_HAS_MSS) {
		*opt++ = XTCP_OPT_MSS;
		*opt++ = XTCP_OPT_MSS_LEN;
		put16(opt, seg->mss);
		opt += 2;
	}
	if (seg->opts & XTCP_HAS_WSCALE) {
		*opt++ = XTCP_OPT_NOP;
		*opt++ = XTCP_OPT_WSCALE;
		*opt++ = XTCP_OPT_WSCALE_LEN;
		*opt++ = seg->wscale;
	}
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
	put16(hdr + 18, 0);
	if (seg->opts)
		put_options(seg, hdr + XTCP_WIRE_HLEN);
}
