// SPDX-License-Identifier: MIT

/// All lock systems that the demo server can be. A new one is one line here, and one folder beside this file.
enum DialectRegistry {
    static let kinds: [DialectKind] = [
        .plone,
        .msgraph,
        .nick,
        .superoffice,
        .webdav,
        .gitlfs,
    ]
}
