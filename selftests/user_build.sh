#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The programs, the library, the manual pages and README's example: do they build, tell of
# what is there, install and go away, with no kernel headers and no module anywhere? Works on
# a copy, on the host.
set -u

top=$(cd "${0%/*}/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$top/userspace" "$top/uapi" "$top/README.md" "$work" && cd "$work" || exit 1
make -s -C userspace clean >/dev/null

tests=0
failed=0
check()		# check NAME COMMAND...
{
	name=$1
	shift
	tests=$((tests + 1))
	if "$@" >said 2>&1; then
		echo "ok $tests $name"
	else
		failed=1
		echo "not ok $tests $name"
		sed 's/^/# /' said
	fi
}

no_kernel_headers()
{
	cc -M -D_GNU_SOURCE userspace/*.c >depends || return 1
	! grep -oE '[^ ]*(linux-headers|linux-source|/lib/modules|kmod)[^ ]*' depends
}

# header FILE LANGUAGE: does it compile alone?
header()
{
	echo "#include \"$1\"" | cc -x "$2" -Wall -Wextra -Werror -I. -fsyntax-only -
}

example()
{
	sed -n '/^```c$/,/^```$/p' README.md | sed '/^```/d' >example.c
	[ -s example.c ] && cc -Wall -Wextra -o example example.c
}

library()
{
	cat >program.c <<-'END'
	#include <libxtcp.h>
	#include <stdio.h>
	#include <string.h>
	#include <xtcp.h>
	int main(void)
	{
		static const char * const good[] = {
			"0.0.0.0:0", "192.0.2.1:65535", "[::]:1", "[2001:db8::1]:80", "[fe80::1%1]:7",
		};
		static const char * const bad[] = {
			"", ":", "1", "1.2.3.4", "1.2.3.4:", "1.2.3.4:65536", "1.2.3.4: 1", "1.2.3.4:1x", "1.2.3:4",
			"256.1.1.1:1", "[::1]", "[::1]:", "::1:1", "[::1:1", "[1.2.3.4]:1", "[]:1", "[::1%]:1",
			"[::1%nowhere]:1", "host:1", "[::1]x:1",
		};
		struct xtcp_addr addr, kept;
		char text[XTCP_ADDR_TEXT];

		for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
			if (xtcp_parse(&addr, good[i]) || strcmp(xtcp_format(&addr, text), good[i]))
				return printf("%s became %s\n", good[i], text);
		memset(&addr, 0x5a, sizeof(addr));
		kept = addr;
		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			if (!xtcp_parse(&addr, bad[i]) || memcmp(&addr, &kept, sizeof(addr)))
				return printf("%s was taken\n", bad[i]);
		return AF_XTCP != 18 || IPPROTO_XTCP != 253;
	}
	END
	cc -Wall -Wextra -Werror -Iroot/usr/include -o program program.c -Lroot/usr/lib -lxtcp && ./program
}

nothing_built()
{
	[ -z "$(find userspace -name '*.o' -o -name '*.a' -o -type f -perm -u+x | tee left)" ] || { cat left; return 1; }
}

# Each option and sysctl of the module's source is named in its manual page
documented()
{
	{
		grep -ohE '(case|optname ==) TCP_[A-Z0-9_]+' "$top/kmod/sockopt.c"
		sed -nE '/ctl_table template/,/^}/s/.*(ENTRY\(|procname = ")([a-z0-9_]+).*/\2/p' "$top/kmod/netns.c"
	} | sed 's/.* //' | sort -u >names
	[ "$(wc -l <names)" -gt 50 ] || { echo "the source does not look as expected"; return 1; }
	while read -r word; do
		grep -qw -e "$word" userspace/man/xtcp.7 || { echo "not there: $word"; return 1; }
	done <names
}

# Each test, function and field that the list of what is shown by what names is there
status_holds()
{
	grep -rIhowE --exclude='.*' '[A-Za-z0-9_]+' "$top/kmod" "$top/selftests" "$top/uapi" | sort -u >words
	grep -o '`[a-z0-9_*]*`' "$top/Documentation/status.md" | tr -d '`' | grep _ | grep -v '^tcp_' | sort -u |
		sed 's/\*/.*/g' >names
	[ "$(wc -l <names)" -gt 300 ] || { echo "the list does not look as expected"; return 1; }
	while read -r word; do
		grep -qx -e "$word" words || { echo "not there: $word"; return 1; }
	done <names
}

check "program and library build, with every warning an error" make -s -C userspace
check "no kernel headers are read" no_kernel_headers
for file in uapi/xtcp.h userspace/libxtcp.h; do
	check "$file compiles alone, in C" header $file c
done
check "uapi/xtcp.h compiles alone, in C++" header uapi/xtcp.h c++
check "make install" make -s -C userspace install DESTDIR="$work/root" PREFIX=/usr
for file in bin/xtcp lib/libxtcp.a include/libxtcp.h include/xtcp.h share/man/man1/xtcp.1 \
	share/man/man3/libxtcp.3 share/man/man7/xtcp.7; do
	check "installed: $file" test -s "root/usr/$file"
done
check "xtcp.7 names each option and each sysctl" documented
check "status.md names what is there" status_holds
check "a program with the installed library: addresses read, written, refused" library
check "README's example compiles" example
check "make clean leaves nothing built" sh -c 'make -s -C userspace clean'
check "nothing is left built" nothing_built
echo "1..$tests"
exit $failed
