#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The xtcp program: its command line, and echo over XTCP and over Linux TCP, on
# IPv4 and IPv6. Runs where XTCP is inserted, in a namespace of its own:
#
#    lo  127.0.0.1, ::1
set -u

xtcp=$(cd "${0%/*}/.." && pwd)/userspace/xtcp
[ "${USER_XTCP:-}" = inside ] || USER_XTCP=inside exec unshare --net "$0"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ip link set lo up || exit 1

tests=0
failed=0
result()	# result STATUS NAME
{
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests $2"
	else
		failed=$((failed + 1))
		echo "not ok $tests $2"
		sed 's/^/# /' "$work"/*.err 2>/dev/null
	fi
}

# listen_at ADDRESS OPTION...: the server is $server, its address $at
listen_at()
{
	address=$1
	at=
	shift
	rm -f "$work/server.err"
	timeout 60 "$xtcp" echo --server --conns 1 "$@" "$address:0" 2>"$work/server.err" &
	server=$!
	tries=0
	until at=$(sed -n 's/^listening on //p' "$work/server.err" 2>/dev/null); [ -n "$at" ]; do
		tries=$((tries + 1))
		[ $tries -lt 500 ] || return 1
		sleep 0.02
	done
}

call()		# call OPTION...
{
	timeout 60 "$xtcp" echo --client "$@" "$at" 2>"$work/client.err"
}

# wrong STATUS WORDS... : does this line end with that status, and say why?
wrong()
{
	want=$1
	shift
	"$xtcp" "$@" </dev/null >"$work/out" 2>"$work/wrong.err"
	got=$?
	[ "$got" = "$want" ] && [ -s "$work/wrong.err" ]
	result $? "xtcp $*: exit status $want"
}

for line in "" "sing" "echo" "echo --server" "echo --client --server 127.0.0.1:1" \
	"echo --client --upper 127.0.0.1:1" "echo --server --output x 127.0.0.1:1" \
	"echo --client 127.0.0.1" "echo --client 127.0.0.1:65536" "echo --client 127.0.0.1:" \
	"echo --client 127.0.0.1:-1" "echo --client ::1:7000" "echo --client [::1:7000" \
	"echo --client [::1%nowhere]:7000" "echo --client localhost:7000" \
	"echo --server --conns many 127.0.0.1:1" "echo --server --pause -1 127.0.0.1:1" \
	"stat --none" "show more"; do
	wrong 2 $line
done
wrong 1 echo --client 127.0.0.1:1
wrong 1 echo --client --tcp 127.0.0.1:1
wrong 1 echo --client --file /nonexistent 127.0.0.1:1
wrong 1 echo --server 192.0.2.1:0

head -c 300000 /bin/busybox >"$work/file"
for transport in xtcp tcp; do
	option=
	[ $transport = xtcp ] || option=--tcp
	for address in 127.0.0.1 "[::1]"; do
		listen_at $address $option --upper
		printf 'one line\nand two\nunended' | call $option >"$work/got"
		status=$?
		wait $server && [ $status = 0 ] && [ "$(cat "$work/got")" = "$(printf 'ONE LINE\nAND TWO\nUNENDED')" ]
		result $? "$transport: lines come back in capitals, $address"

		listen_at $address $option --file "$work/kept"
		call $option --file "$work/file" --output "$work/back"
		status=$?
		wait $server && [ $status = 0 ] && cmp "$work/file" "$work/kept" && cmp "$work/file" "$work/back"
		result $? "$transport: a file goes and comes back whole, $address"

		listen_at $address $option
		: | call $option >"$work/got"
		status=$?
		wait $server && [ $status = 0 ] && [ ! -s "$work/got" ]
		result $? "$transport: no input, no answer, a clean end, $address"
	done
done

"$xtcp" stat ActiveOpens >"$work/out" 2>"$work/stat.err" &&
	[ "$(awk '{ print $1, ($2 > 0) }' "$work/out")" = "ActiveOpens 1" ]
result $? "xtcp stat NAME: a counter of this namespace"
[ "$("$xtcp" stat --all | wc -l)" = "$(grep -c . /proc/net/xtcp_stat)" ]
result $? "xtcp stat --all: every counter"
"$xtcp" stat | awk '$2 == 0 { bad = 1 } END { exit bad || !NR }'
result $? "xtcp stat: none that is zero"
listen_at 127.0.0.1
"$xtcp" show >"$work/out" && cat /proc/net/xtcp | cmp - "$work/out" &&
	grep -q "^$at .*LISTEN" "$work/out"
result $? "xtcp show: the listening socket"
: | call >/dev/null
wait $server

echo "1..$tests"
[ $failed = 0 ]
