// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import HTTP
import Synchronization

/// The time of a server and of its clients.
public protocol Clocks: Sendable {
    /// What the server's clock shows.
    var now: Date { get }
    /// What a client goes by whose own clock shows `wall`.
    func source(_ wall: @escaping @Sendable () -> Date) -> TimeSource
}

/// Clocks of a server that is not ours: they can't be moved. A day can't be waited for: of so much time only the clients
/// hear.
public final class RunningClocks: Clocks {
    private let ahead = Mutex(0.0)

    /// Clocks that show the machine's time.
    public init() {}

    private var skipped: Duration { .seconds(ahead.withLock(\.self)) }
    /// The machine's time, and what was said to have passed.
    public var now: Date { Date().addingTimeInterval(ahead.withLock(\.self)) }

    /// Waits for so many seconds, or says that they have passed.
    public func pass(_ seconds: Double) async throws {
        guard seconds <= 60 else { return ahead.withLock { $0 += seconds } }
        try await Task.sleep(for: .seconds(seconds))
    }

    /// The clock that nobody sets, moved on by what was said to have passed.
    public func source(_ wall: @escaping @Sendable () -> Date) -> TimeSource {
        TimeSource(
            now: { [self] in .now.advanced(by: skipped) }, wall: wall,
            sleep: { [self] in try await Task.sleep(until: $0.advanced(by: .zero - skipped), clock: .continuous) })
    }
}

/// Clocks that stand still until a test says that so many seconds have passed.
public final class StandingClocks: Clocks {
    private let start: Double
    private let passed = Mutex(0.0)

    /// Clocks that show so many seconds since 1970.
    public init(at start: Double) { self.start = start }

    /// Where they stand.
    public var now: Date { Date(timeIntervalSince1970: start + passed.withLock(\.self)) }

    /// Moves them on.
    public func pass(_ seconds: Double) { passed.withLock { $0 += seconds } }

    /// The clock that nobody sets, standing with the others.
    public func source(_ wall: @escaping @Sendable () -> Date) -> TimeSource {
        .standing { [self] in passed.withLock(\.self) }
    }
}

extension TimeSource {
    /// Clocks that stand still until a test says that so many seconds have passed. Who sleeps really waits.
    public static func standing(_ passed: @escaping @Sendable () -> Double) -> TimeSource {
        let begin = ContinuousClock.now
        let machine = TimeSource.machine
        return TimeSource(now: { begin + .seconds(passed()) }, wall: machine.wall, sleep: machine.sleep)
    }
}
