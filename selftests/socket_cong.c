// SPDX-License-Identifier: GPL-2.0
/*
 * The choice of congestion control beside TCP: TCP_CONGESTION in every state, with
 * every length, with and without privilege, its way from a listener to its children;
 * the sysctls congestion_control, available_ and allowed_congestion_control.
 */
#include "lib/socktest.h"

#include <sched.h>

static void rec_cong(struct ctx *c, const char *what, int fd)
{
	char name[32] = "";
	socklen_t len = sizeof(name) - 1;

	if (getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, &len))
		rec(c, "%s: %s", what, errno_text(errno));
	else
		rec(c, "%s: '%s' len %u", what, name, len);
}

static int set_cong(int fd, const char *name)
{
	return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name));
}

static void try_cong(struct ctx *c, const char *what, int fd)
{
	static const char *const names[] = {
		"reno", "cubic", "nosuch", "Reno", "reno ", " reno", "reno\n", "c", "cubicc",
		"cubic", "reno", "a_name_of_fifteen", "a_name_of_more_than_sixteen_octets", "reno",
	};
	char line[80];
	unsigned int i;

	rec_cong(c, what, fd);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(line, sizeof(line), "%s, set '%s'", what, names[i]);
		rc(c, line, set_cong(fd, names[i]));
		rec_cong(c, line, fd);
	}
}

SCENARIO(values)
{
	try_cong(c, "fresh", must(c, sk_settled(c)));
}

SCENARIO(in_every_state)
{
	struct addr a = addr_at(c, LOOP, 0);
	int fd = must(c, sk_settled(c));
	struct pair p = pair_new(c);

	must(c, bind(fd, &a.sa, a.len));
	try_cong(c, "bound", fd);
	must(c, listen(fd, 1));
	try_cong(c, "listening", fd);
	try_cong(c, "connecting", sk_syn_sent(c));
	try_cong(c, "client", p.cl);
	try_cong(c, "server", p.sv);
	shutdown(p.cl, SHUT_WR);
	wait_poll(c, p.sv, POLLRDHUP);
	wait_state(c, p.cl, TCP_FIN_WAIT2);
	try_cong(c, "shut", p.cl);
	try_cong(c, "shut by the peer", p.sv);
	shutdown(p.sv, SHUT_WR);
	wait_state(c, p.sv, TCP_CLOSE);
	try_cong(c, "closed", p.sv);
}

SCENARIO(lengths_to_set)
{
	static const int lens[] = { 0, 1, 2, 4, 5, 6, 8, 15, 16, 17, 40, 4096, -1, -4 };
	static char name[4096] = "cubic";
	int fd = must(c, sk_settled(c));
	unsigned int i;
	char line[60];

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		must(c, set_cong(fd, "reno"));
		snprintf(line, sizeof(line), "length %d", lens[i]);
		rc(c, line, setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, lens[i]));
		rec_cong(c, line, fd);
	}
	rc(c, "bad memory", setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, (void *)8, 4));
	rc(c, "no memory", setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, NULL, 4));
	rc(c, "no memory, no length", setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, NULL, 0));
}

SCENARIO(lengths_to_get)
{
	static const int lens[] = { 0, 1, 2, 4, 5, 6, 8, 15, 16, 17, 40, -1, -4 };
	int fd = must(c, sk_settled(c));
	unsigned char buf[64];
	unsigned int i, k;
	long ret;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		socklen_t len = lens[i];

		memset(buf, 0xee, sizeof(buf));
		ret = getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, buf, &len);
		rec(c, "length %d: %s len %d", lens[i], ret ? errno_text(errno) : "0", (int)len);
		for (k = 0; k < sizeof(buf) && buf[k] != 0xee; k++)
			;
		rec(c, "%u octets: %.*s, zero at the end: %d", k, k > 8 ? 8 : k, buf,
		    k && !buf[k - 1]);
	}
	rc(c, "bad memory", getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, (void *)8,
				       &(socklen_t){ 16 }));
	rc(c, "bad length", getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, buf, (void *)8));
}

/* DISCONNECT and another connection later it is still what was chosen. */
SCENARIO(stays_with_the_socket)
{
	int ls = sk_listener(c), cl = must(c, sk_new(c));
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	struct pair p;

	must(c, set_cong(cl, "reno"));
	p = pair_to(c, ls, cl);
	rec_cong(c, "client", p.cl);
	rec_cong(c, "server", p.sv);
	rc(c, "disconnect", connect(p.cl, &unspec, sizeof(unspec)));
	rec_cong(c, "disconnected", p.cl);
	p = pair_to(c, ls, p.cl);
	rec_cong(c, "again", p.cl);
}

static const char *sysctl_path(struct ctx *c, const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "/proc/sys/net/%s%s", c->kind->tcp ? "ipv4/tcp_" : "xtcp/",
		 name);
	return path;
}

static void rec_sysctl(struct ctx *c, const char *name)
{
	int fd = open(sysctl_path(c, name), O_RDONLY);
	char buf[200] = "";
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	rec(c, "%s: %s '%s'", name, n < 0 ? errno_text(errno) : "0", buf);
	close(fd);
}

