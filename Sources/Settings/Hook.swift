// SPDX-License-Identifier: MIT
internal import Locks

/// A command that is run when something happens to an item.
public struct Hook: Sendable, Equatable {
    /// Seconds that it may take.
    public static let limit = 10.0

    /// The kind of event.
    public var event: String
    /// Which events of that kind, in the query language; empty: all.
    public var filter: String
    /// What the shell is given, as it stands.
    public var run: String

    /// Makes one.
    public init(event: String, filter: String = "", run: String) {
        self.event = event
        self.filter = filter
        self.run = run
    }

    /// Runs it once. What takes longer than its time is ended, with all that it started.
    /// - Parameters:
    ///   - input: what it reads on its standard input.
    ///   - environment: the environment it sees.
    ///   - limit: the seconds that it may take.
    /// - Returns: why it failed, in words; `nil` when it did not.
    public func carryOut(_ input: String, environment: [String: String], limit: Double = Hook.limit) async -> String? {
        let command = ShellCommand(
            command: run, environment: environment, deadline: limit, input: Array(input.utf8))
        do throws(SecretError) {
            _ = try await command.output()
            return nil
        } catch {
            let reason =
                switch error {
                case .commandNotStarted(let reason): "could not be started: \(reason)"
                case .commandFailed(let status, _): "failed with status \(status)"
                case .commandKilled(let signal, _): "was ended by signal \(signal)"
                case .commandTooSlow: "took longer than \(DurationText.format(limit)) and was ended"
                default: "was stopped"
                }
            let said = (error.detail ?? "").split(whereSeparator: \.isNewline).suffix(2).joined(separator: "; ")
            return said.isEmpty ? reason : "\(reason): \(said.prefix(200))"
        }
    }
}
