// SPDX-License-Identifier: MIT
import Canvas
import TestSupport

/// Screens after one another as one SVG, which goes round for ever. A row that does not change is drawn once.
struct Animation {
    /// A screen, and for how many seconds it stands.
    typealias Frame = (screen: VirtualScreen, seconds: Double)

    private let frames: [Frame]
    /// What is seen where nothing moves: on paper, or where a reader switched it off.
    private let still: Int

    init(_ frames: [Frame], still: Int) {
        self.frames = frames
        self.still = still
    }

    var svg: String {
        guard let first = frames.first else { return "" }
        let pictures = frames.map { Picture($0.screen) }
        let ends = frames.indices.map { frames[...$0].reduce(0) { $0 + $1.seconds } }
        let (starts, length) = ([0] + ends.dropLast(), ends[ends.count - 1])
        var text = pictures[0].opening
        for row in 0..<first.screen.size.rows {
            let drawn = pictures.map { $0.drawn(row: row) }
            for content in Set(drawn).subtracting([""]).sorted() {
                let shown = drawn.map { $0 == content }
                if shown.allSatisfy(\.self) {
                    text += content
                } else {
                    text += "<g visibility=\"\(shown[still] ? "visible" : "hidden")\">"
                    text += turning(shown, starts, length) + content + "</g>\n"
                }
            }
        }
        return text + "</svg>"
    }

    /// When something is seen, and when not.
    private func turning(_ shown: [Bool], _ starts: [Double], _ length: Double) -> String {
        let turns = shown.indices.filter { $0 == 0 || shown[$0] != shown[$0 - 1] }
        let values = turns.map { shown[$0] ? "visible" : "hidden" }.joined(separator: ";")
        let times = turns.map { "\((starts[$0] / length * 10_000).rounded() / 10_000)" }.joined(separator: ";")
        return "<animate attributeName=\"visibility\" values=\"\(values)\" keyTimes=\"\(times)\" dur=\"\(length)s\" "
            + "calcMode=\"discrete\" repeatCount=\"indefinite\"/>\n"
    }
}
