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

    func style(_ id: String, _ model: Model) -> Style {
        guard let person = model.person(id) else { return .plain }
        if person.holder.isMe { return Style(.green) }
        return person.stale > 0 ? Style(.magenta) : .plain
    }

    func emptiness(_ model: Model) -> String { "Nobody has anything." }

    func sorted(_ model: Model) -> (column: Int, isDescending: Bool)? { (field.rawValue, isDescending) }
}

extension Model {
    /// How long what is held longest is held.
    func age(of person: Person) -> String {
        guard let oldest = person.oldest else { return "-" }
        let age = now.timeIntervalSince(oldest)
        guard person.isAtLeast else { return Age.calm(age) }
        return (look.isASCII ? ">" : "≥") + (age < 60 ? "0m" : Age.text(age))
    }
}
