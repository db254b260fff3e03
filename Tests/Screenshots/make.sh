#!/bin/sh
# SPDX-License-Identifier: MIT
# Pictures of the release binary on the demo server, in a real tmux: screenshots/NAME-COLUMNSxROWS.svg, and
# screenshots/conflict.svg, which moves
set -eu
program=${LOCKTOP:-.build/release/locktop}
picture=${PICTURE:-.build/release/ScreenPicture}
folder=${1:-screenshots}
socket=locktop-screenshots-$$
mkdir -p "$folder"

tm() { tmux -L "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2>/dev/null || true' EXIT

# The server ends with its last session, and one that is just ending takes no other.
tm new-session -d -s kept 'sleep 86400'

# Waits until the pane shows a text.
await() {
    tries=0
    until tm capture-pane -p -t shot | grep -q -- "$1"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 300 ]; then
            echo "never seen on the screen: $1" >&2
            tm capture-pane -p -t shot >&2
            exit 1
        fi
        sleep 0.1
    done
}
# Waits until it shows it no longer: a key right after Esc would be one with Alt.
gone() {
    tries=0
    while tm capture-pane -p -t shot | grep -q -- "$1"; do
        tries=$((tries + 1))
        [ "$tries" -le 300 ] || { echo "still on the screen: $1" >&2; exit 1; }
        sleep 0.1
    done
}
keep() { tm capture-pane -e -p -t shot | "$picture" "$columns" "$rows" >"$folder/$1-${columns}x$rows.svg"; }
key() { tm send-keys -t shot "$@"; }

# A page, by its key and its heading: opened, kept, closed.
page() {
    key "$1"
    await "$2"
    keep "$3"
    key Escape
    gone "$2"
}

begin() {
    tm new-session -d -s shot -x "$columns" -y "$rows" \
        "env LC_ALL=C.UTF-8 TZ=UTC '$program' demo --seed 7 --no-clock --poll 3s $*"
}

for size in 80x24 120x36; do
    columns=${size%x*}
    rows=${size#*x}
    # All systems on one screen, once each has answered.
    begin
    await ' servers · '
    await ' files'
    key E
    await 'EVENTS'
    gone 'Nothing has happened'
    key Escape
    gone 'EVENTS'
    keep dashboard
    page E 'EVENTS' events
    key p
    await 'PEOPLE'
    keep people
    page Enter 'PERSON' person
    key Escape
    gone 'PEOPLE'
    key s
    await 'LATENCY'
    keep servers
    page Enter 'Signed in' server
    key Escape
    gone 'LATENCY'
    page M 'MESSAGES' messages
    page '|' 'COLUMNS' columns
    page '?' 'HELP' help
    key b
    await ' · oldest '
    key g
    await ' ▸ ▼'
    keep groups
    tm kill-session -t shot 2>/dev/null || true
    begin --dialect plone --scenario conflict
    await '◆'
    key 4
    await '\[4 Others'
    key g l
    # A box that opens by itself takes keys once the keyboard has been still: its chosen button shows it.
    await '─ Conflict'
    await '\[Leave\]'
    keep conflict
    key Escape
    gone '─ Conflict'
    key F
    await 'Cancel\]'
    keep force
    key Escape
    gone 'Cancel'
    key Enter
    await 'DETAILS'
    keep details
    key Escape
    tm kill-session -t shot 2>/dev/null || true
    # The other scenarios, each where it says most.
    begin --dialect plone --scenario office
    await '◆'
    key 2 g w
    await ' Waiting for '
    page W 'WAITED FOR' waits
    keep office
    tm kill-session -t shot 2>/dev/null || true
    begin --dialect plone --scenario abandoned
    await '◆'
    key 5
    await '\[5 Stale'
    keep abandoned
    tm kill-session -t shot 2>/dev/null || true
    begin --dialect plone --scenario storm
    await '◆'
    key E
    await 'took it'
    keep storm
    tm kill-session -t shot 2>/dev/null || true
    begin --dialect plone --scenario outage
    await 'next '
    keep outage
    tm kill-session -t shot 2>/dev/null || true
done

# The conflict, told in half a minute: one picture that moves.
columns=80
rows=24
film=$(mktemp)
trap 'tm kill-server 2>/dev/null || true; rm -f "$film"' EXIT
frame() {
    echo "--- $1" >>"$film"
    tm capture-pane -e -p -t shot >>"$film"
}
begin --dialect plone --scenario conflict
await '◆'
frame 2
await 'took it'
frame 3
key g l
await '─ Conflict'
await '\[Leave\]'
frame 4
key Right
await '\[Wait and take\]'
frame 2
key Enter
await 'taken when it is free'
frame 2
tries=0
until tm capture-pane -p -t shot | grep -q ' 1 mine'; do
    # What the others do meanwhile, a second each.
    [ "$tries" -ge 6 ] || frame 1
    tries=$((tries + 1))
    [ "$tries" -le 120 ] || { echo "the document was never free" >&2; exit 1; }
    sleep 1
done
key 3
await '\[3 Mine'
frame 4
"$picture" "$columns" "$rows" --animate 3 <"$film" >"$folder/conflict.svg"
tm kill-session -t shot 2>/dev/null || true
ls -1 "$folder"
