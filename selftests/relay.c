// SPDX-License-Identifier: GPL-2.0
/*
 * Carries IP packets between two network namespaces through a TUN device in each, and
 * loses, delays, reorders, duplicates and corrupts them, by a seed. Unlike netem's its
 * corruption hits any byte of a segment, payload too.
 *
 *   relay [OPTIONS] NAMESPACE NAMESPACE    (as `ip netns` names them)
 *
 *   -l PERCENT  lose        -d MS       delay each way
 *   -r PERCENT  reorder: these overtake, without the delay
 *   -u PERCENT  duplicate   -c PERCENT  corrupt one byte behind the IP header
 *   -s SEED     (1)         -m MTU      (1500)
 *   -h SIZE     a hole: swallow what is larger, and say nothing
 *
 * The devices are named relay and get 10.9.0.1/24 and .2, fd09::1/64 and ::2. Says
 * "ready" when they are up; at SIGTERM says what it did and ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DEV "relay"
#define PACKET_MAX 9216
#define QUEUE_MAX 20000

struct packet {
	struct packet *next;
	int64_t due;		/* ns */
	int to;			/* side */
	size_t len;
	uint8_t data[];
};

static struct {
	double lose, reorder, duplicate, corrupt, delay_ms;
	int mtu, hole;
	uint64_t seed;
} o = { .mtu = 1500, .seed = 1 };

static struct {
	unsigned long long passed, lost, reordered, duplicated, corrupted, swallowed, overflow;
} did;

static int tun[2];
static struct packet *head, *tail[2];	/* in order of due; the last delayed per side */
static int queued;
static volatile sig_atomic_t stop;

static uint64_t rnd(void)
{
	uint64_t x = o.seed += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

static int chance(double percent)
{
	return (rnd() >> 11) * (100.0 / (1ULL << 53)) < percent;
}

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);

	if (fd < 0)
		return;
	if (write(fd, text, strlen(text)) < 0)
		die(path);
	close(fd);
}

static void configure(int side)
{
	struct in6_ifreq ifr6 = { .ifr6_prefixlen = 64 };
	struct ifreq ifr = { .ifr_name = DEV };
	struct sockaddr_in *sin = (struct sockaddr_in *)&ifr.ifr_addr;
	int s = socket(AF_INET, SOCK_DGRAM, 0);
	int s6 = socket(AF_INET6, SOCK_DGRAM, 0);

	sin->sin_family = AF_INET;
	sin->sin_addr.s_addr = htonl(0x0a090001 + side);
	if (ioctl(s, SIOCSIFADDR, &ifr))
		die("IPv4 address");
	sin->sin_addr.s_addr = htonl(0xffffff00);
	if (ioctl(s, SIOCSIFNETMASK, &ifr))
		die("netmask");
	ifr.ifr_mtu = o.mtu;
	if (ioctl(s, SIOCSIFMTU, &ifr))
		die("MTU");
	if (ioctl(s, SIOCGIFFLAGS, &ifr))
		die("flags");
	ifr.ifr_flags |= IFF_UP;
	if (ioctl(s, SIOCSIFFLAGS, &ifr))
		die("up");
	if (o.mtu >= 1280) {
		if (ioctl(s, SIOCGIFINDEX, &ifr))
			die("index");
		ifr6.ifr6_ifindex = ifr.ifr_ifindex;
		inet_pton(AF_INET6, side ? "fd09::2" : "fd09::1", &ifr6.ifr6_addr);
		if (ioctl(s6, SIOCSIFADDR, &ifr6))
			die("IPv6 address");
	}
	close(s);
	close(s6);
}

static void open_side(int side, const char *ns)
{
	struct ifreq ifr = { .ifr_name = DEV, .ifr_flags = IFF_TUN | IFF_NO_PI };
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "/var/run/netns/%s", ns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
	write_file("/proc/sys/net/ipv6/conf/default/accept_dad", "0");
	tun[side] = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
	if (tun[side] < 0 || ioctl(tun[side], TUNSETIFF, &ifr))
		die("/dev/net/tun");
	configure(side);
}

static void insert(struct packet *p)
{
	struct packet **at = &head;

	/* Most go behind the last of their side. */
	if (tail[p->to] && tail[p->to]->due <= p->due)
		at = &tail[p->to]->next;
	while (*at && (*at)->due <= p->due)
		at = &(*at)->next;
	p->next = *at;
	*at = p;
	if (!tail[p->to] || tail[p->to]->due <= p->due)
		tail[p->to] = p;
	queued++;
}

