/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for conditions. Each wait has a limit, which only ever means failure:
 * the scenario ends there, unfinished, with a line saying what did not come.
 */
#ifndef XTCP_LIB_WAIT_H
#define XTCP_LIB_WAIT_H

#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "transcript.h"

#define WAIT_LIMIT_MS 15000

static inline long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

__attribute__((format(printf, 2, 3), noreturn))
static inline void give_up(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	rec_v(c, fmt, ap);
	va_end(ap);
	_exit(1);
}

/* What the scenario needs before it starts, and what is not under test in it. */
#define must(c, expr) ({						\
	__typeof__(expr) _must = (expr);				\
	if (_must < 0)							\
		give_up(c, "line %d: %s: %s", __LINE__, #expr,		\
			errno_text(errno));				\
	_must; })

/* Ask again until COND holds; the pause keeps a single processor usable. */
#define wait_until(c, cond) do {					\
	long long _limit = now_ms() + WAIT_LIMIT_MS;			\
	while (!(cond)) {						\
		if (now_ms() > _limit)					\
			give_up(c, "line %d: waited in vain for %s",	\
				__LINE__, #cond);			\
		poll(NULL, 0, 1);					\
	}								\
} while (0)

static inline int tcp_state(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len))
		return -1;
	return info.tcpi_state;
}

#define wait_state(c, fd, state) wait_until(c, tcp_state(fd) == (state))

static inline int poll_now(int fd)
{
	struct pollfd p = {
		.fd = fd,
		.events = POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLRDBAND |
			  POLLWRNORM | POLLWRBAND | POLLRDHUP,
	};

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

/* All of EVENTS at once. */
#define wait_poll(c, fd, mask) wait_until(c, (poll_now(fd) & (mask)) == (mask))

static inline int queued_in(int fd)
{
	int n = -1;

	return ioctl(fd, SIOCINQ, &n) ? -1 : n;
}

static inline int queued_out(int fd)
{
	int n = -1;

	return ioctl(fd, SIOCOUTQ, &n) ? -1 : n;
}

static inline int unsent(int fd)
{
	int n = -1;

	return ioctl(fd, SIOCOUTQNSD, &n) ? -1 : n;
}

/*
 * Is thread TID asleep inside system call NR? Both have to hold: a sleeping
 * thread may still be on its way there.
 */
static inline bool thread_blocked_in(int tid, long nr)
{
	char path[64], text[256] = "", *p;
	bool asleep;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	p = fgets(text, sizeof(text), f) ? strrchr(text, ')') : NULL;
	fclose(f);
	asleep = p && p[1] && p[2] == 'S';

	snprintf(path, sizeof(path), "/proc/%d/syscall", tid);
	f = fopen(path, "re");
	if (!f)
		return false;
	p = fgets(text, sizeof(text), f);
	fclose(f);
	return asleep && p && text[0] >= '0' && text[0] <= '9' && atol(text) == nr;
}

#endif
