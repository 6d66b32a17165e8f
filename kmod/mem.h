/* SPDX-License-Identifier: GPL-2.0 */
/* The memory of all sockets: the host's limits, and a namespace's part of it. */
#ifndef XTCP_MEM_H
#define XTCP_MEM_H

#include <linux/memcontrol.h>
#include <linux/percpu_counter.h>
#include <net/sock.h>

#include "sock.h"

/* struct proto's; pages, but for the count of sockets */
extern atomic_long_t xtcp_mem_allocated;
extern unsigned long xtcp_mem_pressure;
extern struct percpu_counter xtcp_mem_sockets;
extern long xtcp_mem_limits[3];
DECLARE_PER_CPU(int, xtcp_mem_per_cpu);

struct seq_file;

int xtcp_mem_init(void);
void xtcp_mem_exit(void);
void xtcp_mem_enter_pressure(struct sock *sk);
void xtcp_mem_leave_pressure(struct sock *sk);
void xtcp_mem_force(struct sock *sk, int size);
void xtcp_mem_inherit(struct sock *sk, const struct sock *listener);
void xtcp_mem_born(struct sock *sk);
void xtcp_mem_gone(struct sock *sk);
void xtcp_mem_changed(struct sock *sk, int pages);
bool xtcp_mem_spent(const struct sock *sk);
int xtcp_mem_show(struct seq_file *m, void *v);

/* Pages that a socket, locked, has of xtcp_mem_allocated */
static inline int xtcp_mem_pages(const struct sock *sk)
{
	const struct xtcp_recs *r = &xtcp_sk(sk)->tcb.rec;
	long octets = (long)READ_ONCE(sk->sk_forward_alloc) +
		      READ_ONCE(sk->sk_wmem_queued) +
		      atomic_read(&sk->sk_rmem_alloc);

	if (r->more)
		octets += r->cap * sizeof(*r->more);
	return octets >> PAGE_SHIFT;
}

/* The namespace's count follows the socket, locked, which may have changed */
static inline void xtcp_mem_sync(struct sock *sk)
{
	int pages = xtcp_mem_pages(sk);

	if (unlikely(pages != xtcp_sk(sk)->mem_pages))
		xtcp_mem_changed(sk, pages);
}

/* Is memory short, in the host or in the socket's cgroup? */
static inline bool xtcp_mem_tight(const struct sock *sk)
{
#ifdef CONFIG_MEMCG
	if (mem_cgroup_sockets_enabled && sk->sk_memcg &&
	    mem_cgroup_under_socket_pressure(sk->sk_memcg))
		return true;
#endif
	return unlikely(READ_ONCE(xtcp_mem_pressure));
}

#endif
