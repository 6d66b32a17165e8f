// SPDX-License-Identifier: GPL-2.0
/*
 * The user's calls: OPEN, SEND, RECEIVE, CLOSE and ABORT of RFC 9293 3.10, and
 * what the layers below report. None of them sends: the shell asks
 * xtcp_output_next() afterwards what is due.
 */
#include "user.h"
#include "ecn.h"
#include "keepalive.h"
#include "pmtu.h"
#include "quick.h"
#include "reply.h"
#include "rtt.h"
#include "seq.h"
#include "timer.h"
#include "window.h"

/**
 * xtcp_user_init - a connection in CLOSED
 * @tcb: the connection, of which rcv_space, rcv_full, rcv_wscale, adv_mss, mss,
 *	cong.ops (Reno else) and the user's flags are for the caller to set before
 *	it is opened
 * @params: kept by reference
 */
void xtcp_user_init(struct xtcp_tcb *tcb, const struct xtcp_params *params)
{
	memset(tcb, 0, sizeof(*tcb));
	tcb->state = XTCP_CLOSED;
	tcb->peer_mss = 65535;
	xtcp_rec_init(&tcb->rec);
	tcb->params = params;
	tcb->cong.ops = &xtcp_cong_reno;
}

static void open_send(struct xtcp_tcb *tcb, u32 iss)
{
	tcb->iss = iss;
	tcb->snd_una = iss;
	tcb->snd_nxt = iss;
	tcb->snd_end = iss + 1;
	tcb->snd_small = iss;
	tcb->rtx_nxt = iss;
	tcb->rtx_end = iss;
	tcb->recover = iss;
	tcb->ecn_end = iss;
	tcb->rcv_mss = min_t(u32, tcb->adv_mss, 536);
	xtcp_rtt_init(tcb);
	xtcp_cong_init(&tcb->cong, tcb->mss, tcb->params->initial_segments);
}

/**
 * xtcp_user_connect - active OPEN
 * @tcb: the connection, in CLOSED, with ts.offset
 * @iss: initial sequence number
 * @act: notes the transition
 */
void xtcp_user_connect(struct xtcp_tcb *tcb, u32 iss, struct xtcp_act *act)
{
	open_send(tcb, iss);
	tcb->wscale_ok = true;
	tcb->ts.ok = tcb->params->timestamps;
	tcb->sack.ok = tcb->params->sack;
	xtcp_ecn_offer(tcb);
	xtcp_ecn_choose(tcb);
	xtcp_state_set(tcb, act, XTCP_SYN_SENT);
}

/**
 * xtcp_user_accept - a request becomes a connection
 * @tcb: the connection, in CLOSED
 * @req: the request, whose SYN-ACK has been sent; at what time is not known if it
 *	was a cookie
 * @now: usec
 * @act: notes the transition
 */
void xtcp_user_accept(struct xtcp_tcb *tcb, const struct xtcp_req *req,
		      u64 now, struct xtcp_act *act)
{
	tcb->peer_mss = req->peer_mss;
	tcb->ts = req->ts;
	tcb->sack.ok = req->sack_ok;
	tcb->ecn_ok = req->ecn_ok;
	xtcp_ecn_choose(tcb);
	xtcp_pmtu_open(tcb, xtcp_tcb_opt_room(tcb));
	tcb->adv_mss = req->adv_mss;
	open_send(tcb, req->iss);
	tcb->snd_nxt = req->iss + 1;
	xtcp_rack_open(tcb);
	tcb->passive = true;
	tcb->irs = req->irs;
	tcb->rcv_nxt = req->irs + 1;
	tcb->rcv_acked = tcb->rcv_nxt;
	tcb->rcv_adv = tcb->rcv_nxt + req->rcv_wnd;
	tcb->wscale_ok = req->wscale_ok;
	tcb->snd_wscale = req->snd_wscale;
	tcb->rcv_wscale = req->rcv_wscale;
	tcb->snd_wnd = req->snd_wnd;
	tcb->snd_wnd_max = req->snd_wnd;
	tcb->snd_wnd_est = req->snd_wnd;
	tcb->snd_wl1 = req->irs;
	tcb->snd_wl2 = req->iss;
	tcb->syn_rtx = req->sent > 1;
	tcb->last_send = now;
	if (req->rtt || !tcb->syn_rtx) {
		tcb->rtt_start = req->rtt ? now - req->rtt : req->time;
		tcb->rtt_end = tcb->snd_nxt;
	}
	xtcp_state_set(tcb, act, XTCP_SYN_RECEIVED);
	xtcp_keep_start(tcb, now);
	xtcp_timer_sent(tcb, now);
}

