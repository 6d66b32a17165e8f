#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The large transfers, meant for virtual time, 10 ms each way; sizes and rates from
# selftests/limits. `netem_done.sh bulk|lossy|many|parallel` runs one of them.
. "$(dirname "$0")/lib/hosts.sh"

# lost_singly BYTES PERCENT: A's link lost about as many segments, each by itself, and
# A sent them again? Of large ones, of up to 45 segments each, it would lose few.
lost_singly()
{
	local lost again

	lost=$(tc -n "$A" -s qdisc show dev v | sed -n 's/.*(dropped \([0-9]*\).*/\1/p')
	again=$(counter "$A" RetransSegs)
	awk "BEGIN { least = $1 / 1448 * $2 / 100 / 3; exit !($lost > least && $again > least) }"
	ok $? "$lost segments were lost one by one, $again sent again"
}

bulk()
{
	hosts_singly=1
	hosts_up
	netem delay 10ms loss "$BULK_LOSS%"
	transfer "$1" -b "$BULK_BYTES"
	ok $? "$BULK_BYTES bytes each way at once, $BULK_LOSS % loss, to $1"
	lost_singly "$BULK_BYTES" "$BULK_LOSS"
	hosts_down
}

lossy()
{
	hosts_relay -d 10 -l "$LOSSY_LOSS" -r "$LOSSY_REORDER" -c "$LOSSY_CORRUPT" -s "$2"
	transfer "$1" -b "$LOSSY_BYTES" -s "$2"
	ok $? "$LOSSY_BYTES bytes each way at once through the relay, to $1"
	hosts_down
}

many()
{
	hosts_singly=1
	hosts_up
	netem delay 10ms loss "$MANY_LOSS%"
	transfer "$1" -b "$MANY_BYTES" -n "$MANY_CONNECTIONS"
	ok $? "$MANY_CONNECTIONS connections at once, $MANY_BYTES bytes each way, to $1"
	lost_singly $((MANY_BYTES * MANY_CONNECTIONS)) "$MANY_LOSS"
	hosts_down
}

parallel()
{
	hosts_up
	transfer "$1" -b "$PARALLEL_BYTES" -n "$PARALLEL_CONNECTIONS" -t
	ok $? "$PARALLEL_BYTES bytes each way on each of $PARALLEL_CONNECTIONS connections, to $1"
	hosts_down
}

case $1 in
bulk)	bulk 10.8.0.2 ;;
lossy)	seed=0
	for address in $LOSSY_TO; do lossy "$address" $((seed += 1)); done ;;
many)	many fd08::2 ;;
parallel) parallel 10.8.0.2 ;;
*)	echo "usage: netem_done.sh bulk|lossy|many|parallel" >&2
	exit 2 ;;
esac
tap_end
