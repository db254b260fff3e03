// SPDX-License-Identifier: MIT
import Locks

/// What a recording shows last, as a table in print.
enum LastTable {
    static func print(_ recording: Recording, _ query: Query) {
        var site = RecordedSite()
        for entry in recording.entries { if let update = entry.event.update { _ = site.take(update) } }
        let (now, staleness) = (recording.end, recording.staleness)
        let rows = recording.servers.flatMap { facts in
            let context = Query.Context(server: facts.name, now: now, staleness: staleness)
            return site.catalog(facts.name).rows.filter { query.matches($0, in: context) }.map { row in
                ListedRow(
                    server: facts.name, kind: facts.kind, address: { "" }, row: row,
                    isStale: row.lock.map { staleness.isStale($0, at: now) } ?? false, operations: [])
            }
        }
        let sorted = Order.asOnScreen.sorted(rows, Report.wording(for: .print, staleness, now))
        let columns = Field.inPrint(servers: recording.servers.count)
        Out.write(Report.table(sorted, columns: columns, staleness, now: now), to: 1)
        if let lack = recording.lack { Out.say(lack) }
    }
}
