// SPDX-License-Identifier: MIT
public import FoundationEssentials
import HTTP
public import Locks

/// How a server is watched.
public struct WatchPolicy: Hashable, Sendable {
    /// Seconds between two polls.
    public var poll: Double
    /// How many items are listed at most.
    public var limit: Int
    /// Whether my own locks are refreshed before they run out.
    public var keepsAlive: Bool
    /// How many pages of a listing are read side by side.
    public var width: Int

    /// A policy.
    public init(poll: Double = 5, limit: Int = 100_000, keepsAlive: Bool = true, width: Int = 4) {
        self.poll = poll
        self.width = width
        self.limit = limit
        self.keepsAlive = keepsAlive
    }
}

/// The watch over one server: signs in, lists, polls, keeps my locks alive, takes what was waited for, and publishes
/// what it sees. A server that hangs holds up its own watch alone.
///
/// Two readings of one server never overlap: `run` is the only one that reads, operations excepted. A reading that was
/// asked for before an operation on the same item ended is older than what the operation saw, and is not believed.
public actor ServerWatch {
    let facts: ServerFacts
    let system: any LockSystem
    let performer: Performer
    let journal: any Journal
    let policy: WatchPolicy
    let user: String
    let time: TimeSource
    let counters: @Sendable () -> Counters
    let publish: @Sendable (ServerUpdate) -> Void
    let report: @Sendable (OperationResult) -> Void

    // What is known and not yet published.
    var catalog = Catalog()
    var status: ServerStatus
    var changed: Set<Catalog.ID> = []
    /// What happened and is not written down yet, and what is.
    var events: [LockEvent] = []
    var numbered: [LockEvent] = []
    var writing: Task<Void, Never>?
    var lastPublished: ServerStatus?
    /// The last good readings of rows that could not be read since: what an event is seen against.
    var lastGood: [String: Reading] = [:]

    // What was asked for.
    var onScreen: [String] = []
    var poll: Double
    var isPaused = false
    var wantsAll = true
    /// Asked for by a person: also now if the server failed.
    var wantsNow = false
    /// Something new to do: now, unless the server is to be left alone.
    var wantsSoon = false
    var waits: [String: Wish] = [:]
    /// The ids whose lock is not to be kept alive although it is ours.
    var released: Set<String> = []

    // How far the watch is.
    var isRunning = false
    var hasBaseLine = false
    var failures = 0
    var sleeper: Task<Void, any Error>?
    var sweep = Walk()
    var lastSweep = Walk()
    /// How many pages of the sweep are due, in parts of a page too: where a page is dear, not every round reads one.
    var pagesDue = 0.0
    /// Whether `sweep` is to be walked to its end at one go.
    var isWhole = false
    /// The number of the listing that is being read: each row bears that of the last one in which it came.
    var generation: UInt16 = 0
    /// When the listing that is being read was begun, among our own operations.
    var sweptSince = 0
    /// The number of the last complete listing; `nil` while what is missing in it proves nothing.
    var lastComplete: UInt16?
    var heldTurn: Catalog.ID = 0
    var restTurn: Catalog.ID = 0
    /// How many items of the lap through the rest are due.
    var restShare = 0.0
    var lastRest: ContinuousClock.Instant?
    /// Where the reading of what was never read since the start is; `nil`: it is through.
    var catchUp: Catalog.ID?
    /// From where that was begun again when a request failed.
    var askedAgain: Catalog.ID?
    /// Until when that goes before reading again what was read.
    var readAgainAt: ContinuousClock.Instant?
    var startedAt = Date.distantPast
    /// Whether the server tells what changes in the listing, so that it is swept rarely.
    var isFollowing = false
    /// What the server told of and could not be read yet.
    var toldUnread: [String] = []
    /// Whether the sweep was begun because the server forgot where we stood.
    var isSweptAnew = false
    /// When the listing is swept although the server tells what changes in it.
    var nextSweep: ContinuousClock.Instant?
    /// When my locks end, by the clock that nobody sets.
    var endings: [String: Ending] = [:]
    var nextKeep: ContinuousClock.Instant?
    var retryKeep: [String: ContinuousClock.Instant] = [:]
    private var flushedAt: ContinuousClock.Instant?

    // Which readings are older than an operation.
    var moment = 0
    var touched: [String: Int] = [:]
    var underWay: [String: Int] = [:]

    /// What the transport has counted.
    public struct Counters: Hashable, Sendable {
        /// Requests sent.
        public var requests: Int
        /// Requests without a good answer.
        public var failures: Int
        /// The median time from question to answer, in seconds.
        public var roundTrip: Double?

        /// Counts.
        public init(requests: Int = 0, failures: Int = 0, roundTrip: Double? = nil) {
            self.requests = requests
            self.failures = failures
            self.roundTrip = roundTrip
        }
    }

    /// A watch that begins with `run`.
    public init(
        facts: ServerFacts, system: any LockSystem, performer: Performer, journal: any Journal, policy: WatchPolicy,
        user: String, now: @escaping @Sendable () -> Date, counters: @escaping @Sendable () -> Counters,
        publish: @escaping @Sendable (ServerUpdate) -> Void, report: @escaping @Sendable (OperationResult) -> Void
    ) {
        self.init(
            facts: facts, system: system, performer: performer, journal: journal, policy: policy, user: user,
            time: TimeSource(now: TimeSource.machine.now, wall: now, sleep: TimeSource.machine.sleep),
            counters: counters, publish: publish, report: report)
    }

    init(
        facts: ServerFacts, system: any LockSystem, performer: Performer, journal: any Journal, policy: WatchPolicy,
        user: String, time: TimeSource, counters: @escaping @Sendable () -> Counters,
        publish: @escaping @Sendable (ServerUpdate) -> Void, report: @escaping @Sendable (OperationResult) -> Void
    ) {
        self.facts = facts
        self.system = system
        self.performer = performer
        self.journal = journal
        self.policy = policy
        self.user = user
        self.time = time
        self.counters = counters
        self.publish = publish
        self.report = report
        poll = policy.poll
        status = ServerStatus(operations: system.operations)
        status.poll = policy.poll
    }

    // MARK: What the screen asks for

    /// Which items are on screen: they are read first.
    public func show(_ ids: [String]) { onScreen = ids }

    /// Reads what is on screen now, also if the server failed; not if it said how long to leave it alone.
    public func readNow() {
        wantsNow = true
        readAgainAt = nil
        sleeper?.cancel()
    }

    /// Reads the whole listing now.
    public func readAll() {
        wantsAll = true
        readNow()
    }

    /// Seconds between two polls from now on, where the server's own configuration says nothing else.
    public func setPoll(_ seconds: Double) {
        poll = facts.pace.poll(wanted: seconds)
        status.poll = poll
        flush()
        sleeper?.cancel()
    }

    /// Stops reading, or goes on. Locks of ours are kept alive all the same.
    public func setPaused(_ paused: Bool) {
        isPaused = paused
        status.isPaused = paused
        flush()
        if !paused { readSoon() }
    }

    /// Takes the item as soon as it is free.
    public func wait(for id: String, with wish: Wish) {
        waits[id] = wish
        status.waits = Set(waits.keys)
        flush()
        readSoon()
    }

    /// Waits no longer.
    public func cancelWait(for id: String) {
        waits[id] = nil
        status.waits = Set(waits.keys)
        flush()
    }

    /// Keeps a lock of ours alive, or lets it run out.
    public func setKept(_ id: String, _ isKept: Bool) {
        if isKept { released.remove(id) } else { released.insert(id) }
        readSoon()
    }

    func readSoon() {
        wantsSoon = true
        sleeper?.cancel()
    }

    // MARK: Watching

    /// Watches until the task is cancelled.
    public func run() async {
        guard !isRunning else { return }
        isRunning = true
        startedAt = time.wall()
        remember(await journal.rows(of: facts.name, seenBy: user))
        while !Task.isCancelled {
            var failure: LockError?
            var next = poll
            do {
                try await round()
                failures = 0
            } catch {
                if Task.isCancelled { break }
                let error = Performer.lockError(error, server: facts.name)
                failures += 1
                next = Self.delay(after: error, count: failures, poll: poll)
                status.phase = .failing(error, nextTry: time.wall().addingTimeInterval(next))
                failure = error
            }
            flush()
            await rest(next, after: failure)
        }
        flush()
        await settle()
        await journal.keep(rowsToKeep(), of: facts.name, seenBy: user)
        isRunning = false
    }

    private func round() async throws {
        // No reading is under way now, so none can be older than an operation that has ended.
        touched = touched.filter { underWay[$0.key] != nil }
        let signIn = try await system.signIn()
        status.account = signIn.account
        status.operations = signIn.operations
        if wantsAll || isWhole {
            wantsAll = false
            try await list()
        } else {
            try await readDue()
            await takeWhatIsFree()
            if try await !follow() { try await goOnSweeping() }
        }
        status.phase = .watching
        await keepAlive()
        await takeWhatIsFree()
        // What was never read has no poll to wait for.
        if isCatchingUp { wantsSoon = true }
    }

    /// How long a server that failed is left alone, in seconds: the poll doubled again and again, up to a minute.
    static func delay(after failure: LockError, count: Int, poll: Double) -> Double {
        // What is not there is not asked for again until a person asks.
        if failure.code == .unsupported { return 86_400 }
        // A wrong password gets no better by trying: accounts are locked for that.
        let isHopeless = [.notSignedIn, .wrongSystem, .forbidden].contains(failure.code)
        let doubled = min(60, max(1, poll) * Double(1 << min(max(0, count - 1), 6))) * .random(in: 0.85...1)
        return max(poll, failure.retryAfter ?? 0, isHopeless ? 60 : doubled)
    }

    // MARK: Publishing

    /// Tells what was read so far, at most four times a second: a row does not look old because its round goes on.
    func flushInPassing() {
        guard flushedAt.map({ time.now() - $0 >= .milliseconds(250) }) ?? true else { return }
        flush()
    }

    func flush() {
        flushedAt = time.now()
        let counters = counters()
        status.requests = counters.requests
        status.failures = counters.failures
        status.roundTrip = counters.roundTrip
        if writing == nil, !events.isEmpty { write() }
        guard !changed.isEmpty || !numbered.isEmpty || status != lastPublished else { return }
        publish(
            ServerUpdate(server: facts.name, catalog: catalog, changed: changed, events: numbered, status: status))
        lastPublished = status
        changed = []
        numbered = []
    }

    // Rows are shown at once, events when they have their numbers: nothing on screen waits for the disk.
    private func write() {
        let fresh = events
        events = []
        writing = Task.detached { [self] in await wrote(journal.keep(fresh)) }
    }

    private func wrote(_ events: [LockEvent]) {
        numbered += events
        writing = nil
        flush()
    }

    /// Waits until what happened is written down and told.
    func settle() async { while let writing { await writing.value } }
}
