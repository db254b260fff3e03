#!/bin/sh
# SPDX-License-Identifier: MIT
# licences.sh: prints locktop's licence and those of everything that is linked into it, from where the build has them.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
rule() { printf '\n%s\n%s\n%s\n\n' "$(printf '=%.0s' $(seq 78))" "$1" "$(printf '=%.0s' $(seq 78))"; }

cat "$top/LICENSE"
# A package that is resolved is linked, at least in part.
for name in $(sed -n 's/.*"identity" *: *"\(.*\)".*/\1/p' "$top/Package.resolved"); do
  folder=$(find "$top/.build/checkouts" -maxdepth 1 -iname "$name" | head -n 1)
  rule "$name"
  found=
  for text in "$folder"/LICENSE* "$folder"/NOTICE*; do
    [ -f "$text" ] && cat "$text" && found=yes
  done
  [ -n "$found" ] || { echo "licences.sh: $name has no licence that could be found" >&2; exit 1; }
done
rule "libyaml, within yams"
cat << 'END'
Copyright (c) 2017-2020 Ingy döt Net
Copyright (c) 2006-2016 Kirill Simonov

Under the same words as locktop's own licence, the first in this file.
END
rule "The standard library of Swift and FoundationEssentials"
swift=$(command -v swift) || { echo "licences.sh: there is no swift, whose licence is needed" >&2; exit 1; }
for text in "$(dirname "$(readlink -f "$swift")")/../share/swift/LICENSE.txt" /usr/share/swift/LICENSE.txt; do
  [ -f "$text" ] && { cat "$text"; exit 0; }
done
echo "licences.sh: the licence of Swift could not be found" >&2
exit 1
