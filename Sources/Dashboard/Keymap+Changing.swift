// SPDX-License-Identifier: MIT
import Canvas

/// What the configuration may change.
extension Keymap {
    /// What a key stands for, as the configuration knows it.
    public struct NamedAction: Sendable {
        /// Its name: the word of the command that does the same, else its words with dashes.
        public let name: String
        /// The keys that are free once it has another.
        public let going: [String]
        /// Those that stay.
        public let staying: [String]
    }

    /// All of them.
    public static var actions: [NamedAction] {
        bindings.map { binding in
            let going = binding.goingKeys
            return NamedAction(
                name: binding.name, going: going.map(\.description),
                staying: binding.keys.filter { !going.contains($0) }.map(\.description))
        }
    }

    /// How a key is written; `nil`: there is none of that name, or no terminal can tell it from another.
    public static func name(ofKey word: String) -> String? { key(named: word)?.description }

    private static func key(named word: String) -> Key? {
        guard let key = Key(named: word), key != .escape else { return nil }
        // Esc, Enter, Enter, Tab and Backspace come as the same bytes.
        if case .control(let letter) = key, "[jmih".contains(letter) { return nil }
        return key
    }

    fileprivate init(_ changes: [(action: String, key: String)]) {
        self.init(
            changes.reduce(into: [:]) { keys, change in
                if let key = Self.key(named: change.key) { keys[change.action] = key }
            })
    }
}

extension Model {
    /// Gives actions other keys.
    public mutating func setKeys(_ changes: [(action: String, key: String)]) { keymap = Keymap(changes) }
}
