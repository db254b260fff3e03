// SPDX-License-Identifier: MIT

/// A password or token that no print, dump, debugger or mirror shows.
///
/// Trap: `reveal()` gives the bare text; use it only where it goes on the wire.
public struct Secret: Sendable, Hashable {
    private let text: String

    /// Wraps a secret.
    public init(_ text: String) {
        self.text = text
    }

    /// The secret itself, for the wire only.
    public func reveal() -> String {
        text
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `•••`, whatever the secret and its length.
    public var description: String { "•••" }
    /// Always `•••`, whatever the secret and its length.
    public var debugDescription: String { "•••" }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where a secret comes from; read only when it is needed.
public enum SecretSource: Sendable, Hashable {
    /// It stands in the configuration, which is a private file.
    case literal(Secret)
    /// It is the value of this environment variable.
    case environment(String)
    /// It is the first line of this file, which has to be private.
    case file(String)
    /// It is the first line that this command of the shell prints.
    case command(String)
}

extension SecretSource: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The source in words. A command is not shown, because commands sometimes hold secrets.
    public var description: String {
        switch self {
        case .literal: "•••"
        case .environment(let name): "environment variable \(name)"
        case .file(let path): "file \(path)"
        case .command: "command •••"
        }
    }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// A mirror without children, so that `dump` shows nothing either.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
