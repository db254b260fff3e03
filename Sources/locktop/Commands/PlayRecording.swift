// SPDX-License-Identifier: MIT
import ArgumentParser
import Dashboard
import FoundationEssentials
import Locks
import Terminal

/// A recording in the dashboard.
struct PlayRecording: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Play a recording in the dashboard. Without a terminal: its last table.",
        discussion: """
            Space pauses, Right goes a line further, + and - change the speed, n goes to the next conflict, Home to the \
            start, End to the last screen. All that only looks works; nothing is sent, and no configuration is needed.
            """)

    @Flag(help: "No colours.")
    var noColor = false

    @OptionGroup var look: LookOptions

    @Argument(help: "What --record wrote; - is standard input.", completion: .file())
    var file: String

    @Argument(help: "A filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    func run() throws {
        do {
            let query = try Queries.read(query)
            let recording = try Recording(file)
            guard Out.isTerminal(0), Out.isTerminal(1) else { return LastTable.print(recording, query) }
            do {
                let code = try play(recording)
                if let lack = recording.lack { Out.say(lack) }
                if code != 0 { throw ExitCode(code) }
            } catch let error as ScreenError {
                Out.say(error.description)
                LastTable.print(recording, query)
            }
        } catch let problem as Problem {
            Out.say(problem.message)
            throw ExitCode(problem.exitCode)
        }
    }

    private func play(_ recording: Recording) throws -> Int32 {
        let screen = try Dashboards.screen(look, noColor: noColor)
        let look = Dashboards.look(look, on: screen)
        var model = Model(
            servers: recording.servers, operations: [:], staleness: recording.staleness, isReadOnly: false, poll: 5,
            look: look, size: screen.size, now: recording.start)
        model.setViews(recording.views)
        model.setFilter(Queries.line(query))
        return Loop(screen, model, runner: Player(recording, mailbox: Mailbox())).run()
    }
}
