// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
public import Locks

extension ServerWatch {
    /// Takes an order: it begins once all that was ordered before on the same item has ended.
    public func take(_ wish: Wish, on id: String) -> Performer.Order {
        touch(id)
        underWay[id, default: 0] += 1
        return performer.take(wish, on: id)
    }

    /// Carries an order out, and shows at once what the reading after it showed.
    public func perform(_ order: Performer.Order) async -> OperationResult { await carryOut(order).result }

    private func carryOut(_ order: Performer.Order) async -> Performer.Performance {
        let performance = await performer.perform(order)
        let id = order.name
        let others = (underWay[id] ?? 1) - 1
        underWay[id] = others > 0 ? others : nil
        touch(id)
        touch(performance.result.ref.id)
        absorb(performance)
        await settle()
        return performance
    }

    private func operate(_ wish: Wish, on id: String) async -> Performer.Performance {
        await carryOut(take(wish, on: id))
    }

    func touch(_ id: String) {
        moment += 1
        touched[id] = moment
    }

    private func absorb(_ performance: Performer.Performance) {
        let result = performance.result
        let title = performance.row?.item.title ?? catalog[result.ref.id]?.item.title ?? ""
        if let row = performance.row {
            // What we did is an event of its own; what others did meanwhile is one more.
            put(row, isNews: hasBaseLine && result.outcome != .done)
        } else if performance.isGone {
            drop(result.ref.id)
        }
        if result.operation == .lock, result.outcome == .done { released.remove(result.ref.id) }
        // What is mine no longer is not kept alive either: leaving must not ask about it until the next poll.
        if !(catalog[result.ref.id]?.lock?.holder.isMe ?? false) { status.kept.remove(result.ref.id) }
        if let event = LockEvent.of(result, title: title, at: time.wall()) { events.append(event) }
        flush()
    }

    // MARK: Keeping locks alive

    /// Refreshes the locks that were taken through this program, each when half of its time is over.
    func keepAlive() async {
        let isNone = catalog.first(.mine, from: 0) == nil
        let taken = isNone ? [] : await journal.taken(on: facts.name, by: status.account?.id)
        // Looked at only now: meanwhile something may have been given back.
        let mine = catalog.ids(.mine).compactMap { catalog[$0] }.filter { $0.lock?.holder.isMe ?? false }
        let ours = mine.filter { row in
            guard let lock = row.lock, lock.kind != .checkout else { return false }
            return taken.contains(
                LockRef(item: ItemRef(server: facts.name, id: row.item.id), identity: lock.identity))
        }
        let isPossible = policy.keepsAlive && !facts.isReadOnly && status.operations[.refresh].isOffered
        status.kept = isPossible ? Set(ours.map(\.item.id)).subtracting(released) : []
        nextKeep = nil
        retryKeep = retryKeep.filter { status.kept.contains($0.key) }
        for id in status.kept.sorted() {
            guard !Task.isCancelled else { return }
            if let due = keepTime(of: id), due <= time.now() { await refresh(id) }
            guard let due = keepTime(of: id) else { continue }
            nextKeep = min(nextKeep ?? due, due)
        }
        flush()
    }

    // Asked for anew each time, for the person at the keys may have given the lock back meanwhile.
    private func keepTime(of id: String) -> ContinuousClock.Instant? {
        guard underWay[id] == nil, !released.contains(id), let lock = catalog[id]?.lock, lock.holder.isMe,
            let ending = endings[id]
        else { return nil }
        let half = ending.at.advanced(by: .seconds(-(lock.timeout.map { Double($0) / 2 } ?? 60)))
        return max(half, retryKeep[id] ?? half)
    }

    private func refresh(_ id: String) async {
        guard let lock = catalog[id]?.lock, let ending = endings[id] else { return }
        let wish = Wish(.refresh, expecting: .lock(lock.identity), reason: "kept alive")
        let performance = await operate(wish, on: id)
        let left = time.now().duration(to: ending.at) / .seconds(1)
        // It is tried again before the lock runs out, not at every turn, and not before the server wants to be asked.
        let soon = max(min(60, max(1, left / 4)), performance.retryAfter ?? 0)
        let isStillDue = keepTime(of: id).map { $0 <= time.now() } ?? false
        retryKeep[id] =
            performance.result.outcome == .done && !isStillDue ? nil : time.now().advanced(by: .seconds(soon))
    }

    // MARK: Waiting

    /// Takes what was waited for and is free.
    func takeWhatIsFree() async {
        for id in waits.keys.sorted() {
            guard !Task.isCancelled else { return }
            // It may have been called off while another was taken.
            guard let wish = waits[id], isWorthTrying(id) else { continue }
            let result = await operate(wish, on: id).result
            // Called off, or gone, while it was tried: only a lock that we have by now is news.
            guard waits[id] != nil || result.outcome == .done else { continue }
            if waits[id] != nil, goesOn(after: result) { continue }
            waits[id] = nil
            status.waits = Set(waits.keys)
            flush()
            report(result)
        }
    }

    // An item that is not listed is known only by trying.
    private func isWorthTrying(_ id: String) -> Bool {
        guard underWay[id] == nil else { return false }
        guard let row = catalog[id] else { return hasBaseLine }
        return row.reading.state == .free || row.lock?.holder.isMe ?? false
    }

    // Somebody was quicker, or nothing came through: the wait goes on. Anything else ends it, and says why.
    private func goesOn(after result: OperationResult) -> Bool {
        switch result.reason {
        case .conflict: !(result.after?.holder.isMe ?? false)
        case .unreachable, .throttled, .cancelled, .server: true
        default: false
        }
    }
}
