// SPDX-License-Identifier: GPL-2.0
/*
 * Every state of RFC 9293 as the socket calls show it, beside TCP: two hosts on a
 * wire that carries packets only when told, so that the states which pass quickly
 * stand still, and both simultaneous open and simultaneous close happen.
 */
#include "lib/cross.h"

#include <netinet/icmp6.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/ip6.h>

/* What a socket says of itself, reading and writing nothing. */
static void rec_look(struct ctx *c, const char *what, int fd)
{
	char text[80];

	rec_state(c, what, fd);
	rec_poll(c, what, fd);
	snprintf(text, sizeof(text), "%s, own name", what);
	rec_sockname(c, text, fd);
	snprintf(text, sizeof(text), "%s, peer name", what);
	rec_peername(c, text, fd);
	rec(c, "%s: in %d", what, queued_in(fd));
	/* TCP goes on to count what it had sent when all was over; XTCP has let it go. */
	if (tcp_state(fd) == TCP_CLOSE)
		rec_differs(c, "out", "0", "%d", queued_out(fd));
	else
		rec(c, "%s: out %d", what, queued_out(fd));
}

/* And what it answers to those who use it. */
static void rec_use(struct ctx *c, const char *what, int fd)
{
	struct addr a = cross_addr(c, 0);

	rec_look(c, what, fd);
	rec_recv(c, what, fd, 10, 0);
	rec_recv(c, what, fd, 10, MSG_PEEK);
	rc(c, what, send(fd, "x", 1, 0));
	rec_sigpipes(c, what);
	rc(c, "connect", connect(fd, &a.sa, a.len));
	rc(c, "listen", listen(fd, 1));
	rc_fd(c, "accept", accept(fd, NULL, NULL));
	rc(c, "bind", bind(fd, &a.sa, a.len));
	rec_so_error(c, what, fd);
}

SCENARIO(syn_sent)
{
	struct cross x = cross_new(c);

	rc(c, "connect", cross_connect(c, &x, 0));
	rec_use(c, "SYN-SENT", x.sk[0]);
}

SCENARIO(passive_open_step_by_step)
{
	struct cross x = cross_new(c);
	int ls = x.sk[1], sv;

	must(c, listen(ls, 4));
	rc(c, "connect", cross_connect(c, &x, 0));
	cross_carry(&x, 0, false);
	rec_look(c, "listener, a SYN has come", ls);
	rc_fd(c, "accept", accept(ls, NULL, NULL));
	cross_carry(&x, 1, false);
	rec_look(c, "client", x.sk[0]);
	rec_look(c, "listener, the ACK on its way", ls);
	rc_fd(c, "accept", accept(ls, NULL, NULL));
	/* The client may send already. */
	rc(c, "send", send(x.sk[0], "early", 5, 0));
	cross_settle(&x);
	rec_look(c, "listener", ls);
	sv = must(c, accept4(ls, NULL, NULL, SOCK_NONBLOCK));
	rec_look(c, "server", sv);
	rec_recv(c, "server", sv, 10, 0);
}

SCENARIO(lost_ack_made_good_by_data)
{
	struct cross x = cross_new(c);
	int ls = x.sk[1];

	must(c, listen(ls, 4));
	rc(c, "connect", cross_connect(c, &x, 0));
	cross_carry(&x, 0, false);
	cross_carry(&x, 1, false);
	/* The handshake's last ACK is lost; data with the same ACK follows. */
	cross_carry(&x, 0, true);
	rec_look(c, "listener", ls);
	rc(c, "send", send(x.sk[0], "data", 4, 0));
	cross_settle(&x);
	rec_look(c, "listener", ls);
	x.sk[1] = must(c, accept4(ls, NULL, NULL, SOCK_NONBLOCK));
	rec_recv(c, "server", x.sk[1], 10, 0);
}

static struct cross simultaneous(struct ctx *c)
{
	struct cross x = cross_new(c);
	char buf[2048];
	long n;

	rc(c, "connect", cross_connect(c, &x, 0));
	rc(c, "connect the other way", cross_connect(c, &x, 1));
	/* The SYNs cross: both are taken off the wire before either arrives. */
	do
		n = must(c, (int)read(x.tun[1], buf, sizeof(buf)));
	while (buf[is6(c) ? 6 : 9] != (char)get_int(x.sk[1], SOL_SOCKET, SO_PROTOCOL));
	cross_carry(&x, 0, false);
	must(c, (int)write(x.tun[0], buf, n));
	return x;
}

