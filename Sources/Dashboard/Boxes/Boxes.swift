// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks

/// The boxes: what each asks, and what its buttons lead to.
extension Model {
    // MARK: Force

    mutating func askForForce(_ refs: [ItemRef]) -> [Effect] {
        if refs.count == 1, let row = row(refs[0]) {
            guard let lock = row.lock else {
                message = Message(text: "\(row.item.path) is free: there is nothing to force.")
                return []
            }
            dialog = lock.isCheckOut ? discardBox(refs) : forceBox(refs[0], row, lock)
            return []
        }
        dialog = forceBox(refs)
        return []
    }

    private func forceBox(_ ref: ItemRef, _ row: Row, _ lock: Lock) -> Dialog {
        let whose = lock.holder.isMe ? "your own lock" : "\(name(lock.holder))'s lock"
        var lines = [
            "End \(whose) on \(row.item.path)?", "",
            "Server   \(ref.server)", "Title    \(row.item.title)", "Held     \(held(lock))",
        ]
        if let expires = lock.expires { lines.append("Ends     by itself \(when(expires))") }
        lines += lock.notes.map { "Note     \($0)" }
        lines.append("")
        if lock.stealable == false {
            lines.append("It is marked as not stealable: the mark is cleared first, then the lock is ended.")
        }
        lines += [
            "What \(lock.holder.label) has not saved may be lost or overwritten. It can't be undone.",
            "The lock is read again just before. Servers of this kind can't compare and break in one step: for some "
                + "milliseconds somebody else's lock could take its place.",
        ]
        let wish = Wish(.forceUnlock, expectedLock: lock.identity, mayTakeFromOthers: true)
        return Dialog(
            "Force-unlock", lines, fields: fields(for: [ref]),
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "Force unlock", choice: .perform([ref: wish])),
            ], isDanger: true)
    }

    private func forceBox(_ refs: [ItemRef]) -> Dialog {
        var wishes: [ItemRef: Wish] = [:]
        var lines: [String] = []
        for ref in refs {
            guard let row = row(ref), let lock = row.lock, !lock.isCheckOut else { continue }
            wishes[ref] = Wish(.forceUnlock, expectedLock: lock.identity, mayTakeFromOthers: true)
            if lines.count < 12 { lines.append("  \(row.item.path)  \(name(lock.holder)), \(held(lock))") }
        }
        guard !wishes.isEmpty else {
            return .note("Force-unlock", ["None of the marked items has a lock that can be forced."])
        }
        if wishes.count > lines.count { lines.append("  and \(wishes.count - lines.count) more") }
        let left = refs.count - wishes.count
        if left > 0 { lines.append("\(left) of the marked items are free or checked out, and are left alone.") }
        return Dialog(
            "Force-unlock",
            ["End these \(wishes.count) locks?", ""] + lines + [
                "", "What their holders have not saved may be lost. It can't be undone.",
                "Each lock is read again just before, and left alone if it is another one by then.",
            ],
            fields: fields(for: refs),
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "Force \(wishes.count)", choice: .perform(wishes)),
            ], isDanger: true)
    }

    /// A reason, and for protected servers their names.
    private func fields(for refs: [ItemRef]) -> [Dialog.Field] {
        let guarded = protected(refs)
        var fields = [Dialog.Field(label: "Reason", isRequired: !guarded.isEmpty)]
        fields += guarded.map { Dialog.Field(label: "Type \($0)", mustBe: $0) }
        return fields
    }

    private func protected(_ refs: [ItemRef]) -> [String] {
        Set(refs.map(\.server)).filter { name in servers.contains { $0.facts.name == name && $0.facts.isProtected } }
            .sorted()
    }

    /// The question that a protected server asks before any operation; `nil` where none is protected.
    func protectedBox(_ wishes: [ItemRef: Wish], _ operation: Operation) -> Dialog? {
        let refs = wishes.keys.sorted()
        guard !protected(refs).isEmpty else { return nil }
        let paths = refs.prefix(8).map { row($0)?.item.path ?? $0.id }
        return Dialog(
            operation.word.capitalizedFirst, ["\(operation.word.capitalizedFirst) on a protected server:", ""] + paths,
            fields: fields(for: refs),
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: operation.word.capitalizedFirst, choice: .perform(wishes)),
            ])
    }

    // MARK: Discard, check in, lock

    func discardBox(_ refs: [ItemRef]) -> Dialog {
        var wishes: [ItemRef: Wish] = [:]
        var lines: [String] = []
        var others: [String] = []
        for ref in refs {
            guard let row = row(ref) else { continue }
            let isCopy = row.item.workingCopyOf != nil
            guard row.lock?.isCheckOut ?? false || isCopy else { continue }
            let isMine = row.lock?.holder.isMe ?? false
            var wish = Wish(.discard, mayTakeFromOthers: true)
            if !isCopy { wish.expectedLock = row.lock?.identity }
            wishes[ref] = wish
            let who = row.lock.map { "\(name($0.holder)), \(held($0))" } ?? "a working copy"
            lines.append("  \(row.item.path)  \(who)")
            if !isMine { others.append(row.item.path) }
        }
        guard !wishes.isEmpty else { return .note("Discard", ["Nothing here is checked out."]) }
        var fields = fields(for: refs)
        // Another's unpublished changes are destroyed: the hand has to slow down for that.
        if let first = others.first {
            let word = others.count == 1 ? String(first.split(separator: "/").last ?? "discard") : "discard"
            fields.append(Dialog.Field(label: "Type \(word)", mustBe: word))
        }
        return Dialog(
            "Discard the check-out",
            ["Undo this check-out? The changes in the working copy are destroyed; it can't be undone.", ""] + lines,
            fields: fields,
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "Discard", choice: .perform(wishes)),
            ], isDanger: true)
    }

    func checkInBox(_ refs: [ItemRef]) -> Dialog {
        let paths = refs.prefix(8).map { "  \(row($0)?.item.path ?? $0.id)" }
        return Dialog(
            "Check in", ["Publish what the server has of the working copy, and give the item back?", ""] + paths,
            fields: [Dialog.Field(label: "Comment")],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "Check in", choice: .checkIn(refs)),
            ])
    }

    mutating func openLockOptions() {
        let refs = targets
        guard let first = refs.first else { return }
        if refs.count == 1, let why = whyNot(.lock, on: first) {
            message = Message(text: "lock: \(why)", isError: true)
            return
        }
        let paths = refs.prefix(6).map { "  \(row($0)?.item.path ?? $0.id)" }
        var box = Dialog(
            "Lock with options", paths,
            fields: [
                Dialog.Field(label: "Time-out"), Dialog.Field(label: "Stealable", line: InputLine("yes")),
                Dialog.Field(label: "Comment"),
            ],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel), Dialog.Button(label: "Lock", choice: .lock(refs)),
            ])
        box.focus = 0
        dialog = box
    }

    // MARK: Conflict, waits, export

    func conflictBox(_ result: OperationResult) -> Dialog {
        let lock = result.after ?? result.before
        var lines = ["\(result.path) on \(result.ref.server): \(result.why)", ""]
        if let lock {
            lines.append("Holder     \(name(lock.holder))")
            lines.append("Since      \(held(lock))")
            lines.append(
                "Until      \(lock.expires.map(when) ?? "it does not end by itself, or the server does not say")")
            lines.append("Stealable  \(lock.stealable.map { $0 ? "yes" : "no" } ?? "only a try will tell")")
        }
        var buttons = [
            Dialog.Button(label: "Leave", choice: .cancel),
            Dialog.Button(label: "Wait and take", choice: .wait(result.ref)),
        ]
        let ends: Operation = lock?.isCheckOut ?? false ? .discard : .forceUnlock
        if whyNot(ends, on: result.ref) == nil, lock?.holder.isMe == false {
            buttons.append(Dialog.Button(label: "Force…", choice: .force(result.ref)))
        }
        buttons.append(Dialog.Button(label: "Details", choice: .details(result.ref)))
        return Dialog("Conflict", lines, buttons: buttons)
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

    func waitsBox() -> Dialog {
        let lines = servers.flatMap { server in
            server.status.waits.sorted().map { id in
                let holder = server.shelf[id]?.lock.map { "\(name($0.holder)) has it, \(held($0))" } ?? "free"
                return "\(server.facts.name):\(id)  \(holder)"
            }
        }
        return .note("Waited for", lines.isEmpty ? ["Nothing. Press w on an item to take it when it is free."] : lines)
    }

    func exportBox() -> Dialog {
        Dialog(
            "Write a file",
            ["Write the \(list.shown.count) rows that are shown to a file in the working directory?"],
            buttons: [
                Dialog.Button(label: "Cancel", choice: .cancel),
                Dialog.Button(label: "CSV", choice: .export(asJSON: false)),
                Dialog.Button(label: "JSON", choice: .export(asJSON: true)),
            ])
    }

    // MARK: Words

    /// "Bob Builder (bob)", or what of it is known.
    func name(_ holder: Holder) -> String {
        if holder.isMe { return "you" }
        guard let name = holder.name, let id = holder.id, name != id else { return holder.label }
        return "\(name) (\(id))"
    }

    /// "for 3h, since 14:02", or what of it is known.
    func held(_ lock: Lock) -> String {
        guard let since = lock.since else { return "the server does not say since when" }
        let least = lock.sinceIs == .acquired ? "" : "at least "
        return "for \(least)\(Age.text(now.timeIntervalSince(since))), since \(when(since))"
    }

    /// "at 14:02", with the day when it is another one.
    func when(_ time: Date) -> String { WallClock(look.secondsFromUTC).text(time, near: now) }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

/// Times of day for people.
struct WallClock: Sendable {
    private let offset: Int

    init(_ secondsFromUTC: Int) { offset = secondsFromUTC }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private func local(_ time: Date) -> (days: Int, seconds: Int) {
        let total = Int(max(-1e11, min(1e11, time.timeIntervalSince1970))) + offset
        let days = (total >= 0 ? total : total - 86_399) / 86_400
        return (days, total - days * 86_400)
    }

    /// `14:02`.
    func minutes(_ time: Date) -> String {
        let seconds = local(time).seconds
        return "\(Self.two(seconds / 3_600)):\(Self.two(seconds / 60 % 60))"
    }

    /// `14:02:09`.
    func seconds(_ time: Date) -> String { "\(minutes(time)):\(Self.two(local(time).seconds % 60))" }

    /// `14:02`, or `Nov 19 14:02` when it is not today.
    func text(_ time: Date, near now: Date) -> String {
        let (day, today) = (local(time).days, local(now).days)
        if day == today { return minutes(time) }
        let (year, month, dayOfMonth) = Self.civil(day)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let date = "\(names[month - 1]) \(dayOfMonth)"
        return abs(day - today) > 300 ? "\(date) \(year)" : "\(date) \(minutes(time))"
    }

    // Days since 1970 as a date of the Gregorian calendar.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