/* What both are bound to have: a kernel may have more of TCP's built in. */
static void rec_names(struct ctx *c, const char *list)
{
	int fd = open(sysctl_path(c, list), O_RDONLY);
	char buf[400] = "", *rest = buf, *name;
	long n = fd < 0 ? -1 : read(fd, buf, sizeof(buf) - 1);

	rec(c, "%s: %s", list, n < 0 ? errno_text(errno) : "0");
	while ((name = strsep(&rest, " \n")))
		if (!strcmp(name, "reno") || !strcmp(name, "cubic"))
			rec(c, "%s: %s", list, name);
	close(fd);
}

static int set_sysctl(struct ctx *c, const char *name, const char *value)
{
	int fd = open(sysctl_path(c, name), O_WRONLY), ret, err;

	if (fd < 0)
		return -1;
	ret = write(fd, value, strlen(value)) < 0 ? -1 : 0;
	err = errno;
	close(fd);
	errno = err;
	return ret;
}

SCENARIO(the_default)
{
	static const char *const names[] = {
		"reno", "cubic\n", "nosuch", "", "\n", "reno cubic", "a_name_of_more_than_sixteen",
		"reno",
	};
	char line[60];
	unsigned int i;

	netns_enter();
	rec_sysctl(c, "congestion_control");
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		snprintf(line, sizeof(line), "default '%.20s'", names[i]);
		rc(c, line, set_sysctl(c, "congestion_control", names[i]));
		rec_sysctl(c, "congestion_control");
		rec_cong(c, line, must(c, sk_settled(c)));
	}
}

/* Children of a listener get what was chosen for it, else the default of then. */
SCENARIO(inherited)
{
	int chosen, plain, same;

	netns_enter();
	chosen = sk_listener(c);
	plain = sk_listener(c);
	same = sk_listener(c);
	must(c, set_sysctl(c, "congestion_control", "cubic"));
	must(c, set_cong(chosen, "reno"));
	must(c, set_cong(same, "cubic"));	/* what it is already: chosen all the same */
	rec_cong(c, "of a listener with reno", pair_to(c, chosen, must(c, sk_new(c))).sv);
	rec_cong(c, "of one without a choice", pair_to(c, plain, must(c, sk_new(c))).sv);
	must(c, set_sysctl(c, "congestion_control", "reno"));
	rec_cong(c, "the listener without a choice", plain);
	rec_cong(c, "its child", pair_to(c, plain, must(c, sk_new(c))).sv);
	rec_cong(c, "of a listener with cubic", pair_to(c, same, must(c, sk_new(c))).sv);
	must(c, set_cong(chosen, "cubic"));
	rec_cong(c, "of the first, with cubic now", pair_to(c, chosen, must(c, sk_new(c))).sv);
}

SCENARIO(lists)
{
	netns_enter();
	rec_names(c, "available_congestion_control");
	rec_names(c, "allowed_congestion_control");
	rc(c, "available is written", set_sysctl(c, "available_congestion_control", "reno"));
	/* there is one list for the host, which no other namespace changes */
	rc(c, "allowed is written", set_sysctl(c, "allowed_congestion_control", "reno"));
	rec_names(c, "allowed_congestion_control");
}

/* In the first namespace, by a process of its own. */
static void allow(struct ctx *c, const char *names)
{
	int pid = fork(), status, fd;

	if (!pid) {
		fd = open("/proc/1/ns/net", O_RDONLY);
		if (fd < 0 || setns(fd, CLONE_NEWNET))
			_exit(255);
		_exit(set_sysctl(c, "allowed_congestion_control", names) ? errno : 0);
	}
	must(c, waitpid(pid, &status, 0));
	rec(c, "allow '%s': %s", names, errno_text(WEXITSTATUS(status)));
}

static void as_nobody(struct ctx *c, int fd)
{
	static const char *const names[] = { "cubic", "reno", "cubic", "nosuch", "reno" };
	int pid = fork(), status;
	unsigned int i;
	char line[60];

	if (!pid) {
		if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
			_exit(1);
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			snprintf(line, sizeof(line), "nobody sets '%s'", names[i]);
			rc(c, line, set_cong(fd, names[i]));
			rec_cong(c, line, fd);
		}
		rc(c, "nobody sets the default", set_sysctl(c, "congestion_control", "reno"));
		_exit(0);
	}
	must(c, waitpid(pid, &status, 0));
	must(c, status);
}

SCENARIO(restricted)
{
	int fd;

	netns_enter();
	fd = must(c, sk_settled(c));
	as_nobody(c, must(c, sk_settled(c)));
	allow(c, "reno nosuch");
	rec_names(c, "allowed_congestion_control");
	allow(c, "reno");
	rec_names(c, "allowed_congestion_control");
	rec_names(c, "available_congestion_control");
	as_nobody(c, fd);
	/* who may administrate may choose it, but not make it another namespace's default */
	rc(c, "root", set_cong(fd, "cubic"));
	rc(c, "default", set_sysctl(c, "congestion_control", "cubic"));
	rc(c, "default", set_sysctl(c, "congestion_control", "reno"));
	rec_cong(c, "fresh", must(c, sk_settled(c)));
	allow(c, "");
	rec_names(c, "allowed_congestion_control");
	allow(c, "reno cubic");
	rec_names(c, "allowed_congestion_control");
	as_nobody(c, fd);
}

TEST_HARNESS_MAIN
