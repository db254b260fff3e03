// SPDX-License-Identifier: MIT

extension DialectKind {
    /// WebDAV.
    public static let webdav = DialectKind(
        rawValue: "webdav", serverName: "share", path: "/dav", rootName: "dav", hasCheckOut: false,
        entry: { _ in DemoEntry() },
        make: { book, options in
            let dialect = WebDAVDialect(book: book, switches: options.webDAV)
            if options.people { dialect.begin() }
            return dialect
        })
}

extension DemoOptions {
    /// What differs between one WebDAV server and another.
    public var webDAV: WebDAVSwitches {
        get { quirks(WebDAVSwitches()) }
        set { set(newValue) }
    }
}
