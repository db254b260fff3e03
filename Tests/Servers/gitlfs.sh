#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The git-lfs client, for the tests in Tests/LockSystemTests that let it talk to the demo's dialect. Nothing is started:
# the tests have the server.
#
#   gitlfs.sh install        install the Debian packages that are missing
#   gitlfs.sh installed      whether they are there
#   gitlfs.sh start DIR      print the variable that the tests want
#   gitlfs.sh stop  DIR      nothing to stop
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

packages="git git-lfs"

is_installed() { command -v git > /dev/null && command -v git-lfs > /dev/null; }

start() { printf '%s\n' "LOCKTOP_GIT_LFS=$(command -v git)"; }

stop() { :; }

obey gitlfs.sh "$@"
