// SPDX-License-Identifier: GPL-2.0
/*
 * Checksums left to the device: the TUN device says that it fills and verifies them
 * (CHECKSUM_PARTIAL out, CHECKSUM_PARTIAL and CHECKSUM_UNNECESSARY in).
 */
#include <linux/virtio_net.h>

#include "lib/script_fixture.h"

FIXTURE(csum) {
	struct script *s;
};

FIXTURE_VARIANT(csum) {
	int family, proto;
};

FIXTURE_VARIANT_ADD(csum, tcp4) {
	.family = AF_INET, .proto = IPPROTO_TCP,
};

FIXTURE_VARIANT_ADD(csum, xtcp4) {
	.family = AF_INET, .proto = SCRIPT_XTCP_PROTO,
};

FIXTURE_VARIANT_ADD(csum, tcp6) {
	.family = AF_INET6, .proto = IPPROTO_TCP,
};

FIXTURE_VARIANT_ADD(csum, xtcp6) {
	.family = AF_INET6, .proto = SCRIPT_XTCP_PROTO,
};

FIXTURE_SETUP(csum)
{
	self->s = calloc(1, sizeof(*self->s));
	ASSERT_NE(NULL, self->s);
	ASSERT_EQ(0, script_open(self->s, variant->family, variant->proto, ISN_WRAP,
				 true));
}

FIXTURE_TEARDOWN(csum)
{
	script_close(self->s);
	free(self->s);
}

/* Send @len bytes at @seq with this virtio header. */
static int send_marked(struct script *s, uint32_t seq, int len, uint8_t flags, bool bad)
{
	struct wire_seg *g = malloc(sizeof(*g));
	int i, rc;

	wire_seg_init(&s->w, g);
	g->sport = s->f->pport;
	g->dport = s->f->hport;
	g->seq = s->f->iss + seq;
	g->ack = s->f->irs + s->f->rcvd;
	g->flags = WIRE_ACK | WIRE_PSH;
	g->len = len;
	for (i = 0; i < len; i++)
		g->data[i] = script_pattern(false, seq - 1 + i);
	g->vnet_flags = flags;
	if (flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		g->csum_start = s->family == AF_INET ? 20 : 40;
		g->csum_offset = 16;
	}
	g->badsum = bad;
	rc = wire_send(&s->w, g);
	free(g);
	return rc;
}

/*
 * What the host leaves to the device must be marked right; the script itself has
 * checked that the field holds the pseudo-header's sum then, else the whole one.
 */
TEST_F_TIMEOUT(csum, left_to_the_device, WIRE_TIMEOUT)
{
	struct wire_seg *g = &self->s->f->last;

	PLAY("proves MUST-2\n"
	     "passive; send 1000; < PA 1+1000");
	if (self->s->proto == IPPROTO_TCP)
		ASSERT_EQ(VIRTIO_NET_HDR_F_NEEDS_CSUM, g->vnet_flags);
	if (g->vnet_flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		ASSERT_EQ(self->s->family == AF_INET ? 20 : 40, g->csum_start);
		ASSERT_EQ(16, g->csum_offset);
	}
	PLAY("> A 1 ack=1001; sent 0; shut wr; < FA 1001; > RA 1 ack=1002");
}

TEST_F_TIMEOUT(csum, unfinished_from_the_device, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, send_marked(self->s, 1, 100, VIRTIO_NET_HDR_F_NEEDS_CSUM, false));
	PLAY("recv 100; < A 1 ack=101");
}

TEST_F_TIMEOUT(csum, verified_by_the_device, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, send_marked(self->s, 1, 100, VIRTIO_NET_HDR_F_DATA_VALID, false));
	PLAY("recv 100; < A 1 ack=101");
}

TEST_F_TIMEOUT(csum, wrong_and_not_verified, WIRE_TIMEOUT)
{
	PLAY("passive");
	ASSERT_EQ(0, send_marked(self->s, 1, 100, 0, true));
	PLAY("<-; noread");
	ASSERT_EQ(0, send_marked(self->s, 1, 100, 0, false));
	PLAY("recv 100; < A 1 ack=101");
}

WIRE_MAIN
