// SPDX-License-Identifier: GPL-2.0
/*
 * The simulator as a program: runs the grid over many seeds in several
 * processes, or one seed of one point again. Results are TAP.
 */
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "native.h"
#include "sim.h"

#define GROUPS_MAX 64
#define WORKERS_MAX 64

/* What the workers report, one cell each, in memory that they share */
struct result {
	u32 edges[XTCP_STATES];
	u64 events[XTCP_EV_BITS];
	u64 drops[XTCP_DROP_MAX];
	u64 segments, blocks, dsacks, exact, unmarked;
	u64 presses, choices, waits;
	u64 cookies, cookies_ts, refused, deferred, in_vain, unquick, released;
	u32 paths[XTCP_SIM_PATHS];
	u32 runs[GROUPS_MAX];
	u32 failed[GROUPS_MAX];
	u64 usec[GROUPS_MAX];
};

static const u32 per_group = 2 * XTCP_SIM_CLOSERS;
static unsigned int seeds = 1000, workers = 2, first_seed = 1;
static unsigned int tests, failures;

/*
 * Millions of packets come and go: who allocated one is told only if ASAN_OPTIONS asks
 * for it, and those that were freed last are few enough to stay in the cache
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "malloc_context_size=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=256";
}

void native_result(bool ok, const char *fmt, ...)
{
	va_list ap;

	tests++;
	failures += !ok;
	printf("%sok %u ", ok ? "" : "not ", tests);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

static u64 clock_usec(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000ULL + ts.tv_nsec / 1000;
}

static void collect(struct result *r, const struct xtcp_sim *sim)
{
	u32 i;

	for (i = 0; i < XTCP_STATES; i++)
		r->edges[i] |= sim->edges[i];
	memcpy(r->events, sim->events, sizeof(r->events));
	memcpy(r->drops, sim->drops, sizeof(r->drops));
	memcpy(r->paths, sim->paths, sizeof(r->paths));
	r->segments = sim->total_segments;
	r->exact = sim->exact;
	r->unmarked = sim->unmarked;
	r->blocks = sim->blocks;
	r->dsacks = sim->dsacks;
	r->presses = sim->presses;
	r->choices = sim->choices;
	r->waits = sim->waits;
	r->cookies = sim->cookies;
	r->cookies_ts = sim->cookies_ts;
	r->refused = sim->refused;
	r->deferred = sim->deferred;
	r->in_vain = sim->in_vain;
	r->unquick = sim->unquick;
	r->released = sim->released;
}

/* A worker's share: every seed whose number leaves the same remainder */
static void work(struct result *r, unsigned int me)
{
	u32 points = xtcp_sim_grid_size(), i, s;
	struct xtcp_sim *sim = xtcp_sim_new();

	if (!sim)
		_exit(1);
	for (i = 0; i < points; i++) {
		u32 group = i / per_group;
		struct xtcp_sim_point point;
		u64 start = clock_usec();

		xtcp_sim_grid_point(i, &point);
		for (s = first_seed + me; s < first_seed + seeds; s += workers) {
			r->runs[group]++;
			if (!xtcp_sim_run(sim, &point, s))
				continue;
			if (!r->failed[group]++)
				xtcp_sim_report(sim);
			fflush(stdout);
		}
		r->usec[group] += clock_usec() - start;
	}
	collect(r, sim);
	xtcp_sim_destroy(sim);
}

static void run_workers(struct result *all)
{
	bool died = false;
	unsigned int i;
	int status;

	fflush(stdout);
	for (i = 0; i < workers; i++) {
		pid_t pid = fork();

		if (pid < 0)
			native_result(false, "grid: a worker cannot start");
		if (!pid) {
			work(&all[i], i);
			exit(0);
		}
	}
	while (wait(&status) > 0)
		died |= status != 0;
	native_result(!died, "grid: every worker ended well");
}

static void report_groups(const struct result *all)
{
	u32 groups = xtcp_sim_grid_size() / per_group, g;
	unsigned int w;

	for (g = 0; g < groups; g++) {
		u32 runs = 0, failed = 0;
		struct xtcp_sim_point p;
		u64 usec = 0;

		xtcp_sim_grid_point(g * per_group, &p);
		for (w = 0; w < workers; w++) {
			runs += all[w].runs[g];
			failed += all[w].failed[g];
			usec += all[w].usec[g];
		}
		native_result(!failed && runs == seeds * per_group,
			      "grid: loss %u%%, reordering %s, buffers %u: %u of %u, %llu us each",
			      p.loss, p.reorder ? "on" : "off", p.buffer,
			      runs - failed, runs,
			      (unsigned long long)usec / (runs + !runs));
	}
}

