/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The transmission control block: all that the protocol knows of one
 * connection. The shell's socket lock guards every field of it.
 */
#ifndef XTCP_CORE_TCB_H
#define XTCP_CORE_TCB_H

#include "act.h"
#include "cong.h"
#include "pmtu.h"
#include "rack.h"
#include "rate.h"
#include "reasm.h"
#include "rec.h"
#include "sack.h"
#include "state.h"
#include "ts.h"
#include "types.h"
#include "wire.h"

struct xtcp_fastopen_offer;

/* Deadlines of a connection; timer.c describes each */
enum xtcp_timer {
	XTCP_TIMER_RTX,
	XTCP_TIMER_PERSIST,
	XTCP_TIMER_DELACK,
	XTCP_TIMER_FINWAIT,
	XTCP_TIMER_KEEP = XTCP_TIMER_FINWAIT,	/* never both */
	XTCP_TIMERS_COARSE,	/* those before may be a tick late */
	XTCP_TIMER_PACE = XTCP_TIMERS_COARSE,
	XTCP_TIMERS,
};

/* What XTCP_TIMER_RTX is armed for: one at a time (RFC 8985 section 8) */
enum xtcp_rtx_for {
	XTCP_RTX_RTO,
	XTCP_RTX_PROBE,		/* of the tail */
	XTCP_RTX_REORDER,	/* what is in doubt is lost by then */
};

/* tcb->ack_due */
enum xtcp_ack_due {
	XTCP_ACK_NONE,
	XTCP_ACK_DELAYED,	/* the timer or the next data takes it along */
	XTCP_ACK_SOON,	/* now, or once the segments at hand are all in */
	XTCP_ACK_NOW,
};

/**
 * struct xtcp_params - what is set from outside, per connection
 * @rto_min: by how much the RTO exceeds SRTT at least, usec
 * @rto_max: upper bound of the RTO with its backoff, usec
 * @delack: how long an ACK may wait, usec (RFC 1122 4.2.3.2: below 500 ms)
 * @fin_timeout: how long FIN-WAIT-2 lasts once the user has gone, usec
 * @initial_segments: initial window, segments
 * @syn_retries: a SYN is sent this often again
 * @retries: R2: data is sent this often again
 * @retries1: R1: from so many on the network layer is to look for another way
 * @orphan_retries: the same once the user has gone
 * @timestamps: offer timestamps, and accept the peer's offer (RFC 7323)
 * @sack: the same with SACK (RFC 2018)
 * @ecn: 0 off, 1 offer ECN and take it, 2 only take it (RFC 3168)
 * @dsack: report what arrived twice (RFC 2883)
 * @rack: with SACK, find losses by time (RFC 8985); else by three duplicates, as
 *	without SACK (RFC 6582)
 * @tlp: with @rack, probe the tail
 * @frto: without timestamps, ask whether a timeout was spurious (RFC 5682)
 * @mtu_probing: larger segments are tried: 0 never, 1 once the path seems to be a
 *	black hole, 2 always (RFC 4821)
 * @synack_retries: a SYN-ACK is sent this often again
 * @keep_count: keep-alive: so many probes may go unanswered
 * @keep_idle: the silence before the first probe, seconds
 * @keep_interval: between probes, seconds
 * @mtu_interval: how long that search then rests, seconds
 * @base_mss: it begins with this payload
 * @min_mss: segments, with their options, are no smaller
 * @mtu_floor: nor is their payload for a black hole's sake
 * @mtu_threshold: it ends when the bounds are as near as that
 * @notsent_lowat: see TCP_NOTSENT_LOWAT, octets; the shell's
 */
struct xtcp_params {
	u32 rto_min;
	u32 rto_max;
	u32 delack;
	u32 fin_timeout;
	u8 initial_segments;
	u8 syn_retries;
	u8 retries;
	u8 retries1;
	u8 orphan_retries;
	bool timestamps;
	bool sack;
	bool dsack;
	bool rack;
	bool tlp;
	bool frto;
	u8 ecn;
	u8 mtu_probing;
	u8 keep_count;
	u8 synack_retries;
	u32 keep_idle;
	u32 keep_interval;
	u32 mtu_interval;
	u16 base_mss;
	u16 min_mss;
	u16 mtu_floor;
	u16 mtu_threshold;
	u32 notsent_lowat;
};

