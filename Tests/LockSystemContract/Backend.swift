// SPDX-License-Identifier: MIT
public import FoundationEssentials
public import HTTP
public import Locks
public import Watching

/// Who a client signs in as. What each may do is the same on every server of a contract.
public enum Role: String, CaseIterable, Sendable {
    /// May change every item that the contract makes.
    case first
    /// As the first, and somebody else.
    case second
    /// As the first, and somebody else again.
    case third
    /// May do everything.
    case administrator
    /// Sees the items and may not change them.
    case outsider
    /// Not signed in.
    case nobody

    /// Who that is on the test servers, where people are the same; `nil` for nobody.
    public var account: String? {
        switch self {
        case .first: "alice"
        case .second: "bob"
        case .third: "erin"
        case .administrator: "manager"
        case .outsider: "mallory"
        case .nobody: nil
        }
    }
}

/// How a client is set up.
public struct ClientSettings: Sendable {
    /// How many seconds the client's clock is ahead of the server's.
    public var clockAhead: Double
    /// Whether the client may change nothing.
    public var isReadOnly: Bool
    /// Another secret than the account's own.
    public var secret: String?
    /// What is kept between runs; `nil` for what the server's clients usually have.
    public var store: ContractStore?

    /// Settings; without arguments the usual ones.
    public init(
        clockAhead: Double = 0, isReadOnly: Bool = false, secret: String? = nil, store: ContractStore? = nil
    ) {
        self.clockAhead = clockAhead
        self.isReadOnly = isReadOnly
        self.secret = secret
        self.store = store
    }
}

/// One account on one server, as the program uses it, and the wire under it.
public struct Client: Sendable {
    /// The lock system.
    public let system: any LockSystem
    /// What operations go through.
    public let performer: Performer
    /// What was sent.
    public let wire: Wire
    /// The client's clock.
    public let now: @Sendable () -> Date

    /// A client.
    public init(
        system: any LockSystem, wire: Wire, isReadOnly: Bool = false, journal: any Journal = ForgetfulJournal(),
        now: @escaping @Sendable () -> Date
    ) {
        self.system = system
        self.wire = wire
        self.now = now
        performer = Performer(
            server: "contract", system: system, journal: journal, isReadOnly: isReadOnly, now: now)
    }

    /// Whether the server does the operation for any account.
    public func offers(_ operation: Locks.Operation) -> Bool { system.operations[operation].isOffered }

    /// Does the operation on an item and gives back how it ended.
    @discardableResult
    public func perform(_ wish: Wish, _ item: String) async -> OperationResult {
        await performer.perform(wish, on: item).result
    }

    /// Does the operation on an item and gives back how it ended.
    @discardableResult
    public func perform(_ operation: Locks.Operation, _ item: String) async -> OperationResult {
        await perform(Wish(operation), item)
    }

    /// The item as this account reads it.
    public func row(_ item: String) async throws -> Row {
        _ = try await system.signIn()
        return try await system.find(item)
    }
}

/// A server on which the contract is tried, with the power to set the scene.
public protocol ContractServer: Sendable {
    /// A new client; nothing was sent yet.
    func client(_ role: Role, _ settings: ClientSettings) async throws -> Client
    /// Makes an item that everybody sees and editors may change.
    /// - Returns: what the item is found by.
    func addItem(titled title: String) async throws -> String
    /// Makes an item that the outsider does not see.
    func addHiddenItem() async throws -> String
    /// Takes an item away, behind everybody's back.
    func remove(_ item: String) async throws
    /// Lets so many seconds pass, for the server and for the clients.
    func pass(_ seconds: Double) async throws
    /// The time-out, in seconds, to lock with for a lock that is to run out; `nil`: the server's own.
    var shortTimeout: Int? { get }
    /// Makes sure that the listing has more than one page.
    /// - Returns: how many items of those that can be locked there are at least.
    func fillListing() async throws -> Int
    /// Whether a request is a part of signing in.
    func isSignIn(_ request: Request) -> Bool
    /// Whether each item that is read is a request of its own, however many are read together.
    var readsSingly: Bool { get }
    /// Whether it knows which files there are. Where it does not, any path is an item, and one whose file was deleted is
    /// free.
    var knowsFiles: Bool { get }
    /// Whether items have titles besides their names.
    var hasTitles: Bool { get }
    /// How a title stands in an answer.
    func written(_ title: String) -> String
    /// What can stand in its place and is no text.
    var noText: String { get }
    /// How half a character is written.
    var halfCharacter: String { get }
    /// Whether somebody who may write may end another's lock; else only the holder may.
    var letsOthersForce: Bool { get }
    /// Ends it.
    func close() async
}

extension ContractServer {
    /// Does something on it, and ends it however that went.
    public func during<Value>(_ body: (Self) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(self)
            await close()
            return value
        } catch {
            await close()
            throw error
        }
    }

    /// A new client with the usual settings.
    public func client(_ role: Role) async throws -> Client { try await client(role, ClientSettings()) }

    /// Most read several with one request.
    public var readsSingly: Bool { false }

    /// Most do.
    public var knowsFiles: Bool { true }

    /// Most have.
    public var hasTitles: Bool { true }
    /// In JSON, as most write it.
    public func written(_ title: String) -> String { "\"\(title)\"" }
    /// In JSON.
    public var noText: String { #"{"token":"x"}"# }
    /// In JSON.
    public var halfCharacter: String { #"\ud83d"# }
    /// Most do.
    public var letsOthersForce: Bool { true }
}

/// A lock system on a server for the contract: a new one is one line in a table of these.
public struct Backend: Sendable, CustomStringConvertible {
    /// The word of the registered kind.
    public let kind: String
    /// The name, for the test's title.
    public let name: String
    /// What the server can't keep of the contract by itself, and why: sentences of clauses.
    public let left: [String: String]
    /// Starts a server of its own for one clause.
    public let open: @Sendable () async throws -> any ContractServer

    /// A backend.
    public init(
        kind: String, name: String, left: [String: String] = [:],
        open: @escaping @Sendable () async throws -> any ContractServer
    ) {
        self.kind = kind
        self.name = name
        self.left = left
        self.open = open
    }

    /// All that it has to keep.
    public var clauses: [Clause] { Clause.all.filter { left[$0.sentence] == nil } }
    /// What it is said not to keep and no clause says.
    public var strays: Set<String> { Set(left.keys).subtracting(Clause.all.map(\.sentence)) }

    /// The name.
    public var description: String { name }
}
