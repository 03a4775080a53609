#!/bin/sh
# base-hook.sh ROOT: run by mmdebstrap when the packages are unpacked. Notes their versions, keeps what a process needs, drops the rest.
set -eu
root=$1
mkdir -p "$root/usr/share/blockmover"
for deb in "$root"/var/cache/apt/archives/*.deb; do
  dpkg-deb --show --showformat='${Package}\t${Version}\t${Architecture}\t${source:Package}\n' "$deb"
done | LC_ALL=C sort >"$root/usr/share/blockmover/packages"

cd "$root/usr/bin"
find . -mindepth 1 ! -name sh ! -name dash -delete
rm -rf "$root/usr/sbin" && mkdir "$root/usr/sbin"
cd "$root/usr/share"
find doc -type f ! -name copyright -delete
find . -mindepth 1 -maxdepth 1 ! -name doc ! -name blockmover -exec rm -rf {} +
find doc -mindepth 1 -type d -empty -delete
cd "$root/usr/lib"
find . -mindepth 1 -maxdepth 1 ! -name '*-linux-gnu' ! -name 'ld-*' ! -name os-release -exec rm -rf {} +
rm -rf ./*-linux-gnu/gconv ./*-linux-gnu/perl* ./*-linux-gnu/security
cd "$root/etc"
find . -mindepth 1 -maxdepth 1 ! -name debian_version ! -name os-release -exec rm -rf {} +
rm -rf "$root"/var/* "$root"/home "$root"/boot "$root"/mnt "$root"/media "$root"/srv "$root"/opt
echo 'hosts: files dns' >nsswitch.conf
printf 'root:x:0:0::/:/bin/sh\nmover:x:65532:65532::/:/bin/sh\n' >passwd
printf 'root:x:0:\nmover:x:65532:\n' >group
