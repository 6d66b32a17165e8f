/* SPDX-License-Identifier: GPL-2.0 */
/* The send buffer: a stream of octets in page fragments. */
#ifndef XTCP_SNDBUF_H
#define XTCP_SNDBUF_H

#include <linux/mm_types.h>
#include <linux/types.h>

struct iov_iter;
struct sk_buff;
struct sock;

/**
 * struct xtcp_chunk - octets that lie together
 * @page: where; one reference is held
 * @off: first octet's place in @page
 * @len: octets
 * @ends: what a call wrote ended here, and was much
 */
struct xtcp_chunk {
	struct page *page;
	u32 off;
	u32 len:31;
	u32 ends:1;
};

/**
 * struct xtcp_sndbuf - the octets from SND.UNA to what was last written
 * @ring: chunks, oldest at @head, or NULL
 * @size: room in @ring, a power of two, or 0
 * @head: index of the oldest chunk, not reduced modulo @size
 * @tail: behind the youngest
 * @seq: sequence number of the oldest octet kept
 * @len: octets kept
 * @cur: the chunk in which the last segment built ended
 * @cur_seq: sequence number of that chunk's first octet
 *
 * Guarded by the socket lock.
 */
struct xtcp_sndbuf {
	struct xtcp_chunk *ring;
	u32 size;
	u32 head;
	u32 tail;
	u32 seq;
	u32 len;
	u32 cur;
	u32 cur_seq;
};

void xtcp_sndbuf_tune(struct sock *sk);
void xtcp_sndbuf_reset(struct sock *sk, u32 seq);
ssize_t xtcp_sndbuf_append(struct sock *sk, struct iov_iter *from, size_t len);
void xtcp_sndbuf_end(struct sock *sk, size_t len);
void xtcp_sndbuf_ack(struct sock *sk, u32 una);
struct sk_buff *xtcp_sndbuf_build(struct sock *sk, u32 seq, u32 *len, u32 mss,
				  unsigned int headroom);
bool xtcp_sndbuf_ends(struct sock *sk, u32 seq, u32 len);

#endif
