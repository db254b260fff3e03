// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// What has to be answered before an operation begins: what it would do to whom. Its wishes are bound to the locks that
/// it shows.
public struct Question: Hashable, Sendable {
    /// What was asked for.
    public var operation: Operation
    /// What is done on a yes.
    public var wishes: [ItemRef: Wish]
    /// The items, in order.
    public var subjects: [Subject]
    /// How many of the items that were meant are left alone: free, or not possible there.
    public var leftAlone: Int

    /// A question.
    public init(operation: Operation, wishes: [ItemRef: Wish], subjects: [Subject], leftAlone: Int = 0) {
        self.operation = operation
        self.wishes = wishes
        self.subjects = subjects
        self.leftAlone = leftAlone
    }

    /// Whether a hold, or the work in it, ends by it.
    public var endsSomething: Bool { operation.endsSomething }

    /// Whether somebody else loses what they have.
    public var takesFromOthers: Bool { held.contains { !$0.lock.holder.isMe } }

    /// Whether unpublished work is lost.
    public var losesWork: Bool { held.contains { $0.lock.isCopy } }

    /// The protected servers, whose names have to be typed.
    public var protected: [String] { Set(subjects.filter(\.facts.isProtected).map(\.facts.name)).sorted() }

    /// How many of the items are out of sight.
    public var outOfSight: Int { subjects.count { !$0.isInSight } }

    /// What has to be typed before another's unpublished work is destroyed: the item's name, or a word for several.
    public var nameToType: String? {
        let lost = held.filter { $0.lock.isCopy && !$0.lock.holder.isMe }
        guard let first = lost.first else { return nil }
        guard lost.count == 1, let name = first.row.item.path.split(separator: "/").last.map(String.init),
            name.canBeTyped
        else { return "discard" }
        return name
    }

    /// Whether its items are of several servers: then a path alone names none of them.
    public var isOfSeveralServers: Bool { Set(subjects.map(\.ref.server)).count > 1 }

    /// The holds that would end, with the rows that have them.
    public var held: [(row: Row, lock: Lock)] {
        guard operation.endsSomething else { return [] }
        return subjects.compactMap { subject in
            let target = subject.target(of: operation)
            return target?.lock.flatMap { lock in target.map { ($0, lock) } }
        }
    }

    /// The question in a sentence or two: what ends, whose it is, since when, and what is lost.
    /// - Parameters:
    ///   - now: the time that ages are told by.
    ///   - shortened: what a name becomes where there is little room.
    public func sentences(at now: Date, shortened: (String) -> String = { $0 }) -> String {
        guard subjects.count == 1, let subject = subjects.first else { return sentencesOnSeveral }
        let path = shortened(subject.row.item.path)
        guard let (row, lock) = held.first else {
            return "\(operation.word.capitalizedFirst) \(path) on \(subject.facts.name)?"
        }
        let whose = lock.holder.isMe ? "your" : "\(shortened(lock.holder.fullName))'s"
        let age = lock.since.map { since in
            ", held \(lock.sinceIs == .acquired ? "" : "at least ")\(Age.text(now.timeIntervalSince(since)))"
        }
        guard lock.isCopy else {
            let lost = lock.holder.isMe ? "What you" : "What \(shortened(lock.holder.label))"
            let verb = lock.holder.isMe ? "have" : "has"
            return
                "End \(whose) lock on \(shortened(row.item.path))\(age ?? "")? \(lost) \(verb) not saved may be lost. "
                + "It can't be undone."
        }
        return
            "Discard \(whose) check-out of \(shortened(row.item.path))\(age ?? "")? Unpublished changes are destroyed. "
            + "It can't be undone."
    }

    private var sentencesOnSeveral: String {
        let count = subjects.count
        let unseen = outOfSight > 0 ? " \(outOfSight) of them are out of sight." : ""
        guard operation.endsSomething else { return "\(operation.word.capitalizedFirst) \(count) items?\(unseen)" }
        let copies = held.count { $0.lock.isCopy }
        let locks = held.count - copies
        func number(_ count: Int, _ word: String) -> String? {
            count == 0 ? nil : "\(count) \(word)\(count == 1 ? "" : "s")"
        }
        let what = [number(locks, "lock"), number(copies, "check-out")].compactMap(\.self).joined(separator: " and ")
        let lost = copies > 0 ? "Unpublished changes are destroyed." : "What their holders have not saved may be lost."
        return "End these \(what)?\(unseen) \(lost) It can't be undone."
    }
}

extension String {
    /// With a capital letter in front.
    public var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// Whether a person can type it as it is shown: no control or invisible characters, no blank at an end.
    fileprivate var canBeTyped: Bool {
        guard first != " ", last != " " else { return false }
        return unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: false
            case .spaceSeparator: scalar == " "
            default: !scalar.properties.isDefaultIgnorableCodePoint
            }
        }
    }
}
