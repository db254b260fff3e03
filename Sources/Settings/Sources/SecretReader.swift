// SPDX-License-Identifier: MIT

internal import Synchronization

/// Reads secrets from where the configuration says they are.
///
/// A secret is never put into the arguments or the environment of another process.
public struct SecretReader: Sendable {
    let environment: [String: String]
    let commandDeadline: Double

    /// - Parameters:
    ///   - environment: the process environment; commands inherit exactly this.
    ///   - commandDeadline: seconds after which a command is ended.
    public init(environment: [String: String], commandDeadline: Double = 30) {
        self.environment = environment
        self.commandDeadline = commandDeadline
    }

    /// The secret. Files have to be private to us, or mounted for us; of files and commands the first line counts. One
    /// end of a line and a byte order mark are no part of a secret, wherever it comes from.
    ///
    /// A command runs under `/bin/sh -c` without terminal and without input, in a session of its own; cancelling
    /// the task ends it.
    public func reveal(_ source: SecretSource) async throws(SecretError) -> Secret {
        switch source {
        case .literal(let secret):
            return secret
        case .environment(let name):
            let value = environment[name].map(SecretText.cut) ?? ""
            guard !value.isEmpty else { throw .variableUnset(name) }
            guard SecretText.isLine(value) else { throw .variableWithoutSecret(name) }
            return Secret(String(value))
        case .file(let path):
            guard let line = SecretText.firstLine(of: try SecretFile.read(path: path)) else {
                throw .fileWithoutSecret(path: path)
            }
            return Secret(line)
        case .command(let command):
            guard let line = SecretText.firstLine(of: try await output(of: command)) else {
                throw .commandWithoutSecret
            }
            return Secret(line)
        }
    }

    private func output(of command: String) async throws(SecretError) -> [UInt8] {
        let run = ShellCommand(command: command, environment: environment, deadline: commandDeadline)
        let output = try await run.output()
        // What lies behind the limit is lost: without a line's end before it, the secret would be cut.
        guard output.count < ShellCommand.outputLimit || output.contains(0x0A) else { throw .commandWithoutSecret }
        return output
    }
}
