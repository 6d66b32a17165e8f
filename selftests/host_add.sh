#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `selftests/vm/run --add`: a program by its name brings its libraries and data, a
# file and a folder are where they are on the host. python3, nginx and iperf3 in one
# boot. The last two, where they are not installed, are unpacked into the cache and
# laid over /usr and /etc in a mount namespace, with a package database to match:
# installing nginx would start a web server on this machine.
set -u
. "$(dirname "$0")/lib/tap.sh"
cache=${XTCP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xtcp}/added
PATH=$PATH:/usr/sbin
wanted=(nginx nginx-common iperf3 libiperf0 libsctp1)
work_folder=$work/a\ folder
mkdir -p "$work_folder/in"
echo one >"$work_folder/in/file"

lacking=()
for package in "${wanted[@]}"; do
	[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || lacking+=("$package")
done

# unpack: those that lack into $cache/root, and what dpkg would know of them into $cache/dpkg
unpack()
{
	local package

	rm -rf "$cache"
	mkdir -p "$cache/root/usr" "$cache/root/etc" "$cache/dpkg/info" && cd "$cache" || return 1
	cp /var/lib/dpkg/status dpkg/status && ln -s /var/lib/dpkg/info/* dpkg/info/ || return 1
	for package in "${lacking[@]}"; do
		apt-get -q download "$package" >apt.log 2>&1 || { cat apt.log; return 1; }
		dpkg -x "${package}"_*.deb root
		{
			dpkg -f "${package}"_*.deb Package Version Architecture Maintainer Source Depends Description
			printf 'Status: install ok installed\n\n'
		} >>dpkg/status
		dpkg --fsys-tarfile "${package}"_*.deb | tar -t | sed 's|^\./|/|; s|\(.\)/$|\1|; s|^/$|/.|' >"dpkg/info/$package.list"
	done
	echo "${lacking[*]}" >unpacked
}

# over COMMAND...: in a namespace of its own, with what was unpacked over the system's
over()
{
	local user=()

	[ ${#lacking[@]} -gt 0 ] || { "$@"; return; }
	[ "$(id -u)" = 0 ] || user=(-r)
	# shellcheck disable=SC2016 # that shell expands it
	DPKG_ADMINDIR=$cache/dpkg unshare -m "${user[@]}" sh -c 'for dir in usr etc; do
		mount -t overlay overlay -o "lowerdir=$0/root/$dir:/$dir" /$dir || exit 1; done; exec "$@"' "$cache" "$@"
}

cat >"$work/guest" <<'END'
ip link set lo up
python3 -c 'import json, ssl, sqlite3, encodings.idna; ssl.create_default_context(); print(json.dumps("python"))'
mkdir -p /var/log/nginx /var/lib/nginx /root/www /tmp
printf 'body { }' >/root/www/a.css
cat >/tmp/nginx.conf <<-'CONF'
	user root;
	events { }
	http {
		include /etc/nginx/mime.types;
		server { listen 127.0.0.1:8080; root /root/www; }
	}
CONF
echo root:x:0: >>/etc/group
nginx -t -c /tmp/nginx.conf && nginx -c /tmp/nginx.conf &&
	python3 -c 'import urllib.request as u
a = u.urlopen("http://127.0.0.1:8080/a.css")
print("nginx", a.headers["content-type"], a.read().decode())'
[ -s /etc/nginx/nginx.conf ] && echo 'nginx.conf is there'
iperf3 -s -1 -D -p 5201
until ss -ltn | grep -q :5201; do sleep 0.1; done
iperf3 -c 127.0.0.1 -n 1M -p 5201 | grep -q receiver && echo 'iperf3 receiver'
cat "$1/in/file"
END

boot()
{
	over "$top/selftests/vm/run" --without-xtcp --add python3 --add nginx --add iperf3 --add "$work_folder" \
		--add "$work/guest" -- sh "$work/guest" "$work_folder" </dev/null >"$work/out" 2>"$work/err"
}

if [ ${#lacking[@]} -gt 0 ] && [ "$(cat "$cache/unpacked" 2>/dev/null)" != "${lacking[*]}" ]; then
	ok "what is not installed is unpacked" unpack
fi
ok "a machine with python3, nginx and iperf3 boots" boot
sed 's/^/# /' "$work/out" "$work/err"
ok "python3 with its modules" grep -qx '"python"' "$work/out"
ok "nginx serves a page, with the type from /etc/nginx/mime.types" grep -qxF 'nginx text/css body { }' "$work/out"
ok "nginx has its configuration" grep -qx 'nginx.conf is there' "$work/out"
ok "iperf3 sends and receives" grep -qx 'iperf3 receiver' "$work/out"
ok "a folder is where it was" grep -qx one "$work/out"
ok "what does not exist is refused by name" sh -c "! '$top/selftests/vm/run' --without-xtcp --add $work/none -- true 2>$work/err &&
	grep 'none does not exist' $work/err"
ok "so is a program that is not there" sh -c "! '$top/selftests/vm/run' --without-xtcp --add no-such -- true 2>$work/err &&
	grep 'no-such is not on this machine: apt-get install' $work/err"
tap_done
