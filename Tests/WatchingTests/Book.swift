// SPDX-License-Identifier: MIT
import FoundationEssentials
import Locks
import Synchronization

/// A lock server in memory: items, who has them, and the faults that a test asks for.
final class Book: Sendable {
    /// What can be asked of it.
    enum Call: String, Hashable, Sendable {
        case signIn, items, changes, read, find, lock, unlock, refresh, forceUnlock, checkOut, checkIn, discard
    }

    /// When another person may act.
    enum Point: Hashable, Sendable {
        case before(Call), after(Call), begin
    }

    struct State {
        var items: [Item] = []
        /// Items that are there and that no listing tells.
        var unlisted: [Item] = []
        var locks: [String: [Lock]] = [:]
        var faults: [Call: [LockError]] = [:]
        var lasting: [Call: LockError] = [:]
        var unreadable: [String: LockError] = [:]
        /// Items with which no request for several gets an answer.
        var poisoned: [String: LockError] = [:]
        var losesAnswer: Set<Call> = []
        var pretends: Set<Call> = []
        var gates: [Call: Gate] = [:]
        var others: [Point: [@Sendable (Book) -> Void]] = [:]
        var slowly: [Call: @Sendable () -> Void] = [:]
        /// What is said when a change was agreed to.
        var receipt = Receipt()
        var withdrawn: [Locks.Operation: String] = [:]
        var log: [String] = []
        var broken: [Lock] = []
        var pageSize = 100
        var secondsPerSweep = 0.0
        var hasCursors = false
        var circles = false
        var isEndless = false
        var brokenPages: [String: LockError] = [:]
        /// Pages that are told only once their gate is open.
        var gatedPages: [String: Gate] = [:]
        /// Pages that are told as they are, by their marks.
        var written: [String: ItemPage] = [:]
        var tellsLocks = true
        /// Whether the listing names only what somebody has.
        var listsHoldsOnly = false
        /// What is told of changes, one answer after the other; then that there are none.
        var changes: [ListingChanges] = []
        var namesTheLock = false
        /// Whether refreshing what nobody has takes it, as Nick's `PATCH` does.
        var refreshTakes = false
        var timeout: Int? = 600
        var taken = 0
        var readers = 0
        var overlaps = 0
    }

    private let state = Mutex(State())
    let now: @Sendable () -> Date

    init(_ count: Int = 0, now: @escaping @Sendable () -> Date = { noon }) {
        self.now = now
        for number in 0..<count { add(number) }
    }

    /// Sets what a test wants.
    func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
    func get<Value: Sendable>(_ question: (State) -> Value) -> Value { state.withLock { question($0) } }

    func add(_ number: Int) {
        state.withLock { $0.items.append(Item(id: "\(number)", path: "/\(number)", title: "Item \(number)")) }
    }

    func remove(_ id: String) { state.withLock { state in state.items.removeAll { $0.id == id } } }

    /// Somebody takes an item, whoever has it.
    @discardableResult
    func give(_ id: String, to name: String, _ kind: Lock.Kind = .lock, timeout: Int? = nil) -> Lock {
        state.withLock { state in
            let lock = record(&state, name, kind, timeout: timeout)
            state.locks[id] = [lock]
            return lock
        }
    }

    func free(_ id: String) { state.withLock { $0.locks[id] = nil } }
    func lock(of id: String) -> Lock? { state.withLock { $0.locks[id]?.first } }

    private func record(_ state: inout State, _ name: String, _ kind: Lock.Kind, timeout: Int?) -> Lock {
        state.taken += 1
        return Lock(
            kind: kind, holder: Holder(id: name, name: name.capitalized, isMe: name == "me"), since: now(),
            expires: timeout.map { now().addingTimeInterval(Double($0)) }, timeout: timeout,
            identity: LockIdentity(of: "lock \(state.taken)"))
    }

    /// The calls so far, those of one kind if one is named.
    var log: [String] { state.withLock { $0.log } }
    func count(_ call: Call) -> Int { log.count { $0 == call.rawValue || $0.hasPrefix(call.rawValue + " ") } }
    /// How many changes were sent.
    var changes: Int {
        [Call.lock, .unlock, .refresh, .forceUnlock, .checkOut, .checkIn, .discard].map(count).reduce(0, +)
    }

    /// Writes a line into the log, from outside.
    func note(_ line: String) { state.withLock { $0.log.append(line) } }

