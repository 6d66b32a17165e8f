/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Beside Linux TCP: a scenario runs on a TCP socket and on the XTCP socket under
 * test, each time in a process of its own and in network namespaces that the other
 * never sees, and the two transcripts must be the same. What TCP says is never
 * written down here.
 *
 * With SOCKTEST_SELF=1 in the environment TCP stands in for XTCP as well: that
 * tests the scenarios (a difference is then a race in the scenario itself).
 */
#ifndef XTCP_LIB_SOCKTEST_H
#define XTCP_LIB_SOCKTEST_H

/*
 * The harness's own functions and each TEST() have parameters that go unused, and
 * leave a failed test by longjmp(), in a process that then ends.
 */
#pragma GCC diagnostic ignored "-Wunused-parameter"
#pragma GCC diagnostic ignored "-Wclobbered"

#include "kselftest_harness.h"

#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "kind.h"
#include "netns.h"
#include "transcript.h"
#include "wait.h"

#define SCENARIO_LIMIT_S 25
#define TEST_LIMIT_S (2 * SCENARIO_LIMIT_S + 10)

typedef void (*scenario_fn)(struct ctx *c);

/* Programs that play two hosts against each other say 2 (cross.h). */
#ifndef SOCKTEST_HOSTS
#define SOCKTEST_HOSTS 1
#endif

/* How many have run, in memory shared with all processes of the tests. */
static unsigned int *scenarios;

static volatile sig_atomic_t sigpipes;

static inline void count_sigpipe(int sig)
{
	(void)sig;
	sigpipes++;
}

static inline void scenario_child(int side, const struct kind *kind, scenario_fn fn,
				  struct transcript *tr)
{
	static struct ctx c;
	struct sigaction sa = { .sa_handler = count_sigpipe };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigaction(SIGPIPE, &sa, NULL);
	alarm(SCENARIO_LIMIT_S);
	netns_join(side, 0);
	c.kind = kind;
	c.side = side;
	c.tr = tr;
	fn(&c);
	tr->finished = true;
	_exit(0);
}

static inline void scenario_run(int side, const struct kind *kind, scenario_fn fn,
				struct transcript *tr)
{
	int status, pid;

	fflush(NULL);
	pid = fork();
	if (!pid)
		scenario_child(side, kind, fn, tr);
	if (pid < 0 || waitpid(pid, &status, 0) != pid) {
		perror("# fork");
		tr->finished = false;
	} else if (!WIFEXITED(status)) {
		printf("#   %s: killed by signal %d\n", kind->name, WTERMSIG(status));
		tr->finished = false;
	}
}

static inline int scenario_beside_tcp(enum kind_id id, scenario_fn fn)
{
	const struct kind *tcp = &kinds[kinds[id].family == AF_INET6 ? TCP6 : TCP4];
	const struct kind *own = getenv("SOCKTEST_SELF") ? tcp : &kinds[id];
	struct transcript *t = transcript_new(), *o = transcript_new();

	netns_number = (*scenarios)++;
	scenario_run(0, tcp, fn, t);
	scenario_run(1, own, fn, o);
	if (getenv("SOCKTEST_SHOW"))
		for (int i = 0; i < t->lines; i++)
			printf("#   tcp: %s\n", t->line[i]);
	return transcript_diff(t, o, "xtcp");
}

