// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    /// What is to happen once the gate lets a wish through.
    enum Deed: Hashable, Sendable {
        /// It is carried out now.
        case perform
        /// It is carried out as soon as the item is free.
        case wait
        /// The lock is kept alive from now on.
        case keep
    }

    /// What a key for an operation leads to: at once where nobody loses anything, else a question.
    mutating func ask(for operation: Operation) -> [Effect] {
        hasTouchedCursor = true
        guard let refs = refsToActOn() else { return [] }
        guard operation == .checkIn else { return request(Wish(operation), on: refs) }
        if refs.count == 1, let why = whyNot(.checkIn, on: refs[0]) { return refuse(.checkIn, why) }
        if refs.count == 1, let row = row(refs[0]), row.reading.state != .unknown, !row.isAboutCheckOut {
            return refuse(.checkIn, "\(row.item.path) is not checked out.")
        }
        open(checkInBox(refs))
        return []
    }

    // Marks whose items are all gone must not turn into the row under the cursor.
    mutating func refsToActOn() -> [ItemRef]? {
        let targets = targets
        if !targets.isEmpty { return targets }
        if marks.isEmpty, selected?.isHeading ?? false {
            message = Message(text: "That is a heading: \(keymap.key(of: .mark)) marks its rows.")
            return nil
        }
        message = Message(text: marks.isEmpty ? "No row is selected." : "The marked items are gone: nothing was done.")
        marks = []
        return nil
    }

    /// Takes a wish through the gate.
    /// - Parameter areShown: whether what is on top shows all the items, or who has them.
    mutating func request(
        _ wish: Wish, on refs: [ItemRef], then deed: Deed = .perform, areShown: Bool = false
    ) -> [Effect] {
        var subjects = subjects(refs)
        if areShown { for index in subjects.indices { subjects[index].isInSight = true } }
        switch gate.permission(for: wish, on: subjects) {
        case .go(let wishes): return begin(wishes, deed)
        case .ask(let question):
            open(questionBox(question, deed))
            return []
        case .no(let why):
            if subjects.count == 1, let box = neighbourBox(wish.operation, why, subjects[0]) {
                open(box)
                return []
            }
            return refuse(wish.operation, why)
        }
    }

    private mutating func refuse(_ operation: Operation, _ why: String) -> [Effect] {
        message = Message(text: "\(operation.word): \(why)", isError: true)
        return []
    }

    /// Begins what the gate let through: one operation by itself, several as a bulk with progress.
    mutating func begin(_ wishes: [ItemRef: Wish], _ deed: Deed = .perform) -> [Effect] {
        switch deed {
        case .wait: return wait(wishes)
        case .keep: return wishes.keys.sorted().map { .setKept($0, true) }
        case .perform: break
        }
        guard let (ref, wish) = wishes.first else { return [] }
        if wishes.count == 1 {
            guard !undertakings.contains(wish.operation, on: ref) else {
                message = Message(text: "\(wish.operation.word) \(path(of: ref)) is under way already.")
                return []
            }
            return [.perform(wish, ref, undertakings.begin(wish.operation, on: ref))]
        }
        guard bulk == nil else {
            message = Message(text: "Another operation on several items is still under way.", isError: true)
            return []
        }
        let refs = wishes.keys.sorted()
        bulk = Bulk(
            zip(refs, names(of: refs)).compactMap { ref, name in
                wishes[ref].map { Bulk.Task(ref: ref, wish: $0, name: name) }
            }, wish.operation)
        return goOnWithBulk()
    }

    private mutating func wait(_ wishes: [ItemRef: Wish]) -> [Effect] {
        let refs = wishes.keys.sorted()
        let what = refs.count == 1 ? path(of: refs[0]) : "\(refs.count) items"
        message = Message(text: "Waiting for \(what): it is taken when it is free.")
        return refs.compactMap { ref in wishes[ref].map { .wait(ref, $0) } }
    }

    mutating func choose(_ choice: Dialog.Choice, _ box: Dialog) -> [Effect] {
        switch choice {
        case .cancel: return []
        case .quit:
            wantsToQuit = true
            return [.quit]
        case .confirm(let question, let deed):
            let reason = box.text("Reason")
            return begin(
                question.wishes.mapValues { wish in
                    var wish = wish
                    wish.reason = reason ?? wish.reason
                    return wish
                }, deed)
        case .ask(let operation, let refs): return request(Wish(operation), on: refs)
        case .wait(let ref, let operation): return request(Wish(operation, expecting: .free), on: [ref], then: .wait)
        case .again(let wish, let refs): return request(wish, on: refs, areShown: true)
        case .details(let ref):
            selected = key(ref) ?? selected
            layers = [.details(Details())]
            return []
        case .lock(let refs): return lock(refs, box)
        case .checkIn(let refs): return request(Wish(.checkIn, comment: box.text("Remark")), on: refs)
        case .copy(let address):
            message = Message(text: "\(address) is in the clipboard of the terminal, if it allows that.")
            return [.copy(address)]
        case .export(let asJSON):
            return startExport(asJSON: asJSON, named: nil)
        }
    }

    /// Writes what is shown to a file; one without a name is named after the time.
    mutating func startExport(asJSON: Bool, named name: String?) -> [Effect] {
        let snapshot = Snapshot(of: self, number: keeping.nextNumber())
        export = (snapshot, 0)
        return [.export(snapshot, asJSON: asJSON, named: name)]
    }

    // MARK: Lock with options

    mutating func openLockOptions() {
        guard let refs = refsToActOn() else { return }
        if refs.count == 1, let why = whyNot(.lock, on: refs[0]) {
            if let box = subjects(refs).first.flatMap({ neighbourBox(.lock, why, $0) }) {
                open(box)
            } else {
                _ = refuse(.lock, why)
            }
            return
        }
        open(lockOptionsBox(refs))
    }

    private mutating func lock(_ refs: [ItemRef], _ box: Dialog) -> [Effect] {
        var options = LockOptions()
        if let text = box.text("Time-out") {
            guard let seconds = DurationText.parse(text), seconds >= 1, seconds < 1e10 else {
                return complain("\(text) is no length of time: write 30m or 2h.", in: box, field: 0)
            }
            options.timeout = Int(seconds)
        }
        let answer = box.text("Stealable")?.lowercased() ?? "yes"
        guard ["y", "yes", "n", "no"].contains(answer) else {
            return complain("Stealable is yes or no.", in: box, field: 1)
        }
        if answer.hasPrefix("n") { options.stealable = false }
        options.comment = box.text("Comment")
        return request(Wish(.lock, options: options, reason: options.comment), on: refs)
    }

    private mutating func complain(_ complaint: String, in box: Dialog, field: Int) -> [Effect] {
        dialog = box
        dialog?.complaint = complaint
        dialog?.focus = field
        return []
    }

    // MARK: Waiting, keeping, undoing

    mutating func toggleWait() -> [Effect] {
        hasTouchedCursor = true
        guard let refs = refsToActOn() else { return [] }
        let waited = refs.filter { ref in serverIndex(ref.server).map { servers[$0].waits(for: ref.id) } ?? false }
        if !waited.isEmpty {
            return callOff(waited)
        }
        // What the server has: a lock, else a check-out. Where neither can be, the lock's reason is the one to tell.
        func canBe(_ operation: Operation) -> Bool { refs.contains { whyNot(operation, on: $0) == nil } }
        let operation: Operation = !canBe(.lock) && canBe(.checkOut) ? .checkOut : .lock
        return request(Wish(operation, expecting: .free), on: refs, then: .wait)
    }

    /// Waits for these no longer.
    mutating func callOff(_ refs: [ItemRef]) -> [Effect] {
        let what = refs.count == 1 ? path(of: refs[0]) : "\(refs.count) items"
        message = Message(text: "No longer waiting for \(what).")
        return refs.map(Effect.cancelWait)
    }

    mutating func toggleKept() -> [Effect] {
        guard let refs = refsToActOn() else { return [] }
        let mine = refs.filter { row($0)?.lock?.holder.isMe ?? false }
        guard let first = mine.first else {
            message = Message(text: "\(path(of: refs[0])) is not yours: there is nothing to keep alive.", isError: true)
            return []
        }
        let what = mine.count == 1 ? path(of: first) : "\(mine.count) locks of yours"
        let kept = mine.filter { ref in serverIndex(ref.server).map { servers[$0].keeps(ref.id) } ?? false }
        guard kept.isEmpty else {
            message = Message(text: "No longer kept alive, so it will run out: \(what).")
            return kept.map { .setKept($0, false) }
        }
        message = Message(text: "Kept alive if it was locked through locktop: \(what).")
        return request(Wish(.refresh), on: mine, then: .keep)
    }

    mutating func undo() -> [Effect] {
        let free = lastReleased.filter { row($0) != nil && row($0)?.lock == nil }
        guard let first = lastReleased.first else {
            message = Message(text: "Nothing was released yet.")
            return []
        }
        guard !free.isEmpty else {
            let holder = row(first)?.lock?.holder.label
            message = Message(
                text: "\(path(of: first)) \(holder.map { "is not free any more: \($0) has it." } ?? "is gone.")",
                isError: true)
            return []
        }
        lastReleased = []
        return request(Wish(.lock, expecting: .free, reason: "undo"), on: free)
    }
}

extension Row {
    /// Whether it is checked out, or is the copy of what is.
    fileprivate var isAboutCheckOut: Bool { item.workingCopyOf != nil || lock?.isCopy ?? false }
}

extension Model.Server {
    func waits(for id: String) -> Bool { status.waits.contains(id) }
    func keeps(_ id: String) -> Bool { status.kept.contains(id) }
}