/**
 * struct xtcp_opts - what the user has set for a connection, or its listener
 * @user_timeout: what is sent may be unacknowledged for so long, msec; 0: R2 says
 * @rto_min: see struct xtcp_params, which counts where this is 0
 * @syn_retries: see struct xtcp_params, which counts where this is 0
 * @linger2: FIN-WAIT-2 without a user lasts so many seconds; 0: @fin_timeout
 *	says, -1: a reset ends it
 * @keep_idle: see struct xtcp_params, which counts where this is 0
 * @keep_interval: likewise
 * @keep_count: likewise
 * @keepalive: probe a peer that is silent
 * @defer_accept: a listener's connections wait for data, until so many timeouts
 * @cork: hold back what fills no segment
 */
struct xtcp_opts {
	u32 user_timeout;
	u32 rto_min;
	u8 syn_retries:7;
	bool cork:1;
	s8 linger2;
	u16 keep_idle;
	u16 keep_interval;
	u8 keep_count:7;
	bool keepalive:1;
	u8 defer_accept;
};

/**
 * struct xtcp_pace - pacing (pace.h)
 * @next: when the next data may leave, nsec
 * @max: with @asked, the most that the user allows, octets/s
 * @ahead: the queue below keeps data until its departure, and takes it so long
 *	before, usec
 * @asked: data is to be paced though the algorithm does not ask for it
 */
struct xtcp_pace {
	u64 next;
	u64 max;
	u32 ahead;
	bool asked;
};

/**
 * struct xtcp_tcb - one connection, in the terms of RFC 9293 3.3.1
 *
 * Receiving:
 * @rcv_nxt: RCV.NXT
 * @rcv_adv: the right edge of the window as the peer was told it; it never
 *	moves left. In SYN-SENT, the window that the SYN offered
 * @rcv_acked: the last ACK number sent
 * @rcv_mss: the largest payload seen, what delayed ACKs count in
 * @rcv_space: how far beyond RCV.NXT the shell can store octets, those of @reasm
 *	among them; it sets this before each call
 * @rcv_full: octets that it can store when nothing is stored
 * @rcv_up: RCV.UP, the urgent octet, as long as @urg is not NONE
 * @reasm: what arrived out of order
 * @sack: what the peer is told of that
 *
 * Sending:
 * @snd_una: SND.UNA
 * @snd_nxt: SND.NXT, behind everything that was ever sent
 * @snd_wnd: SND.WND, octets
 * @snd_wl1: SND.WL1
 * @snd_wl2: SND.WL2
 * @snd_end: behind the last octet that the user wrote; the FIN's number
 * @snd_up: SND.UP, behind the urgent octet, with @snd_urg
 * @snd_small: the end of the last segment sent that was not full (Nagle)
 * @snd_wnd_max: the largest window the peer ever offered
 * @snd_wnd_est: the same since the peer last seemed to have less room: half of
 *	it is worth sending (silly window avoidance)
 * @rtx_nxt: the lost octets to be sent again begin here ...
 * @rtx_end: ... and end here
 * @recover: SND.NXT when loss recovery began (RFC 6582)
 * @undo_pipe: the congestion window before a loss that is in doubt
 * @undo_ts: our timestamp when that was first sent again
 * @undo_una: SND.UNA when it was taken for lost
 * @undo_left: octets sent again since, of which no D-SACK has come yet
 * @delivered: octets that have arrived at the peer, for all we know, modulo 2^32
 * @iss_moves: how often @iss was moved
 * @reord_seen: how often what had been overtaken arrived after all
 * @rec: with SACK, what was sent when, and what of it is lost
 * @rack: with SACK, loss recovery
 * @pace: when it may leave
 * @rate: for an algorithm that asks for it, the delivery rate
 * @ecn_end: SND.NXT when cwnd was last reduced; reactions to marks are a window apart
 * @pmtu: the search for the path's MTU
 * @cong: congestion control
 *
 * Time:
 * @deadline: usec, or 0 if off, for each of enum xtcp_timer
 * @rtt_start: when the segment being timed was sent, usec, or 0
 * @last_send: when data was last sent, usec
 * @last_rcv: when data last came in order, usec
 * @heard: when the peer was last heard, usec
 * @stuck: since when what is due was sent, or probed for, in vain, usec, or 0
 * @last_rtx: when anything was last sent again, usec, or 0
 * @last_challenge: when an ACK was last provoked out of turn, usec
 * @rtt_end: the ACK that ends the timing
 * @ts: timestamps
 * @srtt: SRTT, usec, 0 before the first sample
 * @rttvar: RTTVAR, usec
 * @rto: RTO without backoff, usec
 * @rto_min: by how much it exceeds @srtt at least, by the route, usec, or 0: see
 *	struct xtcp_opts
 *
 * Fixed at the start:
 * @iss: ISS; far behind it moved on by XTCP_ISS_MOVE at a time, so that SND.UNA is
 *	there no second time
 * @irs: IRS
 * @params: see there; shared, never written
 * @offer: what the first SYN or SYN-ACK has of Fast Open, or NULL; the shell's,
 *	there only while that is sent
 * @dsack_dups: afterwards, segments that arrived twice, by the peer's D-SACKs
 * @delivered_ce: afterwards, segments that were acknowledged with an echo of marks
 * @opts: what the user has set; the shell keeps it from one connection to the next
 * @mss: the largest payload to send beside the options of every segment
 * @adv_mss: the value of the MSS option that this side sends
 * @peer_mss: the largest payload that the peer takes
 * @initial: initial window by the route, segments, or 0: see struct xtcp_params
 * @syn_wnd: the most to offer with a SYN, octets, or 0
 * @default_mss: the peer's MSS if it sends no option (RFC 9293 3.7.1)
 */
