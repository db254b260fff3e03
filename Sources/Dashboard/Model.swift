// SPDX-License-Identifier: MIT
public import Canvas
public import FoundationEssentials
public import Locks

/// Everything that the screen shows, and nothing that it can't: no clock, no network, no closures. It changes in
/// `update` alone, and `view` draws it.
public struct Model: Sendable {
    /// How the screen is to be drawn.
    public struct Look: Hashable, Sendable {
        /// Only ASCII.
        public var isASCII = false
        /// The clock stands in the header.
        public var hasClock = true
        /// The selected row has a sign instead of a reversed bar.
        public var isLowBandwidth = false
        /// For screen readers: the cursor stands on the selected row, nothing is boxed in.
        public var isAccessible = false
        /// Seconds to add to UTC for times of day.
        public var secondsFromUTC = 0

        /// The usual look.
        public init() {}
    }

    /// A server as the screen knows it.
    public struct Server: Sendable {
        /// What its configuration says.
        public var facts: ServerFacts
        /// Its rows.
        public var shelf = Shelf()
        /// How its watch stands.
        public var status: ServerStatus
    }

    /// The time of the last event.
    public var now: Date
    /// The size of the screen.
    public var size: Size
    /// How the screen is to be drawn.
    public var look: Look
    /// The servers, in the order of the configuration.
    public internal(set) var servers: [Server]
    /// What counts as stale.
    public var staleness: Staleness
    /// Whether nothing may be changed anywhere.
    public var isReadOnly: Bool
    /// Seconds between two polls.
    public var poll: Double

    var list = RowList()
    var view = View.all
    var sort = Sort()
    var query = Query()
    var queryText = ""
    /// The line that is being typed, if any.
    var line: InputLine?
    /// The item under the cursor, by name: rows come and go around it.
    var selected: RowKey?
    var top = 0
    var marks: Set<ItemRef> = []
    var showsEvents = true
    var page = Page.table
    var showsDetails = false
    var detailsTop = 0
    var dialog: Dialog?
    var message: Message?
    var isPaused = false
    /// Recent events, the newest last.
    var events: [LockEvent] = []
    /// Operations under way, and since when.
    var activity: [ItemRef: Operation] = [:]
    var bulk: Bulk?
    var conflicted: Set<ItemRef> = []
    var lastReleased: ItemRef?
    /// Whether the program should end.
    public internal(set) var wantsToQuit = false
    /// Whether the operator has moved the cursor: until then it stays on top.
    var hasTouchedCursor = false
    /// What is on screen, as last told to the engine.
    var shown: [String: [String]] = [:]

    /// What fills the screen.
    enum Page: Hashable, Sendable {
        case table, events, servers, help
    }

    /// A sentence in the message line, until the next key.
    struct Message: Hashable, Sendable {
        var text: String
        var isError = false
    }

    /// A model of servers that have told nothing yet.
    public init(
        servers: [ServerFacts], operations: [String: Operations], staleness: Staleness, isReadOnly: Bool, poll: Double,
        look: Look, size: Size, now: Date
    ) {
        self.servers = servers.map {
            Server(facts: $0, status: ServerStatus(operations: operations[$0.name] ?? .none("Not signed in yet.")))
        }
        self.staleness = staleness
        self.isReadOnly = isReadOnly
        self.poll = poll
        self.look = look
        self.size = size
        self.now = now
    }

    /// The glyphs of this look.
    var glyphs: Glyphs { look.isASCII ? .ascii : .unicode }

    /// Whether the loop has nothing under way: what tests and scripts wait for.
    public var isIdle: Bool {
        activity.isEmpty && bulk == nil
            && !servers.contains {
                switch $0.status.phase {
                case .connecting, .listing: true
                default: false
                }
            }
    }
}

// MARK: - Rows

extension Model {
    func row(_ key: RowKey) -> Row? { servers[key.server].shelf[key.slot] }

    func ref(_ key: RowKey) -> ItemRef? {
        row(key).map { ItemRef(server: servers[key.server].facts.name, id: $0.item.id) }
    }

    func serverIndex(_ name: String) -> Int? { servers.firstIndex { $0.facts.name == name } }

    func row(_ ref: ItemRef) -> Row? {
        serverIndex(ref.server).flatMap { servers[$0].shelf[ref.id] }
    }

    func key(_ ref: ItemRef) -> RowKey? {
        guard let index = serverIndex(ref.server), let slot = servers[index].shelf.slot(of: ref.id) else { return nil }
        return RowKey(server: index, slot: slot)
    }

    func context(_ server: Int) -> Query.Context {
        Query.Context(server: servers[server].facts.name, now: now, staleness: staleness)
    }

    /// What the operator means: the marked items that are still there, else the selected one.
    var targets: [ItemRef] {
        if !marks.isEmpty { return marks.filter { row($0) != nil }.sorted() }
        return selected.flatMap(ref).map { [$0] } ?? []
    }

    /// Why an operation can't be asked for on a row just now; `nil` when it can.
    func whyNot(_ operation: Operation, on ref: ItemRef) -> String? {
        guard let index = serverIndex(ref.server) else { return "The server is not watched." }
        let server = servers[index]
        if isReadOnly { return "locktop runs read-only." }
        if server.facts.isReadOnly { return "\(ref.server) is read-only in the configuration." }
        let offer = server.status.operations[operation]
        if !offer.isOffered { return offer.why ?? "\(ref.server) has no such operation." }
        if let row = server.shelf[ref.id], !row.item.isLockable, row.lock == nil { return "Its type can't be held." }
        return nil
    }

    /// The operations that make sense on a row, by its state and its server.
    func operations(on ref: ItemRef) -> [Operation] {
        guard let row = row(ref) else { return [] }
        return Operation.allCases.filter { whyNot($0, on: ref) == nil && $0.makesSense(for: row) }
    }

    /// Whether a reading is older than three polls, so that it can't be taken for the present.
    func isOld(_ row: Row, _ server: Int) -> Bool {
        guard let observed = row.reading.observedAt else { return false }
        return now.timeIntervalSince(observed) > limitOfAge(server)
    }

    // Rows beyond the screen are swept slowly; what counts is how long their server has been silent, or themselves.
    private func limitOfAge(_ server: Int) -> Double { max(3 * poll, 3 * servers[server].facts.poll) + 2 }
}

extension Operation {
    /// Whether asking for it on a row of that state can lead anywhere.
    public func makesSense(for row: Row) -> Bool {
        let lock = row.lock
        let isMine = lock?.holder.isMe ?? false
        let isCopy = lock?.kind == .checkout || lock?.kind == .workingCopy
        return switch self {
        case .lock, .checkOut: lock == nil && row.item.isLockable
        case .refresh: isMine && !isCopy
        case .unlock: isMine && !isCopy
        case .forceUnlock: lock != nil && !isMine && !isCopy
        case .checkIn: isMine && isCopy || row.item.workingCopyOf != nil
        case .discard: isCopy || row.item.workingCopyOf != nil
        }
    }
}
