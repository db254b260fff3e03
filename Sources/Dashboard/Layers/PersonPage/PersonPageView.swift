// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension PersonPage {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "ITEM", width: .flexible(14), priority: 9),
            Column(title: "KIND", width: .fixed(11), priority: 2),
            Column(title: "HELD", width: .fixed(6), align: .right, priority: 8),
            Column(title: "LEFT", width: .fixed(5), align: .right, priority: 3),
            Column(title: "SERVER", width: .fixed(model.serverColumns), priority: 4),
        ]
    }

    func cells(_ id: RowKey, _ model: Model) -> [String]? {
        guard let row = model.row(id) else { return nil }
        let lock = row.reading.locks.first { Holdings.name(of: $0.holder) == name } ?? row.lock
        let path = model.name(of: row.item, columns: max(14, model.size.columns - 46))
        let left = lock?.expires.map { $0.timeIntervalSince(model.now) }
        return [
            path, lock?.kind.rawValue ?? "-", lock.flatMap(model.wording.age) ?? "-",
            left.map { $0 <= 0 ? "over" : Age.calm($0) } ?? "-", model.servers[id.server].facts.name,
        ]
    }

    func role(_ id: RowKey, _ model: Model) -> Role { model.row(id).map(model.role) ?? .text }

    func whole(_ id: RowKey, _ model: Model) -> [TextLine] {
        let story = model.events.reversed().filter { event in
            [event.by, event.before?.holder, event.after?.holder].contains {
                $0.map(Holdings.name) == name
            }
        }
        guard !story.isEmpty else {
            return [TextLine("Nothing has happened to what \(name == "you" ? "you hold" : "\(name) holds") since the start.")]
        }
        return story.prefix(20).map {
            .labelled("\(model.when($0.at))  ", "\($0.path)  \($0.text)", model.role($0))
        }
    }

    func emptiness(_ model: Model) -> String { "\(name == "you" ? "You have" : "\(name) has") nothing any more." }
}
