// SPDX-License-Identifier: GPL-2.0
/*
 * Keeps what is below a socket small, and sends more when some of it has left: an
 * skb's destructor, which may run anywhere and with a qdisc's lock held, has the
 * socket queued for that (batch.c). How much is enough is for the core to say
 * (core/below.c).
 */
#include <linux/skbuff.h>
#include <net/sock.h>

#include "batch.h"
#include "below.h"
#include "core/below.h"
#include "ip.h"
#include "netns.h"

/* An skb with no more than headers takes so much at most, as slabs are rounded up */
#define HEADERS SKB_TRUESIZE(1024)

/* Context: any but hard interrupts; the skb may be the last that kept the socket */
static void free_below(struct sk_buff *skb)
{
	struct sock *sk = skb->sk;

	rcu_read_lock();	/* SOCK_RCU_FREE */
	sock_wfree(skb);
	smp_mb__after_atomic();	/* pairs with the one in await() */
	if (unlikely(test_bit(XTCP_SK_AWAITS, &sk->sk_tsq_flags)) &&
	    test_and_clear_bit(XTCP_SK_AWAITS, &sk->sk_tsq_flags) &&
	    refcount_inc_not_zero(&sk->sk_refcnt))
		xtcp_batch_queue(sk);
	rcu_read_unlock();
}

/**
 * xtcp_below_own - a segment counts as below its socket until it is freed
 * @sk: the socket, locked
 * @skb: the segment
 */
void xtcp_below_own(struct sock *sk, struct sk_buff *skb)
{
	skb->sk = sk;
	skb->destructor = free_below;
	refcount_add(skb->truesize, &sk->sk_wmem_alloc);
}

/**
 * xtcp_below_split - a large segment was taken apart
 * @skb: the large one, which is freed next
 * @segs: its parts, which have no owner yet
 */
void xtcp_below_split(struct sk_buff *skb, struct sk_buff *segs)
{
	struct sock *sk = skb->sk;
	struct sk_buff *seg;
	int more = -skb->truesize;

	if (skb->destructor != free_below)
		return;
	for (seg = segs; seg; seg = seg->next) {
		seg->sk = sk;
		seg->destructor = free_below;
		more += seg->truesize;
	}
	if (more >= 0)
		refcount_add(more, &sk->sk_wmem_alloc);
	else
		WARN_ON_ONCE(refcount_sub_and_test(-more, &sk->sk_wmem_alloc));
	skb->sk = NULL;
	skb->destructor = NULL;
}

/**
 * xtcp_below_look - tell the core how much is below
 * @sk: the socket, locked, of which skbs stay below for a while
 * @below: what is there
 * @max: the largest payload that one skb can have
 *
 * Return: the largest that it is to have: what takes long to leave goes in pieces
 */
u32 xtcp_below_look(struct sock *sk, u32 below, u32 max)
{
	const struct xtcp_net *xn = xtcp_net(sock_net(sk));
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;

	max = xtcp_below_burst(tcb, below, max);
	/* as with Linux TCP, a limit below zero is none */
	tcb->below = xtcp_below_judge(tcb, below, max + HEADERS,
				      (s64)READ_ONCE(xn->sysctl_limit_output_bytes),
				      READ_ONCE(sk->sk_pacing_shift));
	return max;
}

/*
 * Has the socket queued when something leaves; unless it has left already: then
 * nobody else might notice
 */
static bool await(struct sock *sk, u32 below)
{
	set_bit(XTCP_SK_AWAITS, &sk->sk_tsq_flags);
	smp_mb__after_atomic();	/* pairs with the one in free_below() */
	if (xtcp_below(sk) >= below)
		return true;
	clear_bit(XTCP_SK_AWAITS, &sk->sk_tsq_flags);
	return false;
}

/**
 * xtcp_below_wait - data waits for what is below to become less
 * @sk: the socket, locked
 * @below: what was there when that was decided
 *
 * Return: false if it has become less since
 */
bool xtcp_below_wait(struct sock *sk, u32 below)
{
	if (!await(sk, below))
		return false;
	xtcp_mib_count(xtcp_sk(sk)->mib, XTCP_MIB_BelowFull, 1);
	return true;
}

/**
 * xtcp_below_cork - is what was just written to wait until something has left?
 * @sk: the socket, locked, with something below
 */
bool xtcp_below_cork(struct sock *sk)
{
	struct xtcp_sock *xs = xtcp_sk(sk);
	u32 max = xtcp_sock_most(sk);
	u32 below = xtcp_below(sk);

	/* more than an ACK's worth */
	if (below <= HEADERS ||
	    !xtcp_below_corks(&xs->tcb, xtcp_below_burst(&xs->tcb, below, max)) ||
	    !READ_ONCE(xtcp_net(sock_net(sk))->sysctl_autocorking) ||
	    !await(sk, below))
		return false;
	xtcp_mib_count(xs->mib, XTCP_MIB_AutoCorking, 1);
	return true;
}
