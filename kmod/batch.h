/* SPDX-License-Identifier: GPL-2.0 */
/* ACKs that wait until the segments at hand have all been taken in. */
#ifndef XTCP_BATCH_H
#define XTCP_BATCH_H

struct sock;

void xtcp_batch_init(void);
void xtcp_batch_exit(void);
void xtcp_batch_add(struct sock *sk);
void xtcp_batch_queue(struct sock *sk);
void xtcp_batch_release(struct sock *sk);

#endif
