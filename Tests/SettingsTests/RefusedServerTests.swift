// SPDX-License-Identifier: MIT
import Settings
import Testing

/// A text and all that is wrong with it.
private let refused: [Refused] = [
    Refused(
        "servers:\n  - kind: plone\n    url: https://a.example\n",
        because: [
            "2:5: `name` is missing"
        ]),
    Refused(
        "servers:\n  - name: a\n    url: https://a.example\n",
        because: [
            "2:5: `kind` is missing"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n",
        because: [
            "2:5: `url` is missing"
        ]),
    Refused(
        "servers:\n  - name: a:b\n    kind: plone\n"
            + "    url: https://a.example\n",
        because: [
            "2:11: `a:b` is no name for a server; expected letters, digits, `-`, `_` and `.`, the fir"
                + "st a letter or digit"
        ]),
    Refused(
        "servers:\n  - name: a/b\n    kind: plon\n"
            + "    url: https://a.example\n",
        because: [
            "2:11: `a/b` is no name for a server; expected letters, digits, `-`, `_` and `.`, the fir"
                + "st a letter or digit",
            "3:11: unknown kind `plon`; did you mean `plone`?",
        ]),
    Refused(
        "servers:\n  - {name: a, kind: plone, url: \"https://a.example\"}\n"
            + "  - {name: a, kind: nick, url: \"https://b.example\"}\n",
        because: [
            "3:12: two servers are named `a`, the first in line 2; rename one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: gopher\n"
            + "    url: https://a.example\n\n",
        because: [
            "3:11: unknown kind `gopher`; expected `plone`, `nick`, `superoffice`, `msgraph`, `webdav"
                + "` or `gitlfs`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: [a]\n    url: https://a.example\n"
            + "\n",
        because: [
            "3:11: expected a value for `kind`, found a list"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    drives: [me]\n",
        because: [
            "5:5: `drives` belongs to kind msgraph, this server is plone"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    force_by_save: true\n",
        because: [
            "5:5: `force_by_save` belongs to kind nick, this server is plone"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    tenant: x\n",
        because: [
            "5:5: `tenant` belongs to kinds superoffice, msgraph, this server is plone"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    stale_after: 8h\n",
        because: [
            "5:5: `stale_after` belongs to the top of the file"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    password_command: pass\n",
        because: [
            "5:5: `password_command` belongs under `auth`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    path: /x\n",
        because: [
            "5:5: `path` belongs under `items`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    zzzzz: 1\n",
        because: [
            "5:5: unknown key `zzzzz`; expected `name`, `kind`, `url`, `auth`, `items`, `poll`, `requ"
                + "est_budget`, `connections`, `request_timeout`, `limit`, `read_only`, `protected`, `color`"
                + ", `ca_file`, `client_cert`, `client_key`, `proxy`, `language`, `insecure_http` or `insecure_tls`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    protcted: true\n",
        because: [
            "5:5: unknown key `protcted`; did you mean `protected`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: [a]\n",
        because: [
            "5:12: expected keys and values under `items`, found a list"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {filter: x}\n",
        because: [
            "5:13: `filter` belongs to kind superoffice, this server is plone"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    items: {path: /x}\n",
        because: [
            "5:13: `path` belongs to kinds plone, nick, msgraph, webdav, gitlfs, this server is super"
                + "office"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {path: news}\n",
        because: [
            "5:19: `news` is no path from the root; write `/news`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {depth: 0}\n",
        because: [
            "5:20: expected a whole number from 1 to 1000, found `0`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {depth: deep}\n",
        because: [
            "5:20: expected a whole number from 1 to 1000, found `deep`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {types: News Item}\n",
        because: [
            "5:20: expected a list for `types`, as `[one, two]`, found text"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {typs: [a]}\n",
        because: [
            "5:13: unknown key `typs`; did you mean `types`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    items: {url: x}\n",
        because: [
            "5:13: `url` belongs to the server"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    connections: 0\n",
        because: [
            "5:18: expected a whole number from 1 to 256, found `0`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    connections: -1\n",
        because: [
            "5:18: expected a whole number from 1 to 256, found `-1`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: nick\n    url: https://a.example\n"
            + "    connections: 5\n",
        because: [
            "5:18: expected a whole number from 1 to 4, found `5`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    limit: 1e9\n",
        because: [
            "5:12: expected a whole number from 1 to 10000000, found `1e9`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    color: rde\n",
        because: [
            "5:12: unknown color `rde`; did you mean `red`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    color: mauve\n",
        because: [
            "5:12: unknown color `mauve`; expected `red`, `green`, `yellow`, `blue`, `magenta`, `cyan"
                + "`, `white` or `default`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    language: \"de, en\"\n",
        because: [
            "5:15: `de, en` is no language; expected one like `de` or `en-GB`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    client_cert: a.pem\n",
        because: [
            "5:5: `client_cert` needs `client_key`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    client_key: a.pem\n",
        because: [
            "5:5: `client_key` needs `client_cert`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    proxy: \"http://u:p@proxy\"\n",
        because: [
            "5:12: no user or secret in an address; write them under `auth`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    proxy: proxy:3128\n",
        because: [
            "5:12: expected an address that begins with `https://` (or `http://`), found `proxy:3128`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    poll: 5\n    request_budget: 6\n",
        because: [
            "5:11: `5` has no unit; write `5s`",
            "6:21: `6` has no unit; write `6/s`",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "\n",
        because: [
            "2:5: `url` is missing (or `tenant`, for superoffice online)"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    tenant: x\n",
        because: [
            "5:5: `url` and `tenant` exclude each other; keep one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    environment: prod\n"
            + "    state_url: x\n",
        because: [
            "5:5: `environment` needs `tenant`",
            "5:18: unknown environment `prod`; expected `sod`, `stage` or `online`",
            "6:5: `state_url` needs `tenant`",
            "6:16: expected an address that begins with `https://` (or `http://`), found `x`",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    tenant: a/b\n",
        because: [
            "4:13: `a/b` is no tenant; expected its id or domain"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    drives: me\n    api: v2\n",
        because: [
            "4:13: expected a list for `drives`, as `[one, two]`, found text",
            "5:10: unknown api `v2`; expected `v1.0` or `beta`",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    drives: [mee, \"sites:x\", \"drive:\"]\n",
        because: [
            "4:14: unknown drive `mee`; did you mean `me`?",
            "4:19: unknown drive `sites:x`; did you mean `site:`?",
            "4:30: unknown drive `drive:`; expected `me`, `site:HOST:/PATH`, `group:ID`, `user:NAME` "
                + "or `drive:ID`",
        ]),
    Refused(
        "servers:\n  - nmae: a\n    knd: plone\n    url: https://a.example\n",
        because: [
            "2:5: unknown key `nmae`; did you mean `name`?",
            "3:5: unknown key `knd`; did you mean `kind`?",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    client_crt: x\n    Language: de\n",
        because: [
            "5:5: unknown key `client_crt`; did you mean `client_cert`?",
            "6:5: unknown key `Language`; did you mean `language`?",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: nick\n    url: https://a.example\n"
            + "    force_by_save: sure\n",
        because: [
            "5:20: expected `true` or `false`, found `sure`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: webdav\n"
            + "    url: https://a.example\n    items: {text: x}\n",
        because: [
            "5:13: `text` belongs to kinds plone, nick, this server is webdav"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: gitlfs\n"
            + "    url: https://a.example\n    items: {depth: 2}\n",
        because: [
            "5:13: `depth` belongs to kinds plone, nick, msgraph, webdav, this server is gitlfs"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: gitlfs\n    url: https://a.example/x.git\n    ref: main\n"
            + "    auth: {git_credential: true, user: x, password_env: Y}\n",
        because: [
            "5:10: `main` is no full name of a branch; write `refs/heads/main`",
            "6:43: `password_env` and `git_credential` are two sources of one secret; keep one",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: gitlfs\n    url: https://a.example/x.git\n"
            + "    auth: {netrc: true, git_credential: true}\n",
        because: [
            "5:12: `netrc` and `git_credential` are two sources of one secret; keep one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    departed: [x]\n    auth: {}\n    items: {}\n"
            + "    auth: {}\n",
        because: [
            "5:5: `departed` belongs to the top of the file",
            "8:5: `auth` is given twice, first in line 6; keep one",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    login_url: http://login.example\n    environment: sod\n",
        because: [
            "4:16: plain `http://` to `login.example` sends secrets readable by everybody on the way;"
                + " write `https://`, or `insecure_http: true` if you must",
            "5:5: `environment` belongs to kind superoffice, this server is msgraph",
        ]),
]

@Test("what is wrong with a server is told with its place", arguments: refused)
func refusedServer(_ refused: Refused) {
    #expect(complaints(refused.text) == refused.complaint)
}
