#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The ground is taken away in the middle of transfers: an interface goes down, or away,
# or its address does; namespaces are removed with connections open. Nothing crashes,
# nothing stays, and no wrong byte is delivered.
. "$(dirname "$0")/lib/hosts.sh"

# begin ADDRESS [OPTIONS]: a transfer that would take long, seen running
begin()
{
	hosts_up
	netem delay 5ms rate 20mbit
	server "$1" -n 4 -b 100000000 -r
	client "$@" -n 4 -b 100000000 -r
	wait_for "data flows" above "$B" InOctets 300000
}

# Both ends are told to go; wrong bytes would be their exit status.
finish()
{
	kill "$client" "$server" 2>/dev/null
	wait_end "$client"
	ok $? "$1: what the client got was right"
	wait_end "$server"
	ok $? "$1: what the server got was right"
	sed 's/^/# client: /' "$hosts_tmp/client"
}

for address in 10.8.0.2 fd08::2; do
	begin $address
	ip -n "$A" link set v down
	now=$(counter "$B" InOctets)
	ip -n "$A" link set v up
	case $address in *:*) ip -n "$A" addr add fd08::1/64 dev v nodad ;; esac
	wait_for "data flows again" above "$B" InOctets $((now + 300000))
	ok 0 "interface down and up, to $address: data flows again"
	finish "interface down and up, to $address"
	hosts_down

	begin $address
	ip -n "$A" link del v
	finish "interface gone, to $address"
	hosts_down

	begin $address
	ip -n "$A" addr flush dev v
	finish "address gone, to $address"
	hosts_down

	begin $address
	ip netns del "$A"
	ip netns del "$B"
	finish "namespaces' names gone, to $address"

	begin $address
	kill -9 "$client" "$server"
	ip netns del "$A"
	ip netns del "$B"
	wait_end "$client"
	wait_end "$server"
	wait_for "connections of dead namespaces gone" unused
	ok 0 "namespaces gone with their processes, to $address: no connection is left"

	# A device's end is what its routes and sockets must let go of.
	begin $address
	kill -9 "$client" "$server"
	wait_end "$client"
	wait_end "$server"
	ip -n "$A" link del v
	hosts_down
	wait_for "orphans gone" unused
	ok 0 "processes, then the interface gone, to $address: no connection is left"
done
tap_end
