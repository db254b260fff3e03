#!/bin/sh
# SPDX-License-Identifier: MIT
# deb.sh BINARY FOLDER: a Debian package, made with dpkg-deb alone, the same each time for the same maintainer.
set -eu
binary=$1 folder=$2
here=$(cd "$(dirname "$0")" && pwd)
version=$("$binary" --version)
architecture=$(dpkg --print-architecture)
# Whoever makes a package answers for it: named as Debian's tools have it, else as git knows them. The names of an account
# and of a machine are nobody's to publish.
name=${DEBFULLNAME:-$(git -C "$here" config user.name || true)}
mail=${DEBEMAIL:-$(git -C "$here" config user.email || true)}
if [ -z "$name" ] || [ -z "$mail" ]; then
  echo "deb.sh: nobody is named who answers for the package: set DEBFULLNAME and DEBEMAIL." >&2
  exit 1
fi
maintainer="$name <$mail>"
: "${SOURCE_DATE_EPOCH:=$(git -C "$here" log -1 --format=%ct)}"
export SOURCE_DATE_EPOCH
umask 022
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 755 "$root"
"$here/stage.sh" "$binary" "$root" /usr
strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root/usr/bin/locktop"
doc=$root/usr/share/doc/locktop
mv "$root/usr/share/zsh/site-functions" "$root/usr/share/zsh/vendor-completions"
find "$root/usr/share/man" -type f -exec gzip -9n {} +
gzip -9n "$doc/LICENCES"
install -D -m 644 "$here/locktop-metrics.service" "$root/lib/systemd/system/locktop-metrics.service"
# A system that boots for the first time would switch every unit on that nobody speaks of.
install -d -m 755 "$root/lib/systemd/system-preset"
echo 'disable locktop-metrics.service' > "$root/lib/systemd/system-preset/90-locktop.preset"
install -d -m 755 "$root/etc/locktop"
{
  echo 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/'
  printf 'Upstream-Name: locktop\nComment: The licences of all that is linked are in LICENCES.gz beside this file.\n'
  printf '\nFiles: *\nCopyright: 2026 The locktop authors\nLicense: Expat\n'
  sed -n '/^Permission/,$p' "$here/../../LICENSE" | sed 's/^$/./; s/^/ /'
} > "$doc/copyright"
{
  printf 'locktop (%s) stable; urgency=low\n\n  * See README.md.\n\n' "$version"
  printf ' -- %s  %s\n' "$maintainer" "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
} | gzip -9n > "$doc/changelog.gz"
install -d -m 755 "$root/usr/share/lintian/overrides"
cat > "$root/usr/share/lintian/overrides/locktop" << 'END'
# The parser of Yams is this library with changes of its own.
locktop: embedded-library *
END
# What the binary is linked with is what the package depends on; libcurl is loaded when the first request goes.
depends=$(objdump -p "$root/usr/bin/locktop" | sed -n 's/ *NEEDED *//p' | while read -r library; do
  file=$(ldconfig -p | sed -n "s|.*[[:space:]]$library (.*=> ||p" | head -n 1)
  dpkg -S "$(readlink -f "$file")" 2> /dev/null || dpkg -S "$file" 2> /dev/null || dpkg -S "${file#/usr}" 2> /dev/null || true
done | cut -d: -f1 | sort -u | while read -r package; do
  case $package in libc6) echo 'libc6 (>= 2.36)' ;; *) echo "$package" ;; esac
done | paste -sd, | sed 's/,/, /g')
size=$(du -sk "$root" | cut -f1)
mkdir "$root/DEBIAN"
cat > "$root/DEBIAN/control" << END
Package: locktop
Version: $version
Architecture: $architecture
Maintainer: $maintainer
Installed-Size: $size
Depends: $depends, libcurl4
Recommends: ca-certificates
Suggests: libgssapi-krb5-2, bash-completion
Section: utils
Priority: optional
Description: top for document locks
 One terminal screen that shows who holds what on every lock server that a
 team uses, and lets the operator lock, refresh, release, force-unlock, check
 out and check in. It speaks to content systems, document services and file
 servers, and brings demo servers of its own.
 .
 A systemd unit for numbers in Prometheus' format comes with it, off until it
 is switched on.
END
( cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\n' | LC_ALL=C sort | xargs md5sum > DEBIAN/md5sums )
find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
mkdir -p "$folder"
# One thread: how a number of them parts the work depends on the machine.
file=$folder/locktop_${version}_$architecture.deb
dpkg-deb --root-owner-group --threads-max=1 -Z"${COMPRESSION:-xz}" --build "$root" "$file" > /dev/null
echo "$file"