/* What the scenarios share is made before the harness forks a process for each. */
static inline void scenarios_share(void)
{
	scenarios = mmap(NULL, sizeof(*scenarios), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	netns_must(scenarios == MAP_FAILED ? -1 : 0, "mmap");
	netns_share(SOCKTEST_HOSTS);
}

#undef TEST_HARNESS_MAIN
#define TEST_HARNESS_MAIN						\
int main(int argc, char **argv)						\
{									\
	scenarios_share();						\
	return test_harness_run(argc, argv);				\
}

/*
 * SCENARIO(name) { ... } is a function of a `struct ctx *c` and a test for each
 * kind of XTCP socket.
 */
FIXTURE(beside_tcp) { int unused; };
FIXTURE_VARIANT(beside_tcp) { enum kind_id kind; };
FIXTURE_VARIANT_ADD(beside_tcp, xtcp4) { .kind = XTCP4 };
FIXTURE_VARIANT_ADD(beside_tcp, xtcp6) { .kind = XTCP6 };
FIXTURE_VARIANT_ADD(beside_tcp, inet4) { .kind = INET4 };
FIXTURE_VARIANT_ADD(beside_tcp, inet6) { .kind = INET6 };
FIXTURE_SETUP(beside_tcp) { self->unused = 0; }
FIXTURE_TEARDOWN(beside_tcp) { }

#define SCENARIO(scenario)						\
	static void scenario(struct ctx *c);				\
	TEST_F_TIMEOUT(beside_tcp, scenario, TEST_LIMIT_S)		\
	{								\
		EXPECT_EQ(0, scenario_beside_tcp(variant->kind, scenario)); \
	}								\
	static void scenario(struct ctx *c)

/* The same for what only IPv6 has: mapped addresses, scopes, IPV6_V6ONLY. */
FIXTURE(beside_tcp6) { int unused; };
FIXTURE_VARIANT(beside_tcp6) { enum kind_id kind; };
FIXTURE_VARIANT_ADD(beside_tcp6, xtcp6) { .kind = XTCP6 };
FIXTURE_VARIANT_ADD(beside_tcp6, inet6) { .kind = INET6 };
FIXTURE_SETUP(beside_tcp6) { self->unused = 0; }
FIXTURE_TEARDOWN(beside_tcp6) { }

#define SCENARIO6(scenario)						\
	static void scenario(struct ctx *c);				\
	TEST_F_TIMEOUT(beside_tcp6, scenario, TEST_LIMIT_S)		\
	{								\
		EXPECT_EQ(0, scenario_beside_tcp(variant->kind, scenario)); \
	}								\
	static void scenario(struct ctx *c)

/*
 * A difference from TCP that is meant (Documentation/differences.md lists it):
 * on XTCP the line must read EXPECT, on TCP it may read anything.
 */
__attribute__((format(printf, 4, 5)))
static inline void rec_differs(struct ctx *c, const char *what, const char *expect,
			       const char *fmt, ...)
{
	char got[TRANSCRIPT_WIDTH];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(got, sizeof(got), fmt, ap);
	va_end(ap);
	if (c->kind->tcp || !strcmp(got, expect))
		rec(c, "%s: a listed difference", what);
	else
		rec(c, "%s: %s, where %s is laid down", what, got, expect);
}

static inline const char *events_text(int ev, char *buf, size_t size)
{
	static const struct { int bit; const char *name; } bits[] = {
		{ POLLIN, "IN" }, { POLLPRI, "PRI" }, { POLLOUT, "OUT" },
		{ POLLERR, "ERR" }, { POLLHUP, "HUP" }, { POLLNVAL, "NVAL" },
		{ POLLRDNORM, "RDNORM" }, { POLLRDBAND, "RDBAND" },
		{ POLLWRNORM, "WRNORM" }, { POLLWRBAND, "WRBAND" },
		{ POLLRDHUP, "RDHUP" },
	};
	size_t used = 0, i;

	snprintf(buf, size, "none");
	if (ev < 0)
		snprintf(buf, size, "poll failed");
	for (i = 0; ev > 0 && i < ARRAY_SIZE(bits); i++)
		if (ev & bits[i].bit)
			used += snprintf(buf + used, size - used, "%s%s", used ? "|" : "",
					 bits[i].name);
	return buf;
}

static inline void rec_poll(struct ctx *c, const char *what, int fd)
{
	char buf[120];

	rec(c, "%s: poll %s", what, events_text(poll_now(fd), buf, sizeof(buf)));
}

static inline void rec_opt(struct ctx *c, const char *what, int fd, int level, int opt)
{
	socklen_t len = sizeof(int);
	int v = 0;

	if (getsockopt(fd, level, opt, &v, &len))
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: %d len %u", what, v, len);
}

static inline int set_int(int fd, int level, int opt, int v)
{
	return setsockopt(fd, level, opt, &v, sizeof(v));
}

static inline int get_int(int fd, int level, int opt)
{
	socklen_t len = sizeof(int);
	int v = -1;

	return getsockopt(fd, level, opt, &v, &len) ? -1 : v;
}

/* SO_ERROR by name; reading clears it. */
static inline void rec_so_error(struct ctx *c, const char *what, int fd)
{
	rec(c, "%s: SO_ERROR %s", what, errno_text(get_int(fd, SOL_SOCKET, SO_ERROR)));
}

static inline void rec_state(struct ctx *c, const char *what, int fd)
{
	rec(c, "%s: TCP_INFO state %d", what, tcp_state(fd));
}

static inline void rec_sigpipes(struct ctx *c, const char *what)
{
	rec(c, "%s: SIGPIPE %d times", what, (int)sigpipes);
	sigpipes = 0;
}

static inline void rec_sockname(struct ctx *c, const char *what, int fd)
{
	struct addr a = { .len = sizeof(a.room) };
	long ret = getsockname(fd, &a.sa, &a.len);

	rec_addr(c, what, ret, &a.sa, a.len);
}

static inline void rec_peername(struct ctx *c, const char *what, int fd)
{
	struct addr a = { .len = sizeof(a.room) };
	long ret = getpeername(fd, &a.sa, &a.len);

	rec_addr(c, what, ret, &a.sa, a.len);
}

/* Receive up to SIZE bytes and record them as text: short, printable data only. */
static inline void rec_recv(struct ctx *c, const char *what, int fd, size_t size, int flags)
{
	char buf[64] = "";
	long n = recv(fd, buf, size < sizeof(buf) ? size : sizeof(buf) - 1, flags);

	if (n < 0)
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: %ld '%.*s'", what, n, (int)n, buf);
}

static inline int sk_listener_at(struct ctx *c, enum where where, int backlog)
{
	struct addr a = addr_at(c, where, 0);
	int fd = must(c, sk_new(c));

	must(c, bind(fd, &a.sa, a.len));
	must(c, listen(fd, backlog));
	return fd;
}

static inline int sk_listener(struct ctx *c)
{
	return sk_listener_at(c, LOOP, 16);
}

/* A connection over loopback: client and server end, no listener left. */
struct pair {
	int cl;
	int sv;
};

static inline struct pair pair_to(struct ctx *c, int ls, int cl)
{
	struct addr a = addr_local(ls);
	struct pair p = { .cl = cl };

	must(c, connect(p.cl, &a.sa, a.len));
	p.sv = must(c, accept(ls, NULL, NULL));
	wait_state(c, p.sv, TCP_ESTABLISHED);
	return p;
}

static inline struct pair pair_new(struct ctx *c)
{
	int ls = sk_listener(c);
	struct pair p = pair_to(c, ls, must(c, sk_new(c)));

	close(ls);
	return p;
}

/* Reset the connection from FD's side: FD is closed by it. */
static inline void sk_abort(int fd)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l));
	close(fd);
}

