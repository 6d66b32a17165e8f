/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Two hosts in one process, and between them a wire that carries a packet only
 * when told to: states that a quick network passes through can be looked at, and
 * packets made to cross. Each host is a network namespace with a TUN device.
 */
#ifndef XTCP_LIB_CROSS_H
#define XTCP_LIB_CROSS_H

#define SOCKTEST_HOSTS 2
#include "socktest.h"

#define CROSS_PORT 5000

struct cross {
	int tun[2];
	int sk[2];	/* bound to CROSS_PORT of its host */
};

static inline struct addr cross_addr(struct ctx *c, int host)
{
	return addr_at(c, host ? SILENT : SILENT_OWN, CROSS_PORT);
}

/* sk[1] is opened after sk[0], and the process is left in the second host. */
static inline struct cross cross_new(struct ctx *c)
{
	struct cross x;
	struct addr a;
	int i;

	for (i = 0; i < 2; i++) {
		if (i)
			netns_join(c->side, i);
		x.tun[i] = netns_tun("wire", netns_addr(AF_INET, i + 1),
				     netns_addr(AF_INET6, i + 1));
		x.sk[i] = must(c, sk_flags(c, SOCK_NONBLOCK));
		a = cross_addr(c, i);
		must(c, bind(x.sk[i], &a.sa, a.len));
	}
	return x;
}

/*
 * Carry what host FROM has sent so far to the other, or lose it. Sending and
 * receiving end inside these calls: there is nothing to wait for.
 */
static inline int cross_carry(struct cross *x, int from, bool lose)
{
	char buf[2048];
	int count = 0;
	long n;

	while ((n = read(x->tun[from], buf, sizeof(buf))) > 0) {
		count++;
		if (!lose)
			(void)!write(x->tun[!from], buf, n);
	}
	return count;
}

static inline void cross_settle(struct cross *x)
{
	while (cross_carry(x, 0, false) + cross_carry(x, 1, false) > 0)
		;
}

/* Carry packets until COND holds: an ACK may be held back for a while. */
#define cross_until(c, x, cond) wait_until(c, (cross_settle(x), (cond)))

static inline long cross_connect(struct ctx *c, struct cross *x, int from)
{
	struct addr a = cross_addr(c, !from);

	return connect(x->sk[from], &a.sa, a.len);
}

/* sk[0] connected to sk[1] in the ordinary way; the listener is gone. */
static inline struct cross cross_established(struct ctx *c)
{
	struct cross x = cross_new(c);
	int ls = x.sk[1];

	must(c, listen(ls, 4));
	cross_connect(c, &x, 0);
	cross_settle(&x);
	x.sk[1] = must(c, accept4(ls, NULL, NULL, SOCK_NONBLOCK));
	close(ls);
	return x;
}

#endif
