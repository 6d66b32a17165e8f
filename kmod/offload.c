// SPDX-License-Identifier: GPL-2.0
/*
 * Takes large segments apart when they leave the host. Their type is
 * SKB_GSO_SCTP: the kernel knows no type for unknown protocols, and this one
 * only software devices claim to handle, which they do by calling this.
 */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/netdevice.h>
#include <net/checksum.h>
#ifdef XTCP_HAVE_GSO_H
#include <net/gso.h>
#endif
#include <net/protocol.h>

#include "below.h"
#include "offload.h"
#include "xtcp.h"

/* The checksum's pseudo-header says how long the segment is */
static void fix_check(struct sk_buff *skb, struct tcphdr *th, u32 was)
{
	u32 len = skb_tail_pointer(skb) - skb_transport_header(skb) +
		  skb->data_len;
	__wsum sum = csum_unfold(th->check);

	sum = csum_sub(sum, (__force __wsum)htonl(was));
	sum = csum_add(sum, (__force __wsum)htonl(len));
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		th->check = ~csum_fold(sum);
	else
		th->check = gso_make_checksum(skb, sum);
}

static struct sk_buff *segment(struct sk_buff *skb, netdev_features_t features)
{
	struct sk_buff *segs, *seg;
	unsigned int hlen, mss, total;
	struct tcphdr *th;
	u32 seq;

	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_SCTP) ||
	    skb->ip_summed != CHECKSUM_PARTIAL)
		return ERR_PTR(-EINVAL);
	if (!pskb_may_pull(skb, sizeof(*th)))
		return ERR_PTR(-EINVAL);
	th = tcp_hdr(skb);
	hlen = th->doff * 4;
	if (hlen < sizeof(*th) || !pskb_may_pull(skb, hlen))
		return ERR_PTR(-EINVAL);
	total = skb->len;
	mss = skb_shinfo(skb)->gso_size;
	if (total - hlen <= mss)
		return ERR_PTR(-EINVAL);
	if (skb_gso_ok(skb, features | NETIF_F_GSO_ROBUST)) {
		skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(total - hlen, mss);
		return NULL;
	}
	__skb_pull(skb, hlen);
	segs = skb_segment(skb, features);
	if (IS_ERR_OR_NULL(segs))
		return segs;
	xtcp_below_split(skb, segs);

	seq = ntohl(tcp_hdr(segs)->seq);
	for (seg = segs; seg; seg = seg->next) {
		th = tcp_hdr(seg);
		th->seq = htonl(seq);
		seq += mss;
		if (seg->next) {
			th->fin = 0;
			th->psh = 0;
		}
		if (seg != segs)
			th->cwr = 0;	/* RFC 3168 6.1.2: the first has it */
		fix_check(seg, th, total);
	}
	return segs;
}

static const struct net_offload offload = {
	.callbacks.gso_segment = segment,
};

int xtcp_offload_init(void)
{
	int err = inet_add_offload(&offload, IPPROTO_XTCP);

	if (err)
		return err;
	err = inet6_add_offload(&offload, IPPROTO_XTCP);
	if (err)
		inet_del_offload(&offload, IPPROTO_XTCP);
	return err;
}

void xtcp_offload_exit(void)
{
	inet6_del_offload(&offload, IPPROTO_XTCP);
	inet_del_offload(&offload, IPPROTO_XTCP);
}
