// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace's state: its counters and secrets, its sysctls net.xtcp.NAME
 * (each with the unit and default of net.ipv4.tcp_NAME), its files in
 * /proc/net.
 */
#include <linux/random.h>
#include <linux/sizes.h>
#include <linux/swap.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "cong.h"
#include "mem.h"
#include "netns.h"
#include "proc.h"
#include "timewait.h"

#define RTO_MAX (120 * XTCP_USEC_PER_SEC)
#define RECOVERY_RACK 1			/* as of tcp_recovery */
#define EARLY_RETRANS_TLP 3		/* as of tcp_early_retrans */
#define DELACK (40 * XTCP_USEC_PER_MSEC)

unsigned int xtcp_net_id __read_mostly;

static int rto_min_most = 1000000;
static int buf_least = 4096;
static int early_retrans_most = 4;
static int fin_timeout_most = 3600;
static int size_least = XTCP_MSS_MIN;
static int size_most = 65535;
static int probe_interval_least = 300;	/* RFC 4821 7.3 */
static const char host_mem[] = "mem";
static const char allowed_cong[] = "allowed_congestion_control";

/* The core's view of the sysctls; each field is whole at any time */
static void refresh_params(struct xtcp_net *xn)
{
	struct xtcp_params *p = &xn->params;

	WRITE_ONCE(p->rto_min, xn->sysctl_rto_min_us);
	WRITE_ONCE(p->rto_max, RTO_MAX);
	WRITE_ONCE(p->delack, DELACK);
	WRITE_ONCE(p->fin_timeout,
		   xn->sysctl_fin_timeout * XTCP_USEC_PER_SEC);
	WRITE_ONCE(p->initial_segments, 10);
	WRITE_ONCE(p->syn_retries, xn->sysctl_syn_retries);
	WRITE_ONCE(p->synack_retries, xn->sysctl_synack_retries);
	WRITE_ONCE(p->retries, xn->sysctl_retries2);
	WRITE_ONCE(p->orphan_retries, xn->sysctl_orphan_retries ?: 8);
	WRITE_ONCE(p->timestamps, !!xn->sysctl_timestamps);
	WRITE_ONCE(p->sack, !!xn->sysctl_sack);
	WRITE_ONCE(p->dsack, !!xn->sysctl_dsack);
	WRITE_ONCE(p->rack, xn->sysctl_recovery & RECOVERY_RACK);
	WRITE_ONCE(p->tlp, xn->sysctl_early_retrans >= EARLY_RETRANS_TLP);
	WRITE_ONCE(p->frto, !!xn->sysctl_frto);
	WRITE_ONCE(p->ecn, xn->sysctl_ecn);
	WRITE_ONCE(p->retries1, xn->sysctl_retries1);
	WRITE_ONCE(p->keep_idle, xn->sysctl_keepalive_time);
	WRITE_ONCE(p->keep_interval, xn->sysctl_keepalive_intvl);
	WRITE_ONCE(p->keep_count, xn->sysctl_keepalive_probes);
	WRITE_ONCE(p->mtu_probing, xn->sysctl_mtu_probing);
	WRITE_ONCE(p->mtu_interval, xn->sysctl_probe_interval);
	WRITE_ONCE(p->mtu_threshold, xn->sysctl_probe_threshold);
	WRITE_ONCE(p->mtu_floor, xn->sysctl_mtu_probe_floor);
	WRITE_ONCE(p->base_mss, xn->sysctl_base_mss);
	WRITE_ONCE(p->min_mss, xn->sysctl_min_snd_mss);
	WRITE_ONCE(p->notsent_lowat, xn->sysctl_notsent_lowat);
}

/* Whose a sysctl is: its data lies in struct xtcp_net, as template says where */
static struct xtcp_net *owner(const struct ctl_table *table);

static int do_u8(XTCP_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
		 loff_t *ppos)
{
	int err = proc_dou8vec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		refresh_params(owner(table));
	return err;
}

static int do_int(XTCP_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
		  loff_t *ppos)
{
	int err = proc_dointvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		refresh_params(owner(table));
	return err;
}

