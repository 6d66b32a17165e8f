#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A kernel that XTCP does not fit is named, with what it lacks: played by copies
# of a stock kernel's headers, by links, in which a version, an option or a
# function is another.
set -u
. "$(dirname "$0")/lib/tap.sh"
stock=$("$top/selftests/vm/kernel" stock-6.12) || exit 1
release=$(cat "$stock/release")
# what is built is a copy, so that nothing is left in the checkout
mkdir "$work/xtcp"
cp -r "$top"/{Makefile,Kbuild,kmod,uapi} "$work/xtcp" && cd "$work/xtcp" || exit 1
find . \( -name '*.o' -o -name '.*.cmd' \) -delete

# headers RELEASE: $kdir is a copy with that release, by links; the one copy, in which
# what the last case made its own is put back
owned=()
cp -rs "$(readlink -f "$stock/kdir")" "$work/headers" || exit 1
headers()
{
	local file

	for file in ${owned[@]+"${owned[@]}"}; do
		ln -sf "$(readlink -f "$stock/kdir")/$file" "$work/headers/$file"
	done
	owned=()
	kdir=$work/headers-$1
	ln -sfn headers "$kdir"
	own include/config/kernel.release
	echo "$1" >"$kdir/include/config/kernel.release"
}

own()		# own FILE: of the copy, to write to
{
	owned+=("$1")
	cp --remove-destination "$(readlink -f "$kdir/$1")" "$kdir/$1"
}

# without OPTION: the copy lacks it, said in the two places that are asked
without()
{
	own include/generated/autoconf.h
	sed -i "/CONFIG_$1\(_MODULE\)\? /d" "$kdir/include/generated/autoconf.h"
}

# says STATUS WORDS COMMAND...
says()
{
	local want=$1 words=$2 status=0

	shift 2
	"$@" 2>&1 | tee output
	status=${PIPESTATUS[0]}
	[ "$status" = "$want" ] && grep -q -- "$words" output
}

# first WORDS COMMAND...: it fails with one line, before anything is compiled
first()
{
	says 2 "$@" && ! grep -q ' CC \|\.c:' output && [ "$(grep -vc '^make' output)" = 1 ]
}

built() { make -C "$kdir" M="$PWD" CC=gcc-12 modules; }

ok "no such folder" first "no kernel headers in $work/none: apt-get install.*KDIR=" make KDIR="$work/none"
mkdir "$work/bare"
touch "$work/bare/Makefile"
ok "a kernel that is not configured" first "$work/bare is not a configured kernel" make KDIR="$work/bare"

for option in INET IPV6 MODULES; do
	headers "$release"
	without $option
	ok "a kernel without CONFIG_$option" first "kernel $release lacks CONFIG_$option" make module KDIR="$kdir"
done
headers "$release"
without IPV6
echo '#define CONFIG_IPV6_MODULE 1' >>"$kdir/include/generated/autoconf.h"
ok "a kernel with IPv6 as a module" first "kernel $release has CONFIG_IPV6=m.*y" make module KDIR="$kdir"
ok "the same without XTCP's Makefile, as dkms builds" says 2 '#error.*CONFIG_IPV6=y' built

for version in 5.15.0 6.0.19; do
	headers $version
	own include/generated/uapi/linux/version.h
	IFS=. read -r a b c <<<$version
	echo "#define LINUX_VERSION_CODE $((a << 16 | b << 8 | c))
#define KERNEL_VERSION(a,b,c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))" \
		>"$kdir/include/generated/uapi/linux/version.h"
	ok "$version: noted first" says 2 "note: XTCP is made for kernels 6.1 to 6.12, and .* is $version" make module KDIR="$kdir"
	ok "$version: refused" grep -q '#error "XTCP needs Linux 6.1 or later' output
	ok "$version: said again at the end" sh -c "grep -v '^make' output | tail -n 1 |
		grep 'does not build on $version: it knows 6.1 to 6.12, and the first error above'"
done

for version in 6.13.2 7.0.0-rc1; do
	headers $version
	own include/generated/autoconf.h
	echo '#pragma GCC poison inet_register_protosw' >>"$kdir/include/generated/autoconf.h"
	ok "$version, a function gone: noted first" says 2 "note: XTCP is made for kernels 6.1 to 6.12, and .* is $version" \
		make module KDIR="$kdir"
	ok "$version: the function is named by the first error" \
		sh -c "grep -m1 error: output | grep inet_register_protosw"
	ok "$version: what that means is said last" sh -c "grep -v '^make' output | tail -n 1 |
		grep 'does not build on $version: it knows 6.1 to 6.12, and the first error above'"
done
tap_done
