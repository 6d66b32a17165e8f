/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which congestion control there is and who uses it. A module with an algorithm
 * of its own includes this file alone (Documentation/congestion.md).
 */
#ifndef XTCP_CONG_H
#define XTCP_CONG_H

#include "core/cong.h"

struct net;
struct sock;

int xtcp_cong_register(const struct xtcp_cong_ops *ops);
void xtcp_cong_unregister(const struct xtcp_cong_ops *ops);

#define XTCP_CONG_LIST_MAX 2048	/* octets of all names together */

int xtcp_cong_start(void);
void xtcp_cong_stop(void);
void xtcp_cong_net_init(struct net *net);
void xtcp_cong_net_exit(struct net *net);
void xtcp_cong_assign(struct sock *sk);
void xtcp_cong_inherit(struct sock *sk);
void xtcp_cong_route(struct sock *sk, u32 key, bool locked);
void xtcp_cong_put(struct sock *sk);
int xtcp_cong_set(struct sock *sk, const char *name, bool admin);
void xtcp_cong_get_default(struct net *net, char *name);
int xtcp_cong_set_default(struct net *net, const char *name);
void xtcp_cong_list(char *buf, size_t size, bool allowed);
int xtcp_cong_allow(char *names);

#endif
