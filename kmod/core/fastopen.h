/* SPDX-License-Identifier: GPL-2.0 */
/*
 * TCP Fast Open (RFC 7413): data in the SYN, for a client that shows a cookie which
 * the server gave it before. What makes a cookie, and who keeps it, is the shell's.
 */
#ifndef XTCP_CORE_FASTOPEN_H
#define XTCP_CORE_FASTOPEN_H

#include "seg.h"

struct xtcp_act;
struct xtcp_req;
struct xtcp_rnode;
struct xtcp_tcb;

/* Why the SYN's data was not taken: numbered as TCP_INFO has them */
enum xtcp_fastopen_fail {
	XTCP_FASTOPEN_UNSAID,
	XTCP_FASTOPEN_NO_COOKIE,
	XTCP_FASTOPEN_NOT_ACKED,
	XTCP_FASTOPEN_SYN_LOST,
};

/* A failure keeps a client from trying again for so long, doubled each time */
#define XTCP_FASTOPEN_PAUSE (60 * XTCP_USEC_PER_SEC)
#define XTCP_FASTOPEN_DOUBLINGS 6

/* Boxes on the way may add options to the SYN: they are to find room (as Linux has it) */
#define XTCP_FASTOPEN_OPTIONS 40

/**
 * struct xtcp_fastopen_cookie - a cookie
 * @len: octets; 0: there is none
 * @octets: they
 */
struct xtcp_fastopen_cookie {
	u8 len;
	u8 octets[XTCP_FASTOPEN_MAX];
};

/**
 * struct xtcp_fastopen_offer - what the first SYN or SYN-ACK has of Fast Open
 * @cookie: what stands in the option; in a SYN, none asks for one
 * @option: it has the option
 * @room: octets of data that the SYN may carry
 */
struct xtcp_fastopen_offer {
	struct xtcp_fastopen_cookie cookie;
	bool option;
	u16 room;
};

/**
 * struct xtcp_fastopen_peer - what a client remembers of a server (RFC 7413 4.1.3)
 * @cookie: the last that it gave
 * @failures: in a row
 * @mss: its MSS option, or 0
 * @until: no Fast Open before, usec
 */
struct xtcp_fastopen_peer {
	struct xtcp_fastopen_cookie cookie;
	u8 failures;
	u16 mss;
	u64 until;
};

bool xtcp_fastopen_choose(struct xtcp_tcb *tcb, struct xtcp_fastopen_offer *offer,
			  const struct xtcp_fastopen_peer *peer, bool no_cookie,
			  u64 now);
void xtcp_fastopen_put(const struct xtcp_fastopen_offer *offer,
		       struct xtcp_seg *seg);
void xtcp_fastopen_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *syn);
void xtcp_fastopen_answered(struct xtcp_tcb *tcb, const struct xtcp_seg *synack,
			    struct xtcp_act *act);
void xtcp_fastopen_crossed(struct xtcp_tcb *tcb);
void xtcp_fastopen_learn(struct xtcp_fastopen_peer *peer,
			 const struct xtcp_tcb *tcb,
			 const struct xtcp_seg *synack, u64 now);
void xtcp_fastopen_failed(struct xtcp_fastopen_peer *peer, u64 now);
void xtcp_fastopen_accept(struct xtcp_tcb *tcb, const struct xtcp_req *req,
			  u64 now, struct xtcp_act *act);
void xtcp_fastopen_rx(struct xtcp_tcb *tcb, struct xtcp_seg *syn,
		      struct xtcp_rnode *node, u64 now, struct xtcp_act *act);

#endif
