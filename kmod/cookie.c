// SPDX-License-Identifier: GPL-2.0
/*
 * SYN cookies (RFC 4987 3.6): a keyed hash of the connection, the SYN's number and
 * the time, which only who got the SYN-ACK can know. core/cookie.c says what else
 * there is in one.
 */
#include <linux/siphash.h>

#include "cookie.h"
#include "core/cookie.h"
#include "ip.h"
#include "netns.h"

static u32 hash(const struct xtcp_flow *flow, u32 irs, u32 period, u32 mss)
{
	struct {
		u8 flow[offsetof(struct xtcp_flow, dif)];
		u32 irs, period, mss;
	} __packed __aligned(8) of;

	memcpy(of.flow, flow, sizeof(of.flow));
	of.irs = irs;
	of.period = period;
	of.mss = mss;
	return siphash(&of, sizeof(of), &xtcp_net(flow->net)->cookie_key);
}

/**
 * xtcp_cookie_make - the ISS that is a cookie
 * @flow: the connection
 * @syn: its SYN
 * @now: usec
 */
u32 xtcp_cookie_make(const struct xtcp_flow *flow, const struct xtcp_seg *syn,
		     u64 now)
{
	u32 mss = xtcp_cookie_mss(syn, xtcp_ip_default_mss(flow));

	WRITE_ONCE(xtcp_net(flow->net)->cookie_at, now);
	return xtcp_cookie_iss(hash(flow, syn->seq, xtcp_cookie_period(now), mss), mss);
}

/**
 * xtcp_cookie_good - does an ACK bring a cookie back?
 * @flow: the connection
 * @ack: the ACK, for which there is no request
 * @now: usec
 *
 * While no cookies go out none are taken, so that nobody can guess at them then.
 */
bool xtcp_cookie_good(const struct xtcp_flow *flow, const struct xtcp_seg *ack,
		      u64 now)
{
	struct xtcp_net *xn = xtcp_net(flow->net);
	u64 last = READ_ONCE(xn->cookie_at);
	u32 iss = ack->ack - 1, mss = iss & XTCP_COOKIE_MSS_MASK;
	u32 period = xtcp_cookie_period(now);
	u32 age;

	if (!last || now - last >= XTCP_COOKIE_AGE || !READ_ONCE(xn->sysctl_syncookies))
		return false;
	for (age = 0; age < 2; age++) {
		if (iss != xtcp_cookie_iss(hash(flow, ack->seq - 1, period - age, mss), mss))
			continue;
		xtcp_mib_inc(flow->net, XTCP_MIB_CookiesTaken);
		return true;
	}
	xtcp_mib_inc(flow->net, XTCP_MIB_CookiesRefused);
	return false;
}
