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

    /// A policy.
    public init(poll: Double = 5, limit: Int = 100_000, keepsAlive: Bool = true) {
        self.poll = poll
        self.limit = limit
        self.keepsAlive = keepsAlive
    }
}

/// The watch over one server: signs in, lists, polls, keeps my locks alive, takes what was waited for, and publishes
/// what it sees. A server that hangs holds up its own watch alone.
///
/// Two readings of one server never overlap: `run` is the only one that reads, operations excepted.
public actor ServerWatch {
    let facts: ServerFacts
    let system: any LockSystem
    let performer: Performer
    let journal: any Journal
    let policy: WatchPolicy
    let user: String
    let now: @Sendable () -> Date
    let counters: @Sendable () -> Counters
    private let publish: @Sendable (ServerUpdate) -> Void
    private let report: @Sendable (OperationResult) -> Void

    var shelf = Shelf()
    var status: ServerStatus
    private var changed: Set<Shelf.Slot> = []
    private var events: [LockEvent] = []
    private var lastPublished: ServerStatus?

    private var onScreen: [String] = []
    private var poll: Double
    private var isPaused = false
    private var wantsAll = true
    private var wantsNow = false
    private var hasBaseLine = false
    private var sleeper: Task<Void, any Error>?
    private var failures = 0
    var waits: [String: Wish] = [:]
    private var sweep: Sweep?

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

    /// A slow walk through the listing between polls.
    private struct Sweep {
        var pages: [PageMark?]
        var seen: Set<String> = []
        var isComplete = true
    }

    /// A watch that begins with `run`.
    public init(
        facts: ServerFacts, system: any LockSystem, performer: Performer, journal: any Journal, policy: WatchPolicy,
        user: String, now: @escaping @Sendable () -> Date, counters: @escaping @Sendable () -> Counters,
        publish: @escaping @Sendable (ServerUpdate) -> Void, report: @escaping @Sendable (OperationResult) -> Void
    ) {
        self.facts = facts
        self.system = system
        self.performer = performer
        self.journal = journal
        self.policy = policy
        self.user = user
        self.now = now
        self.counters = counters
        self.publish = publish
        self.report = report
        poll = policy.poll
        status = ServerStatus(operations: system.operations)
    }

    // MARK: What the screen asks for

    /// Which items are on screen: they are read first.
    public func show(_ ids: [String]) { onScreen = ids }

    /// Reads what is on screen now.
    public func readNow() {
        wantsNow = true
        sleeper?.cancel()
    }

    /// Reads the whole listing now.
    public func readAll() {
        wantsAll = true
        readNow()
    }

    /// Seconds between two polls from now on.
    public func setPoll(_ seconds: Double) {
        poll = seconds
        sleeper?.cancel()
    }

    /// Stops reading, or goes on.
    public func setPaused(_ paused: Bool) {
        isPaused = paused
        if !paused { readNow() }
    }

    /// Takes the item as soon as it is free.
    public func wait(for id: String, with wish: Wish) {
        waits[id] = wish
        status.waits = Set(waits.keys)
        flush()
        readNow()
    }

    /// Waits no longer.
    public func cancelWait(for id: String) {
        waits[id] = nil
        status.waits = Set(waits.keys)
        flush()
    }

    /// Does what is wished, and shows at once what the reading after it showed.
    public func perform(_ wish: Wish, on id: String) async -> OperationResult {
        let performance = await performer.perform(wish, on: id)
        absorb(performance, wish)
        return performance.result
    }

    // MARK: Watching

    /// Watches until the task is cancelled.
    public func run() async {
        remember(journal.rows(of: facts.name, seenBy: user))
        while !Task.isCancelled {
            var next = poll
            do {
                try await round()
                failures = 0
            } catch {
                let failure = Performer.lockError(error, server: facts.name)
                if failure.code == .cancelled || Task.isCancelled { break }
                next = delay(after: failure)
                status.phase = .failing(failure, nextTry: now().addingTimeInterval(next))
            }
            flush()
            await rest(next)
        }
        journal.keep(shelf.rows, of: facts.name, seenBy: user)
    }

    private func round() async throws {
        let signIn = try await system.signIn()
        status.account = signIn.account
        status.operations = system.operations.without(signIn.withdrawn)
        if wantsAll || !hasBaseLine {
            wantsAll = false
            try await list()
        } else {
            try await readDue()
            try await goOnSweeping()
        }
        await keepAlive()
        await takeWhatIsFree()
        status.phase = .watching
    }

    private func delay(after failure: LockError) -> Double {
        failures += 1
        // A wrong password gets no better by trying: accounts are locked for that.
        let base: Double = [.notSignedIn, .wrongSystem, .forbidden].contains(failure.code)
            ? 60 : min(60, max(1, poll) * Double(1 << min(failures - 1, 6)))
        return max(failure.retryAfter ?? 0, base * Double.random(in: 0.85...1.15))
    }

    private func rest(_ seconds: Double) async {
        var seconds = seconds
        repeat {
            if wantsNow, failures == 0 { break }
            let sleeper = Task.detached { [seconds] in try await Task.sleep(for: .seconds(seconds)) }
            self.sleeper = sleeper
            await withTaskCancellationHandler {
                _ = try? await sleeper.value
            } onCancel: {
                sleeper.cancel()
            }
            if wantsNow { break }
            seconds = poll
        } while isPaused && !Task.isCancelled
        wantsNow = false
    }

    // MARK: Listing

    private func list() async throws {
        var seen: Set<String> = []
        var total: Int?
        if !hasBaseLine { status.phase = .listing(read: 0, total: nil) }
        status.isCut = try await Listing.walk(system, limit: policy.limit, width: 4) { page in
            total = total ?? page.total
            take(page, &seen)
            if !hasBaseLine { status.phase = .listing(read: seen.count, total: total) }
            flush()
        }
        if !status.isCut { try await dropMissing(seen) }
        hasBaseLine = true
        sweep = nil
    }

    private func take(_ page: ItemPage, _ seen: inout Set<String>) {
        for row in page.rows where seen.count < policy.limit {
            // Pages shift while they are read, so an item may come twice.
            guard seen.insert(row.item.id).inserted else { continue }
            put(row, isNews: hasBaseLine)
        }
        status.readAt = now()
    }

    // What a complete listing lacks is asked for before it counts as gone: a page may have shifted under the listing.
    private func dropMissing(_ seen: Set<String>) async throws {
        let missing = shelf.rows.map(\.item).filter { !seen.contains($0.id) }
        for start in stride(from: 0, to: missing.count, by: system.itemsPerRead) {
            let batch = Array(missing[start..<min(missing.count, start + system.itemsPerRead)])
            apply(try await system.read(batch), of: batch, dropsStrangers: true)
        }
    }

    private func goOnSweeping() async throws {
        var current = sweep ?? Sweep(pages: [nil])
        // A whole walk takes about six polls, and never more than a quarter of the time.
        let share = max(1, (shelf.count / 100 + 5) / 6)
        let began = ContinuousClock.now
        for _ in 0..<share {
            guard !current.pages.isEmpty else { break }
            let mark = current.pages.removeFirst()
            let page = try await system.items(after: mark)
            take(page, &current.seen)
            current.pages += page.following
            if current.seen.count >= policy.limit { current.pages = [] }
            if (ContinuousClock.now - began) / .seconds(1) > poll / 4 { break }
        }
        sweep = current
        guard current.pages.isEmpty else { return }
        sweep = nil
        if !status.isCut { try await dropMissing(current.seen) }
    }

    // MARK: Reading

    private func readDue() async throws {
        var due = onScreen
        let shown = Set(onScreen)
        due += shelf.held.compactMap { shelf[$0]?.item.id }.filter { !shown.contains($0) }
        due += waits.keys.filter { !shown.contains($0) && shelf[$0]?.reading.state != .held }
        // Where one page shows everything, the sweep of this round reads all of it in one request.
        guard shelf.count > 100 else { return }
        let items = due.compactMap { shelf[$0]?.item }
        for start in stride(from: 0, to: items.count, by: system.itemsPerRead) {
            let batch = Array(items[start..<min(items.count, start + system.itemsPerRead)])
            apply(try await system.read(batch), of: batch, dropsStrangers: false)
            flush()
        }
        status.readAt = now()
    }

    private func apply(_ results: [ReadResult], of items: [Item], dropsStrangers: Bool) {
        for (item, result) in zip(items, results) {
            switch result {
            case .success(let row):
                // An item that is there but no longer in the listing is no row of ours any more.
                if dropsStrangers, !row.item.isLockable, row.lock == nil { drop(item.id) } else { put(row, isNews: true) }
            case .failure(let error) where error.code == .gone: drop(item.id)
            case .failure(let error):
                let reading = (shelf[item.id]?.reading ?? .never).failed(error.description)
                put(Row(item: item, reading: reading), isNews: false)
            }
        }
    }

    // MARK: The shelf

    private func put(_ fresh: Row, isNews: Bool, by result: OperationResult? = nil) {
        let row = Listing.aged(fresh, server: facts.name, journal: journal, now: now())
        let before = shelf[row.item.id]
        guard before != row else { return }
        changed.insert(shelf.put(row).slot)
        guard isNews else { return }
        if let before {
            if result == nil, let event = LockEvent.between(before.reading, row, on: facts.name, at: now()) {
                events.append(event)
            }
        } else {
            note(.appeared, row, "it is new here")
        }
    }

    private func drop(_ id: String) {
        guard let (slot, row) = shelf.remove(id) else { return }
        changed.insert(slot)
        waits[id] = nil
        status.waits = Set(waits.keys)
        note(.vanished, row, "it is gone")
    }

    private func note(_ kind: LockEvent.Kind, _ row: Row, _ text: String) {
        events.append(
            LockEvent(
                at: now(), ref: ItemRef(server: facts.name, id: row.item.id), path: row.item.path,
                title: row.item.title, kind: kind, before: kind == .vanished ? row.lock : nil,
                after: kind == .appeared ? row.lock : nil, text: text))
    }

    private func remember(_ rows: [Row]) {
        for row in rows { changed.insert(shelf.put(row).slot) }
        if !rows.isEmpty { flush() }
    }

    // MARK: Operations

    private func absorb(_ performance: Performer.Performance, _ wish: Wish) {
        let result = performance.result
        if let row = performance.row {
            put(row, isNews: true, by: result)
        } else if performance.isGone {
            drop(result.ref.id)
        }
        if let event = LockEvent.of(result, title: performance.row?.item.title ?? "", at: now()) {
            events.append(event)
        }
        flush()
    }

    private func keepAlive() async {
        let mine = shelf.held.compactMap { shelf[$0] }.filter { $0.lock?.holder.isMe ?? false }
        let taken = mine.isEmpty ? [] : journal.taken(on: facts.name, by: status.account?.id)
        let ours = mine.filter { $0.lock.map { taken.contains($0.identity) } ?? false }
        status.kept = policy.keepsAlive && !facts.isReadOnly ? Set(ours.map(\.item.id)).subtracting(released) : []
        for row in ours where status.kept.contains(row.item.id) {
            guard let lock = row.lock, let expires = lock.expires, let timeout = lock.timeout else { continue }
            guard expires.timeIntervalSince(now()) < max(Double(timeout) / 2, poll * 2) else { continue }
            let performance = await performer.perform(
                Wish(.refresh, expectedLock: lock.identity, reason: "kept alive"), on: row.item.id)
            absorb(performance, Wish(.refresh))
        }
    }

    /// The ids whose lock is not to be kept alive although it is ours.
    private var released: Set<String> = []

    /// Keeps a lock of ours alive, or lets it run out.
    public func setKept(_ id: String, _ isKept: Bool) {
        if isKept { released.remove(id) } else { released.insert(id) }
        readNow()
    }

    private func takeWhatIsFree() async {
        for (id, wish) in waits where shelf[id]?.reading.state == .free {
            let performance = await performer.perform(wish, on: id)
            absorb(performance, wish)
            // Somebody was quicker: the wait goes on. Anything else ends it, and says why.
            if performance.result.reason == .conflict { continue }
            waits[id] = nil
            status.waits = Set(waits.keys)
            report(performance.result)
        }
    }

    // MARK: Publishing

    private func flush() {
        let counters = counters()
        status.requests = counters.requests
        status.failures = counters.failures
        status.roundTrip = counters.roundTrip
        guard !changed.isEmpty || !events.isEmpty || status != lastPublished else { return }
        let numbered = events.isEmpty ? [] : journal.keep(events)
        publish(
            ServerUpdate(server: facts.name, shelf: shelf, changed: changed, events: numbered, status: status))
        lastPublished = status
        changed = []
        events = []
    }
}
