# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Two "hosts" for shell tests, sourced by them: network namespaces joined by a veth
# pair with netem, or by the relay, and transfers between them. TAP on stdout.
#
#   namespace $A                       namespace $B
#   v: 10.8.0.1/24, fd08::1/64 ------- v: 10.8.0.2/24, fd08::2/64
#   relay: 10.9.0.1, fd09::1 -- relay program -- relay: 10.9.0.2, fd09::2

here=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd)
A=xa-$$ B=xb-$$
DOMAIN=${DOMAIN:-xtcp}
# Guest time; the suite's limit in the table of suites is real time.
GIVE_UP=${GIVE_UP:-7200}
hosts_tmp=$(mktemp -d)
hosts_relay=
hosts_netem=
# Not empty: what A sends are single segments, so that netem loses, delays and doubles
# them one by one; it would lose large ones, of up to 45 segments, in one piece, as it
# does those that B sends
hosts_singly=
# Nothing is ever written to it: to read it with a time limit is to wait, in this process
exec {hosts_never}<> <(:)
tap_n=0 tap_bad=0

hosts_cleanup()
{
	hosts_relay_stop >/dev/null
	local job
	for job in $(jobs -p); do kill "$job" 2>/dev/null; done
	ip netns del "$A" 2>/dev/null
	ip netns del "$B" 2>/dev/null
	rm -rf "$hosts_tmp"
}
trap hosts_cleanup EXIT
trap 'exit 1' INT TERM

# ok STATUS NAME: one line of TAP
ok()
{
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n $2"
	else
		tap_bad=$((tap_bad + 1))
		echo "not ok $tap_n $2"
	fi
}

# The closing plan; exits.
tap_end()
{
	echo "1..$tap_n"
	exit $((tap_bad > 0))
}

# wait_for WHAT COMMAND...: until COMMAND succeeds; an hour of guest time is too long
wait_for()
{
	local what=$1 end=$((SECONDS + 3600)) n=0
	shift
	until "$@"; do
		if [ $SECONDS -gt $end ]; then
			ok 1 "$what"
			return 1
		fi
		# Soon at first; a wait for timers takes fewer looks.
		read -rt $((n++ < 40 ? 0 : 2)).05 -u "$hosts_never" || :
	done
}

# `ip netns exec` would mount /sys anew each time, for no one here
in_net() { nsenter --net="/run/netns/$1" -- "${@:2}"; }
in_a() { in_net "$A" "$@"; }
in_b() { in_net "$B" "$@"; }

# To begin a program takes a third of a second on a debug kernel: let there be few
quiet_sysctls()
{
	local ns
	for ns in "$A" "$B"; do
		in_net "$ns" sh -c '
			echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
			echo 0 >/proc/sys/net/ipv6/conf/all/accept_dad
			echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra'
	done
}

# hosts_up [MTU]
hosts_up()
{
	local mtu=${1:-1500}
	ip -batch - <<-END || exit 1
		netns add $A
		netns add $B
		link add v netns $A type veth peer name v netns $B
	END
	quiet_sysctls
	hosts_netem=
	host_up "$A" 1 "$mtu" && host_up "$B" 2 "$mtu" || exit 1
}

# host_up NAMESPACE NUMBER MTU: v's and lo's, in one process
host_up()
{
	local v6="addr add fd08::$2/64 dev v nodad" large=

	[ "$3" -ge 1280 ] || v6=
	[ -z "$hosts_singly" ] || [ "$2" != 1 ] || large="link set v gso_max_segs 1"
	ip -n "$1" -batch - <<-END
		link set lo up
		link set v mtu $3
		$large
		addr add 10.8.0.$2/24 dev v
		link set v up
		$v6
	END
}

hosts_down()
{
	hosts_relay_stop
	ip -force -batch - <<-END
		netns del $A
		netns del $B
	END
}

