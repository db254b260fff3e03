#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Web servers that are no lock systems, for the test that names what stands at an address: an Apache and an nginx as Debian
# sets them up, with their welcome pages.
#
#   pages.sh install        install the Debian packages that are missing
#   pages.sh installed      whether they are there
#   pages.sh start DIR      start both on 127.0.0.1, print the variables that the test wants
#   pages.sh stop  DIR      stop them
#
# LOCKTOP_WELCOME_APACHE and LOCKTOP_WELCOME_NGINX are their addresses. nginx has besides: /down/, before a server that does
# not run; /staff/, behind Basic; /sso/, which sends to a sign-on elsewhere.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=loopback.sh
. "$here/loopback.sh"

PATH=$PATH:/usr/sbin
packages="apache2 nginx-light openssl"
modules=/usr/lib/apache2/modules
welcome=/usr/share/apache2/default-site/index.html
greeting=/usr/share/nginx/html/index.html

is_installed() {
  local program
  for program in apache2 nginx openssl perl; do
    command -v $program > /dev/null || return 1
  done
  [ -f $welcome ] && [ -f $greeting ]
}

start_apache() { # DIR PORT
  mkdir -p "$1/html"
  cp $welcome "$1/html/"
  {
    for name in mpm_event authz_core dir mime unixd; do
      [ ! -f $modules/mod_$name.so ] || echo "LoadModule ${name}_module $modules/mod_$name.so"
    done
    [ "$(id -u)" != 0 ] || printf 'User www-data\nGroup www-data\n'
    printf '%s\n' "ServerRoot $1" 'ServerName 127.0.0.1' "Listen 127.0.0.1:$2" "PidFile $1/apache2.pid" \
      "ErrorLog $1/apache2.log" "Mutex file:$1 default" "DocumentRoot $1/html" 'DirectoryIndex index.html' \
      'TypesConfig /etc/mime.types' 'StartServers 1'
  } > "$1/apache2.conf"
  chmod 755 "$1" "$1/html"
  apache2 -f "$1/apache2.conf" -k start >&2
  listens "$2"
}

start_nginx() { # DIR PORT
  printf 'ann:%s\n' "$(openssl passwd -apr1 ann-pw)" > "$1/users"
  cat > "$1/nginx.conf" << CONF
pid $1/nginx.pid;
error_log $1/nginx.log;
worker_processes 1;
events {}
http {
  access_log off;
  include /etc/nginx/mime.types;
  client_body_temp_path $1/body;
  proxy_temp_path $1/proxy;
  fastcgi_temp_path $1/fastcgi;
  uwsgi_temp_path $1/uwsgi;
  scgi_temp_path $1/scgi;
  server {
    listen 127.0.0.1:$2;
    root /usr/share/nginx/html;
    location /down/ { proxy_pass http://127.0.0.1:9/; }
    location /staff/ { auth_basic "Staff only"; auth_basic_user_file $1/users; alias /usr/share/nginx/html/; }
    location /sso/ { return 302 https://login.example.com/saml2/sso?SAMLRequest=opaque; }
  }
}
CONF
  # The workers of one that root starts are another user.
  chmod 755 "$1" && chmod 644 "$1/users"
  nginx -e "$1/nginx.log" -c "$1/nginx.conf" >&2
  listens "$2"
}

start() { # DIR
  local dir=$1 apache nginx
  apache=$(free_port) nginx=$(free_port)
  rm -rf "$dir"
  mkdir -p "$dir"
  start_apache "$dir" "$apache"
  start_nginx "$dir" "$nginx"
  printf '%s\n' "LOCKTOP_WELCOME_APACHE=http://127.0.0.1:$apache" "LOCKTOP_WELCOME_NGINX=http://127.0.0.1:$nginx"
}

stop() { # DIR
  end_process "$1/apache2.pid" "$1/apache2.conf"
  end_process "$1/nginx.pid" nginx
}

obey pages.sh "$@"
