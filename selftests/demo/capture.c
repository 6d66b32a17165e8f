// SPDX-License-Identifier: GPL-2.0
/*
 * capture IFACE FILE: write the headers of what passes an interface to a pcap
 * file, until told to end by SIGTERM.  Says "capturing" when it has begun, and
 * fails if a packet was missed: what the demo shows is all there was.
 */
#include <err.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include "xtcp.h"

/* Ethernet, IPv4 with options (IPv6 has 40 octets) and the longest TCP header */
#define SNAP		(ETH_HLEN + 60 + 60)
#define LINK_ETHERNET	1

/* https://www.tcpdump.org/manpages/pcap-savefile.5.html, nanoseconds */
struct pcap_head {
	uint32_t magic;
	uint16_t major;
	uint16_t minor;
	uint32_t zone;
	uint32_t accuracy;
	uint32_t snap;
	uint32_t link;
};

struct pcap_packet {
	uint32_t seconds;
	uint32_t nanoseconds;
	uint32_t kept;
	uint32_t length;
};

static volatile sig_atomic_t ending;

static void end(int signal)
{
	(void)signal;
	ending = 1;
}

static int open_tap(const char *iface)
{
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(iface),
	};
	int room = 64 << 20;
	int on = 1;
	int fd;

	if (!at.sll_ifindex)
		err(1, "%s", iface);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0)
		err(1, "AF_PACKET");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		err(1, "AF_PACKET on %s", iface);
	return fd;
}

/*
 * Return: how many of the @n octets at @data are headers; of what is neither
 * XTCP nor TCP all of them.  The payload would be most of the file, and nobody
 * looks at it.
 */
static size_t headers(const unsigned char *data, size_t n)
{
	size_t at = ETH_HLEN;
	int proto;

	if (n < at + 40)
		return n;
	if (data[at] >> 4 == 6) {
		proto = data[at + 6];
		at += 40;
	} else {
		proto = data[at + 9];
		at += (data[at] & 0xf) * 4;
	}
	if ((proto != IPPROTO_XTCP && proto != IPPROTO_TCP) || n < at + 20)
		return n;
	at += (data[at + 12] >> 4) * 4;
	return at < n ? at : n;
}

/* Return: 1, or 0 if no packet is waiting. */
static int keep_one(int fd, FILE *file)
{
	unsigned char data[SNAP];
	char control[CMSG_SPACE(sizeof(struct timespec))];
	struct iovec iov = { data, sizeof(data) };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	/* MSG_TRUNC: the length that it had, and not what fits */
	ssize_t n = recvmsg(fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	struct pcap_packet head = { 0 };
	struct cmsghdr *c;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		err(1, "recvmsg");
	head.length = (uint32_t)n;
	head.kept = (uint32_t)headers(data, n < SNAP ? (size_t)n : SNAP);
	for (c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
		if (c->cmsg_type == SCM_TIMESTAMPNS) {
			const struct timespec *t = (void *)CMSG_DATA(c);

			head.seconds = (uint32_t)t->tv_sec;
			head.nanoseconds = (uint32_t)t->tv_nsec;
		}
	}
	if (fwrite(&head, sizeof(head), 1, file) != 1 ||
	    fwrite(data, head.kept, 1, file) != 1)
		err(1, "write");
	return 1;
}

int main(int argc, char **argv)
{
	const struct pcap_head head = {
		.magic = 0xa1b23c4d,
		.major = 2,
		.minor = 4,
		.snap = SNAP,
		.link = LINK_ETHERNET,
	};
	struct sigaction act = { .sa_handler = end };
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);
	struct timespec wait = { .tv_sec = 3600 };
	struct pollfd ready;
	sigset_t term, usual;
	FILE *file;

	if (argc != 3)
		errx(2, "usage: capture IFACE FILE");
	ready.fd = open_tap(argv[1]);
	ready.events = POLLIN;
	file = fopen(argv[2], "we");
	if (!file || fwrite(&head, sizeof(head), 1, file) != 1)
		err(1, "%s", argv[2]);

	/* Taken only inside ppoll(), so that it cannot come just before. */
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &usual);
	sigaction(SIGTERM, &act, NULL);
	puts("capturing");
	fflush(stdout);
	while (!ending) {
		if (ppoll(&ready, 1, &wait, &usual) < 0 && errno != EINTR)
			err(1, "ppoll");
		while (keep_one(ready.fd, file))
			;
	}
	if (fclose(file))
		err(1, "%s", argv[2]);
	if (getsockopt(ready.fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len))
		err(1, "PACKET_STATISTICS");
	if (stats.tp_drops)
		errx(1, "%u packets were missed", stats.tp_drops);
	return 0;
}
