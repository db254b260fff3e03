// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// A change of an item's lock between two readings, or an operation of ours.
public struct LockEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        case locked, released, expired, stolen, refreshed, checkedOut, checkedIn, discarded
        case appeared, vanished, conflict, failed
    }

    /// The local store's increasing number; `nil` until it is stored.
    public var seq: Int64?
    /// When it was noticed.
    public var at: Date
    /// The item.
    public var ref: ItemRef
    /// The item's path then.
    public var path: String
    /// The item's title then.
    public var title: String
    /// What happened.
    public var kind: Kind
    /// Whose doing it was, where that is known.
    public var by: Holder?
    /// The lock before it.
    public var before: Lock?
    /// The lock after it.
    public var after: Lock?
    /// Whether we did it.
    public var isOurs: Bool
    /// A sentence about it: "bob took it (was free 3m)".
    public var text: String

    /// An event.
    public init(
        seq: Int64? = nil, at: Date, ref: ItemRef, path: String, title: String, kind: Kind, by: Holder? = nil,
        before: Lock? = nil, after: Lock? = nil, isOurs: Bool = false, text: String
    ) {
        self.seq = seq
        self.at = at
        self.ref = ref
        self.path = path
        self.title = title
        self.kind = kind
        self.by = by
        self.before = before
        self.after = after
        self.isOurs = isOurs
        self.text = text
    }
}

extension LockEvent {
    /// The item as it was then.
    public var item: Item { Item(id: ref.id, path: path, title: title) }

    /// What happened between two good readings of one item; `nil` when nothing did, or when one of them is not good.
    public static func between(_ before: Reading, _ after: Row, on server: String, at now: Date) -> LockEvent? {
        guard before.state != .unknown, after.reading.state != .unknown else { return nil }
        let (old, new) = (before.lock, after.lock)
        func event(_ kind: Kind, by: Holder?, _ text: String) -> LockEvent {
            LockEvent(
                at: now, ref: ItemRef(server: server, id: after.item.id), path: after.item.path,
                title: after.item.title, kind: kind, by: by, before: old, after: new, text: text)
        }
        switch (old, new) {
        case (nil, nil): return nil
        case (nil, let new?): return event(kind(of: new), by: new.holder, taking(new))
        case (let old?, nil):
            let held = old.since.map { " after \(Age.text(now.timeIntervalSince($0)))" } ?? ""
            // A server ends a lock by its own clock, and readings are a poll apart: within two seconds is "ran out".
            if old.expires.map({ $0 <= now.addingTimeInterval(2) }) ?? false {
                return event(.expired, by: old.holder, "\(old.holder.label)'s lock ran out\(held)")
            }
            return event(.released, by: nil, "\(old.holder.label) no longer has it\(held)")
        case (let old?, let new?):
            // Of several holders one may come or go while the others stay.
            let stays = after.reading.locks.contains { $0.identity == old.identity }
            let wasThere = before.locks.contains { $0.identity == new.identity }
            if stays || wasThere { return among(before.locks, after.reading.locks, event) }
            guard old.holder.isSame(as: new.holder) else {
                return event(.stolen, by: new.holder, "\(new.holder.label) has it now, \(old.holder.label) had it")
            }
            if old.isCopy != new.isCopy { return event(kind(of: new), by: new.holder, taking(new)) }
            return event(.refreshed, by: new.holder, "\(new.holder.label) took it anew")
        }
    }

    private static func among(
        _ old: [Lock], _ new: [Lock], _ event: (Kind, Holder?, String) -> LockEvent
    ) -> LockEvent? {
        if let came = new.first(where: { lock in !old.contains { $0.identity == lock.identity } }) {
            return event(kind(of: came), came.holder, taking(came))
        }
        if let gone = old.first(where: { lock in !new.contains { $0.identity == lock.identity } }) {
            return event(.released, nil, "\(gone.holder.label) no longer has it")
        }
        for lock in new {
            guard let before = old.first(where: { $0.identity == lock.identity }), hasMoved(from: before, to: lock)
            else { continue }
            return event(.refreshed, lock.holder, "\(lock.holder.label) refreshed it")
        }
        return nil
    }

    private static func kind(of lock: Lock) -> Kind { lock.isCopy ? .checkedOut : .locked }

    private static func taking(_ lock: Lock) -> String {
        "\(lock.holder.label) \(lock.isCopy ? "checked it out" : "took it")"
    }

    private static func hasMoved(from old: Lock, to new: Lock) -> Bool {
        if let before = old.stamp, let after = new.stamp { return after > before }
        // Clock offsets make a server's times shake by fractions of a second.
        if let before = old.expires, let after = new.expires { return after.timeIntervalSince(before) > 1.5 }
        guard old.sinceIs == .refreshed, new.sinceIs == .refreshed, let before = old.since, let after = new.since
        else { return false }
        return after.timeIntervalSince(before) > 1.5
    }
}

/// Ages for people: one coarse unit, so that a row does not change each second.
public enum Age {
    /// `45s`, `12m`, `3h`, `2d`; never negative.
    public static func text(_ seconds: Double) -> String {
        guard seconds.isFinite else { return "-" }
        let whole = Int(max(0, min(seconds, 1e12)))
        return switch whole {
        case ..<60: "\(whole)s"
        case ..<3_600: "\(whole / 60)m"
        case ..<172_800: "\(whole / 3_600)h"
        default: "\(whole / 86_400)d"
        }
    }

    /// As `text`, but all under a minute is `<1m`: for rows that stay quiet.
    public static func calm(_ seconds: Double) -> String { seconds < 60 ? "<1m" : text(seconds) }
}

extension LockEvent {
    /// The event that an operation of ours is; `nil` when it changed nothing and met nobody.
    public static func of(_ result: OperationResult, title: String, at now: Date) -> LockEvent? {
        func event(_ kind: Kind, by: Holder?, _ text: String) -> LockEvent {
            LockEvent(
                at: now, ref: result.ref, path: result.path, title: title, kind: kind, by: by, before: result.before,
                after: result.after, isOurs: true, text: text)
        }
        switch result.outcome {
        case .unchanged, .planned: return nil
        case .done: return event(kind(of: result), by: doer(of: result), done(result))
        case .refused where result.reason == .conflict:
            let lock = result.after ?? result.before
            let held = lock.flatMap { $0.holder.isMe ? nil : "\($0.holder.label) has it" } ?? result.why
            return event(.conflict, by: lock?.holder, "conflict: you asked, \(held)")
        case .refused, .failed, .unverified:
            let word = result.outcome == .unverified ? "unverified" : result.outcome.rawValue
            return event(.failed, by: nil, "\(result.operation.word) \(word): \(result.why)")
        }
    }

    private static func kind(of result: OperationResult) -> Kind {
        switch result.operation {
        case .lock: .locked
        case .refresh: .refreshed
        case .unlock: .released
        case .forceUnlock: .stolen
        case .checkOut: .checkedOut
        case .checkIn: .checkedIn
        case .discard: .discarded
        }
    }

    // It was our doing; who we are shows only on a lock of ours.
    private static func doer(of result: OperationResult) -> Holder? {
        [result.after, result.before].compactMap { $0?.holder }.first(where: \.isMe)
    }

    private static func done(_ result: OperationResult) -> String {
        let text: String =
            switch result.operation {
            case .checkOut: "you checked it out"
            case .checkIn: "you checked it in"
            default: "you \(result.operation.past) it"
            }
        guard result.operation == .forceUnlock || result.before?.holder.isMe == false, let before = result.before else {
            return text
        }
        return "\(text) (\(before.holder.label) had it)"
    }
}
