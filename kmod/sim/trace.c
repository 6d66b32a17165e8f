// SPDX-License-Identifier: GPL-2.0
/* The last events of a run, and how they are told when it fails. */
#include "sim.h"

static const char * const notes[] = {
	[XTCP_SIM_SENT] = "sends", [XTCP_SIM_ARRIVED] = "gets",
	[XTCP_SIM_LOST] = "lost", [XTCP_SIM_DOUBLED] = "doubled",
	[XTCP_SIM_DAMAGED] = "damaged", [XTCP_SIM_STATE] = "state",
	[XTCP_SIM_TIMER] = "timer", [XTCP_SIM_WRITE] = "writes",
	[XTCP_SIM_READ] = "reads", [XTCP_SIM_SHUT] = "shuts down",
	[XTCP_SIM_CLOSE] = "closes", [XTCP_SIM_MTU] = "path MSS",
};

static const char * const closers[] = {
	[XTCP_SIM_CLIENT_FIRST] = "client",
	[XTCP_SIM_SERVER_FIRST] = "server",
	[XTCP_SIM_BOTH] = "both",
};

/**
 * xtcp_sim_note - remember an event
 * @sim: the network
 * @h: where it happened
 * @note: what
 * @seg: the segment that it concerns, or NULL
 * @a: a number to it; with XTCP_SIM_STATE the old state
 * @b: another; with XTCP_SIM_STATE the new state
 */
void xtcp_sim_note(struct xtcp_sim *sim, const struct xtcp_sim_host *h,
		   enum xtcp_sim_note note, const struct xtcp_seg *seg, u32 a,
		   u32 b)
{
	struct xtcp_sim_event *e = &sim->trace[sim->ntrace++ % XTCP_SIM_TRACE];

	e->at = sim->now;
	e->host = h->id;
	e->note = note;
	e->a = a;
	e->b = b;
	if (seg)
		e->seg = *seg;
}

static void print_segment(const struct xtcp_sim *sim,
			  const struct xtcp_sim_event *e)
{
	const struct xtcp_seg *s = &e->seg;
	bool out = e->note != XTCP_SIM_ARRIVED;
	u32 from = out ? e->host : !e->host;
	bool ack = s->flags & XTCP_ACK;

	/* numbers relative to each side's first, as one reads them */
	xtcp_sim_print("%10llu.%06llu %c > %c %-7s %s%s%s%s%s seq %u ack %u len %u wnd %u%s",
		       (unsigned long long)(e->at / XTCP_USEC_PER_SEC),
		       (unsigned long long)(e->at % XTCP_USEC_PER_SEC),
		       'A' + from, 'A' + !from, notes[e->note],
		       s->flags & XTCP_SYN ? "S" : "",
		       s->flags & XTCP_FIN ? "F" : "",
		       s->flags & XTCP_RST ? "R" : "",
		       s->flags & XTCP_PSH ? "P" : "", ack ? "." : "",
		       s->seq - sim->host[from].iss,
		       ack ? s->ack - sim->host[!from].iss : 0, s->len, s->wnd,
		       !out ? "" : s->kind == XTCP_TX_RTX ? " again" :
		       s->kind == XTCP_TX_PROBE ? " probe" : "");
}

static void print_event(const struct xtcp_sim *sim,
			const struct xtcp_sim_event *e)
{
	if (e->note <= XTCP_SIM_DAMAGED) {
		print_segment(sim, e);
	} else if (e->note == XTCP_SIM_STATE) {
		xtcp_sim_print("%10llu.%06llu %c     %s -> %s",
			       (unsigned long long)(e->at / XTCP_USEC_PER_SEC),
			       (unsigned long long)(e->at % XTCP_USEC_PER_SEC),
			       'A' + e->host, xtcp_state_name(e->a),
			       xtcp_state_name(e->b));
	} else {
		xtcp_sim_print("%10llu.%06llu %c     %s %u (%u)",
			       (unsigned long long)(e->at / XTCP_USEC_PER_SEC),
			       (unsigned long long)(e->at % XTCP_USEC_PER_SEC),
			       'A' + e->host, notes[e->note], e->a, e->b);
	}
}

/* A grid point in words */
const char *xtcp_sim_point_name(const struct xtcp_sim_point *point, char *buf,
				size_t size)
{
	snprintf(buf, size,
		 "loss %u%%, reordering %s, buffers %u, %s open, %s closes first",
		 point->loss, point->reorder ? "on" : "off", point->buffer,
		 point->simopen ? "simultaneous" : "normal",
		 closers[point->closer]);
	return buf;
}

static void print_host(const struct xtcp_sim_host *h)
{
	const struct xtcp_tcb *t = &h->tcb;

	xtcp_sim_print("%c %s: written %u of %u, acked %u, delivered %u, read %u%s%s%s",
		       'A' + h->id, xtcp_state_name(h->state), h->written,
		       h->tx_total, h->acked, h->delivered, h->read,
		       h->eof ? ", eof" : "", h->shut ? ", shut" : "",
		       h->released ? ", released" : "");
	xtcp_sim_print("  una %u nxt %u end %u wnd %u rtx %u-%u cwnd %u mss %u %s",
		       t->snd_una - t->iss, t->snd_nxt - t->iss,
		       t->snd_end - t->iss, t->snd_wnd, t->rtx_nxt - t->iss,
		       t->rtx_end - t->iss, t->cong.cwnd, t->mss,
		       h->cong->name);
	xtcp_sim_print("  rcv.nxt %u rcv.wnd %d ack_due %u tries %u backoff %u rto %u",
		       t->rcv_nxt - t->irs, (int)(t->rcv_adv - t->rcv_nxt),
		       t->ack_due, t->tries, t->backoff, t->rto);
}

/**
 * xtcp_sim_report - tell what led to a failure, and how to see it again
 * @sim: the network, with @sim->why set
 */
void xtcp_sim_report(const struct xtcp_sim *sim)
{
	u32 first = sim->ntrace > XTCP_SIM_TRACE ?
		    sim->ntrace - XTCP_SIM_TRACE : 0, i;
	char name[128];

	xtcp_sim_print("FAILED: %s", sim->why);
	xtcp_sim_print("%s", xtcp_sim_point_name(&sim->point, name,
						 sizeof(name)));
	for (i = first; i < sim->ntrace; i++)
		print_event(sim, &sim->trace[i % XTCP_SIM_TRACE]);
	print_host(&sim->host[0]);
	print_host(&sim->host[1]);
	for (i = 0; i < xtcp_sim_grid_size(); i++) {
		struct xtcp_sim_point p;

		xtcp_sim_grid_point(i, &p);
		if (p.loss == sim->point.loss &&
		    p.reorder == sim->point.reorder &&
		    p.buffer == sim->point.buffer &&
		    p.simopen == sim->point.simopen &&
		    p.closer == sim->point.closer)
			xtcp_sim_print("again: kmod/sim/sim --point %u --seed %llu",
				       i, (unsigned long long)sim->seed);
	}
}
