#!/bin/sh
# SPDX-License-Identifier: MIT
# stage.sh BINARY ROOT PREFIX: puts the program and all that belongs to it below ROOT/PREFIX. Everything but the binary
# is made by the binary, or by the one that MAKER names where this one can't run here.
set -eu
binary=$1 root=$2 prefix=$3
maker=${MAKER:-$binary}
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
share=$root$prefix/share

install -D -m 755 "$binary" "$root$prefix/bin/locktop"

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
"$maker" manual "$pages"
for page in "$pages"/*.[15]; do
  install -D -m 644 "$page" "$share/man/man${page##*.}/${page##*/}"
done

for shell in bash zsh fish; do "$maker" completion $shell > "$pages/$shell"; done
# It is read by a shell, and run by nobody.
sed -i '1{/^#!/d}' "$pages/bash"
install -D -m 644 "$pages/bash" "$share/bash-completion/completions/locktop"
install -D -m 644 "$pages/zsh" "$share/zsh/site-functions/_locktop"
install -D -m 644 "$pages/fish" "$share/fish/vendor_completions.d/locktop.fish"

"$here/licences.sh" > "$pages/licences"
install -D -m 644 "$pages/licences" "$share/doc/locktop/LICENCES"
install -D -m 644 "$top/README.md" "$share/doc/locktop/README.md"
