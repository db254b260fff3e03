// SPDX-License-Identifier: MIT
import Canvas

/// What can lie over the table. The one on top gets the keys: first its own, then those of everywhere.
enum Layer: Hashable, Sendable {
    case details(Details)
    case events(Events)
    case servers(Servers)
    case server(ServerPage)
    case messages(Messages)
    case waits(Waits)
    case people(People)
    case person(PersonPage)
    case columns(Columns)
    case help(Help)

    /// What all of them can be asked.
    var page: any Page {
        switch self {
        case .details(let page): page
        case .events(let page): page
        case .servers(let page): page
        case .server(let page): page
        case .messages(let page): page
        case .waits(let page): page
        case .people(let page): page
        case .person(let page): page
        case .columns(let page): page
        case .help(let page): page
        }
    }

    /// Whether it is the same page, whatever its state.
    func isSamePage(as other: Layer) -> Bool { type(of: page) == type(of: other.page) }
}

/// What a key led to.
enum Reply {
    /// The key is not for this layer.
    case ignored
    /// It was for it; this is to be done outside.
    case done([Effect])
    /// The layer goes.
    case close
    /// Another one lies over it from now on.
    case open(Layer)
    /// Its filter is typed from now on, beginning with what it is.
    case type(String)
    /// All pages go: what was asked for is seen on the table.
    case home([Effect])
}

/// A layer that fills the screen below the header, with its own state and its own keys: a folder of its own beside
/// this one, a case of `Layer`, and the row of the key map that opens it.
protocol Page: Hashable, Sendable {
    /// What its own keys ask for.
    associatedtype Act: Hashable, Sendable

    /// What it is called.
    static var title: String { get }
    /// Its heading, with whom or what it is about.
    var heading: String { get }
    /// The keys that are there while it is on top. They go before those of everywhere.
    static var bindings: [Binding<Act>] { get }
    /// The pages that only open from it.
    static var leadsTo: [any Page.Type] { get }
    /// What has to be on top for keys of the key map that it takes as well.
    static var scope: Keymap.Scope { get }

    /// The layer that it is.
    var layer: Layer { get }
    /// Carries out one of its own keys.
    mutating func take(_ act: Act, _ model: inout Model) -> Reply
    /// Moves its cursor, or what is read.
    mutating func move(_ move: Move, _ model: Model)
    /// Puts its cursor on the line of the page's area that was clicked on.
    mutating func click(_ line: Int, isDouble: Bool, _ model: inout Model) -> Reply
    /// Takes note of what has changed, after every event.
    mutating func follow(_ model: Model)
    /// Takes what is typed into its own filter.
    /// - Returns: what can't be understood in it.
    mutating func take(typed text: String, _ model: Model) -> String?
    /// Takes back what Esc takes back before it closes the page.
    /// - Returns: whether there was something.
    mutating func clear() -> Bool
    /// Draws it.
    func draw(_ frame: inout Frame, in area: Rect, _ model: Model)
}

extension Page {
    static var bindings: [Binding<Act>] { [] }
    static var leadsTo: [any Page.Type] { [] }
    static var scope: Keymap.Scope { .page }
    var heading: String { Self.title }
    mutating func click(_ line: Int, isDouble: Bool, _ model: inout Model) -> Reply { .ignored }
    mutating func follow(_ model: Model) {}
    mutating func take(typed text: String, _ model: Model) -> String? { nil }
    mutating func clear() -> Bool { false }

    /// Its keys in words.
    static var lines: [KeyLine] { bindings.map(\.line) }

    static func has(_ key: Key) -> Bool { bindings.contains { $0.keys.contains(key) } }

    /// Carries out a key of its own.
    mutating func press(_ key: Key, _ model: inout Model) -> Reply {
        guard let binding = Self.bindings.first(where: { $0.keys.contains(key) }) else { return .ignored }
        return take(binding.action, &model)
    }
}

extension Page where Act == Never {
    mutating func take(_ act: Never, _ model: inout Model) -> Reply {}
}
