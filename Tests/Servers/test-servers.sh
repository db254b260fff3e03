#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Tests against servers and clients that are not ours, from Debian's packages and from Python's: a Kerberos realm with an
# Apache, proxies, file servers, the git-lfs client, a client of Microsoft Graph. Starts what is installed on loopback,
# runs the tests, and stops it whatever happens; tests of what is not installed are skipped, which is said, and is no
# failure.
#
#   test-servers.sh [install]     install: the packages that are missing first
#
# SWIFT_TEST_FLAGS are more words for `swift test`.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$(mktemp -d)
servers="negotiate proxies pages apache wsgidav gitlfs graph-client"

stop() {
  for server in $servers; do "$here/$server.sh" stop "$dir/$server"; done
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
# Apache's workers are another user, who has to get through.
chmod 755 "$dir"

for server in $servers; do
  if [ "${1-}" = install ]; then
    "$here/$server.sh" install || echo "test-servers.sh: $server.sh could not install its packages" >&2
  fi
  if ! "$here/$server.sh" installed; then
    echo "skipped: the tests of $server.sh, because its packages are not installed: make test-servers installs them" >&2
    continue
  fi
  # Another program may have taken a port that was free a moment ago.
  for try in 1 2 3; do
    "$here/$server.sh" start "$dir/$server" > "$dir/$server.env" && break
    [ "$try" != 3 ] || { echo "test-servers.sh: $server.sh can't start its servers" >&2; exit 1; }
  done
  while IFS= read -r line; do export "${line?}"; done < "$dir/$server.env"
done

cd "$here/../.."
# shellcheck disable=SC2086
swift test --filter '^(HTTPTransportTests\.(NegotiateTests|ForeignProxyTests)/|LockSystemTests\.GitLFSClientTests/|CommandTests\.(GitLFSServerTests|NegotiateShareTests)/|DemoServerTests\.GraphClientTests/|FileServerTests\.)' ${SWIFT_TEST_FLAGS:-}