static void add(int to, const uint8_t *data, size_t len, int64_t due)
{
	struct packet *p;

	if (queued >= QUEUE_MAX) {
		did.overflow++;
		return;
	}
	p = malloc(sizeof(*p) + len);
	if (!p)
		die("memory");
	p->due = due;
	p->to = to;
	p->len = len;
	memcpy(p->data, data, len);
	insert(p);
}

static void judge(int from, uint8_t *data, size_t len)
{
	size_t hdr = data[0] >> 4 == 4 ? (data[0] & 15) * 4 : 40;
	int64_t due = now() + (int64_t)(o.delay_ms * 1e6);
	int copies = 1;

	if (o.hole && len > o.hole) {
		did.swallowed++;
		return;
	}
	if (chance(o.lose)) {
		did.lost++;
		return;
	}
	if (chance(o.corrupt) && len > hdr) {
		data[hdr + rnd() % (len - hdr)] ^= 1 + rnd() % 255;
		did.corrupted++;
	}
	if (chance(o.reorder)) {
		due = now();
		did.reordered++;
	}
	if (chance(o.duplicate)) {
		copies = 2;
		did.duplicated++;
	}
	while (copies--)
		add(!from, data, len, due);
}

static void send_due(void)
{
	struct packet *p;

	while ((p = head) && p->due <= now()) {
		/* A full device loses, as a link does. */
		if (write(tun[p->to], p->data, p->len) == (ssize_t)p->len)
			did.passed++;
		else
			did.overflow++;
		head = p->next;
		if (tail[p->to] == p)
			tail[p->to] = NULL;
		queued--;
		free(p);
	}
}

static void run(void)
{
	struct pollfd pfd[2] = {
		{ .fd = tun[0], .events = POLLIN }, { .fd = tun[1], .events = POLLIN },
	};
	uint8_t buf[PACKET_MAX];
	struct timespec ts;
	int64_t left;
	sigset_t none;
	ssize_t n;
	int side, k;

	sigemptyset(&none);
	while (!stop) {
		left = head ? head->due - now() : 0;
		if (left < 0)
			left = 0;
		ts.tv_sec = left / 1000000000;
		ts.tv_nsec = left % 1000000000;
		ppoll(pfd, 2, head ? &ts : NULL, &none);
		for (side = 0; side < 2; side++) {
			for (k = 0; k < 64; k++) {
				n = read(tun[side], buf, sizeof(buf));
				if (n <= 0)
					break;
				judge(side, buf, n);
			}
		}
		send_due();
	}
}

static void on_term(int sig)
{
	(void)sig;
	stop = 1;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = on_term };
	sigset_t sigs;
	int c;

	while ((c = getopt(argc, argv, "l:r:u:c:d:s:m:h:")) != -1) {
		double v = optarg ? atof(optarg) : 0;

		switch (c) {
		case 'l':
			o.lose = v;
			break;
		case 'r':
			o.reorder = v;
			break;
		case 'u':
			o.duplicate = v;
			break;
		case 'c':
			o.corrupt = v;
			break;
		case 'd':
			o.delay_ms = v;
			break;
		case 's':
			o.seed = strtoull(optarg, NULL, 0);
			break;
		case 'm':
			o.mtu = v;
			break;
		case 'h':
			o.hole = v;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 2) {
		fprintf(stderr, "relay: two namespaces, please\n");
		return 2;
	}
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGINT, &sa, NULL);
	/* Signals come in ppoll() alone, so that none is missed. */
	sigemptyset(&sigs);
	sigaddset(&sigs, SIGTERM);
	sigaddset(&sigs, SIGINT);
	sigprocmask(SIG_BLOCK, &sigs, NULL);
	open_side(0, argv[optind]);
	open_side(1, argv[optind + 1]);
	printf("ready\n");
	fflush(stdout);
	run();
	printf("passed %llu, lost %llu, reordered %llu, duplicated %llu, corrupted %llu, swallowed %llu, overflowed %llu\n",
	       did.passed, did.lost, did.reordered, did.duplicated, did.corrupted,
	       did.swallowed, did.overflow);
	return 0;
}
