// SPDX-License-Identifier: MIT

/// The same for several things side by side.
public enum Concurrently {
    /// Outcomes go through the task group as objects: tuples come out of it scrambled where the compiler (Swift 6.3.1)
    /// optimizes and the value is large.
    private final class Done<Outcome: Sendable, Failure: Error>: Sendable {
        let index: Int
        let outcome: Result<Outcome, Failure>

        init(_ index: Int, _ outcome: Result<Outcome, Failure>) {
            self.index = index
            self.outcome = outcome
        }
    }

    /// Works on each thing, so many at a time, the next as soon as one is through.
    /// - Returns: what came of each, in the order of the things.
    /// - Throws: the first error; what is under way is cancelled then, and what is not begun is left.
    public static func map<Thing: Sendable, Outcome: Sendable, Failure: Error>(
        _ things: [Thing], width: Int, _ work: @escaping @Sendable (Thing) async throws(Failure) -> Outcome
    ) async throws(Failure) -> [Outcome] {
        let all: Result<[Outcome], Failure> = await withTaskGroup(of: Done<Outcome, Failure>.self) { group in
            var (begun, underWay) = (0, 0)
            var outcomes = [Outcome?](repeating: nil, count: things.count)
            while true {
                while underWay < max(1, width), begun < things.count {
                    let (index, thing) = (begun, things[begun])
                    begun += 1
                    underWay += 1
                    group.addTask { Done(index, await outcome(of: thing, work)) }
                }
                guard let done = await group.next() else { return .success(outcomes.compactMap(\.self)) }
                underWay -= 1
                switch done.outcome {
                case .success(let outcome): outcomes[done.index] = outcome
                case .failure(let failure):
                    group.cancelAll()
                    return .failure(failure)
                }
            }
        }
        return try all.get()
    }

    private static func outcome<Thing: Sendable, Outcome: Sendable, Failure: Error>(
        of thing: Thing, _ work: @Sendable (Thing) async throws(Failure) -> Outcome
    ) async -> Result<Outcome, Failure> {
        do {
            return .success(try await work(thing))
        } catch {
            return .failure(error)
        }
    }
}
