// SPDX-License-Identifier: MIT

/// How a cell looks. On a terminal without colours only the four attributes remain.
public struct Style: Hashable, Sendable {
    /// Colour of the characters.
    public var foreground: Color
    /// Colour behind the characters.
    public var background: Color
    /// Heavier or brighter.
    public var isBold: Bool
    /// Fainter; some terminals ignore it.
    public var isDim: Bool
    /// Foreground and background exchanged.
    public var isReversed: Bool
    /// A line under the characters.
    public var isUnderlined: Bool

    /// Makes a style on the standard background.
    public init(
        _ foreground: Color = .standard, bold: Bool = false, dim: Bool = false, reversed: Bool = false,
        underlined: Bool = false
    ) {
        self.foreground = foreground
        self.background = .standard
        self.isBold = bold
        self.isDim = dim
        self.isReversed = reversed
        self.isUnderlined = underlined
    }

    /// Standard colours, no attribute.
    public static let plain = Style()

    /// The same style, bold.
    public var bold: Style { changed { $0.isBold = true } }
    /// The same style, dim.
    public var dim: Style { changed { $0.isDim = true } }
    /// The same style, reversed.
    public var reversed: Style { changed { $0.isReversed = true } }
    /// The same style, underlined.
    public var underlined: Style { changed { $0.isUnderlined = true } }
    /// The same style on another background.
    public func on(_ background: Color) -> Style { changed { $0.background = background } }

    private func changed(_ change: (inout Style) -> Void) -> Style {
        var style = self
        change(&style)
        return style
    }
}

extension Style: CustomStringConvertible {
    /// The style in words, as golden files print it: `red on blue bold`, or `plain`.
    public var description: String {
        var words: [String] = []
        if foreground != .standard { words.append("\(foreground)") }
        if background != .standard { words.append("on \(background)") }
        if isBold { words.append("bold") }
        if isDim { words.append("dim") }
        if isReversed { words.append("reversed") }
        if isUnderlined { words.append("underlined") }
        return words.isEmpty ? "plain" : words.joined(separator: " ")
    }
}
