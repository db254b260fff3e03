// SPDX-License-Identifier: MIT
public import Locks

extension WebDAVSystem {
    /// What the configuration of a WebDAV server knows.
    public static let options = OptionList(
        "webdav",
        server: [
            OptionKey(
                "dialect", .choice(["auto"] + WebDAVDialectWord.allCases.map(\.rawValue)),
                "what the server speaks besides: `auto` (the default) finds out, `plain`, `svn` or `nextcloud`")
        ],
        auth: [
            .user,
            OptionKey("scheme", .choice(["negotiate"]), "`negotiate`: sign in by the Kerberos ticket that kinit got"),
            .netrc, .password, .token,
        ],
        items: [.path, .depth, OptionKey("all", .flag, "svn: the free files too, at a request a folder")],
        examples: [
            """
              - name: share
                kind: webdav
                url: https://files.example.org/dav/contracts
                auth: {user: ann, password_command: "pass show files"}
                items: {path: /2026, depth: 3}   # left out: everything below url

            """,
            """
              - name: art
                kind: webdav
                url: https://svn.example.org/svn/game/trunk
                dialect: svn         # left out: found out
                auth: {user: ann, password_command: "pass show svn"}

            """,
        ],
        check: { OptionFault.ofPassword($0) + OptionFault.ofTicket($0) })
}

/// What a server speaks besides the standard.
enum WebDAVDialectWord: String, Hashable, Sendable, CaseIterable {
    /// Nothing.
    case plain
    /// Subversion's own.
    case svn
    /// Nextcloud's, with its app for locking files.
    case nextcloud
}

extension OptionValues {
    /// What is said of the dialect; `nil`: it is to be found out.
    var dialect: WebDAVDialectWord? { text("dialect").flatMap(WebDAVDialectWord.init) }

    /// Whether a repository's free files are listed, too.
    var listsAll: Bool { flag("all") }
}

extension DAVSite.Facts {
    /// What its header says that it speaks.
    var spoken: WebDAVDialectWord {
        classes.contains { $0.hasPrefix("http://subversion.tigris.org/xmlns/dav/svn/") } ? .svn : .plain
    }
}
