// SPDX-License-Identifier: MIT

/// Who may read and change a file, as far as secrets are concerned.
struct FileAccess {
    /// Why a file is not trusted with a secret.
    enum Fault {
        /// Others than its owner may read or change it.
        case notPrivate
        /// It belongs to another user, who could change it.
        case notOurs
    }

    let isOurs: Bool
    /// The permissions, and whatever else stands with them.
    let mode: UInt32
    let isMountedReadOnly: Bool

    /// What is wrong; `nil` for a file of ours that is nobody else's business, and for a secret that a container's
    /// platform mounted: there the modes are the platform's, and nobody can change either file or modes.
    var fault: Fault? {
        if isMountedReadOnly { return nil }
        if isOurs { return mode & 0o077 == 0 ? nil : .notPrivate }
        return mode & 0o222 == 0 && mode & 0o444 != 0 ? nil : .notOurs
    }
}
