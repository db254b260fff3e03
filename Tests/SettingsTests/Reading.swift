// SPDX-License-Identifier: MIT
import LockSystems
import Locks
import Settings
import Testing

/// The kinds that this program speaks.
let allKinds = Registry.kinds.map(\.options)

/// Reads a text as `config.yaml`.
func read(
    _ text: String, file: String = "config.yaml", private isPrivate: Bool = true, environment: [String: String] = [:]
) throws -> Configuration {
    try ConfigurationReader.read(
        text: text, file: file, isPrivateFile: isPrivate, kinds: allKinds, environment: environment)
}

/// What is wrong with a text, one error a line; empty if nothing is.
func complaints(
    _ text: String, file: String = "config.yaml", private isPrivate: Bool = true, environment: [String: String] = [:]
) -> String {
    do {
        _ = try ConfigurationReader.read(
            text: text, file: file, isPrivateFile: isPrivate, kinds: allKinds, environment: environment)
        return ""
    } catch {
        return error.description
    }
}

/// A configuration with one server of a kind that is right but for `lines`.
func server(_ kind: String, _ lines: String...) -> String {
    let address = ["superoffice", "plone", "nick", "webdav", "gitlfs"].contains(kind) ? ", url: https://a.example" : ""
    guard lines.isEmpty else {
        let rest = lines.map { "    " + $0 }.joined(separator: "\n")
        let url = address.isEmpty ? "" : "    url: https://a.example\n"
        return "servers:\n  - name: a\n    kind: \(kind)\n\(url)\(rest)\n"
    }
    return "servers: [{name: a, kind: \(kind)\(address)}]\n"
}

/// The first server of a text.
func firstServer(_ text: String, environment: [String: String] = [:]) throws -> ServerProfile {
    let servers = try read(text, environment: environment).servers
    guard let first = servers.first else { throw NoServer() }
    return first
}

struct NoServer: Error {}

/// A text that is refused, with all that has to be said about it.
struct Refused: Sendable, CustomTestStringConvertible {
    let text: String
    let because: [String]

    init(_ text: String, because: [String]) {
        self.text = text
        self.because = because
    }

    var complaint: String { because.map { "config.yaml:" + $0 }.joined(separator: "\n") }
    var testDescription: String { text.debugDescription }
}
