// SPDX-License-Identifier: GPL-2.0
/*
 * The user of a simulated host: writes a stream, reads the other, each at its
 * own pace, says when it has written all, and lets go.
 */
#include "../core/quick.h"
#include "../core/seq.h"
#include "../core/urgent.h"
#include "../core/user.h"
#include "sim.h"

#define PAUSE_MAX (40 * XTCP_USEC_PER_MSEC)
#define SLEEP_MAX (8 * XTCP_USEC_PER_SEC)

/* A hasty user does not wait for the handshake's end */
static bool ready(const struct xtcp_sim_host *h)
{
	return h->up || (h->hasty && h->state == XTCP_SYN_RECEIVED);
}

static u32 readable(const struct xtcp_sim_host *h)
{
	return h->delivered - h->read;
}

static u32 writable(const struct xtcp_sim *sim, const struct xtcp_sim_host *h)
{
	u32 room = sim->point.buffer - (h->written - h->acked);
	u32 left = h->tx_total - h->written;

	return ready(h) && h->stage == XTCP_SIM_CONN ? min_t(u32, room, left) : 0;
}

static bool all_arrived(struct xtcp_sim *sim)
{
	return sim->host[0].delivered == sim->host[1].tx_total &&
	       sim->host[1].delivered == sim->host[0].tx_total;
}

/* May this side say now that it has no more to write? */
static bool may_shut(struct xtcp_sim *sim, const struct xtcp_sim_host *h)
{
	if (h->shut || h->written != h->tx_total ||
	    h->stage != XTCP_SIM_CONN || !ready(h))
		return false;
	if (sim->point.closer == XTCP_SIM_BOTH)
		return !sim->instant || all_arrived(sim);
	if (sim->point.closer == h->id)
		return true;
	return h->eof;
}

static bool may_release(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	if (h->released || !h->shut || readable(h))
		return false;
	return h->eof ||
	       (h->early && h->read == xtcp_sim_peer(sim, h)->tx_total);
}

static bool has_work(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	return readable(h) || writable(sim, h) || may_shut(sim, h) ||
	       may_release(sim, h);
}

/* A piece of what could be done, by the application's pace */
static u32 piece(struct xtcp_sim *sim, const struct xtcp_sim_host *h, u32 all)
{
	u32 most = 3 * h->tcb.adv_mss + all / 8;

	if (h->pace == XTCP_SIM_EAGER)
		return all;
	most = 1 + xtcp_sim_random(sim, most);
	return min_t(u32, all, most);
}

static void do_read(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	u32 len = piece(sim, h, readable(h));

	if (!len)
		return;
	h->read += len;
	xtcp_sim_note(sim, h, XTCP_SIM_READ, NULL, len, readable(h));
	if (h->stage != XTCP_SIM_CONN)
		return;
	xtcp_sim_host_space(sim, h);
	xtcp_user_read(&h->tcb);
	xtcp_urgent_passed(&h->tcb, h->tcb.irs + 1 + h->read);
}

static void do_write(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	u32 len = piece(sim, h, writable(sim, h));

	if (!len)
		return;
	h->written += len;
	xtcp_sim_note(sim, h, XTCP_SIM_WRITE, NULL, len, h->written);
	xtcp_user_write(&h->tcb, len);
	if (h->presses && !xtcp_sim_random(sim, 3)) {
		xtcp_urgent_write(&h->tcb);
		h->pressed = h->written;
		sim->presses++;
	}
}

/* Another algorithm, unless the one at hand wants marks, which are agreed on early */
static void choose(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	if (!h->fickle || !h->up || h->stage != XTCP_SIM_CONN ||
	    h->cong->marked || xtcp_sim_random(sim, 8))
		return;
	xtcp_cong_select(&h->tcb.cong, xtcp_sim_cong(sim));
	sim->choices++;
}

/* TCP_QUICKACK, off more often than on */
static void set_quick(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	bool on;

	if (!h->unhurried || h->stage != XTCP_SIM_CONN || xtcp_sim_random(sim, 4))
		return;
	on = !xtcp_sim_random(sim, 3);
	sim->unquick += !on && xtcp_quick_due(&h->tcb);
	sim->released += on && h->tcb.ack_due == XTCP_ACK_DELAYED && !readable(h);
	xtcp_quick_set(&h->tcb, on, !readable(h));
}

/* When does the user look again? */
static u64 pause(struct xtcp_sim *sim, const struct xtcp_sim_host *h)
{
	if (h->pace == XTCP_SIM_EAGER)
		return sim->now;
	if (h->pace == XTCP_SIM_LAZY && !xtcp_sim_random(sim, 24))
		return sim->now + xtcp_sim_random(sim, SLEEP_MAX);
	return sim->now + xtcp_sim_random(sim, PAUSE_MAX);
}

/**
 * xtcp_sim_app_wake - something has changed that the user may wait for
 * @sim: the network
 * @h: the host
 */
void xtcp_sim_app_wake(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	if (!h->app_at && has_work(sim, h))
		h->app_at = sim->now +
			    (h->pace == XTCP_SIM_EAGER ? 0 :
			     xtcp_sim_random(sim, PAUSE_MAX));
}

/**
 * xtcp_sim_app_run - the user acts
 * @sim: the network
 * @h: the host
 */
void xtcp_sim_app_run(struct xtcp_sim *sim, struct xtcp_sim_host *h)
{
	struct xtcp_act act;

	h->app_at = 0;
	xtcp_act_init(&act);
	do_read(sim, h);
	do_write(sim, h);
	choose(sim, h);
	set_quick(sim, h);
	if (may_shut(sim, h)) {
		h->shut = true;
		xtcp_sim_note(sim, h, XTCP_SIM_SHUT, NULL, h->written, h->read);
		xtcp_user_shutdown(&h->tcb, &act);
		xtcp_sim_host_apply(sim, h, &act, NULL);
	}
	if (may_release(sim, h)) {
		h->released = true;
		xtcp_sim_note(sim, h, XTCP_SIM_CLOSE, NULL, h->written, h->read);
		if (h->stage == XTCP_SIM_CONN)
			xtcp_user_orphan(&h->tcb, sim->now, &act);
	}
	xtcp_sim_host_push(sim, h);
	if (has_work(sim, h))
		h->app_at = pause(sim, h);
}
