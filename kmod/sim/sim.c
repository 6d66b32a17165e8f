// SPDX-License-Identifier: GPL-2.0
/*
 * The virtual clock: draws a scenario from the seed, then lets the earliest
 * event happen, again and again, and has all invariants checked after each.
 */
#include "sim.h"

#define MS XTCP_USEC_PER_MSEC
#define EVENTS_MAX 2000000

/* xorshift64*; the same everywhere, and fast */
static u64 next_random(struct xtcp_sim *sim)
{
	u64 x = sim->rng;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	sim->rng = x;
	return x * 0x2545f4914f6cdd1dULL;
}

/* A number from 0 to below - 1 */
u32 xtcp_sim_random(struct xtcp_sim *sim, u32 below)
{
	return ((next_random(sim) >> 32) * below) >> 32;
}

static bool one_in(struct xtcp_sim *sim, u32 n)
{
	return !xtcp_sim_random(sim, n);
}

/* The first thing that broke is the one to report */
void xtcp_sim_fail(struct xtcp_sim *sim, const char *why)
{
	if (!sim->why)
		sim->why = why;
}

struct xtcp_sim *xtcp_sim_new(void)
{
	struct xtcp_sim *sim = xtcp_sim_alloc(sizeof(*sim));

	if (sim && !xtcp_sim_link_init(sim)) {
		xtcp_sim_free(sim);
		return NULL;
	}
	return sim;
}

void xtcp_sim_destroy(struct xtcp_sim *sim)
{
	if (!sim)
		return;
	xtcp_sim_link_clear(sim);
	xtcp_sim_pool_empty(&sim->pool);
	xtcp_sim_free(sim->octets);
	xtcp_sim_free(sim);
}

static void draw_network(struct xtcp_sim *sim)
{
	const struct xtcp_sim_point *p = &sim->point;

	sim->clean = !p->loss && !p->reorder && one_in(sim, 2);
	xtcp_sim_path_draw(sim);
	if (sim->clean)
		return;
	sim->dup = one_in(sim, 2) ? xtcp_sim_random(sim, 30) : 0;
	sim->mark = one_in(sim, 2) ? xtcp_sim_random(sim, 30) : 0;
	sim->corrupt = one_in(sim, 2) ? xtcp_sim_random(sim, 20) : 0;
	sim->node_fail = one_in(sim, 8) ? 200 : 0;
	sim->send_fail = one_in(sim, 8) ? 100 : 0;
	if (one_in(sim, 8)) {
		sim->mtu = 48 + xtcp_sim_random(sim, 1000);
		sim->mtu_at = 1 + xtcp_sim_random(sim, 400 * MS);
		sim->mtu_until = U64_MAX;
		if (one_in(sim, 2))
			sim->mtu_until = sim->mtu_at +
					 xtcp_sim_random(sim, 30000 * MS);
	}
}

static void draw_params(struct xtcp_sim *sim)
{
	struct xtcp_params *p = &sim->params;

	p->rto_min = 200 * MS;
	p->rto_max = 120000 * MS;
	p->delack = 40 * MS;
	p->fin_timeout = 3600 * XTCP_USEC_PER_SEC;
	p->initial_segments = 10;
	/* so many that losing all of them is out of the question */
	p->syn_retries = 60;
	p->synack_retries = 60;
	p->retries = 200;
	p->retries1 = 3;
	p->orphan_retries = 200;
	p->keep_idle = 1;
	p->keep_interval = 4;	/* so that the count outlasts an outage */
	p->keep_count = 200;
	p->mtu_probing = xtcp_sim_random(sim, 3);
	p->mtu_interval = 600;
	p->mtu_threshold = 8;
	p->mtu_floor = 48;
	p->min_mss = 48;
	p->base_mss = one_in(sim, 2) ? 1024 : 48 + xtcp_sim_random(sim, 1000);
	/* then only probing gets anything through */
	sim->hole = sim->mtu_at && one_in(sim, 2);
	if (sim->hole)
		p->mtu_probing = 1 + xtcp_sim_random(sim, 2);
	sim->burst = one_in(sim, 2) ? 65535 : 1;
	p->timestamps = !one_in(sim, 4);
	p->sack = !one_in(sim, 4);
	p->dsack = !one_in(sim, 4);
	p->rack = !one_in(sim, 4);
	p->tlp = !one_in(sim, 4);
	p->frto = !one_in(sim, 4);
	p->ecn = xtcp_sim_random(sim, 3);
	sim->strip = 0;
	if (one_in(sim, 8))
		sim->strip |= XTCP_HAS_TS;
	if (one_in(sim, 8))
		sim->strip |= XTCP_HAS_SACK_OK;
	if (one_in(sim, 8))
		sim->strip |= XTCP_HAS_WSCALE;
	if (one_in(sim, 8))
		sim->strip |= XTCP_HAS_MSS;
	sim->instant = one_in(sim, 2);
}

