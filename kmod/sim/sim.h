/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A network of two hosts around the protocol core, with a virtual clock. All
 * that happens follows from a grid point and a seed, so every failure can be
 * had again.
 *
 * sim.c has the clock, link.c the network between the hosts, path.c what a packet
 * meets on its way, host.c stands where the kernel's shell stands, passive.c where its
 * listener does, app.c is the user of its sockets, wild.c a congestion control without
 * sense, check.c holds the invariants, trace.c the memory of the last events, pool.c
 * that of packets, grid.c the combinations to try.
 */
#ifndef XTCP_SIM_SIM_H
#define XTCP_SIM_SIM_H

#include "../core/req.h"
#include "../core/tcb.h"
#include "../core/tw.h"
#include "../core/wire.h"
#include "platform.h"
#include "pool.h"

#define XTCP_SIM_INFLIGHT 4096	/* packets in the network at once */
#define XTCP_SIM_TRACE 96	/* events remembered */
#define XTCP_SIM_STREAM (1U << 20)	/* more octets than any host sends */
#define XTCP_SIM_PIECE 65536	/* most octets that are compared at once */
#define XTCP_SIM_TIME_MAX (48 * 3600 * XTCP_USEC_PER_SEC)

enum xtcp_sim_closer {
	XTCP_SIM_CLIENT_FIRST,
	XTCP_SIM_SERVER_FIRST,
	XTCP_SIM_BOTH,
	XTCP_SIM_CLOSERS,
};

/**
 * struct xtcp_sim_point - a point of the grid
 * @loss: percent of the packets that are lost, each way
 * @reorder: some packets are overtaken
 * @buffer: octets of each send and each receive buffer
 * @simopen: both sides connect, nobody listens
 * @closer: enum xtcp_sim_closer
 */
struct xtcp_sim_point {
	u32 loss;
	bool reorder;
	u32 buffer;
	bool simopen;
	u32 closer;
};

/* What the way between the hosts is like; half of the seeds have a plain one */
enum xtcp_sim_path_kind {
	XTCP_SIM_PATH_PLAIN,		/* the point's loss and order, one delay */
	XTCP_SIM_PATH_ASYMMETRIC,	/* each direction has its delay and rate */
	XTCP_SIM_PATH_ACK_LOSS,		/* more ACKs are lost than data */
	XTCP_SIM_PATH_OUTAGE,		/* nothing passes for up to 10 minutes */
	XTCP_SIM_PATH_CHANGING,		/* delay and rate change all the time */
	XTCP_SIM_PATH_BLOATED,		/* a slow line with an endless queue */
	XTCP_SIM_PATH_SHALLOW,		/* a slow line whose queue is short */
	XTCP_SIM_PATH_POLICED,		/* a token bucket drops what exceeds it */
	XTCP_SIM_PATHS,
};

/**
 * struct xtcp_sim_path - one direction
 * @delay: the least delay, usec
 * @jitter: how much more a packet may take, usec
 * @per_octet: the line's time for 256 octets, usec
 * @ack_loss: percent of the pure ACKs that are lost, beside other losses
 * @queue_max: what would wait longer than this is dropped, usec; 0 for no end
 * @mark_above: what would wait longer than this is marked, if it may be, usec; 0
 *	for nothing
 * @busy_until: the line is busy until then
 * @down_from: nothing passes from then ...
 * @down_to: ... to then
 * @change_every: delay and rate are drawn anew so often, usec, or 0
 * @change_at: when that is next
 * @token_rate: a policer's tokens for 256 usec, octets
 * @depth: how many its bucket holds, or 0 without a policer
 * @tokens: how many there are
 * @filled_at: when some were last put in
 */
struct xtcp_sim_path {
	u32 delay;
	u32 jitter;
	u32 per_octet;
	u32 ack_loss;
	u32 queue_max;
	u32 mark_above;
	u64 busy_until;
	u64 down_from;
	u64 down_to;
	u64 change_every;
	u64 change_at;
	u32 token_rate;
	u32 depth;
	u32 tokens;
	u64 filled_at;
};

/* What a packet in the network is */
enum xtcp_sim_pkt_kind {
	XTCP_SIM_SEGMENT,
	XTCP_SIM_TOO_BIG,	/* the network reports a smaller MTU */
};

/**
 * struct xtcp_sim_pkt - a packet under way
 * @at: when it arrives
 * @order: packets of the same moment arrive in the order of this
 * @check: checksum of @data as it was sent
 * @len: octets in @data
 * @to: the host that it goes to
 * @kind: enum xtcp_sim_pkt_kind
 * @ecn: XTCP_ECN_*
 * @data: header and payload
 */
