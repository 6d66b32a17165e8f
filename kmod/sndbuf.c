// SPDX-License-Identifier: GPL-2.0
/*
 * The send buffer: a ring of page fragments addressed by sequence number. A
 * segment is built from it by reference each time that it is sent, so nothing
 * here is ever split or merged for a retransmission. When to send is for the
 * core, memory limits and blocking for sendmsg.c.
 */
#include <linux/highmem.h>
#include <linux/skbuff.h>
#include <linux/uio.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "mem.h"
#include "netns.h"
#include "sndbuf.h"
#include "sock.h"

#define RING_MIN 8
#define RING_MAX 65536

/* Payload up to this is copied beside the header: cheaper than a page's
 * reference, and the receiver finds it in one piece
 */
#define COPY_MAX 256

/*
 * What a chunk is charged beyond its octets: its place in the ring, and a share of
 * the page that it keeps from being freed, however few octets it has there; about
 * what an skb for them would be
 */
#define CHUNK_COST 512

/* With less, what is written next had better lie together with it */
#define END_MIN 8192

/* Octets were added to the buffer, or taken out of it */
static void charge(struct sock *sk, int n)
{
	sk_wmem_queued_add(sk, n);
	if (n > 0)
		sk_mem_charge(sk, n);
	else
		sk_mem_uncharge(sk, -n);
}

static struct xtcp_chunk *chunk_at(const struct xtcp_sndbuf *b, u32 i)
{
	return &b->ring[i & (b->size - 1)];
}

static void rewind_cursor(struct xtcp_sndbuf *b)
{
	b->cur = b->head;
	b->cur_seq = b->seq;
}

/**
 * xtcp_sndbuf_reset - drop all octets
 * @sk: the socket, locked or not reachable any more
 * @seq: sequence number of the first octet to come
 */
void xtcp_sndbuf_reset(struct sock *sk, u32 seq)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;
	u32 i;

	for (i = b->head; i != b->tail; i++)
		put_page(chunk_at(b, i)->page);
	if (b->len)
		charge(sk, -(int)(b->len + (b->tail - b->head) * CHUNK_COST));
	kvfree(b->ring);
	memset(b, 0, sizeof(*b));
	b->seq = seq;
	b->cur_seq = seq;
}

/*
 * What a segment counts for in SO_SNDBUF. It is what Linux TCP reckons with, whose
 * buffer holds skbs; ours holds octets alone, so one of the same size holds more.
 */
static u32 segment_cost(u32 mss)
{
	return roundup_pow_of_two(mss + MAX_TCP_HEADER +
				  SKB_DATA_ALIGN(sizeof(struct skb_shared_info))) +
	       SKB_DATA_ALIGN(sizeof(struct sk_buff));
}

/**
 * xtcp_sndbuf_tune - the buffer grows with the congestion window
 * @sk: the socket, locked
 *
 * Up to the namespace's most, unless the user has set a size, and not while
 * memory is short. It does not shrink with the window.
 */
void xtcp_sndbuf_tune(struct sock *sk)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	u64 size;

	if (sk->sk_userlocks & SOCK_SNDBUF_LOCK || xtcp_sock_pressed(sk))
		return;
	size = (u64)xtcp_tune_send(tcb) * segment_cost(tcb->mss);
	size = min_t(u64, size,
		     READ_ONCE(xtcp_net(sock_net(sk))->sysctl_wmem[2]));
	if (size > sk->sk_sndbuf)
		WRITE_ONCE(sk->sk_sndbuf, size);
}

static bool grow(struct xtcp_sndbuf *b, gfp_t gfp)
{
	u32 size = b->size ? b->size * 2 : RING_MIN;
	struct xtcp_chunk *ring;
	u32 i, n = b->tail - b->head;

	if (size > RING_MAX)
		return false;
	ring = kvmalloc_array(size, sizeof(*ring), gfp);
	if (!ring)
		return false;
	for (i = 0; i < n; i++)
		ring[i] = *chunk_at(b, b->head + i);
	kvfree(b->ring);
	b->ring = ring;
	b->size = size;
	b->cur -= b->head;
	b->head = 0;
	b->tail = n;
	return true;
}

