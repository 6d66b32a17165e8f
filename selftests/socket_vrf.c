// SPDX-License-Identifier: GPL-2.0
/*
 * VRFs beside TCP: which sockets get which connections, by which network theirs go
 * out, who may share a port with whom, link-local addresses.
 *
 *   host, plain: main 10.0.0.1, fd00::1 ------ 10.0.0.2, fd00::2 wire, a peer
 *   VRF red:     eth1 10.0.0.1, fd00::1 ------ 10.0.0.2, fd00::2 wire, another
 *   VRF blue:    eth2 10.0.0.1, fd00::1 ------ 10.0.0.2, fd00::2 wire, a third
 *
 * The addresses are the same everywhere: only the network tells them apart. On each
 * link there are fe80::1 and fe80::2, too.
 */
#include "lib/socktest.h"

enum place { PLAIN, RED, BLUE, PLACES, HOST = PLACES };

static const char *const place_text[] = { "plain", "red", "blue" };
static const char *const links[] = { "main", "eth1", "eth2" };
static int spaces[NETNS_SIDES][PLACES + 1];

/* The devices that a socket may be bound to, or to none */
static const char *const devices[] = { "", "main", "red", "eth1", "blue", "eth2" };

static const char *device_text(const char *dev)
{
	return dev[0] ? dev : "no device";
}

static void enter(int side, int place)
{
	netns_must(setns(spaces[side][place], CLONE_NEWNET), "setns");
}

static int space_now(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY);

	netns_must(fd, "ns/net");
	return fd;
}

__attribute__((format(printf, 1, 2)))
static void run(const char *fmt, ...)
{
	char command[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (system(command)) {
		fprintf(stderr, "# failed: %s\n", command);
		exit(1);
	}
}

/* A link's end, with the addresses of host N */
static void link_end(const char *dev, int n)
{
	run("ip link set %s addrgenmode none && ip link set %s up && "
	    "ip addr add 10.0.0.%d/24 dev %s && ip addr add fd00::%d/64 dev %s nodad && "
	    "ip addr add fe80::%d/64 dev %s nodad", dev, dev, n, dev, n, dev, n, dev);
}

static void make_side(int side)
{
	int i;

	netns_enter();
	spaces[side][HOST] = space_now();
	run("for f in 4 6; do ip -$f rule add pref 32765 table local; ip -$f rule del pref 0; done");
	for (i = 0; i < PLACES; i++) {
		netns_enter();
		spaces[side][i] = space_now();
		enter(side, HOST);
		run("ip link add %s type veth peer name wire netns /proc/%d/fd/%d", links[i],
		    getpid(), spaces[side][i]);
		if (i != PLAIN)
			run("ip link add %s type vrf table %d && ip link set %s up && "
			    "ip link set %s master %s", place_text[i], 10 + i, place_text[i],
			    links[i], place_text[i]);
		link_end(links[i], 1);
		enter(side, i);
		link_end("wire", 2);
		enter(side, HOST);
	}
}

/* No connection is for sockets of a side, unless a scenario says so */
static void share(struct ctx *c, bool on)
{
	enter(c->side, HOST);
	netns_sysctl(c->kind->tcp ? "net/ipv4/tcp_l3mdev_accept" : "net/xtcp/l3mdev_accept",
		     on ? "1" : "0");
}

/* Each scenario has ports of its own, and several for itself */
static unsigned short port_no(int n)
{
	return 20000 + 200 * netns_number + n;
}

static struct addr addr_no(const struct ctx *c, int host, unsigned short port)
{
	char text[16];

	snprintf(text, sizeof(text), is6(c) ? "fd00::%d" : "10.0.0.%d", host);
	return addr_of(c->kind->family, text, port);
}

/* A socket in a namespace, bound to a device */
static int sk_at(struct ctx *c, int place, const char *dev)
{
	int fd, one = 1;

	enter(c->side, place);
	fd = must(c, sk_settled_flags(c, SOCK_NONBLOCK));
	must(c, set_int(fd, SOL_SOCKET, SO_REUSEADDR, one));
	if (dev[0])
		must(c, setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, dev, strlen(dev)));
	return fd;
}

static int listener_at(struct ctx *c, int place, const char *dev, unsigned short port)
{
	struct addr a = addr_at(c, ANY, port);
	int fd = sk_at(c, place, dev);

	must(c, bind(fd, &a.sa, a.len));
	must(c, listen(fd, 16));
	return fd;
}

