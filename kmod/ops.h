/* SPDX-License-Identifier: GPL-2.0 */
/* The socket calls, a file each; af.c and main.c put them into tables. */
#ifndef XTCP_OPS_H
#define XTCP_OPS_H

#include <linux/net.h>
#include <net/sock.h>

/* connect.c */
int xtcp_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len);

/* close.c */
void xtcp_close(struct sock *sk, long timeout);
int xtcp_disconnect(struct sock *sk, int flags);
void xtcp_shutdown(struct sock *sk, int how);

/* sendmsg.c, recvmsg.c */
int xtcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int xtcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags,
		 int *addr_len);

/* poll.c */
__poll_t xtcp_poll(struct file *file, struct socket *sock,
		   struct poll_table_struct *wait);

/* sockopt.c */
int xtcp_setsockopt(struct sock *sk, int level, int optname, sockptr_t optval,
		    unsigned int optlen);
int xtcp_getsockopt(struct sock *sk, int level, int optname,
		    char __user *optval, int __user *optlen);
void xtcp_keepalive(struct sock *sk, int on);

/* ioctl.c */
int xtcp_ioctl(struct sock *sk, int cmd, xtcp_compat_ioctl_arg arg);

/* af.c */
extern const struct proto_ops xtcp_ops;
int xtcp_af_init(void);
void xtcp_af_exit(void);

#endif
