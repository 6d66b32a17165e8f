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
 * Where the edge stays and the header cannot express it, it is rounded up if
 * there is room for that. Else it is rounded down: the peer then sees it move
 * left by less than a unit (RFC 7323 2.4), while rcv_adv still honours it. To
 * round up always would let the edge creep right with each ACK, past all that
 * can be stored.
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
	u32 stay;

	if (space >= now && space - now >= step)
		return space;
	stay = (now + unit - 1) & ~(unit - 1);
	if (stay != now && stay > space)
		stay -= unit;
	return min_t(u32, stay, max);
}

/**
 * xtcp_window_syn - the window of a SYN, which is never scaled
 * @space: octets that the receive buffer has room for
 */
u16 xtcp_window_syn(u32 space)
{
	return min_t(u32, space, 65535);
}
