// SPDX-License-Identifier: MIT
import LockSystems
import Settings

/// A server that is not configured, and what was found out about it.
struct Candidate: Sendable {
    var kind: SystemKind
    var profile: ServerProfile
    /// A password that was typed, and that stands nowhere.
    var typed: Secret?

    /// The profile with all that it takes to sign in.
    var whole: ServerProfile {
        var whole = profile
        if let typed { whole.auth.password = .literal(typed) }
        return whole
    }
}
