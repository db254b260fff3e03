#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A WsgiDAV, for the tests in Tests/FileServerTests.
#
#   wsgidav.sh install        install it from Python's package index, under Tests/.servers
#   wsgidav.sh installed      whether it is there
#   wsgidav.sh start DIR      start it on 127.0.0.1 with nothing in it, print the variable that the tests want
#   wsgidav.sh stop  DIR      stop it
#
# alice, bob, erin, manager and mallory (passwords alice-pw …) may all do everything: it knows no other rights.
# LOCKTOP_WSGIDAV is the folder that is shared. It asks for Digest.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

home=$here/../.servers/wsgidav

is_installed() { [ -x "$home/bin/wsgidav" ] && [ -f "$home/complete" ]; }

fetch() {
  mkdir -p "$home"
  python3 -m venv "$home"
  "$home/bin/python" -m pip install -q --disable-pip-version-check --timeout 30 -r "$here/wsgidav-constraints.txt"
  touch "$home/complete"
}

start() { # DIR
  local dir=$1 port
  port=$(free_port)
  rm -rf "$dir"
  mkdir -p "$dir/files"
  python3 - "$dir" "$port" <<'PY' > "$dir/wsgidav.json"
import json, sys
people = {name: {"password": name + "-pw"} for name in ("alice", "bob", "erin", "manager", "mallory")}
json.dump({
    "host": "127.0.0.1", "port": int(sys.argv[2]), "server": "cheroot",
    "provider_mapping": {"/dav": sys.argv[1] + "/files"},
    "http_authenticator": {"accept_basic": False, "accept_digest": True, "default_to_digest": True},
    "simple_dc": {"user_mapping": {"*": people}},
    "lock_storage": True, "property_manager": True, "dir_browser": {"enable": False}, "verbose": 1,
}, sys.stdout)
PY
  # shellcheck disable=SC2016
  setsid sh -c 'echo $$ > "$1"; exec "$2" --config "$3"' sh "$dir/wsgidav.pid" "$home/bin/wsgidav" "$dir/wsgidav.json" \
    > "$dir/wsgidav.log" 2>&1 < /dev/null &
  listens "$port"
  printf '%s\n' "LOCKTOP_WSGIDAV=http://127.0.0.1:$port/dav"
}

stop() { # DIR
  end_process "$1/wsgidav.pid" "$1/wsgidav.json"
}

obey wsgidav.sh "$@"
