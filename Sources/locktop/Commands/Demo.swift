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

    @Option(help: "How many documents.")
    var documents = 60

    @Option(help: "Which lock systems: plone.")
    var dialect: [String] = []

    @Option(help: "What happens: \(Scenario.allCases.map(\.rawValue).joined(separator: ", ")).")
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
            let server = try Run.wait { () throws -> DemoServer in
                do {
                    return try await DemoServer.start(options)
                } catch {
                    throw Problem("The demo server can't have port \(options.port): give another --port.", 69)
                }
            }
            if serveOnly { return try serve(server) }
            try open(server)
        } catch let problem as Problem {
            Out.say(problem.message)
            throw ExitCode(problem.exitCode)
        }
    }

    private func options() throws -> DemoOptions {
        guard let story = Scenario(rawValue: scenario) else {
            let known = Scenario.allCases.map(\.rawValue)
            let hint = suggestion(for: scenario, among: known).map { " Did you mean \($0)?" } ?? ""
            throw Problem.usage("\(scenario) is no scenario. There is: \(known.joined(separator: ", ")).\(hint)")
        }
        for word in dialect where word != "plone" { throw Problem.usage("\(word) is no dialect of the demo. There is: plone.") }
        guard (1...1_000_000).contains(documents) else { throw Problem.usage("--documents takes 1 to 1000000.") }
        guard (0...65_535).contains(port) else { throw Problem.usage("--port takes 0 to 65535.") }
        return DemoOptions(documents: documents, seed: seed, scenario: story, port: port)
    }

    private func profile(_ server: DemoServer, password: SecretSource) -> ServerProfile {
        var profile = ServerProfile(name: "intranet", kind: "plone")
        profile.url = server.address
        profile.auth = AuthProfile(user: server.accounts[0].name, password: password)
        return profile
    }

    private func open(_ server: DemoServer) throws {
        var configuration = Configuration(
            servers: [profile(server, password: .literal(Secret(server.accounts[0].password)))])
        configuration.poll = screen.poll ?? 2
        let isInteractive = Out.isTerminal(0) && Out.isTerminal(1)
        let wiring = try Wiring(
            configuration, common, pace: isInteractive ? .watching : .once, readOnly: screen.readOnly, isDemo: true)
        guard isInteractive else { return try Run.command { try await Tables.print(wiring, Query(), columns: nil) } }
        try Dashboards.open(wiring, screen, common)
    }

    private func serve(_ server: DemoServer) throws {
        let variable = "LOCKTOP_DEMO_PASSWORD"
        let presenter = server.accounts[0]
        let text = ConfigurationText.render(
            [profile(server, password: .environment(variable))],
            comments: ["": ["The demo server. First: export \(variable)=\(presenter.password)"]])
        Out.write(text, to: 1)
        Out.say("\(server.address) serves until you press ^C.")
        for account in server.accounts {
            let roles = account.roles.joined(separator: ", ")
            Out.write("  \(account.name) / \(account.password)  \(account.fullName) (\(roles))\n", to: 2)
        }
        _ = try? Run.wait { await Interrupts.wait() }
        try Run.wait { await server.stop() }
    }
}
