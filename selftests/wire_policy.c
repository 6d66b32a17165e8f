// SPDX-License-Identifier: GPL-2.0
/*
 * IPsec's policy: with one that blocks the protocol, nobody gets a segment and nobody
 * answers one, be it for a listener, a connection, TIME-WAIT or a port of nobody's.
 */
#include <linux/netlink.h>
#include <linux/xfrm.h>
#include <sys/socket.h>

#include "lib/script_fixture.h"

WIRE_FIXTURES;

/* In the namespace that this process is in. Return: 0, or -1 */
static int policy(const struct script *s, bool block)
{
	struct {
		struct nlmsghdr head;
		union {
			struct xfrm_userpolicy_info info;
			struct xfrm_userpolicy_id id;
		};
	} ask = {
		.head = { .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
	};
	struct xfrm_selector sel = { .family = s->family, .proto = s->proto };
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
	} answer = { .error = { .error = -1 } };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_XFRM);

	if (block) {
		ask.head.nlmsg_type = XFRM_MSG_NEWPOLICY;
		ask.head.nlmsg_len = NLMSG_LENGTH(sizeof(ask.info));
		ask.info.sel = sel;
		ask.info.dir = XFRM_POLICY_IN;
		ask.info.action = XFRM_POLICY_BLOCK;
		ask.info.lft.soft_byte_limit = XFRM_INF;
		ask.info.lft.hard_byte_limit = XFRM_INF;
		ask.info.lft.soft_packet_limit = XFRM_INF;
		ask.info.lft.hard_packet_limit = XFRM_INF;
	} else {
		ask.head.nlmsg_type = XFRM_MSG_DELPOLICY;
		ask.head.nlmsg_len = NLMSG_LENGTH(sizeof(ask.id));
		ask.id.sel = sel;
		ask.id.dir = XFRM_POLICY_IN;
	}
	if (fd < 0 || send(fd, &ask, ask.head.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0 || answer.error.error) {
		printf("# policy: errno %d, answer %d\n", errno, answer.error.error);
		answer.error.error = -1;
	}
	close(fd);
	return answer.error.error;
}

#define BLOCKED(text) do {						\
	ASSERT_EQ(0, policy(self->s, true));				\
	PLAY(text);							\
	ASSERT_EQ(0, policy(self->s, false));				\
} while (0)

TEST_F_TIMEOUT(wire, blocked, WIRE_TIMEOUT)
{
	PLAY("xtcp: stat DropPolicy=0; sysctl syncookies 1; listen");
	BLOCKED("> S 0 mss=1460; <-; xtcp: stat DropPolicy=1");
	PLAY("> S 0 mss=1460; < SA 0; > A 1; accept");
	BLOCKED("> PA 1+10; <-; noread; xtcp: stat DropPolicy=2");
	PLAY("> PA 1+10; recv 10; < A 1 ack=11; shut wr; < FA 1; > FA 11 ack=2; < A 2");
	BLOCKED("> FA 11 ack=2; <-; xtcp: stat DropPolicy=3");
	PLAY("> FA 11 ack=2; < A 2; flow 1");
	BLOCKED("> S 0 dport=5001; <-");
	PLAY("> S 0 dport=5001; < RA 0");
}

int main(int argc, char **argv)
{
	/* A socket of it has the kernel look for it, but not in every VM. */
	if (system("modprobe -q xfrm_user"))
		printf("# no module xfrm_user\n");
	wire_share();
	return test_harness_run(argc, argv);
}
