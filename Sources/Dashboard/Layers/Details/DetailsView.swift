// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Details {
    func lines(_ model: Model) -> [TextLine] {
        guard let key = model.selected, let row = model.row(key), let ref = model.ref(key) else {
            let isHeading = model.selected?.isHeading ?? false
            return [TextLine(isHeading ? "A heading: its rows are below." : "Nothing is selected.")]
        }
        let server = model.servers[key.server]
        var lines = [TextLine(row.item.path, .title)] + possible(on: ref, model)
        // Who has it and since when is seen on the smallest screen.
        for lock in row.reading.locks { lines += self.lines(lock, model) }
        lines += [TextLine(""), TextLine("Title     \(row.item.title)")]
        lines.append(TextLine("Server    \(ref.server) (\(server.facts.kind))"))
        if !row.item.type.isEmpty { lines.append(TextLine("Type      \(row.item.type)")) }
        if row.item.id != row.item.path { lines.append(TextLine("Id        \(row.item.id)")) }
        if let modified = row.item.modified { lines.append(TextLine("Modified  \(model.when(modified))")) }
        if let original = row.item.workingCopyOf { lines.append(TextLine("Copy of   \(original)")) }
        lines.append(TextLine("State     \(model.sign(row)) \(row.reading.state.rawValue)", model.role(row)))
        if let error = row.reading.error { lines.append(.labelled("Why       ", error, .warning)) }
        if let observed = row.reading.observedAt {
            lines.append(
                TextLine("Read      \(model.when(observed)), \(Age.calm(model.now.timeIntervalSince(observed))) ago"))
        }
        return lines + story(of: ref, model) + impossible(on: ref, model)
    }

    private func lines(_ lock: Lock, _ model: Model) -> [TextLine] {
        [TextLine("")]
            + model.wording.facts(of: lock).map { fact in
                let role: Role = fact.part == .holder ? .title : fact.part == .stale ? .stale : .text
                return .labelled(fact.label(columns: 10), fact.text, role)
            }
    }

    // What can be done comes first: that is what somebody looks for who opens this.
    private func possible(on ref: ItemRef, _ model: Model) -> [TextLine] {
        let possible = model.operations(on: ref)
        guard !possible.isEmpty else { return [TextLine("Nothing can be done here just now.")] }
        let words = model.keymap.bindings.compactMap { binding -> String? in
            guard case .perform(let operation) = binding.action, possible.contains(operation) else { return nil }
            return "\(binding.keys[0]) \(operation.word)"
        }
        return [.labelled("Can now   ", words.joined(separator: "  "), .title)]
    }

    private func impossible(on ref: ItemRef, _ model: Model) -> [TextLine] {
        let lines = model.keymap.bindings.compactMap { binding -> TextLine? in
            guard case .perform(let operation) = binding.action, let why = model.whyNot(operation, on: ref) else {
                return nil
            }
            return .labelled("  \(binding.keys[0])  \(operation.word): ", why, .faint)
        }
        return lines.isEmpty ? [] : [TextLine(""), TextLine("Not possible", .title)] + lines
    }

    private func story(of ref: ItemRef, _ model: Model) -> [TextLine] {
        let isWaitedFor = model.serverIndex(ref.server).map { model.servers[$0].waits(for: ref.id) } ?? false
        var lines = isWaitedFor ? [TextLine("  You wait for it: it is taken when it is free.", .ours)] : []
        lines += model.story(of: ref).suffix(60).reversed().map { line in
            let times = line.times > 1 ? ", \(line.times) times in a row" : ""
            return .labelled("  \(model.when(line.event.at)) ", line.event.text + times, model.role(line.event))
        }
        return lines.isEmpty ? [] : [TextLine(""), TextLine("What happened", .title)] + lines
    }
}
