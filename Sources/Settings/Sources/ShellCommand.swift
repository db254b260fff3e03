// SPDX-License-Identifier: MIT

internal import Dispatch
internal import Glibc
internal import Synchronization

/// One run of a shell command: it is given an input, and its output is kept.
struct ShellCommand: Sendable {
    static let outputLimit = 65_536
    static let errorLimit = 4_096

    private static let starting = Mutex(())

    let command: String
    let environment: [String: String]
    /// Seconds.
    let deadline: Double
    /// What it can read from its standard input; `nil`: nothing.
    var input: [UInt8]?

    /// What the command printed, if it ended with status 0 within the deadline.
    func output() async throws(SecretError) -> [UInt8] {
        let flag = CancellationFlag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Result<[UInt8], SecretError>, Never>) in
                // Waiting blocks a thread; those of the pool are too few for that.
                DispatchQueue.global().async { continuation.resume(returning: run(flag)) }
            }
        } onCancel: {
            flag.raise()
        }
        return try result.get()
    }

    private func run(_ flag: CancellationFlag) -> Result<[UInt8], SecretError> {
        do {
            let (child, input, output, errors) = try start()
            return wait(for: child, input, output: output, errors: errors, flag)
        } catch {
            return .failure(.commandNotStarted(reason: error.reason))
        }
    }

    private func start() throws(SystemError) -> (pid_t, InputPipe?, Pipe, Pipe) {
        // Between making a pipe and marking it, another child of ours would inherit it.
        try Self.starting.withLock { (_) throws(SystemError) in
            let output = try Pipe()
            let errors = try Pipe()
            var given: InputPipe?
            if let input { given = try InputPipe(input) }
            let child = try spawn(given, output: output, errors: errors)
            given?.closeReader()
            output.closeWriter()
            errors.closeWriter()
            return (child, given, output, errors)
        }
    }

    private func wait(
        for child: pid_t, _ input: InputPipe?, output: Pipe, errors: Pipe, _ flag: CancellationFlag
    ) -> Result<[UInt8], SecretError> {
        let clock = ContinuousClock()
        let end = clock.now + .seconds(deadline)
        var status: Int32 = 0
        // The end of the process counts, not of its output: something it left in the background may hold the pipe.
        while unsafe waitpid(child, &status, WNOHANG) == 0 {
            input?.feed()
            output.drain(limit: Self.outputLimit)
            errors.drain(limit: Self.errorLimit)
            guard clock.now < end, !flag.isRaised else {
                // The child leads a session, and so a group, of its own.
                kill(-child, SIGKILL)
                _ = waitpid(child, nil, 0)
                return .failure(flag.isRaised ? .cancelled : .commandTooSlow(seconds: deadline))
            }
            Pipe.waitForData(output, errors, milliseconds: 10)
        }
        output.drain(limit: Self.outputLimit)
        errors.drain(limit: Self.errorLimit)
        return result(status: status, output: output.bytes, errors: String(decoding: errors.bytes, as: UTF8.self))
    }

    private func result(status: Int32, output: [UInt8], errors: String) -> Result<[UInt8], SecretError> {
        // wait(2)'s macros, which Swift doesn't import.
        let signal = status & 0x7F
        let code = (status >> 8) & 0xFF
        if signal != 0 { return .failure(.commandKilled(signal: signal, standardError: errors)) }
        if code != 0 { return .failure(.commandFailed(status: code, standardError: errors)) }
        return .success(output)
    }

    private func spawn(_ input: InputPipe?, output: Pipe, errors: Pipe) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let input {
            unsafe posix_spawn_file_actions_adddup2(&actions, input.reader, 0)
        } else {
            unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        unsafe posix_spawn_file_actions_adddup2(&actions, output.writer, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors.writer, 2)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Threads of the pool block nearly all signals; a child would inherit that.
        var none = sigset_t()
        unsafe sigemptyset(&none)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        var all = sigset_t()
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let newSession: Int32 = 0x80
        let flags = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF) | newSession
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))

        var arguments = unsafe Self.strings(["/bin/sh", "-c", command])
        var variables = unsafe Self.strings(environment.map { "\($0.key)=\($0.value)" })
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        var child: pid_t = 0
        let code = unsafe posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, &variables)
        guard code == 0 else { throw SystemError(code: code) }
        return child
    }

    /// Copies for C, ended by a null; to be freed by the caller.
    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        var copies: [UnsafeMutablePointer<CChar>?] = unsafe []
        for text in texts { unsafe copies.append(strdup(text)) }
        unsafe copies.append(nil)
        return unsafe copies
    }
}

/// Raised once, seen from any thread.
private final class CancellationFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    var isRaised: Bool { raised.load(ordering: .acquiring) }

    func raise() {
        raised.store(true, ordering: .releasing)
    }
}

/// A pipe from a child; the reading end never blocks. Not for two threads.
private final class Pipe {
    private let reader: Int32
    private(set) var writer: Int32
    private(set) var bytes: [UInt8] = []
    private var isOpen = true

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        let result = unsafe pipe(&ends)
        reader = ends[0]
        writer = ends[1]
        guard result == 0 else { throw SystemError() }
        _ = fcntl(reader, F_SETFL, O_NONBLOCK)
        _ = fcntl(reader, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writer, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        closeWriter()
        if reader >= 0 { close(reader) }
    }

    func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Takes what is there; keeps `limit` bytes and drops the rest, so that the child never waits for us.
    func drain(limit: Int) {
        var chunk = [UInt8](repeating: 0, count: 8_192)
        // Bounded, or one that prints without end would keep us from looking at the clock; a full pipe fits twice.
        for _ in 0..<16 where isOpen {
            let count = unsafe read(reader, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return }
            if count == 0 { isOpen = false }
            bytes += chunk.prefix(min(count, limit - bytes.count))
        }
    }

    static func waitForData(_ one: Pipe, _ other: Pipe, milliseconds: Int32) {
        var descriptors = [one, other].map {
            // Negative ones are left out by poll: an ended pipe would wake us at once for ever.
            pollfd(fd: $0.isOpen ? $0.reader : -1, events: Int16(POLLIN), revents: 0)
        }
        _ = unsafe poll(&descriptors, nfds_t(descriptors.count), milliseconds)
    }
}

/// A pipe to a child; the writing end never blocks. Not for two threads.
private final class InputPipe {
    private(set) var reader: Int32
    private var writer: Int32
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        let result = unsafe pipe(&ends)
        reader = ends[0]
        writer = ends[1]
        rest = bytes[...]
        guard result == 0 else { throw SystemError() }
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        _ = fcntl(reader, F_SETFD, FD_CLOEXEC)
        _ = fcntl(writer, F_SETFD, FD_CLOEXEC)
    }

    deinit {
        closeReader()
        closeWriter()
    }

    func closeReader() {
        if reader >= 0 { close(reader) }
        reader = -1
    }

    private func closeWriter() {
        if writer >= 0 { close(writer) }
        writer = -1
    }

    /// Writes what fits; the end of the input comes once all is written, or the child reads no more.
    func feed() {
        guard writer >= 0 else { return }
        // A child that reads nothing must not end us, whatever this process makes of such signals.
        var (broken, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&broken)
        unsafe sigaddset(&broken, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &broken, &before)
        defer {
            var (none, now) = (timespec(), sigset_t())
            unsafe sigpending(&now)
            if unsafe sigismember(&now, SIGPIPE) == 1 { _ = unsafe sigtimedwait(&broken, nil, &none) }
            unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
        }
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(writer, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { return }
            if count < 0 { break }
            rest = rest.dropFirst(count)
        }
        closeWriter()
    }
}
