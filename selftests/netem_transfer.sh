#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Transfers both ways at once, every byte compared, over links that lose, reorder,
# duplicate, corrupt, and have small MTUs; IPv4 and IPv6. See lib/hosts.sh for the
# two hosts. DOMAIN=tcp tries the script itself.
. "$(dirname "$0")/lib/hosts.sh"

hosts_singly=1
SIZE=${SMALL_BYTES:-262144}
up=
turn=0 turns=(10.8.0.2 fd08::2)

# name | MTU | netem's arguments | options of transfer
while IFS='|' read -r name mtu link options; do
	name=$(echo $name)
	mtu=$(echo $mtu)
	# Those in a row with the same MTU share the hosts
	if [ "$mtu" != "$up" ]; then
		[ -z "$up" ] || hosts_down
		hosts_up "$mtu"
		up=$mtu
	fi
	# shellcheck disable=SC2086 # lists of words
	netem $link
	turn=$((turn + 1))
	for address in 10.8.0.2 fd08::2; do
		if [ "$mtu" -lt 1280 ]; then
			[ $address = 10.8.0.2 ] || continue
		elif [ -n "${SMALL_TURNS:-}" ]; then
			[ $address = "${turns[turn % 2]}" ] || continue
		fi
		# shellcheck disable=SC2086
		transfer $address -b "$SIZE" -n 4 $options
		ok $? "$name, to $address"
	done
done <<'END'
clean                  | 1500 | delay 1ms                          |
clean, with threads    | 1500 | delay 1ms                          | -t
small writes           | 1500 | delay 1ms                          | -w 100
odd writes             | 1500 | delay 1ms                          | -w 1461
loss                   | 1500 | delay 5ms loss 5%                  |
heavy loss             | 1500 | delay 5ms loss 15%                 | -t
reordering             | 1500 | delay 10ms reorder 25% 50%         |
jitter                 | 1500 | delay 10ms 8ms                     |
duplication            | 1500 | delay 5ms duplicate 20%            |
corruption             | 1500 | delay 5ms corrupt 3%               |
all of it              | 1500 | delay 10ms 3ms loss 3% duplicate 5% corrupt 2% reorder 20% |
a slow link            | 1500 | delay 20ms rate 2mbit              |
MTU 1280               | 1280 | delay 5ms loss 2%                  |
MTU 576                | 576  | delay 5ms loss 2%                  |
MTU 296                | 296  | delay 5ms loss 2%                  |
MTU 9000               | 9000 | delay 5ms loss 2%                  |
MTU 65535              | 65535 | delay 5ms loss 2%                 |
END
hosts_down
tap_end