/**
 * xtcp_user_write - SEND: octets were added to the send buffer
 * @tcb: the connection
 * @len: how many
 */
void xtcp_user_write(struct xtcp_tcb *tcb, u32 len)
{
	if (unlikely(tcb->cong.rated))
		xtcp_rate_write(tcb);
	tcb->snd_end += len;
}

/**
 * xtcp_user_read - RECEIVE: octets were taken out of the receive buffer
 * @tcb: the connection, with the new rcv_space
 *
 * The peer is told at once when the window has become twice what it was (so a
 * sender that waits for it goes on), or if an ACK waited for the reader;
 * otherwise the next ACK says it.
 */
void xtcp_user_read(struct xtcp_tcb *tcb)
{
	u32 now, offer;

	if (!xtcp_state_in(tcb->state, XTCP_F(ESTABLISHED) |
			   XTCP_F(FIN_WAIT_1) | XTCP_F(FIN_WAIT_2)))
		return;
	now = xtcp_window_now(tcb);
	offer = xtcp_window_offer(tcb);
	if ((offer > now && offer / 2 >= now) ||
	    (tcb->ack_due == XTCP_ACK_DELAYED && xtcp_quick_enough(tcb)))
		tcb->ack_due = XTCP_ACK_NOW;
}

/**
 * xtcp_user_shutdown - CLOSE: no more data will be written
 * @tcb: the connection
 * @act: what to do
 */
void xtcp_user_shutdown(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	switch (tcb->state) {
	case XTCP_SYN_SENT:
		xtcp_user_end(tcb, 0, act);
		break;
	case XTCP_SYN_RECEIVED:
	case XTCP_ESTABLISHED:
		tcb->fin_queued = true;
		xtcp_state_set(tcb, act, XTCP_FIN_WAIT_1);
		break;
	case XTCP_CLOSE_WAIT:
		tcb->fin_queued = true;
		xtcp_state_set(tcb, act, XTCP_LAST_ACK);
		break;
	default:
		break;
	}
}

/**
 * xtcp_user_orphan - the user has let go of the connection
 * @tcb: the connection; what it still has to send goes on being sent
 * @now: usec
 * @act: what to do, as FIN-WAIT-2 may end at once
 */
void xtcp_user_orphan(struct xtcp_tcb *tcb, u64 now, struct xtcp_act *act)
{
	tcb->orphan = true;
	tcb->rcv_closed = true;
	if (tcb->state == XTCP_FIN_WAIT_2)
		xtcp_timer_finwait(tcb, now, act);
}

/**
 * xtcp_user_abort - ABORT
 * @tcb: the connection
 * @act: gets a reset to send, if the peer knows of the connection
 */
void xtcp_user_abort(struct xtcp_tcb *tcb, struct xtcp_act *act)
{
	if (xtcp_state_in(tcb->state, XTCP_F(SYN_RECEIVED) |
			  XTCP_F(ESTABLISHED) | XTCP_F(FIN_WAIT_1) |
			  XTCP_F(FIN_WAIT_2) | XTCP_F(CLOSE_WAIT))) {
		xtcp_reply_bare(&act->reply, tcb->snd_nxt, tcb->rcv_nxt,
				XTCP_RST | XTCP_ACK);
		act->flags |= XTCP_ACT_REPLY;
		act->events |= XTCP_EV_RST_OUT;
	}
	xtcp_user_end(tcb, 0, act);
}

/**
 * xtcp_user_end - the connection is over
 * @tcb: the connection
 * @err: positive errno for the user, 0 if it ended in order
 * @act: says so
 */
