#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A Kerberos realm of its own, and an Apache that lets in who has a ticket of it, for the tests in
# Tests/HTTPTransportTests and for Tests/CommandTests/NegotiateShareTests.
#
#   negotiate.sh install        install the Debian packages that are missing
#   negotiate.sh installed      whether they are there
#   negotiate.sh start DIR      start both on 127.0.0.1, print the variables that the tests want
#   negotiate.sh stop  DIR      stop them
#
# Realm LOCKTOP.TEST, account alice (password alice-pw). The KDC of a second realm, SILENT.TEST, takes connections and
# never answers. Nothing of the machine's own Kerberos or Apache is read or written.
#
# Apache: /ticket wants a ticket, /bound asks once a connection, /stale has lost the key for which tickets are made,
#         /basic knows passwords only, /open lets everybody in. Each answers who asked, and writes a line into
#         DIR/arrived when a request has come through. /share has files by WebDAV, and wants a ticket.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

PATH=$PATH:/usr/sbin
packages="krb5-kdc krb5-user krb5-admin-server apache2-bin libapache2-mod-auth-gssapi"
modules=/usr/lib/apache2/modules

is_installed() {
  local program
  for program in krb5kdc kdb5_util kadmin.local ktutil kinit klist apache2; do
    command -v $program > /dev/null || return 1
  done
  [ -e $modules/mod_auth_gssapi.so ]
}

write_realm() { # DIR PORT SILENTPORT: kdc.conf for the KDC, and krb5.conf for everybody else
  cat > "$1/kdc.conf" <<CONF
[kdcdefaults]
  kdc_listen = 127.0.0.1:$2
  kdc_tcp_listen = 127.0.0.1:$2
[realms]
  LOCKTOP.TEST = {
    database_name = $1/principal
    key_stash_file = $1/stash
    max_life = 10h
  }
  SILENT.TEST = {
    database_name = $1/silent
    key_stash_file = $1/silent-stash
    max_life = 10h
  }
CONF
  cat > "$1/krb5.conf" <<CONF
[libdefaults]
  default_realm = LOCKTOP.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  LOCKTOP.TEST = {
    kdc = 127.0.0.1:$2
  }
  SILENT.TEST = {
    kdc = 127.0.0.1:$3
  }
[domain_realm]
  localhost = LOCKTOP.TEST
  silent.localhost = SILENT.TEST
CONF
}

write_site() { # DIR PORT
  cat > "$1/who.sh" <<SCRIPT
#!/bin/sh
body=\$(cat)
printf '%s %s %s %s\n' "\$REQUEST_METHOD" "\$REQUEST_URI" "\${REMOTE_USER:--}" "\$body" >> $1/arrived
printf 'Content-Type: text/plain\r\n\r\n%s' "\${REMOTE_USER:--}"
SCRIPT
  chmod 755 "$1/who.sh"
  cat > "$1/apache.conf" <<CONF
ServerRoot $1
ServerName localhost
Listen 127.0.0.1:$2
PidFile $1/apache.pid
Mutex file:$1 default
ErrorLog $1/apache.log
LogLevel warn
KeepAlive On
StartServers 2
MaxRequestWorkers 16
$([ "$(id -u)" = 0 ] && printf 'User www-data\nGroup www-data\n')
LoadModule mpm_prefork_module $modules/mod_mpm_prefork.so
LoadModule authn_core_module $modules/mod_authn_core.so
LoadModule authn_file_module $modules/mod_authn_file.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule authz_user_module $modules/mod_authz_user.so
LoadModule auth_basic_module $modules/mod_auth_basic.so
LoadModule auth_gssapi_module $modules/mod_auth_gssapi.so
LoadModule alias_module $modules/mod_alias.so
LoadModule cgi_module $modules/mod_cgi.so
LoadModule dav_module $modules/mod_dav.so
LoadModule dav_fs_module $modules/mod_dav_fs.so
DavLockDB $1/locks/db
DocumentRoot $1
$(for place in open ticket bound stale basic; do printf 'ScriptAlias /%s %s/who.sh\n' $place "$1"; done)
<Location /share>
  Dav On
  AuthType GSSAPI
  AuthName tickets
  GssapiCredStore keytab:$1/keytab
  Require valid-user
</Location>
<Location /ticket>
  AuthType GSSAPI
  AuthName tickets
  GssapiCredStore keytab:$1/keytab
  Require valid-user
</Location>
<Location /bound>
  AuthType GSSAPI
  AuthName tickets
  GssapiCredStore keytab:$1/keytab
  GssapiConnectionBound On
  Require valid-user
</Location>
<Location /stale>
  AuthType GSSAPI
  AuthName tickets
  GssapiCredStore keytab:$1/stale-keytab
  Require valid-user
</Location>
<Location /basic>
  AuthType Basic
  AuthName passwords
  AuthBasicProvider file
  AuthUserFile /dev/null
  Require valid-user
</Location>
CONF
}

