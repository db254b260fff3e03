// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// The pages of text: details, all events, servers, help. Each is lines, and the same code scrolls them.
extension Model {
    struct Line: Hashable, Sendable {
        var text: String
        var style = Style.plain

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    /// The lines of what fills the screen or the pane.
    var pageLines: [Line] {
        switch page {
        case .table: whole(detailLines, hanging: 10)
        case .events: events.reversed().flatMap(whole)
        case .servers: whole(serverLines, hanging: 13)
        case .help: helpLines
        }
    }

    // What is too long for the page goes on below its label.
    private func whole(_ lines: [Line], hanging: Int) -> [Line] {
        let columns = (hasSidePane ? sidePaneColumns - 1 : size.columns) - 2
        return lines.flatMap { line in
            guard Text.width(line.text) > columns else { return [line] }
            guard columns > hanging + 10 else {
                return Text.fold(line.text, columns: columns).map { Line($0, line.style) }
            }
            // The label stays as it is, with its blanks.
            let cells = Text.clean(line.text)
            let label = String(cells.prefix(hanging))
            let isLabelled = label.count == hanging && label.hasSuffix(" ")
            let start = isLabelled ? label : ""
            let rest = isLabelled ? String(cells.dropFirst(hanging)) : cells
            return Text.fold(rest, columns: columns - start.count).enumerated().map { index, text in
                Line((index == 0 ? start : String(repeating: " ", count: start.count)) + text, line.style)
            }
        }
    }

    /// An event with all its words: beside its place, or below it where there is little room.
    private func whole(_ event: LockEvent) -> [Line] {
        let place = place(event, columns: size.columns - 2)
        guard size.columns - Text.width(place) >= 30 else {
            return [Line(place, style(event))] + wrapped("  ", event.text, style(event))
        }
        return wrapped(place + " ", event.text, style(event))
    }

    func drawPage(_ frame: inout Frame, _ layout: Layout) {
        let titles: [Page: String] = [.events: "EVENTS, newest first", .servers: "SERVERS", .help: "HELP"]
        let area = Rect(
            column: 0, row: layout.heading, columns: size.columns, rows: max(0, layout.footer - layout.heading))
        draw(pageLines, titled: titles[page] ?? "", in: area, &frame)
    }

    func drawDetails(_ frame: inout Frame, _ layout: Layout) {
        if hasSidePane {
            let start = layout.tableColumns
            for row in layout.heading..<(layout.table + layout.tableRows) {
                frame.put(glyphs.vertical, column: start, row: row, style: .plain.dim)
            }
            let area = Rect(
                column: start + 1, row: layout.heading, columns: size.columns - start - 1,
                rows: layout.tableRows + 1)
            draw(pageLines, titled: "DETAILS", in: area, &frame)
        } else {
            let area = Rect(
                column: 0, row: layout.heading, columns: size.columns, rows: max(0, layout.footer - layout.heading))
            frame.fill(area)
            draw(pageLines, titled: "DETAILS", in: area, &frame)
        }
    }

    private func draw(_ lines: [Line], titled title: String, in area: Rect, _ frame: inout Frame) {
        guard area.rows > 0 else { return }
        let room = area.rows - 1
        let first = max(0, min(detailsTop, lines.count - room))
        let more = lines.count > room ? "  \(first + 1)-\(min(lines.count, first + room)) of \(lines.count)" : ""
        frame.put(
            " \(title)\(more)  Esc closes", column: area.column, row: area.row, columns: area.columns,
            style: .plain.bold)
        for (offset, line) in lines.dropFirst(first).prefix(room).enumerated() {
            let text = Text.fit(Text.clean(line.text), columns: max(0, area.columns - 2), ellipsis: glyphs.ellipsis)
            frame.put(
                " " + text, column: area.column, row: area.row + 1 + offset, columns: area.columns, style: line.style)
        }
        if look.isAccessible { frame.cursor = Position(column: area.column, row: area.row) }
    }

    // MARK: Details

    private var detailLines: [Line] {
        guard let key = selected, let row = row(key), let ref = ref(key) else { return [Line("Nothing is selected.")] }
        let server = servers[key.server]
        var lines = [
            Line(row.item.path, .plain.bold), Line("Title     \(row.item.title)"),
            Line("Server    \(ref.server) (\(server.facts.kind))"), Line("Type      \(row.item.type)"),
        ]
        if row.item.id != row.item.path { lines.append(Line("Id        \(row.item.id)")) }
        if let modified = row.item.modified { lines.append(Line("Modified  \(when(modified))")) }
        if let original = row.item.workingCopyOf { lines.append(Line("Copy of   \(original)")) }
        lines.append(Line("State     \(sign(row)) \(row.reading.state.rawValue)", style(row)))
        if let error = row.reading.error { lines += wrapped("Why       ", error, Style(.yellow)) }
        if let observed = row.reading.observedAt {
            lines.append(Line("Read      \(clock(observed)), \(Age.calm(now.timeIntervalSince(observed))) ago"))
        }
        for lock in row.reading.locks { lines += lockLines(lock) }
        lines.append(Line(""))
        lines += operationLines(ref, row)
        lines += story(ref)
        return lines
    }

    private func clock(_ time: Date) -> String { WallClock(look.secondsFromUTC).text(time, near: now) }

    private func wrapped(_ label: String, _ text: String, _ style: Style = .plain) -> [Line] {
        let columns = max(1, (hasSidePane ? sidePaneColumns : size.columns) - Text.width(label) - 3)
        return Text.fold(text.trimmed, columns: columns).enumerated().map { index, line in
            Line((index == 0 ? label : String(repeating: " ", count: Text.width(label))) + line, style)
        }
    }

