// SPDX-License-Identifier: MIT
import CPseudoTerminal
public import Canvas
import Glibc

/// A program on a terminal of its own, with a virtual screen that shows what a person would see.
///
/// For one test at a time. The program is killed when the value goes.
public final class PseudoTerminal {
    /// How a program ended.
    public enum ExitStatus: Hashable, Sendable {
        /// It left with this code.
        case code(Int32)
        /// This signal ended it.
        case signal(Int32)

        /// What a shell puts into `$?`.
        public var shellStatus: Int32 {
            switch self {
            case .code(let code): code
            case .signal(let signal): 128 + signal
            }
        }
    }

    /// What went wrong, with the screen at that time.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence and the screen.
        public let description: String
    }

    /// What the program has drawn so far, as far as it was read.
    public private(set) var screen: VirtualScreen
    /// Every byte the program wrote.
    public private(set) var rawBytes: [UInt8] = []
    /// The process, for what is not here.
    public var process: Int32 { terminal.process }
    private var terminal = cpt_terminal()
    private var status: ExitStatus?
    private var lastKey: ContinuousClock.Instant?
    private var lastWasEscape = false

    /// Starts a program. The environment is all it gets, but for the setting that keeps Swift's crash reporter quiet.
    public init(
        program: String, arguments: [String] = [], environment: [String: String] = [:],
        size: Size = Size(columns: 80, rows: 24), directory: String? = nil
    ) throws {
        screen = VirtualScreen(size: size)
        var variables = environment
        variables["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        var settings = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        let code = unsafe cpt_start(
            &terminal, program, &words, &settings, directory ?? "", Int32(size.columns), Int32(size.rows))
        unsafe (words + settings).forEach { unsafe free($0) }
        guard code == 0 else { throw Failure(description: "\(program) did not start: errno \(code)") }
    }

    deinit {
        if status == nil, terminal.process > 0 {
            kill(terminal.process, SIGKILL)
            _ = cpt_wait(-1, terminal.exited, 5_000)
            _ = cpt_status(terminal.process)
        }
        for file in [terminal.master, terminal.slave, terminal.exited] where file >= 0 { Glibc.close(file) }
    }

    /// How many bytes the program has written.
    public var byteCount: Int { rawBytes.count }

    /// Whether the terminal's flags are as they were before the program started.
    public var isRestored: Bool { unsafe cpt_is_restored(&terminal) }

    /// Types text as a person does, a key at a time; control characters are keys, sequences stay whole.
    public func type(_ text: String) {
        if text.dropFirst().contains("\u{1b}") || (text.first == "\u{1b}" && text.count > 1) {
            press(person: Array(text.utf8))
        } else {
            for character in text { press(person: Array(character.utf8)) }
        }
    }

    /// Lets the time pass that a person needs to the next key: whoever measures how long a key takes begins after it.
    public func moveFinger() {
        let gap: Duration = .milliseconds(lastWasEscape ? 150 : 10)
        while let rest = lastKey.map({ ContinuousClock.now.duration(to: $0.advanced(by: gap)) }), rest > .zero {
            pump(milliseconds: Int32(rest / .milliseconds(1)) + 1)
        }
    }

    /// Nobody types faster than this; the program takes what does for a paste, and what follows Esc at once for Alt.
    private func press(person bytes: [UInt8]) {
        moveFinger()
        press(bytes)
        lastKey = .now
        lastWasEscape = bytes == [0x1b]
    }

    /// Sends bytes as they are, together.
    public func press(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(terminal.master, $0.baseAddress, $0.count) }
            if count > 0 { rest = rest.dropFirst(count) }
            if count < 0 {
                guard errno == EAGAIN || errno == EINTR else { return }
                pump(milliseconds: 5)
            }
        }
    }

    /// Presses a key as xterm sends it; a paste comes in its brackets.
    public func press(_ key: Key) { press(person: Array(key.xterm.utf8)) }

    /// Gives the terminal another size, which the program hears of.
    public func resize(_ size: Size) {
        pump(milliseconds: 0)
        screen.resize(size)
        cpt_resize(terminal.master, Int32(size.columns), Int32(size.rows))
    }

    /// Sends a signal to the program.
    public func send(signal: Int32) { kill(terminal.process, signal) }

    /// When something came last, before it was looked at: what the reader itself costs is no time of the program's.
    public private(set) var lastRead = ContinuousClock.now

    /// Sets the terminal's flags as they were before the program started, as a shell does when a program stops.
    public func cook() { unsafe cpt_cook(&terminal) }

    /// Waits without reading until the program can write no more.
    public func waitUntilStuck(within seconds: Double = 10) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while !cpt_is_stuck(terminal.slave) {
            guard ContinuousClock.now < deadline else { throw failure("Not stuck within \(seconds) s") }
            _ = cpt_wait(-1, terminal.exited, 5)
        }
    }

    /// Takes the terminal away from the program.
    public func hangUp() {
        close(terminal.slave)
        close(terminal.master)
        terminal.slave = -1
        terminal.master = -1
    }

    /// Reads until the condition holds; fails with the screen when it does not within so many seconds.
    public func waitUntil(
        _ what: String, within seconds: Double = 10, _ condition: (VirtualScreen) -> Bool
    ) throws {
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while !condition(screen) {
            guard ContinuousClock.now < deadline else { throw failure("Not within \(seconds) s: \(what)") }
            let event = pump(milliseconds: 20)
            if event & 2 != 0, event & 1 == 0, !condition(screen) {
                throw failure("The program ended before: \(what)")
            }
        }
    }

    /// Like `waitUntil`, without holding a thread meanwhile: for programs that talk to a server in this very process.
    public func see(
        _ what: String, within seconds: Double = 20, _ condition: (VirtualScreen) -> Bool
    ) async throws {
        do {
            try await eventually(what, within: .seconds(seconds)) {
                let event = pump(milliseconds: 0)
                if condition(screen) { return true }
                if event & 2 != 0, event & 1 == 0 { throw failure("The program ended before: \(what)") }
                return false
            }
        } catch is NeverHappened {
            throw failure("Not within \(seconds) s: \(what)")
        }
    }

    /// Like `waitForExit`, without holding a thread meanwhile.
    @discardableResult
    public func ending(within seconds: Double = 20) async throws -> ExitStatus {
        if let status { return status }
        do {
            try await eventually("the end", within: .seconds(seconds)) { pump(milliseconds: 0) & 2 != 0 }
        } catch {
            throw failure("Still running after \(seconds) s")
        }
        while pump(milliseconds: 0) & 1 != 0 {}
        return takeStatus()
    }

    /// Reads until the program has been silent for so long: for what must *not* happen, and for byte counts.
    public func settle(milliseconds: Int32 = 50) { while pump(milliseconds: milliseconds) & 1 != 0 {} }

    /// Lets time pass while the program draws what it wants, for pauses between bytes.
    public func idle(milliseconds: Int32) {
        let end = ContinuousClock.now.advanced(by: .milliseconds(Int64(milliseconds)))
        while ContinuousClock.now < end {
            pump(milliseconds: max(1, Int32(ContinuousClock.now.duration(to: end) / .milliseconds(1))))
        }
    }

    /// Reads on until the program ends; fails when it does not within so many seconds.
    @discardableResult
    public func waitForExit(within seconds: Double = 10) throws -> ExitStatus {
        if let status { return status }
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while pump(milliseconds: 20) & 2 == 0 {
            guard ContinuousClock.now < deadline else { throw failure("Still running after \(seconds) s") }
        }
        while pump(milliseconds: 0) & 1 != 0 {}
        return takeStatus()
    }

    /// Waits for the end without reading anything, as a terminal that is stuck does.
    @discardableResult
    public func waitForExitUnread(within seconds: Double = 10) throws -> ExitStatus {
        if let status { return status }
        guard cpt_wait(-1, terminal.exited, Int32(seconds * 1_000)) & 2 != 0 else {
            throw failure("Still running after \(seconds) s, its output unread")
        }
        return takeStatus()
    }

    private func takeStatus() -> ExitStatus {
        let raw = cpt_status(terminal.process)
        let result: ExitStatus = raw & 0x7f == 0 ? .code(raw >> 8 & 0xff) : .signal(raw & 0x7f)
        status = result
        return result
    }

    /// The processor time the program has used, in clock ticks (100 a second); `nil` when it is gone.
    public var processorTicks: Int? {
        guard let text = try? readText("/proc/\(terminal.process)/stat"), let end = text.lastIndex(of: ")") else {
            return nil
        }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13]) else { return nil }
        return user + system
    }

    @discardableResult
    private func pump(milliseconds: Int32) -> Int32 {
        let event = cpt_wait(terminal.master, terminal.exited, milliseconds)
        guard event & 1 != 0 else { return event }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(terminal.master, $0.baseAddress, $0.count) }
        guard count > 0 else { return event & ~1 }
        lastRead = .now
        rawBytes += buffer[..<count]
        screen.feed(buffer[..<count])
        return event
    }

    private func failure(_ sentence: String) -> Failure {
        let rows = screen.lines.map { "|" + $0 }.joined(separator: "\n")
        return Failure(description: "\(sentence)\n\(rows)\nunknown sequences: \(screen.unknownSequences)")
    }
}