SCENARIO(simultaneous_open)
{
	struct cross x = simultaneous(c);

	rec_look(c, "SYN-RECEIVED, one", x.sk[0]);
	rec_look(c, "SYN-RECEIVED, other", x.sk[1]);
	cross_settle(&x);
	rec_look(c, "ESTABLISHED, one", x.sk[0]);
	rec_look(c, "ESTABLISHED, other", x.sk[1]);
	rec_so_error(c, "one", x.sk[0]);
	rec_so_error(c, "other", x.sk[1]);
	rc(c, "send", send(x.sk[0], "across", 6, 0));
	cross_settle(&x);
	rec_recv(c, "recv", x.sk[1], 10, 0);
	rc(c, "send", send(x.sk[1], "back", 4, 0));
	cross_settle(&x);
	rec_recv(c, "recv", x.sk[0], 10, 0);
}

/* Somebody listens on the port of a connection that is in SYN-RECEIVED. */
SCENARIO(listen_beside_half_open)
{
	struct cross x = simultaneous(c);
	struct addr a = cross_addr(c, 1);
	int ls = must(c, sk_new(c));

	proves(c, "MUST-42");
	set_int(x.sk[1], SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(ls, SOL_SOCKET, SO_REUSEADDR, 1);
	rc(c, "bind", bind(ls, &a.sa, a.len));
	rc(c, "listen", listen(ls, 4));
	rec_look(c, "SYN-RECEIVED", x.sk[1]);
	cross_settle(&x);
	rec_look(c, "ESTABLISHED", x.sk[1]);
	rec_look(c, "the listener", ls);
}

SCENARIO(syn_received_used)
{
	struct cross x = simultaneous(c);

	rec_use(c, "SYN-RECEIVED", x.sk[0]);
}

SCENARIO(syn_received_shut)
{
	struct cross x = simultaneous(c);

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	/* TCP waits with the FIN until it is ESTABLISHED; RFC 9293 does not. */
	rec_differs(c, "shut", "4", "%d", tcp_state(x.sk[0]));
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_FIN_WAIT2);
	rec_look(c, "one", x.sk[0]);
	rec_look(c, "other", x.sk[1]);
	rec_recv(c, "other", x.sk[1], 10, 0);
	rc(c, "the other sends", send(x.sk[1], "still", 5, 0));
	cross_settle(&x);
	rec_recv(c, "one", x.sk[0], 10, 0);
	rc(c, "the other is done", shutdown(x.sk[1], SHUT_WR));
	cross_until(c, &x, tcp_state(x.sk[1]) == TCP_CLOSE);
	rec_recv(c, "one", x.sk[0], 10, 0);
	rec_look(c, "one", x.sk[0]);
}

SCENARIO(syn_received_closed)
{
	struct cross x = simultaneous(c);

	rc(c, "close", close(x.sk[0]));
	cross_settle(&x);
	rec_look(c, "other", x.sk[1]);
	rec_recv(c, "other", x.sk[1], 10, 0);
}

SCENARIO(fin_wait_1)
{
	struct cross x = cross_established(c);

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	rec_look(c, "FIN-WAIT-1", x.sk[0]);
	/* The peer sends something before the FIN reaches it. */
	rc(c, "send", send(x.sk[1], "data", 4, 0));
	cross_carry(&x, 1, false);
	rec_use(c, "FIN-WAIT-1, with data", x.sk[0]);
	rc(c, "shutdown again", shutdown(x.sk[0], SHUT_RDWR));
	rec_look(c, "FIN-WAIT-1, shut", x.sk[0]);
}

SCENARIO(fin_wait_2)
{
	struct cross x = cross_established(c);

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_FIN_WAIT2);
	rec_look(c, "CLOSE-WAIT", x.sk[1]);
	rec_use(c, "FIN-WAIT-2", x.sk[0]);
	rec_use(c, "CLOSE-WAIT", x.sk[1]);
}

