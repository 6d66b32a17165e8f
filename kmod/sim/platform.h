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

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif
#define xtcp_sim_print(fmt, ...) printf("# " fmt "\n", ##__VA_ARGS__)
#define xtcp_sim_pause() do { } while (0)
#endif

#endif