struct xtcp_sim_pkt {
	u64 at;
	u64 order;
	u64 check;
	u32 len;
	u8 to;
	u8 kind;
	u8 ecn;
	u8 data[];
};

/**
 * struct xtcp_sim_node - a segment kept for reassembly
 * @node: the core's part
 * @seq: the number of the first octet in @data, which the core cannot move
 * @len: octets in @data
 * @compared: @data is what was sent
 * @data: the payload
 */
struct xtcp_sim_node {
	struct xtcp_rnode node;
	u32 seq;
	u32 len;
	bool compared;
	u8 data[];
};

enum xtcp_sim_stage {
	XTCP_SIM_IDLE,		/* has not called yet */
	XTCP_SIM_LISTENING,
	XTCP_SIM_REQUEST,	/* a SYN came, no connection yet */
	XTCP_SIM_CONN,		/* there is a TCB */
	XTCP_SIM_TIMEWAIT,
	XTCP_SIM_GONE,
};

/* How an application behaves */
enum xtcp_sim_pace {
	XTCP_SIM_EAGER,		/* acts at once, on all there is */
	XTCP_SIM_PACED,		/* in pieces, with short pauses */
	XTCP_SIM_LAZY,		/* the same, and now and then sleeps for long */
	XTCP_SIM_PACES,
};

/**
 * struct xtcp_sim_host - one end
 * @id: 0 for the client, 1 for the server
 * @stage: which of @tcb, @req and @tw is alive
 * @tcb: the connection
 * @req: the request that it began as
 * @tw: what remains of it
 * @due: when @req or @tw has its next deadline; or when an idle host connects
 * @req_timeouts: of the SYN-ACK
 * @req_acked: its ACK has come, and data is waited for
 * @defer: until so many timeouts
 * @cookies: a listener keeps no request
 *
 * The user:
 * @tx_total: octets that the user will write
 * @written: octets written so far
 * @acked: octets that the peer has acknowledged
 * @delivered: octets that have come in order
 * @read: octets that the user has read
 * @app_at: when the user acts next, or 0 if it waits
 * @pace: enum xtcp_sim_pace
 * @early: the user lets go as soon as it has all octets, before the FIN
 * @hasty: the user acts from SYN-RECEIVED on
 * @cong: congestion control
 * @fickle: the user chooses another now and then
 * @unhurried: the user switches quick ACKs off and on now and then
 * @pace_max: the user allows so many octets/s, or 0 for any number
 * @crowded: the queues below the socket are full now and then
 * @crowded_until: they are, until then
 * @presses: the user marks data as urgent now and then
 * @pressed: octets written when it last did, or 0
 * @pressing: octets of the peer's up to and with the last that is known to be urgent
 * @up: the handshake is complete
 * @eof: the peer's FIN has come
 * @shut: the user has written all and said so
 * @released: the user has closed
 * @err: what the connection ended with
 *
 * What check.c keeps of the wire:
 * @iss: ISS
 * @ts_offset: of its timestamps; half of them soon wrap
 * @edge: the highest right window edge sent
 * @seen: the highest right window edge that arrived
 * @ack: the last ACK number sent
 * @scale: the shift that our SYN offered
 * @scale_said: our SYN offered a shift
 * @wire_up: @edge and @ack are valid
 * @state: the last state that was announced
 * @kept: nodes in the tree
 * @segments: segments sent
 * @cookie_at: when the last cookie was sent, usec
 * @cookie_irs: for which SYN
 * @refused: an ACK came that was none of a cookie's
 *
 * What check.c keeps of marks, with exact ECN:
 * @marked: octets that came in order, and marked
 * @told: octets that were acknowledged as marked
 * @vague: something came out of order since both were the same
 */
struct xtcp_sim_host {
	u32 id;
	enum xtcp_sim_stage stage;
	struct xtcp_tcb tcb;
	struct xtcp_req req;
	struct xtcp_tw tw;
	u64 due;
	u32 req_timeouts;
	bool req_acked;
	u8 defer;
	bool cookies;

	u32 tx_total;
	u32 written;
	u32 acked;
	u32 delivered;
	u32 read;
	u64 app_at;
	u32 pace;
	bool early;
	bool hasty;
	bool fast;
	u32 in_syn;
	const struct xtcp_cong_ops *cong;
	bool fickle;
	bool unhurried;
	u32 pace_max;
	bool crowded;
	u64 crowded_until;
	bool presses;
	u32 pressed;
	u32 pressing;
	bool up;
	bool eof;
	bool shut;
	bool released;
	int err;

