/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a listener remembers of a SYN: a connection in SYN-RECEIVED that has no
 * TCB yet.
 */
#ifndef XTCP_CORE_REQ_H
#define XTCP_CORE_REQ_H

#include "seg.h"
#include "ts.h"
#include "types.h"

struct xtcp_act;
struct xtcp_params;

/**
 * struct xtcp_req - a connection request
 * @ts: timestamps
 * @time: when the SYN-ACK was first sent, usec
 * @rtt: how long the peer took for the first ACK, if data is waited for, usec, or 0
 * @irs: IRS
 * @iss: ISS
 * @snd_wnd: the window of the SYN, octets
 * @rcv_wnd: the window of our SYN-ACK, octets
 * @peer_mss: the peer's MSS option, or the default without one
 * @adv_mss: our MSS option
 * @snd_wscale: the peer's shift
 * @rcv_wscale: our shift
 * @sack_ok: both sides have SACK
 * @ecn_ok: both sides have ECN
 * @ecn_exact: and this one's algorithm asks for accurate ECN
 * @wscale_ok: the peer offered a shift, so both apply
 * @sent: SYN-ACKs sent so far
 */
struct xtcp_req {
	struct xtcp_ts ts;
	u64 time;
	u32 rtt;
	u32 irs;
	u32 iss;
	u32 snd_wnd;
	u32 rcv_wnd;
	u16 peer_mss;
	u16 adv_mss;
	u8 snd_wscale;
	u8 rcv_wscale;
	bool wscale_ok;
	bool sack_ok;
	bool ecn_ok:1;
	bool ecn_exact:1;
	u8 sent;
};

enum xtcp_req_verdict {
	XTCP_REQ_DROP,		/* nothing more, beside act->reply if flagged */
	XTCP_REQ_AGAIN,		/* send the SYN-ACK again */
	XTCP_REQ_DONE,		/* make the connection, and let it have seg */
	XTCP_REQ_ABORT,		/* forget the request */
};

enum xtcp_listen_verdict {
	XTCP_LISTEN_DROP,
	XTCP_LISTEN_SYN,
};

enum xtcp_listen_verdict xtcp_req_listen(const struct xtcp_seg *seg,
					 struct xtcp_act *act);
void xtcp_req_init(struct xtcp_req *req, const struct xtcp_seg *syn, u32 iss,
		   u32 rcv_space, u32 rcv_max, u16 adv_mss, u16 default_mss);
void xtcp_req_options(struct xtcp_req *req, const struct xtcp_seg *syn,
		      const struct xtcp_params *params, u32 ts_offset, u64 now);
void xtcp_req_exact(struct xtcp_req *req, const struct xtcp_seg *syn);
void xtcp_req_defer(struct xtcp_req *req, const struct xtcp_seg *seg, u64 now);
enum xtcp_req_verdict xtcp_req_rx(struct xtcp_req *req,
				  const struct xtcp_seg *seg, u64 now,
				  struct xtcp_act *act);
void xtcp_req_synack(const struct xtcp_req *req, u64 now, struct xtcp_seg *out);

#endif
