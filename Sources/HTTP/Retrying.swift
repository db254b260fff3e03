// SPDX-License-Identifier: MIT

/// Sends a reading once more when its connection was lost, after a short wait. A change or a sign-in is never repeated,
/// nor is what had an answer: 429 and 503 are for the caller to heed.
///
/// It belongs around the limits, not inside them: a repetition takes its turn and counts against the budget as any other
/// request, and nobody holds a connection while it waits.
public struct Retrying: Transport {
    private let base: any Transport
    private let times: Int
    private let pause: Duration
    private let time: TimeSource
    private let random: @Sendable () -> Double

    /// Repetition around a transport.
    /// - Parameters:
    ///   - times: how many repetitions at most.
    ///   - pause: the wait before the first; it doubles, and a half of it is left to chance.
    ///   - random: a number from 0 to 1.
    public init(
        _ base: any Transport, times: Int = 1, pause: Duration = .milliseconds(200), time: TimeSource,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.base = base
        self.times = times
        self.pause = pause
        self.time = time
        self.random = random
    }

    /// Sends the request, and again if that is allowed and helps.
    public func send(_ request: Request, deadline: ContinuousClock.Instant) async throws -> Response {
        var pause = pause
        for _ in 0..<max(0, times) where request.purpose == .read {
            do {
                return try await base.send(request, deadline: deadline)
            } catch let error as TransportError where Self.isWorthwhile(error) {
                let next = time.now() + pause * (0.5 + random() / 2)
                guard next < deadline else { throw error }
                try await time.sleep(next)
                pause *= 2
            }
        }
        return try await base.send(request, deadline: deadline)
    }

    private static func isWorthwhile(_ error: TransportError) -> Bool {
        error.code == .connectionLost || (error.code == .refused && error.surelyNotSent)
    }
}
