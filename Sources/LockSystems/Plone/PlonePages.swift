// SPDX-License-Identifier: MIT
import Synchronization

/// How the pages of a listing are asked for: whole, or in parts where the server has shown that it can't give the whole.
/// What was found out is remembered for a while, so that not every round runs into the same wall.
final class PlonePages: Sendable {
    /// So many objects a page, asked for at once or in parts.
    static let most = 100
    /// Below this many a failing part is read object by object.
    static let smallest = 12

    /// A part of a page.
    struct Part: Hashable, Sendable {
        var range: Range<Int>
        /// Whether its objects are to be read one by one.
        var isSingle = false
    }

    private struct Plan {
        var parts: [Part]
        var madeAt: ContinuousClock.Instant
    }

    private struct State {
        var plans: [Int: Plan] = [:]
    }

    private static let memory = Duration.seconds(600)

    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    /// So many objects at a time are answered.
    let size: PageSize

    init(timeout: Double, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.now = now
        size = PageSize(Self.most, least: Self.smallest, timeout: timeout, now: now)
    }

    /// The parts of the page that begins there.
    func parts(from start: Int) -> [Part] {
        let now = now()
        return state.withLock { state in
            if let plan = state.plans[start] {
                if now - plan.madeAt < Self.memory { return plan.parts }
                state.plans[start] = nil
            }
            return Self.parts(of: start..<start + Self.most, by: size.current)
        }
    }

    /// The halves of a part that could not be had, or itself one by one.
    func halves(of part: Part) -> [Part] {
        let half = (part.range.count + 1) / 2
        guard half >= Self.smallest else { return [Part(range: part.range, isSingle: true)] }
        return Self.parts(of: part.range, by: half)
    }

    /// Remembers the parts by which a page could be had.
    func remember(_ parts: [Part], from start: Int) {
        let now = now()
        state.withLock { state in
            if parts.count == 1, parts.first?.isSingle == false {
                state.plans[start] = nil
            } else if state.plans[start]?.parts != parts {
                state.plans[start] = Plan(parts: parts, madeAt: now)
            }
        }
    }

    private static func parts(of range: Range<Int>, by size: Int) -> [Part] {
        stride(from: range.lowerBound, to: range.upperBound, by: size).map {
            Part(range: $0..<min($0 + size, range.upperBound), isSingle: false)
        }
    }
}
