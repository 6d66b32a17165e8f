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
int wire_packet_send_probe(struct wire *w, uint16_t id);

#endif
