// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension People {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "HOLDER", width: .between(14, model.size.columns < 100 ? 30 : 40), priority: 9),
            Column(title: "HELD", width: .between(6, 8), align: .right, priority: 8),
            Column(title: "OLDEST", width: .fixed(7), align: .right, priority: 7),
            Column(title: "STALE", width: .between(6, 8), align: .right, priority: 6),
            Column(title: "SERVERS", width: .flexible(8), priority: 1),
        ]
    }

    func cells(_ id: String, _ model: Model) -> [String]? {
        guard let person = model.person(id) else { return nil }
        let name = model.size.columns >= 64 ? person.fullName : person.name
        let servers = person.servers.map { model.servers[$0].facts.name }.joined(separator: " ")
        return [
            name + (model.staleness.isDeparted(person.holder) ? ", departed" : ""), person.held.grouped,
            model.age(of: person), person.stale.grouped, servers,
        ]
    }

    func role(_ id: String, _ model: Model) -> Role {
        guard let person = model.person(id) else { return .text }
        if person.holder.isMe { return .mine }
        return person.stale > 0 ? .stale : .text
    }

    func emptiness(_ model: Model) -> String { "Nobody has anything." }

    func sorted(_ model: Model) -> (column: Int, isDescending: Bool)? { (field.rawValue, isDescending) }
}

extension Model {
    /// How long what is held longest is held.
    func age(of person: Person) -> String {
        person.oldest.map { wording.age(since: $0, isAtLeast: person.isAtLeast) } ?? "-"
    }
}
