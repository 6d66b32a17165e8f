// SPDX-License-Identifier: GPL-2.0
/*
 * Memory to be used again. In userspace the sanitizer still sees who reads behind the
 * end of a piece, or what was given back: a chunk is open for as many octets as were
 * asked for, and closed while it rests.
 */
#include "platform.h"
#include "pool.h"

/**
 * xtcp_sim_get - memory for a packet or the like
 * @pool: where from
 * @size: octets
 *
 * Return: the memory, or NULL
 */
void *xtcp_sim_get(struct xtcp_sim_pool *pool, size_t size)
{
	void *p;

	if (size > XTCP_SIM_CHUNK) {
		p = xtcp_sim_malloc(size);
	} else if (pool->n > XTCP_SIM_REST) {
		p = pool->free[pool->first];
		pool->first = (pool->first + 1) % XTCP_SIM_CHUNKS;
		pool->n--;
		xtcp_sim_unpoison(p, size);
	} else {
		p = xtcp_sim_malloc(XTCP_SIM_CHUNK);
		if (p)
			xtcp_sim_poison((char *)p + size, XTCP_SIM_CHUNK - size);
	}
	pool->out += !!p;
	return p;
}

/**
 * xtcp_sim_put - give back what xtcp_sim_get() gave
 * @pool: the same
 * @p: the memory, or NULL
 * @size: as it was asked for
 */
void xtcp_sim_put(struct xtcp_sim_pool *pool, void *p, size_t size)
{
	if (!p)
		return;
	pool->out--;
	if (size > XTCP_SIM_CHUNK || pool->n == XTCP_SIM_CHUNKS) {
		xtcp_sim_free(p);
		return;
	}
	xtcp_sim_poison(p, size);
	pool->free[(pool->first + pool->n++) % XTCP_SIM_CHUNKS] = p;
}

/* Frees what nobody uses */
void xtcp_sim_pool_empty(struct xtcp_sim_pool *pool)
{
	while (pool->n)
		xtcp_sim_free(pool->free[(pool->first + --pool->n) % XTCP_SIM_CHUNKS]);
}
