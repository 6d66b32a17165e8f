// SPDX-License-Identifier: GPL-2.0
/*
 * Prints what one counter of a network namespace says, or waits for it, in one process:
 *
 *	helper_counter NAMESPACE NAME [ABOVE]
 *
 * NAME is one of /proc/net/xtcp_stat's, or LINE:NAME of /proc/net/xtcp_sockstat. With
 * ABOVE nothing is printed: the counter is looked at each 50 ms until it is larger.
 * Exit status 1 if that takes an hour, or if there is no such counter.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What follows @name where lines begin with it */
static int number_of(const char *name, long long *value)
{
	FILE *f = fopen("/proc/thread-self/net/xtcp_stat", "r");
	char word[64];
	int found = 0;

	while (f && !found && fscanf(f, "%63s %lld", word, value) == 2)
		found = !strcmp(word, name);
	if (f)
		fclose(f);
	return found;
}

/* What follows @name on the line that begins with "@line:" */
static int number_on(const char *line, int len, const char *name, long long *value)
{
	FILE *f = fopen("/proc/thread-self/net/xtcp_sockstat", "r");
	char text[512];
	int found = 0;

	while (f && !found && fgets(text, sizeof(text), f)) {
		char *word = strtok(text, " \n");

		if (!word || strncmp(word, line, len) || word[len] != ':')
			continue;
		while ((word = strtok(NULL, " \n")) && strcmp(word, name))
			;
		word = strtok(NULL, " \n");
		found = word && sscanf(word, "%lld", value) == 1;
	}
	if (f)
		fclose(f);
	return found;
}

int main(int argc, char **argv)
{
	const char *colon;
	char path[256];
	long long value;
	int fd, i;

	if (argc < 3 || argc > 4) {
		fprintf(stderr, "usage: helper_counter NAMESPACE NAME [ABOVE]\n");
		return 2;
	}
	snprintf(path, sizeof(path), "/run/netns/%s", argv[1]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET)) {
		perror(path);
		return 2;
	}
	close(fd);
	colon = strchr(argv[2], ':');
	for (i = 0; i < 3600 * 20; i++) {
		if (!(colon ? number_on(argv[2], colon - argv[2], colon + 1, &value) :
			      number_of(argv[2], &value))) {
			fprintf(stderr, "there is no counter %s\n", argv[2]);
			return 1;
		}
		if (argc == 3)
			return printf("%lld\n", value) < 0;
		if (value > atoll(argv[3]))
			return 0;
		usleep(50000);
	}
	return 1;
}
