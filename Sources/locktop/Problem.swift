// SPDX-License-Identifier: MIT
import ArgumentParser

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
