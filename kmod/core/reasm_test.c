// SPDX-License-Identifier: GPL-2.0
/* Tests of reassembly: crafted overlaps, and many random ones by a model. */
#include <kunit/test.h>

#include "reasm.c"

#define BASE 0xffffff80U	/* numbers wrap in the middle */
#define MAX_NODES 8

struct span {
	u32 seq, end;
	bool fin;
	bool kept;	/* what xtcp_reasm_insert() is to say */
};

struct overlap {
	const char *name;
	struct span in[5];
	struct span tree[4];	/* what is in the tree then, in order */
	u32 dead;
};

static const struct overlap overlaps[] = {
	{ "apart", { { 10, 20, 0, 1 }, { 30, 40, 0, 1 } },
	  { { 10, 20 }, { 30, 40 } }, 0 },
	{ "apart, backwards", { { 30, 40, 0, 1 }, { 10, 20, 0, 1 } },
	  { { 10, 20 }, { 30, 40 } }, 0 },
	{ "touching", { { 10, 20, 0, 1 }, { 20, 30, 0, 1 } },
	  { { 10, 20 }, { 20, 30 } }, 0 },
	{ "twice", { { 10, 20, 0, 1 }, { 10, 20, 0, 0 } }, { { 10, 20 } }, 0 },
	{ "inside", { { 10, 40, 0, 1 }, { 20, 30, 0, 0 } }, { { 10, 40 } }, 0 },
	{ "inside, same head", { { 10, 40, 0, 1 }, { 10, 30, 0, 0 } },
	  { { 10, 40 } }, 0 },
	{ "inside, same tail", { { 10, 40, 0, 1 }, { 20, 40, 0, 0 } },
	  { { 10, 40 } }, 0 },
	{ "around", { { 20, 30, 0, 1 }, { 10, 40, 0, 1 } }, { { 10, 40 } }, 1 },
	{ "around two", { { 20, 25, 0, 1 }, { 30, 35, 0, 1 },
			  { 10, 40, 0, 1 } }, { { 10, 40 } }, 2 },
	{ "around, same tail", { { 20, 40, 0, 1 }, { 10, 40, 0, 1 } },
	  { { 10, 40 } }, 1 },
	{ "around, same head", { { 10, 20, 0, 1 }, { 10, 40, 0, 1 } },
	  { { 10, 20 }, { 20, 40 } }, 0 },
	{ "head overlaps", { { 10, 30, 0, 1 }, { 20, 40, 0, 1 } },
	  { { 10, 30 }, { 30, 40 } }, 0 },
	{ "tail overlaps", { { 20, 40, 0, 1 }, { 10, 30, 0, 1 } },
	  { { 10, 20 }, { 20, 40 } }, 0 },
	{ "both overlap", { { 10, 20, 0, 1 }, { 30, 40, 0, 1 },
			    { 15, 35, 0, 1 } },
	  { { 10, 20 }, { 20, 30 }, { 30, 40 } }, 0 },
	{ "head cut where one begins", { { 10, 20, 0, 1 }, { 20, 30, 0, 1 },
					 { 15, 25, 0, 0 } },
	  { { 10, 20 }, { 20, 30 } }, 0 },
	{ "head cut, then around", { { 10, 20, 0, 1 }, { 20, 30, 0, 1 },
				     { 15, 40, 0, 1 } },
	  { { 10, 20 }, { 20, 40 } }, 1 },
	{ "lone FIN", { { 20, 20, 1, 1 }, { 20, 20, 1, 0 } },
	  { { 20, 20, 1 } }, 0 },
	{ "lone FIN behind data", { { 10, 20, 0, 1 }, { 20, 20, 1, 1 } },
	  { { 10, 20 }, { 20, 20, 1 } }, 0 },
	{ "data up to a lone FIN", { { 20, 20, 1, 1 }, { 10, 20, 0, 1 } },
	  { { 10, 20 }, { 20, 20, 1 } }, 0 },
	{ "the FIN is news", { { 10, 20, 0, 1 }, { 15, 20, 1, 0 } },
	  { { 10, 20, 1 } }, 0 },
	{ "the FIN is kept", { { 15, 20, 1, 1 }, { 10, 20, 0, 1 } },
	  { { 10, 20, 1 } }, 1 },
	{ "data behind the FIN", { { 10, 20, 1, 1 }, { 20, 30, 0, 0 } },
	  { { 10, 20, 1 } }, 0 },
	{ "tail behind the FIN", { { 10, 20, 1, 1 }, { 15, 30, 0, 0 } },
	  { { 10, 20, 1 } }, 0 },
	{ "a cut tail loses its FIN", { { 20, 40, 0, 1 }, { 10, 30, 1, 1 } },
	  { { 10, 20 }, { 20, 40 } }, 0 },
};

