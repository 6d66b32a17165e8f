/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What was sent when: a record for each range of octets that was sent at once
 * and shares one fate since. Together the records cover SND.UNA to SND.NXT,
 * without gaps, in the order of their numbers; each ends where the next begins.
 *
 * An array, not a list: a range is found by halving, a record takes 24 octets,
 * and none is allocated for each segment. A record is split where a SACK block
 * or a retransmission begins or ends within it, and joined with its neighbour
 * when they share their fate again, so that their number follows the holes,
 * not the window. It is bounded (a peer may report every other octet); at the
 * bound a SACK block is passed over, as RFC 2018 lets a sender do.
 */
#ifndef XTCP_CORE_REC_H
#define XTCP_CORE_REC_H

#include "types.h"

#define XTCP_REC_OWN 4		/* a connection has these without allocation */
/*
 * When slow start ends in a full queue, each second segment of a window of thousands
 * is lost, and each has a record of its own. What finds no room is sent in vain.
 */
#define XTCP_REC_MAX 4096

/* A record's fate */
#define XTCP_REC_SACKED 0x01	/* the peer has it, so it says */
#define XTCP_REC_LOST 0x02	/* taken for lost, and to be sent again */
#define XTCP_REC_RTX 0x04	/* sent more than once */
#define XTCP_REC_VAGUE 0x08	/* sent at several times, of which @sent is the last */

/**
 * struct xtcp_rec - a range of octets, one for the SYN and the FIN each
 * @sent: when it was last sent, usec; 56 bits are two thousand years
 * @flags: XTCP_REC_*
 * @seq: its first octet
 * @delivered: octets that had been delivered by then, for the delivery rate
 * @since_delivered: usec from the last of those deliveries to @sent, plus one;
 *	0: not kept, as nobody wants to know the rate (rate.h)
 * @since_first: usec from when what was delivered then was sent, plus one
 * @limited: it was sent when data was wanting
 */
struct xtcp_rec {
	u64 sent : 56;
	u64 flags : 8;
	u32 seq;
	u32 delivered;
	u32 since_delivered;
	u32 since_first : 31;
	u32 limited : 1;
};

static_assert(sizeof(struct xtcp_rec) == 24);

/**
 * struct xtcp_recs - the records of a connection
 * @more: memory from the shell, or NULL as long as @own will do
 * @head: the first record's place
 * @n: how many there are, from there on
 * @cap: how many there is room for
 * @sacked: octets in records with XTCP_REC_SACKED
 * @lost: octets in records with XTCP_REC_LOST
 * @lost_seq: with @lost, none of those begins before it
 * @own: the first few
 */
struct xtcp_recs {
	struct xtcp_rec *more;
	u32 head;
	u32 n;
	u32 cap;
	u32 sacked;
	u32 lost;
	u32 lost_seq;
	struct xtcp_rec own[XTCP_REC_OWN];
};

/**
 * struct xtcp_rec_said - what an ACK says of octets that it is the first to name
 * @once: when the last of those was sent that were sent but once, usec, or 0
 * @again: the same of those that were sent more than once
 * @once_end: behind the last octet of @once
 * @again_end: behind the last octet of @again
 * @first: the lowest of those sent but once, with @any
 * @any: @first is valid
 * @newest: if not NULL, gets a copy of the record among those that was sent
 *	last, as it is before that
 */
struct xtcp_rec_said {
	u64 once;
	u64 again;
	u32 once_end;
	u32 again_end;
	u32 first;
	bool any;
	struct xtcp_rec *newest;
};

static inline struct xtcp_rec *xtcp_rec_at(struct xtcp_recs *r, u32 i)
{
	return (r->more ? r->more : r->own) + r->head + i;
}

/* Records that an ACK, new data, and what is sent again can add */
#define XTCP_REC_FOR_ACK 8
#define XTCP_REC_FOR_NEW 1
#define XTCP_REC_FOR_RTX 2

/* So much memory is not worth giving back as soon as it is empty */
#define XTCP_REC_SMALL 16

/*
 * Room for so many more records. What was freed at the front counts once it is an
 * eighth: all the others move for it, and each that is freed may be followed by a
 * new one.
 */
static inline u32 xtcp_rec_room(const struct xtcp_recs *r)
{
	return r->cap - r->n - (r->head > r->cap / 8 ? 0 : r->head);
}

/* Is more memory worth having, before something that makes @more records? */
static inline bool xtcp_rec_wants(const struct xtcp_recs *r, u32 more)
{
	return more > xtcp_rec_room(r) && r->cap < XTCP_REC_MAX;
}

void xtcp_rec_init(struct xtcp_recs *r);
struct xtcp_rec *xtcp_rec_grow(struct xtcp_recs *r, struct xtcp_rec *mem,
			       u32 cap);
u32 xtcp_rec_find(struct xtcp_recs *r, u32 seq);
u32 xtcp_rec_end(struct xtcp_recs *r, u32 i, u32 nxt);
struct xtcp_rec *xtcp_rec_sent(struct xtcp_recs *r, u32 seq, u64 now, u64 slack,
			       u32 delivered);
void xtcp_rec_acked(struct xtcp_recs *r, u32 una, u32 nxt,
		    struct xtcp_rec_said *said);
bool xtcp_rec_mark(struct xtcp_recs *r, u32 start, u32 end, u32 nxt, u8 set,
		   u8 clear, struct xtcp_rec_said *said);
void xtcp_rec_lose(struct xtcp_recs *r, u32 i, u32 nxt);
bool xtcp_rec_lost(struct xtcp_recs *r, u32 nxt, u32 *start, u32 *end);
void xtcp_rec_sent_again(struct xtcp_recs *r, u32 start, u32 end, u32 nxt,
			 u64 now, u32 delivered);
u32 xtcp_rec_again(struct xtcp_recs *r, u32 nxt);
const char *xtcp_rec_check(struct xtcp_recs *r, u32 una, u32 nxt);

#endif
