// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors about segments of ours (RFC 9293 3.9.2.2, RFC 5927). One is
 * believed only if it quotes a sequence number that is outstanding.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <asm/byteorder.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>

#include "apply.h"
#include "core/pmtu.h"
#include "core/user.h"
#include "icmp.h"
#include "ip.h"
#include "ktimer.h"
#include "sock.h"

/**
 * struct report - an ICMP error, whichever family it came by
 * @flow: the connection that it is about
 * @sdif: see xtcp_hash_device()
 * @seq: the sequence number quoted
 * @err: positive errno, or 0 if it is about the MTU alone
 * @hard: it may end a connect(); else it says only why one failed in the end
 *	(MUST-56)
 * @mtu: the next hop's MTU, or 0
 */
struct report {
	struct xtcp_flow flow;
	int sdif;
	u32 seq;
	int err;
	bool hard;
	u32 mtu;
};

/*
 * Is something to be sent again for a report? With IP_MTU_DISCOVER the user may not
 * want it: then the route learns of it, as with TCP, and the timer does the rest
 */
static bool prompt(struct sock *sk)
{
	return !xtcp_ip_is_v4(sk) ||
	       (READ_ONCE(inet_sk(sk)->pmtudisc) != IP_PMTUDISC_DONT &&
		ip_sk_accept_pmtu(sk));
}

/**
 * xtcp_icmp_too_big - a report about the path's MTU is believed
 * @sk: the socket, locked
 * @mtu: what it says
 *
 * What follows from it is to be sent by the caller.
 */
void xtcp_icmp_too_big(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_get(sk);

	if (!dst)
		return;
	dst->ops->update_pmtu(dst, sk, NULL, mtu, true);
	dst = xtcp_ip_route(sk);
	if (!dst)
		return;
	if (dst_mtu(dst) != xtcp_sk(sk)->pmtu)
		xtcp_ip_use_dst(sk, dst);
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_PmtuChanges);
}

static void too_big(struct sock *sk, const struct report *r, u64 now)
{
	struct xtcp_act act;

	/* over IPv6 nobody learns of it (IPV6_MTU_DISCOVER) */
	if ((!xtcp_ip_is_v4(sk) && !ip6_sk_accept_pmtu(sk)) ||
	    !xtcp_pmtu_too_big(&xtcp_sk(sk)->tcb, r->seq,
			       xtcp_ip_size(sk, r->mtu))) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_IcmpTooBigDropped);
		return;
	}
	xtcp_icmp_too_big(sk, r->mtu);
	if (!prompt(sk))
		return;
	xtcp_act_init(&act);
	xtcp_apply_finish(sk, &act, now);
}

/* Context: the socket's spinlock, and no user at work on it but for one who ends */
static void tell(struct sock *sk, const struct report *r)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u64 now = xtcp_now();
	struct xtcp_act act;

	if (!xtcp_user_outstanding(&xs->tcb, r->seq)) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_IcmpStale);
		return;
	}
	if (r->mtu) {
		too_big(sk, r, now);
		return;
	}
	if (!r->err)
		return;
	xtcp_act_init(&act);
	if (!r->hard) {
		act.flags |= XTCP_ACT_SOFT_ERR;
		act.err = r->err;
		xtcp_apply_finish(sk, &act, now);
		return;
	}
	xtcp_user_unreachable(&xs->tcb, r->seq, r->err, &act);
	xtcp_apply_finish(sk, &act, now);
}

/*
 * A user is at work on the socket. A smaller MTU is kept for when it ends: without it
 * the connection would wait for its retransmission timer. Other reports the network
 * says again; they are only counted.
 */
static void keep(struct sock *sk, const struct report *r)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!r->mtu) {
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_IcmpLocked);
		return;
	}
	xs->icmp_seq = r->seq;
	xs->icmp_mtu = r->mtu;
}

/**
 * xtcp_icmp_release - the user lets go of the lock: look at what was kept
 * @sk: the socket
 *
 * Context: the socket's spinlock, within release_sock()
 */
