#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An algorithm of congestion control that comes as a module (cong_example/): is chosen,
# carries transfers over a lossy path, keeps its module in as long as it is used by a
# socket or a namespace, and is gone afterwards.
. "$(dirname "$0")/lib/hosts.sh"

ko=$(dirname "$XTCP_KO")/xtcp_scalable.ko
available=/proc/sys/net/xtcp/available_congestion_control
default=/proc/sys/net/xtcp/congestion_control
removable() { rmmod xtcp_scalable 2>/dev/null; }
# cong NAME: all connections of both hosts use it, and there are some
cong()
{
	{ in_a cat /proc/net/xtcp; in_b cat /proc/net/xtcp; } |
		awk -v name="cong=$1" '$3 ~ /ESTABLISHED/ { n++; if ($NF != name) bad++ }
			END { exit !n || bad }'
}
established() { in_a grep -q ESTABLISHED /proc/net/xtcp && in_b grep -q ESTABLISHED /proc/net/xtcp; }
default() { in_a sh -c "echo $1 >$default" && in_b sh -c "echo $1 >$default"; }

hosts_up
netem delay 10ms loss 1%
default scalable 2>/dev/null
[ $? != 0 ]
ok $? "it cannot be chosen before it is there"
insmod "$ko"
ok $? "it is inserted"
grep -qx "reno cubic bbr dctcp scalable" $available
ok $? "it is available: $(cat $available)"
rmmod xtcp 2>/dev/null
[ $? != 0 ]
ok $? "XTCP stays as long as it does"
default scalable 2>/dev/null
[ $? != 0 ]
ok $? "another namespace cannot make it its default before the first allows it"
echo scalable >$default && echo cubic >$default && default scalable
ok $? "then it can"
removable
[ $? != 0 ]
ok $? "a namespace's default keeps it in"
transfer 10.8.0.2 -b 2000000 -n 3
ok $? "transfer with loss"

server 10.8.0.2 -b 20000000
client 10.8.0.2 -b 20000000
wait_for "connected" established
cong scalable
ok $? "both ends use it"
default reno
cong scalable
ok $? "and go on when the default is another"
removable
[ $? != 0 ]
ok $? "a connection keeps it in"
wait_end "$client" && wait_end "$server"
ok $? "the connection ends intact"
wait_for "sockets closed" eval '[ "$(cat /sys/module/xtcp_scalable/refcnt)" = 0 ]'
removable
ok $? "it goes"
grep -qx "reno cubic bbr dctcp" $available
ok $? "it is not available any more: $(cat $available)"
insmod "$ko" && echo scalable >$default && echo cubic >$default && default scalable && hosts_down
ok $? "namespaces with it as their default end"
wait_for "namespaces gone" eval '[ "$(cat /sys/module/xtcp_scalable/refcnt)" = 0 ]'
removable
ok $? "and leave no reference"
tap_end
