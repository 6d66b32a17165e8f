// SPDX-License-Identifier: GPL-2.0
/*
 * The calls that move data, beside TCP: each of them, zero lengths, bad memory,
 * long vectors, sendfile and splice, time limits, and what each says before,
 * during and after a connection. MSG_ flags are in socket_flags.c.
 */
#include "lib/socktest.h"
#include "lib/data.h"

#include <linux/sock_diag.h>
#include <sys/sendfile.h>

SCENARIO(each_call)
{
	struct pair p = pair_new(c);
	char buf[64] = "";
	struct iovec out[2] = { { "wri", 3 }, { "tev", 3 } }, in[2] = { { buf, 2 }, { buf + 2, 9 } };
	struct msghdr msg = { .msg_iov = out, .msg_iovlen = 2 };

	rc(c, "write", write(p.cl, "write", 5));
	wait_until(c, queued_in(p.sv) == 5);
	rc(c, "read", read(p.sv, buf, sizeof(buf)));
	rc(c, "writev", writev(p.cl, out, 2));
	wait_until(c, queued_in(p.sv) == 6);
	rc(c, "readv", readv(p.sv, in, 2));
	rec(c, "data '%.6s'", buf);
	rc(c, "send", send(p.cl, "send", 4, 0));
	wait_until(c, queued_in(p.sv) == 4);
	rec_recv(c, "recv", p.sv, 60, 0);
	rc(c, "sendto", sendto(p.cl, "sendto", 6, 0, NULL, 0));
	wait_until(c, queued_in(p.sv) == 6);
	rc(c, "recvfrom", recvfrom(p.sv, buf, 60, 0, NULL, NULL));
	rc(c, "sendmsg", sendmsg(p.cl, &msg, 0));
	wait_until(c, queued_in(p.sv) == 6);
	msg.msg_iov = in;
	rc(c, "recvmsg", recvmsg(p.sv, &msg, 0));
	rec(c, "data '%.6s', flags %x controllen %zu", buf, msg.msg_flags, msg.msg_controllen);
	rc(c, "pwrite", pwrite(p.cl, "x", 1, 0));
	rc(c, "pread", pread(p.cl, buf, 1, 0));
	rc(c, "lseek", lseek(p.cl, 0, SEEK_SET));
	rc(c, "fsync", fsync(p.cl));
	rc(c, "ftruncate", ftruncate(p.cl, 0));
}

/* An address given with data on a connection is ignored, or not. */
SCENARIO(addresses_with_data)
{
	struct pair p = pair_new(c);
	struct addr to = addr_at(c, LOOP2, 9), got = { .len = sizeof(got.room) };
	char buf[8] = "";
	struct iovec iov = { buf, 8 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_name = &got.room,
			      .msg_namelen = sizeof(got.room) };

	rc(c, "sendto", sendto(p.cl, "abc", 3, 0, &to.sa, to.len));
	wait_until(c, queued_in(p.sv) == 3);
	memset(&got.room, 0xee, sizeof(got.room));
	rc(c, "recvfrom", recvfrom(p.sv, buf, 8, 0, &got.sa, &got.len));
	rec(c, "address length %u, first byte %x", got.len, *(unsigned char *)&got.room);
	rc(c, "send", send(p.cl, "abc", 3, 0));
	wait_until(c, queued_in(p.sv) == 3);
	rc(c, "recvmsg", recvmsg(p.sv, &msg, 0));
	rec(c, "name length %u, first byte %x", msg.msg_namelen, *(unsigned char *)&got.room);
	rc(c, "to a bad address", sendto(p.cl, "abc", 3, 0, (void *)8, to.len));
	rc(c, "to a short address", sendto(p.cl, "abc", 3, 0, &to.sa, 1));
	rc(c, "to too long an address", sendto(p.cl, "abc", 3, 0, &to.sa, 4096));
	rc(c, "sendto without connection",
	   sendto(must(c, sk_settled(c)), "abc", 3, 0, &to.sa, to.len));
	rec_sigpipes(c, "sendto");
}

