// SPDX-License-Identifier: GPL-2.0
/*
 * What a SYN cookie keeps of a SYN: the MSS, rounded down, in the ISS; the window
 * scale, SACK and ECN in the low bits of the timestamp. Without timestamps there is
 * no room for these three.
 */
#include "cookie.h"
#include "ecn.h"
#include "tcb.h"

#define TS_MASK 0x3fU
#define TS_WSCALE 0x0fU
#define TS_NO_WSCALE 0x0fU	/* no shift is that much */
#define TS_SACK 0x10U
#define TS_ECN 0x20U

/* IPv4's and IPv6's without an option, tunnels', PPPoE's, Ethernet's, jumbo frames' */
static const u16 sizes[1 << XTCP_COOKIE_MSS_BITS] = {
	XTCP_MSS_MIN, 536, 1220, 1360, 1400, 1440, 1460, 8940,
};

/**
 * xtcp_cookie_mss - which MSS a cookie keeps
 * @syn: the SYN
 * @default_mss: the peer's if it did not say
 *
 * Return: the place of the largest that is no larger than the peer's
 */
u32 xtcp_cookie_mss(const struct xtcp_seg *syn, u16 default_mss)
{
	u16 mss = syn->opts & XTCP_HAS_MSS ? syn->mss : default_mss;
	u32 i = ARRAY_SIZE(sizes) - 1;

	while (i && sizes[i] > mss)
		i--;
	return i;
}

/**
 * xtcp_cookie_limit - take from a SYN the offers that a cookie would forget
 * @syn: the SYN
 * @params: what this side does
 */
void xtcp_cookie_limit(struct xtcp_seg *syn, const struct xtcp_params *params)
{
	if (!params->timestamps || !(syn->opts & XTCP_HAS_TS)) {
		syn->opts &= ~(XTCP_HAS_WSCALE | XTCP_HAS_SACK_OK);
		syn->flags &= ~XTCP_ECN_SETUP;
	}
}

/**
 * xtcp_cookie_ts - the timestamp of the SYN-ACK
 * @syn: the SYN, limited
 * @clock: the timestamp that it would have without a cookie
 *
 * Return: the latest that holds the SYN's offers and is not in the future, so that
 * the next segment's is no less; its echo makes the first round trip seem longer, by
 * up to 63 ms
 */
u32 xtcp_cookie_ts(const struct xtcp_seg *syn, u32 clock)
{
	u32 bits = syn->opts & XTCP_HAS_WSCALE ? syn->wscale : TS_NO_WSCALE;
	u32 ts;

	if (syn->opts & XTCP_HAS_SACK_OK)
		bits |= TS_SACK;
	if (xtcp_ecn_offered(syn))
		bits |= TS_ECN;
	ts = (clock & ~TS_MASK) | bits;
	return bits > (clock & TS_MASK) ? ts - TS_MASK - 1 : ts;
}

/**
 * xtcp_cookie_syn - the SYN that an ACK with a good cookie stands for
 * @syn: gets it
 * @ack: the ACK of the SYN-ACK
 */
void xtcp_cookie_syn(struct xtcp_seg *syn, const struct xtcp_seg *ack)
{
	u32 bits = ack->ts_ecr & TS_MASK;

	memset(syn, 0, sizeof(*syn));
	syn->flags = XTCP_SYN;
	syn->seq = ack->seq - 1;
	syn->wnd = ack->wnd;
	syn->opts = XTCP_HAS_MSS;
	syn->mss = sizes[(ack->ack - 1) & XTCP_COOKIE_MSS_MASK];
	if (!(ack->opts & XTCP_HAS_TS))
		return;
	syn->opts |= XTCP_HAS_TS;
	syn->ts_val = ack->ts_val;
	if ((bits & TS_WSCALE) != TS_NO_WSCALE) {
		syn->opts |= XTCP_HAS_WSCALE;
		syn->wscale = bits & TS_WSCALE;
	}
	if (bits & TS_SACK)
		syn->opts |= XTCP_HAS_SACK_OK;
	if (bits & TS_ECN)
		syn->flags |= XTCP_ECN_SETUP;
}