struct xtcp_tcb {
	u32 rcv_nxt;
	u32 rcv_adv;
	u32 rcv_acked;
	u32 rcv_mss;
	u32 rcv_space;
	u32 rcv_full;
	u32 rcv_up;

	u32 snd_una;
	u32 snd_nxt;
	u32 snd_wnd;
	u32 snd_wl1;
	u32 snd_wl2;
	u32 snd_end;
	u32 snd_up;
	u32 snd_small;
	u32 snd_wnd_max;
	u32 snd_wnd_est;
	u32 rtx_nxt;
	u32 rtx_end;
	u32 recover;
	u32 undo_pipe;
	u32 undo_ts;
	u32 undo_una;
	u32 undo_left;
	u32 delivered;
	u32 iss_moves;
	u32 reord_seen;
	u32 ecn_end;

	u16 mss;
	u16 adv_mss;
	u16 default_mss;
	u16 peer_mss;
	u16 initial;
	u8 below;		/* enum xtcp_below; the shell sets it before each call */
	bool ecn_seen:1;	/* with ecn_ok, data has come that might be marked */
	u32 syn_wnd;
	u8 state;		/* enum xtcp_state; only state.c writes it */
	u8 snd_wscale;
	u8 rcv_wscale;
	u8 ack_due;		/* enum xtcp_ack_due */
	u8 dup_acks;
	u8 backoff;		/* doublings of the RTO since the last sample */
	u8 rtx_for;		/* enum xtcp_rtx_for */
	u8 frto;		/* enum xtcp_frto */
	u8 tries;		/* expiries since the peer last answered */
	u8 keep_probes;		/* keep-alive probes without an answer */
	u8 urg;			/* enum xtcp_urg */
	u8 quick;		/* so many ACKs more are not to wait */
	bool wscale_ok:1;	/* both sides sent the option, or will have */
	bool nodelay:1;		/* Nagle's algorithm is off */
	bool more:1;		/* the user says that more follows at once */
	bool fin_queued:1;	/* the user has closed: a FIN follows snd_end */
	bool passive:1;		/* came out of a listener */
	bool orphan:1;		/* the user is gone */
	bool rcv_closed:1;	/* the user will not read any more */
	bool recovery:1;	/* between fast retransmit and recover */
	bool rtx_force:1;	/* one segment may go out whatever cwnd says */
	bool probing:1;		/* an octet behind snd_nxt was sent as a probe */
	bool probe_due:1;	/* the persist or the keep-alive timer has expired */
	bool undo:1;		/* the next new ACK tells if a loss was one */
	bool undo_timed:1;	/* undo_ts is valid */
	bool undo_dsack:1;	/* undo_left is valid: D-SACKs may tell, too */
	bool syn_rtx:1;		/* the SYN was sent more than once */
	bool ecn_ok:1;		/* both sides have ECN; in SYN-SENT, we offer it */
	bool ecn_echo:1;	/* a mark came last, or the peer has not answered it yet */
	bool ecn_cwr:1;		/* cwnd was reduced, and the peer not told yet */
	bool ecn_slow:1;	/* the reduction before @ecn_end was for a mark */
	bool ecn_hold:1;	/* a mark with cwnd of one segment: wait for the timer */
	bool ecn_exact:1;	/* with ecn_ok, the algorithm asks for it: RFC 8257 */
	bool v6:1;		/* the network layer is IPv6; the shell sets it */
	bool snd_urg:1;		/* urgent data may be unacknowledged */
	bool fo_syn:1;		/* our SYN has the Fast Open option or data; no answer yet */
	bool fo_asked:1;	/* it has the option, so the answer may have a cookie */
	bool fo_data:1;		/* data in a SYN was taken, by us or by the peer */
	bool fo_child:1;	/* a SYN with a good cookie made it: it may send at once */
	bool syn_held:1;	/* the SYN waits for the user's data */
	bool quick_route:1;	/* the route wants no ACK to wait */
	u8 fo_fail:2;		/* enum xtcp_fastopen_fail */
	bool interactive:1;	/* the user answers: ACKs may wait for that */

