// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO, with Linux TCP's meanings and units. Linux counts in segments what the
 * core counts in octets: where it is outstanding, it is told as so many full ones.
 * What the core or the network has not counted as it went by follows here from what
 * they have, so that only who asks pays for it.
 */
#include <linux/tcp.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "core/pace.h"
#include "info.h"
#include "rcvbuf.h"

#define REORDERING 3	/* before any was seen: duplicate ACKs that mean a loss */

static u32 in_segments(u32 octets, u32 mss)
{
	return DIV_ROUND_UP(octets, mss ?: 1);
}

/* Msec since then, usec, or 0 if that never was */
static u32 ago(u64 then)
{
	u64 now = xtcp_now();

	return then && then < now ? div_u64(now - then, USEC_PER_MSEC) : 0;
}

static void fill_rates(struct sock *sk, struct tcp_info *info)
{
	const struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	u64 max = READ_ONCE(sk->sk_max_pacing_rate);
	bool limited;

	info->tcpi_max_pacing_rate = max;
	/* before the first round trip what the socket layer made of the limit */
	info->tcpi_pacing_rate = tcb->cong.pacing || tcb->srtt ?
				 min(xtcp_pace_rate(tcb), max) :
				 READ_ONCE(sk->sk_pacing_rate);
	if (tcb->cong.rated) {
		info->tcpi_delivery_rate = tcb->rate.best;
		limited = tcb->rate.best_limited;
	} else {
		info->tcpi_delivery_rate = tcb->cong.round_rate;
		limited = tcb->cong.round_limited;
	}
	info->tcpi_delivery_rate_app_limited = !info->tcpi_delivery_rate ||
					       limited;
}

static u8 ca_state(const struct xtcp_tcb *tcb)
{
	if (tcb->recovery)
		return TCP_CA_Recovery;
	if (tcb->backoff)
		return TCP_CA_Loss;
	if (tcb->rec.sacked || tcb->dup_acks)
		return TCP_CA_Disorder;
	return TCP_CA_Open;
}

static void fill_options(const struct xtcp_tcb *tcb, struct tcp_info *info)
{
	if (tcb->ts.ok && info->tcpi_state != TCP_SYN_SENT)
		info->tcpi_options |= TCPI_OPT_TIMESTAMPS;
	if (tcb->ecn_ok)
		info->tcpi_options |= TCPI_OPT_ECN;
	if (tcb->ecn_seen)
		info->tcpi_options |= TCPI_OPT_ECN_SEEN;
	if (tcb->sack.ok && info->tcpi_state != TCP_SYN_SENT)
		info->tcpi_options |= TCPI_OPT_SACK;
	if (tcb->wscale_ok) {
		info->tcpi_options |= TCPI_OPT_WSCALE;
		info->tcpi_snd_wscale = tcb->snd_wscale;
		info->tcpi_rcv_wscale = tcb->rcv_wscale;
	}
	if (tcb->fo_data)
		info->tcpi_options |= TCPI_OPT_SYN_DATA;
	info->tcpi_fastopen_client_fail = tcb->fo_fail;
}

/*
 * Octets on their way again, but for a tail probe, which Linux TCP counts as sent again
 * alone. Without records only what is sent first again can be.
 */
static u32 again(struct xtcp_tcb *tcb)
{
	u32 sum;

	if (!tcb->rec.n)
		return tcb->rtx_nxt - tcb->snd_una;
	sum = xtcp_rec_again(&tcb->rec, tcb->snd_nxt);
	if (tcb->rack.tlp_out && tcb->rack.tlp_again)
		sum -= min_t(u32, sum, tcb->mss);
	return sum;
}

/* What was lost, until it has arrived */
static u32 lost(struct xtcp_tcb *tcb)
{
	return tcb->rtx_end - tcb->rtx_nxt + tcb->rec.lost + again(tcb);
}

static void fill_sending(struct sock *sk, struct tcp_info *info)
{
	struct xtcp_tcb *tcb = &xtcp_sk(sk)->tcb;
	u32 mss = tcb->mss;

	info->tcpi_ca_state = ca_state(tcb);
	info->tcpi_retransmits = tcb->tries;
	info->tcpi_backoff = tcb->backoff;
	info->tcpi_probes = tcb->keep_probes;
	info->tcpi_rto = min_t(u64, (u64)tcb->rto << min(tcb->backoff, 20),
			       tcb->params->rto_max);
	info->tcpi_snd_mss = mss;
	info->tcpi_unacked = in_segments(tcb->snd_nxt - tcb->snd_una, mss);
	info->tcpi_sacked = in_segments(tcb->rec.sacked, mss);
	info->tcpi_lost = in_segments(lost(tcb), mss);
	info->tcpi_retrans = in_segments(again(tcb), mss);
	info->tcpi_pmtu = xtcp_sk(sk)->pmtu;
	info->tcpi_rtt = tcb->srtt;
	info->tcpi_rttvar = tcb->rttvar;
	/* of the handshake alone there is nothing but that */
	info->tcpi_min_rtt = tcb->rack.min_rtt ?: tcb->srtt ?: ~0U;
	info->tcpi_snd_ssthresh = in_segments(tcb->cong.ssthresh, mss);
	info->tcpi_snd_wnd = tcb->snd_wnd;
	info->tcpi_notsent_bytes = tcb->snd_end - tcb->snd_nxt +
				   xtcp_tcb_fin_sent(tcb);
	info->tcpi_last_data_sent = ago(tcb->last_send);
	info->tcpi_last_ack_recv = ago(tcb->heard);
}

