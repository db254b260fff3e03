// SPDX-License-Identifier: MIT
import Dispatch
import Glibc

/// A command that runs with our terminal, files and environment.
struct ChildProcess: Sendable {
    private let words: [String]

    init(_ words: [String]) { self.words = words }

    /// Starts it and calls back with its status, as a shell would tell it: 128 and the signal's number when one ended it.
    func run(_ end: @escaping @Sendable (Int32) -> Void) {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Threads of the pool block signals, and we ignore some: the command must get them as from a shell.
        var none = sigset_t()
        var defaults = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigemptyset(&defaults)
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&defaults, signal) }
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        Self.keepSocketsToOurselves()
        var pid = pid_t()
        let arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) } + [nil]
        defer { unsafe arguments.forEach { unsafe free($0) } }
        let error = unsafe posix_spawnp(&pid, words[0], nil, &attributes, arguments, environ)
        guard error == 0 else {
            Out.say("\(words[0]) can't be run: \(error == ENOENT ? "there is no such command" : "it may not be").")
            return end(error == ENOENT ? 127 : 126)
        }
        let child = pid
        Interrupt.onSignal { kill(child, Interrupt.signal) }
        DispatchQueue.global().async {
            var status: Int32 = 0
            while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
            let signal = status & 0x7f
            end(signal == 0 ? (status >> 8) & 0xff : 128 + signal)
        }
    }

    // A connection that is signed in is not the command's. What a shell handed down beyond the three streams is.
    private static func keepSocketsToOurselves() {
        for file in 3..<Int32(1_024) {
            var facts = stat()
            guard unsafe fstat(file, &facts) == 0, facts.st_mode & S_IFMT == S_IFSOCK else { continue }
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
    }
}
