// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Locks
import Synchronization

@testable import Watching

/// A journal that writes into the book's log what it is told, and keeps the rows of the end.
final class BookJournal: Journal {
    private struct State {
        var entries: [AuditEntry] = []
        var results: [OperationResult] = []
        var rows: [Row] = []
        var seenBy: String?
        var refuses = false
    }
    private let state = Mutex(State())
    private let memory = ForgetfulJournal()
    private let book: Book

    init(_ book: Book) { self.book = book }

    var entries: [AuditEntry] { state.withLock { $0.entries } }
    var results: [OperationResult] { state.withLock { $0.results } }
    var keptRows: [Row] { state.withLock { $0.rows } }
    func refuse() { state.withLock { $0.refuses = true } }
    func preset(_ rows: [Row]) { state.withLock { $0.rows = rows } }

    func keep(_ events: [LockEvent]) -> [LockEvent] { memory.keep(events) }

    func begin(_ entry: AuditEntry) throws -> Int64 {
        try state.withLock { state in
            if state.refuses { throw LockError(.nonsense, "The disk is full.") }
            state.entries.append(entry)
        }
        book.note("begin")
        book.reach(.begin)
        return 7
    }

    func complete(_ entry: Int64, with result: OperationResult, at time: Date) {
        book.note("complete \(result.outcome.rawValue)")
        state.withLock { $0.results.append(result) }
        memory.complete(entry, with: result, at: time)
    }

    func aged(_ reading: Reading, of item: ItemRef, at time: Date, patience: Double) -> Reading {
        memory.aged(reading, of: item, at: time, patience: patience)
    }
    func taken(on server: String, by account: String?) -> Set<LockRef> { memory.taken(on: server, by: account) }
    func rows(of server: String, seenBy user: String) -> [Row] { keptRows }
    func keep(_ rows: [Row], of server: String, seenBy user: String) {
        state.withLock { state in
            state.rows = rows
            state.seenBy = user
        }
    }
}

/// A book, a clock, and those who work with them.
final class Desk: Sendable {
    let time = ManualTime()
    let book: Book
    let journal: BookJournal
    let performer: Performer
    let watch: ServerWatch
    private let task = Mutex<Task<Void, Never>?>(nil)

    init(
        _ count: Int = 0, poll: Double = 5, pace: Pace? = nil, limit: Int = 1_000, keepsAlive: Bool = true,
        isReadOnly: Bool = false, isFollowed: Bool = false
    ) {
        let pace = pace ?? Pace(poll: poll)
        let time = time
        book = Book(count, now: { time.wall })
        journal = BookJournal(book)
        let system: any LockSystem = isFollowed ? FollowedBook(book: book) : BookSystem(book: book)
        performer = Performer(
            server: "book", system: system, journal: journal, isReadOnly: isReadOnly, time: time.source)
        let (updates, reports) = (Box<ServerUpdate>(), Box<OperationResult>())
        watch = ServerWatch(
            facts: ServerFacts(
                name: "book", kind: "book", url: "https://book.example", isReadOnly: isReadOnly, pace: pace),
            system: system, performer: performer, journal: journal,
            policy: WatchPolicy(poll: pace.poll, limit: limit, keepsAlive: keepsAlive), user: "me", time: time.source,
            counters: { ServerWatch.Counters() }, publish: { updates.add($0) }, report: { reports.add($0) })
        published = updates
        reported = reports
    }

    private let published: Box<ServerUpdate>
    private let reported: Box<OperationResult>

    var events: [LockEvent] { published.all.flatMap(\.events) }
    var kinds: [LockEvent.Kind] { events.map(\.kind) }
    var results: [OperationResult] { reported.all }
    var all: [ServerUpdate] { published.all }
    var last: ServerUpdate? { published.all.last }
    func state(_ id: String) -> LockState? { last?.catalog[id]?.reading.state }
    func holder(_ id: String) -> String? { last?.catalog[id]?.lock?.holder.id }

    /// Begins to watch, and waits until the watch rests.
    func start() async {
        let naps = time.naps.count
        task.withLock { $0 = Task { [watch] in await watch.run() } }
        await time.quiet(after: naps)
    }

    /// Lets so many seconds pass, enough for the watch to wake, and waits until it rests again.
    func pass(_ seconds: Double) async {
        let naps = time.naps.count
        time.advance(by: seconds)
        await time.quiet(after: naps)
    }

    /// Asks something of the watch that wakes it, and waits until it rests again.
    func ask(_ question: (ServerWatch) async -> Void) async {
        let naps = time.naps.count
        await question(watch)
        await time.quiet(after: naps)
    }

    /// Ends the watch and waits for its end.
    func stop() async {
        let running = task.withLock(\.self)
        running?.cancel()
        await running?.value
    }
}

/// Things in the order in which they came.
final class Box<Thing: Sendable>: Sendable {
    private let things = Mutex<[Thing]>([])
    var all: [Thing] { things.withLock { $0 } }
    func add(_ thing: Thing) { things.withLock { $0.append(thing) } }
}

/// Random numbers that are the same in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

extension ServerWatch {
    /// Takes an order and carries it out.
    func perform(_ wish: Wish, on id: String) async -> OperationResult { await perform(take(wish, on: id)) }
}
