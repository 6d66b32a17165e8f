// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's object caches hold, from /proc/slabinfo.  Caches of equal
 * object size may be merged under one name, so no name of ours is looked for:
 * the caller takes the difference of the totals of two runs.
 */
#include "bench.h"

#include <err.h>
#include <stdio.h>
#include <string.h>

/* One connection of Linux TCP has parts in these. */
static int of_tcp(const char *cache)
{
	return !strncmp(cache, "TCP", 3) || !strncmp(cache, "tcp_", 4) ||
	       !strncmp(cache, "tw_sock_TCP", 11) ||
	       !strncmp(cache, "request_sock_TCP", 16);
}

/**
 * slab_read() - add up the objects in use
 *
 * Return: the sums; a failure ends the program.
 */
struct slab_use slab_read(void)
{
	FILE *file = fopen("/proc/slabinfo", "re");
	struct slab_use use = { 0, 0 };
	long long active, all, size;
	char line[512];
	char name[64];

	if (!file)
		err(1, "/proc/slabinfo");
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%63s %lld %lld %lld", name, &active, &all,
			   &size) != 4)
			continue;
		use.total += active * size;
		if (of_tcp(name))
			use.tcp += active * size;
	}
	fclose(file);
	if (!use.total)
		errx(1, "/proc/slabinfo names no cache");
	return use;
}
