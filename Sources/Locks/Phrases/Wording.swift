// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// For whom something is put into words, and when: what a lock, an age or a cell of a table needs besides the row.
public struct Wording: Sendable {
    /// Who reads.
    public enum Reader: Hashable, Sendable {
        /// Somebody at a screen that stays quiet while nothing happens.
        case screen
        /// Somebody who had it printed.
        case print
        /// A program.
        case csv
    }

    /// Who reads.
    public var reader: Reader
    /// The time to reckon ages by.
    public var now: Date
    /// What counts as stale.
    public var staleness: Staleness
    /// Whether only ASCII may be written.
    public var isASCII: Bool
    /// How a time is written.
    public var time: @Sendable (Date) -> String

    /// A wording.
    public init(
        for reader: Reader, at now: Date, _ staleness: Staleness, isASCII: Bool = false,
        time: @escaping @Sendable (Date) -> String
    ) {
        self.reader = reader
        self.now = now
        self.staleness = staleness
        self.isASCII = isASCII
        self.time = time
    }

    /// What stands where there is nothing.
    var nothing: String { reader == .csv ? "" : "-" }

    /// `you`, or `Bob Builder (bob)`.
    public func name(_ holder: Holder) -> String { holder.isMe ? "you" : holder.fullName }

    /// `3h`, or `≥3h` where it may be longer, and `!` when it is stale; `nil` where nothing is known.
    public func age(of lock: Lock) -> String? {
        guard let since = lock.since else { return nil }
        let text = age(since: since, isAtLeast: lock.sinceIs != .acquired)
        return text + (staleness.isStale(lock, at: now) ? "!" : "")
    }

    /// `3h`, or `≥3h`. Seen for less than a minute is not held for less than a minute.
    public func age(since start: Date, isAtLeast: Bool) -> String {
        let age = now.timeIntervalSince(start)
        let isCalm = reader == .screen
        guard isAtLeast else { return isCalm ? Age.calm(age) : Age.text(age) }
        return (isASCII ? ">" : "≥") + (isCalm && age < 60 ? "0m" : Age.text(age))
    }

    /// `for 3h, since 14:02`, or what of it is known.
    public func held(_ lock: Lock) -> String {
        guard let since = lock.since else { return "the server does not say since when" }
        let least = lock.sinceIs == .acquired ? "" : "at least "
        return "for \(least)\(Age.text(now.timeIntervalSince(since))), since \(time(since))"
    }

    /// `14:12, in 9m`, or that it does not end.
    public func until(_ lock: Lock) -> String {
        guard let expires = lock.expires else { return "it does not end by itself, or the server does not say" }
        let left = expires.timeIntervalSince(now)
        return time(expires)
            + (left <= 0 ? ", which is over" : ", in \(reader == .screen ? Age.calm(left) : Age.text(left))")
    }

    /// What is to be said of a lock, each thing once: all of it, or the parts that are asked for, in their order.
    public func facts(of lock: Lock, _ parts: [LockFact.Part] = LockFact.Part.allCases) -> [LockFact] {
        parts.flatMap { part in texts(of: lock, part).map { LockFact(part: part, text: $0) } }
    }

    private func texts(of lock: Lock, _ part: LockFact.Part) -> [String] {
        switch part {
        case .holder: [name(lock.holder)]
        case .kind: [lock.kind.rawValue]
        case .held: [held(lock)]
        case .until: [until(lock)]
        case .timeout: lock.timeout.map { [DurationText.format(Double($0))] } ?? []
        case .stealable: [lock.stealable.map { $0 ? "yes" : "no" } ?? "only a try will tell"]
        case .comment: lock.comment.map { [$0] } ?? []
        case .identity: [lock.identity.digest]
        case .stale: staleness.isStale(lock, at: now) ? [staleness.reasons(lock, at: now).joined(separator: "; ")] : []
        case .notes: lock.notes
        }
    }
}

/// One thing that is said of a lock.
public struct LockFact: Hashable, Sendable {
    /// What can be said of one; the word is the label that it has everywhere.
    public enum Part: String, Hashable, Sendable, CaseIterable {
        /// Who has it.
        case holder = "Holder"
        /// What it means.
        case kind = "Kind"
        /// For how long, and since when.
        case held = "Held"
        /// Until when.
        case until = "Until"
        /// What each refresh begins anew.
        case timeout = "Time-out"
        /// Whether another may take it.
        case stealable = "Stealable"
        /// The holder's remark.
        case comment = "Comment"
        /// What tells it from another.
        case identity = "Identity"
        /// Why nobody is likely to be using it.
        case stale = "Stale"
        /// What else the server told.
        case notes = "Note"
    }

    /// What is said.
    public let part: Part
    /// In words.
    public let text: String

    /// The label, filled with blanks.
    public func label(columns: Int) -> String {
        part.rawValue + String(repeating: " ", count: max(1, columns - part.rawValue.utf8.count))
    }
}
