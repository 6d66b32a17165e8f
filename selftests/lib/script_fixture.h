/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fixture of the wire-level programs: each case runs over both families, with
 * XTCP and with the kernel's own TCP, which so proves the script itself. Over IPv6 the
 * test's sequence numbers wrap within the first bytes.
 */
#ifndef XTCP_SELFTESTS_SCRIPT_FIXTURE_H
#define XTCP_SELFTESTS_SCRIPT_FIXTURE_H

#include "kselftest_harness.h"
#include "script.h"

#define ISN_PLAIN 0x01000000u
#define ISN_WRAP 0xfffffffbu

/* Virtual hours pass in some cases. */
#define WIRE_TIMEOUT 600
#define WIRE_TIMEOUT_LONG 7200

#define WIRE_FIXTURE(fixture)						\
FIXTURE(fixture) {							\
	struct script *s;						\
};									\
FIXTURE_VARIANT(fixture) {						\
	int family, proto;						\
	uint32_t isn;							\
};									\
FIXTURE_SETUP(fixture)							\
{									\
	self->s = calloc(1, sizeof(*self->s));				\
	ASSERT_NE(NULL, self->s);					\
	ASSERT_EQ(0, script_open(self->s, variant->family,		\
				 variant->proto, variant->isn, false));	\
}									\
FIXTURE_TEARDOWN(fixture)						\
{									\
	script_close(self->s);						\
	free(self->s);							\
}

#define WIRE_VARIANT(fixture, name, af, ipproto, first)			\
FIXTURE_VARIANT_ADD(fixture, name) {					\
	.family = af, .proto = ipproto, .isn = first,			\
}

/* "wire": XTCP and TCP do the same. "own": what only XTCP does or can show. */
#define WIRE_FIXTURES							\
WIRE_FIXTURE(wire)							\
WIRE_VARIANT(wire, tcp4, AF_INET, IPPROTO_TCP, ISN_PLAIN);		\
WIRE_VARIANT(wire, tcp6, AF_INET6, IPPROTO_TCP, ISN_WRAP);		\
WIRE_VARIANT(wire, xtcp4, AF_INET, SCRIPT_XTCP_PROTO, ISN_PLAIN);	\
WIRE_VARIANT(wire, xtcp6, AF_INET6, SCRIPT_XTCP_PROTO, ISN_WRAP)

#define WIRE_FIXTURES_OWN						\
WIRE_FIXTURE(own)							\
WIRE_VARIANT(own, xtcp4, AF_INET, SCRIPT_XTCP_PROTO, ISN_PLAIN);	\
WIRE_VARIANT(own, xtcp6, AF_INET6, SCRIPT_XTCP_PROTO, ISN_WRAP)

#define PLAY(...) do {							\
	int failed = script_play(self->s, __VA_ARGS__);			\
									\
	ASSERT_EQ(0, failed);						\
} while (0)

/* In place of TEST_HARNESS_MAIN: what the cases share is made before they are forked. */
#define WIRE_MAIN							\
int main(int argc, char **argv)						\
{									\
	wire_share();							\
	return test_harness_run(argc, argv);				\
}

/* One script, one test. */
#define WIRE(name, text) \
	TEST_F_TIMEOUT(wire, name, WIRE_TIMEOUT) { PLAY(text); }
#define WIRE_LONG(name, text) \
	TEST_F_TIMEOUT(wire, name, WIRE_TIMEOUT_LONG) { PLAY(text); }
#define OWN(name, text) \
	TEST_F_TIMEOUT(own, name, WIRE_TIMEOUT) { PLAY(text); }
#define OWN_LONG(name, text) \
	TEST_F_TIMEOUT(own, name, WIRE_TIMEOUT_LONG) { PLAY(text); }

#endif
