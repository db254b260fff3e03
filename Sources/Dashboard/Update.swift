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
    case .key(let key): effects = model.press(key)
    case .resized(let size): model.size = size
    case .tick: break
    case .update(let update): effects = model.take(update)
    case .ended(let result, let ticket): effects = model.take(result, ticket)
    case .waited(let result): effects = model.tell(result)
    case .resumed: effects = [.redraw, .readNow]
    case .notice(let text, let isError): model.message = Model.Message(text: text, isError: isError)
    }
    if case .tick = event, model.query.dependsOnTime || model.view == .stale { model.refilter() }
    if minuteChanged, model.query.dependsOnTime || model.view == .stale { model.refilter() }
    model.openWaitingBox()
    model.keepCursorInView()
    return effects + model.tellWhatIsShown()
}

extension Model {
    // MARK: News

    mutating func take(_ update: ServerUpdate) -> [Effect] {
        guard let index = serverIndex(update.server) else { return [] }
        let before = servers[index].shelf
        servers[index].shelf = update.shelf
        servers[index].status = update.status
        events += update.events
        if events.count > 1_000 { events.removeFirst(events.count - 1_000) }
        let conflicts = update.events.filter { $0.kind == .conflict || $0.kind == .stolen }.map(\.ref)
        note(conflictsOn: conflicts)
        // Most polls find what the last one found, a little later: such rows stay where they are.
        let changed = update.changed.filter { slot in
            guard let old = before[slot], let new = update.shelf[slot] else { return true }
            return old.item != new.item || old.reading.locks != new.reading.locks
                || old.reading.state != new.reading.state || old.reading.error != new.reading.error
        }.map { RowKey(server: index, slot: $0) }
        guard !changed.isEmpty else { return [] }
        let place = selected.flatMap { list.shown.firstIndex(of: $0) }
        let wasAtTop = top == 0 && (place ?? 0) == 0
        // A place that became free may be another item's by now.
        if let meant = selectedRef, selected.flatMap(ref) != meant { selected = key(meant) }
        list.place(changed, servers, by: sort, where: filter())
        followCursor(from: place, staysOnTop: wasAtTop && !hasTouchedCursor)
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
        guard result.outcome == .refused else { return [] }
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
        if view == .conflicts, conflicted.count != before { refilter() }
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
            waitingBoxes.append(.note(title, current.summary))
        }
        return effects
    }

    // MARK: The list

    /// Whether a row is to be shown, as a closure that needs no model: it is called for each of a million rows.
    func filter() -> (RowKey, Row) -> Bool {
        let (view, query, conflicted) = (view, query, conflicted)
        let contexts = servers.indices.map(context)
        return { key, row in
            let context = contexts[key.server]
            let isInView =
                switch view {
                case .all: true
                case .held: row.reading.state == .held
                case .mine: row.reading.state == .held && Query.Condition.mine.holds(for: row, context)
                case .others: row.reading.state == .held && Query.Condition.others.holds(for: row, context)
                case .stale: row.reading.state == .held && Query.Condition.stale.holds(for: row, context)
                case .conflicts: conflicted.contains(ItemRef(server: context.server, id: row.item.id))
                }
            return isInView && (query.isEmpty || query.matches(row, in: context))
        }
    }

    mutating func refilter() {
        let place = selected.flatMap { list.shown.firstIndex(of: $0) }
        list.filter(servers, where: filter())
        followCursor(from: place, staysOnTop: false)
    }

    mutating func resort() {
        list.sort(servers, by: sort, where: filter())
        followCursor(from: selected.flatMap { list.shown.firstIndex(of: $0) }, staysOnTop: false)
    }

    /// How many rows each view has, without the filter. Only held rows are looked at, and they are few.
    func counts() -> [View: Int] {
        var counts: [View: Int] = [.all: 0, .held: 0, .mine: 0, .others: 0, .stale: 0]
        for (index, server) in servers.enumerated() {
            let context = context(index)
            counts[.all, default: 0] += server.shelf.count
            counts[.held, default: 0] += server.shelf.held.count
            for slot in server.shelf.held {
                guard let row = server.shelf[slot] else { continue }
                counts[Query.Condition.mine.holds(for: row, context) ? .mine : .others, default: 0] += 1
                if Query.Condition.stale.holds(for: row, context) { counts[.stale, default: 0] += 1 }
            }
        }
        counts[.conflicts] = conflicted.filter { row($0) != nil }.count
        return counts
    }

    // MARK: The cursor

    /// The place of the cursor in what is shown.
    var cursor: Int? { selected.flatMap { list.shown.firstIndex(of: $0) } }

    // The cursor stays on its item wherever that goes; if the item is gone, it stays at its place.
    private mutating func followCursor(from place: Int?, staysOnTop: Bool) {
        guard !list.shown.isEmpty else {
            selected = nil
            return
        }
        if staysOnTop {
            selected = list.shown[0]
        } else if cursor == nil {
            selected = list.shown[min(place ?? 0, list.shown.count - 1)]
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
        top = max(0, min(top, list.shown.count - height))
    }

    mutating func moveCursor(to place: Int) {
        guard !list.shown.isEmpty else { return }
        hasTouchedCursor = true
        selected = list.shown[max(0, min(place, list.shown.count - 1))]
    }

    /// The rows of the table that are on screen.
    var visible: ArraySlice<RowKey> {
        list.shown[min(top, list.shown.count)..<min(top + max(0, tableRows), list.shown.count)]
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
