// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// Whom this program is signed in as on a server.
public struct Account: Hashable, Sendable, Codable {
    /// The id that holders are compared with; `nil` when the server lets itself be read by anybody.
    public let id: String?
    /// The name for people.
    public let name: String?

    /// An account.
    public init(id: String?, name: String?) {
        self.id = id
        self.name = name
    }
}

/// What a sign-in told.
public struct SignIn: Hashable, Sendable {
    /// Who we are.
    public var account: Account
    /// Operations that this account can't have here, each with the reason.
    public var withdrawn: [Operation: String]

    /// What a sign-in told.
    public init(account: Account, withdrawn: [Operation: String] = [:]) {
        self.account = account
        self.withdrawn = withdrawn
    }
}

/// Where a listing goes on: a system's own mark, opaque to others.
public struct PageMark: Hashable, Sendable {
    /// What the system needs to go on.
    public let text: String
    /// A mark.
    public init(_ text: String) { self.text = text }
}

/// A part of a listing.
public struct ItemPage: Hashable, Sendable {
    /// What a listing tells of.
    public enum Coverage: Hashable, Sendable {
        /// Items, held or free.
        case items
        /// Holds alone: an item that is not in it is free, whether or not it is there.
        case holdsOnly
    }

    /// Items with what the listing told of their locks; `.never` where it tells nothing.
    public var rows: [Row]
    /// The pages that follow. Systems with offsets name all with the first page, so that they can be read side by side;
    /// systems with cursors name one.
    public var following: [PageMark]
    /// How many items there are in all, where the server tells.
    public var total: Int?
    /// What the listing that it is a part of tells of.
    public var covers = Coverage.items
    /// Items of earlier pages, as this one tells them anew: it counts.
    public var revised: [Row] = []
    /// Items of earlier pages that lie elsewhere by now, because a folder above them does: their paths, by id.
    public var moved: [String: String] = [:]
    /// The ids of items of earlier pages that are not there after all.
    public var removed: [String] = []
    /// Why a part of the listing is left out; `nil` where none is.
    public var lacks: LockError?

    /// A part of a listing.
    public init(rows: [Row], following: [PageMark] = [], total: Int? = nil) {
        self.rows = rows
        self.following = following
        self.total = total
    }
}

/// One item read anew: the row, or why there is none.
public typealias ReadResult = Result<Row, LockError>

/// A lock server: how to sign in, list and read. What else it can do is what else it conforms to.
///
/// A system only speaks the protocol. Deciding what is allowed, reading before and after a change, and judging the
/// outcome is the same for all and lies in `Watching`.
public protocol LockSystem: Sendable {
    /// Signs in, or makes sure that the sign-in still holds. Called before everything else, and again now and then:
    /// a system must notice when it has silently become anonymous.
    /// - Throws: `LockError`
    func signIn() async throws -> SignIn

    /// A part of the listing; `nil` asks for the first.
    /// - Throws: `LockError`
    func items(after mark: PageMark?) async throws -> ItemPage

    /// Reads items anew, with as few requests as the protocol allows. One result for each item, in order.
    /// - Throws: `LockError` when no item could be read, for a reason that has nothing to do with the items.
    func read(_ items: [Item]) async throws -> [ReadResult]

    /// How many items one request of `read` covers.
    var itemsPerRead: Int { get }

    /// In how many seconds at least the whole listing may be read again without being a burden. 0: as often as one likes.
    var secondsPerSweep: Double { get }

    /// The item that a user named by id or path, whether or not it is in the listing.
    /// - Throws: `LockError`, code `gone` when there is none.
    func find(_ name: String) async throws -> Row

    /// The address at which a person finds the item in a browser.
    func webAddress(of item: Item) -> String

    /// What the server does for any account, before a sign-in withdraws some.
    var operations: Operations { get }
}

/// A server with edit locks.
public protocol Locking: LockSystem {
    /// Asks for an edit lock on an item that was free a moment ago. That the server agrees proves nothing.
    /// - Throws: `LockError`
    @discardableResult
    func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt

    /// Gives my lock back.
    /// - Throws: `LockError`
    @discardableResult
    func unlock(_ item: Item, held: Lock) async throws -> Receipt
}

/// A server whose locks run out and can be prolonged.
public protocol Refreshing: LockSystem {
    /// Begins my lock's time-out anew.
    /// - Throws: `LockError`
    @discardableResult
    func refresh(_ item: Item, held: Lock) async throws -> Receipt
}

/// A server that lets others end a lock.
public protocol ForceUnlocking: LockSystem {
    /// Ends another's lock, which was read a moment ago. Where the protocol can name the lock, it does, so that the
    /// server refuses if it is another one by then.
    /// - Throws: `LockError`
    @discardableResult
    func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt
}

/// A server with check-out.
public protocol CheckingOut: LockSystem {
    /// Checks the item out to me.
    /// - Throws: `LockError`
    @discardableResult
    func checkOut(_ item: Item) async throws -> Receipt

    /// Checks the item in, with a remark where the server keeps one.
    /// - Throws: `LockError`
    @discardableResult
    func checkIn(_ item: Item, held: Lock, comment: String?) async throws -> Receipt

    /// Undoes a check-out; the changes are lost.
    /// - Throws: `LockError`
    @discardableResult
    func discard(_ item: Item, held: Lock) async throws -> Receipt
}

/// A server where a person signs in by confirming a code in a browser.
public protocol SigningInByCode: LockSystem {
    /// Asks for a code, hands it out, and waits until it was confirmed. The token is kept.
    /// - Throws: `LockError`
    func signIn(show: @Sendable (SignInCode) -> Void) async throws -> SignIn
}

/// What a person does to sign in: open an address and type a code.
public struct SignInCode: Hashable, Sendable {
    /// The code to type.
    public let code: String
    /// The address to open.
    public let address: String
    /// Until when it can be done.
    public let expires: Date

    /// A code.
    public init(code: String, address: String, expires: Date) {
        self.code = code
        self.address = address
        self.expires = expires
    }
}

extension LockSystem {
    /// As often as one likes.
    public var secondsPerSweep: Double { 0 }

    /// The operations that the conformances allow, with the given reasons for those they don't.
    public static func operations(of type: any LockSystem.Type, lacking reasons: [Operation: String] = [:])
        -> Operations
    {
        var offers: [Operation: Offer] = [:]
        func offer(_ operations: [Operation], if conforms: Bool) {
            for operation in operations where conforms { offers[operation] = .yes }
        }
        offer([.lock, .unlock], if: type is any Locking.Type)
        offer([.refresh], if: type is any Refreshing.Type)
        offer([.forceUnlock], if: type is any ForceUnlocking.Type)
        offer([.checkOut, .checkIn, .discard], if: type is any CheckingOut.Type)
        return Operations(offers).without(reasons)
    }
}
