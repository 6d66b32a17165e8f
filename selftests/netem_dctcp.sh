#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# DCTCP over a line of 40 Mbit/s and 10 ms whose queue marks what waits for 2 ms: the
# line is used, the queue stays short, nothing is lost; beside Linux's own, alone and at
# once. Timed by the guest's clock. DOMAIN=tcp tries the script itself.
#
#   $A v: 10.8.1.1/24 --- 10.8.1.2/24 left $R right 10.8.2.2/24 --- v: 10.8.2.1/24 $B
#   left: netem, 10 ms back; right: tbf 40 Mbit/s, fq_codel ce_threshold 2ms
#
# The queue is a router's: of its own host's Linux's TCP fills but a millisecond.
. "$(dirname "$0")/lib/hosts.sh"
R=xr-$$
trap 'ip netns del "$R" 2>/dev/null; hosts_cleanup' EXIT

BYTES=8000000
# 1448 of 1514 octets are payload
LINE=$((40000000 / 8 * 1448 / 1514))
modprobe -q tcp_dctcp

# flows BYTES SECONDS TRANSPORT/ALGORITHM...: "TRANSPORT ALGORITHM SPEED ..." of each
flows() { "$here/bench/loss" "/run/netns/$A" "/run/netns/$B" 10.8.2.1:7000 "$@"; }
# marks, drops: of the queue; tc says nothing of marks if there were none
marks()
{
	local n
	n=$(tc -n "$R" -s qdisc show dev right | sed -n 's/.*ce_mark \([0-9]*\).*/\1/p')
	echo "${n:-0}"
}
drops() { tc -n "$R" -s qdisc show dev right | sed -n '/fq_codel/,$s/.*(dropped \([0-9]*\).*/\1/p'; }
# path: anew, so that its counters begin at 0; one queue for all flows
path()
{
	tc -n "$R" qdisc del dev right root 2>/dev/null
	tc -n "$R" qdisc add dev right root handle 1: tbf rate 40mbit burst 3100 limit 2000000 &&
		tc -n "$R" qdisc add dev right parent 1:1 handle 2: fq_codel flows 1 limit 1000 \
			target 100ms interval 1s ce_threshold 2ms
}
# within VALUE LEAST MOST
within() { [ "${1:-0}" -ge "$2" ] && [ "$1" -le "$3" ]; }
more() { [ "$(counter "$1" "$2")" -gt "$3" ]; }

grep -qw dctcp /proc/sys/net/xtcp/available_congestion_control
ok $? "there is dctcp"
! grep -qw dctcp /proc/sys/net/xtcp/allowed_congestion_control
ok $? "and not everybody may choose it"

# join NAMESPACE INTERFACE NET: one of the hosts and the router
join()
{
	ip link add v netns "$1" type veth peer name "$2" netns "$R" &&
		ip -n "$1" addr add "10.8.$3.1/24" dev v && ip -n "$1" link set v up &&
		ip -n "$R" addr add "10.8.$3.2/24" dev "$2" && ip -n "$R" link set "$2" up &&
		ip -n "$1" route add default via "10.8.$3.2" &&
		# each packet waits, and is marked or not, by itself
		ip -n "$1" link set v gso_max_segs 1
}
ip netns add "$A" && ip netns add "$B" && ip netns add "$R" && quiet_sysctls || exit 1
in_net "$R" sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
# what a flow learns of the path is not for the next
for ns in "$A" "$B"; do in_net "$ns" sh -c 'echo 1 >/proc/sys/net/ipv4/tcp_no_metrics_save'; done
join "$A" left 1 && join "$B" right 2 && path &&
	tc -n "$R" qdisc add dev left root netem limit 20000 delay 10ms
ok $? "the path"

read -r _ _ speed _ < <(flows $BYTES 0 "$DOMAIN/dctcp")
echo "# $DOMAIN: $speed of $LINE octets a second, $(marks) marks, $(drops) lost"
within "$speed" $((LINE * 9 / 10)) $LINE
ok $? "the line is used: $speed of $LINE"
[ "$(marks)" -gt 20 ] && [ "$(drops)" = 0 ]
ok $? "nothing was lost, $(marks) packets were marked"
if [ "$DOMAIN" = xtcp ]; then
	[ "$(counter "$A" RetransSegs)" = 0 ] && more "$A" EcnReductions 10 && more "$B" EcnTurns 20
	ok $? "and nothing sent again; $(counter "$A" EcnReductions) reductions, $(counter "$B" EcnTurns) turns"
fi

path
read -r _ _ theirs _ < <(flows $BYTES 0 tcp/dctcp)
echo "# tcp: $theirs octets a second, $(marks) marks, $(drops) lost"
[ $((speed * 100)) -ge $((theirs * 95)) ]
ok $? "beside Linux's own: $speed, $theirs"
# at_once FIRST SECOND: sets first and second to their speeds
at_once()
{
	path
	flows 1000000000000 8 "$@" >"$hosts_tmp/both"
	{
		read -r _ _ first _
		read -r _ _ second _
	} <"$hosts_tmp/both"
}
# Who begins first has more for some seconds: that takes turns
at_once "$DOMAIN/dctcp" tcp/dctcp
speed=$first theirs=$second
at_once tcp/dctcp "$DOMAIN/dctcp"
speed=$(((speed + second) / 2)) theirs=$(((theirs + first) / 2))
[ $((speed * 5)) -ge $((theirs * 3)) ] && [ $((theirs * 5)) -ge $((speed * 3)) ]
ok $? "at once with Linux's own: $speed, $theirs"
within $((speed + theirs)) $((LINE * 9 / 10)) $LINE
ok $? "together they use the line"

# How long packets wait: 10 ms are the path's; the other way may be at its end before
if [ "$DOMAIN" = xtcp ]; then
	echo "reno cubic bbr dctcp" >/proc/sys/net/xtcp/allowed_congestion_control
	for ns in "$A" "$B"; do
		in_net "$ns" sh -c 'echo dctcp >/proc/sys/net/xtcp/congestion_control'
	done
	ok $? "the namespaces' default, once it is allowed"
	path
	server 10.8.2.1 -n 1 -b 100000000 -r
	client 10.8.2.1 -n 1 -b 100000000 -r
	wait_for "data" above "$B" InOctets $(($(counter "$B" InOctets) + 8000000))
	most=0
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		srtt=$(in_a sed -n 's/.* sendq=.* srtt=\([0-9]*\)us.*/\1/p' /proc/net/xtcp)
		[ "${srtt:-99999}" -le "$most" ] || most=${srtt:-99999}
		sleep 0.1
	done
	within "$most" 10000 16000
	ok $? "the queue stays short: a round trip of $most us at most"
	kill "$client" "$server" 2>/dev/null
	wait_end "$client"
	ok $? "what the client got was right"
	wait_end "$server"
	ok $? "what the server got was right"

	in_b sh -c 'echo cubic >/proc/sys/net/xtcp/congestion_control; echo 0 >/proc/sys/net/xtcp/ecn'
	path
	before=$(counter "$A" EcnReductions)
	transfer 10.8.2.1 -b 1000000 && [ "$(counter "$A" EcnReductions)" = "$before" ] && [ "$(marks)" = 0 ]
	ok $? "without ECN at the other end nothing may be marked"
	echo "reno cubic bbr" >/proc/sys/net/xtcp/allowed_congestion_control
fi
tap_end
