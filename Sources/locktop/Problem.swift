// SPDX-License-Identifier: MIT
import ArgumentParser
import Canvas
import Glibc

/// What ends a command before its work: a sentence, and the exit code that goes with it.
struct Problem: Error {
    let message: String
    let exitCode: Int32

    init(_ message: String, _ exitCode: Int32) {
        self.message = message
        self.exitCode = exitCode
    }

    /// EX_USAGE
    static func usage(_ message: String) -> Problem { Problem(message, 64) }
    /// EX_CONFIG
    static func configuration(_ message: String) -> Problem { Problem(message, 78) }
}

/// Writing to the two standard streams.
enum Out {
    /// A line of the answer. Whoever reads the pipe may leave early: then there is nobody to tell.
    static func line(_ text: String) { write(text + "\n", to: 1) }

    /// A sentence for the person, never part of the answer. Server text in it can't act on the terminal.
    static func say(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Text.clean(String($0)) }
        write("locktop: " + lines.joined(separator: "\n") + "\n", to: 2)
    }

    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let written = unsafe Glibc.write(
                    descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                start += written
            }
        }
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }
}

/// Runs asynchronous work from a command and ends the command as it says.
enum Run {
    /// Waits for work on the calling thread, which must not be one of the concurrent pool's.
    static func wait<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let done = Latch<Result<Value, any Error>>()
        let task = Task.detached {
            do { done.set(.success(try await work())) } catch { done.set(.failure(error)) }
        }
        Interrupt.onSignal { task.cancel() }
        return try done.get().get()
    }

    /// Runs a command's work; problems are said in a sentence, and become the exit code.
    static func command(_ work: @escaping @Sendable () async throws -> Int32) throws {
        do {
            let code = try wait(work)
            if Interrupt.signal != 0, code != 0 { throw ExitCode(128 + Interrupt.signal) }
            if code != 0 { throw ExitCode(code) }
        } catch let problem as Problem {
            Out.say(problem.message)
            throw ExitCode(problem.exitCode)
        } catch is CancellationError {
            throw ExitCode(Interrupt.signal == 0 ? 130 : 128 + Interrupt.signal)
        }
    }
}
