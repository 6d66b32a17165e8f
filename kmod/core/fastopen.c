// SPDX-License-Identifier: GPL-2.0
/*
 * TCP Fast Open (RFC 7413). The client: what its SYN may have of it, what the answer
 * says of that, what is remembered of a server. The server: a connection that begins
 * with the data of a SYN, and may send before the handshake ends. Numbers of sections
 * are the RFC's.
 */
#include "fastopen.h"
#include "act.h"
#include "input.h"
#include "rec.h"
#include "seq.h"
#include "tcb.h"
#include "timer.h"
#include "user.h"
#include "wire.h"

/**
 * xtcp_fastopen_choose - what a client's SYN is to have
 * @tcb: the connection, in SYN-SENT, with the path's mss; its SYN was not sent
 * @offer: gets it
 * @peer: what is known of the server, or NULL
 * @no_cookie: the user knows that the server wants none
 * @now: usec
 *
 * Return: true if data may stand in the SYN
 */
bool xtcp_fastopen_choose(struct xtcp_tcb *tcb, struct xtcp_fastopen_offer *offer,
			  const struct xtcp_fastopen_peer *peer, bool no_cookie,
			  u64 now)
{
	u32 mss = peer && peer->mss ? peer->mss : tcb->adv_mss;

	memset(offer, 0, sizeof(*offer));
	if (peer && now < peer->until)		/* 4.1.3.1 */
		return false;
	if (!no_cookie) {
		offer->option = true;
		if (!peer || !peer->cookie.len) {	/* 4.2.1 */
			tcb->fo_fail = XTCP_FASTOPEN_NO_COOKIE;
			return false;
		}
		offer->cookie = peer->cookie;
	}
	mss = min_t(u32, mss, tcb->mss);
	if (mss > XTCP_FASTOPEN_OPTIONS)
		offer->room = mss - XTCP_FASTOPEN_OPTIONS;
	return true;
}

/**
 * xtcp_fastopen_put - the option into a SYN or SYN-ACK, if there is room for it
 * @offer: the option
 * @seg: the segment, with all its other options
 */
void xtcp_fastopen_put(const struct xtcp_fastopen_offer *offer,
		       struct xtcp_seg *seg)
{
	if (!offer->option)
		return;
	seg->opts |= XTCP_HAS_FASTOPEN;
	seg->fo_len = offer->cookie.len;
	memcpy(seg->fo_cookie, offer->cookie.octets, offer->cookie.len);
	if (xtcp_wire_hlen(seg) > XTCP_WIRE_HLEN_MAX)
		seg->opts &= ~XTCP_HAS_FASTOPEN;
}

/**
 * xtcp_fastopen_sent - a client's first SYN was sent
 * @tcb: the connection
 * @syn: the SYN
 */
void xtcp_fastopen_sent(struct xtcp_tcb *tcb, const struct xtcp_seg *syn)
{
	tcb->fo_asked = syn->opts & XTCP_HAS_FASTOPEN;
	tcb->fo_syn = tcb->fo_asked || syn->len;
}

/* The SYN's data was sent before the peer's window was known: what it has no room for
 * is as if it had not been
 */
static void within_window(struct xtcp_tcb *tcb, u32 first)
{
	if (tcb->snd_nxt - first <= tcb->snd_wnd)
		return;
	tcb->snd_nxt = first + tcb->snd_wnd;
	tcb->rtx_end = seq_min(tcb->rtx_end, tcb->snd_nxt);
	tcb->snd_small = seq_min(tcb->snd_small, tcb->snd_nxt);
}

/* The SYN's data from @first on goes out again: with RACK, the record of it is lost */
static void send_again(struct xtcp_tcb *tcb, u32 first)
{
	within_window(tcb, first);
	if (tcb->snd_nxt == first)
		return;
	tcb->rtx_force = true;
	if (!tcb->rack.on) {
		tcb->rtx_end = tcb->snd_nxt;
		return;
	}
	xtcp_rec_sent(&tcb->rec, first, tcb->last_send, 0, 0);
	xtcp_rec_lose(&tcb->rec, 0, tcb->snd_nxt);
}

/**
 * xtcp_fastopen_answered - the SYN-ACK of a client's SYN came
 * @tcb: the connection, with the new snd_una
 * @synack: the segment
 * @act: says so
 *
 * Data that it does not acknowledge goes out again with the handshake's last ACK
 * (4.2.2).
 */
