// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// The server's record that one holder has an item.
public struct Lock: Hashable, Sendable {
    /// What a lock means to the item.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An edit lock.
        case lock
        /// The item is checked out to a person.
        case checkout
        /// A copy is being edited; the original is frozen.
        case workingCopy
        /// One of several holders' locks.
        case shared
    }

    /// What `since` is the time of.
    public enum SinceIs: String, Hashable, Sendable {
        /// When the holder took it: the true start.
        case acquired
        /// The last refresh: the server resets the start.
        case refreshed
        /// When this program first saw it: it may be older.
        case firstSeen
    }

    /// What a lock covers.
    public enum Scope: Hashable, Sendable {
        /// The item alone.
        case item
        /// The item, which is a folder, and everything below it.
        case tree
        /// What lies below a folder that is held: the id of the folder. It ends where that lock ends.
        case through(String)
    }

    /// By what it was made, where another way than the usual one ends it.
    public enum Origin: UInt8, Hashable, Sendable, CaseIterable {
        /// By the interface that is spoken here.
        case usual
        /// By another interface of the same server.
        case otherInterface
        /// By a program that has the file open on the server's own disk.
        case openFile
    }

    /// What it means to the item.
    public var kind: Kind
    /// Who has it.
    public var holder: Holder
    /// Since when, by our clock; `nil` where the server does not tell.
    public var since: Date?
    /// What `since` is the time of.
    public var sinceIs: SinceIs
    /// When the server will end it, by our clock; `nil`: never, or not told.
    public var expires: Date?
    /// The time-out in seconds that each refresh begins anew; `nil`: never ends, or not told.
    public var timeout: Int?
    /// Whether the server lets this account take it by force; `nil`: only a try will tell.
    public var stealable: Bool?
    /// The holder's remark.
    public var comment: String?
    /// What "the same lock" means.
    public var identity: LockIdentity
    /// The server's own id of the lock, where a change names it by one.
    public var serverID: String?
    /// What it covers.
    public var scope: Scope
    /// By what it was made.
    public var origin: Origin
    /// What the server wants to see for a change, where it shows it. Never printed.
    public var token: Token?
    /// What else the server told, as short sentences for the details.
    public var notes: [String]
    /// A time that each refresh moves, in seconds of the server's own clock; `nil` where it tells none. By it two
    /// readings are compared: what is converted to our clock shakes with both clocks.
    public var stamp: Double?

    /// A lock.
    public init(
        kind: Kind, holder: Holder, since: Date? = nil, sinceIs: SinceIs = .acquired, expires: Date? = nil,
        timeout: Int? = nil, stealable: Bool? = nil, comment: String? = nil, identity: LockIdentity,
        serverID: String? = nil, scope: Scope = .item, origin: Origin = .usual, token: Token? = nil,
        notes: [String] = [], stamp: Double? = nil
    ) {
        self.kind = kind
        self.holder = holder
        self.since = since
        self.sinceIs = sinceIs
        self.expires = expires
        self.timeout = timeout
        self.stealable = stealable
        self.comment = comment
        self.identity = identity
        self.serverID = serverID
        self.scope = scope
        self.origin = origin
        self.token = token
        self.notes = notes
        self.stamp = stamp
    }

    /// The id of the folder by whose lock the item is held; `nil` where it has a lock of its own.
    public var folder: String? { if case .through(let folder) = scope { folder } else { nil } }

    /// Whether its time has run out by our clock. It stays held until a reading says otherwise: servers end locks.
    public func isExpired(at now: Date) -> Bool { expires.map { $0 <= now } ?? false }
}

/// Whose a lock is, as far as that can be known.
public enum Ownership: UInt8, Hashable, Sendable, CaseIterable {
    /// Of the account that this program is signed in as.
    case mine
    /// Of somebody else.
    case other
    /// Not to be told: what the server says of the holder is only claimed.
    case unknown
}

/// Who has a lock.
public struct Holder: Hashable, Sendable {
    /// The account's id on the server; `nil` where the server tells none.
    public var id: String?
    /// The name for people.
    public var name: String?
    /// Whose lock it is.
    public var ownership: Ownership

    /// Whether it is the account that this program is signed in as; not known counts as no.
    public var isMe: Bool {
        get { ownership == .mine }
        set { ownership = newValue ? .mine : .other }
    }

    /// A holder of whom it is known whether it is me.
    public init(id: String?, name: String? = nil, isMe: Bool = false) {
        self.init(id: id, name: name, ownership: isMe ? .mine : .other)
    }

    /// A holder.
    public init(id: String?, name: String?, ownership: Ownership) {
        self.id = id
        self.name = name
        self.ownership = ownership
    }

    /// What people know the holder by: an id that is a word, else the name, else the id, else a word that says that the
    /// server tells neither.
    public var label: String {
        guard let id else { return name ?? "unknown" }
        return Self.isWord(id) ? id : name ?? id
    }

    /// The name and the id, `Bob Builder (bob)`, or what of it is known.
    public var fullName: String {
        guard let name, let id, name != id else { return label }
        return "\(name) (\(id))"
    }

    // Numbers and long keys are ids for machines: nobody knows who 19 is.
    private static func isWord(_ id: String) -> Bool {
        id.utf8.count < 32 && id.contains { !$0.isNumber }
    }

    /// Whether a word that a user typed names this holder: the id, or the name where the server tells no id.
    public func isNamed(_ word: String) -> Bool {
        if let id { return id == word }
        return name == word
    }

    /// Whether it is the same holder: by id where both have one, else by name. Two of whom nothing is known are one.
    public func isSame(as other: Holder) -> Bool {
        if let id, let theirs = other.id { return id == theirs }
        return id == nil && other.id == nil ? name == other.name : false
    }
}

/// A short digest that stays the same while it is the same lock, and differs for any other.
public struct LockIdentity: Hashable, Sendable, CustomStringConvertible {
    /// Twelve hexadecimal digits.
    public let digest: String

    /// The digest of what the server tells a lock apart by: its id, its token, or its holder and start.
    public init(of source: String) {
        // FNV-1a with a final mix. Not a secret and not a proof: it only has to differ where the source does.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in source.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        hash ^= hash >> 33
        hash = hash &* 0xff51_afd7_ed55_8ccd
        hash ^= hash >> 29
        let digits = String(hash & 0xffff_ffff_ffff, radix: 16)
        digest = String(repeating: "0", count: 12 - digits.utf8.count) + digits
    }

    /// An identity that was written down before.
    public init(digest: String) { self.digest = digest }

    /// The digest.
    public var description: String { digest }
}

/// A lock token. It opens locked items, so it never shows: not in a log, not in an error, not in a dump.
public struct Token: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// A token as the server sent it.
    public init(_ text: String) { self.text = text }

    /// The token itself, for a request and for nothing else.
    public func reveal() -> String { text }

    /// Dots.
    public var description: String { "•••" }
    /// Dots.
    public var debugDescription: String { "•••" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
