// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Servers {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "SERVER", width: .between(8, 16), priority: 9),
            Column(title: "STATE", width: .flexible(12), priority: 8),
            Column(title: "NEXT", width: .fixed(8), priority: 5),
            Column(title: "LATENCY", width: .fixed(7), align: .right, priority: 6),
            Column(title: "REQ/S", width: .fixed(7), align: .right, priority: 2),
            Column(title: "ERRORS", width: .fixed(6), align: .right, priority: 7),
            Column(title: "ITEMS", width: .between(5, 9), align: .right, priority: 1),
            Column(title: "HELD", width: .between(4, 7), align: .right, priority: 3),
            Column(title: "KEYS", width: .fixed(7), priority: 0),
            Column(title: "SIGNED IN", width: .between(9, 16), priority: 4),
        ]
    }

    func cells(_ id: String, _ model: Model) -> [String]? {
        guard let index = model.serverIndex(id) else { return nil }
        let server = model.servers[index]
        let status = server.status
        let account = status.account
        return [
            id, model.state(server), model.nextTry(server), model.latency(server), model.rate(server),
            status.failures.grouped, server.catalog.count.grouped, server.catalog.tally.held.grouped,
            // Before the first sign-in nobody knows.
            account == nil ? "?" : Self.keys(status.operations, model.keymap), account?.name ?? account?.id ?? "-",
        ]
    }

    /// The keys of the operations that it offers.
    private static func keys(_ operations: Operations, _ keymap: Keymap) -> String {
        keymap.bindings.compactMap { binding in
            guard case .perform(let operation) = binding.action else { return nil }
            return operations[operation].isOffered ? "\(binding.keys[0])" : "-"
        }.joined()
    }

    func role(_ id: String, _ model: Model) -> Role {
        guard let index = model.serverIndex(id) else { return .text }
        let status = model.servers[index].status
        if case .failing = status.phase { return .error }
        return status.lacks == nil ? .text : .warning
    }

    func whole(_ id: String, _ model: Model) -> [TextLine] {
        guard let index = model.serverIndex(id) else { return [] }
        let server = model.servers[index]
        var lines: [TextLine] = []
        if case .failing(let error, _) = server.status.phase { lines.append(TextLine(error.description, .error)) }
        if let lacks = server.status.lacks { lines.append(TextLine(lacks.description, .warning)) }
        if let insecurity = server.facts.insecurity { lines.append(TextLine(insecurity, .error)) }
        lines.append(TextLine("\(server.facts.kind)  \(server.facts.url)"))
        return lines
    }

    func emptiness(_ model: Model) -> String { "No server is configured." }
}

/// Servers in words.
extension Model {
    /// What its watch is doing.
    func state(_ server: Server) -> String {
        switch server.status.phase {
        case .failing(let error, _):
            let prefix = server.facts.name + ": "
            return error.message.hasPrefix(prefix) ? String(error.message.dropFirst(prefix.count)) : error.message
        case _ where server.status.isPaused: return "paused"
        case .connecting: return "connecting"
        case .listing(let read, let total): return "listing \(read.grouped)" + (total.map { " of \($0.grouped)" } ?? "")
        case .watching:
            if server.status.lacks != nil { return "answers, listing incomplete" }
            return server.status.isCut ? "answers, listing cut at the limit" : "answers"
        }
    }

    /// When it is tried again, if it is left alone.
    func nextTry(_ server: Server) -> String {
        guard case .failing(_, let next) = server.status.phase else { return "-" }
        return server.status.isPaused ? "paused" : soon(next)
    }

    /// A time that is near to the second.
    func soon(_ time: Date) -> String {
        abs(time.timeIntervalSince(now)) < 60 ? WallClock(look.zone).seconds(time) : when(time)
    }

    /// The median time from question to answer.
    func latency(_ server: Server) -> String {
        server.status.roundTrip.map { "\(max(1, Int($0 * 1_000))) ms" } ?? "-"
    }

    /// How much of its budget is used, in requests a second.
    func rate(_ server: Server) -> String {
        let used = server.requestRate.perSecond.map { ($0 * 10).rounded() / 10 }
        return "\(used?.coarse ?? "-")/\(server.facts.budget.coarse)"
    }
}
