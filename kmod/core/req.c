// SPDX-License-Identifier: GPL-2.0
/*
 * The passive side of the handshake: LISTEN (RFC 9293 3.10.7.2) and
 * SYN-RECEIVED until the ACK that completes it. The shell owns the listener's
 * queues, and sends SYN-ACKs again by its own timer.
 */
#include "req.h"
#include "act.h"
#include "ecn.h"
#include "reply.h"
#include "seq.h"
#include "tcb.h"
#include "window.h"
#include "wire.h"

static void reply_rst(const struct xtcp_seg *seg, struct xtcp_act *act)
{
	if (!xtcp_reply_rst(&act->reply, seg))
		return;
	act->flags |= XTCP_ACT_REPLY;
	act->events |= XTCP_EV_RST_OUT;
}

/**
 * xtcp_req_listen - a segment arrived for a listener
 * @seg: the segment
 * @act: may get a reset to send
 *
 * Return: XTCP_LISTEN_SYN if it asks for a connection
 */
enum xtcp_listen_verdict xtcp_req_listen(const struct xtcp_seg *seg,
					 struct xtcp_act *act)
{
	act->drop = XTCP_DROP_NOT_SYN;
	if (seg->flags & XTCP_RST)			/* first */
		return XTCP_LISTEN_DROP;
	if (seg->flags & XTCP_ACK) {			/* second */
		reply_rst(seg, act);
		return XTCP_LISTEN_DROP;
	}
	/* third; a FIN beside a SYN is no honest segment, as Linux sees it */
	if ((seg->flags & (XTCP_SYN | XTCP_FIN)) != XTCP_SYN)
		return XTCP_LISTEN_DROP;
	act->drop = XTCP_DROP_NONE;
	return XTCP_LISTEN_SYN;
}

/**
 * xtcp_req_init - note a SYN
 * @req: gets it
 * @syn: the SYN; payload that it carries is left for the peer to send again
 * @iss: our initial sequence number
 * @rcv_space: octets that the new connection's receive buffer has room for
 * @rcv_max: octets that it may ever have room for
 * @adv_mss: our MSS option
 * @default_mss: the peer's MSS if it did not say (RFC 9293 3.7.1: 536, 1220)
 */
void xtcp_req_init(struct xtcp_req *req, const struct xtcp_seg *syn, u32 iss,
		   u32 rcv_space, u32 rcv_max, u16 adv_mss, u16 default_mss)
{
	req->irs = syn->seq;
	req->iss = iss;
	req->snd_wnd = syn->wnd;
	req->rcv_wnd = xtcp_window_syn(rcv_space);
	req->peer_mss = syn->opts & XTCP_HAS_MSS ? syn->mss : default_mss;
	req->peer_mss = max_t(u16, req->peer_mss, XTCP_MSS_MIN);
	req->adv_mss = adv_mss;
	req->wscale_ok = syn->opts & XTCP_HAS_WSCALE;
	req->snd_wscale = req->wscale_ok ? syn->wscale : 0;
	req->rcv_wscale = req->wscale_ok ? xtcp_window_scale(rcv_max) : 0;
	req->sent = 0;
	req->time = 0;
	req->rtt = 0;
	memset(&req->ts, 0, sizeof(req->ts));
	req->sack_ok = false;
	req->ecn_ok = false;
	req->ecn_exact = false;
}

/**
 * xtcp_req_options - agree on what a SYN offers beyond MSS and window scale
 * @req: the request, after xtcp_req_init(), which agrees on nothing
 * @syn: the SYN
 * @params: what this side does
 * @ts_offset: for the timestamps' clock
 * @now: usec
 */
void xtcp_req_options(struct xtcp_req *req, const struct xtcp_seg *syn,
		      const struct xtcp_params *params, u32 ts_offset, u64 now)
{
	if (params->timestamps && syn->opts & XTCP_HAS_TS) {
		req->ts.ok = true;
		req->ts.offset = ts_offset;
		xtcp_ts_set(&req->ts, syn, now);
	}
	req->sack_ok = params->sack && syn->opts & XTCP_HAS_SACK_OK;
	req->ecn_ok = params->ecn && xtcp_ecn_offered(syn);
}

/**
 * xtcp_req_exact - the algorithm of the connection to come asks for accurate ECN
 * @req: the request, after xtcp_req_options()
 * @syn: the SYN, which may be marked itself then, and needs no leave to offer ECN
 */
void xtcp_req_exact(struct xtcp_req *req, const struct xtcp_seg *syn)
{
	req->ecn_ok = (syn->flags & XTCP_ECN_SETUP) == XTCP_ECN_SETUP;
	req->ecn_exact = req->ecn_ok;
}

/**
 * xtcp_req_synack - the SYN-ACK of a request
 * @req: the request
 * @now: usec
 * @out: gets it
 */
