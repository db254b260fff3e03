// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
    // MARK: Listing

    /// Reads the whole listing. If it fails half-way, the old rows stay as they are.
    func list() async throws {
        var walk = Sweep()
        var total: Int?
        let asked = moment
        if !hasBaseLine { status.phase = .listing(read: 0, total: nil) }
        status.isCut = try await Listing.walk(system, limit: policy.limit, width: 4) { page in
            total = total ?? page.total
            let count = take(page, &walk, asked: asked)
            if !hasBaseLine { status.phase = .listing(read: min(walk.seen.count, policy.limit), total: total) }
            flush()
            return count
        }
        if !status.isCut { try await dropMissing(walk.seen) }
        hasBaseLine = true
        lastSweep = walk
        sweep = Sweep()
    }

    // Returns how many items of the page are new in this walk: pages shift while they are read, so one may come twice.
    private func take(_ page: ItemPage, _ walk: inout Sweep, asked: Int) -> Int {
        let before = walk.seen.count
        for row in page.rows where walk.seen.insert(row.item.id).inserted {
            if row.reading == .never { walk.tellsLocks = false }
            guard walk.seen.count <= policy.limit else { continue }
            put(row, isNews: hasBaseLine, asked: asked)
        }
        walk.pages += 1
        status.readAt = time.wall()
        return walk.seen.count - before
    }

    // What a complete listing lacks is asked for before it counts as gone: a page may have shifted under the listing.
    private func dropMissing(_ seen: Set<String>) async throws {
        let missing = shelf.rows.map(\.item).filter { !seen.contains($0.id) }
        for start in stride(from: 0, to: missing.count, by: max(1, system.itemsPerRead)) {
            let batch = Array(missing[start..<min(missing.count, start + max(1, system.itemsPerRead))])
            let asked = moment
            apply(try await system.read(batch), of: batch, asked: asked, dropsStrangers: true)
        }
    }

    /// Walks on through the listing, a sixth of it in one round, and never for more than a quarter of the time.
    func goOnSweeping() async throws {
        let share = max(1, (lastSweep.pages + 5) / 6)
        let began = time.now()
        for _ in 0..<share {
            // Only a page that was read is taken off the list: after a failure the walk goes on with the same one.
            var current = sweep
            let mark = current.marks.next(1).first
            guard mark != nil || current.pages == 0 else { break }
            let asked = moment
            let page = try await system.items(after: mark)
            _ = take(page, &current, asked: asked)
            current.marks.add(page.following)
            sweep = current
            if sweep.seen.count >= policy.limit || (time.now() - began) / .seconds(1) > poll / 4 { break }
        }
        let isFull = sweep.seen.count >= policy.limit
        guard sweep.marks.isEmpty || isFull else { return }
        let complete = sweep
        sweep = Sweep()
        lastSweep = complete
        status.isCut = !complete.marks.isEmpty || complete.seen.count > policy.limit
        if !status.isCut { try await dropMissing(complete.seen) }
    }

    // MARK: Reading

    /// Reads what is on screen, then what is waited for, then held items and the rest by turns, as time allows.
    func readDue() async throws {
        // Where one page tells everything, the sweep of this round reads all of it in one request.
        guard lastSweep.pages > 1 || !lastSweep.tellsLocks else { return }
        let began = time.now()
        var named: Set<String> = []
        let first = (onScreen + waits.keys.sorted()).filter { named.insert($0).inserted }
        try await read(first)
        if heldTurn.isEmpty { heldTurn = shelf.held.sorted().compactMap { shelf[$0]?.item.id }[...] }
        try await readByTurns(until: began.advanced(by: .seconds(poll / 2))) {
            var ids: [String] = []
            while ids.count < system.itemsPerRead, let id = heldTurn.popFirst() {
                if !named.contains(id) { ids.append(id) }
            }
            return ids
        }
        if !lastSweep.tellsLocks {
            let first = restTurn
            var isLapOver = false
            try await readByTurns(until: began.advanced(by: .seconds(poll * 0.8))) {
                if isLapOver { return [] }
                defer { isLapOver = restTurn <= first }
                return restInTurn(but: named)
            }
        }
        status.readAt = time.wall()
    }

    // At least one batch in each round, so that nothing is never read; a person who asks is not kept waiting.
    private func readByTurns(until end: ContinuousClock.Instant, _ next: () -> [String]) async throws {
        repeat {
            let ids = next()
            guard !ids.isEmpty else { return }
            try await read(ids)
        } while time.now() < end && !wantsNow
    }

    private func restInTurn(but named: Set<String>) -> [String] {
        var ids: [String] = []
        let last = Shelf.Slot(shelf.capacity)
        while restTurn < last, ids.count < system.itemsPerRead {
            if let row = shelf[restTurn], row.reading.state != .held, !named.contains(row.item.id) {
                ids.append(row.item.id)
            }
            restTurn += 1
        }
        if restTurn >= last { restTurn = 0 }
        return ids
    }

    private func read(_ ids: some Collection<String>) async throws {
        let items = ids.compactMap { shelf[$0]?.item }
        for start in stride(from: 0, to: items.count, by: max(1, system.itemsPerRead)) {
            let batch = Array(items[start..<min(items.count, start + max(1, system.itemsPerRead))])
            let asked = moment
            apply(try await system.read(batch), of: batch, asked: asked, dropsStrangers: false)
            flush()
        }
    }

    private func apply(_ results: [ReadResult], of items: [Item], asked: Int, dropsStrangers: Bool) {
        for (item, result) in zip(items, results) where isNewer(asked, than: item.id) {
            switch result {
            case .success(let row):
                // An item that is there but no longer in the listing is no row of ours any more.
                if dropsStrangers, !row.item.isLockable, row.lock == nil {
                    drop(item.id)
                } else {
                    put(row, isNews: hasBaseLine, asked: asked)
                }
            case .failure(let error) where error.code == .gone: drop(item.id)
            case .failure(let error) where error.code == .cancelled: continue
            case .failure(let error):
                guard let row = shelf[item.id] else { continue }
                put(Row(item: row.item, reading: row.reading.failed(error.description)), isNews: false, asked: asked)
            }
        }
    }

    // MARK: The shelf

    /// Whether a reading that was asked for at that moment has seen the item after our last operation on it.
    func isNewer(_ asked: Int, than id: String) -> Bool {
        underWay[id] == nil && (touched[id] ?? 0) <= asked
    }

    func put(_ fresh: Row, isNews: Bool, asked: Int? = nil) {
        if let asked, !isNewer(asked, than: fresh.item.id) { return }
        var row = Listing.aged(
            fresh, server: facts.name, journal: journal, now: time.wall(), patience: Ages.patience(poll: poll))
        let before = shelf[row.item.id]
        if let before, row.reading.state == .unknown {
            // A listing that tells nothing of locks takes nothing away; a look that failed ages what was seen before.
            if row.reading == .never { row.reading = before.reading }
            row.reading.observedAt = row.reading.observedAt ?? before.reading.observedAt
        }
        guard before != row else { return }
        changed.insert(shelf.put(row).slot)
        let good = remembered(before?.reading, row)
        guard isNews else { return }
        guard before != nil else { return note(.appeared, row, "it is new here") }
        if let good, let event = LockEvent.between(good, row, on: facts.name, at: time.wall()) { events.append(event) }
    }

    // The last good reading before this row; kept over the time in which the item can't be read.
    private func remembered(_ before: Reading?, _ row: Row) -> Reading? {
        guard let before else { return nil }
        if row.reading.state == .unknown {
            if before.state != .unknown { lastGood[row.item.id] = before }
            return nil
        }
        let kept = lastGood.isEmpty ? nil : lastGood.removeValue(forKey: row.item.id)
        return before.state == .unknown ? kept : before
    }

    func drop(_ id: String) {
        guard let (slot, row) = shelf.remove(id) else { return }
        changed.insert(slot)
        // With the item its locks have ended: what comes back under its name is another.
        _ = journal.aged(
            .known([], at: time.wall()), of: ItemRef(server: facts.name, id: id), at: time.wall(), patience: 0)
        lastGood[id] = nil
        if hasBaseLine { note(.vanished, row, "it is gone") }
        guard let wish = waits.removeValue(forKey: id) else { return }
        status.waits = Set(waits.keys)
        report(
            OperationResult(
                ref: ItemRef(server: facts.name, id: id), path: row.item.path, operation: wish.operation,
                outcome: .refused, reason: .gone, why: "It is gone: there is nothing to wait for.", before: row.lock))
    }

    private func note(_ kind: LockEvent.Kind, _ row: Row, _ text: String) {
        events.append(
            LockEvent(
                at: time.wall(), ref: ItemRef(server: facts.name, id: row.item.id), path: row.item.path,
                title: row.item.title, kind: kind, before: kind == .vanished ? row.lock : nil,
                after: kind == .appeared ? row.lock : nil, text: text))
    }

    func remember(_ rows: [Row]) {
        for row in rows { changed.insert(shelf.put(row).slot) }
        if !rows.isEmpty { flush() }
    }
}