SCENARIO(simultaneous_close)
{
	struct cross x = cross_established(c);
	char buf[2048];
	long n;

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	rc(c, "shutdown", shutdown(x.sk[1], SHUT_WR));
	rec_look(c, "FIN-WAIT-1, one", x.sk[0]);
	rec_look(c, "FIN-WAIT-1, other", x.sk[1]);
	n = must(c, (int)read(x.tun[1], buf, sizeof(buf)));
	cross_carry(&x, 0, false);
	must(c, (int)write(x.tun[0], buf, n));
	rec_use(c, "CLOSING, one", x.sk[0]);
	rec_look(c, "CLOSING, other", x.sk[1]);
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_CLOSE && tcp_state(x.sk[1]) == TCP_CLOSE);
	rec_look(c, "TIME-WAIT, one", x.sk[0]);
	rec_look(c, "TIME-WAIT, other", x.sk[1]);
	rec_recv(c, "one", x.sk[0], 10, 0);
	rec_recv(c, "other", x.sk[1], 10, 0);
	rec_so_error(c, "one", x.sk[0]);
}

SCENARIO(last_ack)
{
	struct cross x = cross_established(c);

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_FIN_WAIT2);
	rc(c, "shutdown", shutdown(x.sk[1], SHUT_WR));
	rec_look(c, "FIN-WAIT-2", x.sk[0]);
	rec_use(c, "LAST-ACK", x.sk[1]);
	cross_carry(&x, 1, false);
	rec_look(c, "TIME-WAIT", x.sk[0]);
	rec_look(c, "LAST-ACK still", x.sk[1]);
	cross_until(c, &x, tcp_state(x.sk[1]) == TCP_CLOSE);
	rec_use(c, "CLOSED", x.sk[1]);
	rec_use(c, "TIME-WAIT", x.sk[0]);
}

SCENARIO(last_ack_with_data_unsent)
{
	struct cross x = cross_established(c);

	rc(c, "shutdown", shutdown(x.sk[0], SHUT_WR));
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_FIN_WAIT2);
	rc(c, "send", send(x.sk[1], "last", 4, 0));
	rc(c, "shutdown", shutdown(x.sk[1], SHUT_WR));
	rec_look(c, "LAST-ACK", x.sk[1]);
	cross_until(c, &x, tcp_state(x.sk[1]) == TCP_CLOSE);
	rec_look(c, "closed", x.sk[1]);
	rec_recv(c, "recv", x.sk[0], 10, 0);
	rec_recv(c, "recv", x.sk[0], 10, 0);
}

/* Reset in each state: who is told what. */
static void reset_in(struct ctx *c, const char *what, struct cross *x)
{
	sk_abort(x->sk[1]);
	cross_carry(x, 1, false);
	rec_look(c, what, x->sk[0]);
	rec_recv(c, what, x->sk[0], 10, 0);
	rec_recv(c, what, x->sk[0], 10, 0);
	rc(c, what, send(x->sk[0], "x", 1, 0));
	rec_sigpipes(c, what);
	rec_so_error(c, what, x->sk[0]);
}

SCENARIO(reset_in_established)
{
	struct cross x = cross_established(c);

	reset_in(c, "ESTABLISHED", &x);
}

SCENARIO(reset_in_fin_wait_1)
{
	struct cross x = cross_established(c);

	shutdown(x.sk[0], SHUT_WR);
	reset_in(c, "FIN-WAIT-1", &x);
}

SCENARIO(reset_in_fin_wait_2)
{
	struct cross x = cross_established(c);

	shutdown(x.sk[0], SHUT_WR);
	cross_until(c, &x, tcp_state(x.sk[0]) == TCP_FIN_WAIT2);
	reset_in(c, "FIN-WAIT-2", &x);
}

SCENARIO(reset_in_close_wait)
{
	struct cross x = cross_established(c);

	shutdown(x.sk[1], SHUT_WR);
	cross_settle(&x);
	reset_in(c, "CLOSE-WAIT", &x);
}

SCENARIO(reset_in_last_ack)
{
	struct cross x = cross_established(c);

	shutdown(x.sk[1], SHUT_WR);
	cross_settle(&x);
	shutdown(x.sk[0], SHUT_WR);
	reset_in(c, "LAST-ACK", &x);
}

SCENARIO(reset_in_syn_received)
{
	struct cross x = simultaneous(c);

	reset_in(c, "SYN-RECEIVED", &x);
}

