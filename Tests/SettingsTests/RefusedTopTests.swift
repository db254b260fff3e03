// SPDX-License-Identifier: MIT
import Settings
import Testing

/// A text and all that is wrong with it.
private let refused: [Refused] = [
    Refused(
        "",
        because: [
            "1:1: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "# only a comment\n",
        because: [
            "1:1: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "---\n",
        because: [
            "1:1: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "servers: []\n",
        because: [
            "1:10: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "servers:\n",
        because: [
            "1:1: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "poll: 5s\n",
        because: [
            "1:1: no servers configured; expected a list under `servers`"
        ]),
    Refused(
        "- a\n",
        because: [
            "1:1: expected keys and values, as `servers:`, found a list"
        ]),
    Refused(
        "hello\n",
        because: [
            "1:1: expected keys and values, as `servers:`, found text"
        ]),
    Refused(
        "servers: {name: a}\n",
        because: [
            "1:10: expected a list under `servers`, each beginning with `- `, found keys and values"
        ]),
    Refused(
        "servers: [a]\n",
        because: [
            "1:11: expected keys and values under `servers`, found text"
        ]),
    Refused(
        "pol: 5s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: unknown key `pol`; did you mean `poll`?"
        ]),
    Refused(
        "zzz: 1\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: unknown key `zzz`; expected `poll`, `request_budget`, `stale_after`, `departed`, `r"
                + "ead_only`, `keep_alive`, `theme`, `columns`, `views`, `keys`, `bell`, `hooks`, `audit_syslog` or `servers`"
        ]),
    Refused(
        "readOnly: true\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: unknown key `readOnly`; did you mean `read_only`?"
        ]),
    Refused(
        "password: x\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: `password` belongs to a server under `servers`"
        ]),
    Refused(
        "url: x\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: `url` belongs to a server under `servers`"
        ]),
    Refused(
        "poll: 5\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `5` has no unit; write `5s`"
        ]),
    Refused(
        "poll: soon\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `soon` is no time; expected one like `5s`, `10m`, `8h` or `1h30m`"
        ]),
    Refused(
        "poll: 0s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `0s` is out of range; expected `100ms` to `1d`"
        ]),
    Refused(
        "poll: 2d\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `2d` is out of range; expected `100ms` to `1d`"
        ]),
    Refused(
        "poll: [5s]\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: expected a value for `poll`, found a list"
        ]),
    Refused(
        "poll:\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:6: expected a value for `poll`, found nothing"
        ]),
    Refused(
        "poll: \"\"\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: expected a value for `poll`, found empty text"
        ]),
    Refused(
        "request_budget: 10\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:17: `10` has no unit; write `10/s`"
        ]),
    Refused(
        "request_budget: 10/x\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:17: `10/x` is no rate; expected one like `10/s` or `60/m`"
        ]),
    Refused(
        "request_budget: 0/s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:17: `0/s` is out of range; expected more than 0 and at most `10000/s`"
        ]),
    Refused(
        "read_only: yes\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: `yes` is no truth value; write `true`"
        ]),
    Refused(
        "read_only: 0\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: `0` is no truth value; write `false`"
        ]),
    Refused(
        "read_only: \"true\"\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: expected `true` without quotes"
        ]),
    Refused(
        "read_only: maybe\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: expected `true` or `false`, found `maybe`"
        ]),
    Refused(
        "departed: bob\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:11: expected a list for `departed`, as `[one, two]`, found text"
        ]),
    Refused(
        "departed: [bob, [x]]\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:17: expected a value for `departed`, found a list"
        ]),
    Refused(
        "poll: 5s\npoll: 6s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:1: `poll` is given twice, first in line 1; keep one"
        ]),
    Refused(
        "poll: 5s\n\"poll\": 6s\npoll: 7s\npol: 1\n"
            + "servers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:1: `poll` is given twice, first in line 1; keep one",
            "3:1: `poll` is given twice, first in line 1; keep one",
            "4:1: unknown key `pol`; did you mean `poll`?",
        ]),
    Refused(
        "{a: b}: 1\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: expected a word as key, found a list or keys and values"
        ]),
    Refused(
        "[a, b]: 1\n[a, b]: 2\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: a key is given twice; keep one"
        ]),
    Refused(
        "<<: {a: b}\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: merge keys (`<<`) are not read here; write the values out"
        ]),
    Refused(
        "departed: &x [bob]\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:11: anchors and aliases (`&name`, `*name`) are not read here; write the value out"
        ]),
    Refused(
        "departed: *x\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:11: anchors and aliases (`&name`, `*name`) are not read here; write the value out"
        ]),
    Refused(
        "poll: !!str 5s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: tags (`!…`) are not read here; write the plain value"
        ]),
    Refused(
        "poll: !foo 5s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: tags (`!…`) are not read here; write the plain value"
        ]),
    Refused(
        "a: &a [1]\nb: [*a]\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:4: anchors and aliases (`&name`, `*name`) are not read here; write the value out",
            "2:1: unknown key `b`; expected `poll`, `request_budget`, `stale_after`, `departed`, `rea"
                + "d_only`, `keep_alive`, `theme`, `columns`, `views`, `keys`, `bell`, `hooks`, `audit_syslog` or `servers`",
        ]),
    Refused(
        "\tpoll: 5s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: a tab; indent with spaces"
        ]),
    Refused(
        "poll: 5s\n\t\n  x: 1\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:1: a tab; indent with spaces"
        ]),
    Refused(
        "departed: [bob\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:8: the list that began with `[` is not closed; expected `,` or `]`"
        ]),
    Refused(
        "departed: {a: b\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:8: what began with `{` is not closed; expected `,` or `}`"
        ]),
    Refused(
        "poll: \"5s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:40: expected a key at the same indentation as the one before"
        ]),
    Refused(
        "poll: 5s: 6\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:9: a `:` where none is expected; indent with spaces, and quote text with `: `"
        ]),
    Refused(
        "servers:\n  - name: a\n   kind: plone\n",
        because: [
            "3:4: expected `- `, or a key indented like the one above"
        ]),
    Refused(
        "servers:\n  - name: a\n  kind: plone\n",
        because: [
            "3:3: expected `- `, or a key indented like the one above"
        ]),
    Refused(
        "poll\nservers: []\n",
        because: [
            "2:8: a `:` where none is expected; indent with spaces, and quote text with `: `"
        ]),
    Refused(
        "servers: [{name: a, kind: plone, url: \"https://a.example\"}]\n"
            + "---\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:1: a second document (`---`); expected only one"
        ]),
    Refused(
        "poll: @5\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: a value can't begin with `@`; put it in quotes"
        ]),
    Refused(
        "poll: \u{1}\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: this character is not allowed in YAML"
        ]),
    Refused(
        "departed: [[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]\n"
            + "servers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: expected a value for `departed`, found a list",
            "1:27: the values are nested deeper than 16 levels",
        ]),
    Refused(
        "departed: [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *"
            + "a, ]\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:12: anchors and aliases (`&name`, `*name`) are not read here; write the value out"
        ]),
    Refused(
        "poll: 99999999999999999999999999999999999999999999999999999999999999999999999999999999\n"
            + "servers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `9999999999999999999999999999999999999999…` is no time; expected one like `5s`, `10"
                + "m`, `8h` or `1h30m`"
        ]),
    Refused(
        "poll: \"a\\u202Eb\"\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: `a�b` is no time; expected one like `5s`, `10m`, `8h` or `1h30m`"
        ]),
    Refused(
        "poll: !!int 5\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: tags (`!…`) are not read here; write the plain value"
        ]),
    Refused(
        "poll: %5\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:7: a value can't begin with `%`; put it in quotes"
        ]),
    Refused(
        "﻿pol: 5s\u{d}\npolll: 5s\u{d}\nservers: [{name: a, kind: plone, url: \"https://a.example"
            + "\"}]\n",
        because: [
            "1:1: unknown key `pol`; did you mean `poll`?",
            "2:1: unknown key `polll`; did you mean `poll`?",
        ]),
    Refused(
        "&a poll: 5s\n&b poll: 6s\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: a key is given twice; keep one"
        ]),
    Refused(
        "poll: 5s\u{d}\npoll: 6s\u{d}\nservers: [{name: a, kind: plone, url: \"https://a.example\""
            + "}]\n",
        because: [
            "2:1: `poll` is given twice, first in line 1; keep one"
        ]),
    Refused(
        "departed: [bob,]\nstale_after: 0s\nkeep_alive: on\n"
            + "servers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "2:14: `0s` is out of range; expected `1s` to `365d`",
            "3:13: `on` is no truth value; write `true`",
        ]),
    Refused(
        "pass word: hunter2\nservers: [{name: a, kind: plone, url: \"https://a.example\"}]\n",
        because: [
            "1:1: expected `key: value`"
        ]),
    Refused(
        "poll: 'hunter2\n",
        because: [
            "2:1: the text ends inside quotes; expected the closing quote"
        ]),
]

@Test("what is wrong at the top of the file is told with its place", arguments: refused)
func refusedTop(_ refused: Refused) {
    #expect(complaints(refused.text) == refused.complaint)
}
