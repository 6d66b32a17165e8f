#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Does `make` do what `make help` says: build with the installed headers and with
# others, install, uninstall, clean? In a copy of what git has, whole from the start,
# and always in the same folder, which a compiler's cache knows.
set -u
. "$(dirname "$0")/lib/tap.sh"
. "$top/selftests/vm/common.sh"
lock host_make 8
stock=$("$top/selftests/vm/kernel" stock-6.12) || exit 1
release=$(cat "$stock/release")
"$top/selftests/vm/kernel" source >/dev/null || exit 1
copy=$cache/host_make
rm -rf "$copy"
mkdir "$copy"
trap 'rm -rf "$work" "$copy"' EXIT
if git -C "$top" rev-parse >/dev/null 2>&1; then
	git -C "$top" ls-files -z | rsync -a --ignore-missing-args --from0 --files-from=- "$top/" "$copy/"
else
	cp -r "$top/." "$copy"
	make -s -C "$copy" clean
fi
cd "$copy" || exit 1
git init -q && git add -A && git -c user.name=xtcp -c user.email=xtcp@localhost commit -qm copy || exit 1
root=$work/root
programs=(userspace/xtcp userspace/libxtcp.a selftests/socket_create selftests/wire_data selftests/bench/bench)
PATH=$PATH:/usr/sbin:/sbin
# What all of it is compiled to is tried elsewhere
export CFLAGS=-O0 KCFLAGS=-g0

clean_tree()	# nothing that git does not have, ignored or not, and nothing changed
{
	make clean && [ -z "$(git status --porcelain --ignored | tee /dev/stderr)" ]
}

# shellcheck disable=SC2013 # words are what is wanted
helped()	# each target is in the help, but for itself and the step that looks for headers
{
	local target

	make help >"$work/help" || return 1
	for target in $(sed -n 's/^\.PHONY: //p' Makefile); do
		case $target in
		all) grep -q '^  make  ' "$work/help" ;;
		help | kdir) ;;
		*) grep -q "make $target\b\|\b$target:\|($target\b" "$work/help" ;;
		esac || { echo "make $target is not in the help"; return 1; }
	done
	# And nothing is in the help that is not a target
	for target in $(sed -n 's/^  make \([a-z][a-z-]*\) .*/\1/p' "$work/help"); do
		grep -q "^\.PHONY:.* $target\b" Makefile || { echo "there is no make $target"; return 1; }
	done
}

built()		# built RELEASE
{
	[ "$(modinfo -F vermagic kmod/xtcp.ko | cut -d' ' -f1)" = "$1" ] && ls "${programs[@]}"
}

# Without KDIR, the running kernel's headers or the newest installed; if there are
# none, that is said
installed_headers()
{
	local newest

	newest=$(ls -d "/lib/modules/$(uname -r)/build" 2>/dev/null ||
		printf '%s\n' /lib/modules/*/build | grep -v '\*' | sort -rV | head -n 1)
	if [ -n "$newest" ]; then
		make module && [ "$(modinfo -F vermagic kmod/xtcp.ko | cut -d' ' -f1)" = "$(cat "$newest/include/config/kernel.release")" ]
	else
		! make module 2>says && cat says && grep -q '^no kernel headers: apt-get install linux-headers' says
		rm -f says
	fi
}

files() { (cd "$root" && find . -type f | sort); }

ok "make help names every target, and no other" helped
ok "make KDIR=" make KDIR="$stock/kdir"
ok "it made module, programs and tests" built "$release"
ok "nothing that it made is left for git to see" test -z "$(git status --porcelain)"
ok "make install DESTDIR=" make install KDIR="$stock/kdir" DESTDIR="$root"
cat >"$work/wanted" <<END
./lib/modules/$release/extra/xtcp.ko
./usr/local/bin/xtcp
./usr/local/include/libxtcp.h
./usr/local/include/xtcp.h
./usr/local/lib/libxtcp.a
./usr/local/share/man/man1/xtcp.1
./usr/local/share/man/man3/libxtcp.3
./usr/local/share/man/man7/xtcp.7
END
files >"$work/files"
ok "module, programs, library and manual pages are there, and nothing else" diff "$work/wanted" "$work/files"
ok "the module that was installed is the one built" cmp kmod/xtcp.ko "$root/lib/modules/$release/extra/xtcp.ko"
ok "make uninstall DESTDIR=" make uninstall KDIR="$stock/kdir" DESTDIR="$root"
ok "it leaves no file" test -z "$(files)"
ok "make install PREFIX=/usr" make install KDIR="$stock/kdir" DESTDIR="$root" PREFIX=/usr
ok "the program is there" test -x "$root/usr/bin/xtcp"
ok "make uninstall PREFIX=/usr" make uninstall KDIR="$stock/kdir" DESTDIR="$root" PREFIX=/usr
ok "no file is left of that, either" test -z "$(files)"
ok "make clean leaves what git has" clean_tree
ok "make without KDIR= takes the installed headers" installed_headers
ok "make clean leaves what git has, again" clean_tree
ok "programs need no kernel headers" make userspace KDIR=/proc/none
tap_done