/*
 * A port that nobody listens on, and below the range: who connects to one within may be
 * given that very port, and XTCP then meets itself.
 */
static inline struct addr addr_closed(struct ctx *c)
{
	return addr_at(c, LOOP, 9);
}

/* A socket that is not given the port to which it connects, for it has one. */
static inline int sk_below(struct ctx *c)
{
	struct addr a = addr_at(c, LOOP, 20001);
	int fd = must(c, sk_new(c));

	must(c, bind(fd, &a.sa, a.len));
	return fd;
}

/* A socket whose connect() stays in SYN-SENT, for its SYN meets silence. */
static inline int sk_syn_sent(struct ctx *c)
{
	struct addr a = addr_at(c, SILENT, 7);
	int fd = must(c, sk_flags(c, SOCK_NONBLOCK));

	netns_silent();
	if (!connect(fd, &a.sa, a.len) || errno != EINPROGRESS)
		give_up(c, "connect into silence: %s", errno_text(errno));
	return fd;
}

static inline void sk_nonblock(int fd, bool on)
{
	int fl = fcntl(fd, F_GETFL);

	fcntl(fd, F_SETFL, on ? fl | O_NONBLOCK : fl & ~O_NONBLOCK);
}

/*
 * Fill a connection until no more goes in: the send buffer is full, nothing is
 * on its way (and so no acknowledgment is due), and the peer's window is shut.
 * That nothing is on its way counts only if it was so before no more went in:
 * an acknowledgment in between has made room.
 */
static inline void fill(struct ctx *c, int fd)
{
	static char buf[4096];
	bool still = false, sent;

	set_int(fd, SOL_SOCKET, SO_SNDBUF, 20000);
	for (;;) {
		for (sent = false; send(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0; sent = true)
			;
		must(c, errno == EAGAIN ? 0 : -1);
		if (still && !sent)
			return;
		wait_until(c, (poll_now(fd) & POLLOUT) || unsent(fd) == queued_out(fd));
		still = unsent(fd) > 0 && unsent(fd) == queued_out(fd);
	}
}

/* A call made by a second thread, which the first can see block. */
struct async {
	pthread_t thread;
	volatile int tid;
	volatile bool done;
	long ret;
	int err;
	int fd;
	long (*fn)(int fd);
};

static inline void *async_thread(void *arg)
{
	struct async *a = arg;

	a->tid = syscall(SYS_gettid);
	errno = 0;
	a->ret = a->fn(a->fd);
	a->err = a->ret < 0 ? errno : 0;
	a->done = true;
	return NULL;
}

static inline void async_start(struct ctx *c, struct async *a, int fd, long (*fn)(int fd))
{
	a->fd = fd;
	a->fn = fn;
	a->done = false;
	a->tid = 0;
	if (pthread_create(&a->thread, NULL, async_thread, a))
		give_up(c, "pthread_create");
}

/* Wait until the thread sleeps in the system call NR. */
static inline void async_blocked(struct ctx *c, struct async *a, long nr)
{
	wait_until(c, a->done || (a->tid && thread_blocked_in(a->tid, nr)));
	if (a->done)
		rec(c, "the call did not block");
}

static inline void async_join(struct ctx *c, struct async *a, const char *what)
{
	wait_until(c, a->done);
	pthread_join(a->thread, NULL);
	errno = a->err;
	rc(c, what, a->ret);
}

#endif
