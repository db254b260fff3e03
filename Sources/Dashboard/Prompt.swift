// SPDX-License-Identifier: MIT

/// A line that is being typed, and what it is for. It lies over the table or a page, under every box.
struct Prompt: Hashable, Sendable {
    /// What the line is for.
    enum Use: Hashable, Sendable {
        /// The table's filter.
        case filter
        /// The filter of the page on top.
        case page
    }

    var line: InputLine
    let use: Use
}

extension Model {
    /// The line that is being typed, if any.
    var line: InputLine? { prompt?.line }

    /// Takes what is typed where it belongs.
    mutating func take(typed text: String) {
        switch prompt?.use {
        case .filter: setQuery(text)
        case .page:
            message = nil
            typingError = nil
            _ = onTop { page, model in
                model.typingError = page.take(typed: text, model)
                return .done([])
            }
            if let typingError { message = Message(text: typingError, isError: true, isPassing: true) }
        case nil: break
        }
    }
}
