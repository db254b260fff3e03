// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
    // MARK: Listing

    /// Reads the whole listing. If it fails half-way, the old rows stay as they are, and the next round goes on there.
    func list() async throws {
        if isWhole, sweep.pages > 0 {
            // What is looked at, waited for and kept is not held up by a listing that fails again and again.
            _ = try? await readFirst()
            await keepAlive()
            await takeWhatIsFree()
        }
        if !isWhole { beginSweep() }
        isWhole = true
        tellProgress()
        var (kept, shown) = (time.now(), time.now())
        try await sweepOn(width: policy.width) {
            tellProgress()
            flush()
            guard time.now() - kept >= .seconds(1) else { return true }
            await keepAlive()
            await takeWhatIsFree()
            if (time.now() - shown) / .seconds(1) >= poll {
                // A long listing must not let what is looked at grow old.
                _ = try? await readFirst()
                shown = time.now()
            }
            kept = time.now()
            return true
        }
    }

    func beginSweep() {
        sweep = Walk()
        generation &+= 1
    }

    private func cameInThisSweep(_ item: String) -> Bool {
        catalog.id(of: item).map { catalog.generation($0) == generation } ?? false
    }

    private func tellProgress() {
        guard !hasBaseLine else { return }
        status.phase = .listing(read: min(sweep.count, policy.limit), total: sweep.total)
    }

    /// How many pages of the sweep one round reads: a sixth of the listing, or less where the system wants to be spared.
    private var pagesPerRound: Double {
        let pages = Double(lastSweep.pages)
        return min(max(1, ((pages + 5) / 6).rounded(.down)), pages * poll / max(system.secondsPerSweep, .ulpOfOne))
    }

    /// Walks on through the listing, never for more than a quarter of the time.
    func goOnSweeping() async throws {
        pagesDue += pagesPerRound
        let share = Int(pagesDue)
        guard share > 0 else { return }
        pagesDue -= Double(share)
        let (began, first) = (time.now(), sweep.pages)
        try await sweepOn(width: 1) {
            sweep.pages - first < share && (time.now() - began) / .seconds(1) <= poll / 4
        }
    }

    private func sweepOn(width: Int, goesOn: () async -> Bool) async throws {
        var failure: LockError?
        await withTaskGroup(of: PageWindow.Answer.self) { group in
            var window = PageWindow(of: system, server: facts.name, width: width)
            // By number: when each page was asked for.
            var asked: [Int: Int] = [:]
            var isEnough = false
            while true {
                if failure == nil, !isEnough {
                    for number in window.fill(&group, from: &sweep) { asked[number] = moment }
                }
                guard let answer = await group.next() else { break }
                guard let next = window.take(answer) else { continue }
                switch answer.page {
                case .success(let page): take(page, asked: asked[next.number] ?? moment)
                case .failure(let error):
                    if let end = sweep.fail(next.mark, error) { failure = failure ?? end }
                }
                isEnough = isEnough || isSweepThrough
                if failure == nil, !isEnough { isEnough = !(await goesOn()) }
            }
        }
        if let failure { throw failure }
        if isSweepThrough { try await finish() }
    }

    // At the limit only what comes beyond it tells whether the listing is cut there.
    private var isSweepThrough: Bool { sweep.isOver || sweep.hasMore }

    private func take(_ page: ItemPage, asked: Int) {
        for row in sweep.take(page, limit: policy.limit, cameBefore: cameInThisSweep) {
            put(row, isNews: hasBaseLine, asked: asked)
            if let id = catalog.id(of: row.item.id) { catalog.mark(id, generation: generation) }
        }
        for (id, path) in page.moved {
            guard cameInThisSweep(id), var row = catalog[id] else { continue }
            row.item.path = path
            put(row, isNews: false, asked: asked)
        }
        for row in page.revised where cameInThisSweep(row.item.id) { put(row, isNews: hasBaseLine, asked: asked) }
        for id in page.removed { drop(id) }
        status.readAt = time.wall()
    }

    // What a complete listing lacks is read once before it counts as gone: a page may have shifted under the listing.
    // What the next one lacks as well is listed no more, whether or not it is there.
    private func finish() async throws {
        let walk = sweep
        let complete = generation
        (lastSweep, isWhole, isSweptAnew) = (walk, false, false)
        beginSweep()
        (status.isCut, status.lacks) = (walk.isCut, walk.lacks)
        // Until here only what was looked at has been read where the listing tells nothing of locks.
        if !hasBaseLine, !walk.tellsLocks { catchUp = 0 }
        defer { hasBaseLine = true }
        nextSweep = time.now().advanced(by: .seconds(walk.tellsLocks ? max(300, 20 * poll) : max(1_800, 60 * poll)))
        let before = lastComplete
        lastComplete = walk.lacks == nil ? complete : nil
        guard walk.lacks == nil else { return }
        let missing = catalog.ids().filter { catalog.generation($0) != complete }
        let again = missing.filter { id in
            before.map { complete &- catalog.generation(id) > complete &- $0 } ?? false
        }.compactMap { catalog[$0] }.filter { !isOfUse($0) }
        if status.isCut {
            // Beyond the cut nobody knows what is there: what nobody holds makes room.
            for row in again where catalog.count > policy.limit && row.reading.state != .held { forget(row.item.id) }
            return
        }
        for row in again { drop(row.item.id, "it is no longer listed") }
        let end = time.now().advanced(by: .seconds(poll / 2))
        let once = missing.compactMap { catalog[$0]?.item }
        for start in stride(from: 0, to: once.count, by: max(1, system.itemsPerRead)) {
            let batch = Array(once[start..<min(once.count, start + max(1, system.itemsPerRead))])
            let asked = moment
            apply(try await system.read(batch), of: batch, asked: asked, dropsStrangers: true)
            if time.now() > end { break }
        }
    }

    // Taken or waited for by name, without being listed.
    private func isOfUse(_ row: Row) -> Bool {
        waits[row.item.id] != nil || underWay[row.item.id] != nil || row.reading.locks.contains(where: \.holder.isMe)
    }

    // MARK: Reading

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
    private func readFirst() async throws -> Set<String> {
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

    private func apply(_ results: [ReadResult], of items: [Item], asked: Int, dropsStrangers: Bool) {
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

    // MARK: The catalog

    /// Whether a reading that was asked for at that moment has seen the item after our last operation on it.
    func isNewer(_ asked: Int, than id: String) -> Bool {
        underWay[id] == nil && (touched[id] ?? 0) <= asked
    }

    func put(_ fresh: Row, isNews: Bool, asked: Int? = nil) {
        if let asked, !isNewer(asked, than: fresh.item.id) { return }
        var row = Listing.aged(
            fresh, server: facts.name, journal: journal, now: time.wall(), patience: Ages.patience(poll: poll))
        let before = catalog[row.item.id]
        if let before, row.reading.state == .unknown {
            // A listing that tells nothing of locks takes nothing away; a look that failed ages what was seen before.
            if row.reading == .never { row.reading = before.reading }
            row.reading.observedAt = row.reading.observedAt ?? before.reading.observedAt
        }
        noteEnding(of: row)
        if let before, let id = catalog.id(of: row.item.id), before.isSame(as: row) {
            catalog.observe(id, at: row.reading.observedAt)
            return
        }
        let id = catalog.put(row)
        if before == nil {
            // What came by its name counts as if it had been in the last listing.
            catalog.mark(id, generation: lastComplete ?? generation &- 1)
            // Ids ascend, so what comes later lies ahead of whoever is catching up.
            if row.reading == .never { catchUp = catchUp ?? id }
        }
        changed.insert(id)
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

    func drop(_ id: String, _ why: String = "it is gone") {
        guard let row = forget(id) else { return }
        // With the item its locks have ended: what comes back under its name is another.
        _ = journal.aged(
            .known([], at: time.wall()), of: ItemRef(server: facts.name, id: id), at: time.wall(), patience: 0)
        if hasBaseLine { note(.vanished, row, why) }
        guard let wish = waits.removeValue(forKey: id) else { return }
        status.waits = Set(waits.keys)
        report(
            OperationResult(
                ref: ItemRef(server: facts.name, id: id), path: row.item.path, operation: wish.operation,
                outcome: .refused, reason: .gone, why: "It is gone: there is nothing to wait for.", before: row.lock))
    }

    @discardableResult
    private func forget(_ id: String) -> Row? {
        guard let (number, row) = catalog.remove(id) else { return nil }
        changed.insert(number)
        lastGood[id] = nil
        endings[id] = nil
        return row
    }

    private func note(_ kind: LockEvent.Kind, _ row: Row, _ text: String) {
        events.append(
            LockEvent(
                at: time.wall(), ref: ItemRef(server: facts.name, id: row.item.id), path: row.item.path,
                title: row.item.title, kind: kind, before: kind == .vanished ? row.lock : nil,
                after: kind == .appeared ? row.lock : nil, text: text))
    }

    func remember(_ rows: [Row]) {
        // What was read since is newer.
        for row in rows where catalog.id(of: row.item.id) == nil {
            noteEnding(of: row)
            changed.insert(catalog.put(row))
        }
        if !rows.isEmpty { flush() }
    }

    private static let keptRows = 5_000

    /// What the next start shows at once: what is held, then as much of the rest as is kept.
    func rowsToKeep() -> [Row] {
        let held = Array(catalog.ids(.held).prefix(Self.keptRows))
        let rest = catalog.ids().lazy.filter { [catalog] in catalog.state($0) != .held }
        return (held + rest.prefix(Self.keptRows - held.count)).compactMap { catalog[$0] }
    }
}

extension Row {
    /// Whether it says the same, though it may have been seen at another time.
    fileprivate func isSame(as other: Row) -> Bool {
        var other = other
        other.reading.observedAt = reading.observedAt
        return self == other
    }
}
