/* SPDX-License-Identifier: GPL-2.0 */
/* What the administrator has set for a destination: ip-route(8)'s options. */
#ifndef XTCP_METRICS_H
#define XTCP_METRICS_H

#include <linux/rtnetlink.h>
#include <net/dst.h>

struct sock;

void xtcp_metrics_use(struct sock *sk, const struct dst_entry *dst);
void xtcp_metrics_open(struct sock *sk, const struct dst_entry *dst);
void xtcp_metrics_connected(struct sock *sk);
u32 xtcp_metrics_clamp(const struct sock *sk, const struct dst_entry *dst,
		       u32 space);
u32 xtcp_metrics_window(const struct dst_entry *dst, u32 mss, u32 space);

static inline bool xtcp_metrics_ecn(const struct dst_entry *dst)
{
	return dst_feature(dst, RTAX_FEATURE_ECN);
}

/* Fast Open without cookies, whichever side this is */
static inline bool xtcp_metrics_no_cookie(const struct dst_entry *dst)
{
	return dst && dst_metric(dst, RTAX_FASTOPEN_NO_COOKIE);
}

/* The route's algorithm asks for accurate ECN, of the kernel's TCP, too */
static inline bool xtcp_metrics_exact(const struct dst_entry *dst)
{
	return dst_feature(dst, DST_FEATURE_ECN_CA);
}

#endif
