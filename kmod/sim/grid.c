// SPDX-License-Identifier: GPL-2.0
/* The combinations of network, buffers, open and close that are tried. */
#include "sim.h"

static const u32 losses[] = { 0, 1, 5, 20 };
static const u32 buffers[] = { 2048, 16384, 262144, 4194304 };

/* How many points the grid has */
u32 xtcp_sim_grid_size(void)
{
	return ARRAY_SIZE(losses) * 2 * ARRAY_SIZE(buffers) * 2 * XTCP_SIM_CLOSERS;
}

/* The grid's point of that number */
void xtcp_sim_grid_point(u32 index, struct xtcp_sim_point *point)
{
	point->closer = index % XTCP_SIM_CLOSERS;
	index /= XTCP_SIM_CLOSERS;
	point->simopen = index % 2;
	index /= 2;
	point->buffer = buffers[index % ARRAY_SIZE(buffers)];
	index /= ARRAY_SIZE(buffers);
	point->reorder = index % 2;
	index /= 2;
	point->loss = losses[index % ARRAY_SIZE(losses)];
}
