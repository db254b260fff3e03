// SPDX-License-Identifier: MIT
import CPseudoTerminal
import Glibc

/// A program on pipes: what a script sees of it. For one test at a time; it is killed when the value goes.
public final class Program {
    /// How it ended and what it wrote.
    public struct Ending: Sendable, CustomStringConvertible {
        /// What a shell puts into `$?`: 128 and the signal's number when one ended it.
        public let status: Int32
        /// Standard output.
        public let output: String
        /// Standard error.
        public let errors: String

        /// All of it, for failures.
        public var description: String { "status \(status)\n--- output\n\(output)--- errors\n\(errors)---" }

        /// The lines of standard output.
        public var lines: [String] { output.split(whereSeparator: \.isNewline).map(String.init) }
    }

    /// A stream that the program does not have at all.
    public enum Stream: Int32, Sendable {
        /// Standard input.
        case input = 1
        /// Standard output.
        case output = 2
        /// Standard error.
        case errors = 4
    }

    /// What went wrong, with what the program has written by then.
    public struct Failure: Error, CustomStringConvertible {
        /// The sentence and both streams.
        public let description: String
    }

    /// What it has written to standard output by now.
    public private(set) var output: [UInt8] = []
    /// What it has written to standard error by now.
    public private(set) var errors: [UInt8] = []
    /// The process, for what is not here.
    public var process: Int32 { program.process }
    private var program = cpt_program()
    private var isOver = false

    /// Starts it. The environment is all that it gets, but for the setting that keeps Swift's crash reporter quiet.
    public init(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], directory: String? = nil,
        without: [Stream] = []
    ) throws {
        var variables = environment
        variables["SWIFT_BACKTRACE"] = "enable=no"
        var words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
        var settings = unsafe variables.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        let closed = without.reduce(Int32(0)) { $0 | $1.rawValue }
        let code = unsafe cpt_spawn(&program, path, &words, &settings, directory ?? "", closed)
        unsafe (words + settings).forEach { unsafe free($0) }
        guard code == 0 else { throw Failure(description: "\(path) did not start: errno \(code)") }
    }

    deinit {
        if !isOver, program.process > 0 {
            kill(program.process, SIGKILL)
            var status: Int32 = 0
            unsafe waitpid(program.process, &status, 0)
        }
        for file in [program.input, program.output, program.errors, program.exited] where file >= 0 { close(file) }
    }

    /// Runs it to its end, with this text as all of its standard input.
    public static func run(
        _ path: String, _ arguments: [String] = [], environment: [String: String] = [:], input: String = "",
        directory: String? = nil, without: [Stream] = [], within seconds: Double = 30
    ) async throws -> Ending {
        let program = try Program(
            path, arguments, environment: environment, directory: directory, without: without)
        program.write(input)
        program.closeInput()
        return try await program.finish(within: seconds)
    }

    /// Writes to its standard input; what does not fit into the pipe is lost.
    public func write(_ text: String) {
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { _ = unsafe Glibc.write(program.input, $0.baseAddress, $0.count) }
    }

    /// Ends its standard input.
    public func closeInput() {
        if program.input >= 0 { close(program.input) }
        program.input = -1
    }

    /// Stops reading its standard output, as `head` does.
    public func closeOutput() {
        close(program.output)
        program.output = -1
    }

    /// Sends it a signal.
    public func send(signal: Int32) { kill(program.process, signal) }

    /// Waits until the condition holds for what it wrote to standard output.
    public func waitUntil(_ what: String, within seconds: Double = 20, _ condition: (String) -> Bool) async throws {
        try await wait(what, within: seconds) { condition(String(decoding: output, as: UTF8.self)) }
    }

    /// Waits until the condition holds for what it wrote to standard error.
    public func waitUntilErrors(
        _ what: String, within seconds: Double = 20, _ condition: (String) -> Bool
    ) async throws {
        try await wait(what, within: seconds) { condition(String(decoding: errors, as: UTF8.self)) }
    }

    private func wait(_ what: String, within seconds: Double, _ condition: () -> Bool) async throws {
        do {
            try await eventually(what, within: .seconds(seconds)) {
                let event = pump()
                if condition() { return true }
                if event & 2 != 0, event & 1 == 0 { throw Failure(description: "It ended before: \(what)") }
                return false
            }
        } catch {
            throw Failure(description: "\(error)\n\(ending(-1))")
        }
    }

    /// Reads on until it ends.
    public func finish(within seconds: Double = 30) async throws -> Ending {
        do {
            try await eventually("the end of the program", within: .seconds(seconds)) { pump() & 2 != 0 }
        } catch {
            throw Failure(description: "\(error)\n\(ending(-1))")
        }
        var raw: Int32 = 0
        unsafe waitpid(program.process, &raw, 0)
        isOver = true
        while pump() & 1 != 0 {}
        return ending(raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f)
    }

    private func ending(_ status: Int32) -> Ending {
        Ending(
            status: status, output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self))
    }

    // Never blocks: the servers that the program talks to may need this very thread.
    private func pump() -> Int32 {
        var event = unsafe cpt_wait_program(&program, 0)
        guard event & 1 != 0 else { return event }
        let count = Self.read(&program.output, into: &output) + Self.read(&program.errors, into: &errors)
        if count == 0 { event &= ~1 }
        return event
    }

    private static func read(_ file: inout Int32, into bytes: inout [UInt8]) -> Int {
        guard file >= 0 else { return 0 }
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress, $0.count) }
            if count > 0 {
                bytes += buffer[..<count]
                total += count
                continue
            }
            if count == 0 {
                close(file)
                file = -1
            }
            return total
        }
    }
}
