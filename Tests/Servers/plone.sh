#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# A real Plone server (classic backend, plone.restapi, plone.app.iterate) for the tests in Tests/PloneTests.
#
#   plone.sh install [DIR]                 install Plone into DIR (idempotent)
#   plone.sh start   [DIR] [PORT] [NDOCS]  start it on 127.0.0.1, wait until it answers,
#                                          print the base URL of the Plone site on stdout
#   plone.sh stop    [DIR]                 stop it (by DIR/run/plone.pid)
#   plone.sh status  [DIR]                 print the base URL and exit 0 if it runs
#
# Defaults: DIR Tests/.servers/plone, PORT 8080 (0: any free one), NDOCS 200. Every start begins with the same
# fresh content (a snapshot per NDOCS is built once and kept in DIR); PLONE_KEEP_DATA=1 keeps what the last run
# left instead. PLONE_THREADS sets the number of worker threads (default 4).
#
# Site: BASE/docs/section-NN/doc-NNNN, NDOCS documents, every fifth one private.
#       BASE/lab is an empty folder for the tests' own content.
# Users (name / password / global roles):
#   admin   / admin       Manager of the Zope root     manager / manager-pw  Manager
#   alice   / alice-pw    Editor, Contributor          bob     / bob-pw      Editor, Contributor
#   erin    / erin-pw     Editor (cannot add content)  carol   / carol-pw    Reader
#   mallory / mallory-pw  no role beyond Member
#
# Needs only python3 (3.10 or newer, with venv and pip) and the package index that pip is set up for.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pins=$here/plone-constraints.txt

die() { echo "plone.sh: $*" >&2; exit 1; }
log() { echo "plone.sh: $*" >&2; }

[ $# -ge 1 ] || die "usage: plone.sh install|start|stop|status [DIR] [PORT] [NDOCS]"
cmd=$1
dir=${2:-$here/../.servers/plone}
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
py=$dir/venv/bin/python
pidfile=$dir/run/plone.pid

# The process named by the pid file, if it lives and is the server of this DIR.
running_pid() {
  local pid
  [ -s "$pidfile" ] || return 1
  pid=$(cat "$pidfile")
  case $pid in *[!0-9]* | '') return 1 ;; esac
  [ -r "/proc/$pid/cmdline" ] || return 1
  tr '\0' ' ' < "/proc/$pid/cmdline" | grep -qF "$dir/instance/etc/zope.ini" || return 1
  echo "$pid"
}

write_config() { # PORT
  mkdir -p "$dir/instance/etc" "$dir/instance/var/blobs" "$dir/instance/var/cache" "$dir/run"
  chmod 700 "$dir/instance/var/blobs"
  cat > "$dir/instance/etc/site.zcml" <<'ZCML'
<configure xmlns="http://namespaces.zope.org/zope"
           xmlns:five="http://namespaces.zope.org/five">
  <include package="Zope2.App" />
  <five:loadProducts file="meta.zcml"/>
  <five:loadProducts />
  <five:loadProductsOverrides />
</configure>
ZCML
  cat > "$dir/instance/etc/zope.conf" <<CONF
%define INSTANCE $dir/instance
instancehome \$INSTANCE
clienthome \$INSTANCE/var
debug-mode off
default-zpublisher-encoding utf-8
<environment>
  CHAMELEON_CACHE \$INSTANCE/var/cache
</environment>
<dos_protection>
  form-memory-limit 16MB
</dos_protection>
<zodb_db main>
  cache-size 30000
  pool-size 16
  <blobstorage>
    blob-dir \$INSTANCE/var/blobs
    <filestorage>
      path \$INSTANCE/var/Data.fs
    </filestorage>
  </blobstorage>
  mount-point /
</zodb_db>
CONF
  cat > "$dir/instance/etc/zope.ini" <<INI
[app:zope]
use = egg:Zope#main
zope_conf = %(here)s/zope.conf

[server:main]
use = egg:waitress#main
host = 127.0.0.1
port = $1
threads = ${PLONE_THREADS:-4}

[pipeline:main]
pipeline =
    egg:Zope#httpexceptions
    zope

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[formatter_generic]
format = %(asctime)s %(levelname)s [%(name)s] %(message)s

[logger_root]
level = WARN
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
INI
}

