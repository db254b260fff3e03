#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The tests in Tests/PloneTests against a real Plone: installs it once, starts it on a free port with fresh content,
# runs the tests, and stops it whatever happens.
#
#   test-plone.sh [DIR]     DIR: where Plone is installed, Tests/.servers/plone by default
#
# SWIFT_TEST_FLAGS are more words for `swift test`. Where the package index can't be reached the tests are skipped,
# which is said, and is no failure.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=${1:-$here/../.servers/plone}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
log=$dir/install.log

skip() {
  echo "skipped: the tests on a real Plone, because $*"
  exit 0
}

command -v python3 > /dev/null || skip "there is no python3"
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' || skip "Plone wants Python 3.10 or newer"

if [ ! -x "$dir/venv/bin/runwsgi" ]; then
  # The index as pip is set up for it: the same way that the installation itself goes.
  probe=$(mktemp -d)
  trap 'rm -rf "$probe"' EXIT
  python3 -m pip download -q --no-deps --disable-pip-version-check --timeout 15 --retries 1 -d "$probe" six \
    > "$log" 2>&1 || {
    if python3 -m pip --version > /dev/null 2>&1; then skip "the package index can't be reached (see $log)"; fi
  }
fi

trap '"$here/plone.sh" stop "$dir"; rm -rf "${probe:-}"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if ! "$here/plone.sh" install "$dir" > "$log" 2>&1; then
  tail -n 20 "$log" >&2
  # Without an index there is nothing to install from; with one, a failed installation is a failure.
  grep -qiE 'connection|resolve|timed? ?out|No matching distribution|proxy' "$log" &&
    skip "the package index can't be reached (see $log)"
  echo "test-plone.sh: Plone could not be installed" >&2
  exit 1
fi

base=$("$here/plone.sh" start "$dir" 0)
echo "test-plone.sh: Plone runs at $base" >&2
cd "$here/../.."
# shellcheck disable=SC2086
LOCKTOP_PLONE=$base swift test --filter PloneTests ${SWIFT_TEST_FLAGS:-}
