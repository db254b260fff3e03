// SPDX-License-Identifier: MIT
import Canvas

/// The cursor of a page's rows. It stays on its row wherever that goes; when the row is gone, it stays at its place.
/// Until it is moved it stays on top, where what is new comes in.
struct ListCursor<ID: Hashable & Sendable>: Hashable, Sendable {
    /// The row that it is on.
    private(set) var chosen: ID?
    /// Where that is.
    private(set) var place = 0
    /// The first row that is seen.
    private(set) var top = 0
    private var wasMoved = false

    /// Takes note of the rows as they are now.
    mutating func follow(_ ids: [ID], room: Int) {
        if !wasMoved {
            place = 0
        } else if let chosen, let found = place < ids.count && ids[place] == chosen ? place : ids.firstIndex(of: chosen)
        {
            place = found
        }
        place = max(0, min(place, ids.count - 1))
        chosen = ids.isEmpty ? nil : ids[place]
        top = max(0, min(top, ids.count - room, place))
        if place >= top + room { top = place - room + 1 }
    }

    /// Goes to a place.
    mutating func go(to place: Int, _ ids: [ID], room: Int) {
        guard !ids.isEmpty else { return }
        wasMoved = true
        self.place = max(0, min(place, ids.count - 1))
        chosen = ids[self.place]
        follow(ids, room: room)
    }

    /// Goes to a row, if it is there.
    mutating func go(to id: ID) {
        chosen = id
        wasMoved = true
    }
}
