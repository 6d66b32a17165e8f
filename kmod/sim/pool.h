/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Memory of packets and nodes, which come and go by the million: to allocate each took
 * a quarter of the simulator's time.
 */
#ifndef XTCP_SIM_POOL_H
#define XTCP_SIM_POOL_H

#include "../core/types.h"

#define XTCP_SIM_CHUNK 2048	/* one size for nearly all */
#define XTCP_SIM_REST 64	/* a chunk is used again after so many others at the earliest */
#define XTCP_SIM_CHUNKS 256	/* more than these are not kept */

/**
 * struct xtcp_sim_pool - chunks to be used again
 * @free: a ring of them, in the order in which they were given back
 * @first: the place of the one that has been there for longest
 * @n: how many there are
 * @out: pieces that are in use, of any size
 */
struct xtcp_sim_pool {
	void *free[XTCP_SIM_CHUNKS];
	u32 first;
	u32 n;
	u32 out;
};

void *xtcp_sim_get(struct xtcp_sim_pool *pool, size_t size);
void xtcp_sim_put(struct xtcp_sim_pool *pool, void *p, size_t size);
void xtcp_sim_pool_empty(struct xtcp_sim_pool *pool);

#endif
