// SPDX-License-Identifier: MIT

/// An item that an operation is asked for on, as it is shown to whoever asks.
public struct Subject: Hashable, Sendable {
    /// The item's full name.
    public var ref: ItemRef
    /// The item, as it was read last.
    public var row: Row
    /// For a working copy: its original, which is what is held; `nil` where it is not known.
    public var original: Row?
    /// What the configuration says of its server.
    public var facts: ServerFacts
    /// What can be done there.
    public var operations: Operations
    /// Whether whoever asks sees it.
    public var isInSight: Bool

    /// A subject.
    public init(
        ref: ItemRef, row: Row, original: Row? = nil, facts: ServerFacts, operations: Operations, isInSight: Bool = true
    ) {
        self.ref = ref
        self.row = row
        self.original = original
        self.facts = facts
        self.operations = operations
        self.isInSight = isInSight
    }

    /// The row whose lock an operation is about: of a working copy that nobody edits, the original's.
    public func target(of operation: Operation) -> Row? {
        guard operation.isAboutOriginal, row.item.workingCopyOf != nil, row.lock == nil else { return row }
        return original
    }
}

/// Whether an operation may begin.
public enum Permission: Hashable, Sendable {
    /// It may, with these wishes.
    case go([ItemRef: Wish])
    /// It may once this has been answered.
    case ask(Question)
    /// It may not, and why.
    case no(String)
}

/// The one gate: whatever way leads to an operation (a key, a box, a wait, a command) passes it, and gets a wish that
/// is bound to what was shown, a question, or a refusal.
public struct Guard: Hashable, Sendable {
    /// Whether nothing may be changed anywhere.
    public var isReadOnly: Bool {
        get { whyNothing != nil }
        set { whyNothing = newValue ? "locktop runs read-only." : nil }
    }
    /// Why nothing may be changed anywhere, as a sentence; `nil` where it may.
    public var whyNothing: String?

    /// A gate.
    public init(isReadOnly: Bool) { self.isReadOnly = isReadOnly }

    /// What the gate says of one item.
    public enum Verdict: Hashable, Sendable {
        /// Nobody loses anything by it.
        case go(Wish)
        /// Somebody does, or the server is protected: it has to be asked first.
        case ask(Wish)
        /// It can't be, and why.
        case no(Reason, String)
    }

    /// Why an operation can't be asked for on an item; `nil` when it can.
    public func whyNot(_ operation: Operation, on subject: Subject) -> String? { refusal(operation, subject)?.why }

    private func refusal(_ operation: Operation, _ subject: Subject) -> (reason: Reason, why: String)? {
        if let whyNothing { return (.readOnly, whyNothing) }
        if subject.facts.isReadOnly { return (.readOnly, "\(subject.facts.name) is read-only in the configuration.") }
        let offer = subject.operations[operation]
        if !offer.isOffered { return (.unsupported, offer.why ?? "\(subject.facts.name) has no such operation.") }
        if !subject.row.item.isLockable, subject.row.lock == nil { return (.notLockable, "Its type can't be held.") }
        return nil
    }

    /// What the gate says of a wish on one item.
    public func verdict(on wish: Wish, for subject: Subject) -> Verdict {
        if wish.isRehearsal { return .go(wish) }
        if let (reason, why) = refusal(wish.operation, subject) { return .no(reason, why) }
        var wish = wish
        if wish.operation.endsSomething {
            guard let target = subject.target(of: wish.operation) else {
                let path = subject.row.item.workingCopyOf ?? subject.row.item.path
                return .no(.unseen, "Who has \(path), its original, is not known here, so it can't be asked about.")
            }
            guard target.reading.state != .unknown else {
                let why = target.reading.error.map { ": \($0)" } ?? "."
                return .no(.unseen, "Who has \(target.item.path) is not known, so it can't be asked about\(why)")
            }
            guard let lock = target.lock else {
                wish.expectation = .free
                return subject.facts.isProtected ? .ask(wish) : .go(wish)
            }
            if wish.operation == .forceUnlock, lock.isCopy, lock.holder.isMe {
                return .no(.unsupported, "You have \(target.item.path) checked out: use discard or check-in.")
            }
            if wish.expectation == .anything { wish.expectation = .lock(lock.identity) }
            wish.mayTakeFromOthers = true
            return .ask(wish)
        }
        return subject.facts.isProtected ? .ask(wish) : .go(wish)
    }

    /// Whether a wish on these items may begin.
    public func permission(for wish: Wish, on subjects: [Subject]) -> Permission {
        var (free, asked): ([ItemRef: Wish], [ItemRef: Wish]) = ([:], [:])
        var refusals: [String] = []
        for subject in subjects {
            switch verdict(on: wish, for: subject) {
            case .go(let wish): free[subject.ref] = wish
            case .ask(let wish): asked[subject.ref] = wish
            case .no(_, let why): refusals.append(why)
            }
        }
        // What is free beside what is asked about has nothing to be ended: it is left alone.
        let leavesFree = wish.operation.endsSomething && !asked.isEmpty
        let wishes = leavesFree ? asked : asked.merging(free) { one, _ in one }
        guard !wishes.isEmpty else { return .no(refusals.first ?? "There is nothing to \(wish.operation.word).") }
        let shown = subjects.filter { wishes[$0.ref] != nil }.sorted { $0.ref < $1.ref }
        let isOutOfSight = subjects.count > 1 && shown.contains { !$0.isInSight }
        guard !asked.isEmpty || isOutOfSight else { return .go(wishes) }
        return .ask(
            Question(
                operation: wish.operation, wishes: wishes, subjects: shown, leftAlone: subjects.count - shown.count)
        )
    }
}

extension Operation {
    /// Whether somebody's hold, or the work in it, ends by it: it is never done without a question.
    public var endsSomething: Bool { self == .forceUnlock || self == .discard }

    /// Whether on a working copy it is about the original.
    public var isAboutOriginal: Bool { [.checkIn, .discard, .forceUnlock].contains(self) }

    /// Whether it takes an item.
    public var takes: Bool { self == .lock || self == .checkOut }

    /// Whether asking for it on a row of that state can lead anywhere.
    public func makesSense(for row: Row) -> Bool {
        let lock = row.lock
        let isMine = lock?.holder.isMe ?? false
        let isCopy = lock?.isCopy ?? false
        return switch self {
        case .lock, .checkOut: lock == nil && row.item.isLockable
        case .refresh, .unlock: isMine && !isCopy
        case .forceUnlock: lock != nil && !isMine
        case .checkIn: isMine && isCopy || row.item.workingCopyOf != nil
        case .discard: isCopy || row.item.workingCopyOf != nil
        }
    }
}
