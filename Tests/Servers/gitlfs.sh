#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The git-lfs client, for the tests in Tests/LockSystemTests that let it talk to the demo's dialect; and the server with
# which git-lfs tests itself, for the test in Tests/CommandTests that lets locktop talk to it. That server is no package: it
# is built from Debian's source of git-lfs, under Tests/.servers.
#
#   gitlfs.sh install        install the Debian packages that are missing, and build the server
#   gitlfs.sh installed      whether the client is there
#   gitlfs.sh start DIR      start the server on 127.0.0.1, if it is there, and print the variables that the tests want
#   gitlfs.sh stop  DIR      stop it
#
# Its repositories are made when they are named; user and password of all of them: user, pass.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

packages="git git-lfs golang-go dpkg-dev"
server=$here/../.servers/gitlfs/gitserver

is_installed() { command -v git > /dev/null && command -v git-lfs > /dev/null; }

build() (
  set -e
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  chmod 755 "$work"
  mkdir -p "$work/parts" "$work/lists/partial" "$work/cache/archives/partial" "$(dirname "$server")"
  # The sources of where the packages come from, without a change to the machine's own lists.
  for list in /etc/apt/sources.list.d/*.sources; do
    [ -e "$list" ] && sed 's/^Types:.*/Types: deb-src/' "$list" > "$work/parts/$(basename "$list")"
  done
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -e "$list" ] && sed -n 's/^deb /deb-src /p' "$list" > "$work/parts/$(basename "$list" .list).list"
  done
  own=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/parts" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache")
  cd "$work"
  apt-get "${own[@]}" update
  # Not every mirror has the sources of security updates; any version will do.
  apt-get "${own[@]}" source --download-only git-lfs ||
    apt-get "${own[@]}" source --download-only "git-lfs/$(. /etc/os-release && echo "$VERSION_CODENAME")"
  tar xf git-lfs_*.orig.tar.*
  cd git-lfs-*/
  GO111MODULE=off GOFLAGS='' GOPATH=$work/go GOCACHE=$work/gocache \
    go build -tags testtools -o "$server" t/cmd/lfstest-gitserver.go
)

start() { # DIR
  local dir=$1 step
  printf '%s\n' "LOCKTOP_GIT_LFS=$(command -v git)"
  [ -x "$server" ] || {
    echo "skipped: the test on git-lfs' own server, because it is not built: make test-servers builds it" >&2
    return 0
  }
  rm -rf "$dir"
  mkdir -p "$dir"
  (
    cd "$dir"
    for name in URL SSL_URL CLIENT_CERT_URL CERT CLIENT_CERT CLIENT_KEY CLIENT_KEY_ENCRYPTED; do
      export "LFSTEST_$name=$dir/$name"
    done
    LFSTEST_DIR=$dir exec "$server" > "$dir/log" 2>&1 < /dev/null
  ) &
  echo $! > "$dir/gitserver.pid"
  # The last of its files is there when it listens.
  for step in $(seq 100); do
    [ -s "$dir/CLIENT_KEY_ENCRYPTED" ] && break
    [ "$step" != 100 ] || { echo "gitlfs.sh: the server does not start" >&2; return 1; }
    sleep 0.05
  done
  printf '%s\n' "LOCKTOP_GIT_LFS_SERVER=$(cat "$dir/URL")"
}

stop() { end_process "$1/gitserver.pid" gitserver; } # DIR

if [ "${1-}" = install ]; then
  { is_installed && command -v go > /dev/null && command -v dpkg-source > /dev/null; } || {
    root=$([ "$(id -u)" = 0 ] || echo sudo)
    $root apt-get update -q >&2
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $packages >&2
  }
  [ -x "$server" ] || build >&2
  exit
fi
obey gitlfs.sh "$@"
