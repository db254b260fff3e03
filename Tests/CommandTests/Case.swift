// SPDX-License-Identifier: MIT
import FoundationEssentials
import Glibc
import TestOffice
import TestSupport

/// A small input that once went wrong, ready to be played on the built program: a folder below `Cases`, with a server
/// that answers as its `answers.jsonl` says, and a home of its own.
struct Case {
    let server: CaseServer
    let home: String
    private let environment: [String: String]

    /// - Parameter change: applied to the answers before they are read.
    init(_ name: String, changing change: (String) -> String = { $0 }) throws {
        let folder = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Cases/\(name)"
        func text(_ file: String) -> String? {
            (try? Data(contentsOf: URL(filePath: "\(folder)/\(file)"))).map { String(decoding: $0, as: UTF8.self) }
        }
        let server = try CaseServer(answers: change(text("answers.jsonl") ?? ""))
        let home = try Office.makeFolder()
        (self.server, self.home) = (server, home)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let target = "\(home)/\(file)"
            if file == "config.yaml" {
                try Office.write(server.fill(text(file) ?? "").replacing("@HOME@", with: home), to: target)
            } else {
                try Data(contentsOf: URL(filePath: "\(folder)/\(file)")).write(to: URL(filePath: target))
            }
            _ = unsafe chmod(target, 0o600)
        }
        var environment = [
            "HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "xterm-256color", "PW": "s", "TOK": "s",
            "LOCKTOP": try builtProgram("locktop"), "CONFIG": home + "/config.yaml",
        ]
        for name in ["CONFIG", "STATE", "CACHE", "DATA"] {
            environment["XDG_\(name)_HOME"] = "\(home)/.\(name.lowercased())"
        }
        if let extra = text("env"), case .object(let members) = try AnyJSON.read(extra) {
            for (name, value) in members {
                environment[name] = server.fill(value.text ?? "").replacing("@HOME@", with: home)
            }
        }
        self.environment = environment
    }

    /// Runs a line of the shell, in which `$LOCKTOP` is the program and `$CONFIG` the case's configuration.
    func run(_ line: String) async throws -> Program.Ending {
        try await Program.run("/bin/bash", ["-c", line], environment: environment, directory: home)
    }

    /// Ends the server and takes the home away.
    func end() {
        server.stop()
        try? FileManager.default.removeItem(atPath: home)
    }
}
