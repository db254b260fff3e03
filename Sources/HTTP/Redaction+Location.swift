// SPDX-License-Identifier: MIT

extension Redaction {
    /// Where a redirect points, fit for a message. Sign-in pages put tickets and codes into paths and queries: of another
    /// server only its origin is told, of the asked one the path as well.
    public static func location(_ target: String?, from address: String) -> String {
        guard let target, !target.isEmpty else { return "elsewhere" }
        if target.hasPrefix("/"), !target.hasPrefix("//") { return path(target) }
        guard let url = Redirect.resolve(target, against: address), let place = try? WebAddress(originOf: url)
        else { return "elsewhere" }
        guard place.origin == (try? WebAddress(originOf: address))?.origin else { return place.origin }
        return path(url)
    }

    private static func path(_ url: String) -> String { String(url.prefix { $0 != "?" && $0 != "#" && $0 != ";" }) }
}
