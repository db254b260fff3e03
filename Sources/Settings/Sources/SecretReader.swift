// SPDX-License-Identifier: MIT

internal import Synchronization

/// Reads secrets from where the configuration says they are.
///
/// A secret is never put into the arguments or the environment of another process.
public struct SecretReader: Sendable {
    let environment: [String: String]
    private let commandDeadline: Double

    /// - Parameters:
    ///   - environment: the process environment; commands inherit exactly this.
    ///   - commandDeadline: seconds after which a command is ended.
    public init(environment: [String: String], commandDeadline: Double = 30) {
        self.environment = environment
        self.commandDeadline = commandDeadline
    }

    /// The secret. Files have to be private to us; of files and commands the first line counts, without its end.
    ///
    /// A command runs under `/bin/sh -c` without terminal and without input, in a session of its own; cancelling
    /// the task ends it.
    public func reveal(_ source: SecretSource) async throws(SecretError) -> Secret {
        switch source {
        case .literal(let secret):
            return secret
        case .environment(let name):
            guard let value = environment[name], !value.isEmpty else { throw .variableUnset(name) }
            return Secret(value)
        case .file(let path):
            guard let line = FirstLine.text(of: try SecretFile.read(path: path)) else {
                throw .fileWithoutSecret(path: path)
            }
            return Secret(line)
        case .command(let command):
            guard let line = FirstLine.text(of: try await output(of: command)) else { throw .commandWithoutSecret }
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

/// The first line of bytes from outside.
enum FirstLine {
    /// The line without its end; `nil` if it is empty, no UTF-8 or holds control characters.
    static func text(of bytes: [UInt8]) -> String? {
        var line = bytes.prefix { $0 != 0x0A }
        if line.last == 0x0D { line = line.dropLast() }
        guard let text = String(validating: line, as: UTF8.self), !text.isEmpty,
            text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control || $0 == "\t" })
        else { return nil }
        return text
    }
}
