// SPDX-License-Identifier: MIT
import Canvas
import Locks

/// The stack of layers.
extension Model {
    /// What fills the screen in the table's place; `nil`: the table is seen, with its details beside it if they are
    /// open and there is room.
    var overlay: Layer? {
        guard let last = layers.last else { return nil }
        if case .details = last, hasSidePane { return nil }
        return last
    }

    /// The details' pane, wherever it stands.
    var details: Details? {
        if case .details(let details) = layers.first { details } else { nil }
    }

    var showsDetails: Bool { details != nil }

    /// Whether the details have a place beside the table.
    var hasSidePane: Bool { size.columns >= 120 }

    /// What is on top, and so gets the keys.
    var scope: Keymap.Scope { overlay.map { type(of: $0.page).scope } ?? .table }

    /// Opens a page over what is there. One that is there already comes to the top; one that is on top goes.
    mutating func open(_ layer: Layer) {
        guard let place = layers.lastIndex(where: { $0.isSamePage(as: layer) }) else { return layers.append(layer) }
        if place == layers.count - 1 { layers.removeLast() } else { layers.removeSubrange((place + 1)...) }
    }

    /// Takes all pages away: the table is seen, with its details if they were open.
    mutating func leavePages() { layers = details.map { [.details($0)] } ?? [] }

    /// Puts the table's cursor on an item, past a filter or a view that hides it.
    /// - Returns: whether it is there; if not, the message line says so.
    mutating func goTo(_ ref: ItemRef) -> Bool {
        guard let key = key(ref) else {
            message = Message(text: "\(ref) is not among the items any more.", isError: true)
            return false
        }
        if list.place(of: key) == nil, !queryText.isEmpty { setQuery("") }
        if list.place(of: key) == nil, view != .all {
            view = .all
            refilter()
        }
        if list.place(of: key) == nil, let heading = list.heading(over: key) { fold(heading, false) }
        hasTouchedCursor = true
        selected = key
        return true
    }

    mutating func toggleDetails() {
        if showsDetails { layers.removeFirst() } else { layers.insert(.details(Details()), at: 0) }
    }

    /// Lets the page on top do something.
    /// - Returns: what is to be done outside; `nil` where there is no page, or it was not for it.
    mutating func onTop(_ body: (inout any Page, inout Model) -> Reply) -> [Effect]? {
        guard let overlay else { return nil }
        let place = layers.count - 1
        var page = overlay.page
        let reply = body(&page, &self)
        if place < layers.count { layers[place] = page.layer }
        switch reply {
        case .ignored: return nil
        case .done(let effects): return effects
        case .close: layers.removeLast()
        case .open(let layer): layers.append(layer)
        case .type(let text): prompt = Prompt(line: InputLine(text), use: .page)
        case .home(let effects):
            leavePages()
            return effects
        }
        return []
    }

    /// Lets each layer take note of what has changed.
    mutating func followWithLayers() {
        for place in layers.indices {
            var page = layers[place].page
            page.follow(self)
            layers[place] = page.layer
        }
    }

    /// How far the bar over a chosen row goes where it need not cover a column: on a wide screen half of it tells which
    /// row it is, at half the bytes for each step of the cursor.
    var barColumns: Int { size.columns > 140 ? 100 : size.columns }

    /// Draws what a page is called, which of its lines are seen, and where there is room how it is closed.
    func drawTitle(_ heading: String, _ lines: String, _ frame: inout Frame, _ area: Rect) {
        let whole = " \(heading)\(lines)  Esc closes"
        let room = area.columns - Text.width(lines) - 2
        let isWhole = Text.width(whole, atMost: area.columns + 1) <= area.columns
        let text = isWhole ? whole : " " + Text.fit(heading, columns: room, ellipsis: glyphs.ellipsis) + lines
        frame.put(text, column: area.column, row: area.row, columns: area.columns, style: style(.title))
    }

    /// Where a page stands.
    var pageArea: Rect {
        let layout = self.layout
        return Rect(
            column: 0, row: layout.heading, columns: size.columns, rows: max(0, layout.footer - layout.heading))
    }

    /// Where the details stand: a page's place, or beside the table.
    var detailsArea: Rect {
        guard hasSidePane else { return pageArea }
        let layout = self.layout
        return Rect(
            column: layout.tableColumns + 1, row: layout.heading, columns: size.columns - layout.tableColumns - 1,
            rows: layout.tableRows + 1)
    }
}
