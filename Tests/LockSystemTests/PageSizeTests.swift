// SPDX-License-Identifier: MIT
import Locks
import Synchronization
import Testing

@testable import LockSystems

@Suite("How many items a server is asked for at a time")
struct PageSizeTests {
    /// A clock that a test moves.
    private final class Clock: Sendable {
        private let start = ContinuousClock.now
        private let passed = Mutex(Duration.zero)
        var now: ContinuousClock.Instant { start + passed.withLock(\.self) }
        func pass(_ seconds: Double) { passed.withLock { $0 += .seconds(seconds) } }
    }

    private let clock = Clock()

    private func size(_ most: Int = 100, least: Int = 12) -> PageSize {
        PageSize(most, least: least, timeout: 30) { [clock] in clock.now }
    }

    /// A server that gives at most so many at a time.
    private func ask(_ size: PageSize, most: Int, takes seconds: Double = 0) async throws -> [Int] {
        let asked = Mutex<[Int]>([])
        _ = try await size.ask { number in
            asked.withLock { $0.append(number) }
            clock.pass(seconds)
            guard number > most else { return }
            var error = LockError(.unreachable, "Too much.")
            error.asksForLess = true
            throw error
        }
        return asked.withLock(\.self)
    }

    @Test(
        "It is halved until the server can, down to a floor",
        arguments: [
            (100, [100]), (60, [100, 50]), (49, [100, 50, 25]), (24, [100, 50, 25, 12]), (12, [100, 50, 25, 12]),
        ])
    func halves(most: Int, asked: [Int]) async throws {
        let size = size()
        #expect(try await ask(size, most: most) == asked)
        #expect(size.current == asked.last)
        #expect(try await ask(size, most: most) == [size.current], "what was found out is remembered")
    }

    @Test("A server that fails whatever it is asked for changes nothing")
    func failsAlways() async throws {
        let size = size()
        await #expect(throws: LockError.self) { _ = try await ask(size, most: 0) }
        #expect(size.current == 100)
    }

    @Test("A server that hangs is not waited for more than twice")
    func hangs() async throws {
        let size = size()
        let began = clock.now
        await #expect(throws: LockError.self) { _ = try await ask(size, most: 0, takes: 30) }
        #expect(clock.now - began == .seconds(60))
        #expect(size.current == 25, "the next listing goes on with a smaller one")
    }

    @Test("Other failures say nothing of the size")
    func otherFailures() async throws {
        let size = size()
        let count = Mutex(0)
        await #expect(throws: LockError(.forbidden, "No.")) {
            try await size.ask { _ in
                count.withLock { $0 += 1 }
                throw LockError(.forbidden, "No.")
            }
        }
        #expect(count.withLock(\.self) == 1 && size.current == 100)
    }

    @Test("Several pages that fail side by side halve it once")
    func sideBySide() {
        let size = size()
        #expect((0..<4).map { _ in size.failed(100) } == [50, 50, 50, 50])
        #expect(size.current == 50)
        #expect(size.failed(12) == nil && size.current == 50)
    }

    @Test("It grows after twenty quick pages, and more slowly after each time that was too much")
    func grows() {
        let size = size()
        size.failed(100)
        for wait in [20, 40, 80, 160, 320, 640, 640] {
            for _ in 1..<wait {
                size.came(50, after: .seconds(1))
                #expect(size.current == 50)
            }
            size.came(50, after: .seconds(1))
            #expect(size.current == 100)
            size.failed(100)
            #expect(size.current == 50)
        }
    }

    @Test("Slow pages, and pages of fewer items, make it no larger")
    func staysSmall() {
        let size = size()
        size.failed(100)
        for _ in 0..<1_000 {
            for _ in 0..<19 { size.came(50, after: .seconds(1)) }
            size.came(50, after: .seconds(6))
            size.came(25, after: .zero)
        }
        #expect(size.current == 50)
    }

    @Test("It never grows beyond what it began with")
    func most() {
        let size = size(100)
        size.failed(70)
        #expect(size.current == 35)
        for _ in 0..<200 { size.came(size.current, after: .zero) }
        #expect(size.current == 100)
    }
}
