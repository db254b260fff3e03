// SPDX-License-Identifier: MIT
import Canvas

extension Help {
    func lines(_ model: Model) -> [TextLine] {
        var lines: [TextLine] = []
        var group = ""
        for line in Keymap.lines {
            if line.group != group {
                if !group.isEmpty { lines.append(TextLine("")) }
                group = line.group
                lines.append(TextLine(group, .title))
            }
            let keys = line.keys.map(\.description).joined(separator: " ")
            lines.append(.labelled("  \(Text.pad(keys, columns: 10)) ", line.tooltip))
        }
        lines += [TextLine(""), TextLine("Signs", .title)]
        let signs = [
            (model.glyphs.disc, "you have it"), (model.glyphs.diamond, "somebody else has it"),
            (model.glyphs.square, "checked out"), (model.glyphs.circle, "free"), (model.glyphs.unknown, "not known"),
            ("!", "stale: nobody is likely to be using it"), ("~", "read long ago"), ("*", "under way"),
            ("w", "waited for"), ("+", "marked"),
        ]
        return lines + signs.map { .labelled("  \(Text.pad($0.0, columns: 10)) ", $0.1) }
    }
}
