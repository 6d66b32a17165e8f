#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Buffers grow by themselves, at both ends, to what a path of 100 Mbit/s and 50 ms
# needs (625 KB outstanding) and no further than the sysctls let them; one that was
# set by hand stays. DOMAIN=tcp tries the script itself.
. "$(dirname "$0")/lib/hosts.sh"

family=xtcp prefix=
[ "$DOMAIN" != tcp ] || family=ipv4 prefix=tcp_
setting() { in_net "$1" sh -c "echo '$3' >/proc/sys/net/$family/$prefix$2"; }

# flow FLOW: 8 MiB from A to B; $speed, $sndbuf and $rcvbuf of it
flow()
{
	read -r _ _ speed sndbuf rcvbuf < <("$here/bench/loss" "/run/netns/$A" "/run/netns/$B" \
		10.8.0.2:7000 8388608 0 "$DOMAIN/$1")
	echo "# $1: $speed bytes a second, SO_SNDBUF $sndbuf, SO_RCVBUF $rcvbuf"
}
# within VALUE LEAST MOST
within() { [ "${1:-0}" -ge "$2" ] && [ "$1" -le "$3" ]; }

hosts_up
netem delay 25ms rate 100mbit
flow cubic
within "$speed" 6000000 12500000
ok $? "the path is used: $speed bytes a second"
# what is outstanding, and as much again to follow
within "$sndbuf" 1250000 4194304
ok $? "the send buffer grew, within wmem: $sndbuf"
# half of it is window
within "$rcvbuf" 1250000 6291456
ok $? "the receive buffer grew, within rmem: $rcvbuf"

flow cubic/50000
within "$sndbuf" 100000 100000 && within "$rcvbuf" 100000 100000
ok $? "buffers set by hand stay: $sndbuf, $rcvbuf"

setting "$A" wmem "4096 16384 200000"
setting "$B" rmem "4096 131072 300000"
flow cubic
within "$sndbuf" 200000 200000 && within "$rcvbuf" 300000 300000
ok $? "they grow to the most that the sysctls name: $sndbuf, $rcvbuf"

setting "$A" wmem "4096 16384 4194304"
setting "$B" rmem "4096 131072 6291456"
setting "$B" moderate_rcvbuf 0
flow cubic
within "$sndbuf" 87040 4194304 && within "$rcvbuf" 131072 131072
ok $? "without moderate_rcvbuf the receive buffer stays: $rcvbuf"
setting "$B" moderate_rcvbuf 1
hosts_down
tap_end
