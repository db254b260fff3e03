#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# An Apache that is not ours, for the tests in Tests/FileServerTests: files by WebDAV, and a Subversion repository. With
# it come the clients that the demo's own server is tried with.
#
#   apache.sh install        install the Debian packages that are missing
#   apache.sh installed      whether they are there
#   apache.sh start DIR      start it on 127.0.0.1 with nothing in it, print the variables that the tests want
#   apache.sh stop  DIR      stop it
#
# alice, bob, erin and manager (passwords alice-pw …) may do everything, mallory may look at all but what is called
# hidden. LOCKTOP_APACHE is the folder that is shared, LOCKTOP_SVN the repository, LOCKTOP_SVN_FOLDER where it lies.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

PATH=$PATH:/usr/sbin
packages="apache2-bin libapache2-mod-svn subversion litmus cadaver"
modules=/usr/lib/apache2/modules
people="alice bob erin manager mallory"
writers="alice bob erin manager"

is_installed() {
  local program
  for program in apache2 svnadmin openssl perl litmus cadaver; do
    command -v $program > /dev/null || return 1
  done
  [ -f $modules/mod_dav_fs.so ] && [ -f $modules/mod_dav_svn.so ]
}

start() { # DIR
  local dir=$1 port name
  port=$(free_port)
  rm -rf "$dir"
  mkdir -p "$dir/www/dav" "$dir/locks"
  svnadmin create "$dir/svn"
  for name in $people; do printf '%s:%s\n' "$name" "$(openssl passwd -apr1 "$name-pw")"; done > "$dir/users"
  printf '[groups]\nwriters = %s\n[/]\n@writers = rw\nmallory = r\n[:glob:/**/hidden.txt]\n@writers = rw\nmallory =\n' \
    "${writers// /, }" > "$dir/rights"
  {
    for name in mpm_event authn_core authn_file authz_core authz_user auth_basic dav dav_fs dav_svn authz_svn unixd; do
      [ ! -f $modules/mod_$name.so ] || echo "LoadModule ${name}_module $modules/mod_$name.so"
    done
    [ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
    cat <<CONF
ServerRoot $dir
ServerName 127.0.0.1
Listen 127.0.0.1:$port
PidFile $dir/apache2.pid
ErrorLog $dir/apache2.log
Mutex file:$dir/locks default
DocumentRoot $dir/www
KeepAlive On
MaxKeepAliveRequests 0
StartServers 1
DavLockDB $dir/locks/db
SVNUseUTF8 on
<Location />
  AuthType Basic
  AuthName files
  AuthBasicProvider file
  AuthUserFile $dir/users
</Location>
<Location /dav>
  Dav On
  <Limit GET HEAD OPTIONS PROPFIND>
    Require valid-user
  </Limit>
  <LimitExcept GET HEAD OPTIONS PROPFIND>
    Require user $writers
  </LimitExcept>
</Location>
<LocationMatch "^/dav/.*hidden">
  Require user $writers
</LocationMatch>
<Location /svn>
  DAV svn
  SVNPath $dir/svn
  SVNAutoversioning on
  AuthzSVNAccessFile $dir/rights
  Require valid-user
</Location>
CONF
  } > "$dir/apache2.conf"
  [ "$(id -u)" != 0 ] || chown -R www-data:www-data "$dir/www" "$dir/locks" "$dir/svn"
  apache2 -f "$dir/apache2.conf" -k start >&2
  listens "$port"
  printf '%s\n' "LOCKTOP_APACHE=http://127.0.0.1:$port/dav" "LOCKTOP_SVN=http://127.0.0.1:$port/svn" \
    "LOCKTOP_SVN_FOLDER=$dir/svn"
}

stop() { # DIR
  end_process "$1/apache2.pid" "$1/apache2.conf"
}

obey apache.sh "$@"
