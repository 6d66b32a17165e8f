// SPDX-License-Identifier: GPL-2.0
/*
 * Memory for the core's records of what was sent (core/rec.h): none as long as
 * the few in the TCB will do, else an array, charged to the socket and, unless
 * it is small, given back once everything is acknowledged. The core bounds it.
 */
#include <net/sock.h>

#include "records.h"

#define GROWTH 4
#define MANY 1024	/* no mean number of records */

static u32 bytes(const struct xtcp_recs *r)
{
	return r->cap * sizeof(*r->more);
}

/**
 * xtcp_records_grow - give the core more memory
 * @sk: the socket, locked, whose core wants it
 *
 * If there is none, the core does with what it has.
 */
void xtcp_records_grow(struct sock *sk)
{
	struct xtcp_recs *r = &xtcp_sk(sk)->tcb.rec;
	u32 cap = GROWTH * r->cap, size = cap * sizeof(*r->more);
	u32 before = r->more ? bytes(r) : 0;
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	struct xtcp_rec *mem;

	/* many segments are a reason, many pieces of few are a peer's game */
	if (r->cap >= MANY && (tcb->snd_nxt - tcb->snd_una) / tcb->mss < r->cap / 2)
		return;
	if (!sk_wmem_schedule(sk, size))
		return;
	mem = kmalloc(size, (size > PAGE_SIZE ? GFP_NOWAIT : GFP_ATOMIC) | __GFP_NOWARN);
	if (!mem)
		return;
	sk_mem_charge(sk, size);
	kfree(xtcp_rec_grow(r, mem, cap));
	if (before)
		sk_mem_uncharge(sk, before);
}

/**
 * xtcp_records_free - forget all records
 * @sk: the socket, locked or the caller's alone; nothing is outstanding, or the
 *	connection is over
 */
void xtcp_records_free(struct sock *sk)
{
	struct xtcp_recs *r = &xtcp_sk(sk)->tcb.rec;

	if (r->more)
		sk_mem_uncharge(sk, bytes(r));
	kfree(r->more);
	xtcp_rec_init(r);
}