	struct xtcp_pmtu pmtu;
	struct xtcp_recs rec;
	struct xtcp_rack rack;
	struct xtcp_opts opts;
	struct xtcp_cong cong;
	struct xtcp_reasm reasm;
	struct xtcp_pace pace;
	struct xtcp_rate rate;

	u64 deadline[XTCP_TIMERS];
	u64 rtt_start;
	u64 last_send;
	u64 last_rcv;
	u64 heard;
	u64 stuck;
	u64 last_rtx;
	u64 last_challenge;
	struct xtcp_ts ts;
	u32 rtt_end;
	u32 srtt;
	u32 rttvar;
	u32 rto;
	u32 rto_min;

	u32 iss;
	u32 irs;
	struct xtcp_sack sack;	/* here it leaves no hole */
	const struct xtcp_params *params;
	union {
		const struct xtcp_fastopen_offer *offer;
		struct {
			u32 dsack_dups;
			u32 delivered_ce;
		};
	};
};

/* By so much ISS follows SND.UNA where it would seem to lie ahead */
#define XTCP_ISS_MOVE (1U << 30)

/* A FIN has been sent at least once */
static inline bool xtcp_tcb_fin_sent(const struct xtcp_tcb *tcb)
{
	return tcb->fin_queued && tcb->snd_nxt == tcb->snd_end + 1;
}

/* Sequence space from the SYN to @seq, which is SND.UNA or not far behind */
static inline u64 xtcp_tcb_since_syn(const struct xtcp_tcb *tcb, u32 seq)
{
	return (u64)tcb->iss_moves * XTCP_ISS_MOVE + (seq - tcb->iss);
}

/* Octets of options in every segment, which are the payload's loss (RFC 6691) */
static inline u32 xtcp_tcb_opt_room(const struct xtcp_tcb *tcb)
{
	/* in SYN-SENT nothing is agreed yet */
	return tcb->ts.ok && tcb->state != XTCP_SYN_SENT ? XTCP_WIRE_TS_ROOM : 0;
}

/* The initial window, and the one after a pause, segments */
static inline u32 xtcp_tcb_initial(const struct xtcp_tcb *tcb)
{
	return tcb->initial ?: tcb->params->initial_segments;
}

/* Octets in the network, by this side's reckoning */
static inline u32 xtcp_tcb_flight(const struct xtcp_tcb *tcb)
{
	return tcb->snd_nxt - tcb->snd_una - (tcb->rtx_end - tcb->rtx_nxt) -
	       tcb->rec.sacked - tcb->rec.lost;
}

/* The peer need not acknowledge at once what is less than two segments */
static inline bool xtcp_rack_delayable(const struct xtcp_tcb *tcb)
{
	return tcb->snd_nxt - tcb->snd_una < 2 * (u32)tcb->mss;
}

const char *xtcp_tcb_check(const struct xtcp_tcb *tcb);

#endif
