/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Network namespaces for scenarios: loopback up, a second address on it for IPv6
 * (IPv4 has 127.0.0.0/8), and, for those who ask, a TUN device that nobody reads:
 * what is sent to its network is never answered.
 *
 * A namespace takes its time to make, on a debug kernel as much as ten scenarios:
 * netns_share() makes some before the scenarios' processes are forked, which take
 * turns in them. What one leaves behind (sockets that are still closing) the next
 * does not meet: ports of the kernel's choice, and a network of its own for the TUN
 * device. Who changes what is the whole namespace's (a sysctl) calls netns_enter()
 * first, and has one to itself.
 */
#ifndef XTCP_LIB_NETNS_H
#define XTCP_LIB_NETNS_H

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* As in linux/ipv6.h, which clashes with netinet/in.h. */
struct netns_in6_ifreq {
	struct in6_addr addr;
	uint32_t prefixlen;
	int ifindex;
};

static inline void netns_must(int ret, const char *what)
{
	if (ret < 0) {
		fprintf(stderr, "# netns: %s: %s\n", what, strerror(errno));
		exit(1);
	}
}

static inline void netns_up(const char *dev)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { 0 };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	netns_must(ioctl(fd, SIOCGIFFLAGS, &ifr), dev);
	ifr.ifr_flags |= IFF_UP;
	netns_must(ioctl(fd, SIOCSIFFLAGS, &ifr), dev);
	close(fd);
}

/* Loopback's own 64 KiB would make every window look silly. */
static inline void netns_mtu(const char *dev, int mtu)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { .ifr_mtu = mtu };

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	netns_must(ioctl(fd, SIOCSIFMTU, &ifr), "SIOCSIFMTU");
	close(fd);
}

static inline void netns_add4(const char *dev, const char *addr, const char *mask)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	struct ifreq ifr = { 0 };
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;

	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", dev);
	sin->sin_family = AF_INET;
	inet_pton(AF_INET, addr, &sin->sin_addr);
	netns_must(ioctl(fd, SIOCSIFADDR, &ifr), addr);
	inet_pton(AF_INET, mask, &sin->sin_addr);
	netns_must(ioctl(fd, SIOCSIFNETMASK, &ifr), mask);
	close(fd);
}

/* Does a route make this address one of the host's own? */
static inline bool netns_local6(const struct in6_addr *addr)
{
	char want[40], line[256];
	bool found = false;
	FILE *f = fopen("/proc/thread-self/net/ipv6_route", "re");
	int i;

	netns_must(f ? 0 : -1, "ipv6_route");
	for (i = 0; i < 16; i++)
		sprintf(want + 2 * i, "%02x", addr->s6_addr[i]);
	strcat(want, " 80 ");
	while (!found && fgets(line, sizeof(line), f))
		found = !strncmp(line, want, strlen(want));
	fclose(f);
	return found;
}

/*
 * A new IPv6 address is tentative until the kernel's worker has looked at it, and
 * takes packets only when the worker, a moment later, has added its route.
 */
static inline void netns_wait6(const struct in6_addr *addr)
{
	struct sockaddr_in6 sa = { .sin6_family = AF_INET6, .sin6_addr = *addr };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), left = 10000;

	while (bind(fd, (struct sockaddr *)&sa, sizeof(sa)) && left--)
		poll(NULL, 0, 1);
	while (!netns_local6(addr) && left--)
		poll(NULL, 0, 1);
	netns_must(left < 0 ? -1 : 0, "an IPv6 address that stays tentative");
	close(fd);
}

static inline void netns_add6(const char *dev, const char *addr, int prefixlen)
{
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	struct netns_in6_ifreq req = {
		.prefixlen = prefixlen,
		.ifindex = if_nametoindex(dev),
	};

	inet_pton(AF_INET6, addr, &req.addr);
	netns_must(ioctl(fd, SIOCSIFADDR, &req), addr);
	close(fd);
	netns_wait6(&req.addr);
}

/* Set it if the kernel has it: older ones then behave as the newer with 0. */
static inline void netns_sysctl(const char *name, const char *value)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/proc/sys/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	netns_must(write(fd, value, strlen(value)), path);
	close(fd);
}

static inline void netns_enter(void)
{
	netns_must(unshare(geteuid() ? CLONE_NEWNET | CLONE_NEWUSER : CLONE_NEWNET),
		   "unshare");
	netns_mtu("lo", 1500);
	netns_up("lo");
	netns_add6("lo", "::2", 128);
	/*
	 * What XTCP does not do, TCP must not either: the first SYNs come again at
	 * even intervals, and no connection knows what another has learnt.
	 */
	netns_sysctl("net/ipv4/tcp_syn_linear_timeouts", "0");
	netns_sysctl("net/ipv4/tcp_no_metrics_save", "1");
}

/* By side (the measure, what is measured) and host (cross.h has two). */
#define NETNS_SIDES 2
#define NETNS_HOSTS 2
static int netns_shared[NETNS_SIDES][NETNS_HOSTS] = { { -1, -1 }, { -1, -1 } };
/* The network of this scenario's TUN devices. */
static unsigned int netns_number;

/* For each side, namespaces for HOSTS hosts; this process stays where it is. */
static inline void netns_share(int hosts)
{
	int own, side, host;

	/* Only root comes back from where it has been. */
	if (geteuid())
		return;
	own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	netns_must(own, "ns/net");
	for (side = 0; side < NETNS_SIDES; side++) {
		for (host = 0; host < hosts; host++) {
			netns_enter();
			netns_shared[side][host] =
				open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
			netns_must(netns_shared[side][host], "ns/net");
		}
	}
	netns_must(setns(own, CLONE_NEWNET), "setns");
	close(own);
}

/* Into the shared namespace, or, where there is none, into a fresh one. */
static inline void netns_join(int side, int host)
{
	if (netns_shared[side][host] < 0)
		netns_enter();
	else
		netns_must(setns(netns_shared[side][host], CLONE_NEWNET), "setns");
}

/* The address of HOST (1 or 2) in the network of this scenario's TUN devices. */
static inline const char *netns_addr(int family, int host)
{
	static char text[4][40];
	static unsigned int turn;
	char *p = text[turn++ % 4];

	if (family == AF_INET6)
		snprintf(p, sizeof(text[0]), "2001:db8:%x::%d", netns_number + 1, host);
	else	/* 198.18.0.0/15 is for tests between two networks */
		snprintf(p, sizeof(text[0]), "198.%u.%u.%d", 18 + (netns_number >> 8) % 2,
			 netns_number & 255, host);
	return p;
}

/*
 * A TUN device named NAME with these addresses, up. What the host sends to its
 * networks can be read from the descriptor, and what is written to it arrives.
 */
static inline int netns_tun(const char *name, const char *addr4, const char *addr6)
{
	struct ifreq ifr = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);

	netns_must(fd, "/dev/net/tun");
	snprintf(ifr.ifr_name, IFNAMSIZ, "%s", name);
	netns_must(ioctl(fd, TUNSETIFF, &ifr), "TUNSETIFF");
	netns_add4(name, addr4, "255.255.255.0");
	netns_up(name);
	netns_add6(name, addr6, 64);
	return fd;
}

/* The network of netns_addr() becomes silent; host 1 is ourselves. */
static inline void netns_silent(void)
{
	/* The device lives as long as the descriptor: until the process ends. */
	netns_tun("silent", netns_addr(AF_INET, 1), netns_addr(AF_INET6, 1));
}

#endif
