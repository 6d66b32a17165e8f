// SPDX-License-Identifier: GPL-2.0
/*
 * What the administrator has set for a destination, by ip-route(8): beside the MTU,
 * the MSS and the hop limit, which the network layer answers for, the bounds and
 * the beginning of RTO and windows, ECN, ACKs that do not wait, and congestion control.
 */
#include <linux/rtnetlink.h>
#include <net/sock.h>

#include "cong.h"
#include "core/route.h"
#include "metrics.h"
#include "sock.h"

/**
 * xtcp_metrics_use - a connection has a route
 * @sk: the socket, locked
 * @dst: the route
 */
void xtcp_metrics_use(struct sock *sk, const struct dst_entry *dst)
{
	u32 rto_min = 0;

	/* its number counts only with the lock, as with TCP: iproute2 sets both */
	if (dst_metric_locked(dst, RTAX_RTO_MIN))
		rto_min = min_t(u64, xtcp_sk(sk)->tcb.params->rto_max,
				(u64)dst_metric(dst, RTAX_RTO_MIN) *
				USEC_PER_MSEC);
	xtcp_sk(sk)->tcb.rto_min = rto_min;
	xtcp_sk(sk)->tcb.quick_route = dst_metric(dst, RTAX_QUICKACK);
}

/**
 * xtcp_metrics_clamp - the most that a window may be
 * @sk: the socket, or its listener
 * @dst: the route
 * @space: what the receive buffer is good for
 *
 * TCP_WINDOW_CLAMP, with which @space has been bounded already, counts for more.
 */
u32 xtcp_metrics_clamp(const struct sock *sk, const struct dst_entry *dst,
		       u32 space)
{
	u32 most = dst_metric(dst, RTAX_WINDOW);

	return most && !xtcp_sk(sk)->window_clamp ? min(space, most) : space;
}

/**
 * xtcp_metrics_window - the first window to offer
 * @dst: the route
 * @mss: what the peer may send in a segment
 * @space: what the receive buffer is good for
 */
u32 xtcp_metrics_window(const struct dst_entry *dst, u32 mss, u32 space)
{
	u32 segments = dst_metric(dst, RTAX_INITRWND);

	return segments ? min_t(u64, space, (u64)segments * mss) : space;
}

/**
 * xtcp_metrics_open - a connection begins
 * @sk: the socket, locked, in CLOSED
 * @dst: its route
 */
void xtcp_metrics_open(struct sock *sk, const struct dst_entry *dst)
{
	struct xtcp_sock *xs = xtcp_sk(sk);

	if (!xs->window_clamp)
		xs->window_clamp = dst_metric(dst, RTAX_WINDOW);
	xs->tcb.syn_wnd = xtcp_metrics_window(dst, xs->tcb.adv_mss, U32_MAX);
	xtcp_cong_route(sk, dst_metric(dst, RTAX_CC_ALGO),
			dst_metric_locked(dst, RTAX_CC_ALGO));
}

/**
 * xtcp_metrics_connected - a connection's handshake is complete
 * @sk: the socket, locked; nothing was sent since
 */
void xtcp_metrics_connected(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	struct xtcp_route r = {};

	if (!dst)
		return;
	r.initcwnd = dst_metric(dst, RTAX_INITCWND);
	r.ssthresh = dst_metric(dst, RTAX_SSTHRESH);
	if (dst_metric_locked(dst, RTAX_CWND))
		r.cwnd = dst_metric(dst, RTAX_CWND);
	/* iproute2 writes eighths of a millisecond */
	r.rtt = min_t(u64, (u64)dst_metric(dst, RTAX_RTT) * USEC_PER_MSEC / 8,
		      U32_MAX);
	xtcp_route_start(&xtcp_sk(sk)->tcb, &r);
}
