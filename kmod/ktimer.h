/* SPDX-License-Identifier: GPL-2.0 */
/* The one kernel timer of a socket. */
#ifndef XTCP_KTIMER_H
#define XTCP_KTIMER_H

#include "sock.h"

void xtcp_ktimer_init(struct sock *sk);
void xtcp_ktimer_arm(struct sock *sk, u64 due, u64 now);
void xtcp_ktimer_expire(struct sock *sk);
void xtcp_ktimer_defer(struct sock *sk);
void xtcp_ktimer_stop(struct sock *sk);

#endif
