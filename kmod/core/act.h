/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core tells its shell to do after an event. The shell hands in an
 * empty struct xtcp_act, and carries out what it finds in it afterwards.
 */
#ifndef XTCP_CORE_ACT_H
#define XTCP_CORE_ACT_H

#include "seg.h"
#include "reasm.h"

#define XTCP_ACT_ACKED 0x0001	  /* SND.UNA moved: free the send buffer */
#define XTCP_ACT_DELIVER 0x0002	  /* rx_len octets after rx_skip are in order */
#define XTCP_ACT_QUEUED 0x0004	  /* the segment's node was kept for later */
#define XTCP_ACT_FIN 0x0008	  /* the peer has no more data */
#define XTCP_ACT_CONNECTED 0x0010 /* the handshake is complete */
#define XTCP_ACT_CLOSED 0x0020	  /* the connection is gone; err says why */
#define XTCP_ACT_TIME_WAIT 0x0040 /* hand over to a TIME-WAIT record */
#define XTCP_ACT_REPLY 0x0080	  /* send act->reply, which has no payload */
#define XTCP_ACT_WINDOW 0x0100	  /* SND.WND changed */
#define XTCP_ACT_SOFT_ERR 0x0200  /* err is to be reported, if at all, later */
#define XTCP_ACT_TOO_BIG 0x0400	  /* believe what xtcp_pmtu_overdue() says */
#define XTCP_ACT_URGENT 0x0800	  /* the peer has urgent data, or more: tell */
#define XTCP_ACT_URG_MOVED 0x1000 /* the user had not passed the former, at urg_was */
#define XTCP_ACT_URG_OCTET 0x2000 /* the urgent octet is the payload's, at urg_off */
#define XTCP_ACT_URG_READY 0x4000 /* the urgent octet is among what is in ready */
#define XTCP_ACT_FASTOPEN 0x8000  /* @answer is what our Fast Open SYN got */
#define XTCP_ACT_SYN_ACKED 0x10000 /* our SYN-ACK has arrived */

/* Why a segment, or its payload, was not used. Each has its own counter. */
enum xtcp_drop {
	XTCP_DROP_NONE,
	XTCP_DROP_CLOSED,	/* no connection */
	XTCP_DROP_SEQ,		/* outside the window, or an old duplicate */
	XTCP_DROP_RST_SEQ,	/* a reset not exactly at RCV.NXT */
	XTCP_DROP_SYN,		/* a SYN in a synchronised state */
	XTCP_DROP_NO_ACK,	/* no ACK where one is required */
	XTCP_DROP_OLD_ACK,	/* ACK too far below SND.UNA */
	XTCP_DROP_FUTURE_ACK,	/* ACK of what was never sent */
	XTCP_DROP_BAD_ACK,	/* unacceptable ACK before synchronisation */
	XTCP_DROP_DUP_DATA,	/* every octet had arrived before */
	XTCP_DROP_WINDOW,	/* every octet lies beyond the window */
	XTCP_DROP_NO_NODE,	/* out of order, and no memory to keep it */
	XTCP_DROP_AFTER_CLOSE,	/* data for a reader that has closed */
	XTCP_DROP_AFTER_FIN,	/* data behind the peer's FIN */
	XTCP_DROP_RST,		/* a reset, which was acted on */
	XTCP_DROP_TIME_WAIT,	/* nothing to do in TIME-WAIT */
	XTCP_DROP_NOT_SYN,	/* for a listener, and not a SYN */
	XTCP_DROP_PAWS,		/* its timestamp is older than one seen before */
	XTCP_DROP_MAX,
};

/* Things that happened and are counted; bits of act->events */
#define XTCP_EV_RTO 0x0001	     /* the retransmission timer expired */
#define XTCP_EV_FAST_RTX 0x0002	     /* fast retransmit began */
#define XTCP_EV_PARTIAL_ACK 0x0004   /* a partial ACK during recovery */
#define XTCP_EV_DUP_ACK 0x0008	     /* a duplicate ACK arrived */
#define XTCP_EV_CHALLENGE 0x0010     /* a challenge ACK was sent */
#define XTCP_EV_PROBE 0x0020	     /* the persist timer expired */
#define XTCP_EV_OOO 0x0040	     /* data out of order was kept */
#define XTCP_EV_DELACK 0x0080	     /* the delayed-ACK timer expired */
#define XTCP_EV_TIMEOUT 0x0100	     /* the connection was given up */
#define XTCP_EV_WINDOW_TRIM 0x0200   /* octets beyond the window were cut */
#define XTCP_EV_OVERLAP_TRIM 0x0400  /* octets that were known were cut */
#define XTCP_EV_RST_OUT 0x0800	     /* a reset was sent */
#define XTCP_EV_UNDO 0x1000	     /* a loss was none, and its effect undone */
#define XTCP_EV_ECN 0x2000	     /* cwnd was reduced for marks */
#define XTCP_EV_KEEPALIVE 0x4000     /* a peer that is silent was probed */
#define XTCP_EV_R1 0x8000	     /* R1 is reached: ask for another route */
#define XTCP_EV_MTU_UP 0x10000	     /* a larger segment has arrived */
#define XTCP_EV_MTU_FAIL 0x20000     /* a larger segment, or too many, did not */
#define XTCP_EV_BLACK_HOLE 0x40000   /* segments are smaller, as none arrives */
#define XTCP_EV_CE 0x80000	     /* marks began or ended: ACKs at once (RFC 8257) */
#define XTCP_EV_BITS 20

#define XTCP_ACT_STEPS_MAX 4

/**
 * struct xtcp_act - what to do after an event
 * @flags: XTCP_ACT_*
 * @events: XTCP_EV_*
 * @rx_skip: octets of the segment's payload to pass over, with DELIVER
 * @rx_len: octets to deliver after those, with DELIVER
 * @urg_was: the former urgent octet's number, with URG_MOVED
 * @urg_off: octets of the segment's payload before the urgent one, with URG_OCTET
 * @err: positive errno, with CLOSED or SOFT_ERR; 0 for an orderly end
 * @drop: enum xtcp_drop
 * @nsteps: transitions of state in @steps
 * @steps: each old state << 4 | new state, oldest first
 * @ready: nodes that are in order now, oldest first, linked by ->next; to be
 *	delivered after the segment itself
 * @dead: nodes whose octets are all known; to be freed
 * @answer: with FASTOPEN, the SYN-ACK
 * @reply: with REPLY, a segment to send as it is
 *
 * The core writes only what @flags announces beside the fields that
 * xtcp_act_init() clears.
 */
struct xtcp_act {
	u32 flags;
	u32 events;
	u32 rx_skip;
	u32 rx_len;
	u32 urg_was;
	u32 urg_off;
	int err;
	u8 drop;
	u8 nsteps;
	u8 steps[XTCP_ACT_STEPS_MAX];
	struct xtcp_rnode *ready;
	struct xtcp_rnode *dead;
	const struct xtcp_seg *answer;
	struct xtcp_seg reply;
};

static inline void xtcp_act_init(struct xtcp_act *act)
{
	act->flags = 0;
	act->events = 0;
	act->err = 0;
	act->drop = XTCP_DROP_NONE;
	act->nsteps = 0;
	act->ready = NULL;
	act->dead = NULL;
}

#endif
