#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# BBR where Reno starves: a path of 20 ms that loses one packet of a hundred, timed by
# the guest's clock; paced by the module itself, and by the fq qdisc.
. "$(dirname "$0")/lib/hosts.sh"

algorithm() { in_a sh -c "echo $1 >/proc/sys/net/xtcp/congestion_control" && in_b sh -c "echo $1 >/proc/sys/net/xtcp/congestion_control"; }
# timed NAME ADDRESS: a transfer both ways; $took is its time, in hundredths of a second
timed()
{
	local start end

	read -r start _ </proc/uptime
	transfer "$2" -b "$BBR_BYTES"
	ok $? "$1, to $2"
	read -r end _ </proc/uptime
	took=$((10#${end/./} - 10#${start/./}))
	echo "# $1: $took hundredths of a second"
}
# quicker NAME ADDRESS: BBR_TIMES as quick as Reno was? A SYN that is lost costs seconds
# that say nothing about it: of three attempts one is enough
quicker()
{
	local attempt

	for attempt in 1 2 3; do
		timed "$1" "$2"
		[ $((took * BBR_TIMES)) -ge "$reno" ] || return 0
		echo "# no: attempt $attempt"
	done
	return 1
}
# throttled: fq has held packets back
throttled() { tc -n "$A" -s qdisc show dev v | grep -Eq 'throttled [1-9]'; }

hosts_up
for ns in "$A" "$B"; do
	in_net "$ns" sh -c 'echo 4096 2097152 4194304 >/proc/sys/net/xtcp/wmem
		echo 4096 4194304 4194304 >/proc/sys/net/xtcp/rmem'
	# each packet is lost or not by itself
	ip -n "$ns" link set v gso_max_segs 1
done
netem delay 10ms loss 1% rate 100mbit
for address in ${BBR_TO:-10.8.0.2 fd08::2}; do
	algorithm reno
	timed "Reno, 1 % loss" $address
	reno=$took
	algorithm bbr
	quicker "BBR, 1 % loss" $address
	ok $? "BBR is more than $BBR_TIMES times as fast as Reno ($took, $reno)"
done

# fq at one end, the path at the other
netem
tc -n "$A" qdisc add dev v root fq && tc -n "$B" qdisc add dev v root netem limit 20000 delay 20ms loss 1% rate 100mbit
ok $? "fq"
quicker "BBR with fq" 10.8.0.2
ok $? "as fast as without ($took, $reno)"
throttled
ok $? "fq paces BBR"
tc -n "$A" qdisc replace dev v root fq
algorithm cubic
timed "CUBIC with fq" fd08::2
throttled
ok $? "fq paces CUBIC"
tap_end