static int do_uint(XTCP_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
		   loff_t *ppos)
{
	int err = proc_douintvec(table, write, buffer, lenp, ppos);

	if (!err && write)
		refresh_params(owner(table));
	return err;
}

static int do_congestion_control(XTCP_CTL_TABLE *table, int write, void *buffer,
				 size_t *lenp, loff_t *ppos)
{
	char name[XTCP_CONG_NAME_MAX];
	struct ctl_table line = { .data = name, .maxlen = sizeof(name) };
	struct net *net = owner(table)->net;
	int err;

	xtcp_cong_get_default(net, name);
	err = proc_dostring(&line, write, buffer, lenp, ppos);
	if (!err && write)
		err = xtcp_cong_set_default(net, name);
	return err;
}

/* The algorithms there are, or of those the ones that all users may choose */
static int do_algorithms(XTCP_CTL_TABLE *table, int write, void *buffer,
			 size_t *lenp, loff_t *ppos)
{
	struct ctl_table line = { .maxlen = XTCP_CONG_LIST_MAX };
	int err;

	line.data = kmalloc(line.maxlen, GFP_KERNEL);
	if (!line.data)
		return -ENOMEM;
	xtcp_cong_list(line.data, line.maxlen, table->procname == allowed_cong);
	err = proc_dostring(&line, write, buffer, lenp, ppos);
	if (!err && write)
		err = xtcp_cong_allow(line.data);
	kfree(line.data);
	return err;
}

/* A failure is forgotten when the time is set anew */
static int do_blackhole(XTCP_CTL_TABLE *table, int write, void *buffer,
			size_t *lenp, loff_t *ppos)
{
	int err = proc_dointvec_minmax(table, write, buffer, lenp, ppos);

	if (!err && write)
		WRITE_ONCE(owner(table)->fastopen.pauses, 0);
	return err;
}

static int do_fastopen_key(XTCP_CTL_TABLE *table, int write, void *buffer,
			   size_t *lenp, loff_t *ppos)
{
	char text[XTCP_FASTOPEN_KEY_TEXT];
	struct ctl_table line = { .data = text, .maxlen = sizeof(text) };
	int err;

	xtcp_fastopen_show_keys(owner(table), text);
	err = proc_dostring(&line, write, buffer, lenp, ppos);
	if (!err && write)
		err = xtcp_fastopen_read_keys(owner(table), text);
	memzero_explicit(text, sizeof(text));
	return err;
}

/* The host's limits, for whatever namespace they are shown */
static int do_mem(XTCP_CTL_TABLE *table, int write, void *buffer, size_t *lenp,
		  loff_t *ppos)
{
	struct ctl_table line = {
		.data = xtcp_mem_limits, .maxlen = sizeof(xtcp_mem_limits),
	};

	return proc_doulongvec_minmax(&line, write, buffer, lenp, ppos);
}

