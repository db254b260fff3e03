// SPDX-License-Identifier: MIT

/// The actions that `keys` may give other keys: what the screen knows of them.
public struct KeyVocabulary: Sendable {
    /// An action.
    public struct Action: Sendable {
        /// What it is called.
        public var name: String
        /// The keys that are free once it has another.
        public var going: [String]
        /// Those that stay.
        public var staying: [String]

        /// Makes one.
        public init(name: String, going: [String], staying: [String]) {
            self.name = name
            self.going = going
            self.staying = staying
        }
    }

    /// All actions.
    public var actions: [Action]
    /// How a key is written; `nil`: there is none of that name.
    public var spelling: @Sendable (String) -> String?

    /// Makes a vocabulary.
    public init(actions: [Action], spelling: @escaping @Sendable (String) -> String?) {
        self.actions = actions
        self.spelling = spelling
    }
}

/// Another key for an action.
public struct KeyChange: Sendable, Equatable {
    /// The action's name.
    public var action: String
    /// The key, as it is written.
    public var key: String

    /// Makes one.
    public init(action: String, key: String) {
        self.action = action
        self.key = key
    }
}
