// SPDX-License-Identifier: MIT
import FoundationEssentials
import Glibc
import LockSystemContract
import TestSupport

/// A home of its own in which the built program is run.
struct Desk {
    /// What a run left.
    struct Run: CustomStringConvertible {
        let code: Int32
        let output: String
        let errors: String
        var description: String { "exit \(code)\nstandard output: \(output)\nstandard error: \(errors)" }
    }

    private let home: String
    private let program: String

    /// A home whose configuration names one server `site`, listed from a folder on.
    init(address: String, path: String) throws {
        program = try builtProgram("locktop")
        home = FileManager.default.temporaryDirectory.path + "/locktop-plone-\(UInt64.random(in: 0..<UInt64.max))"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        for name in ["alice", "bob", "mallory"] {
            let text = """
                servers:
                  - name: site
                    kind: plone
                    url: \(address)
                    auth: {user: \(name), password_env: SITE_PASSWORD}
                    items: {path: \(path)}

                """
            try Data(text.utf8).write(to: URL(filePath: "\(home)/\(name).yaml"))
        }
    }

    /// Takes it away.
    func clear() { try? FileManager.default.removeItem(atPath: home) }

    /// Runs the program to its end as somebody.
    func run(_ words: [String], as user: String, password: String? = nil) async throws -> Run {
        let stem = "\(home)/\(UInt64.random(in: 0..<UInt64.max))"
        let arguments = [program, words[0], "--config", "\(home)/\(user).yaml"] + words.dropFirst()
        let variables = [
            "HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "XDG_STATE_HOME": home + "/state-" + user,
            "SITE_PASSWORD": password ?? user + "-pw",
        ]
        let code = try await Task.detached { [program] in
            try Self.spawn(program, arguments, variables, output: stem + ".out", errors: stem + ".err")
        }.value
        func text(_ ending: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: stem + ending)), as: UTF8.self)
        }
        return Run(code: code, output: try text(".out"), errors: try text(".err"))
    }

    private static func spawn(
        _ program: String, _ words: [String], _ variables: [String: String], output: String, errors: String
    ) throws -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT, 0o600)
        // Threads of the pool block most signals, and a child would inherit that.
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var arguments = unsafe strings(words)
        var environment = unsafe strings(variables.map { "\($0.key)=\($0.value)" })
        defer { unsafe (arguments + environment).forEach { unsafe free($0) } }
        var child: pid_t = 0
        let failure = unsafe posix_spawn(&child, program, &actions, &attributes, &arguments, &environment)
        guard failure == 0 else { throw NotReady("\(program) can't be run: error \(failure)") }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw NotReady("\(program) was lost: error \(errno)") }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    /// Copies for C, ended by a null; to be freed by the caller.
    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe []
        for text in texts { unsafe copies.append(strdup(text)) }
        unsafe copies.append(nil)
        return unsafe copies
    }
}
