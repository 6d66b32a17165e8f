/* SPDX-License-Identifier: GPL-2.0 */
/* When paced data leaves. */
#ifndef XTCP_PACER_H
#define XTCP_PACER_H

#include <linux/skbuff.h>

#include "sock.h"

void xtcp_pacer_look(struct sock *sk);
bool xtcp_pacer_arm(struct sock *sk);
void xtcp_pacer_stop(struct sock *sk);
void xtcp_pacer_free(struct sock *sk);

/* The time at which fq lets go of a packet, nsec */
static inline void xtcp_pacer_stamp(struct sk_buff *skb, u64 departure)
{
	skb_set_delivery_time(skb, ns_to_ktime(departure),
			      xtcp_compat_delivery_mono);
}

#endif