#define ENTRY(name, handler, ...) { \
	.procname = #name, \
	.data = (void *)offsetof(struct xtcp_net, sysctl_##name), \
	.maxlen = sizeof_field(struct xtcp_net, sysctl_##name), \
	.mode = 0644, \
	.proc_handler = handler, \
	__VA_ARGS__ \
}

static const struct ctl_table template[] = {
	ENTRY(rmem, do_int, .extra1 = &buf_least),
	ENTRY(wmem, do_int, .extra1 = &buf_least),
	ENTRY(moderate_rcvbuf, do_u8),
	ENTRY(syn_retries, do_u8, .extra1 = SYSCTL_ONE),
	ENTRY(synack_retries, do_u8),
	ENTRY(retries1, do_u8),
	ENTRY(retries2, do_u8),
	ENTRY(orphan_retries, do_u8),
	ENTRY(fin_timeout, do_int, .extra1 = SYSCTL_ONE,
	      .extra2 = &fin_timeout_most),
	ENTRY(rto_min_us, do_int, .extra1 = SYSCTL_ONE,
	      .extra2 = &rto_min_most),
	ENTRY(max_syn_backlog, do_int, .extra1 = SYSCTL_ZERO),
	ENTRY(max_tw_buckets, do_int, .extra1 = SYSCTL_ZERO),
	ENTRY(max_orphans, do_int, .extra1 = SYSCTL_ZERO),
	{
		.procname = host_mem,
		.mode = 0644,
		.proc_handler = do_mem,
	},
	{
		.procname = "congestion_control",
		.mode = 0644,
		.proc_handler = do_congestion_control,
	},
	{
		.procname = "available_congestion_control",
		.mode = 0444,
		.proc_handler = do_algorithms,
	},
	{
		.procname = allowed_cong,
		.mode = 0644,
		.proc_handler = do_algorithms,
	},
	ENTRY(timestamps, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_TWO),
	ENTRY(sack, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE),
	ENTRY(syncookies, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_TWO),
	ENTRY(ecn, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_TWO),
	ENTRY(dsack, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE),
	ENTRY(recovery, do_u8),
	ENTRY(early_retrans, do_u8, .extra2 = &early_retrans_most),
	ENTRY(frto, do_u8),
	ENTRY(fastopen, do_int),
	{
		.procname = "fastopen_key",
		.mode = 0600,
		.proc_handler = do_fastopen_key,
	},
	ENTRY(fastopen_blackhole_timeout_sec, do_blackhole, .extra1 = SYSCTL_ZERO),
	ENTRY(keepalive_time, do_int, .extra1 = SYSCTL_ONE),
	ENTRY(keepalive_intvl, do_int, .extra1 = SYSCTL_ONE),
	ENTRY(keepalive_probes, do_u8),
	ENTRY(mtu_probing, do_u8),
	ENTRY(base_mss, do_int, .extra1 = SYSCTL_ZERO, .extra2 = &size_most),
	ENTRY(min_snd_mss, do_int, .extra1 = &size_least, .extra2 = &size_most),
	ENTRY(mtu_probe_floor, do_int, .extra1 = &size_least,
	      .extra2 = &size_most),
	ENTRY(probe_threshold, do_int, .extra1 = SYSCTL_ZERO,
	      .extra2 = &size_most),
	ENTRY(probe_interval, do_int, .extra1 = &probe_interval_least),
	ENTRY(notsent_lowat, do_uint),
	ENTRY(l3mdev_accept, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE),
	ENTRY(limit_output_bytes, do_int),
	ENTRY(autocorking, do_u8, .extra1 = SYSCTL_ZERO, .extra2 = SYSCTL_ONE),
	{ }	/* for kernels that count by it */
};

static struct xtcp_net *owner(const struct ctl_table *table)
{
	unsigned int i;

	for (i = 0; strcmp(template[i].procname, table->procname); i++)
		;
	return table->data - (uintptr_t)template[i].data;
}

static int add_sysctls(struct net *net, struct xtcp_net *xn)
{
	struct ctl_table *table = kmemdup(template, sizeof(template),
					  GFP_KERNEL);
	unsigned int i, n = ARRAY_SIZE(template) - 1;

	if (!table)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		table[i].data = (void *)xn + (uintptr_t)table[i].data;
		/* these bound the host's memory: for its owner alone */
		if ((i < 2 || !strcmp(table[i].procname, "max_orphans")) &&
		    !net_eq(net, &init_net) &&
		    net->user_ns != &init_user_ns)
			table[i].mode = 0444;
		/* of these there is one for the host */
		if ((table[i].procname == allowed_cong ||
		     table[i].procname == host_mem) && !net_eq(net, &init_net))
			table[i].mode = 0444;
	}
	xn->ctl = xtcp_compat_sysctl(net, "net/xtcp", table, n);
	if (!xn->ctl) {
		kfree(table);
		return -ENOMEM;
	}
	return 0;
}

static void remove_sysctls(struct xtcp_net *xn)
{
	const struct ctl_table *table = xn->ctl->ctl_table_arg;

	unregister_net_sysctl_table(xn->ctl);
	kfree(table);
}

