/* SPDX-License-Identifier: GPL-2.0 */
/* Files in /proc/net. */
#ifndef XTCP_PROC_H
#define XTCP_PROC_H

struct net;

int xtcp_proc_add(struct net *net);
void xtcp_proc_remove(struct net *net);

#endif
