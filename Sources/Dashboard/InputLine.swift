// SPDX-License-Identifier: MIT
import Canvas

/// A line that is being typed.
struct InputLine: Hashable, Sendable {
    var text: String
    /// What it was when typing began: what Esc goes back to.
    let before: String

    init(_ text: String = "") {
        self.text = text
        before = text
    }

    /// Applies a key that edits.
    /// - Returns: whether it was one.
    mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .character(let character): text.append(character)
        case .backspace:
            if !text.isEmpty { text.removeLast() }
        case .control("u"): text = ""
        case .control("w"):
            while text.last == " " { text.removeLast() }
            while let last = text.last, last != " " { text.removeLast() }
        case .paste(let pasted):
            text += pasted.filter { !$0.isNewline }.prefix(500)
        default: return false
        }
        if text.count > 500 { text = String(text.prefix(500)) }
        return true
    }
}
