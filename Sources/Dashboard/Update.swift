// SPDX-License-Identifier: MIT
import Canvas
public import FoundationEssentials
import Locks

/// Applies one event to the model.
/// - Parameters:
///   - model: what the screen shows.
///   - event: what happened.
///   - now: when.
/// - Returns: what is to be done outside.
public func update(_ model: inout Model, _ event: Event, at now: Date) -> [Effect] {
    let minuteChanged = Int(model.now.timeIntervalSince1970) / 60 != Int(now.timeIntervalSince1970) / 60
    model.now = now
    var effects: [Effect] = []
    switch event {
    case .key(let key):
        let before = model.replay == nil ? nil : model.outlook
        effects = model.press(key)
        if let before, before != model.outlook { model.hasOwnOutlook = true }
    case .resized(let size): model.size = size
    case .tick: break
    case .update(let update): effects = model.take(update)
    case .ended(let result, let ticket): effects = model.take(result, ticket)
    case .waited(let result): effects = model.tell(result) + (model.ringsBell ? [.ring] : [])
    case .resumed: effects = [.redraw, .readNow]
    case .notice(let text, let isError): model.message = Model.Message(text: text, isError: isError)
    case .warned(let sentence): model.warnings.add(sentence)
    case .replayed(let replay): model.take(replay)
    case .looked(let outlook): model.look(as: outlook)
    case .rewound: model.rewind()
    case .halted(let ref): if model.overlay == nil { _ = model.goTo(ref) }
    case .arranged(let arranged): model.take(arranged)
    case .story(let ref, let events): if model.story?.ref == ref { model.story = (ref, events) }
    case .exporting(let rows): model.export?.rows = rows
    case .exported(let text, let isError):
        model.export = nil
        model.message = Model.Message(text: text, isError: isError)
    }
    var isTick = minuteChanged
    if case .tick = event { isTick = true }
    let aged = model.ageLocks()
    if !aged.isEmpty && model.view == .stale || isTick && model.query.dependsOnTime {
        model.refilterWhenFree()
    }
    if !aged.isEmpty && model.sort.field == .stale {
        model.resortWhenFree()
    } else if !aged.isEmpty && model.grouping != nil {
        model.follow(aged)
    }
    model.openWaitingBox()
    model.dialog?.fold(on: model.size.columns)
    model.keepCursorInView()
    model.followWithLayers()
    model.showWarning(after: event)
    if let arrangement = model.keeping.wanted {
        model.keeping.wanted = nil
        effects.append(.arrange(arrangement))
    }
    return model.onlyLooking(effects) + model.askForStory() + model.tellWhatIsShown()
}

extension Model {
    /// Takes note of the time: locks grow stale by themselves.
    /// - Returns: those that are stale now and were not.
    fileprivate mutating func ageLocks() -> Set<RowKey> {
        var aged: Set<RowKey> = []
        for index in servers.indices {
            let catalog = servers[index].catalog
            for id in servers[index].staleRows.advance(to: now, catalog, staleness) {
                aged.insert(RowKey(server: index, id: id))
            }
        }
        return aged
    }

    // MARK: News

    mutating func take(_ update: ServerUpdate) -> [Effect] {
        guard let index = serverIndex(update.server) else { return [] }
        let before = servers[index].catalog
        servers[index].catalog = update.catalog
        if !marks.isEmpty {
            lostMarks += update.changed.count { id in
                before.isThere(id) && !update.catalog.isThere(id) && marks.contains(RowKey(server: index, id: id))
            }
        }
        servers[index].status = update.status
        moments.take(update.events, at: now)
        events += update.events
        let surplus = max(0, events.count - 1_000)
        events.removeFirst(surplus)
        forgottenEvents += surplus
        servers[index].requestRate.note(update.status.requests, at: now)
        let conflicts = update.events.filter { $0.kind == .conflict || $0.kind == .stolen }.map(\.ref)
        if !update.changed.isEmpty {
            servers[index].staleRows.take(update.changed, update.catalog, staleness, at: now)
            follow(Set(update.changed.map { RowKey(server: index, id: $0) }))
        }
        note(conflictsOn: conflicts)
        say(update.events)
        return []
    }

    mutating func take(_ result: OperationResult, _ ticket: Ticket) -> [Effect] {
        undertakings.end(ticket)
        if bulk?.take(result, ticket) ?? false { return goOnWithBulk() }
        if result.canBeUndone { lastReleased = [result.ref] }
        return tell(result)
    }

