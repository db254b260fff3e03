// SPDX-License-Identifier: MIT
public import Canvas
import FoundationEssentials
import Locks

/// Draws the model. The same model gives the same frame.
public func view(_ model: Model) -> Frame {
    var frame = Frame(size: model.size)
    guard model.size.rows >= 3, model.size.columns >= 10 else {
        frame.put("locktop", column: 0, row: 0)
        return frame
    }
    let layout = model.layout
    model.drawHeader(&frame)
    if model.size.rows >= 4 {
        model.drawTabs(&frame, row: layout.tabs)
        let alerts = model.alerts
        for (row, alert) in zip(layout.alerts, alerts) {
            // One that has no row must not be overlooked either.
            let unseen = row == layout.alerts.last ? alerts.count - layout.alerts.count : 0
            let more = unseen > 0 ? "  +\(unseen) more: \(model.keymap.key(named: "servers"))" : ""
            let text = Text.fit(
                alert.text, columns: model.size.columns - 2 - Text.width(more),
                ellipsis: model.glyphs.ellipsis)
            frame.put(" " + text + more, column: 0, row: row, style: model.style(alert.role))
        }
    }
    if let overlay = model.overlay {
        overlay.page.draw(&frame, in: model.pageArea, model)
    } else {
        model.drawTable(&frame, layout)
        model.drawEvents(&frame, layout)
    }
    model.drawFooter(&frame, row: layout.footer)
    if let dialog = model.dialog { model.draw(dialog, &frame) }
    return frame
}

extension Model {
    private var clock: WallClock { WallClock(look.zone) }

    // MARK: Header

    fileprivate func drawHeader(_ frame: inout Frame) {
        let counts = counts()
        func count(_ view: View) -> Int { counts[view] ?? 0 }
        func number(_ number: Int) -> String { number.grouped }
        var parts = [servers.count == 1 ? servers[0].facts.name : "\(servers.count) servers"]
        parts.append("\(number(count(.all))) \(count(.all) == 1 ? "item" : "items")")
        parts.append("\(number(count(.held))) held")
        parts.append("\(number(count(.mine))) mine")
        parts.append("\(number(count(.stale))) stale")
        let unknown = servers.reduce(0) { $0 + $1.catalog.tally.unknown }
        if unknown > 0 { parts.append("\(number(unknown)) unknown") }
        let right = headerRight
        let room = size.columns - Text.width(right) - 2
        let dot = look.isASCII ? " | " : " · "
        // What the next key would act on must not be overlooked.
        let marked = marks.isEmpty ? nil : " \(number(marks.count - lostMarks)) marked "
        var left = " locktop  " + (marked.map { $0 + " " } ?? "")
        for (index, part) in parts.enumerated() {
            let next = left + (index == 0 ? "" : dot) + part
            if Text.width(next) > room { break }
            left = next
        }
        frame.put(left, column: 0, row: 0, style: style(.title))
        if let marked { frame.put(marked, column: 10, row: 0, style: style(.chosen)) }
        if Text.width(left) + Text.width(right) < size.columns {
            frame.put(right, column: size.columns - Text.width(right) - 1, row: 0)
        }
    }

    private var headerRight: String {
        var parts: [String] = []
        let busy = servers.compactMap { server -> String? in
            switch server.status.phase {
            case .connecting: return "connecting\(glyphs.ellipsis)"
            case .listing(let read, let total):
                return "listing \(read.grouped)" + (total.map { " of \($0.grouped)" } ?? "")
            default: return nil
            }
        }
        if isReadOnly { parts.append("read-only") }
        if servers.contains(where: \.status.isCut) { parts.append("listing cut") }
        if servers.contains(where: { $0.status.lacks != nil }) { parts.append("listing incomplete") }
        if let busy = busy.first { parts.append(busy) }
        if let read = readTime { parts.append("read \(clock.minutes(read))") }
        if isPaused {
            parts.append("PAUSED")
        } else if size.columns >= 60 {
            parts.append("every \(pollText)")
        }
        if look.hasClock { parts.append(clock.minutes(now)) }
        return parts.joined(separator: "  ")
    }

