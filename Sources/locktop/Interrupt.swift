// SPDX-License-Identifier: MIT
import Dispatch
import Glibc
import Synchronization

/// Where the handler of signals writes their numbers; -1 until there is such a place.
private let signalPipe = Atomic<Int32>(-1)

/// Signals that end a command that has no screen: what was begun is given back before it ends.
///
/// The handlers are our own: Dispatch's sources lose signals that come together, or let them kill the program.
enum Interrupt {
    private struct State: Sendable {
        var signal: Int32 = 0
        var actions: [@Sendable () -> Void] = []
        var last: (@Sendable () -> Void)?
        var watched: Set<Int32> = []
    }
    private static let state = Mutex(State())

    /// The signal that came; 0: none.
    static var signal: Int32 { state.withLock(\.signal) }

    /// What to do when SIGINT, SIGTERM or SIGHUP comes; a second one ends the program at once.
    static func onSignal(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.actions.append(action) }
        for number in [SIGINT, SIGTERM, SIGHUP] { watch(number) }
    }

    /// What has to be put right before a second signal ends the program at once; `nil` when that is done.
    static func leavingAtOnce(_ action: (@Sendable () -> Void)?) { state.withLock { $0.last = action } }

    /// Counts ^\ among the signals from here on.
    static func watchQuit() { watch(SIGQUIT) }

    private static func watch(_ number: Int32) {
        _ = reader
        guard state.withLock({ $0.watched.insert(number).inserted }) else { return }
        let before = Glibc.signal(number) { number in
            let saved = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = unsafe write(signalPipe.load(ordering: .relaxed), &byte, 1)
            errno = saved
        }
        // Whoever started us so, as `nohup` does, wants it ignored.
        if unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self) {
            _ = Glibc.signal(number, SIG_IGN)
        }
    }

    /// A thread that does what a handler may not.
    private static let reader: Void = {
        var ends: [Int32] = [-1, -1]
        _ = unsafe pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        signalPipe.store(ends[1], ordering: .relaxed)
        let end = ends[0]
        DispatchQueue(label: "signals").async {
            while true {
                var byte: UInt8 = 0
                let count = unsafe read(end, &byte, 1)
                if count == 1 { received(Int32(byte)) } else if count == 0 || errno != EINTR { return }
            }
        }
    }()

    private static func received(_ number: Int32) {
        let (actions, last, isSecond) = state.withLock { state in
            let isSecond = state.signal != 0
            if !isSecond { state.signal = number }
            return (state.actions, state.last, isSecond)
        }
        if isSecond {
            last?()
            _exit(128 + number)
        }
        for action in actions { action() }
    }
}
