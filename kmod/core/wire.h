/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The header and its options as they stand in a packet (RFC 9293 3.1).
 *
 * To add an option: its kind and length here, a flag XTCP_HAS_* and a field in
 * struct xtcp_seg, a case in parse_option(), a few lines in put_options(), and
 * its length in xtcp_wire_hlen().
 */
#ifndef XTCP_CORE_WIRE_H
#define XTCP_CORE_WIRE_H

#include "seg.h"

#define XTCP_WIRE_HLEN 20	/* without options */
#define XTCP_WIRE_HLEN_MAX 60
#define XTCP_WIRE_CHECK 16	/* where the checksum stands */

#define XTCP_OPT_END 0
#define XTCP_OPT_NOP 1
#define XTCP_OPT_MSS 2
#define XTCP_OPT_MSS_LEN 4
#define XTCP_OPT_WSCALE 3
#define XTCP_OPT_WSCALE_LEN 3
#define XTCP_WSCALE_MAX 14	/* RFC 7323 2.3 */
#define XTCP_OPT_SACK_OK 4
#define XTCP_OPT_SACK_OK_LEN 2
#define XTCP_OPT_SACK 5
#define XTCP_OPT_SACK_BLOCK 8	/* octets a block, behind kind and length */
#define XTCP_OPT_TS 8
#define XTCP_OPT_TS_LEN 10
#define XTCP_OPT_FASTOPEN 34	/* RFC 7413 4.1.1 */
#define XTCP_OPT_FASTOPEN_LEN 2	/* with the cookie's octets behind */
/* what timestamps take of each segment, with the two NOPs that align them */
#define XTCP_WIRE_TS_ROOM 12

enum xtcp_wire_err {
	XTCP_WIRE_OK,
	XTCP_WIRE_SHORT,	/* fewer octets than a header has */
	XTCP_WIRE_OFFSET,	/* a data offset below 5 or behind the end */
};

unsigned int xtcp_wire_hlen(const struct xtcp_seg *seg);
enum xtcp_wire_err xtcp_wire_parse(struct xtcp_seg *seg, const u8 *hdr,
				   u32 linear, u32 total);
void xtcp_wire_build(const struct xtcp_seg *seg, u8 *hdr);

#endif
