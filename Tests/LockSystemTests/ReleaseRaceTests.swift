// SPDX-License-Identifier: MIT
import HTTP
import LockSystemContract
import Locks
import Synchronization
import Testing
import Watching

/// A seed's numbers, for several tasks.
private final class SharedDice: Sendable {
    private let state: Mutex<UInt64>

    init(seed: UInt64) { state = Mutex(seed) }

    func roll(_ count: Int) -> Int {
        state.withLock { state in
            state &+= 0x9e37_79b9_7f4a_7c15
            var bits = state
            bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
            bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
            return Int((bits ^ (bits >> 31)) % UInt64(count))
        }
    }
}

@Suite("Refreshes and releases of ours, and others who force and lock, in every order")
struct ReleaseRaceTests {
    @Test("In a thousand orders none of our locks is left behind, and none of another's falls", arguments: backends)
    func randomly(_ backend: Backend) async throws {
        let dice = SharedDice(seed: 2_026)
        let server = try await backend.open()
        let (mine, other) = (try await server.client(.first), try await server.client(.second))
        let item = try await server.addItem(titled: "Race")
        let locks = mine.offers(.lock)
        let takes: Locks.Operation = locks ? .lock : .checkOut
        let release: Locks.Operation = locks ? .unlock : .discard
        // A pause before and after every request, and answers that are lost on the way back.
        mine.wire.bend { request, next in
            for _ in 0..<dice.roll(4) { await Task.yield() }
            let isChange = mine.wire.isChange(request)
            let response = try await next(request)
            for _ in 0..<dice.roll(4) { await Task.yield() }
            if isChange, dice.roll(6) == 0 {
                throw TransportError(.connectionLost, "The answer was lost.", surelyNotSent: false)
            }
            return response
        }
        var (left, fallen): ([String], [String]) = ([], [])
        for round in 0..<1_000 {
            let taken = await mine.perform(takes, item)
            guard let lock = taken.after, lock.holder.isMe else { throw Broken(taken) }
            let refresh = Wish(.refresh, expecting: .lock(lock.identity), reason: "kept alive")
            var wishes = mine.offers(.refresh) ? [refresh, refresh, Wish(release)] : [Wish(release)]
            for index in wishes.indices { wishes.swapAt(index, dice.roll(wishes.count)) }
            let (forces, grabs) = (dice.roll(3) == 0 && other.offers(.forceUnlock), dice.roll(2) == 0)
            let pause = dice.roll(30)
            async let stranger: OperationResult? = {
                for _ in 0..<pause { await Task.yield() }
                if forces { await other.perform(.forceUnlock, item) }
                return grabs ? await other.perform(takes, item) : nil
            }()
            let orders = wishes.map { mine.performer.take($0, on: item) }
            let results = await withTaskGroup(of: OperationResult.self) { group in
                for order in orders { group.addTask { await mine.performer.perform(order).result } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let grabbed = await stranger
            let end = try await other.row(item)
            let note =
                "\(round) \(results.map { "\($0.operation) \($0.outcome): \($0.why)" }) \(String(describing: grabbed))"
            let holder = end.reading.locks.first?.holder
            // `end` is read by the other, to whom nothing is "mine" that is not theirs.
            if let holder, !holder.isMe { left.append(note) }
            if grabbed?.outcome == .done, holder?.isMe != true { fallen.append(note) }
            if holder?.isMe ?? false { _ = await other.perform(release, item) }
            if let holder, !holder.isMe { _ = await mine.perform(release, item) }
        }
        #expect(left.isEmpty, "left behind: \(left.count), \(left.first ?? "")")
        #expect(fallen.isEmpty, "fallen: \(fallen.count), \(fallen.first ?? "")")
        await server.close()
    }

    private struct Broken: Error, CustomStringConvertible {
        let description: String
        init(_ result: OperationResult) { description = "It could not be taken: \(result)" }
    }
}
