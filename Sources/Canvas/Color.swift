// SPDX-License-Identifier: MIT

/// A colour of the terminal's palette, or what it uses without being told.
public struct Color: Hashable, Sendable {
    /// Its number in the palette of 256; `nil`: whatever the terminal uses without being told.
    public var index: Int? { code == 0 ? nil : Int(code) - 1 }

    private let code: UInt16

    private init(code: UInt16) { self.code = code }

    /// A colour by its number: 0 to 7 every colour terminal has, those to 15 are bright ones, the others are for
    /// terminals of 256 colours.
    public init(_ index: UInt8) { code = UInt16(index) + 1 }

    /// Whatever the terminal uses without being told.
    public static let standard = Color(code: 0)
    /// The terminal's black.
    public static let black = Color(0)
    /// The terminal's red.
    public static let red = Color(1)
    /// The terminal's green.
    public static let green = Color(2)
    /// The terminal's yellow, brown on some.
    public static let yellow = Color(3)
    /// The terminal's blue.
    public static let blue = Color(4)
    /// The terminal's magenta.
    public static let magenta = Color(5)
    /// The terminal's cyan.
    public static let cyan = Color(6)
    /// The terminal's white, light grey on most.
    public static let white = Color(7)

    /// What the first eight are called, in their order.
    public static let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]
}

extension Color: CustomStringConvertible {
    /// `red`, `bright red`, `color 130`, or `standard`.
    public var description: String {
        guard let index else { return "standard" }
        if index < 16 { return (index < 8 ? "" : "bright ") + Self.names[index % 8] }
        return "color \(index)"
    }
}

/// How many colours a terminal has.
public enum ColorDepth: Int, Hashable, Sendable, CaseIterable {
    /// None, or none that may be used.
    case none = 0
    /// The eight.
    case eight = 8
    /// The eight and their bright ones.
    case sixteen = 16
    /// The whole palette.
    case full = 256

    /// The depth of a terminal that says so.
    public init(colors: Int) {
        self = Self.allCases.last { $0.rawValue <= colors } ?? .none
    }
}
