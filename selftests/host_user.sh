#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Builds and boots as a user without rights, with a cache of its own: nothing asks
# for root, nothing is installed, and the machine that boots has no network.
# Programs that would become root or install are played by one that takes notes.
set -u
. "$(dirname "$0")/lib/tap.sh"
stock=$("$top/selftests/vm/kernel" stock-6.12) || exit 1
cache=$work/cache copy=$work/xtcp notes=$work/notes fake=$work/fake
real_qemu=$(command -v qemu-system-x86_64)

# The kernel at hand, moved to that cache: nothing is to be downloaded
mkdir -p "$cache/kernel" "$copy" "$fake"
[ ! -d "${CCACHE_DIR:-/none}" ] || cp -r "$CCACHE_DIR" "$cache/ccache"
# (by links where they can be: it is not to be written to)
cp -al "$stock" "$cache/kernel/stock-6.12" 2>/dev/null ||
	{ rm -rf "$cache/kernel/stock-6.12" && cp -r "$stock" "$cache/kernel/stock-6.12"; }
sed -i "s|$stock/|$cache/kernel/stock-6.12/|g" "$cache"/kernel/stock-6.12/usr/src/linux-headers-*-amd64/Makefile
cp -r "$top"/{Makefile,Kbuild,kmod,uapi,selftests,userspace} "$copy"
for program in sudo su pkexec doas runuser apt-get apt; do
	printf '#!/bin/sh\necho "%s $*" >>%s\nexit 1\n' "$program" "$notes" >"$fake/$program"
done
cat >"$fake/qemu-system-x86_64" <<END
#!/bin/sh
printf '%s\n' "\$@" >$work/qemu
exec $real_qemu "\$@"
END
chmod +x "$fake"/*
: >"$notes"
: >"$work/qemu"

user=()
if [ "$(id -u)" = 0 ]; then
	user=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs)
	find "$work" -path "$cache/kernel/stock-6.12" -prune -o -exec chown -h 65534:65534 {} +
fi

as_user()
{
	cd "$copy" && env -u KDIR HOME="$work" TMPDIR="$work" XTCP_CACHE="$cache" CCACHE_DIR="$cache/ccache" PATH="$fake:$PATH" "${user[@]}" "$@"
}

boot()
{
	as_user selftests/vm/run -- sh -c 'id -u; grep ^xtcp /proc/modules; ls /sys/class/net' </dev/null >"$work/out" || return 1
	cat "$work/out"
}

roots()		# those of the project's programs that would become root, or install
{
	cd "$top" && grep -rlIE '\b(sudo|pkexec|doas)\b|dpkg (-i|--install)' Makefile .ci userspace selftests --exclude='host_*.sh'
}

# shellcheck disable=SC2016 # the user's shell expands it
ok "the user has no rights" as_user sh -c '[ "$(id -u)" != 0 ] && ! sudo true 2>/dev/null && ! touch /usr/made 2>/dev/null'
ok "the sudo that is played takes notes" grep -qx 'sudo true' "$notes"
: >"$notes"
ok "such a user builds the module, boots a kernel and has XTCP in it" boot
ok "in there the user is root, with xtcp.ko inserted" sh -c "sed -n 1p $work/out | grep -qx 0 && grep -q ^xtcp $work/out"
ok "the only network device is the loopback" test "$(sed 1,2d "$work/out")" = lo
ok "QEMU was given no network" sh -c "grep -qx -- -nodefaults $work/qemu &&
	! grep -E -- '^-(nic|net|netdev)$|virtio-net|e1000' $work/qemu"
ok "no one was asked for root, nothing was installed or downloaded" test ! -s "$notes"
ok "only selftests/vm/packages becomes root or installs" test "$(roots)" = selftests/vm/packages
tap_done
