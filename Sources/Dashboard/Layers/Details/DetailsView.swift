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
            TextLine(row.item.path, .title), TextLine("Title     \(row.item.title)"),
            TextLine("Server    \(ref.server) (\(server.facts.kind))"), TextLine("Type      \(row.item.type)"),
        ]
        if row.item.id != row.item.path { lines.append(TextLine("Id        \(row.item.id)")) }
        if let modified = row.item.modified { lines.append(TextLine("Modified  \(model.when(modified))")) }
        if let original = row.item.workingCopyOf { lines.append(TextLine("Copy of   \(original)")) }
        lines.append(TextLine("State     \(model.sign(row)) \(row.reading.state.rawValue)", model.role(row)))
        if let error = row.reading.error { lines.append(.labelled("Why       ", error, .warning)) }
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
        [TextLine("")]
            + model.wording.facts(of: lock).map { fact in
                let role: Role = fact.part == .holder ? .title : fact.part == .stale ? .stale : .text
                return .labelled(fact.label(columns: 10), fact.text, role)
            }
    }

    private func operations(on ref: ItemRef, _ model: Model) -> [TextLine] {
        var lines = [TextLine("Now possible", .title)]
        let possible = model.operations(on: ref)
        for binding in Keymap.bindings {
            guard case .perform(let operation) = binding.action else { continue }
            if possible.contains(operation) {
                lines.append(TextLine("  \(binding.keys[0])  \(operation.word)"))
            } else if let why = model.whyNot(operation, on: ref) {
                lines.append(.labelled("  \(binding.keys[0])  \(operation.word): ", why, .faint))
            }
        }
        return lines
    }

    private func story(of ref: ItemRef, _ model: Model) -> [TextLine] {
        let story = model.events.filter { $0.ref == ref }.suffix(40)
        guard !story.isEmpty else { return [] }
        return [TextLine(""), TextLine("What happened", .title)]
            + story.reversed().map { .labelled("  \(model.when($0.at)) ", $0.text, model.role($0)) }
    }
}
