/* SPDX-License-Identifier: GPL-2.0 */
/* Packets as bytes: built for and parsed from the TUN device of wire.h. */
#ifndef XTCP_SELFTESTS_WIRE_PACKET_H
#define XTCP_SELFTESTS_WIRE_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "wire.h"

enum wire_pkt {
	WIRE_PKT_NONE,
	WIRE_PKT_SEG,
	WIRE_PKT_PROBE,
	WIRE_PKT_OTHER,
};

enum wire_pkt wire_packet_parse(struct wire *w, const uint8_t *buf, size_t n,
				struct wire_seg *seg, uint16_t *probe);

/*
 * For packets that are made byte by byte: an IP header for @len bytes behind it, the
 * checksum of the segment or of the ICMP message at @t (offset @at in it) set right, and
 * the packet sent as it is.
 */
size_t wire_packet_ip(uint8_t *pkt, int family, int proto, const struct wire_addr *src,
		      const struct wire_addr *dst, size_t len);
void wire_packet_sum(int family, int proto, const uint8_t *ip, uint8_t *t, size_t len,
		     size_t at);
void wire_packet_sum_ip(uint8_t *pkt, int family);
int wire_packet_send(struct wire *w, uint8_t *pkt, size_t n);
int wire_packet_send_probe(struct wire *w, uint16_t id);

#endif
