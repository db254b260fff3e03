// SPDX-License-Identifier: MIT
import HTTP

/// A page for people, as far as it says what made it.
struct WebPage {
    /// The page in small letters, its beginning.
    let text: String
    private let whole: String

    /// `nil` where an answer is no such page.
    init?(_ response: Response) {
        guard response.isWebPage else { return nil }
        whole = String(decoding: response.body.prefix(65_536), as: UTF8.self)
        text = whole.lowercased()
    }

    /// Its title, in one line; empty where it has none.
    var title: String {
        guard let open = text.firstRange(of: "<title"),
            let start = text[open.upperBound...].firstIndex(of: ">"),
            let end = text[start...].firstRange(of: "</title")
        else { return "" }
        // Small letters may take another number of bytes.
        let inner =
            text.utf8.count == whole.utf8.count
            ? whole.utf8[text.index(after: start)..<end.lowerBound]
            : text.utf8[text.index(after: start)..<end.lowerBound]
        return String(decoding: inner, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// What it says that it was made by.
    var generator: String {
        guard let name = text.firstRange(of: "name=\"generator\"") else { return "" }
        let tagStart = text[..<name.lowerBound].lastIndex(of: "<") ?? text.startIndex
        let tag = text[tagStart...].prefix { $0 != ">" }
        guard let content = tag.firstRange(of: "content=\"") else { return "" }
        return String(tag[content.upperBound...].prefix { $0 != "\"" })
    }

    /// Whether it asks for a password.
    var asksForPassword: Bool {
        ["type=\"password\"", "type='password'", "type=password"].contains { text.contains($0) }
    }
}