void xtcp_req_synack(const struct xtcp_req *req, u64 now, struct xtcp_seg *out)
{
	xtcp_reply_bare(out, req->iss, req->irs + 1, XTCP_SYN | XTCP_ACK);
	if (req->ecn_ok)
		out->flags |= XTCP_ECE;
	if (unlikely(req->ecn_exact) && !req->sent)
		out->ecn = XTCP_ECN_ECT0;
	out->wnd = req->rcv_wnd;
	out->opts = XTCP_HAS_MSS;
	out->mss = req->adv_mss;
	if (req->wscale_ok) {
		out->opts |= XTCP_HAS_WSCALE;
		out->wscale = req->rcv_wscale;
	}
	if (req->ts.ok)
		xtcp_ts_stamp(&req->ts, now, out);
	if (req->sack_ok)
		out->opts |= XTCP_HAS_SACK_OK;
	out->hlen = xtcp_wire_hlen(out);
}

static void reply_ack(const struct xtcp_req *req, u64 now,
		      struct xtcp_act *act)
{
	xtcp_reply_bare(&act->reply, req->iss + 1, req->irs + 1, XTCP_ACK);
	act->reply.wnd = req->rcv_wnd >> req->rcv_wscale;
	if (req->ts.ok)
		xtcp_ts_stamp(&req->ts, now, &act->reply);
	act->flags |= XTCP_ACT_REPLY;
	act->events |= XTCP_EV_CHALLENGE;
}

/**
 * xtcp_req_rx - a segment arrived for a request
 * @req: the request
 * @seg: the segment
 * @now: usec
 * @act: may get a segment to send
 *
 * RFC 9293 3.10.7.4 for SYN-RECEIVED, with the resets and SYNs of RFC 5961.
 *
 * Return: what becomes of the request
 */
enum xtcp_req_verdict xtcp_req_rx(struct xtcp_req *req,
				  const struct xtcp_seg *seg, u64 now,
				  struct xtcp_act *act)
{
	u32 rcv_nxt = req->irs + 1;
	u32 edge = rcv_nxt + req->rcv_wnd;

	/* the SYN again: our SYN-ACK was lost */
	if ((seg->flags & (XTCP_SYN | XTCP_ACK | XTCP_RST)) == XTCP_SYN &&
	    seg->seq == req->irs) {
		if (req->ts.ok && seg->opts & XTCP_HAS_TS &&
		    !xtcp_ts_older(&req->ts, seg))
			xtcp_ts_set(&req->ts, seg, now);
		return XTCP_REQ_AGAIN;
	}

	/* before all else: PAWS (RFC 7323 5.3) */
	if (unlikely(xtcp_ts_outdated(&req->ts, seg, now)) &&
	    !(seg->flags & XTCP_RST)) {
		act->drop = XTCP_DROP_PAWS;
		reply_ack(req, now, act);
		return XTCP_REQ_DROP;
	}

	/* first: sequence number */
	if (!seq_within(seg->seq, rcv_nxt, edge)) {
		act->drop = XTCP_DROP_SEQ;
		if (!(seg->flags & XTCP_RST))
			reply_ack(req, now, act);
		return XTCP_REQ_DROP;
	}
	/* second: RST */
	if (seg->flags & XTCP_RST) {
		act->drop = XTCP_DROP_RST;
		if (seg->seq == rcv_nxt)
			return XTCP_REQ_ABORT;
		act->drop = XTCP_DROP_RST_SEQ;
		reply_ack(req, now, act);
		return XTCP_REQ_DROP;
	}
	/* fourth: SYN */
	if (seg->flags & XTCP_SYN) {
		act->drop = XTCP_DROP_SYN;
		reply_ack(req, now, act);
		return XTCP_REQ_DROP;
	}
	/* fifth: ACK */
	if (!(seg->flags & XTCP_ACK)) {
		act->drop = XTCP_DROP_NO_ACK;
		return XTCP_REQ_DROP;
	}
	if (seg->ack != req->iss + 1) {
		act->drop = XTCP_DROP_BAD_ACK;
		reply_rst(seg, act);
		return XTCP_REQ_DROP;
	}
	return XTCP_REQ_DONE;
}

/**
 * xtcp_req_defer - the handshake is complete, and data is waited for
 * @req: the request
 * @seg: the ACK that completed it
 * @now: usec
 *
 * The round trip ends here: how long the peer thinks is none of it.
 */
void xtcp_req_defer(struct xtcp_req *req, const struct xtcp_seg *seg, u64 now)
{
	if (req->rtt)
		return;
	if (req->sent > 1)
		req->rtt = xtcp_ts_rtt(&req->ts, seg, 0, now);
	else
		req->rtt = min_t(u64, max_t(u64, now - req->time, 1), U32_MAX);
}