void xtcp_icmp_release(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	struct report r = { .seq = xs->icmp_seq, .mtu = xs->icmp_mtu };

	if (likely(!r.mtu))
		return;
	xs->icmp_mtu = 0;
	if (sk->sk_state != TCP_CLOSE && sk->sk_state != TCP_LISTEN)
		tell(sk, &r);
}

static int handle(const struct report *r)
{
	struct xtcp_ent *ent;
	struct sock *sk;

	xtcp_mib_inc(r->flow.net, XTCP_MIB_IcmpIn);
	rcu_read_lock();
	ent = xtcp_hash_lookup(&r->flow, r->sdif);
	if (!ent || ent->kind != XTCP_ENT_SOCK) {
		rcu_read_unlock();
		return ent ? 0 : -ENOENT;
	}
	sk = xtcp_ent_sk(ent);
	bh_lock_sock(sk);
	if (sk->sk_state == TCP_CLOSE || !xtcp_hash_match(ent, &r->flow, r->sdif))
		xtcp_mib_inc(r->flow.net, XTCP_MIB_IcmpStale);
	else if (sock_owned_by_user(sk))
		keep(sk, r);
	else
		tell(sk, r);
	bh_unlock_sock(sk);
	rcu_read_unlock();
	return 0;
}

static void quote(struct report *r, const u8 *hdr)
{
	r->flow.lport = *(__be16 *)hdr;
	r->flow.rport = *(__be16 *)(hdr + 2);
	r->seq = ntohl(*(__be32 *)(hdr + 4));
}

/**
 * xtcp_icmp4 - an ICMP error arrived
 * @skb: its data is the IPv4 header that it quotes, with 8 octets behind it
 * @info: the MTU, with ICMP_FRAG_NEEDED
 */
int xtcp_icmp4(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	struct report r = { .flow.net = dev_net(skb->dev) };
	int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;

	if (type == ICMP_DEST_UNREACH && code <= NR_ICMP_UNREACH) {
		if (code == ICMP_FRAG_NEEDED) {
			r.mtu = info;
		} else {
			r.err = icmp_err_convert[code].errno;
			r.hard = icmp_err_convert[code].fatal;
		}
	} else if (type == ICMP_TIME_EXCEEDED) {
		r.err = EHOSTUNREACH;
	} else if (type == ICMP_PARAMETERPROB) {
		r.err = EPROTO;
	} else {
		return 0;
	}
	ipv6_addr_set_v4mapped(iph->saddr, &r.flow.laddr);
	ipv6_addr_set_v4mapped(iph->daddr, &r.flow.raddr);
	r.flow.dif = inet_iif(skb);
	r.sdif = inet_sdif(skb);
	quote(&r, skb->data + iph->ihl * 4);
	return handle(&r);
}

/**
 * xtcp_icmp6 - an ICMPv6 error arrived
 * @skb: its data is the IPv6 header that it quotes
 * @type: ICMPv6 type
 * @code: ICMPv6 code
 * @offset: where the quoted segment begins
 * @info: the MTU, with ICMPV6_PKT_TOOBIG
 */
int xtcp_icmp6(struct sk_buff *skb, u8 type, u8 code, int offset, u32 info)
{
	const struct ipv6hdr *iph = (const struct ipv6hdr *)skb->data;
	struct report r = { .flow.net = dev_net(skb->dev) };
	u8 quoted[8], *hdr;

	if (type == ICMPV6_PKT_TOOBIG) {
		r.mtu = info;
	} else {
		r.hard = icmpv6_err_convert(type, code, &r.err);
		if (type != ICMPV6_DEST_UNREACH &&
		    type != ICMPV6_TIME_EXCEED && type != ICMPV6_PARAMPROB)
			return 0;
		if (type == ICMPV6_PARAMPROB)
			r.hard = false;
	}
	hdr = skb_header_pointer(skb, offset, sizeof(quoted), quoted);
	if (!hdr)
		return 0;
	r.flow.laddr = iph->saddr;
	r.flow.raddr = iph->daddr;
	r.flow.dif = inet6_iif(skb);
	r.sdif = inet6_sdif(skb);
	quote(&r, hdr);
	return handle(&r);
}
