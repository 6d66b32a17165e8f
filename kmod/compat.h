/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Differences between kernel versions. Every object gets this by
 * force-include; no other file asks for the version.
 */
#ifndef XTCP_COMPAT_H
#define XTCP_COMPAT_H

#include <linux/kconfig.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "XTCP needs Linux 6.1 or later: build with KDIR= naming such a kernel"
#endif
#if !IS_ENABLED(CONFIG_NETFILTER)
#error "XTCP needs a kernel with CONFIG_NETFILTER=y"
#endif
#if !IS_BUILTIN(CONFIG_IPV6)
#error "XTCP needs a kernel with CONFIG_IPV6=y"
#endif

/* 6.10: accept's arguments came into a struct */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define XTCP_HAVE_ACCEPT_ARG 1
#endif

/* 6.5: proto::ioctl takes a kernel pointer */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define xtcp_compat_ioctl_arg int *
#define xtcp_compat_ioctl_put(value, arg) (*(arg) = (value), 0)
#else
#define xtcp_compat_ioctl_arg unsigned long
#define xtcp_compat_ioctl_put(value, arg) put_user(value, (int __user *)(arg))
#endif

/* 6.5: sendpage gave way to MSG_SPLICE_PAGES */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define XTCP_HAVE_SENDPAGE 1
#endif

/* 6.4: where ipv6_pinfo lies is said, not guessed from the size */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define XTCP_HAVE_PINFO_OFFSET 1
#endif

/* 6.6: the number of sysctls is said, not found by a sentinel */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define xtcp_compat_sysctl(net, path, table, n) \
	register_net_sysctl_sz(net, path, table, n)
#else
#define xtcp_compat_sysctl(net, path, table, n) \
	register_net_sysctl(net, path, table)
#endif

/* 6.12: the list of flow labels moved from ipv6_pinfo */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#define xtcp_compat_fl_list(sk) (inet_sk(sk)->ipv6_fl_list)
#else
#define xtcp_compat_fl_list(sk) (inet6_sk(sk)->ipv6_fl_list)
#endif

/* 6.17: an option for the least RTO */
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#endif

/* 6.2: struct tcp_info grew */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define xtcp_compat_info_rcv_wnd(info, wnd) ((info)->tcpi_rcv_wnd = (wnd))
#define xtcp_compat_info_rehash(info, n) ((info)->tcpi_rehash = (n))
#else
#define xtcp_compat_info_rcv_wnd(info, wnd) ((void)(wnd))
#define xtcp_compat_info_rehash(info, n) ((void)(n))
#endif

/* 6.7: and once more */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define xtcp_compat_info_rtos(info, n, recoveries) \
	do { \
		(info)->tcpi_total_rto = (n); \
		(info)->tcpi_total_rto_recoveries = (recoveries); \
	} while (0)
#else
#define xtcp_compat_info_rtos(info, n, recoveries) \
	((void)(n), (void)(recoveries))
#endif

/* 6.5: GSO got a header of its own */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#define XTCP_HAVE_GSO_H 1
#endif

/* 6.6: a socket's boolean flags became bits */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define xtcp_compat_set_mc_flags(sk) \
	do { \
		inet_set_bit(MC_LOOP, sk); \
		inet_set_bit(MC_ALL, sk); \
	} while (0)
#define xtcp_compat_set_mc6_flags(sk) \
	do { \
		inet6_set_bit(MC6_LOOP, sk); \
		inet6_set_bit(MC6_ALL, sk); \
	} while (0)
#define xtcp_compat_bind_no_port(sk) inet_test_bit(BIND_ADDRESS_NO_PORT, sk)
#define xtcp_compat_recverr(sk) inet_test_bit(RECVERR, sk)
#define xtcp_compat_recverr6(sk) inet6_test_bit(RECVERR6, sk)
#else
#define xtcp_compat_set_mc_flags(sk) \
	do { \
		inet_sk(sk)->mc_loop = 1; \
		inet_sk(sk)->mc_all = 1; \
	} while (0)
#define xtcp_compat_set_mc6_flags(sk) \
	do { \
		inet6_sk(sk)->mc_loop = 1; \
		inet6_sk(sk)->mc_all = 1; \
	} while (0)
#define xtcp_compat_bind_no_port(sk) (inet_sk(sk)->bind_address_no_port)
#define xtcp_compat_recverr(sk) (inet_sk(sk)->recverr)
#define xtcp_compat_recverr6(sk) (inet6_sk(sk)->recverr)
#endif

/* 6.6: so did this one, which tells connect() that the SYN waits for data */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define xtcp_compat_defer_connect(sk) inet_test_bit(DEFER_CONNECT, sk)
#define xtcp_compat_defer_connect_set(sk) inet_set_bit(DEFER_CONNECT, sk)
#define xtcp_compat_defer_connect_clear(sk) inet_clear_bit(DEFER_CONNECT, sk)
#else
#define xtcp_compat_defer_connect(sk) (inet_sk(sk)->defer_connect)
#define xtcp_compat_defer_connect_set(sk) (inet_sk(sk)->defer_connect = 1)
#define xtcp_compat_defer_connect_clear(sk) (inet_sk(sk)->defer_connect = 0)
#endif

/* 6.7: and whether the user has said if flow labels are made by themselves */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define xtcp_compat_autolabel(net, sk) \
	(inet6_test_bit(AUTOFLOWLABEL_SET, sk) ? \
	 inet6_test_bit(AUTOFLOWLABEL, sk) : ip6_default_np_autolabel(net))
#else
#define xtcp_compat_autolabel(net, sk) \
	(inet6_sk(sk)->autoflowlabel_set ? \
	 inet6_sk(sk)->autoflowlabel : ip6_default_np_autolabel(net))
#endif

/* 6.11: an skb's time says by which of several clocks it is */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define xtcp_compat_delivery_mono SKB_CLOCK_MONOTONIC
#else
#define xtcp_compat_delivery_mono true
#endif

/* 6.11: a sysctl's handler may not change its table */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
#define XTCP_CTL_TABLE const struct ctl_table
#else
#define XTCP_CTL_TABLE struct ctl_table
#endif

#endif
