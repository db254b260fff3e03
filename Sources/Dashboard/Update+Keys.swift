// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    mutating func press(_ key: Key) -> [Effect] {
        let before = lastKey
        // Esc before a box takes keys does nothing, so whoever keeps pressing it is not kept waiting by it.
        if dialog == nil || key != .escape { lastKey = now }
        // The terminal's own business, whatever is on top.
        if let effect = ofTerminal(key) { return [effect] }
        if dialog != nil { return pressInDialog(key, after: before) }
        if line != nil { return pressInLine(key) }
        message = nil
        if let bulk, key == .escape || key == .control("c") { return stop(bulk) }
        if export != nil, key == .escape || key == .control("c") { return [.stopExport] }
        if case .mouse(let mouse) = key { return press(mouse) }
        if case .paste = key {
            message = Message(text: "What comes at once, as a paste does, is no command: press keys one by one.")
            return []
        }
        if let effects = replayEffects(key) { return effects }
        if let effects = onTop({ $0.press(key, &$1) }) { return effects }
        guard let binding = keymap.binding(for: key) else { return [] }
        guard binding.scope.contains(scope) else {
            message = Message(text: "\(binding.keys[0]) \(binding.label) is for the table: Esc leads back to it.")
            return []
        }
        return perform(binding.action)
    }

    // A character may be meant for what is being typed.
    private func ofTerminal(_ key: Key) -> Effect? {
        if case .character = key { return nil }
        switch keymap.binding(for: key)?.action {
        case .suspend: return .suspend
        case .redraw: return .redraw
        default: return nil
        }
    }

    private mutating func stop(_ bulk: Bulk) -> [Effect] {
        self.bulk?.stop()
        message = Message(text: "Stopping: what is under way is followed to its end.")
        return self.bulk?.isOver ?? false ? goOnWithBulk() : []
    }

    private mutating func press(_ mouse: Mouse) -> [Effect] {
        switch mouse.kind {
        case .wheelDown, .wheelUp:
            let lines = mouse.kind == .wheelDown ? 3 : -3
            let isOnPane = overlay == nil && showsDetails && mouse.position.column >= layout.tableColumns
            if isOnPane { scrollDetails(.lines(lines)) } else { move(.lines(lines)) }
        case .press, .doubleClick:
            let layout = self.layout
            if mouse.position.row == layout.tabs, let tab = tab(at: mouse.position.column) {
                switch tab {
                case .view(let view): return show(view)
                case .saved(let saved): show(saved)
                }
                return []
            }
            guard overlay == nil else {
                let line = mouse.position.row - layout.heading
                return onTop { $0.click(line, isDouble: mouse.kind == .doubleClick, &$1) } ?? []
            }
            if mouse.position.row == layout.heading, let field = heading(at: mouse.position.column) {
                if sort.field == field { sort.isDescending.toggle() } else { sort = Sort(by: field) }
                resort()
            }
            let place = mouse.position.row - layout.table
            if place >= 0, place < visible.count, mouse.position.column < layout.tableColumns {
                moveCursor(to: top + place)
                if mouse.kind == .doubleClick { openSelected() }
            }
        }
        return []
    }

    private mutating func pressInDialog(_ key: Key, after before: Date?) -> [Effect] {
        guard var box = dialog else { return [] }
        // What was typed for what lay beneath is not for the box.
        guard box.armsAt(now, lastKey: before) == nil else { return [] }
        box.isUnasked = false
        let extent = extent(of: box)
        var clicked: Int?
        if case .mouse(let mouse) = key, mouse.kind == .press {
            clicked = extent.button(at: mouse.position, of: box.buttons)
        }
        let choice = clicked.map { box.press(button: $0) } ?? box.press(key, scrollingTo: extent.lastTop)
        dialog = box
        guard let choice else { return [] }
        dialog = nil
        return choose(choice, box)
    }

    mutating func setQuery(_ text: String) {
        queryText = text
        message = nil
        typingError = nil
        do {
            query = try Query(text)
        } catch {
            // Half a word is no mistake while it is typed: the last good filter stays, and the line says why.
            typingError = error.description
            message = Message(text: error.description, isError: true, isPassing: true)
            return
        }
        refilter()
    }

    mutating func show(_ view: View) -> [Effect] {
        self.view = view
        leavePages()
        refilter()
        return []
    }

    mutating func perform(_ action: Action) -> [Effect] {
        if replay != nil, action.isForServers {
            message = Message(text: Self.isRecording, isError: true)
            return []
        }
        switch action {
        case .move(let move): self.move(move)
        case .view(let number): return View(rawValue: number).map { show($0) } ?? []
        case .savedView(let number): show(savedView: number)
        case .nextView: return show(View(rawValue: view.rawValue % 6 + 1) ?? .all)
        case .previousView: return show(View(rawValue: (view.rawValue + 4) % 6 + 1) ?? .all)
        case .filter:
            leavePages()
            prompt = Prompt(line: InputLine(queryText), use: .filter)
        case .clear: clear()
        case .nextMatch, .previousMatch: seekHeld(forward: action == .nextMatch)
        case .sortField: sortByNextField()
        case .sortDirection:
            sort.isDescending.toggle()
            list.isBackwards = sort.isBackwards
        case .group: group(by: Grouping.next(after: grouping))
        case .fold: setFolded(true)
        case .unfold: setFolded(false)
        case .mark: mark()
        case .markAll: markAll()
        case .unmarkAll: marks = []
        case .details: openSelected()
        case .scrollDetails(let move): scrollDetails(move)
        case .command:
            typingError = nil
            prompt = Prompt(line: InputLine(), use: .command)
        case .events: showsEvents.toggle()
        case .open(let layer): open(layer)
        default: return performOutside(action)
        }
        return []
    }

    private mutating func performOutside(_ action: Action) -> [Effect] {
        switch action {
        case .perform(let operation): return ask(for: operation)
        case .lockWithOptions: openLockOptions()
        case .wait: return toggleWait()
        case .keep: return toggleKept()
        case .undo: return undo()
        case .readNow:
            message = Message(text: "Reading what is on screen.")
            return [.readNow]
        case .readAll:
            message = Message(text: "Reading everything.")
            return [.readAll]
        case .pause:
            wantsPause.toggle()
            return [.setPaused(wantsPause)]
        case .slower, .faster: return changePoll(slower: action == .slower)
        case .copyPath: return copyPath()
        case .copyAddress: return selected.flatMap(ref).map { copied([.copyAddress($0)], "The web address") } ?? []
        case .export: openExport()
        case .suspend: return [.suspend]
        case .redraw: return [.redraw]
        case .quit: return quit()
        default: break
        }
        return []
    }

    // A path is the server's text: one with a line end in it would be typed into whatever it is pasted to.
    private mutating func copyPath() -> [Effect] {
        guard let path = selected.flatMap(row)?.item.path else { return [] }
        guard Text.clean(path) == path else {
            message = Message(text: "That path holds control characters, so it is not copied.", isError: true)
            return []
        }
        return copied([.copy(path)], path)
    }

    private mutating func copied(_ effects: [Effect], _ what: String) -> [Effect] {
        message = Message(text: "\(what) is in the clipboard of the terminal, if it allows that.")
        return effects
    }

    mutating func move(_ move: Move) {
        if overlay != nil {
            _ = onTop { page, model in
                page.move(move, model)
                return .done([])
            }
            return
        }
        moveCursor(to: move.place(from: cursor ?? 0, of: list.count, room: tableRows))
    }

    private mutating func clear() {
        if !layers.isEmpty {
            var hasCleared = false
            _ = onTop { page, _ in
                hasCleared = page.clear()
                return .done([])
            }
            if !hasCleared { layers.removeLast() }
        } else if !queryText.isEmpty {
            setQuery("")
        } else {
            marks = []
        }
    }

    private mutating func scrollDetails(_ move: Move) {
        guard var details else { return }
        details.move(move, self)
        layers[0] = .details(details)
    }

    private mutating func seekHeld(forward: Bool) {
        guard let cursor, !list.isEmpty else { return }
        let count = list.count
        for step in 1...count {
            let place = ((cursor + (forward ? step : -step)) % count + count) % count
            let key = list[place]
            if !key.isHeading, servers[key.server].catalog.state(key.id) == .held { return moveCursor(to: place) }
        }
        message = Message(text: "No row here is held.")
    }

    private mutating func sortByNextField() {
        sort = Sort(by: sort.next)
        message = Message(text: "Sorted by \(sort.field.name).")
        resort()
    }

    private mutating func openExport() {
        guard export == nil else {
            message = Message(text: "Another file is still being written.", isError: true)
            return
        }
        open(exportBox())
    }

    private mutating func markAll() {
        marks.reserveCapacity(marks.count + list.count)
        list.forEach { key in
            // While rows are being put in order, some of them are gone by now.
            if servers[key.server].catalog.isThere(key.id) { marks.insert(key) }
            return true
        }
    }

    private mutating func mark() {
        if let selected, selected.isHeading { return markGroup(selected) }
        guard let selected, row(selected) != nil else { return }
        if marks.remove(selected) == nil { marks.insert(selected) }
        moveCursor(to: (cursor ?? 0) + 1)
    }

    private mutating func changePoll(slower: Bool) -> [Effect] {
        let steps: [Double] = [1, 2, 5, 10, 15, 30, 60, 120, 300]
        guard let next = slower ? steps.first(where: { $0 > wantedPoll }) : steps.last(where: { $0 < wantedPoll })
        else { return [] }
        return setPoll(next)
    }

    mutating func setPoll(_ next: Double) -> [Effect] {
        wantedPoll = next
        let others = servers.filter { $0.facts.pace.poll(wanted: next) != next }.map(\.facts.name)
        let note = others.isEmpty ? "" : " \(others.joined(separator: ", ")) keeps its own pace."
        message = Message(text: "Reading every \(Age.text(next)).\(note)")
        return [.setPoll(next)]
    }

    mutating func quit() -> [Effect] {
        let kept = servers.reduce(0) { $0 + $1.status.kept.count }
        guard !undertakings.isEmpty || kept > 0 else {
            wantsToQuit = true
            return [.quit]
        }
        open(leaveBox(underWay: undertakings.count, kept: kept))
        return []
    }
}
