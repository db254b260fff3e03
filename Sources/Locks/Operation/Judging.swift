// SPDX-License-Identifier: MIT

/// A judgement of an operation: the outcome, the fixed word and the sentence.
public struct Judgement: Hashable, Sendable {
    /// How it ended.
    public let outcome: Outcome
    /// Why, as a fixed word.
    public let reason: Reason?
    /// Why, as a sentence.
    public let why: String

    /// A judgement.
    public init(_ outcome: Outcome, _ reason: Reason? = nil, _ why: String = "") {
        self.outcome = outcome
        self.reason = reason
        self.why = why
    }

    /// The judgement that stands for an error before anything was changed.
    public init(_ error: LockError) {
        let reason = Reason(error.code)
        self.init(reason.isBreakage ? .failed : .refused, reason, error.description)
    }
}

extension Wish {
    /// Decides by the reading before the operation whether to send it. `nil`: go on.
    public func judge(before row: Row) -> Judgement? {
        let lock = target(in: row.reading)
        // First of all: what could not be read is neither free nor another's.
        if row.reading.state == .unknown, row.item.isLockable {
            let why = row.reading.error ?? "The server does not tell who has it."
            return Judgement(.failed, .server, why)
        }
        if let refusal = unexpected(lock) ?? throughFolder(lock, row.item) { return refusal }
        guard row.item.isLockable || lock != nil else {
            return Judgement(.refused, .notLockable, "\(row.item.path) is of a type that can't be held.")
        }
        let isMine = lock?.holder.isMe ?? false
        switch operation {
        case .lock, .checkOut:
            guard let lock else { return nil }
            if !isMine { return conflict(lock) }
            return judgeTakingMine(lock)
        case .unlock:
            guard let lock else { return Judgement(.unchanged, .already, "It is free already.") }
            if !isMine { return conflict(lock) }
            if lock.isCopy {
                return Judgement(.refused, .unsupported, "It is checked out: use discard or check-in.")
            }
            return nil
        case .refresh, .checkIn:
            guard let lock else {
                return Judgement(.refused, .notHeld, "Nobody has it: there is nothing to \(operation.word).")
            }
            if !isMine { return conflict(lock) }
            return mismatch(lock)
        case .discard:
            guard let lock else { return Judgement(.unchanged, .already, "It is free already.") }
            if !isMine && !mayTakeFromOthers { return conflict(lock) }
            return mismatch(lock)
        case .forceUnlock:
            guard let lock else { return Judgement(.unchanged, .already, "It is free already.") }
            if lock.isCopy, isMine {
                return Judgement(.refused, .unsupported, "You have it checked out: use discard or check-in.")
            }
            return nil
        }
    }

    /// The lock that the operation is about: of several holders' the one that was shown, if it is still there.
    public func target(in reading: Reading) -> Lock? {
        guard case .lock(let shown) = expectation else { return reading.lock }
        return reading.locks.first { $0.identity == shown } ?? reading.lock
    }

    // A folder's lock is given back, prolonged and broken where it is.
    private func throughFolder(_ lock: Lock?, _ item: Item) -> Judgement? {
        guard let lock, let folder = lock.folder else { return nil }
        switch operation {
        case .lock, .checkOut:
            guard lock.holder.isMe else {
                return Judgement(.refused, .conflict, "\(lock.holder.label) has it through the folder \(folder).")
            }
            return Judgement(.unchanged, .already, "You have it already, through the folder \(folder).")
        case .unlock, .refresh, .forceUnlock, .checkIn, .discard:
            return Judgement(
                .refused, .unsupported,
                "\(item.path) is held through the folder \(folder): \(operation.word) the folder instead.")
        }
    }

    private func judgeTakingMine(_ lock: Lock) -> Judgement? {
        let wishesCopy = operation == .checkOut
        if wishesCopy == lock.isCopy {
            guard !wishesCopy, options != .standard else {
                return Judgement(.unchanged, .already, "You have it already.")
            }
            // Different options on a lock that is mine already are a change, and systems that can't do it say so.
            return nil
        }
        return wishesCopy
            ? Judgement(.refused, .conflict, "You have it locked: unlock it first, then check it out.")
            : Judgement(.refused, .conflict, "You have it checked out: check it in or discard it first.")
    }

    private func mismatch(_ lock: Lock) -> Judgement? {
        if operation == .refresh, lock.isCopy {
            return Judgement(.refused, .unsupported, "A check-out does not run out: there is nothing to refresh.")
        }
        if operation != .refresh, !lock.isCopy {
            return Judgement(
                .refused, .notHeld, "It is locked, not checked out: there is nothing to \(operation.word).")
        }
        return nil
    }

    private func unexpected(_ lock: Lock?) -> Judgement? {
        if expectation == .free {
            guard let lock else { return nil }
            let whose = lock.holder.isMe ? "You have it now" : "\(lock.holder.label) has it now"
            return Judgement(.refused, .conflict, "\(whose); it was free when it was shown. Nothing was done.")
        }
        guard expectedHolder != nil || expectation != .anything else { return nil }
        guard let lock else {
            if operation == .unlock { return Judgement(.unchanged, .already, "It is free already.") }
            return Judgement(.refused, .changed, "It is free now: the lock that was meant is gone.")
        }
        if let expectedHolder, !lock.holder.isNamed(expectedHolder) {
            return Judgement(
                .refused, .changed, "\(lock.holder.label) has it now, not \(expectedHolder). Nothing was done.")
        }
        if case .lock(let expected) = expectation, lock.identity != expected {
            return Judgement(
                .refused, .changed, "It is another lock by now (\(lock.holder.label)'s). Nothing was done.")
        }
        return nil
    }

    private func conflict(_ lock: Lock) -> Judgement {
        guard lock.holder.ownership == .unknown else {
            return Judgement(.refused, .conflict, "\(lock.holder.label) has it.")
        }
        return Judgement(
            .refused, .conflict,
            "\(lock.holder.label) has it, by the lock's own words; whether that is you can't be known.")
    }

    /// Judges by what the readings show, not by what the server said. `failure` is what sending it threw, if anything.
    public func judge(before: Row, failure: LockError?, after: Result<Row, LockError>) -> Judgement {
        switch after {
        case .failure(let error):
            return judgeUnseen(failure: failure, reading: error)
        case .success(let row):
            if row.reading.state == .unknown {
                return judgeUnseen(
                    failure: failure,
                    reading: LockError(.nonsense, row.reading.error ?? "The item's state can't be read."))
            }
            return judgeSeen(target(in: before.reading), row.reading.locks, failure, readAt: row.reading.observedAt)
        }
    }

    private func judgeUnseen(failure: LockError?, reading: LockError) -> Judgement {
        if [.checkIn, .discard].contains(operation), reading.code == .gone, failure == nil {
            // The addressed item was the working copy: with the operation it ceases to be.
            return Judgement(.done)
        }
        if let failure, !failure.mayHaveHappened { return Judgement(failure) }
        let sent = failure == nil ? "The server agreed" : "The answer was lost"
        return Judgement(
            .unverified, .unseen, "\(sent), and the item could not be read afterwards: \(reading.message)")
    }
}
