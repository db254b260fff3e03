// SPDX-License-Identifier: MIT
import Canvas
import Glibc
import Synchronization

/// Writing to the two standard streams.
enum Out {
    /// Why standard output takes no more, as `errno`; 0 while it does.
    private static let broken = Mutex<Int32>(0)

    /// Whether standard output takes no more: whoever read it has left, the disk is full, or it was never there.
    static var isBroken: Bool { broken.withLock { $0 != 0 } }

    /// Fills the places of streams that the program was started without. Else the next file or connection that is
    /// opened would be one of them, and the answer would be written into it.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for stream in Int32(0)..<3 where fcntl(stream, F_GETFD) < 0 {
            // The wrong way round, so that using it fails as on a closed one.
            _ = unsafe open("/dev/null", stream == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    /// A line of the answer.
    static func line(_ text: String) { write(text + "\n", to: 1) }

    /// A sentence for the person, never part of the answer. Server text in it can't act on the terminal.
    static func say(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Text.clean(String($0)) }
        write("locktop: " + lines.joined(separator: "\n") + "\n", to: 2)
    }

    static func write(_ text: String, to descriptor: Int32) {
        if descriptor == 1, isBroken { return }
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let written = unsafe Glibc.write(
                    descriptor, bytes.baseAddress.map { unsafe $0 + start }, bytes.count - start)
                if written > 0 {
                    start += written
                    continue
                }
                let error = written < 0 ? errno : EIO
                if error == EINTR { continue }
                if error == EAGAIN, waitUntilWritable(descriptor) { continue }
                if descriptor == 1 { broken.withLock { $0 = error } }
                return
            }
        }
    }

    /// The code to end with: an answer that was not written down is no success, and says why. A reader that left early,
    /// as `head` does, has what it wanted.
    static func ending(_ code: Int32) -> Int32 {
        let error = broken.withLock(\.self)
        guard error != 0, error != EPIPE else { return code }
        let reason = unsafe String(cString: strerror(error))
        say("the output could not be written: \(reason). Make room for it, or send it elsewhere.")
        return code == 0 ? 1 : code
    }

    /// How many columns the terminal has that is written to; `nil` where there is none.
    static var columns: Int? {
        var size = winsize()
        guard isTerminal(1), unsafe ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    private static func waitUntilWritable(_ descriptor: Int32) -> Bool {
        var on = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&on, 1, -1) > 0 || errno == EINTR
    }
}
