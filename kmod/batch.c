// SPDX-License-Identifier: GPL-2.0
/*
 * The ACK for every second segment need not go out between two segments that
 * are already in the host: a tasklet, which runs when the network's softirq
 * has emptied its queue, sends one for all of them. A lone segment's ACK is not
 * delayed by that.
 */
#include <linux/interrupt.h>
#include <net/sock.h>

#include "batch.h"
#include "icmp.h"
#include "mem.h"
#include "sock.h"
#include "tx.h"

/**
 * struct batch - a processor's
 * @tasklet: ends the batch
 * @socks: who has something to send then, each with a reference; used by this
 *	processor alone, with bottom halves off
 */
struct batch {
	struct tasklet_struct tasklet;
	struct list_head socks;
};

static DEFINE_PER_CPU(struct batch, batches);

static void finish(struct tasklet_struct *t)
{
	struct batch *b = from_tasklet(b, t, tasklet);
	struct xtcp_sock *xs, *next;
	LIST_HEAD(socks);

	list_splice_init(&b->socks, &socks);
	list_for_each_entry_safe(xs, next, &socks, batch_link) {
		struct sock *sk = &xs->inet.sk;

		bh_lock_sock(sk);
		list_del_init(&xs->batch_link);
		xs->batched = false;
		if (sk->sk_state == TCP_CLOSE)
			;
		else if (sock_owned_by_user(sk))
			xs->push_on_release = true;
		else
			xtcp_tx_now(sk);
		bh_unlock_sock(sk);
		sock_put(sk);
	}
}

/**
 * xtcp_batch_add - send what is due at the end of the batch
 * @sk: the socket, locked, with bottom halves off
 */
void xtcp_batch_add(struct sock *sk)
{
	struct batch *b = this_cpu_ptr(&batches);
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (xs->batched)
		return;
	xs->batched = true;
	sock_hold(sk);
	list_add_tail(&xs->batch_link, &b->socks);
	tasklet_schedule(&b->tasklet);
}

/**
 * xtcp_batch_release - struct proto's release_cb: the user lets go of the lock
 * @sk: the socket
 */
void xtcp_batch_release(struct sock *sk)
{
	xtcp_icmp_release(sk);
	xtcp_mem_sync(sk);
	if (!xtcp_sk(sk)->push_on_release)
		return;
	xtcp_sk(sk)->push_on_release = false;
	if (sk->sk_state != TCP_CLOSE)
		xtcp_tx_now(sk);
}

void xtcp_batch_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct batch *b = per_cpu_ptr(&batches, cpu);

		INIT_LIST_HEAD(&b->socks);
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
