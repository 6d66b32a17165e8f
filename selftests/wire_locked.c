// SPDX-License-Identifier: GPL-2.0
/*
 * What happens while a user has the socket locked: a thread whose send() sleeps in a
 * page fault, which userfaultfd lets this program answer when it likes. ICMP errors
 * arrive, a timer expires, and others ask.
 */
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "lib/script_fixture.h"

WIRE_FIXTURES_OWN;

#define PAGE 4096

struct fault {
	int uffd, fd;
	char *page;
	pthread_t thread;
	ssize_t sent;
};

static void *send_page(void *arg)
{
	struct fault *f = arg;

	f->sent = send(f->fd, f->page, 1000, 0);
	return NULL;
}

/* Return: 0 once the thread is in the fault, with the socket locked. */
static int lock(struct fault *f, int fd)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	struct pollfd p = { .events = POLLIN };
	struct uffd_msg msg;

	f->fd = fd;
	f->page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0);
	f->uffd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (f->page == MAP_FAILED || f->uffd < 0 || ioctl(f->uffd, UFFDIO_API, &api))
		return -1;
	reg.range.start = (unsigned long)f->page;
	reg.range.len = PAGE;
	if (ioctl(f->uffd, UFFDIO_REGISTER, &reg) ||
	    pthread_create(&f->thread, NULL, send_page, f))
		return -1;
	p.fd = f->uffd;
	return poll(&p, 1, SCRIPT_PATIENCE_MS) == 1 &&
	       read(f->uffd, &msg, sizeof(msg)) == sizeof(msg) ? 0 : -1;
}

static int unlock(struct fault *f, const char *data)
{
	struct uffdio_copy copy = {
		.dst = (unsigned long)f->page, .src = (unsigned long)data, .len = PAGE,
	};

	if (ioctl(f->uffd, UFFDIO_COPY, &copy) || pthread_join(f->thread, NULL))
		return -1;
	close(f->uffd);
	return f->sent == 1000 ? 0 : -1;
}

/* The report counts as soon as the lock is free, and not after an RTO. */
TEST_F_TIMEOUT(own, too_big_while_the_user_sends, WIRE_TIMEOUT)
{
	int small = 1300 - (self->s->family == AF_INET ? 40 : 60);
	static char data[PAGE];
	struct fault f;

	for (int i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, 1400 + i);
	PLAY("stat PmtuChanges=0; passive; send 1400; < PA 1+1400");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	PLAY("icmp toobig mtu=1300 seq=1; <-; stat IcmpIn=1; stat PmtuChanges=0");
	ASSERT_EQ(0, unlock(&f, data));
	PLAY("< A 1+%d t=0..150; stat PmtuChanges=1; stat IcmpStale=0; drain\n"
	     "> A 1 ack=1401; < PA 1401+1000; > A 1 ack=2401; sent 0", small);
}

/* What it quotes has been acknowledged by then, in a segment that waited, too. */
TEST_F_TIMEOUT(own, too_big_about_what_has_arrived, WIRE_TIMEOUT)
{
	static char data[PAGE];
	struct fault f;

	for (int i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, 1400 + i);
	PLAY("stat PmtuChanges=0; passive; send 1400; < PA 1+1400");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	PLAY("icmp toobig mtu=1300 seq=1; > A 1 ack=1401; <-");
	ASSERT_EQ(0, unlock(&f, data));
	PLAY("< PA 1401+1000; <-; stat PmtuChanges=0; stat IcmpStale=1\n"
	     "> A 1 ack=2401; sent 0");
}

/* The others are counted, and the connection goes on. */
TEST_F_TIMEOUT(own, other_errors_while_the_user_sends, WIRE_TIMEOUT)
{
	static char data[PAGE];
	struct fault f;

	for (int i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, 1400 + i);
	PLAY("stat IcmpLocked=0; passive; send 1400; < PA 1+1400");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	PLAY("icmp host seq=1; icmp port seq=1; <-; stat IcmpIn=2; stat IcmpLocked=2");
	ASSERT_EQ(0, unlock(&f, data));
	PLAY("> A 1 ack=1401; < PA 1401+1000; > A 1 ack=2401; sent 0; alive; state ESTABLISHED");
}