# netem ARGUMENTS...: at both ends; without arguments none. What was there has to go
# first: netem keeps what is not said anew.
netem()
{
	local ns lines=

	[ -z "$hosts_netem" ] || lines="qdisc del dev v root"$'\n'
	[ $# = 0 ] || lines+="qdisc add dev v root netem limit 20000 $*"
	hosts_netem=$*
	[ -n "$lines" ] || return 0
	for ns in "$A" "$B"; do
		tc -n "$ns" -batch - <<<"$lines" || exit 1
	done
}

# hosts_relay ARGUMENTS...: start the relay; namespaces without veth will do
hosts_relay()
{
	[ -e "/run/netns/$A" ] || {
		ip netns add "$A" && ip netns add "$B" || exit 1
		quiet_sysctls
		ip -n "$A" link set lo up && ip -n "$B" link set lo up || exit 1
	}
	"$here/relay" "$@" "$A" "$B" >"$hosts_tmp/relay" &
	hosts_relay=$!
	exec 7<"$hosts_tmp/relay"
	read -r line <&7 && [ "$line" = ready ] || exit 1
}

hosts_relay_stop()
{
	[ -n "$hosts_relay" ] || return 0
	kill "$hosts_relay" && wait "$hosts_relay"
	hosts_relay=
	sed 's/^/# relay: /' <&7
	exec 7<&-
}

# What the other end says, one at a time: the name stays, each opens it anew
mkfifo "$hosts_tmp/server" "$hosts_tmp/relay"

# transfer ADDRESS OPTIONS...: both ends of it; 0 if both found everything intact
transfer()
{
	local address=$1 server line status=0
	shift
	"$here/transfer" -i "$B" -g "$GIVE_UP" -m '# server: ' -d "$DOMAIN" "$@" -l "$address" >"$hosts_tmp/server" &
	server=$!
	exec 8<"$hosts_tmp/server"
	read -r line <&8
	if [ "$line" != listening ]; then
		echo "# the server does not listen: $line"
		wait $server
		exec 8<&-
		return 1
	fi
	"$here/transfer" -i "$A" -g "$GIVE_UP" -m '# client: ' -d "$DOMAIN" "$@" "$address" || status=$?
	[ "$status" = 0 ] || kill $server 2>/dev/null
	wait $server || status=$?
	while read -r line; do echo "$line"; done <&8
	exec 8<&-
	return "$status"
}

# server ADDRESS OPTIONS... and client ADDRESS OPTIONS...: one end each, in the
# background; $server and $client are their processes, which wait_end waits for
server()
{
	local address=$1
	shift
	mkfifo "$hosts_tmp/listening"
	"$here/transfer" -i "$B" -d "$DOMAIN" "$@" -l "$address" >"$hosts_tmp/listening" &
	server=$!
	exec 9<"$hosts_tmp/listening"
	rm "$hosts_tmp/listening"
	read -r line <&9
	[ "$line" = listening ] || echo "# the server says: $line"
}

client()
{
	local address=$1
	shift
	"$here/transfer" -i "$A" -d "$DOMAIN" "$@" "$address" >"$hosts_tmp/client" &
	client=$!
}

# wait_end PROCESS: its exit status
wait_end()
{
	wait "$1"
}

# slabs FILE: how many objects XTCP's caches and those of sockets hold
slabs()
{
	local cache
	for cache in /sys/kernel/slab/*[xX][tT][cC][pP]* /sys/kernel/slab/sock_inode_cache \
		     /sys/kernel/slab/net_namespace; do
		[ ! -e "$cache/shrink" ] || echo 1 >"$cache/shrink"
	done
	awk 'tolower($1) ~ /xtcp/ || $1 == "net_namespace" { print $1, $2 }' \
		/proc/slabinfo | sort >"$1"
}

# unused: the module has no references
unused()
{
	local users

	read -r users </sys/module/xtcp/refcnt && [ "$users" = 0 ]
}

# counter NAMESPACE NAME
counter() { "$here/helper_counter" "$@"; }

# above NAMESPACE NAME NUMBER: waits until that counter is larger
above() { "$here/helper_counter" "$@"; }
