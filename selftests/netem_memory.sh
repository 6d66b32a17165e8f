#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Memory is short: the host's limits are a few pages, and more is wanted by far. What
# was sent arrives whole, only later; who has no user is the first to go; and
# afterwards nothing is charged to anybody.
. "$(dirname "$0")/lib/hosts.sh"

limits=/proc/sys/net/xtcp/mem
usual=$(cat $limits)
trap 'echo "$usual" >$limits; hosts_cleanup' EXIT

# stat_of NAMESPACE LINE KEY: out of its xtcp_sockstat
stat_of() { in_net "$1" awk -v l="$2:" -v k="$3" '$1 == l { for (i = 2; i < NF; i += 2) if ($i == k) print $(i + 1) }' /proc/net/xtcp_sockstat; }
orphans_gone() { [ "$(stat_of "$A" XTCP orphan)" = 0 ]; }
orphaned() { [ "$(stat_of "$A" XTCP orphan)" = 10 ]; }
stuck() { [ "$(stat_of "$A" XTCP mem)" -ge 30 ]; }
none() { [ "$(stat_of "$A" XTCP "$1") $(stat_of "$B" XTCP "$1") $(stat_of "$A" host "$1")" = "0 0 0" ]; }
# the ten have read all that came, and have more to send than the peer acknowledged:
# a close with something unread would be a reset
blocked() { [ "$(in_a grep -c ' ESTABLISHED sendq=[1-9][0-9]* recvq=0 ' /proc/net/xtcp)" = 10 ]; }
nothing_left() { none alloc && none mem; }

[ "$(echo "$usual" | wc -w)" = 3 ]
ok $? "net.xtcp.mem has three limits"

hosts_up
wait_for "all from before gone" nothing_left
ok 0 "nothing is charged before"
in_a sh -c "echo 1 2 3 2>/dev/null >$limits" 2>/dev/null
[ "$(cat $limits)" = "$usual" ] && [ "$(in_a cat $limits)" = "$usual" ]
ok $? "a namespace sees the limits and does not change them"

# Far fewer pages than a processor keeps at hand uncounted, and than 40 connections would like to have
echo "48 64 128" >$limits
netem delay 5ms loss 1%
transfer 10.8.0.2 -n 40 -b 200000
ok $? "40 connections under pressure: every octet arrives"
[ "$(counter "$A" MemPressures)" -gt 0 ] || [ "$(counter "$B" MemPressures)" -gt 0 ]
ok $? "there was pressure"
refused=$(($(counter "$A" DropRcvMem) + $(counter "$B" DropRcvMem) +
	$(counter "$A" DropOfoPruned) + $(counter "$B" DropOfoPruned)))
echo "# $refused segments refused or pruned, $(counter "$B" MemForced) forced"
[ $refused -gt 0 ]
ok $? "segments were refused, and counted"
wait_for "nothing charged" nothing_left
ok 0 "nothing is charged afterwards, and no socket left"

# Plenty again: what was slow is not slow for ever
echo "$usual" >$limits
netem delay 5ms
transfer 10.8.0.2 -n 10 -b 1000000
ok $? "a transfer with memory again"
[ "$(stat_of "$A" host pressure)" = 0 ]
ok $? "the pressure is over"

# blocked_up: ten clients have much to say, and the network is gone
blocked_up()
{
	server 10.8.0.2 -r -n 10 -b 10000000
	client 10.8.0.2 -r -n 10 -b 10000000
	wait_for "data on its way" stuck
	netem loss 100%
	wait_for "clients that wait for the network" blocked
}
# abandon: they leave it to the stack
abandon() { kill -KILL "$client"; wait_end "$client"; }

blocked_up
abandon
wait_for "ten orphans" orphaned
ok 0 "orphans go on where there is memory"
echo "1 1 1" >$limits
wait_for "the orphans gone" orphans_gone
[ "$(counter "$A" AbortOnMemory)" = 10 ]
ok $? "their next timeout ends them where there is none"
echo "$usual" >$limits
kill -KILL "$server"
wait_end "$server"

netem delay 5ms
before=$(counter "$A" AbortOnMemory)
blocked_up
echo "1 1 1" >$limits
# a refusal with nothing on its way would have nothing to wait for
B=$A GIVE_UP=20 transfer 127.0.0.1 -p 7001 -n 4 -b 20000
ok $? "others have taken it all: the least is not refused"
abandon
wait_for "the orphans gone" orphans_gone
[ "$(counter "$A" AbortOnMemory)" -gt "$before" ]
ok $? "or their close does"
echo "$usual" >$limits
kill -KILL "$server"
wait_end "$server"
in_b sh -c 'echo 1 >/proc/sys/net/xtcp/retries2; echo 1 >/proc/sys/net/xtcp/orphan_retries'
wait_for "nothing charged" nothing_left
ok 0 "nothing is charged in the end"
hosts_down
tap_end
