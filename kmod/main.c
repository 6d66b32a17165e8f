// SPDX-License-Identifier: GPL-2.0
/* Loading and unloading, and the tables that make XTCP known to the kernel. */
#include <linux/module.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/sock.h>

#include "batch.h"
#include "cong.h"
#include "hash.h"
#include "ip.h"
#include "listen.h"
#include "mem.h"
#include "netns.h"
#include "offload.h"
#include "ops.h"
#include "port.h"
#include "rx.h"
#include "sock.h"
#include "timewait.h"
#include "vrf.h"

static_assert(offsetof(struct xtcp_sock, inet6) + sizeof(struct ipv6_pinfo) ==
	      sizeof(struct xtcp_sock));

static int sysctl_wmem = 4096;
static int sysctl_rmem = 4096;

static void unhash(struct sock *sk)
{
	xtcp_hash_remove(&xtcp_sk(sk)->ent);
}

static int hash(struct sock *sk)
{
	return 0;
}

/* A socket that socket() could not finish; xtcp_sock_destroy() has the others */
static void destroy(struct sock *sk)
{
	xtcp_cong_put(sk);
	xtcp_mem_gone(sk);
	sk_sockets_allocated_dec(sk);
}

struct proto xtcp_prot = {
	.name = "XTCP",
	.owner = THIS_MODULE,
	.close = xtcp_close,
	.connect = xtcp_connect,
	.disconnect = xtcp_disconnect,
	.ioctl = xtcp_ioctl,
	.init = xtcp_sock_init,
	.destroy = destroy,
	.shutdown = xtcp_shutdown,
	.setsockopt = xtcp_setsockopt,
	.getsockopt = xtcp_getsockopt,
	.keepalive = xtcp_keepalive,
	.sendmsg = xtcp_sendmsg,
	.recvmsg = xtcp_recvmsg,
	.backlog_rcv = xtcp_rx_backlog,
	.stream_memory_free = xtcp_sk_notsent_low,
	.release_cb = xtcp_batch_release,
	.hash = hash,
	.unhash = unhash,
	.rehash = xtcp_vrf_rebound,
	.get_port = xtcp_port_get,
	.enter_memory_pressure = xtcp_mem_enter_pressure,
	.leave_memory_pressure = xtcp_mem_leave_pressure,
	.memory_pressure = &xtcp_mem_pressure,
	.memory_allocated = &xtcp_mem_allocated,
	.per_cpu_fw_alloc = &xtcp_mem_per_cpu,
	.sockets_allocated = &xtcp_mem_sockets,
	.sysctl_mem = xtcp_mem_limits,
	.sysctl_wmem = &sysctl_wmem,
	.sysctl_rmem = &sysctl_rmem,
	.max_header = MAX_HEADER + 128,
	.obj_size = sizeof(struct xtcp_sock),
#ifdef XTCP_HAVE_PINFO_OFFSET
	.ipv6_pinfo_offset = offsetof(struct xtcp_sock, inet6),
#endif
	.no_autobind = true,
};

static struct inet_protosw protosw4 = {
	.type = SOCK_STREAM,
	.protocol = IPPROTO_XTCP,
	.prot = &xtcp_prot,
	.ops = &xtcp_ops,
};

static struct inet_protosw protosw6 = {
	.type = SOCK_STREAM,
	.protocol = IPPROTO_XTCP,
	.prot = &xtcp_prot,
	.ops = &xtcp_ops,
};

/* What a socket may use, before there are sockets */
static int __init init_tables(void)
{
	int err = xtcp_mem_init();

	xtcp_batch_init();
	if (err)
		return err;
	err = xtcp_hash_init();
	if (err)
		goto free_counter;
	err = xtcp_port_init();
	if (err)
		goto free_hash;
	err = xtcp_timewait_init();
	if (err)
		goto free_port;
	err = xtcp_listen_init();
	if (err)
		goto free_timewait;
	err = xtcp_cong_start();
	if (err)
		goto free_requests;
	return 0;

free_requests:
	xtcp_listen_exit();
free_timewait:
	xtcp_timewait_exit();
free_port:
	xtcp_port_exit();
free_hash:
	xtcp_hash_exit();
free_counter:
	xtcp_mem_exit();
	return err;
}

static void exit_tables(void)
{
	xtcp_batch_exit();
	xtcp_cong_stop();
	xtcp_listen_exit();
	xtcp_timewait_exit();
	xtcp_port_exit();
	xtcp_hash_exit();
	xtcp_mem_exit();
}

static int __init init_protocol(void)
{
	int err = xtcp_offload_init();

	if (err)
		return err;
	err = xtcp_ip4_init();
	if (err)
		goto del_offload;
	err = xtcp_ip6_init();
	if (err)
		goto del_ip4;
	return 0;

del_ip4:
	xtcp_ip4_exit();
del_offload:
	xtcp_offload_exit();
	return err;
}

static void exit_protocol(void)
{
	xtcp_ip6_exit();
	xtcp_ip4_exit();
	xtcp_offload_exit();
}

static int __init xtcp_init(void)
{
	int err = init_tables();

	if (err)
		return err;
	err = proto_register(&xtcp_prot, 1);
	if (err)
		goto del_tables;
	err = xtcp_netns_init();
	if (err)
		goto del_proto;
	err = init_protocol();
	if (err)
		goto del_netns;
	err = xtcp_af_init();
	if (err)
		goto del_protocol;
	inet_register_protosw(&protosw4);
	err = inet6_register_protosw(&protosw6);
	if (err)
		goto del_af;
	return 0;

del_af:
	inet_unregister_protosw(&protosw4);
	xtcp_af_exit();
del_protocol:
	exit_protocol();
del_netns:
	xtcp_netns_exit();
del_proto:
	proto_unregister(&xtcp_prot);
del_tables:
	rcu_barrier();
	exit_tables();
	return err;
}

/*
 * No socket is left, since each holds the module. First nothing new comes in,
 * then TIME-WAIT goes with the namespaces, then what RCU still has to free.
 */
static void __exit xtcp_exit(void)
{
	inet6_unregister_protosw(&protosw6);
	inet_unregister_protosw(&protosw4);
	xtcp_af_exit();
	exit_protocol();
	xtcp_netns_exit();
	rcu_barrier();
	proto_unregister(&xtcp_prot);
	exit_tables();
}

module_init(xtcp_init);
module_exit(xtcp_exit);
MODULE_DESCRIPTION("XTCP: an alternate, TCP-style transport");
MODULE_LICENSE("GPL");