    /// Lets the others act who wait for this point.
    func reach(_ point: Point) {
        let others = state.withLock { $0.others.removeValue(forKey: point) ?? [] }
        for other in others { other(self) }
    }

    func call<Value: Sendable>(
        _ call: Call, _ what: String = "", _ body: @Sendable (inout State) throws(LockError) -> Value
    ) async throws -> Value {
        try Task.checkCancellation()
        let isReading = call == .read || call == .items
        let fault = state.withLock { state -> LockError? in
            state.log.append(what.isEmpty ? call.rawValue : "\(call.rawValue) \(what)")
            if isReading {
                // Pages of one listing are read side by side; nothing else is.
                if state.readers > 0, call == .read { state.overlaps += 1 }
                state.readers += 1
            }
            if state.faults[call]?.isEmpty == false { return state.faults[call]?.removeFirst() }
            return state.lasting[call]
        }
        defer { if isReading { state.withLock { $0.readers -= 1 } } }
        await Task.yield()
        if let fault { throw fault }
        state.withLock { $0.slowly[call] }?()
        reach(.before(call))
        let result = Result { try state.withLock { state throws(LockError) in try body(&state) } }
        reach(.after(call))
        if let gate = state.withLock({ $0.gates[call] }) { await gate.pass() }
        try Task.checkCancellation()
        if state.withLock({ $0.losesAnswer.contains(call) }) {
            throw LockError(.unreachable, "The answer was lost.", mayHaveHappened: true)
        }
        return try result.get()
    }

    func row(_ item: Item, _ state: State) -> Row {
        Row(item: item, reading: .known(state.locks[item.id] ?? [], at: now()))
    }

    func change(
        _ call: Call, _ item: Item, _ effect: @escaping @Sendable (inout State) throws(LockError) -> Void
    ) async throws {
        try await self.call(call, item.id) { state throws(LockError) in
            guard state.items.contains(where: { $0.id == item.id }) else { throw LockError(.gone, "It is gone.") }
            if !state.pretends.contains(call) { try effect(&state) }
        }
    }

    func take(_ state: inout State, _ id: String, _ kind: Lock.Kind, timeout: Int?) throws(LockError) {
        guard state.locks[id]?.isEmpty ?? true else { throw LockError(.conflict, "Somebody has it.") }
        state.locks[id] = [record(&state, "me", kind, timeout: timeout)]
    }
}

/// The book as a lock system that can do everything.
struct BookSystem: LockSystem, Locking, Refreshing, ForceUnlocking, CheckingOut {
    let book: Book
    var operations: Operations { Self.operations(of: Self.self) }
    var itemsPerRead: Int { 10 }
    var secondsPerSweep: Double { book.get(\.secondsPerSweep) }

    func signIn() async throws -> SignIn {
        try await book.call(.signIn) { state in
            SignIn(account: Account(id: "me", name: "Me"), withdrawn: state.withdrawn)
        }
    }

    func items(after mark: PageMark?) async throws -> ItemPage {
        if let gate = book.get({ $0.gatedPages[mark?.text ?? "0"] }) { await gate.pass() }
        return try await page(after: mark)
    }

    private func page(after mark: PageMark?) async throws -> ItemPage {
        try await book.call(.items, mark?.text ?? "0") { state throws(LockError) in
            if let error = state.brokenPages[mark?.text ?? "0"] { throw error }
            if let page = state.written[mark?.text ?? "0"] { return page }
            let listed =
                state.listsHoldsOnly ? state.items.filter { !(state.locks[$0.id] ?? []).isEmpty } : state.items
            let start = state.isEndless ? 0 : mark.flatMap { Int($0.text) } ?? 0
            let end = min(listed.count, start + state.pageSize)
            var rows = start < end ? listed[start..<end].map { book.row($0, state) } : []
            if !state.tellsLocks { for index in rows.indices { rows[index].reading = .never } }
            var following: [PageMark] = []
            if state.isEndless {
                following = [PageMark("\((mark.flatMap { Int($0.text) } ?? 0) + 1)")]
            } else if state.hasCursors {
                if end < listed.count { following = [PageMark("\(end)")] }
                if state.circles { following = [PageMark("\(state.pageSize)")] }
            } else if start == 0, listed.count > state.pageSize {
                following = stride(from: state.pageSize, to: listed.count, by: state.pageSize).map {
                    PageMark("\($0)")
                }
            }
            var page = ItemPage(rows: rows, following: following, total: listed.count)
            page.covers = state.listsHoldsOnly ? .holdsOnly : .items
            return page
        }
    }

