// SPDX-License-Identifier: MIT
public import Locks

extension WebDAVSystem {
    /// What the configuration of a WebDAV server knows.
    public static let options = OptionList(
        "webdav",
        auth: [
            .user,
            OptionKey("scheme", .choice(["negotiate"]), "`negotiate`: sign in by the Kerberos ticket that kinit got"),
            .netrc, .password, .token,
        ],
        items: [.path, .depth],
        examples: [
            """
              - name: share
                kind: webdav
                url: https://files.example.org/dav/contracts
                auth: {user: ann, password_command: "pass show files"}
                items: {path: /2026, depth: 3}   # left out: everything below url

            """
        ],
        check: { OptionFault.ofPassword($0) + OptionFault.ofTicket($0) })
}
