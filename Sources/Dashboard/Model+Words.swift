// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    /// For whom things are put into words here: somebody at the screen, now.
    var wording: Wording {
        let (clock, now) = (WallClock(look.zone), now)
        return Wording(for: .screen, at: now, staleness, isASCII: look.isASCII) { clock.text($0, near: now) }
    }

    /// What an item is called where there is one line for it, in so many columns: a path keeps its end, and what is known
    /// by its number has its title before it.
    func name(of item: Item, columns: Int) -> String {
        guard item.isKnownByNumber else {
            return Text.fit(item.path, columns: columns, ellipsis: glyphs.ellipsis, cut: .start)
        }
        let room = max(4, columns - item.id.utf8.count - 1)
        return Text.fit(item.title, columns: room, ellipsis: glyphs.ellipsis) + " " + item.id
    }

    /// What items are called in a list: their paths, with the server's name where there are several.
    func names(of refs: [ItemRef]) -> [String] {
        let areOfSeveral = Set(refs.map(\.server)).count > 1
        return refs.map { (areOfSeveral ? $0.server + ":" : "") + path(of: $0) }
    }

    /// `you`, or `Bob Builder (bob)`.
    func name(_ holder: Holder) -> String { wording.name(holder) }

    /// `14:02`, with the day when it is another one.
    func when(_ time: Date) -> String { wording.time(time) }
}
