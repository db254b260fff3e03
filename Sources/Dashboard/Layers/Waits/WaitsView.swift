// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension Waits {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "ITEM", width: .flexible(14), priority: 9),
            Column(title: "HOLDER", width: .between(10, 16), priority: 8),
            Column(title: "HELD", width: .fixed(6), align: .right, priority: 7),
            Column(title: "SERVER", width: .fixed(model.serverColumns), priority: 4),
        ]
    }

    func cells(_ id: ItemRef, _ model: Model) -> [String]? {
        let row = model.row(id)
        let item = row?.item ?? Item(id: id.id, path: id.id, title: "")
        let path = model.name(of: item, columns: max(14, model.size.columns - 40))
        let lock = row?.lock
        let holder = lock.map { $0.holder.isMe ? "you" : $0.holder.label }
        let free = row?.reading.state == .free ? "free" : "unknown"
        return [path, holder ?? free, lock.flatMap(model.wording.age) ?? "-", id.server]
    }

    func role(_ id: ItemRef, _ model: Model) -> Role { model.row(id).map(model.role) ?? .text }

    func emptiness(_ model: Model) -> String {
        "Nothing. Press \(model.keymap.key(of: .wait)) on an item to take it when it is free."
    }
}
