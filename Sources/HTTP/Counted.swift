// SPDX-License-Identifier: MIT
import FoundationEssentials
import Synchronization

/// Counts what goes to one server, and how long it takes.
public final class Counted: Transport {
    /// The numbers so far.
    public struct Counts: Hashable, Sendable {
        /// Requests that were begun.
        public var requests = 0
        /// Requests without an answer, cancelled ones not among them.
        public var errors = 0
        /// Answers by which the server asked to be left alone for a while.
        public var throttled = 0
        /// Bytes of the requests' bodies.
        public var bytesSent = 0
        /// Bytes of the answers' bodies, after decompression.
        public var bytesReceived = 0
        /// The median time to a whole answer, of the last nine; `nil` before the first.
        public var roundTrip: Duration?

        /// Nothing yet.
        public init() {}
    }

    private struct State {
        var counts = Counts()
        var roundTrips: [Duration] = []
    }

    private let base: any Transport
    private let time: TimeSource
    private let state = Mutex(State())

    /// A counter around a transport.
    public init(_ base: any Transport, time: TimeSource) {
        self.base = base
        self.time = time
    }

    /// The numbers so far.
    public var counts: Counts { state.withLock { $0.counts } }

    /// Sends the request and counts it.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        let start = time.now()
        state.withLock { state in
            state.counts.requests += 1
            state.counts.bytesSent += request.body?.count ?? 0
        }
        do {
            let response = try await base.send(request, deadline: deadline)
            // What waits for a connection in the network is not the server's time.
            note(response, took: response.took ?? time.now() - start)
            return response
        } catch {
            if !(error is CancellationError) { state.withLock { $0.counts.errors += 1 } }
            throw error
        }
    }

    private func note(_ response: Response, took span: Duration) {
        state.withLock { state in
            state.counts.bytesReceived += response.body.count
            if [429, 503, 509].contains(response.status) { state.counts.throttled += 1 }
            Self.keep(span, in: &state.roundTrips)
            state.counts.roundTrip = Self.median(state.roundTrips)
        }
    }

    private static func keep(_ span: Duration, in spans: inout [Duration]) {
        spans.append(span)
        if spans.count > 9 { spans.removeFirst() }
    }

    private static func median(_ spans: [Duration]) -> Duration? {
        spans.isEmpty ? nil : spans.sorted()[spans.count / 2]
    }
}
