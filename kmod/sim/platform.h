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

static inline void *xtcp_sim_malloc(size_t size)
{
	return kvmalloc(size, GFP_KERNEL);
}

/* that would be KASAN's, but for modules it is not */
static inline void xtcp_sim_poison(void *p, size_t size)
{
}

static inline void xtcp_sim_unpoison(void *p, size_t size)
{
}

/* In loops over payload: userspace looks at each access there, once is enough */
#define XTCP_SIM_PLAIN __no_sanitize_address

#define xtcp_sim_print(fmt, ...) pr_info("# " fmt "\n", ##__VA_ARGS__)
#define xtcp_sim_pause() cond_resched()
#else
#include <sanitizer/asan_interface.h>
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

static inline void *xtcp_sim_malloc(size_t size)
{
	return malloc(size);
}

/* AddressSanitizer lets nobody touch what is poisoned */
static inline void xtcp_sim_poison(void *p, size_t size)
{
	ASAN_POISON_MEMORY_REGION(p, size);
}

static inline void xtcp_sim_unpoison(void *p, size_t size)
{
	ASAN_UNPOISON_MEMORY_REGION(p, size);
}

#define XTCP_SIM_PLAIN

#define xtcp_sim_print(fmt, ...) printf("# " fmt "\n", ##__VA_ARGS__)
#define xtcp_sim_pause() do { } while (0)
#endif

#endif
