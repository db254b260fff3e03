// SPDX-License-Identifier: MIT
import Canvas
import FoundationEssentials
import Locks

extension Model {
    /// What a key for an operation leads to: at once where nobody loses anything, else a question.
    mutating func ask(for operation: Operation) -> [Effect] {
        hasTouchedCursor = true
        let targets = targets
        guard let first = targets.first else {
            message = Message(text: "No row is selected.")
            return []
        }
        if targets.count == 1, let why = whyNot(operation, on: first) {
            message = Message(text: "\(operation.word): \(why)", isError: true)
            return []
        }
        switch operation {
        case .forceUnlock: return askForForce(targets)
        case .discard: dialog = discardBox(targets)
        case .checkIn: dialog = checkInBox(targets)
        default:
            let wishes = Dictionary(uniqueKeysWithValues: targets.map { ($0, Wish(operation)) })
            if let question = protectedBox(wishes, operation) {
                dialog = question
                return []
            }
            return begin(wishes)
        }
        return []
    }

    /// Begins operations: one by itself, several as a bulk with progress.
    mutating func begin(_ wishes: [ItemRef: Wish]) -> [Effect] {
        guard let (ref, wish) = wishes.first else { return [] }
        if isReadOnly {
            message = Message(text: "\(wish.operation.word): locktop runs read-only.", isError: true)
            return []
        }
        if wishes.count == 1 {
            guard activity[ref] == nil else { return [] }
            activity[ref] = wish.operation
            return [.perform(wish, ref)]
        }
        guard bulk == nil else {
            message = Message(text: "Another operation on several items is still under way.", isError: true)
            return []
        }
        bulk = Bulk(wishes.filter { activity[$0.key] == nil }, wish.operation)
        return goOnWithBulk()
    }

    mutating func choose(_ choice: Dialog.Choice, _ box: Dialog) -> [Effect] {
        switch choice {
        case .cancel: return []
        case .quit:
            wantsToQuit = true
            return [.quit]
        case .perform(let wishes):
            let reason = box.text("Reason")
            return begin(
                wishes.mapValues { wish in
                    var wish = wish
                    wish.reason = reason
                    return wish
                })
        case .wait(let ref):
            if isReadOnly { return [] }
            message = Message(text: "Waiting for \(row(ref)?.item.path ?? ref.id): it is taken when it is free.")
            return [.wait(ref, Wish(.lock))]
        case .force(let ref): return row(ref)?.lock?.isCheckOut ?? false ? showDiscard(ref) : askForForce([ref])
        case .details(let ref):
            selected = key(ref) ?? selected
            showsDetails = true
            return []
        case .lock(let refs): return lock(refs, box)
        case .checkIn(let refs):
            let comment = box.text("Comment")
            return begin(Dictionary(uniqueKeysWithValues: refs.map { ($0, Wish(.checkIn, comment: comment)) }))
        case .copy(let address):
            message = Message(text: "\(address) is in the clipboard of the terminal, if it allows that.")
            return [.copy(address)]
        case .export(let asJSON): return [.export(rows: list.shown.compactMap(ref), asJSON: asJSON)]
        }
    }

    private mutating func showDiscard(_ ref: ItemRef) -> [Effect] {
        dialog = discardBox([ref])
        return []
    }

    private mutating func lock(_ refs: [ItemRef], _ box: Dialog) -> [Effect] {
        var options = LockOptions()
        if let text = box.text("Time-out") {
            guard let seconds = LengthOfTime.seconds(text), seconds >= 1, seconds < 1e10 else {
                dialog = box
                dialog?.complaint = "\(text) is no length of time: write 30m or 2h."
                dialog?.focus = 0
                return []
            }
            options.timeout = Int(seconds)
        }
        let answer = box.text("Stealable")?.lowercased() ?? "yes"
        guard ["y", "yes", "n", "no"].contains(answer) else {
            dialog = box
            dialog?.complaint = "Stealable is yes or no."
            dialog?.focus = 1
            return []
        }
        if answer.hasPrefix("n") { options.stealable = false }
        options.comment = box.text("Comment")
        let wish = Wish(.lock, options: options, reason: options.comment)
        return begin(Dictionary(uniqueKeysWithValues: refs.map { ($0, wish) }))
    }

    // MARK: Waiting, keeping, undoing

    mutating func toggleWait() -> [Effect] {
        var effects: [Effect] = []
        for ref in targets {
            guard let index = serverIndex(ref.server) else { continue }
            hasTouchedCursor = true
            if servers[index].status.waits.contains(ref.id) {
                effects.append(.cancelWait(ref))
                message = Message(text: "No longer waiting for \(row(ref)?.item.path ?? ref.id).")
            } else if let why = whyNot(.lock, on: ref) {
                message = Message(text: "wait: \(why)", isError: true)
            } else {
                effects.append(.wait(ref, Wish(.lock)))
                message = Message(text: "Waiting for \(row(ref)?.item.path ?? ref.id): it is taken when it is free.")
            }
        }
        return effects
    }

    mutating func toggleKept() -> [Effect] {
        guard let ref = targets.first, let row = row(ref), let index = serverIndex(ref.server) else { return [] }
        guard row.lock?.holder.isMe ?? false else {
            message = Message(text: "\(row.item.path) is not yours: there is nothing to keep alive.", isError: true)
            return []
        }
        let isKept = servers[index].status.kept.contains(ref.id)
        message = Message(
            text: isKept
                ? "\(row.item.path) is no longer kept alive: your lock will run out."
                : "\(row.item.path) is kept alive if it was locked through locktop.")
        return [.setKept(ref, !isKept)]
    }

    mutating func undo() -> [Effect] {
        guard let ref = lastReleased, let row = row(ref) else {
            message = Message(text: "Nothing was released yet.")
            return []
        }
        guard row.lock == nil else {
            message = Message(
                text: "\(row.item.path) is not free any more: \(row.lock?.holder.label ?? "somebody") has it.",
                isError: true)
            return []
        }
        lastReleased = nil
        return begin([ref: Wish(.lock, reason: "undo")])
    }
}

extension Lock {
    /// Whether it is a check-out of some kind, and no edit lock.
    var isCheckOut: Bool { kind == .checkout || kind == .workingCopy }
}

/// Lengths of time as people type them.
enum LengthOfTime {
    /// Seconds of `90s`, `30m`, `2h`, `1h30m`; `nil` if it is none.
    static func seconds(_ text: String) -> Double? { Query.seconds(text) }
}
