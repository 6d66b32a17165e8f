// SPDX-License-Identifier: GPL-2.0
/*
 * Script steps on the host's sockets:
 *
 *   listen [BACKLOG]  accept  noaccept  connect  connected  error ERRNO [MS]  alive
 *   send N  sendmore N (MSG_MORE)  fill  sent N (unacknowledged or unsent bytes, SIOCOUTQ)
 *   recv N  eof  recverr ERRNO  noread  avail N  senderr ERRNO
 *   sendoob N  oob SEQ (the urgent byte is that one)  ooberr ERRNO  atmark 0|1
 *   pri 0|1  out 0|1 (what poll() says of it)
 *   pass N (so many bytes are not to be read: they were urgent)
 *   shut wr|rd|rdwr  close  abort  lclose
 *   rcvbuf N, sndbuf N, maxseg N (for sockets to come)  nodelay
 *   opt NAME VALUE  lopt NAME VALUE (the listener's)
 *   ip tos|ttl N (of IPv6: traffic class, hop limit)
 *   state NAME  lstate NAME  stat COUNTER=N  sysctl NAME VALUE  mtu N  link up|down
 *   socket (made before what follows)  key HEX (the listener's TCP_FASTOPEN_KEY)
 *   fastsend N RESULT (sendto() with MSG_FASTOPEN: bytes taken, or ERRNO)
 *   deferred (connect() that is done at once)  syndata 0|1  fofail N (of TCP_INFO)
 *   route OPTIONS (of ip-route(8), for the peer)
 *   vrf up (the wire is part of a VRF called red from now on)
 *   device NAME (SO_BINDTODEVICE of sockets to come; none)  bound NAME (what it says)
 *   cong NAME, lcong NAME (TCP_CONGESTION)  ssthresh N (segments)
 *   info FIELD=N.., linfo FIELD=N.. (of TCP_INFO; script_info.c)
 *   passive [KEYS]  active [KEYS]: a whole handshake; KEYS go on the test's SYN
 *
 * All sockets are non-blocking; a step waits for what it names.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <linux/sockios.h>
#include <unistd.h>

#include "script.h"
#include "xtcp.h"

static const struct {
	const char *name;
	int no;
} errnos[] = {
	{ "ECONNREFUSED", ECONNREFUSED }, { "ECONNRESET", ECONNRESET },
	{ "ETIMEDOUT", ETIMEDOUT }, { "EHOSTUNREACH", EHOSTUNREACH },
	{ "ENETUNREACH", ENETUNREACH }, { "EPIPE", EPIPE }, { "EAGAIN", EAGAIN },
	{ "ENOTCONN", ENOTCONN }, { "ENOPROTOOPT", ENOPROTOOPT },
	{ "EPROTO", EPROTO }, { "EACCES", EACCES }, { "EMSGSIZE", EMSGSIZE },
	{ "ENETDOWN", ENETDOWN }, { "EINVAL", EINVAL },
	{ "EINPROGRESS", EINPROGRESS }, { "EOPNOTSUPP", EOPNOTSUPP },
};

static int errno_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
		if (!strcmp(errnos[i].name, name))
			return errnos[i].no;
	return -1;
}

/* Names of RFC 9293 at the numbers of TCP_INFO. */
static const char *const states[] = {
	"?", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2",
	"TIME-WAIT", "CLOSED", "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING",
};

static const char *state_of(int fd)
{
	struct tcp_info info = {};
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return strerror(errno);
	if (info.tcpi_state >= sizeof(states) / sizeof(states[0]))
		return "a state without a name";
	return states[info.tcpi_state];
}

static void sysctl_if_there(struct script *s, const char *name, const char *value)
{
	char path[128];

	snprintf(path, sizeof(path), "net/%s%s",
		 s->proto == SCRIPT_XTCP_PROTO ? "xtcp/" : "ipv4/tcp_", name);
	wire_sysctl(path, value);
}

