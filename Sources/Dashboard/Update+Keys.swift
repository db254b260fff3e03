// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    mutating func press(_ key: Key) -> [Effect] {
        if dialog != nil { return pressInDialog(key) }
        if line != nil { return pressInLine(key) }
        message = nil
        if let bulk, key == .escape || key == .control("c") { return stop(bulk) }
        if case .mouse(let mouse) = key { return press(mouse) }
        if case .paste = key {
            message = Message(text: "What comes at once, as a paste does, is no command: press keys one by one.")
            return []
        }
        guard let action = Keymap.action(for: key) else { return [] }
        return perform(action)
    }

    private mutating func stop(_ bulk: Bulk) -> [Effect] {
        self.bulk?.stop()
        message = Message(text: "Stopping: what is under way is followed to its end.")
        return self.bulk?.isOver ?? false ? goOnWithBulk() : []
    }

    private mutating func press(_ mouse: Mouse) -> [Effect] {
        switch mouse.kind {
        case .wheelDown: moveCursor(to: (cursor ?? -1) + 3)
        case .wheelUp: moveCursor(to: (cursor ?? 1) - 3)
        case .press, .doubleClick:
            let layout = self.layout
            if mouse.position.row == layout.tabs, let view = tab(at: mouse.position.column) { return show(view) }
            if mouse.position.row == layout.heading, let field = heading(at: mouse.position.column) {
                sort = Sort(field: field, isDescending: sort.field == field ? !sort.isDescending : false)
                resort()
            }
            let place = mouse.position.row - layout.table
            if page == .table, place >= 0, place < visible.count {
                moveCursor(to: top + place)
                if mouse.kind == .doubleClick { showsDetails.toggle() }
            }
        }
        return []
    }

    private mutating func pressInDialog(_ key: Key) -> [Effect] {
        guard let choice = dialog?.press(key), let answered = dialog else { return [] }
        dialog = nil
        return choose(choice, answered)
    }

    private mutating func pressInLine(_ key: Key) -> [Effect] {
        guard var current = line else { return [] }
        switch key {
        case .enter: line = nil
        case .escape, .control("c"):
            line = nil
            setQuery(current.before)
        case .up, .down, .pageUp, .pageDown:
            return Keymap.action(for: key).map { perform($0) } ?? []
        default:
            if current.edit(key) {
                line = current
                setQuery(current.text)
            }
        }
        return []
    }

    mutating func setQuery(_ text: String) {
        queryText = text
        message = nil
        do {
            query = try Query(text)
        } catch {
            // Half a word is no mistake while it is typed: the last good filter stays, and the line says why.
            message = Message(text: error.description, isError: true)
            if line == nil { query = Query() } else { return }
        }
        refilter()
    }

    private mutating func show(_ view: View) -> [Effect] {
        self.view = view
        page = .table
        refilter()
        return []
    }

    private mutating func perform(_ action: Action) -> [Effect] {
        switch action {
        case .up, .down, .pageUp, .pageDown, .halfUp, .halfDown, .top, .bottom: move(action)
        case .view(let number): return View(rawValue: number).map { show($0) } ?? []
        case .nextView: return show(View(rawValue: view.rawValue % 6 + 1) ?? .all)
        case .previousView: return show(View(rawValue: (view.rawValue + 4) % 6 + 1) ?? .all)
        case .filter:
            page = .table
            line = InputLine(queryText)
        case .clear: clear()
        case .nextMatch, .previousMatch: seekHeld(forward: action == .nextMatch)
        case .sortField: sortByNextField()
        case .sortDirection:
            sort.isDescending.toggle()
            resort()
        case .mark: mark()
        case .markAll: for key in list.shown { ref(key).map { _ = marks.insert($0) } }
        case .unmarkAll: marks = []
        case .details:
            showsDetails.toggle()
            detailsTop = 0
        case .events: showsEvents.toggle()
        case .allEvents: page = page == .events ? .table : .events
        case .servers: page = page == .servers ? .table : .servers
        case .help: page = page == .help ? .table : .help
        default: return performOutside(action)
        }
        if [.allEvents, .servers, .help].contains(action) { detailsTop = 0 }
        return []
    }

    private mutating func performOutside(_ action: Action) -> [Effect] {
        switch action {
        case .perform(let operation): return ask(for: operation)
        case .lockWithOptions: openLockOptions()
        case .wait: return toggleWait()
        case .waits: dialog = waitsBox()
        case .keep: return toggleKept()
        case .undo: return undo()
        case .readNow:
            message = Message(text: "Reading what is on screen.")
            return [.readNow]
        case .readAll:
            message = Message(text: "Reading everything.")
            return [.readAll]
        case .pause:
            isPaused.toggle()
            return [.setPaused(isPaused)]
        case .slower, .faster: return changePoll(slower: action == .slower)
        case .copyPath: return selected.flatMap(row).map { copied([.copy($0.item.path)], $0.item.path) } ?? []
        case .copyAddress: return selected.flatMap(ref).map { copied([.copyAddress($0)], "The web address") } ?? []
        case .export: dialog = exportBox()
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .quit: return quit()
        default: break
        }
        return []
    }

    private mutating func copied(_ effects: [Effect], _ what: String) -> [Effect] {
        message = Message(text: "\(what) is in the clipboard of the terminal, if it allows that.")
        return effects
    }

    private mutating func move(_ action: Action) {
        if page != .table || coversTable { return scroll(action) }
        let place = cursor ?? 0
        let page = max(1, tableRows - 1)
        switch action {
        case .up: moveCursor(to: place - 1)
        case .down: moveCursor(to: place + 1)
        case .pageUp: moveCursor(to: place - page)
        case .pageDown: moveCursor(to: place + page)
        case .halfUp: moveCursor(to: place - max(1, page / 2))
        case .halfDown: moveCursor(to: place + max(1, page / 2))
        case .top: moveCursor(to: 0)
        default: moveCursor(to: list.shown.count - 1)
        }
    }

    private mutating func scroll(_ action: Action) {
        let page = max(1, tableRows)
        switch action {
        case .up: detailsTop -= 1
        case .down: detailsTop += 1
        case .pageUp: detailsTop -= page
        case .pageDown: detailsTop += page
        case .halfUp: detailsTop -= page / 2
        case .halfDown: detailsTop += page / 2
        case .top: detailsTop = 0
        default: detailsTop = 100_000
        }
        detailsTop = max(0, min(detailsTop, pageLines.count - page))
    }

    private mutating func clear() {
        if page != .table {
            page = .table
        } else if showsDetails {
            showsDetails = false
        } else if !queryText.isEmpty {
            setQuery("")
        } else {
            marks = []
        }
    }

    private mutating func seekHeld(forward: Bool) {
        guard let cursor, !list.shown.isEmpty else { return }
        let count = list.shown.count
        for step in 1...count {
            let place = ((cursor + (forward ? step : -step)) % count + count) % count
            if row(list.shown[place])?.reading.state == .held { return moveCursor(to: place) }
        }
        message = Message(text: "No row here is held.")
    }

    private mutating func sortByNextField() {
        let fields = Sort.Field.allCases
        let place = fields.firstIndex(of: sort.field) ?? 0
        sort = Sort(field: fields[(place + 1) % fields.count])
        message = Message(text: "Sorted by \(sort.field.rawValue).")
        resort()
    }

    private mutating func mark() {
        guard let ref = selected.flatMap(ref) else { return }
        if marks.remove(ref) == nil { marks.insert(ref) }
        moveCursor(to: (cursor ?? 0) + 1)
    }

    private mutating func changePoll(slower: Bool) -> [Effect] {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300]
        let next = slower ? steps.first { $0 > poll } : steps.last { $0 < poll }
        guard let next else { return [] }
        poll = next
        message = Message(text: "Reading every \(Age.text(poll)).")
        return [.setPoll(poll)]
    }

    private mutating func quit() -> [Effect] {
        let kept = servers.reduce(0) { $0 + $1.status.kept.count }
        guard !activity.isEmpty || kept > 0 else {
            wantsToQuit = true
            return [.quit]
        }
        var lines: [String] = []
        if !activity.isEmpty { lines.append("\(activity.count) operations are under way; what was sent goes on.") }
        if kept > 0 {
            lines.append("\(kept) of your locks are kept alive by this program and will run out when it ends.")
        }
        dialog = Dialog(
            "Leave locktop?", lines,
            buttons: [Dialog.Button(label: "Cancel", choice: .cancel), Dialog.Button(label: "Leave", choice: .quit)])
        return []
    }
}
