// SPDX-License-Identifier: MIT
internal import Locks

/// Reads the keys at the top that are about the screen, and about what it tells others.
struct ScreenReading {
    let section: Section

    /// The names of the table's columns, each once.
    func columns() -> [String]? {
        guard let entry = section.entry("columns") else { return nil }
        guard case .list(let members) = entry.value.content, !members.isEmpty else {
            section.findings.add(
                "expected a list of columns for `columns`, as `[item, holder, held]`, found "
                    + (entry.value.isList ? "an empty one" : entry.value.noun), at: entry.value.place)
            return nil
        }
        var columns: [String] = []
        for member in members {
            let column = section.value(of: member, key: "columns") { text throws(Complaint) in
                try ValueRule.column(text, after: columns)
            }
            if let column { columns.append(column) }
        }
        return columns
    }

    /// Filters with names.
    func views() -> [SavedView] {
        guard let entry = section.entry("views"),
            let named = Section(entry.value, name: "views", findings: section.findings)
        else { return [] }
        if named.entries.count > SavedView.most {
            let first = named.entries[SavedView.most]
            section.findings.add(
                "expected at most \(SavedView.most) views, found \(named.entries.count)", at: first.place)
        }
        return named.entries.prefix(SavedView.most).compactMap { entry in
            do throws(Complaint) {
                try ValueRule.viewName(entry.key)
            } catch {
                section.findings.add(error.message, at: entry.place)
            }
            let filter = section.value(of: entry.value, key: entry.key) { text throws(Complaint) in
                try ValueRule.filter(text)
            }
            return filter.map { SavedView(name: entry.key, filter: $0) }
        }
    }

    /// Other keys for actions. A key that another action has, by itself or by another line, is refused.
    func keys(_ vocabulary: KeyVocabulary?) -> [KeyChange] {
        guard let entry = section.entry("keys"),
            let named = Section(entry.value, name: "keys", findings: section.findings)
        else { return [] }
        guard let vocabulary else {
            return named.entries.compactMap { entry in
                section.value(of: entry.value, key: entry.key) { KeyChange(action: entry.key, key: $0) }
            }
        }
        var changes: [(change: KeyChange, place: Place)] = []
        for entry in named.entries {
            let key = section.value(of: entry.value, key: entry.key) { text throws(Complaint) in
                guard let key = vocabulary.spelling(text) else {
                    throw Complaint(
                        "no key is called \(Quote.value(text)); expected a character, or a name like `^x`, `F5`, `PgUp` "
                            + "or `Space`")
                }
                return key
            }
            do throws(Complaint) {
                let action = try ValueRule.choice(
                    entry.key, noun: "action", among: vocabulary.actions.map(\.name))
                if let key { changes.append((KeyChange(action: action, key: key), entry.value.place)) }
            } catch {
                section.findings.add(error.message, at: entry.place)
            }
        }
        for (change, place) in changes {
            let other = vocabulary.actions.first { other in
                guard other.name != change.action else { return false }
                let theirs = changes.first { $0.change.action == other.name }?.change.key
                return other.staying.contains(change.key)
                    || (theirs.map { [$0] } ?? other.going).contains(change.key)
            }
            if let other {
                section.findings.add(
                    "`\(change.key)` is the key of `\(other.name)`; give that one another key first, or choose another",
                    at: place)
            }
        }
        return changes.map(\.change)
    }

    /// Commands for events.
    func hooks() -> [Hook] {
        guard let entry = section.entry("hooks") else { return [] }
        guard case .list(let members) = entry.value.content else {
            section.findings.add(
                "expected a list for `hooks`, each beginning with `- `, found \(entry.value.noun)",
                at: entry.value.place)
            return []
        }
        return members.compactMap { member in
            guard let hook = Section(member, name: "hooks", findings: section.findings) else { return nil }
            hook.refuseUnknown(["event", "filter", "run"])
            hook.require("event")
            hook.require("run", ": a command for the shell")
            let event = hook.choice("event", among: LockEvent.Kind.allCases.map(\.rawValue))
            let filter = hook.value("filter") { text throws(Complaint) in try ValueRule.filter(text) }
            let run = hook.text("run", lines: true)
            guard let event, let run else { return nil }
            return Hook(event: event, filter: filter ?? "", run: run)
        }
    }
}
