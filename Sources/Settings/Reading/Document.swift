// SPDX-License-Identifier: MIT

/// A place in the text: line and column from 1.
struct Place: Equatable {
    var line: Int
    var column: Int
}

/// A value of the configuration's text with its place: what is left of YAML after aliases, tags and the like were
/// refused.
struct DocumentNode {
    /// What the value is.
    enum Content {
        /// Text; `plain` if it stood without quotes.
        case text(String, plain: Bool)
        /// A list.
        case list([DocumentNode])
        /// Keys and values in the order of the text.
        case section([Entry])
    }

    /// A key with its value.
    struct Entry {
        var key: String
        var place: Place
        var value: DocumentNode
    }

    var content: Content
    var place: Place

    /// Whether nothing was written, or YAML's words for nothing.
    var isNothing: Bool {
        if case .text(let text, plain: true) = content { return ["", "~", "null", "Null", "NULL"].contains(text) }
        return false
    }

    var isList: Bool { if case .list = content { true } else { false } }

    /// What kind of value it is, in words for a sentence. Never the value itself: it could be a secret.
    var noun: String {
        if isNothing { return "nothing" }
        switch content {
        case .text: return "text"
        case .list: return "a list"
        case .section: return "keys and values"
        }
    }
}