    // As the watches report it; servers may have paces of their own.
    private var pollText: String {
        let polls = servers.map(\.status.poll)
        guard let fastest = polls.min(), let slowest = polls.max() else { return "-" }
        return fastest == slowest ? Age.text(fastest) : "\(Age.text(fastest))-\(Age.text(slowest))"
    }

    // When all is well the reading is as old as the poll: its time is news only when it is older, or there is room.
    private var readTime: Date? {
        guard let oldest = servers.compactMap(\.status.readAt).min() else { return nil }
        let isOld = servers.contains { server in
            server.status.readAt.map { now.timeIntervalSince($0) > 3 * server.status.poll } ?? false
        }
        return size.columns >= 100 || isOld ? oldest : nil
    }

    fileprivate func drawTabs(_ frame: inout Frame, row: Int) {
        var end = 0
        for tab in tabs() {
            let isActive = isActive(tab.tab)
            let style = style(isActive && !look.isLowBandwidth ? .chosen : .text)
            // A sign instead of a bar: the brackets of the active tab point at it.
            let text = look.isLowBandwidth && isActive ? ">\(tab.text.dropFirst().dropLast())<" : tab.text
            frame.put(text, column: tab.column, row: row, style: style)
            end = tab.column + Text.width(tab.text)
        }
        let isTyped = prompt?.use == .filter
        let filter = isTyped ? line?.text ?? "" : queryText
        guard isTyped || !filter.isEmpty else {
            let arrow = sort.isDescending ? glyphs.down : glyphs.up
            let orders = [
                grouping.map { "group: \($0.rawValue)" }, sort == Sort() ? nil : "sort: \(sort.field.name) \(arrow)",
            ]
            let text = orders.compactMap(\.self).joined(separator: "  ")
            if size.columns - end > 18, size.columns - end > Text.width(text) + 2 {
                frame.put(text, column: end + 2, row: row, style: style(.faint))
            }
            return
        }
        let label = end + 12 < size.columns ? "filter: " : "/"
        let room = max(4, size.columns - end - 3 - label.count)
        let shown = ((isTyped ? line : nil) ?? InputLine(filter)).shown(columns: room - 1, ellipsis: glyphs.ellipsis)
        let column = max(0, min(end + 2, size.columns - room - label.count))
        frame.fill(Rect(column: column, row: row, columns: size.columns - column, rows: 1))
        let style = style(isTyped && typingError != nil ? .alarm : isTyped ? .message : .text)
        frame.put(label + shown.text, column: column, row: row, style: style)
        if isTyped {
            frame.cursor = Position(column: min(size.columns - 1, column + Text.width(label) + shown.cursor), row: row)
        }
    }

    // MARK: Events and footer

    fileprivate func drawEvents(_ frame: inout Frame, _ layout: Layout) {
        guard let rule = layout.rule else { return }
        if !look.isAccessible {
            frame.put(
                String(repeating: glyphs.horizontal, count: size.columns), column: 0, row: rule, style: style(.faint))
        }
        for (row, event) in zip(layout.events, recentEvents(layout.events.count)) {
            let text = Text.fit(
                text(event, columns: size.columns - 2), columns: size.columns - 2, ellipsis: glyphs.ellipsis)
            frame.put(" " + text, column: 0, row: row, style: style(role(event)))
        }
    }

    // Refreshes are many and say little: they are kept for the page of all events and the item's details.
    private func recentEvents(_ count: Int) -> [LockEvent] {
        var recent: [LockEvent] = []
        for event in events.reversed() where event.kind != .refreshed || event.isOurs {
            recent.append(event)
            if recent.count == count { break }
        }
        return recent
    }

    func text(_ event: LockEvent, columns: Int) -> String {
        "\(place(event, columns: columns)) \(event.text)"
    }

    /// When an event was, and of what: the columns before its words.
    func place(_ event: LockEvent, columns: Int) -> String {
        let server = servers.count > 1 ? Text.pad(event.ref.server, columns: 9) + " " : ""
        let room = max(8, min(44, columns / 2 - 16))
        let path = Text.pad(name(of: event.item, columns: room), columns: room)
        return "\(clock.seconds(event.at)) \(server)\(path)"
    }

