#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# clean-root.sh DEB: installs a package into a Debian 12 in which nothing else is, and tries it there as a new user would:
# the demo with and without a terminal, the manual, an upgrade to the same program with a newer number, and what is left
# when it is gone. Where systemd-nspawn is installed the system is booted too, and the service of locktop metrics started
# in it. Needs root.
set -euo pipefail

deb=$(realpath "${1:?DEB}")
for program in debootstrap script; do
  command -v $program > /dev/null || { echo "skipped: $program is not installed" >&2; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo "skipped: only root can make a Debian of its own" >&2; exit 0; }

work=$(mktemp -d)
root=$work/root
leave() {
  [ -z "${terminal-}" ] || kill "$terminal" 2> /dev/null || true
  for place in proc dev/pts dev; do ! mountpoint -q "$root/$place" || umount "$root/$place"; done
  rm -rf "$work"
}
trap leave EXIT
step() { # WORDS: says how long the step before took
  [ -z "${begun-}" ] || printf '   %d ms\n' $((($(date +%s%N) - begun) / 1000000))
  [ $# = 0 ] || printf '== %s\n' "$*"
  begun=$(date +%s%N)
}
inside() { chroot "$root" env -i PATH=/usr/bin:/bin:/usr/sbin:/sbin DEBIAN_FRONTEND=noninteractive TERM=xterm "$@"; }
user() { inside su new -c "cd; $1"; }
must() { # WORDS OUTPUT: it has to be there
  grep -qF -- "$1" <<< "$2" || { printf 'clean-root.sh: “%s” is missing in:\n%s\n' "$1" "$2" >&2; exit 1; }
}

step "a clean Debian 12"
debootstrap --variant=minbase bookworm "$root" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
mount -t proc proc "$root/proc"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp "$deb" "$root/locktop.deb"
inside useradd -m new

step "apt install ./locktop.deb"
inside apt-get install -y -q /locktop.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }

step "locktop --version --verbose"
must "speaks plone" "$(user 'locktop --version --verbose')"

step "locktop, where nothing is configured"
must "locktop add URL" "$(user 'locktop ls' 2>&1 || true)"

step "locktop demo, without a terminal"
must "STATE" "$(user 'locktop demo')"

step "locktop demo, on a terminal, until q"
mkfifo "$work/keys"
: > "$work/screen"
timeout 60 script -qefc "chroot $root env -i TERM=xterm PATH=/usr/bin:/bin su new -c 'stty cols 100 rows 30; locktop demo'" \
  "$work/screen" < "$work/keys" > /dev/null &
terminal=$!
exec 4> "$work/keys"
until grep -qF "6 servers" "$work/screen" || ! kill -0 $terminal 2> /dev/null; do sleep 0.1; done
must "6 servers" "$(cat "$work/screen")"
printf q >&4
wait $terminal || { echo "clean-root.sh: the demo did not end well after q: $?" >&2; exit 1; }
terminal=
exec 4>&-

step "its manual and completions"
for file in usr/share/man/man1/locktop.1.gz usr/share/man/man5/locktop-config.5.gz usr/share/man/man5/locktop-json.5.gz \
  usr/share/bash-completion/completions/locktop usr/share/zsh/vendor-completions/_locktop \
  usr/share/fish/vendor_completions.d/locktop.fish usr/share/doc/locktop/copyright; do
  [ -s "$root/$file" ] || { echo "clean-root.sh: $file is not there" >&2; exit 1; }
done

step "an upgrade, which leaves the configuration as it is"
echo '# the administrator' > "$root/etc/locktop/config.yaml"
dpkg-deb -R "$deb" "$work/newer"
sed -i 's/^Version: .*/&+1/' "$work/newer/DEBIAN/control"
dpkg-deb --root-owner-group -Znone -b "$work/newer" "$root/newer.deb" > /dev/null
inside apt-get install -y -q /newer.deb > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
must "+1" "$(inside dpkg-query -W -f '${Version} ${Status}' locktop)"
must "install ok installed" "$(inside dpkg-query -W -f '${Version} ${Status}' locktop)"
must "# the administrator" "$(cat "$root/etc/locktop/config.yaml")"
must "STATE" "$(user 'locktop demo')"
rm "$root/etc/locktop/config.yaml"

if ! command -v systemd-nspawn > /dev/null; then
  echo "skipped: the service in a Debian that is booted, for systemd-nspawn is not installed" >&2
else
  step "a Debian 12 that is booted"
  inside apt-get install -y -q --no-install-recommends systemd systemd-sysv > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
  # Servers for it, which are the demo's.
  cat > "$root/etc/systemd/system/demo.service" << 'UNIT'
[Service]
ExecStart=/usr/bin/locktop demo --serve-only --dialect plone --port 7741
UNIT
  cat > "$root/etc/systemd/system/try.service" << 'UNIT'
[Unit]
After=multi-user.target
[Service]
Type=oneshot
ExecStart=/bin/bash /try
StandardOutput=append:/told
StandardError=inherit
[Install]
WantedBy=multi-user.target
UNIT
  cat > "$root/try" << 'TRY'
set -u
systemctl is-enabled locktop-metrics
systemctl start demo
ask() { # WORD: what the service answers, as soon as it does
  for step in $(seq 100); do
    { exec 3<> /dev/tcp/127.0.0.1/9618; } 2> /dev/null && printf 'GET /metrics HTTP/1.0\r\n\r\n' >&3 && grep -F "$1" <&3 && return
    sleep 0.1
  done
  echo "the service did not tell what it should within ten seconds"
}
systemctl enable --now locktop-metrics
ask 'locktop_up{server="intranet"} 1'
systemctl show locktop-metrics -p DynamicUser -p NoNewPrivileges -p ActiveState
systemctl stop locktop-metrics
systemctl show locktop-metrics -p Result -p ActiveState
journalctl -q -u locktop-metrics --no-pager -o cat
kill -s RTMIN+4 1 # switches it off, without the bus that is not there
TRY
  mkdir -p "$root/etc/locktop"
  printf '%s\n' 'servers:' '  - {name: intranet, kind: plone, url: "http://127.0.0.1:7741/Plone", auth: {user: admin, password: admin}}' \
    > "$root/etc/locktop/config.yaml"
  chmod 600 "$root/etc/locktop/config.yaml"
  inside systemctl -q enable try
  for place in proc dev/pts dev; do umount "$root/$place"; done
  timeout 120 systemd-nspawn -q -D "$root" --private-network --boot --register=no --keep-unit < /dev/null > "$work/boot" 2>&1 || true
  told=$(cat "$root/told" 2> /dev/null || cat "$work/boot")
  must 'disabled' "$told"
  must 'locktop_up{server="intranet"} 1' "$told"
  must 'DynamicUser=yes' "$told"
  must 'ActiveState=active' "$told"
  must 'Result=success' "$told"
  ! grep -qE 'SIGSYS|signal' <<< "$told" || { printf 'clean-root.sh: the service complains:\n%s\n' "$told" >&2; exit 1; }
fi

step "it is taken away again"
inside apt-get purge -y -q locktop > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
for file in usr/bin/locktop usr/share/doc/locktop lib/systemd/system/locktop-metrics.service; do
  [ ! -e "$root/$file" ] || { echo "clean-root.sh: $file is still there" >&2; exit 1; }
done
step