/* close() in each state leaves the rest to the protocol. */
SCENARIO(closed_by_process)
{
	struct cross x = cross_established(c);

	rc(c, "send", send(x.sk[0], "parting", 7, 0));
	rc(c, "close", close(x.sk[0]));
	rec_look(c, "before it arrives", x.sk[1]);
	cross_settle(&x);
	rec_look(c, "the other", x.sk[1]);
	rec_recv(c, "the other", x.sk[1], 10, 0);
	rec_recv(c, "the other", x.sk[1], 10, 0);
	shutdown(x.sk[1], SHUT_WR);
	rec_look(c, "LAST-ACK", x.sk[1]);
	cross_until(c, &x, tcp_state(x.sk[1]) == TCP_CLOSE);
	rec_look(c, "the other", x.sk[1]);
}

/* A closed FIN-WAIT-2 gets data: a reset, for nobody can read it. */
SCENARIO(data_after_close)
{
	struct cross x = cross_established(c);

	rc(c, "close", close(x.sk[0]));
	rc(c, "send", send(x.sk[1], "too late", 8, 0));
	cross_settle(&x);
	rec_look(c, "the sender", x.sk[1]);
	rec_recv(c, "the sender", x.sk[1], 10, 0);
	rec_so_error(c, "the sender", x.sk[1]);
}

static unsigned short checksum(const void *data, size_t len, unsigned int sum)
{
	const unsigned char *p = data;
	size_t i;

	for (i = 0; i < len; i++)
		sum += i & 1 ? p[i] : p[i] << 8;
	sum = (sum >> 16) + (sum & 0xffff);
	return htons(~(sum + (sum >> 16)));
}

static size_t icmp4(unsigned char *out, const unsigned char *in, int type, int code)
{
	struct iphdr *ip = (struct iphdr *)out;
	struct icmphdr *icmp = (struct icmphdr *)(ip + 1);
	const struct iphdr *inner = (const struct iphdr *)in;
	size_t len = sizeof(*ip) + sizeof(*icmp) + 28;

	memset(out, 0, len);
	*ip = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = htons(len), .ttl = 64,
			      .protocol = IPPROTO_ICMP, .saddr = inner->daddr,
			      .daddr = inner->saddr };
	ip->check = checksum(ip, sizeof(*ip), 0);
	icmp->type = type;
	icmp->code = code;
	memcpy(icmp + 1, in, 28);
	icmp->checksum = checksum(icmp, sizeof(*icmp) + 28, 0);
	return len;
}

static size_t icmp6(unsigned char *out, const unsigned char *in, int type, int code)
{
	struct ip6_hdr *ip = (struct ip6_hdr *)out;
	struct icmp6_hdr *icmp = (struct icmp6_hdr *)(ip + 1);
	const struct ip6_hdr *inner = (const struct ip6_hdr *)in;
	size_t plen = sizeof(*icmp) + 60, i;
	unsigned int sum = plen + IPPROTO_ICMPV6;

	memset(out, 0, sizeof(*ip) + plen);
	ip->ip6_vfc = 0x60;
	ip->ip6_plen = htons(plen);
	ip->ip6_nxt = IPPROTO_ICMPV6;
	ip->ip6_hlim = 64;
	ip->ip6_src = inner->ip6_dst;
	ip->ip6_dst = inner->ip6_src;
	icmp->icmp6_type = type;
	icmp->icmp6_code = code;
	memcpy(icmp + 1, in, 60);
	for (i = 0; i < 16; i += 2)
		sum += (ip->ip6_src.s6_addr[i] << 8) + ip->ip6_src.s6_addr[i + 1] +
		       (ip->ip6_dst.s6_addr[i] << 8) + ip->ip6_dst.s6_addr[i + 1];
	icmp->icmp6_cksum = checksum(icmp, plen, sum);
	return sizeof(*ip) + plen;
}

/*
 * Answer the last packet of ours on host 0's wire by an ICMP error. Delivered or
 * not is another question.
 */
static void icmp_error(struct ctx *c, struct cross *x, int type, int code, bool deliver)
{
	unsigned char in[2048], out[2048];
	size_t len = 0;
	long n;

	while ((n = read(x->tun[0], in, sizeof(in))) > 0) {
		if (deliver)
			(void)!write(x->tun[1], in, n);
		if (in[is6(c) ? 6 : 9] != (c->kind->tcp ? IPPROTO_TCP : IPPROTO_XTCP))
			continue;
		len = is6(c) ? icmp6(out, in, type, code) : icmp4(out, in, type, code);
	}
	if (!len)
		give_up(c, "line %d: nothing was sent", __LINE__);
	must(c, (int)write(x->tun[0], out, len));
}