void script_sock_init(struct script *s)
{
	/* Rate limits would make answers depend on how fast the test runs. */
	sysctl_if_there(s, "invalid_ratelimit", "0");
	sysctl_if_there(s, "challenge_ack_limit", "2147483647");
	wire_sysctl("net/ipv4/icmp_ratelimit", "0");
	wire_sysctl("net/ipv6/icmp/ratelimit", "0");
}

static socklen_t make_addr(struct script *s, struct sockaddr_storage *ss,
			   const struct wire_addr *a, uint16_t port)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)ss;
	struct sockaddr_in6 *sin6 = (struct sockaddr_in6 *)ss;

	memset(ss, 0, sizeof(*ss));
	ss->ss_family = s->family;
	if (s->family == AF_INET) {
		sin->sin_port = htons(port);
		sin->sin_addr = a->v4;
		return sizeof(*sin);
	}
	sin6->sin6_port = htons(port);
	sin6->sin6_addr = a->v6;
	return sizeof(*sin6);
}

static int make_socket(struct script *s)
{
	bool own = s->proto == SCRIPT_XTCP_PROTO;
	int fd, one = 1;

	fd = socket(own ? SCRIPT_XTCP_FAMILY : s->family,
		    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, own ? 0 : IPPROTO_TCP);
	if (fd < 0)
		return script_fail(s, "socket: %s", strerror(errno));
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (s->device[0] &&
	    setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, s->device, strlen(s->device)))
		return script_fail(s, "SO_BINDTODEVICE: %s", strerror(errno));
	if (s->rcvbuf)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &s->rcvbuf, sizeof(int));
	if (s->sndbuf)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &s->sndbuf, sizeof(int));
	if (s->maxseg &&
	    setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &s->maxseg, sizeof(int)))
		return script_fail(s, "TCP_MAXSEG: %s", strerror(errno));
	return fd;
}

static int wait_ms(int fd, short events, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, ms) == 1 ? pfd.revents : 0;
}

static int wait_for(int fd, short events)
{
	return wait_ms(fd, events, SCRIPT_PATIENCE_MS);
}

static int so_error(int fd)
{
	int err = 0;
	socklen_t len = sizeof(err);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	return err;
}

static int do_listen(struct script *s, int backlog)
{
	struct sockaddr_storage ss;
	socklen_t len;

	s->lfd = make_socket(s);
	if (s->lfd < 0)
		return -1;
	len = make_addr(s, &ss, &(struct wire_addr){}, s->lport);
	if (bind(s->lfd, (struct sockaddr *)&ss, len) || listen(s->lfd, backlog))
		return script_fail(s, "%s", strerror(errno));
	return 0;
}

static int do_accept(struct script *s)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	uint16_t port;
	int i;

	if (!wait_for(s->lfd, POLLIN))
		return script_fail(s, "nothing to accept");
	i = accept4(s->lfd, (struct sockaddr *)&ss, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (i < 0)
		return script_fail(s, "%s", strerror(errno));
	s->f->fd = i;
	port = ntohs(((struct sockaddr_in *)&ss)->sin_port);
	if (ss.ss_family != s->family || port != s->f->pport)
		return script_fail(s, "family %d, port %u accepted", ss.ss_family, port);
	return 0;
}

static int do_connect(struct script *s, bool deferred)
{
	struct sockaddr_storage ss;
	struct flow *f = s->f;
	socklen_t len;

	if (f->fd < 0)
		f->fd = make_socket(s);
	if (f->fd < 0)
		return -1;
	len = make_addr(s, &ss, &s->w.peer, f->pport);
	errno = 0;
	connect(f->fd, (struct sockaddr *)&ss, len);
	if (errno != (deferred ? 0 : EINPROGRESS))
		return script_fail(s, "%s", strerror(errno));
	f->hport = 0;
	s->event = wire_now();
	return 0;
}

static int do_connected(struct script *s)
{
	int ev = wait_for(s->f->fd, POLLOUT), err = so_error(s->f->fd);

	if (ev & POLLOUT && !(ev & (POLLERR | POLLHUP)) && !err)
		return 0;
	return script_fail(s, "events %x, %s", ev, strerror(err));
}

