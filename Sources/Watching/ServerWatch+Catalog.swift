// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

extension ServerWatch {
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
        if showsHoldsOnly, row.reading.state == .free { return leave(row, isNews: isNews) }
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
        guard before != nil else {
            guard showsHoldsOnly else { return note(.appeared, row, "it is new here") }
            return noteChange(.known([], at: time.wall()), row)
        }
        if let good { noteChange(good, row) }
    }

    // Where rows are holds, what is free is no row any more; the item may well be there.
    private func leave(_ row: Row, isNews: Bool) {
        guard let before = catalog[row.item.id] else { return }
        let good = remembered(before.reading, row)
        if isNews, let good { noteChange(good, row) }
        forget(row.item.id)
    }

    private func noteChange(_ before: Reading, _ row: Row) {
        if let event = LockEvent.between(before, row, on: facts.name, at: time.wall()) { events.append(event) }
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
    func forget(_ id: String) -> Row? {
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
