// SPDX-License-Identifier: MIT

extension Key {
    private static let caps: [Key] = [
        .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .insert, .delete, .backspace, .tab, .backTab,
        .enter, .escape, .character(" "), .control(" "),
    ]

    /// The key that a word names as its description does: `X`, `^t`, `F5`, `PgUp`, `Space`; names of more than one letter
    /// in any case. `nil`: there is no such key.
    public init?(named word: String) {
        let lowered = word.lowercased()
        if let key = Self.caps.first(where: { $0.description.lowercased() == lowered }) {
            self = key
        } else if word.count == 1, let character = word.first, Text.clean(word) == word, Text.width(word) > 0 {
            self = .character(character)
        } else if word.count == 2, lowered.hasPrefix("^"), let letter = lowered.last,
            letter.isASCII && letter.isLetter || "[\\]^_".contains(letter)
        {
            self = .control(letter)
        } else if lowered.hasPrefix("f"), let number = Int(lowered.dropFirst()), (1...12).contains(number) {
            self = .function(number)
        } else {
            return nil
        }
    }
}
