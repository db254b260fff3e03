#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A Python client of Microsoft Graph that knows check-out and check-in, for the test in Tests/DemoServerTests that lets it
# talk to the demo's dialect. Nothing is started: the test has the server.
#
#   graph-client.sh install        make a Python of its own with the client under Tests/.servers, from the package index
#   graph-client.sh installed      whether it is there
#   graph-client.sh start DIR      print the variable that the test wants
#   graph-client.sh stop  DIR      nothing to stop
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

packages=python3-venv
python=$here/../.servers/graph-client/bin/python

is_installed() { [ -x "$python" ] && "$python" -c 'import office365.graph_client' 2> /dev/null; }

start() { printf '%s\n' "LOCKTOP_GRAPH_CLIENT=$(realpath -s "$python")"; }

stop() { :; }

if [ "${1-}" = install ]; then
  is_installed && exit 0
  python3 -c 'import ensurepip' 2> /dev/null || obey graph-client.sh install
  python3 -m venv "$here/../.servers/graph-client" >&2
  "$python" -m pip install -q --disable-pip-version-check --timeout 15 --retries 1 \
    -r "$here/graph-client-requirements.txt" >&2
  exit
fi
obey graph-client.sh "$@"
