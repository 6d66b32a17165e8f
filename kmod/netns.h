/* SPDX-License-Identifier: GPL-2.0 */
/* What XTCP keeps for each network namespace. */
#ifndef XTCP_NETNS_H
#define XTCP_NETNS_H

#include <linux/siphash.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "core/tcb.h"
#include "demux.h"
#include "fastopen.h"
#include "mib.h"

struct ctl_table_header;

/**
 * struct xtcp_net - a namespace's state
 * @net: the namespace
 * @mib: counters
 * @params: what connections of this namespace share; written by sysctl only
 * @cong: congestion control of sockets that choose none; read under RCU,
 *	written with xchg(), holds a reference on its module
 * @isn_key: RFC 6528's secret
 * @ts_key: the secret in the offsets of timestamps
 * @cookie_key: the secret in SYN cookies
 * @cookie_at: when the last SYN cookie went out, usec, or 0
 * @fastopen: Fast Open's keys and memory
 * @timewaits: TIME-WAIT records
 * @orphans: connections whose user is gone
 * @demux: early demultiplexing
 * @sysctl_rmem: receive buffer: least, default, most, octets
 * @sysctl_moderate_rcvbuf: receive buffers grow by themselves
 * @sysctl_wmem: send buffer: least, default, most, octets
 * @sysctl_syn_retries: see net.ipv4.tcp_syn_retries; so for all that follow
 * @sysctl_synack_retries: for SYN-ACKs
 * @sysctl_retries1: R1, times
 * @sysctl_retries2: R2, times
 * @sysctl_orphan_retries: 0 means 8
 * @sysctl_fin_timeout: seconds
 * @sysctl_rto_min_us: usec
 * @sysctl_max_syn_backlog: requests a listener
 * @sysctl_l3mdev_accept: sockets bound to no interface get what comes by VRFs, too
 * @sysctl_syncookies: 0 off, 1 for SYNs that the queue has no room for, 2 for all
 * @sysctl_notsent_lowat: what may wait unsent before writers wait, octets
 * @sysctl_ecn: 0 off, 1 on, 2 only if the peer asks
 * @sysctl_max_tw_buckets: TIME-WAIT records
 * @sysctl_max_orphans: connections without a user
 * @sysctl_timestamps: 0 off, 1 on, 2 on without an offset a connection
 * @sysctl_sack: 0 off, 1 on
 * @sysctl_dsack: 0 off, 1 on
 * @sysctl_recovery: bit 0: RACK; the others mean nothing here
 * @sysctl_early_retrans: 3 and 4: probe the tail
 * @sysctl_frto: 0 off, else on
 * @sysctl_fastopen: XTCP_FASTOPEN_*
 * @sysctl_fastopen_blackhole_timeout_sec: no Fast Open for so many seconds after
 *	a connection that began by it was lost, 0: it goes on
 * @sysctl_keepalive_probes: probes that may go unanswered
 * @sysctl_keepalive_time: seconds before the first
 * @sysctl_keepalive_intvl: seconds between them
 * @sysctl_mtu_probing: 0 off, 1 on in a black hole, 2 on
 * @sysctl_base_mss: octets; see struct xtcp_params; so for all that follow
 * @sysctl_min_snd_mss: octets
 * @sysctl_mtu_probe_floor: octets
 * @sysctl_probe_threshold: octets
 * @sysctl_probe_interval: seconds
 * @sysctl_limit_output_bytes: memory of what one connection may have below, octets
 * @sysctl_autocorking: what is written waits for what is below
 * @ctl: net.xtcp
 */
struct xtcp_net {
	struct net *net;
	struct xtcp_mib_table __percpu *mib;
	struct xtcp_params params;
	const struct xtcp_cong_ops *cong;
	siphash_key_t isn_key;
	siphash_key_t ts_key;
	siphash_key_t cookie_key;
	u64 cookie_at;
	struct xtcp_fastopen_net fastopen;
	atomic_t timewaits;
	atomic_t orphans;
	struct xtcp_demux demux;
	int sysctl_rmem[3];
	int sysctl_wmem[3];
	u8 sysctl_moderate_rcvbuf;
	u8 sysctl_syn_retries;
	u8 sysctl_synack_retries;
	u8 sysctl_retries1;
	u8 sysctl_retries2;
	u8 sysctl_orphan_retries;
	u8 sysctl_timestamps;
	u8 sysctl_sack;
	u8 sysctl_dsack;
	u8 sysctl_syncookies;
	u8 sysctl_l3mdev_accept;
	unsigned int sysctl_notsent_lowat;
	u8 sysctl_ecn;
	u8 sysctl_recovery;
	u8 sysctl_early_retrans;
	u8 sysctl_frto;
	u8 sysctl_keepalive_probes;
	u8 sysctl_mtu_probing;
	int sysctl_base_mss;
	int sysctl_min_snd_mss;
	int sysctl_mtu_probe_floor;
	int sysctl_probe_threshold;
	int sysctl_probe_interval;
	int sysctl_fastopen;
	int sysctl_fastopen_blackhole_timeout_sec;
	int sysctl_keepalive_time;
	int sysctl_keepalive_intvl;
	int sysctl_fin_timeout;
	int sysctl_rto_min_us;
	int sysctl_max_syn_backlog;
	int sysctl_max_tw_buckets;
	int sysctl_max_orphans;
	int sysctl_limit_output_bytes;
	u8 sysctl_autocorking;
	struct ctl_table_header *ctl;
};

extern unsigned int xtcp_net_id;

static inline struct xtcp_net *xtcp_net(const struct net *net)
{
	return net_generic(net, xtcp_net_id);
}

int xtcp_netns_init(void);
void xtcp_netns_exit(void);

#endif
