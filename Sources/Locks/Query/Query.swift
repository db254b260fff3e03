// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// A filter: `launch holder:bob state:held older:2h -draft`. Every term must match.
public struct Query: Hashable, Sendable {
    /// One term.
    public struct Term: Hashable, Sendable {
        /// What it asks of a row.
        public enum Test: Hashable, Sendable {
            /// Path, title or holder contain it, without regard to case.
            case word(String)
            /// The holder's id or name contains it; `me` is this account.
            case holder(String)
            /// The state, or one of the views `mine`, `others`, `stale`.
            case state(Condition)
            /// The server's name contains it.
            case server(String)
            /// The lock is of that kind.
            case kind(String)
            /// The path is it, or lies below it.
            case path(String)
            /// The type contains it.
            case type(String)
            /// The title contains it.
            case title(String)
            /// Held for longer than that, in seconds.
            case older(Double)
            /// Held for less than that, in seconds.
            case newer(Double)
        }

        /// What it asks of a row.
        public let test: Test
        /// Whether the row must not match.
        public let isNegated: Bool

        /// A term.
        public init(test: Test, isNegated: Bool) {
            self.test = test
            self.isNegated = isNegated
        }
    }

    /// What `state:` can be asked for.
    public enum Condition: String, Hashable, Sendable, CaseIterable {
        case free, held, unknown, mine, others, stale
    }

    /// What a test needs besides the row.
    public struct Context: Sendable {
        /// The row's server.
        public var server: String
        /// The time to reckon ages by.
        public var now: Date
        /// What counts as stale.
        public var staleness: Staleness

        /// A context.
        public init(server: String, now: Date, staleness: Staleness) {
            self.server = server
            self.now = now
            self.staleness = staleness
        }
    }

    /// The terms; all must match.
    public var terms: [Term]

    /// A query of those terms.
    public init(terms: [Term] = []) { self.terms = terms }

    /// Whether it asks for nothing, so that every row matches.
    public var isEmpty: Bool { terms.isEmpty }

    /// Whether its answer can change with the clock alone.
    public var dependsOnTime: Bool {
        terms.contains {
            switch $0.test {
            case .older, .newer, .state(.stale): true
            default: false
            }
        }
    }

    /// Whether it can be seen from the words that whatever matches this query matches the other: each term of the other
    /// is here too, or a longer word that contains it.
    public func isWithin(_ other: Query) -> Bool {
        other.terms.allSatisfy { wide in terms.contains { $0 == wide || $0.implies(wide) } }
    }

    /// Whether the row matches every term.
    public func matches(_ row: Row, in context: Context) -> Bool {
        terms.allSatisfy { Self.passes($0.test, row, context) != $0.isNegated }
    }

    private static func passes(_ test: Term.Test, _ row: Row, _ context: Context) -> Bool {
        switch test {
        case .word(let word):
            return Folded.contains(row.item.path, word) || Folded.contains(row.item.title, word)
                || row.reading.locks.contains { holds($0.holder, word) }
        case .holder(let word):
            if word == "me" { return row.reading.locks.contains { $0.holder.isMe } }
            return row.reading.locks.contains { holds($0.holder, word) }
        case .state(let condition): return condition.holds(for: row, context)
        case .server(let word): return Folded.contains(context.server, word)
        case .kind(let word): return row.reading.locks.contains { Folded.contains($0.kind.rawValue, word) }
        case .path(let path):
            return lies(row.item.path, under: path)
        case .type(let word): return Folded.contains(row.item.type, word)
        case .title(let word): return Folded.contains(row.item.title, word)
        case .older(let seconds): return age(row, context).map { $0 > seconds } ?? false
        case .newer(let seconds): return age(row, context).map { $0 < seconds } ?? false
        }
    }

    static func lies(_ path: String, under folder: String) -> Bool {
        if folder.isEmpty { return true }
        let isEnd = { (next: UInt8?) in next == nil || next == UInt8(ascii: "/") || folder.hasSuffix("/") }
        if path.utf8.starts(with: folder.utf8) {
            // A combining mark that follows is another letter, and no end either.
            return isEnd(path.utf8.dropFirst(folder.utf8.count).first)
        }
        // The same letters may be written in other bytes: é as one scalar or as two.
        return path.hasPrefix(folder) && isEnd(path.dropFirst(folder.count).utf8.first)
    }

    private static func holds(_ holder: Holder, _ word: String) -> Bool {
        holder.id.map { Folded.contains($0, word) } ?? false || holder.name.map { Folded.contains($0, word) } ?? false
    }

    private static func age(_ row: Row, _ context: Context) -> Double? {
        row.lock?.since.map { context.now.timeIntervalSince($0) }
    }
}

extension Query.Term {
    fileprivate func implies(_ other: Query.Term) -> Bool {
        guard !isNegated, !other.isNegated else { return false }
        return switch (test, other.test) {
        case (.word(let long), .word(let short)), (.title(let long), .title(let short)),
            (.type(let long), .type(let short)):
            Folded.contains(long, short)
        case (.title(let long), .word(let short)): Folded.contains(long, short)
        case (.holder(let long), .holder(let short)):
            long != "me" && short != "me" && Folded.contains(long, short)
        default: false
        }
    }
}

extension Query.Condition {
    /// Whether it is true of a row.
    public func holds(for row: Row, _ context: Query.Context) -> Bool {
        switch self {
        case .free: row.reading.state == .free
        case .held: row.reading.state == .held
        case .unknown: row.reading.state == .unknown
        case .mine: row.reading.locks.contains { $0.holder.isMe }
        case .others: row.reading.state == .held && !row.reading.locks.contains { $0.holder.isMe }
        case .stale: context.staleness.isStale(row, at: context.now)
        }
    }
}