	u32 iss;
	u32 ts_offset;
	u32 edge;
	u32 seen;
	u32 ack;
	u8 scale;
	bool scale_said;
	bool wire_up;
	bool seen_up;
	u8 state;
	u32 kept;
	u32 segments;
	u64 cookie_at;
	u32 cookie_irs;
	bool refused;
	u32 marked;
	u32 told;
	bool vague;
};

enum xtcp_sim_note {
	XTCP_SIM_SENT,
	XTCP_SIM_ARRIVED,
	XTCP_SIM_LOST,
	XTCP_SIM_DOUBLED,
	XTCP_SIM_DAMAGED,
	XTCP_SIM_STATE,
	XTCP_SIM_TIMER,
	XTCP_SIM_WRITE,
	XTCP_SIM_READ,
	XTCP_SIM_SHUT,
	XTCP_SIM_CLOSE,
	XTCP_SIM_MTU,
};

struct xtcp_sim_event {
	u64 at;
	u32 a;
	u32 b;
	struct xtcp_seg seg;
	u8 host;
	u8 note;
};

/**
 * struct xtcp_sim - a network and its two hosts
 * @point: the grid point
 * @seed: the seed
 * @rng: the random generator's state
 * @now: the virtual time, usec
 * @host: the client, the server
 * @params: for both hosts
 * @path_kind: enum xtcp_sim_path_kind
 * @path: what each host's packets take
 * @dup: packets of 1000 that arrive twice
 * @mark: those of 1000 that can be marked and are
 * @corrupt: packets of 1000 that are damaged
 * @node_fail: of 1000 segments, for how many there is no memory to keep them
 * @send_fail: of 1000 proposals, for how many there is no memory to send them
 * @mtu: segments above this are dropped and reported, when @mtu_at has come
 * @mtu_until: and until then
 * @hole: they are dropped, and nothing is said
 * @burst: most octets that a proposal may have
 * @strip: options that the network removes from a SYN, XTCP_HAS_*
 * @clean: nothing is lost, late or damaged: nothing must be sent twice
 * @instant: with XTCP_SIM_BOTH, both close in the same moment
 * @order: packets sent so far
 * @heap: packets under way, the next to arrive first
 * @nheap: how many
 * @pool: memory of packets and nodes, to be used again
 * @octets: all streams are parts of these
 * @edges: for each state the set of states that it led to, since the start
 * @paths: runs over each kind of path, since the start
 * @exact: octets acknowledged as marked, with exact ECN
 * @unmarked: those acknowledged as not marked
 * @blocks: SACK blocks sent
 * @dsacks: D-SACK blocks sent
 * @presses: octets that were marked as urgent
 * @choices: changes of the algorithm in a connection
 * @waits: times that something waited for the queues below
 * @cookies: connections that came of a cookie
 * @cookies_ts: those with timestamps
 * @refused: ACKs of which no connection came
 * @deferred: handshakes that waited for data, which came
 * @in_vain: those for which it did not
 * @unquick: times that quick ACKs were switched off when some were due
 * @released: times that switching them on sent an ACK that waited
 * @why: the invariant that broke, or NULL
 * @trace: the last events
 * @ntrace: events so far
 */
struct xtcp_sim {
	struct xtcp_sim_point point;
	u64 seed;
	u64 rng;
	u64 now;
	struct xtcp_sim_host host[2];
	struct xtcp_params params;
	u32 path_kind;
	struct xtcp_sim_path path[2];
	u32 dup;
	u32 mark;
	u32 corrupt;
	u32 node_fail;
	u32 send_fail;
	u32 mtu;
	u64 mtu_at;
	u64 mtu_until;
	bool hole;
	u32 burst;
	u8 strip;
	bool clean;
	bool instant;
	u64 order;
	struct xtcp_sim_pkt *heap[XTCP_SIM_INFLIGHT];
	u32 nheap;
	struct xtcp_sim_pool pool;
	u8 *octets;
	u32 edges[XTCP_STATES];
	u64 events[XTCP_EV_BITS];
	u64 drops[XTCP_DROP_MAX];
	u64 total_segments;
	u32 paths[XTCP_SIM_PATHS];
	u64 exact;
	u64 unmarked;
	u64 blocks;
	u64 dsacks;
	u64 presses;
	u64 choices;
	u64 waits;
	u64 cookies;
	u64 cookies_ts;
	u64 refused;
	u64 deferred;
	u64 in_vain;
	u64 unquick;
	u64 released;
	const char *why;
	struct xtcp_sim_event trace[XTCP_SIM_TRACE];
	u32 ntrace;
};