/* Makes octets at a fragment's end part of the buffer. Return: what is charged */
static int add_chunk(struct xtcp_sndbuf *b, struct page_frag *pfrag, u32 len)
{
	struct xtcp_chunk *last;

	if (b->tail != b->head) {
		last = chunk_at(b, b->tail - 1);
		if (last->page == pfrag->page &&
		    last->off + last->len == pfrag->offset &&
		    !last->ends) {
			last->len += len;
			return len;
		}
	}
	last = chunk_at(b, b->tail);
	last->page = pfrag->page;
	last->off = pfrag->offset;
	last->len = len;
	last->ends = false;
	get_page(last->page);
	b->tail++;
	return len + CHUNK_COST;
}

/*
 * Makes sure of memory beforehand. The least of the sysctl wmem is never refused:
 * with nothing on its way there is no acknowledgment to wait for, and who polls
 * for room would find it at once, again and again.
 * Return: how many of LEN octets may come, none if memory is short
 */
static size_t reserve(struct sock *sk, size_t len)
{
	int left;

	if (likely(sk_wmem_schedule(sk, len + CHUNK_COST)))
		return len;
	left = READ_ONCE(xtcp_net(sock_net(sk))->sysctl_wmem[0]) -
	       sk->sk_wmem_queued - CHUNK_COST;
	if (!xtcp_sk(sk)->snd.len)
		left = max(left, 1);
	if (left <= 0)
		return 0;
	len = min_t(size_t, len, left);
	xtcp_mem_force(sk, len + CHUNK_COST);
	return len;
}

/**
 * xtcp_sndbuf_append - copy octets in from the user
 * @sk: the socket, locked by the user
 * @from: the user's octets
 * @len: how many at the most
 *
 * Return: how many were taken, fewer where a fragment ends; -EFAULT with none
 * taken; or -ENOBUFS if memory is short
 */
ssize_t xtcp_sndbuf_append(struct sock *sk, struct iov_iter *from, size_t len)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;
	struct page_frag *pfrag = sk_page_frag(sk);
	size_t n, got;

	if (!sk_page_frag_refill(sk, pfrag))
		return -ENOBUFS;
	n = reserve(sk, min_t(size_t, len, pfrag->size - pfrag->offset));
	if (!n)
		return -ENOBUFS;
	if (b->tail - b->head == b->size && !grow(b, sk->sk_allocation))
		return -ENOBUFS;
	got = copy_page_from_iter(pfrag->page, pfrag->offset, n, from);
	if (got < n) {
		iov_iter_revert(from, got);
		return -EFAULT;
	}
	charge(sk, add_chunk(b, pfrag, n));
	pfrag->offset += n;
	b->len += n;
	return n;
}

/**
 * xtcp_sndbuf_end - what a call had to write ends
 * @sk: the socket, locked
 * @len: octets of it
 *
 * The segment that takes the last of much has PSH (RFC 9293 3.9.1.2).
 */
void xtcp_sndbuf_end(struct sock *sk, size_t len)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;

	if (len >= END_MIN && b->tail != b->head)
		chunk_at(b, b->tail - 1)->ends = true;
}

/**
 * xtcp_sndbuf_ack - free what was acknowledged
 * @sk: the socket, locked
 * @una: SND.UNA; it may lie one behind the last octet, on the FIN
 */
void xtcp_sndbuf_ack(struct sock *sk, u32 una)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;
	u32 n = min_t(u32, una - b->seq, b->len), left = n, head = b->head;

	if ((s32)(una - b->seq) <= 0 || !n)
		return;
	while (left) {
		struct xtcp_chunk *c = chunk_at(b, b->head);

		if (left < c->len) {
			c->off += left;
			c->len -= left;
			break;
		}
		left -= c->len;
		put_page(c->page);
		b->head++;
	}
	charge(sk, -(int)(n + (b->head - head) * CHUNK_COST));
	b->seq += n;
	b->len -= n;
	if ((s32)(b->cur_seq - b->seq) <= 0)
		rewind_cursor(b);
	if (!b->len && b->size > RING_MIN) {
		kvfree(b->ring);
		b->ring = NULL;
		b->size = 0;
		b->head = 0;
		b->tail = 0;
		b->cur = 0;
	}
}

