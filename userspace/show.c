// SPDX-License-Identifier: GPL-2.0
/*
 * xtcp stat, xtcp show: what the module says about the network namespace that
 * the command runs in.  Nothing is computed here, only laid out.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

#define STAT_PATH	"/proc/net/xtcp_stat"
#define SHOW_PATH	"/proc/net/xtcp"

static FILE *open_or_say(const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file)
		fprintf(stderr, "xtcp: %s: %s\n", path, errno == ENOENT ?
			"not there: is xtcp.ko inserted?" : strerror(errno));
	return file;
}

static void stat_usage(FILE *to)
{
	fprintf(to, "usage: xtcp stat [--all] [NAME]...\n\n"
		"  -a, --all   zero counters too\n"
		"  NAME        only these counters, zero or not\n");
}

static int wanted(const char *name, char **names)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return 1;
	return 0;
}

int cmd_stat(int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned long long value;
	char name[128];
	int all = 0;
	FILE *file;
	int opt;

	while ((opt = getopt_long(argc, argv, "ah", options, NULL)) != -1) {
		switch (opt) {
		case 'a':
			all = 1;
			break;
		case 'h':
			stat_usage(stdout);
			return EXIT_SUCCESS;
		default:
			stat_usage(stderr);
			return EXIT_USAGE;
		}
	}

	file = open_or_say(STAT_PATH);
	if (!file)
		return EXIT_FAILURE;
	while (fscanf(file, "%127s %llu", name, &value) == 2) {
		if (argv[optind] ? wanted(name, argv + optind) : all || value)
			printf("%-28s %12llu\n", name, value);
	}
	fclose(file);
	return EXIT_SUCCESS;
}

int cmd_show(int argc, char **argv)
{
	char buf[4096];
	FILE *file;
	size_t n;

	if (argc > 1) {
		int help = !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h");

		fprintf(help ? stdout : stderr, "usage: xtcp show\n");
		return help ? EXIT_SUCCESS : EXIT_USAGE;
	}
	file = open_or_say(SHOW_PATH);
	if (!file)
		return EXIT_FAILURE;
	while ((n = fread(buf, 1, sizeof(buf), file)) > 0)
		fwrite(buf, 1, n, stdout);
	fclose(file);
	return EXIT_SUCCESS;
}
