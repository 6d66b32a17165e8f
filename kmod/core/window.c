// SPDX-License-Identifier: GPL-2.0
/*
 * The receive window (RFC 9293 3.8.6): its right edge never moves left, and
 * it moves right only by steps worth a segment (silly window avoidance,
 * 3.8.6.2.2). What the memory allows is the shell's word, tcb->rcv_space.
 */
#include "window.h"
#include "seq.h"
#include "wire.h"

/**
 * xtcp_window_scale - the shift to offer (RFC 7323 2.3)
 * @space_max: octets that the receive buffer may ever hold
 */
u8 xtcp_window_scale(u32 space_max)
{
	u8 scale = 0;

	while (scale < XTCP_WSCALE_MAX && space_max > 65535) {
		space_max >>= 1;
		scale++;
	}
	return scale;
}

/**
 * xtcp_window_now - RCV.WND: what the peer may still send by what it was told
 * @tcb: the connection
 */
u32 xtcp_window_now(const struct xtcp_tcb *tcb)
{
	return seq_gt(tcb->rcv_adv, tcb->rcv_nxt) ?
	       tcb->rcv_adv - tcb->rcv_nxt : 0;
}

/**
 * xtcp_window_offer - the window to tell the peer in the next segment
 * @tcb: the connection
 *
 * Where the edge stays, it is rounded up to what the header can express, not
 * down: that would move it left (RFC 7323 2.4).
 *
 * Return: octets, a multiple of the window scale's unit
 */
u32 xtcp_window_offer(const struct xtcp_tcb *tcb)
{
	u32 unit = 1U << tcb->rcv_wscale;
	u32 max = 65535U << tcb->rcv_wscale;
	u32 now = xtcp_window_now(tcb);
	u32 space = min_t(u32, tcb->rcv_space, max) & ~(unit - 1);
	u32 step = min_t(u32, tcb->rcv_full / 2, tcb->adv_mss);

	if (space >= now && space - now >= step)
		return space;
	return min_t(u32, (now + unit - 1) & ~(unit - 1), max);
}

/**
 * xtcp_window_syn - the window of a SYN, which is never scaled
 * @space: octets that the receive buffer has room for
 */
u16 xtcp_window_syn(u32 space)
{
	return min_t(u32, space, 65535);
}
