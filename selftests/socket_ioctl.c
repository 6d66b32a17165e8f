// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl() and fcntl() beside TCP: what is queued in and out, in each state, and
 * what other requests answer.
 */
#include "lib/socktest.h"

#include <net/if_arp.h>
#include <net/route.h>

static void rec_ioctl(struct ctx *c, const char *what, int fd, unsigned long req)
{
	int v = -99;

	if (ioctl(fd, req, &v) < 0)
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: %d", what, v);
}

static void rec_queues(struct ctx *c, const char *what, int fd)
{
	rec(c, "%s", what);
	rec_ioctl(c, "FIONREAD", fd, FIONREAD);
	rec_ioctl(c, "SIOCINQ", fd, SIOCINQ);
	rec_ioctl(c, "SIOCOUTQ", fd, SIOCOUTQ);
	rec_ioctl(c, "TIOCOUTQ", fd, TIOCOUTQ);
	rec_ioctl(c, "SIOCOUTQNSD", fd, SIOCOUTQNSD);
	rec_ioctl(c, "SIOCATMARK", fd, SIOCATMARK);
}

SCENARIO(by_state)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));
	struct pair p = pair_new(c);

	rec_queues(c, "fresh", fd);
	must(c, bind(fd, &a.sa, a.len));
	rec_queues(c, "bound", fd);
	must(c, listen(fd, 1));
	rec_queues(c, "listening", fd);
	rec_queues(c, "connecting", sk_syn_sent(c));
	rec_queues(c, "client", p.cl);
	rec_queues(c, "server", p.sv);
	must(c, (int)send(p.cl, "data", 4, 0));
	wait_until(c, queued_in(p.sv) == 4);
	rec_queues(c, "server with data", p.sv);
	rec_recv(c, "recv", p.sv, 3, 0);
	rec_queues(c, "server with less", p.sv);
	wait_until(c, queued_out(p.cl) == 0);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	rec_queues(c, "client, shut", p.cl);
	rec_queues(c, "server with data and end", p.sv);
	rec_recv(c, "recv", p.sv, 3, 0);
	rec_queues(c, "server with the end", p.sv);
	rec_recv(c, "end", p.sv, 3, 0);
	rec_queues(c, "server at the end", p.sv);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_queues(c, "client, closed", p.cl);
	rec_queues(c, "server, closed", p.sv);
}

SCENARIO(after_reset)
{
	struct pair p = pair_new(c);

	must(c, (int)send(p.cl, "data", 4, 0));
	wait_until(c, queued_in(p.sv) == 4);
	sk_abort(p.cl);
	wait_state(c, p.sv, TCP_CLOSE);
	rec_queues(c, "reset with data", p.sv);
}

SCENARIO(out_queue)
{
	struct pair p = pair_new(c);
	char buf[4096];
	int before;

	fill(c, p.cl);
	rec(c, "out %d, unsent %d, all unsent %d", queued_out(p.cl) > 0, unsent(p.cl) > 0,
	    queued_out(p.cl) == unsent(p.cl));
	before = queued_out(p.cl) + queued_in(p.sv);
	rec(c, "in %d", queued_in(p.sv) > 20000);
	rc(c, "recv", recv(p.sv, buf, sizeof(buf), 0));
	wait_until(c, queued_out(p.cl) + queued_in(p.sv) == before - 4096);
	rec(c, "nothing lost, nothing doubled");
}

SCENARIO(bad_memory)
{
	struct pair p = pair_new(c);

	rc(c, "FIONREAD", ioctl(p.cl, FIONREAD, (void *)8));
	rc(c, "SIOCOUTQ", ioctl(p.cl, SIOCOUTQ, (void *)8));
	rc(c, "FIONREAD, no pointer", ioctl(p.cl, FIONREAD, NULL));
	rc(c, "SIOCATMARK", ioctl(p.cl, SIOCATMARK, (void *)8));
	rc(c, "no such descriptor", ioctl(-1, FIONREAD, NULL));
}