start() { # DIR
  local dir=$1 kdc silent web
  kdc=$(free_port) silent=$(free_port) web=$(free_port)
  rm -rf "$dir"
  mkdir -p "$dir/replay" "$dir/share" "$dir/locks"
  # Apache's workers are another user.
  chmod 755 "$dir"
  chmod 1777 "$dir/replay"
  export KRB5_CONFIG=$dir/krb5.conf KRB5_KDC_PROFILE=$dir/kdc.conf KRB5CCNAME=FILE:$dir/tickets KRB5RCACHEDIR=$dir/replay
  write_realm "$dir" "$kdc" "$kdc"
  {
    kdb5_util create -s -r LOCKTOP.TEST -P "$RANDOM$RANDOM"
    kdb5_util create -s -r SILENT.TEST -P "$RANDOM$RANDOM"
    kadmin.local -r LOCKTOP.TEST addprinc -pw alice-pw alice
    kadmin.local -r LOCKTOP.TEST addprinc -randkey HTTP/localhost
    kadmin.local -r LOCKTOP.TEST ktadd -k "$dir/keytab" HTTP/localhost
    kadmin.local -r SILENT.TEST addprinc -pw alice-pw alice
    # A keytab with the right name and a key that no ticket is made for.
    printf 'addent -password -p HTTP/localhost@LOCKTOP.TEST -k 2 -e aes256-cts-hmac-sha1-96\nlost\nwkt %s\n' \
      "$dir/stale-keytab" | ktutil
    krb5kdc -r LOCKTOP.TEST -r SILENT.TEST -P "$dir/kdc.pid"
  } > "$dir/kdc.log" 2>&1
  chmod 644 "$dir/keytab" "$dir/stale-keytab"
  listens "$kdc"
  echo alice-pw | kinit alice@LOCKTOP.TEST >> "$dir/kdc.log" 2>&1
  echo alice-pw | kinit -c "FILE:$dir/silent-tickets" alice@SILENT.TEST >> "$dir/kdc.log" 2>&1
  echo alice-pw | kinit -l 1s -c "FILE:$dir/old-tickets" alice@LOCKTOP.TEST >> "$dir/kdc.log" 2>&1
  # From here on the second realm's KDC is one that never answers.
  write_realm "$dir" "$kdc" "$silent"
  perl -MIO::Socket::INET -e '
    my $door = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ARGV[0], Listen => 64) or die;
    my @guests; while (my $guest = $door->accept) { push @guests, $guest }' "$silent" 2> /dev/null > /dev/null &
  echo $! > "$dir/silent.pid"
  write_site "$dir" "$web"
  [ "$(id -u)" != 0 ] || chown www-data:www-data "$dir/share" "$dir/locks"
  : > "$dir/arrived"
  chmod 666 "$dir/arrived"
  apache2 -f "$dir/apache.conf" -k start 2>> "$dir/apache.log"
  listens "$web"
  listens "$silent"
  while klist -s -c "FILE:$dir/old-tickets"; do sleep 0.1; done
  printf '%s\n' "LOCKTOP_NEGOTIATE=http://localhost:$web" "LOCKTOP_NEGOTIATE_DIR=$dir" "KRB5_CONFIG=$dir/krb5.conf" \
    "KRB5CCNAME=FILE:$dir/tickets"
}

stop() { # DIR
  end_process "$1/apache.pid" apache2
  end_process "$1/kdc.pid" krb5kdc
  end_process "$1/silent.pid" perl
}

obey negotiate.sh "$@"
