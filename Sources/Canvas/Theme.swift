// SPDX-License-Identifier: MIT

/// How roles look: on a dark ground, on a light one, without colours, or as strong as can be.
public enum Theme: String, Hashable, Sendable, CaseIterable {
    /// For light letters on a dark ground.
    case dark
    /// For dark letters on a light ground: neither yellow nor white on the terminal's own background.
    case light
    /// Without colours.
    case mono
    /// For eyes that want more: strong colours that bring their own ground, nothing faint.
    case highContrast = "high-contrast"

    /// The words for them.
    public static let names = allCases.map(\.rawValue)

    /// How a role looks on a terminal of so many colours. Without colours every theme is `mono`.
    public func style(_ role: Role, _ depth: ColorDepth) -> Style {
        if depth == .none { return Self.mono(role) }
        return switch self {
        case .dark: Self.dark(role)
        case .light: Self.light(role, depth)
        case .mono: Self.mono(role)
        case .highContrast: Self.highContrast(role)
        }
    }

    // What all themes agree on: it needs no colour.
    private static func mono(_ role: Role) -> Style {
        switch role {
        case .text, .mine, .others, .stale, .free, .unknown, .good, .ours, .warning, .error, .danger, .server: .plain
        case .title, .message, .banner, .alarm: .plain.bold
        case .faint, .old: .plain.dim
        case .input: .plain.underlined
        case .chosen: .plain.bold.reversed
        }
    }

    private static func dark(_ role: Role) -> Style {
        switch role {
        case .mine, .good: Style(.green)
        case .others, .unknown, .warning: Style(.yellow)
        case .stale: Style(.magenta)
        case .ours: Style(.cyan)
        case .banner: Style(.yellow, bold: true)
        case .error, .danger: Style(.red)
        case .alarm: Style(.red, bold: true)
        case .server(let name): Style(named(name) ?? .standard)
        default: mono(role)
        }
    }

    private static func light(_ role: Role, _ depth: ColorDepth) -> Style {
        // Of the eight these four are dark enough for a light ground; where there are more, darker ones are taken.
        func color(_ one: Color, _ darker: UInt8) -> Color { depth == .full ? Color(darker) : one }
        return switch role {
        case .mine, .good: Style(color(.green, 22))
        case .others: Style(color(.blue, 25))
        case .stale: Style(color(.magenta, 90))
        case .unknown, .warning: Style(color(.red, 130))
        case .ours: Style(color(.blue, 23))
        case .banner: Style(color(.red, 130), bold: true)
        case .error, .danger: Style(color(.red, 124))
        case .alarm: Style(color(.red, 124), bold: true)
        case .server(let name):
            switch named(name) {
            case .yellow?: Style(color(.red, 130))
            case .white?: .plain
            case .cyan?: Style(color(.blue, 23))
            case let other: Style(other ?? .standard)
            }
        default: mono(role)
        }
    }

    private static func highContrast(_ role: Role) -> Style {
        switch role {
        case .mine, .good: Style(.black).on(.green)
        case .others, .warning: Style(.black).on(.yellow)
        case .stale: Style(.white, bold: true).on(.magenta)
        case .unknown: Style(.black).on(.cyan)
        case .ours: .plain.bold
        case .banner: Style(.black, bold: true).on(.yellow)
        case .error, .danger, .alarm: Style(.white, bold: true).on(.red)
        case .faint: .plain
        case .old: .plain.underlined
        default: mono(role)
        }
    }

    private static func named(_ name: String) -> Color? {
        Color.names.firstIndex(of: name).map { Color(UInt8($0)) }
    }
}

/// A theme on a terminal.
public struct Palette: Hashable, Sendable {
    /// The theme.
    public var theme: Theme
    /// The terminal's colours.
    public var depth: ColorDepth

    /// A palette.
    public init(_ theme: Theme = .dark, _ depth: ColorDepth = .eight) {
        self.theme = theme
        self.depth = depth
    }

    /// How a role looks.
    public subscript(role: Role) -> Style { theme.style(role, depth) }
}