static void set_defaults(struct xtcp_net *xn)
{
	xn->sysctl_rmem[0] = 4096;
	xn->sysctl_rmem[1] = 131072;
	xn->sysctl_rmem[2] = 6 << 20;
	xn->sysctl_wmem[0] = 4096;
	xn->sysctl_wmem[1] = 16384;
	xn->sysctl_wmem[2] = 4 << 20;
	xn->sysctl_moderate_rcvbuf = 1;
	xn->sysctl_syn_retries = 7;	/* R2 of a SYN: 3 minutes, MUST-23 */
	xn->sysctl_synack_retries = 5;
	xn->sysctl_retries1 = 3;
	xn->sysctl_retries2 = 15;
	xn->sysctl_orphan_retries = 0;
	xn->sysctl_fin_timeout = 60;
	xn->sysctl_rto_min_us = 200000;
	xn->sysctl_max_syn_backlog = 4096;
	xn->sysctl_max_tw_buckets = 262144;
	/* as Linux: one for 256 KiB of memory */
	xn->sysctl_max_orphans = clamp(nr_free_buffer_pages() /
				       (SZ_256K / PAGE_SIZE), 64UL, 262144UL);
	xn->sysctl_timestamps = 1;
	xn->sysctl_sack = 1;
	xn->sysctl_dsack = 1;
	xn->sysctl_recovery = RECOVERY_RACK;
	xn->sysctl_early_retrans = EARLY_RETRANS_TLP;
	xn->sysctl_frto = 2;
	xn->sysctl_ecn = 2;
	xn->sysctl_syncookies = 1;
	xn->sysctl_fastopen = XTCP_FASTOPEN_CLIENT;
	xn->sysctl_keepalive_time = 7200;	/* MUST-28 */
	xn->sysctl_keepalive_intvl = 75;
	xn->sysctl_keepalive_probes = 9;
	xn->sysctl_limit_output_bytes = SZ_1M;
	xn->sysctl_autocorking = 1;
	xn->sysctl_mtu_probing = 0;
	xn->sysctl_base_mss = 1024;
	xn->sysctl_min_snd_mss = XTCP_MSS_MIN;
	xn->sysctl_mtu_probe_floor = XTCP_MSS_MIN;
	xn->sysctl_probe_threshold = 8;
	xn->sysctl_probe_interval = 600;
	xn->sysctl_notsent_lowat = UINT_MAX;
	get_random_bytes(&xn->isn_key, sizeof(xn->isn_key));
	get_random_bytes(&xn->ts_key, sizeof(xn->ts_key));
	get_random_bytes(&xn->cookie_key, sizeof(xn->cookie_key));
	refresh_params(xn);
}

static int __net_init net_init(struct net *net)
{
	struct xtcp_net *xn = xtcp_net(net);
	int err = -ENOMEM;

	xn->net = net;
	set_defaults(xn);
	xtcp_fastopen_net_init(xn);
	xtcp_cong_net_init(net);
	xtcp_demux_start(net);
	xn->mib = alloc_percpu(struct xtcp_mib_table);
	if (!xn->mib)
		goto put_cong;
	err = add_sysctls(net, xn);
	if (err)
		goto free_mib;
	err = xtcp_proc_add(net);
	if (err)
		goto del_sysctls;
	return 0;

del_sysctls:
	remove_sysctls(xn);
free_mib:
	free_percpu(xn->mib);
put_cong:
	xtcp_cong_net_exit(net);
	return err;
}

/*
 * A grace period passes between this and net_exit(): a record's timer that has
 * taken the record out of sight and still counts is done by then, and so is a
 * packet in the hook.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	xtcp_demux_stop(net);
	xtcp_timewait_purge(net);
}

static void __net_exit net_exit(struct net *net)
{
	struct xtcp_net *xn = xtcp_net(net);

	xtcp_proc_remove(net);
	remove_sysctls(xn);
	xtcp_fastopen_net_exit(xn);
	xtcp_cong_net_exit(net);
	free_percpu(xn->mib);
}

static struct pernet_operations ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &xtcp_net_id,
	.size = sizeof(struct xtcp_net),
};

int xtcp_netns_init(void)
{
	return register_pernet_subsys(&ops);
}

void xtcp_netns_exit(void)
{
	unregister_pernet_subsys(&ops);
}
