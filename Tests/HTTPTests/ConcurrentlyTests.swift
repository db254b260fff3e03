// SPDX-License-Identifier: MIT
import Synchronization
import Testing

@testable import HTTP

@Suite("The same for several things side by side")
struct ConcurrentlyTests {
    private struct Wrong: Error, Equatable { let number: Int }

    @Test("Outcomes come in the order of the things, and never more is under way than may be", arguments: [1, 3, 100])
    func order(_ width: Int) async {
        let underWay = Mutex((now: 0, most: 0))
        let doubled = await Concurrently.map(Array(0..<50), width: width) { number in
            underWay.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
            for _ in 0..<(number % 7) { await Task.yield() }
            underWay.withLock { $0.now -= 1 }
            return "the double of \(number) in a text that is too long to be kept inside is \(number * 2)"
        }
        #expect(doubled.compactMap { Int($0.split(separator: " ").last ?? "") } == (0..<50).map { $0 * 2 })
        #expect(underWay.withLock(\.most) <= width)
    }

    @Test("The first error ends it: nothing more is begun")
    func error() async {
        let begun = Mutex(0)
        await #expect(throws: Wrong(number: 3)) {
            _ = try await Concurrently.map(Array(0..<50), width: 2) { (number) throws(Wrong) in
                begun.withLock { $0 += 1 }
                if number == 3 { throw Wrong(number: number) }
                while number > 3, !Task.isCancelled { await Task.yield() }
            }
        }
        #expect(begun.withLock(\.self) <= 5)
        #expect(await Concurrently.map([Int](), width: 4) { $0 }.isEmpty)
    }
}
