// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import History
import LockSystems
import Locks
import Settings

/// Takes a server out of the configuration.
struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take a server out of the configuration, and forget its sign-in.",
        discussion: "The old configuration is kept beside the new one, with ~ behind its name.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The server's configured name.", completion: Candidates.servers)
    var name: String

    @Flag(help: "Don't ask.")
    var yes = false

    func run() throws {
        try Run.command { [self] in
            let draft = try Draft(common)
            guard let profile = draft.edit.configuration.servers.first(where: { $0.name == name }) else {
                let hint = NearestWord.hint(for: name, among: draft.names)
                let known = draft.names.isEmpty ? "none" : draft.names.joined(separator: ", ")
                throw Problem.usage("No server is called \(name). There is: \(known).\(hint)")
            }
            let isInteractive = Out.isTerminal(0) && Out.isTerminal(2)
            guard isInteractive || yes else {
                throw Problem.usage("Without a terminal nobody can be asked whether it may be taken out: give --yes.")
            }
            let change: (text: String, lines: [String])
            do { change = try draft.edit.removing(name) } catch { throw Problem.configuration("\(error)") }
            Out.write("\nOut of \(draft.path):\n\n", to: 2)
            for line in change.lines { Out.write(Text.clean(line) + "\n", to: 2) }
            Out.write("\n", to: 2)
            if !yes {
                let answer = try Interview.answer("Take it out? [y/N] ").lowercased()
                guard answer.hasPrefix("y") else { throw Problem("Nothing was changed.", 1) }
            }
            try draft.write(change.text)
            forget(profile)
            Out.line("\(name) was taken out of \(draft.path).")
            if case .file(let path)? = profile.auth.password { Out.say("Its password is still in \(path).") }
            return 0
        }
    }

    private func forget(_ profile: ServerProfile) {
        var options = common
        options.server = []
        guard
            let wiring = try? Wiring(
                Configuration(servers: [profile]), options, pace: .once, readOnly: false, memory: .kept)
        else { return }
        for connection in wiring.connections { wiring.store?.keep(nil, for: connection.user) }
    }
}