SCENARIO(zero_lengths)
{
	struct pair p = pair_new(c);
	struct iovec iov[2] = { { NULL, 0 }, { NULL, 0 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 }, none = { 0 };
	char buf[4];

	rc(c, "send", send(p.cl, "", 0, 0));
	rc(c, "send from nowhere", send(p.cl, NULL, 0, 0));
	rc(c, "write", write(p.cl, "", 0));
	rc(c, "writev of nothing", writev(p.cl, iov, 0));
	rc(c, "writev of empties", writev(p.cl, iov, 2));
	rc(c, "sendmsg", sendmsg(p.cl, &msg, 0));
	rc(c, "sendmsg without vector", sendmsg(p.cl, &none, 0));
	rc(c, "recv", recv(p.cl, buf, 0, MSG_DONTWAIT));
	rc(c, "read", read(p.cl, buf, 0));
	rc(c, "recvmsg", recvmsg(p.cl, &none, MSG_DONTWAIT));
	rec_poll(c, "the peer saw nothing", p.sv);
	must(c, (int)send(p.sv, "data", 4, 0));
	wait_until(c, queued_in(p.cl) == 4);
	rc(c, "recv with data there", recv(p.cl, buf, 0, 0));
	rc(c, "peek with data there", recv(p.cl, buf, 0, MSG_PEEK));
	rec(c, "still there: %d", queued_in(p.cl));
	shutdown(p.cl, SHUT_WR);
	rc(c, "send after shutdown", send(p.cl, "", 0, 0));
	rec_sigpipes(c, "send after shutdown");
	rc(c, "fresh send", send(sk_settled(c), "", 0, 0));
	rec_sigpipes(c, "fresh send");
	rc(c, "fresh recv", recv(sk_settled(c), buf, 0, 0));
}

SCENARIO(bad_memory)
{
	struct pair p = pair_new(c);
	char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct iovec iov[2] = { { "good", 4 }, { (void *)8, 4 } };
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = 2 };
	char buf[64] = "";

	munmap(page + 4096, 4096);
	rc(c, "send", send(p.cl, (void *)8, 10, 0));
	rc(c, "sendmsg, second part", sendmsg(p.cl, &msg, 0));
	rc(c, "then", send(p.cl, "|", 1, 0));
	wait_until(c, queued_out(p.cl) == 0);
	rec_recv(c, "what arrived", p.sv, 60, MSG_DONTWAIT);
	memset(page, 'p', 4096);
	rc(c, "send over the edge of memory", send(p.cl, page + 4086, 20, 0));
	rc(c, "then", send(p.cl, "|", 1, 0));
	wait_until(c, queued_out(p.cl) == 0);
	rec_recv(c, "what arrived", p.sv, 60, MSG_DONTWAIT);
	must(c, (int)send(p.sv, "0123456789", 10, 0));
	wait_until(c, queued_in(p.cl) == 10);
	rc(c, "recv", recv(p.cl, (void *)8, 10, 0));
	rec(c, "still there: %d", queued_in(p.cl));
	rc(c, "recv over the edge of memory", recv(p.cl, page + 4096 - 5, 10, 0));
	rec(c, "still there: %d", queued_in(p.cl));
	iov[0].iov_base = buf;
	rc(c, "recvmsg, second part", recvmsg(p.cl, &msg, MSG_DONTWAIT));
	rec(c, "still there: %d", queued_in(p.cl));
	rec_recv(c, "the rest", p.cl, 60, MSG_DONTWAIT);
	rc(c, "sendmsg, header", sendmsg(p.cl, (void *)8, 0));
	rc(c, "recvmsg, header", recvmsg(p.cl, (void *)8, 0));
	msg.msg_iov = (void *)8;
	rc(c, "sendmsg, vector", sendmsg(p.cl, &msg, 0));
	msg.msg_iovlen = 5000;
	rc(c, "sendmsg, vector too long", sendmsg(p.cl, &msg, 0));
	rec_state(c, "all is well", p.cl);
}

