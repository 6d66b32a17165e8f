#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# $CYCLES times connect, echo, close, one after the other, then many at once; the
# module's slabs hold afterwards what they held before. (kmemleak is read by the VM's
# init after every run on the debug kernel.)
. "$(dirname "$0")/lib/hosts.sh"

# The kernel frees those that have died together when the next one dies; that takes RCU
bury()
{
	ip netns add "$A" && ip netns del "$A"
	read -rt 5 -u "$hosts_never" || :
}

# Namespaces die by work queue and their memory by RCU, with no event to wait for, and
# those of suites before this one with the last of Linux TCP's connections in them, which
# may send into nowhere for a quarter of an hour; in virtual time that costs nothing.
settle()
{
	local n=0

	bury
	until slabs "$hosts_tmp/before" && grep -qx "net_namespace [01]" "$hosts_tmp/before"; do
		[ $((n += 1)) -le 240 ] || { echo "# namespaces of others are left"; return; }
		bury
	done
}

# The first run of anything keeps something: one warm-up before counting.
hosts_up
transfer 10.8.0.2 -n 5 -c -b 100
hosts_down
wait_for "connections of the warm-up gone" unused
settle

hosts_up
transfer 10.8.0.2 -n "$CYCLES" -c -b 1000
ok $? "$CYCLES times connect, echo, close over IPv4"
transfer fd08::2 -n "$((CYCLES / 4))" -c -b 1000 -t
ok $? "$((CYCLES / 4)) times over IPv6 with threads"
[ "$(counter "$A" ActiveOpens)" = $((CYCLES + CYCLES / 4)) ]
ok $? "every one was counted"
# The clients read the server's FIN last or first: TIME-WAIT is on one of the sides.
[ $(($(counter "$A" TimeWaits) + $(counter "$B" TimeWaits))) -ge $((CYCLES + CYCLES / 4)) ]
ok $? "every one left a TIME-WAIT"
hosts_down
wait_for "all sockets gone" unused
ok 0 "no socket is left"

# Namespaces die by work queue.
same() { bury; slabs "$hosts_tmp/after"; cmp -s "$hosts_tmp/before" "$hosts_tmp/after"; }
n=0
until same || [ $((n += 1)) = 20 ]; do :; done
same
ok $? "slabs hold what they held before"
diff "$hosts_tmp/before" "$hosts_tmp/after" | sed 's/^/# /'
tap_end