static int do_error(struct script *s, const char *name, int ms)
{
	int want = errno_of(name), ev, err;

	ev = wait_ms(s->f->fd, 0, ms);
	err = so_error(s->f->fd);
	if (ev & POLLERR && err == want && want > 0)
		return 0;
	return script_fail(s, "events %x, %s", ev, strerror(err));
}

/* One call for all of it, as far as it fits, so that PSH and Nagle see one write. */
static int do_send(struct script *s, long n, bool fill, int flags)
{
	static uint8_t buf[65536];
	struct flow *f = s->f;
	ssize_t rc;
	long i;

	while (n > 0 || fill) {
		long now = fill || n > (long)sizeof(buf) ? (long)sizeof(buf) : n;

		for (i = 0; i < now; i++)
			buf[i] = script_pattern(true, f->written + i);
		s->event = wire_now();
		rc = send(f->fd, buf, now, MSG_NOSIGNAL | flags);
		if (rc < 0 && errno == EAGAIN && fill)
			return 0;
		if (rc <= 0)
			return script_fail(s, "%s, %ld bytes left", strerror(errno), n);
		f->written += rc;
		n -= rc;
	}
	return 0;
}

/* Connects, as far as there is no socket yet; what is taken goes out in the SYN */
static int do_fastsend(struct script *s, long n, const char *want)
{
	struct sockaddr_storage ss;
	struct flow *f = s->f;
	uint8_t buf[4096];
	socklen_t len;
	ssize_t rc;
	long i;

	if (f->fd < 0)
		f->fd = make_socket(s);
	if (f->fd < 0 || n > (long)sizeof(buf))
		return script_fail(s, "no socket, or too much");
	len = make_addr(s, &ss, &s->w.peer, f->pport);
	for (i = 0; i < n; i++)
		buf[i] = script_pattern(true, f->written + i);
	s->event = wire_now();
	f->hport = 0;
	rc = sendto(f->fd, buf, n, MSG_FASTOPEN | MSG_NOSIGNAL, (struct sockaddr *)&ss, len);
	if (rc > 0)
		f->written += rc;
	if (rc < 0 ? errno == errno_of(want) : *want != 'E' && rc == atol(want))
		return 0;
	return script_fail(s, "%zd (%s)", rc, rc < 0 ? strerror(errno) : "");
}

static int do_key(struct script *s, const char *hex)
{
	uint8_t key[32];
	unsigned int byte;
	int n = 0;

	for (; n < 32 && sscanf(hex + 2 * n, "%2x", &byte) == 1; n++)
		key[n] = byte;
	if (setsockopt(s->lfd, IPPROTO_TCP, TCP_FASTOPEN_KEY, key, n))
		return script_fail(s, "%s", strerror(errno));
	return 0;
}

static int do_senderr(struct script *s, const char *name)
{
	char byte = 0;
	ssize_t rc = send(s->f->fd, &byte, 1, MSG_NOSIGNAL);

	if (rc < 0 && errno == errno_of(name))
		return 0;
	return script_fail(s, "%s", rc < 0 ? strerror(errno) : "it was sent");
}

static int do_recv(struct script *s, long n)
{
	struct flow *f = s->f;
	uint8_t buf[4096];
	ssize_t rc;
	long i;

	while (n > 0) {
		if (!wait_for(f->fd, POLLIN))
			return script_fail(s, "%ld bytes did not come", n);
		rc = recv(f->fd, buf, n < (long)sizeof(buf) ? n : (long)sizeof(buf), 0);
		if (rc <= 0)
			return script_fail(s, "%s, %ld bytes left",
					   rc ? strerror(errno) : "end of file", n);
		for (i = 0; i < rc; i++)
			if (buf[i] != script_pattern(false, f->read + i))
				return script_fail(s, "byte %lld is wrong",
						   (long long)f->read + i);
		f->read += rc;
		n -= rc;
	}
	s->event = wire_now();
	return 0;
}

