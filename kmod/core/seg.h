/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A segment as the core sees it: the header's fields in host order, without
 * ports, checksum and payload, which stay with the shell. The same struct
 * describes a segment that came in and one that is to go out.
 */
#ifndef XTCP_CORE_SEG_H
#define XTCP_CORE_SEG_H

#include "types.h"

/* Control bits, RFC 9293 3.1 */
#define XTCP_FIN 0x01
#define XTCP_SYN 0x02
#define XTCP_RST 0x04
#define XTCP_PSH 0x08
#define XTCP_ACK 0x10
#define XTCP_URG 0x20
#define XTCP_ECE 0x40	/* RFC 3168 */
#define XTCP_CWR 0x80

/* IP's ECN field, RFC 3168 section 5 */
#define XTCP_ECN_NONE 0
#define XTCP_ECN_ECT1 1
#define XTCP_ECN_ECT0 2
#define XTCP_ECN_CE 3

/* Which options a segment carries */
#define XTCP_HAS_MSS 0x01
#define XTCP_HAS_WSCALE 0x02
#define XTCP_HAS_TS 0x04
#define XTCP_HAS_SACK_OK 0x08
#define XTCP_HAS_SACK 0x10
#define XTCP_HAS_FASTOPEN 0x20

/* Blocks that a header of 60 octets has room for */
#define XTCP_SACK_MAX 4

/* A Fast Open cookie has so many octets (RFC 7413 4.1.1) */
#define XTCP_FASTOPEN_MIN 4
#define XTCP_FASTOPEN_MAX 16

/* An MSS option below this is raised to it: headers would outweigh payload */
#define XTCP_MSS_MIN 48

/* Why a segment goes out; output.c sets it, xtcp_output_commit() reads it */
enum xtcp_tx_kind {
	XTCP_TX_ACK,	/* nothing but an acknowledgment */
	XTCP_TX_NEW,	/* sequence space never sent before */
	XTCP_TX_RTX,	/* sent again */
	XTCP_TX_PROBE,	/* an octet into a zero window */
	XTCP_TX_KEEP,	/* an old number, for the peer to answer */
	XTCP_TX_MTU,	/* new, and one segment, though larger than MSS */
};

/* A range of octets: @start is in it, @end is not */
struct xtcp_range {
	u32 start;
	u32 end;
};

/**
 * struct xtcp_seg - one segment's header
 * @seq: SEG.SEQ
 * @ack: SEG.ACK, meaningful with XTCP_ACK
 * @len: octets of payload; SYN and FIN are not counted
 * @wnd: SEG.WND as in the header, not scaled
 * @up: SEG.UP as in the header, relative to @seq, with XTCP_URG
 * @mss: value of the MSS option, with XTCP_HAS_MSS
 * @flags: XTCP_FIN and so on
 * @opts: XTCP_HAS_*
 * @wscale: shift of the window scale option, with XTCP_HAS_WSCALE
 * @hlen: octets of header with options
 * @kind: enum xtcp_tx_kind, outgoing only
 * @bad_opts: an option was malformed, and parsing ended there; incoming only
 * @ecn: XTCP_ECN_*; the shell sets it in what comes in
 * @nsack: blocks in @sack, with XTCP_HAS_SACK; else undefined
 * @fo_len: octets in @fo_cookie, with XTCP_HAS_FASTOPEN; 0 asks for a cookie
 * @ts_val: TSval, with XTCP_HAS_TS
 * @ts_ecr: TSecr, with XTCP_HAS_TS; 0 in a segment without ACK
 * @sack: blocks of the SACK option, in its order, as they came
 * @fo_cookie: the Fast Open option's; a SYN has no blocks
 */
struct xtcp_seg {
	u32 seq;
	u32 ack;
	u32 len;
	u16 wnd;
	u16 up;
	u16 mss;
	u8 flags;
	u8 opts;
	u8 wscale;
	u8 hlen;
	u8 kind;
	bool bad_opts;
	union {
		u8 nsack;
		u8 fo_len;
	};
	u8 ecn;
	u32 ts_val;
	u32 ts_ecr;
	union {
		struct xtcp_range sack[XTCP_SACK_MAX];
		u8 fo_cookie[XTCP_FASTOPEN_MAX];
	};
};

/* SEG.LEN of RFC 9293: the sequence space that the segment occupies */
static inline u32 xtcp_seg_span(const struct xtcp_seg *seg)
{
	return seg->len + !!(seg->flags & XTCP_SYN) +
	       !!(seg->flags & XTCP_FIN);
}

/* The sequence number behind the segment's last octet */
static inline u32 xtcp_seg_end(const struct xtcp_seg *seg)
{
	return seg->seq + xtcp_seg_span(seg);
}

/* The SYN is dealt with: what is left of the segment */
static inline void xtcp_seg_strip_syn(struct xtcp_seg *seg)
{
	seg->flags &= ~XTCP_SYN;
	seg->seq++;
	if (!(seg->flags & XTCP_URG))
		return;
	if (seg->up > 1)
		seg->up--;
	else
		seg->flags &= ~XTCP_URG;	/* at the SYN itself */
}

#endif