static void report_paths(const struct result *all)
{
	u32 kind, missing = 0;
	unsigned int w;

	for (kind = 0; kind < XTCP_SIM_PATHS; kind++) {
		u32 runs = 0;

		for (w = 0; w < workers; w++)
			runs += all[w].paths[kind];
		printf("# path, %s: %u\n", xtcp_sim_path_name(kind), runs);
		missing += !runs;
	}
	native_result(!missing, "grid: every kind of path was taken");
}

/* What a listener may do with a request, and a user with ACKs */
static void report_opens(const struct result *all)
{
	struct result sum = { 0 };
	unsigned int w;

	for (w = 0; w < workers; w++) {
		sum.cookies += all[w].cookies;
		sum.cookies_ts += all[w].cookies_ts;
		sum.refused += all[w].refused;
		sum.deferred += all[w].deferred;
		sum.in_vain += all[w].in_vain;
		sum.unquick += all[w].unquick;
		sum.released += all[w].released;
	}
	native_result(sum.cookies_ts && sum.cookies > sum.cookies_ts &&
		      sum.refused < sum.cookies,
		      "grid: %llu connections came of cookies, %llu with timestamps; %llu ACKs were refused",
		      (unsigned long long)sum.cookies,
		      (unsigned long long)sum.cookies_ts,
		      (unsigned long long)sum.refused);
	native_result(sum.deferred && sum.in_vain,
		      "grid: %llu handshakes waited for data, %llu in vain",
		      (unsigned long long)sum.deferred + sum.in_vain,
		      (unsigned long long)sum.in_vain);
	native_result(sum.unquick && sum.released,
		      "grid: %llu times quick ACKs were switched off, %llu times one was let go",
		      (unsigned long long)sum.unquick,
		      (unsigned long long)sum.released);
}

/* The grid is worth its time only if it goes everywhere */
static void report_coverage(const struct result *all)
{
	u32 edges[XTCP_STATES] = { 0 }, from, to, i;
	u64 events[XTCP_EV_BITS] = { 0 }, segments = 0, blocks = 0, dsacks = 0;
	u64 exact = 0, unmarked = 0, presses = 0, choices = 0, waits = 0;
	unsigned int w, missing = 0;
	/* nobody gives up, breaks a rule or resets here: the unit tests do */
	u32 never = XTCP_EV_TIMEOUT | XTCP_EV_WINDOW_TRIM | XTCP_EV_RST_OUT;

	for (w = 0; w < workers; w++) {
		for (i = 0; i < XTCP_STATES; i++)
			edges[i] |= all[w].edges[i];
		for (i = 0; i < XTCP_EV_BITS; i++)
			events[i] += all[w].events[i];
		segments += all[w].segments;
		exact += all[w].exact;
		unmarked += all[w].unmarked;
		blocks += all[w].blocks;
		dsacks += all[w].dsacks;
		presses += all[w].presses;
		choices += all[w].choices;
		waits += all[w].waits;
	}
	for (from = 1; from < XTCP_STATES; from++) {
		for (to = 1; to < XTCP_STATES; to++) {
			if (to == XTCP_CLOSED && from != XTCP_LAST_ACK)
				continue;
			/*
			 * a listener is no TCB; and what leads straight from
			 * FIN-WAIT-1 to TIME-WAIT goes by FIN-WAIT-2 here
			 */
			if (from == XTCP_FIN_WAIT_1 && to == XTCP_TIME_WAIT)
				continue;
			if (to == XTCP_LISTEN || from == XTCP_LISTEN ||
			    !xtcp_state_allowed(from, to) ||
			    edges[from] & 1U << to)
				continue;
			printf("# never taken: %s -> %s\n",
			       xtcp_state_name(from), xtcp_state_name(to));
			missing++;
		}
	}
	native_result(!missing, "grid: the transitions of figure 5 were taken");
	for (i = missing = 0; i < XTCP_EV_BITS; i++) {
		printf("# event 0x%04x: %llu\n", 1U << i,
		       (unsigned long long)events[i]);
		missing += !events[i] && !(1U << i & never);
	}
	native_result(!missing, "grid: every kind of event happened");
	native_result(blocks && dsacks, "grid: %llu SACK blocks, %llu D-SACKs",
		      (unsigned long long)blocks, (unsigned long long)dsacks);
	native_result(exact && unmarked, "grid: %llu octets told as marked, %llu as not",
		      (unsigned long long)exact, (unsigned long long)unmarked);
	native_result(presses && choices && waits,
		      "grid: %llu octets were urgent, %llu times the algorithm changed, %llu times the queues below were full",
		      (unsigned long long)presses, (unsigned long long)choices,
		      (unsigned long long)waits);
	report_paths(all);
	printf("# %llu segments\n", (unsigned long long)segments);
}

