// SPDX-License-Identifier: GPL-2.0
/* SEGMENT ARRIVES in SYN-SENT (RFC 9293 3.10.7.3). */
#include "input.h"
#include "ecn.h"
#include "fastopen.h"
#include "keepalive.h"
#include "limit.h"
#include "pmtu.h"
#include "reply.h"
#include "rtt.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"
#include "user.h"

/* What the peer's SYN says of the connection */
static void learn(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now)
{
	xtcp_keep_start(tcb, now);
	tcb->irs = seg->seq;
	tcb->rcv_nxt = seg->seq + 1;
	tcb->rcv_acked = tcb->rcv_nxt;
	tcb->rcv_adv += tcb->rcv_nxt;	/* our SYN's window gets its origin */
	tcb->peer_mss = seg->opts & XTCP_HAS_MSS ?
			max_t(u16, seg->mss, XTCP_MSS_MIN) : tcb->default_mss;
	tcb->sack.ok = tcb->sack.ok && seg->opts & XTCP_HAS_SACK_OK;
	if (!(seg->opts & XTCP_HAS_TS))
		tcb->ts.ok = false;
	else if (tcb->ts.ok)
		xtcp_ts_set(&tcb->ts, seg, now);
	xtcp_pmtu_open(tcb, tcb->ts.ok ? XTCP_WIRE_TS_ROOM : 0);
	xtcp_cong_init(&tcb->cong, tcb->mss, tcb->params->initial_segments);
	if (seg->opts & XTCP_HAS_WSCALE) {
		tcb->snd_wscale = seg->wscale;
	} else {
		tcb->wscale_ok = false;
		tcb->rcv_wscale = 0;
	}
	tcb->snd_wnd = seg->wnd;	/* a SYN's window is never scaled */
	tcb->snd_wnd_max = seg->wnd;
	tcb->snd_wnd_est = seg->wnd;
	tcb->snd_wl1 = seg->seq;
	tcb->snd_wl2 = seg->ack;
}

/* Our SYN is acknowledged: ESTABLISHED */
static void establish(struct xtcp_tcb *tcb, struct xtcp_seg *seg, u64 now,
		      struct xtcp_act *act)
{
	tcb->snd_una = seg->ack;
	tcb->rtx_nxt = tcb->snd_una;
	tcb->rtx_end = tcb->snd_una;
	tcb->rtx_force = false;
	tcb->backoff = 0;
	xtcp_limit_answered(tcb);
	tcb->recover = tcb->snd_una - 1;
	xtcp_rack_open(tcb);
	if (tcb->rtt_start)
		xtcp_rtt_sample(tcb, now - tcb->rtt_start);
	else if (xtcp_ts_rtt(&tcb->ts, seg, 0, now))
		xtcp_rtt_sample(tcb, xtcp_ts_rtt(&tcb->ts, seg, 0, now));
	else if (tcb->syn_rtx)
		xtcp_rtt_syn_lost(tcb);
	tcb->rtt_start = 0;
	/* RFC 6928: a lost SYN or SYN-ACK means an initial window of one */
	if (tcb->syn_rtx)
		xtcp_cong_init(&tcb->cong, tcb->mss, 1);
	xtcp_fastopen_answered(tcb, seg, act);
	xtcp_timer_acked(tcb, now);
	xtcp_state_set(tcb, act, XTCP_ESTABLISHED);
	act->flags |= XTCP_ACT_CONNECTED | XTCP_ACT_ACKED;
	/* the SYN's data, if it goes out again, does for an ACK */
	tcb->ack_due = tcb->rtx_force ? XTCP_ACK_NONE : XTCP_ACK_NOW;
}

/**
 * xtcp_synsent_rx - a segment arrived in SYN-SENT
 * @tcb: the connection
 * @seg: the segment
 * @node: see xtcp_input_rx()
 * @now: usec
 * @act: what to do
 */
void xtcp_synsent_rx(struct xtcp_tcb *tcb, struct xtcp_seg *seg,
		     struct xtcp_rnode *node, u64 now, struct xtcp_act *act)
{
	bool ack = seg->flags & XTCP_ACK;

	/* first: ACK */
	if (ack && (seq_le(seg->ack, tcb->iss) ||
		    seq_gt(seg->ack, tcb->snd_nxt))) {
		act->drop = XTCP_DROP_BAD_ACK;
		if (xtcp_reply_rst(&act->reply, seg)) {
			act->flags |= XTCP_ACT_REPLY;
			act->events |= XTCP_EV_RST_OUT;
		}
		return;
	}
	/* second: RST */
	if (seg->flags & XTCP_RST) {
		act->drop = ack ? XTCP_DROP_RST : XTCP_DROP_NO_ACK;
		if (ack)
			xtcp_user_end(tcb, ECONNREFUSED, act);
		return;
	}
	/* fourth: SYN */
	if (!(seg->flags & XTCP_SYN)) {
		act->drop = XTCP_DROP_NOT_SYN;
		return;
	}
	learn(tcb, seg, now);
	tcb->ecn_ok = tcb->ecn_ok && ack && xtcp_ecn_accepted(seg);
	xtcp_ecn_choose(tcb);
	if (!ack) {
		/* simultaneous open: the SYN goes out again, with an ACK */
		tcb->rtx_nxt = tcb->snd_una;
		tcb->rtx_end = tcb->snd_nxt;
		tcb->rtx_force = true;
		tcb->rtt_start = 0;
		xtcp_rack_open(tcb);
		xtcp_fastopen_crossed(tcb);
		xtcp_state_set(tcb, act, XTCP_SYN_RECEIVED);
		return;
	}
	establish(tcb, seg, now, act);
	xtcp_seg_strip_syn(seg);
	/* sixth to eighth, if there is more in it */
	if (unlikely(xtcp_urgent_concerns(tcb, seg)))
		xtcp_urgent_rx(tcb, seg, act);
	if (seg->len || (seg->flags & XTCP_FIN))
		xtcp_data_rx(tcb, seg, node, now, act);
}
