/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP Fast Open (RFC 7413): the client (fastopen.c), what it remembers of servers
 * (fastopen_peers.c), and the server (fastopen_server.c). The protocol's part is in
 * core/fastopen.c.
 */
#ifndef XTCP_FASTOPEN_H
#define XTCP_FASTOPEN_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>

#include "core/fastopen.h"

struct msghdr;
struct net;
struct seq_file;
struct sock;
struct xtcp_flow;
struct xtcp_net;
struct xtcp_fastopen_peers;

/* net.xtcp.fastopen: the bits of net.ipv4.tcp_fastopen */
#define XTCP_FASTOPEN_CLIENT 0x1
#define XTCP_FASTOPEN_SERVER 0x2
#define XTCP_FASTOPEN_CLIENT_BARE 0x4	/* data without a cookie */
#define XTCP_FASTOPEN_SERVER_BARE 0x200	/* the same */
#define XTCP_FASTOPEN_ALL 0x400		/* listeners need no TCP_FASTOPEN */

#define XTCP_FASTOPEN_KEYS 2
#define XTCP_FASTOPEN_KEY_LEN sizeof(siphash_key_t)
/* "01234567-01234567-01234567-01234567", a comma, and the other one */
#define XTCP_FASTOPEN_KEY_TEXT (XTCP_FASTOPEN_KEYS * 36)

/**
 * struct xtcp_fastopen_keys - what cookies are made with
 * @n: how many; 0: none yet
 * @key: the first makes cookies, and all of them are good
 */
struct xtcp_fastopen_keys {
	u8 n;
	siphash_key_t key[XTCP_FASTOPEN_KEYS];
};

/**
 * struct xtcp_fastopen_queue - a listener's Fast Open
 * @refs: the listener's and one for each connection that is pending
 * @max: so many may be pending; the listener's lock guards it
 * @keys: its own, if it has any; likewise
 * @lock: guards what follows
 * @pending: connections before their handshake's end, and slots in @reset
 * @reset: slots of those that were reset, oldest first: they count on for a
 *	while, so that resets give an attacker no room (RFC 7413 5.1)
 */
struct xtcp_fastopen_queue {
	refcount_t refs;
	u32 max;
	struct xtcp_fastopen_keys keys;
	spinlock_t lock;	/* see above */
	u32 pending;
	struct list_head reset;
};

/**
 * struct xtcp_fastopen_slot - one of those that are pending
 * @queue: where it counts
 * @link: in @queue's reset
 * @until: there, it counts so long, usec
 */
struct xtcp_fastopen_slot {
	struct xtcp_fastopen_queue *queue;
	struct list_head link;
	u64 until;
};

/**
 * struct xtcp_fastopen_send - a call of sendmsg() that opens a connection
 * @msg: the user's octets
 * @copied: how many of them went into the SYN
 */
struct xtcp_fastopen_send {
	struct msghdr *msg;
	int copied;
};

/**
 * struct xtcp_fastopen_net - a namespace's
 * @lock: guards @keys, @peers and what they hold
 * @keys: of listeners that have none of their own
 * @peers: what clients remember, or NULL before the first
 * @paused_at: when Fast Open last failed after the handshake, usec, or 0
 * @pauses: how often in a row
 */
struct xtcp_fastopen_net {
	spinlock_t lock;	/* see above */
	struct xtcp_fastopen_keys keys;
	struct xtcp_fastopen_peers *peers;
	u64 paused_at;
	u8 pauses;
};

/* fastopen.c */
int xtcp_fastopen_sendmsg(struct sock *sk, struct msghdr *msg, int *copied);
void xtcp_fastopen_connect(struct sock *sk, struct xtcp_act *act);
void xtcp_fastopen_told(struct sock *sk, const struct xtcp_seg *synack);
void xtcp_fastopen_over(struct sock *sk, int err);
void xtcp_fastopen_timeout(struct sock *sk);
int xtcp_fastopen_set_connect(struct sock *sk, int val);
int xtcp_fastopen_set_no_cookie(struct sock *sk, int val);

/* fastopen_peers.c */
bool xtcp_fastopen_recall(const struct xtcp_flow *flow,
			  struct xtcp_fastopen_peer *peer);
bool xtcp_fastopen_prepare(struct net *net);
struct xtcp_fastopen_peer *xtcp_fastopen_peer(const struct xtcp_flow *flow);
void xtcp_fastopen_net_init(struct xtcp_net *xn);
void xtcp_fastopen_net_exit(struct xtcp_net *xn);

/* fastopen_server.c */
bool xtcp_fastopen_syn(struct sock *sk, const struct xtcp_flow *flow,
		       const struct xtcp_seg *syn,
		       struct xtcp_fastopen_offer *offer);
struct xtcp_fastopen_slot *xtcp_fastopen_take(struct sock *sk);
void xtcp_fastopen_release(struct sock *sk, bool reset);
void xtcp_fastopen_release_slot(struct xtcp_fastopen_slot *slot, bool reset);
int xtcp_fastopen_set_max(struct sock *sk, int val);
int xtcp_fastopen_max(const struct sock *sk);
void xtcp_fastopen_listen(struct sock *sk, int backlog);
int xtcp_fastopen_set_keys(struct sock *sk, const void *octets, u32 len);
u32 xtcp_fastopen_get_keys(struct sock *sk, void *octets);
void xtcp_fastopen_show_keys(struct xtcp_net *xn, char *text);
int xtcp_fastopen_read_keys(struct xtcp_net *xn, char *text);
void xtcp_fastopen_free(struct sock *sk);

#endif
