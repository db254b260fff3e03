// SPDX-License-Identifier: MIT

extension DialectKind {
    /// Plone with plone.restapi.
    public static let plone = DialectKind(
        rawValue: "plone", serverName: "intranet", path: "/Plone", rootName: "Plone", entry: { _ in DemoEntry() },
        make: { PloneDialect(book: $0, options: $1) })
}

extension ItemType {
    /// What Plone calls it.
    var portalType: String { self == .site ? "Plone Site" : rawValue }

    /// What Plone's people call it.
    var portalTitle: String { self == .document ? "Page" : portalType }
}