    private func lockLines(_ lock: Lock) -> [Line] {
        var lines = [Line(""), Line("Holder    \(name(lock.holder))", .plain.bold)]
        lines.append(Line("Kind      \(lock.kind.rawValue)"))
        lines.append(Line("Held      \(held(lock))"))
        if let expires = lock.expires {
            let left = expires.timeIntervalSince(now)
            lines.append(
                Line("Until     \(clock(expires))" + (left <= 0 ? ", which is over" : ", in \(Age.calm(left))")))
        } else {
            lines.append(Line("Until     it does not end by itself, or the server does not say"))
        }
        if let timeout = lock.timeout { lines.append(Line("Time-out  \(Age.text(Double(timeout)))")) }
        lines.append(Line("Stealable \(lock.stealable.map { $0 ? "yes" : "no" } ?? "only a try will tell")"))
        if let comment = lock.comment { lines += wrapped("Comment   ", comment) }
        lines.append(Line("Identity  \(lock.identity)"))
        let reasons = staleness.reasons(lock, at: now)
        if !reasons.isEmpty { lines += wrapped("Stale     ", reasons.joined(separator: "; "), Style(.magenta)) }
        for note in lock.notes { lines += wrapped("Note      ", note) }
        return lines
    }

    private func operationLines(_ ref: ItemRef, _ row: Row) -> [Line] {
        var lines = [Line("Now possible", .plain.bold)]
        let possible = operations(on: ref)
        for binding in Keymap.bindings {
            guard case .perform(let operation) = binding.action else { continue }
            if possible.contains(operation) {
                lines.append(Line("  \(binding.keys[0])  \(operation.word)"))
            } else if let why = whyNot(operation, on: ref) {
                lines += wrapped("  \(binding.keys[0])  \(operation.word): ", why, .plain.dim)
            }
        }
        return lines
    }

    private func story(_ ref: ItemRef) -> [Line] {
        let story = events.filter { $0.ref == ref }.suffix(40)
        guard !story.isEmpty else { return [] }
        return [Line(""), Line("What happened", .plain.bold)]
            + story.reversed().flatMap { wrapped("  \(clock($0.at)) ", $0.text, style($0)) }
    }

    // MARK: Servers

    private var serverLines: [Line] { servers.flatMap(lines) }

    private func lines(_ server: Server) -> [Line] {
        let facts = server.facts
        var lines = [Line("\(facts.name)  \(facts.kind)  \(facts.url)", .plain.bold)]
        switch server.status.phase {
        case .connecting: lines.append(Line("  State      connecting"))
        case .listing(let read, let total):
            lines.append(Line("  State      listing, \(read)" + (total.map { " of \($0)" } ?? "")))
        case .watching: lines.append(Line("  State      answers", Style(.green)))
        case .failing(let error, let next):
            lines += wrapped("  State      ", error.description, Style(.red))
            lines.append(Line("  Next try   \(clock(next))"))
        }
        let account = server.status.account
        let who = account.map { name(Holder(id: $0.id ?? "nobody", name: $0.name)) } ?? "not yet"
        lines.append(Line("  Signed in  \(who)"))
        let cut = server.status.isCut ? ", listing cut at the limit" : ""
        lines.append(
            Line("  Items      \(server.catalog.count.grouped), \(server.catalog.tally.held.grouped) held\(cut)"))
        if let lacks = server.status.lacks {
            lines += wrapped("  Lacking    ", lacks.description, Style(.yellow))
        }
        if let read = server.status.readAt { lines.append(Line("  Read       \(clock(read))")) }
        let trip = server.status.roundTrip.map { "\(max(1, Int($0 * 1_000))) ms" } ?? "-"
        lines.append(
            Line(
                "  Requests   \(server.status.requests.grouped), \(server.status.failures.grouped) failed, "
                    + "round trip \(trip), at most \(facts.budget.coarse)/s"))
        if facts.isReadOnly { lines.append(Line("  Read-only in the configuration.")) }
        if facts.isProtected { lines.append(Line("  Protected: each operation wants its name typed.", Style(.yellow))) }
        if let insecurity = facts.insecurity { lines.append(Line("  \(insecurity)", Style(.red))) }
        for operation in Operation.allCases {
            let offer = server.status.operations[operation]
            if offer.isOffered {
                lines.append(Line("  \(Text.pad(operation.word, columns: 13))\(offer.why ?? "yes")"))
            } else {
                lines += wrapped("  \(Text.pad(operation.word, columns: 13))", "no: \(offer.why ?? "")", .plain.dim)
            }
        }
        return lines + [Line("")]
    }

    // MARK: Help

    private var helpLines: [Line] {
        var lines: [Line] = []
        var group = ""
        for binding in Keymap.bindings {
            if binding.group != group {
                if !group.isEmpty { lines.append(Line("")) }
                group = binding.group
                lines.append(Line(group, .plain.bold))
            }
            let keys = binding.keys.map(\.description).joined(separator: " ")
            lines += wrapped("  \(Text.pad(keys, columns: 10)) ", binding.tooltip)
        }
        lines += [Line(""), Line("Signs", .plain.bold)]
        let signs = [
            (glyphs.disc, "you have it"), (glyphs.diamond, "somebody else has it"),
            (glyphs.square, "checked out"), (glyphs.circle, "free"), (glyphs.unknown, "not known"),
            ("!", "stale: nobody is likely to be using it"), ("~", "read long ago"), ("*", "under way"),
            ("w", "waited for"), ("+", "marked"),
        ]
        return lines + signs.map { Line("  \(Text.pad($0.0, columns: 10)) \($0.1)") }
    }
}

extension Double {
    /// Without a fraction where there is none.
    var coarse: String {
        self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String((self * 10).rounded() / 10)
    }
}
