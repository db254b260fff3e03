// SPDX-License-Identifier: MIT

/// The signs the program draws with; each takes one column.
public struct Glyphs: Hashable, Sendable {
    /// Straight line across.
    public var horizontal: String
    /// Straight line down.
    public var vertical: String
    /// Corner at the top left.
    public var topLeft: String
    /// Corner at the top right.
    public var topRight: String
    /// Corner at the bottom left.
    public var bottomLeft: String
    /// Corner at the bottom right.
    public var bottomRight: String
    /// Stands for text that was cut off.
    public var ellipsis: String
    /// Filled round sign, `●`.
    public var disc: String
    /// Filled diamond, `◆`.
    public var diamond: String
    /// Filled square, `■`.
    public var square: String
    /// Empty round sign, `○`.
    public var circle: String
    /// Something is not known.
    public var unknown: String
    /// Points at what is selected, `▸`.
    public var pointer: String
    /// Ascending order, or more above.
    public var up: String
    /// Descending order, or more below.
    public var down: String
    /// A heading whose rows are folded away, `►`; `down` where they are seen.
    public var folded: String
    /// The part of a gauge that is reached.
    public var full: String
    /// The part of a gauge that is not reached.
    public var empty: String

    /// For UTF-8 terminals.
    public static let unicode = Glyphs(
        horizontal: "─", vertical: "│", topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘",
        ellipsis: "…", disc: "●", diamond: "◆", square: "■", circle: "○", unknown: "?", pointer: "▸",
        up: "▲", down: "▼", folded: "►", full: "█", empty: "░")

    /// For terminals that know only ASCII.
    public static let ascii = Glyphs(
        horizontal: "-", vertical: "|", topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+",
        ellipsis: "~", disc: "*", diamond: "#", square: "%", circle: "o", unknown: "?", pointer: ">",
        up: "^", down: "v", folded: ">", full: "#", empty: ".")
}
