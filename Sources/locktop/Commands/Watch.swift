// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import Dashboard
import FoundationEssentials
import Glibc
import History
import Locks
import Settings
import Terminal
import Watching

/// The dashboard over all configured servers.
struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The dashboard over all configured servers. Without a terminal: the table once.")

    @OptionGroup var common: CommonOptions
    @OptionGroup var screen: ScreenOptions
    @OptionGroup var recording: RecordingOptions

    @Argument(help: "A filter, as in the dashboard.", completion: Candidates.query)
    var query: [String] = []

    func run() throws {
        do {
            if let word = query.first, ServerWord.isAddress(word) { return try look(at: word) }
            let query = try Queries.read(query)
            guard Out.isTerminal(0), Out.isTerminal(1) else {
                try recording.refuseWithoutScreen()
                return try Run.command { [common] in
                    try await Tables.print(
                        try Wiring(common, pace: .once), query, columns: nil, order: .asOnScreen)
                }
            }
            if common.config == nil, !ConfigurationSource.isThere(common) {
                guard try FirstPages.open(common, screen, recording) else { return }
            }
            let wiring = try Wiring(common, pace: .watching, readOnly: screen.readOnly)
            try Dashboards.open(wiring, screen, recording, common, query: self.query)
        } catch let problem as Problem {
            Out.say(problem.message)
            throw ExitCode(problem.exitCode)
        }
    }

    /// The dashboard on one server that no configuration names.
    private func look(at word: String) throws {
        guard query.count == 1 else {
            throw Problem.usage("An address stands alone: a filter is typed in the dashboard, with /")
        }
        let isScreen = Out.isTerminal(0) && Out.isTerminal(1)
        let wiring: Wiring
        do {
            wiring = try Run.wait { [common, screen] in
                try await Direct.connect(
                    word, common, pace: isScreen ? .watching : .once, readOnly: screen.readOnly)
            }
        } catch is CancellationError {
            throw ExitCode(Interrupt.signal == 0 ? 130 : 128 + Interrupt.signal)
        }
        guard isScreen else {
            try recording.refuseWithoutScreen()
            return try Run.command { try await Tables.print(wiring, Query(), columns: nil, order: .asOnScreen) }
        }
        try Dashboards.open(wiring, screen, recording, common)
    }
}

/// Opening the dashboard on connections.
enum Dashboards {
    /// Runs the dashboard until the user leaves; where the terminal can't be used, prints the table once.
    static func open(
        _ wiring: Wiring, _ options: ScreenOptions, _ recording: RecordingOptions, _ common: CommonOptions,
        query: [String] = []
    ) throws {
        guard !common.verbose || !Out.isTerminal(2) else {
            throw Problem.usage("With -v requests would be written over the screen: use --log FILE, or 2> FILE.")
        }
        do {
            let code = try run(wiring, options, recording, common, query)
            if code != 0 { throw ExitCode(code) }
        } catch let error as ScreenError {
            Out.say(error.description)
            try recording.refuseWithoutScreen()
            let query = try Queries.read(query)
            try Run.command { try await Tables.print(wiring, query, columns: nil, order: .asOnScreen) }
        }
    }

    /// The screen that is wished for.
    static func screen(_ options: LookOptions, noColor: Bool) throws -> Screen {
        let colors = !noColor && (Environment.variables["NO_COLOR"] ?? "").isEmpty
        return try Screen(options: Screen.Options(mouse: !options.noMouse, colors: colors, ascii: options.ascii))
    }

    /// How it is to be drawn on that screen.
    static func look(_ options: LookOptions, on screen: borrowing Screen, theme: Theme? = nil) -> Model.Look {
        var look = Model.Look()
        look.isASCII = options.ascii || !screen.isUTF8
        look.hasClock = !options.noClock
        look.isLowBandwidth = options.lowBandwidth
        look.isAccessible = options.accessible || !(Environment.variables["ACCESSIBLE"] ?? "").isEmpty
        look.palette = Palette(options.theme ?? theme ?? .dark, screen.depth)
        look.zone = localZone()
        return look
    }

    private static func run(
        _ wiring: Wiring, _ options: ScreenOptions, _ recording: RecordingOptions, _ common: CommonOptions,
        _ query: [String]
    ) throws -> Int32 {
        let screen = try screen(options.look, noColor: common.noColor)
        let theme = wiring.configuration.theme.flatMap(Theme.init(rawValue:))
        let look = look(options.look, on: screen, theme: theme)
        let mailbox = Mailbox()
        let recorder = try recording.record.map { path in
            try Recorder(
                path, isAnonymous: recording.anonymous, servers: wiring.connections.map(\.facts), wiring.staleness,
                views: wiring.configuration.views.map { ($0.name, $0.filter) }, at: Date(), complain: { mailbox.post(.warned($0)) })
        }
        let poll = options.poll ?? wiring.configuration.poll
        var model = Model(
            servers: wiring.connections.map(\.facts),
            operations: Dictionary(
                uniqueKeysWithValues: wiring.connections.map { ($0.facts.name, $0.system.operations) }),
            staleness: wiring.staleness, isReadOnly: options.readOnly || wiring.configuration.readOnly, poll: poll,
            look: look, size: screen.size, now: Date())
        model.setKeys(wiring.configuration.keys.map { ($0.action, $0.key) })
        model.ringsBell = wiring.configuration.bell
        model.setViews(wiring.configuration.views.map { ($0.name, $0.filter) })
        let configured = wiring.configuration.columns
        model.setColumns(configured: configured, chosen: wiring.store?.keptColumns(over: configured))
        model.setFilter(Queries.line(query))
        let runner = EffectRunner(wiring, poll: options.poll, mailbox: mailbox)
        return Loop(screen, model, runner: runner, recorder: recorder).run()
    }

    // The years that a program may run, and those that its rows may be old.
    private static func localZone() -> Zone {
        let now = Date()
        return Zone(over: now.addingTimeInterval(-2 * 31_557_600)...now.addingTimeInterval(8 * 31_557_600)) { date in
            var (time, local) = (time_t(date.timeIntervalSince1970), unsafe tm())
            unsafe localtime_r(&time, &local)
            return unsafe Int(local.tm_gmtoff)
        }
    }
}

/// Queries from the command line.
enum Queries {
    static func read(_ words: [String]) throws -> Query {
        do {
            return try Query(words: words)
        } catch {
            throw Problem.usage(error.description)
        }
    }

    /// The same words as one line of the dashboard's filter: a word with blanks stays one.
    static func line(_ words: [String]) -> String {
        words.map { word in
            guard word.contains(where: { $0 == " " || $0 == "\t" }), !word.contains("\"") else { return word }
            let sign = word.hasPrefix("-") ? "-" : word.lowercased().hasPrefix("not:") ? String(word.prefix(4)) : ""
            let rest = word.dropFirst(sign.count)
            let field = rest.prefix { $0.isASCII && $0.isLetter }
            // In quotes a colon is a letter like any other, so a field stays before them.
            guard !field.isEmpty, rest.dropFirst(field.count).hasPrefix(":") else { return "\(sign)\"\(rest)\"" }
            return "\(sign)\(field):\"\(rest.dropFirst(field.count + 1))\""
        }.joined(separator: " ")
    }
}
