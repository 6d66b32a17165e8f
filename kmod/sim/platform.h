/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the simulator takes from its surroundings: memory, a line of output,
 * and a pause for others. The kernel (KUnit) and userspace differ only here.
 */
#ifndef XTCP_SIM_PLATFORM_H
#define XTCP_SIM_PLATFORM_H

#include "../core/types.h"

#ifdef __KERNEL__
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>

static inline void *xtcp_sim_alloc(size_t size)
{
	return kvzalloc(size, GFP_KERNEL);
}

static inline void xtcp_sim_free(const void *p)
{
	kvfree(p);
}

/*
 * Packets and nodes come and go by the thousand, and a debug kernel takes its
 * time over each allocation: they are used again, one size for nearly all.
 */
#define XTCP_SIM_CHUNK 2048

static inline void *xtcp_sim_get(void **pool, size_t size)
{
	void *p = *pool;

	if (size > XTCP_SIM_CHUNK)
		return kvmalloc(size, GFP_KERNEL);
	if (!p)
		return kmalloc(XTCP_SIM_CHUNK, GFP_KERNEL);
	*pool = *(void **)p;
	return p;
}

static inline void xtcp_sim_put(void **pool, void *p, size_t size)
{
	if (size > XTCP_SIM_CHUNK) {
		kvfree(p);
	} else if (p) {
		*(void **)p = *pool;
		*pool = p;
	}
}

/* In loops over payload: userspace looks at each access there, once is enough */
#define XTCP_SIM_PLAIN __no_sanitize_address

#define xtcp_sim_print(fmt, ...) pr_info("# " fmt "\n", ##__VA_ARGS__)
#define xtcp_sim_pause() cond_resched()
#else
#include <stdio.h>
#include <stdlib.h>

static inline void *xtcp_sim_alloc(size_t size)
{
	return calloc(1, size);
}

static inline void xtcp_sim_free(void *p)
{
	free(p);
}

/* here each has its own memory, so that the sanitizers see the end of it */
static inline void *xtcp_sim_get(void **pool, size_t size)
{
	return malloc(size);
}

static inline void xtcp_sim_put(void **pool, void *p, size_t size)
{
	free(p);
}

#define XTCP_SIM_PLAIN

#define xtcp_sim_print(fmt, ...) printf("# " fmt "\n", ##__VA_ARGS__)
#define xtcp_sim_pause() do { } while (0)
#endif

#endif
