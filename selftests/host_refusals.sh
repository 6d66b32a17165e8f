#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a machine lacks is told in one line that names it and says what to do: a tool,
# a network, room on the disk, a cache that can be written by one at a time. Tools come
# from a folder of links, from which one is taken; apt-get and df are played.
set -u
. "$(dirname "$0")/lib/tap.sh"
cd "$top" || exit 1
real=${XTCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xtcp}
tools=$work/tools fake=$work/fake

mkdir -p "$tools" "$fake" "$work/empty"
for dir in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin; do
	[ ! -d $dir ] || ln -s $dir/* "$tools/" 2>/dev/null
done

# refuses WORDS COMMAND...: it fails soon, having said one line with those words on
# its error output, beside `# ` progress and make's own last words
refuses()
{
	local words=$1 status=0

	shift
	timeout 30 "$@" </dev/null >"$work/out" 2>"$work/err" || status=$?
	grep -v '^# \|^make.*: \*\*\*' "$work/err" >"$work/lines"
	cat "$work/err"
	tail -n 3 "$work/out"
	echo "exit status $status"
	[ "$status" != 0 ] && [ "$status" != 124 ] && [ "$(wc -l <"$work/lines")" = 1 ] && grep -q -- "$words" "$work/lines"
}

# without TOOL COMMAND...
without()
{
	local status=0

	mv "$tools/$1" "$work/taken"
	env PATH="$tools" "${@:2}" || status=$?
	mv "$work/taken" "$tools/$1"
	return "$status"
}
export -f without
export work tools

play()		# play PROGRAM: the script on standard input stands in for it
{
	{ echo '#!/bin/sh'; cat; } >"$fake/$1"
	chmod +x "$fake/$1"
}

for target in demo check; do
	for pair in qemu-system-x86_64:qemu-system-x86 busybox:busybox-static tshark:tshark flex:flex gcc-12:gcc-12 \
		python3:python3 rsync:rsync; do
		ok "make $target without ${pair%%:*}" refuses "${pair%%:*} is missing.*apt-get install ${pair##*:}" \
			bash -c 'without "$@"' - "${pair%%:*}" make "$target"
	done
done

# No network: this is how apt-get ends then, `update` even with status 0
play apt-get <<-'END'
	case "$*" in
	*update*) echo "W: Failed to fetch http://mirror.invalid/InRelease  Temporary failure resolving" >&2 ;;
	*) echo "E: Failed to fetch http://mirror.invalid/p.deb  Temporary failure resolving" >&2; exit 100 ;;
	esac
END
play dpkg-query <<-'END'
	for package; do
		[ "$package" = bc ] || echo "$package installed"
	done
END
for target in demo check check-quick bench mutate; do
	ok "make $target without a network, a package missing" refuses \
		'is there a network.*Temporary failure.*apt-get install bc' env PATH="$fake:$PATH" make $target
done
rm "$fake/dpkg-query"
play apt-cache <<-'END'
	exit 100
END
ok "make demo without a network and without package lists" \
	refuses 'package lists.*is there a network' env PATH="$fake:$PATH" XTCP_CACHE="$work/empty" make demo
ok "which nobody needs who has the kernels" env PATH="$fake:$PATH" XTCP_CACHE="$real" make -s packages
rm "$fake/apt-cache"
for target in demo check check-quick bench; do
	ok "make $target without a network, no kernel in the cache" refuses \
		'cannot be downloaded: is there a network.*Temporary failure' \
		env PATH="$fake:$PATH" XTCP_CACHE="$work/empty" make $target
done
rm "$fake/apt-get"

# A disk that is full, before anything was fetched and after
play df <<-'END'
	printf 'Filesystem 1048576-blocks Used Available Capacity Mounted on\n/dev/x 9999 9988 11 100%% /\n'
END
for target in demo check; do
	ok "make $target with a full disk" refuses '11 MiB free and [0-9]* are needed.*XTCP_CACHE' \
		env PATH="$fake:$PATH" XTCP_CACHE="$work/empty" make $target
done
ok "make demo with a full disk, kernels in the cache" refuses '11 MiB free and [0-9]* are needed.*XTCP_CACHE' \
	env PATH="$fake:$PATH" XTCP_CACHE="$real" make demo
rm "$fake/df"
ok "an image that cannot be written" refuses "cannot be written.*File too large" \
	bash -c "ulimit -f 100; selftests/vm/pack $work/image.cpio bash"

for target in demo check check-quick bench; do
	ok "make $target with a cache that cannot be written" refuses 'cannot write to /proc/none.*set XTCP_CACHE' \
		env XTCP_CACHE=/proc/none make $target
done
for arguments in "requirements no_such_suite" "--kernel no_such_suite" "--kernel stock-6.1 requirements"; do
	# shellcheck disable=SC2086 # a list of words
	ok "check $arguments" refuses 'no suite .*; --list shows' selftests/check $arguments
done
# Two at once would share the folder of what they print
mkdir -p "$work/empty/check"
exec 9>"$work/empty/check/$(printf %s "$top" | sha256sum | cut -c1-8).lock"
flock 9
ok "a second check of the same folder" refuses 'another one of this folder is running: wait' \
	env XTCP_CACHE="$work/empty" selftests/check ktap
exec 9>&-
tap_done
