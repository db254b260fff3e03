// SPDX-License-Identifier: MIT
public import Canvas
public import DemoServer
import FoundationEssentials
import Glibc
public import TestSupport

/// A demo server in this process, a home folder of its own, and a configuration: everything that `locktop` needs to
/// run as a program. People do nothing by themselves; a test acts for them.
public struct Office: Sendable {
    /// The server.
    public let server: DemoServer
    /// The folder that is `HOME`, taken away by `close`.
    public let home: String
    /// The configuration file.
    public let configuration: String
    /// The variable that the password is in.
    public static let variable = "LOCKTOP_TEST_PASSWORD"
    /// A password that is nothing else, so that it can be searched for.
    public static let password = "canary-Pa55word-4711"

    /// Opens an office on a small site: five documents in `/news`, two in `/legal`.
    /// - Parameters:
    ///   - extra: lines to add to the server's entry of the configuration.
    ///   - top: lines to put before the servers.
    public static func open(
        _ options: DemoOptions = DemoOptions(documents: 0, people: false), extra: [String] = [], top: [String] = []
    ) async throws -> Office {
        let server = try await DemoServer.start(options)
        try await server.perform(
            .addAccount(
                DemoAccount(
                    name: "mona", password: password, fullName: "Mona Manager", roles: ["Manager", "Member"])))
        if options.documents == 0 { try await furnish(server) }
        let home = try makeFolder()
        let path = home + "/config.yaml"
        let text =
            (top + [
                "servers:", "  - name: intranet", "    kind: plone", "    url: \(server.address)",
                "    auth: {user: mona, password_env: \(variable)}",
            ] + extra.map { "    " + $0 }).joined(separator: "\n") + "\n"
        try write(text, to: path)
        return Office(server: server, home: home, configuration: path)
    }

    /// Another person's home and configuration for a server that is there already; take it away with `removeHome`.
    public static func open(_ server: DemoServer, as user: String, password: String) async throws -> Office {
        let home = try makeFolder()
        try write(password + "\n", to: home + "/password")
        _ = unsafe chmod(home + "/password", 0o600)
        let path = home + "/config.yaml"
        try write(
            """
            poll: 1s
            servers:
              - name: intranet
                kind: plone
                url: \(server.address)
                auth: {user: \(user), password_file: \(home)/password}

            """, to: path)
        return Office(server: server, home: home, configuration: path)
    }

    /// Takes the folder away, and leaves the server.
    public func removeHome() { try? FileManager.default.removeItem(atPath: home) }

    private static func furnish(_ server: DemoServer) async throws {
        for folder in ["/news", "/legal"] {
            try await server.add(path: folder, type: "Folder", title: String(folder.dropFirst()))
        }
        for (name, title) in [
            ("agm", "Annual General Meeting"), ("autumn", "Autumn in the harbour"), ("brochure", "The brochure"),
            ("launch", "Launch"), ("résumé", "Résumé 契約"),
        ] {
            try await server.add(path: "/news/\(name)", title: title)
        }
        try await server.add(path: "/legal/contract", title: "Contract")
        try await server.add(path: "/legal/terms", title: "Terms")
    }

    /// A new empty folder.
    public static func makeFolder() throws -> String {
        let path = "\(FileManager.default.temporaryDirectory.path())/locktop-test-\(UUID().uuidString)"
            .replacing("//", with: "/")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    /// Writes a file.
    public static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    /// Stops the server and takes the folder away.
    public func close() async {
        await server.stop()
        removeHome()
    }

    /// The environment of a person who sits at a plain terminal.
    public var environment: [String: String] {
        [
            "HOME": home, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            Self.variable: Self.password,
        ]
    }

    /// The environment with changes; the value `unset` takes a variable away.
    public func environment(_ changes: [String: String]) -> [String: String] {
        environment.merging(changes) { $1 }.filter { $0.value != "unset" }
    }

    /// Runs `locktop` on pipes, with this office's configuration.
    public func run(
        _ arguments: String..., input: String = "", changes: [String: String] = [:], without: [Program.Stream] = [],
        within seconds: Double = 30
    ) async throws -> Program.Ending {
        try await Program.run(
            try builtProgram("locktop"), configured(arguments), environment: environment(changes), input: input,
            directory: home, without: without, within: seconds)
    }

    /// Starts `locktop` on pipes and lets it run.
    public func start(_ arguments: String..., changes: [String: String] = [:]) throws -> Program {
        try Program(
            try builtProgram("locktop"), configured(arguments), environment: environment(changes), directory: home)
    }

    /// Opens the dashboard on a terminal.
    public func dashboard(
        _ arguments: String..., size: Size = Size(columns: 80, rows: 24), changes: [String: String] = [:]
    ) throws -> PseudoTerminal {
        try PseudoTerminal(
            program: try builtProgram("locktop"), arguments: configured(["watch"] + arguments),
            environment: environment(changes), size: size, directory: home)
    }

    private func configured(_ arguments: [String]) -> [String] {
        let takes = arguments.first.map { !["demo", "--help", "--version"].contains($0) } ?? true
        guard takes, !arguments.contains("--config"), !arguments.contains("--help") else { return arguments }
        if arguments == ["config", "example"] { return arguments }
        if arguments.first == "config" {
            return Array(arguments.prefix(2)) + ["--config", configuration] + arguments.dropFirst(2)
        }
        return Array(arguments.prefix(1)) + ["--config", configuration] + arguments.dropFirst()
    }

    /// The requests that asked for a change.
    public var changes: [LoggedRequest] {
        get async {
            await server.requestLog.filter { $0.method != "GET" && !$0.path.contains("@login") }
        }
    }

    /// Text of a file below the home folder; empty when there is none.
    public func text(of name: String) -> String {
        (try? Data(contentsOf: URL(filePath: home + "/" + name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// The store's folder.
    public var state: String { home + "/.local/state/locktop" }
}

/// Opens an office, does something in it, and closes it whatever happens.
public func inOffice(
    _ options: DemoOptions = DemoOptions(documents: 0, people: false), extra: [String] = [], top: [String] = [],
    _ work: (Office) async throws -> Void
) async throws {
    let office = try await Office.open(options, extra: extra, top: top)
    do {
        try await work(office)
    } catch {
        await office.close()
        throw error
    }
    await office.close()
}