extension Key {
    /// The characters that xterm sends for the key.
    var xterm: String {
        switch self {
        case .character(let character): String(character)
        case .control(" "): "\0"
        case .control(let character): String(decoding: [(character.asciiValue ?? 0) & 0x1f], as: UTF8.self)
        case .function(let number): Self.functions[number] ?? ""
        case .paste(let text): "\u{1b}[200~\(text)\u{1b}[201~"
        case .mouse(let mouse): mouse.xterm
        default: Self.caps[self] ?? ""
        }
    }

    private static let caps: [Key: String] = [
        .up: "\u{1b}OA", .down: "\u{1b}OB", .right: "\u{1b}OC", .left: "\u{1b}OD", .home: "\u{1b}OH",
        .end: "\u{1b}OF", .pageUp: "\u{1b}[5~", .pageDown: "\u{1b}[6~", .insert: "\u{1b}[2~",
        .delete: "\u{1b}[3~", .backspace: "\u{7f}", .tab: "\t", .backTab: "\u{1b}[Z", .enter: "\r",
        .escape: "\u{1b}",
    ]

    private static let functions: [Int: String] = [
        1: "\u{1b}OP", 2: "\u{1b}OQ", 3: "\u{1b}OR", 4: "\u{1b}OS", 5: "\u{1b}[15~", 6: "\u{1b}[17~",
        7: "\u{1b}[18~", 8: "\u{1b}[19~", 9: "\u{1b}[20~", 10: "\u{1b}[21~", 11: "\u{1b}[23~", 12: "\u{1b}[24~",
    ]
}

extension Mouse {
    fileprivate var xterm: String {
        let place = "\(position.column + 1);\(position.row + 1)"
        let press = "\u{1b}[<0;\(place)M"
        let release = "\u{1b}[<0;\(place)m"
        return switch kind {
        case .press: press + release
        case .doubleClick: press + release + press + release
        case .wheelUp: "\u{1b}[<64;\(place)M"
        case .wheelDown: "\u{1b}[<65;\(place)M"
        }
    }
}
