// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

/// The boxes: what each asks, and what its buttons lead to.
extension Model {
    // MARK: Questions

    /// What the gate wants answered. What is lost, whose it is and since when stands first: it is never what is cut.
    func questionBox(_ question: Question, _ deed: Deed) -> Dialog {
        let isDanger = question.endsSomething
        let room = max(20, size.columns * 2 / 3)
        let shortened = { Text.fit($0, columns: room, ellipsis: glyphs.ellipsis, cut: .middle) }
        var lines = [question.sentences(at: now, shortened: shortened), ""]
        lines += question.subjects.count == 1 ? facts(of: question) : list(of: question)
        if question.leftAlone > 0 {
            lines.append("\(question.leftAlone) of the marked items are left alone: free, or not possible there.")
        }
        if question.held.contains(where: { !$0.lock.isCopy && $0.lock.stealable == false }) {
            lines.append("What is marked as not stealable: the mark is cleared first, then the lock is ended.")
        }
        if isDanger {
            lines.append(
                "It is read again just before, and left alone if it is another one by then. Servers of this kind can't "
                    + "compare and break in one step: for some milliseconds somebody else's could take its place.")
        }
        let guarded = question.protected
        var fields: [Dialog.Field] = []
        if isDanger || !guarded.isEmpty { fields.append(Dialog.Field(label: "Reason", isRequired: !guarded.isEmpty)) }
        fields += (guarded + [question.nameToType].compactMap(\.self)).map {
            Dialog.Field(label: "Type \($0)", mustBe: $0)
        }
        let word = deed == .perform ? question.operation.word : deed == .wait ? "wait" : "keep alive"
        let count = question.subjects.count
        var label = word.capitalizedFirst
        if question.operation == .forceUnlock { label = count == 1 && question.losesWork ? "Discard" : "Force unlock" }
        if count > 1 { label += " \(count)" }
        let title = question.losesWork && count == 1 ? "Discard the check-out" : word.capitalizedFirst
        var box = Dialog(
            title, lines, fields: fields,
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: label, choice: .confirm(question, deed)),
            ], isDanger: isDanger)
        if !isDanger { box.acceptsEnter(at: 1) }
        return box
    }

    private func facts(of question: Question) -> [String] {
        guard let subject = question.subjects.first else { return [] }
        let path = (subject.target(of: question.operation) ?? subject.row).item.path
        let lines = ["Item     \(path)", "Server   \(subject.facts.name)", "Title    \(subject.row.item.title)"]
        guard let (_, lock) = question.held.first else { return lines }
        let parts: [LockFact.Part] = [.holder, .held, .identity] + (lock.expires == nil ? [] : [.until]) + [.notes]
        return lines + wording.facts(of: lock, parts).map { $0.label(columns: 9) + $0.text }
    }

    private func list(of question: Question) -> [String] {
        let isOfSeveral = question.isOfSeveralServers
        return question.subjects.map { subject in
            let sight = subject.isInSight ? "" : " (out of sight)"
            let title = subject.row.item.isKnownByNumber ? "  " + subject.row.item.title : ""
            // Who has it stands behind, and is never what is cut.
            let item = Text.fit(subject.row.item.path + title, columns: 400, cut: .middle)
            let name = "  " + (isOfSeveral ? subject.facts.name + ":" : "") + item
            guard question.operation.endsSomething, let lock = subject.target(of: question.operation)?.lock else {
                return name + sight
            }
            return "\(name)\(sight)  \(self.name(lock.holder)), \(wording.held(lock))"
        }
    }

    /// Where a key can't work because the server has the other kind of hold: the other one is offered.
    func neighbourBox(_ operation: Operation, _ why: String, _ subject: Subject) -> Dialog? {
        let other: Operation? = operation == .lock ? .checkOut : operation == .checkOut ? .lock : nil
        guard let other, gate.whyNot(other, on: subject) == nil, !subject.operations[operation].isOffered else {
            return nil
        }
        var box = Dialog(
            operation.word.capitalizedFirst,
            [why, "\(other.word.capitalizedFirst) \(subject.row.item.path) instead?"],
            buttons: [
                Dialog.Button(label: other.word.capitalizedFirst, choice: .ask(other, [subject.ref])),
                Dialog.Button(label: "Leave", choice: .cancel),
            ])
        box.acceptsEnter(at: 0)
        return box
    }

    // MARK: Forms

    func checkInBox(_ refs: [ItemRef]) -> Dialog {
        let paths = names(of: refs).map { "  " + $0 }
        var box = Dialog(
            "Check in", ["Publish what the server has of the working copy, and give the item back?", ""] + paths,
            fields: [Dialog.Field(label: "Remark")],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "Check in", choice: .checkIn(refs)),
            ])
        box.acceptsEnter(at: 1)
        box.focus = 0
        return box
    }

    func lockOptionsBox(_ refs: [ItemRef]) -> Dialog {
        var box = Dialog(
            "Lock with options", names(of: refs).map { "  " + $0 },
            fields: [
                Dialog.Field(label: "Time-out", hint: "such as 30m or 2h"),
                Dialog.Field(label: "Stealable", line: InputLine("yes")),
                Dialog.Field(label: "Comment"),
            ],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel), Dialog.Button(label: "Lock", choice: .lock(refs)),
            ])
        box.acceptsEnter(at: 1)
        box.focus = 0
        return box
    }

    func leaveBox(underWay: Int, kept: Int) -> Dialog {
        var lines: [String] = []
        if underWay > 0 {
            lines.append(
                "\(underWay) \(underWay == 1 ? "operation is" : "operations are") under way; what was sent goes on.")
        }
        if kept > 0 {
            lines.append(
                kept == 1
                    ? "One of your locks is kept alive by this program and will run out when it ends."
                    : "\(kept) of your locks are kept alive by this program and will run out when it ends.")
        }
        return Dialog(
            "Leave locktop?", lines,
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel), Dialog.Button(label: "Leave", choice: .quit),
            ])
    }

    // MARK: Conflict, export

    func conflictBox(_ result: OperationResult) -> Dialog {
        let lock = result.after ?? result.before
        let path = Text.fit(result.path, columns: max(20, size.columns * 2 / 3), ellipsis: glyphs.ellipsis, cut: .start)
        var lines = ["\(path) on \(result.ref.server): \(result.why)", ""]
        if let lock {
            // The sentence names the holder: since when is what is to be seen next.
            lines += wording.facts(of: lock, [.held, .holder, .until, .stealable]).map {
                $0.label(columns: 11) + $0.text
            }
        }
        var buttons = [Dialog.Button(label: "Leave", choice: .cancel)]
        // What was refused is what is waited for: after a check-out an edit lock would be something else.
        if result.operation.takes {
            buttons.append(Dialog.Button(label: "Wait and take", choice: .wait(result.ref, result.operation)))
        }
        if whyNot(.forceUnlock, on: result.ref) == nil, lock?.holder.isMe == false {
            buttons.append(Dialog.Button(label: "Force…", choice: .ask(.forceUnlock, [result.ref])))
        }
        buttons.append(Dialog.Button(label: "Details", choice: .details(result.ref)))
        var box = Dialog("Conflict", lines, buttons: buttons)
        box.isConflict = true
        return box
    }

    /// The server wants a further step: what it is, and the address to open, if it names one.
    func stepBox(_ result: OperationResult) -> Dialog {
        var buttons = [Dialog.Button(label: "Close", choice: .cancel)]
        let words = result.why.split(separator: " ")
        if let address = words.first(where: { $0.hasPrefix("https://") || $0.hasPrefix("http://") }) {
            buttons.append(Dialog.Button(label: "Copy the address", choice: .copy(String(address))))
        }
        let line = "\(result.operation.word) \(result.path) on \(result.ref.server) was refused:"
        return Dialog("A further step", [line, "", result.why], buttons: buttons)
    }

    /// How an operation on several items ended. What did not come about can be tried again, through the gate.
    func bulkBox(_ title: String, _ bulk: Bulk) -> Dialog {
        var box = Dialog.note(title, bulk.summary)
        let undone = bulk.undone
        guard let first = undone.first else { return box }
        var wish = first.wish
        // What was shown then may be another lock by now: that is asked about anew.
        wish.expectation = wish.operation.takes ? .free : .anything
        wish.mayTakeFromOthers = false
        box.buttons.append(Dialog.Button(label: "r Try again", choice: .again(wish, undone.map(\.ref))))
        box.repeats = box.buttons.count - 1
        return box
    }

    func exportBox() -> Dialog {
        var box = Dialog(
            "Write a file",
            [
                list.rowCount == 1
                    ? "Write the row that is shown to a file in the working directory?"
                    : "Write the \(list.rowCount.grouped) rows that are shown to a file in the working directory?"
            ],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "CSV", choice: .export(asJSON: false)),
                Dialog.Button(label: "JSON", choice: .export(asJSON: true)),
            ])
        box.acceptsEnter(at: 1)
        return box
    }
}
