# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034
# Results of the tests that run on the host: each is a command that is to succeed.
# The plan is printed at the end, by `tap_done`. Sets $top, and $work, which is
# removed at the end.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tap_number=0 tap_failed=0

# ok NAME COMMAND...: what it printed is shown only if it failed
ok()
{
	local name=$1

	shift
	tap_number=$((tap_number + 1))
	if "$@" >"$work/said" 2>&1; then
		echo "ok $tap_number $name"
	else
		tap_failed=1
		echo "not ok $tap_number $name"
		tail -n 25 "$work/said" | sed 's/^/# /'
	fi
}

tap_done()
{
	echo "1..$tap_number"
	exit $tap_failed
}