/* 1000 parts of odd sizes, some empty, each way. */
SCENARIO(long_vectors)
{
	static unsigned char out[200000], in[200000];
	struct pair p = pair_new(c);
	struct iovec iov[1025] = { 0 };
	size_t used = 0, got = 0;
	int i;

	data_fill(out, 0, sizeof(out));
	for (i = 0; i < 1000; i++) {
		iov[i].iov_base = out + used;
		iov[i].iov_len = i % 7 ? i % 97 : 0;
		used += iov[i].iov_len;
	}
	rc(c, "writev", writev(p.cl, iov, 1000));
	for (i = 0; i < 1000; i++)
		iov[i].iov_base = in + ((char *)iov[i].iov_base - (char *)out);
	wait_until(c, queued_in(p.sv) == (int)used);
	got = readv(p.sv, iov, 1000);
	rec(c, "readv %zu of %zu: %s", got, used, data_ok(in, 0, used) ? "intact" : "broken");
	rc(c, "more than there may be", writev(p.cl, iov, 1025));
	rc(c, "readv likewise", readv(p.cl, iov, 1025));
	iov[0].iov_len = -1;
	rc(c, "a negative part", writev(p.cl, iov, 2));
}

/*
 * What is written in turns to two sockets: a few octets keep pages from being freed,
 * and cost more than themselves. A cork holds for 200 ms: again, if that was too short.
 */
SCENARIO(slivers_cost_more)
{
	struct pair p = pair_new(c), q = pair_new(c);
	unsigned int mem[16] = { 0 };
	socklen_t len = sizeof(mem);
	int i, all = 0;
	long long begin;

	do {
		set_int(p.cl, IPPROTO_TCP, TCP_CORK, 0);
		wait_until(c, queued_out(p.cl) == 0);
		set_int(p.cl, IPPROTO_TCP, TCP_CORK, 1);
		set_int(q.cl, IPPROTO_TCP, TCP_CORK, 1);
		begin = now_ms();
		for (i = 0; i < 4; i++) {
			all += must(c, send(p.cl, "x", 1, 0));
			must(c, send(q.cl, "y", 1, 0));
		}
		must(c, getsockopt(p.cl, SOL_SOCKET, SO_MEMINFO, mem, &len));
	} while (now_ms() - begin > 150);
	rec(c, "4 octets are charged as %s", mem[SK_MEMINFO_WMEM_QUEUED] < 512 ? "little" : "more");
	set_int(p.cl, IPPROTO_TCP, TCP_CORK, 0);
	wait_until(c, queued_in(p.sv) == all);
	wait_until(c, queued_out(p.cl) == 0);
	rc(c, "SO_MEMINFO", getsockopt(p.cl, SOL_SOCKET, SO_MEMINFO, mem, &len));
	rec(c, "nothing is charged as %u", mem[SK_MEMINFO_WMEM_QUEUED]);
}

/* Not connected, in each way; then reset and shut down in socket_shutdown.c. */
SCENARIO(without_connection)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd[2] = { must(c, sk_settled(c)), must(c, sk_settled(c)) }, i;
	char buf[8];

	must(c, bind(fd[1], &a.sa, a.len));
	for (i = 0; i < 3; i++) {
		int s = i < 2 ? fd[i] : sk_listener(c);

		rec(c, "%s", i == 0 ? "fresh" : i == 1 ? "bound" : "listening");
		rc(c, "send", send(s, "x", 1, 0));
		rec_sigpipes(c, "send");
		rc(c, "send DONTWAIT", send(s, "x", 1, MSG_DONTWAIT));
		rec_sigpipes(c, "send DONTWAIT");
		rc(c, "write", write(s, "x", 1));
		rec_sigpipes(c, "write");
		rc(c, "recv", recv(s, buf, 8, 0));
		rc(c, "recv DONTWAIT", recv(s, buf, 8, MSG_DONTWAIT));
		rc(c, "recv PEEK", recv(s, buf, 8, MSG_PEEK));
		rc(c, "read", read(s, buf, 8));
		rec_so_error(c, "then", s);
		rec_poll(c, "then", s);
	}
}

