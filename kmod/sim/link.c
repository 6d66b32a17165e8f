// SPDX-License-Identifier: GPL-2.0
/*
 * The network between the two hosts. A segment becomes octets here, with a
 * payload that follows from its place in the stream, takes its path (path.c) and
 * may be doubled or damaged before it is read again at the other end.
 */
#include "sim.h"

/**
 * xtcp_sim_link_init - make the octets that all streams are taken from
 * @sim: the network
 *
 * Made once and compared by memcmp(), they cost next to nothing, as often as what is
 * kept is looked at. No stream is as long as all of them, and each begins elsewhere.
 *
 * Return: false if there is no memory
 */
bool xtcp_sim_link_init(struct xtcp_sim *sim)
{
	u32 i;

	sim->octets = xtcp_sim_alloc(XTCP_SIM_STREAM + XTCP_SIM_PIECE);
	if (!sim->octets)
		return false;
	for (i = 0; i < XTCP_SIM_STREAM; i += 8) {
		u64 x = (i + 1) * 0x9e3779b97f4a7c15ULL;

		x = (x ^ x >> 29) * 0xbf58476d1ce4e5b9ULL;
		x ^= x >> 32;
		memcpy(sim->octets + i, &x, 8);
	}
	memcpy(sim->octets + XTCP_SIM_STREAM, sim->octets, XTCP_SIM_PIECE);
	return true;
}

/* What a host sends from a place in its stream on, XTCP_SIM_PIECE octets at most */
static const u8 *stream(const struct xtcp_sim *sim, u32 id, u32 off)
{
	u64 x = (sim->seed * 2 + id + 1) * 0x9e3779b97f4a7c15ULL;

	return sim->octets + ((u32)(x >> 32) + off) % XTCP_SIM_STREAM;
}

/**
 * xtcp_sim_stream_match - are these octets what a host sent
 * @sim: the network
 * @id: the host that sent
 * @off: where in its stream they belong
 * @data: the octets
 * @len: how many, no more than a segment has
 */
bool xtcp_sim_stream_match(const struct xtcp_sim *sim, u32 id, u32 off,
			   const u8 *data, u32 len)
{
	return !len || !memcmp(data, stream(sim, id, off), len);
}

/* Finds any change within one word, and nearly any other */
static XTCP_SIM_PLAIN
u64 checksum(const u8 *data, u32 len)
{
	u64 h = len, w;

	for (; len >= 8; len -= 8, data += 8) {
		memcpy(&w, data, 8);
		h = (h ^ w) * 0x9e3779b97f4a7c15ULL;
		h ^= h >> 32;
	}
	for (; len; len--)
		h = (h ^ *data++) * 0x9e3779b97f4a7c15ULL;
	return h;
}

static bool earlier(const struct xtcp_sim_pkt *a, const struct xtcp_sim_pkt *b)
{
	return a->at < b->at || (a->at == b->at && a->order < b->order);
}

