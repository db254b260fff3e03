// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import Locks
import Settings

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "The configuration file.", completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(help: "Only this server; may be given several times.", completion: Candidates.servers)
    var server: [String] = []

    @Flag(help: "No colours.")
    var noColor = false

    @Flag(name: [.customShort("v"), .long], help: "Log requests to standard error.")
    var verbose = false
}

/// What holds for the screen.
struct ScreenOptions: ParsableArguments {
    @Option(help: "Seconds between two polls, for example 5s.", transform: Lengths.seconds)
    var poll: Double?

    @Flag(help: "Make every operation impossible.")
    var readOnly = false

    @OptionGroup var look: LookOptions
}

/// How the screen looks.
struct LookOptions: ParsableArguments {
    @Flag(help: "Draw with ASCII only.")
    var ascii = false

    @Flag(help: "No mouse.")
    var noMouse = false

    @Flag(help: "No clock in the header: nothing is written while nothing changes.")
    var noClock = false

    @Flag(help: "Mark the selected row with a sign instead of a bar.")
    var lowBandwidth = false

    @Option(
        help: ArgumentHelp("How it looks: \(Theme.names.joined(separator: ", ")).", valueName: "name"),
        completion: .list(Theme.names), transform: Themes.named)
    var theme: Theme?

    @Flag(help: "For screen readers: the cursor stands on the selected row, nothing is boxed in.")
    var accessible = false
}

/// Keeping what the screen was told.
struct RecordingOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Write what is shown to a new file, for `locktop replay`.", valueName: "file"),
        completion: .file())
    var record: String?

    @Flag(help: "With --record: numbers in the place of people.")
    var anonymous = false

    func validate() throws {
        guard record != nil || !anonymous else {
            throw ValidationError("--anonymous is about the file that --record writes: give --record FILE too.")
        }
    }

    /// What is written down is what the screen is told: without one there is nothing.
    /// - Throws: `Problem`
    func refuseWithoutScreen() throws {
        guard record == nil else {
            throw Problem.usage("--record wants the screen: standard input and output have to be a terminal.")
        }
    }
}

/// Themes on the command line.
enum Themes {
    static func named(_ word: String) throws -> Theme {
        if let theme = Theme(rawValue: word) { return theme }
        let hint = NearestWord.hint(for: word, among: Theme.names)
        throw ValidationError("\(word) is no theme. There is: \(Theme.names.joined(separator: " ")).\(hint)")
    }
}

/// What the operator agrees to beforehand, and how it is told.
struct AssentOptions: ParsableArguments {
    @Flag(help: "Say what would be done; send nothing but readings.")
    var dryRun = false

    @Option(help: "Why, for the audit log.")
    var reason: String?

    @Option(
        help: "The name of a protected server, as a typed confirmation; may be given several times.",
        completion: Candidates.servers)
    var serverName: [String] = []

    @Flag(help: "Don't ask.")
    var yes = false

    @Flag(help: "One result a line, as JSON.")
    var json = false
}

/// What every operation takes.
struct OperationOptions: ParsableArguments {
    @Argument(help: "SERVER:ID or SERVER:/path; - reads items from standard input.", completion: Candidates.items)
    var items: [String] = []

    @Option(help: "Only if this is the holder.", completion: Candidates.holders)
    var expectHolder: String?

    @Option(help: "Only if it is this lock: the identity that ls --json and show print.")
    var expectLock: String?

    @OptionGroup var assent: AssentOptions

    func wish(_ operation: Operation) -> Wish {
        Wish(
            operation, expectedHolder: expectHolder, expecting: Expectation(expectLock.map(LockIdentity.init(digest:))),
            reason: assent.reason, isRehearsal: assent.dryRun)
    }
}

/// Lengths of time on the command line.
enum Lengths {
    private static let longest = 36_500 * 86_400.0

    static func seconds(_ text: String) throws -> Double {
        guard let seconds = DurationText.parse(text), seconds > 0 else {
            throw ValidationError("\(text) is no length of time: write 30s, 10m, 2h or 1d.")
        }
        guard seconds <= longest else {
            throw ValidationError("\(text) is too long: at most 36500d, a hundred years, can be asked for.")
        }
        return seconds
    }
}
