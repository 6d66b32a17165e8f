#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Early demultiplexing (kmod/demux.c): a connection's packets take the route of those
# before them, as /proc/net/xtcp_stat counts; not if the administrator has switched it
# off, and not by a route that has changed: then an address that is gone is gone. And
# neighbours whose ACKs come are not asked whether they are there.
. "$(dirname "$0")/lib/hosts.sh"

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

# unasked: A has known for 3 seconds that B can be reached; without its ACKs that would
# be in doubt after 1.5 s at the latest
unasked()
{
	local entry ages updated

	entry=$(ip -n "$A" -6 -s neigh show fd08::2)
	ages=${entry#*used }
	IFS=/ read -r _ _ updated <<<"${ages%%probes*}"
	[[ $entry == *REACHABLE* ]] && [ "$updated" -ge 3 ]
}
# ever COMMAND: it succeeds once in 12 seconds
ever()
{
	for _ in {1..12}; do
		read -rt 1 -u "$hosts_never" || :
		! "$@" || return 0
	done
	return 1
}

for DOMAIN in ${TRANSPORTS:-tcp xtcp}; do
	hosts_up
	netem delay 5ms rate 1mbit
	# little is queued, or the first answer would come late
	in_a sh -c 'cd /proc/sys/net && echo 1000 >ipv6/neigh/v/base_reachable_time_ms && echo 1 >ipv6/neigh/v/delay_first_probe_time
		echo 4096 16384 16384 | tee ipv4/tcp_wmem >xtcp/wmem'
	# what takes 16 seconds
	server fd08::2 -b 2000000
	client fd08::2 -b 2000000
	ever unasked
	ok $? "$DOMAIN: a neighbour whose ACKs come is not asked whether it is there"
	wait_end "$client" && wait_end "$server"
	ok $? "$DOMAIN: every octet arrives"
	hosts_down
done
tap_end
