/* SPDX-License-Identifier: GPL-2.0 */
/* Sending what is due. */
#ifndef XTCP_TX_H
#define XTCP_TX_H

#include "sock.h"

void xtcp_tx_now(struct sock *sk);
void xtcp_tx_push(struct sock *sk, u64 now);
void xtcp_tx_batch(struct sock *sk, u64 now);
void xtcp_tx_bare(struct sock *sk, struct xtcp_seg *seg);

#endif
