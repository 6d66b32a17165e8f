// SPDX-License-Identifier: GPL-2.0
/*
 * SYNs of hosts that do not answer: half-open connections without a client's
 * socket, so that what they cost is the listener's alone.
 */
#include "bench.h"
#include "../../uapi/xtcp.h"

#include <arpa/inet.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#define FIRST_PORT	1024

/* What both transports offer on a SYN of their own: MSS, SACK, timestamps, a shift. */
static const uint8_t options[] = {
	2, 4, 0x05, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7,
};

struct segment {
	struct tcphdr head;
	uint8_t options[sizeof(options)];
};

struct packet {
	struct iphdr ip;
	struct segment segment;
};

/* What the checksum covers. */
struct covered {
	uint32_t from;
	uint32_t to;
	uint16_t protocol;
	uint16_t len;
	struct segment segment;
};

static uint16_t checksum(const struct packet *packet)
{
	struct covered covered = {
		.from = packet->ip.saddr,
		.to = packet->ip.daddr,
		.protocol = htons(packet->ip.protocol),
		.len = htons(sizeof(covered.segment)),
		.segment = packet->segment,
	};
	uint16_t words[sizeof(covered) / 2];
	uint32_t sum = 0;

	memcpy(words, &covered, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / 2; i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/**
 * syn_send() - send SYNs that nobody follows up
 * @bench: where to, over IPv4
 * @from: the address to send them from, of nobody
 * @count: from how many ports, one each
 *
 * A failure ends the program.
 */
void syn_send(const struct bench *bench, const char *from, size_t count)
{
	int protocol = bench->over == XTCP_OVER_TCP ? IPPROTO_TCP : IPPROTO_XTCP;
	int fd = socket(AF_INET, SOCK_RAW, IPPROTO_RAW);
	struct packet packet = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64,
			.protocol = (uint8_t)protocol },
	};

	if (fd < 0)
		err(1, "SOCK_RAW");
	packet.ip.saddr = inet_addr(from);
	packet.ip.daddr = bench->addr.in.sin_addr.s_addr;
	packet.segment.head.dest = bench->addr.in.sin_port;
	packet.segment.head.doff = sizeof(packet.segment) / 4;
	packet.segment.head.syn = 1;
	packet.segment.head.window = htons(65535);
	memcpy(packet.segment.options, options, sizeof(options));
	for (size_t i = 0; i < count; i++) {
		packet.segment.head.source = htons((uint16_t)(FIRST_PORT + i));
		packet.segment.head.check = 0;
		packet.segment.head.check = checksum(&packet);
		if (sendto(fd, &packet, sizeof(packet), 0, &bench->addr.sa,
			   bench->addr.len) != sizeof(packet))
			err(1, "sendto");
	}
	close(fd);
}
