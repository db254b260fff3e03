// SPDX-License-Identifier: MIT

extension DialectKind {
    /// Nick.
    public static let nick = DialectKind(
        rawValue: "nick", serverName: "website", path: "", hasCheckOut: false, entry: { _ in DemoEntry() },
        make: { NickDialect(book: $0, options: $1) })
}

extension DemoOptions {
    /// What differs between one Nick and another.
    public var nick: NickOptions {
        get { quirks(NickOptions()) }
        set { set(newValue) }
    }
}
