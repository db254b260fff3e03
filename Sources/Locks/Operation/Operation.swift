// SPDX-License-Identifier: MIT

/// What an operator can do about an item.
public enum Operation: String, Hashable, Sendable, CaseIterable {
    /// Take an edit lock.
    case lock
    /// Begin my lock's time-out anew.
    case refresh
    /// Give my lock back.
    case unlock
    /// End another's lock.
    case forceUnlock
    /// Take the item, or a working copy of it.
    case checkOut
    /// Publish what the server has of the working copy, and give the item back.
    case checkIn
    /// Throw the working copy's changes away, and give the item back.
    case discard

    /// The word for people: `force-unlock`.
    public var word: String {
        switch self {
        case .forceUnlock: "force-unlock"
        case .checkOut: "check-out"
        case .checkIn: "check-in"
        default: rawValue
        }
    }

    /// The past tense for people: `force-unlocked`.
    public var past: String {
        switch self {
        case .lock: "locked"
        case .refresh: "refreshed"
        case .unlock: "released"
        case .forceUnlock: "force-unlocked"
        case .checkOut: "checked out"
        case .checkIn: "checked in"
        case .discard: "discarded"
        }
    }
}

/// Whether a server does an operation for this account, and if not, why.
public struct Offer: Hashable, Sendable {
    /// Whether it can be asked for.
    public let isOffered: Bool
    /// Why not, as a sentence; or, where it is offered, on what it depends.
    public let why: String?

    /// It can be asked for.
    public static let yes = Offer(isOffered: true, why: nil)
    /// It can be asked for; the sentence says on what success depends.
    public static func depends(_ why: String) -> Offer { Offer(isOffered: true, why: why) }
    /// It can't be asked for, and why.
    public static func no(_ why: String) -> Offer { Offer(isOffered: false, why: why) }
}

/// What a server does for this account: one offer for each operation.
public struct Operations: Hashable, Sendable {
    private var offers: [Operation: Offer]

    /// What is not named is not offered.
    public init(_ offers: [Operation: Offer]) { self.offers = offers }

    /// Nothing, for one reason.
    public static func none(_ why: String) -> Operations {
        Operations(Dictionary(uniqueKeysWithValues: Operation.allCases.map { ($0, .no(why)) }))
    }

    /// The offer for an operation.
    public subscript(operation: Operation) -> Offer {
        get { offers[operation] ?? .no("This server has no such operation.") }
        set { offers[operation] = newValue }
    }

    /// What is left when some operations are withdrawn, each for its reason.
    public func without(_ withdrawn: [Operation: String]) -> Operations {
        var copy = self
        for (operation, why) in withdrawn { copy[operation] = .no(why) }
        return copy
    }
}

/// What to lock with. What the server can't do is refused, never dropped in silence.
public struct LockOptions: Hashable, Sendable {
    /// The time-out in seconds; `nil`: the server's own.
    public var timeout: Int?
    /// Whether another may take it by force; `nil`: the server's own.
    public var stealable: Bool?
    /// A remark for others.
    public var comment: String?

    /// Options.
    public init(timeout: Int? = nil, stealable: Bool? = nil, comment: String? = nil) {
        self.timeout = timeout
        self.stealable = stealable
        self.comment = comment
    }

    /// The server's own in everything.
    public static let standard = LockOptions()
}
