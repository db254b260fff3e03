// SPDX-License-Identifier: MIT

/// The lock systems that the demo server can be. A new one is a case here, and a folder beside this file.
public enum DialectKind: String, CaseIterable, Sendable {
    /// Plone with plone.restapi.
    case plone
    /// Microsoft Graph: drives with files that are checked out.
    case msgraph
    /// Nick.
    case nick
    /// SuperOffice.
    case superoffice

    /// Where its site lies below the server's origin.
    var path: String {
        switch self {
        case .plone: "/Plone"
        case .msgraph: ""
        case .nick: ""
        case .superoffice: "/SuperOffice"
        }
    }

    /// Whether its items can be checked out.
    var hasCheckOut: Bool {
        switch self {
        case .nick: false
        default: true
        }
    }

    /// Whether its locks run out by themselves.
    var locksExpire: Bool {
        switch self {
        case .superoffice, .msgraph: false
        default: true
        }
    }

    /// Makes the dialect over a book.
    func make(_ book: LockBook, _ options: DemoOptions) -> any Dialect {
        switch self {
        case .plone: PloneDialect(book: book, options: options)
        case .msgraph: GraphDialect(book: book, options: options)
        case .nick: NickDialect(book: book, options: options)
        case .superoffice: SuperOfficeDialect(book: book, options: options)
        }
    }
}
