// SPDX-License-Identifier: MIT
public import Locks

extension PloneSystem {
    /// What the configuration of a Plone knows.
    public static let options = OptionList(
        "plone",
        auth: [
            .user,
            OptionKey("scheme", .choice(["negotiate"]), "`negotiate`: sign in by the Kerberos ticket that kinit got"),
            .netrc, .password, .token,
        ],
        items: [.path, .types, .depth, .words],
        examples: [
            """
              - name: intranet
                kind: plone
                url: https://intranet.example.org
                auth:
                  user: admin
                  password_command: "pass show intranet"
                  # scheme: negotiate  # in its place: the Kerberos ticket that kinit got
                items:               # left out: the whole site
                  path: /news
                  types: [News Item, Document]
                  depth: 3           # 1: direct children only
                protected: true      # each operation wants the server's name typed
                color: red           # red green yellow blue magenta cyan white default

            """
        ],
        check: { OptionFault.ofPassword($0) + OptionFault.ofTicket($0) })
}