static void fill_receiving(struct sock *sk, struct tcp_info *info)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_tcb *tcb = &xs->tcb;

	info->tcpi_ato = tcb->params->delack;
	info->tcpi_rcv_mss = tcb->rcv_mss;
	info->tcpi_advmss = tcb->adv_mss - xtcp_tcb_opt_room(tcb);
	info->tcpi_rcv_rtt = xs->tune.rtt;
	info->tcpi_rcv_space = xs->tune.most;
	info->tcpi_rcv_ssthresh = xtcp_rcvbuf_full(sk);
	info->tcpi_rcv_ooopack = tcb->reasm.early;
	xtcp_compat_info_rcv_wnd(info, tcb->rcv_adv - tcb->rcv_acked);
	/* before there was any: since the connection is there, as nothing was read */
	info->tcpi_last_data_recv = ago(tcb->last_rcv ?: xs->tune.since);
}

static u64 octets_received(const struct xtcp_sock *xs)
{
	u64 nxt = ((u64)xs->counts.rcv_wraps << 32) + xs->tcb.rcv_nxt;

	/* before the peer's SYN both are 0 */
	return nxt ? nxt - (u32)(xs->tcb.irs + 1) : 0;
}

/*
 * Segments that have arrived, with the SYN: those that were sent once, less those that
 * are outstanding, and those that the peer has had twice. Of a FIN nobody knows any more
 * whether it had data with it.
 */
static u32 delivered(const struct xtcp_sock *xs)
{
	const struct xtcp_counts *n = &xs->counts;
	const struct xtcp_tcb *tcb = &xs->tcb;
	u32 once = n->data_segs_out - (n->rtx_segs - n->rtx_bare);
	u32 out = tcb->snd_nxt - tcb->snd_una - tcb->rec.sacked;

	if (tcb->snd_una == tcb->iss)
		return 0;
	if (out && xtcp_tcb_fin_sent(tcb))
		out--;
	/* with a smaller MSS they may seem to be more than there were */
	return 1 + once - min(once, in_segments(out, tcb->mss)) +
	       min(tcb->dsack_dups, n->rtx_segs);
}

static void fill_counts(const struct xtcp_sock *xs, struct tcp_info *info)
{
	const struct sock *sk = &xs->inet.sk;
	const struct xtcp_counts *n = &xs->counts;
	const struct xtcp_tcb *tcb = &xs->tcb;
	u64 sent = xtcp_tcb_since_syn(tcb, tcb->snd_nxt);
	u64 acked = xtcp_tcb_since_syn(tcb, tcb->snd_una);

	info->tcpi_total_retrans = n->rtx_segs;
	/* as with Linux TCP, only who begins counts the SYN */
	info->tcpi_bytes_acked = acked - (acked && tcb->passive);
	info->tcpi_bytes_received = octets_received(xs);
	info->tcpi_bytes_sent = sent - !!sent - xtcp_tcb_fin_sent(tcb) +
				n->bytes_retrans;
	info->tcpi_bytes_retrans = n->bytes_retrans;
	info->tcpi_segs_out = n->segs_out;
	info->tcpi_segs_in = n->segs_in;
	info->tcpi_data_segs_out = n->data_segs_out;
	info->tcpi_data_segs_in = n->data_segs_in;
	info->tcpi_delivered = delivered(xs);
	info->tcpi_delivered_ce = tcb->delivered_ce;
	info->tcpi_dsack_dups = tcb->dsack_dups;
	info->tcpi_reord_seen = tcb->reord_seen;
	/* each asks for another path, unless the user wants none */
	if (READ_ONCE(sk->sk_txrehash) == SOCK_TXREHASH_ENABLED)
		xtcp_compat_info_rehash(info, n->rtos);
	xtcp_compat_info_rtos(info, n->rtos, n->rto_recoveries);
}

/**
 * xtcp_info_fill - all that is known
 * @sk: the socket, locked
 * @info: gets it
 */
void xtcp_info_fill(struct sock *sk, struct tcp_info *info)
{
	const struct xtcp_sock *xs = xtcp_sk(sk);
	const struct xtcp_tcb *tcb = &xs->tcb;

	memset(info, 0, sizeof(*info));
	info->tcpi_state = inet_sk_state_load(sk);
	info->tcpi_reordering = max_t(u32, tcb->rack.reordering, REORDERING);
	info->tcpi_snd_cwnd = in_segments(tcb->cong.cwnd, tcb->mss) ?:
			      xtcp_tcb_initial(tcb);
	fill_rates(sk, info);
	if (info->tcpi_state == TCP_LISTEN) {
		info->tcpi_unacked = READ_ONCE(sk->sk_ack_backlog);
		info->tcpi_sacked = READ_ONCE(sk->sk_max_ack_backlog);
		return;
	}
	fill_options(tcb, info);
	fill_sending(sk, info);
	fill_receiving(sk, info);
	fill_counts(xs, info);
}
