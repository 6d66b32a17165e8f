/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A network namespace for one scenario: loopback up, a second address on it for
 * IPv6 (IPv4 has 127.0.0.0/8), and, for those who ask, a TUN device that nobody
 * reads: what is sent to its network is never answered.
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
	 * even intervals.
	 */
	netns_sysctl("net/ipv4/tcp_syn_linear_timeouts", "0");
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

/* 198.51.100.0/24 and 2001:db8:1::/64 become silent; .1 and ::1 are our own. */
static inline void netns_silent(void)
{
	/* The device lives as long as the descriptor: until the process ends. */
	netns_tun("silent", "198.51.100.1", "2001:db8:1::1");
}

#endif
