/* SPDX-License-Identifier: GPL-2.0 */
/* TIME-WAIT records. */
#ifndef XTCP_TIMEWAIT_H
#define XTCP_TIMEWAIT_H

#include <linux/refcount.h>
#include <linux/timer.h>

#include "core/tw.h"
#include "hash.h"
#include "port.h"

/**
 * struct xtcp_timewait - a connection in TIME-WAIT
 * @ent: its entry among connections
 * @bound: its hold on the local port
 * @tw: the protocol's part
 * @timer: ends it
 * @lock: guards @tw
 * @refs: the timer's and each user's
 * @reuse: the socket had SO_REUSEADDR
 * @hash: the socket's, by which paths are chosen
 * @rcu: delays freeing
 */
struct xtcp_timewait {
	struct xtcp_ent ent;
	struct xtcp_bound bound;
	struct xtcp_tw tw;
	struct timer_list timer;
	spinlock_t lock;		/* guards tw, timer and reuse */
	refcount_t refs;
	bool reuse;
	u32 hash;
	struct rcu_head rcu;
};

int xtcp_timewait_init(void);
void xtcp_timewait_exit(void);
bool xtcp_timewait_enter(struct sock *sk);
bool xtcp_timewait_rx(struct xtcp_timewait *tw, const struct xtcp_seg *seg,
		      bool listening, u32 *iss);
void xtcp_timewait_purge(struct net *net);

#endif
