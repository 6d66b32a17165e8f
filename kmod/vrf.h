/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VRFs: networks of one namespace, each behind a device of its own ("L3 master").
 * A packet that came through one has two interfaces: its flow's dif is the VRF's
 * and the other, the one it really came by, is called sdif; 0 means no VRF.
 */
#ifndef XTCP_VRF_H
#define XTCP_VRF_H

#include "hash.h"

struct sk_buff;
struct sock;

int xtcp_vrf_of(struct net *net, int ifindex);
int xtcp_vrf_ports(const struct sock *sk);
int xtcp_vrf_new(const struct sock *sk, const struct xtcp_flow *flow,
		 const struct sk_buff *skb);
int xtcp_vrf_answer(const struct sock *sk, const struct xtcp_flow *flow,
		    const struct sk_buff *skb);
void xtcp_vrf_rebound(struct sock *sk);

#endif