/* sim.c */
struct xtcp_sim *xtcp_sim_new(void);
void xtcp_sim_destroy(struct xtcp_sim *sim);
const char *xtcp_sim_run(struct xtcp_sim *sim,
			 const struct xtcp_sim_point *point, u64 seed);
u32 xtcp_sim_random(struct xtcp_sim *sim, u32 below);
void xtcp_sim_fail(struct xtcp_sim *sim, const char *why);
const struct xtcp_cong_ops *xtcp_sim_cong(struct xtcp_sim *sim);

/* link.c */
bool xtcp_sim_link_init(struct xtcp_sim *sim);
void xtcp_sim_link_send(struct xtcp_sim *sim, struct xtcp_sim_host *from,
			const struct xtcp_seg *seg);
struct xtcp_sim_pkt *xtcp_sim_link_next(struct xtcp_sim *sim);
bool xtcp_sim_link_open(const struct xtcp_sim *sim,
			const struct xtcp_sim_pkt *pkt, struct xtcp_seg *seg);
void xtcp_sim_link_clear(struct xtcp_sim *sim);
void xtcp_sim_link_free(struct xtcp_sim *sim, struct xtcp_sim_pkt *pkt);
bool xtcp_sim_stream_match(const struct xtcp_sim *sim, u32 id, u32 off,
			   const u8 *data, u32 len);

/* path.c */
void xtcp_sim_path_draw(struct xtcp_sim *sim);
u64 xtcp_sim_path_pass(struct xtcp_sim *sim, struct xtcp_sim_path *path,
		       const struct xtcp_seg *seg, u32 len, bool *queued);
const char *xtcp_sim_path_name(u32 kind);

/* host.c */
void xtcp_sim_host_connect(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_host_rx(struct xtcp_sim *sim, struct xtcp_sim_pkt *pkt);
void xtcp_sim_host_timer(struct xtcp_sim *sim, struct xtcp_sim_host *h);
u64 xtcp_sim_host_next(const struct xtcp_sim_host *h);
void xtcp_sim_host_apply(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 struct xtcp_act *act, const u8 *data);
void xtcp_sim_host_push(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_host_open(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_host_space(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_host_purge(struct xtcp_sim *sim, struct xtcp_sim_host *h);

void xtcp_sim_host_conn(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			struct xtcp_seg *seg, const u8 *data);

/* passive.c */
void xtcp_sim_passive_listen(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			     struct xtcp_seg *seg, const u8 *data);
void xtcp_sim_passive_request(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			      struct xtcp_seg *seg, const u8 *data);
void xtcp_sim_passive_timer(struct xtcp_sim *sim, struct xtcp_sim_host *h);

/* app.c */
void xtcp_sim_app_run(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_app_wake(struct xtcp_sim *sim, struct xtcp_sim_host *h);

/* wild.c */
extern const struct xtcp_cong_ops xtcp_sim_wild;
extern const struct xtcp_cong_ops xtcp_sim_wild_rated;

/* check.c */
void xtcp_sim_check(struct xtcp_sim *sim, struct xtcp_sim_host *h);
void xtcp_sim_check_sent(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			 const struct xtcp_seg *seg);
void xtcp_sim_check_arrived(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			    const struct xtcp_seg *seg);
void xtcp_sim_check_marks(struct xtcp_sim_host *h, const struct xtcp_act *act,
			  bool marked);
void xtcp_sim_check_steps(struct xtcp_sim *sim, struct xtcp_sim_host *h,
			  const struct xtcp_act *act);
void xtcp_sim_check_end(struct xtcp_sim *sim);

/* trace.c */
void xtcp_sim_note(struct xtcp_sim *sim, const struct xtcp_sim_host *h,
		   enum xtcp_sim_note note, const struct xtcp_seg *seg, u32 a,
		   u32 b);
void xtcp_sim_report(const struct xtcp_sim *sim);
const char *xtcp_sim_point_name(const struct xtcp_sim_point *point, char *buf,
				size_t size);

/* grid.c */
u32 xtcp_sim_grid_size(void);
void xtcp_sim_grid_point(u32 index, struct xtcp_sim_point *point);

static inline struct xtcp_sim_host *xtcp_sim_peer(struct xtcp_sim *sim,
						  struct xtcp_sim_host *h)
{
	return &sim->host[!h->id];
}

#endif
