// SPDX-License-Identifier: GPL-2.0
/*
 * segments IFACE...: switch off everything that lets a packet on these
 * interfaces be more than one segment, and fail if something stays on.  It
 * does what 'ethtool -K' would, without asking for ethtool.
 */
#include <err.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FEATURES	256
#define BLOCKS		(MAX_FEATURES / 32)

static int sock;

static void call(const char *iface, void *command)
{
	struct ifreq request = { .ifr_data = command };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", iface);
	if (ioctl(sock, SIOCETHTOOL, &request))
		err(1, "SIOCETHTOOL on %s", iface);
}

/*
 * By name, because a kernel's feature bits are not numbered for userspace.
 * tx-sctp-segmentation is among them: it is the type that other protocols
 * than TCP and UDP use, and stays on under 'ethtool -K gso off'.
 */
static int joins_segments(const char *feature)
{
	return strstr(feature, "segmentation") ||
	       !strncmp(feature, "rx-gro", strlen("rx-gro")) ||
	       !strcmp(feature, "rx-udp-gro-forwarding");
}

static unsigned int feature_names(const char *iface,
				  struct ethtool_gstrings **names)
{
	struct {
		struct ethtool_sset_info head;
		unsigned int count;
	} info = {
		.head = { .cmd = ETHTOOL_GSSET_INFO,
			  .sset_mask = 1ULL << ETH_SS_FEATURES },
	};

	call(iface, &info);
	if (info.count > MAX_FEATURES)
		errx(1, "%s has %u features", iface, info.count);
	*names = calloc(1, sizeof(**names) + info.count * ETH_GSTRING_LEN);
	if (!*names)
		err(1, "calloc");
	(*names)->cmd = ETHTOOL_GSTRINGS;
	(*names)->string_set = ETH_SS_FEATURES;
	(*names)->len = info.count;
	call(iface, *names);
	return info.count;
}

static void switch_off(const char *iface)
{
	struct {
		struct ethtool_sfeatures head;
		struct ethtool_set_features_block block[BLOCKS];
	} set = { .head = { .cmd = ETHTOOL_SFEATURES } };
	struct {
		struct ethtool_gfeatures head;
		struct ethtool_get_features_block block[BLOCKS];
	} get = { .head = { .cmd = ETHTOOL_GFEATURES } };
	struct ethtool_gstrings *names;
	unsigned int count = feature_names(iface, &names);

	get.head.size = (count + 31) / 32;
	set.head.size = get.head.size;
	call(iface, &get);
	for (unsigned int i = 0; i < count; i++) {
		unsigned int bit = 1U << (i % 32);

		if (joins_segments((char *)names->data + i * ETH_GSTRING_LEN))
			set.block[i / 32].valid |=
				bit & get.block[i / 32].available;
	}
	call(iface, &set);
	call(iface, &get);
	for (unsigned int i = 0; i < count; i++) {
		unsigned int bit = 1U << (i % 32);

		if (set.block[i / 32].valid & get.block[i / 32].active & bit)
			errx(1, "%s: %s stays on", iface,
			     (char *)names->data + i * ETH_GSTRING_LEN);
	}
	free(names);
}

int main(int argc, char **argv)
{
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	if (sock < 0)
		err(1, "socket");
	for (int i = 1; i < argc; i++)
		switch_off(argv[i]);
	close(sock);
	return 0;
}