/*
 * A timer that expires then has its turn as soon as the lock is free, however soon
 * segments follow: not one of them is acknowledged before.
 */
TEST_F_TIMEOUT(own, timer_while_the_user_sends, WIRE_TIMEOUT)
{
	static char data[PAGE];
	struct fault f;
	int i;

	for (i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, 1400 + i);
	PLAY("stat RtoTimeouts=0; passive; send 1400; < PA 1+1400");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	PLAY("quiet 2000; stat RtoTimeouts=0");
	ASSERT_EQ(0, unlock(&f, data));
	for (i = 0; i < 100; i++) {
		PLAY("> PA %d+10 ack=1", 1 + 10 * i);
		usleep(1000);
	}
	PLAY("< PA 1+1400 ack=1; stat RtoTimeouts=1; drain\n"
	     "> A 1001 ack=1401; <* PA 1401+1000; > A 1001 ack=2401; sent 0; alive");
}

/* Who is locked for long is kept a few segments, and not all that anybody sends. */
TEST_F_TIMEOUT(own, backlog_has_a_bound, WIRE_TIMEOUT)
{
	static char data[PAGE];
	struct fault f;
	int i;

	for (i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, i);
	PLAY("stat DropBacklog=0; passive");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	for (i = 0; i < 20; i++)
		PLAY("> PA %d+1000", 1 + i * 1000);
	PLAY("<-; stat DropBacklog=0");
	for (i = 0; i < 400; i++)
		PLAY("> PA 1+1000");
	PLAY("<-; stat DropBacklog>0");
	ASSERT_EQ(0, unlock(&f, data));
	PLAY("<* PA 1+1000; recv 20000; drain; > A 20001 ack=1001; sent 0; alive");
}

struct question {
	int fd, option, rc;
	pthread_t thread;
	atomic_bool answered;
};

static void *ask(void *arg)
{
	struct question *q = arg;
	socklen_t len = sizeof(int);
	int value;

	q->rc = getsockopt(q->fd, SOL_TCP, q->option, &value, &len);
	q->answered = true;
	return NULL;
}

/*
 * Who asks for an option waits for the lock: whoever holds it may be about to begin
 * anew, and there is nothing to be read in the midst of that.
 */
TEST_F_TIMEOUT(own, options_wait_for_the_lock, WIRE_TIMEOUT)
{
	struct question q[] = {
		{ .option = TCP_SYNCNT }, { .option = TCP_KEEPIDLE },
		{ .option = TCP_KEEPINTVL }, { .option = TCP_KEEPCNT },
		{ .option = TCP_MAXSEG }, { .option = TCP_INFO }, { .option = TCP_CONGESTION },
	};
	static char data[PAGE];
	struct fault f;
	int early = 0;
	size_t i;

	for (i = 0; i < PAGE; i++)
		data[i] = script_pattern(true, i);
	PLAY("passive");
	ASSERT_EQ(0, lock(&f, self->s->f->fd));
	for (i = 0; i < ARRAY_SIZE(q); i++) {
		q[i].fd = self->s->f->fd;
		ASSERT_EQ(0, pthread_create(&q[i].thread, NULL, ask, &q[i]));
	}
	PLAY("quiet 1000");
	for (i = 0; i < ARRAY_SIZE(q); i++)
		early = q[i].answered ? q[i].option : early;
	EXPECT_EQ(0, early);
	ASSERT_EQ(0, unlock(&f, data));
	for (i = 0; i < ARRAY_SIZE(q); i++) {
		ASSERT_EQ(0, pthread_join(q[i].thread, NULL));
		EXPECT_EQ(0, q[i].rc);
	}
	PLAY("< PA 1+1000; > A 1 ack=1001; alive");
}

WIRE_MAIN
