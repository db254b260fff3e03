// SPDX-License-Identifier: MIT
import FoundationEssentials

extension Wish {
    /// Judges an item that was read well afterwards. `old` is the decisive lock before, `locks` are all there are now.
    func judgeSeen(_ old: Lock?, _ locks: [Lock], _ failure: LockError?, readAt: Date?) -> Judgement {
        switch operation {
        case .lock, .checkOut: judgeTaken(old, locks, failure)
        case .refresh: judgeRefreshed(old, locks, failure, readAt: readAt)
        case .unlock, .discard, .checkIn: judgeGivenBack(old, locks, failure)
        case .forceUnlock: judgeBroken(old, locks, failure)
        }
    }

    private func judgeTaken(_ old: Lock?, _ locks: [Lock], _ failure: LockError?) -> Judgement {
        let wishesCopy = operation == .checkOut
        guard let mine = locks.first(where: { $0.holder.isMe && $0.isCopy == wishesCopy }) else {
            if let other = locks.first(where: { !$0.holder.isMe }) {
                return Judgement(.refused, .conflict, "\(other.holder.label) took it first.")
            }
            return unfulfilled(
                failure, "The server agreed, but the item is not yours: the lock is perhaps not real.")
        }
        guard let failure else { return Judgement(.done) }
        // Somebody has it, said the server, and that is me: it was taken elsewhere in my name, so it is not ours to keep.
        if failure.code == .conflict, !failure.mayHaveHappened, old == nil {
            return Judgement(.unchanged, .already, "You have it, but not through this: \(failure.message)")
        }
        if operation == .checkOut || mine.meets(options) { return Judgement(.done) }
        // It was mine before, so that it is mine now shows nothing.
        if old?.holder.isMe ?? false { return unfulfilled(failure, "") }
        return Judgement(.done, nil, "You have it, but not with the options that were asked for: \(failure.message)")
    }

    private func judgeRefreshed(
        _ old: Lock?, _ locks: [Lock], _ failure: LockError?, readAt: Date?
    ) -> Judgement {
        guard let mine = locks.first(where: { $0.holder.isMe && !$0.isCopy }) else {
            let by = locks.first.map { ": \($0.holder.label) has it now" } ?? ""
            return Judgement(.refused, .lost, "Your lock is gone\(by).")
        }
        if let after = mine.expires, let before = old?.expires, after > before { return Judgement(.done) }
        guard failure == nil, mine.isFresh(at: readAt) else {
            return unfulfilled(failure, "The server agreed, but the lock runs out no later than before.")
        }
        return Judgement(.done)
    }

    private func judgeGivenBack(_ old: Lock?, _ locks: [Lock], _ failure: LockError?) -> Judgement {
        if let old, locks.contains(where: { $0.identity == old.identity }) {
            return unfulfilled(failure, "The server agreed, but the item is still held.")
        }
        if old?.holder.isMe ?? true, locks.contains(where: \.holder.isMe) {
            return Judgement(
                .unverified, .unseen, "That lock is gone, but you have another one: perhaps from elsewhere.")
        }
        if operation == .checkIn, let failure, !failure.mayHaveHappened {
            // Free without our doing: whether anything was published is somebody else's story.
            return Judgement(
                .refused, .lost, "Your check-out is gone, and this did not check it in: \(failure.message)")
        }
        guard let next = locks.first else { return Judgement(.done) }
        return Judgement(.done, nil, "\(next.holder.label) has it now.")
    }

    private func judgeBroken(_ old: Lock?, _ locks: [Lock], _ failure: LockError?) -> Judgement {
        guard let old else { return Judgement(.done) }
        if let still = locks.first(where: { $0.identity == old.identity }) {
            return unfulfilled(failure, "The server agreed, but \(still.holder.label) still has it.")
        }
        // Of several holders the others keep theirs: that is no other lock in its place.
        guard let next = locks.first(where: { $0.kind != .shared || old.kind != .shared }) else {
            return Judgement(.done)
        }
        return Judgement(
            .refused, .changed,
            "\(old.holder.label)'s lock is gone, and \(next.holder.label) has another one by now, which was left alone."
        )
    }

    // Nothing has changed: with an error that is what the error says; without one nobody can say why.
    private func unfulfilled(_ failure: LockError?, _ contradiction: String) -> Judgement {
        guard let failure else { return Judgement(.unverified, .unseen, contradiction) }
        if failure.mayHaveHappened {
            let reason = Reason(failure.code)
            return Judgement(
                reason.isBreakage ? .failed : .refused, reason, "\(failure.message) Nothing changed: it was read again."
            )
        }
        return Judgement(failure)
    }
}

extension Lock {
    /// Whether it is a check-out or a working copy, which is a different promise from an edit lock.
    public var isCopy: Bool { kind == .checkout || kind == .workingCopy }

    /// Whether it is as the options ask, as far as they ask for anything.
    fileprivate func meets(_ options: LockOptions) -> Bool {
        (options.timeout == nil || options.timeout == timeout)
            && (options.stealable == nil || options.stealable == stealable)
            && (options.comment == nil || options.comment == comment)
    }

    /// Whether its whole time is still ahead of it; where it tells no time, nothing speaks against it. Five seconds of
    /// grace: servers count in whole seconds, and answers take their time.
    fileprivate func isFresh(at time: Date?) -> Bool {
        guard let expires, let timeout, let time else { return true }
        return expires.timeIntervalSince(time) >= Double(timeout) - 5
    }
}
