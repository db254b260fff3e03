// SPDX-License-Identifier: MIT
import Canvas

extension Help {
    /// The keys by heading: first those of the page that it was opened from.
    private func blocks(_ model: Model) -> [[TextLine]] {
        let beneath = model.layers.dropLast().last.map { type(of: $0.page).lines } ?? []
        let playing = Keymap.replay.map(\.line)
        let others = model.keymap.lines.filter { !beneath.contains($0) && !playing.contains($0) }
        let lines = (model.replay == nil ? [] : playing) + beneath + others
        var blocks: [[TextLine]] = []
        var group = ""
        for line in lines {
            if line.group != group {
                group = line.group
                blocks.append([TextLine(group, .title)])
            }
            let keys = line.keys.map(\.description).joined(separator: " ")
            blocks[blocks.count - 1].append(
                // What is marked as code on a page of the web is plain here.
                .labelled("  \(Text.pad(keys, columns: 10)) ", line.tooltip.replacing("`", with: "")))
        }
        return blocks + [signs(model)]
    }

    private func signs(_ model: Model) -> [TextLine] {
        let signs = [
            (model.glyphs.disc, "you have it"), (model.glyphs.diamond, "somebody else has it"),
            (model.glyphs.square, "checked out"), (model.glyphs.circle, "free"), (model.glyphs.unknown, "not known"),
            ("!", "stale: nobody is likely to be using it; in the column LEFT: it ends soon"), ("~", "read long ago"),
            ("*", "under way"),
            ("w", "waited for"), ("x", "taken from its holder"), ("+", "marked"),
        ]
        return [TextLine("Signs", .title)]
            + signs.map { .labelled("  \(Text.pad($0.0, columns: 10)) ", $0.1) }
    }

    func lines(_ model: Model) -> [TextLine] { Array(blocks(model).joined(separator: [TextLine("")])) }

    /// Side by side where there is room: no heading stands apart from its keys.
    func columns(_ model: Model) -> [[TextLine]] {
        let count = max(1, model.size.columns / 58)
        let width = model.size.columns / count - 2
        let blocks = blocks(model).map { $0.flatMap { $0.folded(columns: width, hanging: Self.hanging) } }
        let height = (blocks.reduce(0) { $0 + $1.count + 1 } + count - 1) / count
        var columns: [[TextLine]] = [[]]
        for block in blocks {
            let isFull =
                !columns[columns.count - 1].isEmpty
                && columns[columns.count - 1].count + block.count / 2 > height
            if isFull, columns.count < count { columns.append([]) }
            if !columns[columns.count - 1].isEmpty { columns[columns.count - 1].append(TextLine("")) }
            columns[columns.count - 1] += block
        }
        return columns
    }
}
