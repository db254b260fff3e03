// SPDX-License-Identifier: MIT

/// The lock systems that the demo server can be. A new one is a case here, and a folder beside this file.
public enum DialectKind: String, CaseIterable, Sendable {
    /// Plone with plone.restapi.
    case plone

    /// Where its site lies below the server's origin.
    var path: String {
        switch self {
        case .plone: "/Plone"
        }
    }

    /// Makes the dialect over a book.
    func make(_ book: LockBook, _ options: DemoOptions) -> any Dialect {
        switch self {
        case .plone: PloneDialect(book: book, options: options)
        }
    }
}