void xtcp_fastopen_answered(struct xtcp_tcb *tcb, const struct xtcp_seg *synack,
			    struct xtcp_act *act)
{
	if (!tcb->fo_syn)
		return;
	tcb->fo_syn = false;
	act->flags |= XTCP_ACT_FASTOPEN;
	act->answer = synack;
	if (tcb->snd_una == tcb->snd_nxt) {
		tcb->fo_data = tcb->snd_nxt != tcb->iss + 1;
		return;
	}
	tcb->fo_fail = tcb->syn_rtx ? XTCP_FASTOPEN_SYN_LOST :
				      XTCP_FASTOPEN_NOT_ACKED;
	send_again(tcb, tcb->snd_una);
}

/**
 * xtcp_fastopen_crossed - a client's SYN was answered by a SYN
 * @tcb: the connection
 *
 * Its data, if the peer has not kept it, goes out again once the SYN is acknowledged.
 */
void xtcp_fastopen_crossed(struct xtcp_tcb *tcb)
{
	tcb->fo_syn = false;
	tcb->syn_held = false;	/* the peer has begun: ours goes out at once */
	if (seq_le(tcb->snd_nxt, tcb->iss + 1))
		return;
	tcb->rtx_end = tcb->iss + 1;
	send_again(tcb, tcb->iss + 1);
}

/**
 * xtcp_fastopen_learn - remember what a SYN-ACK tells of its server
 * @peer: what is remembered
 * @tcb: the connection, whose SYN had the option or data
 * @synack: the SYN-ACK
 * @now: usec
 */
void xtcp_fastopen_learn(struct xtcp_fastopen_peer *peer,
			 const struct xtcp_tcb *tcb,
			 const struct xtcp_seg *synack, u64 now)
{
	bool cookie = tcb->fo_asked && synack->opts & XTCP_HAS_FASTOPEN &&
		      synack->fo_len;

	if (synack->opts & XTCP_HAS_MSS)
		peer->mss = max_t(u16, synack->mss, XTCP_MSS_MIN);
	if (cookie) {
		peer->cookie.len = synack->fo_len;
		memcpy(peer->cookie.octets, synack->fo_cookie, synack->fo_len);
	} else if (tcb->syn_rtx || tcb->fo_fail > XTCP_FASTOPEN_NO_COOKIE) {
		xtcp_fastopen_failed(peer, now);
		return;
	}
	peer->failures = 0;
	peer->until = 0;
}

/**
 * xtcp_fastopen_failed - a SYN with the option or data was not answered as it should
 * @peer: what is remembered of the server
 * @now: usec
 *
 * 4.1.3.1: a box on the way may drop such SYNs, so plain ones follow for a while.
 */
void xtcp_fastopen_failed(struct xtcp_fastopen_peer *peer, u64 now)
{
	peer->until = now + (XTCP_FASTOPEN_PAUSE << peer->failures);
	if (peer->failures < XTCP_FASTOPEN_DOUBLINGS)
		peer->failures++;
}

/**
 * xtcp_fastopen_accept - a SYN that may have data becomes a connection at once
 * @tcb: the connection, in CLOSED
 * @req: the request, whose SYN-ACK was not sent: the connection does that
 * @now: usec
 * @act: notes the transition
 */
void xtcp_fastopen_accept(struct xtcp_tcb *tcb, const struct xtcp_req *req,
			  u64 now, struct xtcp_act *act)
{
	xtcp_user_accept(tcb, req, now, act);
	xtcp_timer_syn_due(tcb);
	tcb->snd_nxt = tcb->iss;
	tcb->last_send = 0;
	tcb->rtt_start = 0;
	tcb->fo_child = true;
}

/**
 * xtcp_fastopen_rx - the data of the SYN that has made a connection
 * @tcb: the connection, with the present rcv_space
 * @syn: the SYN; it is worked on
 * @node: see xtcp_input_rx()
 * @now: usec
 * @act: what to do
 */
void xtcp_fastopen_rx(struct xtcp_tcb *tcb, struct xtcp_seg *syn,
		      struct xtcp_rnode *node, u64 now, struct xtcp_act *act)
{
	if (!syn->len)
		return;
	syn->seq++;
	syn->flags = 0;		/* a SYN's ECE and CWR are not data's */
	syn->ecn = XTCP_ECN_NONE;
	xtcp_data_rx(tcb, syn, node, now, act);
	tcb->fo_data = act->flags & XTCP_ACT_DELIVER;
}
