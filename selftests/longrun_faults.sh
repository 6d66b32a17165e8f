#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Allocations fail, first in the caches that XTCP takes from (in interrupts as well),
# then any in the two programs, pages too, during connect, transfer and close. Nothing
# crashes, leaks or delivers a wrong byte. Needs CONFIG_FAILSLAB: the debug kernel.
. "$(dirname "$0")/lib/hosts.sh"

debugfs=/sys/kernel/debug
slab=$debugfs/failslab
page=$debugfs/fail_page_alloc
[ -d $slab ] && [ -d $page ] || { echo "Bail out! no fault injection in this kernel"; exit 1; }

caches=$(cd /sys/kernel/slab && echo *[xX][tT][cC][pP]* skbuff_head_cache \
	skbuff_small_head skbuff_fclone_cache sock_inode_cache)

filter()
{
	local cache
	for cache in $caches; do
		[ ! -e "/sys/kernel/slab/$cache/failslab" ] ||
			echo "$1" >"/sys/kernel/slab/$cache/failslab"
	done
	echo "$2" >$slab/cache-filter
}

rate()
{
	echo 0 >"$1/verbose"
	echo -1 >"$1/times"
	echo 1 >"$1/interval"
	echo "$2" >"$1/probability"
}

off()
{
	rate $slab 0
	rate $page 0
	echo N >$slab/task-filter
	echo N >$page/task-filter
	filter 0 N
}
trap 'off; hosts_cleanup' EXIT

# run NAME OPTIONS...: a transfer that may fail, but not with wrong bytes
run()
{
	local name=$1 prefix=$2
	shift 2
	hosts_up
	for net in in_a in_b; do
		$net sh -c "echo $algorithm >/proc/sys/net/xtcp/congestion_control" || exit 1
	done
	netem delay 2ms loss 1%
	server 10.8.0.2 -r "$@"
	$prefix
	client 10.8.0.2 -r "$@"
	wait_end "$client"
	ok $? "$name: what the client got was right"
	off
	kill "$server" 2>/dev/null
	wait_end "$server"
	ok $? "$name: what the server got was right"
	sed 's/^/# client: /' "$hosts_tmp/client"
	sed 's/^/# server: /' <&9
	hosts_down
	wait_for "nothing left" unused
	ok 0 "$name: no connection is left"
}

in_caches() { filter 1 Y; rate $slab "$percent"; }

in_tasks()
{
	echo Y >$slab/task-filter
	echo Y >$page/task-filter
	# GFP_KERNEL fails too: that is what a program under memory pressure sees.
	echo N >$page/ignore-gfp-wait
	echo 0 >$page/min-order
	echo N >$slab/ignore-gfp-wait 2>/dev/null
	echo 1 >"/proc/$server/make-it-fail"
	rate $slab "$percent"
	rate $page "$percent"
}

off
algorithm=cubic
for percent in 1 10 30; do
	run "$percent % of slabs fail" in_caches -n 20 -b 100000
done
for percent in 1 10 30; do
	run "$percent % of a program's allocations fail" in_tasks -n 20 -b 100000
done
percent=10
run "$percent % fail, one connection after the other" in_caches -n 50 -b 1000 -c
# a paced connection has a timer of its own, which may not be had
algorithm=bbr percent=30
run "$percent % fail where data is paced" in_tasks -n 20 -b 100000

# And all is well again.
hosts_up
transfer 10.8.0.2 -n 10 -b 100000
ok $? "a transfer afterwards"
hosts_down
wait_for "nothing left" unused
tap_end
