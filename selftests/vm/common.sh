# SPDX-License-Identifier: GPL-2.0
# What the scripts of the test VM share: where things are, how to stop with
# one clear line, how to keep two runs out of each other's way.
# shellcheck shell=bash

# a user's PATH on Debian lacks them, and depmod and tc live there
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
top=$(cd "$vm_dir/../.." && pwd -P)
cache=${XTCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xtcp}

die()
{
	echo "${0##*/}: $*" >&2
	exit 125
}

note()
{
	echo "# $*" >&2
}

# need TOOL PACKAGE: a missing tool is named together with what brings it
need()
{
	command -v "$1" >/dev/null || die "$1 is missing, or not in PATH: apt-get install $2"
}

# reason LOG: what apt-get complained of, in one line
reason()
{
	{ grep '^E:' "$1" || tail -n 1 "$1"; } | sed -n 1p
}

need_cache()
{
	{ mkdir -p "$cache/lock" && [ -w "$cache/lock" ]; } 2>/dev/null ||
		die "cannot write to $cache: set XTCP_CACHE to a folder of yours"
}

# need_space DIR MIB
need_space()
{
	local free

	free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
	[ "$free" -ge "$2" ] ||
		die "$1 has $free MiB free and $2 are needed: free some, or set XTCP_CACHE to a folder elsewhere"
}

# lock NAME FD: the rest of this shell holds the lock
lock()
{
	need_cache
	eval "exec $2>\"$cache/lock/$1\""
	flock -w 3 "$2" || { note "waiting for another run that works on $1"; flock "$2"; }
}
