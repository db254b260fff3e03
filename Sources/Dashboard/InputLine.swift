// SPDX-License-Identifier: MIT
import Canvas

/// A line that is being typed, with a cursor in it.
struct InputLine: Hashable, Sendable {
    /// The most characters that it takes.
    static let most = 500

    private(set) var text: String
    /// How many characters are before the cursor.
    private(set) var place: Int
    /// What it was when typing began: what Esc goes back to.
    let before: String

    init(_ text: String = "") {
        self.text = text
        place = text.count
        before = text
    }

    private var head: Substring { text.prefix(place) }
    private var tail: Substring { text.dropFirst(place) }

    /// Puts another text in its place, with the cursor behind it.
    mutating func replace(with text: String) {
        self.text = text
        place = text.count
    }

    /// Applies a key that edits or moves the cursor.
    /// - Returns: whether it was one.
    mutating func edit(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(String(character))
        case .paste(let pasted):
            insert(String(pasted.filter { !$0.isNewline }.map { $0 == "\t" ? " " : $0 }.prefix(Self.most)))
        case .backspace: put(head.dropLast(), tail)
        case .delete, .control("d"): put(head, tail.dropFirst())
        case .control("u"): put("", "")
        case .control("k"): put(head, "")
        case .control("w"):
            let word = head.reversed().drop { $0 == " " }.drop { $0 != " " }
            put(Substring(String(word.reversed())), tail)
        case .left, .control("b"): place = max(0, place - 1)
        case .right, .control("f"): place = min(text.count, place + 1)
        case .home, .control("a"): place = 0
        case .end, .control("e"): place = text.count
        default: return false
        }
        return true
    }

    private mutating func insert(_ new: String) {
        guard text.count + new.count <= Self.most else {
            put(head + new.prefix(max(0, Self.most - text.count)), tail)
            return
        }
        put(head + new, tail)
    }

    // A letter that is put beside a mark may become one character with it.
    private mutating func put(_ head: Substring, _ tail: Substring) {
        text = String(head + tail)
        place = min(text.count, head.count)
    }

    /// What of it is seen in so many columns, and how far from their start the cursor stands.
    func shown(columns: Int, ellipsis: String) -> (text: String, cursor: Int) {
        let (head, tail) = (Text.clean(String(head)), Text.clean(String(tail)))
        guard Text.width(head) + Text.width(tail) > columns else { return (head + tail, Text.width(head)) }
        let room = min(Text.width(tail), columns / 3)
        let start = Text.fit(head, columns: columns - room, ellipsis: ellipsis, cut: .start)
        let end = Text.fit(tail, columns: columns - Text.width(start), ellipsis: ellipsis)
        return (start + end, Text.width(start))
    }
}
