// SPDX-License-Identifier: MIT
import ArgumentParser
import LockSystems
import Settings

/// What the command line says of a server that is to be added.
struct Said: ParsableArguments {
    @Option(
        help: "What it is: \(Self.kinds.joined(separator: ", ")); found out, if it is not said.",
        completion: .list(Self.kinds))
    var kind: String?

    @Option(help: "Who signs in; \"\": nobody.")
    var user: String?

    @Option(help: "The password is in this environment variable.")
    var passwordEnv: String?

    @Option(help: "The password is the first line of this file.", completion: .file())
    var passwordFile: String?

    @Option(help: "The password is the first line that this command prints.")
    var passwordCommand: String?

    @Option(help: "A token is in this environment variable.")
    var tokenEnv: String?

    @Option(help: "A token is the first line of this file.", completion: .file())
    var tokenFile: String?

    @Option(help: "A token is the first line that this command prints.")
    var tokenCommand: String?

    @Option(help: "How to sign in, where a kind knows several ways.")
    var scheme: String?

    @Option(help: "The customer or organisation, where a service has many.")
    var tenant: String?

    @Option(help: "How a registered application signs in: device_code or client_credentials.")
    var flow: String?

    @Option(help: "The id of the registered application.")
    var clientId: String?

    @Option(help: "The application's secret is in this environment variable.")
    var clientSecretEnv: String?

    @Option(help: "Where to sign in, if elsewhere.")
    var loginUrl: String?

    @Option(help: "A drive to list; may be given several times.")
    var drive: [String] = []

    @Option(help: "The folder to list.")
    var path: String?

    @Flag(help: "Don't ask.")
    var yes = false

    private static let kinds = Registry.kinds.map(\.word)

    /// Where the secrets come from that are said.
    func secrets(folder: String) -> [(key: String, source: SecretSource)] {
        func absolute(_ path: String) -> String {
            path.hasPrefix("/") || path.hasPrefix("~/") ? path : "\(folder)/\(path)"
        }
        let said: [(String, SecretSource?)] = [
            ("password", passwordEnv.map { .environment($0) }), ("password", passwordFile.map { .file(absolute($0)) }),
            ("password", passwordCommand.map { .command($0) }), ("token", tokenEnv.map { .environment($0) }),
            ("token", tokenFile.map { .file(absolute($0)) }), ("token", tokenCommand.map { .command($0) }),
            ("client_secret", clientSecretEnv.map { .environment($0) }),
        ]
        return said.compactMap { key, source in source.map { (key, $0) } }
    }
}