static long do_recv(int fd)
{
	char buf[64];

	return recv(fd, buf, sizeof(buf), 0);
}

static long do_send(int fd)
{
	static char buf[1 << 16];

	return send(fd, buf, sizeof(buf), 0);
}

SCENARIO(recv_waits)
{
	struct pair p = pair_new(c);
	struct async t;

	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	rc(c, "send", send(p.sv, "hello", 5, 0));
	async_join(c, &t, "recv");
	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	shutdown(p.sv, SHUT_WR);
	async_join(c, &t, "recv");
	async_start(c, &t, p.sv, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	sk_abort(p.cl);
	async_join(c, &t, "recv");
	async_start(c, &t, p.sv, do_recv);
	async_join(c, &t, "recv");
}

SCENARIO(send_waits)
{
	struct pair p = pair_new(c);
	struct async t;
	char buf[4096];
	long n = 0, got;

	set_int(p.sv, SOL_SOCKET, SO_RCVBUF, 100000);
	fill(c, p.cl);
	async_start(c, &t, p.cl, do_send);
	async_blocked(c, &t, SYS_sendto);
	while (!t.done) {
		got = recv(p.sv, buf, sizeof(buf), MSG_DONTWAIT);
		n += got > 0 ? got : 0;
	}
	async_join(c, &t, "send");
}

SCENARIO(send_woken_by_reset)
{
	struct pair p = pair_new(c);
	struct async t;

	fill(c, p.cl);
	rec(c, "full: poll has OUT %d", !!(poll_now(p.cl) & POLLOUT));
	async_start(c, &t, p.cl, do_send);
	async_blocked(c, &t, SYS_sendto);
	sk_abort(p.sv);
	async_join(c, &t, "send");
	rc(c, "next", send(p.cl, "x", 1, 0));
	rec_sigpipes(c, "in all");
}

SCENARIO(interrupted)
{
	struct sigaction sa = { .sa_handler = count_sigpipe };
	struct pair p = pair_new(c);
	struct async t;

	sigaction(SIGUSR1, &sa, NULL);
	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "recv");
	fill(c, p.cl);
	async_start(c, &t, p.cl, do_send);
	async_blocked(c, &t, SYS_sendto);
	pthread_kill(t.thread, SIGUSR1);
	async_join(c, &t, "send");
	sa.sa_flags = SA_RESTART;
	sigaction(SIGUSR1, &sa, NULL);
	async_start(c, &t, p.cl, do_recv);
	async_blocked(c, &t, SYS_recvfrom);
	sigpipes = 0;
	pthread_kill(t.thread, SIGUSR1);
	wait_until(c, sigpipes == 1);
	async_blocked(c, &t, SYS_recvfrom);
	must(c, (int)send(p.sv, "late", 4, 0));
	async_join(c, &t, "recv, restarted");
}

