// SPDX-License-Identifier: GPL-2.0
/* Counters: summing them up and showing them. */
#include <linux/seq_file.h>
#include <net/net_namespace.h>

#include "mib.h"
#include "netns.h"

static_assert(XTCP_MIB_EVENTS + XTCP_EV_BITS == XTCP_MIB_DROPS);
static_assert(XTCP_MIB_DROPS + XTCP_DROP_MAX - 1 == XTCP_MIB_InHdrShort);

static const char * const names[XTCP_MIB_MAX] = {
#define X(name) #name,
	XTCP_MIB_LIST(X)
#undef X
};

/* The counters of a namespace */
struct xtcp_mib_table __percpu *xtcp_mib_of(const struct net *net)
{
	return xtcp_net(net)->mib;
}

/**
 * xtcp_mib_events - count what the core noted
 * @net: namespace
 * @events: XTCP_EV_*
 */
void xtcp_mib_events(const struct net *net, u32 events)
{
	unsigned long bits = events;
	unsigned int i;

	for_each_set_bit(i, &bits, XTCP_EV_BITS)
		xtcp_mib_inc(net, XTCP_MIB_EVENTS + i);
}

/**
 * xtcp_mib_sum - a counter's value
 * @net: namespace
 * @id: the counter
 */
long xtcp_mib_sum(const struct net *net, enum xtcp_mib id)
{
	struct xtcp_mib_table __percpu *t = xtcp_mib_of(net);
	unsigned long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += per_cpu_ptr(t, cpu)->v[id];
	return sum;
}

/* /proc/net/xtcp_stat: a name and a value a line */
int xtcp_mib_show(struct seq_file *m, void *v)
{
	int i;

	for (i = 0; i < XTCP_MIB_MAX; i++)
		seq_printf(m, "%-20s %lu\n", names[i],
			   (unsigned long)xtcp_mib_sum(m->private, i));
	return 0;
}
