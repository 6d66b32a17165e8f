/* SPDX-License-Identifier: GPL-2.0 */
/* The socket, and what belongs to it throughout its life. */
#ifndef XTCP_SOCK_H
#define XTCP_SOCK_H

#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/llist.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>

#include "core/req.h"
#include "core/tcb.h"
#include "core/tune.h"
#include "core/user.h"
#include "hash.h"
#include "mib.h"
#include "port.h"
#include "sndbuf.h"
#include "xtcp.h"

struct xtcp_fastopen_queue;
struct xtcp_fastopen_send;
struct xtcp_fastopen_slot;
struct xtcp_pacer;

/**
 * struct xtcp_counts - of a connection since its beginning, for TCP_INFO; the core
 *	has the rest
 * @bytes_retrans: octets sent again
 * @segs_out: segments sent, with all counts of segments modulo 2^32
 * @segs_in: segments received
 * @data_segs_out: those sent that had data
 * @data_segs_in: those received that had data
 * @rtx_segs: segments sent again, with data or without
 * @rcv_wraps: how often RCV.NXT has passed 2^32
 * @rtos: timeouts
 * @rto_recoveries: those before which there was none since the last progress
 * @rtx_bare: those of @rtx_segs that had no data
 * @rcv_label: IPv6: of the flow label of the payload that came last, what has room here
 */
struct xtcp_counts {
	u64 bytes_retrans;
	u32 segs_out;
	u32 segs_in;
	u32 data_segs_out;
	u32 data_segs_in;
	u32 rtx_segs;
	u32 rcv_wraps;
	u16 rtos;
	u16 rto_recoveries;
	u16 rtx_bare;
	u16 rcv_label;
};

/**
 * struct xtcp_sock - an XTCP socket
 * @inet: what every Internet socket has; first
 * @ent: its entry among connections or listeners
 * @bound: its hold on a local port
 * @tcb: the protocol's state
 * @snd: the send buffer
 * @mib: its namespace's counters
 * @copied_seq: the next octet that the user reads
 * @user_mss: TCP_MAXSEG, or 0
 * @notsent_lowat: TCP_NOTSENT_LOWAT, octets; 0: the namespace's
 * @window_clamp: TCP_WINDOW_CLAMP: the most to offer, octets, or 0
 * @gso_max: largest payload of one skb, whatever the MSS; 0 if the device takes one segment
 * @pmtu: path MTU that @tcb.mss was made from
 * @urg_octet: the urgent octet, as long as @tcb.urg is XTCP_URG_HERE
 * @csum_hw: the device fills in checksums of any protocol
 * @cong_chosen: the user chose @tcb.cong.ops: children get the same
 * @cong_locked: the route chose it, and the user must not
 * @orphan: it counts as one in its namespace
 * @fo_connect: TCP_FASTOPEN_CONNECT
 * @fo_no_cookie: TCP_FASTOPEN_NO_COOKIE
 * @family_open: no address has decided between IPv4 and IPv6 yet
 * @expire_on_release: the user's lock was in the way of a timer, or of what waited at
 *	@batch_link; with a reference, and guarded by the socket's spinlock
 * @lingers: enum xtcp_lingers
 * @id: tells connections apart in the trace
 * @timer_at: when sk_timer expires, usec, or 0 if it is not armed
 * @tune: what the user reads in a round trip
 * @counts: unless it is a listener: see there
 * @mem_pages: pages of it that its namespace has counted
 * @requests: listener: connections in SYN-RECEIVED, oldest first
 * @nrequests: listener: how many
 * @accept_queue: listener: connections for accept(), linked by @accept_link
 * @accept_link: link there; guarded by the listener's lock
 * @fo_queue: listener: its Fast Open, or NULL
 * @fo_slot: where a connection counts in its listener's, before the handshake's end
 * @fo_send: the sendmsg() that is opening the connection, or NULL
 * @batch_link: link among those that send at a batch's end, with XTCP_SK_BATCHED
 * @icmp_mtu: the user's lock was in the way of an ICMP error that told this MTU;
 *	0: none was. Both guarded by the socket's spinlock
 * @icmp_seq: the sequence number that it quoted
 * @pacer: the timer that lets paced data go, once one was needed
 * @inet6: IPv6's part; last
 *
 * The socket lock guards all of it, unless a field says otherwise.
 */
