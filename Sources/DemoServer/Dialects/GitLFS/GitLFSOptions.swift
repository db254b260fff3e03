// SPDX-License-Identifier: MIT

/// What differs between hosts of Git LFS.
public struct GitLFSOptions: Sendable {
    /// How a host behaves.
    public enum Host: Sendable {
        /// As the specification has it: pages by cursor, a hundred locks each.
        case plain
        /// Everything on one page, holders by their full names.
        case gitlab
        /// Pages only for who asks for them, and the first one twice; 401 and 500 where others say 403 and 404; takes
        /// nothing but the media type to the letter.
        case gitea
    }

    /// Who may end another's lock.
    public enum Force: Sendable {
        /// Whoever may push.
        case writers
        /// Maintainers alone.
        case maintainers
    }

    /// How it behaves.
    public var host = Host.plain
    /// Who may end another's lock.
    public var force = Force.writers
    /// The status that every address of locks answers where there are none; `nil`: there are.
    public var noLocks: Int?

    /// A host that goes by the specification, where whoever may push may end another's lock.
    public init() {}
}