SCENARIO(time_limits)
{
	struct timeval tv = { .tv_usec = 50000 }, got;
	struct pair p = pair_new(c);
	socklen_t len = sizeof(got);
	char buf[8];

	rc(c, "SO_RCVTIMEO", setsockopt(p.cl, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	rc(c, "SO_SNDTIMEO", setsockopt(p.cl, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)));
	rc(c, "get", getsockopt(p.cl, SOL_SOCKET, SO_RCVTIMEO, &got, &len));
	rec(c, "%ld s, set at all: %d", (long)got.tv_sec, got.tv_usec > 0);
	rc(c, "recv", recv(p.cl, buf, 8, 0));
	rc(c, "recv WAITALL", recv(p.cl, buf, 8, MSG_WAITALL));
	must(c, (int)send(p.sv, "abc", 3, 0));
	wait_until(c, queued_in(p.cl) == 3);
	rc(c, "recv WAITALL with some", recv(p.cl, buf, 8, MSG_WAITALL));
	fill(c, p.cl);
	rc(c, "send", send(p.cl, buf, 8, 0) > 0 ? 0 : -1);
	tv.tv_usec = 2000000;
	rc(c, "too many microseconds", setsockopt(p.cl, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	rc(c, "too short", setsockopt(p.cl, SOL_SOCKET, SO_RCVTIMEO, &tv, 4));
	rec_so_error(c, "no error of the socket", p.cl);
}

static int data_file(struct ctx *c, size_t size)
{
	int fd = must(c, (int)syscall(SYS_memfd_create, "data", 0));
	unsigned char *buf = malloc(size);

	data_fill(buf, 0, size);
	must(c, (int)write(fd, buf, size));
	must(c, (int)lseek(fd, 0, SEEK_SET));
	free(buf);
	return fd;
}

static void recv_and_check(struct ctx *c, int fd, size_t size)
{
	unsigned char *buf = malloc(size);
	size_t got = 0;
	long n;

	while (got < size) {
		n = recv(fd, buf + got, size - got, 0);
		if (n <= 0)
			break;
		got += n;
	}
	rec(c, "%zu of %zu %s", got, size, data_ok(buf, 0, got) ? "intact" : "broken");
	free(buf);
}

SCENARIO(sendfile_calls)
{
	struct pair p = pair_new(c);
	int file = data_file(c, 30000);
	off_t off = 0;

	rc(c, "sendfile", sendfile(p.cl, file, NULL, 30000));
	recv_and_check(c, p.sv, 30000);
	rc(c, "at the end", sendfile(p.cl, file, NULL, 100));
	rc(c, "with an offset", sendfile(p.cl, file, &off, 12345));
	rec(c, "offset %ld", (long)off);
	recv_and_check(c, p.sv, 12345);
	rc(c, "from a socket", sendfile(p.cl, p.sv, NULL, 100));
	rc(c, "to a fresh one", sendfile(sk_settled(c), file, &(off_t){ 0 }, 100));
	rec_sigpipes(c, "fresh");
	shutdown(p.cl, SHUT_WR);
	rc(c, "after shutdown", sendfile(p.cl, file, &(off_t){ 0 }, 100));
	rec_sigpipes(c, "after shutdown");
}

SCENARIO(splice_calls)
{
	struct pair p = pair_new(c), q = pair_new(c);
	int pipe_fd[2], file = data_file(c, 20000);
	loff_t off = 0;
	long n;

	must(c, pipe(pipe_fd));
	/* From a file through a pipe into the socket. */
	n = rc(c, "file to pipe", splice(file, &off, pipe_fd[1], NULL, 20000, 0));
	rc(c, "pipe to socket", splice(pipe_fd[0], NULL, p.cl, NULL, n, 0));
	wait_until(c, queued_in(p.sv) == n);
	/* From the socket through the pipe into another: a relay. */
	rc(c, "socket to pipe", splice(p.sv, NULL, pipe_fd[1], NULL, n, 0));
	rc(c, "pipe to socket", splice(pipe_fd[0], NULL, q.cl, NULL, n, 0));
	recv_and_check(c, q.sv, n);
	/* The socket's own O_NONBLOCK is asked, not the call's flag. */
	sk_nonblock(p.sv, true);
	rc(c, "nothing there", splice(p.sv, NULL, pipe_fd[1], NULL, 100, 0));
	sk_nonblock(p.sv, false);
	rc(c, "fresh", splice(sk_settled(c), NULL, pipe_fd[1], NULL, 100, SPLICE_F_NONBLOCK));
	rc(c, "with an offset", splice(p.sv, &off, pipe_fd[1], NULL, 100, 0));
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	rc(c, "at the end", splice(p.sv, NULL, pipe_fd[1], NULL, 100, 0));
	must(c, (int)write(pipe_fd[1], "x", 1));
	rc(c, "after shutdown", splice(pipe_fd[0], NULL, p.cl, NULL, 1, 0));
	rec_sigpipes(c, "after shutdown");
	sk_abort(p.sv);
	wait_state(c, p.cl, TCP_CLOSE);
	rc(c, "after reset", splice(p.cl, NULL, pipe_fd[1], NULL, 1, 0));
}

/* The file changes while its pages sit in the socket: not for us to break on. */
SCENARIO(sendfile_then_many_small)
{
	struct pair p = pair_new(c);
	int file = data_file(c, 8192), i;
	unsigned char buf[9000];
	off_t off = 0;

	rc(c, "sendfile", sendfile(p.cl, file, &off, 8192));
	data_fill(buf, 0, sizeof(buf));
	for (i = 0; i < 800; i++)
		must(c, (int)send(p.cl, buf + 8192 + i, 1, 0));
	recv_and_check(c, p.sv, 8992);
}

struct stream {
	int fd;
	size_t size;
	size_t chunk;
	bool ok;
};

static void *send_stream(void *arg)
{
	struct stream *s = arg;
	unsigned char *buf = malloc(s->chunk);
	size_t sent = 0;
	long n;

	while (sent < s->size) {
		size_t want = s->size - sent < s->chunk ? s->size - sent : s->chunk;

		data_fill(buf, sent, want);
		n = send(s->fd, buf, want, 0);
		if (n <= 0)
			break;
		sent += n;
	}
	free(buf);
	shutdown(s->fd, SHUT_WR);
	s->ok = sent == s->size;
	return NULL;
}

static void *recv_stream(void *arg)
{
	struct stream *s = arg;
	unsigned char *buf = malloc(s->chunk);
	size_t got = 0;
	bool ok = true;
	long n;

	while ((n = recv(s->fd, buf, s->chunk, 0)) > 0) {
		ok = ok && data_ok(buf, got, n);
		got += n;
	}
	free(buf);
	s->ok = ok && n == 0 && got == s->size;
	return NULL;
}

/* Both ways at once, with chunks that fit nothing. */
static void both_ways(struct ctx *c, size_t size, size_t send_chunk, size_t recv_chunk, int buf)
{
	struct pair p = pair_new(c);
	struct stream s[4] = {
		{ p.cl, size, send_chunk, false }, { p.sv, size, recv_chunk, false },
		{ p.sv, size, send_chunk, false }, { p.cl, size, recv_chunk, false },
	};
	pthread_t t[4];
	int i;

	if (buf) {
		set_int(p.cl, SOL_SOCKET, SO_SNDBUF, buf);
		set_int(p.cl, SOL_SOCKET, SO_RCVBUF, buf);
		set_int(p.sv, SOL_SOCKET, SO_SNDBUF, buf);
		set_int(p.sv, SOL_SOCKET, SO_RCVBUF, buf);
	}
	for (i = 0; i < 4; i++)
		must(c, -pthread_create(&t[i], NULL, i & 1 ? recv_stream : send_stream, &s[i]));
	for (i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	rec(c, "%zu bytes by %zu, read by %zu: %d %d %d %d", size, send_chunk, recv_chunk,
	    s[0].ok, s[1].ok, s[2].ok, s[3].ok);
}

SCENARIO(both_ways_at_once)
{
	both_ways(c, 1 << 20, 65536, 65536, 0);
	both_ways(c, 300000, 1000, 77777, 0);
	both_ways(c, 300000, 77777, 333, 0);
	both_ways(c, 3000, 1, 1, 0);
}

SCENARIO(both_ways_in_small_buffers)
{
	both_ways(c, 20000, 5000, 3000, 1);
	both_ways(c, 300000, 65536, 65536, 100000);
}

TEST_HARNESS_MAIN
