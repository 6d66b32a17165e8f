/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters, per namespace and processor; /proc/net/xtcp_stat shows them. To add
 * one: a line in XTCP_MIB_LIST, in the order in which it is to be shown.
 */
#ifndef XTCP_MIB_H
#define XTCP_MIB_H

#include <linux/percpu.h>
#include <linux/types.h>

#include "core/act.h"

#define XTCP_MIB_LIST(X) \
	X(ActiveOpens) \
	X(PassiveOpens) \
	X(Accepted) \
	X(AttemptFails) \
	X(EstabResets) \
	X(InSegs) \
	X(OutSegs) \
	X(RetransSegs) \
	X(OutRsts) \
	X(InOctets) \
	X(OutOctets) \
	X(TimeWaits) \
	X(TimeWaitsExpired) \
	/* what core/act.h calls events, in its order */ \
	X(RtoTimeouts) \
	X(FastRetransmits) \
	X(PartialAcks) \
	X(DupAcksIn) \
	X(ChallengeAcks) \
	X(ProbeTimeouts) \
	X(OutOfOrder) \
	X(DelayedAcks) \
	X(ConnTimeouts) \
	X(WindowTrims) \
	X(OverlapTrims) \
	X(RstsSent) \
	X(SpuriousLosses) \
	X(EcnReductions) \
	X(KeepaliveProbes) \
	X(RouteAdvices) \
	X(MtuProbeSuccesses) \
	X(MtuProbeFailures) \
	X(BlackHoles) \
	X(EcnTurns) \
	/* what core/act.h calls drops, in its order */ \
	X(DropClosed) \
	X(DropSeq) \
	X(DropRstSeq) \
	X(DropSynSynced) \
	X(DropNoAck) \
	X(DropOldAck) \
	X(DropFutureAck) \
	X(DropBadAck) \
	X(DropDupData) \
	X(DropBeyondWindow) \
	X(DropNoNode) \
	X(DropAfterClose) \
	X(DropAfterFin) \
	X(DropRstTaken) \
	X(DropTimeWait) \
	X(DropNotSyn) \
	X(DropPaws) \
	/* the shell's own */ \
	X(InHdrShort) \
	X(InHdrOffset) \
	X(InCsumErrors) \
	X(InBadOptions) \
	X(InNotForUs) \
	X(DropNoPort) \
	X(DropPolicy) \
	X(DropFilter) \
	X(DropBacklog) \
	X(DropRcvFull) \
	X(DropRcvMem) \
	X(DropOfoPruned) \
	X(DropSynQueueFull) \
	X(DropAcceptQueueFull) \
	X(DropNoMemory) \
	X(DropUnroutable) \
	X(RequestTimeouts) \
	X(CookiesSent) \
	X(CookiesTaken) \
	X(CookiesRefused) \
	X(IcmpIn) \
	X(IcmpStale) \
	X(IcmpLocked) \
	X(IcmpTooBigDropped) \
	X(PmtuChanges) \
	X(TxNoMemory) \
	X(TimeWaitOverflow) \
	X(OrphanOverflow) \
	X(InEarly) \
	X(RehashTimeouts) \
	X(RehashDupData) \
	X(FastOpenActive) \
	X(FastOpenActiveFails) \
	X(FastOpenPauses) \
	X(FastOpenAsked) \
	X(FastOpenPassive) \
	X(FastOpenRefused) \
	X(FastOpenOverflow) \
	X(MemPressures) \
	X(MemPressureMs) \
	X(MemForced) \
	X(AbortOnMemory) \
	X(BelowFull) \
	X(AutoCorking) \
	/* what there is now, and not what has happened */ \
	X(Sockets) \
	X(MemPages)

enum xtcp_mib {
#define X(name) XTCP_MIB_##name,
	XTCP_MIB_LIST(X)
#undef X
	XTCP_MIB_MAX,
};

#define XTCP_MIB_EVENTS XTCP_MIB_RtoTimeouts
#define XTCP_MIB_DROPS XTCP_MIB_DropClosed

struct xtcp_mib_table {
	unsigned long v[XTCP_MIB_MAX];
};

struct net;
struct seq_file;

struct xtcp_mib_table __percpu *xtcp_mib_of(const struct net *net);
void xtcp_mib_events(const struct net *net, u32 events);
long xtcp_mib_sum(const struct net *net, enum xtcp_mib id);
int xtcp_mib_show(struct seq_file *m, void *v);

static inline void xtcp_mib_add(const struct net *net, enum xtcp_mib id,
				unsigned long n)
{
	this_cpu_add(xtcp_mib_of(net)->v[id], n);
}

/* The same for who has the table at hand: much cheaper */
static inline void xtcp_mib_count(struct xtcp_mib_table __percpu *t,
				  enum xtcp_mib id, unsigned long n)
{
	this_cpu_add(t->v[id], n);
}

static inline void xtcp_mib_inc(const struct net *net, enum xtcp_mib id)
{
	xtcp_mib_add(net, id, 1);
}

static inline void xtcp_mib_drop(const struct net *net, enum xtcp_drop drop)
{
	if (drop != XTCP_DROP_NONE)
		xtcp_mib_inc(net, XTCP_MIB_DROPS + drop - 1);
}

#endif
