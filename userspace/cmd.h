/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The subcommands of xtcp(1).  Each takes its own argv, [0] being its name,
 * and returns the program's exit status.
 */
#ifndef XTCP_CMD_H
#define XTCP_CMD_H

/* Wrong usage is told apart from a connection that failed. */
#define EXIT_USAGE	2

int cmd_echo(int argc, char **argv);
int cmd_stat(int argc, char **argv);
int cmd_show(int argc, char **argv);

#endif /* XTCP_CMD_H */