static void heap_add(struct xtcp_sim *sim, struct xtcp_sim_pkt *pkt)
{
	u32 i = sim->nheap++;

	while (i && earlier(pkt, sim->heap[(i - 1) / 2])) {
		sim->heap[i] = sim->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	sim->heap[i] = pkt;
}

/* The packet that arrives next, taken out of the network; NULL if none is */
struct xtcp_sim_pkt *xtcp_sim_link_next(struct xtcp_sim *sim)
{
	struct xtcp_sim_pkt *top, *last;
	u32 i = 0, child;

	if (!sim->nheap)
		return NULL;
	top = sim->heap[0];
	last = sim->heap[--sim->nheap];
	while ((child = 2 * i + 1) < sim->nheap) {
		if (child + 1 < sim->nheap &&
		    earlier(sim->heap[child + 1], sim->heap[child]))
			child++;
		if (!earlier(sim->heap[child], last))
			break;
		sim->heap[i] = sim->heap[child];
		i = child;
	}
	sim->heap[i] = last;
	return top;
}

/* Gives back a packet that was taken out */
void xtcp_sim_link_free(struct xtcp_sim *sim, struct xtcp_sim_pkt *pkt)
{
	xtcp_sim_put(&sim->pool, pkt, sizeof(*pkt) + pkt->len);
}

/* The network forgets what is under way */
void xtcp_sim_link_clear(struct xtcp_sim *sim)
{
	while (sim->nheap)
		xtcp_sim_link_free(sim, sim->heap[--sim->nheap]);
}

static struct xtcp_sim_pkt *pkt_new(struct xtcp_sim *sim, u32 to, u32 len)
{
	struct xtcp_sim_pkt *pkt;

	if (sim->nheap == XTCP_SIM_INFLIGHT) {
		sim->clean = false;	/* a full network loses packets */
		return NULL;
	}
	pkt = xtcp_sim_get(&sim->pool, sizeof(*pkt) + len);
	if (!pkt)
		return NULL;
	memset(pkt->data, 0, min_t(u32, len, XTCP_WIRE_HLEN));
	pkt->len = len;
	pkt->to = to;
	pkt->order = sim->order++;
	return pkt;
}

static void put(struct xtcp_sim *sim, struct xtcp_sim_host *from,
		const struct xtcp_seg *seg)
{
	u32 hlen = xtcp_wire_hlen(seg);
	struct xtcp_sim_pkt *pkt;
	bool queued = false;
	u64 at;

	at = xtcp_sim_path_pass(sim, &sim->path[from->id], seg,
				hlen + seg->len, &queued);
	pkt = at ? pkt_new(sim, !from->id, hlen + seg->len) : NULL;
	if (!pkt) {		/* a full network loses, too */
		xtcp_sim_note(sim, from, XTCP_SIM_LOST, seg, 0, 0);
		return;
	}
	pkt->kind = XTCP_SIM_SEGMENT;
	pkt->at = at;
	pkt->ecn = seg->ecn;
	if (pkt->ecn && (queued || xtcp_sim_random(sim, 1000) < sim->mark))
		pkt->ecn = XTCP_ECN_CE;
	xtcp_wire_build(seg, pkt->data);
	memcpy(pkt->data + hlen, stream(sim, from->id, seg->seq - from->iss - 1 +
					!!(seg->flags & XTCP_SYN)), seg->len);
	pkt->check = checksum(pkt->data, pkt->len);
	if (xtcp_sim_random(sim, 1000) < sim->corrupt) {
		pkt->data[xtcp_sim_random(sim, pkt->len)] ^=
			1 + xtcp_sim_random(sim, 255);
		xtcp_sim_note(sim, from, XTCP_SIM_DAMAGED, seg, 0, 0);
	}
	heap_add(sim, pkt);
}

static void report_mtu(struct xtcp_sim *sim, struct xtcp_sim_host *from,
		       const struct xtcp_seg *seg)
{
	struct xtcp_sim_pkt *pkt = pkt_new(sim, from->id, 0);

	if (!pkt)
		return;
	pkt->kind = XTCP_SIM_TOO_BIG;
	pkt->at = sim->now + sim->path[!from->id].delay;
	pkt->check = seg->seq;
	heap_add(sim, pkt);
}

/**
 * xtcp_sim_link_send - a host sends a segment
 * @sim: the network
 * @from: the host
 * @seg: the segment, with no more payload than fits into one
 */
void xtcp_sim_link_send(struct xtcp_sim *sim, struct xtcp_sim_host *from,
			const struct xtcp_seg *seg)
{
	struct xtcp_seg out = *seg;

	xtcp_sim_note(sim, from, XTCP_SIM_SENT, seg, 0, 0);
	xtcp_sim_check_sent(sim, from, seg);
	from->segments++;
	sim->total_segments++;
	if (sim->mtu_at && sim->now >= sim->mtu_at &&
	    sim->now < sim->mtu_until && seg->len > sim->mtu) {
		if (!sim->hole)
			report_mtu(sim, from, seg);
		return;
	}
	out.opts &= ~sim->strip;
	put(sim, from, &out);
	if (xtcp_sim_random(sim, 1000) < sim->dup) {
		xtcp_sim_note(sim, from, XTCP_SIM_DOUBLED, seg, 0, 0);
		put(sim, from, &out);
	}
}

/**
 * xtcp_sim_link_open - read a packet that has arrived
 * @sim: the network
 * @pkt: the packet
 * @seg: gets its header
 *
 * Damaged ones are read too, since a parser meets them as well.
 *
 * Return: false if the checksum says that it is damaged
 */
bool xtcp_sim_link_open(const struct xtcp_sim *sim,
			const struct xtcp_sim_pkt *pkt, struct xtcp_seg *seg)
{
	enum xtcp_wire_err err;

	err = xtcp_wire_parse(seg, pkt->data, pkt->len, pkt->len);
	seg->ecn = pkt->ecn;
	if (checksum(pkt->data, pkt->len) != pkt->check)
		return false;
	if (err != XTCP_WIRE_OK)
		xtcp_sim_fail((struct xtcp_sim *)sim,
			      "a segment that we built cannot be read");
	return err == XTCP_WIRE_OK;
}