static void rec_device(struct ctx *c, const char *what, int fd)
{
	char name[IFNAMSIZ] = "";
	socklen_t len = sizeof(name);

	if (getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len))
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: bound to %s", what, device_text(name));
}

/* Octets both ways */
static void exchange(struct ctx *c, const char *what, int a, int b)
{
	char text[80];

	must(c, send(a, "there", 5, 0));
	must(c, send(b, "back", 4, 0));
	wait_poll(c, b, POLLIN);
	wait_poll(c, a, POLLIN);
	snprintf(text, sizeof(text), "%s: there", what);
	rec_recv(c, text, b, 16, 0);
	snprintf(text, sizeof(text), "%s: back", what);
	rec_recv(c, text, a, 16, 0);
}

/* The end of connect(), or what came of it within a while */
static int outcome(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (poll(&p, 1, 700) <= 0)
		return EINPROGRESS;
	return get_int(fd, SOL_SOCKET, SO_ERROR);
}

/* One connection from a place to the host; the ends, or -1 */
static struct pair call(struct ctx *c, const char *what, int place, unsigned short sport,
			const struct addr *to, int ls)
{
	struct addr from = addr_no(c, 2, sport);
	struct pair p = { .cl = sk_at(c, place, ""), .sv = -1 };
	int err;

	if (sport)
		must(c, bind(p.cl, &from.sa, from.len));
	err = connect(p.cl, &to->sa, to->len) ? errno : 0;
	if (err == EINPROGRESS)
		err = outcome(p.cl);
	rec(c, "%s from %s: %s", what, place_text[place], errno_text(err));
	if (err)
		return p;
	wait_poll(c, ls, POLLIN);
	p.sv = must(c, accept4(ls, NULL, NULL, SOCK_NONBLOCK));
	rec_device(c, what, p.sv);
	exchange(c, what, p.cl, p.sv);
	return p;
}

static void hang_up(struct pair p)
{
	sk_abort(p.cl);
	if (p.sv >= 0)
		close(p.sv);
}

static void listeners(struct ctx *c, bool shared)
{
	struct addr to;
	char what[80];
	size_t i;
	int place, ls;

	share(c, shared);
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		to = addr_no(c, 1, port_no(i));
		ls = listener_at(c, HOST, devices[i], port_no(i));
		for (place = 0; place < PLACES; place++) {
			snprintf(what, sizeof(what), "listener on %s, call", device_text(devices[i]));
			hang_up(call(c, what, place, 0, &to, ls));
		}
		close(ls);
	}
}

SCENARIO(listeners_apart)
{
	listeners(c, false);
}

SCENARIO(listeners_shared)
{
	listeners(c, true);
	share(c, false);
}

/* A listener for each network, all on one port */
static void one_port(struct ctx *c, bool shared, bool reuseport)
{
	static const char *const bound[] = { "", "red", "eth2" };
	struct addr a = addr_at(c, ANY, port_no(0)), to = addr_no(c, 1, port_no(0));
	struct pair p[PLACES];
	int ls[PLACES], i;

	share(c, shared);
	for (i = 0; i < PLACES; i++) {
		ls[i] = sk_at(c, HOST, bound[i]);
		set_int(ls[i], SOL_SOCKET, SO_REUSEPORT, reuseport);
		rc(c, device_text(bound[i]), bind(ls[i], &a.sa, a.len) ?: listen(ls[i], 4));
	}
	/* and from one port: all that tells the connections apart is the network */
	for (i = 0; i < PLACES; i++)
		p[i] = call(c, place_text[i], i, port_no(1), &to, shared && !reuseport ? ls[0] : ls[i]);
	for (i = PLACES; i-- && p[i].sv >= 0;)
		exchange(c, place_text[i], p[i].cl, p[i].sv);
	for (i = 0; i < PLACES; i++) {
		hang_up(p[i]);
		close(ls[i]);
	}
}

SCENARIO(one_port_apart)
{
	one_port(c, false, false);
}

SCENARIO(one_port_shared)
{
	one_port(c, true, true);
	one_port(c, true, false);
	share(c, false);
}

