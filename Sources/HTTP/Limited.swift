// SPDX-License-Identifier: MIT
import Synchronization

/// Keeps requests to one server within a number at a time and within a budget a second, in the order of asking.
///
/// The budget binds readings. What changes something or signs in, and what runs inside `Limited.$isUrgent`, goes past it and to the
/// front of the queue for a connection; the number at a time binds all.
public final class Limited: Transport {
    /// Whether requests of this task are for a person who waits: an operation and its readings.
    @TaskLocal public static var isUrgent = false

    private let base: any Transport
    private let time: TimeSource
    /// The connections to one server, which several limits may have to share.
    public struct Connections: Sendable {
        fileprivate let turns: TurnQueue
        /// How many requests may be under way.
        public let requests: Int

        /// So many, at least one, and no more requests than that.
        public init(_ number: Int) {
            requests = max(1, number)
            turns = TurnQueue(requests)
        }

        /// Half as many requests more than connections: these wait where the connections are, so that each has something
        /// to do the moment it is free, and not only when two more threads have woken. Not beside a budget, which counts
        /// a request when it gets its turn.
        public static func keptBusy(_ number: Int) -> Connections { Connections(max(1, number) * 3 / 2) }
    }

    private let connections: TurnQueue
    /// One at a time asks the budget, so that it is exact and in order, and nobody sleeps on a connection.
    private let gate = TurnQueue(1)
    private let budget: Mutex<Budget>

    /// A limit around a transport.
    /// - Parameters:
    ///   - connections: the most requests at a time, at least one.
    ///   - perSecond: the most requests in any second; below one, one in the longer span; `nil`: no budget.
    public convenience init(_ base: any Transport, connections: Int, perSecond: Double?, time: TimeSource) {
        self.init(base, sharing: Connections(connections), perSecond: perSecond, time: time)
    }

    /// A limit that shares its connections with others.
    public init(_ base: any Transport, sharing connections: Connections, perSecond: Double?, time: TimeSource) {
        self.base = base
        self.time = time
        self.connections = connections.turns
        budget = Mutex(Budget(perSecond: perSecond))
    }

    /// The most requests in any second. Setting it holds from the next request on.
    public var perSecond: Double? {
        get { budget.withLock { $0.perSecond } }
        set { budget.withLock { $0.perSecond = newValue } }
    }

    /// How many requests wait for their turn.
    public var waiting: Int { gate.waiting + connections.waiting }

    /// Sends the request when it is its turn.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        try await enter(request, deadline)
        defer { connections.give() }
        return try await base.send(request, deadline: deadline)
    }

    private func enter(_ request: Request, _ deadline: ContinuousClock.Instant) async throws {
        guard request.purpose == .read, !Self.isUrgent else {
            return try await takeConnection(urgent: true, deadline)
        }
        guard try await gate.take(urgent: false, deadline: deadline, time: time) else { throw late(request) }
        defer { gate.give() }
        while true {
            let start = budget.withLock { $0.start(after: time.now()) }
            guard start > time.now() else { break }
            guard start < deadline else { throw late(request) }
            try await time.sleep(start)
        }
        try await takeConnection(urgent: false, deadline)
        let now = time.now()
        budget.withLock { $0.record(now) }
    }

    private func takeConnection(urgent: Bool, _ deadline: ContinuousClock.Instant) async throws {
        guard try await connections.take(urgent: urgent, deadline: deadline, time: time) else {
            throw TransportError(
                .timedOut, "All connections to the server were busy until the deadline.", surelyNotSent: true)
        }
    }

    private func late(_ request: Request) -> TransportError {
        TransportError(
            .timedOut, "The request budget left no room for this request before its deadline.", surelyNotSent: true)
    }
}

/// The starts of the last requests: as many as may begin within one span.
struct Budget: Sendable {
    var perSecond: Double?
    private var starts: [ContinuousClock.Instant] = []

    init(perSecond: Double?) { self.perSecond = perSecond }

    /// When the next request may begin.
    func start(after now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        guard let (count, span) = limit, starts.count >= count else { return now }
        return max(now, starts[starts.count - count] + span)
    }

    mutating func record(_ start: ContinuousClock.Instant) {
        guard let (count, _) = limit else { return starts.removeAll() }
        starts.append(start)
        // Twice as many, so that not every request moves them all.
        if starts.count > 2 * count { starts.removeFirst(starts.count - count) }
    }

    /// 2.5 a second: two in 0.8 s. 0.5 a second: one in 2 s.
    private var limit: (count: Int, span: Duration)? {
        guard let perSecond, perSecond > 0, perSecond.isFinite else { return nil }
        let count = max(1, Int(min(perSecond, 1_000_000)))
        return (count, .seconds(min(Double(count) / perSecond, 3600)))
    }
}