static void overlap_desc(const struct overlap *o, char *desc)
{
	strscpy(desc, o->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(overlap, overlaps, overlap_desc);

static u32 count(const struct xtcp_rnode *n)
{
	u32 k = 0;

	for (; n; n = n->next)
		k++;
	return k;
}

static void reasm_insert__overlap(struct kunit *test)
{
	const struct overlap *o = test->param_value;
	struct xtcp_rnode *nodes, *dead = NULL, *n, *lowest;
	struct xtcp_reasm r = {};
	u32 i, prio = 7;

	nodes = kunit_kzalloc(test, 5 * sizeof(*nodes), GFP_KERNEL);
	for (i = 0; i < 5 && (o->in[i].end || o->in[i].fin); i++) {
		nodes[i].seq = BASE + o->in[i].seq;
		nodes[i].end = BASE + o->in[i].end;
		nodes[i].fin = o->in[i].fin;
		prio = prio * 1664525 + 1013904223;
		nodes[i].prio = prio;
		KUNIT_EXPECT_EQ(test, xtcp_reasm_insert(&r, &nodes[i], &dead),
				o->in[i].kept);
	}
	KUNIT_EXPECT_EQ(test, count(dead), o->dead);
	for (i = 0; i < 4 && (o->tree[i].end || o->tree[i].fin); i++) {
		lowest = xtcp_reasm_first(&r);
		KUNIT_ASSERT_TRUE(test, lowest);
		KUNIT_EXPECT_EQ(test, lowest->seq - BASE, o->tree[i].seq);
		KUNIT_EXPECT_EQ(test, lowest->end - BASE, o->tree[i].end);
		KUNIT_EXPECT_EQ(test, lowest->fin, o->tree[i].fin);
		treap_del(&r, lowest);
	}
	n = r.root;
	KUNIT_EXPECT_PTR_EQ(test, n, (struct xtcp_rnode *)NULL);
	KUNIT_EXPECT_PTR_EQ(test, r.last, (struct xtcp_rnode *)NULL);
}

static void reasm_pull__in_order(struct kunit *test)
{
	struct xtcp_rnode *nodes, *got, *dead = NULL;
	struct xtcp_reasm r = {};
	u32 nxt = BASE + 10, i;
	bool fin = false;

	nodes = kunit_kzalloc(test, 4 * sizeof(*nodes), GFP_KERNEL);
	for (i = 0; i < 4; i++) {
		nodes[i].seq = BASE + 20 + 10 * i;
		nodes[i].end = BASE + 30 + 10 * i;
		nodes[i].prio = i * 77777777;
	}
	nodes[3].fin = true;
	nodes[2].seq += 5;		/* a gap before the third */
	for (i = 0; i < 4; i++)
		xtcp_reasm_insert(&r, &nodes[i], &dead);

	got = xtcp_reasm_pull(&r, &nxt, &fin, &dead);
	KUNIT_EXPECT_EQ(test, count(got), 0U);
	KUNIT_EXPECT_EQ(test, nxt, BASE + 10);
	/* the gap is filled, and half of the first with it */
	nxt = BASE + 25;
	got = xtcp_reasm_pull(&r, &nxt, &fin, &dead);
	KUNIT_EXPECT_EQ(test, count(got), 2U);
	KUNIT_EXPECT_EQ(test, nodes[0].seq, BASE + 25);
	KUNIT_EXPECT_EQ(test, nxt, BASE + 40);
	KUNIT_EXPECT_FALSE(test, fin);
	/* the third is passed over whole, the fourth in part */
	nxt = BASE + 55;
	got = xtcp_reasm_pull(&r, &nxt, &fin, &dead);
	KUNIT_EXPECT_EQ(test, count(got), 1U);
	KUNIT_EXPECT_EQ(test, count(dead), 1U);
	KUNIT_EXPECT_EQ(test, nxt, BASE + 60);
	KUNIT_EXPECT_TRUE(test, fin);
	KUNIT_EXPECT_TRUE(test, xtcp_reasm_empty(&r));
}

static void reasm_drop_last__order(struct kunit *test)
{
	struct xtcp_rnode *nodes, *dead = NULL, *n;
	struct xtcp_reasm r = {};
	u32 i;

	nodes = kunit_kzalloc(test, 16 * sizeof(*nodes), GFP_KERNEL);
	for (i = 0; i < 16; i++) {
		u32 at = i * 7 % 16;

		nodes[i].seq = BASE + 20 * at;
		nodes[i].end = BASE + 20 * at + 10;
		nodes[i].prio = i * 2654435761U;
		KUNIT_EXPECT_TRUE(test, xtcp_reasm_insert(&r, &nodes[i],
							  &dead));
	}
	for (i = 16; i--;) {
		n = xtcp_reasm_drop_last(&r);
		KUNIT_ASSERT_TRUE(test, n);
		KUNIT_EXPECT_EQ(test, n->seq, BASE + 20 * i);
	}
	KUNIT_EXPECT_PTR_EQ(test, xtcp_reasm_drop_last(&r),
			    (struct xtcp_rnode *)NULL);
}

#define SPACE 256	/* octets in the model */
#define POOL 512

struct model {
	struct xtcp_reasm r;
	struct xtcp_rnode pool[POOL];
	bool used[POOL];
	bool have[SPACE];
	u32 x;
};

static u32 model_random(struct model *m, u32 below)
{
	m->x = m->x * 1664525 + 1013904223;
	return (m->x >> 8) % below;
}

static void model_free(struct model *m, struct xtcp_rnode *n)
{
	for (; n; n = n->next)
		m->used[n - m->pool] = false;
}

/* The tree holds exactly the octets that the model says, in disjoint ranges */
static bool model_same(struct model *m)
{
	struct xtcp_rnode *n = xtcp_reasm_first(&m->r), *last = NULL;
	u32 off = 0, octets = 0;

	while (n) {
		octets += n->end - n->seq;
		if (n->end - n->seq > SPACE || n->seq - BASE < off)
			return false;
		for (; off < n->seq - BASE; off++)
			if (m->have[off])
				return false;
		for (; off < n->end - BASE; off++)
			if (!m->have[off])
				return false;
		last = n;
		n = higher_node(&m->r, n->seq);
	}
	for (; off < SPACE; off++)
		if (m->have[off])
			return false;
	return last == m->r.last && octets == m->r.octets;
}

static void model_insert(struct kunit *test, struct model *m, u32 from)
{
	u32 i = 0, a, len, k;
	struct xtcp_rnode *n, *dead = NULL;
	bool news = false;

	while (i < POOL && m->used[i])
		i++;
	if (i == POOL)
		return;
	a = from + 1 + model_random(m, SPACE - from - 1);
	len = 1 + model_random(m, SPACE - a);
	n = &m->pool[i];
	n->seq = BASE + a;
	n->end = BASE + a + len;
	n->fin = false;
	n->prio = model_random(m, 1 << 20);
	for (k = a; k < a + len; k++) {
		news |= !m->have[k];
		m->have[k] = true;
	}
	m->used[i] = xtcp_reasm_insert(&m->r, n, &dead);
	/* a node without news may be kept in place of those it covers */
	if (news && !m->used[i])
		KUNIT_FAIL(test, "news were refused");
	model_free(m, dead);
}

static u32 model_pull(struct kunit *test, struct model *m, u32 from)
{
	u32 nxt = BASE + from + 1, want = from + 1;
	struct xtcp_rnode *got, *dead = NULL;
	bool fin = false;

	m->have[from] = false;
	while (want < SPACE && m->have[want])
		m->have[want++] = false;
	got = xtcp_reasm_pull(&m->r, &nxt, &fin, &dead);
	model_free(m, got);
	model_free(m, dead);
	KUNIT_EXPECT_EQ(test, nxt, BASE + want);
	return want;
}

static void reasm__random(struct kunit *test)
{
	struct model *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	u32 round, i, used;

	m->x = 12345;
	for (round = 0; round < 300; round++) {
		u32 from = 0, n = 1 + model_random(m, 12);

		memset(m->have, 0, sizeof(m->have));
		while (from < SPACE - 2) {
			for (i = 0; i < n && from < SPACE - 2; i++)
				model_insert(test, m, from);
			if (!model_same(m)) {
				KUNIT_FAIL(test, "round %u from %u", round,
					   from);
				return;
			}
			from = model_pull(test, m, from);
		}
		model_free(m, NULL);
		while (xtcp_reasm_drop_last(&m->r))
			;
		memset(m->used, 0, sizeof(m->used));
	}
	for (i = used = 0; i < POOL; i++)
		used += m->used[i];
	KUNIT_EXPECT_EQ(test, used, 0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(reasm_insert__overlap, overlap_gen_params),
	KUNIT_CASE(reasm_pull__in_order),
	KUNIT_CASE(reasm_drop_last__order),
	KUNIT_CASE(reasm__random),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_reasm", .test_cases = cases };
kunit_test_suite(suite);
