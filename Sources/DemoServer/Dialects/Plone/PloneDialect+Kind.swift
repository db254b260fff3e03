// SPDX-License-Identifier: MIT

extension DialectKind {
    /// Plone with plone.restapi.
    public static let plone = DialectKind(
        rawValue: "plone", serverName: "intranet", path: "/Plone", entry: { _ in DemoEntry() },
        make: { PloneDialect(book: $0, options: $1) })
}
