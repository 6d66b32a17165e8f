// SPDX-License-Identifier: GPL-2.0
/*
 * xtcp echo: the command line, and what both ends share.  The ends are in
 * echo_server.c and echo_client.c.
 */
#include "echo.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"

static void print_usage(FILE *to)
{
	fprintf(to,
		"usage: xtcp echo --server [OPTION]... ADDRESS:PORT\n"
		"       xtcp echo --client [OPTION]... ADDRESS:PORT\n\n"
		"  -s, --server       answer what arrives with the same bytes\n"
		"  -c, --client       send stdin or a file, print the answer\n"
		"  -u, --upper        server: answer each line in capitals\n"
		"  -f, --file FILE    client: send FILE; server: keep what arrives in FILE\n"
		"  -o, --output FILE  client: write the answer to FILE\n"
		"  -n, --conns N      server: end after N connections\n"
		"  -p, --pause MS     hesitate before each answer and before closing\n"
		"  -t, --tcp          Linux TCP in place of XTCP\n\n"
		"ADDRESS is 192.0.2.1, [2001:db8::1] or [fe80::1%%eth0].\n");
}

/**
 * echo_hesitate() - let the other end and its timers have a turn
 * @ms: for how long
 */
void echo_hesitate(int ms)
{
	if (ms > 0)
		poll(NULL, 0, ms);
}

/**
 * echo_failed() - say which call failed, and why
 * @what: the call
 *
 * Return: the exit status for it.
 */
int echo_failed(const char *what)
{
	if (errno == EAFNOSUPPORT)
		fprintf(stderr, "xtcp: %s: unknown to this kernel: is xtcp.ko inserted?\n",
			what);
	else
		fprintf(stderr, "xtcp: %s: %s\n", what, strerror(errno));
	return EXIT_FAILURE;
}

static int parse_number(const char *text, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (errno || end == text || *end || *value < 0 || *value > INT_MAX) {
		fprintf(stderr, "xtcp: '%s' is not a number\n", text);
		return -1;
	}
	return 0;
}

/* Return: 's' or 'c', 'h' for help, or -1 if the line makes no sense. */
static int parse(int argc, char **argv, struct echo_plan *plan)
{
	static const struct option options[] = {
		{ "server", no_argument, NULL, 's' },
		{ "client", no_argument, NULL, 'c' },
		{ "upper", no_argument, NULL, 'u' },
		{ "file", required_argument, NULL, 'f' },
		{ "output", required_argument, NULL, 'o' },
		{ "conns", required_argument, NULL, 'n' },
		{ "pause", required_argument, NULL, 'p' },
		{ "tcp", no_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	long value;
	int end = -1;
	int opt;

	while ((opt = getopt_long(argc, argv, "scuf:o:n:p:th", options,
				  NULL)) != -1) {
		switch (opt) {
		case 's':
		case 'c':
			if (end != -1 && end != opt)
				return -1;
			end = opt;
			break;
		case 'u':
			plan->upper = 1;
			break;
		case 'f':
			plan->file = optarg;
			break;
		case 'o':
			plan->output = optarg;
			break;
		case 'n':
			if (parse_number(optarg, &plan->conns))
				return -1;
			break;
		case 'p':
			if (parse_number(optarg, &value))
				return -1;
			plan->pause_ms = (int)value;
			break;
		case 't':
			plan->over = XTCP_OVER_TCP;
			break;
		case 'h':
			return 'h';
		default:
			return -1;
		}
	}
	if (end == -1 || argc - optind != 1)
		return -1;
	if (end == 'c' ? plan->upper || plan->conns : !!plan->output) {
		fprintf(stderr, "xtcp: that option is for the other end\n");
		return -1;
	}
	if (xtcp_parse(&plan->addr, argv[optind])) {
		fprintf(stderr, "xtcp: '%s' is not an address with a port\n",
			argv[optind]);
		return -1;
	}
	return end;
}

int cmd_echo(int argc, char **argv)
{
	struct echo_plan plan = { .over = XTCP_OVER_XTCP };

	switch (parse(argc, argv, &plan)) {
	case 's':
		return echo_serve(&plan);
	case 'c':
		return echo_call(&plan);
	case 'h':
		print_usage(stdout);
		return EXIT_SUCCESS;
	default:
		print_usage(stderr);
		return EXIT_USAGE;
	}
}
