#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Early demultiplexing (kmod/demux.c): a connection's packets take the route of those
# before them, as /proc/net/xtcp_stat counts; not if the administrator has switched it
# off, and not by a route that has changed: then an address that is gone is gone. And
# neighbours whose ACKs come are not asked whether they are there.
. "$(dirname "$0")/lib/hosts.sh"

above() { [ "$(counter "$1" "$2")" -gt "$3" ]; }
early_demux() { ip netns exec "$1" sh -c "echo $2 >/proc/sys/net/ipv4/ip_early_demux"; }

for address in 10.8.0.2 fd08::2; do
	prefix=24
	case $address in *:*) prefix=64 ;; esac
	hosts_up
	netem delay 5ms rate 20mbit
	server $address -n 1 -b 100000000 -r
	client $address -n 1 -b 100000000 -r

	wait_for "routes remembered" above "$B" InEarly 100
	ok 0 "$address: the receiver's packets take the known route"
	wait_for "routes remembered" above "$A" InEarly 100
	ok 0 "$address: the sender's packets take the known route"

	early_demux "$B" 0
	early=$(counter "$B" InEarly)
	wait_for "data flows" above "$B" InOctets $(($(counter "$B" InOctets) + 300000))
	[ "$(counter "$B" InEarly)" = "$early" ]
	ok $? "$address: none is known with ip_early_demux=0"
	early_demux "$B" 1
	wait_for "routes remembered" above "$B" InEarly $((early + 100))
	ok 0 "$address: and again with ip_early_demux=1"

	# What is under way arrives within a second; what is sent again later does not.
	ip -n "$B" addr del $address/$prefix dev v
	sleep 1
	segments=$(counter "$B" InSegs)
	sleep 5
	[ "$(counter "$B" InSegs)" = "$segments" ]
	ok $? "$address: nothing is delivered to an address that is gone"
	case $address in
	*:*) ip -n "$B" addr add $address/$prefix dev v nodad ;;
	*) ip -n "$B" addr add $address/$prefix dev v ;;
	esac
	wait_for "data flows" above "$B" InOctets $(($(counter "$B" InOctets) + 300000))
	ok 0 "$address: data flows when it is back"

	kill "$client" "$server" 2>/dev/null
	wait_end "$client"
	ok $? "$address: what the client got was right"
	wait_end "$server"
	ok $? "$address: what the server got was right"
	hosts_down
done

# asked: how often this kernel was, alone, by neighbour discovery
asked() { awk 'NR == 1 { for (k = 1; $k != "rcv_probes_ucast"; k++); next } { n += sprintf("%d", "0x" $k) } END { print n }' /proc/net/stat/ndisc_cache; }
hosts_up
netem delay 5ms rate 1mbit
for ns in "$A" "$B"; do
	in_net "$ns" sh -c 'cd /proc/sys/net/ipv6/neigh/v && echo 1000 >base_reachable_time_ms && echo 1 >delay_first_probe_time'
done
for DOMAIN in tcp xtcp; do
	before=$(asked)
	transfer fd08::2 -b 2000000
	ok $? "$DOMAIN: every octet arrives"
	times=$(($(asked) - before))
	echo "# $DOMAIN: neighbours were asked $times times"
	most=${most:-$((times + times / 2))}
done
[ $times -le "$most" ]
ok $? "neighbours are asked no more than by TCP, if only they answer ($times, $most)"
hosts_down
tap_end
