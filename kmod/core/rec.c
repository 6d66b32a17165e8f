// SPDX-License-Identifier: GPL-2.0
/* Records of what was sent when; rec.h says what they are. */
#include "rec.h"
#include "seq.h"

/**
 * xtcp_rec_init - nothing was sent
 * @r: the records
 */
void xtcp_rec_init(struct xtcp_recs *r)
{
	r->more = NULL;
	r->head = 0;
	r->n = 0;
	r->cap = XTCP_REC_OWN;
	r->sacked = 0;
	r->lost = 0;
	r->lost_seq = 0;
}

/**
 * xtcp_rec_grow - take more memory
 * @r: the records
 * @mem: room for @cap records, the core's from now on
 * @cap: more than before
 *
 * Return: what is to be freed instead, or NULL
 */
struct xtcp_rec *xtcp_rec_grow(struct xtcp_recs *r, struct xtcp_rec *mem,
			       u32 cap)
{
	struct xtcp_rec *old = r->more;

	memcpy(mem, xtcp_rec_at(r, 0), r->n * sizeof(*mem));
	r->more = mem;
	r->head = 0;
	r->cap = cap;
	return old;
}

/* Octets of a record count for what its flags say */
static void count(struct xtcp_recs *r, u8 flags, u32 len)
{
	if (flags & XTCP_REC_SACKED)
		r->sacked += len;
	if (flags & XTCP_REC_LOST)
		r->lost += len;
}