/* How much is worth sending: a seed is to take about a millisecond */
static u32 draw_total(struct xtcp_sim *sim)
{
	u32 most = sim->point.loss > 5 ? 24000 : 40000;

	if (one_in(sim, 16))
		return xtcp_sim_random(sim, 2);
	if (one_in(sim, 64) && sim->point.buffer > 65536)
		most *= 24;
	return xtcp_sim_random(sim, most);
}

/**
 * xtcp_sim_cong - an algorithm that makes sense
 * @sim: the network
 *
 * In each point of the grid all of them meet, over the seeds.
 */
const struct xtcp_cong_ops *xtcp_sim_cong(struct xtcp_sim *sim)
{
	static const struct xtcp_cong_ops *const all[] = {
		&xtcp_cong_reno, &xtcp_cong_bbr, &xtcp_cong_cubic,
	};

	return all[xtcp_sim_random(sim, ARRAY_SIZE(all))];
}

static const struct xtcp_cong_ops *draw_cong(struct xtcp_sim *sim)
{
	if (one_in(sim, 10))
		return one_in(sim, 2) ? &xtcp_sim_wild : &xtcp_sim_wild_rated;
	return xtcp_sim_cong(sim);
}

static const u16 sizes[] = { 48, 536, 1220, 1460, 1460, 8960 };

static void draw_host(struct xtcp_sim *sim, u32 id)
{
	struct xtcp_sim_host *h = &sim->host[id];
	u32 n = ARRAY_SIZE(sizes);

	memset(h, 0, sizeof(*h));
	h->id = id;
	h->state = XTCP_CLOSED;
	h->tx_total = draw_total(sim);
	h->pace = xtcp_sim_random(sim, XTCP_SIM_PACES);
	h->early = one_in(sim, 2);
	h->hasty = one_in(sim, 4);
	h->fast = one_in(sim, 3);
	/* half of them soon wrap */
	h->iss = next_random(sim);
	if (one_in(sim, 2))
		h->iss = 0 - xtcp_sim_random(sim, 30000);
	h->ts_offset = next_random(sim);
	if (one_in(sim, 2))
		h->ts_offset = 0 - xtcp_sim_random(sim, 2000);
	h->tcb.adv_mss = sizes[xtcp_sim_random(sim, n)];
	h->tcb.mss = sizes[xtcp_sim_random(sim, n)];
	h->tcb.nodelay = one_in(sim, 2);
	h->tcb.opts.keepalive = one_in(sim, 4);
	h->tcb.opts.cork = one_in(sim, 8);
	/* an outage is shorter by far */
	h->tcb.opts.user_timeout = one_in(sim, 8) ? 10 * 3600 * 1000 : 0;
	h->cong = draw_cong(sim);
	h->fickle = one_in(sim, 8);
	h->pace_max = one_in(sim, 8) ? 2000 + xtcp_sim_random(sim, 2000000) : 0;
	h->crowded = one_in(sim, 8);
	h->presses = one_in(sim, 6);
	h->unhurried = one_in(sim, 4);
	h->tcb.interactive = h->unhurried && one_in(sim, 2);
	/* hundreds of tiny segments cost time and show little */
	if (h->tcb.mss == 48 || h->pace != XTCP_SIM_EAGER)
		h->tx_total /= 8;
}

/*
 * What the listener does with a request. With a cookie nobody sends the SYN-ACK again:
 * a client whose ACK is lost, and who has nothing to say, would never be heard
 */
static void draw_listener(struct xtcp_sim *sim)
{
	struct xtcp_sim_host *h = &sim->host[1];

	h->stage = XTCP_SIM_LISTENING;
	h->cookies = one_in(sim, 8);
	if (h->cookies)
		sim->host[0].tx_total |= 1;
	h->defer = one_in(sim, 4) ? 1 + xtcp_sim_random(sim, 4) : 0;
}