/* By which network does a client go */
SCENARIO(clients)
{
	struct addr to = addr_no(c, 2, port_no(0)), from = addr_no(c, 1, port_no(1));
	int ls[PLACES], fd[ARRAY_SIZE(devices)], sv, place, err;
	size_t i;

	for (place = 0; place < PLACES; place++)
		ls[place] = listener_at(c, place, "", port_no(0));
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		fd[i] = sk_at(c, HOST, devices[i]);
		rc(c, "bind", bind(fd[i], &from.sa, from.len));
		err = connect(fd[i], &to.sa, to.len) ? errno : 0;
		if (err == EINPROGRESS)
			err = outcome(fd[i]);
		rec(c, "%s: %s", device_text(devices[i]), errno_text(err));
		if (err)
			continue;
		for (place = 0; place < PLACES; place++) {
			struct pollfd p = { .fd = ls[place], .events = POLLIN };

			if (poll(&p, 1, 0) != 1)
				continue;
			sv = must(c, accept4(ls[place], NULL, NULL, SOCK_NONBLOCK));
			rec(c, "%s: goes to %s", device_text(devices[i]), place_text[place]);
			exchange(c, device_text(devices[i]), fd[i], sv);
		}
		rec_device(c, "the client", fd[i]);
	}
	/* all of them at once, and alive */
	for (i = 0; i < ARRAY_SIZE(devices); i++)
		rec_state(c, device_text(devices[i]), fd[i]);
}

/* May both have the port? Each pair of devices, with a listener or without */
static void conflicts(struct ctx *c, bool shared, bool reuse, bool listens)
{
	struct addr a = addr_at(c, ANY, port_no(0));
	char what[80];
	size_t i, k;
	int one, other;

	share(c, shared);
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		for (k = 0; k < ARRAY_SIZE(devices); k++) {
			one = sk_at(c, HOST, devices[i]);
			other = sk_at(c, HOST, devices[k]);
			must(c, set_int(one, SOL_SOCKET, SO_REUSEADDR, reuse));
			must(c, set_int(other, SOL_SOCKET, SO_REUSEADDR, reuse));
			must(c, bind(one, &a.sa, a.len));
			if (listens)
				must(c, listen(one, 1));
			snprintf(what, sizeof(what), "shared %d reuse %d listens %d: %s, then %s",
				 shared, reuse, listens, device_text(devices[i]),
				 device_text(devices[k]));
			rc(c, what, bind(other, &a.sa, a.len) ?: listen(other, 1));
			close(one);
			close(other);
		}
	}
}

SCENARIO(port_conflicts)
{
	int i;

	for (i = 0; i < 8; i++)
		conflicts(c, i & 4, i & 2, i & 1);
	share(c, false);
}

/* The addresses of a VRF are its own */
SCENARIO(addresses)
{
	struct addr a = addr_no(c, 1, 0);
	size_t i;
	int fd;

	enter(c->side, HOST);
	run("ip addr add %s dev eth1 %s", is6(c) ? "fd00::77/64" : "10.0.0.77/24",
	    is6(c) ? "nodad" : "");
	a = addr_of(c->kind->family, is6(c) ? "fd00::77" : "10.0.0.77", 0);
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		fd = sk_at(c, HOST, devices[i]);
		rc(c, device_text(devices[i]), bind(fd, &a.sa, a.len));
	}
	run("ip addr del %s dev eth1", is6(c) ? "fd00::77/64" : "10.0.0.77/24");
}

/* SO_BINDTODEVICE and SO_BINDTOIFINDEX of what is in use already */
SCENARIO(bound_anew)
{
	struct addr to = addr_no(c, 1, port_no(0));
	int ls = listener_at(c, HOST, "", port_no(0)), i;
	struct pair p;
	char what[40];

	p = call(c, "of no device", PLAIN, 0, &to, ls);
	for (i = 0; i < PLACES; i++) {
		enter(c->side, HOST);
		rc(c, place_text[i], set_int(ls, SOL_SOCKET, SO_BINDTOIFINDEX,
					     if_nametoindex(i ? place_text[i] : "main")));
		for (int k = 0; k < PLACES; k++) {
			snprintf(what, sizeof(what), "bound to %s, call", place_text[i]);
			hang_up(call(c, what, k, 0, &to, ls));
		}
	}
	exchange(c, "the connection", p.cl, p.sv);
	must(c, setsockopt(p.sv, SOL_SOCKET, SO_BINDTODEVICE, "main", 4));
	exchange(c, "the connection, bound to its interface", p.cl, p.sv);
	must(c, setsockopt(p.sv, SOL_SOCKET, SO_BINDTODEVICE, "", 0));
	exchange(c, "the connection, bound no more", p.cl, p.sv);
}

