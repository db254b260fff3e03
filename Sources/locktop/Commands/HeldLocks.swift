// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Watching

/// The locks that a command holds: each is refreshed from when it was taken until it is given back.
actor HeldLocks {
    private struct Held {
        let connection: Connection
        let id: String
        var lock: Lock?
        /// Whether it was taken here, so that it is given back here.
        let isOurs: Bool
        var keeper: Task<Void, Never>?
    }

    private var held: [Held] = []
    private let tell: @Sendable (OperationResult) -> Void

    init(_ tell: @escaping @Sendable (OperationResult) -> Void) { self.tell = tell }

    /// Takes care of a lock from now on. What was mine before is kept alive too, but is not this run's to give back.
    func add(_ result: OperationResult, on connection: Connection) {
        let place = held.count
        held.append(
            Held(
                connection: connection, id: result.ref.id, lock: result.after, isOurs: result.outcome == .done))
        held[place].keeper = Task.detached { await self.keepAlive(place) }
    }

    /// Stops the refreshes and leaves the locks as they are.
    func leave() async {
        for keeper in held.compactMap(\.keeper) {
            keeper.cancel()
            await keeper.value
        }
    }

    /// Gives back what was taken here, in the order in which it was taken.
    func release() async {
        // A refresh that is under way ends first, or it could take the lock anew.
        await leave()
        for item in held where item.isOurs {
            let wish = Wish(.unlock, expecting: Expectation(item.lock?.identity), reason: "end of locktop lock")
            // It must happen although this task may have been cancelled by the signal that ends the command.
            tell(await Task.detached { await item.connection.performer.perform(wish, on: item.id).result }.value)
        }
        held = []
    }

    // Told are only refreshes that fail, each trouble once.
    private func keepAlive(_ place: Int) async {
        var trouble: Reason?
        while let pause = pause(for: held[place].lock, afterTrouble: trouble != nil) {
            try? await Task.sleep(for: .seconds(pause))
            if Task.isCancelled { return }
            let (item, lock) = (held[place], held[place].lock)
            let wish = Wish(.refresh, expecting: Expectation(lock?.identity), reason: "kept alive")
            let result = await item.connection.performer.perform(wish, on: item.id).result
            if result.isGood {
                held[place].lock = result.after ?? lock
                trouble = nil
                continue
            }
            if result.reason == .cancelled { return }
            if result.reason != trouble { tell(result) }
            trouble = result.reason
            guard result.outcome != .refused else { return }
        }
    }

    // Half of its time; after a failure soon again, while there is time left.
    private func pause(for lock: Lock?, afterTrouble: Bool) -> Double? {
        guard let lock, lock.timeout != nil || lock.expires != nil else { return nil }
        let left = lock.expires.map { $0.timeIntervalSince(Date()) }
        let half = lock.timeout.map { Double($0) / 2 } ?? (left ?? 0) / 2
        // A lock that was mine before may have been refreshed long ago.
        let due = left.flatMap { left in lock.timeout.map { left - Double($0) / 2 } } ?? half
        return afterTrouble ? min(60, max(1, (left ?? half) / 4)) : min(max(1, due), max(1, half))
    }
}
