// SPDX-License-Identifier: MIT

extension Text {
    /// The text cleaned and broken into lines of at most `columns`: between words, and inside a word that is too long
    /// for a line of its own. Later lines begin where the first one does, after its leading blanks.
    public static func fold(_ text: String, columns: Int) -> [String] {
        let text = clean(text)
        guard columns > 0, width(text) > columns else { return [text] }
        // An indent that leaves little room is worse than none.
        let indent = String(repeating: " ", count: columns < 4 ? 0 : min(text.prefix { $0 == " " }.count, columns / 2))
        let room = columns - indent.utf8.count
        var lines: [String] = []
        var current = ""
        var used = 0
        for word in text.drop(while: { $0 == " " }).split(separator: " ", omittingEmptySubsequences: false) {
            var rest = signs(of: String(word))
            let needed = rest.width
            if used > 0, used + 1 + needed <= room {
                current += " " + word
                used += 1 + needed
                continue
            }
            if used > 0 {
                lines.append(indent + current)
                (current, used) = ("", 0)
            }
            while rest.width > room, !rest.isEmpty {
                // Not even one sign fits: it is left whole rather than lost.
                let count = max(1, prefix(rest, room).count)
                lines.append(indent + rest.prefix(count).text)
                rest.removeFirst(count)
            }
            current = rest.text
            used = rest.width
        }
        return used > 0 || lines.isEmpty ? lines + [indent + current] : lines
    }
}