/* Within a VRF, from the host to itself */
SCENARIO(within)
{
	struct addr to = addr_no(c, 1, port_no(0));
	int i, k, ls, cl, sv, err;
	char what[80];

	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		ls = listener_at(c, HOST, devices[i], port_no(0));
		for (k = 0; k < ARRAY_SIZE(devices); k++) {
			snprintf(what, sizeof(what), "%s calls %s", device_text(devices[k]),
				 device_text(devices[i]));
			cl = sk_at(c, HOST, devices[k]);
			err = connect(cl, &to.sa, to.len) ? errno : 0;
			if (err == EINPROGRESS)
				err = outcome(cl);
			rec(c, "%s: %s", what, errno_text(err));
			if (!err) {
				wait_poll(c, ls, POLLIN);
				sv = must(c, accept4(ls, NULL, NULL, SOCK_NONBLOCK));
				rec_device(c, what, sv);
				exchange(c, what, cl, sv);
				close(sv);
			}
			sk_abort(cl);
		}
		close(ls);
	}
}

static struct addr link_local(int host, unsigned short port, const char *dev)
{
	struct addr a = addr_of(AF_INET6, host == 1 ? "fe80::1" : "fe80::2", port);

	a.v6.sin6_scope_id = dev[0] ? if_nametoindex(dev) : 0;
	return a;
}

static void rec_scope(struct ctx *c, const char *what, int fd)
{
	struct addr a = { .len = sizeof(a.room) };
	char name[IFNAMSIZ] = "none";

	enter(c->side, HOST);
	must(c, getpeername(fd, &a.sa, &a.len));
	if (a.v6.sin6_scope_id)
		if_indextoname(a.v6.sin6_scope_id, name);
	rec(c, "%s: scope %s", what, name);
}

SCENARIO6(link_local_listeners)
{
	static const char *const bound[] = { "", "red", "eth1", "eth2", "main" };
	struct addr to;
	struct pair p;
	char what[80];
	int shared, i, place, ls;

	for (shared = 0; shared < 2; shared++) {
		share(c, shared);
		for (i = 0; i < ARRAY_SIZE(bound); i++) {
			ls = listener_at(c, HOST, bound[i], port_no(shared * 16 + i));
			for (place = 0; place < PLACES; place++) {
				enter(c->side, place);
				to = link_local(1, port_no(shared * 16 + i), "wire");
				snprintf(what, sizeof(what), "shared %d, listener on %s, call",
					 shared, device_text(bound[i]));
				p = call(c, what, place, 0, &to, ls);
				if (p.sv >= 0)
					rec_scope(c, what, p.sv);
				hang_up(p);
			}
			close(ls);
		}
	}
	share(c, false);
}

SCENARIO6(link_local_clients)
{
	static const char *const scopes[] = { "", "main", "eth1", "eth2", "red" };
	struct addr to;
	char what[80];
	int ls[PLACES], place, fd, err, sv;
	size_t i, k;

	for (place = 0; place < PLACES; place++)
		ls[place] = listener_at(c, place, "", port_no(0));
	for (i = 0; i < ARRAY_SIZE(devices); i++) {
		for (k = 0; k < ARRAY_SIZE(scopes); k++) {
			fd = sk_at(c, HOST, devices[i]);
			to = link_local(2, port_no(0), scopes[k]);
			err = connect(fd, &to.sa, to.len) ? errno : 0;
			if (err == EINPROGRESS)
				err = outcome(fd);
			snprintf(what, sizeof(what), "%s, scope %s", device_text(devices[i]),
				 device_text(scopes[k]));
			rec(c, "%s: %s", what, errno_text(err));
			rec_device(c, what, fd);
			for (place = 0; !err && place < PLACES; place++) {
				struct pollfd p = { .fd = ls[place], .events = POLLIN };

				if (poll(&p, 1, 0) != 1)
					continue;
				sv = must(c, accept4(ls[place], NULL, NULL, SOCK_NONBLOCK));
				rec(c, "%s: goes to %s", what, place_text[place]);
				exchange(c, what, fd, sv);
				close(sv);
			}
			sk_abort(fd);
		}
	}
}

int main(int argc, char **argv)
{
	int own = space_now(), side;

	for (side = 0; side < NETNS_SIDES; side++)
		make_side(side);
	netns_must(setns(own, CLONE_NEWNET), "setns");
	scenarios_share();
	return test_harness_run(argc, argv);
}