SCENARIO(nonblocking)
{
	struct pair p = pair_new(c);
	int on = 1, off = 0;

	rc(c, "FIONBIO", ioctl(p.cl, FIONBIO, &on));
	rec(c, "F_GETFL %x", fcntl(p.cl, F_GETFL));
	rec_recv(c, "recv", p.cl, 10, 0);
	rc(c, "FIONBIO off", ioctl(p.cl, FIONBIO, &off));
	rec(c, "F_GETFL %x", fcntl(p.cl, F_GETFL));
	rc(c, "FIOCLEX", ioctl(p.cl, FIOCLEX));
	rec(c, "F_GETFD %x", fcntl(p.cl, F_GETFD));
}

SCENARIO(unknown)
{
	struct pair p = pair_new(c);

	rec_ioctl(c, "0", p.cl, 0);
	rec_ioctl(c, "0x1234", p.cl, 0x1234);
	rec_ioctl(c, "0xdeadbeef", p.cl, 0xdeadbeef);
	rec_ioctl(c, "TCGETS", p.cl, 0x5401);
	rec_ioctl(c, "private 0", p.cl, SIOCPROTOPRIVATE);
	rec_ioctl(c, "private 15", p.cl, SIOCPROTOPRIVATE + 15);
	rec_ioctl(c, "device private", p.cl, SIOCDEVPRIVATE);
}

/* What any internet socket can be asked about the host. */
SCENARIO(about_the_host)
{
	struct ifreq ifr = { 0 };
	struct ifconf conf = { 0 };
	int fd = must(c, sk_settled(c));

	strcpy(ifr.ifr_name, "lo");
	rc(c, "SIOCGIFFLAGS", ioctl(fd, SIOCGIFFLAGS, &ifr));
	rec(c, "up %d", !!(ifr.ifr_flags & IFF_UP));
	rc(c, "SIOCGIFMTU", ioctl(fd, SIOCGIFMTU, &ifr));
	rec(c, "mtu %d", ifr.ifr_mtu);
	rc(c, "SIOCGIFINDEX", ioctl(fd, SIOCGIFINDEX, &ifr));
	rc(c, "SIOCGIFCONF", ioctl(fd, SIOCGIFCONF, &conf));
	rec(c, "length %d", conf.ifc_len);
	strcpy(ifr.ifr_name, "nope");
	rc(c, "no such device", ioctl(fd, SIOCGIFFLAGS, &ifr));
	strcpy(ifr.ifr_name, "lo");
	memset(&ifr.ifr_addr, 0, sizeof(ifr.ifr_addr));
	rc(c, "SIOCGIFADDR", ioctl(fd, SIOCGIFADDR, &ifr));
	rc(c, "SIOCADDRT", ioctl(fd, SIOCADDRT, (void *)8));
	rc(c, "SIOCGARP", ioctl(fd, SIOCGARP, (void *)8));
	rec_ioctl(c, "SIOCGSTAMP", fd, 0x8906);
}

SCENARIO(signals_and_owner)
{
	struct pair p = pair_new(c);
	struct sigaction sa = { .sa_handler = count_sigpipe };

	sigaction(SIGIO, &sa, NULL);
	rc(c, "F_SETOWN", fcntl(p.cl, F_SETOWN, getpid()));
	rec(c, "F_GETOWN %d", fcntl(p.cl, F_GETOWN) == getpid());
	rc(c, "O_ASYNC", fcntl(p.cl, F_SETFL, O_ASYNC));
	must(c, (int)send(p.sv, "x", 1, 0));
	wait_until(c, sigpipes > 0);
	rec(c, "SIGIO came");
	rec_recv(c, "recv", p.cl, 10, MSG_DONTWAIT);
	sigpipes = 0;
	shutdown(p.sv, SHUT_WR);
	wait_until(c, sigpipes > 0);
	rec(c, "SIGIO at the end came");
}

TEST_HARNESS_MAIN
