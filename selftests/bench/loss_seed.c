// SPDX-License-Identifier: GPL-2.0
/*
 * loss_seed NETNS IFACE SEED: the netem at the root of an interface draws its
 * random numbers from SEED on, so that the same packets are lost, held up or
 * reordered, counted from there, each time. It is what 'tc qdisc change ... seed'
 * does, which older iproute2 does not have. A kernel before 6.6 has no such
 * thing: then it says so, and exits with 3.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PRNG_SEED 14	/* TCA_NETEM_PRNG_SEED, which not all headers have */

union message {
	struct nlmsghdr head;
	char room[16384];
};

static int sock;

static struct rtattr *find(struct rtattr *at, int left, int type)
{
	for (; RTA_OK(at, left); at = RTA_NEXT(at, left))
		if ((at->rta_type & NLA_TYPE_MASK) == type)
			return at;
	return NULL;
}

static void ask(struct nlmsghdr *request)
{
	if (send(sock, request, request->nlmsg_len, 0) < 0)
		err(1, "netlink");
}

/* The one that is a netem at the root: as netlink tells it, or NULL */
static struct nlmsghdr *pick(union message *answer, int got, int index)
{
	struct nlmsghdr *at = &answer->head;

	for (; NLMSG_OK(at, (unsigned int)got); at = NLMSG_NEXT(at, got)) {
		struct tcmsg *tc = NLMSG_DATA(at);
		struct rtattr *kind;

		if (at->nlmsg_type == NLMSG_DONE)
			errx(1, "no netem there");
		if (at->nlmsg_type != RTM_NEWQDISC || tc->tcm_ifindex != index ||
		    tc->tcm_parent != TC_H_ROOT)
			continue;
		kind = find(TCA_RTA(tc), TCA_PAYLOAD(at), TCA_KIND);
		if (kind && !strcmp(RTA_DATA(kind), "netem"))
			return at;
	}
	return NULL;
}

/* Says to netem what it has said, with another seed */
static void seed(struct nlmsghdr *netem, unsigned long long number)
{
	struct tcmsg *tc = NLMSG_DATA(netem);
	struct rtattr *options, *at;
	union message answer;
	int skip = RTA_ALIGN(sizeof(struct tc_netem_qopt));
	int got;

	options = find(TCA_RTA(tc), TCA_PAYLOAD(netem), TCA_OPTIONS);
	if (!options)
		errx(1, "netem has no options");
	at = find((struct rtattr *)((char *)RTA_DATA(options) + skip),
		  RTA_PAYLOAD(options) - skip, PRNG_SEED);
	if (!at) {
		warnx("this kernel's netem takes no seed");
		exit(3);
	}
	memcpy(RTA_DATA(at), &number, sizeof(number));
	tc->tcm_info = 0;
	netem->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	netem->nlmsg_seq = 2;
	ask(netem);
	do {
		got = recv(sock, &answer, sizeof(answer), 0);
		if (got < 0)
			err(1, "netlink");
	} while (answer.head.nlmsg_seq != 2);
	if (answer.head.nlmsg_type == NLMSG_ERROR &&
	    ((struct nlmsgerr *)NLMSG_DATA(&answer.head))->error)
		errx(1, "netem does not take it");
}

int main(int argc, char **argv)
{
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
	} request = {
		.head = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETQDISC,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
			.nlmsg_seq = 1,
		},
		.tc.tcm_family = AF_UNSPEC,
	};
	struct nlmsghdr *netem = NULL;
	union message answer;
	int netns, index;

	if (argc != 4)
		errx(2, "usage: loss_seed NETNS IFACE SEED");
	netns = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (netns < 0 || setns(netns, CLONE_NEWNET))
		err(1, "%s", argv[1]);
	index = if_nametoindex(argv[2]);
	if (!index)
		err(1, "%s", argv[2]);
	sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (sock < 0)
		err(1, "netlink");
	ask(&request.head);
	while (!netem) {
		int got = recv(sock, &answer, sizeof(answer), 0);

		if (got <= 0)
			err(1, "netlink");
		netem = pick(&answer, got, index);
	}
	/* small numbers would begin alike in netem's generator: spread them */
	seed(netem, strtoull(argv[3], NULL, 10) * 0x9e3779b97f4a7c15ULL);
	return 0;
}