/* The urgent byte, which is the one with number SEQ of the test's stream. */
static int do_oob(struct script *s, long seq)
{
	uint8_t byte;
	ssize_t rc = recv(s->f->fd, &byte, 1, MSG_OOB);

	if (rc != 1)
		return script_fail(s, "%s", rc ? strerror(errno) : "end of file");
	if (byte != script_pattern(false, seq - 1))
		return script_fail(s, "it is another byte");
	s->event = wire_now();
	return 0;
}

static int do_ooberr(struct script *s, const char *name)
{
	uint8_t byte;
	ssize_t rc = recv(s->f->fd, &byte, 1, MSG_OOB);

	if (rc < 0 && errno == errno_of(name))
		return 0;
	return script_fail(s, "recv says %zd (%s)", rc, rc < 0 ? strerror(errno) : "");
}

static int do_poll(struct script *s, short event, bool want)
{
	bool is = wait_ms(s->f->fd, event, 0) & event;

	return is == want ? 0 : script_fail(s, "it is %d", is);
}

/* The next recv() says end of file (@want 0) or this error. */
static int do_recv_end(struct script *s, int want, bool wait)
{
	char byte;
	ssize_t rc;

	if (wait && !wait_for(s->f->fd, POLLIN))
		return script_fail(s, "still nothing to read");
	rc = recv(s->f->fd, &byte, 1, 0);
	if (!want && !rc)
		return 0;
	if (want && rc < 0 && errno == want)
		return 0;
	return script_fail(s, "recv says %zd (%s)", rc, rc < 0 ? strerror(errno) : "");
}

static int do_count(struct script *s, unsigned long req, long want)
{
	int n = -1;

	if (ioctl(s->f->fd, req, &n))
		return script_fail(s, "%s", strerror(errno));
	return n == want ? 0 : script_fail(s, "it is %d", n);
}

static int do_state(struct script *s, int fd, const char *want)
{
	const char *is = state_of(fd);

	return strcmp(is, want) ? script_fail(s, "it is %s", is) : 0;
}

static int do_close(struct script *s, bool abort)
{
	struct linger hard = { .l_onoff = 1 };
	struct flow *f = s->f;

	if (abort && setsockopt(f->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)))
		return script_fail(s, "SO_LINGER: %s", strerror(errno));
	if (close(f->fd))
		return script_fail(s, "%s", strerror(errno));
	f->fd = -1;
	s->event = wire_now();
	return 0;
}

static int do_shut(struct script *s, const char *how)
{
	int n = !strcmp(how, "wr") ? SHUT_WR : !strcmp(how, "rd") ? SHUT_RD : SHUT_RDWR;

	s->event = wire_now();
	return shutdown(s->f->fd, n) ? script_fail(s, "%s", strerror(errno)) : 0;
}

static int do_opt(struct script *s, int fd, const char *name, int value)
{
	static const struct {
		const char *name;
		int opt, level;
	} known[] = {
		{ "nodelay", TCP_NODELAY }, { "cork", TCP_CORK },
		{ "quickack", TCP_QUICKACK }, { "user_timeout", TCP_USER_TIMEOUT },
		{ "syncnt", TCP_SYNCNT }, { "keepidle", TCP_KEEPIDLE },
		{ "keepintvl", TCP_KEEPINTVL }, { "keepcnt", TCP_KEEPCNT },
		{ "linger2", TCP_LINGER2 }, { "defer_accept", TCP_DEFER_ACCEPT },
		{ "rto_min_us", TCP_RTO_MIN_US },
		{ "window_clamp", TCP_WINDOW_CLAMP },
		{ "keepalive", SO_KEEPALIVE, SOL_SOCKET },
		{ "notsent_lowat", TCP_NOTSENT_LOWAT },
		{ "oobinline", SO_OOBINLINE, SOL_SOCKET },
		{ "fastopen", TCP_FASTOPEN }, { "fastopen_connect", TCP_FASTOPEN_CONNECT },
		{ "no_cookie", TCP_FASTOPEN_NO_COOKIE },
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(known[i].name, name))
			break;
	if (i == sizeof(known) / sizeof(known[0]))
		return script_fail(s, "no such option");
	if (setsockopt(fd, known[i].level ? known[i].level : IPPROTO_TCP, known[i].opt,
		       &value, sizeof(value)))
		return script_fail(s, "%s", strerror(errno));
	return 0;
}

