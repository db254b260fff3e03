// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension ServerPage {
    func lines(_ model: Model) -> [TextLine] { model.serverIndex(name).map { lines(model.servers[$0], model) } ?? [] }

    private func lines(_ server: Model.Server, _ model: Model) -> [TextLine] {
        let facts = server.facts
        var lines = [TextLine("\(facts.name)  \(facts.kind)  \(facts.url)", .title)]
        switch server.status.phase {
        case .connecting: lines.append(TextLine("  State      connecting"))
        case .listing(let read, let total):
            lines.append(TextLine("  State      listing, \(read)" + (total.map { " of \($0)" } ?? "")))
        case .watching: lines.append(TextLine("  State      answers", .good))
        case .failing(let error, let next):
            lines.append(.labelled("  State      ", error.description, .error))
            lines.append(TextLine("  Next try   \(model.soon(next))"))
        }
        let account = server.status.account
        let who = account.map { model.name(Holder(id: $0.id ?? "nobody", name: $0.name)) } ?? "not yet"
        lines.append(TextLine("  Signed in  \(who)"))
        let cut = server.status.isCut ? ", listing cut at the limit" : ""
        lines.append(
            TextLine("  Items      \(server.catalog.count.grouped), \(server.catalog.tally.held.grouped) held\(cut)"))
        if let lacks = server.status.lacks {
            lines.append(.labelled("  Lacking    ", lacks.description, .warning))
        }
        if let read = server.status.readAt { lines.append(TextLine("  Read       \(model.when(read))")) }
        let trip = server.status.roundTrip.map { "\(max(1, Int($0 * 1_000))) ms" } ?? "-"
        lines.append(
            TextLine("  Requests   \(server.status.requests.grouped), of which failed: \(server.status.failures.grouped)"))
        let pace = server.requestRate.perSecond.map { "\((($0 * 10).rounded() / 10).coarse) a second just now, " } ?? ""
        lines.append(TextLine("  Pace       \(pace)at most \(facts.budget.coarse) a second"))
        lines.append(TextLine("  Round trip \(trip)"))
        if facts.isReadOnly { lines.append(TextLine("  Read-only in the configuration.")) }
        if facts.isProtected {
            lines.append(TextLine("  Protected: each operation wants its name typed.", .warning))
        }
        if let insecurity = facts.insecurity { lines.append(TextLine("  \(insecurity)", .error)) }
        guard account != nil else {
            return lines + [TextLine("  What can be done there is told once it is signed in.", .faint)]
        }
        for operation in Operation.allCases {
            let offer = server.status.operations[operation]
            if offer.isOffered {
                lines.append(TextLine("  \(Text.pad(operation.word, columns: 13))\(offer.why ?? "yes")"))
            } else {
                lines.append(
                    .labelled("  \(Text.pad(operation.word, columns: 13))", "no: \(offer.why ?? "")", .faint))
            }
        }
        return lines
    }
}

extension Double {
    /// Without a fraction where there is none.
    var coarse: String {
        self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String((self * 10).rounded() / 10)
    }
}