# Run by zconsole: makes the site and NDOCS documents, or adds documents up to NDOCS.
write_build_script() {
  cat > "$dir/instance/etc/build_site.py" <<'PY'
import os
import sys
import time

import transaction
from AccessControl.SecurityManagement import newSecurityManager
from plone.base.interfaces import IEditingSchema  # noqa: F401  (fails early on an old Plone)
from Products.CMFPlone.factory import addPloneSite
from zope.component.hooks import setSite

ndocs = int(os.environ["NDOCS"])
app = globals()["app"]
started = time.time()

USERS = [
    ("manager", "manager-pw", ["Member", "Manager"], "Mona Manager"),
    ("alice", "alice-pw", ["Member", "Editor", "Contributor"], "Alice Ångström"),
    ("bob", "bob-pw", ["Member", "Editor", "Contributor"], "Bob Builder"),
    ("erin", "erin-pw", ["Member", "Editor"], "Erin Editor"),
    ("carol", "carol-pw", ["Member", "Reader"], "Carol 田中"),
    ("mallory", "mallory-pw", ["Member"], ""),
]
TITLES = [
    "Quarterly report {n}",
    "Meeting minutes {n}",
    "Überprüfung der Maßnahmen {n}",
    "Installation guide {n}",
    "議事録 {n}",
    "Press release {n}",
    "Release checklist {n} 🔒",
    "A rather long title, as real editors write them, for page number {n} of the handbook",
]

if app.acl_users.getUser("admin") is None:
    app.acl_users._doAddUser("admin", "admin", ["Manager"], [])
admin = app.acl_users.getUser("admin").__of__(app.acl_users)
newSecurityManager(None, admin)

if "Plone" not in app.objectIds():
    addPloneSite(
        app,
        "Plone",
        title="Lock test site",
        extension_ids=(
            "plone.app.contenttypes:default",
            "plone.restapi:default",
            "plone.app.iterate:default",
        ),
        default_language="en",
        portal_timezone="UTC",
    )
site = app["Plone"]
setSite(site)

from plone import api  # noqa: E402  (needs the site)
from plone.dexterity.utils import addContentToContainer, createContent  # noqa: E402

workflow = site.portal_workflow
workflow.setDefaultChain("simple_publication_workflow")
for name, password, roles, fullname in USERS:
    if site.acl_users.getUserById(name) is None:
        site.acl_users.userFolderAddUser(name, password, roles, [])
        member = site.portal_membership.getMemberById(name)
        member.setMemberProperties({"fullname": fullname, "email": name + "@example.org"})


def add(container, portal_type, ident, state="publish", **fields):
    if ident in container.objectIds():
        return container[ident]
    item = addContentToContainer(
        container,
        createContent(portal_type, id=ident, **fields),
        checkConstraints=False,
    )
    if state:
        workflow.doActionFor(item, state)
    return item


docs = add(site, "Folder", "docs", title="Documents")
add(site, "Folder", "lab", title="Lab")
for n in range(1, ndocs + 1):
    section = "section-%02d" % ((n - 1) // 25 + 1)
    folder = add(docs, "Folder", section, title="Section %d" % ((n - 1) // 25 + 1))
    add(
        folder,
        "Document",
        "doc-%04d" % n,
        state=None if n % 5 == 0 else "publish",
        title=TITLES[n % len(TITLES)].format(n=n),
        description="Page %d of %d" % (n, ndocs),
    )
    if n % 100 == 0:
        transaction.savepoint(optimistic=True)
transaction.commit()
sys.stderr.write("site with %d documents: %.1f s\n" % (ndocs, time.time() - started))
PY
}

install_python() {
  local stamp=$dir/venv/.plone-installed want part
  want=$(cksum < "$pins")
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ] && [ -x "$dir/venv/bin/runwsgi" ]; then
    return 0
  fi
  if [ ! -x "$py" ]; then
    python3 -m venv "$dir/venv" > /dev/null 2>&1 || {
      # Debian's own python3 has venv in a package of its own.
      rm -rf "$dir/venv"
      log "installing python3-venv"
      { apt-get update -q && apt-get install -y -q python3-venv; } >&2
      python3 -m venv "$dir/venv"
    }
  fi
  # The pins are complete, so pip has nothing to resolve; and as most of the time goes into
  # asking for one small package after the other, four pips do it side by side.
  rm -rf "$dir/wheels"
  mkdir -p "$dir/wheels"
  for part in 0 1 2 3; do
    grep -v '^#' "$pins" | awk -v part="$part" 'NR % 4 == part' > "$dir/wheels/part-$part"
  done
  if printf '%s\n' 0 1 2 3 | xargs -P 4 -I '{}' "$py" -m pip download -q --disable-pip-version-check \
      --no-deps --only-binary :all: -d "$dir/wheels" -r "$dir/wheels/part-{}" >&2 &&
    "$py" -m pip install -q --disable-pip-version-check --no-index --no-deps --no-compile \
      "$dir"/wheels/*.whl >&2
  then
    "$py" -m compileall -q -j 0 "$dir/venv/lib" > /dev/null 2>&1 || true
  else
    # A pin is gone, or does not fit this Python: let pip choose the versions itself.
    log "the pinned versions could not be installed as they are; resolving anew"
    "$py" -m pip install -q --disable-pip-version-check \
      'Products.CMFPlone<7' plone.restapi plone.app.iterate waitress 'plone.app.layout<7' >&2
  fi
  rm -rf "$dir/wheels"
  echo "$want" > "$stamp"
}

build_snapshot() { # NDOCS
  local snap=$dir/snapshots/$1
  [ -f "$snap/Data.fs" ] && return 0
  rm -rf "$dir/instance/var" "$snap.new"
  write_config 8080
  write_build_script
  NDOCS=$1 "$dir/venv/bin/zconsole" run "$dir/instance/etc/zope.conf" \
    "$dir/instance/etc/build_site.py" > "$dir/run/build.log" 2>&1 ||
    { tail -n 30 "$dir/run/build.log" >&2; die "building the site failed"; }
  mkdir -p "$snap.new"
  cp -R "$dir/instance/var/Data.fs" "$dir/instance/var/blobs" "$snap.new/"
  mv "$snap.new" "$snap"
}

case $cmd in
  install)
    [ -f "$pins" ] || die "no $pins"
    install_python
    write_config 8080
    [ -n "$(running_pid || true)" ] || build_snapshot "${3:-200}"
    ;;
  start)
    port=${3:-8080} ndocs=${4:-200}
    [ -x "$dir/venv/bin/runwsgi" ] || die "not installed: run 'plone.sh install' first"
    [ -z "$(running_pid || true)" ] || die "already running (pid $(running_pid))"
    if [ -z "${PLONE_KEEP_DATA:-}" ] || [ ! -f "$dir/instance/var/Data.fs" ]; then
      build_snapshot "$ndocs"
      rm -rf "$dir/instance/var/blobs" "$dir"/instance/var/Data.fs*
      mkdir -p "$dir/instance/var"
      cp -R "$dir/snapshots/$ndocs/Data.fs" "$dir/snapshots/$ndocs/blobs" "$dir/instance/var/"
    fi
    # A free port: another server's answers must not pass for this one's.
    free=$("$py" - "$port" <<'PY'
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
try:
    s.bind(("127.0.0.1", int(sys.argv[1])))
except OSError:
    sys.exit(1)
print(s.getsockname()[1])
PY
    ) || die "port $port is in use"
    port=$free
    base=http://127.0.0.1:$port/Plone
    write_config "$port"
    rm -f "$pidfile"
    # shellcheck disable=SC2016
    setsid sh -c 'echo $$ > "$1"; exec "$2" "$3"' sh "$pidfile" \
      "$dir/venv/bin/runwsgi" "$dir/instance/etc/zope.ini" \
      > "$dir/run/plone.log" 2>&1 < /dev/null &
    for _ in $(seq 1 50); do
      [ -s "$pidfile" ] && break
      sleep 0.1
    done
    pid=$(cat "$pidfile")
    if ! "$py" - "$base" "$pid" <<'PY'
import os, sys, time, urllib.request
base, pid = sys.argv[1], int(sys.argv[2])
deadline = time.time() + 180
def get(path):
    request = urllib.request.Request(base + path, headers={"Accept": "application/json"})
    return urllib.request.urlopen(request, timeout=60).read()
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
urllib.request.install_opener(opener)
while time.time() < deadline:
    try:
        os.kill(pid, 0)
    except OSError:
        sys.exit("the server ended")
    try:
        get("")
        get("/@search?portal_type=Document&fullobjects=1&b_size=5")
        sys.exit(0)
    except OSError:
        time.sleep(0.2)
sys.exit("no answer in 180 s")
PY
    then
      tail -n 30 "$dir/run/plone.log" >&2
      kill "$pid" 2> /dev/null || true
      rm -f "$pidfile"
      die "the server did not come up"
    fi
    echo "$base" > "$dir/run/url"
    echo "$base"
    ;;
  stop)
    if pid=$(running_pid); then
      kill "$pid" 2> /dev/null || true
      for _ in $(seq 1 100); do
        [ -n "$(running_pid || true)" ] || break
        sleep 0.1
      done
      if [ -n "$(running_pid || true)" ]; then kill -9 "$pid" 2> /dev/null || true; fi
    fi
    rm -f "$pidfile" "$dir/run/url"
    ;;
  status)
    running_pid > /dev/null || exit 1
    cat "$dir/run/url"
    ;;
  *) die "unknown command '$cmd'" ;;
esac
