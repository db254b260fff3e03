// SPDX-License-Identifier: MIT
import Synchronization
import Testing

@testable import LockSystems

@Suite("How many locks of a Plone are read alone")
struct PloneRationTests {
    /// A clock that a test moves.
    private final class Clock: Sendable {
        private let start = ContinuousClock.now
        private let passed = Mutex(Duration.zero)
        var now: ContinuousClock.Instant { start + passed.withLock(\.self) }
        func pass(_ seconds: Double) { passed.withLock { $0 += .seconds(seconds) } }
    }

    private let clock = Clock()

    /// So many as come at `rate` locks a second, five seconds after each other.
    private func rounds(_ count: Int, weighing bytes: Int, rate: Double, of rounds: Int) -> [Int] {
        let ration = PloneRation { [clock] in clock.now }
        return (0..<rounds).map { _ in
            let singles = ration.singles(of: count, weighing: bytes)
            guard singles > 0 else { return 0 }
            let seconds = Double(singles) / rate
            clock.pass(seconds)
            ration.took(.seconds(seconds), for: singles)
            clock.pass(5)
            return singles
        }
    }

    @Test("Light documents come by a search, of heavy ones all locks are read alone")
    func weights() {
        #expect(rounds(50, weighing: 0, rate: 100, of: 3) == [0, 0, 0])
        #expect(rounds(50, weighing: 2_048, rate: 100, of: 3) == [0, 0, 0])
        #expect(rounds(50, weighing: 16_385, rate: 1, of: 3) == [50, 50, 50])
    }

    @Test(
        "Of others as many are as come within half a second",
        arguments: [
            (1.0, [8, 4, 4, 4, 4]), (10.0, [8, 5, 5, 5, 5]), (20.0, [8, 8, 8, 8, 8]), (45.0, [8, 16, 16, 16, 16]),
            (1_000.0, [8, 16, 32, 50, 50]),
        ])
    func others(rate: Double, singles: [Int]) {
        #expect(rounds(50, weighing: 2_300, rate: rate, of: 5) == singles)
    }

    @Test("What is read shortly after comes by a search: a request a lock, and there may be only so many")
    func pause() {
        let ration = PloneRation { [clock] in clock.now }
        #expect(ration.singles(of: 5, weighing: 4_000) == 5)
        ration.took(.seconds(0.3), for: 5)
        for _ in 0..<4 {
            #expect(ration.singles(of: 50, weighing: 4_000) == 0)
            clock.pass(0.5)
        }
        #expect(ration.singles(of: 50, weighing: 4_000) == 8)
    }
}