/* A seed in six is DCTCP's, mostly at both ends, and its queues mark */
static void draw_marks(struct xtcp_sim *sim)
{
	u32 which = xtcp_sim_random(sim, 6), i;

	for (i = 0; i < 2; i++) {
		if (which != i)
			sim->host[i].cong = &xtcp_cong_dctcp;
		sim->path[i].mark_above = 1 + xtcp_sim_random(sim, 5 * MS);
		if (!sim->path[i].per_octet && !sim->clean)
			sim->path[i].per_octet = 1 + xtcp_sim_random(sim, 512);
	}
}

static void draw(struct xtcp_sim *sim)
{
	sim->dup = 0;
	sim->corrupt = 0;
	sim->node_fail = 0;
	sim->send_fail = 0;
	sim->mtu = 0;
	sim->mtu_at = 0;
	sim->mtu_until = 0;
	sim->hole = false;
	draw_network(sim);
	draw_params(sim);
	draw_host(sim, 0);
	draw_host(sim, 1);
	if (sim->strip & XTCP_HAS_MSS) {
		/* who does not say what it can take, must take the default */
		sim->host[0].tcb.adv_mss = max_t(u16, 536,
						 sim->host[0].tcb.adv_mss);
		sim->host[1].tcb.adv_mss = max_t(u16, 536,
						 sim->host[1].tcb.adv_mss);
	}
	if (sim->seed % 6 == 3)
		draw_marks(sim);
	sim->host[0].due = 1;
	if (sim->point.simopen)
		sim->host[1].due = 1 + xtcp_sim_random(sim, sim->path[0].delay);
	else
		draw_listener(sim);
}

/* The earliest event happens. Return: to which host, or NULL if there is none any more */
static struct xtcp_sim_host *step(struct xtcp_sim *sim)
{
	struct xtcp_sim_host *host = NULL;
	struct xtcp_sim_pkt *pkt;
	bool app = false;
	u64 at = 0;
	u32 i;

	for (i = 0; i < 2; i++) {
		struct xtcp_sim_host *h = &sim->host[i];
		u64 due = xtcp_sim_host_next(h);

		if (due && (!host || due < at)) {
			host = h;
			at = due;
			app = false;
		}
		if (h->app_at && (!host || h->app_at < at)) {
			host = h;
			at = h->app_at;
			app = true;
		}
	}
	if (sim->nheap && (!host || sim->heap[0]->at <= at)) {
		pkt = xtcp_sim_link_next(sim);
		sim->now = max_t(u64, sim->now, pkt->at);
		host = &sim->host[pkt->to];
		xtcp_sim_host_rx(sim, pkt);
		xtcp_sim_link_free(sim, pkt);
		return host;
	}
	if (!host)
		return NULL;
	sim->now = max_t(u64, sim->now, at);
	if (app)
		xtcp_sim_app_run(sim, host);
	else
		xtcp_sim_host_timer(sim, host);
	return host;
}

/**
 * xtcp_sim_run - one connection from open to end
 * @sim: the network, of which nothing but the counters is kept
 * @point: the grid point
 * @seed: the seed
 *
 * Return: NULL, or the invariant that broke; xtcp_sim_report() tells more
 */
const char *xtcp_sim_run(struct xtcp_sim *sim,
			 const struct xtcp_sim_point *point, u64 seed)
{
	struct xtcp_sim_host *h;
	u32 events = 0;

	sim->point = *point;
	sim->seed = seed;
	sim->rng = (seed + 1) * 0x9e3779b97f4a7c15ULL ^
		   (point->buffer + point->loss * 7 + point->reorder * 13 +
		    point->simopen * 29 + point->closer * 31);
	sim->rng |= !sim->rng;
	sim->now = 1;
	sim->order = 0;
	sim->why = NULL;
	sim->ntrace = 0;
	draw(sim);
	sim->paths[sim->path_kind]++;
	while (!sim->why && (h = step(sim))) {
		xtcp_sim_app_wake(sim, &sim->host[0]);
		xtcp_sim_app_wake(sim, &sim->host[1]);
		xtcp_sim_check(sim, h);
		if (++events > EVENTS_MAX)
			xtcp_sim_fail(sim, "events without end");
		if (sim->now > XTCP_SIM_TIME_MAX)
			xtcp_sim_fail(sim, "it takes too long");
	}
	if (!sim->why)
		xtcp_sim_check_end(sim);
	xtcp_sim_link_clear(sim);
	xtcp_sim_host_purge(sim, &sim->host[0]);
	xtcp_sim_host_purge(sim, &sim->host[1]);
	if (sim->pool.out)
		xtcp_sim_fail(sim, "memory was lost");
	return sim->why;
}
