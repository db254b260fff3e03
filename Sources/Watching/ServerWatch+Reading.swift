// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
    /// Reads what is on screen, then what is waited for, then held items and the rest by turns, as time allows.
    func readDue() async throws {
        // Where one page tells everything, the sweep of this round reads all of it in one request.
        guard isFollowing || lastSweep.pages > 1 || !lastSweep.tellsLocks || pagesPerRound < 1 else { return }
        let began = time.now()
        let named = try await readFirst()
        if mayReadAgain {
            var isHeldOver = false
            try await readByTurns(until: began.advanced(by: .seconds(poll / 2))) {
                if isHeldOver { return [] }
                defer { isHeldOver = heldTurn == 0 }
                return heldInTurn(but: named)
            }
            // While there is something that was never read, two thirds of the time are for that.
            let now = time.now()
            readAgainAt = now.advanced(by: began.duration(to: now) * 2)
        }
        if !lastSweep.tellsLocks {
            let end = began.advanced(by: .seconds(poll * 0.8))
            let start = catchUp
            do {
                try await readByTurns(until: end) { unreadInTurn(but: named) }
            } catch {
                // What could not be asked for is still unread; what fails a second time holds up no others.
                if let start, askedAgain != start { (catchUp, askedAgain) = (start, start) }
                throw error
            }
            if !isCatchingUp { try await readByTurns(until: end) { restInTurn(but: named) } }
        }
        status.readAt = time.wall()
    }

    /// Whether there are items that have not been read since the start, and that no listing tells of.
    var isCatchingUp: Bool { catchUp != nil && !lastSweep.tellsLocks }

    private var mayReadAgain: Bool { !isCatchingUp || readAgainAt.map { time.now() >= $0 } ?? true }

    // What is on screen and what is waited for.
    @discardableResult
    func readFirst() async throws -> Set<String> {
        var named: Set<String> = []
        let wanted = (onScreen + waits.keys.sorted()).filter { named.insert($0).inserted }
        let isUnread = { [catalog] (item: String) in catalog.id(of: item).map { catalog.observedAt($0) == nil } ?? false
        }
        try await read(wanted.filter(isUnread))
        if mayReadAgain { try await read(wanted.filter { !isUnread($0) }) }
        // A page that was asked for before is older than this.
        for id in named { touch(id) }
        return named
    }

    // At least one batch in each round, so that nothing is never read; a person who asks is not kept waiting.
    private func readByTurns(until end: ContinuousClock.Instant, _ next: () -> [String]) async throws {
        repeat {
            let ids = next()
            guard !ids.isEmpty else { return }
            try await read(ids)
        } while time.now() < end && !wantsNow
    }

    private func heldInTurn(but named: Set<String>) -> [String] {
        var ids: [String] = []
        while ids.count < system.itemsPerRead {
            guard let next = catalog.first(.held, from: heldTurn) else {
                heldTurn = 0
                break
            }
            heldTurn = next + 1
            if let item = catalog[next]?.item.id, !named.contains(item) { ids.append(item) }
        }
        return ids
    }

    // Once through all items, for what has not been read since the start.
    private func unreadInTurn(but named: Set<String>) -> [String] {
        var ids: [String] = []
        while ids.count < system.itemsPerRead, let turn = catchUp {
            guard let next = catalog.first(.all, from: turn) else {
                catchUp = nil
                break
            }
            catchUp = next + 1
            guard catalog.observedAt(next).map({ $0 < startedAt }) ?? true, !catalog.hasFailed(next) else { continue }
            if let item = catalog[next]?.item.id, !named.contains(item) { ids.append(item) }
        }
        return ids
    }

    /// In how many seconds each item is read again that nobody has and nobody looks at, where each takes a reading: one
    /// in two seconds is no burden, so that few come round within a minute or two, and many within half an hour.
    private var lap: Double { min(1_800, max(60, 2 * Double(catalog.count))) }

    // Each round takes its share of the lap.
    private func restInTurn(but named: Set<String>) -> [String] {
        let now = time.now()
        let passed = lastRest.map { $0.duration(to: now) / .seconds(1) } ?? poll
        lastRest = now
        restShare = min(restShare + Double(catalog.count) * passed / lap, Double(catalog.count))
        var ids: [String] = []
        // A request for one item costs as much as one for many.
        guard restShare >= Double(min(system.itemsPerRead, catalog.count)) else { return [] }
        while restShare >= 1, ids.count < system.itemsPerRead {
            guard let next = catalog.first(.all, from: restTurn) else {
                restTurn = 0
                break
            }
            restTurn = next + 1
            restShare -= 1
            if catalog.state(next) != .held, let item = catalog[next]?.item.id, !named.contains(item) {
                ids.append(item)
            }
        }
        return ids
    }

    func read(_ ids: some Collection<String>) async throws {
        let items = ids.compactMap { catalog[$0]?.item }
        for start in stride(from: 0, to: items.count, by: max(1, system.itemsPerRead)) {
            let batch = Array(items[start..<min(items.count, start + max(1, system.itemsPerRead))])
            let asked = moment
            apply(try await system.read(batch), of: batch, asked: asked, dropsStrangers: false)
            flush()
        }
    }

    func apply(_ results: [ReadResult], of items: [Item], asked: Int, dropsStrangers: Bool) {
        for (item, result) in zip(items, results) where isNewer(asked, than: item.id) {
            switch result {
            case .success(let row):
                // An item that is there but no longer in the listing is no row of ours any more.
                if dropsStrangers, !row.item.isLockable, row.lock == nil {
                    drop(item.id)
                } else {
                    // Within the first listing what came once is known.
                    put(row, isNews: hasBaseLine || cameInThisSweep(row.item.id), asked: asked)
                }
            case .failure(let error) where error.code == .gone: drop(item.id)
            case .failure(let error) where error.code == .cancelled: continue
            case .failure(let error):
                guard let row = catalog[item.id] else { continue }
                put(Row(item: row.item, reading: row.reading.failed(error.description)), isNews: false, asked: asked)
            }
        }
    }
}
