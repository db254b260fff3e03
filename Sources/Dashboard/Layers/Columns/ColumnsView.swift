// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension Columns {
    static func columns(_ model: Model) -> [Column] {
        [
            Column(title: "SHOWN", width: .fixed(5), priority: 8),
            Column(title: "COLUMN", width: .fixed(8), priority: 9),
            Column(title: "WHAT IT SAYS", width: .flexible(12), priority: 7),
        ]
    }

    func cells(_ id: String, _ model: Model) -> [String]? {
        Field.all.first { $0.name == id }.map { [isShown($0) ? "yes" : "-", $0.name, Self.words($0, model)] }
    }

    // What is marked as code on a page of the web is plain here.
    private static func words(_ field: Field, _ model: Model) -> String {
        let words = field.about.filter { $0 != "`" }
        return model.look.isASCII ? words.replacing("≥", with: ">=") : words
    }

    func role(_ id: String, _ model: Model) -> Role {
        Field.all.contains { $0.name == id && isShown($0) } ? .text : .faint
    }

    func whole(_ id: String, _ model: Model) -> [TextLine] {
        Field.all.first { $0.name == id }.map { [TextLine(Self.words($0, model))] } ?? []
    }

    func emptiness(_ model: Model) -> String { "" }
}
