// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// The clocks that transports look at, so that a test can hand them its own.
public struct TimeSource: Sendable {
    /// The clock for spans and deadlines.
    public let now: @Sendable () -> ContinuousClock.Instant
    /// The clock on the wall, which a server's `Date` is compared with.
    public let wall: @Sendable () -> Date
    /// Waits until an instant; throws `CancellationError` when the task is cancelled.
    public let sleep: @Sendable (ContinuousClock.Instant) async throws -> Void

    /// Clocks of one's own.
    public init(
        now: @escaping @Sendable () -> ContinuousClock.Instant, wall: @escaping @Sendable () -> Date,
        sleep: @escaping @Sendable (ContinuousClock.Instant) async throws -> Void
    ) {
        self.now = now
        self.wall = wall
        self.sleep = sleep
    }

    /// The machine's clocks.
    public static let machine = TimeSource(
        now: { .now }, wall: { Date() }, sleep: { try await Task.sleep(until: $0, clock: .continuous) })
}
