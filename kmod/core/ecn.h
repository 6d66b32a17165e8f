/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Explicit congestion notification (RFC 3168): routers mark segments in place of
 * dropping them; the receiver echoes the mark, the sender slows and says so. For an
 * algorithm that asks for it, each ACK tells whether what it covers was marked, and
 * all that is sent may be (RFC 8257).
 */
#ifndef XTCP_CORE_ECN_H
#define XTCP_CORE_ECN_H

#include "seq.h"
#include "tcb.h"

struct xtcp_act;

/* What makes a SYN or a SYN-ACK one that offers or takes ECN (6.1.1) */
#define XTCP_ECN_SETUP (XTCP_ECE | XTCP_CWR)

void xtcp_ecn_data(struct xtcp_tcb *tcb, const struct xtcp_seg *seg, u64 now,
		   struct xtcp_act *act);
void xtcp_ecn_ack(struct xtcp_tcb *tcb, const struct xtcp_seg *seg,
		  struct xtcp_act *act);

/* It was agreed on ECN, or the algorithm was chosen, which may ask for more of it */
static inline void xtcp_ecn_choose(struct xtcp_tcb *tcb)
{
	tcb->ecn_exact = tcb->ecn_ok && tcb->cong.ops->marked;
}

static inline bool xtcp_ecn_offered(const struct xtcp_seg *syn)
{
	return (syn->flags & XTCP_ECN_SETUP) == XTCP_ECN_SETUP &&
	       syn->ecn == XTCP_ECN_NONE;
}

/* A SYN is to go out: does it offer ECN? */
static inline void xtcp_ecn_offer(struct xtcp_tcb *tcb)
{
	tcb->ecn_ok = tcb->params->ecn == 1 || tcb->cong.ops->marked;
}

static inline bool xtcp_ecn_accepted(const struct xtcp_seg *synack)
{
	return (synack->flags & XTCP_ECN_SETUP) == XTCP_ECE;
}

/* cwnd was reduced, for whatever reason: the peer is told by the next new data */
static inline void xtcp_ecn_reduced(struct xtcp_tcb *tcb)
{
	if (likely(!tcb->ecn_ok))
		return;
	tcb->ecn_cwr = true;
	tcb->ecn_slow = false;
	tcb->ecn_end = tcb->snd_nxt;
}

/* New data goes out, and no probe: these alone may be marked (6.1.4 to 6.1.6) */
static inline void xtcp_ecn_stamp(const struct xtcp_tcb *tcb,
				  struct xtcp_seg *seg)
{
	if (likely(!tcb->ecn_ok) || !seg->len)
		return;
	seg->ecn = XTCP_ECN_ECT0;
	if (tcb->ecn_cwr)
		seg->flags |= XTCP_CWR;
}

/* Does an ACK tell of congestion? */
static inline bool xtcp_ecn_echo(const struct xtcp_tcb *tcb,
				 const struct xtcp_seg *seg)
{
	return unlikely(seg->flags & XTCP_ECE) && tcb->ecn_ok;
}

/* Was the window in which a loss is found now reduced for a mark (RFC 3168 6.1.2)? */
static inline bool xtcp_ecn_covers(const struct xtcp_tcb *tcb)
{
	return unlikely(tcb->ecn_slow) && !tcb->ecn_exact &&
	       seq_lt(tcb->snd_una, tcb->ecn_end);
}

/*
 * May an ACK of new data open the window? Not one that tells of congestion, nor one for
 * what was sent before the window gave way to that (RFC 3168 6.1.2). But with less than
 * two segments the peer's ACKs wait, and so do its marks (RFC 8257)
 */
static inline bool xtcp_ecn_opens(const struct xtcp_tcb *tcb,
				  const struct xtcp_seg *seg)
{
	if (likely(!tcb->ecn_ok) || (tcb->ecn_exact && tcb->cong.cwnd < 2 * tcb->cong.mss))
		return true;
	return !(seg->flags & XTCP_ECE) &&
	       !(tcb->ecn_slow && seq_le(seg->ack, tcb->ecn_end));
}

#endif
