#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What one connection has below it, in the queue of a slow device, is as little as with
# TCP, and the device is busy all the same. A queue that takes the packets' owner away
# (netem) shows how much it would be. Then the ground is taken away while data waits
# for that queue: nothing hangs, and nothing stays.
. "$(dirname "$0")/lib/hosts.sh"

# 2 Mbit/s, which any kernel keeps busy, sanitizers and all; Ethernet's, IP's and the
# transport's headers take a part of it
RATE=2mbit LEAST=225000 MOST=250000
# Two bursts of two segments, reckoned by their memory, and one on top
BACKLOG=16384

slow() { tc -n "$1" qdisc replace dev v root "${@:2}"; }
bucket() { slow "$1" tbf rate "${2:-$RATE}" burst 4kb limit 4mb; }

# look, queued, look_away: one process that says how much is in A's queue, in $now,
# whenever it is asked
look() { coproc tc -n "$A" -s -batch -; }
queued()
{
	local word

	echo "qdisc show dev v" >&"${COPROC[1]}"
	until [ "$word" = backlog ]; do
		read -r word now _ <&"${COPROC[0]}" || exit 1
	done
	now=${now%b}
	case $now in
	*K) now=$((${now%K} * 1024)) ;;
	*M) now=$((${now%M} * 1048576)) ;;
	esac
}
look_away()
{
	local looker=$COPROC_PID

	exec {COPROC[1]}>&-
	wait "$looker"
}

# flow TRANSPORT ADDRESS: 500 kB from A to B; $speed, and $most that was in the queue
flow()
{
	local now job

	look
	"$here/bench/loss" "/run/netns/$A" "/run/netns/$B" "$2" 500000 0 "$1/cubic" >"$hosts_tmp/flow" &
	job=$!
	most=0
	while kill -0 $job 2>/dev/null; do
		queued
		[ "$now" -le "$most" ] || most=$now
		read -rt 0.1 -u "$hosts_never" || :
	done
	wait_end $job
	ok $? "$1, $2, $3: every octet arrives"
	look_away
	read -r _ _ speed _ _ <"$hosts_tmp/flow"
	echo "# $1, $2, $3: $speed bytes a second, $most bytes queued at most, BelowFull $(counter "$A" BelowFull)"
}
small() { [ "$most" -gt 0 ] && [ "$most" -le $BACKLOG ]; }
busy() { [ "${speed:-0}" -ge $LEAST ] && [ "$speed" -le $MOST ]; }

# at_most TRANSPORT ADDRESS NAME
at_most()
{
	flow "$@"
	small
	ok $? "$1, $2, $3: little is queued ($most)"
	busy
	ok $? "$1, $2, $3: the device is busy ($speed)"
}

hosts_up
slow "$B" netem delay 20ms limit 20000
bucket "$A"
for transport in ${TRANSPORTS:-tcp xtcp}; do
	at_most $transport 10.8.0.2:7000 "large segments"
done
[ "$(counter "$A" BelowFull)" -gt 100 ]
ok $? "that data waited is counted"
ip -n "$A" link set v gso_max_segs 1
for transport in ${TRANSPORTS:-tcp xtcp}; do
	at_most $transport 10.8.0.2:7000 "small segments"
done

# Of one connection no more than the next burst waits, if the administrator says so
one_burst() { [ "$most" -gt 0 ] && [ "$most" -le $((BACKLOG / 4)) ]; }
say_limit() { in_a sh -c "echo $1 >/proc/sys/net/ipv4/tcp_limit_output_bytes; echo $1 >/proc/sys/net/xtcp/limit_output_bytes"; }
ip -n "$A" link set v gso_max_segs 65535
for limit in 1 1048576; do
	say_limit $limit
	for transport in ${TRANSPORTS:-tcp xtcp}; do
		flow $transport 10.8.0.2:7000 "limit_output_bytes=$limit"
		one_burst
		[ $((limit == 1)) != $? ]
		ok $? "$transport, limit_output_bytes=$limit: what is queued shows it ($most)"
		busy
		ok $? "$transport, limit_output_bytes=$limit: the device is busy ($speed)"
	done
