// SPDX-License-Identifier: MIT
public import FoundationEssentials

/// How the watch over one server stands.
public struct ServerStatus: Hashable, Sendable {
    /// What it is doing.
    public enum Phase: Hashable, Sendable {
        /// No answer yet.
        case connecting
        /// Reading the listing for the first time: this many of so many items.
        case listing(read: Int, total: Int?)
        /// All is well.
        case watching
        /// The last attempt failed; when the next one is.
        case failing(LockError, nextTry: Date)
    }

    /// What it is doing.
    public var phase: Phase
    /// Who we are there, once signed in.
    public var account: Account?
    /// What can be done there.
    public var operations: Operations
    /// When it answered last with a reading.
    public var readAt: Date?
    /// The median time from question to answer, in seconds.
    public var roundTrip: Double?
    /// How many requests were sent since the start.
    public var requests: Int
    /// How many of them failed.
    public var failures: Int
    /// Whether the listing was cut at the configured limit.
    public var isCut: Bool
    /// Whether reading is stopped.
    public var isPaused: Bool
    /// Seconds between two polls.
    public var poll: Double
    /// Why a part of the last listing could not be read, so that items may be missing; `nil` where none is.
    public var lacks: LockError?
    /// The ids of the items that are being waited for, to be taken when they are free.
    public var waits: Set<String>
    /// The ids of the items whose lock of ours is kept alive.
    public var kept: Set<String>

    /// A watch that has just begun.
    public init(operations: Operations) {
        phase = .connecting
        self.operations = operations
        requests = 0
        failures = 0
        isCut = false
        isPaused = false
        poll = 5
        waits = []
        kept = []
    }
}

/// What the watch over one server publishes: states, not changes, so that a newer one replaces an older one.
public struct ServerUpdate: Sendable {
    /// The configured name of the server.
    public let server: String
    /// All its rows.
    public var catalog: Catalog
    /// The rows that differ from the last update, those that are gone among them.
    public var changed: Set<Catalog.ID>
    /// What happened since the last update.
    public var events: [LockEvent]
    /// How the watch stands.
    public var status: ServerStatus

    /// An update.
    public init(
        server: String, catalog: Catalog, changed: Set<Catalog.ID>, events: [LockEvent], status: ServerStatus
    ) {
        self.server = server
        self.catalog = catalog
        self.changed = changed
        self.events = events
        self.status = status
    }

    /// Puts a newer update in the place of this one; no event and no changed row is forgotten.
    public mutating func replace(with newer: ServerUpdate) {
        catalog = newer.catalog
        changed.formUnion(newer.changed)
        events += newer.events
        status = newer.status
    }
}

/// What can be said of a server from its configuration alone.
public struct ServerFacts: Hashable, Sendable {
    /// The configured name.
    public var name: String
    /// The kind's word.
    public var kind: String
    /// The configured address.
    public var url: String
    /// Whether nothing may be changed there.
    public var isReadOnly: Bool
    /// Whether each operation there wants the server's name typed.
    public var isProtected: Bool
    /// What is insecure about the way there, in words: "http without TLS"; `nil` for nothing.
    public var insecurity: String?
    /// The configured colour.
    public var color: String?
    /// How often it is read.
    public var pace: Pace
    /// Requests a second at most.
    public var budget: Double

    /// The facts.
    public init(
        name: String, kind: String, url: String, isReadOnly: Bool = false, isProtected: Bool = false,
        insecurity: String? = nil, color: String? = nil, pace: Pace = Pace(poll: 5), budget: Double = 10
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.isReadOnly = isReadOnly
        self.isProtected = isProtected
        self.insecurity = insecurity
        self.color = color
        self.pace = pace
        self.budget = budget
    }
}

/// How often a server is read, as its configuration and its kind say.
public struct Pace: Hashable, Sendable {
    /// Seconds between two polls at the start.
    public var poll: Double
    /// Whether that is the server's own `poll`: then it stays, whatever is wanted for all servers together.
    public var isOwn: Bool
    /// The fewest seconds that a service which counts requests is left in peace.
    public var floor: Double

    /// A pace.
    public init(poll: Double, isOwn: Bool = false, floor: Double = 0) {
        self.isOwn = isOwn
        self.floor = floor
        self.poll = isOwn ? poll : max(poll, floor)
    }

    /// Seconds between two polls when so many are wanted for all servers.
    public func poll(wanted seconds: Double) -> Double { isOwn ? poll : max(0.1, floor, seconds) }
}
