// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension Events {
    static func columns(_ model: Model) -> [Column] {
        let time = Column(title: "TIME", width: .fixed(8), priority: 4)
        let server = Column(title: "SERVER", width: .fixed(model.serverColumns), priority: 2)
        return [time] + (model.servers.count > 1 ? [server] : []) + [
            Column(title: "ITEM", width: .between(14, model.size.columns < 120 ? 24 : 48), priority: 1),
            Column(title: "EVENT", width: .flexible(18), priority: 3),
        ]
    }

    func cells(_ id: Int, _ model: Model) -> [String]? {
        guard let event = event(id, model) else { return nil }
        let room = model.size.columns < 120 ? max(14, min(24, model.size.columns / 2 - 16)) : 48
        let path = model.name(of: event.item, columns: room)
        let time = WallClock(model.look.zone).seconds(event.at)
        return [time] + (model.servers.count > 1 ? [event.ref.server] : []) + [path, event.text]
    }

    func role(_ id: Int, _ model: Model) -> Role { event(id, model).map(model.role) ?? .text }

    func whole(_ id: Int, _ model: Model) -> [TextLine] {
        guard let event = event(id, model) else { return [] }
        let place = "\(model.when(event.at))  \(event.ref.server):\(event.path)"
        return [TextLine(event.text, model.role(event)), TextLine(place)]
    }

    func emptiness(_ model: Model) -> String {
        if filter.text.isEmpty { return "Nothing has happened since the start." }
        // While it is typed, Esc takes it back.
        guard model.prompt == nil else { return filter.error ?? "No event matches the filter." }
        return "No event matches the filter. Esc clears it."
    }
}

extension Model {
    /// How many columns the names of the servers take in a page's rows.
    var serverColumns: Int { max(6, min(12, servers.map { Text.width($0.facts.name) }.max() ?? 0)) }
}
