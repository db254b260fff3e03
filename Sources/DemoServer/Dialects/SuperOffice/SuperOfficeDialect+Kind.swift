// SPDX-License-Identifier: MIT

extension DialectKind {
    /// SuperOffice.
    public static let superoffice = DialectKind(
        rawValue: "superoffice", serverName: "crm", path: "/SuperOffice", locksExpire: false,
        entry: { _ in DemoEntry(auth: ["scheme": .one("basic")]) }, make: { SuperOfficeDialect(book: $0, options: $1) })
}

extension DemoOptions {
    /// What differs between one SuperOffice and another.
    public var superOffice: SuperOfficeOptions {
        get { quirks(SuperOfficeOptions()) }
        set { set(newValue) }
    }
}
