#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# How long it takes to tell 2,000 locks of a Subversion repository: locktop beside the tools that come with Subversion.
#
#   svn-time.sh LOCKTOP [TURNS]     LOCKTOP: the program, optimized; each is run TURNS times (9), by turns
#
# Prints the median of each in milliseconds, how locktop stands to `svn status -u`, and fails above 1.3. `svnadmin lslocks`
# reads the repository's own files on the server, without a network: it is the floor, and nothing to be held to.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
locktop=$(realpath "${1:?LOCKTOP}")
turns=${2:-9}
dir=$(mktemp -d)
trap '"$here/apache.sh" stop "$dir/apache"; rm -rf "$dir"' EXIT
# Apache's workers are another user, who has to get through.
chmod 755 "$dir"
"$here/apache.sh" start "$dir/apache" > "$dir/variables"
# shellcheck source=/dev/null
. "$dir/variables"

export HOME=$dir/home LOCKTOP_PASSWORD=alice-pw
mkdir "$HOME"
as=(--username alice --password alice-pw --non-interactive --no-auth-cache)
for folder in 0 1 2 3 4 5 6 7 8 9; do
  mkdir -p "$dir/files/f$folder"
  for number in $(seq 200); do echo x > "$dir/files/f$folder/asset-$number.psd"; done
done
svn import -q -m files "${as[@]}" "$dir/files" "$LOCKTOP_SVN/files"
svn checkout -q "${as[@]}" "$LOCKTOP_SVN/files" "$dir/copy"
for folder in "$dir"/copy/f*; do svn lock "${as[@]}" "$folder"/*.psd > /dev/null; done
cat > "$dir/config.yaml" <<CONF
servers:
  - {name: art, kind: webdav, url: "$LOCKTOP_SVN", auth: {user: alice, password_env: LOCKTOP_PASSWORD}}
CONF

locktop() { "$locktop" ls --config "$dir/config.yaml" --csv; }
status() { svn status -u "${as[@]}" "$dir/copy"; }
lslocks() { svnadmin lslocks "$LOCKTOP_SVN_FOLDER"; }

count=$(locktop | tail -n +2 | wc -l)
[ "$count" = 2000 ] || { echo "svn-time.sh: locktop tells $count locks, not 2000" >&2; exit 1; }
for _ in $(seq "$turns"); do
  for tool in locktop status lslocks; do
    begin=$(date +%s%N)
    $tool > /dev/null
    echo $((($(date +%s%N) - begin) / 1000000)) >> "$dir/$tool"
  done
done
median() { sort -n "$dir/$1" | sed -n "$((turns / 2 + 1))p"; }
printf 'locktop ls        %5s ms\nsvn status -u     %5s ms\nsvnadmin lslocks  %5s ms\n' \
  "$(median locktop)" "$(median status)" "$(median lslocks)"
ratio=$(($(median locktop) * 100 / $(median status)))
printf 'locktop : svn status -u = %d.%02d\n' $((ratio / 100)) $((ratio % 100))
[ "$ratio" -le 130 ]
