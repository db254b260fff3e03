// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// What is known of the item under the cursor: over the table, or beside it where there is room.
struct Details: TextPage {
    typealias Act = Never

    static let title = "DETAILS"
    static let hanging = 10

    static let scope = Keymap.Scope.details

    var top = 0
    /// The item that it tells of: another one is read from its beginning.
    private var item: RowKey?

    var layer: Layer { .details(self) }

    mutating func follow(_ model: Model) {
        guard item != model.selected else { return }
        item = model.selected
        top = 0
    }

    func area(_ model: Model) -> Rect { model.detailsArea }
}

extension Model {
    /// Asks for what happened before to the item that the details are about.
    mutating func askForStory() -> [Effect] {
        let ref = showsDetails ? selected.flatMap(ref) : nil
        guard ref != story?.ref else { return [] }
        story = ref.map { ($0, []) }
        return ref.map { [.story($0)] } ?? []
    }

    /// What happened to an item, in earlier runs too, the oldest first; refreshes that follow one another are one line.
    func story(of ref: ItemRef) -> [StoryLine] {
        let before = story?.ref == ref ? story?.events ?? [] : []
        let last = before.last
        // What happened since it was looked up.
        let since = events.filter { event in
            guard event.ref == ref else { return false }
            guard let last else { return true }
            if let seq = event.seq, let lastSeq = last.seq { return seq > lastSeq }
            return event.at > last.at
        }
        var lines: [StoryLine] = []
        for event in before + since {
            let isRefresh = event.kind == .refreshed && lines.last?.event.kind == .refreshed
            if isRefresh, lines[lines.count - 1].event.after?.holder == event.after?.holder {
                lines[lines.count - 1] = StoryLine(event: event, times: lines[lines.count - 1].times + 1)
            } else {
                lines.append(StoryLine(event: event, times: 1))
            }
        }
        return lines
    }
}

/// A line of an item's story.
struct StoryLine: Hashable, Sendable {
    let event: LockEvent
    /// How often it happened in a row.
    let times: Int
}
