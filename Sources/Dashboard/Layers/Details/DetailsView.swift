// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Details {
    func lines(_ model: Model) -> [TextLine] {
        guard let key = model.selected, let row = model.row(key), let ref = model.ref(key) else {
            return [TextLine("Nothing is selected.")]
        }
        let server = model.servers[key.server]
        var lines = [
            TextLine(row.item.path, .plain.bold), TextLine("Title     \(row.item.title)"),
            TextLine("Server    \(ref.server) (\(server.facts.kind))"), TextLine("Type      \(row.item.type)"),
        ]
        if row.item.id != row.item.path { lines.append(TextLine("Id        \(row.item.id)")) }
        if let modified = row.item.modified { lines.append(TextLine("Modified  \(model.when(modified))")) }
        if let original = row.item.workingCopyOf { lines.append(TextLine("Copy of   \(original)")) }
        lines.append(TextLine("State     \(model.sign(row)) \(row.reading.state.rawValue)", model.style(row)))
        if let error = row.reading.error { lines.append(.labelled("Why       ", error, Style(.yellow))) }
        if let observed = row.reading.observedAt {
            lines.append(
                TextLine("Read      \(model.when(observed)), \(Age.calm(model.now.timeIntervalSince(observed))) ago"))
        }
        for lock in row.reading.locks { lines += self.lines(lock, model) }
        lines.append(TextLine(""))
        lines += operations(on: ref, model)
        lines += story(of: ref, model)
        return lines
    }

    private func lines(_ lock: Lock, _ model: Model) -> [TextLine] {
        var lines = [TextLine(""), TextLine("Holder    \(model.name(lock.holder))", .plain.bold)]
        lines.append(TextLine("Kind      \(lock.kind.rawValue)"))
        lines.append(TextLine("Held      \(model.held(lock))"))
        if let expires = lock.expires {
            let left = expires.timeIntervalSince(model.now)
            lines.append(
                TextLine(
                    "Until     \(model.when(expires))" + (left <= 0 ? ", which is over" : ", in \(Age.calm(left))")))
        } else {
            lines.append(TextLine("Until     it does not end by itself, or the server does not say"))
        }
        if let timeout = lock.timeout { lines.append(TextLine("Time-out  \(Age.text(Double(timeout)))")) }
        lines.append(TextLine("Stealable \(lock.stealable.map { $0 ? "yes" : "no" } ?? "only a try will tell")"))
        if let comment = lock.comment { lines.append(.labelled("Comment   ", comment)) }
        lines.append(TextLine("Identity  \(lock.identity)"))
        let reasons = model.staleness.reasons(lock, at: model.now)
        if !reasons.isEmpty { lines.append(.labelled("Stale     ", reasons.joined(separator: "; "), Style(.magenta))) }
        for note in lock.notes { lines.append(.labelled("Note      ", note)) }
        return lines
    }

    private func operations(on ref: ItemRef, _ model: Model) -> [TextLine] {
        var lines = [TextLine("Now possible", .plain.bold)]
        let possible = model.operations(on: ref)
        for binding in Keymap.bindings {
            guard case .perform(let operation) = binding.action else { continue }
            if possible.contains(operation) {
                lines.append(TextLine("  \(binding.keys[0])  \(operation.word)"))
            } else if let why = model.whyNot(operation, on: ref) {
                lines.append(.labelled("  \(binding.keys[0])  \(operation.word): ", why, .plain.dim))
            }
        }
        return lines
    }

    private func story(of ref: ItemRef, _ model: Model) -> [TextLine] {
        let story = model.events.filter { $0.ref == ref }.suffix(40)
        guard !story.isEmpty else { return [] }
        return [TextLine(""), TextLine("What happened", .plain.bold)]
            + story.reversed().map { .labelled("  \(model.when($0.at)) ", $0.text, model.style($0)) }
    }
}