done

full=$(counter "$A" BelowFull)
slow "$A" netem rate $RATE limit 20000
for transport in ${TRANSPORTS:-tcp xtcp}; do
	flow $transport 10.8.0.2:7000 "no owner"
	[ "$most" -gt $((2 * BACKLOG)) ]
	ok $? "$transport: without an owner much is queued ($most)"
done
[ "$(counter "$A" BelowFull)" = "$full" ]
ok $? "and nothing waits"
hosts_down

# Many at once, both ways, each waiting for its own
hosts_up
bucket "$A" 50mbit
bucket "$B" 50mbit
transfer fd08::2 -n 8 -b "${BELOW_BYTES:-1000000}"
ok $? "8 connections both ways: every octet arrives"
transfer 10.8.0.2 -n 8 -b "${BELOW_BYTES:-1000000}" -t
ok $? "the same with blocking calls"
full=$(counter "$A" BelowFull)
[ "$full" -gt 100 ] && [ "$(counter "$B" BelowFull)" -gt 100 ]
ok $? "data waited at both ends"
hosts_down

# A slower one: writes of 100 octets are to come faster than it sends them.
# Small writes that Nagle's algorithm would not hold back: of either transport so many
# are sent along with others
corked() { in_a awk '/^TcpExt/ { if (n++) print $k; else for (k = 1; $k != "TCPAutoCorking"; k++); }' /proc/net/netstat; }
corking() { in_a sh -c "echo $1 >/proc/sys/net/$2autocorking"; }
small_writes() { transfer 10.8.0.2 -d "$1" -N -w 100 -b 200000; }
hosts_up
bucket "$A" 500kbit
for state in 1 0; do
	corking $state ipv4/tcp_
	before=$(corked)
	small_writes tcp
	ok $? "tcp_autocorking=$state: every octet arrives"
	now=$(corked)
	[ $((now > before)) = $state ]
	ok $? "tcp_autocorking=$state: $((now - before)) small writes wait"

	corking $state xtcp/
	before=$(counter "$A" AutoCorking)
	small_writes xtcp
	ok $? "autocorking=$state: every octet arrives"
	now=$(counter "$A" AutoCorking)
	[ $((now > before)) = $state ]
	ok $? "autocorking=$state: $((now - before)) small writes wait"
done
hosts_down

# begin RATE: connections of which data waits for A's queue
begin()
{
	hosts_up
	bucket "$A" "$1"
	server 10.8.0.2 -n 4 -b 10000000 -r
	client 10.8.0.2 -n 4 -b 10000000 -r
	wait_for "data waits" above "$A" BelowFull 10
}

# end: both ends are gone, and their namespaces
end()
{
	wait_end "$client"
	wait_end "$server"
	hosts_down
	wait_for "all connections gone" unused
	ok 0 "$1: no connection is left"
}

begin $RATE
kill "$client"
wait_end "$client"
ok $? "the user gives up: what it got was right"
kill "$server"
end "the user gives up"

begin $RATE
kill -9 "$client" "$server"
end "the users are killed"

# A packet takes twelve seconds
begin $RATE
bucket "$A" 1kbit
kill -9 "$client" "$server"
end "the queue is stuck"

begin $RATE
ip -n "$A" link set v down
kill -9 "$client" "$server"
end "the device is down"

begin $RATE
ip -n "$A" link del v
kill -9 "$client" "$server"
end "the device is gone"

begin $RATE
ip netns del "$A"
ip netns del "$B"
kill -9 "$client" "$server"
wait_end "$client"
wait_end "$server"
wait_for "all connections gone" unused
ok 0 "the namespaces are gone: no connection is left"

rmmod xtcp && insmod "$XTCP_KO"
ok $? "the module can be removed, and comes back"
tap_end
