// SPDX-License-Identifier: MIT
import Canvas
import Locks

extension Events {
    func lines(_ model: Model) -> [TextLine] { model.events.reversed().flatMap { lines($0, model) } }

    /// An event with all its words: beside its place, or below it where there is little room.
    private func lines(_ event: LockEvent, _ model: Model) -> [TextLine] {
        let place = model.place(event, columns: model.size.columns - 2)
        guard model.size.columns - Text.width(place) >= 30 else {
            return [TextLine(place, model.role(event))] + [.labelled("  ", event.text, model.role(event))]
        }
        return [.labelled(place + " ", event.text, model.role(event))]
    }
}
