#!/bin/sh
# SPDX-License-Identifier: MIT
# dist.sh BINARY FOLDER: one archive of the program and all that belongs to it, the same each time, and its checksum.
set -eu
binary=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$binary" --version)
name=locktop-$version-$(uname -s | tr A-Z a-z)-$(uname -m)
: "${SOURCE_DATE_EPOCH:=$(git -C "$here" log -1 --format=%ct)}"
umask 022
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
"$here/stage.sh" "$binary" "$stage/$name" ""
strip --strip-unneeded "$stage/$name/bin/locktop"
( cd "$stage/$name" && find . -type f ! -name SHA256SUMS | LC_ALL=C sort | xargs sha256sum > SHA256SUMS )
mkdir -p "$folder"
tar -C "$stage" --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner --format=ustar \
  -cf - "$name" | gzip -9n > "$folder/$name.tar.gz"
( cd "$folder" && sha256sum "$name.tar.gz" > "$name.tar.gz.sha256" )
echo "$folder/$name.tar.gz"
