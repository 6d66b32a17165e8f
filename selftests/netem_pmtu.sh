#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Transfers over paths that swallow what is larger than they say, without a word (the
# relay's -h): sysctl mtu_probing gets them through, for XTCP as for Linux TCP. See
# lib/hosts.sh for the two hosts.
. "$(dirname "$0")/lib/hosts.sh"

# set_probing MODE: at both ends
set_probing()
{
	local ns file=xtcp/mtu_probing

	[ "$DOMAIN" = xtcp ] || file=ipv4/tcp_mtu_probing
	for ns in "$A" "$B"; do
		in_net "$ns" sh -c "echo $1 >/proc/sys/net/$file" || exit 1
	done
}

for DOMAIN in ${TRANSPORTS:-tcp xtcp}; do
	while read -r address hole mode; do
		hosts_relay -d 10 -h "$hole"
		set_probing "$mode"
		before=$(counter "$A" BlackHoles) ups=$(counter "$A" MtuProbeSuccesses)
		transfer "$address" -b "$PMTU_BYTES"
		ok $? "$DOMAIN, mtu_probing=$mode, a hole for more than $hole, to $address"
		if [ "$DOMAIN $mode" = "xtcp 1" ]; then
			[ "$(counter "$A" BlackHoles)" -gt "$before" ]
			ok $? "it was found to be one, $hole, to $address"
		fi
		# The search begins at 1024 and at 1280 bytes
		if [ "$DOMAIN" = xtcp ] && [ "$hole" != 576 ]; then
			[ "$(counter "$A" MtuProbeSuccesses)" -gt "$ups" ]
			ok $? "a larger size was found, mtu_probing=$mode, $hole, to $address"
		fi
		hosts_relay_stop
	done <<-'END'
		10.9.0.2	1300	1
		10.9.0.2	1300	2
		10.9.0.2	576	1
		fd09::2		1380	1
		fd09::2		1380	2
	END
done
tap_end