struct xtcp_sock {
	struct inet_sock inet;
	struct xtcp_ent ent;
	struct xtcp_bound bound;
	struct xtcp_tcb tcb;
	struct xtcp_sndbuf snd;
	struct xtcp_mib_table __percpu *mib;
	u32 copied_seq;
	u32 gso_max;
	u32 pmtu;
	u32 window_clamp;
	u32 notsent_lowat;
	u16 user_mss;
	u8 urg_octet;
	bool csum_hw;
	bool cong_chosen:1;
	bool cong_locked:1;
	bool orphan:1;
	bool fo_connect:1;
	bool fo_no_cookie:1;
	bool family_open;
	bool expire_on_release;
	u8 lingers;
	int mem_pages;
	u64 id;
	u64 timer_at;
	struct xtcp_tune tune;
	union {
		struct xtcp_counts counts;
		struct {
			struct list_head requests;
			struct list_head accept_queue;
			u32 nrequests;
		};
	};
	struct list_head accept_link;
	struct xtcp_fastopen_queue *fo_queue;
	struct xtcp_fastopen_slot *fo_slot;
	struct xtcp_fastopen_send *fo_send;
	struct llist_node batch_link;
	u32 icmp_mtu;
	u32 icmp_seq;
	struct xtcp_pacer *pacer;
	struct ipv6_pinfo inet6;
};

/* Is what is sent freed at once, or does a queue or a device keep it for a while? */
enum xtcp_lingers {
	XTCP_LINGERS_UNKNOWN,	/* no data was sent */
	XTCP_LINGERS_NEVER,
	XTCP_LINGERS_SEEN,
};

/* Bits of sk_tsq_flags, which need no lock */
enum {
	XTCP_SK_BATCHED,	/* it is linked by batch_link, with a reference */
	XTCP_SK_AWAITS,		/* data waits for less to be below (below.c) */
};

/**
 * struct xtcp_cb - what an skb in the receive path carries along, in skb->cb
 * @node: its place in reassembly, with the octets that are still wanted
 * @seq: the sequence number of the first octet at skb->data
 * @sdif: the interface that it came by, if @iif is a VRF's; until @seq is
 * @iif: the interface that it came by, or the VRF's
 */
struct xtcp_cb {
	struct xtcp_rnode node;
	union {
		u32 seq;
		int sdif;
	};
	int iif;
};

static inline struct xtcp_cb *xtcp_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct xtcp_cb) > sizeof(skb->cb));
	return (struct xtcp_cb *)skb->cb;
}

static inline struct sk_buff *xtcp_node_skb(struct xtcp_rnode *node)
{
	return container_of((void *)node, struct sk_buff,
			    cb[offsetof(struct xtcp_cb, node)]);
}

/* Any struct sock of ours, const or not */
#define xtcp_sk(ptr) container_of((ptr), struct xtcp_sock, inet.sk)

static inline struct sock *xtcp_ent_sk(const struct xtcp_ent *ent)
{
	return (struct sock *)&container_of(ent, struct xtcp_sock, ent)->inet.sk;
}

static inline u64 xtcp_now(void)
{
	return ktime_get_ns() / NSEC_PER_USEC;
}

/* The local address as the tables have it: IPv4 mapped into IPv6 */
static inline struct in6_addr xtcp_sk_laddr(const struct sock *sk)
{
	struct in6_addr addr;

	if (sk->sk_family == AF_INET6)
		return sk->sk_v6_rcv_saddr;
	ipv6_addr_set_v4mapped(inet_sk(sk)->inet_rcv_saddr, &addr);
	return addr;
}

/* The largest payload of one skb that the device takes, by size and by segments */
static inline u32 xtcp_sock_most(const struct sock *sk)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	u32 mss = xs->tcb.mss;

	return max(min(xs->gso_max, sk->sk_gso_max_segs * mss), mss);
}

/* Memory is short: nothing is to take more of it than it must */
static inline bool xtcp_sock_pressed(const struct sock *sk)
{
	const unsigned long *pressure = sk->sk_prot->memory_pressure;

	return pressure && READ_ONCE(*pressure);
}

/*
 * Is less unsent than the user wants to be? To wake it, half as much (@wake 1). It
 * is struct proto's stream_memory_free, too
 */
static inline bool xtcp_sk_notsent_low(const struct sock *sk, int wake)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_tcb *tcb = &xs->tcb;
	u32 most = READ_ONCE(xs->notsent_lowat);
	u32 unsent = READ_ONCE(tcb->snd_end) + tcb->fin_queued -
		     READ_ONCE(tcb->snd_nxt);

	if (likely(!most)) {
		/* without the lock: in another thread's connect() it is NULL */
		const struct xtcp_params *p = READ_ONCE(tcb->params);

		most = p ? READ_ONCE(p->notsent_lowat) : U32_MAX;
	}
	return (u64)unsent << wake < most;
}

/* Is there room enough in the send buffer to wake who waits for it? */
static inline bool xtcp_sk_writeable(const struct sock *sk)
{
	return sk_stream_wspace(sk) >= sk_stream_min_wspace(sk) &&
	       xtcp_sk_notsent_low(sk, 1);
}

extern struct proto xtcp_prot;

void xtcp_sock_new_id(struct sock *sk);
int xtcp_sock_init(struct sock *sk);
void xtcp_sock_lock_class(struct sock *sk);
void xtcp_sock_to_v6(struct sock *sk);
void xtcp_sock_destruct(struct sock *sk);
void xtcp_sock_reset(struct sock *sk);
void xtcp_sock_destroy(struct sock *sk);
void xtcp_sock_done(struct sock *sk, int err);

#endif
