// SPDX-License-Identifier: GPL-2.0
/*
 * SRTT, RTTVAR and RTO from samples (RFC 6298 section 2). One segment a
 * round trip is timed; output.c starts the timing and ends it in vain when
 * anything is sent again (Karn's algorithm), ack.c takes the sample.
 */
#include "rtt.h"

#define RTO_INITIAL (1 * XTCP_USEC_PER_SEC)	/* (2.1) */
#define RTO_AFTER_LOST_SYN (3 * XTCP_USEC_PER_SEC)	/* (5.7) */
#define RTT_MAX (1U << 28)
/* A tick of timestamps, the coarsest by which a round trip is measured */
#define GRANULARITY (1 * XTCP_USEC_PER_MSEC)

/**
 * xtcp_rtt_init - before the first sample
 * @tcb: the connection
 */
void xtcp_rtt_init(struct xtcp_tcb *tcb)
{
	tcb->srtt = 0;
	tcb->rttvar = 0;
	tcb->rto = max_t(u32, RTO_INITIAL, xtcp_rtt_min(tcb));
	tcb->rtt_start = 0;
}

/**
 * xtcp_rtt_syn_lost - data begins after a SYN that was sent more than once
 * @tcb: the connection
 */
void xtcp_rtt_syn_lost(struct xtcp_tcb *tcb)
{
	if (!tcb->srtt)
		tcb->rto = max_t(u32, tcb->rto, RTO_AFTER_LOST_SYN);
}

/**
 * xtcp_rtt_sample - a round trip was measured
 * @tcb: the connection
 * @rtt: usec
 */
void xtcp_rtt_sample(struct xtcp_tcb *tcb, u64 rtt)
{
	/* who acknowledges what still waits for its departure gains nothing */
	u32 r = (s64)rtt < 1 ? 1 : min_t(u64, rtt, RTT_MAX);
	u32 var;

	if (!tcb->srtt) {		/* (2.2) */
		tcb->srtt = r;
		tcb->rttvar = r / 2;
	} else {			/* (2.3): alpha 1/8, beta 1/4 */
		u32 err = r > tcb->srtt ? r - tcb->srtt : tcb->srtt - r;

		tcb->rttvar += err / 4 - tcb->rttvar / 4;
		tcb->srtt += (s32)(r - tcb->srtt) / 8;
		tcb->srtt = max_t(u32, tcb->srtt, 1);
	}
	var = max_t(u32, 4 * tcb->rttvar, GRANULARITY);	/* (2.3), (4) */
	/*
	 * (2.4), with our own lower bound, and that beyond SRTT, as in Linux: a
	 * queue that grows while nothing is timed would soon exceed it else
	 */
	tcb->rto = tcb->srtt + max_t(u32, var, xtcp_rtt_min(tcb));
	tcb->rto = min_t(u32, tcb->rto, tcb->params->rto_max);
}

/**
 * xtcp_rtt_rto - the timeout to arm now, backoff included (5.5)
 * @tcb: the connection
 *
 * Return: usec
 */
u64 xtcp_rtt_rto(const struct xtcp_tcb *tcb)
{
	u64 rto = (u64)tcb->rto << min_t(u32, tcb->backoff, 20);

	return min_t(u64, rto, tcb->params->rto_max);
}
