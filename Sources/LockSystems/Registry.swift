// SPDX-License-Identifier: MIT

/// All kinds of lock system that this program speaks. A new one is one line here, and one folder beside this file.
public enum Registry {
    /// The kinds, in the order in which they are shown.
    public static let kinds = [
        PloneSystem.kind,
        NickSystem.kind,
        SuperOfficeSystem.kind,
        GraphSystem.kind,
        WebDAVSystem.kind,
        GitLFSSystem.kind,
    ]

    /// The kind of that word.
    public static func kind(_ word: String) -> SystemKind? { kinds.first { $0.word == word } }
}
