// SPDX-License-Identifier: MIT

/// One key that the configuration of some kinds of server knows.
public struct OptionKey: Sendable {
    /// What the value has to be.
    public enum Rule: Sendable {
        /// One line of text.
        case text
        /// One line of text of some form; what is given back counts.
        case form(@Sendable (String) throws(Complaint) -> String)
        /// `true` or `false`.
        case flag
        /// A whole number.
        case whole(ClosedRange<Int>)
        /// One of these words.
        case choice([String])
        /// An address (URL), by the rules for every address.
        case address
        /// Several texts.
        case list
        /// Several texts of some form.
        case listOf(@Sendable (String) throws(Complaint) -> String)
        /// A secret, in one of its four forms: itself, `_env`, `_file` or `_command`.
        case secret
    }

    /// The key: `drives`.
    public let name: String
    /// What its value has to be.
    public let rule: Rule
    /// What it is for, in a few words without a full stop.
    public let meaning: String

    /// A key.
    public init(_ name: String, _ rule: Rule, _ meaning: String) {
        self.name = name
        self.rule = rule
        self.meaning = meaning
    }

    /// Whether its value is a secret.
    public var isSecret: Bool { if case .secret = rule { true } else { false } }

    /// The keys under which it may stand: a secret has four.
    public var forms: [String] { isSecret ? [name, name + "_env", name + "_file", name + "_command"] : [name] }
}

/// Keys that mean the same on every server that knows them.
extension OptionKey {
    /// The account.
    public static let user = OptionKey("user", .text, "the account")
    /// Whether the user's netrc file is asked.
    public static let netrc = OptionKey("netrc", .flag, "take user and password from ~/.netrc")
    /// The password of `user`.
    public static let password = OptionKey("password", .secret, "its password")
    /// A ready token.
    public static let token = OptionKey("token", .secret, "a token from elsewhere, in place of a password")

    /// The folder to list, from the root.
    public static let path = OptionKey("path", .form(fromRoot), "the folder to list")
    /// The types to list.
    public static let types = OptionKey("types", .list, "only these types, in the server's words")
    /// How deep to list.
    public static let depth = OptionKey("depth", .whole(1...1_000), "how many levels below `path`")
    /// Words to look for.
    public static let words = OptionKey("text", .text, "words that an item must contain")

    private static let fromRoot: @Sendable (String) throws(Complaint) -> String = { text throws(Complaint) in
        guard text.hasPrefix("/") else {
            throw Complaint("\(Quote.value(text)) is no path from the root; write \(Quote.value("/" + text))")
        }
        return text
    }
}
