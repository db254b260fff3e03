// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension Messages {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "TIME", width: .fixed(8), priority: 1),
            Column(title: "MESSAGE", width: .flexible(10), priority: 2),
        ]
    }

    private func said(_ number: Int, _ model: Model) -> SaidMessages.Said? {
        guard let first = model.messages.all.first?.number, number >= first else { return nil }
        return model.messages.all[number - first]
    }

    func cells(_ id: Int, _ model: Model) -> [String]? {
        said(id, model).map { [WallClock(model.look.zone).seconds($0.time), $0.message.text] }
    }

    func role(_ id: Int, _ model: Model) -> Role {
        said(id, model)?.message.isError ?? false ? .error : .text
    }

    func whole(_ id: Int, _ model: Model) -> [TextLine] {
        said(id, model).map { [TextLine($0.message.text, role(id, model))] } ?? []
    }

    func emptiness(_ model: Model) -> String { "Nothing was said yet." }
}
