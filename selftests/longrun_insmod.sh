#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Inserts and removes the module $INSMOD_CYCLES times with work in between, once with
# netem traffic that has just ended. It must refuse to go while a socket is open, and
# not while connections sit in TIME-WAIT. Needs $XTCP_KO, not inserted.
. "$(dirname "$0")/lib/hosts.sh"

removable() { rmmod xtcp 2>"$hosts_tmp/rmmod"; }
gone() { ! grep -q '^xtcp ' /proc/modules && [ ! -e /proc/net/xtcp ]; }

slabs_of_xtcp() { grep -ic xtcp /proc/slabinfo; }
before=$(slabs_of_xtcp)

for ((i = 1; i <= INSMOD_CYCLES; i++)); do
	insmod "$XTCP_KO" || { ok 1 "cycle $i: insmod"; continue; }
	hosts_up
	case $((i % 5)) in
	1)	# traffic that has just ended, with segments still in netem
		netem delay 50ms 20ms loss 5% duplicate 10%
		transfer 10.8.0.2 -b 200000 -n 4
		ok $? "cycle $i: transfer with netem"
		;;
	2)	# a socket is open
		netem delay 30ms
		server 10.8.0.2 -b 5000000
		removable
		[ $? != 0 ] && grep -qi "in use\|busy\|unavailable" "$hosts_tmp/rmmod"
		ok $? "cycle $i: busy with a listener"
		client 10.8.0.2 -b 5000000
		wait_for "data flows" above "$B" InOctets 100000
		removable
		[ $? != 0 ]
		ok $? "cycle $i: busy with connections"
		wait_end "$client" && wait_end "$server"
		ok $? "cycle $i: they end intact"
		;;
	3)	# TIME-WAIT
		transfer fd08::2 -n 50 -b 100
		ok $? "cycle $i: transfer"
		waiting=$(($(counter "$A" TimeWaits) + $(counter "$B" TimeWaits) -
			$(counter "$A" TimeWaitsExpired) - $(counter "$B" TimeWaitsExpired)))
		[ "$waiting" -gt 0 ]
		ok $? "cycle $i: $waiting connections sit in TIME-WAIT"
		wait_for "sockets closed" unused
		removable
		ok $? "cycle $i: rmmod takes TIME-WAIT with it"
		;;
	4)	# namespaces gone before the module, connections never closed in order
		netem delay 30ms
		server 10.8.0.2 -n 3 -b 5000000 -r
		client 10.8.0.2 -n 3 -b 5000000 -r
		wait_for "data flows" above "$B" InOctets 100000
		kill -9 "$client" "$server"
		wait_end "$client"
		wait_end "$server"
		;;
	0)	transfer 10.8.0.2 -n 10 -t
		ok $? "cycle $i: transfer with threads"
		;;
	esac
	[ $((i % 5)) = 1 ] || hosts_down
	# Busy is right while connections are closing, so it is asked again.
	gone || { wait_for "module unused" unused && wait_for "module removed" removable; }
	gone
	ok $? "cycle $i: removed"
	[ $((i % 5)) != 1 ] || hosts_down
done
[ "$(slabs_of_xtcp)" = "$before" ]
ok $? "no slab of the module is left"
tap_end
