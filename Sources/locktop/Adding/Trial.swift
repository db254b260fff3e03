// SPDX-License-Identifier: MIT
import LockSystems
import Locks
import Settings
import Watching

/// Signs in on a server that is not configured, and reads one page of it.
struct Trial {
    let interview: Interview
    let tokens = TrialTokens()

    /// What came of it.
    struct Success: Sendable {
        let account: Account
        let rows: Int
        let hasMore: Bool
        /// The name of the sign-in, and what of it can be kept.
        let user: String
        let token: String?
    }

    /// Tries; a password that is wrong is asked for again.
    /// - Throws: `Problem`
    func run(_ candidate: inout Candidate) async throws -> Success {
        while true {
            do {
                return try await attempt(candidate)
            } catch let error as LockError {
                let name = candidate.profile.name
                guard error.code == .notSignedIn, interview.isInteractive, candidate.typed != nil,
                    let user = candidate.profile.auth.user
                else {
                    throw Problem("\(Self.sentence(error, candidate.profile)) Nothing was written.", Exits.code(error))
                }
                Out.say(error.message)
                candidate.typed = Secret(try Prompt.secret("Password of \(user) on \(name), again (^C: leave): "))
            }
        }
    }

    // What an error advises is for servers that are configured.
    private static func sentence(_ error: LockError, _ profile: ServerProfile) -> String {
        switch error.code {
        case .notSignedIn where profile.auth.user == nil && profile.auth.secrets.isEmpty:
            "\(error.message) Say who signs in: write NAME@ before the host."
        case .notSignedIn: error.message
        case .gone: "\(error.message) Name a folder that is there, or the site alone."
        default: error.description
        }
    }

    private func attempt(_ candidate: Candidate) async throws -> Success {
        let wiring = try Wiring(
            Configuration(servers: [candidate.whole]), interview.common, pace: .once, readOnly: false,
            memory: .trial(tokens))
        let connection = wiring.connections[0]
        do {
            let account: Account
            if connection.wantsCode, let system = connection.system as? any SigningInByCode {
                account = try await system.signIn { Out.say(CodeSignIn.sentence(connection.facts.name, $0)) }.account
            } else {
                account = try await connection.system.signIn().account
            }
            let page = try await connection.system.items(after: nil)
            return Success(
                account: account, rows: page.rows.count, hasMore: !page.following.isEmpty, user: connection.user,
                token: tokens.token(for: connection.user))
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw Performer.lockError(error, server: connection.facts.name)
        }
    }
}
