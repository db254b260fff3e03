// SPDX-License-Identifier: MIT
import FoundationEssentials

/// All columns. A new one is a value here and its place in `all`.
extension Field {
    /// All of them, in the order of the contract.
    public static let all = [
        state, item, title, holder, kind, since, held, left, expires, type, modified, server, stale, url, identity,
        path,
    ]

    /// Free, held or unknown.
    public static let state = Field(
        "state", .fixed(7), priority: 6, appears: .inPrint,
        by: .number { catalog, id, _, _ in
            switch catalog.state(id) {
            case .held: catalog.isMine(id) ? 0 : 1
            case .unknown: catalog.hasFailed(id) ? 2 : 3
            case .free: 3
            }
        },
        "`free`, `held` or `unknown`; sorted by it, what you hold comes first, then what others hold."
    ) { row, _, _ in Cell(row.reading.state.rawValue) }

    /// Where a person finds it.
    public static let item = Field(
        "item", .flexible(16), priority: 9, appears: .always, by: .path, "The path on its server."
    ) { row, origin, wording in
        let old = row.reading.observedAt.map(wording.now.timeIntervalSince) ?? 0
        let isToBeSaid = origin.isOld(row, at: wording.now) && old >= 60
        let age = isToBeSaid ? " (\(Age.text(old)) old)" : ""
        // Nobody knows what /Document/16 is. The number stays: it is what commands take.
        if origin.namesItems, row.item.isKnownByNumber {
            return Cell(row.item.title, tail: " " + row.item.id + age)
        }
        return Cell(row.item.path, tail: age, keepsEnd: true)
    }

    /// Its title.
    public static let title = Field(
        "title", .flexible(12), priority: 1, appears: .onWideScreens,
        by: .text { catalog, id, _ in catalog.foldedTitle(id) }, "The title, or the document's name."
    ) { row, _, _ in Cell(row.item.title) }

    /// Who has it.
    public static let holder = Field(
        "holder", .between(8, 14), priority: 8, appears: .always,
        by: .text { catalog, id, _ in
            guard let lock = catalog.decisiveLock(id) else { return nil }
            return Array(lock.holder.label.lowercased().utf8)[...]
        },
        "Who has it: `you`, or the name that people know; `+2` where two more share the lock."
    ) { row, _, wording in
        guard let lock = row.lock else {
            guard row.reading.state == .unknown, wording.reader != .csv else { return Cell(wording.nothing) }
            return Cell(row.reading.error == nil ? "not read" : "unknown")
        }
        guard wording.reader != .csv else { return Cell(lock.holder.label) }
        let others = row.reading.locks.count - 1
        return Cell(lock.holder.isMe ? "you" : lock.holder.label, tail: others > 0 ? "+\(others)" : "")
    }

    /// What the lock means.
    public static let kind = Field(
        "kind", .fixed(11), priority: 2, appears: .always,
        by: .text { catalog, id, _ in catalog.times(id).map { Array($0.kind.rawValue.utf8)[...] } },
        "`lock`, `checkout`, `workingCopy` or `shared`."
    ) { row, _, wording in
        let word = row.lock?.kind ?? (row.item.workingCopyOf == nil ? nil : .workingCopy)
        return Cell(word?.rawValue ?? wording.nothing)
    }

    /// Since when it is held.
    public static let since = Field(
        "since", .fixed(12), priority: 3,
        by: .number { catalog, id, _, _ in catalog.times(id)?.since.map(number) ?? .max },
        "When the holder took it, as far as is known."
    ) { row, _, wording in Cell(row.lock?.since.map(wording.time) ?? wording.nothing) }

    /// For how long it is held.
    public static let held = Field(
        "held", .fixed(5), isRightAligned: true, priority: 7, appears: .always, greatestFirst: true,
        by: .number { catalog, id, _, _ in
            guard let lock = catalog.times(id) else { return 0 }
            return lock.since.map { ~number($0) } ?? 1
        },
        "For how long; `≥`: at least so long, `!`: stale, `~`: read long ago."
    ) { row, origin, wording in
        let sign = origin.isOld(row, at: wording.now) ? "~" : ""
        guard let age = row.lock.flatMap(wording.age) else { return Cell(sign.isEmpty ? wording.nothing : sign) }
        return Cell(sign + age)
    }

