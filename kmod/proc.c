// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/xtcp: a line for each listener, connection, request and TIME-WAIT
 * record of the namespace. /proc/net/xtcp_stat is mib.c's, xtcp_sockstat mem.c's.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>

#include "listen.h"
#include "mem.h"
#include "mib.h"
#include "proc.h"
#include "rcvbuf.h"
#include "sock.h"
#include "timewait.h"

/* Position 0 is the heading, then the listeners' buckets, then the others' */
static void *start(struct seq_file *m, loff_t *pos)
{
	loff_t n = 1 + xtcp_hash_listen_buckets() + xtcp_hash_buckets();

	rcu_read_lock();
	return *pos < n ? pos : NULL;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	loff_t n = 1 + xtcp_hash_listen_buckets() + xtcp_hash_buckets();
	unsigned int listen = xtcp_hash_listen_buckets();

	/* empty buckets are passed over here, not shown one by one */
	while (++*pos < n) {
		loff_t i = *pos - 1;
		struct hlist_nulls_head *h = i < listen ?
			xtcp_hash_listen_bucket(i) :
			xtcp_hash_bucket(i - listen);

		if (!hlist_nulls_empty(h))
			return pos;
	}
	return NULL;
}

static void stop(struct seq_file *m, void *v)
{
	rcu_read_unlock();
}

static void show_addr(struct seq_file *m, const struct in6_addr *a, __be16 port)
{
	if (ipv6_addr_v4mapped(a))
		seq_printf(m, "%pI4:%u ", &a->s6_addr32[3], ntohs(port));
	else
		seq_printf(m, "[%pI6c]:%u ", a, ntohs(port));
}

static void show_entry(struct seq_file *m, const struct xtcp_ent *ent)
{
	const struct xtcp_sock *xs;
	const struct sock *sk;

	show_addr(m, &ent->flow.laddr, ent->flow.lport);
	show_addr(m, &ent->flow.raddr, ent->flow.rport);
	if (ent->kind == XTCP_ENT_REQUEST) {
		seq_puts(m, "SYN-RECEIVED\n");
		return;
	}
	if (ent->kind == XTCP_ENT_TIMEWAIT) {
		seq_puts(m, "TIME-WAIT\n");
		return;
	}
	sk = xtcp_ent_sk(ent);
	xs = xtcp_sk(sk);
	seq_puts(m, xtcp_state_name(READ_ONCE(sk->sk_state)));
	if (sk->sk_state == TCP_LISTEN)
		seq_printf(m, " backlog=%u/%u requests=%u\n",
			   READ_ONCE(sk->sk_ack_backlog),
			   READ_ONCE(sk->sk_max_ack_backlog),
			   READ_ONCE(xs->nrequests));
	else
		seq_printf(m, " sendq=%u recvq=%u cwnd=%u ssthresh=%u srtt=%uus rto=%uus mss=%u cong=%s\n",
			   READ_ONCE(xs->tcb.snd_end) + xs->tcb.fin_queued -
			   READ_ONCE(xs->tcb.snd_una),
			   xtcp_rcvbuf_avail(sk), READ_ONCE(xs->tcb.cong.cwnd),
			   READ_ONCE(xs->tcb.cong.ssthresh),
			   READ_ONCE(xs->tcb.srtt), READ_ONCE(xs->tcb.rto),
			   READ_ONCE(xs->tcb.mss),
			   READ_ONCE(xs->tcb.cong.ops)->name);
}

static int show(struct seq_file *m, void *v)
{
	unsigned int listen = xtcp_hash_listen_buckets();
	loff_t i = *(loff_t *)v - 1;
	struct hlist_nulls_node *n;
	struct hlist_nulls_head *h;
	struct xtcp_ent *ent;

	if (i < 0) {
		seq_puts(m, "local remote state\n");
		return 0;
	}
	h = i < listen ? xtcp_hash_listen_bucket(i) :
			 xtcp_hash_bucket(i - listen);
	hlist_nulls_for_each_entry_rcu(ent, n, h, node)
		if (ent->flow.net == seq_file_net(m))
			show_entry(m, ent);
	return 0;
}

static const struct seq_operations ops = {
	.start = start,
	.next = next,
	.stop = stop,
	.show = show,
};

static int show_mib(struct seq_file *m, void *v)
{
	return xtcp_mib_show(m, v);
}

static int show_sockstat(struct seq_file *m, void *v)
{
	return xtcp_mem_show(m, v);
}

int xtcp_proc_add(struct net *net)
{
	if (!proc_create_net("xtcp", 0444, net->proc_net, &ops,
			     sizeof(struct seq_net_private)))
		return -ENOMEM;
	if (!proc_create_net_single("xtcp_stat", 0444, net->proc_net, show_mib,
				    NULL))
		goto remove_list;
	if (!proc_create_net_single("xtcp_sockstat", 0444, net->proc_net,
				    show_sockstat, NULL))
		goto remove_stat;
	return 0;

remove_stat:
	remove_proc_entry("xtcp_stat", net->proc_net);
remove_list:
	remove_proc_entry("xtcp", net->proc_net);
	return -ENOMEM;
}

void xtcp_proc_remove(struct net *net)
{
	remove_proc_entry("xtcp_sockstat", net->proc_net);
	remove_proc_entry("xtcp_stat", net->proc_net);
	remove_proc_entry("xtcp", net->proc_net);
}
