// SPDX-License-Identifier: GPL-2.0
/*
 * The memory of all sockets. The kernel's struct proto counts it for the host and
 * knows the three limits of net.xtcp.mem: below the first all is well, above the
 * second sockets are under pressure until it is below the first again, and
 * beyond the third nothing is given out. Each namespace's part is counted beside.
 */
#include <linux/jiffies.h>
#include <linux/memcontrol.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <linux/swap.h>

#include "mem.h"
#include "netns.h"

atomic_long_t xtcp_mem_allocated;
unsigned long xtcp_mem_pressure;	/* since when, jiffies, or 0 */
struct percpu_counter xtcp_mem_sockets;
long xtcp_mem_limits[3];
DEFINE_PER_CPU(int, xtcp_mem_per_cpu);

/* Limits as Linux has them for TCP: a sixteenth of the host's memory */
int xtcp_mem_init(void)
{
	unsigned long limit = max(nr_free_buffer_pages() / 16, 128UL);

	xtcp_mem_limits[0] = limit / 4 * 3;
	xtcp_mem_limits[1] = limit;
	xtcp_mem_limits[2] = xtcp_mem_limits[0] * 2;
	return percpu_counter_init(&xtcp_mem_sockets, 0, GFP_KERNEL);
}

void xtcp_mem_exit(void)
{
	percpu_counter_destroy(&xtcp_mem_sockets);
}

/* struct proto's enter_memory_pressure */
void xtcp_mem_enter_pressure(struct sock *sk)
{
	if (!READ_ONCE(xtcp_mem_pressure) &&
	    !cmpxchg(&xtcp_mem_pressure, 0, jiffies ?: 1))
		xtcp_mib_inc(sock_net(sk), XTCP_MIB_MemPressures);
}

/* struct proto's leave_memory_pressure */
void xtcp_mem_leave_pressure(struct sock *sk)
{
	unsigned long since;

	if (!READ_ONCE(xtcp_mem_pressure))
		return;
	since = xchg(&xtcp_mem_pressure, 0);
	if (since)
		xtcp_mib_add(sock_net(sk), XTCP_MIB_MemPressureMs,
			     jiffies_to_msecs(jiffies - since));
}

static struct mem_cgroup **memcg_of(struct sock *sk)
{
#ifdef CONFIG_MEMCG
	if (mem_cgroup_sockets_enabled)
		return &sk->sk_memcg;
#endif
	return NULL;
}

/**
 * xtcp_mem_force - memory for what cannot be refused
 * @sk: the socket, locked, to which so much is charged next
 * @size: octets
 *
 * Of a cgroup's count that is beyond a module: there the socket owes it, with
 * sk_forward_alloc below zero until something is freed.
 */
void xtcp_mem_force(struct sock *sk, int size)
{
	struct mem_cgroup **memcg = memcg_of(sk);
	int lacks = size - READ_ONCE(sk->sk_forward_alloc), pages;

	if (lacks <= 0)
		return;
	xtcp_mib_inc(sock_net(sk), XTCP_MIB_MemForced);
	if (memcg && *memcg)
		return;
	pages = sk_mem_pages(lacks);
	WRITE_ONCE(sk->sk_forward_alloc,
		   sk->sk_forward_alloc + (pages << PAGE_SHIFT));
	atomic_long_add(pages, &xtcp_mem_allocated);
}

/**
 * xtcp_mem_inherit - a connection's memory is its listener's cgroup's
 * @sk: the clone, to which nothing is charged yet and which has no cgroup
 * @listener: the listener, locked
 */
void xtcp_mem_inherit(struct sock *sk, const struct sock *listener)
{
#ifdef CONFIG_MEMCG
	if (!mem_cgroup_sockets_enabled || !listener->sk_memcg || sk->sk_memcg)
		return;
	css_get(&listener->sk_memcg->css);
	sk->sk_memcg = listener->sk_memcg;
#endif
}

/* A socket of the namespace begins; struct proto's count is the caller's */
void xtcp_mem_born(struct sock *sk)
{
	xtcp_sk(sk)->mem_pages = 0;
	xtcp_mib_count(xtcp_sk(sk)->mib, XTCP_MIB_Sockets, 1);
}

/* It has ended, and nothing is charged to it any more */
void xtcp_mem_gone(struct sock *sk)
{
	xtcp_mem_changed(sk, 0);
	xtcp_mib_count(xtcp_sk(sk)->mib, XTCP_MIB_Sockets, -1UL);
}

/* See xtcp_mem_sync() */
void xtcp_mem_changed(struct sock *sk, int pages)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	xtcp_mib_count(xs->mib, XTCP_MIB_MemPages,
		       (unsigned long)((long)pages - xs->mem_pages));
	xs->mem_pages = pages;
}

/**
 * xtcp_mem_spent - is memory too short for a connection without a user?
 * @sk: the connection, locked
 */
bool xtcp_mem_spent(const struct sock *sk)
{
	return sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
	       atomic_long_read(&xtcp_mem_allocated) >
	       READ_ONCE(xtcp_mem_limits[2]);
}

/* What the processors have taken and not yet counted, too */
static long host_pages(void)
{
	long pages = atomic_long_read(&xtcp_mem_allocated);
	int cpu;

	for_each_possible_cpu(cpu)
		pages += *per_cpu_ptr(&xtcp_mem_per_cpu, cpu);
	return pages;
}

/* /proc/net/xtcp_sockstat: the namespace's, and what all share of the host's */
int xtcp_mem_show(struct seq_file *m, void *v)
{
	const struct net *net = m->private;
	struct xtcp_net *xn = xtcp_net(net);

	seq_printf(m, "XTCP: orphan %d tw %d alloc %ld mem %ld\n",
		   atomic_read(&xn->orphans), atomic_read(&xn->timewaits),
		   xtcp_mib_sum(net, XTCP_MIB_Sockets),
		   xtcp_mib_sum(net, XTCP_MIB_MemPages));
	seq_printf(m, "host: alloc %lld mem %ld pressure %d\n",
		   percpu_counter_sum_positive(&xtcp_mem_sockets), host_pages(),
		   !!READ_ONCE(xtcp_mem_pressure));
	return 0;
}
