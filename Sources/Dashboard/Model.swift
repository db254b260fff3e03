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
        /// The theme, and the colours that the terminal has.
        public var palette = Palette()
        /// Where the operator's clock hangs.
        public var zone = Zone.utc

        /// The usual look.
        public init() {}
    }

    /// A server as the screen knows it.
    public struct Server: Sendable {
        /// What its configuration says.
        public var facts: ServerFacts
        /// Its rows.
        public var catalog = Catalog()
        /// Those of them that are stale.
        var staleRows = StaleRows()
        /// How its watch stands.
        public var status: ServerStatus
        /// How many requests it takes.
        var requestRate = RequestRate()
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
    /// Whether the terminal's bell is rung when a wait has ended.
    public var ringsBell = false
    /// Seconds between two polls, as they were wanted last for all servers; what is, their watches report.
    var wantedPoll: Double
    /// Whether reading was last told to stop; whether it has, the watches report.
    var wantsPause = false

    var list: RowList
    var keeping = ListKeeping()
    var view = View.all
    var sort = Sort()
    /// By what the rows stand under headings; `nil`: they stand under none.
    var grouping: Grouping?
    /// The columns that are shown; `nil`: those that there is room for.
    var columns: [Field]?
    /// The columns that the configuration wants.
    var configuredColumns: [Field]?
    /// What keys do.
    var keymap = Keymap()
    /// Filters with names, in the order of the configuration.
    var savedViews: [SavedView] = []
    var query = Query()
    var queryText = ""
    /// What can't be understood in what is being typed.
    var typingError: String?
    /// What is being typed, if anything.
    var prompt: Prompt?
    /// What was typed behind `:` before, the newest last.
    var pastCommands: [String] = []
    /// The item under the cursor, by name: rows come and go around it.
    var selected: RowKey? { didSet { selectedRef = selected.flatMap(ref) } }
    /// The item that was meant when the cursor was set: it may come again as another row.
    private(set) var selectedRef: ItemRef?
    var top = 0
    var marks: Set<RowKey> = [] { didSet { if marks.isEmpty { lostMarks = 0 } } }
    /// How many marked rows are gone. They stay marked, so that a key that means them does not mean another row.
    var lostMarks = 0
    var showsEvents = true
    /// What lies over the table, the lowest first; the details only as the lowest.
    var layers: [Layer] = []
    var dialog: Dialog?
    /// Boxes that nobody asked for: each opens once nothing else is being answered or typed.
    var waitingBoxes: [Dialog] = []
    /// When a key was pressed last.
    var lastKey: Date?
    var message: Message? { didSet { if let message, message != oldValue { messages.note(message, at: now) } } }
    /// What the message line said.
    var messages = SaidMessages()
    var warnings = Warnings()
    /// Recent events, the newest last.
    var events: [LockEvent] = []
    /// How many older ones are no longer kept.
    var forgottenEvents = 0
    /// The item of which the details tell what happened before, and what did.
    var story: (ref: ItemRef, events: [LockEvent])?
    var undertakings = Undertakings()
    var bulk: Bulk?
    /// The file that is being written, and how many rows are in it.
    var export: (snapshot: Snapshot, rows: Int)?
    var conflicted: Set<ItemRef> = []
    /// What the signs of rows tell of the last changes.
    var moments = Moments()
    /// What was given up last, by one key: a bulk all together.
    var lastReleased: [ItemRef] = []
    /// How the playing stands, where it is a recording that is shown.
    public internal(set) var replay: Replay?
    /// Whether whoever watches a recording has chosen how to look at its rows.
    var hasOwnOutlook = false
    /// Whether the program should end.
    public internal(set) var wantsToQuit = false
    /// Whether the operator has moved the cursor: until then it stays on top.
    var hasTouchedCursor = false
    /// What is on screen, as last told to the engine.
    var shown: [String: [String]] = [:]

    /// A sentence in the message line, until the next key.
    struct Message: Hashable, Sendable {
        var text: String
        var isError = false
        /// Whether it comes and goes with what is typed, so that it is not kept.
        var isPassing = false
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
        list = RowList(
            Collation(self.servers, by: Sort().field, Wording(for: .screen, at: now, staleness) { _ in "" }))
        self.isReadOnly = isReadOnly
        wantedPoll = poll
        self.look = look
        self.size = size
        self.now = now
    }

    /// How something looks that is there for this.
    func style(_ role: Role) -> Style { look.palette[role] }

    /// The glyphs of this look.
    var glyphs: Glyphs { look.isASCII ? .ascii : .unicode }

    /// Whether the loop has nothing under way: what tests and scripts wait for.
    public var isIdle: Bool {
        undertakings.isEmpty && bulk == nil && export == nil
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
    func row(_ key: RowKey) -> Row? { key.isHeading ? nil : servers[key.server].catalog[key.id] }

    func ref(_ key: RowKey) -> ItemRef? {
        row(key).map { ItemRef(server: servers[key.server].facts.name, id: $0.item.id) }
    }

    func serverIndex(_ name: String) -> Int? { servers.firstIndex { $0.facts.name == name } }

    func row(_ ref: ItemRef) -> Row? {
        serverIndex(ref.server).flatMap { servers[$0].catalog[ref.id] }
    }

    func key(_ ref: ItemRef) -> RowKey? {
        guard let index = serverIndex(ref.server), let id = servers[index].catalog.id(of: ref.id) else { return nil }
        return RowKey(server: index, id: id)
    }

    func context(_ server: Int) -> Query.Context {
        Query.Context(server: servers[server].facts.name, now: now, staleness: staleness)
    }

    /// What the operator means: the marked items that are still there, else the selected one.
    var targets: [ItemRef] {
        if !marks.isEmpty { return marks.compactMap(ref).sorted() }
        return selected.flatMap(ref).map { [$0] } ?? []
    }

    /// The gate that every way to an operation passes.
    var gate: Guard {
        var gate = Guard(isReadOnly: isReadOnly)
        if replay != nil { gate.whyNothing = Self.isRecording }
        return gate
    }

    /// Items as they are shown, for the gate.
    func subjects(_ refs: [ItemRef]) -> [Subject] {
        let seen = overlay == nil ? Set(visible) : Set([selected].compactMap(\.self))
        return refs.compactMap { ref in
            guard let index = serverIndex(ref.server), let row = row(ref) else { return nil }
            let server = servers[index]
            return Subject(
                ref: ref, row: row, original: row.item.workingCopyOf.flatMap { server.catalog[$0] },
                facts: server.facts,
                operations: server.status.operations, isInSight: key(ref).map(seen.contains) ?? false)
        }
    }

    /// Why an operation can't be asked for on a row just now; `nil` when it can.
    func whyNot(_ operation: Operation, on ref: ItemRef) -> String? {
        guard let subject = subjects([ref]).first else { return "It is no longer there." }
        return gate.whyNot(operation, on: subject)
    }

    /// The operations that make sense on a row, by its state and its server.
    func operations(on ref: ItemRef) -> [Operation] {
        guard let subject = subjects([ref]).first else { return [] }
        return Operation.allCases.filter { gate.whyNot($0, on: subject) == nil && $0.makesSense(for: subject.row) }
    }

    /// Whether reading has stopped, as all the watches report.
    var isPaused: Bool { !servers.isEmpty && servers.allSatisfy(\.status.isPaused) }

    /// Whether a reading is older than three polls, so that it can't be taken for the present.
    func isOld(_ row: Row, _ server: Int) -> Bool {
        row.reading.observedAt.map { now >= $0.addingTimeInterval(ageLimit(server)) } ?? false
    }

    func ageLimit(_ server: Int) -> Double { 3 * servers[server].status.poll }

    /// When the next thing on screen turns by itself: a reading grows old, a lock grows stale or is
    /// over, a box takes keys.
    public var nextTurn: Date? {
        var next: Date?
        func consider(_ time: Date?) {
            guard let time, time > now else { return }
            next = min(next ?? time, time)
        }
        consider(dialog?.armsAt(now, lastKey: lastKey))
        for key in visible {
            guard let row = row(key) else { continue }
            if !look.isLowBandwidth { consider(ref(key).flatMap(moments.end)?.addingTimeInterval(0.01)) }
            // A little after, for what turns when a time is past.
            consider(
                staleness.nextTurn(of: row, oldAfter: ageLimit(key.server), after: now)?.addingTimeInterval(0.01))
        }
        return next
    }
}
