// SPDX-License-Identifier: MIT

/// A value of the configuration that only some kinds of server know, read and checked.
public enum OptionValue: Hashable, Sendable {
    /// One line of text.
    case text(String)
    /// Said to be so. What is not so has no value.
    case flag
    /// A whole number.
    case whole(Int)
    /// Several texts.
    case list([String])

    /// The value as words.
    public var texts: [String] {
        switch self {
        case .text(let text): [text]
        case .flag: ["true"]
        case .whole(let number): [String(number)]
        case .list(let texts): texts
        }
    }
}

/// What the configuration of a server says by the keys of its kind.
///
/// Each kind gives the keys that are its own a name and a type, in an extension in its folder.
public struct OptionValues: Sendable {
    /// The keys that have a value, in the order in which they were put.
    public private(set) var keys: [String] = []
    private var values: [String: OptionValue] = [:]

    /// Nothing is said.
    public init() {}

    /// The value of a key.
    public subscript(key: String) -> OptionValue? {
        get { values[key] }
        set {
            if newValue == nil { keys.removeAll { $0 == key } } else if values[key] == nil { keys.append(key) }
            values[key] = newValue
        }
    }

    /// The text of a key.
    public func text(_ key: String) -> String? {
        if case .text(let text)? = values[key] { text } else { nil }
    }

    /// Whether a key is said to be so.
    public func flag(_ key: String) -> Bool { values[key] == .flag }

    /// The number of a key.
    public func whole(_ key: String) -> Int? {
        if case .whole(let number)? = values[key] { number } else { nil }
    }

    /// The texts of a key; none where it has no value.
    public func list(_ key: String) -> [String] {
        if case .list(let texts)? = values[key] { texts } else { [] }
    }

    /// Puts a text, or takes it away.
    public mutating func put(_ key: String, _ text: String?) { self[key] = text.map { .text($0) } }

    /// Puts several texts, or takes them away.
    public mutating func put(_ key: String, _ texts: [String]) { self[key] = texts.isEmpty ? nil : .list(texts) }

    /// Says that it is so, or nothing.
    public mutating func put(_ key: String, _ isSo: Bool) { self[key] = isSo ? .flag : nil }

    /// Puts what others say besides; they win.
    public mutating func merge(_ others: OptionValues) {
        for key in others.keys { self[key] = others[key] }
    }
}

extension OptionValues: Hashable {
    /// Whether the same is said, in whatever order.
    public static func == (one: OptionValues, other: OptionValues) -> Bool { one.values == other.values }

    /// By what is said.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}
