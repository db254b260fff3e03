// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
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
        sweptSince = moment
    }

    /// Whether rows are holds, and what nobody holds is no row.
    var showsHoldsOnly: Bool { lastSweep.holdsOnly || sweep.holdsOnly }

    func cameInThisSweep(_ item: String) -> Bool {
        catalog.id(of: item).map { catalog.generation($0) == generation } ?? false
    }

    private func tellProgress() {
        guard !hasBaseLine else { return }
        status.phase = .listing(read: min(sweep.count, policy.limit), total: sweep.total)
    }

    /// How many pages of the sweep one round reads: a sixth of the listing, or less where the system wants to be spared.
    var pagesPerRound: Double {
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
            flushInPassing()
            return sweep.pages - first < share && (time.now() - began) / .seconds(1) <= poll / 4
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
        let (complete, began) = (generation, sweptSince)
        (lastSweep, isWhole, isSweptAnew) = (walk, false, false)
        beginSweep()
        (status.isCut, status.lacks) = (walk.isCut, walk.lacks)
        // Until here only what was looked at has been read where the listing tells nothing of locks.
        if !hasBaseLine, !walk.tellsLocks { catchUp = 0 }
        defer { hasBaseLine = true }
        nextSweep = time.now().advanced(by: .seconds(walk.tellsLocks ? max(300, 20 * poll) : max(1_800, 60 * poll)))
        let before = lastComplete
        lastComplete = walk.lacks == nil ? complete : nil
        let missing = catalog.ids().filter { catalog.generation($0) != complete }
        guard walk.lacks == nil else {
            // A hold that is missing may be the one that can't be read: only a look at its item tells.
            if walk.holdsOnly { try await read(missing.compactMap { catalog[$0]?.item.id }) }
            return
        }
        let again = missing.filter { id in
            before.map { complete &- catalog.generation(id) > complete &- $0 } ?? false
        }.compactMap { catalog[$0] }.filter { !isOfUse($0) }
        if status.isCut {
            // Beyond the cut nobody knows what is there: what nobody holds makes room.
            for row in again where catalog.count > policy.limit && row.reading.state != .held { forget(row.item.id) }
            return
        }
        if walk.holdsOnly {
            // What we have done since the listing was begun is newer than it.
            for row in missing.compactMap({ catalog[$0] }) {
                put(Row(item: row.item, reading: .known([], at: time.wall())), isNews: hasBaseLine, asked: began)
            }
            return
        }
        for row in again { drop(row.item.id, "it is no longer listed") }
        let end = time.now().advanced(by: .seconds(poll / 2))
        let once = missing.compactMap { catalog[$0]?.item }
        for start in stride(from: 0, to: once.count, by: max(1, system.itemsPerRead)) {
            let batch = Array(once[start..<min(once.count, start + max(1, system.itemsPerRead))])
            let asked = moment
            apply(try await system.read(batch), of: batch, asked: asked, dropsStrangers: true)
            flushInPassing()
            if time.now() > end { break }
        }
    }

    // Taken or waited for by name, without being listed.
    private func isOfUse(_ row: Row) -> Bool {
        waits[row.item.id] != nil || underWay[row.item.id] != nil || row.reading.locks.contains(where: \.holder.isMe)
    }
}