/* Every unreachable code, for either family. */
static int icmp_codes(const struct ctx *c)
{
	return is6(c) ? 7 : 16;
}

static int icmp_type(const struct ctx *c)
{
	return is6(c) ? ICMP6_DST_UNREACH : ICMP_DEST_UNREACH;
}

/* RFC 9293 MUST-56: unreachable hosts and networks do not end a connect(). */
static bool icmp_is_soft(const struct ctx *c, int code)
{
	if (is6(c))
		return code != ICMP6_DST_UNREACH_ADMIN && code != ICMP6_DST_UNREACH_NOPORT &&
		       code != 5 && code != 6;
	return code == ICMP_NET_UNREACH || code == ICMP_HOST_UNREACH || code == ICMP_SR_FAILED ||
	       code == ICMP_NET_UNR_TOS || code == ICMP_HOST_UNR_TOS;
}

SCENARIO(icmp_while_connecting)
{
	struct cross x = cross_new(c);
	int code;

	proves(c, "MUST-56");
	for (code = 0; code < icmp_codes(c); code++) {
		if (!is6(c) && code == ICMP_FRAG_NEEDED)
			continue;
		rec(c, "code %d", code);
		/* The process is in the second host: this socket stays in the first. */
		rc(c, "connect", cross_connect(c, &x, 0));
		icmp_error(c, &x, icmp_type(c), code, false);
		if (icmp_is_soft(c, code)) {
			rec_differs(c, "then", "2", "%d", tcp_state(x.sk[0]));
			get_int(x.sk[0], SOL_SOCKET, SO_ERROR);
		} else {
			rec_look(c, "then", x.sk[0]);
			rec_so_error(c, "then", x.sk[0]);
		}
		rc(c, "undo", connect(x.sk[0], &(struct sockaddr){ .sa_family = AF_UNSPEC },
				      sizeof(struct sockaddr)));
		get_int(x.sk[0], SOL_SOCKET, SO_ERROR);
	}
}

SCENARIO(icmp_while_connected)
{
	struct cross x = cross_established(c);
	int code;

	proves(c, "SHLD-20");
	set_int(x.sk[0], IPPROTO_TCP, TCP_NODELAY, 1);
	for (code = 0; code < icmp_codes(c); code++) {
		if (!is6(c) && code == ICMP_FRAG_NEEDED)
			continue;
		rec(c, "code %d", code);
		rc(c, "send", send(x.sk[0], "x", 1, 0));
		icmp_error(c, &x, icmp_type(c), code, true);
		rec_state(c, "then", x.sk[0]);
		rec_poll(c, "then", x.sk[0]);
		rec_so_error(c, "then", x.sk[0]);
		cross_until(c, &x, queued_out(x.sk[0]) == 0);
	}
}

/* Who asks for it hears of each at once (IP_RECVERR), and goes on. */
SCENARIO(icmp_reported_at_once)
{
	struct cross x = cross_established(c);
	int code, on;

	proves(c, "MUST-47 SHLD-20");
	set_int(x.sk[0], IPPROTO_TCP, TCP_NODELAY, 1);
	for (code = 0; code < icmp_codes(c); code++) {
		if (!is6(c) && code == ICMP_FRAG_NEEDED)
			continue;
		for (on = 1; on >= 0; on--) {
			rec(c, "code %d, %s", code, on ? "asked for" : "not asked for");
			rc(c, "IP_RECVERR", is6(c) ?
			   set_int(x.sk[0], IPPROTO_IPV6, IPV6_RECVERR, on) :
			   set_int(x.sk[0], IPPROTO_IP, IP_RECVERR, on));
			rc(c, "send", send(x.sk[0], "x", 1, 0));
			icmp_error(c, &x, icmp_type(c), code, true);
			rec_poll(c, "then", x.sk[0]);
			rec_so_error(c, "then", x.sk[0]);
			rec_state(c, "then", x.sk[0]);
			cross_until(c, &x, queued_out(x.sk[0]) == 0);
		}
	}
}

TEST_HARNESS_MAIN