static int do_ip(struct script *s, const char *name, int value)
{
	int is6 = s->family == AF_INET6, tos = !strcmp(name, "tos");
	int opt = is6 ? tos ? IPV6_TCLASS : IPV6_UNICAST_HOPS : tos ? IP_TOS : IP_TTL;

	if (!tos && strcmp(name, "ttl"))
		return script_fail(s, "no such option");
	if (setsockopt(s->f->fd, is6 ? IPPROTO_IPV6 : IPPROTO_IP, opt, &value, sizeof(value)))
		return script_fail(s, "%s", strerror(errno));
	return 0;
}

static int do_cong(struct script *s, int fd, const char *name)
{
	if (setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)))
		return script_fail(s, "%s", strerror(errno));
	return 0;
}

static int do_ssthresh(struct script *s, unsigned int want)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(s->f->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return script_fail(s, "%s", strerror(errno));
	if (info.tcpi_snd_ssthresh != want)
		return script_fail(s, "ssthresh is %u", info.tcpi_snd_ssthresh);
	return 0;
}

/* What TCP_INFO says of Fast Open */
static int do_fastinfo(struct script *s, bool fail, unsigned int want)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	unsigned int is;

	if (getsockopt(s->f->fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return script_fail(s, "%s", strerror(errno));
	is = fail ? info.tcpi_fastopen_client_fail : !!(info.tcpi_options & TCPI_OPT_SYN_DATA);
	return is == want ? 0 : script_fail(s, "it is %u", is);
}

/* A counter of this namespace. */
static int do_stat(struct script *s, char *arg)
{
	char name[64], *v, op = script_split(arg, &v);
	long long seen, want;
	FILE *f = fopen("/proc/net/xtcp_stat", "r");
	bool found = false;

	if (!f)
		return script_fail(s, "no xtcp_stat");
	while (!found && fscanf(f, "%63s %lld", name, &seen) == 2)
		found = !strcmp(name, arg);
	fclose(f);
	if (!found)
		return script_fail(s, "no counter %s", arg);
	want = strtoll(v, NULL, 0);
	if ((op == '=' && seen == want) || (op == '>' && seen > want))
		return 0;
	return script_fail(s, "%s is %lld", arg, seen);
}

static int do_sysctl(struct script *s, const char *name, char **arg, int n)
{
	char path[128], value[128] = "";
	int i;

	for (i = 0; i < n; i++) {
		strncat(value, arg[i], sizeof(value) - strlen(value) - 2);
		strcat(value, " ");
	}
	snprintf(path, sizeof(path), "net/%s%s",
		 s->proto == SCRIPT_XTCP_PROTO ? "xtcp/" : "ipv4/tcp_", name);
	if (wire_sysctl(path, value))
		return script_fail(s, "%s: %s", path, strerror(errno));
	return 0;
}

/* What the host's route to the peer is to say, by ip-route(8) */
static int do_route(struct script *s, char **arg, int n)
{
	const void *peer = s->family == AF_INET ? (void *)&s->w.peer.v4 : (void *)&s->w.peer.v6;
	char command[256], name[INET6_ADDRSTRLEN];
	int i;

	inet_ntop(s->family, peer, name, sizeof(name));
	snprintf(command, sizeof(command), "ip route replace %s dev %s", name, WIRE_TUN);
	for (i = 0; i < n; i++) {
		strncat(command, " ", sizeof(command) - strlen(command) - 1);
		strncat(command, arg[i], sizeof(command) - strlen(command) - 1);
	}
	return system(command) ? script_fail(s, "%s", command) : 0;
}

/* What the TUN device becomes a part of loses its IPv6 addresses */
static int do_vrf(struct script *s)
{
	char host[INET6_ADDRSTRLEN];
	FILE *ip = popen("exec ip -batch -", "w");

	if (!ip)
		return script_fail(s, "ip: %s", strerror(errno));
	inet_ntop(AF_INET6, &s->w.host.v6, host, sizeof(host));
	fprintf(ip, "link add red type vrf table 10\nlink set red up\nlink set " WIRE_TUN " master red\n"
		"addr replace %s/64 dev " WIRE_TUN " nodad\n", host);
	if (pclose(ip))
		return script_fail(s, "no VRF");
	return wire_await_up(&s->w) ? script_fail(s, "no echo from the VRF") : 0;
}

static int do_bound(struct script *s, const char *want)
{
	char name[16] = "";
	socklen_t len = sizeof(name);

	if (getsockopt(s->f->fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len))
		return script_fail(s, "%s", strerror(errno));
	if (!name[0])
		strcpy(name, "none");
	return strcmp(name, want) ? script_fail(s, "it is %s", name) : 0;
}

/* A whole handshake, with @arg on the test's SYN. */
static int do_open(struct script *s, bool active, char **arg, int n)
{
	char *syn[SCRIPT_ARGS] = { active ? "SA" : "S", "0", "mss=1460" };
	char *ack[] = { "A", "1" }, *theirs[] = { active ? "S" : "SA", "0" };
	int i, k = n ? 2 : 3;

	for (i = 0; i < n; i++)
		syn[k++] = arg[i];
	if (active)
		return do_connect(s, false) || script_expect_seg(s, theirs, 2, false) ||
		       script_send_seg(s, syn, k) ||
		       script_expect_seg(s, ack, 2, false) || do_connected(s);
	if (s->lfd < 0 && do_listen(s, 128))
		return -1;
	return script_send_seg(s, syn, k) || script_expect_seg(s, theirs, 2, false) ||
	       script_send_seg(s, ack, 2) || do_accept(s);
}

/* Steps of more than one argument, or about the test's surroundings. */
static int step_setup(struct script *s, char **arg, int n)
{
	const char *a = arg[0];

	if (!strcmp(a, "passive") || !strcmp(a, "active"))
		return do_open(s, a[0] == 'a', arg + 1, n - 1);
	if ((!strcmp(a, "opt") || !strcmp(a, "lopt")) && n == 3)
		return do_opt(s, a[0] == 'l' ? s->lfd : s->f->fd, arg[1], atoi(arg[2]));
	if (!strcmp(a, "ip") && n == 3)
		return do_ip(s, arg[1], strtol(arg[2], NULL, 0));
	if (!strcmp(a, "fastsend") && n == 3)
		return do_fastsend(s, atol(arg[1]), arg[2]);
	if (!strcmp(a, "sysctl") && n > 2)
		return do_sysctl(s, arg[1], arg + 2, n - 2);
	if ((!strcmp(a, "info") || !strcmp(a, "linfo")) && n > 1)
		return script_info(s, a[0] == 'l' ? s->lfd : s->f->fd, arg + 1, n - 1);
	if (!strcmp(a, "route"))
		return do_route(s, arg + 1, n - 1);
	if (n != 2)
		return 1;
	if (!strcmp(a, "vrf"))
		return do_vrf(s);
	if (!strcmp(a, "device"))
		snprintf(s->device, sizeof(s->device), "%s", strcmp(arg[1], "none") ? arg[1] : "");
	else if (!strcmp(a, "rcvbuf"))
		s->rcvbuf = atoi(arg[1]);
	else if (!strcmp(a, "sndbuf"))
		s->sndbuf = atoi(arg[1]);
	else if (!strcmp(a, "maxseg"))
		s->maxseg = atoi(arg[1]);
	else if (!strcmp(a, "mtu"))
		return wire_set_mtu(&s->w, atoi(arg[1]));
	else if (!strcmp(a, "link"))
		return wire_set_up(&s->w, !strcmp(arg[1], "up"));
	else if (!strcmp(a, "stat"))
		return do_stat(s, arg[1]);
	else
		return 1;
	return 0;
}

int script_sock_step(struct script *s, char **arg, int n)
{
	const char *a = arg[0], *b = n > 1 ? arg[1] : NULL;
	int rc = step_setup(s, arg, n);

	if (rc != 1)
		return rc;
	if (!strcmp(a, "listen"))
		return do_listen(s, b ? atoi(b) : 128);
	if (!strcmp(a, "accept"))
		return do_accept(s);
	if (!strcmp(a, "noaccept"))
		return accept(s->lfd, NULL, NULL) < 0 && errno == EAGAIN ? 0 :
		       script_fail(s, "accept: %s", strerror(errno));
	if (!strcmp(a, "connect") || !strcmp(a, "deferred"))
		return do_connect(s, a[0] == 'd');
	if (!strcmp(a, "socket"))
		return (s->f->fd = make_socket(s)) < 0 ? -1 : 0;
	if (!strcmp(a, "connected"))
		return do_connected(s);
	if (!strcmp(a, "alive"))
		return so_error(s->f->fd) ? script_fail(s, "it has an error") : 0;
	if (!strcmp(a, "fill"))
		return do_send(s, 0, true, 0);
	if (!strcmp(a, "eof"))
		return do_recv_end(s, 0, true);
	if (!strcmp(a, "noread"))
		return do_recv_end(s, EAGAIN, false);
	if (!strcmp(a, "close") || !strcmp(a, "abort"))
		return do_close(s, a[0] == 'a');
	if (!strcmp(a, "lclose")) {
		rc = close(s->lfd);
		s->lfd = -1;
		return rc;
	}
	if (!strcmp(a, "nodelay"))
		return do_opt(s, s->f->fd, "nodelay", 1);
	if (!b)
		return 1;
	if (!strcmp(a, "bound"))
		return do_bound(s, b);
	if (!strcmp(a, "key"))
		return do_key(s, b);
	if (!strcmp(a, "fofail") || !strcmp(a, "syndata"))
		return do_fastinfo(s, a[0] == 'f', atoi(b));
	if (!strcmp(a, "cong"))
		return do_cong(s, s->f->fd, b);
	if (!strcmp(a, "lcong"))
		return do_cong(s, s->lfd, b);
	if (!strcmp(a, "ssthresh"))
		return do_ssthresh(s, atoi(b));
	if (!strcmp(a, "error"))
		return do_error(s, b, n > 2 ? atoi(arg[2]) : SCRIPT_PATIENCE_MS);
	if (!strcmp(a, "recverr"))
		return do_recv_end(s, errno_of(b), true);
	if (!strcmp(a, "senderr"))
		return do_senderr(s, b);
	if (!strcmp(a, "send") || !strcmp(a, "sendmore"))
		return do_send(s, atol(b), false, a[4] ? MSG_MORE : 0);
	if (!strcmp(a, "sendoob"))
		return do_send(s, atol(b), false, MSG_OOB);
	if (!strcmp(a, "oob"))
		return do_oob(s, atol(b));
	if (!strcmp(a, "ooberr"))
		return do_ooberr(s, b);
	if (!strcmp(a, "atmark"))
		return do_count(s, SIOCATMARK, atol(b));
	if (!strcmp(a, "pri"))
		return do_poll(s, POLLPRI, atoi(b));
	if (!strcmp(a, "out"))
		return do_poll(s, POLLOUT, atoi(b));
	if (!strcmp(a, "pass")) {
		s->f->read += atol(b);
		return 0;
	}
	if (!strcmp(a, "recv"))
		return do_recv(s, atol(b));
	if (!strcmp(a, "avail"))
		return do_count(s, SIOCINQ, atol(b));
	if (!strcmp(a, "sent"))
		return do_count(s, SIOCOUTQ, atol(b));
	if (!strcmp(a, "shut"))
		return do_shut(s, b);
	if (!strcmp(a, "state"))
		return do_state(s, s->f->fd, b);
	if (!strcmp(a, "lstate"))
		return do_state(s, s->lfd, b);
	return 1;
}
