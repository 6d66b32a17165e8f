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
stat_of() { counter "$1" "$2:$3"; }
orphans_gone() { [ "$(stat_of "$A" XTCP orphan)" = 0 ]; }
orphaned() { [ "$(stat_of "$A" XTCP orphan)" = 10 ]; }
none() { [ "$(stat_of "$A" XTCP "$1") $(stat_of "$B" XTCP "$1") $(stat_of "$A" host "$1")" = "0 0 0" ]; }
connected() { [ "$(in_a grep -c ' 10.8.0.2:7000 ESTABLISHED ' /proc/net/xtcp)" = 10 ]; }
# the ten have read all that came, and have more to send than the peer acknowledged:
# a close with something unread would be a reset
blocked() { [ "$(in_a grep -c ' 10.8.0.2:7000 ESTABLISHED sendq=[1-9][0-9]* recvq=0 ' /proc/net/xtcp)" = 10 ]; }
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
# who has sent all and closes would be the first to go, with what is not acknowledged
transfer 10.8.0.2 -t -L -n 40 -b "${MEMORY_TIGHT:-200000}"
ok $? "40 connections under pressure: every octet arrives"
[ "$(counter "$A" MemPressures)" -gt 0 ] || [ "$(counter "$B" MemPressures)" -gt 0 ]
ok $? "there was pressure"
[ "$(counter "$A" AbortOnMemory) $(counter "$B" AbortOnMemory)" = "0 0" ]
ok $? "nobody with a user had to go"
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
transfer 10.8.0.2 -n 10 -b "${MEMORY_AFTER:-1000000}"
ok $? "a transfer with memory again"
[ "$(stat_of "$A" host pressure)" = 0 ]
ok $? "the pressure is over"

# A long transfer. Half-way the limits fall below what others have: they are stopped, and
# nobody reads what they were sent. It becomes slower, goes on, and is as fast as
# before once there is memory again; so is TCP.
received() { in_b awk '$1 == "v:" { print $2 }' /proc/net/dev; }
# rate SECONDS: octets a second that arrive at B
rate()
{
	local from

	from=$(received)
	sleep "$1"
	echo $((($(received) - from) / $1))
}
pages_of()
{
	case $DOMAIN in
	tcp) awk '$1 == "TCP:" { for (i = 2; i < NF; i += 2) if ($i == "mem") print $(i + 1) }' /proc/net/sockstat ;;
	*) stat_of "$A" host mem ;;
	esac
}
recovered() { [ $((after * 5)) -gt $((before * 4)) ]; }
hogged() { [ "$(pages_of)" -ge 2000 ]; }
# hog_up: eight connections take thousands of pages, far more than a processor keeps
# uncounted, and stop there
hog_up()
{
	B=$A server 127.0.0.1 -p 7001 -r -n 8 -b 100000000
	hog_server=$server
	kill -STOP $hog_server
	client 127.0.0.1 -p 7001 -r -n 8 -b 100000000
	hog_client=$client
	wait_for "memory is taken" hogged
	kill -STOP $hog_client
}
hog_down()
{
	kill -KILL "$hog_client" "$hog_server" 2>/dev/null
	wait_end "$hog_client"
	wait_end "$hog_server"
}
# the receive buffer of a flow that begins now, in the end
grown() { "$here/bench/loss" "/run/netns/$A" "/run/netns/$B" 10.8.0.2:7002 1000000 0 "$DOMAIN/cubic" | awk '{ print $5 }'; }

for DOMAIN in ${TRANSPORTS:-tcp xtcp}; do
	mem=/proc/sys/net/$([ $DOMAIN = tcp ] && echo ipv4/tcp_mem || echo xtcp/mem)
	was=$(cat $mem)
	netem delay 10ms rate 10mbit
	hog_up
	server 10.8.0.2 -b "${MEMORY_BYTES:-16000000}"
	client 10.8.0.2 -b "${MEMORY_BYTES:-16000000}"
	sleep 1
	before=$(rate 2)
	echo "500 1000 10000000" >$mem
	sleep 1
	tight=$(rate 4)
	small=$(grown)
	echo "$was" >$mem
	after=0 seconds=0
	while ! recovered && [ $((seconds++)) -lt 10 ]; do after=$(rate 1); done
	large=$(grown)
	echo "# $DOMAIN: $(pages_of) pages; $before octets a second, $tight under pressure, $after $seconds s after it"
	[ "$tight" -gt 0 ] && [ $((tight * 2)) -lt "$before" ]
	ok $? "$DOMAIN: under pressure a connection slows, and goes on"
	recovered
	ok $? "$DOMAIN: it recovers"
	echo "# $DOMAIN: receive buffers grow to $small, and to $large without pressure"
	[ "$small" -lt "$large" ]
	ok $? "$DOMAIN: buffers do not grow meanwhile"
	wait_end "$client"
	ok $? "$DOMAIN: what the client got was right"
	wait_end "$server"
	ok $? "$DOMAIN: what the server got was right"
	hog_down
done

# Who has no user. How much is spent is counted but roughly: others have it
DOMAIN=xtcp
netem delay 5ms
hog_up

# blocked_up: ten clients have much to say, and the network is gone
blocked_up()
{
	server 10.8.0.2 -r -n 10 -b 10000000
	client 10.8.0.2 -r -n 10 -b 10000000
	wait_for "ten connections" connected
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
B=$A GIVE_UP=20 transfer 127.0.0.1 -p 7002 -n 4 -b 20000
ok $? "others have taken it all: the least is not refused"
abandon
wait_for "the orphans gone" orphans_gone
[ "$(counter "$A" AbortOnMemory)" -gt "$before" ]
ok $? "or their close does"
echo "$usual" >$limits
kill -KILL "$server"
wait_end "$server"
hog_down
in_b sh -c 'echo 1 >/proc/sys/net/xtcp/retries2; echo 1 >/proc/sys/net/xtcp/orphan_retries'
wait_for "nothing charged" nothing_left
ok 0 "nothing is charged in the end"
hosts_down
tap_end
