/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control behind one small interface. An algorithm sees its own
 * small state, numbers of octets and the time, never a connection. cong.c has
 * what all of them share, cong_reno.c, cong_cubic.c, cong_bbr.c and cong_dctcp.c
 * are built in, others come as modules (xtcp_cong_register(); Documentation/congestion.md).
 */
#ifndef XTCP_CORE_CONG_H
#define XTCP_CORE_CONG_H

#include "types.h"

#define XTCP_CONG_NAME_MAX 16	/* with the end of the string; TCP_CONGESTION's */
#define XTCP_CONG_PRIV 104	/* octets of an algorithm's own state */
#define XTCP_CONG_CWND_MAX (1U << 30)

struct module;
struct xtcp_cong;

/* Why the window is to be reduced */
enum xtcp_cong_cause {
	XTCP_CONG_LOSS,		/* segments were lost, others arrived after them */
	XTCP_CONG_TIMEOUT,	/* the retransmission timer expired */
	XTCP_CONG_ECN,		/* the network marked segments, and lost none */
};

/**
 * struct xtcp_cong_sample - what one ACK of new data tells
 * @now: usec
 * @acked: octets that it covered
 * @flight: octets outstanding before it
 * @una: SND.UNA, this ACK included
 * @nxt: SND.NXT
 * @rtt: the round trip that it measured, usec, or 0
 * @srtt: SRTT, usec, or 0
 * @rto: RTO, usec
 * @round: it acknowledges data sent after the last such ACK arrived: a round
 *	trip has passed; set by xtcp_cong_acked()
 * @limited: it is cwnd that limits what is outstanding, and not the user or
 *	the peer's window: only then may cwnd grow; set by xtcp_cong_acked()
 */
struct xtcp_cong_sample {
	u64 now;
	u32 acked;
	u32 flight;
	u32 una;
	u32 nxt;
	u32 rtt;
	u32 srtt;
	u32 rto;
	bool round;
	bool limited;
};

/**
 * struct xtcp_cong_rate - what an ACK tells who wants the delivery rate
 * @now: usec
 * @rate: octets a second that the network delivered lately, or 0 if this ACK
 *	does not tell
 * @delivered: octets that this ACK says have arrived
 * @total: octets that have arrived so far, modulo 2^32
 * @before: with @told, @total when the newest of those was sent
 * @lost: octets taken for lost since the ACK before
 * @flight: octets outstanding
 * @prior_flight: the same before this ACK
 * @rtt: the round trip of the newest of them, usec, or 0
 * @srtt: SRTT, usec, or 0
 * @told: it is known when the newest was sent
 * @limited: @rate is no more than what the user wrote
 * @recovery: a loss is being mended, be it after a timeout
 * @restart: nothing was outstanding when these were sent
 * @bubble: to be set by the algorithm: what is under way now is less than what
 *	the network could carry, and its rate is to be marked as @limited
 */
struct xtcp_cong_rate {
	u64 now;
	u64 rate;
	u32 delivered;
	u32 total;
	u32 before;
	u32 lost;
	u32 flight;
	u32 prior_flight;
	u32 rtt;
	u32 srtt;
	bool told;
	bool limited;
	bool recovery;
	bool restart;
	bool bubble;
};

/**
 * struct xtcp_cong_marks - what an ACK of new data tells of the network's marks
 * @acked: octets that it covers
 * @una: SND.UNA, this ACK included
 * @nxt: SND.NXT
 * @marked: the network marked them
 */
struct xtcp_cong_marks {
	u32 acked;
	u32 una;
	u32 nxt;
	bool marked;
};

/**
 * struct xtcp_cong_ops - an algorithm
 * @name: what TCP_CONGESTION and the sysctls call it
 * @owner: its module, THIS_MODULE; NULL if built in
 * @init: begin, or begin again, with zero in the private state; may be NULL
 * @acked: new data was acknowledged outside loss recovery: set @c->cwnd
 * @ssthresh: the window is to be reduced: returns the new ssthresh. The
 *	callers see to it that this happens once for each window of data, and
 *	set @c->cwnd themselves. @flight is what was outstanding, octets
 * @rated: in place of @acked: at each ACK that tells anything, in loss recovery
 *	too, with the delivery rate: sets @c->cwnd, which nobody else does then
 *	but for a timeout, and @c->pacing; may be NULL
 * @marked: asks for accurate ECN (RFC 8257), which only works if the peer's
 *	algorithm does so, too: all that is sent may be marked, and each ACK says
 *	whether what it covers was. Called at each ACK of new data where both sides
 *	have ECN, before @ssthresh and @acked; never where they have not. May be NULL
 * @undo: the reduction was a mistake, take back what @ssthresh did to the
 *	private state (cwnd and ssthresh are restored already); may be NULL
 *
 * All are called under the connection's lock, from bottom halves or from a
 * system call with bottom halves on: none may sleep, and what connections share
 * is to be guarded against bottom halves. The private state is plain memory
 * without a destructor.
 */