void xtcp_user_end(struct xtcp_tcb *tcb, int err, struct xtcp_act *act)
{
	xtcp_timer_stop(tcb);
	tcb->ack_due = XTCP_ACK_NONE;
	tcb->rtx_nxt = tcb->rtx_end;
	xtcp_state_set(tcb, act, XTCP_CLOSED);
	act->flags |= XTCP_ACT_CLOSED;
	act->err = err;
}

/* A SYN with data may have been what was too large: one without goes out at once */
static void syn_too_large(struct xtcp_tcb *tcb)
{
	if (tcb->snd_una == tcb->snd_nxt || tcb->snd_nxt == tcb->iss + 1)
		return;
	tcb->rtx_nxt = tcb->iss;
	tcb->rtx_end = tcb->snd_nxt;
	tcb->rtx_force = true;
	tcb->rtt_start = 0;
}

/**
 * xtcp_user_set_mss - the path's MTU or the user's limit changed
 * @tcb: the connection
 * @mss: the largest payload that path and user allow without options; the
 *	peer may take less
 *
 * What is outstanding in larger segments was lost, if the MTU shrank; nothing
 * says that the network is congested (RFC 1191 6.4).
 */
void xtcp_user_set_mss(struct xtcp_tcb *tcb, u16 mss)
{
	bool less;

	if (xtcp_state_in(tcb->state, XTCP_F(CLOSED) | XTCP_F(SYN_SENT))) {
		/* the handshake will say more */
		less = mss < tcb->mss;
		tcb->mss = mss;
		tcb->cong.mss = mss;
		tcb->cong.cwnd = max_t(u32, tcb->cong.cwnd, mss);
		if (less && tcb->state == XTCP_SYN_SENT)
			syn_too_large(tcb);
		return;
	}
	mss = xtcp_pmtu_path(tcb, mss);
	less = mss < tcb->mss;
	if (mss == tcb->mss)
		return;
	xtcp_pmtu_use(tcb, mss);
	if (!less || tcb->snd_una == tcb->snd_nxt || tcb->snd_una == tcb->iss)
		return;
	if (tcb->rack.on) {
		xtcp_rec_mark(&tcb->rec, tcb->snd_una, tcb->snd_nxt,
			      tcb->snd_nxt, 0, XTCP_REC_SACKED, NULL);
		xtcp_rec_mark(&tcb->rec, tcb->snd_una, tcb->snd_nxt,
			      tcb->snd_nxt, XTCP_REC_LOST, 0, NULL);
	} else {
		tcb->rtx_nxt = tcb->snd_una;
		tcb->rtx_end = tcb->snd_nxt;
	}
	tcb->rtx_force = true;
	tcb->recovery = false;
	tcb->dup_acks = 0;
	tcb->recover = tcb->snd_nxt;
	tcb->rtt_start = 0;
}

/**
 * xtcp_user_outstanding - could the network have seen this number just now?
 * @tcb: the connection
 * @seq: the sequence number that a report quotes
 *
 * Return: true from SND.UNA up to, but not including, SND.NXT (RFC 5927 4.1), or
 *	the octet of a probe, which SND.NXT does not count
 */
bool xtcp_user_outstanding(const struct xtcp_tcb *tcb, u32 seq)
{
	return seq_ge(seq, tcb->snd_una) &&
	       seq_lt(seq, tcb->snd_nxt + tcb->probing);
}

/**
 * xtcp_user_unreachable - the network reported that it could not deliver
 * @tcb: the connection
 * @seq: the sequence number in the segment that it quoted
 * @err: positive errno
 * @act: what to do
 *
 * Once synchronised, no report ends a connection (RFC 5927 section 6).
 */
void xtcp_user_unreachable(struct xtcp_tcb *tcb, u32 seq, int err,
			   struct xtcp_act *act)
{
	if (!xtcp_user_outstanding(tcb, seq)) {
		act->drop = XTCP_DROP_SEQ;
		return;
	}
	/* a Fast Open child is the user's already */
	if (xtcp_state_in(tcb->state, XTCP_F(SYN_SENT) | XTCP_F(SYN_RECEIVED)) &&
	    !tcb->fo_child) {
		xtcp_user_end(tcb, err, act);
		return;
	}
	act->flags |= XTCP_ACT_SOFT_ERR;
	act->err = err;
}
