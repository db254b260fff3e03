// SPDX-License-Identifier: MIT
import ArgumentParser
import LockSystems
import Locks
import Settings

/// `locktop URL`: a look at one server that no configuration names.
enum Direct {
    /// Finds out what it is, signs in, and connects it. Nothing is written.
    /// - Throws: `Problem`
    static func connect(
        _ word: String, _ common: CommonOptions, pace: Wiring.Pace, readOnly: Bool
    ) async throws -> Wiring {
        let interview = Interview(common, try Said.parse([]), isAdding: false)
        var candidate = try await interview.candidate(try ServerWord(word), named: nil)
        try interview.complete(&candidate, keepsPassword: false)
        candidate.profile = try Add.checked(candidate.profile)
        let trial = Trial(interview: interview)
        _ = try await trial.run(&candidate)
        return try Wiring(
            Configuration(servers: [candidate.whole]), common, pace: pace, readOnly: readOnly,
            memory: .late(trial.tokens))
    }
}
