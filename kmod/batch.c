// SPDX-License-Identifier: GPL-2.0
/*
 * The ACK for every second segment need not go out between two segments that
 * are already in the host: a tasklet, which runs when the network's softirq
 * has emptied its queue, sends one for all of them. A lone segment's ACK is not
 * delayed by that. Data that waited for the queues below (below.c) is sent there,
 * too, as who frees an skb may hold any lock.
 */
#include <linux/interrupt.h>
#include <linux/llist.h>
#include <net/sock.h>

#include "apply.h"
#include "batch.h"
#include "icmp.h"
#include "ktimer.h"
#include "mem.h"
#include "sock.h"
#include "tx.h"

/**
 * struct batch - a processor's
 * @tasklet: ends the batch
 * @socks: who has something to send then, each with a reference, the last first
 */
struct batch {
	struct tasklet_struct tasklet;
	struct llist_head socks;
};

static DEFINE_PER_CPU(struct batch, batches);

static void push(struct sock *sk)
{
	u32 nxt = xtcp_sk(sk)->tcb.snd_nxt;

	xtcp_tx_now(sk);
	if (xtcp_sk(sk)->tcb.snd_nxt != nxt)
		xtcp_apply_sent(sk);
}

static void finish(struct tasklet_struct *t)
{
	struct batch *b = from_tasklet(b, t, tasklet);
	struct llist_node *socks = llist_reverse_order(llist_del_all(&b->socks));
	struct xtcp_sock *xs, *next;

	llist_for_each_entry_safe(xs, next, socks, batch_link) {
		struct sock *sk = &xs->inet.sk;

		/* whoever finds it queued has it looked at after this */
		smp_mb__before_atomic();	/* its link was read */
		clear_bit(XTCP_SK_BATCHED, &sk->sk_tsq_flags);
		smp_mb__after_atomic();	/* pairs with its test_and_set_bit() */
		bh_lock_sock(sk);
		if (sk->sk_state == TCP_CLOSE)
			;
		else if (sock_owned_by_user(sk))
			xtcp_ktimer_defer(sk);
		else
			push(sk);
		bh_unlock_sock(sk);
		sock_put(sk);
	}
}

/* The socket was not queued, and has a reference for it; in any context */
static void add(struct sock *sk)
{
	struct batch *b = get_cpu_ptr(&batches);

	/* who finds the list empty schedules at once: others rely on that */
	if (llist_add(&xtcp_sk(sk)->batch_link, &b->socks))
		tasklet_schedule(&b->tasklet);
	put_cpu_ptr(&batches);
}

/**
 * xtcp_batch_add - send what is due at the end of the batch
 * @sk: the socket, locked, with bottom halves off
 */
void xtcp_batch_add(struct sock *sk)
{
	if (test_and_set_bit(XTCP_SK_BATCHED, &sk->sk_tsq_flags))
		return;
	sock_hold(sk);
	add(sk);
}

/**
 * xtcp_batch_queue - the same for who has not locked the socket
 * @sk: the socket, whose reference is taken
 *
 * Context: any
 */
void xtcp_batch_queue(struct sock *sk)
{
	if (test_and_set_bit(XTCP_SK_BATCHED, &sk->sk_tsq_flags))
		sock_put(sk);
	else
		add(sk);
}

/**
 * xtcp_batch_release - struct proto's release_cb: the user lets go of the lock
 * @sk: the socket
 */
void xtcp_batch_release(struct sock *sk)
{
	xtcp_icmp_release(sk);
	xtcp_mem_sync(sk);
	if (!xtcp_sk(sk)->expire_on_release)
		return;
	xtcp_sk(sk)->expire_on_release = false;
	if (sk->sk_state != TCP_CLOSE)
		xtcp_ktimer_expire(sk);
	sock_put(sk);		/* the user has one, too */
}

void xtcp_batch_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct batch *b = per_cpu_ptr(&batches, cpu);

		init_llist_head(&b->socks);
		tasklet_setup(&b->tasklet, finish);
	}
}

/* No socket is left, so none is in a batch */
void xtcp_batch_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&batches, cpu)->tasklet);
}
