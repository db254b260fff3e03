// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Since when this program has known the locks whose start their server does not tell, or forgets with each refresh.
///
/// An age ends with its lock: a good reading that no longer shows the lock ends it. Where the server tells only who has
/// an item, one holder's two holds look the same, so there an age also begins anew when nobody looked for a while.
public struct Ages: Sendable {
    /// Since when a lock has been known.
    public struct Age: Hashable, Sendable {
        /// When it was seen first.
        public var first: Date
        /// Until when the next look must come to count as a look at the same hold.
        public var until: Date

        /// An age.
        public init(first: Date, until: Date) {
            self.first = first
            self.until = until
        }
    }

    /// What a reading changed, for a memory that outlives this one.
    public enum Change: Hashable, Sendable {
        /// It was seen first; `isAnew`: whatever was known of it before was another hold.
        case began(Age, isAnew: Bool)
        /// It was seen again.
        case extended(Age)
        /// It was seen to be no longer there.
        case ended

        /// This change and a later one of the same lock as one.
        public func followed(by later: Change) -> Change {
            switch (self, later) {
            case (.ended, .began(let age, _)): .began(age, isAnew: true)
            case (.began(_, let isAnew), .began(let age, let isAnewer)): .began(age, isAnew: isAnew || isAnewer)
            case (.began(_, let isAnew), .extended(let age)): .began(age, isAnew: isAnew)
            default: later
            }
        }
    }

    /// The ages of one item's locks. Nearly every item has one lock, and there may be hundreds of thousands: a dictionary
    /// for each would take more room than their rows.
    private struct Holds: Sendable {
        var one: (identity: LockIdentity, age: Age)
        var others: [LockIdentity: Age] = [:]

        init?(_ ages: [LockIdentity: Age]) {
            guard let first = ages.first else { return nil }
            one = (first.key, first.value)
            others = ages.count == 1 ? [:] : ages.filter { $0.key != first.key }
        }

        subscript(identity: LockIdentity) -> Age? { one.identity == identity ? one.age : others[identity] }

        var all: [LockIdentity: Age] { others.merging([one.identity: one.age]) { $1 } }
    }

    /// Which item it is, in sixteen bytes: a name as text would take five times the room. Two seeded hashes of names are
    /// never both the same for two items, by chance or by anybody's will.
    private struct Place: Hashable {
        private let first: Int
        private let second: Int

        init(_ item: ItemRef) {
            first = item.hashValue
            var hasher = Hasher()
            hasher.combine(first)
            hasher.combine(item)
            second = hasher.finalize()
        }
    }

    private var items: [Place: Holds] = [:]

    /// Nothing is known.
    public init() {}

    /// For how many seconds nobody may have looked at a server that is read at this poll, for a lock to count as seen
    /// without a break. Never under two minutes: a server that fails is left alone for up to one.
    public static func patience(poll: Double) -> Double { max(120, 4 * poll) }

    /// The age of a lock; setting it puts in what another memory knew.
    public subscript(key: LockRef) -> Age? {
        get { items[Place(key.item)]?[key.identity] }
        set {
            let place = Place(key.item)
            var ages = items[place]?.all ?? [:]
            ages[key.identity] = newValue
            items[place] = Holds(ages)
        }
    }

    /// Takes note of a reading.
    /// - Returns: the reading with each lock as old as is known, and what changed. A reading that failed says nothing.
    public mutating func see(
        _ reading: Reading, of item: ItemRef, at time: Date, patience: Double
    ) -> (reading: Reading, changes: [LockRef: Change]) {
        guard reading.state != .unknown, reading.state == .held || !items.isEmpty else { return (reading, [:]) }
        let place = Place(item)
        guard reading.state == .held || items[place] != nil else { return (reading, [:]) }
        var (reading, changes) = (reading, [LockRef: Change]())
        let known = items[place]
        var current: [LockIdentity: Age] = [:]
        for (index, lock) in reading.locks.enumerated() where lock.sinceIs != .acquired || lock.since == nil {
            let (age, change) = Self.age(of: lock, known: known?[lock.identity], at: time, patience: patience)
            current[lock.identity] = age
            if let change { changes[LockRef(item: item, identity: lock.identity)] = change }
            guard age.first < lock.since ?? .distantFuture else { continue }
            reading.locks[index].since = age.first
            reading.locks[index].sinceIs = .firstSeen
        }
        if let known, current.count != 1 || current[known.one.identity] == nil || !known.others.isEmpty {
            for identity in known.all.keys where current[identity] == nil {
                changes[LockRef(item: item, identity: identity)] = .ended
            }
        }
        items[place] = Holds(current)
        return (reading, changes)
    }

    private static func age(of lock: Lock, known: Age?, at time: Date, patience: Double) -> (Age, Change?) {
        // Without a start and without a token it is only the holder that tells it from another.
        let isOnlyHolder = lock.since == nil && lock.token == nil
        let patience = isOnlyHolder ? patience : 86_400
        let fresh = Age(first: time, until: time.addingTimeInterval(patience))
        guard var age = known else { return (fresh, .began(fresh, isAnew: false)) }
        if isOnlyHolder, time > age.until { return (fresh, .began(fresh, isAnew: true)) }
        // A clock that was set back must not leave a first sight ahead of it; a few minutes are a long listing's own.
        let isAhead = age.first.timeIntervalSince(time) > 300
        if isAhead { age.first = time }
        // Not with every look: this goes to a disk.
        guard isAhead || fresh.until.timeIntervalSince(age.until) > patience / 4 else { return (age, nil) }
        age.until = max(age.until, fresh.until)
        return (age, isAhead ? .began(age, isAnew: true) : .extended(age))
    }
}