/* The record that holds an octet, which one does */
u32 xtcp_rec_find(struct xtcp_recs *r, u32 seq)
{
	u32 lo = 0, hi = r->n;

	while (hi - lo > 1) {
		u32 mid = lo + (hi - lo) / 2;

		if (seq_le(xtcp_rec_at(r, mid)->seq, seq))
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

/* Where a record ends; nxt is SND.NXT */
u32 xtcp_rec_end(struct xtcp_recs *r, u32 i, u32 nxt)
{
	return i + 1 < r->n ? xtcp_rec_at(r, i + 1)->seq : nxt;
}

/* Moves the records to the front of their memory, when its end is reached */
static bool has_room(struct xtcp_recs *r)
{
	if (r->head + r->n < r->cap)
		return true;
	if (!xtcp_rec_room(r))
		return false;
	memmove(r->more ? r->more : r->own, xtcp_rec_at(r, 0),
		r->n * sizeof(struct xtcp_rec));
	r->head = 0;
	return true;
}

/*
 * Makes a record begin at seq, which lies in record i. Return: its place, or that
 * of i if there is no room
 */
static u32 split(struct xtcp_recs *r, u32 i, u32 seq)
{
	struct xtcp_rec *at = xtcp_rec_at(r, i);

	if (at->seq == seq || !has_room(r))
		return i;
	at = xtcp_rec_at(r, i);
	memmove(at + 1, at, (r->n - i) * sizeof(*at));
	r->n++;
	at[1].seq = seq;
	return i + 1;
}

/*
 * Two neighbours that share their fate become one. What the peer has does not
 * need its time any more, what is lost is sent again.
 */
static bool alike(const struct xtcp_rec *a, const struct xtcp_rec *b)
{
	u8 done = XTCP_REC_SACKED | XTCP_REC_LOST;

	if ((a->flags & done) != (b->flags & done))
		return false;
	return a->flags & XTCP_REC_SACKED ||
	       (a->flags == b->flags && a->sent == b->sent);
}

/* Joins neighbours among the records from one place to before another */
static void squeeze(struct xtcp_recs *r, u32 from, u32 to)
{
	struct xtcp_rec *at = xtcp_rec_at(r, 0);
	u32 last = from, i;

	for (i = from + 1; i < to; i++)
		if (!alike(&at[last], &at[i]))
			at[++last] = at[i];
	if (++last >= to)
		return;
	memmove(&at[last], &at[to], (r->n - to) * sizeof(*at));
	r->n -= to - last;
}

/**
 * xtcp_rec_sent - octets were sent for the first time
 * @r: the records
 * @seq: the first, SND.NXT before
 * @now: usec
 * @slack: what was sent within that time is one burst, usec
 * @delivered: see struct xtcp_rec
 *
 * Return: the record that was made for them, or NULL if they have another's
 */
struct xtcp_rec *xtcp_rec_sent(struct xtcp_recs *r, u32 seq, u64 now, u64 slack,
			       u32 delivered)
{
	struct xtcp_rec *last = r->n ? xtcp_rec_at(r, r->n - 1) : NULL;

	if (last && !last->flags && now - last->sent <= slack)
		return NULL;
	if (unlikely(!has_room(r))) {
		/* it grows by octets of another time; none are left out */
		count(r, last->flags, last->seq - seq);
		last->flags &= ~(XTCP_REC_SACKED | XTCP_REC_LOST);
		last->flags |= XTCP_REC_VAGUE;
		last->sent = now;
		return NULL;
	}
	last = xtcp_rec_at(r, r->n++);
	last->sent = now;
	last->seq = seq;
	last->delivered = delivered;
	last->since_delivered = 0;
	last->flags = 0;
	return last;
}

/* Of what was sent at once the higher is the later (RFC 8985 6.2 step 2) */
static bool later(u64 sent, u32 end, u64 than, u32 than_end)
{
	return sent > than || (sent == than && seq_gt(end, than_end));
}

/* The peer has the octets of a record up to end, and says so for the first time */
static void tell(const struct xtcp_rec *at, u32 end, struct xtcp_rec_said *said)
{
	if (at->flags & (XTCP_REC_SACKED | XTCP_REC_VAGUE))
		return;
	if (unlikely(said->newest) && at->sent >= said->newest->sent)
		*said->newest = *at;
	if (at->flags & XTCP_REC_RTX) {
		if (later(at->sent, end, said->again, said->again_end)) {
			said->again = at->sent;
			said->again_end = end;
		}
		return;
	}
	if (later(at->sent, end, said->once, said->once_end)) {
		said->once = at->sent;
		said->once_end = end;
	}
	if (!said->any || seq_lt(at->seq, said->first))
		said->first = at->seq;
	said->any = true;
}

/**
 * xtcp_rec_acked - SND.UNA has moved
 * @r: the records
 * @una: SND.UNA
 * @nxt: SND.NXT
 * @said: gets what that says of times
 */
void xtcp_rec_acked(struct xtcp_recs *r, u32 una, u32 nxt,
		    struct xtcp_rec_said *said)
{
	if (seq_lt(r->lost_seq, una))
		r->lost_seq = una;
	while (r->n) {
		struct xtcp_rec *at = xtcp_rec_at(r, 0);
		u32 end = xtcp_rec_end(r, 0, nxt);

		if (seq_le(una, at->seq))
			return;
		tell(at, seq_min(una, end), said);
		if (seq_lt(una, end)) {
			count(r, at->flags, at->seq - una);
			at->seq = una;
			return;
		}
		count(r, at->flags, at->seq - end);
		r->head++;
		r->n--;
	}
	r->head = 0;
}

/* Gives a record other flags, and counts */
static void set_flags(struct xtcp_recs *r, u32 i, u32 nxt, u8 flags)
{
	struct xtcp_rec *at = xtcp_rec_at(r, i);
	u32 len = xtcp_rec_end(r, i, nxt) - at->seq;

	if (flags & XTCP_REC_LOST &&
	    (!r->lost || seq_lt(at->seq, r->lost_seq)))
		r->lost_seq = at->seq;
	count(r, at->flags, 0 - len);
	at->flags = flags;
	count(r, at->flags, len);
}

/*
 * Which records hold a range, made to begin and end with it as far as there is
 * room. Return: behind the last of them
 */
static u32 cut(struct xtcp_recs *r, u32 start, u32 end, u32 nxt, u32 *first)
{
	u32 i = split(r, xtcp_rec_find(r, start), start), stop;

	*first = i;
	if (end == nxt)
		return r->n;
	stop = xtcp_rec_find(r, end);
	stop = split(r, stop, end);
	return xtcp_rec_at(r, stop)->seq == end ? stop : stop + 1;
}

/* What was changed may be like its neighbours now, within and around */
static void rejoin(struct xtcp_recs *r, u32 first, u32 stop)
{
	squeeze(r, first ? first - 1 : 0, min_t(u32, stop + 1, r->n));
}

/**
 * xtcp_rec_mark - a range has another fate
 * @r: the records
 * @start: its first octet, at least SND.UNA
 * @end: behind its last, at most @nxt
 * @nxt: SND.NXT
 * @set: XTCP_REC_* to set
 * @clear: XTCP_REC_* to clear
 * @said: if the peer reports the range, gets what that says of times; or NULL
 *
 * Return: false if a part was passed over, as there was no room to split
 */
bool xtcp_rec_mark(struct xtcp_recs *r, u32 start, u32 end, u32 nxt, u8 set,
		   u8 clear, struct xtcp_rec_said *said)
{
	u32 first, last, stop, i;
	const struct xtcp_rec *at;
	bool whole;

	if (!r->n || seq_ge(start, end))
		return true;
	/* blocks come again and again: most are of one record, as they say */
	i = xtcp_rec_find(r, start);
	at = xtcp_rec_at(r, i);
	if ((at->flags & (set | clear)) == set &&
	    seq_le(end, xtcp_rec_end(r, i, nxt)))
		return true;
	stop = cut(r, start, end, nxt, &first);
	i = first + (xtcp_rec_at(r, first)->seq != start);
	last = stop - (xtcp_rec_end(r, stop - 1, nxt) != end);
	whole = i == first && last == stop;
	for (; i < last; i++) {
		at = xtcp_rec_at(r, i);
		if (said)
			tell(at, xtcp_rec_end(r, i, nxt), said);
		set_flags(r, i, nxt, (at->flags | set) & ~clear);
	}
	rejoin(r, first, stop);
	return whole;
}

/**
 * xtcp_rec_lose - all of a record is lost
 * @r: the records
 * @i: its place
 * @nxt: SND.NXT
 */
void xtcp_rec_lose(struct xtcp_recs *r, u32 i, u32 nxt)
{
	set_flags(r, i, nxt, xtcp_rec_at(r, i)->flags | XTCP_REC_LOST);
}

/**
 * xtcp_rec_lost - the first range that is to be sent again
 * @r: the records
 * @nxt: SND.NXT
 * @start: gets its first octet
 * @end: gets what lies behind its last
 *
 * Return: false if there is none
 */
bool xtcp_rec_lost(struct xtcp_recs *r, u32 nxt, u32 *start, u32 *end)
{
	u32 i;

	if (likely(!r->lost))
		return false;
	i = xtcp_rec_find(r, r->lost_seq);
	while (!(xtcp_rec_at(r, i)->flags & XTCP_REC_LOST))
		if (unlikely(++i == r->n))
			return false;
	*start = xtcp_rec_at(r, i)->seq;
	r->lost_seq = *start;
	while (i + 1 < r->n && xtcp_rec_at(r, i + 1)->flags & XTCP_REC_LOST)
		i++;
	*end = xtcp_rec_end(r, i, nxt);
	return true;
}

/**
 * xtcp_rec_sent_again - a range was sent once more
 * @r: the records
 * @start: its first octet
 * @end: behind its last
 * @nxt: SND.NXT
 * @now: usec
 * @delivered: see struct xtcp_rec
 *
 * Where there is no room to split, all of a record counts as sent: what of it
 * was not is found to be lost later, by time.
 */
void xtcp_rec_sent_again(struct xtcp_recs *r, u32 start, u32 end, u32 nxt,
			 u64 now, u32 delivered)
{
	u32 first, stop, i;

	if (!r->n || seq_ge(start, end))
		return;
	stop = cut(r, start, end, nxt, &first);
	for (i = first; i < stop; i++) {
		struct xtcp_rec *at = xtcp_rec_at(r, i);

		set_flags(r, i, nxt,
			  (at->flags & ~(XTCP_REC_LOST | XTCP_REC_VAGUE)) |
			  XTCP_REC_RTX);
		at->sent = now;
		at->delivered = delivered;
		at->since_delivered = 0;
	}
	rejoin(r, first, stop);
}

/**
 * xtcp_rec_again - what was sent again and is still on its way, as far as is known
 * @r: the records
 * @nxt: SND.NXT
 *
 * Return: octets
 */
u32 xtcp_rec_again(struct xtcp_recs *r, u32 nxt)
{
	const u8 settled = XTCP_REC_SACKED | XTCP_REC_LOST;
	u32 i, sum = 0;

	for (i = 0; i < r->n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(r, i);

		if ((at->flags & (XTCP_REC_RTX | settled)) == XTCP_REC_RTX)
			sum += xtcp_rec_end(r, i, nxt) - at->seq;
	}
	return sum;
}

/**
 * xtcp_rec_check - look for a broken invariant
 * @r: the records
 * @una: SND.UNA
 * @nxt: SND.NXT
 *
 * Return: what is wrong, or NULL
 */
const char *xtcp_rec_check(struct xtcp_recs *r, u32 una, u32 nxt)
{
	u32 sacked = 0, lost = 0, i;

	if (r->head + r->n > r->cap)
		return "more records than there is room for";
	if (una == nxt)
		return r->n || r->sacked || r->lost ?
		       "records of nothing" : NULL;
	if (!r->n || xtcp_rec_at(r, 0)->seq != una)
		return "the first record does not begin at SND.UNA";
	for (i = 0; i < r->n; i++) {
		const struct xtcp_rec *at = xtcp_rec_at(r, i);
		u32 end = xtcp_rec_end(r, i, nxt);

		if (seq_le(end, at->seq))
			return "a record is empty";
		if (at->flags & XTCP_REC_SACKED)
			sacked += end - at->seq;
		if (at->flags & XTCP_REC_LOST)
			lost += end - at->seq;
		if ((at->flags & XTCP_REC_SACKED) && (at->flags & XTCP_REC_LOST))
			return "a record is lost and arrived";
		if ((at->flags & XTCP_REC_LOST) && seq_lt(at->seq, r->lost_seq))
			return "a lost record lies before the first";
	}
	return sacked != r->sacked || lost != r->lost ?
	       "the records are counted wrong" : NULL;
}