    func role(_ event: LockEvent) -> Role {
        switch event.kind {
        case .conflict, .failed: .error
        case .stolen: .warning
        default: event.isOurs ? .ours : .text
        }
    }

    fileprivate func drawFooter(_ frame: inout Frame, row: Int) {
        if prompt?.use == .command, dialog == nil {
            drawCommand(&frame, row: row)
        } else if let replay, dialog == nil, line == nil {
            drawReplay(replay, &frame, row: row)
        } else if let bulk {
            drawProgress(bulk.operation.word, bulk.results.count, of: bulk.total, &frame, row: row)
        } else if let message {
            let style = style(message.isError ? .alarm : .message)
            let shown = Text.fit(message.text, columns: size.columns - 2, ellipsis: glyphs.ellipsis)
            frame.put(" " + shown, column: 0, row: row, style: style)
        } else if let export {
            drawProgress("writing rows", export.rows, of: export.snapshot.count, &frame, row: row)
        } else {
            drawKeys(&frame, row: row)
        }
    }

    private func drawProgress(_ what: String, _ done: Int, of total: Int, _ frame: inout Frame, row: Int) {
        let text = " \(what): \(done.grouped) of \(total.grouped)  Esc stops"
        frame.put(text, column: 0, row: row, style: style(.message))
        let start = Text.width(text) + 2
        let columns = min(30, size.columns - start - 1)
        guard columns >= 5 else { return }
        frame.gauge(
            Rect(column: start, row: row, columns: columns, rows: 1),
            fraction: Double(done) / Double(max(1, total)), glyphs: glyphs)
    }

    // A page's own keys go before those of everywhere.
    private var footerKeys: [KeyLine] {
        let own = overlay.map { type(of: $0.page).lines.filter { $0.footer != nil } } ?? []
        let shared = keymap.bindings.filter { $0.footer != nil && $0.scope.contains(scope) }.map(\.line)
        func inOrder(_ lines: [KeyLine]) -> [KeyLine] { lines.sorted { ($0.footer ?? 0) < ($1.footer ?? 0) } }
        return inOrder(own) + inOrder(shared)
    }

    private func drawKeys(_ frame: inout Frame, row: Int) {
        if let dialog {
            let scrolls = extent(of: dialog).lastTop > 0 ? "  Up Down scroll" : ""
            return put(
                [" Tab moves  Enter presses\(scrolls)  Esc cancels", " Tab moves\(scrolls)  Esc cancels"], &frame, row)
        }
        if line != nil {
            return put(
                [" Enter keeps the filter  Esc takes it back  ^u clears", " Enter keep  Esc take back  ^u clear"],
                &frame, row)
        }
        let possible = selected.flatMap(ref).map { Set(operations(on: $0)) } ?? []
        var column = 1
        let shown = footerKeys
        let help = shown.last
        let reserved = help.map { Text.width("\($0.keys[0]) \($0.label)") + 1 } ?? 0
        let whole = shown.reduce(1) { $0 + Text.width("\($1.keys[0]) \($1.label)") + 2 }
        let gap = whole <= size.columns ? 2 : 1
        for binding in shown where binding != help {
            let text = "\(binding.keys[0]) \(binding.label)"
            guard column + Text.width(text) + reserved < size.columns else { break }
            let isUseful = binding.needs.map { possible.contains($0) || !marks.isEmpty } ?? true
            // Waiting is for what somebody has: there the lock itself is not to be had.
            let waits = binding == keymap.waiting && selected.flatMap(self.row)?.lock != nil
            frame.put(text, column: column, row: row, style: style(isUseful || waits ? .text : .faint))
            column += Text.width(text) + gap
        }
        guard let help else { return }
        // The key that has opened what is on top closes it.
        let isOpen = keymap.layer(openedBy: help).map { overlay?.isSamePage(as: $0) ?? false } ?? false
        frame.put("\(help.keys[0]) \(isOpen ? "close" : help.label)", column: column, row: row)
    }

    // The first of these for which there is room.
    private func put(_ texts: [String], _ frame: inout Frame, _ row: Int) {
        frame.put(texts.first { Text.width($0) < size.columns } ?? texts[texts.count - 1], column: 0, row: row)
    }
}
