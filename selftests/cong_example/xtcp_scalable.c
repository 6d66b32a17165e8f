// SPDX-License-Identifier: GPL-2.0
/*
 * Scalable TCP (Tom Kelly, 2003) for XTCP: the window grows by a hundredth of
 * what is acknowledged and loses an eighth, so that the time between losses
 * does not depend on its size. Documentation/congestion.md goes through it.
 */
#include <linux/minmax.h>
#include <linux/module.h>

#include "cong.h"

#define SEGMENTS_A_GROWTH 100	/* acknowledged, until the window grows by one */

static void scalable_acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s)
{
	if (!s->limited)	/* a window that is not used proves nothing */
		return;
	if (xtcp_cong_slow_start(c))
		xtcp_cong_grow(c, s->acked, 2);
	else			/* small windows grow as Reno's do */
		xtcp_cong_avoid(c, s->acked,
				min(c->cwnd, SEGMENTS_A_GROWTH * c->mss));
}

static u32 scalable_ssthresh(struct xtcp_cong *c, u32 flight,
			     enum xtcp_cong_cause cause)
{
	return flight - flight / 8;
}

static const struct xtcp_cong_ops scalable = {
	.name = "scalable",
	.owner = THIS_MODULE,
	.acked = scalable_acked,
	.ssthresh = scalable_ssthresh,
};

static int __init scalable_init(void)
{
	return xtcp_cong_register(&scalable);
}

static void __exit scalable_exit(void)
{
	xtcp_cong_unregister(&scalable);
}

module_init(scalable_init);
module_exit(scalable_exit);
MODULE_DESCRIPTION("Scalable TCP, an example of XTCP's congestion control");
MODULE_LICENSE("GPL");