    func read(_ items: [Item]) async throws -> [ReadResult] {
        try await book.call(.read, items.map(\.id).joined(separator: ",")) { state throws(LockError) in
            for item in items { if let error = state.poisoned[item.id] { throw error } }
            return items.map { item in
                if let error = state.unreadable[item.id] { return .failure(error) }
                guard let found = (state.items + state.unlisted).first(where: { $0.id == item.id }) else {
                    return .failure(LockError(.gone, "It is gone."))
                }
                return .success(book.row(found, state))
            }
        }
    }

    func find(_ name: String) async throws -> Row {
        try await book.call(.find, name) { state throws(LockError) in
            guard let item = state.items.first(where: { $0.id == name || $0.path == name }) else {
                throw LockError(.gone, "There is no \(name).")
            }
            return book.row(item, state)
        }
    }

    func webAddress(of item: Item) -> String { "https://book.example\(item.path)" }

    func lock(_ item: Item, _ options: LockOptions) async throws -> Receipt {
        try await book.change(.lock, item) { state throws(LockError) in
            try book.take(&state, item.id, .lock, timeout: options.timeout ?? state.timeout)
        }
        return book.get(\.receipt)
    }

    func unlock(_ item: Item, held: Lock) async throws -> Receipt {
        try await book.change(.unlock, item) { state in
            state.locks[item.id]?.removeAll { $0.identity == held.identity && $0.holder.isMe }
        }
        return book.get(\.receipt)
    }

    func refresh(_ item: Item, held: Lock) async throws -> Receipt {
        try await book.change(.refresh, item) { state throws(LockError) in
            if state.refreshTakes, state.locks[item.id]?.isEmpty ?? true {
                return try book.take(&state, item.id, .lock, timeout: state.timeout)
            }
            guard let lock = state.locks[item.id]?.first, lock.holder.isMe else {
                throw LockError(.conflict, "It is not yours.")
            }
            state.locks[item.id]?[0].expires = lock.timeout.map { book.now().addingTimeInterval(Double($0)) }
        }
        return book.get(\.receipt)
    }

    func forceUnlock(_ item: Item, seen: Lock) async throws -> Receipt {
        try await book.change(.forceUnlock, item) { state throws(LockError) in
            let locks = state.locks[item.id] ?? []
            if state.namesTheLock, !locks.contains(where: { $0.identity == seen.identity }) {
                throw LockError(.conflict, "It is another lock.")
            }
            state.broken += state.namesTheLock ? locks.filter { $0.identity == seen.identity } : locks
            state.locks[item.id] = state.namesTheLock ? locks.filter { $0.identity != seen.identity } : []
        }
        return book.get(\.receipt)
    }

    func checkOut(_ item: Item) async throws -> Receipt {
        try await book.change(.checkOut, item) { state throws(LockError) in
            try book.take(&state, item.id, .checkout, timeout: nil)
        }
        return book.get(\.receipt)
    }

    func checkIn(_ item: Item, held: Lock, comment: String?) async throws -> Receipt {
        try await book.change(.checkIn, item) { state in state.locks[item.id] = nil }
        return book.get(\.receipt)
    }

    func discard(_ item: Item, held: Lock) async throws -> Receipt {
        try await book.change(.discard, item) { state in state.locks[item.id] = nil }
        return book.get(\.receipt)
    }
}

/// The book as a system that tells what changes in its listing.
struct FollowedBook: LockSystem, ChangeFeed {
    let book: Book
    private var base: BookSystem { BookSystem(book: book) }
    var operations: Operations { Self.operations(of: Self.self) }
    var itemsPerRead: Int { base.itemsPerRead }

    init(book: Book) { self.book = book }

    func signIn() async throws -> SignIn { try await base.signIn() }
    func items(after mark: PageMark?) async throws -> ItemPage { try await base.items(after: mark) }
    func read(_ items: [Item]) async throws -> [ReadResult] { try await base.read(items) }
    func find(_ name: String) async throws -> Row { try await base.find(name) }
    func webAddress(of item: Item) -> String { base.webAddress(of: item) }

    func changes() async throws -> ListingChanges {
        try await book.call(.changes) { state in
            state.changes.isEmpty ? .told(ItemPage(rows: [])) : state.changes.removeFirst()
        }
    }
}
