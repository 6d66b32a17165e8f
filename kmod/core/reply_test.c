// SPDX-License-Identifier: GPL-2.0
/* Tests of the reset that answers a segment without a connection. */
#include <kunit/test.h>

#include "reply.c"

struct answer {
	const char *name;
	struct xtcp_seg in;
	bool sent;
	struct xtcp_seg out;
};

/* RFC 9293 3.10.7.1 */
static const struct answer answers[] = {
	{ "a reset is not answered", { .flags = XTCP_RST, .seq = 5 }, false },
	{ "nor one with an ACK", { .flags = XTCP_RST | XTCP_ACK }, false },
	{ "a SYN", { .flags = XTCP_SYN, .seq = 100 }, true,
	  { .flags = XTCP_RST | XTCP_ACK, .seq = 0, .ack = 101 } },
	{ "a SYN with data", { .flags = XTCP_SYN, .seq = 0xffffffff, .len = 9 },
	  true, { .flags = XTCP_RST | XTCP_ACK, .seq = 0, .ack = 9 } },
	{ "data and FIN without ACK", { .flags = XTCP_FIN, .seq = 7, .len = 3 },
	  true, { .flags = XTCP_RST | XTCP_ACK, .seq = 0, .ack = 11 } },
	{ "an ACK", { .flags = XTCP_ACK, .seq = 7, .ack = 55 }, true,
	  { .flags = XTCP_RST, .seq = 55 } },
	{ "a SYN-ACK", { .flags = XTCP_SYN | XTCP_ACK, .seq = 7, .ack = 55 },
	  true, { .flags = XTCP_RST, .seq = 55 } },
	{ "a null segment", { .seq = 7 }, true,
	  { .flags = XTCP_RST | XTCP_ACK, .seq = 0, .ack = 7 } },
};

static void answer_desc(const struct answer *a, char *desc)
{
	strscpy(desc, a->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(answer, answers, answer_desc);

static void reply_rst__table(struct kunit *test)
{
	const struct answer *a = test->param_value;
	struct xtcp_seg out;

	memset(&out, 0xee, sizeof(out));
	KUNIT_EXPECT_EQ(test, xtcp_reply_rst(&out, &a->in), a->sent);
	if (!a->sent)
		return;
	KUNIT_EXPECT_EQ(test, out.flags, a->out.flags);
	KUNIT_EXPECT_EQ(test, out.seq, a->out.seq);
	KUNIT_EXPECT_EQ(test, out.ack, a->out.ack);
	KUNIT_EXPECT_EQ(test, out.len, 0U);
	KUNIT_EXPECT_EQ(test, out.opts, 0);
	KUNIT_EXPECT_EQ(test, out.wnd, 0);
	KUNIT_EXPECT_EQ(test, out.hlen, 20);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(reply_rst__table, answer_gen_params),
	{}
};

static struct kunit_suite suite = { .name = "xtcp_reply", .test_cases = cases };
kunit_test_suite(suite);