    /// For how long it has still to go.
    public static let left = Field(
        "left", .fixed(5), isRightAligned: true, priority: 4, appears: .always,
        by: .number { catalog, id, _, _ in
            guard let lock = catalog.times(id) else { return .max }
            return lock.expires.map(number) ?? .max - 1
        },
        "How long until the server ends it; `!`: soon, `over`: it should have."
    ) { row, _, wording in
        guard let expires = row.lock?.expires else { return Cell(wording.nothing) }
        let left = expires.timeIntervalSince(wording.now)
        if left <= 0 { return Cell("over") }
        let isSoon = left < Staleness.soon && wording.reader != .csv
        return Cell((wording.reader == .screen ? Age.calm(left) : Age.text(left)) + (isSoon ? "!" : ""))
    }

    /// When the server will end it.
    public static let expires = Field(
        "expires", .fixed(12), priority: 3,
        by: .number { catalog, id, _, _ in catalog.times(id)?.expires.map(number) ?? .max },
        "When the server ends it."
    ) { row, _, wording in Cell(row.lock?.expires.map(wording.time) ?? wording.nothing) }

    /// The server's word for what it is.
    public static let type = Field(
        "type", .between(6, 14), priority: 1, by: .text { catalog, id, _ in Array(catalog.type(id).utf8)[...] },
        "The server's own word for what it is."
    ) { row, _, _ in Cell(row.item.type) }

    /// When its content changed last.
    public static let modified = Field(
        "modified", .fixed(12), priority: 2, greatestFirst: true,
        by: .number { catalog, id, _, _ in catalog.modifiedAt(id).map(number) ?? 0 },
        "When its content changed last."
    ) { row, _, wording in Cell(row.item.modified.map(wording.time) ?? wording.nothing) }

    /// Which server it is on.
    public static let server = Field(
        "server", .between(6, 12), priority: 3, appears: .amongServers,
        by: .number { _, _, origin, _ in UInt64(origin.rank) }, "The server's name in the configuration."
    ) { _, origin, _ in Cell(origin.server) }

    /// Whether nobody is likely to be using the lock.
    public static let stale = Field(
        "stale", .fixed(5), priority: 2,
        by: .number { catalog, id, _, wording in
            catalog.locks(id).contains { wording.staleness.isStale($0, at: wording.now) } ? 0 : 1
        },
        "`stale` where nobody is likely to be using the lock."
    ) { row, _, wording in
        Cell(wording.staleness.isStale(row, at: wording.now) ? "stale" : wording.nothing)
    }

    /// Its web address.
    public static let url = Field(
        "url", .flexible(20),
        by: .text { catalog, id, origin in
            catalog[id].flatMap { row in origin.address.map { Array($0(row.item).utf8)[...] } }
        },
        "Its web address; only where it is printed or written to a file."
    ) { row, origin, wording in Cell(origin.address?(row.item) ?? wording.nothing) }

    /// What tells the lock from another.
    public static let identity = Field(
        "identity", .fixed(12),
        by: .text { catalog, id, _ in catalog.decisiveLock(id).map { Array($0.identity.digest.utf8)[...] } },
        "Twelve digits that stay while it is the same lock."
    ) { row, _, wording in Cell(row.lock?.identity.digest ?? wording.nothing) }

    /// The path and nothing else.
    public static let path = Field(
        "path", .flexible(16), priority: 5, by: .path, "The path, and nothing else."
    ) { row, _, _ in Cell(row.item.path, keepsEnd: true) }
}

extension Field {
    // Such that they compare as the times do.
    private static func number(_ date: Date) -> UInt64 {
        let bits = date.timeIntervalSinceReferenceDate.bitPattern
        return bits >> 63 == 1 ? ~bits : bits | 1 << 63
    }
}

extension Field.Origin {
    fileprivate func isOld(_ row: Row, at now: Date) -> Bool {
        guard let oldAfter, let observed = row.reading.observedAt else { return false }
        return now >= observed.addingTimeInterval(oldAfter)
    }
}
