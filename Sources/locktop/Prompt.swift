// SPDX-License-Identifier: MIT
import Glibc

/// Asking on the terminal. A signal ends the waiting at once, and the terminal is as it was.
enum Prompt {
    /// A line that does not show while it is typed; without a terminal, a line of standard input.
    static func secret(_ question: String) throws -> String {
        guard let line = try hidden(question), !line.isEmpty else {
            let hint = Out.isTerminal(0) ? "" : " Without a terminal it is the first line of standard input."
            throw Problem.usage("No password was given.\(hint)")
        }
        return line
    }

    /// A line that shows, as the answer to a question; `nil` at the end of the input.
    static func line(_ question: String) throws -> String? {
        Out.write(question, to: 2)
        return try read()
    }

    /// The next line of standard input, without a question.
    static func next() throws -> String? { try read() }

    private static func hidden(_ question: String) throws -> String? {
        var old = termios()
        guard unsafe tcgetattr(0, &old) == 0 else { return try read() }
        // From here on the signals are ours, so none can end the program before the terminal is as it was.
        Interrupt.watchQuit()
        let before = old
        Interrupt.leavingAtOnce { restore(before) }
        var hidden = old
        hidden.c_lflag &= ~tcflag_t(ECHO)
        // ^Z would leave the shell without its echo.
        let stopping = signal(SIGTSTP, SIG_IGN)
        unsafe tcsetattr(0, TCSAFLUSH, &hidden)
        defer {
            restore(before)
            _ = signal(SIGTSTP, stopping)
            Interrupt.leavingAtOnce(nil)
            Out.write("\n", to: 2)
        }
        Out.write(question, to: 2)
        return try read()
    }

    private static func restore(_ flags: termios) {
        var flags = flags
        unsafe tcsetattr(0, TCSANOW, &flags)
    }

    /// A pipe that has something in it once a signal came.
    private static let wake: (read: Int32, write: Int32) = {
        var ends: [Int32] = [-1, -1]
        _ = unsafe pipe(&ends)
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        let end = ends[1]
        Interrupt.onSignal { _ = unsafe write(end, "x", 1) }
        return (ends[0], end)
    }()

    /// Reads byte by byte, so that what is behind the line stays for whoever reads next.
    private static func read() throws -> String? {
        let files = [0, wake.read]
        var line: [UInt8] = []
        while true {
            var waiting = files.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            if Interrupt.signal != 0 || Task.isCancelled { throw CancellationError() }
            guard unsafe poll(&waiting, 2, -1) > 0, waiting[1].revents == 0 else { continue }
            var byte: UInt8 = 0
            let count = unsafe Glibc.read(0, &byte, 1)
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
            if byte == 0x0a {
                if line.last == 0x0d { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            line.append(byte)
        }
    }
}