struct xtcp_cong_ops {
	char name[XTCP_CONG_NAME_MAX];
	struct module *owner;
	void (*init)(struct xtcp_cong *c);
	void (*acked)(struct xtcp_cong *c, const struct xtcp_cong_sample *s);
	u32 (*ssthresh)(struct xtcp_cong *c, u32 flight,
			enum xtcp_cong_cause cause);
	void (*undo)(struct xtcp_cong *c);
	void (*rated)(struct xtcp_cong *c, struct xtcp_cong_rate *r);
	void (*marked)(struct xtcp_cong *c, const struct xtcp_cong_marks *m);
};

/**
 * struct xtcp_cong - congestion control's state
 * @cwnd: congestion window, octets
 * @ssthresh: slow start ends here, octets
 * @acked: octets acknowledged since @cwnd last grew, see xtcp_cong_avoid()
 * @mss: SMSS, octets
 * @round_end: the ACK that ends the present round trip, if @rounds is not 0
 * @rounds: round trips begun
 * @peak: most octets outstanding in the present round trip ...
 * @last_peak: ... and in the one before
 * @round_una: SND.UNA when the present round trip began ...
 * @round_at: ... at that time, usec
 * @round_rate: octets/s that were acknowledged in the last round trip ...
 * @round_limited: ... with less outstanding than @cwnd allowed; for TCP_INFO
 * @full: all of @cwnd was outstanding in the present round trip, or half of it
 *	in slow start ...
 * @last_full: ... and in the one before
 * @initial: the initial window, octets
 * @most: @cwnd grows no larger, octets
 * @prior_cwnd: @cwnd before the last reduction, for undo
 * @prior_ssthresh: @ssthresh before it
 * @rated: the algorithm wants the delivery rate
 * @limited_at: when cwnd was last what limited the sender, usec
 * @pacing: octets a second at which data is to leave, or 0 for as fast as the
 *	window lets it; the algorithm's to set
 * @ops: the algorithm
 * @priv: its private state, see xtcp_cong_priv()
 */
struct xtcp_cong {
	u32 cwnd;
	u32 ssthresh;
	u32 acked;
	u32 mss;
	u32 round_end;
	u32 rounds;
	u32 peak;
	u32 last_peak;
	u32 round_una;
	u32 initial;
	u32 most;
	u32 prior_cwnd;
	u32 prior_ssthresh;
	bool full;
	bool last_full;
	bool round_limited;
	bool rated;
	u64 round_at;
	u64 round_rate;
	u64 limited_at;
	u64 pacing;
	const struct xtcp_cong_ops *ops;
	u64 priv[XTCP_CONG_PRIV / sizeof(u64)];
};

extern const struct xtcp_cong_ops xtcp_cong_reno;
extern const struct xtcp_cong_ops xtcp_cong_cubic;
extern const struct xtcp_cong_ops xtcp_cong_bbr;
extern const struct xtcp_cong_ops xtcp_cong_dctcp;

/* for the protocol */
void xtcp_cong_init(struct xtcp_cong *c, u32 mss, u32 initial_segments);
void xtcp_cong_select(struct xtcp_cong *c, const struct xtcp_cong_ops *ops);
void xtcp_cong_acked(struct xtcp_cong *c, struct xtcp_cong_sample *s);
void xtcp_cong_rated(struct xtcp_cong *c, struct xtcp_cong_rate *r);
void xtcp_cong_marked(struct xtcp_cong *c, const struct xtcp_cong_marks *m);
void xtcp_cong_lost(struct xtcp_cong *c, u32 flight);
void xtcp_cong_timeout(struct xtcp_cong *c, u32 flight, bool first);
void xtcp_cong_ecn(struct xtcp_cong *c, u32 flight);
void xtcp_cong_undo(struct xtcp_cong *c);
void xtcp_cong_idle(struct xtcp_cong *c, u32 initial_segments);

/* for algorithms */
void xtcp_cong_grow(struct xtcp_cong *c, u32 acked, u32 segments);
void xtcp_cong_avoid(struct xtcp_cong *c, u32 acked, u32 window);

/* of the algorithms that are built in, to be called without a pointer */
void xtcp_cong_reno_acked(struct xtcp_cong *c, const struct xtcp_cong_sample *s);
void xtcp_cong_cubic_acked(struct xtcp_cong *c,
			   const struct xtcp_cong_sample *s);
void xtcp_cong_bbr_rated(struct xtcp_cong *c, struct xtcp_cong_rate *r);
void xtcp_cong_dctcp_marked(struct xtcp_cong *c,
			    const struct xtcp_cong_marks *m);

/* The private state; a static_assert beside its struct keeps it small enough */
static inline void *xtcp_cong_priv(struct xtcp_cong *c)
{
	return c->priv;
}

static inline bool xtcp_cong_slow_start(const struct xtcp_cong *c)
{
	return c->cwnd < c->ssthresh;
}

/* No congestion was ever seen: this is the connection's first slow start */
static inline bool xtcp_cong_unknown(const struct xtcp_cong *c)
{
	return c->ssthresh == XTCP_CONG_CWND_MAX;
}

#endif