    /// Says how an operation ended.
    mutating func tell(_ result: OperationResult) -> [Effect] {
        let name = "\(result.path) on \(result.ref.server)"
        switch result.outcome {
        case .done:
            let note = result.why.isEmpty ? "" : " \(result.why)"
            message = Message(text: "You \(result.operation.past) \(name).\(note)")
        case .unchanged: message = Message(text: "\(name): \(result.why)")
        case .refused, .failed, .unverified, .planned:
            message = Message(
                text: "\(result.operation.word) \(name) \(result.outcome.rawValue): \(result.why)", isError: true)
        }
        // Whoever looks at a recording is asked nothing.
        guard result.outcome == .refused, replay == nil else { return [] }
        if result.reason == .conflict {
            note(conflictsOn: [result.ref])
            // One box at a time is an offer, ten are an obstacle: the last one counts, the sixth view has the others.
            waitingBoxes.removeAll(where: \.isConflict)
            waitingBoxes.append(conflictBox(result))
        } else if result.reason == .needsAction {
            waitingBoxes.append(stepBox(result))
        }
        return []
    }

    private mutating func note(conflictsOn refs: [ItemRef]) {
        let before = conflicted.count
        conflicted.formUnion(refs)
        if view == .conflicts, conflicted.count != before { refilterWhenFree() }
    }

    /// Opens a box that nobody asked for, unless something is being answered or typed.
    mutating func openWaitingBox() {
        guard dialog == nil, line == nil, !waitingBoxes.isEmpty else { return }
        var box = waitingBoxes.removeFirst()
        box.isUnasked = true
        open(box)
    }

    /// Opens a box that was asked for.
    mutating func open(_ box: Dialog) {
        dialog = box
        dialog?.opened = now
    }

    mutating func goOnWithBulk() -> [Effect] {
        guard var current = bulk else { return [] }
        var effects: [Effect] = []
        while let task = current.next() {
            let ticket = undertakings.begin(task.wish.operation, on: task.ref)
            current.began(ticket)
            effects.append(.perform(task.wish, task.ref, ticket))
        }
        bulk = current.isOver ? nil : current
        if current.isOver {
            marks = []
            let undoable = current.results.filter(\.canBeUndone).map(\.ref)
            if !undoable.isEmpty { lastReleased = undoable }
            let good = current.results.count(where: \.isGood)
            let title = "\(current.operation.word): \(good) of \(current.total) done"
            message = Message(text: title + ".", isError: good < current.total)
            waitingBoxes.append(bulkBox(title, current))
        }
        return effects
    }

    // MARK: The list

    /// How many rows each view has, without the filter.
    func counts() -> [View: Int] {
        var counts: [View: Int] = [.all: 0, .held: 0, .mine: 0, .others: 0, .stale: 0]
        for server in servers {
            let tally = server.catalog.tally
            counts[.all, default: 0] += tally.rows
            counts[.held, default: 0] += tally.held
            counts[.mine, default: 0] += tally.mine
            counts[.others, default: 0] += tally.held - tally.mine
            counts[.stale, default: 0] += server.staleRows.count
        }
        counts[.conflicts] = conflicted.count { key($0) != nil }
        return counts
    }

    // MARK: The cursor

    /// The place of the cursor in what is shown.
    var cursor: Int? { selected.flatMap(list.place) }

    // The cursor stays on its item wherever that goes; if the item is gone, it stays at its place.
    mutating func followCursor(from place: Int?, staysOnTop: Bool) {
        guard !list.isEmpty else {
            selected = nil
            return
        }
        if staysOnTop {
            selected = list[0]
        } else if cursor == nil {
            selected = list[min(place ?? 0, list.count - 1)]
        }
    }

    mutating func keepCursorInView() {
        let height = max(1, tableRows)
        guard let cursor else {
            top = 0
            return
        }
        if cursor < top { top = cursor }
        if cursor >= top + height { top = cursor - height + 1 }
        // The first row of a group shows under which heading it stands.
        if cursor == top, cursor > 0, height > 1, list[cursor - 1].isHeading { top = cursor - 1 }
        top = max(0, min(top, list.count - height))
    }

    mutating func moveCursor(to place: Int) {
        guard !list.isEmpty else { return }
        hasTouchedCursor = true
        selected = list[max(0, min(place, list.count - 1))]
    }

    /// The rows of the table that are on screen.
    var visible: [RowKey] {
        list[min(top, list.count)..<min(top + max(0, tableRows), list.count)]
    }

    mutating func tellWhatIsShown() -> [Effect] {
        var ids: [String: [String]] = [:]
        for key in visible {
            guard let ref = ref(key) else { continue }
            ids[ref.server, default: []].append(ref.id)
        }
        guard ids != shown else { return [] }
        shown = ids
        return [.show(ids)]
    }
}

extension OperationResult {
    /// Whether what it gave up can be locked again.
    fileprivate var canBeUndone: Bool { outcome == .done && [.unlock, .forceUnlock].contains(operation) }
}
