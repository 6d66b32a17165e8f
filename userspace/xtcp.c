// SPDX-License-Identifier: GPL-2.0
/*
 * xtcp: try the XTCP transport from a shell.  This file picks the subcommand;
 * what each does is in its own file.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
} commands[] = {
	{ "echo", cmd_echo, "send lines or a file, and answer them" },
	{ "stat", cmd_stat, "print the counters of this network namespace" },
	{ "show", cmd_show, "print the connections of this network namespace" },
	{ NULL, NULL, NULL },
};

static void print_usage(FILE *to)
{
	fprintf(to, "usage: xtcp COMMAND [OPTION]...\n\n");
	for (size_t i = 0; commands[i].name; i++)
		fprintf(to, "  %-6s %s\n", commands[i].name, commands[i].help);
	fprintf(to, "\n'xtcp COMMAND --help' lists its options; see xtcp(1).\n");
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h")) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	for (size_t i = 0; commands[i].name; i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "xtcp: no command '%s'\n", argv[1]);
	print_usage(stderr);
	return EXIT_USAGE;
}
