#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Proxies that are not ours, for the tests in Tests/HTTPTransportTests: squid for http and CONNECT, dante for SOCKS.
#
#   proxies.sh install        install the Debian packages that are missing
#   proxies.sh installed      whether they are there
#   proxies.sh start DIR      start both on 127.0.0.1, print the variables that the tests want
#   proxies.sh stop  DIR      stop them
#
# Both carry to this machine alone, and to its port 9 nothing. LOCKTOP_SQUID lets everybody through, LOCKTOP_SQUID_PASSWORD
# wants user and password (ann, p@ss). LOCKTOP_DANTE lets everybody through, LOCKTOP_DANTE_PASSWORD wants a user of the
# machine, which no test has.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

PATH=$PATH:/usr/sbin
packages="squid dante-server"
passwords=/usr/lib/squid/basic_ncsa_auth

is_installed() {
  local program
  for program in squid danted openssl; do
    command -v $program > /dev/null || return 1
  done
  [ -x $passwords ]
}

start_squid() { # DIR PORT PASSWORDPORT
  printf 'ann:%s\n' "$(openssl passwd -apr1 p@ss)" > "$1/passwords"
  cat > "$1/squid.conf" <<CONF
http_port 127.0.0.1:$2 name=anybody
http_port 127.0.0.1:$3 name=password
visible_hostname localhost
pid_filename $1/squid.pid
cache_log $1/squid.log
access_log stdio:$1/squid-access.log
netdb_filename none
coredump_dir none
cache deny all
shutdown_lifetime 0 seconds
auth_param basic program $passwords $1/passwords
auth_param basic children 1
acl here dst 127.0.0.1/32 ::1
acl discard port 9
acl wantsPassword myportname password
acl known proxy_auth REQUIRED
http_access deny !here
http_access deny discard
http_access deny wantsPassword !known
http_access allow all
CONF
  # squid and its helper run as another user when root starts them.
  chmod 777 "$1"
  squid -f "$1/squid.conf" -n "locktop$2" > "$1/squid.log" 2>&1
  listens "$2" && listens "$3"
}

start_dante() { # DIR NAME PORT METHOD
  cat > "$1/$2.conf" <<CONF
logoutput: $1/$2.log
internal: 127.0.0.1 port = $3
external: lo
clientmethod: none
socksmethod: $4
user.privileged: $(id -un)
user.unprivileged: $([ "$(id -u)" = 0 ] && echo nobody || id -un)
client pass {
  from: 127.0.0.1/32 to: 0.0.0.0/0
}
socks block {
  from: 0.0.0.0/0 to: 0.0.0.0/0 port = 9
}
socks pass {
  from: 127.0.0.1/32 to: 127.0.0.1/32
  command: connect
}
socks block {
  from: 0.0.0.0/0 to: 0.0.0.0/0
}
CONF
  danted -D -f "$1/$2.conf" -p "$1/$2.pid"
  listens "$3"
}

start() { # DIR
  local dir=$1 open closed socks locked
  open=$(free_port) closed=$(free_port) socks=$(free_port) locked=$(free_port)
  rm -rf "$dir"
  mkdir -p "$dir"
  start_squid "$dir" "$open" "$closed"
  start_dante "$dir" dante "$socks" none
  start_dante "$dir" dante-locked "$locked" username
  printf '%s\n' "LOCKTOP_SQUID=http://127.0.0.1:$open" "LOCKTOP_SQUID_PASSWORD=127.0.0.1:$closed" \
    "LOCKTOP_DANTE=127.0.0.1:$socks" "LOCKTOP_DANTE_PASSWORD=127.0.0.1:$locked"
}

stop() { # DIR
  end_process "$1/squid.pid" squid
  end_process "$1/dante.pid" danted
  end_process "$1/dante-locked.pid" danted
}

obey proxies.sh "$@"
