// SPDX-License-Identifier: MIT
import Settings
import Testing

/// A text and all that is wrong with it.
private let refused: [Refused] = [
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: admin\n",
        because: [
            "5:11: expected keys and values under `auth`, found text"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {usr: x}\n",
        because: [
            "5:12: unknown key `usr`; did you mean `user`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {pasword_env: X, user: a}\n",
        because: [
            "5:12: unknown key `pasword_env`; did you mean `password_env`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: admin, password hunter2}\n",
        because: [
            "5:25: expected `key: value`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: admin, password:hunter2}\n",
        because: [
            "5:25: expected a space after the `:` of a key"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password_env: A, password_file: b}\n",
        because: [
            "5:38: `password_file` and `password_env` are two sources of one secret; keep one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password_env: \"my hunter2\"}\n",
        because: [
            "5:35: expected the name of an environment variable: letters, digits and `_`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {password_env: A}\n",
        because: [
            "5:11: `user` is missing: a password needs one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password_env: A, netrc: true}\n",
        because: [
            "5:21: `password_env` and `netrc` are two sources of one secret; keep one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {scheme: basic}\n",
        because: [
            "5:20: unknown scheme `basic`; expected `negotiate`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: nick\n    url: https://a.example\n"
            + "    auth: {scheme: negotiate, user: a}\n",
        because: [
            "5:12: `scheme` belongs to kinds plone, superoffice, webdav, this server is nick"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n    url: https://a.example\n"
            + "    auth: {scheme: negotiate, user: a}\n",
        because: [
            "5:20: scheme `negotiate` is not for superoffice, which has a sign-in of its own"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {scheme: negotiate}\n",
        because: [
            "5:11: `user` is missing: scheme `negotiate` needs the name that the server knows the account by"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {scheme: negotiate, user: a, password_env: A, token_env: B}\n",
        because: [
            "5:40: `password_env` is not used by scheme `negotiate`, which shows the ticket that `kinit` got",
            "5:57: `token_env` is not used by scheme `negotiate`, which shows the ticket that `kinit` got",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {scheme: negotiate, user: a, netrc: true}\n",
        because: [
            "5:40: `netrc` is not used by scheme `negotiate`, which shows the ticket that `kinit` got"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {app_token_env: X}\n",
        because: [
            "5:12: `app_token_env` belongs to kind superoffice, this server is plone"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    auth: {scheme: digest}\n",
        because: [
            "5:20: unknown scheme `digest`; expected `basic`, `soticket` or `bearer`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    auth: {scheme: soticket, user: a, password_env: X}\n",
        because: [
            "5:39: `password_env` is not used by scheme `soticket`; expected a `token`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    auth: {scheme: basic, token_env: X}\n",
        because: [
            "5:27: `token_env` is not used by scheme `basic`; expected a `password`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    auth: {flow: device_code}\n",
        because: [
            "4:11: `client_id` is missing: flow `device_code` needs it"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    auth: {flow: client_credentials}\n",
        because: [
            "2:5: `tenant` is missing: flow `client_credentials` needs it",
            "4:11: `client_id` is missing: flow `client_credentials` needs it",
            "4:11: `client_secret_env`, `_file` or `_command` is missing: flow `client_credentials` n"
                + "eeds it",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    auth: {client_secret_env: X}\n",
        because: [
            "4:12: `client_secret_env` needs `flow: client_credentials`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: msgraph\n"
            + "    auth: {user: x, password_env: Y}\n",
        because: [
            "4:12: `user` belongs to kinds plone, nick, superoffice, webdav, gitlfs, this server is m"
                + "sgraph",
            "4:21: `password_env` belongs to kinds plone, nick, superoffice, webdav, gitlfs, this ser"
                + "ver is msgraph",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password: \"\"}\n",
        because: [
            "5:31: expected a value for `password`, found empty text"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password: [hunter2]}\n",
        because: [
            "5:31: expected a value for `password`, found a list"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password: \"a\\nb\"}\n",
        because: [
            "5:31: expected one line of text without control characters for `password`"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {url: x, drives: [me]}\n",
        because: [
            "5:12: `url` belongs to the server",
            "5:20: unknown key `drives`; expected `user`, `scheme`, `netrc`, `password`, `password_en"
                + "v`, `password_file`, `password_command`, `token`, `token_env`, `token_file` or `token_command`",
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, token: \"x\", token_command: y}\n",
        because: [
            "5:33: `token_command` and `token` are two sources of one secret; keep one"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: superoffice\n"
            + "    url: https://a.example\n    auth: {user: a, password_comand: \"pass x\"}\n",
        because: [
            "5:21: unknown key `password_comand`; did you mean `password_command`?"
        ]),
    Refused(
        "servers:\n  - name: a\n    kind: plone\n    url: https://a.example\n"
            + "    auth: {user: a, password_file: \"\"}\n",
        because: [
            "5:36: expected a value for `password_file`, found empty text"
        ]),
]

@Test("what is wrong under auth is told, and no secret repeated", arguments: refused)
func refusedAuth(_ refused: Refused) {
    #expect(complaints(refused.text) == refused.complaint)
}

@Test("no sentence about auth repeats a secret", arguments: refused)
func authKeepsSecrets(_ refused: Refused) {
    #expect(!complaints(refused.text).contains("hunter2"))
}