/* Moves the cursor to the chunk that holds seq */
static void seek(struct xtcp_sndbuf *b, u32 seq)
{
	if ((s32)(seq - b->cur_seq) < 0)
		rewind_cursor(b);
	while (b->cur != b->tail) {
		u32 len = chunk_at(b, b->cur)->len;

		if (seq - b->cur_seq < len)
			return;
		b->cur_seq += len;
		b->cur++;
	}
}

static void copy_octets(struct sk_buff *skb, const struct xtcp_sndbuf *b,
			u32 off, u32 len)
{
	u32 i = b->cur;

	while (len) {
		const struct xtcp_chunk *c = chunk_at(b, i++);
		u32 n = min_t(u32, len, c->len - off), pos = c->off + off;
		u32 left = n;

		while (left) {	/* a fragment may span pages */
			struct page *page = c->page + pos / PAGE_SIZE;
			u32 in = pos % PAGE_SIZE;
			u32 m = min_t(u32, left, PAGE_SIZE - in);

			memcpy_from_page(skb_put(skb, m), page, in, m);
			pos += m;
			left -= m;
		}
		len -= n;
		off = 0;
	}
}

static u32 refer_octets(struct sk_buff *skb, const struct xtcp_sndbuf *b,
			u32 off, u32 len)
{
	u32 i = b->cur, nr = 0, done = 0;

	while (done < len && nr < MAX_SKB_FRAGS) {
		const struct xtcp_chunk *c = chunk_at(b, i++);
		u32 n = min_t(u32, len - done, c->len - off);

		get_page(c->page);
		skb_fill_page_desc(skb, nr++, c->page, c->off + off, n);
		done += n;
		off = 0;
	}
	skb->len += done;
	skb->data_len += done;
	skb->truesize += done;
	return done;
}

/* How many octets from the cursor on can be referred to in one skb */
static u32 reach(const struct xtcp_sndbuf *b, u32 off, u32 len)
{
	u32 i = b->cur, nr, sum = 0;

	for (nr = 0; nr < MAX_SKB_FRAGS && i != b->tail && sum < len; nr++) {
		sum += chunk_at(b, i++)->len - off;
		off = 0;
	}
	return min(sum, len);
}

/**
 * xtcp_sndbuf_build - make an skb of octets in the buffer
 * @sk: the socket, locked
 * @seq: the first octet
 * @len: how many, at least 1; reduced to a multiple of @mss if the octets lie
 *	in too many pieces
 * @mss: the segment size
 * @headroom: room to leave for headers
 *
 * Return: an skb without owner, or NULL for want of memory
 */
struct sk_buff *xtcp_sndbuf_build(struct sock *sk, u32 seq, u32 *len, u32 mss,
				  unsigned int headroom)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;
	struct sk_buff *skb;
	bool copy = *len <= COPY_MAX;
	u32 off;

	if (WARN_ON_ONCE(seq - b->seq + *len > b->len))
		return NULL;
	seek(b, seq);
	off = seq - b->cur_seq;
	if (!copy) {
		u32 n = reach(b, off, *len);

		if (n < *len) {
			copy = n < mss;
			*len = copy ? min(*len, mss) : n - n % mss;
		}
	}
	skb = alloc_skb(headroom + (copy ? *len : 0), GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, headroom);
	if (copy)
		copy_octets(skb, b, off, *len);
	else
		refer_octets(skb, b, off, *len);
	return skb;
}

/**
 * xtcp_sndbuf_ends - does a segment hold the end of what a call has written?
 * @sk: the socket, locked
 * @seq: its first octet
 * @len: octets
 */
bool xtcp_sndbuf_ends(struct sock *sk, u32 seq, u32 len)
{
	struct xtcp_sndbuf *b = &xtcp_sk(sk)->snd;
	u32 i;

	seek(b, seq);
	len += seq - b->cur_seq;
	for (i = b->cur; i != b->tail; i++) {
		const struct xtcp_chunk *c = chunk_at(b, i);

		if (len < c->len)
			return false;
		if (c->ends)
			return true;
		len -= c->len;
	}
	return false;
}
