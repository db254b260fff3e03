// SPDX-License-Identifier: MIT

extension Text {
    /// The text with everything that acts on a terminal, or that nobody can see, made visible.
    ///
    /// C0 controls and DEL become their pictures (`␛`); C1 controls, bidi controls, zero-width and other invisible
    /// characters, tags, private and unassigned characters, marks without a base and the fifth mark on one base become
    /// text like `\u{202e}`. So a foreign name can neither move the cursor nor pass for another name, unless it
    /// spells such a replacement out. Two invisible characters are dropped where they only join or colour an emoji,
    /// because terminals disagree about the width of what they make: the variation selectors and the joiner.
    /// Cleaning clean text changes nothing.
    public static func clean(_ text: String) -> String {
        if isPlain(text) { return text }
        let scalars = text.unicodeScalars
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        var state = CleaningState()
        var index = scalars.startIndex
        while index != scalars.endIndex {
            let scalar = scalars[index]
            index = scalars.index(after: index)
            let next = index == scalars.endIndex ? nil : scalars[index]
            state.append(scalar, before: next, to: &result)
        }
        return result
    }

    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 0xa0 { return value < 0x20 || value >= 0x7f }
        if value < 0x300 { return value == 0xad }
        // Line drawing, Han and Hangul have no gaps: no need to ask the big tables.
        if (0x2500...0x25ff).contains(value) || (0x4e00...0x9fff).contains(value) || (0xac00...0xd7a3).contains(value) {
            return false
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .unassigned, .privateUse, .surrogate, .lineSeparator, .paragraphSeparator: return true
        default: break
        }
        if properties.isDefaultIgnorableCodePoint && !(0x1160...0x11ff).contains(value) { return true }
        // A terminal whose tables are older than ours would not know these characters' width.
        guard let age = properties.age else { return true }
        return age.major > 14
    }

    fileprivate static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x7f && scalar.properties.isEmoji
    }
}

/// What came before, as far as it decides about the next scalar.
private struct CleaningState {
    private static let mostMarks = 4
    private static let joiner: Unicode.Scalar = "\u{200d}"

    private var marks: Int?
    private var afterEmoji = false
    private var afterKey = false

    mutating func append(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?, to result: inout String) {
        if isDroppable(scalar, before: next) { return }
        let tints = afterEmoji && scalar.properties.isEmojiModifier
        if tints || Text.isInvisible(scalar) { return replace(scalar, in: &result) }
        if Text.width(of: scalar) == 0 {
            guard let count = marks, count < Self.mostMarks else { return replace(scalar, in: &result) }
            marks = count + 1
        } else {
            marks = 0
            afterEmoji = Text.isEmoji(scalar)
            afterKey = scalar == "#" || scalar == "*" || ("0"..."9").contains(scalar)
        }
        result.unicodeScalars.append(scalar)
    }

    private func isDroppable(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "\u{fe0e}", "\u{fe0f}": afterEmoji || afterKey && next == "\u{20e3}"
        case Self.joiner: afterEmoji && next.map(Text.isEmoji) == true
        default: false
        }
    }

    private mutating func replace(_ scalar: Unicode.Scalar, in result: inout String) {
        marks = nil
        afterEmoji = false
        afterKey = false
        switch scalar.value {
        case 0..<0x20: result.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{fffd}")
        case 0x7f: result += "\u{2421}"
        default: result += "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
