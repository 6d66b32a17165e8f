/* SPDX-License-Identifier: GPL-2.0 */
/* Which local ports are in use, by whom, and who may share them. */
#ifndef XTCP_PORT_H
#define XTCP_PORT_H

#include <linux/list.h>
#include <linux/types.h>

struct sock;
struct xtcp_port;

/**
 * struct xtcp_bound - a socket's or TIME-WAIT record's hold on a port
 * @node: link among the port's holders; guarded by the port's bucket lock
 * @port: the port, or NULL; written under the same lock
 * @sk: the socket, or NULL if the holder is a TIME-WAIT record
 * @tw: the record, if @sk is NULL
 * @fixed: the user chose the port by bind()
 * @vrf: whose port space it is, see xtcp_vrf_ports()
 */
struct xtcp_bound {
	struct hlist_node node;
	struct xtcp_port *port;
	struct sock *sk;
	struct xtcp_timewait *tw;
	bool fixed;
	int vrf;
};

int xtcp_port_init(void);
void xtcp_port_exit(void);

int xtcp_port_get(struct sock *sk, unsigned short num);
int xtcp_port_connect(struct sock *sk);
void xtcp_port_put(struct xtcp_bound *bound);
void xtcp_port_join(struct xtcp_bound *bound, const struct xtcp_bound *other);
void xtcp_port_move(struct xtcp_bound *bound, int vrf);
bool xtcp_port_listen_ok(struct sock *sk);

#endif
