// SPDX-License-Identifier: MIT
import ArgumentParser
import DemoServer
import FoundationEssentials
import Locks
import Settings

/// The embedded demo servers, with made-up people, and the dashboard on them.
struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The dashboard on embedded demo servers, where made-up people lock, edit and quarrel.",
        discussion: "Nothing real is touched, and nothing is kept. Without a terminal: the table once.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var recording: RecordingOptions

    @Option(help: "How many documents.")
    var documents = 60

    @Option(
        parsing: .upToNextOption,
        help:
            "Which lock systems: \(DialectKind.allCases.map(\.rawValue).joined(separator: ", ")); all, if none is named.",
        completion: .list(DialectKind.allCases.map(\.rawValue)))
    var dialect: [String] = []

    @Option(
        help: "What happens: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).",
        completion: .list(Scenario.allCases.map(\.rawValue)))
    var scenario = "office"

    @Option(help: "The same number tells the same story.")
    var seed: UInt64 = 1

    @Flag(help: "Only the servers: prints a configuration for them, and serves until interrupted.")
    var serveOnly = false

    @Option(help: "The first server's port; 0: any free one.")
    var port = 0

    func run() throws {
        do {
            let options = try options()
            let sites = try Run.wait { try await Self.start(options) }
            if serveOnly { return try serve(sites) }
            try open(sites)
        } catch let problem as Problem {
            Out.say(problem.message)
            throw ExitCode(problem.exitCode)
        }
    }

    /// A demo server that runs, and what it is.
    private struct Site: Sendable {
        let kind: DialectKind
        let server: DemoServer

        var name: String { kind.serverName }

        /// How a configuration reaches it.
        func profile(password: SecretSource) -> ServerProfile {
            var profile = ServerProfile(name: name, kind: kind.rawValue)
            profile.url = server.address
            if server.entry.hasPassword {
                profile.auth = AuthProfile(user: server.accounts[0].name, password: password)
            }
            for key in server.entry.server { profile.options[key.name] = Self.option(key.value) }
            for key in server.entry.auth { profile.auth.values[key.name] = Self.option(key.value) }
            return profile
        }

        private static func option(_ value: DemoEntry.Value) -> OptionValue {
            switch value {
            case .one(let text): .text(text)
            case .several(let texts): .list(texts)
            }
        }
    }

    private static func start(_ options: [DemoOptions]) async throws -> [Site] {
        var sites: [Site] = []
        for option in options {
            do {
                sites.append(Site(kind: option.dialect, server: try await DemoServer.start(option)))
            } catch {
                throw Problem("The demo server can't have port \(option.port): give another --port.", 69)
            }
        }
        return sites
    }

    private func options() throws -> [DemoOptions] {
        guard let story = Scenario(rawValue: scenario) else {
            throw unknown(scenario, "scenario", among: Scenario.allCases.map(\.rawValue))
        }
        guard (1...1_000_000).contains(documents) else { throw Problem.usage("--documents takes 1 to 1000000.") }
        guard (0...65_530).contains(port) else { throw Problem.usage("--port takes 0 to 65530.") }
        let kinds = try dialect.flatMap { $0.split(separator: ",") }.map { word in
            guard let kind = DialectKind(rawValue: String(word)) else {
                throw unknown(String(word), "dialect of the demo", among: DialectKind.allCases.map(\.rawValue))
            }
            return kind
        }
        return (kinds.isEmpty ? DialectKind.allCases : kinds).enumerated().map { index, kind in
            DemoOptions(
                dialect: kind, documents: documents, seed: seed &+ UInt64(index), scenario: story,
                port: port == 0 ? 0 : port + index)
        }
    }

    private func unknown(_ word: String, _ what: String, among known: [String]) -> Problem {
        let hint = NearestWord.hint(for: word, among: known)
        return .usage("\(word) is no \(what). There is: \(known.joined(separator: ", ")).\(hint)")
    }

    private func open(_ sites: [Site]) throws {
        var configuration = Configuration(
            servers: sites.map { $0.profile(password: .literal(Secret($0.server.accounts[0].password))) })
        configuration.poll = screen.poll ?? 2
        let isInteractive = Out.isTerminal(0) && Out.isTerminal(1)
        let wiring = try Wiring(
            configuration, common, pace: isInteractive ? .watching : .once, readOnly: screen.readOnly, memory: .none)
        guard isInteractive else {
            try recording.refuseWithoutScreen()
            return try Run.command {
                for connection in wiring.connections { await CodeSignIn.ensure(connection, show: Out.say) }
                return try await Tables.print(wiring, Query(), columns: nil, order: .asOnScreen)
            }
        }
        try Dashboards.open(wiring, screen, recording, common)
    }

    private func serve(_ sites: [Site]) throws {
        var comments: [String: [String]] = [:]
        for site in sites {
            if !site.server.entry.hasPassword {
                comments[site.name] = ["First: locktop login \(site.name)"]
                continue
            }
            comments[site.name] = ["First: export \(Self.variable(site))=\(site.server.accounts[0].password)"]
        }
        let profiles = sites.map { $0.profile(password: .environment(Self.variable($0))) }
        Out.write(ConfigurationText.render(profiles, comments: comments), to: 1)
        if Out.isBroken { return try Run.wait { for site in sites { await site.server.stop() } } }
        Out.say("the demo serves until you press ^C.")
        for site in sites {
            Out.write("\(site.name)  \(site.server.address)\n", to: 2)
            for account in site.server.accounts {
                let roles = account.roles.joined(separator: ", ")
                Out.write("  \(account.name) / \(account.password)  \(account.fullName) (\(roles))\n", to: 2)
            }
        }
        _ = try? Run.wait { await Interrupts.wait() }
        try Run.wait { for site in sites { await site.server.stop() } }
    }

    private static func variable(_ site: Site) -> String { "LOCKTOP_DEMO_\(site.name.uppercased())_PASSWORD" }
}
