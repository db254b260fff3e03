// SPDX-License-Identifier: MIT
import Settings
import Testing

/// A text and all that is wrong with it.
private let refused: [Refused] = [
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"intranet.example.org\"}\n",
        because: [
            "2:33: the address lacks `https://`; write `https://intranet.example.org`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: gitlfs, url: \"git@git.example.org:studio/game.git\"}\n",
        because: [
            "2:34: that is git's address by SSH, by which locks are not asked for; write "
                + "`https://git.example.org/studio/game.git`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: gitlfs, url: \"ssh://git:hunter2@git.example.org:22/studio/game.git\"}\n",
        because: [
            "2:34: that is git's address by SSH, by which locks are not asked for; write "
                + "`https://git.example.org/studio/game.git`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"ftp://a.example\"}\n",
        because: [
            "2:33: expected an address that begins with `https://` (or `http://`), found `ftp://a.exa"
                + "mple`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://\"}\n",
        because: [
            "2:33: the address has no host"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https:///x\"}\n",
        because: [
            "2:33: the address has no host"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://admin:hunter2@a.example\"}\n",
        because: [
            "2:33: no user or secret in an address; write them under `auth`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://admin@a.example\"}\n",
        because: [
            "2:33: no user or secret in an address; write them under `auth`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://u:p/a@ss@a.example\"}\n",
        because: [
            "2:33: no user or secret in an address; write them under `auth`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"u:hunter2@a.example\"}\n",
        because: [
            "2:33: expected an address that begins with `https://` (or `http://`)"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"http://a.example\"}\n",
        because: [
            "2:33: plain `http://` to `a.example` sends secrets readable by everybody on the way; wri"
                + "te `https://`, or `insecure_http: true` if you must"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"http://127.0.0.1.example\"}\n",
        because: [
            "2:33: plain `http://` to `127.0.0.1.example` sends secrets readable by everybody on the "
                + "way; write `https://`, or `insecure_http: true` if you must"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"http://a.example:99999\"}\n",
        because: [
            "2:33: “99999” is no port: it must be a number from 1 to 65535"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example:x\"}\n",
        because: [
            "2:33: “x” is no port: it must be a number from 1 to 65535"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example?x=1\"}\n",
        because: [
            "2:33: the address has a `?` or `#` part; expected only host, port and path"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example/#x\"}\n",
        because: [
            "2:33: the address has a `?` or `#` part; expected only host, port and path"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a b.example\"}\n",
        because: [
            "2:33: the address has spaces or characters that are not allowed; write them as `%XX`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example/ä\"}\n",
        because: [
            "2:33: the address has spaces or characters that are not allowed; write them as `%XX`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://[::1\"}\n",
        because: [
            "2:33: the bracket after “[” is missing"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://[zz]/\"}\n",
        because: [
            "2:33: “zz” is no IPv6 address"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a..b\"}\n",
        because: [
            "2:33: “a..b” is no host: a name, an IPv4 address or [an IPv6 address] is needed"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"HTTPS//a.example\"}\n",
        because: [
            "2:33: the address lacks `https://`; write `https://HTTPS//a.example`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://[::1\"}\n",
        because: [
            "2:33: the bracket after “[” is missing"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://[::1]x\"}\n",
        because: [
            "2:33: after “]” only a port may follow"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"a.example:8080/Plone\"}\n",
        because: [
            "2:33: the address lacks `https://`; write `https://a.example:8080/Plone`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://x:hunter2/p@q\"}\n",
        because: [
            "2:33: no user or secret in an address; write them under `auth`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"http://[::2]\"}\n",
        because: [
            "2:33: plain `http://` to `::2` sends secrets readable by everybody on the way; write `"
                + "https://`, or `insecure_http: true` if you must"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://127.1/\"}\n",
        because: [
            "2:33: “127.1” is no IPv4 address: four numbers from 0 to 255 are needed"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://[::1:::]/\"}\n",
        because: [
            "2:33: “::1:::” is no IPv6 address"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"http://x.localhost/\"}\n",
        because: [
            "2:33: plain `http://` to `x.localhost` sends secrets readable by everybody on the way; write `"
                + "https://`, or `insecure_http: true` if you must"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example\", proxy: \"ftp://p.example\"}\n",
        because: [
            "2:61: expected an address that begins with `https://` (or `http://`), found `ftp://p.example`"
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example/%zz\"}\n",
        because: [
            "2:33: a “%” in the path is not followed by two hexadecimal digits of a UTF-8 character"
        ]),
]

@Test("a wrong address is told, and no secret in it repeated", arguments: refused)
func refusedAddress(_ refused: Refused) {
    #expect(complaints(refused.text) == refused.complaint)
}

@Test("no sentence about an address repeats a secret", arguments: refused)
func urlsKeepsSecrets(_ refused: Refused) {
    #expect(!complaints(refused.text).contains("hunter2"))
}
