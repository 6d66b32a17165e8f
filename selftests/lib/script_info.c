// SPDX-License-Identifier: GPL-2.0
/*
 * The script step on TCP_INFO: info FIELD=N.. with = < or >, FIELD without "tcpi_", or
 * an option's name. What an older kernel does not know is not compared.
 */
#include <errno.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "script.h"

/* The header may be older than the kernel: 6.2 and 6.7 have put these behind it */
#define END (offsetof(struct tcp_info, tcpi_snd_wnd) + 4)

#define FIELD(name) { #name, offsetof(struct tcp_info, tcpi_##name), \
		      sizeof(((struct tcp_info *)0)->tcpi_##name) }

static const struct field {
	const char *name;
	size_t at, size;
} fields[] = {
	FIELD(state), FIELD(ca_state), FIELD(retransmits), FIELD(probes), FIELD(backoff),
	FIELD(rto), FIELD(snd_mss), FIELD(rcv_mss), FIELD(unacked), FIELD(sacked), FIELD(lost),
	FIELD(retrans), FIELD(last_data_sent), FIELD(last_data_recv), FIELD(last_ack_recv),
	FIELD(rcv_ssthresh), FIELD(rtt), FIELD(snd_cwnd), FIELD(reordering), FIELD(rcv_rtt),
	FIELD(rcv_space), FIELD(total_retrans), FIELD(bytes_acked), FIELD(bytes_received),
	FIELD(segs_out), FIELD(segs_in), FIELD(notsent_bytes), FIELD(min_rtt),
	FIELD(data_segs_in), FIELD(data_segs_out), FIELD(delivery_rate), FIELD(delivered),
	FIELD(delivered_ce), FIELD(bytes_sent), FIELD(bytes_retrans), FIELD(dsack_dups),
	FIELD(reord_seen), FIELD(rcv_ooopack), FIELD(snd_wnd),
	{ "rcv_wnd", END, 4 }, { "rehash", END + 4, 4 }, { "total_rto", END + 8, 2 },
	{ "total_rto_recoveries", END + 10, 2 },
};

static const struct {
	const char *name;
	unsigned int bit;
} options[] = {
	{ "ts", TCPI_OPT_TIMESTAMPS }, { "sack", TCPI_OPT_SACK }, { "wscale", TCPI_OPT_WSCALE },
	{ "ecn", TCPI_OPT_ECN }, { "ecn_seen", TCPI_OPT_ECN_SEEN },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Return: 0, with @is and @known; else there is no such field */
static int look_up(const unsigned char *info, size_t len, const char *name,
		   unsigned long long *is, bool *known)
{
	size_t i;

	*known = true;
	*is = 0;
	for (i = 0; i < COUNT(options); i++)
		if (!strcmp(options[i].name, name)) {
			*is = !!(info[offsetof(struct tcp_info, tcpi_options)] & options[i].bit);
			return 0;
		}
	for (i = 0; i < COUNT(fields); i++)
		if (!strcmp(fields[i].name, name)) {
			*known = fields[i].at + fields[i].size <= len;
			memcpy(is, info + fields[i].at, fields[i].size);
			return 0;
		}
	return -1;
}

int script_info(struct script *s, int fd, char **arg, int n)
{
	unsigned char info[512] = {};
	socklen_t len = sizeof(info);
	int i;

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &len))
		return script_fail(s, "%s", strerror(errno));
	for (i = 0; i < n; i++) {
		unsigned long long is, want;
		char *v, op = script_split(arg[i], &v);
		bool known;

		if (!op || look_up(info, len, arg[i], &is, &known))
			return script_fail(s, "no field %s", arg[i]);
		want = strtoull(v, NULL, 0);
		if (known && !(op == '=' ? is == want : op == '<' ? is < want : is > want))
			return script_fail(s, "%s is %llu, not %c %s", arg[i], is, op, v);
	}
	return 0;
}
