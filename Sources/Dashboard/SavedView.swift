// SPDX-License-Identifier: MIT
import Locks

/// A filter of the configuration with a name.
struct SavedView: Hashable, Sendable {
    let name: String
    let filter: String
}

extension Model {
    /// What the screen's own views are called behind `:view`.
    public static var viewNames: [String] { View.allCases.map { $0.title.lowercased() } }

    /// Sets the filters that the configuration gives names.
    public mutating func setViews(_ views: [(name: String, filter: String)]) {
        savedViews = views.map { SavedView(name: $0.name, filter: $0.filter) }
    }

    /// Which saved view is shown: its filter, over all items.
    var savedView: SavedView? {
        guard view == .all, !queryText.isEmpty else { return nil }
        return savedViews.first { $0.filter == queryText }
    }

    /// Shows the saved view that a key stands for.
    mutating func show(savedView number: Int) {
        let place = number - View.allCases.count - 1
        guard savedViews.indices.contains(place) else {
            message = Message(
                text: "No view is saved under \(number): `views` in the configuration gives filters names.")
            return
        }
        show(savedViews[place])
    }

    mutating func show(_ saved: SavedView) {
        view = .all
        leavePages()
        setQuery(saved.filter)
    }
}
