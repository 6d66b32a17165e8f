// SPDX-License-Identifier: GPL-2.0
/*
 * The way of a packet from one host to the other: how long it takes, whether its
 * queue or its policer has room, whether the line is down. Each direction has
 * its own, and a seed draws one kind of path for both.
 */
#include "sim.h"

#define MS XTCP_USEC_PER_MSEC
#define IP_HLEN 20
#define PACKET_MAX 9100		/* a policer's bucket holds at least one */
#define OUTAGE_MAX (600 * XTCP_USEC_PER_SEC)

static const char * const names[XTCP_SIM_PATHS] = {
	[XTCP_SIM_PATH_PLAIN] = "plain",
	[XTCP_SIM_PATH_ASYMMETRIC] = "asymmetric",
	[XTCP_SIM_PATH_ACK_LOSS] = "ACKs lost",
	[XTCP_SIM_PATH_OUTAGE] = "outage",
	[XTCP_SIM_PATH_CHANGING] = "changing",
	[XTCP_SIM_PATH_BLOATED] = "bloated",
	[XTCP_SIM_PATH_SHALLOW] = "shallow queue",
	[XTCP_SIM_PATH_POLICED] = "policed",
};

/* The name of a kind of path */
const char *xtcp_sim_path_name(u32 kind)
{
	return names[kind];
}

/* Usec for 256 octets, 512 of them being half a MB/s */
static void draw_line(struct xtcp_sim *sim, struct xtcp_sim_path *path)
{
	path->delay = 500 + xtcp_sim_random(sim, 60 * MS);
	path->per_octet = xtcp_sim_random(sim, 2) ? xtcp_sim_random(sim, 512) : 0;
}

static void draw_outage(struct xtcp_sim *sim)
{
	u64 from = xtcp_sim_random(sim, 1000 * MS);
	u64 len = 1 + xtcp_sim_random(sim, xtcp_sim_random(sim, 2) ?
				      OUTAGE_MAX : 2000 * MS);
	u32 which = xtcp_sim_random(sim, 3), i;

	for (i = 0; i < 2; i++) {
		if (which == i)
			continue;	/* one direction, or both */
		sim->path[i].down_from = from;
		sim->path[i].down_to = from + len;
	}
}

static void draw_kind(struct xtcp_sim *sim, struct xtcp_sim_path *path)
{
	switch (sim->path_kind) {
	case XTCP_SIM_PATH_ASYMMETRIC:
		draw_line(sim, path);
		break;
	case XTCP_SIM_PATH_ACK_LOSS:
		path->ack_loss = xtcp_sim_random(sim, 40);
		break;
	case XTCP_SIM_PATH_CHANGING:
		path->change_every = (20 + xtcp_sim_random(sim, 1000)) * MS;
		path->change_at = path->change_every;
		break;
	case XTCP_SIM_PATH_BLOATED:
		/* 1 to 16 usec an octet, and a queue without an end */
		path->per_octet = 256 + xtcp_sim_random(sim, 3840);
		break;
	case XTCP_SIM_PATH_SHALLOW:
		path->per_octet = 128 + xtcp_sim_random(sim, 1024);
		path->queue_max = 1 + xtcp_sim_random(sim, 60 * MS);
		break;
	case XTCP_SIM_PATH_POLICED:
		path->token_rate = 4 + xtcp_sim_random(sim, 60);
		path->depth = PACKET_MAX + xtcp_sim_random(sim, 30000);
		path->tokens = path->depth;
		break;
	default:
		break;
	}
}

/**
 * xtcp_sim_path_draw - draw both directions from the seed
 * @sim: the network, whose point and @clean are known
 */
void xtcp_sim_path_draw(struct xtcp_sim *sim)
{
	struct xtcp_sim_path *path = sim->path;

	memset(path, 0, sizeof(sim->path));
	draw_line(sim, path);
	path->jitter = sim->point.reorder ?
		       1 + xtcp_sim_random(sim, 30 * MS) : 0;
	if (sim->clean)
		path->per_octet = 0;
	path[1] = path[0];
	sim->path_kind = XTCP_SIM_PATH_PLAIN;
	if (sim->clean || xtcp_sim_random(sim, 2))
		return;
	sim->path_kind = 1 + xtcp_sim_random(sim, XTCP_SIM_PATHS - 1);
	draw_kind(sim, &path[0]);
	draw_kind(sim, &path[1]);
	if (sim->path_kind == XTCP_SIM_PATH_OUTAGE)
		draw_outage(sim);
}

/* Time has passed: the line is another, and the bucket fuller */
static void pass_time(struct xtcp_sim *sim, struct xtcp_sim_path *path)
{
	u64 filled;

	if (path->change_every && sim->now >= path->change_at) {
		path->change_at = sim->now + path->change_every;
		draw_line(sim, path);
	}
	filled = (sim->now - path->filled_at) * path->token_rate / 256;
	if (filled) {
		path->tokens = min_t(u64, path->depth, path->tokens + filled);
		path->filled_at = sim->now;
	}
	if (path->busy_until < sim->now)
		path->busy_until = sim->now;
}

/* Is this what says no more than how far the stream has come? */
static bool pure_ack(const struct xtcp_seg *seg)
{
	return !seg->len && !(seg->flags & (XTCP_SYN | XTCP_FIN | XTCP_RST));
}

/* Nothing on this path takes the packet */
static bool lost(struct xtcp_sim *sim, struct xtcp_sim_path *path,
		 const struct xtcp_seg *seg, u32 len)
{
	if (xtcp_sim_random(sim, 100) < sim->point.loss)
		return true;
	if (sim->now >= path->down_from && sim->now < path->down_to)
		return true;
	if (path->ack_loss && pure_ack(seg) &&
	    xtcp_sim_random(sim, 100) < path->ack_loss)
		return true;
	if (path->queue_max && path->busy_until - sim->now > path->queue_max)
		return true;
	if (path->depth) {
		if (path->tokens < len)
			return true;
		path->tokens -= len;
	}
	return false;
}

/**
 * xtcp_sim_path_pass - a packet takes the path
 * @sim: the network
 * @path: the direction
 * @seg: its header
 * @len: octets of header and payload
 * @queued: gets whether it meets a queue that marks
 *
 * Return: when it arrives, or 0 if it is lost
 */
u64 xtcp_sim_path_pass(struct xtcp_sim *sim, struct xtcp_sim_path *path,
		       const struct xtcp_seg *seg, u32 len, bool *queued)
{
	u64 at;

	pass_time(sim, path);
	if (lost(sim, path, seg, len + IP_HLEN))
		return 0;
	*queued = path->mark_above &&
		  path->busy_until - sim->now > path->mark_above;
	path->busy_until += (u64)(len + IP_HLEN) * path->per_octet / 256;
	at = path->busy_until + path->delay;
	/* one in four is held up, so that others overtake it */
	if (path->jitter && !xtcp_sim_random(sim, 4))
		at += xtcp_sim_random(sim, path->jitter);
	return at;
}