#ifdef __SANITIZE_ADDRESS__
/* What the pool keeps is the pool's to close: would the sanitizer see a slip? */
static void try_pool(void)
{
	struct xtcp_sim_pool pool = { .n = 0 };
	u32 again = 0, i;
	u8 *p, *q;

	p = xtcp_sim_get(&pool, 100);
	native_result(p && !__asan_address_is_poisoned(p + 99) &&
		      __asan_address_is_poisoned(p + 100),
		      "grid: a piece of memory ends where it ends");
	xtcp_sim_put(&pool, p, 100);
	for (i = 0; i < XTCP_SIM_REST; i++) {
		q = xtcp_sim_get(&pool, 100);
		again += p == q || !__asan_address_is_poisoned(p);
		xtcp_sim_put(&pool, q, 100);
	}
	native_result(!again, "grid: what was given back is closed for a while");
	q = xtcp_sim_get(&pool, 50);
	native_result(p == q && !__asan_address_is_poisoned(q + 49) &&
		      __asan_address_is_poisoned(q + 50) && pool.out == 1,
		      "grid: used again, it ends where it then ends");
	xtcp_sim_put(&pool, q, 50);
	xtcp_sim_pool_empty(&pool);
}
#else
static void try_pool(void)
{
}
#endif

static void run_grid(void)
{
	struct result *all;

	try_pool();
	all = mmap(NULL, sizeof(*all) * workers, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (all == MAP_FAILED) {
		native_result(false, "grid: no memory");
		return;
	}
	run_workers(all);
	report_groups(all);
	report_coverage(all);
	report_opens(all);
	munmap(all, sizeof(*all) * workers);
}

static int run_one(u32 index, u64 seed)
{
	struct xtcp_sim *sim = xtcp_sim_new();
	struct xtcp_sim_point point;
	const char *why;

	xtcp_sim_grid_point(index, &point);
	why = xtcp_sim_run(sim, &point, seed);
	if (!why)
		sim->why = "(it passed)";
	xtcp_sim_report(sim);
	xtcp_sim_destroy(sim);
	return !!why;
}

static int explain(void)
{
	fprintf(stderr, "usage: sim [--seeds N] [--first N] [--jobs N] [--unit-only]\n"
			"       sim --point N --seed N\n");
	return 2;
}

int main(int argc, char **argv)
{
	bool grid = true, one = false;
	u64 seed = 1;
	u32 point = 0;
	int i;

	for (i = 1; i < argc; i++) {
		const char *arg = argv[i];
		u64 value;

		if (!strcmp(arg, "--unit-only")) {
			grid = false;
			continue;
		}
		if (++i == argc)
			return explain();
		value = strtoull(argv[i], NULL, 10);
		if (!strcmp(arg, "--seeds"))
			seeds = value;
		else if (!strcmp(arg, "--first"))
			first_seed = value;
		else if (!strcmp(arg, "--jobs"))
			workers = value;
		else if (!strcmp(arg, "--point"))
			point = value, one = true;
		else if (!strcmp(arg, "--seed"))
			seed = value;
		else
			return explain();
	}
	if (!workers || workers > WORKERS_MAX || point >= xtcp_sim_grid_size())
		return explain();
	if (one)
		return run_one(point, seed);
	printf("TAP version 13\n");
	native_unit_tests();
	if (grid)
		run_grid();
	printf("1..%u\n", tests);
	return failures ? 1 : 0;
}
