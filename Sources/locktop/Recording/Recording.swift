// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks

/// A recording that was read, up to where it can be.
struct Recording: Sendable {
    /// A line of it.
    struct Entry: Sendable {
        let at: Date
        let event: RecordedEvent
    }

    /// What was watched.
    let servers: [ServerFacts]
    /// What counted as stale.
    let staleness: Staleness
    /// The saved views.
    let views: [(name: String, filter: String)]
    /// When it begins.
    let start: Date
    /// What happened, in its order. Times never go back.
    private(set) var entries: [Entry] = []
    /// Why there is no more although it was not ended, as a sentence; `nil` where it is whole.
    private(set) var lack: String?

    /// When it ends.
    var end: Date { entries.last?.at ?? start }

    /// Reads a file. What is cut or damaged is read up to there.
    /// - Throws: `Problem`
    init(_ path: String) throws(Problem) {
        let file = try InputFile(path, limit: 1 << 30, what: "recording")
        let name = file.name
        var lines = file.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // What follows the last line's end is nothing, or the part of a line that was being written.
        if lines.last?.isEmpty ?? false { lines.removeLast() }
        let first = try lines.first.map { line throws(Problem) in try Self.line(line, 1, name) } ?? nil
        guard let first, let beginning = first.event.begin else {
            throw Problem.configuration(
                "\(name) is no recording of locktop: its first line does not begin one. Make one with --record FILE.")
        }
        servers = beginning.servers.map(\.facts)
        staleness = Staleness(after: beginning.staleAfter, departed: beginning.departed)
        views = (beginning.views ?? []).map { ($0.name, $0.filter) }
        start = first.at.date
        var (time, isEnded) = (start, false)
        for (index, bytes) in lines.enumerated().dropFirst() {
            guard let line = try Self.line(bytes, index + 1, name), line.event.tells(of: servers) else {
                let isLast = index == lines.count - 1
                lack =
                    isLast
                    ? "\(name) was cut in the middle of line \(index + 1)."
                    : "\(name) is damaged on line \(index + 1): nothing after it can be played."
                return
            }
            time = max(time, line.at.date)
            entries.append(Entry(at: time, event: line.event))
            if line.event.end != nil {
                isEnded = true
                break
            }
        }
        if !isEnded { lack = "\(name) was cut after line \(entries.count + 1): it has no end." }
    }

    /// A line; `nil` where it is none.
    private static func line(
        _ bytes: ArraySlice<UInt8>, _ number: Int, _ name: String
    ) throws(Problem) -> RecordedLine? {
        struct Form: Decodable { let version: Int }
        let bytes = Array(bytes)
        // A newer form may have other names: that it is one has to be said first.
        if let form = try? JSONBody.decode(Form.self, from: bytes, limit: .max), form.version > RecordedLine.version {
            throw Problem.configuration(
                "\(name):\(number): this is a recording of version \(form.version), and this locktop plays up to version \(RecordedLine.version): play it with a newer one."
            )
        }
        guard let line = try? JSONBody.decode(RecordedLine.self, from: bytes, limit: .max), line.version >= 1 else {
            return nil
        }
        return line
    }
}

extension RecordedEvent {
    /// Whether it tells something that can be shown, of a server that the first line names.
    fileprivate func tells(of servers: [ServerFacts]) -> Bool {
        if let update { return servers.contains { $0.name == update.server } }
        return ended?.result != nil || look != nil || end != nil
    }

    /// Whether somebody met a conflict here, and on which item.
    var conflict: ItemRef? {
        if let ended, ended.outcome == Outcome.refused.rawValue, ended.reason == Reason.conflict.rawValue {
            return ItemRef(server: ended.server, id: ended.id)
        }
        let kinds = [LockEvent.Kind.conflict, .stolen].map(\.rawValue)
        guard let update, let event = update.events?.last(where: { kinds.contains($0.kind) }) else { return nil }
        return ItemRef(server: update.server, id: event.id)
    }
}
