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
    public static func clean(_ text: String) -> String { isPlain(text) ? text : signs(of: text).text }

    /// The text as signs, cleaned.
    static func signs(of text: String) -> [Sign] { signs(of: text.unicodeScalars[...], columns: .max) }

    /// The first signs of a text: as many as are wider than `columns` together, if it has so many. What comes after
    /// them is not looked at, since it may be long.
    static func firstSigns(of text: String, columns: Int) -> [Sign] {
        signs(of: text.unicodeScalars[...], columns: columns)
    }

    /// The last signs of a text: at least as many as are wider than `columns` together, if it has so many.
    static func lastSigns(of text: String, columns: Int) -> [Sign] {
        let scalars = text.unicodeScalars
        var count = max(0, columns).saturatingAdding(1)
        while true {
            var start =
                scalars.index(scalars.endIndex, offsetBy: -count, limitedBy: scalars.startIndex) ?? scalars.startIndex
            // So many marks one after another are replaced wherever one begins.
            var steps = 64
            while start > scalars.startIndex, start < scalars.endIndex, steps > 0, dependsOnBefore(scalars[start]) {
                start = scalars.index(before: start)
                steps -= 1
            }
            let signs = signs(of: scalars[start...], columns: .max)
            if start == scalars.startIndex || signs.width > columns { return signs }
            count = count.saturatingAdding(count)
        }
    }

    private static func signs(of text: Substring.UnicodeScalarView, columns: Int) -> [Sign] {
        var signs: [Sign] = []
        signs.reserveCapacity(min(columns, 128))
        var state = CleaningState()
        var scalars = text.makeIterator()
        var scalar = scalars.next()
        var (width, measured) = (0, 0)
        while let current = scalar, width <= columns {
            scalar = scalars.next()
            state.append(current, before: scalar, to: &signs)
            while measured < signs.count {
                width += signs[measured].width
                measured += 1
            }
        }
        return signs
    }

    /// Whether what a scalar becomes depends on those before it.
    private static func dependsOnBefore(_ scalar: Unicode.Scalar) -> Bool {
        if CleaningState.widthOfLetter(scalar.value) != nil { return false }
        switch scalar {
        case "\u{fe0e}", "\u{fe0f}", CleaningState.joiner: return true
        default: return scalar.properties.isEmojiModifier || !isInvisible(scalar) && width(of: scalar) == 0
        }
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
    static let joiner: Unicode.Scalar = "\u{200d}"

    private var marks: Int?
    private var afterEmoji = false
    private var afterKey = false

    mutating func append(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?, to signs: inout [Sign]) {
        if let width = Self.widthOfLetter(scalar.value) {
            marks = 0
            afterEmoji = false
            afterKey = scalar == "#" || scalar == "*" || ("0"..."9").contains(scalar)
            signs.append(Sign(scalar, width: width))
            return
        }
        if isDroppable(scalar, before: next) { return }
        let tints = afterEmoji && scalar.properties.isEmojiModifier
        if tints || Text.isInvisible(scalar) { return replace(scalar, in: &signs) }
        let width = Text.width(of: scalar)
        guard width == 0 else {
            marks = 0
            afterEmoji = Text.isEmoji(scalar)
            afterKey = false
            signs.append(Sign(scalar, width: width))
            return
        }
        guard let count = marks, count < Sign.mostMarks else { return replace(scalar, in: &signs) }
        marks = count + 1
        signs[signs.count - 1].append(scalar)
    }

    /// The width of letters and signs that need no look into the big tables: nearly all that names are made of.
    static func widthOfLetter(_ value: UInt32) -> Int? {
        switch value {
        case 0x20..<0x7f: 1
        case 0xaa..<0xad, 0xaf..<0x300, 0x391..<0x3a2, 0x3a3..<0x3ff, 0x400..<0x483: 1
        case 0x3041..<0x3097, 0x30a1..<0x30fb, 0x4e00..<0xa000, 0xac00..<0xd7a4: 2
        default: nil
        }
    }

    private func isDroppable(_ scalar: Unicode.Scalar, before next: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "\u{fe0e}", "\u{fe0f}": afterEmoji || afterKey && next == "\u{20e3}"
        case Self.joiner: afterEmoji && next.map(Text.isEmoji) == true
        default: false
        }
    }

    private mutating func replace(_ scalar: Unicode.Scalar, in signs: inout [Sign]) {
        marks = nil
        afterEmoji = false
        afterKey = false
        var text = ""
        switch scalar.value {
        case 0..<0x20: text.unicodeScalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{fffd}")
        case 0x7f: text = "\u{2421}"
        default: text = "\\u{\(String(scalar.value, radix: 16))}"
        }
        for scalar in text.unicodeScalars { signs.append(Sign(scalar, width: 1)) }
    }
}
